package web

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Each language has every text, and none that English lacks.
func TestEveryLanguageHasEveryText(t *testing.T) {
	english := pageText()
	keys := slices.Sorted(maps.Keys(english))
	if len(translations()) == 0 {
		t.Fatal("there are no translations")
	}
	for _, tag := range translations() {
		own, err := ownTexts(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			brand := strings.HasPrefix(key, "provider_") && key != "provider_oidc"
			if !brand && strings.TrimSpace(own[key]) == "" {
				t.Errorf("text_%s.json has no text %s, in English: %q", tag, key, english[key])
			}
		}
		for key := range own {
			if _, ok := english[key]; !ok {
				t.Errorf("text_%s.json has the text %s, which the pages do not know", tag, key)
			}
		}
		if own["lang"] != tag {
			t.Errorf("text_%s.json says that it is in %q", tag, own["lang"])
		}
	}
}

func TestAcceptedLanguage(t *testing.T) {
	l := &pageLook{languages: map[string]*pageLook{"en": {}, "de": {}}}
	for header, want := range map[string]string{
		"": "", "de": "de", "de-AT,de;q=0.9,en;q=0.8": "de", "fr, en;q=0.2, de;q=0.3": "de", "en;q=0.5,DE": "de", "fr": "", "de;q=0": "", "de;q=x,en;q=0.1": "en", "*": "",
	} {
		if got := l.accepted(header); got != want {
			t.Errorf("%q is answered in %q, want %q", header, got, want)
		}
	}
}

package web

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
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
			if !brand && !countedTextKey(key) && strings.TrimSpace(own[key]) == "" {
				t.Errorf("text_%s.json has no text %s, in English: %q", tag, key, english[key])
			}
		}
		for key := range own {
			if _, ok := english[key]; !ok && !countedTextKey(key) {
				t.Errorf("text_%s.json has the text %s, which the pages do not know", tag, key)
			}
		}
		for _, key := range slices.Concat(keys, slices.Sorted(maps.Keys(own))) {
			base, counted := strings.CutSuffix(key, "_other")
			if !counted || !countedTextKey(key) {
				continue
			}
			for n := range 200 {
				if text := own[base+"_"+pluralForm(tag, n)]; strings.TrimSpace(text) == "" {
					t.Errorf("text_%s.json has no text %s_%s, which it needs for %d", tag, base, pluralForm(tag, n), n)
					break
				}
			}
		}
		for _, key := range keys {
			if strings.Contains(english[key], "{name}") && !strings.Contains(own[key], "{name}") {
				t.Errorf("text_%s.json: %s lacks {name}", tag, key)
			}
		}
		if own["lang"] != tag {
			t.Errorf("text_%s.json says that it is in %q", tag, own["lang"])
		}
	}
}

// The counts are those that CLDR gives as samples of each form.
func TestPluralForms(t *testing.T) {
	for tag, forms := range map[string]map[string][]int{
		"en": {"one": {1}, "other": {0, 2, 10, 100}}, "de": {"one": {1}, "other": {0, 2}}, "es": {"one": {1}, "other": {0, 2}},
		"fr": {"one": {0, 1}, "other": {2, 17, 100}}, "ja": {"other": {0, 1, 2, 100}}, "xx": {"one": {1}, "other": {0, 2}},
		"ar": {"zero": {0}, "one": {1}, "two": {2}, "few": {3, 10, 103, 110}, "many": {11, 26, 99, 111}, "other": {100, 102, 200, 202}},
	} {
		for form, counts := range forms {
			for _, n := range counts {
				if got := pluralForm(tag, n); got != form {
					t.Errorf("%s: the form of %d is %s, want %s", tag, n, got, form)
				}
			}
		}
	}
}

func TestWordsByLanguage(t *testing.T) {
	at := time.Date(2026, 3, 7, 15, 4, 5, 0, time.UTC)
	for tag, want := range map[string][4]string{
		"en": {"Try again in a minute.", "Try again in 3 minutes.", "7 March 2026", "7 March 2026, 15:04 UTC"},
		"de": {"Versuchen Sie es in einer Minute wieder.", "Versuchen Sie es in 3 Minuten wieder.", "07.03.2026", "07.03.2026, 15:04 UTC"},
		"fr": {"Réessayez dans 1 minute.", "Réessayez dans 3 minutes.", "07/03/2026", "07/03/2026 15:04 UTC"},
		"ja": {"1 分後にもう一度お試しください。", "3 分後にもう一度お試しください。", "2026/03/07", "2026/03/07 15:04 UTC"}, //nolint:gosmopolitan // Japanese is meant
		"ar": {"أعد المحاولة بعد دقيقة واحدة.", "أعد المحاولة بعد 3 دقائق.", "07/03/2026", "07/03/2026, 15:04 UTC"},
	} {
		text, err := translation(tag)
		if err != nil {
			t.Fatal(err)
		}
		l := &pageLook{text: text}
		if got := [4]string{l.counted("retry_in", 1), l.counted("retry_in", 3), l.day(at).Text, l.moment(at).Text}; got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	if l := (&pageLook{text: pageText()}); l.day(time.Time{}) != nil || l.moment(time.Time{}) != nil {
		t.Error("the zero time is shown")
	}
}

// PageText may bring a language that is not ours, with its own plural forms.
func TestTextsOfAnotherLanguage(t *testing.T) {
	cfg := &routeConfig{pages: &pageConfig{}}
	PageText(map[string]string{"lang": "pl", "retry_in_few": "Spróbuj ponownie za {n} minuty.", "continue_with": "Kontynuuj przez"}).applyPages(cfg)
	if cfg.err != nil {
		t.Fatal(cfg.err)
	}
	l, err := newPageLook(cfg.pages)
	if err != nil {
		t.Fatal(err)
	}
	if got := l.day(time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC)).Text; got != "2026-03-07" {
		t.Errorf("a day is written %q", got)
	}
	if got := l.continueWith("Google"); got != "Kontynuuj przez Google" {
		t.Errorf("the button says %q", got)
	}
	PageText(map[string]string{"login_few": "x"}).applyPages(cfg)
	if cfg.err == nil {
		t.Error("a text that does not depend on a count has plural forms")
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

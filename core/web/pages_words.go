package web

import (
	"cmp"
	"maps"
	"strconv"
	"strings"
	"time"
)

// pluralForms returns, for each language with rules other than English, the plural form of a
// count. The names are those of CLDR. Six rules are shorter than the tables of a library,
// which every application with pages would link.
var pluralForms = map[string]func(n int) string{
	"fr": func(n int) string { return singular(n < 2) },
	"ja": func(int) string { return "other" },
	"ar": func(n int) string {
		switch last := n % 100; {
		case n < 3:
			return []string{"zero", "one", "two"}[n]
		case last >= 3 && last <= 10:
			return "few"
		case last >= 11:
			return "many"
		}
		return "other"
	},
}

func singular(one bool) string {
	if one {
		return "one"
	}
	return "other"
}

// pluralForm returns the plural form of a count in a language.
func pluralForm(tag string, n int) string {
	if form := pluralForms[tag]; form != nil {
		return form(n)
	}
	return singular(n == 1)
}

// counted returns a text about a number of things: key_one, key_other and so on, by the
// plural form of the language.
func (l *pageLook) counted(key string, n int) string {
	text := cmp.Or(l.text[key+"_"+pluralForm(l.text["lang"], n)], l.text[key+"_other"])
	return strings.ReplaceAll(text, "{n}", strconv.Itoa(n))
}

// countedTextKey reports whether a key is a plural form of a text that depends on a count.
// English lacks some of the forms of other languages.
func countedTextKey(key string) bool {
	i := strings.LastIndexByte(key, '_')
	if i < 0 {
		return false
	}
	_, known := pageText()[key[:i]+"_other"]
	switch key[i+1:] {
	case "zero", "one", "two", "few", "many", "other":
		return known
	}
	return false
}

// continueWith returns the text of the button of a provider.
func (l *pageLook) continueWith(name string) string {
	text := l.text["continue_with"]
	if !strings.Contains(text, "{name}") {
		text += " {name}"
	}
	return strings.ReplaceAll(text, "{name}", name)
}

// A PageTime is a moment, or a day, in the form of the page's language. The template time
// shows it; scripts then replace the text by the reader's time zone.
type PageTime struct {
	Text string // in UTC, which a moment's text names
	ISO  string // by RFC 3339
	Day  bool   // the time of day is left out
}

// moment returns a date and time for a template, or nil if there is none.
func (l *pageLook) moment(t time.Time) *PageTime { return l.when(t, "time_layout", false) }

// day returns a date for a template, or nil if there is none.
func (l *pageLook) day(t time.Time) *PageTime { return l.when(t, "date_layout", true) }

func (l *pageLook) when(t time.Time, layout string, day bool) *PageTime {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &PageTime{t.Format(l.text[layout]), t.Format(time.RFC3339), day}
}

// withLayouts adds layouts without words to the texts of a language that is not ours, since
// package time writes the names of months in English.
func withLayouts(text, own map[string]string) map[string]string {
	if tag := own["lang"]; tag == "" || tag == "en" {
		return text
	}
	neutral := map[string]string{"date_layout": "2006-01-02", "time_layout": "2006-01-02 15:04 MST"}
	for key := range neutral {
		if own[key] != "" {
			delete(neutral, key)
		}
	}
	maps.Copy(text, neutral)
	return text
}

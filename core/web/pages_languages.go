package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// PageLanguages names the languages of the pages, the default first: as short tags such as
// "de". A visitor gets the first of the browser's languages that is
// among them, and may choose another one, which a cookie keeps. Default: English first,
// then all others; if [PageText] sets "lang", only what it says.
func PageLanguages(tags ...string) PageOption {
	tags = slices.Clone(tags)
	return pageOption(func(c *routeConfig) {
		known := append([]string{"en"}, translations()...)
		if len(tags) == 0 {
			c.fail(optionError("PageLanguages: names none"))
		}
		for _, tag := range tags {
			if !slices.Contains(known, tag) {
				c.fail(optionError("PageLanguages: " + tag + " is not one of " + strings.Join(known, ", ")))
			}
		}
		c.pages.languages = tags
	})
}

// translations lists the languages beside English.
func translations() []string {
	files, err := pageFiles.ReadDir("pages")
	if err != nil {
		return nil
	}
	var tags []string
	for _, f := range files {
		if tag, ok := strings.CutPrefix(strings.TrimSuffix(f.Name(), ".json"), "text_"); ok {
			tags = append(tags, tag)
		}
	}
	return tags
}

// translation returns the texts of a language. Names of other companies are the same in
// all of them.
func translation(tag string) (map[string]string, error) {
	text := pageText()
	if tag == "en" {
		return text, nil
	}
	own, err := ownTexts(tag)
	maps.Copy(text, own)
	return text, err
}

// ownTexts returns what is in the file of a language.
func ownTexts(tag string) (text map[string]string, err error) {
	raw, err := pageFiles.ReadFile(path.Join("pages", "text_"+tag+".json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, fmt.Errorf("text_%s.json: %w", tag, err)
	}
	return text, nil
}

// translate gives the look the texts of each language, with the application's own.
func (l *pageLook) translate(cfg *pageConfig) error {
	tags := cfg.languages
	switch {
	case tags == nil && cfg.text["lang"] != "":
		tags = []string{"en"}
	case tags == nil:
		tags = append([]string{"en"}, translations()...)
	}
	l.languages = map[string]*pageLook{}
	for _, tag := range tags {
		text, err := translation(tag)
		if err != nil {
			return err
		}
		maps.Copy(withLayouts(text, cfg.text), cfg.text)
		other := *l
		other.text = text
		l.languages[tag] = &other
	}
	l.text, l.tags = l.languages[tags[0]].text, tags
	for _, other := range l.languages {
		other.tags = tags
	}
	return nil
}

// A PageLanguage is a language that the visitor may choose.
type PageLanguage struct {
	Tag, Name, Link string
	Current         bool
}

func (p *pages) languageName() string { return p.app.cfg.cookies.named("lang") }

// in returns the pages in the language of the visitor.
func (p *pages) in(v View) *pages {
	r := &Request{View: v}
	tag := p.look.tags[0]
	if asked := query(r, "lang"); p.look.languages[asked] != nil {
		tag = asked
	} else if chosen := r.Cookie(p.languageName()); p.look.languages[chosen] != nil {
		tag = chosen
	} else {
		header, _ := v.Header("Accept-Language")
		tag = cmp.Or(p.look.accepted(header), tag)
	}
	own := *p
	own.look = p.look.languages[tag]
	own.tag = tag
	return &own
}

// accepted returns the language that the browser likes most of those that there are, or "".
func (l *pageLook) accepted(header string) (best string) {
	var most float64
	for entry := range strings.SplitSeq(header, ",") {
		tag, parameter, _ := strings.Cut(strings.TrimSpace(entry), ";")
		tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok {
			var err error
			if weight, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		if l.languages[tag] != nil && weight > most {
			best, most = tag, weight
		}
	}
	return best
}

// languageYear is how long a browser remembers the language, in seconds.
const languageYear = 365 * 24 * 60 * 60

// fillLanguages lists what the visitor may choose, and keeps what was chosen.
func (p *pages) fillLanguages(v *PageView, r *Request, here string) {
	if query(r, "lang") == p.tag && r.Cookie(p.languageName()) != p.tag {
		v.cookies = append(v.cookies, p.shortCookie(p.languageName(), p.tag, languageYear))
	}
	if len(p.look.tags) < 2 {
		return
	}
	asked, err := url.ParseQuery(r.Query())
	if err != nil {
		asked = url.Values{}
	}
	for _, tag := range p.look.tags {
		asked.Set("lang", tag)
		v.Languages = append(v.Languages, PageLanguage{tag, p.look.languages[tag].text["language_name"], here + "?" + asked.Encode(), tag == p.tag})
	}
}

package web

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/loginradius-contrib/go-middleware/core"
)

// profileSpecs are the fields that [ProfileFields] and [RegistrationFields] may name, as
// inputs.
var profileSpecs = map[string]inputSpec{
	"first_name":  {"first_name", "first_name", "text", "given-name", "", true},
	"middle_name": {"middle_name", "middle_name", "text", "additional-name", "", true},
	"last_name":   {"last_name", "last_name", "text", "family-name", "", true},
	"nick_name":   {"nick_name", "nick_name", "text", "nickname", "", true},
	"gender":      {"gender", "gender", "text", "sex", "", true},
	"birth_date":  {"birth_date", "birth_date", "date", "bday", "", true},
	"language":    {"language", "language", "text", "language", "", true},
	"time_zone":   {"time_zone", "time_zone", "text", "off", "", true},
	"image_url":   {"image_url", "image_url", "url", "photo", "", true},
	"about":       {"about", "about", "area", "off", "", true},
	"company":     {"company", "company", "text", "organization", "", true},
	"website":     {"website", "website", "url", "url", "", true},
	"city":        {"city", "city", "text", "address-level2", "", true},
	"state":       {"state", "state", "text", "address-level1", "", true},
}

// customPrefix precedes the name of a custom field in a form.
const customPrefix = "custom_fields."

// specs returns the fields of a form: those that it always has, and on the registration
// and the profile those that the application's options name.
func (p *pages) specs(form string) []inputSpec {
	cfg := p.app.cfg
	var more []inputSpec
	named := func(names []string, hint string) {
		for _, name := range names {
			s := profileSpecs[name]
			s.hint = hint
			more = append(more, s)
		}
	}
	switch form {
	case "register":
		named(cfg.registrationFields, "optional")
	case "profile":
		named(cfg.shownProfileFields(), "")
	default:
		return formInputs[form]
	}
	for _, name := range cfg.customFields {
		s := inputSpec{name: customPrefix + name, kind: "text", autocomplete: "off", optional: true}
		if form == "register" {
			s.hint = "optional"
		}
		more = append(more, s)
	}
	return slices.Concat(formInputs[form], more)
}

// shownProfileFields are the fields on the profile: those that the application has named,
// else only the names that most people have.
func (c *routeConfig) shownProfileFields() []string {
	if c.namesProfileFields {
		return c.profileFields
	}
	return []string{"first_name", "last_name"}
}

// label returns what a field is called on the page. A custom field has the site's name if
// the application gives it no text.
func (l *pageLook) label(s inputSpec) string {
	name, custom := strings.CutPrefix(s.name, customPrefix)
	if !custom {
		return l.text[s.label]
	}
	if text := l.text[customText+name]; text != "" {
		return text
	}
	words := strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' || unicode.IsSpace(r) }), " ")
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

// profileWait is how long the profile waits for fields that a session does not hold.
const profileWait = 3 * time.Second

// fillFields fills in what the user may change on the profile. A session holds only some
// fields, and saving an input that is empty because its value is missing would delete the value:
// without an answer of LoginRadius the form is left out.
func (v *PageView) fillFields(ctx context.Context, p *pages, r *Request, known map[string]string) {
	fields := p.app.cfg.shownProfileFields()
	asks := len(p.app.cfg.customFields) > 0 || slices.ContainsFunc(fields, func(n string) bool { return n != "first_name" && n != "last_name" })
	if r.Session == nil || v.Page != "profile" || !asks {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, profileWait)
	defer cancel()
	profile, err := p.app.client.Authentication.Profile(ctx, core.ProfileRequest{AccessToken: r.token})
	if err != nil {
		v.withoutProfile = true
		return
	}
	for _, name := range fields {
		known[name] = profileValue(profile, name)
	}
	for _, name := range p.app.cfg.customFields {
		known[customPrefix+name] = profile.CustomFields[name]
	}
}

// profileValue returns a field that users may change, as an input holds it.
func profileValue(p *core.Profile, name string) string {
	user := UserOf(p)
	switch name {
	case "first_name":
		return user.FirstName
	case "middle_name":
		return user.MiddleName
	case "last_name":
		return user.LastName
	case "nick_name":
		return user.NickName
	case "gender":
		return user.Gender
	case "birth_date":
		if day, ok := readDate(user.BirthDate); ok {
			return day.Format(time.DateOnly)
		}
		return ""
	case "language":
		return user.Language
	case "time_zone":
		return user.TimeZone
	case "image_url":
		return user.ImageURL
	case "about":
		return p.About
	case "company":
		return p.Company
	case "website":
		return p.Website
	case "city":
		return p.City
	case "state":
		return p.State
	}
	return ""
}

package web

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The names that users may log in with, for [PageLoginNames].
var loginNames = []string{"email", "username", "phone"}

// PageLoginNames says what users of the site log in with, of email, username and phone. The
// pages ask for it in one field, and the registration asks for each of them. Default:
// email alone.
func PageLoginNames(names ...string) PageOption {
	names = slices.Clone(names)
	return pageOption(func(c *routeConfig) {
		if len(names) == 0 {
			c.fail(optionError("PageLoginNames: names none"))
		}
		for _, n := range names {
			if !slices.Contains(loginNames, n) {
				c.fail(optionError("PageLoginNames: " + n + " is not one of " + strings.Join(loginNames, ", ")))
			}
		}
		c.pages.names = names
	})
}

// PageMailedCodes says that the site's mails hold codes instead of links. The pages for
// verification, for a new password and for a login without a password then ask for the
// code. Default: links.
func PageMailedCodes() PageOption { return pageOption(func(c *routeConfig) { c.pages.codes = true }) }

// allows reports whether users log in with a name of this kind.
func (l *pageLook) allows(kind string) bool { return slices.Contains(l.names, kind) }

// nameSpec is the field for the name of an account. It is called email whatever it may
// hold: [pages.sort] finds out what was typed.
func (l *pageLook) nameSpec(s inputSpec, names []string) inputSpec {
	var kinds []string // in the order of loginNames
	for _, kind := range loginNames {
		if slices.Contains(names, kind) {
			kinds = append(kinds, kind)
		}
	}
	switch {
	case len(kinds) == 0 || len(kinds) == 1 && kinds[0] == "email":
	case len(kinds) == 1 && kinds[0] == "phone":
		s.label, s.kind, s.hint = "phone", "tel", "phone_hint"
	case len(kinds) == 1:
		s.label, s.kind = kinds[0], "name"
	default:
		s.label, s.kind = "name_"+strings.Join(kinds, "_"), "name"
		if slices.Contains(kinds, "phone") {
			s.hint = "name_phone_hint"
		}
	}
	return s
}

// kindOf finds out what a user typed into the field for the name of an account.
func (l *pageLook) kindOf(typed string) string {
	typed = strings.TrimSpace(typed)
	switch {
	case strings.Contains(typed, "@"), typed == "":
		if len(l.names) == 1 {
			return l.names[0]
		}
		return "email"
	case l.allows("phone") && strings.HasPrefix(typed, "+") || !l.allows("username") && l.allows("phone"):
		return "phone"
	case l.allows("username"):
		return "username"
	}
	return "email"
}

// adapt makes of a form what its route reads: it takes out what only the pages know, and
// adds what they keep in a cookie.
func (f *pageForm) adapt(b *bodyView) {
	typed, err := url.ParseQuery(string(b.body))
	if err != nil {
		return
	}
	adapted := maps.Clone(typed)
	changed := f.nameKind(adapted)
	changed = f.takeRemember(b, adapted) || changed
	changed = f.complete(&Request{View: b}, adapted) || changed
	if changed {
		b.typed, b.body = typed, []byte(adapted.Encode())
	}
}

// nameKind renames the field for the name of an account, if the form has one, as the route
// calls what was typed into it.
func (f *pageForm) nameKind(typed url.Values) (changed bool) {
	if !f.named || len(typed["email"]) != 1 {
		return false
	}
	kind := f.pages.look.kindOf(typed.Get("email"))
	if kind == "email" {
		return false
	}
	typed[kind] = append(slices.Clone(typed[kind]), typed["email"]...)
	delete(typed, "email")
	return true
}

// A PageAccount is the account that an earlier form of this browser named.
type PageAccount struct {
	Name string // as it was typed
	Kind string // email, username or phone

	At int64 // when, in seconds
}

// fill puts the name into the fields that it belongs into.
func (a *PageAccount) fill(known map[string]string, l *pageLook) {
	if a.Kind == "phone" {
		known["phone"] = a.Name
	}
	if a.Kind == "email" || l.allows(a.Kind) {
		known["email"] = a.Name
	}
}

// named reports whether the field email of a form holds any name of an account.
func named(form string) bool {
	return slices.Contains([]string{"login", "forgot", "passwordless", "passwordless_code", "reset_code"}, form)
}

// accountLife is how long the pages fill in the name of an account, in seconds.
const accountLife = 15 * 60

// resendWait is how long the pages ask to wait for a message before they offer another.
const resendWait = 30 * time.Second

func (p *pages) accountName() string { return p.app.cfg.cookies.named("account") }

// remember keeps the name that was typed, for the next pages: the way from a form that
// has something sent to the form for what was sent.
func (p *pages) remember(r *Request) *http.Cookie {
	typed := typedInto(r)
	name := strings.TrimSpace(cmp.Or(typed.Get("email"), typed.Get("phone")))
	kind := "phone"
	if typed.Get("email") != "" {
		kind = p.look.kindOf(name)
	}
	if name == "" && r.Session != nil {
		profile := r.Session.Profile()
		name, kind = UserOf(profile).Email, "email"
		if name == "" {
			name, kind = profile.PhoneID, "phone"
		}
	}
	if name == "" || len(name) > maxPageName {
		return nil
	}
	return p.shortCookie(p.accountName(), p.accounts.seal(PageAccount{name, kind, p.now().Unix()}), accountLife)
}

// maxPageName bounds a name that the pages keep, in bytes.
const maxPageName = 320

func (p *pages) now() time.Time { return time.Now() }

// account returns the account that the browser named, or nil.
func (p *pages) account(r *Request) *PageAccount {
	var a PageAccount
	if p.accounts.open(r.Cookie(p.accountName()), &a) != nil || a.Name == "" || p.now().Sub(time.Unix(a.At, 0)) > accountLife*time.Second {
		return nil
	}
	return &a
}

// Waited is a class of the stylesheet: how much of the wait for another message is over.
// It is "" if there is nothing to wait for.
func (v *PageView) Waited() string {
	if v.Account == nil {
		return ""
	}
	over := max(time.Since(time.Unix(v.Account.At, 0)), 0)
	if over >= resendWait {
		return ""
	}
	const step = 5 * time.Second
	return "wait waited-" + []string{"0", "5", "10", "15", "20", "25"}[over/step]
}

// A bodyView keeps the body of a request, which two have to read.
type bodyView struct {
	View
	body  []byte
	typed url.Values // as the visitor typed it, if that is not what the route reads
	form  string     // which form of its page it is, see [pageForm.inputs]
	err   error      // that ended it, for its next reader

	remember *bool // what the check box says; nil without one
}

func keepBody(v View) *bodyView {
	body, err := io.ReadAll(io.LimitReader(v.Body(), maxBody+1))
	return &bodyView{View: v, body: body, err: err}
}

func (v *bodyView) Body() io.Reader {
	body := bytes.NewReader(v.body)
	if v.err == nil {
		return body
	}
	return io.MultiReader(body, failing{v.err})
}

// A failing body has been cut off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// typedInto returns what was typed into the form that the request sends, or nil.
func typedInto(r *Request) url.Values {
	b, ok := r.View.(*bodyView)
	switch {
	case !ok:
		return nil
	case b.typed != nil:
		return b.typed
	}
	typed, err := url.ParseQuery(string(b.body))
	if err != nil {
		return url.Values{}
	}
	return typed
}

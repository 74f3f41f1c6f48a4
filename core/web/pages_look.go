package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

//go:embed pages/pages.html pages/pages.css pages/pages.js pages/pages.svg pages/text_*.json
var pageFiles embed.FS

// A PageOption changes the pages of [WithPages].
type PageOption interface{ applyPages(c *routeConfig) }

type pageOption func(*routeConfig)

func (o pageOption) applyPages(c *routeConfig) { o(c) }

// pageConfig is what the page options make.
type pageConfig struct {
	add       func(*App) error
	text      map[string]string
	templates *template.Template
	style     string
	sources   ContentPolicy
	social    *HostedLogin
	names     []string                    // see PageLoginNames
	codes     bool                        // see PageMailedCodes
	passkeys  bool                        // see PagePasskeys
	remember  bool                        // see PageRememberMe
	strength  func(string, ...string) int // see PagePasswordStrength
	languages []string                    // nil: English first, then the others
}

// PageText replaces texts of the pages, by the keys that [PageTexts] lists: for
// another language, or another tone. Messages about fields are looked for under
// error_<field>_<code> and then error_<code>, and what a custom field is called under
// custom_<name>; such keys may be added. A text about a count has one key for each plural
// form, such as retry_in_one and retry_in_other; the forms zero, two, few and many of CLDR
// may be added. The texts date_layout and time_layout are layouts of package time.
func PageText(texts map[string]string) PageOption {
	return pageOption(func(c *routeConfig) {
		known := pageText()
		for k := range texts {
			if _, ok := known[k]; !ok && !ownTextKey(k) && !countedTextKey(k) {
				c.fail(optionError("PageText: there is no text " + k))
			}
		}
		c.pages.text = maps.Clone(texts)
	})
}

// PageTexts returns the texts of the pages and their keys.
func PageTexts() map[string]string { return pageText() }

// PageTemplates replaces templates of the pages, by the names home, register, login,
// passwordless, phone, passkeys, set_pin, reset_pin, forgot_passkey, reset_passkey, second_factor, privacy,
// consent, logout, forgot, reset, verify, profile, security, add_totp, add_sms, add_email,
// backup_codes, reauth, delete, message, and their parts top, icon, bottom, input, username,
// wait, passkey_said, add_passkey, secret, social, mark and policy.
// What t does not define stays. They get a [PageView]. Mounting fails if a template names a
// field or a text that there is not, in any branch, or has what the pages'
// Content-Security-Policy blocks, such as an inline script; the error names file and line.
func PageTemplates(t *template.Template) PageOption {
	return pageOption(func(c *routeConfig) { c.pages.templates = t })
}

// PageStyle appends to the stylesheet: set the variables on :root, such as
// --accent, --font or --radius, to give the pages another look.
func PageStyle(css string) PageOption {
	return pageOption(func(c *routeConfig) { c.pages.style = css })
}

// A pageLook is what the pages look like and say.
type pageLook struct {
	templates *template.Template
	text      map[string]string
	style     []byte
	names     []string
	codes     bool
	passkeys  bool
	remember  bool
	script    []byte
	icon      []byte
	sources   *ContentPolicy
	languages map[string]*pageLook // by tag
	tags      []string             // of the languages, the default first
	leadsTo   string               // origins where the logout form may lead, each after a space
}

func newPageLook(cfg *pageConfig) (*pageLook, error) {
	t, err := parsePages(cfg.templates)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(checkBlocked(cfg.templates, &cfg.sources), cfg.sources.checkStyle(cfg.style)); err != nil {
		return nil, err
	}
	css, err := pageFiles.ReadFile("pages/pages.css")
	if err != nil {
		return nil, err
	}
	script, err := pageFiles.ReadFile("pages/pages.js")
	if err != nil {
		return nil, err
	}
	icon, err := pageFiles.ReadFile("pages/pages.svg")
	if err != nil {
		return nil, err
	}
	l := &pageLook{templates: t, text: pageText(), style: append(css, cfg.style...), names: cfg.names, codes: cfg.codes, passkeys: cfg.passkeys, remember: cfg.remember, script: script, icon: icon, sources: &cfg.sources}
	if l.names == nil {
		l.names = []string{"email"}
	}
	if err := l.translate(cfg); err != nil {
		return nil, err
	}
	if err := checkFields(t, l.text); err != nil {
		return nil, err
	}
	return l, l.try()
}

// try fills every template in once: what is wrong with one shows when the pages are
// mounted, and not when someone opens them.
func (l *pageLook) try() error {
	for _, pg := range append(slices.Clone(allPages), page{name: "message"}) {
		v := &PageView{
			Page: pg.name, Text: l.text, Base: "./", Token: "x", Account: &PageAccount{}, User: &User{Roles: []string{"x"}}, Problem: &PageProblem{Errors: []PageError{{}}},
			Inputs: map[string][]PageInput{}, Has: map[string]bool{}, Sessions: []PageSession{{}}, Providers: []PageProvider{{}},
			Step:    &PageStep{Method: "totp", Choices: []PageChoice{{}}, Questions: []MFAQuestion{{}}, Secret: &PageSecret{}, HostedURL: "x"},
			Factors: []PageFactor{{}}, Passkeys: []PagePasskey{{}}, Languages: []PageLanguage{{}}, OfferPasskey: true, HasPasskeys: true, Paths: map[string]string{}, Secret: &PageSecret{}, Codes: []string{"x"},
		}
		for form := range formInputs {
			v.Inputs[form] = []PageInput{{}}
		}
		for _, f := range allForms {
			v.Has[string(f.route)] = true
		}
		if err := l.templates.ExecuteTemplate(io.Discard, pg.name, v); err != nil {
			return optionError("PageTemplates: " + err.Error())
		}
	}
	return nil
}

// pageFile serves a file of the pages; it changes with the program only.
func pageFile(kind string, body []byte) Handler {
	return func(context.Context, *Request) (*Response, error) {
		r := &Response{Status: http.StatusOK, Header: header(kind), Body: body}
		r.Header.Set("Cache-Control", "public, max-age=300")
		return r, nil
	}
}

// write fills the template in.
func (l *pageLook) write(ctx context.Context, logger *slog.Logger, status int, v *PageView) *Response {
	var b bytes.Buffer
	if err := l.templates.ExecuteTemplate(&b, v.Page, v); err != nil {
		logger.ErrorContext(ctx, "loginradius: page failed", "page", v.Page, "error", err)
		return problem(http.StatusInternalServerError, CodeInternal).response("")
	}
	res := &Response{Status: status, Header: header("text/html; charset=utf-8"), Body: b.Bytes()}
	res.Header.Set("Content-Security-Policy", l.sources.header(l.leadsTo))
	// The address may hold a mailed token, which no other site may learn. "no-referrer"
	// would also make browsers hide where a form comes from, which [sameOrigin] asks.
	res.Header.Set("Referrer-Policy", "strict-origin")
	return res
}

// A PageView is what a template of the pages gets.
type PageView struct {
	Page           string            // the template's name, e.g. "login"
	Title          string            // of the page
	Text           map[string]string // see [PageTexts]
	Base           string            // goes in front of every link to a page, e.g. {{.Base}}login
	Has            map[string]bool   // the routes that are mounted, by name
	User           *User             // nil without a login
	Problem        *PageProblem      // nil if nothing failed
	Done           string            // what has just worked, or ""
	Next           string            // "?next=…" to hand on where the visitor is going, or ""
	Token          string            // the mailed token that the page was opened with, or ""
	Inputs         map[string][]PageInput
	Sessions       []PageSession // on the profile; without those that LoginRadius does not tell
	Providers      []PageProvider
	Step           *PageStep    // on the page of the second factor
	Factors        []PageFactor // on the page of the user's second factors
	HasFactor      bool         // the user has at least one of them
	Secret         *PageSecret  // of an authenticator app that is being set up
	Sent           bool         // a code is on its way
	Account        *PageAccount // that the visitor has named a moment ago, or nil
	NextPath       string       // where the visitor is going, or ""
	ByPhone        bool         // what is on its way goes to a phone
	SameHere       bool         // this browser has asked for the link that it opens
	MailsCodes     bool         // mails hold codes instead of links
	Passkeys       []PagePasskey
	HasPasskeys    bool              // the pages show passkeys
	OfferPasskey   bool              // to a user without one, once
	Paths          map[string]string // of the routes that the script asks, by name
	Languages      []PageLanguage    // to choose from; none if there is one only
	cookies        []*http.Cookie
	posted         string   // the form that failed, if its page has another with the same fields
	HostedPage     string   // the login page of LoginRadius, or ""
	PrivacyPolicy  string   // its address, or ""
	withoutProfile bool     // its fields are not known
	Codes          []string // new backup codes, shown once
}

// A PageProblem is a failure in the words of the page.
type PageProblem struct {
	Code, Title string
	RetryIn     string // how long to wait, or ""
	Errors      []PageError
}

// A PageError is about one field, or about none of the page's: then Field is "".
type PageError struct{ Field, Message string }

// A PageInput is one field of a form, with what was typed and what is wrong with it.
type PageInput struct {
	ID, Name, Label, Hint, Type, Autocomplete, Mode, Value, Error string
	Show, CapsLock                                                string // of a password, where scripts run
	Strength                                                      string // where the script asks for that of a new password, or ""
	Required                                                      bool
	Multiline                                                     bool // a text of several lines
	LTR                                                           bool // what it holds is written from left to right in any language
}

// A PageSession is one of the user's sessions, without its token.
type PageSession struct {
	ID, Device, Place string
	LoginAt           *PageTime // nil if LoginRadius does not tell
	Current           bool
}

// A PageProvider is a way of logging in elsewhere. Text is what its button says, with
// Label in it.
type PageProvider struct{ Name, Label, Link, Text string }

// retryAfter repeats the header that goes with some problems.
func retryAfter(res *Response, p *Problem) {
	if p.RetryAfter > 0 {
		res.Header.Set("Retry-After", strconv.Itoa(seconds(p.RetryAfter)))
	}
}

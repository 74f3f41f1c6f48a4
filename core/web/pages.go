package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

//go:embed pages/pages.html pages/pages.css
var pageFiles embed.FS

// PageText replaces texts of the pages, by the keys that [PageTexts] lists: for
// another language, or another tone.
func PageText(texts map[string]string) RouteOption {
	return routeOption(func(c *config) {
		known := pageText()
		for k := range texts {
			if _, ok := known[k]; !ok {
				c.fail(optionError("PageText: there is no text " + k))
			}
		}
		c.pageText = maps.Clone(texts)
	})
}

// PageTexts returns the texts of the pages and their keys.
func PageTexts() map[string]string { return pageText() }

// PageTemplates replaces templates of the pages, by the names home, register,
// login, forgot, reset, verify, profile, delete, message, and their parts top,
// bottom and input. What t does not define stays.
func PageTemplates(t *template.Template) RouteOption {
	return routeOption(func(c *config) { c.pageTemplates = t })
}

// PageStyle appends to the stylesheet: set the variables on :root, such as
// --accent, --font or --radius, to give the pages another look.
func PageStyle(css string) RouteOption { return routeOption(func(c *config) { c.pageStyle = css }) }

// A pages renders the HTML pages on top of the routes' own handlers.
type pages struct {
	app       *App
	templates *template.Template
	text      map[string]string
	style     []byte
}

// NewPages returns server-rendered pages on the same operations as the routes:
// home, register, login, forgot, reset, verify, profile and delete, all in one
// folder of the site. They need no JavaScript and [Cookies] or [InsecureCookies].
// No GET uses a mailed token up.
func NewPages(client *core.Client, opts ...RouteOption) (*App, error) {
	a, err := NewApp(client, opts...)
	if err != nil {
		return nil, err
	}
	if !a.cfg.cookies.on() {
		return nil, optionError("NewPages: pages need Cookies or InsecureCookies")
	}
	t, err := template.ParseFS(pageFiles, "pages/pages.html")
	if err != nil {
		return nil, err
	}
	if a.cfg.pageTemplates != nil {
		for _, own := range a.cfg.pageTemplates.Templates() {
			if own.Tree == nil {
				continue
			}
			if t, err = t.AddParseTree(own.Name(), own.Tree); err != nil {
				return nil, err
			}
		}
	}
	css, err := pageFiles.ReadFile("pages/pages.css")
	if err != nil {
		return nil, err
	}
	p := &pages{app: a, templates: t, text: pageText(), style: append(css, a.cfg.pageStyle...)}
	maps.Copy(p.text, a.cfg.pageText)
	a.routes = p.routes()
	for i := range a.routes {
		a.routes[i].app = a
	}
	return a, nil
}

func (p *pages) routes() []Route {
	get := func(path string, h Handler) Route {
		return Route{Name: "page " + path, Method: "GET", Path: "/" + path, handle: h}
	}
	post := func(path string, h Handler) Route {
		return Route{Name: "post " + path, Method: "POST", Path: "/" + path, handle: h}
	}
	a := p.app
	return []Route{
		get("", p.show("home", "welcome_title")), get("pages.css", p.stylesheet),
		get("register", p.show("register", "register")), post("register", p.submit("register", "register", a.register, p.registered)),
		get("login", p.show("login", "login")), post("login", p.submit("login", "login", a.login, p.welcomeBack)),
		post("logout", p.submit("message", "logout", a.logout, to("./?done=logged_out"))),
		get("forgot", p.show("forgot", "forgot_title")), post("forgot", p.submit("forgot", "forgot_title", a.forgotPassword, to("login?done=sent"))),
		get("reset", p.show("reset", "reset_title")), post("reset", p.submit("reset", "reset_title", a.resetPassword, to("login?done=reset"))),
		get("verify", p.show("verify", "verify_title")), post("verify", p.submit("verify", "verify_title", a.verifyEmail, p.verified)),
		post("resend", p.submit("verify", "verify_title", a.resendVerification, to("login?done=sent"))),
		get("profile", p.private(p.show("profile", "profile"))), post("profile", p.private(p.submit("profile", "profile", a.updateMe, to("profile?done=saved")))),
		post("password", p.private(p.submit("profile", "profile", a.changePassword, to("profile?done=password")))),
		post("delete-request", p.private(p.submit("profile", "profile", a.deleteAccount, to("profile?done=delete_sent")))),
		get("delete", p.show("delete", "delete_title")), post("delete", p.submit("delete", "delete_title", a.confirmDeleteAccount, to("./?done=deleted"))),
	}
}

// to is where a form leads when it worked.
func to(path string) func(*Request, *Response) string {
	return func(*Request, *Response) string { return path }
}

func (p *pages) registered(r *Request, res *Response) string {
	if len(res.Cookies) > 0 {
		return p.welcomeBack(r, res)
	}
	return "login?done=registered"
}

func (p *pages) verified(r *Request, res *Response) string {
	if len(res.Cookies) > 0 {
		return p.welcomeBack(r, res)
	}
	return "login?done=verified"
}

// welcomeBack leads to where the visitor was going.
func (p *pages) welcomeBack(r *Request, _ *Response) string {
	return LocalPath(query(r, "next"), "profile")
}

func query(r *Request, name string) string {
	values, err := url.ParseQuery(r.Query())
	if err != nil {
		return ""
	}
	return values.Get(name)
}

// private finds out who it is, or sends the visitor to the login page.
func (p *pages) private(next Handler) Handler {
	return func(ctx context.Context, r *Request) (*Response, error) {
		s, err := p.app.client.Session(ctx, r.token)
		switch {
		case errors.Is(err, core.ErrUnavailable):
			return p.render(ctx, r, "message", "profile", ProblemOf(err)), nil
		case err != nil:
			res := Redirect("login?next=" + url.QueryEscape(LocalPath(r.Path(), "/")))
			return res, nil
		}
		r.Session = s
		return next(ctx, r)
	}
}

func (p *pages) show(page, title string) Handler {
	return func(ctx context.Context, r *Request) (*Response, error) {
		return p.render(ctx, r, page, title, nil), nil
	}
}

// submit has a route's own handler do the work and shows the page again if it
// failed.
func (p *pages) submit(page, title string, work Handler, next func(*Request, *Response) string) Handler {
	return func(ctx context.Context, r *Request) (*Response, error) {
		r.View = keepBody(r.View)
		res, err := work(ctx, r)
		if err == nil && res.Status >= 400 { // logout clears the cookies even if it failed
			page := p.render(ctx, r, "message", title, ProblemOf(core.ErrUnavailable))
			page.Cookies = res.Cookies
			return page, nil
		}
		if err != nil {
			return p.render(ctx, r, page, title, ProblemOf(err)), nil
		}
		redirect := Redirect(next(r, res))
		redirect.Cookies = res.Cookies
		return redirect, nil
	}
}

// A bodyView keeps the body of a request, which two have to read.
type bodyView struct {
	View
	body []byte
}

func keepBody(v View) View {
	body, _ := io.ReadAll(io.LimitReader(v.Body(), maxBody+1)) // what is wrong with it, its next reader finds out
	return &bodyView{v, body}
}

func (v *bodyView) Body() io.Reader { return bytes.NewReader(v.body) }

// stylesheet serves the one stylesheet; it changes with the program only.
func (p *pages) stylesheet(context.Context, *Request) (*Response, error) {
	r := &Response{Status: http.StatusOK, Header: header("text/css; charset=utf-8"), Body: p.style}
	r.Header.Set("Cache-Control", "public, max-age=300")
	return r, nil
}

// pageSecurity lets a page load its stylesheet and send its forms home, no more.
const pageSecurity = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

type input struct {
	Name, Label, Hint, Type, Autocomplete, Value, Error string
	Required                                            bool
}

func (p *pages) render(ctx context.Context, r *Request, page, title string, problem *Problem) *Response {
	data := map[string]any{"Title": p.text[title], "Text": p.text, "Token": query(r, "vtoken")}
	if title == "welcome_title" {
		data["Title"] = p.text["site"]
	}
	if r.Session == nil && r.token != "" {
		r.Session, _ = p.app.client.Session(ctx, r.token) // for the menu only
	}
	if r.Session != nil {
		user := UserOf(r.Session.Profile())
		data["User"] = &user
	}
	var values url.Values // what was typed, to be shown again
	if b, ok := r.View.(*bodyView); ok {
		values, _ = url.ParseQuery(string(b.body))
		data["Token"] = values.Get("token")
	}
	if key := query(r, "done"); p.text["done_"+key] != "" {
		data["Done"], data["DoneKey"] = p.text["done_"+key], key
	}
	if next := LocalPath(query(r, "next"), ""); next != "" {
		data["Next"] = "?next=" + url.QueryEscape(next)
	}
	status := http.StatusOK
	failed := map[string]string{}
	if problem != nil {
		shown := *problem
		if text := p.text[problem.Code]; text != "" {
			shown.Title = text
		}
		data["Problem"], status = &shown, problem.Status
		for _, e := range problem.Errors {
			failed[e.Field] = e.Message
		}
	}
	in := func(name, label, kind, autocomplete, hint string, required bool) input {
		i := input{Name: name, Label: p.text[label], Hint: p.text[hint], Type: kind, Autocomplete: autocomplete, Error: failed[name], Required: required}
		if kind != "password" {
			i.Value = values.Get(name)
		}
		return i
	}
	email := in("email", "email", "email", "email", "", true)
	switch page {
	case "register":
		data["Inputs"] = []input{email, in("password", "password", "password", "new-password", "password_hint", true),
			in("first_name", "first_name", "text", "given-name", "optional", false), in("last_name", "last_name", "text", "family-name", "optional", false)}
	case "login":
		email.Autocomplete = "username"
		data["Inputs"] = []input{email, in("password", "password", "password", "current-password", "", true)}
	case "forgot", "verify":
		data["Inputs"] = []input{email}
	case "reset":
		data["Inputs"] = []input{in("password", "new_password", "password", "new-password", "password_hint", true)}
	case "profile":
		first, last := in("first_name", "first_name", "text", "given-name", "", false), in("last_name", "last_name", "text", "family-name", "", false)
		if user, ok := data["User"].(*User); ok && problem == nil {
			first.Value, last.Value = user.FirstName, user.LastName
		}
		data["Inputs"] = []input{first, last}
		data["PasswordInputs"] = []input{in("current_password", "current_password", "password", "current-password", "", true),
			in("new_password", "new_password", "password", "new-password", "password_hint", true)}
		data["Sessions"] = p.sessions(ctx, r)
	}
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, page, data); err != nil {
		p.app.cfg.logger.ErrorContext(ctx, "loginradius: page failed", "page", page, "error", err)
		return pageProblem()
	}
	res := &Response{Status: status, Header: header("text/html; charset=utf-8"), Body: b.Bytes()}
	res.Header.Set("Content-Security-Policy", pageSecurity)
	res.Header.Set("Referrer-Policy", "no-referrer") // the address may hold a mailed token
	return res
}

func pageProblem() *Response {
	return problem(http.StatusInternalServerError, CodeInternal).response("")
}

// sessions describes the user's sessions in a line each; none if that fails.
func (p *pages) sessions(ctx context.Context, r *Request) []string {
	list, err := p.app.client.Social.Sessions(ctx, r.token)
	if err != nil {
		return nil
	}
	var out []string
	for _, s := range list.Sessions {
		parts := slices.DeleteFunc([]string{s.Browser, s.OS, s.City, s.IP, timestamp(s.LoginDate.Time)}, func(v string) bool { return v == "" })
		if s.AccessToken == r.token {
			parts = append(parts, p.text["this_session"])
		}
		out = append(out, strings.Join(parts, ", "))
	}
	return out
}

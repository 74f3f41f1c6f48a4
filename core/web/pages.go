package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// WithPages also mounts server-rendered pages for browsers beside the routes: /,
// /register, /login, /passwordless, /phone, /second-factor, /privacy, /consent, /pin, /reset-pin, /logout,
// /forgot, /reset, /verify, /profile, /security, /reauth and /delete, and with
// [PagePasskeys] /passkeys, /forgot-passkey and /reset-passkey. They
// work without JavaScript and need [Cookies] or [InsecureCookies]. With [AutoRefresh]
// a visitor stays logged in for as long as the refresh token is good, else for as long
// as the access token is. Opening a page changes nothing and uses no mailed token up;
// its form does.
//
// The forms are handled by the routes: one that a browser posts to /login,
// /password/forgot and so on, with Accept: text/html, is answered with a redirect or
// the page again. Other clients get JSON there as before. What a form cannot send
// (PATCH /me, DELETE /account) has a POST beside the pages.
func WithPages(opts ...PageOption) RouteOption {
	return routeOption(func(c *routeConfig) {
		// html/template calls methods by name, which keeps the linker from dropping any
		// exported method in the program. Only this function refers to the pages, so that
		// an application without them does not pay for that.
		c.pages = &pageConfig{add: (*App).addPages}
		for _, o := range opts {
			o.applyPages(c)
		}
	})
}

// A pages serves the HTML pages of an App.
type pages struct {
	app    *App
	guard  *Guard
	look   *pageLook
	social *HostedLogin
	tag    string // of the language, see [pages.in]

	steps    *sealer // of pending logins
	accounts *sealer // of names that were typed
}

// A page is something to look at.
type page struct {
	name    string // of its template
	path    string
	title   string    // the key of its text
	route   RouteName // the page needs it; "" for none
	private bool

	// fill adds what only this page shows. A response that it returns is sent instead.
	fill func(v *PageView, ctx context.Context, p *pages, r *Request) *Response
}

var allPages = []page{
	{name: "home", path: "/", title: "site"},
	{name: "register", path: "/register", title: "register", route: "register"},
	{name: "login", path: "/login", title: "login", route: "login"},
	{name: "logout", path: "/logout", title: "logout_title", route: "logout"},
	{name: "forgot", path: "/forgot", title: "forgot_title", route: "forgot_password"},
	{name: "reset", path: "/reset", title: "reset_title", route: "reset_password"},
	{name: "verify", path: "/verify", title: "verify_title", route: "verify_email"},
	{name: "passwordless", path: "/passwordless", title: "passwordless", route: RoutePasswordlessStart, fill: (*PageView).fillSent},
	{name: "phone", path: "/phone", title: "phone_title", route: RouteVerifyPhone},
	{name: "second_factor", path: "/second-factor", title: "second_factor", route: RouteMFAVerify, fill: (*PageView).fillSecondFactor},
	{name: "privacy", path: "/privacy", title: "privacy_title", route: RouteAcceptPrivacy, fill: (*PageView).fillPrivacy},
	{name: "consent", path: "/consent", title: "consent_title", route: RouteConsent, fill: (*PageView).fillConsent},
	{name: "profile", path: "/profile", title: "profile", route: "me", private: true, fill: (*PageView).fillProfile},
	{name: "security", path: "/security", title: "security", route: RouteFactors, private: true, fill: (*PageView).fillSecurity},
	{name: "add_totp", path: "/security/totp", title: "add_totp", route: RouteAddTOTP, private: true, fill: (*PageView).fillTOTP},
	{name: "add_sms", path: "/security/sms", title: "add_sms", route: RouteAddSMSFactor, private: true, fill: (*PageView).fillSent},
	{name: "add_email", path: "/security/email", title: "add_email", route: RouteAddEmailFactor, private: true, fill: (*PageView).fillSent},
	{name: "add_passkey_factor", path: "/security/passkey", title: "add_passkey_factor", route: RouteAddPasskeyFactor, private: true},
	{name: "backup_codes", path: "/security/backup-codes", title: "backup_codes", route: RouteBackupCodes, private: true},
	{name: "passkeys", path: "/passkeys", title: "passkeys", route: RoutePasskeys, private: true, fill: (*PageView).fillPasskeys},
	{name: "set_pin", path: "/pin", title: "set_pin", route: RouteSetPIN, fill: (*PageView).fillPIN},
	{name: "reset_pin", path: "/reset-pin", title: "reset_pin", route: RouteResetPIN},
	{name: "forgot_passkey", path: "/forgot-passkey", title: "forgot_passkey", route: RoutePasskeyForgot},
	{name: "reset_passkey", path: "/reset-passkey", title: "reset_passkey", route: RoutePasskeyResetFinish},
	{name: "reauth", path: "/reauth", title: "reauth", route: RouteReauthPassword, private: true},
	{name: "delete", path: "/delete", title: "delete_title", route: "confirm_delete_account"},
}

// A pageForm is what a browser gets of a route that it posted a form to.
type pageForm struct {
	route  RouteName
	path   string // where the pages post it
	page   string // shown again if it failed
	leads  string // to which page it leads if it worked
	done   string // what is said there, the key of a text behind "done_"
	login  bool   // a session may have begun: it then leads to where the visitor was going
	named  bool   // the field email holds any name of an account
	sends  bool   // something is sent, which the next page asks for
	codes  string // where it leads on sites that mail codes, with "sent" in the address
	inputs string // of formInputs, if its page has another form with the same fields
	back   bool   // it leads to where the visitor was going, also without a new session

	// query, if set, is added to the address that the form leads to.
	query func(typed url.Values) url.Values
	// answer, if set, has the form's own page show what the route answered.
	answer func(v *PageView, body []byte)

	pages *pages
}

var allForms = []pageForm{
	{route: "register", path: "/register", page: "register", leads: "login", done: "registered", login: true, sends: true, codes: "verify"},
	{route: "login", path: "/login", page: "login", leads: "profile", login: true, named: true},
	{route: RoutePasswordlessStart, path: "/passwordless", page: "passwordless", leads: "passwordless", done: "sent", named: true, sends: true, query: sent},
	{route: RoutePasswordlessVerify, path: "/passwordless/verify", page: "passwordless", leads: "profile", login: true, named: true},
	{route: RouteVerifyPhone, path: "/phone/verify", page: "phone", leads: "login", done: "phone_verified", login: true},
	{route: RouteResendPhoneCode, path: "/phone/resend", page: "phone", leads: "phone", done: "code_sent", sends: true, inputs: "resend_phone"},
	{route: "logout", path: "/logout", page: "logout", done: "logged_out"},
	{route: "forgot_password", path: "/forgot", page: "forgot", leads: "login", done: "sent", named: true, sends: true, codes: "reset"},
	{route: "reset_password", path: "/reset", page: "reset", leads: "login", done: "reset", named: true},
	{route: "verify_email", path: "/verify", page: "verify", leads: "login", done: "verified", login: true},
	{route: "resend_verification", path: "/resend", page: "verify", leads: "login", done: "sent", sends: true, codes: "verify", inputs: "resend"},
	{route: RouteMFAVerify, path: "/second-factor", page: "second_factor", leads: "profile", login: true},
	{route: RouteMFASend, path: "/second-factor/send", page: "second_factor", leads: "second_factor", done: "code_sent", query: keepMethod},
	{route: RouteMFAEnroll, path: "/second-factor/enroll", page: "second_factor", leads: "second_factor", done: "code_sent", query: keepMethodSent},
	{route: RouteMFAEnrollConfirm, path: "/second-factor/confirm", page: "second_factor", leads: "profile", login: true},
	{route: RouteAcceptPrivacy, path: "/privacy", page: "privacy", leads: "profile", login: true},
	{route: RouteConsent, path: "/consent", page: "consent", leads: "profile", login: true},
	{route: RouteConfirmTOTP, path: "/security/totp", page: "add_totp", leads: "security", done: "factor_added"},
	{route: RouteAddSMSFactor, path: "/security/sms", page: "add_sms", leads: "add_sms", done: "code_sent", query: sent},
	{route: RouteConfirmSMSFactor, path: "/security/sms/confirm", page: "add_sms", leads: "security", done: "factor_added"},
	{route: RouteAddEmailFactor, path: "/security/email", page: "add_email", leads: "add_email", done: "code_sent", query: sent},
	{route: RouteConfirmEmailFactor, path: "/security/email/confirm", page: "add_email", leads: "security", done: "factor_added"},
	{route: RouteConfirmPasskeyFactor, path: "/security/passkey", page: "add_passkey_factor", leads: "security", done: "factor_added"},
	{route: RouteRemoveFactor, path: "/security/remove/{method}", page: "security", leads: "security", done: "factor_removed"},
	{route: RouteBackupCodes, path: "/security/backup-codes", page: "backup_codes", answer: (*PageView).showCodes},
	{route: RoutePasskeyLoginFinish, path: "/passkey/login", page: "login", leads: "profile", login: true},
	{route: RoutePasskeyRegisterFinish, path: "/passkey/register", page: "register", leads: "login", done: "registered", login: true, sends: true, codes: "verify"},
	{route: RouteAddPasskeyFinish, path: "/passkeys", page: "passkeys", leads: "passkeys", done: "passkey_added"},
	{route: RouteRemovePasskey, path: "/passkeys/remove/{id}", page: "passkeys", leads: "passkeys", done: "passkey_removed"},
	{route: RouteSetPIN, path: "/pin", page: "set_pin", leads: "profile", login: true},
	{route: RouteResetPIN, path: "/reset-pin", page: "reset_pin", leads: "login", done: "pin_reset"},
	{route: RoutePasskeyForgot, path: "/forgot-passkey", page: "forgot_passkey", leads: "login", done: "sent", sends: true},
	{route: RoutePasskeyResetFinish, path: "/reset-passkey", page: "reset_passkey", leads: "login", done: "passkey_reset"},
	{route: RouteEndSession, path: "/sessions/end/{id}", page: "profile", leads: "profile", done: "session_ended"},
	{route: RouteEndOtherSessions, path: "/sessions/end-others", page: "profile", leads: "profile", done: "sessions_ended"},
	{route: RouteReauthPassword, path: "/reauth", page: "reauth", leads: "profile", back: true},
	{route: "update_me", path: "/profile", page: "profile", leads: "profile", done: "saved"},
	{route: "change_password", path: "/password", page: "profile", leads: "profile", done: "password"},
	{route: "delete_account", path: "/delete-request", page: "profile", leads: "profile", done: "delete_sent", sends: true},
	{route: "confirm_delete_account", path: "/delete", page: "delete", done: "deleted"},
}

func pageNamed(name string) page {
	return allPages[slices.IndexFunc(allPages, func(pg page) bool { return pg.name == name })]
}

// addPages adds the pages of the routes that are mounted.
func (a *App) addPages() error {
	if !a.cfg.cookies.on() {
		return optionError("WithPages: pages need Cookies or InsecureCookies")
	}
	look, err := newPageLook(a.cfg.pages)
	if err != nil {
		return err
	}
	for _, l := range look.languages {
		l.leadsTo = a.cfg.logoutOrigins()
	}
	cfg := &guardConfig{settings: a.cfg.settings}
	cfg.errorResponse, cfg.returnErrors = nil, false // a refusal is a page here
	p := &pages{app: a, guard: newGuard(a.client, cfg), look: look, social: a.cfg.pages.social}
	if p.steps, err = newSealer(a.client, "page step"); err != nil {
		return err
	}
	if p.accounts, err = newSealer(a.client, "page account"); err != nil {
		return err
	}
	get := func(path string, h Handler) {
		a.routes = append(a.routes, Route{Name: RouteName("page " + path), Method: "GET", Path: path, Page: true, handle: h, app: a})
	}
	shown := map[string]bool{}
	for _, pg := range allPages {
		if pg.route != "" && a.route(pg.route) == nil || slices.Contains(passkeyPages, pg.name) && !look.passkeys {
			continue
		}
		shown[pg.path] = true
		get(pg.path, p.show(pg))
	}
	for i := range allForms {
		f := allForms[i]
		f.pages = p
		own := a.route(f.route)
		if own == nil || strings.HasPrefix(f.path, "/passkey/") && !look.passkeys || slices.Contains(passkeyPages, f.page) && !look.passkeys {
			continue
		}
		own.form = f.serve
		if r := *own; r.Method != http.MethodPost || r.Path != f.path {
			r.Method, r.Path, r.Page = http.MethodPost, f.path, true
			a.routes = append(a.routes, r)
		}
		if !shown[f.path] { // someone reloads the result of a form
			shown[f.path] = true
			get(f.path, p.goTo(f.path, strings.TrimPrefix(pageNamed(f.page).path, "/")))
		}
	}
	get("/pages.css", pageFile("text/css; charset=utf-8", look.style))
	get("/pages.js", pageFile("text/javascript; charset=utf-8", look.script))
	get("/pages.svg", pageFile("image/svg+xml", look.icon))
	p.addStrength()
	p.addOIDC()
	if p.social != nil {
		get(socialLoginPath, p.startSocial)
		get(socialCallbackPath, p.endSocial)
	}
	return nil
}

// isPageForm reports whether a browser sent a form and waits for a page.
func isPageForm(v View) bool {
	kind, _ := v.Header("Content-Type")
	kind, _, _ = strings.Cut(kind, ";")
	return strings.EqualFold(strings.TrimSpace(kind), urlencoded) && wantsHTML(v)
}

// goTo redirects from one page to another.
func (p *pages) goTo(path, page string) Handler {
	return func(_ context.Context, r *Request) (*Response, error) {
		return Redirect(p.app.cfg.folder(r.View, path) + page), nil
	}
}

func (p *pages) show(pg page) Handler {
	return func(ctx context.Context, r *Request) (*Response, error) {
		p := p.in(r.View)
		base := p.app.cfg.folder(r.View, pg.path)
		session, token, cookies, refusal := p.guard.admit(r.View)
		if session != nil {
			r.Session, r.token = session, token
		}
		var res *Response
		switch {
		case pg.private && session == nil:
			res = p.turnAway(ctx, r, base, refusal)
		case pg.private: // it asks LoginRadius
			if err := p.app.limit(ctx, pg.route, r, ""); err != nil {
				res = p.render(ctx, r, base, page{name: "message", title: pg.title}, p.app.cfg.problemOf(err))
				break
			}
			fallthrough
		default:
			res = p.render(ctx, r, base, pg, nil)
		}
		return res.with(cookies), nil
	}
}

// turnAway answers someone who must log in first, unless LoginRadius cannot be asked.
func (p *pages) turnAway(ctx context.Context, r *Request, base string, refusal *Response) *Response {
	message := page{name: "message", title: "profile"}
	switch refusal.Status {
	case http.StatusServiceUnavailable:
		return p.render(ctx, r, base, message, unavailable(core.ErrUnavailable))
	case http.StatusTooManyRequests:
		return p.render(ctx, r, base, message, problem(http.StatusTooManyRequests, CodeThrottled))
	}
	if safeMethod(r.Method()) {
		return Redirect(base + "login?next=" + url.QueryEscape(cmp.Or(p.app.cfg.wayBack(r.View), "/")))
	}
	res := Redirect(base + "login")
	res.Cookies = append(res.Cookies, p.flash("failed_session"))
	return res
}

// serve has the route's own handler do the work. What failed is shown on the page
// with the form, what worked leads on.
func (f *pageForm) serve(route Route, v View) *Response {
	p, cfg, base := f.pages.in(v), route.app.cfg, route.app.cfg.folder(v, route.Path)
	body := keepBody(v)
	body.form = f.inputs
	f.adapt(body)
	r := &Request{View: body}
	ctx := core.ContextWithEndUser(v.Context(), endUser(v, &cfg.settings))
	value, _, refusal := token(v, cfg.sources)
	r.token = value
	pg := pageNamed(f.page)
	message := page{name: "message", title: pg.title}
	switch {
	case refusal != nil:
		return p.render(ctx, r, base, message, refusal)
	case !cfg.sameOrigin(v):
		return p.render(ctx, r, base, message, problem(http.StatusForbidden, CodeCrossOrigin))
	}
	session, admitted, cookies, stranger := p.guard.admit(r.View)
	if session != nil {
		r.token = admitted
	}
	if route.NeedsLogin {
		if session == nil {
			return p.turnAway(ctx, r, base, stranger)
		}
		r.Session = session
		ctx = core.ContextWithSession(ctx, session)
	}
	res, err := route.handle(ctx, r)
	if err == nil && res != nil && res.Status < http.StatusBadRequest {
		return f.worked(ctx, r, res, base).with(cookies)
	}
	if err == nil { // e.g. a logout that LoginRadius has not heard of
		err = core.ErrUnavailable
	}
	failure := route.problemOf(err)
	cfg.log(ctx, route.Name, failure, err)
	if next := p.nextStep(r, failure, base, f); next != nil {
		p.keepRemember(r, next)
		return next.with(cookies)
	}
	if res == nil {
		r.Session = session // for the menu
	}
	out := p.render(ctx, r, base, pg, failure)
	if res != nil {
		out = out.with(res.Cookies)
	}
	return out.with(cookies)
}

func (f *pageForm) worked(ctx context.Context, r *Request, res *Response, base string) *Response {
	if res.Status >= http.StatusMultipleChoices {
		return res.clone() // the application's handler knows where to go
	}
	if f.answer != nil {
		p := f.pages.in(r.View)
		v := p.view(ctx, r, base, pageNamed(f.page))
		f.answer(v, res.Body)
		v.Languages = nil // another language would open the page anew, without the answer
		return p.write(ctx, r, v, http.StatusOK).with(res.Cookies)
	}
	leads := cmp.Or(f.leads, "home")
	byPhone := typedInto(r).Get("email") != "" && f.pages.look.kindOf(typedInto(r).Get("email")) == "phone"
	if f.codes != "" && (f.pages.look.codes || byPhone) && f.pages.app.route(pageNamed(f.codes).route) != nil {
		leads = f.codes
	}
	if f.route == RouteRegister && typedInto(r).Get("email") == "" && f.pages.app.route(RouteVerifyPhone) != nil {
		leads = "phone"
	}
	target := base + strings.TrimPrefix(pageNamed(leads).path, "/")
	if f.back || f.login && len(res.Cookies) > 0 {
		next := query(r, "next")
		if asked := f.pages.app.asked(r); next == "" && f.route == RoutePasswordlessVerify && asked != nil {
			next = asked.Next
		}
		target = LocalPath(next, base+"profile")
	}
	if f.query != nil {
		target += "?" + f.query(typedInto(r)).Encode()
	}
	out := Redirect(target)
	out.Cookies = slices.Clone(res.Cookies)
	f.pages.keepRemember(r, out)
	f.pages.keepStep(r, f, res, out)
	f.pages.offerNext(r, f, out)
	if f.sends {
		if c := f.pages.remember(r); c != nil {
			out.Cookies = append(out.Cookies, c)
		}
	}
	if f.route == RouteLogout {
		f.pages.app.cfg.logoutAtHostedPage(r, out)
	}
	done := f.done
	switch {
	case done != "" && (byPhone && f.sends || leads == "phone" && f.route == RouteRegister):
		done += "_phone"
	case done == "registered" && f.pages.look.codes:
		done += "_code"
	}
	switch {
	case done != "":
		out.Cookies = append(out.Cookies, f.pages.flash("done_"+done))
	case r.Cookie(f.pages.flashName()) != "": // of an earlier form, if its page was never opened
		out.Cookies = append(out.Cookies, f.pages.flash(""))
	}
	return out
}

// query returns a parameter of the address, or "".
func query(r *Request, name string) string {
	values, err := url.ParseQuery(r.Query())
	if err != nil {
		return ""
	}
	return values.Get(name)
}

// flashLife is how long a redirect may take to the page that says what happened.
const flashLife = 60 // seconds

func (p *pages) flashName() string {
	return p.app.cfg.cookies.named("flash")
}

// flash is the cookie that has the next page say something, once. It holds the key
// of a text, done_… or failed_…: in an address it would be said again to whoever
// opens that. An empty one has it say nothing.
func (p *pages) flash(key string) *http.Cookie {
	return p.shortCookie(p.flashName(), key, flashLife)
}

// shortCookie is a cookie for the next few requests; an empty one clears it.
func (p *pages) shortCookie(name, value string, seconds int) *http.Cookie {
	if value == "" {
		seconds = -1
	}
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: p.app.cfg.cookies.secure, SameSite: http.SameSiteLaxMode,
	}
}

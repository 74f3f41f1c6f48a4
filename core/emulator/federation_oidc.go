package emulator

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

func (f *federation) oidcRoutes() []route {
	const service, api = "service/oidc/{app}/", "api/oidc/{app}/"
	open := func(operation, method, path string, handle handler) route {
		return route{operation: operation, method: method, path: path, handle: handle, forms: true}
	}
	return []route{
		open("oidc_discovery", "GET", service+".well-known/openid-configuration", f.discovery),
		open("oidc_jwks", "GET", service+"jwks", f.jwks),
		open("oidc_authorize", "GET", service+"authorize", f.authorize),
		open("oidc_login", "POST", service+"authorize", f.authorize),
		open("oidc_token", "POST", api+"token", f.token),
		open("oidc_userinfo", "GET", service+"userinfo", f.userinfo),
		open("oidc_introspect", "POST", api+"introspect", f.introspect),
		open("oidc_revoke", "POST", api+"revoke", f.revoke),
	}
}

func (f *federation) appOf(c *call) *OIDCApp {
	for i, app := range f.opt.federation.oidc {
		if strings.EqualFold(app.Name, c.args["app"]) {
			return &f.opt.federation.oidc[i]
		}
	}
	return nil
}

// issuer is the name of an application as the caller reaches it.
func (f *federation) issuer(c *call, app *OIDCApp) string {
	issuer := c.origin() + "/service/oidc/" + app.Name
	if f.opt.federation.noSlash {
		return issuer
	}
	return issuer + "/"
}

func (f *federation) discovery(c *call, _ *account) (int, any) {
	app := f.appOf(c)
	if app == nil {
		return unknownApp()
	}
	service, api := c.origin()+"/service/oidc/"+app.Name, c.origin()+"/api/oidc/"+app.Name
	document := map[string]any{
		"issuer":                                f.issuer(c, app),
		"authorization_endpoint":                service + "/authorize",
		"token_endpoint":                        api + "/token",
		"userinfo_endpoint":                     service + "/userinfo",
		"jwks_uri":                              service + "/jwks",
		"revocation_endpoint":                   api + "/revoke",
		"introspection_endpoint":                api + "/introspect",
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"response_modes_supported":              []string{"query"},
		"response_types_supported":              []string{"code"},
		"scopes_supported":                      []string{"openid", "profile", "email", "phone"},
		"subject_types_supported":               []string{"public"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post"},
		"claims_supported":                      []string{"sub", "email", "email_verified", "name", "given_name", "family_name", "phone_number", "phone_number_verified"},
	}
	if methods := f.opt.federation.pkceMethods; methods != nil {
		document["code_challenge_methods_supported"] = methods
	}
	return http.StatusOK, document
}

// A grant is a login that an application asked for.
type grant struct {
	app                     *OIDCApp
	uid, redirectURI, nonce string
	challenge               string // of PKCE
	scopes                  []string
	authenticated, expires  time.Time
	session                 *session // once the code is used
}

// visitorCookie keeps a browser logged in to the hosted page.
const visitorCookie = "lr-hosted-session"

// authorize is the hosted page of OpenID Connect. GET asks who it is, or knows it from
// an earlier login; POST checks the password.
func (f *federation) authorize(c *call, _ *account) (int, any) {
	app := f.appOf(c)
	if app == nil {
		return unknownApp()
	}
	back, err := url.Parse(c.query["redirect_uri"])
	switch {
	case c.query["client_id"] != app.ClientID:
		return oauthError(http.StatusBadRequest, "invalid_request", "The client_id is not that of the application.")
	case err != nil || !slices.Contains(app.RedirectURIs, c.query["redirect_uri"]):
		return oauthError(http.StatusBadRequest, "invalid_request", "The redirect_uri is not registered.")
	}
	g, code := f.newGrant(c, app)
	if code != "" {
		return f.goBack(back, map[string]string{"error": code, "state": c.query["state"]})
	}
	view := authorizeView{App: app.Name, Action: c.r.URL.RequestURI()}
	v := f.visitor(c)
	switch {
	case c.r.Method == http.MethodPost:
		a, p := f.firstFactor(c)
		if p != nil {
			view.Failed = p.code.Message()
			return f.askPassword(back, http.StatusForbidden, view)
		}
		for _, gate := range f.gates() {
			if status, _ := gate(c, a, login{provider: "Email", password: true}); status != 0 {
				view.Failed = "This login needs a further step, which this page does not have."
				return f.askPassword(back, http.StatusForbidden, view)
			}
		}
		v = visitor{a.uid, f.now()}
	case v.uid == "" && c.query["prompt"] == "none":
		return f.goBack(back, map[string]string{"error": "login_required", "state": c.query["state"]})
	case v.uid == "", c.query["prompt"] == "login":
		return f.askPassword(back, http.StatusOK, view)
	}
	g.uid, g.authenticated, g.expires = v.uid, v.asked, f.now().Add(f.opt.federation.codeLife)
	key := newID()
	f.codes.Add(key, g)
	return f.goBack(back, map[string]string{"code": key, "state": c.query["state"]}, f.rememberVisitor(c, v))
}

// newGrant reads the request of an application, or returns an error code.
func (f *federation) newGrant(c *call, app *OIDCApp) (*grant, string) {
	g := &grant{
		app: app, redirectURI: c.query["redirect_uri"], nonce: c.query["nonce"], challenge: c.query["code_challenge"],
		scopes: scopesIn(c, "scope"),
	}
	method := first(c.query["code_challenge_method"], "SHA256") // the documented default
	accepted := f.opt.federation.pkceMethods
	if accepted == nil {
		accepted = []string{"S256", "SHA256"}
	}
	switch {
	case c.query["response_type"] != "code":
		return nil, "unsupported_response_type"
	case !slices.Contains(g.scopes, "openid"):
		return nil, "invalid_scope"
	case g.challenge == "" && app.ClientSecret == "", g.challenge != "" && !slices.Contains(accepted, method):
		return nil, "invalid_request"
	}
	return g, ""
}

// A visitor is a browser that the hosted page knows, and when its user was asked to log in.
type visitor struct {
	uid   string
	asked time.Time
}

func (f *federation) visitor(c *call) visitor {
	cookie, err := c.r.Cookie(visitorCookie)
	if err != nil {
		return visitor{}
	}
	v, _ := f.visitors.Get(cookie.Value)
	if a := f.accounts.byUID(v.uid); a == nil || !a.active {
		return visitor{}
	}
	return v
}

func (f *federation) rememberVisitor(c *call, v visitor) *http.Cookie {
	key := newID()
	f.visitors.Add(key, v)
	return &http.Cookie{Name: visitorCookie, Value: key, Path: "/", HttpOnly: true, Secure: c.r.TLS != nil, SameSite: http.SameSiteLaxMode}
}

// goBack sends the browser to the application.
func (f *federation) goBack(back *url.URL, values map[string]string, cookies ...*http.Cookie) (int, any) {
	q := back.Query()
	for name, value := range values {
		if value != "" {
			q.Set(name, value)
		}
	}
	target := *back
	target.RawQuery = q.Encode()
	return 0, writer(func(w http.ResponseWriter) {
		for _, cookie := range cookies {
			http.SetCookie(w, cookie)
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Location", target.String())
		w.WriteHeader(http.StatusSeeOther)
	})
}

type authorizeView struct{ App, Action, Failed string }

func (f *federation) askPassword(back *url.URL, status int, view authorizeView) (int, any) {
	return 0, writer(func(w http.ResponseWriter) {
		// Browsers hold a redirect behind a form to the same rule as the form itself.
		w.Header().Set("Content-Security-Policy", pageSecurity+" "+back.Scheme+"://"+back.Host)
		writePage(w, status, authorizePage, view)
	})
}

var authorizePage = template.Must(template.New("authorize").Parse(`<!doctype html>
<html lang="en"><head>` + pageStyle + `<title>Log in to {{.App}} - LoginRadius emulator</title></head><body>
<h1>Log in to {{.App}}</h1>
<p>This page stands in for LoginRadius' hosted page. It belongs to the emulator.</p>
{{with .Failed}}<p role="alert"><strong>{{.}}</strong></p>{{end}}
<form method="post" action="{{.Action}}">
<label for="email">E-mail address</label><input id="email" type="email" name="email" autocomplete="username" required>
<label for="password">Password</label><input id="password" type="password" name="password" autocomplete="current-password" required>
<button>Log in</button></form>
</body></html>
`))

// serveLogout ends the session of the hosted page and goes on to return_url.
func (e *Emulator) serveLogout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(visitorCookie); err == nil {
		e.mu.Lock()
		e.federation.visitors.Remove(cookie.Value)
		e.mu.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: visitorCookie, Path: "/", MaxAge: -1, HttpOnly: true})
	w.Header().Set("Cache-Control", "no-store")
	back, err := url.Parse(r.FormValue("return_url"))
	if err != nil || back.Host == "" || back.Scheme != "http" && back.Scheme != "https" {
		writePage(w, http.StatusOK, hostedPage, hostedView{Title: "Log out", Done: "You are logged out of the hosted page."})
		return
	}
	http.Redirect(w, r, back.String(), http.StatusSeeOther) //nolint:gosec // any address is allowed here, since the emulator listens on loopback
}

package emulator

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// loginView is the data of the page of a social login.
type loginView struct{ Provider, ReturnURL, Failed string }

// serveLogin serves the hosted page of a social login. It stands for the provider,
// accepts any address, and redirects to return_url with a request token.
func (e *Emulator) serveLogin(w http.ResponseWriter, r *http.Request) {
	view := loginView{Provider: strings.ToLower(r.FormValue("provider")), ReturnURL: r.FormValue("return_url")}
	back, err := url.Parse(view.ReturnURL)
	if err != nil || back.Host == "" || back.Scheme != "http" && back.Scheme != "https" || view.Provider == "" {
		http.Error(w, "a provider and an absolute return_url are needed", http.StatusBadRequest)
		return
	}
	// Browsers apply form-action to the redirect after a form as well.
	w.Header().Set("Content-Security-Policy", pageSecurity+" "+back.Scheme+"://"+back.Host)
	if r.Method != http.MethodPost {
		writePage(w, http.StatusOK, loginPage, view)
		return
	}
	token, p := e.loginElsewhere(view.Provider, strings.TrimSpace(r.PostFormValue("email")))
	if p != nil {
		view.Failed = p.code.Message()
		writePage(w, http.StatusForbidden, loginPage, view)
		return
	}
	q := back.Query()
	q.Set("token", token)
	back.RawQuery = q.Encode()
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

// loginElsewhere finds or creates the account and returns a request token for it.
func (e *Emulator) loginElsewhere(provider, email string) (string, *problem) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a, p := e.social.accountOf(provider, &providerLogin{user: User{Email: email}})
	if p != nil {
		return "", p
	}
	return e.social.requestToken(a.uid), nil
}

var loginPage = template.Must(template.New("login").Parse(`<!doctype html>
<html lang="en"><head>` + pageStyle + `<title>Log in with {{.Provider}} - LoginRadius emulator</title></head><body>
<h1>Log in with {{.Provider}}</h1>
<p>This page stands in for LoginRadius' hosted page and for {{.Provider}}. It belongs to the emulator and believes you.</p>
{{with .Failed}}<p role="alert"><strong>{{.}}</strong></p>{{end}}
<form method="post" action="` + hostedPath + `">
<input type="hidden" name="action" value="login"><input type="hidden" name="provider" value="{{.Provider}}"><input type="hidden" name="return_url" value="{{.ReturnURL}}">
<label for="email">Your e-mail address there</label><input id="email" type="email" name="email" autocomplete="email" required>
<button>Log in</button></form>
</body></html>
`))

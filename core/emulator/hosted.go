package emulator

import (
	"html/template"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

// hostedPath is the target of links if a call names none. It stands for the hosted page
// of the service: it asks for confirmation and then does what the link is for, so that a
// program without pages can be tried by hand.
const hostedPath = "/auth.aspx"

// hostedView is the data of the page: a question or a result.
type hostedView struct {
	Title, Button, Done, Failed string
	Kind, Token                 string
	Password                    bool
}

// servePage asks on GET, which consumes nothing, and acts on POST.
func (e *Emulator) servePage(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if r.FormValue("action") == "login" {
		e.serveLogin(w, r)
		return
	}
	if r.FormValue("action") == "logout" {
		e.serveLogout(w, r)
		return
	}
	view := hostedView{Kind: r.FormValue("vtype"), Token: r.FormValue("vtoken")}
	switch view.Kind {
	case kindVerify:
		view.Title, view.Button, view.Done = "Verify your e-mail address", "Verify", "Your e-mail address is verified."
	case kindReset:
		view.Title, view.Button, view.Done, view.Password = "Choose a new password", "Set password", "Your password is set.", true
	case vtype(kindSmartLogin), kindOneTouch:
		view.Title, view.Button, view.Done = "Log in on the other device", "Log in there", "The other device is logged in."
	case kindDelete:
		view.Title, view.Button, view.Done = "Delete your account", "Delete my account", "Your account is deleted."
	default:
		http.NotFound(w, r)
		return
	}
	status := http.StatusOK
	switch r.Method {
	case http.MethodPost:
		if p := e.follow(view.Kind, view.Token, r.PostFormValue("password")); p != nil {
			status, view.Failed, view.Done = http.StatusForbidden, p.code.Message(), ""
		}
	case http.MethodGet, http.MethodHead:
		view.Done = ""
	default:
		http.Error(w, "GET or POST", http.StatusMethodNotAllowed)
		return
	}
	writePage(w, status, hostedPage, view)
}

// follow does what a mailed link is for.
func (e *Emulator) follow(kind, token, password string) *problem {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch kind {
	case kindDelete:
		return e.deleteBy(token)
	case kindOneTouch:
		return e.waiting.releaseBy(kind, token)
	case vtype(kindSmartLogin):
		return e.waiting.releaseBy(kindSmartLogin, token)
	case kindReset:
		l, p := e.redeem(token, kind, core.CodeVerificationTokenInvalid)
		if p != nil {
			return p
		}
		return e.reset(l, password)
	}
	l, p := e.redeem(token, kind, core.CodeVerificationLinkInvalid)
	if p != nil {
		return p
	}
	return e.verify(l)
}

var hostedPage = template.Must(template.New("hosted").Parse(`<!doctype html>
<html lang="en"><head>` + pageStyle + `<title>{{.Title}} - LoginRadius emulator</title></head><body>
<h1>{{.Title}}</h1>
<p>This page stands in for LoginRadius' hosted page. It belongs to the emulator.</p>
{{with .Failed}}<p role="alert"><strong>{{.}}</strong></p>{{end}}
{{if .Done}}<p role="status">{{.Done}}</p>{{else}}<form method="post" action="` + hostedPath + `">
<input type="hidden" name="vtype" value="{{.Kind}}"><input type="hidden" name="vtoken" value="{{.Token}}">
{{if .Password}}<label for="password">New password</label><input id="password" type="password" name="password" autocomplete="new-password" required>{{end}}
<button>{{.Button}}</button></form>{{end}}
</body></html>
`))

package emulator

import (
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (e *Emulator) loginRoutes() []route {
	return []route{
		keyRoute("login_by_email", "POST", authPath+"login", e.login).identifying().when(hasBody("email")),
		keyRoute("login_by_user_name", "POST", authPath+"login", e.login).identifying().when(hasBody("username")),
		keyRoute("login_by_phone", "POST", authPath+"login", e.login).identifying(),
	}
}

func (e *Emulator) login(c *call, _ *account) (int, any) {
	a, p := e.firstFactor(c)
	if p != nil {
		return p.answer(c)
	}
	return e.completeLogin(c, a, login{provider: "Email", password: true})
}

// firstFactor returns the account that a name and a password in the body log in to.
func (e *Emulator) firstFactor(c *call) (*account, *problem) {
	if c.text("password") == "" || c.text("email")+c.text("username")+c.text("phone") == "" {
		return nil, refuse(core.CodePostBodyInvalid)
	}
	byPhone := c.text("email") == "" && c.text("username") == ""
	if byPhone && e.opt.off[FeaturePhoneLogin] {
		return nil, refuse(core.CodePhoneLoginDisabled)
	}
	a := e.accounts.byLogin(c)
	if a == nil {
		return nil, refuse(e.opt.unknownUserCode)
	}
	if p := e.checkLogin(c, a); p != nil {
		return nil, p
	}
	switch {
	case !a.active:
		return nil, refuse(core.CodeAccountBlocked)
	case a.loginDisabled:
		return nil, refuse(core.CodeLoginDisabled)
	case byPhone && !a.phoneVerified:
		return nil, refuse(core.CodePhoneNotVerified)
	case !byPhone && e.opt.workflow == Mandatory && a.email() != "" && !a.emailVerified:
		e.mailLink(c, a, kindVerify, a.email(), c.query["verificationurl"])
		return nil, refuse(core.CodeEmailNotVerified)
	}
	return a, nil
}

// A login is what is known when the first factor of a login has passed.
type login struct {
	provider     string
	password     bool // was the first factor
	secondFactor bool // has passed, too
}

// completeLogin answers every call that logs a user in. It asks the gates in turn:
// the first that is closed gives the answer, and there are no tokens. A call that
// opens a gate records that in the account and comes here again.
func (e *Emulator) completeLogin(c *call, a *account, l login) (int, any) {
	for _, gate := range e.gates() {
		if status, body := gate(c, a, l); status != 0 {
			return status, body
		}
	}
	out := e.loggedIn(c, a, l)
	e.fire("Login", a)
	return http.StatusOK, out
}

// gates are what may stand between the first factor and the tokens, in the order
// in which they are asked: risk, privacy policy, consent, PIN, second factor. A gate
// returns the status 0 to let a login pass.
func (e *Emulator) gates() []func(*call, *account, login) (int, any) {
	return []func(*call, *account, login) (int, any){e.riskGate, e.privacy.gate, e.consents.gate, e.pins.gate, e.mfa.gate}
}

// loggedIn starts a session and returns the answer of every login.
func (e *Emulator) loggedIn(c *call, a *account, l login) map[string]any {
	a.lock.failures = 0
	out := e.sessions.issue(c.r, a, l.provider)
	out["Profile"] = e.profile(c, a)
	e.pins.addSession(a, out)
	e.mfa.invite(c, a, l, out)
	e.learn(c, a)
	return out
}

// loginData is the Data of calls that log a user in on the side: null if one more
// step is needed for that.
func (e *Emulator) loginData(c *call, a *account) any {
	if status, body := e.completeLogin(c, a, login{provider: "Email"}); status == http.StatusOK {
		return body
	}
	return nil
}

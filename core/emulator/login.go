package emulator

import (
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// pendingLife is how long a login waits for its second factor. It is a guess.
const pendingLife = 10 * time.Minute

// mfaMode says what a login with the right password gets.
type mfaMode int

const (
	mfaOff mfaMode = iota
	mfaNested
	mfaFlat
	mfaRefuse
)

// opMFALogin is the login that may answer with a challenge on every site.
const opMFALogin = "mfa_login_by_email"

func (e *Emulator) loginRoutes() []route {
	return []route{
		keyRoute("login_by_email", "POST", authPath+"login", e.login).identifying().when(hasBody("email")),
		keyRoute("login_by_user_name", "POST", authPath+"login", e.login).identifying().when(hasBody("username")),
		keyRoute("login_by_phone", "POST", authPath+"login", e.login).identifying(),
		keyRoute(opMFALogin, "POST", authPath+"login/2fa", e.login).identifying(),
	}
}

func (e *Emulator) login(c *call, _ *account) (int, any) {
	if c.text("password") == "" || c.text("email")+c.text("username")+c.text("phone") == "" {
		return fail(c, core.CodePostBodyInvalid)
	}
	byPhone := c.text("email") == "" && c.text("username") == ""
	if byPhone && e.opt.off[FeaturePhoneLogin] {
		return fail(c, core.CodePhoneLoginDisabled)
	}
	a := e.accounts.byLogin(c)
	if a == nil {
		return fail(c, e.opt.unknownUserCode)
	}
	if p := e.checkLogin(c, a); p != nil {
		return p.answer(c)
	}
	switch {
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	case a.loginDisabled:
		return fail(c, core.CodeLoginDisabled)
	case byPhone && !a.phoneVerified:
		return fail(c, core.CodePhoneNotVerified)
	case !byPhone && e.opt.workflow == Mandatory && a.email() != "" && !a.emailVerified:
		e.mailLink(c, a, kindVerify, a.email(), c.query["verificationurl"])
		return fail(c, core.CodeEmailNotVerified)
	}
	return e.completeLogin(c, a, login{provider: "Email"})
}

// A login is what is known when the first factor of a login has passed.
type login struct {
	provider     string
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
	return http.StatusOK, e.loggedIn(c, a, l.provider)
}

// gates are what may stand between the first factor and the tokens, in the order
// in which they are asked: privacy policy, consent, PIN, second factor. A gate
// returns the status 0 to let a login pass.
func (e *Emulator) gates() []func(*call, *account, login) (int, any) {
	return []func(*call, *account, login) (int, any){e.secondFactorGate}
}

func (e *Emulator) secondFactorGate(c *call, a *account, l login) (int, any) {
	switch {
	case e.opt.mfa == mfaOff || l.secondFactor:
		return 0, nil
	case e.opt.mfa == mfaRefuse && c.route.operation != opMFALogin:
		return fail(c, core.CodeMFARequired)
	}
	return http.StatusOK, e.challenge(a)
}

// loggedIn starts a session and returns the answer of every login.
func (e *Emulator) loggedIn(c *call, a *account, provider string) map[string]any {
	out := e.sessions.issue(c.r, a, provider)
	out["Profile"] = e.profile(c, a)
	return out
}

// challenge asks for a second factor. Its access token is all zeros, as the
// service's is: a client that takes it for one shares a session among all users.
func (e *Emulator) challenge(a *account) map[string]any {
	block := map[string]any{
		"SecondFactorAuthenticationToken": newID(), "ExpireIn": e.date(e.now().Add(pendingLife)), "QRCode": nil, "ManualEntryCode": nil,
		"IsGoogleAuthenticatorVerified": false, "IsAuthenticatorVerified": true, "IsEmailOtpAuthenticatorVerified": false,
		"IsOTPAuthenticatorVerified": false, "OTPPhoneNo": nil, "OTPStatus": nil, "Email": masked(a.email()), "EmailOTPStatus": nil,
		"IsSecurityQuestionAuthenticatorVerified": false, "SecurityQuestions": nil,
	}
	out := map[string]any{"Profile": nil, "access_token": "00000000-0000-0000-0000-000000000000", "expires_in": "0001-01-01T00:00:00"}
	if e.opt.mfa == mfaFlat {
		maps.Copy(out, block)
		return out
	}
	out["SecondFactorAuthentication"] = block
	return out
}

// masked lists an address as a challenge shows it, or is null for none.
func masked(email string) any {
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" {
		return nil
	}
	return []any{local[:1] + "**" + local[len(local)-1:] + "@" + domain}
}

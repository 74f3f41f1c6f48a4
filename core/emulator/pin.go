package emulator

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

// pins implements logins by PIN. A session token, which comes with the tokens of another
// login, and the PIN together give new tokens.
type pins struct {
	*Emulator
	tokens  *simplelru.LRU[string, *pinSession]
	waiting *simplelru.LRU[string, *pinLogin]
}

type pinSession struct {
	uid     string
	expires time.Time
	ended   bool
}

// A pinLogin is a login that waits for the user to set a PIN.
type pinLogin struct {
	uid     string
	login   login
	expires time.Time
	used    bool
}

func newPINs(e *Emulator) *pins {
	p := &pins{Emulator: e}
	// The sizes are positive, which is all that NewLRU asks for.
	p.tokens, _ = simplelru.NewLRU[string, *pinSession](e.opt.max.sessions, nil)
	p.waiting, _ = simplelru.NewLRU[string, *pinLogin](e.opt.max.links, nil)
	return p
}

func (p *pins) pinRoutes() []route {
	const path = authPath + "pin/"
	routes := []route{
		keyRoute("pin_login", "POST", authPath+"login/pin", p.login),
		keyRoute("set_pin_by_pin_auth_token", "POST", path+"set/pinauthtoken", p.setByToken),
		userRoute("change_pin_by_access_token", "PUT", path+"change", p.change),
		keyRoute("send_forgot_pin_email_by_email", "POST", path+"forgot/email", p.forgot("email")).identifying(),
		keyRoute("send_forgot_pin_email_by_username", "POST", path+"forgot/username", p.forgot("username")).identifying(),
		keyRoute("send_forgot_pin_sms_by_phone", "POST", path+"forgot/otp", p.forgotByPhone).identifying(),
		keyRoute("reset_pin_by_reset_token", "PUT", path+"reset/token", p.resetByToken),
		keyRoute("in_validate_pin_session_token", "GET", authPath+"session_token/invalidate", p.invalidate),
	}
	for _, by := range []struct{ key, otp, answer string }{
		{"email", "reset_pin_by_email_and_otp", "reset_pin_by_email_and_security_answer"},
		{"username", "reset_pin_by_username_and_otp", "reset_pin_by_username_and_security_answer"},
		{"phone", "reset_pin_by_phone_and_otp", "reset_pin_by_phone_and_security_answer"},
	} {
		routes = append(routes,
			keyRoute(by.otp, "PUT", path+"reset/otp/"+by.key, p.resetByOTP(by.key)).identifying(),
			keyRoute(by.answer, "PUT", path+"reset/securityanswer/"+by.key, p.resetByAnswer(by.key)).identifying())
	}
	return append(routes, keyRoute("reset_pin_by_email_and_otp", "PUT", path+"reset/otp/{kind}", notFound))
}

// notFound answers for a last word of a path that the service does not know.
func notFound(*call, *account) (int, any) {
	return http.StatusNotFound, map[string]any{"ErrorCode": http.StatusNotFound, "Message": "Resource not found"}
}

// set stores a PIN that fits the site's rules.
func (p *pins) set(a *account, pin string) *problem {
	if problem := p.fits(pin); problem != nil {
		return problem
	}
	a.pin, a.modified = hashPassword(pin), p.now()
	return nil
}

func (p *pins) fits(pin string) *problem {
	least, most := p.opt.pin.minDigits, p.opt.pin.maxDigits
	if len(pin) < least || len(pin) > most || strings.Trim(pin, "0123456789") != "" {
		return invalid(fieldProblem{"PIN", "The PIN must have " + strconv.Itoa(least) + " to " + strconv.Itoa(most) + " digits."})
	}
	return nil
}

// register takes the PIN of a registration body.
func (p *pins) register(c *call, a *account) *problem {
	pin, _ := fold(c.body["pininfo"])["pin"].(string)
	switch {
	case pin != "":
		return p.set(a, pin)
	case p.opt.pin.asks[PINAtRegistration]:
		return refuse(core.CodePINRequired)
	}
	return nil
}

// gate stops the login of a user who must set a PIN first.
func (p *pins) gate(c *call, a *account, l login) (int, any) {
	asks := p.opt.pin.asks
	if a.pin != nil || !asks[PINAtLogin] && (!asks[PINAtFirstLogin] || a.logins > 0) {
		return 0, nil
	}
	w := &pinLogin{uid: a.uid, login: l, expires: p.now().Add(p.opt.pin.tokenLife)}
	token := newGUID()
	p.waiting.Add(token, w)
	return (&problem{core.CodePINLoginRequired, map[string]any{"Data": map[string]any{"PINAuthToken": token}}}).answer(c)
}

// addSession puts a session token into the answer of a login, for users with a PIN.
func (p *pins) addSession(a *account, out map[string]any) {
	if !p.opt.pin.on || a.pin == nil {
		return
	}
	s := &pinSession{uid: a.uid, expires: p.now().Add(p.opt.pin.sessionLife)}
	token := newGUID()
	p.tokens.Add(token, s)
	out["session_token"], out["session_expires_in"] = token, p.date(s.expires)
}

// end ends the session tokens of an account.
func (p *pins) end(uid string) {
	for _, s := range p.tokens.Values() {
		if s.uid == uid {
			s.ended = true
		}
	}
}

// session finds the session token in the query and its account.
func (p *pins) session(c *call) (*pinSession, *account, *problem) {
	token := c.query["session_token"]
	if token == "" {
		return nil, nil, missing("session_token")
	}
	s, ok := p.tokens.Get(token)
	if !ok || s.ended || p.accounts.byUID(s.uid) == nil {
		return nil, nil, refuse(core.CodeSessionTokenInvalid)
	}
	if !p.now().Before(s.expires) {
		return nil, nil, refuse(core.CodeSessionTokenExpired)
	}
	return s, p.accounts.byUID(s.uid), nil
}

// login gives new tokens for a session token and the PIN. The session began with a
// complete login, so there is no second factor; that is a guess.
func (p *pins) login(c *call, _ *account) (int, any) {
	if !p.opt.pin.on {
		return fail(c, core.CodePINLoginNotEnabled)
	}
	if c.text("pin") == "" {
		return missing("pin").answer(c)
	}
	_, a, problem := p.session(c)
	switch {
	case problem != nil:
		return problem.answer(c)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	case a.loginDisabled:
		return fail(c, core.CodeLoginDisabled)
	}
	if problem := p.check(a, c.text("pin"), core.CodePINInvalid); problem != nil {
		return problem.answer(c)
	}
	return p.completeLogin(c, a, login{provider: "Email", secondFactor: true})
}

// check compares a PIN; wrong ones count as wrong passwords do.
func (p *pins) check(a *account, pin string, wrong core.ErrorCode) *problem {
	switch {
	case a.locked(p.now()):
		return p.lockProblem(a)
	case a.pin == nil:
		return refuse(core.CodePINNotAvailable)
	case !matches(a.pin, pin):
		p.countFailure(a)
		return refuse(wrong)
	}
	return nil
}

func (p *pins) setByToken(c *call, _ *account) (int, any) {
	token := c.query["pinauthtoken"]
	if token == "" {
		return missing("pinauthtoken").answer(c)
	}
	w, ok := p.waiting.Get(token)
	if !ok || w.used || p.accounts.byUID(w.uid) == nil {
		return fail(c, core.CodePINAuthTokenInvalid)
	}
	a := p.accounts.byUID(w.uid)
	switch {
	case !p.now().Before(w.expires):
		return fail(c, core.CodePINAuthTokenExpired)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	}
	if problem := p.set(a, c.text("pin")); problem != nil {
		return problem.answer(c)
	}
	w.used = true
	p.fire("SetPIN", a)
	return p.completeLogin(c, a, w.login)
}

func (p *pins) invalidate(c *call, _ *account) (int, any) {
	s, _, problem := p.session(c)
	if problem != nil {
		return problem.answer(c)
	}
	s.ended = true
	return posted(c)
}

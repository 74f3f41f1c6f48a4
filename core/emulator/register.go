package emulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (e *Emulator) registrationRoutes() []route {
	return []route{
		keyRoute("user_registration_by_phone", "POST", authPath+"register", e.register).when(hasBody("phoneid")),
		keyRoute("user_registration_by_email", "POST", authPath+"register", e.register),
		keyRoute("user_registration_by_captcha", "POST", authPath+"register/captcha", e.registerByCaptcha),
		keyRoute("auth_resend_email_verification", "PUT", authPath+"register", e.resendVerification).identifying(),
		keyRoute("verify_email", "GET", authPath+"email", e.verifyEmail).when(hasQuery("verificationtoken")),
		keyRoute("check_email_availability", "GET", authPath+"email", e.emailExists),
		keyRoute("check_user_name_availability", "GET", authPath+"username", e.usernameExists),
		manageRoute("create_account", "POST", managePath, e.createAccount),
	}
}

func (e *Emulator) register(c *call, _ *account) (int, any) {
	if code := e.checkSOTT(first(c.r.Header.Get("X-LoginRadius-Sott"), c.query["sott"])); code != 0 {
		return fail(c, code)
	}
	return e.registered(c)
}

// registerByCaptcha takes a solved captcha instead of a SOTT.
func (e *Emulator) registerByCaptcha(c *call, _ *account) (int, any) {
	if p := e.checkCaptcha(c); p != nil {
		return p.answer(c)
	}
	return e.registered(c)
}

func (e *Emulator) registered(c *call) (int, any) {
	a, p := e.accountFrom(c, registration{})
	if p != nil {
		return p.answer(c)
	}
	a.source = clip(c.r.Header.Get("Referer"))
	e.join(a)
	e.announce(c, a)
	if e.opt.workflow == Mandatory {
		return http.StatusOK, map[string]any{"IsPosted": true, "Data": nil}
	}
	return http.StatusOK, map[string]any{"IsPosted": true, "Data": e.loginData(c, a)}
}

// join stores the account of a user who has registered.
func (e *Emulator) join(a *account) {
	for _, name := range e.opt.defaultRoles {
		if !slices.Contains(a.roles, name) {
			a.roles = append(a.roles, name)
		}
	}
	e.accounts.put(a)
	e.fire("Register", a)
}

// announce sends the messages for a new user: a link or codes that verify the address
// and the number, or a welcome mail.
func (e *Emulator) announce(c *call, a *account) {
	if e.opt.workflow == NoVerification {
		a.emailVerified, a.phoneVerified = a.email() != "", a.phone != ""
		e.mailWelcome(a)
		return
	}
	if a.email() != "" && !slices.Contains(strings.Split(strings.ToLower(c.query["options"]), ","), "preventverificationemail") {
		e.mailLink(c, a, kindVerify, a.email(), c.query["verificationurl"])
	}
	if a.phone != "" {
		e.phones.sendCode(a, a.phone)
	}
}

func (e *Emulator) createAccount(c *call, _ *account) (int, any) {
	a, p := e.accountFrom(c, registration{managed: true, withoutPassword: true})
	if p != nil {
		return p.answer(c)
	}
	e.accounts.put(a)
	if a.hash != nil {
		e.fire("CreateTraditionalAccount", a)
	}
	return http.StatusOK, e.profileWithHash(c, a)
}

// A registration tells what the body of a new account may contain.
type registration struct {
	managed         bool // flags such as EmailVerified
	withoutPassword bool // no password
}

// accountFrom makes an account of a registration body, without storing it.
func (e *Emulator) accountFrom(c *call, r registration) (*account, *problem) {
	a := e.newAccount("Email")
	emails, p := e.addressesOf(c, a)
	if p != nil {
		return nil, p
	}
	a.emails = emails
	var required []fieldProblem
	byPhone := c.text("phoneid") != "" && !e.opt.off[FeaturePhoneLogin]
	if len(a.emails) == 0 && c.text("username") == "" && !byPhone {
		required = append(required, fieldProblem{"Email", "The Email field is required."})
	}
	password := c.text("password")
	if password == "" && !r.withoutPassword {
		required = append(required, fieldProblem{"Password", "The Password field is required."})
	}
	if required != nil {
		return nil, invalid(required...)
	}
	if password != "" {
		if p := e.changePasswordTo(a, password); p != nil {
			return nil, p
		}
		a.passwordSet = time.Time{} // the first one is not a change
	}
	if p := e.merge(c, a, r.managed); p != nil {
		return nil, p
	}
	if !r.managed {
		for _, check := range []func(*call, *account) *problem{e.privacy.register, e.consents.register, e.pins.register} {
			if p := check(c, a); p != nil {
				return nil, p
			}
		}
	}
	if e.accounts.full() {
		return nil, refuse(core.CodeRegistrationDisabled)
	}
	return a, nil
}

// addressesOf returns the addresses of a body that may become those of the account.
func (e *Emulator) addressesOf(c *call, a *account) ([]address, *problem) {
	items, _ := c.body["email"].([]any)
	var list []address
	for _, item := range items {
		m := fold(item)
		kind, _ := m["type"].(string)
		value, _ := m["value"].(string)
		owner := e.accounts.byEmail(value)
		switch {
		case !isAddress(value):
			return nil, refuse(core.CodeEmailAddressInvalid)
		case kind == "":
			return nil, refuse(core.CodeEmailTypeRequired)
		case slices.ContainsFunc(list, func(m address) bool { return strings.EqualFold(m.value, value) }):
			return nil, refuse(core.CodeEmailDuplicate)
		case strings.EqualFold(kind, "Primary") && slices.ContainsFunc(list, func(m address) bool { return strings.EqualFold(m.kind, kind) }):
			return nil, refuse(core.CodePrimaryEmailDuplicate)
		case owner == nil || owner == a:
		case owner.hash == nil && owner.provider != "Email":
			return nil, refuse(core.CodeAccountExistsForEmail) // it belongs to a social account
		default:
			return nil, refuse(core.CodeEmailAlreadyRegistered)
		}
		list = append(list, address{kind, value})
	}
	return list, nil
}

// fold returns a JSON object with its keys in lower case, or nil if raw is not one.
func fold(v any) map[string]any {
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[strings.ToLower(k)] = v
	}
	return out
}

func (e *Emulator) emailExists(c *call, _ *account) (int, any) {
	if c.query["email"] == "" {
		return missing("email").answer(c)
	}
	return http.StatusOK, map[string]any{"IsExist": e.accounts.byEmail(c.query["email"]) != nil}
}

func (e *Emulator) usernameExists(c *call, _ *account) (int, any) {
	if c.query["username"] == "" {
		return missing("username").answer(c)
	}
	return http.StatusOK, map[string]any{"IsExist": e.accounts.byUsername(c.query["username"]) != nil}
}

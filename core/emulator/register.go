package emulator

import (
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (e *Emulator) registrationRoutes() []route {
	return []route{
		keyRoute("user_registration_by_email", "POST", authPath+"register", e.register),
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
	a, p := e.accountFrom(c, false)
	if p != nil {
		return p.answer(c)
	}
	e.accounts.put(a)
	switch {
	case e.opt.workflow == NoVerification:
		a.emailVerified = true
		e.mailWelcome(a)
	case a.email() != "" && !slices.Contains(strings.Split(strings.ToLower(c.query["options"]), ","), "preventverificationemail"):
		e.mailLink(c, a, kindVerify, a.email(), c.query["verificationurl"])
	}
	if e.opt.workflow == Mandatory {
		return http.StatusOK, map[string]any{"IsPosted": true, "Data": nil}
	}
	return http.StatusOK, map[string]any{"IsPosted": true, "Data": e.loggedIn(c, a, "Email")}
}

func (e *Emulator) createAccount(c *call, _ *account) (int, any) {
	a, p := e.accountFrom(c, true)
	if p != nil {
		return p.answer(c)
	}
	e.accounts.put(a)
	return http.StatusOK, e.profileWithHash(c, a)
}

// accountFrom makes an account of a registration body, without storing it. A
// managed registration may lack a password and set flags.
func (e *Emulator) accountFrom(c *call, managed bool) (*account, *problem) {
	a := e.newAccount("Email")
	if p := e.readEmails(c, a); p != nil {
		return nil, p
	}
	var required []fieldProblem
	if len(a.emails) == 0 && c.text("username") == "" && c.text("phoneid") == "" {
		required = append(required, fieldProblem{"Email", "The Email field is required."})
	}
	password := c.text("password")
	if password == "" && !managed {
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
	if p := e.merge(c, a, managed); p != nil {
		return nil, p
	}
	if e.accounts.full() {
		return nil, refuse(core.CodeRegistrationDisabled)
	}
	return a, nil
}

// readEmails takes the addresses of a registration body.
func (e *Emulator) readEmails(c *call, a *account) *problem {
	items, _ := c.body["email"].([]any)
	primaries := 0
	for _, item := range items {
		m := fold(item)
		kind, _ := m["type"].(string)
		value, _ := m["value"].(string)
		parsed, err := mail.ParseAddress(value)
		owner := e.accounts.byEmail(value)
		switch {
		case err != nil || parsed.Address != value:
			return refuse(core.CodeEmailAddressInvalid)
		case kind == "":
			return refuse(core.CodeEmailTypeRequired)
		case a.hasEmail(value):
			return refuse(core.CodeEmailDuplicate)
		case owner != nil && owner.hash == nil && owner.provider != "Email":
			return refuse(core.CodeAccountExistsForEmail) // it belongs to a social account
		case owner != nil:
			return refuse(core.CodeEmailAlreadyRegistered)
		}
		if strings.EqualFold(kind, "Primary") {
			primaries++
		}
		a.emails = append(a.emails, address{kind, value})
	}
	if primaries > 1 {
		return refuse(core.CodePrimaryEmailDuplicate)
	}
	return nil
}

// fold returns a JSON object with its keys in lower case; nil if it is none.
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

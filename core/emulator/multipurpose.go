package emulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// The multipurpose calls make the token or the code of another flow for messages that
// the application sends itself. The public call of that flow takes it.
func (e *Emulator) multipurposeRoutes() []route {
	return []route{
		manageRoute("multipurpose_email_token_generation", "POST", managePath+"/emailtoken/{type}", e.emailToken),
		manageRoute("multipurpose_sms_otp_generation", "POST", managePath+"/smsotp/{type}", e.smsCode),
	}
}

// tokenType is the type in the path; the text of error 1181 spells it with "token".
func tokenType(c *call) string { return strings.TrimSuffix(strings.ToLower(c.args["type"]), "token") }

func (e *Emulator) emailToken(c *call, _ *account) (int, any) {
	kind, email := tokenType(c), c.text("email")
	known := []string{"emailverification", "addemail", "forgotpassword", "deleteuser", "passwordlesslogin", "forgotpin", "onetouchlogin", "autologin"}
	if !slices.Contains(known, kind) {
		return fail(c, core.CodeTokenTypeInvalid)
	}
	a := e.accounts.byUID(c.text("uid"))
	if a == nil {
		a = e.accounts.byLogin(c)
	}
	if a == nil && kind != "onetouchlogin" {
		return fail(c, core.CodeUserNotFound)
	}
	switch kind {
	case "onetouchlogin", "autologin":
		b := &waitingBrowser{kind: kindOneTouch, email: email, name: c.text("name")}
		if kind == "autologin" {
			b = &waitingBrowser{kind: kindSmartLogin, email: a.email()}
		}
		guid := c.text("clientguid")
		switch {
		case guid == "":
			return missing("clientguid").answer(c)
		case b.email == "":
			return missing("email").answer(c)
		case e.waiting.browsers.Contains(guid):
			return fail(c, core.CodeClientGUIDMustUnique)
		}
		return e.tokenAnswer(c, b.email, e.waiting.wait(guid, b))
	case "passwordlesslogin":
		if e.opt.emailOTP {
			code := e.codes.issue(codeKey{kindPasswordless, a.uid}, a.email())
			return e.tokenAnswer(c, a.email(), &link{otp: code.code, expires: code.expires})
		}
		return e.tokenAnswer(c, a.email(), e.newLoginLink(a, kindPasswordless, a.email(), e.opt.passwordless.linkLife))
	case "addemail":
		if p := e.addAddress(a, address{first(c.text("type"), "Secondary"), email}); p != nil {
			return p.answer(c)
		}
		return e.tokenAnswer(c, email, e.newLink(a, kindVerify, email))
	case "emailverification":
		if a.emailVerified {
			return fail(c, core.CodeEmailVerifiedAlready)
		}
		return e.tokenAnswer(c, a.email(), e.newLink(a, kindVerify, first(email, a.email())))
	}
	flow := map[string]string{"forgotpassword": kindReset, "deleteuser": kindDelete, "forgotpin": kindPINReset}[kind]
	return e.tokenAnswer(c, a.email(), e.newLink(a, flow, a.email()))
}

// tokenAnswer shows a link's token, or its code where the site mails codes.
func (e *Emulator) tokenAnswer(c *call, to string, l *link) (int, any) {
	if !e.codes.mayReceive("token "+tokenType(c), to) {
		return fail(c, core.CodeTokenLimitReached)
	}
	if l.otp != "" {
		return http.StatusOK, map[string]any{"OTP": l.otp, "ExpiresIn": e.date(l.expires), "IdentityProviders": nil}
	}
	return http.StatusOK, map[string]any{"Token": l.token, "ExpiresIn": e.date(l.expires), "IdentityProviders": nil}
}

func (e *Emulator) smsCode(c *call, _ *account) (int, any) {
	kind := tokenType(c)
	flow, ok := map[string]string{
		"addphone": kindVerifyPhone, "phoneidverification": kindVerifyPhone, "forgotpassword": kindResetPhone, "forgotpin": kindPINReset,
		"onetouchlogin": kindOneTouch, "smartlogin": kindSmartLogin, "passwordlesslogin": kindPasswordless,
	}[kind]
	if !ok {
		// The table of codes has another text for this number than the API reference.
		return (&problem{core.CodeSomeIssuePasswordValidationAPI, map[string]any{"Description": "You have entered an invalid SMS OTP type."}}).answer(c)
	}
	number, p := e.phones.number(c.text("phone"))
	if p != nil {
		return p.answer(c)
	}
	a := e.accounts.byUID(c.text("uid"))
	if a == nil {
		a = e.accounts.byPhoneOrChange(number)
	}
	if a == nil && kind != "onetouchlogin" {
		return fail(c, core.CodeUserNotFound)
	}
	if !e.codes.mayReceive("code "+kind, number) {
		return fail(c, core.CodeOTPLimitReached)
	}
	key := codeKey{flow, phoneKey(number)}
	switch kind {
	case "addphone":
		if p := e.phones.free(a, number); p != nil {
			return p.answer(c)
		}
		a.newPhone = number
		e.accounts.put(a)
		key.owner = a.uid
	case "passwordlesslogin":
		key.owner = smsOwner(a)
	case "onetouchlogin":
	default:
		key.owner = a.uid
	}
	code := e.codes.issue(key, number)
	// The documented answer calls the code Token.
	return http.StatusOK, map[string]any{"Token": code.code, "OTP": code.code, "ExpiresIn": e.date(code.expires)}
}

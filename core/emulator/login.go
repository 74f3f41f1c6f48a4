package emulator

import (
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (e *Emulator) register(c *call, _ *account) (int, any) {
	if code := e.checkSOTT(first(c.r.Header.Get("X-LoginRadius-Sott"), c.query["sott"])); code != 0 {
		return fail(c, code)
	}
	a, code, refused := e.accountFrom(c, false)
	if refused != nil {
		return failure(c, core.CodeValidationFailed, map[string]any{"Errors": refused})
	}
	if code != 0 {
		return fail(c, code)
	}
	e.accounts[a.uid] = a
	if e.opt.workflow == NoVerification {
		a.emailVerified = true
		e.mail(a, "welcome", "", "")
	} else if !slices.Contains(strings.Split(strings.ToLower(c.query["options"]), ","), "preventverificationemail") {
		e.mailLink(a, kindVerify, a.email(), c.query["verificationurl"])
	}
	if e.opt.workflow == Mandatory {
		return http.StatusOK, map[string]any{"IsPosted": true, "Data": nil}
	}
	return http.StatusOK, map[string]any{"IsPosted": true, "Data": e.loggedIn(c, a)}
}

// accountFrom makes an account of a registration body, without storing it.
func (e *Emulator) accountFrom(c *call, managed bool) (a *account, code int, refused []any) {
	a = e.newAccount("Email")
	emails, _ := c.body["email"].([]any)
	primaries := 0
	for _, item := range emails {
		m, _ := item.(map[string]any)
		var kind, value string
		for k, v := range m {
			switch s, _ := v.(string); strings.ToLower(k) {
			case "type":
				kind = s
			case "value":
				value = s
			}
		}
		parsed, err := mail.ParseAddress(value)
		switch {
		case err != nil || parsed.Address != value:
			return nil, 1038, nil
		case kind == "":
			return nil, 1201, nil
		case a.hasEmail(value):
			return nil, 1202, nil
		case e.byEmail(value) != nil:
			return nil, 936, nil
		}
		if strings.EqualFold(kind, "Primary") {
			primaries++
		}
		a.emails = append(a.emails, address{kind, value})
	}
	if primaries > 1 {
		return nil, 1203, nil
	}
	need := func(field string) {
		refused = append(refused, map[string]any{"FieldName": field, "ErrorMessage": "The " + field + " field is required."})
	}
	if len(a.emails) == 0 && c.text("username") == "" && c.text("phoneid") == "" {
		need("Email")
	}
	password := c.text("password")
	if password == "" && !managed {
		need("Password")
	}
	if refused != nil {
		return nil, 0, refused
	}
	if password != "" {
		if code := e.setPasswordOf(a, password); code != 0 {
			return nil, code, nil
		}
		a.passwordSet = time.Time{}
	}
	if code := e.merge(c, a, managed); code != 0 {
		return nil, code, nil
	}
	if len(e.accounts) >= maxAccounts {
		return nil, 1190, nil
	}
	return a, 0, nil
}

func (e *Emulator) login(c *call, _ *account) (int, any) {
	if c.text("password") == "" || c.text("email")+c.text("username")+c.text("phone") == "" {
		return fail(c, 965)
	}
	a := e.byLogin(c)
	if a == nil {
		return fail(c, e.opt.unknownUserCode)
	}
	if status, body := e.checkPassword(c, a, c.text("password"), 966); status != 0 {
		return status, body
	}
	switch {
	case !a.active:
		return fail(c, 991)
	case a.loginDisabled:
		return fail(c, 1130)
	case c.text("phone") != "" && !a.phoneVerified:
		return fail(c, 1066)
	case e.opt.workflow == Mandatory && len(a.emails) > 0 && !a.emailVerified && c.text("phone") == "":
		e.mailLink(a, kindVerify, a.email(), c.query["verificationurl"])
		return fail(c, 970)
	case e.opt.mfa:
		return http.StatusOK, e.challenge()
	}
	return http.StatusOK, e.loggedIn(c, a)
}

// checkPassword counts failures and locks. Status 0 means that the password is right.
func (e *Emulator) checkPassword(c *call, a *account, password string, wrong int) (int, any) {
	if a.lockedUntil.After(e.now()) {
		return failure(c, core.CodeAccountSuspended, map[string]any{"Data": map[string]any{"LoginLockedTimeout": date(a.lockedUntil)}})
	}
	if a.passwordIs(password) {
		a.failures = 0
		return 0, nil
	}
	if a.failures++; e.opt.lockAfter > 0 && a.failures >= e.opt.lockAfter {
		a.lockedUntil, a.failures = e.now().Add(e.opt.lockFor), 0
	}
	return fail(c, wrong)
}

func (e *Emulator) challenge() map[string]any {
	block := map[string]any{
		"SecondFactorAuthenticationToken": newID(), "ExpireIn": date(e.now().Add(10 * time.Minute)), "QRCode": nil, "ManualEntryCode": nil,
		"IsGoogleAuthenticatorVerified": false, "IsAuthenticatorVerified": true, "IsEmailOtpAuthenticatorVerified": false,
		"IsOTPAuthenticatorVerified": false, "OTPPhoneNo": nil, "OTPStatus": nil, "Email": nil, "EmailOTPStatus": nil,
		"IsSecurityQuestionAuthenticatorVerified": false, "SecurityQuestions": nil,
	}
	empty := map[string]any{"Profile": nil, "access_token": "00000000-0000-0000-0000-000000000000", "expires_in": "0001-01-01T00:00:00"}
	if e.opt.flatMFA {
		for k, v := range block {
			empty[k] = v
		}
		return empty
	}
	empty["SecondFactorAuthentication"] = block
	return empty
}

func (e *Emulator) changePassword(c *call, a *account) (int, any) {
	if c.text("oldpassword") == "" {
		return c.missing("oldpassword")
	}
	if status, body := e.checkPassword(c, a, c.text("oldpassword"), 967); status != 0 {
		return status, body
	}
	if code := e.setPasswordOf(a, c.text("newpassword")); code != 0 {
		return fail(c, code)
	}
	if e.opt.forceLogout {
		e.endSessions(a.uid, c.bearer())
	}
	return posted(c)
}

func (e *Emulator) forgotPassword(c *call, _ *account) (int, any) {
	if c.text("email")+c.text("username") == "" {
		return fail(c, 965)
	}
	a := e.byLogin(c)
	switch {
	case a == nil:
		return fail(c, 938)
	case !a.active:
		return fail(c, 991)
	}
	e.mailLink(a, kindReset, a.email(), c.query["resetpasswordurl"])
	return posted(c)
}

func (e *Emulator) resetByToken(c *call, _ *account) (int, any) {
	l, code := e.redeem(c.text("resettoken"), kindReset, 1063)
	if code != 0 {
		return fail(c, code)
	}
	return e.reset(c, l)
}

func (e *Emulator) resetByOTP(c *call, _ *account) (int, any) {
	a := e.byLogin(c)
	if a == nil {
		return fail(c, 938)
	}
	if a.lockedUntil.After(e.now()) {
		return failure(c, core.CodeAccountSuspended, map[string]any{"Data": map[string]any{"LoginLockedTimeout": date(a.lockedUntil)}})
	}
	l := e.linkByOTP(a, kindReset, c.text("otp"))
	if l == nil {
		if a.failures++; e.opt.lockAfter > 0 && a.failures >= e.opt.lockAfter {
			a.lockedUntil, a.failures = e.now().Add(e.opt.lockFor), 0
		}
		return fail(c, 1185)
	}
	return e.reset(c, l)
}

// reset sets the password and uses the link up, unless the password is refused.
func (e *Emulator) reset(c *call, l *link) (int, any) {
	a := e.accounts[l.uid]
	if !a.active {
		return fail(c, 991)
	}
	if code := e.setPasswordOf(a, c.text("password")); code != 0 {
		return fail(c, code)
	}
	l.used = true
	a.emailVerified, a.lockedUntil, a.failures = true, time.Time{}, 0
	if e.opt.forceLogout {
		e.endSessions(a.uid, "")
	}
	return posted(c)
}

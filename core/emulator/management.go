package emulator

import (
	"net/http"
	"strconv"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (e *Emulator) managementRoutes() []route {
	return []route{
		manageRoute("get_account_profile_by_user_name", "GET", managePath, e.accountByName).identifying().when(hasQuery("username")),
		manageRoute("get_account_profile_by_phone", "GET", managePath, e.accountByName).identifying().when(hasQuery("phone")),
		manageRoute("get_account_profile_by_email", "GET", managePath, e.accountByName).identifying(),
		manageRoute("account_delete_by_email", "DELETE", managePath, e.deleteByEmail),
		manageRoute("get_account_identities_by_email", "GET", managePath+"/identities", e.identitiesByEmail),
		manageRoute("generate_sott", "GET", managePath+"/sott", e.generateSOTT),
		manageRoute("get_forgot_password_token", "POST", managePath+"/forgot/token", e.forgotToken),
		manageRoute("get_email_verification_token", "POST", managePath+"/verify/token", e.verificationToken),
		uidRoute("account_update_uid", "PUT", managePath+"/uid", e.changeUID),
		uidRoute("get_account_profile_by_uid", "GET", managePath+"/{uid}", e.profileOf),
		uidRoute("update_account_by_uid", "PUT", managePath+"/{uid}", e.updateAccount),
		uidRoute("delete_account_by_uid", "DELETE", managePath+"/{uid}", e.deleteAccount),
		keyRoute("get_server_info", "GET", "identity/v2/serverinfo", e.serverInfo),
	}
}

// profileWithHash returns an account as most management calls show it: with the hash of
// the password. Calls by username and phone mask it.
func (e *Emulator) profileWithHash(c *call, a *account) map[string]any {
	p := e.profile(c, a)
	if _, ok := p["Password"]; ok && a.hash != nil {
		p["Password"] = string(a.hash)
	}
	return p
}

func (e *Emulator) profileOf(c *call, a *account) (int, any) {
	return http.StatusOK, e.profileWithHash(c, a)
}

// accountByName finds an account by the e-mail, username or phone in the query.
func (e *Emulator) accountByName(c *call, _ *account) (int, any) {
	var a *account
	switch {
	case c.query["email"] != "":
		a = e.accounts.byEmail(c.query["email"])
	case c.query["username"] != "":
		a = e.accounts.byUsername(c.query["username"])
	case c.query["phone"] != "":
		a = e.accounts.byPhone(c.query["phone"])
	default:
		return missing("email").answer(c)
	}
	if a == nil {
		return fail(c, core.CodeUserNotFound)
	}
	if c.query["email"] != "" {
		return http.StatusOK, e.profileWithHash(c, a)
	}
	return http.StatusOK, e.profile(c, a)
}

func (e *Emulator) identitiesByEmail(c *call, _ *account) (int, any) {
	if c.query["email"] == "" {
		return missing("email").answer(c)
	}
	a := e.accounts.byEmail(c.query["email"])
	if a == nil {
		return fail(c, core.CodeUserNotFound)
	}
	return http.StatusOK, map[string]any{"Data": []any{e.profileWithHash(c, a)}}
}

// updateAccount changes nothing if part of the body is refused.
func (e *Emulator) updateAccount(c *call, a *account) (int, any) {
	if len(c.body) == 0 {
		return fail(c, core.CodePutBodyInvalid)
	}
	emails := a.emails
	if _, given := c.body["email"]; given {
		var p *problem
		if emails, p = e.addressesOf(c, a); p != nil {
			return p.answer(c)
		}
		if len(emails) == 0 {
			return fail(c, core.CodeEmailAddressInvalid)
		}
	}
	password := c.text("password")
	if password != "" {
		if p := e.passwordProblem(a, password); p != nil {
			return p.answer(c)
		}
	}
	active := a.active
	if p := e.merge(c, a, true); p != nil {
		return p.answer(c)
	}
	a.emails = emails
	e.accounts.put(a)
	if password != "" {
		_ = e.changePasswordTo(a, password) // was checked above
		e.fire("SetPassword", a)
	}
	e.fire("UpdateProfile", a)
	if active && !a.active {
		e.fire("BlockAccount", a)
	}
	return http.StatusOK, e.profileWithHash(c, a)
}

func (e *Emulator) deleteAccount(_ *call, a *account) (int, any) {
	e.remove(a)
	return deleted()
}

func (e *Emulator) deleteByEmail(c *call, _ *account) (int, any) {
	if c.query["email"] == "" {
		return missing("email").answer(c)
	}
	a := e.accounts.byEmail(c.query["email"])
	if a == nil {
		return fail(c, core.CodeUserNotFound)
	}
	e.remove(a)
	return http.StatusOK, map[string]any{"IsDeleted": true, "RecordsDeleted": 1}
}

func (e *Emulator) forgotToken(c *call, _ *account) (int, any) {
	if c.text("email")+c.text("username") == "" {
		return fail(c, core.CodePostBodyInvalid)
	}
	a := e.accounts.byLogin(c)
	if a == nil {
		return fail(c, core.CodeUserNotFound)
	}
	l := e.newLink(a, kindReset, a.email())
	if c.flag("sendemail") && a.email() != "" {
		e.postLink(c, l, c.query["resetpasswordurl"])
	}
	return http.StatusOK, map[string]any{"ForgotToken": l.token, "IdentityProviders": a.providers()}
}

func (e *Emulator) verificationToken(c *call, _ *account) (int, any) {
	a := e.accounts.byEmail(c.text("email"))
	switch {
	case a == nil:
		return fail(c, core.CodeUserNotFound)
	case a.emailVerified:
		return fail(c, core.CodeEmailVerifiedAlready)
	}
	l := e.newLink(a, kindVerify, c.text("email"))
	return http.StatusOK, map[string]any{"VerificationToken": l.token, "expires_in": e.date(l.expires)}
}

// timeDifference is the requested lifetime of a SOTT.
func (c *call) timeDifference() time.Duration {
	if n, err := strconv.Atoi(c.query["timedifference"]); err == nil && n > 0 && n < 1e6 {
		return time.Duration(n) * time.Minute
	}
	return 10 * time.Minute
}

func (e *Emulator) serverInfo(c *call, _ *account) (int, any) {
	const layout = "2006-01-02 15:04:05"
	now := e.now()
	return http.StatusOK, map[string]any{
		"ServerLocation": "loopback", "ServerName": "emulator", "CurrentTime": now.Format(layout),
		"Sott": map[string]any{
			"StartTime": now.Format(layout), "EndTime": now.Add(c.timeDifference()).Format(layout),
			"TimeDifference": strconv.Itoa(int(c.timeDifference()/time.Minute)) + " Minutes",
		},
	}
}

func (e *Emulator) generateSOTT(c *call, _ *account) (int, any) {
	end := e.now().Add(c.timeDifference())
	return http.StatusOK, map[string]any{"Sott": e.sealSOTT(e.now(), end), "ExpiryTime": e.date(end)}
}

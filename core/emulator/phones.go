package emulator

import (
	"net/http"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// phones are the numbers that accounts log in with. They are compared by their digits.
type phones struct{ *Emulator }

func (p *phones) phoneRoutes() []route {
	const path = authPath + "phone"
	withToken := condition{"access token", func(c *call) bool { return c.bearer() != "" }}
	return []route{
		keyRoute("check_phone_number_availability", "GET", path, p.exists).identifying(),
		userRoute("update_phone_number", "PUT", path, p.change),
		userRoute("remove_phone_id_by_access_token", "DELETE", path, p.remove),
		userRoute("phone_resend_verification_otp_by_token", "POST", path+"/otp", p.resendByToken).when(withToken),
		keyRoute("phone_resend_verification_otp", "POST", path+"/otp", p.resend).identifying(),
		userRoute("phone_verification_otp_by_access_token", "PUT", path+"/otp", p.verifyByToken).when(withToken),
		keyRoute("phone_verification_by_otp", "PUT", path+"/otp", p.verify).identifying(),
		keyRoute("forgot_password_by_phone_otp", "POST", authPath+"password/otp", p.forgotPassword).identifying(),
		keyRoute("reset_password_by_phone_otp", "PUT", authPath+"password/otp", p.resetPassword).identifying(),
		userRoute("send_account_delete_otp", "GET", authPath+"account/otp", p.requestDeletion),
		userRoute("delete_account_by_otp", "POST", authPath+"account/delete", p.confirmDeletion),
		uidRoute("update_phone_id_by_uid", "PUT", managePath+"/{uid}/phoneid", p.set),
		uidRoute("reset_phone_id_verification_by_uid", "PUT", managePath+"/{uid}/invalidatephone", p.invalidate),
	}
}

// phoneKey is a number as it is compared: its digits alone.
func phoneKey(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}

// number checks the parameter phone of a call on a site with phone login.
func (p *phones) number(given string) (string, *problem) {
	number, ok := phoneNumber(given)
	switch {
	case p.opt.off[FeaturePhoneLogin]:
		return "", refuse(core.CodePhoneLoginDisabled)
	case given == "":
		return "", missing("phone")
	case !ok:
		return "", refuse(core.CodePhoneNumberInvalid)
	}
	return number, nil
}

// proven notes that the owner of an account received a message at its number.
func (p *phones) proven(a *account) {
	a.lock.failures = 0
	if !a.phoneVerified {
		a.phoneVerified, a.modified = true, p.now()
		p.fire("VerifyPhoneNumber", a)
	}
}

func (p *phones) exists(c *call, _ *account) (int, any) {
	number, problem := p.number(c.query["phone"])
	if problem != nil {
		return problem.answer(c)
	}
	return http.StatusOK, map[string]any{"IsExist": p.accounts.byPhone(number) != nil}
}

// sendCode sends the code that verifies a number of the account.
func (p *phones) sendCode(a *account, number string) bool {
	return p.codes.send(codeKey{kindVerifyPhone, a.uid}, number)
}

// sentTo is the answer of calls that send a code and say that they did.
func sentTo(c *call, sent bool) (int, any) {
	if !sent {
		return fail(c, core.CodeSMSLimitReached)
	}
	return http.StatusOK, map[string]any{"IsPosted": true, "Data": smsData()}
}

// free is the problem of a number that another account has.
func (p *phones) free(a *account, number string) *problem {
	if owner := p.accounts.byPhone(number); owner != nil && owner != a {
		return refuse(core.CodePhoneAlreadyRegistered)
	}
	return nil
}

func (p *phones) change(c *call, a *account) (int, any) {
	number, problem := p.number(c.text("phone"))
	if problem == nil {
		problem = p.free(a, number)
	}
	if problem != nil {
		return problem.answer(c)
	}
	if !p.sendCode(a, number) {
		return sentTo(c, false)
	}
	if p.opt.passwordless.phoneAtOnce {
		p.assign(a, number, false)
	} else {
		a.newPhone = number
		p.accounts.put(a)
	}
	return sentTo(c, true)
}

// assign gives the account a number, which ends a pending change.
func (p *phones) assign(a *account, number string, verified bool) {
	a.phone, a.newPhone, a.phoneVerified, a.modified = number, "", verified, p.now()
	p.accounts.put(a)
	if number == "" {
		p.fire("RemovePhoneId", a)
		return
	}
	p.fire("UpdatePhoneId", a)
	if verified {
		p.fire("VerifyPhoneNumber", a)
	}
}

func (p *phones) remove(c *call, a *account) (int, any) {
	switch {
	case a.phone == "":
		return fail(c, core.CodePhoneNotFound)
	case a.email() == "" || p.opt.workflow == Mandatory && !a.emailVerified: // nothing else to log in with
		return fail(c, core.CodeEmailNotVerified)
	}
	p.codes.drop(codeKey{kindVerifyPhone, a.uid})
	p.assign(a, "", false)
	return deleted()
}

func (p *phones) resend(c *call, _ *account) (int, any) {
	number, problem := p.number(c.text("phone"))
	if problem != nil {
		return problem.answer(c)
	}
	a := p.accounts.byPhoneOrChange(number)
	switch {
	case a == nil:
		return fail(c, core.CodePhoneNotFound)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	case phoneKey(number) == phoneKey(a.phone) && a.phoneVerified:
		return fail(c, core.CodePhoneAlreadyConfirmed)
	}
	return sentTo(c, p.sendCode(a, number))
}

// resendByToken sends the code to the number of a change that waits, or else to the
// account's number. A number in the body must be one of them.
func (p *phones) resendByToken(c *call, a *account) (int, any) {
	number := first(a.newPhone, a.phone)
	if given := c.text("phone"); given != "" {
		var problem *problem
		if given, problem = p.number(given); problem != nil {
			return problem.answer(c)
		}
		if p.accounts.byPhoneOrChange(given) != a {
			return fail(c, core.CodePhoneNotFound)
		}
		number = given
	}
	switch {
	case p.opt.off[FeaturePhoneLogin]:
		return fail(c, core.CodePhoneLoginDisabled)
	case number == "":
		return fail(c, core.CodePhoneNotFound)
	case phoneKey(number) == phoneKey(a.phone) && a.phoneVerified:
		return fail(c, core.CodeAccessTokenInvalidOrPhoneVerified)
	}
	return sentTo(c, p.sendCode(a, number))
}

func (p *phones) verify(c *call, _ *account) (int, any) {
	number, problem := p.number(c.text("phone"))
	if problem != nil {
		return problem.answer(c)
	}
	a := p.accounts.byPhoneOrChange(number)
	if a == nil {
		return fail(c, core.CodePhoneNotFound)
	}
	if problem = p.barred(a); problem == nil {
		problem = p.confirm(c, a, core.CodePhoneAlreadyConfirmed)
	}
	if problem != nil {
		return problem.answer(c)
	}
	return p.completeLogin(c, a, login{provider: "Email"})
}

func (p *phones) verifyByToken(c *call, a *account) (int, any) {
	problem := p.confirm(c, a, core.CodeAccessTokenInvalidOrPhoneVerified)
	if problem != nil {
		return problem.answer(c)
	}
	return posted(c)
}

// confirm checks the code that was sent to the account's number, or to the one that
// is to replace it.
func (p *phones) confirm(c *call, a *account, already core.ErrorCode) *problem {
	switch {
	case c.query["otp"] == "":
		return missing("otp")
	case a.newPhone == "" && a.phoneVerified:
		return refuse(already)
	}
	code, state := p.codes.check(codeKey{kindVerifyPhone, a.uid}, c.query["otp"])
	if state != codeGood {
		p.countFailure(a)
		return refuse(state.bySMS())
	}
	switch phoneKey(code.to) {
	case phoneKey(a.newPhone):
		if problem := p.free(a, a.newPhone); problem != nil {
			return problem
		}
		p.assign(a, a.newPhone, true)
	case phoneKey(a.phone):
		p.proven(a)
	default: // the number was changed meanwhile
		return refuse(core.CodeOTPInaccessible)
	}
	code.used = true
	return nil
}

// set is the management call that gives an account a number, unverified.
func (p *phones) set(c *call, a *account) (int, any) {
	number, problem := p.number(c.text("phone"))
	if problem == nil {
		problem = p.free(a, number)
	}
	if problem != nil {
		return problem.answer(c)
	}
	p.assign(a, number, false)
	return http.StatusOK, p.profileWithHash(c, a)
}

func (p *phones) invalidate(c *call, a *account) (int, any) {
	switch {
	case a.phone == "":
		return fail(c, core.CodePhoneInvalidationRefused)
	case !a.phoneVerified:
		return fail(c, core.CodePhoneNumberAlreadyUnverified)
	}
	a.phoneVerified, a.modified = false, p.now()
	p.fire("InvalidatePhoneVerification", a)
	if !p.sendCode(a, a.phone) {
		return fail(c, core.CodeSMSLimitReached)
	}
	return posted(c)
}

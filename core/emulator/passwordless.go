package emulator

import (
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// passwordless is the login by a mailed link, or by a code that came by e-mail or
// SMS. Links live in the store of links, codes in the store of codes.
type passwordless struct{ *Emulator }

func (p *passwordless) passwordlessRoutes() []route {
	const path = authPath + "login/passwordlesslogin"
	return []route{
		keyRoute("passwordless_login_by_user_name", "GET", path+"/email", p.sendMail).identifying().when(hasQuery("username")),
		keyRoute("passwordless_login_by_email", "GET", path+"/email", p.sendMail).identifying(),
		keyRoute("passwordless_registration_by_email", "POST", path+"/email", p.registerByEmail).identifying(),
		keyRoute("passwordless_login_verification", "GET", path+"/email/verify", p.verifyLink),
		keyRoute("passwordless_login_verification_by_email_and_otp", "POST", path+"/email/verifyotp", p.verifyMailedCode).identifying(),
		keyRoute("passwordless_login_verification_by_user_name_and_otp", "POST", path+"/username/verifyotp", p.verifyMailedCode).identifying(),
		keyRoute("passwordless_login_by_phone", "GET", path+"/otp", p.sendSMS).identifying(),
		keyRoute("passwordless_registration_by_phone", "POST", path+"/otp", p.registerByPhone).identifying(),
		keyRoute("passwordless_login_phone_verification", "PUT", path+"/otp/verify", p.verifySMSCode).identifying(),
	}
}

// disabled reports whether the site has no logins without a password.
func (p *passwordless) disabled() bool {
	return p.opt.off[FeaturePasswordless] || p.opt.passwordless.offUnderMFA && p.opt.mfa.mode != MFAOff
}

// barred is the problem of an account that may not log in, whatever it presents.
func (e *Emulator) barred(a *account) *problem {
	switch {
	case a == nil:
		return refuse(core.CodeUserNotFound)
	case a.loginDisabled:
		return refuse(core.CodeLoginDisabled)
	case !a.active:
		return refuse(core.CodeAccountBlocked)
	case a.locked(e.now()):
		return e.lockProblem(a)
	}
	return nil
}

// byMail is the problem of an account that is to log in by a message to its address.
func (e *Emulator) byMail(a *account) *problem {
	if p := e.barred(a); p != nil {
		return p
	}
	switch {
	case a.email() == "":
		return refuse(core.CodeEmailProfileNotFound)
	case e.opt.workflow == Mandatory && !a.emailVerified && !e.opt.passwordless.unverified:
		return refuse(core.CodeEmailNotVerified)
	}
	return nil
}

// bySMS is the problem of an account that is to log in by a message to its number.
func (e *Emulator) bySMS(a *account) *problem {
	if p := e.barred(a); p != nil {
		return p
	}
	if e.opt.workflow == Mandatory && !a.phoneVerified && !e.opt.passwordless.unverified {
		return refuse(core.CodePhoneNotVerified)
	}
	return nil
}

// proven notes that the owner of an account received a message at its address.
func (e *Emulator) proven(a *account) {
	a.lock.failures = 0
	if !a.emailVerified {
		a.emailVerified, a.modified = true, e.now()
		e.fire("EmailVerification", a)
	}
}

func (p *passwordless) sendMail(c *call, _ *account) (int, any) {
	email, username := c.query["email"], c.query["username"]
	switch {
	case p.disabled():
		return fail(c, core.CodePasswordlessLoginDisabled)
	case email == "" && username == "":
		return missing("email").answer(c)
	}
	a := p.accounts.byEmail(email)
	if username != "" {
		a = p.accounts.byUsername(username)
	}
	return p.checkAndMail(c, a, email)
}

func (p *passwordless) checkAndMail(c *call, a *account, to string) (int, any) {
	if problem := p.byMail(a); problem != nil {
		return problem.answer(c)
	}
	return p.mail(c, a, first(to, a.email()))
}

// mail sends the link, or the code where the site mails codes.
func (p *passwordless) mail(c *call, a *account, to string) (int, any) {
	var sent bool
	if p.opt.emailOTP {
		sent = p.codes.send(codeKey{kindPasswordless, a.uid}, to)
	} else if sent = p.codes.mayReceive(kindPasswordless, to); sent {
		p.postLink(c, p.newLoginLink(a, kindPasswordless, to, p.opt.passwordless.linkLife), c.query["verificationurl"])
	}
	if !sent {
		return fail(c, core.CodeEmailLimitReached)
	}
	return posted(c)
}

// newLoginLink makes a link that logs in. It replaces older ones of its kind.
func (e *Emulator) newLoginLink(a *account, kind, to string, life time.Duration) *link {
	for _, old := range e.links.Values() {
		if old.uid == a.uid && old.kind == kind {
			old.used = true
		}
	}
	l := &link{token: newID(), kind: kind, uid: a.uid, email: to, expires: e.now().Add(life)}
	e.links.Add(l.token, l)
	return l
}

func (p *passwordless) verifyLink(c *call, _ *account) (int, any) {
	if p.disabled() {
		return fail(c, core.CodePasswordlessLoginDisabled)
	}
	l, problem := p.redeem(c.query["verificationtoken"], kindPasswordless, core.CodeVerificationTokenInvalid)
	switch {
	case problem != nil && problem.code == core.CodeVerificationLinkUsed:
		return fail(c, core.CodePasswordlessLinkUsed)
	case problem != nil:
		return problem.answer(c)
	}
	a := p.accounts.byUID(l.uid)
	if problem := p.barred(a); problem != nil {
		return problem.answer(c)
	}
	l.used = true
	p.proven(a)
	return p.completeLogin(c, a, login{provider: "Email"})
}

func (p *passwordless) verifyMailedCode(c *call, _ *account) (int, any) {
	name := "email"
	if c.route.operation == "passwordless_login_verification_by_user_name_and_otp" {
		name = "username"
	}
	for _, key := range []string{name, "otp"} {
		if c.text(key) == "" {
			return missing(key).answer(c)
		}
	}
	if p.disabled() {
		return fail(c, core.CodePasswordlessLoginDisabled)
	}
	a := p.accounts.byEmail(c.text("email"))
	if name == "username" {
		a = p.accounts.byUsername(c.text("username"))
	}
	if problem := p.barred(a); problem != nil {
		return problem.answer(c)
	}
	switch p.codes.take(codeKey{kindPasswordless, a.uid}, c.text("otp")) {
	case codeUsed:
		return fail(c, core.CodePasswordlessLinkUsed)
	case codeExpired:
		return fail(c, core.CodeVerificationLinkExpired)
	case codeUnknown, codeWrong:
		p.countFailure(a)
		return fail(c, core.CodeVerificationOTPInvalid)
	}
	p.proven(a)
	return p.completeLogin(c, a, login{provider: "Email"})
}

func (p *passwordless) sendSMS(c *call, _ *account) (int, any) {
	if p.disabled() {
		return fail(c, core.CodePasswordlessLoginDisabled)
	}
	number, problem := p.phones.number(c.query["phone"])
	if problem != nil {
		return problem.answer(c)
	}
	return p.checkAndSend(c, p.accounts.byPhone(number))
}

func (p *passwordless) checkAndSend(c *call, a *account) (int, any) {
	if problem := p.bySMS(a); problem != nil {
		return problem.answer(c)
	}
	return p.sms(c, a)
}

func (p *passwordless) sms(c *call, a *account) (int, any) {
	if !p.codes.send(codeKey{kindPasswordless, smsOwner(a)}, a.phone) {
		return fail(c, core.CodeSMSLimitReached)
	}
	return http.StatusOK, map[string]any{"Data": smsData()}
}

// smsOwner keeps the code of an SMS apart from that of an e-mail to the same user.
func smsOwner(a *account) string { return "sms " + a.uid }

func (p *passwordless) verifySMSCode(c *call, _ *account) (int, any) {
	if p.disabled() {
		return fail(c, core.CodePasswordlessLoginDisabled)
	}
	number, problem := p.phones.number(c.text("phone"))
	if problem != nil {
		return problem.answer(c)
	}
	if c.text("otp") == "" {
		return missing("otp").answer(c)
	}
	a := p.accounts.byPhone(number)
	if problem := p.barred(a); problem != nil {
		return problem.answer(c)
	}
	if state := p.codes.take(codeKey{kindPasswordless, smsOwner(a)}, c.text("otp")); state != codeGood {
		p.countFailure(a)
		return fail(c, state.bySMS())
	}
	p.phones.proven(a)
	return p.completeLogin(c, a, login{provider: "Email"})
}

// registerByEmail mails like sendMail. If the site allows it, it registers a user who
// is unknown first; a username and a phone number in the body are ignored.
func (p *passwordless) registerByEmail(c *call, _ *account) (int, any) {
	email := c.text("email")
	if items, _ := c.body["email"].([]any); len(items) > 0 {
		email, _ = fold(items[0])["value"].(string)
	}
	switch {
	case p.disabled():
		return fail(c, core.CodePasswordlessLoginDisabled)
	case email == "":
		return missing("email").answer(c)
	}
	if a := p.accounts.byEmail(email); a != nil {
		return p.checkAndMail(c, a, email)
	}
	delete(c.body, "username")
	delete(c.body, "phoneid")
	a, problem := p.registerUnknown(c)
	if problem != nil {
		return problem.answer(c)
	}
	return p.mail(c, a, email)
}

func (p *passwordless) registerByPhone(c *call, _ *account) (int, any) {
	if p.disabled() {
		return fail(c, core.CodePasswordlessLoginDisabled)
	}
	number, problem := p.phones.number(first(c.text("phoneid"), c.text("phone")))
	if problem != nil {
		return problem.answer(c)
	}
	if a := p.accounts.byPhone(number); a != nil {
		return p.checkAndSend(c, a)
	}
	c.body["phoneid"] = number
	a, problem := p.registerUnknown(c)
	if problem != nil {
		return problem.answer(c)
	}
	return p.sms(c, a)
}

// registerUnknown makes an account of a body without a password. A SOTT or a captcha
// response must show that a form of the site sent it.
func (p *passwordless) registerUnknown(c *call) (*account, *problem) {
	if !p.opt.passwordless.autoRegister {
		return nil, refuse(core.CodeUserNotFound)
	}
	if sott := first(c.r.Header.Get("X-LoginRadius-Sott"), c.query["sott"]); sott != "" {
		if code := p.checkSOTT(sott); code != 0 {
			return nil, refuse(code)
		}
	} else if problem := p.checkCaptcha(c); problem != nil {
		return nil, problem
	}
	a, problem := p.accountFrom(c, registration{withoutPassword: true})
	if problem == nil {
		p.join(a)
	}
	return a, problem
}

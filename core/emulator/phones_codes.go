package emulator

import "github.com/loginradius-contrib/go-middleware/core"

// The calls that a code sent by SMS allows: a new password and the deletion of the account.

func (p *phones) forgotPassword(c *call, _ *account) (int, any) {
	number, problem := p.number(c.text("phone"))
	if problem != nil {
		return problem.answer(c)
	}
	a := p.accounts.byPhone(number)
	switch {
	case a == nil:
		return fail(c, core.CodeUserNotFound)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	}
	return sentTo(c, p.codes.send(codeKey{kindResetPhone, a.uid}, a.phone))
}

func (p *phones) resetPassword(c *call, _ *account) (int, any) {
	number, problem := p.number(c.text("phone"))
	if problem != nil {
		return problem.answer(c)
	}
	if c.text("otp") == "" {
		return missing("otp").answer(c)
	}
	a := p.accounts.byPhone(number)
	if problem := p.barred(a); problem != nil && problem.code != core.CodeLoginDisabled {
		return problem.answer(c)
	}
	code, state := p.codes.check(codeKey{kindResetPhone, a.uid}, c.text("otp"))
	if state != codeGood {
		p.countFailure(a) // a code of a few digits could be guessed
		return fail(c, state.bySMS())
	}
	if problem := p.changePasswordTo(a, c.text("password")); problem != nil {
		return problem.answer(c)
	}
	code.used = true
	p.fire("ResetPassword", a)
	if p.opt.resetVerifies {
		p.proven(a)
	}
	p.forceLogout(a, "")
	return posted(c)
}

func (p *phones) requestDeletion(c *call, a *account) (int, any) {
	if a.phone == "" {
		return fail(c, core.CodePhoneNotLinked)
	}
	return sentTo(c, p.codes.send(codeKey{kindDelete, a.uid}, a.phone))
}

func (p *phones) confirmDeletion(c *call, a *account) (int, any) {
	if c.text("otp") == "" {
		return missing("otp").answer(c)
	}
	if state := p.codes.take(codeKey{kindDelete, a.uid}, c.text("otp")); state != codeGood {
		p.countFailure(a)
		return fail(c, state.bySMS())
	}
	p.Emulator.remove(a)
	return deleted()
}

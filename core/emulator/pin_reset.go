package emulator

import (
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (p *pins) change(c *call, a *account) (int, any) {
	for _, key := range []string{"oldpin", "newpin"} {
		if c.text(key) == "" {
			return missing(key).answer(c)
		}
	}
	if problem := p.check(a, c.text("oldpin"), core.CodeCurrentPINInvalid); problem != nil {
		return problem.answer(c)
	}
	if problem := p.set(a, c.text("newpin")); problem != nil {
		return problem.answer(c)
	}
	p.fire("ChangePIN", a)
	if p.opt.forceLogout {
		p.sessions.end(a.uid, c.bearer())
	}
	return posted(c)
}

// owner finds the user whom a forgotten PIN belongs to.
func (p *pins) owner(c *call, key string) (*account, *problem) {
	find := map[string]func(string) *account{"email": p.accounts.byEmail, "username": p.accounts.byUsername, "phone": p.accounts.byPhone}[key]
	if c.text(key) == "" {
		return nil, missing(key)
	}
	a := find(c.text(key))
	switch {
	case a == nil:
		return nil, refuse(core.CodeUserNotFound)
	case !a.active:
		return nil, refuse(core.CodeAccountBlocked)
	case a.pin == nil:
		return nil, refuse(core.CodePINAuthenticationNotConfigured)
	}
	return a, nil
}

func (p *pins) forgot(key string) handler {
	return func(c *call, _ *account) (int, any) {
		a, problem := p.owner(c, key)
		switch {
		case problem != nil:
			return problem.answer(c)
		case a.email() == "":
			return fail(c, core.CodeEmailProfileNotFound)
		case !p.codes.mayReceive(kindPINReset, a.email()):
			return fail(c, core.CodeEmailLimitReached)
		}
		p.mailLink(c, a, kindPINReset, first(c.text("email"), a.email()), c.query["resetpinurl"])
		return posted(c)
	}
}

func pinKey(a *account) codeKey { return codeKey{kindPINReset, a.uid} }

func (p *pins) forgotByPhone(c *call, _ *account) (int, any) {
	a, problem := p.owner(c, "phone")
	switch {
	case problem != nil:
		return problem.answer(c)
	case !p.codes.send(pinKey(a), a.phone):
		return fail(c, core.CodeSMSLimitReached)
	}
	return http.StatusOK, map[string]any{"IsPosted": true, "Data": smsData()}
}

// replace sets a new PIN, which ends what the old one began.
func (p *pins) replace(c *call, a *account, done func()) (int, any) {
	if problem := p.set(a, c.text("pin")); problem != nil {
		return problem.answer(c)
	}
	done()
	p.fire("ResetPIN", a)
	p.end(a.uid)
	return posted(c)
}

func (p *pins) resetByToken(c *call, _ *account) (int, any) {
	if c.text("resettoken") == "" {
		return missing("resettoken").answer(c)
	}
	l, problem := p.redeem(c.text("resettoken"), kindPINReset, core.CodeVerificationTokenInvalid)
	switch {
	case problem != nil && problem.code == core.CodeVerificationLinkUsed:
		return fail(c, core.CodeEmailVerificationLinkUsed)
	case problem != nil:
		return problem.answer(c)
	case !p.accounts.byUID(l.uid).active:
		return fail(c, core.CodeAccountBlocked)
	}
	return p.replace(c, p.accounts.byUID(l.uid), func() { l.used = true })
}

// resetByOTP takes the code of an e-mail where the site mails codes, or of an SMS.
func (p *pins) resetByOTP(key string) handler {
	return func(c *call, _ *account) (int, any) {
		a, problem := p.owner(c, key)
		switch {
		case c.text("otp") == "":
			return missing("otp").answer(c)
		case problem != nil:
			return problem.answer(c)
		case a.locked(p.now()):
			return p.lockProblem(a).answer(c)
		}
		if key == "phone" {
			code, state := p.codes.check(pinKey(a), c.text("otp"))
			if state != codeGood {
				p.countFailure(a)
				return fail(c, state.bySMS())
			}
			return p.replace(c, a, func() { code.used = true })
		}
		l := p.linkByOTP(a, kindPINReset, c.text("otp"))
		switch {
		case l == nil:
			p.countFailure(a)
			return fail(c, core.CodeVerificationOTPInvalid)
		case l.used:
			return fail(c, core.CodeVerificationLinkUsed)
		case !p.now().Before(l.expires):
			return fail(c, core.CodeVerificationLinkExpired)
		}
		return p.replace(c, a, func() { l.used = true })
	}
}

func (p *pins) resetByAnswer(key string) handler {
	return func(c *call, _ *account) (int, any) {
		a, problem := p.owner(c, key)
		switch {
		case problem != nil:
			return problem.answer(c)
		case a.locked(p.now()):
			return p.lockProblem(a).answer(c)
		}
		if problem := p.checkAnswers(a, c.body["securityanswer"], 1); problem != nil {
			return problem.answer(c)
		}
		return p.replace(c, a, func() {})
	}
}

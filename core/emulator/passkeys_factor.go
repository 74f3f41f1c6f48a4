package emulator

import (
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A passkey as a second factor. It is one of the account's passkeys, so that it also
// works as a login of its own.

const (
	toEnrolFactor = "enrol factor"
	toProveFactor = "prove factor"
)

func (p *passkeys) factorRoutes() []route {
	const login, own = authPath + "login/2fa/", authPath + "account/2fa/"
	byToken := condition{"access token", func(c *call) bool { return c.query["secondfactorauthenticationtoken"] == "" && c.bearer() != "" }}
	routes := []route{
		keyRoute("mfa_passkey_begin", "GET", login+"passkey/begin", p.mfa.challenged(p.beginFactor)),
		keyRoute("mfa_passkey_finish", "POST", login+"passkey/finish", p.mfa.challenged(p.finishFactor)),
		// The guides have the calls by access token under the path of those by challenge.
		userRoute("mfa_passkey_add_begin", "GET", login+"register/passkey/begin", p.beginOwnFactor).when(byToken),
		userRoute("mfa_passkey_add_begin", "GET", own+"register/passkey/begin", p.beginOwnFactor),
		userRoute("mfa_passkey_add_finish", "POST", own+"register/passkey/finish", p.finishOwnFactor),
		keyRoute("mfa_passkey_register_begin", "GET", login+"register/passkey/begin", p.mfa.challenged(p.beginEnrolling)),
		keyRoute("mfa_passkey_register_finish", "POST", login+"register/passkey/finish", p.mfa.challenged(p.finishEnrolling)),
		userRoute("mfa_passkey_remove", "DELETE", own+"authenticator/passkey", p.mfa.resetFactor(FactorPasskey)),
		uidRoute("mfa_passkey_remove_by_uid", "DELETE", managePath+"/2fa/passkey", p.mfa.resetFactor(FactorPasskey)),
	}
	for i := range routes {
		handle := routes[i].handle
		routes[i].handle = func(c *call, a *account) (int, any) {
			switch {
			case p.opt.mfa.mode == MFAOff:
				return fail(c, core.CodeMFANotEnabled)
			case !p.mfa.allows(FactorPasskey):
				return fail(c, core.CodePasskeyMFANotConfigured)
			}
			return handle(c, a)
		}
	}
	return routes
}

func (p *passkeys) beginFactor(c *call, a *account, ch *challenge) (int, any) {
	if !a.mfa.has(FactorPasskey) || len(a.passkeys.keys) == 0 {
		return fail(c, core.CodePasskeyMFANotConfiguredForProfile)
	}
	options, problem := p.beginAssertion(toProveFactor, ch.token, &a.passkeys)
	if problem != nil {
		return problem.answer(c)
	}
	return http.StatusOK, map[string]any{"LoginBeginCredential": options}
}

func (p *passkeys) finishFactor(c *call, a *account, ch *challenge) (int, any) {
	if !a.mfa.has(FactorPasskey) {
		return fail(c, core.CodePasskeyMFANotConfiguredForProfile)
	}
	if _, problem := p.finishAssertion(c, toProveFactor, ch.token); problem != nil {
		if problem.code == core.CodePasskeyVerificationFailed {
			return p.mfa.wrong(c, a, ch, problem.code)
		}
		return problem.answer(c)
	}
	return p.mfa.complete(c, a, ch)
}

// beginEnrolling is for users without any factor: others complete the login with
// what they have.
func (p *passkeys) beginEnrolling(c *call, a *account, ch *challenge) (int, any) {
	if problem := p.mayEnrol(a); problem != nil {
		return problem.answer(c)
	}
	options, problem := p.beginCreation(toEnrolFactor, ch.token, p.keysOf(a), passkeyTimeout)
	if problem != nil {
		return problem.answer(c)
	}
	return http.StatusOK, map[string]any{"RegisterBeginCredential": options}
}

func (p *passkeys) mayEnrol(a *account) *problem {
	switch {
	case a.email() == "":
		return refuse(core.CodePasskeyLoginUnavailable)
	case p.mfa.enrolled(a) > 0:
		return refuse(core.CodeMFAMethodAlreadyEnabled)
	}
	return nil
}

func (p *passkeys) finishEnrolling(c *call, a *account, ch *challenge) (int, any) {
	problem := p.mayEnrol(a)
	if problem == nil {
		_, problem = p.finishCreation(c, toEnrolFactor, ch.token)
	}
	if problem != nil {
		return problem.answer(c)
	}
	a.mfa.add(FactorPasskey)
	p.accounts.put(a)
	return p.mfa.complete(c, a, ch)
}

func (p *passkeys) beginOwnFactor(c *call, a *account) (int, any) {
	if a.email() == "" {
		return fail(c, core.CodePasskeyLoginUnavailable)
	}
	options, problem := p.beginCreation(toEnrolFactor, a.uid, p.keysOf(a), passkeyTimeout)
	if problem != nil {
		return problem.answer(c)
	}
	return http.StatusOK, map[string]any{"RegisterBeginCredential": options}
}

func (p *passkeys) finishOwnFactor(c *call, a *account) (int, any) {
	if _, problem := p.finishCreation(c, toEnrolFactor, a.uid); problem != nil {
		return problem.answer(c)
	}
	a.mfa.add(FactorPasskey)
	p.accounts.put(a)
	return p.list(c, a)
}

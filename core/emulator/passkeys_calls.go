package emulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (p *passkeys) passkeyRoutes() []route {
	const login, register, own = authPath + "login/passkey", authPath + "register/passkey", authPath + "account"
	const reset = authPath + "passkey/reset"
	routes := []route{
		keyRoute("passkey_register_begin", "GET", register+"/begin", p.beginRegistration).identifying(),
		keyRoute("passkey_register_finish", "POST", register+"/finish", p.finishRegistration),
		keyRoute("passkey_login_begin", "GET", login+"/begin", p.beginLogin).identifying(),
		keyRoute("passkey_login_finish", "POST", login+"/finish", p.finishLogin).identifying(),
		keyRoute("passkey_autofill_begin", "GET", login+"/autofill/begin", p.beginAutofill),
		keyRoute("passkey_autofill_finish", "POST", login+"/autofill/finish", p.finishAutofill),
		userRoute("passkey_add_begin", "GET", own+"/register/passkey/begin", p.beginAdding),
		userRoute("passkey_add_finish", "POST", own+"/register/passkey/finish", p.finishAdding),
		userRoute("passkey_list", "GET", own+"/passkey", p.list),
		userRoute("passkey_remove", "DELETE", own+"/passkey/{passkeyid}", p.removeOne),
		uidRoute("passkey_list_by_uid", "GET", managePath+"/passkey", p.list),
		uidRoute("passkey_remove_by_uid", "DELETE", managePath+"/passkey/{passkeyid}", p.removeOne),
		keyRoute("passkey_forgot", "POST", authPath+"passkey/forgot", p.forgot).identifying(),
		keyRoute("passkey_reset_begin", "GET", reset+"/begin", p.beginReset),
		keyRoute("passkey_reset_finish", "POST", reset+"/finish", p.finishReset),
	}
	routes = append(routes, p.factorRoutes()...)
	for i := range routes {
		handle := routes[i].handle
		routes[i].handle = func(c *call, a *account) (int, any) {
			if problem := p.usable(); problem != nil {
				return problem.answer(c)
			}
			return handle(c, a)
		}
	}
	return routes
}

// What begins a ceremony, so that no other one can be finished with its answer.
const (
	toRegister = "register"
	toLogIn    = "login"
	toAutofill = "autofill"
	toAdd      = "add"
	toReset    = "reset"
)

// The timeouts that browsers are told, as documented.
const (
	passkeyTimeout    = time.Minute
	passkeyAddTimeout = 30 * time.Second
)

func (p *passkeys) beginRegistration(c *call, _ *account) (int, any) {
	email := c.query["identifier"]
	switch {
	case email == "":
		return missing("identifier").answer(c)
	case !isAddress(email):
		return fail(c, core.CodeEmailAddressInvalid)
	case p.accounts.byEmail(email) != nil:
		return fail(c, core.CodeEmailAlreadyRegistered)
	}
	options, problem := p.beginCreation(toRegister, strings.ToLower(email), &keyring{handle: newID()}, passkeyTimeout)
	if problem != nil {
		return problem.answer(c)
	}
	return http.StatusOK, map[string]any{"RegisterBeginCredential": options}
}

// finishRegistration makes an account that has a passkey and, unless the body has
// one, no password. A SOTT is not required, but must be right if there is one.
func (p *passkeys) finishRegistration(c *call, _ *account) (int, any) {
	if sott := first(c.r.Header.Get("X-LoginRadius-Sott"), c.query["sott"]); sott != "" {
		if code := p.checkSOTT(sott); code != 0 {
			return fail(c, code)
		}
	}
	a, problem := p.accountFrom(c, registration{withoutPassword: true})
	if problem == nil && a.email() == "" {
		problem = refuse(core.CodePasskeyLoginUnavailable)
	}
	if problem != nil {
		return problem.answer(c)
	}
	done, problem := p.finishCreation(c, toRegister, strings.ToLower(a.email()))
	if problem != nil {
		return problem.answer(c)
	}
	a.passkeys = *done.owner
	p.join(a)
	p.announce(c, a)
	out := map[string]any{"IsPosted": true}
	if p.opt.workflow == Mandatory {
		return http.StatusOK, out
	}
	if data, ok := p.loginData(c, a).(map[string]any); ok {
		maps.Copy(out, data)
	}
	return http.StatusOK, out
}

// mayUse is the problem of an account that is to log in with a passkey.
func (p *passkeys) mayUse(a *account) *problem {
	if problem := p.byMail(a); problem != nil {
		if problem.code == core.CodeEmailProfileNotFound {
			return refuse(core.CodePasskeyLoginUnavailable)
		}
		return problem
	}
	if len(a.passkeys.keys) == 0 {
		return refuse(core.CodePasskeyNotConfiguredProfile)
	}
	return nil
}

func (p *passkeys) beginLogin(c *call, _ *account) (int, any) {
	email := c.query["identifier"]
	if email == "" {
		return missing("identifier").answer(c)
	}
	a := p.accounts.byEmail(email)
	problem := p.mayUse(a)
	if problem != nil {
		return problem.answer(c)
	}
	options, problem := p.beginAssertion(toLogIn, a.uid, &a.passkeys)
	if problem != nil {
		return problem.answer(c)
	}
	return http.StatusOK, map[string]any{"LoginBeginCredential": options}
}

func (p *passkeys) finishLogin(c *call, _ *account) (int, any) {
	email := c.text("email")
	if items, _ := c.body["email"].([]any); len(items) > 0 { // one of the documented forms
		email, _ = fold(items[0])["value"].(string)
	}
	if email == "" {
		return missing("email").answer(c)
	}
	a := p.accounts.byEmail(email)
	problem := p.mayUse(a)
	if problem != nil {
		return problem.answer(c)
	}
	if _, problem = p.finishAssertion(c, toLogIn, a.uid); problem != nil {
		if problem.code == core.CodePasskeyVerificationFailed {
			p.countFailure(a)
		}
		return problem.answer(c)
	}
	a.lock.failures = 0
	return p.completeLogin(c, a, login{provider: "Email"})
}

func (p *passkeys) beginAutofill(c *call, _ *account) (int, any) {
	if p.opt.passkeys.WithoutAutofill {
		return fail(c, core.CodePasskeyAutofillNotEnabled)
	}
	options, problem := p.beginAssertion(toAutofill, "", nil)
	if problem != nil {
		return problem.answer(c)
	}
	return http.StatusOK, map[string]any{"LoginBeginCredential": options}
}

func (p *passkeys) finishAutofill(c *call, _ *account) (int, any) {
	if p.opt.passkeys.WithoutAutofill {
		return fail(c, core.CodePasskeyAutofillNotEnabled)
	}
	owner, problem := p.finishAssertion(c, toAutofill, "")
	if problem != nil {
		return problem.answer(c)
	}
	a := p.accounts.byPasskeyHandle(owner.handle)
	if problem := p.mayUse(a); problem != nil {
		return problem.answer(c)
	}
	return p.completeLogin(c, a, login{provider: "Email"})
}

func (p *passkeys) beginAdding(c *call, a *account) (int, any) {
	if a.email() == "" {
		return fail(c, core.CodePasskeyLoginUnavailable)
	}
	options, problem := p.beginCreation(toAdd, a.uid, p.keysOf(a), passkeyAddTimeout)
	if problem != nil {
		return problem.answer(c)
	}
	return http.StatusOK, options
}

func (p *passkeys) finishAdding(c *call, a *account) (int, any) {
	if _, problem := p.finishCreation(c, toAdd, a.uid); problem != nil {
		return problem.answer(c)
	}
	p.accounts.put(a)
	return p.list(c, a)
}

func (p *passkeys) list(_ *call, a *account) (int, any) {
	list := []any{}
	for _, key := range a.passkeys.keys {
		item := map[string]any{"Id": key.id, "Identifier": a.passkeys.handle, "CreatedAt": p.date(key.created)}
		if attachment := key.credential.Authenticator.Attachment; attachment != "" {
			item["Authenticator"] = attachment
		}
		list = append(list, item)
	}
	return http.StatusOK, map[string]any{"Credentials": list}
}

func (p *passkeys) removeOne(c *call, a *account) (int, any) {
	i := slices.IndexFunc(a.passkeys.keys, func(key *passkey) bool { return key.id == c.args["passkeyid"] })
	if i < 0 {
		return fail(c, core.CodeInvalidPasskeyID)
	}
	if a.passkeys.keys = slices.Delete(a.passkeys.keys, i, i+1); len(a.passkeys.keys) == 0 {
		delete(a.mfa.elsewhere, FactorPasskey)
	}
	p.accounts.put(a)
	return deleted()
}

func (p *passkeys) forgot(c *call, _ *account) (int, any) {
	email := c.text("email")
	if email == "" {
		return missing("email").answer(c)
	}
	a := p.accounts.byEmail(email)
	problem := p.mayUse(a)
	switch {
	case problem != nil:
		return problem.answer(c)
	case !p.codes.mayReceive(kindPasskeyReset, email):
		return fail(c, core.CodeEmailLimitReached)
	}
	p.postLink(c, p.newLoginLink(a, kindPasskeyReset, email, p.opt.linkLife), c.query["resetpasskeyurl"])
	return posted(c)
}

// resetLink returns the link of a reset and its account.
func (p *passkeys) resetLink(c *call) (*link, *account, *problem) {
	l, problem := p.redeem(c.query["vtoken"], kindPasskeyReset, core.CodeVerificationTokenInvalid)
	if problem != nil {
		return nil, nil, problem
	}
	a := p.accounts.byUID(l.uid)
	return l, a, p.barred(a)
}

func (p *passkeys) beginReset(c *call, _ *account) (int, any) {
	l, a, problem := p.resetLink(c)
	if problem != nil {
		return problem.answer(c)
	}
	fresh := &keyring{handle: p.keysOf(a).handle}
	options, problem := p.beginCreation(toReset, l.token, fresh, passkeyTimeout)
	if problem != nil {
		return problem.answer(c)
	}
	return http.StatusOK, map[string]any{"RegisterBeginCredential": options}
}

// finishReset replaces all passkeys of the account by the new one.
func (p *passkeys) finishReset(c *call, _ *account) (int, any) {
	l, a, problem := p.resetLink(c)
	if problem != nil {
		return problem.answer(c)
	}
	done, problem := p.finishCreation(c, toReset, l.token)
	if problem != nil {
		return problem.answer(c)
	}
	l.used = true
	a.passkeys = *done.owner
	p.accounts.put(a)
	p.proven(a)
	return posted(c)
}

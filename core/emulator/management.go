package emulator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (e *Emulator) createAccount(c *call, _ *account) (int, any) {
	a, code, refused := e.accountFrom(c, true)
	if refused != nil {
		return failure(c, core.CodeValidationFailed, map[string]any{"Errors": refused})
	}
	if code != 0 {
		return fail(c, code)
	}
	e.accounts[a.uid] = a
	return http.StatusOK, e.profileWithHash(c, a)
}

// profileWithHash is how management calls show an account they wrote to.
func (e *Emulator) profileWithHash(c *call, a *account) map[string]any {
	p := e.profile(c, a)
	if _, ok := p["Password"]; ok && a.hash != nil {
		p["Password"] = string(a.hash)
	}
	return p
}

func (e *Emulator) profileOf(c *call, a *account) (int, any) { return http.StatusOK, e.profile(c, a) }

func (e *Emulator) accountByEmail(c *call, _ *account) (int, any) {
	a := e.byEmail(c.query["email"])
	if a == nil {
		a = e.byUsername(c.query["username"])
	}
	if a == nil {
		a = e.byPhone(c.query["phone"])
	}
	if a == nil {
		return fail(c, 938)
	}
	return http.StatusOK, e.profile(c, a)
}

func (e *Emulator) identitiesByEmail(c *call, _ *account) (int, any) {
	a := e.byEmail(c.query["email"])
	if a == nil {
		return fail(c, 938)
	}
	return http.StatusOK, map[string]any{"Data": []any{e.profile(c, a)}}
}

func (e *Emulator) updateAccount(c *call, a *account) (int, any) {
	if password := c.text("password"); password != "" {
		if code := e.setPasswordOf(a, password); code != 0 {
			return fail(c, code)
		}
	}
	if code := e.merge(c, a, true); code != 0 {
		return fail(c, code)
	}
	return http.StatusOK, e.profileWithHash(c, a)
}

func (e *Emulator) deleteAccount(_ *call, a *account) (int, any) {
	e.remove(a)
	return deleted()
}

func (e *Emulator) deleteByEmail(c *call, _ *account) (int, any) {
	n := 0
	for a := e.byEmail(c.query["email"]); a != nil; a = e.byEmail(c.query["email"]) {
		e.remove(a)
		n++
	}
	if n == 0 {
		return fail(c, 938)
	}
	return http.StatusOK, map[string]any{"IsDeleted": true, "RecordsDeleted": n}
}

func (e *Emulator) passwordHash(_ *call, a *account) (int, any) {
	return http.StatusOK, map[string]any{"PasswordHash": orNull(string(a.hash))}
}

func (e *Emulator) setPassword(c *call, a *account) (int, any) {
	if code := e.setPasswordOf(a, c.text("password")); code != 0 {
		return fail(c, code)
	}
	return e.passwordHash(c, a)
}

func (e *Emulator) removeEmail(c *call, a *account) (int, any) {
	i := slices.IndexFunc(a.emails, func(m address) bool { return strings.EqualFold(m.value, c.text("email")) })
	switch {
	case i < 0:
		return fail(c, 1340)
	case len(a.emails) == 1:
		return fail(c, 1005)
	}
	a.emails, a.modified = slices.Delete(a.emails, i, i+1), e.now()
	return http.StatusOK, e.profile(c, a)
}

func (e *Emulator) privacyHistory(c *call, a *account) (int, any) {
	if len(a.policies) == 0 {
		return fail(c, 1195)
	}
	var list []any
	for _, p := range a.policies {
		list = append(list, map[string]any{"Version": p.version, "AcceptSource": p.source, "AcceptDateTime": date(p.at)})
	}
	return http.StatusOK, map[string]any{"Uid": a.uid, "Current": list[len(list)-1], "History": list}
}

// AcceptPrivacyPolicy records that a user accepted a version of the policy.
func (e *Emulator) AcceptPrivacyPolicy(uid, version string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if a := e.accounts[uid]; a != nil {
		a.policies = append(a.policies, policy{version, "API", e.now()})
	}
}

func (e *Emulator) forgotToken(c *call, _ *account) (int, any) {
	if c.text("email")+c.text("username") == "" {
		return fail(c, 965)
	}
	a := e.byLogin(c)
	if a == nil {
		return fail(c, 938)
	}
	l := e.newLink(a, kindReset, a.email())
	if c.flag("sendemail") {
		e.mail(a, kindReset, withToken(c.query["resetpasswordurl"], hostedPage, l), l.token)
	}
	return http.StatusOK, map[string]any{"ForgotToken": l.token, "IdentityProviders": []string{a.provider}}
}

func (e *Emulator) verificationToken(c *call, _ *account) (int, any) {
	a := e.byEmail(c.text("email"))
	switch {
	case a == nil:
		return fail(c, 938)
	case a.emailVerified:
		return fail(c, 1126)
	}
	l := e.newLink(a, kindVerify, c.text("email"))
	return http.StatusOK, map[string]any{"VerificationToken": l.token, "expires_in": date(l.expires)}
}

func (e *Emulator) rolesOf(_ *call, a *account) (int, any) {
	roles := slices.Clone(a.roles)
	if roles == nil {
		roles = []string{}
	}
	return http.StatusOK, map[string]any{"Roles": roles}
}

func (e *Emulator) assignRoles(c *call, a *account) (int, any) {
	roles := c.list("roles")
	for _, r := range roles {
		if !e.roles[r] {
			return fail(c, 1047)
		}
	}
	if len(roles) == 0 {
		return fail(c, 1079)
	}
	for _, r := range roles {
		if !slices.Contains(a.roles, r) {
			a.roles = append(a.roles, r)
		}
	}
	return e.rolesOf(c, a)
}

func (e *Emulator) unassignRoles(c *call, a *account) (int, any) {
	roles := c.list("roles")
	for _, r := range roles {
		if !e.roles[r] {
			return fail(c, 1047)
		}
	}
	if len(roles) == 0 {
		return fail(c, 1082)
	}
	a.roles = slices.DeleteFunc(a.roles, func(r string) bool { return slices.Contains(roles, r) })
	return deleted()
}

func (c *call) minutes() time.Duration {
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
			"StartTime": now.Format(layout), "EndTime": now.Add(c.minutes()).Format(layout),
			"TimeDifference": strconv.Itoa(int(c.minutes()/time.Minute)) + " Minutes",
		},
	}
}

func (e *Emulator) generateSOTT(c *call, _ *account) (int, any) {
	end := e.now().Add(c.minutes())
	return http.StatusOK, map[string]any{"Sott": e.sealSOTT(e.now(), end), "ExpiryTime": date(end)}
}

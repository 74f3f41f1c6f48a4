package emulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A policy is a version of the site's privacy policy that a user has accepted.
type policy struct {
	version, source string
	at              time.Time
}

// privacy is the site's policy. On strict sites a user who has not accepted its
// current version logs in with a token that serves to accept it, and nothing else.
type privacy struct {
	*Emulator
	version string // current; "" for a site without a policy
}

const opAcceptPolicy = "accept_privacy_policy"

func (v *privacy) privacyRoutes() []route {
	return []route{
		userRoute(opAcceptPolicy, "GET", authPath+"privacypolicy/accept", v.accept),
		userRoute("get_privacy_policy_history_by_access_token", "GET", authPath+"privacypolicy/history", v.history),
		uidRoute("get_privacy_policy_history_by_uid", "GET", managePath+"/{uid}/privacypolicy/history", v.history),
	}
}

// accepted reports whether the account has accepted the current version.
func (v *privacy) accepted(a *account) bool {
	return v.version == "" || slices.ContainsFunc(a.policies, func(p policy) bool { return p.version == v.version })
}

func (v *privacy) note(a *account, version string) {
	a.policies = append(a.policies, policy{version, "API", v.now()})
}

// gate stops a login on a strict site.
func (v *privacy) gate(c *call, a *account, l login) (int, any) {
	if v.opt.privacyMode != PrivacyStrict || v.accepted(a) {
		return 0, nil
	}
	s := v.sessions.begin(c.r, a, l.provider)
	s.acceptOnly = true
	return (&problem{core.CodePrivacyPolicyMismatch, map[string]any{
		"Data": map[string]any{"access_token": s.token, "expires_in": v.date(s.expires)},
	}}).answer(c)
}

// register notes what a new user accepts, who must do so on a strict site.
func (v *privacy) register(c *call, a *account) *problem {
	switch on, _ := c.body["acceptprivacypolicy"].(bool); {
	case v.version == "":
	case on:
		v.note(a, v.version)
	case v.opt.privacyMode == PrivacyStrict:
		return refuse(core.CodePrivacyPolicyNotAccepted)
	}
	return nil
}

// accept makes an ordinary token of one that served to accept the policy.
func (v *privacy) accept(c *call, a *account) (int, any) {
	switch {
	case v.version == "":
		return fail(c, core.CodePrivacyPolicyNotAvailable)
	case v.accepted(a):
		return fail(c, core.CodePrivacyPolicyAlreadyAccepted)
	}
	v.note(a, v.version)
	c.session.acceptOnly = false
	return http.StatusOK, v.profile(c, a)
}

func (p policy) view(e *Emulator) map[string]any {
	return map[string]any{"Version": p.version, "AcceptSource": p.source, "AcceptDateTime": e.date(p.at)}
}

func (v *privacy) history(c *call, a *account) (int, any) {
	if len(a.policies) == 0 {
		return fail(c, core.CodePrivacyPolicyNotAvailable)
	}
	var list []any
	for _, p := range a.policies {
		list = append(list, p.view(v.Emulator))
	}
	return http.StatusOK, map[string]any{"Uid": a.uid, "Current": list[len(list)-1], "History": list}
}

// SetPrivacyPolicy makes a version of the privacy policy the current one. It does not
// concern sessions that have begun.
func (e *Emulator) SetPrivacyPolicy(version string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.privacy.version = version
}

// AcceptPrivacyPolicy records that a user accepted a version of the policy. The
// error names a uid that is unknown.
func (e *Emulator) AcceptPrivacyPolicy(uid, version string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.accounts.byUID(uid)
	if a == nil {
		return noAccount(uid)
	}
	e.privacy.note(a, version)
	return nil
}

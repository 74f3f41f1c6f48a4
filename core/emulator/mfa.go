package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

// mfa implements second factors.
type mfa struct {
	*Emulator
	challenges *simplelru.LRU[string, *challenge]
}

// enrolment is what an account has of second factors.
type enrolment struct {
	secret     string // of the authenticator, in base32; verified once totp is set
	totp       bool
	lastStep   int64 // of the last code that was used, plus one
	phone      string
	newPhone   string // by access token, until its code comes
	email      string // that was verified as a factor
	questions  bool
	backup     map[answerHash]bool // hashes of the codes that are left
	backupMade bool
	elsewhere  map[Factor]bool // push, Duo and passkeys

	duoState, duoCode string // of the last attempt at Duo
}

func newMFA(e *Emulator) *mfa {
	m := &mfa{Emulator: e}
	m.challenges, _ = simplelru.NewLRU[string, *challenge](e.opt.max.links, nil) // the size is positive
	return m
}

func (m *mfa) mfaRoutes() []route {
	const login, verify = authPath + "login/2fa", authPath + "login/2fa/verification/"
	const byToken, byUID = authPath + "account/2fa", managePath + "/2fa"
	on := func(r route) route { // every call about second factors needs them switched on
		handle := r.handle
		r.handle = func(c *call, a *account) (int, any) {
			if m.opt.mfa.mode == MFAOff {
				return fail(c, core.CodeMFANotEnabled)
			}
			return handle(c, a)
		}
		return r
	}
	routes := []route{
		keyRoute("mfa_login_by_email", "POST", login, m.login).when(hasBody("email")).identifying(),
		keyRoute("mfa_login_by_user_name", "POST", login, m.login).when(hasBody("username")).identifying(),
		keyRoute("mfa_login_by_phone", "POST", login, m.login).identifying(),

		keyRoute("mfa_validate_authenticator_code", "PUT", verify+"authenticatorcode", m.challenged(m.loginByTOTP)),
		keyRoute("mfa_validate_authenticator_code", "PUT", verify+"googleauthenticatorcode", m.challenged(m.loginByTOTP)),
		keyRoute("mfa_update_phone_number", "PUT", login, m.challenged(m.loginPhone)),
		keyRoute("mfa_resend_otp", "GET", login+"/resend", m.challenged(m.loginResend)),
		keyRoute("mfa_validate_otp_by_phone", "PUT", verify+"otp", m.challenged(m.loginBySMS)),
		keyRoute("mfa_email_otp", "POST", login+"/otp/email", m.challenged(m.loginEmail)),
		keyRoute("mfa_validate_email_otp", "PUT", verify+"otp/email", m.challenged(m.loginByEmail)),
		keyRoute("mfa_security_question_answer", "PUT", login+"/securityquestionanswer", m.challenged(m.loginSetAnswers)),
		keyRoute("mfa_security_question_answer_verification", "POST", verify+"securityquestionanswer", m.challenged(m.loginByAnswers)),
		keyRoute(opBackupLogin, "PUT", verify+"backupcode", m.challenged(m.loginByBackupCode)),

		userRoute("mfa_configure_by_access_token", "GET", byToken, m.configure),
		userRoute("mfa_verify_authenticator_code", "PUT", byToken+"/verification/authenticatorcode", m.enrolTOTP),
		userRoute("mfa_verify_authenticator_code", "PUT", byToken+"/verification/googleauthenticatorcode", m.enrolTOTP),
		userRoute("mfa_update_phone_number_by_token", "PUT", byToken, m.enrolPhone),
		userRoute("mfa_update_setting", "PUT", byToken+"/verification/otp", m.enrolSMS),
		userRoute("mfa_email_otp_by_access_token", "GET", byToken+"/otp/email", m.enrolAddress),
		userRoute("mfa_validate_email_otp_by_access_token", "PUT", byToken+"/verification/otp/email", m.enrolEmail),
		userRoute("mfa_security_question_answer_by_access_token", "PUT", byToken+"/securityquestionanswer", m.enrolAnswers),

		userRoute("mfa_backup_code_by_access_token", "GET", byToken+"/backupcode", m.makeBackupCodes),
		userRoute("mfa_reset_backup_code_by_access_token", "GET", byToken+"/backupcode/reset", m.resetBackupCodes),
		uidRoute("mfa_backup_code_by_uid", "GET", byUID+"/backupcode", m.makeBackupCodes),
		uidRoute("mfa_reset_backup_code_by_uid", "GET", byUID+"/backupcode/reset", m.resetBackupCodes),

		userRoute("mfa_reset_sms_auth_by_token", "DELETE", byToken+"/authenticator", m.resetFactor(FactorSMS)).when(hasBody("otpauthenticator")),
		userRoute("mfa_reset_authenticator_by_token", "DELETE", byToken+"/authenticator", m.resetFactor(FactorTOTP)),
		userRoute("mfa_reset_email_otp_authenticator_by_access_token", "DELETE", byToken+"/authenticator/otp/email", m.resetFactor(FactorEmail)),
		userRoute("mfa_reset_security_question_authenticator_by_access_token", "DELETE", byToken+"/authenticator/securityquestionanswer", m.resetFactor(FactorSecurityQuestion)),
		uidRoute("mfa_reset_sms_authenticator_by_uid", "DELETE", byUID+"/authenticator", m.resetFactor(FactorSMS)).when(hasBody("otpauthenticator")),
		uidRoute("mfa_reset_authenticator_by_uid", "DELETE", byUID+"/authenticator", m.resetFactor(FactorTOTP)),
		uidRoute("mfa_reset_email_otp_authenticator_by_uid", "DELETE", byUID+"/authenticator/otp/email", m.resetFactor(FactorEmail)),
		uidRoute("mfa_reset_security_question_authenticator_by_uid", "DELETE", byUID+"/authenticator/securityquestionanswer", m.resetFactor(FactorSecurityQuestion)),
	}
	routes = slices.Concat(routes, m.deviceRoutes(), m.newerRoutes())
	for i := range routes {
		routes[i] = on(routes[i])
	}
	return routes
}

// opBackupLogin is the one second step that a locked account may still take.
const opBackupLogin = "mfa_validate_backup_code"

// isMFALogin reports whether a call is a login by one of the operations that expect
// a challenge.
func isMFALogin(c *call) bool { return strings.HasPrefix(c.route.operation, "mfa_login_by_") }

// allows reports whether the site has a factor switched on.
func (m *mfa) allows(f Factor) bool { return m.opt.mfa.factors[f] }

// has reports whether the account has enrolled a factor.
func (n *enrolment) has(f Factor) bool {
	switch f {
	case FactorTOTP:
		return n.totp
	case FactorSMS:
		return n.phone != ""
	case FactorEmail:
		return n.email != ""
	case FactorSecurityQuestion:
		return n.questions
	case FactorBackupCode:
		return len(n.backup) > 0
	}
	return n.elsewhere[f]
}

// enrolled counts the factors of an account that the site has switched on. Backup
// codes are no factor of their own.
func (m *mfa) enrolled(a *account) (n int) {
	for _, f := range []Factor{FactorTOTP, FactorSMS, FactorEmail, FactorSecurityQuestion, FactorPush, FactorDuo, FactorPasskey} {
		if m.allows(f) && a.mfa.has(f) {
			n++
		}
	}
	return n
}

// EnrolFactor gives a user push, Duo or a passkey as a second factor, which the
// emulator names in challenges. The error names a uid or a factor that it does not
// take.
func (e *Emulator) EnrolFactor(uid string, f Factor) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.accounts.byUID(uid)
	switch {
	case a == nil:
		return noAccount(uid)
	case f != FactorPush && f != FactorDuo && f != FactorPasskey:
		return fmt.Errorf("emulator: factor %q is enrolled by calls of the API; EnrolFactor takes push, duo and passkey", f)
	}
	a.mfa.add(f)
	return nil
}

// add notes a factor that has no state of its own here.
func (n *enrolment) add(f Factor) {
	if n.elsewhere == nil {
		n.elsewhere = map[Factor]bool{}
	}
	n.elsewhere[f] = true
}

// shape brings the answer of a login into the form that the site is set to.
func (m *mfa) shape(out map[string]any) map[string]any {
	profile := out["Profile"]
	delete(out, "Profile")
	switch m.opt.mfa.answer {
	case MFAAnswerIdentities:
		out["Identities"] = []any{profile}
		return out
	case MFAAnswerData:
		return map[string]any{"Data": []any{profile, out}}
	case MFAAnswerProfile:
		if p, ok := profile.(map[string]any); ok {
			maps.Copy(p, out)
		}
		return map[string]any{"Profile": profile}
	}
	out["Profile"] = profile
	return out
}

// enrolledAnswer is what a call by access token answers when it has enrolled a factor.
func (m *mfa) enrolledAnswer(c *call, a *account) (int, any) {
	a.modified = m.now()
	switch m.opt.mfa.answer {
	case MFAAnswerIdentities:
		out := m.tokensOf(c.session)
		out["Identities"] = []any{m.profile(c, a)}
		return http.StatusOK, out
	case MFAAnswerData:
		return http.StatusOK, map[string]any{"Data": []any{m.profile(c, a)}}
	}
	return http.StatusOK, m.profile(c, a)
}

// unlocked refuses a call by access token while the account is locked.
func (m *mfa) unlocked(a *account) *problem {
	if a.locked(m.now()) {
		return m.lockProblem(a)
	}
	return nil
}

// resetFactor takes a factor from an account. By access token, the last one stays where
// one is required; management may always help a user who has lost it.
func (m *mfa) resetFactor(f Factor) handler {
	return func(c *call, a *account) (int, any) {
		named := c.body["authenticator"] == true || c.body["googleauthenticator"] == true
		switch {
		case f == FactorSMS && c.body["otpauthenticator"] != true, f == FactorTOTP && !named:
			return fail(c, core.CodeMFARemovalInvalid)
		case !a.mfa.has(f) && m.opt.mfa.refuseUnset && f == FactorTOTP:
			return fail(c, core.CodeAuthenticatorNotConfigured)
		case !a.mfa.has(f) && m.opt.mfa.refuseUnset:
			return fail(c, core.CodeMFANotConfiguredForProfile)
		case c.route.bearer && m.opt.mfa.mode == MFARequired && m.allows(f) && a.mfa.has(f) && m.enrolled(a) == 1:
			return fail(c, m.opt.mfa.lastCode)
		}
		switch n := &a.mfa; f {
		case FactorTOTP:
			n.secret, n.totp, n.lastStep = "", false, 0
		case FactorSMS:
			n.phone, n.newPhone = "", ""
		case FactorEmail:
			n.email = ""
		case FactorSecurityQuestion:
			n.questions = false
		default:
			delete(n.elsewhere, f)
		}
		if m.enrolled(a) == 0 {
			a.mfa.backup, a.mfa.backupMade = nil, false
		}
		a.modified = m.now()
		return deleted()
	}
}

func nullIfEmpty(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return slices.Clone(list)
}

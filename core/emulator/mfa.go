package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

// mfa implements second factors.
type mfa struct {
	*Emulator
	challenges *simplelru.LRU[string, *challenge]
}

// A challenge is a login that waits for its second factor. It dies when the login is
// complete, when the password changes, and when wrong factors lock the account.
type challenge struct {
	token, uid string
	login      login
	expires    time.Time
	passwords  int    // the account's count when the first factor passed
	phone      string // that the user wants to enrol
	locked     bool
	dead       bool
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

// gate stops a login that needs a second factor. On a site where factors are
// optional it lets users without one pass; loggedIn then adds the invitation.
func (m *mfa) gate(c *call, a *account, l login) (int, any) {
	mode := m.opt.mfa.mode
	switch {
	case mode == MFAOff || l.secondFactor || mode == MFAOptional && m.enrolled(a) == 0:
		return 0, nil
	case m.opt.mfa.refuseLogin && !isMFALogin(c):
		return fail(c, core.CodeMFARequired)
	}
	out := map[string]any{"Profile": nil, "access_token": zeroToken, "expires_in": "0001-01-01T00:00:00"}
	form := m.opt.mfa.form
	if form == ChallengeFlat || form == ChallengeByPath && !isMFALogin(c) {
		maps.Copy(out, m.challenge(c, a, l, true))
	} else {
		out["SecondFactorAuthentication"] = m.challenge(c, a, l, true)
	}
	return http.StatusOK, out
}

// zeroToken is what the service puts where a challenge has no access token: a client
// that takes it for one shares a session among all users.
const zeroToken = "00000000-0000-0000-0000-000000000000"

// invite adds a challenge to the answer of a login that passed without a second
// factor on a site where they are optional. Its token can be used to enrol one.
func (m *mfa) invite(c *call, a *account, l login, out map[string]any) {
	if m.opt.mfa.mode == MFAOptional && !l.secondFactor {
		out["SecondFactorAuthentication"] = m.challenge(c, a, l, false)
	}
}

// challenge begins a second step and returns its fields. If the user has to take it,
// codes are sent at once where the service does that.
func (m *mfa) challenge(c *call, a *account, l login, send bool) map[string]any {
	ch := &challenge{
		token: newGUID(), uid: a.uid, login: l, passwords: a.passwords, expires: m.now().Add(m.opt.mfa.tokenLife),
	}
	m.challenges.Add(ch.token, ch)
	out := m.settings(c, a, m.enrolled(a) == 0)
	out["SecondFactorAuthenticationToken"], out["ExpireIn"] = ch.token, m.date(ch.expires)
	out["IsSecurityQuestionAuthenticatorVerified"] = a.mfa.questions
	if m.enrolled(a) > 0 {
		out["SecurityQuestions"] = nullIfEmpty(m.questionList(a))
	}
	if !send {
		return out
	}
	if m.allows(FactorSMS) && a.mfa.phone != "" && m.codes.send(ch.smsKey(), a.mfa.phone) {
		out["OTPStatus"] = smsData()
	}
	others := maps.Clone(m.opt.mfa.factors)
	delete(others, FactorEmail)
	delete(others, FactorBackupCode)
	if m.allows(FactorEmail) && len(others) == 0 && len(a.emails) == 1 && m.codes.send(ch.emailKey(), a.email()) {
		out["EmailOTPStatus"] = map[string]any{"Email": maskEmail(a.email())}
	}
	return out
}

func (ch *challenge) smsKey() codeKey   { return codeKey{kindSecondFactor, ch.token + " sms"} }
func (ch *challenge) emailKey() codeKey { return codeKey{kindSecondFactor, ch.token + " email"} }

// challenged finds the challenge that a call names and its account.
func (m *mfa) challenged(handle func(*call, *account, *challenge) (int, any)) handler {
	return func(c *call, _ *account) (int, any) {
		token := c.query["secondfactorauthenticationtoken"]
		if token == "" {
			return missing("secondfactorauthenticationtoken").answer(c)
		}
		ch, _ := m.challenges.Get(token)
		var a *account
		if ch != nil {
			a = m.accounts.byUID(ch.uid)
		}
		switch {
		case a == nil || ch.dead || ch.passwords != a.passwords:
			return fail(c, core.CodeMFATokenInvalid)
		case !m.now().Before(ch.expires):
			return fail(c, core.CodeMFATokenExpired)
		case !a.active:
			return fail(c, core.CodeAccountBlocked)
		case a.loginDisabled:
			return fail(c, core.CodeLoginDisabled)
		case (ch.locked || a.locked(m.now())) && c.route.operation != opBackupLogin:
			return fail(c, m.opt.mfa.lockCode)
		}
		return handle(c, a, ch)
	}
}

// wrong counts a wrong second factor. The one that locks the account is still
// answered as wrong; after that only a backup code completes the login.
func (m *mfa) wrong(c *call, a *account, ch *challenge, code core.ErrorCode) (int, any) {
	switch {
	case ch.locked: // by earlier ones, and this is a wrong backup code
		ch.dead = true
	default:
		m.countFailure(a)
		ch.locked = a.locked(m.now())
	}
	return fail(c, code)
}

// usable refuses a factor that the user may not complete the login with: a user who
// has enrolled one cannot pick another, or a stolen password would be enough.
func (m *mfa) usable(a *account, f Factor, off, unset core.ErrorCode) *problem {
	switch {
	case !m.allows(f):
		return refuse(off)
	case m.enrolled(a) > 0 && !a.mfa.has(f):
		return refuse(unset)
	}
	return nil
}

// complete ends a challenge with a right second factor. The tokens come from the
// same gates as those of any login.
func (m *mfa) complete(c *call, a *account, ch *challenge) (int, any) {
	ch.dead = true
	a.lock = lock{}
	l := ch.login
	l.secondFactor = true
	status, body := m.completeLogin(c, a, l)
	out, _ := body.(map[string]any)
	if status != http.StatusOK || out["Profile"] == nil {
		return status, body
	}
	return status, m.shape(out)
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

package emulator

import (
	"net/http"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

// reauth implements re-authentication: a user who is logged in proves presence and gets
// a token, which the application's server validates.
type reauth struct {
	*Emulator
	tokens *simplelru.LRU[string, *stepUp]
}

type stepUp struct {
	uid, kind string
	expires   time.Time
	used      bool
}

// The kinds of re-authentication, as the paths of validation spell them.
const (
	reauthMFA      = "2fa"
	reauthPassword = "password"
	reauthPIN      = "pin"
)

func newReauth(e *Emulator) *reauth {
	r := &reauth{Emulator: e}
	r.tokens, _ = simplelru.NewLRU[string, *stepUp](e.opt.max.links, nil) // the size is positive
	return r
}

func (r *reauth) reauthRoutes() []route {
	const path, validate = authPath + "account/reauth/", managePath + "/{uid}/reauth/"
	routes := []route{
		userRoute("mfa_re_authenticate", "GET", path+"2fa", r.factor("", r.begin)),
		userRoute("mfa_re_authenticate_by_authenticator_code", "PUT", path+"2fa/authenticatorcode", r.factor(FactorTOTP, r.byTOTP)),
		userRoute("mfa_re_authenticate_by_authenticator_code", "PUT", path+"2fa/googleauthenticatorcode", r.factor(FactorTOTP, r.byTOTP)),
		userRoute("mfa_re_authenticate_by_otp", "PUT", path+"2fa/otp", r.factor(FactorSMS, r.bySMS)),
		userRoute("mfa_re_authenticate_by_backup_code", "PUT", path+"2fa/backupcode", r.factor(FactorBackupCode, r.byBackupCode)),
		userRoute("re_auth_send_email_otp", "GET", path+"2fa/otp/email", r.factor(FactorEmail, r.mailFactorCode)),
		userRoute("re_auth_validate_email_otp", "PUT", path+"2fa/otp/email/verify", r.factor(FactorEmail, r.byFactorCode)),
		userRoute("re_auth_by_security_question", "POST", path+"2fa/securityquestionanswer/verify", r.factor(FactorSecurityQuestion, r.byAnswers)),
		userRoute("reauth_duo", "PUT", path+"2fa/duo", r.factor(FactorDuo, r.byDuo)),
		userRoute("mfa_re_authenticate_by_password", "PUT", path+"password", r.byPassword),
		userRoute("verify_pin_authentication", "PUT", path+"pin", r.byPIN),
		// Documented, but in no SDK: a mailed code on sites without second factors.
		userRoute("reauth_send_code", "GET", path+"otp/email", r.mailPlainCode),
		userRoute("reauth_code", "PUT", path+"otp/email", r.byPlainCode),

		uidRoute("verify_multi_factor_otp_reauthentication", "POST", validate+reauthMFA, r.validate(reauthMFA)),
		uidRoute("verify_multi_factor_password_reauthentication", "POST", validate+reauthPassword, r.validate(reauthPassword)),
		uidRoute("verify_multi_factor_pin_reauthentication", "POST", validate+reauthPIN, r.validate(reauthPIN)),
		uidRoute("verify_multi_factor_otp_reauthentication", "POST", validate+"{kind}", notFound),
	}
	for i := range routes {
		handle := routes[i].handle
		routes[i].handle = func(c *call, a *account) (int, any) {
			if r.opt.reauth.off {
				return fail(c, core.CodeEventMFANotEnabled)
			}
			return handle(c, a)
		}
	}
	return routes
}

// factor wraps a call that needs second factors switched on, and one of them to be
// enrolled; "" stands for none in particular.
func (r *reauth) factor(f Factor, handle handler) handler {
	return func(c *call, a *account) (int, any) {
		switch {
		case r.opt.mfa.mode == MFAOff:
			return fail(c, core.CodeMFANotEnabled)
		case f != "" && r.mfa.enrolled(a) == 0:
			return fail(c, core.CodeMFANotConfigured)
		case f == FactorBackupCode && !a.mfa.backupMade:
			return fail(c, codeBackupNone)
		case f != "" && f != FactorBackupCode && !a.mfa.has(f):
			return fail(c, core.CodeMFANotConfiguredForProfile)
		}
		return handle(c, a)
	}
}

// prove answers an attempt: with a token if problem is nil. Wrong attempts have been
// counted by then; a locked account may not try.
func (r *reauth) prove(c *call, a *account, kind string, attempt func() *problem) (int, any) {
	if a.locked(r.now()) {
		return r.lockProblem(a).answer(c)
	}
	if p := attempt(); p != nil {
		return p.answer(c)
	}
	a.lock.failures = 0
	s := &stepUp{uid: a.uid, kind: kind, expires: r.now().Add(r.opt.reauth.tokenLife)}
	token := newGUID()
	r.tokens.Add(token, s)
	return http.StatusOK, map[string]any{"SecondFactorValidationToken": token, "ExpireIn": r.date(s.expires)}
}

// counted is a problem that counts against the lock.
func (r *reauth) counted(a *account, code core.ErrorCode) *problem {
	if code == 0 {
		return nil
	}
	r.countFailure(a)
	return refuse(code)
}

func reauthSMSKey(a *account) codeKey   { return codeKey{kindReauth, a.uid + " sms"} }
func reauthEmailKey(a *account) codeKey { return codeKey{kindReauth, a.uid + " email"} }
func reauthPlainKey(a *account) codeKey { return codeKey{kindReauth, a.uid + " plain"} }

// begin shows the user's factors and sends the code if one of them is a phone.
func (r *reauth) begin(c *call, a *account) (int, any) {
	out := r.mfa.settings(c, a, true)
	out["SecondFactorAuthenticationToken"], out["ExpireIn"] = newGUID(), r.date(r.now().Add(r.opt.mfa.tokenLife))
	if r.mfa.allows(FactorSMS) && a.mfa.phone != "" {
		if !r.codes.send(reauthSMSKey(a), a.mfa.phone) {
			return fail(c, core.CodeSMSLimitReached)
		}
		out["OTPStatus"] = smsData()
	}
	return http.StatusOK, out
}

// given returns a value of the body that a step-up cannot do without.
func given(c *call, keys ...string) (string, *problem) {
	for _, k := range keys {
		if v := c.text(k); v != "" {
			return v, nil
		}
	}
	return "", refuse(core.CodeEventVerificationCodeRequired)
}

func (r *reauth) byTOTP(c *call, a *account) (int, any) {
	code, p := given(c, "authenticatorcode", "googleauthenticatorcode")
	return r.prove(c, a, reauthMFA, func() *problem {
		if p == nil && !r.mfa.totpRight(a, code) {
			return r.counted(a, core.CodeAuthenticatorCodeIncorrect)
		}
		return p
	})
}

func (r *reauth) bySMS(c *call, a *account) (int, any) {
	code, p := given(c, "otp")
	return r.prove(c, a, reauthMFA, func() *problem {
		if p != nil {
			return p
		}
		return r.counted(a, r.codes.take(reauthSMSKey(a), code).bySMS())
	})
}

func (r *reauth) byDuo(c *call, a *account) (int, any) {
	return r.prove(c, a, reauthMFA, func() *problem { return r.counted(a, r.mfa.takeDuo(c, a)) })
}

func (r *reauth) byBackupCode(c *call, a *account) (int, any) {
	code, p := given(c, "backupcode")
	return r.prove(c, a, reauthMFA, func() *problem {
		if p != nil {
			return p
		}
		return r.counted(a, r.mfa.takeBackupCode(a, code))
	})
}

func (r *reauth) mailFactorCode(c *call, a *account) (int, any) {
	return r.mfa.mailCode(c, a, reauthEmailKey(a), c.query["emailid"])
}

func (r *reauth) mailPlainCode(c *call, a *account) (int, any) {
	return r.mfa.mailCode(c, a, reauthPlainKey(a), first(c.query["emailid"], a.email()))
}

func (r *reauth) byFactorCode(c *call, a *account) (int, any) {
	return r.byMailed(c, a, reauthEmailKey(a))
}

func (r *reauth) byPlainCode(c *call, a *account) (int, any) {
	return r.byMailed(c, a, reauthPlainKey(a))
}

func (r *reauth) byMailed(c *call, a *account, key codeKey) (int, any) {
	code, p := given(c, "otp")
	return r.prove(c, a, reauthMFA, func() *problem {
		if p != nil {
			return p
		}
		return r.counted(a, r.mfa.takeMailed(key, first(c.text("emailid"), a.email()), code))
	})
}

func (r *reauth) byAnswers(c *call, a *account) (int, any) {
	return r.prove(c, a, reauthMFA, func() *problem {
		return r.checkAnswers(a, c.body["securityquestionanswer"], r.opt.mfa.questions)
	})
}

func (r *reauth) byPassword(c *call, a *account) (int, any) {
	password, p := given(c, "password")
	return r.prove(c, a, reauthPassword, func() *problem {
		if p == nil && !a.passwordIs(password) {
			return r.counted(a, core.CodePasswordInvalid)
		}
		return p
	})
}

// byPIN does not need logins by PIN to be on.
func (r *reauth) byPIN(c *call, a *account) (int, any) {
	pin, p := given(c, "pin")
	return r.prove(c, a, reauthPIN, func() *problem {
		if p != nil {
			return p
		}
		return r.pins.check(a, pin, core.CodePINInvalid)
	})
}

// validate tells the application's server whether a token is good for a user.
func (r *reauth) validate(kind string) handler {
	return func(c *call, a *account) (int, any) {
		token := first(c.text("secondfactorvalidationtoken"), c.text("secondfactorauthenticationtoken"))
		s, ok := r.tokens.Get(token)
		switch {
		case token == "":
			return missing("secondfactorvalidationtoken").answer(c)
		case !ok || s.uid != a.uid || s.used || !r.now().Before(s.expires),
			s.kind != kind && !r.opt.reauth.anyKind:
			return fail(c, core.CodeMFAValidationTokenInvalid)
		}
		s.used = !r.opt.reauth.reusable
		return http.StatusOK, map[string]any{"IsValid": true}
	}
}

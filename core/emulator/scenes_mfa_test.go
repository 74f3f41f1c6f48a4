package emulator_test

import (
	"strings"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// What the recorded requests about second factors, PINs, re-authentication and
// recovery need.

const (
	recordedQuestion = "cb7c7e0a1f2b4d3c9a8e5f6071829304"
	recordedAnswer   = "Fluffy"
	questionFactor   = `{"securityquestionanswer":[{"QuestionId":"` + recordedQuestion + `","Answer":"` + recordedAnswer + `"}]}`
)

// site is the site that these requests are sent to.
func site(more ...emulator.Option) []emulator.Option {
	return append([]emulator.Option{emulator.WithMFA(emulator.MFARequired), allFactors, emulator.WithPIN(), emulator.WithTOTPReplay(), emulator.WithCaptcha("captcha-1")}, more...)
}

func withAnswers(u *emulator.User) {
	u.SecurityAnswers, u.PIN = map[string]string{recordedQuestion: recordedAnswer}, "1234"
}

func withValuePassword(u *emulator.User) { u.Password = "password-value" }

// A step prepares a scene; steps run in order.
type step func(s scene, uid, access string)

func steps(list ...step) func(scene, string, string) {
	return func(s scene, uid, access string) {
		for _, do := range list {
			do(s, uid, access)
		}
	}
}

// pendingLogin begins a login and names its challenge.
func pendingLogin(s scene, _, _ string) {
	block := s.ok("POST "+login2FA, `{"email":"jane@example.com","password":"Passw0rd!x"}`).object("SecondFactorAuthentication")
	for _, recorded := range []string{"second_factor_authentication_token-value", "secondfactorauthenticationtoken-value"} {
		s.replace[recorded], _ = block["SecondFactorAuthenticationToken"].(string)
	}
}

func (s scene) challengeQuery() string {
	return "?secondfactorauthenticationtoken=" + s.replace["secondfactorauthenticationtoken-value"]
}

func (s scene) code(uid string) string {
	code, err := s.TOTPCode(uid)
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

func totpCode(s scene, uid, _ string) { s.replace[fixedOTP] = s.code(uid) }

func configured(s scene, _, access string) { s.as(access).ok("GET "+account2F, "") }

func hasTOTP(s scene, uid, access string) {
	configured(s, uid, access)
	s.as(access).ok("PUT "+account2F+"/verification/authenticatorcode", `{"authenticatorcode":"`+s.code(uid)+`"}`)
}

func hasPhone(s scene, _, access string) {
	s.as(access).ok("PUT "+account2F, `{"phoneno2fa":"`+smsPhone+`"}`)
	s.as(access).ok("PUT "+account2F+"/verification/otp", otpBody(s.mail("secondfactor").OTP))
}

func hasEmail(s scene, _, access string) {
	s.as(access).ok("GET "+account2F+"/otp/email?emailid=jane@example.com", "")
	s.as(access).ok("PUT "+account2F+"/verification/otp/email", `{"emailid":"jane@example.com","otp":"`+s.mail("secondfactor").OTP+`"}`)
}

func hasQuestions(s scene, _, access string) {
	s.as(access).ok("PUT "+account2F+"/securityquestionanswer", questionFactor)
}

func hasFactor(f emulator.Factor) step {
	return func(s scene, uid, _ string) {
		if err := s.EnrolFactor(uid, f); err != nil {
			s.t.Fatal(err)
		}
	}
}

func duoCode(s scene, uid, _ string) {
	state, code, err := s.DuoCode(uid)
	if err != nil {
		s.t.Fatal(err)
	}
	s.replace["state-value"], s.replace["code-value"] = state, code
}

func hasBackup(s scene, _, access string) {
	s.replace["backup-1"] = s.backupCodes(access, "/backupcode")[0]
}

func namedPhone(s scene, _, _ string) { s.replace["phone_no2_f_a-value"] = "+15557770000" }

func ownEmail(s scene, _, _ string) { s.replace["email_id-value"] = "jane@example.com" }

// sentCode takes the newest code of a kind.
func sentCode(kind string) step {
	return func(s scene, _, _ string) { s.replace[fixedOTP] = s.mail(kind).OTP }
}

// calls makes a call, by the user's token if it needs one.
func calls(line, body string) step {
	return func(s scene, _, access string) {
		s.as(access).ok(strings.ReplaceAll(line, "?challenge", s.challengeQuery()), body)
	}
}

func pinSession(s scene, _, _ string) {
	s.replace["session_token-value"] = s.ok(doLogin, `{"email":"jane@example.com","password":"Passw0rd!x"}`).text("session_token")
}

func steppedUp(line, body string) step {
	return func(s scene, _, access string) {
		s.replace["sfvt-1"] = s.as(access).stepped(line, body)
	}
}

func resetLink(s scene, _, _ string) { s.replace["reset-1"] = s.mail("pinreset").Token }

var secondFactorSettings = map[string]setting{
	"mfa_login_by_email":     {options: site(), user: withValuePassword},
	"mfa_login_by_user_name": {options: site(), user: withValuePassword, prepare: replaced("username-value", "jane")},
	"mfa_login_by_phone":     {options: site(), user: withValuePassword, prepare: replaced(phoneValue, "15551230000")},

	"mfa_validate_authenticator_code": {options: site(emulator.WithMFAAnswer(emulator.MFAAnswerIdentities)), prepare: steps(hasTOTP, pendingLogin, totpCode)},
	"mfa_update_phone_number":         {options: site(), prepare: steps(pendingLogin, namedPhone)},
	"mfa_resend_otp":                  {options: site(), prepare: steps(hasPhone, pendingLogin)},
	"mfa_validate_otp_by_phone":       {options: site(emulator.WithMFAAnswer(emulator.MFAAnswerProfile)), prepare: steps(hasPhone, pendingLogin, sentCode("secondfactor"))},
	"mfa_email_otp":                   {options: site(), prepare: steps(hasEmail, pendingLogin)},
	"mfa_validate_email_otp": {options: site(emulator.WithMFAAnswer(emulator.MFAAnswerData)), prepare: steps(hasEmail, pendingLogin,
		calls("POST "+login2FA+"/otp/email?challenge", `{"emailid":"jane@example.com"}`), sentCode("secondfactor"))},
	"mfa_security_question_answer": {options: site(emulator.WithMFAAnswer(emulator.MFAAnswerData)), prepare: pendingLogin},
	"mfa_security_question_answer_verification": {
		options: site(emulator.WithMFAAnswer(emulator.MFAAnswerData)), prepare: steps(hasQuestions, pendingLogin),
	},
	"mfa_validate_backup_code": {options: site(), prepare: steps(hasTOTP, hasBackup, pendingLogin)},

	"mfa_configure_by_access_token":                {options: site(), prepare: hasTOTP},
	"mfa_verify_authenticator_code":                {options: site(emulator.WithMFAAnswer(emulator.MFAAnswerIdentities)), prepare: steps(configured, totpCode)},
	"mfa_update_phone_number_by_token":             {options: site(), prepare: namedPhone},
	"mfa_update_setting":                           {options: site(), prepare: steps(calls("PUT "+account2F, `{"phoneno2fa":"+15557770000"}`), sentCode("secondfactor"))},
	"mfa_email_otp_by_access_token":                {options: site(), prepare: ownEmail},
	"mfa_validate_email_otp_by_access_token":       {options: site(emulator.WithMFAAnswer(emulator.MFAAnswerData)), prepare: steps(calls("GET "+account2F+"/otp/email?emailid=jane@example.com", ""), sentCode("secondfactor"))},
	"mfa_security_question_answer_by_access_token": {options: site()},

	"mfa_backup_code_by_access_token":       {options: site(), prepare: hasTOTP},
	"mfa_backup_code_by_uid":                {options: site(), prepare: hasTOTP},
	"mfa_reset_backup_code_by_access_token": {options: site(), prepare: steps(hasTOTP, hasBackup)},
	"mfa_reset_backup_code_by_uid":          {options: site(), prepare: steps(hasTOTP, hasBackup)},

	"mfa_reset_authenticator_by_token":                          {options: site(), prepare: steps(hasTOTP, hasPhone)},
	"mfa_reset_authenticator_by_uid":                            {options: site(), prepare: hasTOTP},
	"mfa_reset_sms_auth_by_token":                               {options: site(), prepare: steps(hasTOTP, hasPhone)},
	"mfa_reset_sms_authenticator_by_uid":                        {options: site(), prepare: hasPhone},
	"mfa_reset_email_otp_authenticator_by_access_token":         {options: site(), prepare: steps(hasTOTP, hasEmail)},
	"mfa_reset_email_otp_authenticator_by_uid":                  {options: site(), prepare: hasEmail},
	"mfa_reset_security_question_authenticator_by_access_token": {options: site(), prepare: steps(hasTOTP, hasQuestions)},
	"mfa_reset_security_question_authenticator_by_uid":          {options: site(), prepare: hasQuestions},

	"mfa_duo_verify": {options: site(emulator.WithMFAAnswer(emulator.MFAAnswerIdentities)), prepare: steps(pendingLogin, duoCode, func(s scene, _, _ string) {
		s.replace["mfa_token-value"] = s.replace["secondfactorauthenticationtoken-value"]
	})},
	"mfa_duo_confirm":        {options: site(emulator.WithMFAAnswer(emulator.MFAAnswerIdentities)), prepare: steps(configured, duoCode)},
	"mfa_duo_remove":         {options: site(), prepare: steps(hasTOTP, hasFactor(emulator.FactorDuo))},
	"mfa_duo_remove_by_uid":  {options: site(), prepare: hasFactor(emulator.FactorDuo)},
	"mfa_push_remove":        {options: site(), prepare: steps(hasTOTP, hasFactor(emulator.FactorPush))},
	"mfa_push_remove_by_uid": {options: site(), prepare: hasFactor(emulator.FactorPush)},
	"mfa_push_ping": {options: site(), prepare: steps(hasFactor(emulator.FactorPush), pendingLogin, func(s scene, uid, _ string) {
		s.replace["mfa_token-value"] = s.replace["secondfactorauthenticationtoken-value"]
		if err := s.AnswerPush(uid, true); err != nil {
			s.t.Fatal(err)
		}
	})},
	"reauth_duo":       {options: site(), prepare: steps(hasFactor(emulator.FactorDuo), calls("GET "+reauthPath+"2fa", ""), duoCode)},
	"reauth_send_code": {},
	"remove_email_by_access_token": {prepare: func(s scene, uid, _ string) {
		s.ok("PUT "+manage+"/"+uid, `{"Email":[{"Type":"Primary","Value":"jane@example.com"},{"Type":"Work","Value":"work@example.com"}]}`)
	}},
	"delete_account_by_otp": {options: site(), user: withAnswers, prepare: steps(calls("GET /identity/v2/auth/account/otp", ""), sentCode("deleteuser"))},
	"reauth_code": {user: func(u *emulator.User) { u.Email = "user@example.com" },
		prepare: steps(calls("GET "+reauthPath+"otp/email?emailid=user@example.com", ""), sentCode("reauth"))},

	"mfa_re_authenticate":                       {options: site(), prepare: hasPhone},
	"mfa_re_authenticate_by_authenticator_code": {options: site(), prepare: steps(hasTOTP, totpCode)},
	"mfa_re_authenticate_by_otp":                {options: site(), prepare: steps(hasPhone, calls("GET "+reauthPath+"2fa", ""), sentCode("reauth"))},
	"mfa_re_authenticate_by_backup_code":        {options: site(), prepare: steps(hasTOTP, hasBackup)},
	"re_auth_send_email_otp":                    {options: site(), prepare: steps(hasEmail, ownEmail)},
	"re_auth_validate_email_otp": {options: site(), prepare: steps(hasEmail,
		calls("GET "+reauthPath+"2fa/otp/email?emailid=jane@example.com", ""), sentCode("reauth"))},
	"re_auth_by_security_question":    {options: site(), prepare: hasQuestions},
	"mfa_re_authenticate_by_password": {},
	"verify_pin_authentication":       {user: withAnswers},
	"verify_multi_factor_otp_reauthentication": {options: site(), prepare: func(s scene, uid, access string) {
		hasTOTP(s, uid, access)
		steppedUp("PUT "+reauthPath+"2fa/authenticatorcode", `{"authenticatorcode":"`+s.code(uid)+`"}`)(s, uid, access)
	}},
	"verify_multi_factor_password_reauthentication": {prepare: steppedUp("PUT "+reauthPath+"password", `{"password":"Passw0rd!x"}`)},
	"verify_multi_factor_pin_reauthentication":      {user: withAnswers, prepare: steppedUp("PUT "+reauthPath+"pin", `{"pin":"1234"}`)},

	"pin_login":                     {options: []emulator.Option{emulator.WithPIN()}, user: withAnswers, prepare: pinSession},
	"in_validate_pin_session_token": {options: []emulator.Option{emulator.WithPIN()}, user: withAnswers, prepare: pinSession},
	"change_pin_by_access_token":    {user: withAnswers},
	"set_pin_by_pin_auth_token": {options: []emulator.Option{emulator.WithPIN(emulator.PINAtLogin)}, prepare: func(s scene, _, _ string) {
		s.replace["pin_auth_token-value"], _ = s.refused(1243, doLogin, `{"email":"jane@example.com","password":"Passw0rd!x"}`).object("Data")["PINAuthToken"].(string)
	}},
	"send_forgot_pin_email_by_email":    {user: withAnswers},
	"send_forgot_pin_email_by_username": {user: withAnswers},
	"send_forgot_pin_sms_by_phone":      {user: withAnswers},
	"reset_pin_by_reset_token":          {user: withAnswers, prepare: steps(calls(forgotPIN+"email", `{"email":"jane@example.com"}`), resetLink)},
	"reset_pin_by_email_and_otp": {options: []emulator.Option{emulator.WithEmailOTP()}, user: withAnswers,
		prepare: steps(calls(forgotPIN+"email", `{"email":"jane@example.com"}`), sentCode("pinreset"))},
	"reset_pin_by_username_and_otp": {options: []emulator.Option{emulator.WithEmailOTP()}, user: withAnswers,
		prepare: steps(calls(forgotPIN+"username", `{"username":"jane"}`), sentCode("pinreset"))},
	"reset_pin_by_phone_and_otp":                {user: withAnswers, prepare: steps(calls(forgotPIN+"otp", `{"phone":"15551230000"}`), sentCode("pinreset"))},
	"reset_pin_by_email_and_security_answer":    {user: withAnswers},
	"reset_pin_by_username_and_security_answer": {user: withAnswers},
	"reset_pin_by_phone_and_security_answer":    {user: withAnswers},

	"get_security_questions_by_email":                 {user: withAnswers},
	"get_security_questions_by_user_name":             {user: withAnswers, prepare: replaced("user_name-value", "jane")},
	"get_security_questions_by_phone":                 {user: withAnswers, prepare: replaced(phoneValue, "15551230000")},
	"get_security_questions_by_access_token":          {user: withAnswers},
	"reset_password_by_security_answer_and_email":     {user: withAnswers},
	"reset_password_by_security_answer_and_user_name": {user: withAnswers},
	"reset_password_by_security_answer_and_phone":     {user: withAnswers},
	"unlock_account_by_token": {
		options: []emulator.Option{emulator.WithCaptcha("captcha-1"), emulator.WithLockKind(emulator.Captcha)},
		prepare: func(s scene, uid, _ string) { s.ok("PUT "+manage+"/"+uid, `{"IsLoginLocked":true}`) },
	},
	"user_registration_by_captcha": {options: []emulator.Option{emulator.WithCaptcha("captcha-1"), emulator.WithEmailWorkflow(emulator.Optional)}, user: anotherUser},
}

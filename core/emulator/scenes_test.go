package emulator_test

import (
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// sameRequest names operations that have the recorded requests of another one.
var sameRequest = map[string]string{
	"one_touch_login_ping":       "smart_login_ping",
	"user_registration_by_phone": "user_registration_by_email", // the SDK's example has an e-mail address alone
	// Without a template for a risk mail, these are ordinary logins.
	"rba_login_by_email": "login_by_email", "rba_login_by_user_name": "login_by_user_name", "rba_login_by_phone": "login_by_phone",
}

// A setting is what a recorded request needs besides the account of its scene.
type setting struct {
	options []emulator.Option
	user    func(*emulator.User)
	prepare func(s scene, uid, access string)
}

// The made-up values of recorded requests that several scenes give a meaning.
const (
	phoneValue = "phone-value"
	otpValue   = "otp-value"
	fixedOTP   = "123456"
	tokenValue = "verification_token-value"
	guidValue  = "client_guid-value"
)

func unverifiedPhone(u *emulator.User) { u.PhoneVerified = false }
func anotherUser(u *emulator.User) {
	u.Email, u.Username, u.Phone = "other@example.com", "other", "15559990000"
}

// asks makes a call and puts the token or the code of its message in place of a
// recorded value.
func asks(call, body, kind, recorded string) func(scene, string, string) {
	return func(s scene, _, _ string) {
		s.replace[phoneValue] = "15551230000"
		s.ok(call, body)
		m := s.mail(kind)
		if s.replace[recorded] = m.Token; m.OTP != "" {
			s.replace[recorded] = m.OTP
		}
	}
}

func replaced(recorded, ours string) func(scene, string, string) {
	return func(s scene, _, _ string) { s.replace[recorded] = ours }
}

const (
	getPasswordless = "GET /identity/v2/auth/login/passwordlesslogin/"
	getSmartLogin   = "GET /identity/v2/auth/login/smartlogin?email=jane@example.com&clientguid="
	postOneTouch    = "POST /identity/v2/auth/onetouchlogin/"
)

// followed is a smart login that the user has confirmed.
func followed(s scene, _, _ string) {
	s.ok(getSmartLogin+"client_guid-value", "")
	s.ok("GET /identity/v2/auth/email/smartlogin?verificationtoken="+s.mail("smartlogin").Token, "")
}

// subscribed is a webhook that the recorded calls are about.
func subscribed(s scene, _, _ string) {
	s.replace["hook_id-value"] = s.ok("POST /v2/manage/webhooks", `{"Event":"Register","TargetUrl":"https://example.com/hook"}`).text("Id")
}

var (
	objects  = []emulator.Option{emulator.WithCustomObjects("object_name-value")}
	managers = []emulator.Option{emulator.WithRoles("admin", "editor", "manager")}
)

var consents = []emulator.Option{emulator.WithConsent(emulator.ConsentForm{Event: "Login", Version: 1, Options: []emulator.ConsentOption{{ID: "opt-1", Required: true}}})}

func consented(s scene, _, access string) {
	s.as(access).ok("POST /identity/v2/auth/consent/profile", `{"data":[{"ConsentOptionId":"opt-1","IsAccepted":true}],"events":[{"Event":"Login","IsCustom":false}]}`)
}

// pinged is a browser with a social account that has a verified address.
func pinged(s scene, verified bool) {
	social := s.ok("GET /api/v2/access_token/facebook?fb_access_token=facebook-token", "").text("access_token")
	s.as(social).ok("GET /identity/v2/auth/email/sendverificationemail?clientguid=client_guid-value", "")
	if verified {
		s.ok(doVerify+s.mail("emailverification").Token, "")
	}
}

// recorded is a record of a custom object.
func recorded(s scene, uid, _ string) {
	r := s.ok("POST "+manage+"/"+uid+"/customobject?objectname=object_name-value", `{"customdata1":"","customdata2":""}`)
	s.replace["object_record_id-value"] = r.text("Id")
}

// inContext gives the account a role context. The recorded expiration has a form that
// the service refuses.
func inContext(s scene, uid, _ string) {
	s.ok("PUT "+manage+"/"+uid+"/rolecontext", `{"rolecontext":[{"context":"store-42","roles":["manager"],"additionalpermissions":["read"]}]}`)
	s.replace["context_name-value"] = "store-42"
	s.replace["2030-01-31T10:00:00Z"] = "1/31/2030 10:00:00 AM"
}

var settings = map[string]setting{
	"create_custom_object_by_token":            {options: objects, prepare: recorded},
	"create_custom_object_by_uid":              {options: objects, prepare: recorded},
	"delete_custom_object_by_record_id":        {options: objects, prepare: recorded},
	"delete_custom_object_by_token":            {options: objects, prepare: recorded},
	"get_custom_object_by_record_id":           {options: objects, prepare: recorded},
	"get_custom_object_by_record_id_and_token": {options: objects, prepare: recorded},
	"get_custom_object_by_token":               {options: objects, prepare: recorded},
	"get_custom_object_by_uid":                 {options: objects, prepare: recorded},
	"update_custom_object_by_token":            {options: objects, prepare: recorded},
	"update_custom_object_by_uid":              {options: objects, prepare: recorded},

	"accept_privacy_policy":          {options: []emulator.Option{emulator.WithPrivacyPolicy("2.0", emulator.PrivacyModerated)}},
	"get_consent_logs":               {options: consents, prepare: consented},
	"get_consent_logs_by_uid":        {options: consents, prepare: consented},
	"submit_consent_by_access_token": {options: consents},
	"submit_consent_by_consent_token": {options: consents, prepare: func(s scene, _, _ string) {
		r := s.call(doLogin, `{"email":"jane@example.com","password":"Passw0rd!x"}`)
		s.replace["consent_token-value"], _ = r.object("Data")["ConsentToken"].(string)
	}},
	"update_consent_profile_by_access_token": {options: consents, prepare: consented},
	"verify_consent_by_access_token": {options: []emulator.Option{emulator.WithConsent(
		emulator.ConsentForm{Event: "event-value", Custom: true, Version: 1, Options: []emulator.ConsentOption{{ID: "opt-1"}}})}, prepare: func(s scene, _, access string) {
		s.as(access).ok("POST /identity/v2/auth/consent/profile", `{"data":[{"ConsentOptionId":"opt-1","IsAccepted":true}],"events":[{"Event":"event-value","IsCustom":true}]}`)
	}},

	"account_update_uid":   {},
	"sliding_access_token": {options: []emulator.Option{emulator.WithSlidingTokens()}},
	"refresh_access_token": {},
	"get_configurations":   {},

	"access_token_via_custom_j_w_t_token": {options: []emulator.Option{emulator.WithJWTProvider("providername-value", []byte(jwtKey))}, prepare: func(s scene, _, _ string) {
		s.replace["id__token-value"] = signedJWT(s.t, []byte(jwtKey), `{"sub":"7"}`)
	}},
	"get_access_token_by_apple_id_code":             {prepare: replaced("code-value", "emu:apple:7:jane@apple.example")},
	"get_access_token_by_foursquare_access_token":   {prepare: replaced("fs__access__token-value", "emu:foursquare:7:jane@four.example")},
	"get_access_token_by_google_auth_code":          {prepare: replaced("google_authcode-value", "emu:google:7:jane@google.example")},
	"get_access_token_by_google_j_w_t_access_token": {prepare: replaced("id__token-value", "emu:googlejwt:7:jane@google.example")},
	"get_access_token_by_linkedin_access_token":     {prepare: replaced("ln__access__token-value", "emu:linkedin:7:jane@linkedin.example")},
	"native_applejwt":                               {prepare: replaced("id_token-value", "emu:apple:7:jane@apple.example")},
	"native_applert":                                {prepare: replaced("refresh_token-value", "emu:apple:7:jane@apple.example")},
	"native_facebookjwt":                            {prepare: replaced("id_token-value", "emu:facebookjwt:7:jane@fb.example")},
	"native_vkontakte":                              {prepare: replaced("vk_access_token-value", "emu:vkontakte:7:jane@vk.example")},
	"delete_account_by_otp": {prepare: func(s scene, _, access string) {
		s.as(access).ok("GET /identity/v2/auth/account/otp", "")
		s.replace[fixedOTP] = s.mail("deleteuser").OTP
	}},
	"remove_email_by_access_token": {prepare: func(s scene, uid, _ string) {
		s.ok("PUT "+manage+"/"+uid+"/email", `{"Email":[{"Type":"Work","Value":"work@example.com"}]}`)
	}},
	"get_access_token_by_we_chat_code": {prepare: replaced("code-value", "emu:wechat:7:jane@wechat.example")},

	"link_social_identities": {prepare: func(s scene, _, _ string) {
		s.replace["candidate_token-value"] = s.ok("GET /api/v2/access_token/facebook?fb_access_token=facebook-token", "").text("access_token")
	}},
	"link_social_identities_by_ping": {prepare: func(s scene, _, _ string) { pinged(s, true) }},
	"get_profile_by_ping":            {prepare: func(s scene, _, _ string) { pinged(s, true) }},
	"unlink_social_identities": {prepare: func(s scene, uid, access string) {
		token := s.ok("GET /api/v2/access_token/facebook?fb_access_token=facebook-token", "").text("access_token")
		s.as(access).ok("POST /identity/v2/auth/socialidentity", `{"candidatetoken":"`+token+`"}`)
		s.replace["provider-value"] = "facebook"
		linked := s.ok("GET "+manage+"/"+uid, "").body["Identities"].([]any)[0].(map[string]any)
		s.replace["provider_id-value"], _ = linked["ID"].(string)
	}},

	"add_role_permissions":    {prepare: replaced("role-value", "admin")},
	"create_roles":            {prepare: replaced("editor", "boss")},
	"delete_role":             {prepare: replaced("role-value", "admin")},
	"remove_role_permissions": {prepare: replaced("role-value", "admin")},

	"delete_additional_permission_from_role_context_by_uid": {options: managers, prepare: inContext},
	"delete_role_context_by_uid":                            {options: managers, prepare: inContext},
	"delete_roles_from_role_context_by_uid":                 {options: managers, prepare: inContext},
	"get_role_context_by_context_name":                      {options: managers, prepare: inContext},
	"get_role_context_by_uid":                               {options: managers, prepare: inContext},
	"update_role_context_by_uid":                            {options: managers, prepare: inContext},

	"delete_webhook_subscription":     {prepare: subscribed},
	"get_webhook_subscription_detail": {prepare: subscribed},
	"list_all_webhooks":               {prepare: subscribed},
	"update_webhook_subscription":     {prepare: subscribed},
	"jwt_by_access_token":             jwtScene, "jwt_by_email": jwtScene, "jwt_by_username": jwtScene, "jwt_by_phone": jwtScene,
	"oidc_introspect": oidcScene, "oidc_revoke": oidcScene,
	"m2m_token": machineScene, "m2m_introspect": machineScene, "m2m_revoke": machineScene,

	"passwordless_login_by_user_name": {prepare: replaced("username-value", "jane")},
	"passwordless_login_by_phone":     {prepare: replaced(phoneValue, "15551230000")},
	"passwordless_login_verification": {prepare: asks(getPasswordless+"email?email=jane@example.com", "", "passwordless", tokenValue)},
	"passwordless_login_verification_by_email_and_otp": {
		options: []emulator.Option{emulator.WithEmailOTP()}, prepare: asks(getPasswordless+"email?email=jane@example.com", "", "passwordless", fixedOTP),
	},
	"passwordless_login_verification_by_user_name_and_otp": {
		options: []emulator.Option{emulator.WithEmailOTP()}, prepare: asks(getPasswordless+"email?username=jane", "", "passwordless", fixedOTP),
	},
	"passwordless_login_phone_verification": {prepare: asks(getPasswordless+"otp?phone=15551230000", "", "passwordless", fixedOTP)},

	"one_touch_login_by_email": {options: []emulator.Option{emulator.WithCaptcha("captcha-1")}},
	"one_touch_login_by_phone": {options: []emulator.Option{emulator.WithCaptcha("captcha-1")}},
	"one_touch_email_verification": {prepare: asks(
		postOneTouch+"email", `{"email":"new@example.com","clientguid":"g","g-recaptcha-response":"test-captcha"}`, "onetouch", tokenValue)},
	"one_touch_login_otp_verification": {prepare: asks(
		postOneTouch+"phone", `{"phone":"15551230000","g-recaptcha-response":"test-captcha"}`, "onetouch", otpValue)},
	"one_touch_login_ping": {prepare: followed},

	"smart_login_by_user_name":       {prepare: replaced("username-value", "jane")},
	"smart_login_ping":               {prepare: followed},
	"smart_login_token_verification": {prepare: asks(getSmartLogin+"g", "", "smartlogin", tokenValue)},

	"check_phone_number_availability": {prepare: replaced(phoneValue, "15551230000")},
	"get_account_profile_by_phone":    {prepare: replaced(phoneValue, "15551230000")},
	"get_account_profile_by_user_name": {
		prepare: replaced("user_name-value", "jane"),
	},
	"set_or_change_user_name":       {prepare: replaced("username-value", "janet")},
	"forgot_password_by_phone_otp":  {prepare: replaced(phoneValue, "15551230000")},
	"reset_password_by_phone_otp":   {prepare: asks("POST /identity/v2/auth/password/otp", `{"phone":"15551230000"}`, "resetphone", fixedOTP)},
	"phone_resend_verification_otp": {user: unverifiedPhone, prepare: replaced(phoneValue, "15551230000")},
	"phone_resend_verification_otp_by_token": {
		user: unverifiedPhone, prepare: replaced(phoneValue, "15551230000"),
	},
	"phone_verification_by_otp": {
		user: unverifiedPhone, prepare: asks("POST /identity/v2/auth/phone/otp", `{"phone":"15551230000"}`, "phoneverification", otpValue),
	},
	"phone_verification_otp_by_access_token": {
		user: unverifiedPhone, prepare: asks("POST /identity/v2/auth/phone/otp", `{"phone":"15551230000"}`, "phoneverification", otpValue),
	},
	"update_phone_number":    {prepare: replaced(phoneValue, "15551239999")},
	"update_phone_id_by_uid": {prepare: replaced(phoneValue, "15551239999")},
	"user_registration_by_phone": {user: anotherUser, prepare: func(s scene, _, _ string) {
		s.replace["sott-value"] = s.ok("GET "+manage+"/sott", "").text("Sott")
	}},
	"multipurpose_email_token_generation": {prepare: replaced("tokentype-value", "passwordlesslogin")},
	"multipurpose_sms_otp_generation":     {prepare: replaced("smsotptype-value", "passwordlesslogin")},
	"add_email":                           {prepare: replaced("email-value", "work@example.com")},
	"upsert_email":                        {},
}

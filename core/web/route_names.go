package web

import "slices"

// A RouteName names a ready-made route, for [Only], [At], [Replace] and the Handle functions
// of the adapters.
type RouteName string

// The ready-made routes, with their methods and paths.
const (
	RouteRegister             RouteName = "register"               // POST /register
	RouteLogin                RouteName = "login"                  // POST /login
	RouteLogout               RouteName = "logout"                 // POST /logout
	RouteMe                   RouteName = "me"                     // GET /me
	RouteUpdateMe             RouteName = "update_me"              // PATCH /me
	RouteForgotPassword       RouteName = "forgot_password"        // POST /password/forgot
	RouteResetPassword        RouteName = "reset_password"         // POST /password/reset
	RouteChangePassword       RouteName = "change_password"        // POST /password/change
	RouteVerifyEmail          RouteName = "verify_email"           // POST /email/verify
	RouteResendVerification   RouteName = "resend_verification"    // POST /email/verify/resend
	RouteDeleteAccount        RouteName = "delete_account"         // DELETE /account
	RouteConfirmDeleteAccount RouteName = "confirm_delete_account" // POST /account/delete
	RouteRefreshToken         RouteName = "refresh_token"          // POST /token/refresh
	RouteSocialExchange       RouteName = "social_exchange"        // POST /social/exchange
	RouteSocialFacebook       RouteName = "social_facebook"        // POST /social/facebook
	RouteSocialGoogle         RouteName = "social_google"          // POST /social/google
	RouteSocialTwitter        RouteName = "social_twitter"         // POST /social/twitter
	RouteSessions             RouteName = "sessions"               // GET /sessions
	RouteEndSession           RouteName = "end_session"            // DELETE /sessions/{id}
	RouteEndOtherSessions     RouteName = "end_other_sessions"     // DELETE /sessions
	RouteOpenAPI              RouteName = "openapi"                // GET /openapi.json
	RouteWebhook              RouteName = "webhook"                // POST /webhooks/loginradius, needs [Webhooks]
)

// Passkeys.
const (
	RoutePasskeyLoginBegin     RouteName = "passkey_login_begin"     // POST /passkey/login/begin
	RoutePasskeyLoginFinish    RouteName = "passkey_login_finish"    // POST /passkey/login/finish
	RoutePasskeyRegisterBegin  RouteName = "passkey_register_begin"  // POST /passkey/register/begin
	RoutePasskeyRegisterFinish RouteName = "passkey_register_finish" // POST /passkey/register/finish
	RoutePasskeyForgot         RouteName = "passkey_forgot"          // POST /passkey/forgot
	RoutePasskeyResetBegin     RouteName = "passkey_reset_begin"     // POST /passkey/reset/begin
	RoutePasskeyResetFinish    RouteName = "passkey_reset_finish"    // POST /passkey/reset/finish
	RoutePasskeys              RouteName = "passkeys"                // GET /me/passkeys
	RouteAddPasskeyBegin       RouteName = "add_passkey_begin"       // POST /me/passkeys/begin
	RouteAddPasskeyFinish      RouteName = "add_passkey_finish"      // POST /me/passkeys/finish
	RouteRemovePasskey         RouteName = "remove_passkey"          // DELETE /me/passkeys/{id}
)

// Native logins of further providers.
const (
	RouteSocialApple           RouteName = "social_apple"             // POST /social/apple
	RouteSocialAppleIDToken    RouteName = "social_apple_id_token"    // POST /social/apple/id-token
	RouteSocialGoogleIDToken   RouteName = "social_google_id_token"   // POST /social/google/id-token
	RouteSocialGoogleCode      RouteName = "social_google_code"       // POST /social/google/code
	RouteSocialFacebookIDToken RouteName = "social_facebook_id_token" // POST /social/facebook/id-token
	RouteSocialLinkedIn        RouteName = "social_linkedin"          // POST /social/linkedin
	RouteSocialFoursquare      RouteName = "social_foursquare"        // POST /social/foursquare
	RouteSocialVKontakte       RouteName = "social_vkontakte"         // POST /social/vkontakte
	RouteSocialWeChat          RouteName = "social_wechat"            // POST /social/wechat
	RouteSocialJWT             RouteName = "social_jwt"               // POST /social/jwt
)

// Identifiers and identities of an account.
const (
	RouteAddEmail       RouteName = "add_email"       // POST /me/emails
	RouteRemoveEmail    RouteName = "remove_email"    // DELETE /me/emails
	RouteSetUsername    RouteName = "set_username"    // PUT /me/username
	RouteIdentities     RouteName = "identities"      // GET /me/identities
	RouteLinkIdentity   RouteName = "link_identity"   // POST /me/identities
	RouteUnlinkIdentity RouteName = "unlink_identity" // DELETE /me/identities
)

// Consent and the privacy policy.
const (
	RouteConsent       RouteName = "consent"        // POST /consent
	RouteMyConsent     RouteName = "my_consent"     // GET /me/consent
	RouteChangeConsent RouteName = "change_consent" // PUT /me/consent
	RouteAcceptPrivacy RouteName = "accept_privacy" // POST /privacy/accept
)

// Logins without a password, and phone numbers.
const (
	RoutePasswordlessStart  RouteName = "passwordless_start"  // POST /passwordless/start
	RoutePasswordlessVerify RouteName = "passwordless_verify" // POST /passwordless/verify
	RouteVerifyPhone        RouteName = "verify_phone"        // POST /phone/verify
	RouteResendPhoneCode    RouteName = "resend_phone_code"   // POST /phone/verify/resend
	RouteChangePhone        RouteName = "change_phone"        // PUT /me/phone
	RouteRemovePhone        RouteName = "remove_phone"        // DELETE /me/phone
)

// Second factors, in a login and on an account.
const (
	RouteMFASend              RouteName = "mfa_send"               // POST /mfa/send
	RouteMFAVerify            RouteName = "mfa_verify"             // POST /mfa/verify
	RouteMFAEnroll            RouteName = "mfa_enroll"             // POST /mfa/enroll
	RouteMFAEnrollConfirm     RouteName = "mfa_enroll_confirm"     // POST /mfa/enroll/confirm
	RouteFactors              RouteName = "factors"                // GET /me/mfa
	RouteAddTOTP              RouteName = "add_totp"               // POST /me/mfa/totp
	RouteConfirmTOTP          RouteName = "confirm_totp"           // POST /me/mfa/totp/confirm
	RouteAddSMSFactor         RouteName = "add_sms_factor"         // POST /me/mfa/sms
	RouteConfirmSMSFactor     RouteName = "confirm_sms_factor"     // POST /me/mfa/sms/confirm
	RouteAddEmailFactor       RouteName = "add_email_factor"       // POST /me/mfa/email
	RouteConfirmEmailFactor   RouteName = "confirm_email_factor"   // POST /me/mfa/email/confirm
	RouteAddPasskeyFactor     RouteName = "add_passkey_factor"     // POST /me/mfa/passkey
	RouteConfirmPasskeyFactor RouteName = "confirm_passkey_factor" // POST /me/mfa/passkey/confirm
	RouteRemoveFactor         RouteName = "remove_factor"          // DELETE /me/mfa/{method}
	RouteBackupCodes          RouteName = "backup_codes"           // POST /me/mfa/backup-codes
)

// Proofs of presence.
const (
	RouteReauthPassword   RouteName = "reauth_password"    // POST /reauth/password
	RouteReauthTOTP       RouteName = "reauth_totp"        // POST /reauth/totp
	RouteReauthSMS        RouteName = "reauth_sms"         // POST /reauth/sms
	RouteReauthSendSMS    RouteName = "reauth_send_sms"    // POST /reauth/sms/send
	RouteReauthEmail      RouteName = "reauth_email"       // POST /reauth/email
	RouteReauthSendEmail  RouteName = "reauth_send_email"  // POST /reauth/email/send
	RouteReauthBackupCode RouteName = "reauth_backup_code" // POST /reauth/backup-code
	RouteReauthPIN        RouteName = "reauth_pin"         // POST /reauth/pin
)

// PIN, security questions and locked accounts.
const (
	RouteChangePIN         RouteName = "change_pin"         // PUT /me/pin
	RouteSetPIN            RouteName = "set_pin"            // POST /pin/set
	RoutePINLogin          RouteName = "pin_login"          // POST /pin/login
	RouteForgotPIN         RouteName = "forgot_pin"         // POST /pin/forgot
	RouteResetPIN          RouteName = "reset_pin"          // POST /pin/reset
	RouteSecurityQuestions RouteName = "security_questions" // GET /security-questions
	RouteUnlockAccount     RouteName = "unlock_account"     // POST /account/unlock
)

// The login by OpenID Connect; they need [OIDCLogin].
const (
	RouteOIDCStart    RouteName = "oidc_start"    // GET /oidc/start
	RouteOIDCCallback RouteName = "oidc_callback" // GET /oidc/callback, needs [Cookies]
	RouteOIDCFinish   RouteName = "oidc_finish"   // POST /oidc/callback
)

// optionalRoutes are mounted only with an option of their own.
var optionalRoutes = []RouteName{RouteWebhook, RouteOIDCStart, RouteOIDCCallback, RouteOIDCFinish}

// known reports whether a route can be mounted.
func known(name RouteName) bool {
	return slices.Contains(optionalRoutes, name) || slices.Contains(RouteNames(), name)
}

// RouteNames lists the ready-made routes that are mounted by default.
func RouteNames() []RouteName {
	var names []RouteName
	for _, r := range (&App{cfg: newRouteConfig(nil)}).allRoutes() {
		names = append(names, r.Name)
	}
	return names
}

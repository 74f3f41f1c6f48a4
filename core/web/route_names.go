package web

import "slices"

// A RouteName names a ready-made route, for [Only], [At], [Replace] and the adapters'
// Handle.
type RouteName string

// The ready-made routes. The documentation of the package lists their methods and paths.
const (
	RouteRegister              RouteName = "register"
	RouteLogin                 RouteName = "login"
	RouteLogout                RouteName = "logout"
	RouteMe                    RouteName = "me"
	RouteUpdateMe              RouteName = "update_me"
	RouteForgotPassword        RouteName = "forgot_password"
	RouteResetPassword         RouteName = "reset_password"
	RouteChangePassword        RouteName = "change_password"
	RouteVerifyEmail           RouteName = "verify_email"
	RouteResendVerification    RouteName = "resend_verification"
	RouteDeleteAccount         RouteName = "delete_account"
	RouteConfirmDeleteAccount  RouteName = "confirm_delete_account"
	RouteRefreshToken          RouteName = "refresh_token"
	RouteSocialExchange        RouteName = "social_exchange"
	RouteSocialFacebook        RouteName = "social_facebook"
	RouteSocialGoogle          RouteName = "social_google"
	RouteSocialTwitter         RouteName = "social_twitter"
	RouteSessions              RouteName = "sessions"
	RouteEndSession            RouteName = "end_session"
	RouteEndOtherSessions      RouteName = "end_other_sessions"
	RoutePasskeyLoginBegin     RouteName = "passkey_login_begin"
	RoutePasskeyLoginFinish    RouteName = "passkey_login_finish"
	RoutePasskeyRegisterBegin  RouteName = "passkey_register_begin"
	RoutePasskeyRegisterFinish RouteName = "passkey_register_finish"
	RoutePasskeyForgot         RouteName = "passkey_forgot"
	RoutePasskeyResetBegin     RouteName = "passkey_reset_begin"
	RoutePasskeyResetFinish    RouteName = "passkey_reset_finish"
	RoutePasskeys              RouteName = "passkeys"
	RouteAddPasskeyBegin       RouteName = "add_passkey_begin"
	RouteAddPasskeyFinish      RouteName = "add_passkey_finish"
	RouteRemovePasskey         RouteName = "remove_passkey"
	RouteOpenAPI               RouteName = "openapi"
	RouteWebhook               RouteName = "webhook" // with [Webhooks] only

	// Native logins of further providers.
	RouteSocialApple           RouteName = "social_apple"
	RouteSocialAppleIDToken    RouteName = "social_apple_id_token"
	RouteSocialGoogleIDToken   RouteName = "social_google_id_token"
	RouteSocialGoogleCode      RouteName = "social_google_code"
	RouteSocialFacebookIDToken RouteName = "social_facebook_id_token"
	RouteSocialLinkedIn        RouteName = "social_linkedin"
	RouteSocialFoursquare      RouteName = "social_foursquare"
	RouteSocialVKontakte       RouteName = "social_vkontakte"
	RouteSocialWeChat          RouteName = "social_wechat"
	RouteSocialJWT             RouteName = "social_jwt"

	// Identifiers and identities of an account.
	RouteAddEmail       RouteName = "add_email"
	RouteRemoveEmail    RouteName = "remove_email"
	RouteSetUsername    RouteName = "set_username"
	RouteIdentities     RouteName = "identities"
	RouteLinkIdentity   RouteName = "link_identity"
	RouteUnlinkIdentity RouteName = "unlink_identity"

	// Consent and the privacy policy.
	RouteConsent       RouteName = "consent"
	RouteMyConsent     RouteName = "my_consent"
	RouteChangeConsent RouteName = "change_consent"
	RouteAcceptPrivacy RouteName = "accept_privacy"

	// Logins without a password, and phone numbers.
	RoutePasswordlessStart  RouteName = "passwordless_start"
	RoutePasswordlessVerify RouteName = "passwordless_verify"
	RouteVerifyPhone        RouteName = "verify_phone"
	RouteResendPhoneCode    RouteName = "resend_phone_code"
	RouteChangePhone        RouteName = "change_phone"
	RouteRemovePhone        RouteName = "remove_phone"

	// Second factors, in a login and on an account.
	RouteMFASend            RouteName = "mfa_send"
	RouteMFAVerify          RouteName = "mfa_verify"
	RouteMFAEnroll          RouteName = "mfa_enroll"
	RouteMFAEnrollConfirm   RouteName = "mfa_enroll_confirm"
	RouteFactors            RouteName = "factors"
	RouteAddTOTP            RouteName = "add_totp"
	RouteConfirmTOTP        RouteName = "confirm_totp"
	RouteAddSMSFactor       RouteName = "add_sms_factor"
	RouteConfirmSMSFactor   RouteName = "confirm_sms_factor"
	RouteAddEmailFactor     RouteName = "add_email_factor"
	RouteConfirmEmailFactor RouteName = "confirm_email_factor"
	RouteRemoveFactor       RouteName = "remove_factor"
	RouteBackupCodes        RouteName = "backup_codes"

	// Proofs of presence.
	RouteReauthPassword   RouteName = "reauth_password"
	RouteReauthTOTP       RouteName = "reauth_totp"
	RouteReauthSMS        RouteName = "reauth_sms"
	RouteReauthSendSMS    RouteName = "reauth_send_sms"
	RouteReauthEmail      RouteName = "reauth_email"
	RouteReauthSendEmail  RouteName = "reauth_send_email"
	RouteReauthBackupCode RouteName = "reauth_backup_code"
	RouteReauthPIN        RouteName = "reauth_pin"

	// PIN, security questions and locked accounts.
	RouteChangePIN         RouteName = "change_pin"
	RoutePINLogin          RouteName = "pin_login"
	RouteForgotPIN         RouteName = "forgot_pin"
	RouteResetPIN          RouteName = "reset_pin"
	RouteSecurityQuestions RouteName = "security_questions"
	RouteUnlockAccount     RouteName = "unlock_account"

	// The login by OpenID Connect, with [OIDCLogin] only.
	RouteOIDCStart    RouteName = "oidc_start"
	RouteOIDCCallback RouteName = "oidc_callback" // with cookies only
	RouteOIDCFinish   RouteName = "oidc_finish"
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

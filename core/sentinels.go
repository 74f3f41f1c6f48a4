package core

import "errors"

// The failures a caller acts on. Test for them with errors.Is; get the details
// with errors.As and [*Error].
var (
	// ErrMissingArgument and ErrInvalidArgument mean that nothing was sent.
	ErrMissingArgument = errors.New("loginradius: missing argument")
	ErrInvalidArgument = errors.New("loginradius: invalid argument")

	// ErrUnavailable means that LoginRadius could not be asked, or could not
	// answer: unreachable, too slow, 429, 5xx, or something that is not its JSON.
	// It says nothing about the user or the token.
	ErrUnavailable = errors.New("loginradius: service unavailable")
	// ErrAPICredentials means that LoginRadius refused our own key, secret or
	// signature, or that they may not use this operation. It is never the user's fault.
	ErrAPICredentials = errors.New("loginradius: API credentials refused")
	// ErrRateLimited means too many calls (429), mails, messages or codes.
	ErrRateLimited = errors.New("loginradius: rate limited")

	// ErrInvalidToken means that an access token is definitely invalid or expired.
	ErrInvalidToken = errors.New("loginradius: invalid access token")
	// ErrInvalidRefreshToken means that a refresh token is unknown, used or expired.
	ErrInvalidRefreshToken = errors.New("loginradius: invalid refresh token")
	// ErrInvalidLink means that a mailed token is unknown, used or expired.
	ErrInvalidLink = errors.New("loginradius: invalid or expired link")
	// ErrInvalidOTP means that a one-time code is wrong, used or expired.
	ErrInvalidOTP = errors.New("loginradius: invalid or expired code")
	// ErrInvalidRequestToken means that a social request token is invalid or expired.
	ErrInvalidRequestToken = errors.New("loginradius: invalid request token")

	ErrInvalidCredentials = errors.New("loginradius: invalid credentials")
	ErrUserNotFound       = errors.New("loginradius: user not found")
	ErrEmailNotVerified   = errors.New("loginradius: email not verified")
	ErrPhoneNotVerified   = errors.New("loginradius: phone not verified")
	ErrEmailTaken         = errors.New("loginradius: email already registered")
	ErrUsernameTaken      = errors.New("loginradius: username already registered")
	ErrPhoneTaken         = errors.New("loginradius: phone already registered")
	ErrAlreadyVerified    = errors.New("loginradius: already verified")
	ErrAccountBlocked     = errors.New("loginradius: account blocked")
	// ErrAccountLocked means too many failed logins; see [Error.LockedFor].
	ErrAccountLocked = errors.New("loginradius: account locked")
	// ErrMFARequired means that a second factor is wanted. When LoginRadius sent a
	// challenge, errors.As finds a [*MFAChallenge].
	ErrMFARequired = errors.New("loginradius: second factor required")
	// ErrPasswordExpired means that the user must set a new password first.
	ErrPasswordExpired = errors.New("loginradius: password must be reset")
	// ErrPasswordRejected means that a new password is weak, breached or was used before.
	ErrPasswordRejected = errors.New("loginradius: password not acceptable")
	// ErrValidation means that fields were refused; see [Error.Fields].
	ErrValidation = errors.New("loginradius: validation failed")
	// ErrNotAllowed means that the site's rules forbid it: registration closed, an
	// address not allowed, consent missing, a feature switched off.
	ErrNotAllowed = errors.New("loginradius: not allowed by the site")
	// ErrPrivacyPolicy means that the user must accept the privacy policy first; see
	// [Error.Privacy]. It is an ErrNotAllowed.
	ErrPrivacyPolicy = errors.New("loginradius: privacy policy not accepted")
	// ErrConsentRequired means that the user must answer a consent form first; see
	// [Error.Consent]. It is an ErrNotAllowed.
	ErrConsentRequired = errors.New("loginradius: consent required")
	// ErrPINRequired means that the user must set a PIN first; see [Error.PIN]. It is an
	// ErrNotAllowed.
	ErrPINRequired = errors.New("loginradius: PIN required")
	// ErrRiskCheck means that the login looks suspicious and the user must prove more;
	// see [Error.Risks].
	ErrRiskCheck = errors.New("loginradius: further proof required")
	// ErrMFATokenExpired means that a pending login is unknown, done or too old: the
	// user has to log in again.
	ErrMFATokenExpired = errors.New("loginradius: second-factor login expired")
	// ErrStepUpInvalid means that a proof of re-authentication is unknown, used or of
	// another account.
	ErrStepUpInvalid = errors.New("loginradius: invalid re-authentication token")
	// ErrSessionTokenExpired means that a token for login by PIN is invalid or expired.
	ErrSessionTokenExpired = errors.New("loginradius: invalid session token")
	// ErrPending means that the user has not confirmed yet: ask again later.
	ErrPending = errors.New("loginradius: not confirmed yet")
	// ErrDenied means that the user refused to confirm.
	ErrDenied = errors.New("loginradius: denied by the user")
	// ErrAlreadyUsed means that a link, a one-touch or a smart login is done already.
	ErrAlreadyUsed = errors.New("loginradius: already used")
	// ErrCaptcha means that a captcha is missing or wrong.
	ErrCaptcha = errors.New("loginradius: captcha refused")
	// ErrNotEnrolled means that the user has not set up what the operation needs: a
	// second factor, a PIN, a passkey, a security question.
	ErrNotEnrolled = errors.New("loginradius: not set up by the user")
	// ErrFeatureDisabled means that the site has switched the feature off. It is an
	// ErrNotAllowed.
	ErrFeatureDisabled = errors.New("loginradius: feature switched off")
	// ErrNotFound means that a record, a subscription or a passkey does not exist.
	ErrNotFound = errors.New("loginradius: not found")
	// ErrConflict means that what is to be created exists, or belongs to another account.
	ErrConflict = errors.New("loginradius: conflict")
	// ErrRoleNotFound means that a role is not defined on the site.
	ErrRoleNotFound = errors.New("loginradius: role not found")
	// ErrProviderFailed means that the social provider failed or refused its token.
	ErrProviderFailed = errors.New("loginradius: social provider failed")
)

// Codes that operations document and the published table lacks.
const (
	codeMFALocked        ErrorCode = 1263
	codeSMSFactorOff     ErrorCode = 1280
	codeParameterInvalid ErrorCode = 7900
	codeWebhookUnknown   ErrorCode = 7986
	codeWebhookDuplicate ErrorCode = 7989
)

// kindOf holds the sentinels that are kinds of another one: errors.Is finds both.
var kindOf = map[error]error{
	ErrPrivacyPolicy: ErrNotAllowed, ErrConsentRequired: ErrNotAllowed, ErrPINRequired: ErrNotAllowed, ErrFeatureDisabled: ErrNotAllowed,
}

// sentinelOf maps codes to what a caller does about them.
var sentinelOf = map[ErrorCode]error{
	CodeAccessTokenInvalid: ErrInvalidToken, CodeAccessTokenExpired: ErrInvalidToken, CodeSessionExpired: ErrInvalidToken,
	CodeAccessTokenExpiredOrInvalid: ErrInvalidToken,
	CodeRefreshTokenInvalid:         ErrInvalidRefreshToken,
	CodeRequestTokenInvalid:         ErrInvalidRequestToken, CodeRequestTokenExpired: ErrInvalidRequestToken,

	CodeVerificationLinkInvalid: ErrInvalidLink, CodeVerificationLinkUsed: ErrInvalidLink, CodeVerificationLinkExpired: ErrInvalidLink,
	CodeLinkInaccessible: ErrInvalidLink, CodeVerificationTokenInvalid: ErrInvalidLink, CodeDeleteTokenInvalid: ErrInvalidLink,
	CodeEmailVerificationLinkUsed: ErrInvalidLink, CodePasswordlessLinkUsed: ErrInvalidLink,

	CodeOTPInvalid: ErrInvalidOTP, CodeOTPUsed: ErrInvalidOTP, CodeOTPExpired: ErrInvalidOTP, CodeOTPInaccessible: ErrInvalidOTP,
	CodeVerificationOTPInvalid: ErrInvalidOTP, CodeEmailOTPUsed: ErrInvalidOTP, CodeEmailOTPExpired: ErrInvalidOTP,
	CodeEmailOTPInvalid: ErrInvalidOTP, CodeAuthenticatorCodeIncorrect: ErrInvalidOTP,

	CodeCredentialsInvalid: ErrInvalidCredentials, CodeAuthenticationFailed: ErrInvalidCredentials, CodeCurrentPasswordInvalid: ErrInvalidCredentials, CodePasswordInvalid: ErrInvalidCredentials,
	CodeUserNotFound: ErrUserNotFound, CodeUserIDInvalid: ErrUserNotFound, CodeAccountIDInvalid: ErrUserNotFound,
	CodeEmailNotFound: ErrUserNotFound, CodeUsernameNotFound: ErrUserNotFound, CodePhoneNotFound: ErrUserNotFound,
	CodeEmailProfileNotFound: ErrUserNotFound, CodePhoneNumberNotRegistered: ErrUserNotFound,
	CodeEmailNotVerified: ErrEmailNotVerified, CodePhoneNotVerified: ErrPhoneNotVerified,
	CodeEmailAlreadyRegistered: ErrEmailTaken, CodeAccountExistsForEmail: ErrEmailTaken, CodeEmailBelongsToSocialAccount: ErrEmailTaken,
	CodeEmailRegisteredWithSite: ErrEmailTaken, CodeEmailBelongsToAccount: ErrEmailTaken, CodeProviderEmailBelongsToAccount: ErrEmailTaken,
	CodeUsernameAlreadyRegistered: ErrUsernameTaken,
	CodePhoneAlreadyRegistered:    ErrPhoneTaken, CodePhoneNumberAlreadyRegistered: ErrPhoneTaken,
	CodeEmailAlreadyVerified: ErrAlreadyVerified, CodeEmailVerifiedAlready: ErrAlreadyVerified, CodePhoneAlreadyConfirmed: ErrAlreadyVerified,

	CodeAccountBlocked: ErrAccountBlocked, CodeLoginDisabled: ErrAccountBlocked, CodeLoginNotAllowed: ErrAccountBlocked,
	CodeSuspiciousActivityBlocked: ErrAccountBlocked,
	CodeAccountLockedCaptcha:      ErrAccountLocked, CodeAccountLockedSecurityQuestion: ErrAccountLocked, CodeAccountSuspended: ErrAccountLocked,
	CodeMFAAccountLocked: ErrAccountLocked,
	CodeMFARequired:      ErrMFARequired,
	CodePasswordBreached: ErrPasswordExpired, CodePasswordResetRequired: ErrPasswordExpired,
	CodeNewPasswordInvalid: ErrPasswordRejected, CodeWeakPassword: ErrPasswordRejected, CodeNewPasswordBreached: ErrPasswordRejected,

	CodeValidationFailed: ErrValidation, CodeEmailAddressInvalid: ErrValidation, CodeEmailInvalid: ErrValidation, CodePhoneNumberInvalid: ErrValidation,
	CodeUsernameInvalid: ErrValidation, CodeUsernameFormatInvalid: ErrValidation, CodeDateInvalid: ErrValidation, CodeCustomFieldInvalid: ErrValidation,
	CodeEmailTypeRequired: ErrValidation, CodeEmailDuplicate: ErrValidation, CodePrimaryEmailDuplicate: ErrValidation,

	CodeEmailNotAllowed: ErrNotAllowed, CodeEmailDomainNotAllowed: ErrNotAllowed, CodeRegistrationDisabled: ErrNotAllowed,
	CodeRegistrationNotEligible: ErrNotAllowed,
	CodePasswordLoginDisabled:   ErrFeatureDisabled, CodeSessionLimitExceeded: ErrNotAllowed, CodeEmailUpdateNotAllowed: ErrNotAllowed,
	CodeEmailVerificationDisabled: ErrNotAllowed, CodeSocialRegistrationDisabled: ErrNotAllowed, CodeProviderNotConfigured: ErrNotAllowed,
	CodePhoneLoginDisabled: ErrFeatureDisabled, CodePasswordlessLoginDisabled: ErrFeatureDisabled, CodeEmailOTPDisabled: ErrFeatureDisabled,
	CodeVerificationURLInvalid: ErrNotAllowed,
	CodePrivacyPolicyMismatch:  ErrPrivacyPolicy, CodePrivacyPolicyNotAccepted: ErrPrivacyPolicy,
	CodeConsentNotSubmitted: ErrConsentRequired, CodeConsentFormValidationFailed: ErrConsentRequired,
	CodePINLoginRequired: ErrPINRequired, CodePINRequired: ErrPINRequired,
	CodeSecurityQuestionChallenge: ErrRiskCheck, CodeEmailCodeChallenge: ErrRiskCheck, CodePhoneCodeChallenge: ErrRiskCheck,
	CodeMFATokenInvalid: ErrMFATokenExpired, CodeMFATokenExpired: ErrMFATokenExpired,
	CodeMFAValidationTokenInvalid: ErrStepUpInvalid,
	CodeSessionTokenInvalid:       ErrSessionTokenExpired, CodeSessionTokenExpired: ErrSessionTokenExpired,
	CodePINAuthTokenInvalid: ErrInvalidLink, CodePINAuthTokenExpired: ErrInvalidLink,
	CodeConsentTokenInvalid: ErrInvalidLink, CodeConsentTokenExpired: ErrInvalidLink,
	CodeSmartLoginLinkNotVerified: ErrPending, CodePushNotificationVerificationPending: ErrPending,
	CodePushNotificationVerificationDenied: ErrDenied, CodeVerificationDenied: ErrDenied,
	CodeSmartLoginLinkAlreadyUsed: ErrAlreadyUsed, CodeSmartLoginLinkAlreadyVerified: ErrAlreadyUsed, CodeOneTouchLoginLinkAlreadyUsed: ErrAlreadyUsed,
	CodePushNotificationVerificationAlreadyDone: ErrAlreadyUsed, CodePrivacyPolicyAlreadyAccepted: ErrAlreadyUsed, CodeAccountAlreadyUnlocked: ErrAlreadyUsed,
	CodeBackupCodeAlreadyGenerated: ErrAlreadyUsed, CodeClientGUIDMustUnique: ErrConflict, CodeClientGUIDInvalid: ErrInvalidLink,
	CodeCaptchaInvalid: ErrCaptcha, CodeCaptchaRejected: ErrCaptcha,
	CodeMFANotConfigured: ErrNotEnrolled, CodeMFANotConfiguredForProfile: ErrNotEnrolled, CodeAuthenticatorNotConfigured: ErrNotEnrolled,
	CodeBackupCodesNotConfigured: ErrNotEnrolled, CodeBackupCodeInvalid: ErrInvalidOTP,
	CodeSecurityQuestionMFANotVerified: ErrNotEnrolled, CodeSecurityQuestionAnswerNotSavedProfile: ErrNotEnrolled,
	CodePINAuthenticationNotConfigured: ErrNotEnrolled, CodePINNotAvailable: ErrNotEnrolled,
	CodePasskeyNotConfiguredProfile: ErrNotEnrolled, CodePasskeyMFANotConfiguredForProfile: ErrNotEnrolled,
	CodeDuoMFANotConfiguredForProfile: ErrNotEnrolled, CodePushMFANotConfiguredForProfile: ErrNotEnrolled,
	CodePhoneNotLinked: ErrNotEnrolled, CodeEmailNotInProfile: ErrNotEnrolled,
	CodePINInvalid: ErrInvalidCredentials, CodeCurrentPINInvalid: ErrInvalidCredentials,
	CodeSecurityAnswerIncorrect: ErrInvalidCredentials, CodeSecurityAnswerQuestionIncorrect: ErrInvalidCredentials, CodeSecurityQuestionInvalid: ErrInvalidCredentials,
	CodePasskeyVerificationFailed: ErrInvalidCredentials, CodeDuoVerificationFailed: ErrInvalidCredentials, CodeDuoStateInvalid: ErrInvalidCredentials,
	CodeMFANotEnabled: ErrFeatureDisabled, CodeOTPMFANotEnabled: ErrFeatureDisabled, CodeEmailOTPMFANotEnabled: ErrFeatureDisabled,
	CodeSecurityQuestionMFANotEnabled: ErrFeatureDisabled, CodeAuthenticatorMFANotEnabled: ErrFeatureDisabled, CodeSMSOTPMFANotEnabled: ErrFeatureDisabled,
	codeSMSFactorOff:         ErrFeatureDisabled,
	CodePushMFANotConfigured: ErrFeatureDisabled, CodeDuoMFANotConfigured: ErrFeatureDisabled, CodePasskeyMFANotConfigured: ErrFeatureDisabled,
	CodeEventMFANotEnabled: ErrFeatureDisabled, CodePINLoginNotEnabled: ErrFeatureDisabled, CodePasskeysNotEnabled: ErrFeatureDisabled,
	CodePasskeyAutofillNotEnabled: ErrFeatureDisabled, CodeSmartLoginOptionNotEnabled: ErrFeatureDisabled, CodeOneTouchLoginNotEnabled: ErrFeatureDisabled,
	CodeConsentManagementNotEnabled: ErrFeatureDisabled, CodeSecurityQuestionAnswerNotEnabled: ErrFeatureDisabled,
	CodeNotConfiguredCustomObjectSetting: ErrFeatureDisabled, CodeAccountLinkingDisabled: ErrFeatureDisabled,
	CodeMFARemovalInvalid: ErrNotAllowed, CodeMFAPhoneUpdateInvalid: ErrNotAllowed, CodeMFAMethodAlreadyEnabled: ErrNotAllowed,
	CodeResetPINURLInvalid: ErrNotAllowed, CodeResetPasskeyURLInvalid: ErrNotAllowed, CodeCannotAddEmailAddress: ErrNotAllowed,
	CodeAccountUnlinkRefused: ErrNotAllowed, CodePasskeyLoginUnavailable: ErrNotAllowed, CodeLastEmailAddress: ErrNotAllowed,
	CodeUsernameLoginRequired: ErrNotAllowed, CodePhoneLoginRequired: ErrNotAllowed,
	CodeCustomObjectNotFoundDoesNot: ErrNotFound, CodeUniqueRecordIDInvalid: ErrNotFound, CodeCustomObjectIDInvalid: ErrNotFound,
	CodeCustomObjectNameInvalid: ErrNotFound, CodeInvalidPasskeyID: ErrNotFound, CodeRoleContextNameNotValid: ErrNotFound,
	CodeAdditionalPermissionDoesNotExist: ErrNotFound, CodeConsentLogsNotAvailable: ErrNotFound, CodePrivacyPolicyNotAvailable: ErrNotFound,
	CodeWebhookTargetURLNotSubscribed: ErrNotFound, codeWebhookUnknown: ErrNotFound, CodeAccountNotUnlinkable: ErrNotFound, CodeProviderIDNotUnlinkable: ErrNotFound,
	CodeWebhookTargetURLAlreadySubscribed: ErrConflict, codeWebhookDuplicate: ErrConflict, CodeRoleNameInvalid: ErrConflict,
	CodeAccountIDAlreadyRegistered: ErrConflict, CodeAccountNotLinkable: ErrConflict, CodeAccountAlreadyLinked: ErrConflict,
	CodeSecurityAnswersTooFew: ErrValidation, CodeUIDInvalid: ErrValidation, CodeInvalidDate: ErrValidation, CodeCustomObjectJSONInvalid: ErrValidation,
	CodeWebhookEventInvalid: ErrValidation, CodeWebhookTargetURLInvalid: ErrValidation, codeParameterInvalid: ErrValidation,
	codeMFALocked: ErrAccountLocked,

	CodeRoleNotFound:    ErrRoleNotFound,
	CodeProviderFailure: ErrProviderFailed, CodeCloudAPIFailure: ErrProviderFailed,

	CodeEmailLimitReached: ErrRateLimited, CodeSMSLimitReached: ErrRateLimited, CodeSMSSendingLimitExceeded: ErrRateLimited,
	CodeTokenLimitReached: ErrRateLimited, CodeOTPLimitReached: ErrRateLimited,

	CodeUnknownFailure:     ErrUnavailable,
	CodeAPIKeyUnauthorized: ErrAPICredentials, CodeAPISecretUnauthorized: ErrAPICredentials, CodeEndpointNotPermitted: ErrAPICredentials,
	CodeAPIKeyInvalid: ErrAPICredentials, CodeAPISecretInvalid: ErrAPICredentials, CodeAPIKeyMissing: ErrAPICredentials,
	CodeAPISecretMissing: ErrAPICredentials, CodeSiteNotFound: ErrAPICredentials, CodeAccessUnauthorized: ErrAPICredentials,
	CodeResourceDisabled: ErrAPICredentials, CodeIPAccessDenied: ErrAPICredentials, CodeSignatureMissing: ErrAPICredentials,
	CodeSignatureInvalid: ErrAPICredentials, CodeSignatureOrSecretMissing: ErrAPICredentials, CodeRequestExpiryMissing: ErrAPICredentials,
	CodeRequestExpiryFormatInvalid: ErrAPICredentials, CodeRequestExpiryInvalid: ErrAPICredentials,
	CodeSOTTRequired: ErrAPICredentials, CodeSOTTInvalid: ErrAPICredentials,
}

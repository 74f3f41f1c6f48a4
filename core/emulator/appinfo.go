package emulator

import (
	"net/http"
)

// appInfoRoutes serve the configuration of the site, from the emulator's options. The
// service has it on a host of its own.
func (e *Emulator) appInfoRoutes() []route {
	return []route{keyRoute("get_configurations", "GET", "ciam/appinfo", e.appInfo)}
}

func (e *Emulator) appInfo(*call, *account) (int, any) {
	o := &e.opt
	flow := map[EmailWorkflow]string{Mandatory: "required", Optional: "optional", NoVerification: "disabled"}[o.workflow]
	mailed := "MAGICLINK"
	if o.emailOTP {
		mailed = "OTP"
	}
	questions := []any{}
	for _, q := range o.questions {
		questions = append(questions, map[string]any{"QuestionId": q.ID, "Question": q.Text})
	}
	factor := func(f Factor) bool { return o.mfa.mode != MFAOff && e.mfa.allows(f) }
	lock := map[string]any{
		"LoginLockedType": "None", "MaximumFailedLoginAttempts": o.lockAfter,
		"SuspendConfiguration": map[string]any{"EffectivePeriodInSeconds": int(o.lockFor.Seconds())},
	}
	if o.lockAfter > 0 {
		lock["LoginLockedType"] = o.lockKind.String()
	}
	policies := []any{}
	if e.privacy.version != "" {
		policies = append(policies, map[string]any{"Version": e.privacy.version, "StartDateTime": e.date(e.now())})
	}
	mode := "Moderated"
	if o.privacyMode == PrivacyStrict {
		mode = "Strict"
	}
	return http.StatusOK, map[string]any{
		"AppName": "emulator", "ApiVersion": map[string]any{"v1": false, "v2": true}, "IsHttps": false, "CustomDomain": nil,
		"ApiRequestSigningConfig":                map[string]any{},
		"AskEmailIdForUnverifiedUserLogin":       false,
		"AskOptionalFieldsOnSocialSignup":        false,
		"AskPasswordOnSocialLogin":               false,
		"AskRequiredFieldsOnTraditionalLogin":    false,
		"CheckPhoneNoAvailabilityOnRegistration": false,
		"DuplicateEmailWithUniqueUsername":       false,
		"EmailVerificationFlow":                  flow,
		"IsAgeRestriction":                       false,
		"IsAutoLookUpEnabled":                    false,
		"IsBackendJobEnabled":                    false,
		"IsCustomerRegistration":                 true,
		"IsDisabledAccountLinking":               o.off[FeatureLinking],
		"IsDisabledSocialRegistration":           false,
		"IsInstantSignin":                        map[string]any{"EmailLink": !o.off[FeaturePasswordless], "SmsOtp": !o.off[FeaturePasswordless] && !o.off[FeaturePhoneLogin]},
		"IsInvisibleRecaptcha":                   false,
		"IsLoginOnEmailVerification":             o.autoLogin,
		"IsLogoutOnEmailVerification":            false,
		"IsMobileCallbackForSocialLogin":         false,
		"IsNoCallbackForSocialLogin":             false,
		"IsPhoneLogin":                           !o.off[FeaturePhoneLogin],
		"IsRememberMe":                           false,
		"IsRiskBasedAuthentication":              false,
		"IsSecurityQuestion":                     len(questions) > 0,
		"IsUserNameLogin":                        true,
		"IsV2Recaptcha":                          false,
		"LoginLockedConfiguration":               lock,
		"LoginOnPasswordReset":                   false,
		"NoRegistration":                         !o.off[FeatureOneTouch],
		"OTPEmailVerification":                   o.emailOTP,
		"OptionalRecaptchaConfiguration":         map[string]any{"IsEnabled": false, "Apis": map[string]any{}},
		"PassKeysConfig": map[string]any{
			"IsEnabled": o.passkeys.on, "RPID": o.passkeys.RPID, "RPDisplayName": o.passkeys.RPName, "RPOrigins": append([]string{}, o.passkeys.Origins...),
			"PasskeySelection": "Both", "LocalEnrollment": false, "ProgressiveEnrollment": false, "ProgressiveEnrollmentDelay": 0,
		},
		"PrivacyPolicyConfiguration":               map[string]any{"IsEnabled": e.privacy.version != "", "Mode": mode, "PrivacyPolicies": policies},
		"QQTencentCaptchaKey":                      "",
		"RegistrationFormSchema":                   []any{},
		"SecurityQuestions":                        map[string]any{"Questions": questions, "SecurityQuestionCount": o.mfa.questions},
		"SocialSchema":                             map[string]any{"Providers": []any{}},
		"StoreOnlyRegistrationFormFieldsForSocial": false,
		"TemplateVerificationTypes": map[string]any{
			"Registration": mailed, "ForgotPassword": mailed, "AddEmail": mailed, "ForgotPIN": mailed, "AutoLogin": mailed,
			"OneClickSignin": mailed, "NoRegistrationPasswordlessLogin": mailed, "DeleteAccount": "MAGICLINK",
		},
		"TwoFactorAuthentication": map[string]any{
			"IsEnabled": o.mfa.mode != MFAOff, "IsRequired": o.mfa.mode == MFARequired,
			"IsAuthenticator": factor(FactorTOTP), "IsGoogleAuthenticator": factor(FactorTOTP), "IsSmsOTPAuthenticator": factor(FactorSMS),
			"IsEmailOTPAuthenticator": factor(FactorEmail), "IsSecurityQuestionAuthenticator": factor(FactorSecurityQuestion),
			"IsPushAuthenticator": factor(FactorPush), "IsDuoSecurityAuthenticator": factor(FactorDuo), "IsPasskeyAuthenticator": factor(FactorPasskey),
		},
		"V2RecaptchaSiteKey": "",
	}
}

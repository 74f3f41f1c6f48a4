package emulator

// newerRoutes are the paths that the API reference has for the same operations. The
// newest SDKs use them.
func (m *mfa) newerRoutes() []route {
	const login, own, byUID = authPath + "login/2fa/", authPath + "account/2fa/", managePath + "/2fa/"
	routes := []route{
		keyRoute("mfa_validate_authenticator_code", "PUT", login+"totp", m.challenged(m.loginByTOTP)),
		keyRoute("mfa_update_phone_number", "PUT", login+"sms/phone", m.challenged(m.loginPhone)),
		keyRoute("mfa_resend_otp", "GET", login+"sms/resend", m.challenged(m.loginResend)),
		keyRoute("mfa_email_otp", "POST", login+"email", m.challenged(m.loginEmail)),
		userRoute("mfa_verify_authenticator_code", "PUT", own+"totp", m.enrolTOTP),
		userRoute("mfa_update_setting", "PUT", own+"sms", m.enrolSMS),
	}
	for _, r := range []struct {
		word           string
		factor         Factor
		byToken, byUID string
	}{
		{"totp", FactorTOTP, "mfa_reset_authenticator_by_token", "mfa_reset_authenticator_by_uid"},
		{"sms", FactorSMS, "mfa_reset_sms_auth_by_token", "mfa_reset_sms_authenticator_by_uid"},
		{"email", FactorEmail, "mfa_reset_email_otp_authenticator_by_access_token", "mfa_reset_email_otp_authenticator_by_uid"},
		{"duo", FactorDuo, "mfa_duo_remove", "mfa_duo_remove_by_uid"},
		{"push", FactorPush, "mfa_push_remove", "mfa_push_remove_by_uid"},
	} {
		reset := m.withoutFlag(m.resetFactor(r.factor))
		routes = append(routes,
			userRoute(r.byToken, "DELETE", own+r.word, reset),
			uidRoute(r.byUID, "DELETE", byUID+r.word, reset))
	}
	return routes
}

// withoutFlag serves paths that name the factor, so that the body need not.
func (m *mfa) withoutFlag(handle handler) handler {
	return func(c *call, a *account) (int, any) {
		c.body["authenticator"], c.body["otpauthenticator"] = true, true
		return handle(c, a)
	}
}

package emulator

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"net/http"
	"net/url"
	"strings"

	"github.com/pquerna/otp"
)

// settings describe the second factors of an account. Whoever may enrol an
// authenticator gets the secret of one that is not verified yet.
func (m *mfa) settings(_ *call, a *account, mayEnrol bool) map[string]any {
	n := &a.mfa
	out := map[string]any{
		"QRCode": nil, "ManualEntryCode": nil,
		"IsAuthenticatorVerified": n.totp, "IsGoogleAuthenticatorVerified": n.totp,
		"IsOTPAuthenticatorVerified": n.phone != "", "OTPPhoneNo": nil, "OTPStatus": nil,
		"IsEmailOtpAuthenticatorVerified": n.email != "", "Email": nil, "EmailOTPStatus": nil,
		"SecurityQuestions":      nil,
		"IsPushDeviceRegistered": n.has(FactorPush), "PushQRCode": nil,
		"IsDuoAuthenticatorVerified": n.has(FactorDuo), "DuoAuthEndpoint": nil,
		"IsPasskeyAuthenticatorVerified": n.has(FactorPasskey),
	}
	if n.phone != "" {
		out["OTPPhoneNo"] = maskPhone(n.phone)
	}
	var emails []any
	for _, e := range a.emails {
		emails = append(emails, maskEmail(e.value))
	}
	if emails != nil {
		out["Email"] = emails
	}
	if m.allows(FactorSecurityQuestion) {
		out["SecurityQuestions"] = nullIfEmpty(m.questionList(nil))
	}
	if m.allows(FactorDuo) && (mayEnrol || n.has(FactorDuo)) {
		out["DuoAuthEndpoint"] = m.duoEndpoint(a)
	}
	if mayEnrol && m.allows(FactorTOTP) && !n.totp {
		if n.secret == "" {
			n.secret = newSecret()
		}
		out["ManualEntryCode"], out["QRCode"] = n.secret, m.qrCode(a)
	}
	return out
}

// configure shows the settings to a user who is logged in.
func (m *mfa) configure(c *call, a *account) (int, any) {
	out := m.settings(c, a, true)
	out["IsSecurityQuestionEnabled"] = a.mfa.questions
	return http.StatusOK, out
}

// qrCode is the picture of an authenticator's secret as a data URI.
func (m *mfa) qrCode(a *account) string {
	address := "otpauth://totp/" + url.PathEscape(first(a.email(), a.username, a.phone)) +
		"?secret=" + a.mfa.secret + "&issuer=" + url.QueryEscape(m.opt.mfa.issuer)
	key, err := otp.NewKeyFromURL(address)
	if err != nil {
		return address // escaped above, so it always parses
	}
	picture, err := key.Image(200, 200)
	if err != nil {
		return address // a name that is too long for a QR code
	}
	var b bytes.Buffer
	_ = png.Encode(&b, picture) // a buffer takes everything
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}

// maskEmail shows an address as a challenge does.
func maskEmail(email string) string {
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" {
		return "***"
	}
	return local[:1] + "**" + local[len(local)-1:] + "@" + domain
}

// maskPhone shows the last four digits of a number.
func maskPhone(number string) string {
	keep := max(0, len(number)-4)
	return strings.Repeat("*", keep) + number[keep:]
}

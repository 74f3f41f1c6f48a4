package web

import (
	"encoding/base64"
	"net/url"

	"rsc.io/qr"
)

// totpAnswer is what an authenticator app needs: the secret to type, or a QR code of the
// URI to scan.
type totpAnswer struct {
	Secret string `json:"secret"`
	URI    string `json:"otpauth_uri"`
	QR     string `json:"qr"` // a PNG as a data URI
}

// newTOTP makes the QR code here: the one that LoginRadius offers may be an address at
// another company, which would learn the secret.
func newTOTP(secret, account, issuer string) (totpAnswer, error) {
	q := url.Values{"secret": {secret}}
	label := account
	if issuer != "" {
		q.Set("issuer", issuer)
		label = issuer + ":" + account
	}
	uri := (&url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + label, RawQuery: q.Encode()}).String()
	code, err := qr.Encode(uri, qr.M)
	if err != nil {
		return totpAnswer{}, err
	}
	code.Scale = 6
	return totpAnswer{secret, uri, "data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())}, nil
}

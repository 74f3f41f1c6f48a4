package site

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// The application at the emulator's OpenID Connect, and where it comes back to.
const (
	emulatedClient = "example-client"
	emulatedSecret = "example-secret"
	oidcCallback   = "/oidc/callback"
)

// emulated returns the options of the emulator. Logins without a password, by
// phone, by passkey and by PIN are on; text messages arrive in the mailbox.
func emulated(siteURL, mfa string, codes bool) ([]emulator.Option, error) {
	mode, ok := map[string]emulator.MFAMode{"off": emulator.MFAOff, "optional": emulator.MFAOptional, "required": emulator.MFARequired}[mfa]
	if !ok {
		return nil, fmt.Errorf("-mfa %s: must be off, optional or required", mfa)
	}
	options := []emulator.Option{
		emulator.WithLogger(slog.New(slog.DiscardHandler)), // Announce says it, after the address to open
		emulator.WithMFA(mode),
		emulator.WithMFAFactors(emulator.FactorTOTP, emulator.FactorSMS, emulator.FactorEmail, emulator.FactorBackupCode, emulator.FactorPasskey),
		emulator.WithPasskeys(emulator.Passkeys{RPID: "localhost", Origins: passkeyOrigins(siteURL)}),
		emulator.WithPIN(),
		emulator.WithOIDCApp(emulator.OIDCApp{
			Name: "site", ClientID: emulatedClient, ClientSecret: emulatedSecret, RedirectURIs: []string{siteURL + oidcCallback},
		}),
	}
	if os.Getenv(webhookSecret) == "" { // the emulator signs with the API secret
		options = append(options, emulator.WithWebhook(siteURL+"/webhooks/loginradius"))
	}
	if codes {
		options = append(options, emulator.WithEmailOTP())
	}
	return options, nil
}

// passkeyOrigins are the origins with pages that may use passkeys.
func passkeyOrigins(siteURL string) []string { return []string{siteURL, byName(siteURL)} }

// byName is the address of a site by a name, if it is one on loopback: browsers bind no
// passkey to an IP address.
func byName(siteURL string) string {
	u, err := url.Parse(siteURL)
	if err != nil || !net.ParseIP(u.Hostname()).IsLoopback() {
		return siteURL
	}
	u.Host = net.JoinHostPort("localhost", u.Port())
	return u.String()
}

// emulatedElsewhere is the environment variable that says that LoginRadius is an
// emulator in another process.
const emulatedElsewhere = "SITE_EMULATED"

// StartEmulator starts an emulator for sites in other processes, which are reached at
// url, with the account of the administrator. mfa and codes are the flags of [New]. The
// environment for those sites is what it returns; with codes they also need the flag.
func StartEmulator(url, mfa string, codes bool, more ...emulator.Option) (lr *emulator.Server, env []string, err error) {
	options, err := emulated(url, mfa, codes)
	if err != nil {
		return nil, nil, err
	}
	lr, err = emulator.Start(append(options, more...)...)
	if err != nil {
		return nil, nil, err
	}
	if _, err := lr.AddUser(admin); err != nil {
		return nil, nil, errors.Join(err, lr.Close())
	}
	return lr, []string{
		"SITE_URL=" + url, emulatedElsewhere + "=1",
		"LOGINRADIUS_API_KEY=" + lr.APIKey(), "LOGINRADIUS_API_SECRET=" + lr.APISecret(),
		"LOGINRADIUS_BASE_URL=" + lr.URL(), "LOGINRADIUS_SITE_URL=" + lr.URL(), "LOGINRADIUS_HOSTED_PAGE=" + lr.URL() + "/auth.aspx",
		"LOGINRADIUS_OIDC_ISSUER=" + lr.URL() + "/service/oidc/site/",
		"LOGINRADIUS_OIDC_CLIENT_ID=" + emulatedClient, "LOGINRADIUS_OIDC_CLIENT_SECRET=" + emulatedSecret,
	}, nil
}

// Administrator returns the address and the password of the account that every emulator
// of the examples has.
func Administrator() (email, password string) { return admin.Email, admin.Password }

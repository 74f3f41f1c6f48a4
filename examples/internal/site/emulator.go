package site

import (
	"errors"
	"log/slog"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// StartEmulator starts an emulator for sites in other processes, which are reached at
// url, with the account of the administrator. The environment for those sites is what
// it returns.
func StartEmulator(url string, more ...emulator.Option) (lr *emulator.Server, env []string, err error) {
	lr, err = emulator.Start(append(more, emulator.WithLogger(slog.New(slog.DiscardHandler)), emulator.WithOIDCApp(emulator.OIDCApp{
		Name: "site", ClientID: emulatedClient, ClientSecret: emulatedSecret, RedirectURIs: []string{url + oidcCallback},
	}))...)
	if err != nil {
		return nil, nil, err
	}
	if _, err := lr.AddUser(admin); err != nil {
		return nil, nil, errors.Join(err, lr.Close())
	}
	return lr, []string{
		"SITE_URL=" + url,
		"LOGINRADIUS_API_KEY=" + lr.APIKey(), "LOGINRADIUS_API_SECRET=" + lr.APISecret(),
		"LOGINRADIUS_BASE_URL=" + lr.URL(), "LOGINRADIUS_SITE_URL=" + lr.URL(), "LOGINRADIUS_HOSTED_PAGE=" + lr.URL() + "/auth.aspx",
		"LOGINRADIUS_OIDC_ISSUER=" + lr.URL() + "/service/oidc/site/",
		"LOGINRADIUS_OIDC_CLIENT_ID=" + emulatedClient, "LOGINRADIUS_OIDC_CLIENT_SECRET=" + emulatedSecret,
	}, nil
}

// Administrator returns the address and the password of the account that every emulator
// of the examples has.
func Administrator() (email, password string) { return admin.Email, admin.Password }

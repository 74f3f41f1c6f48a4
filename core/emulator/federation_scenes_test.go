package emulator_test

import (
	"net/url"

	"golang.org/x/oauth2"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// What the recorded requests of applications and machines need.
var (
	jwtScene = setting{
		options: []emulator.Option{emulator.WithJWTApp(emulator.JWTApp{Name: "app-value"})},
		user:    func(u *emulator.User) { u.PhoneVerified = true },
	}
	oidcScene = setting{
		options: []emulator.Option{emulator.WithOIDCApp(emulator.OIDCApp{
			Name: "app-value", ClientID: "client_id-value", ClientSecret: "client_secret-value", RedirectURIs: shop.RedirectURIs,
		})},
		prepare: func(s scene, _, _ string) {
			_, client := relyingParty(s.t, s.api, "/service/oidc/app-value/")
			client.ClientID, client.ClientSecret = "client_id-value", "client_secret-value"
			back := newBrowser(s.t).goes("POST", client.AuthCodeURL("s"), url.Values{"email": {"jane@example.com"}, "password": {"Passw0rd!x"}})
			tokens, err := client.Exchange(s.t.Context(), back.Get("code"), oauth2.SetAuthURLParam("response_type", "token"))
			if err != nil {
				s.t.Fatal(err)
			}
			s.replace["oidc_token-value"] = tokens.AccessToken
		},
	}
	machineScene = setting{
		options: []emulator.Option{emulator.WithMachine(emulator.Machine{
			ClientID: "client_id-value", ClientSecret: "client_secret-value", Audiences: []string{"audience-value"},
		})},
		prepare: func(s scene, _, _ string) {
			got := s.ok("POST /service/oauth/token", `{"client_id":"client_id-value","client_secret":"client_secret-value","audience":"audience-value","grant_type":"client_credentials"}`)
			s.replace["m2m_token-value"] = got.text("access_token")
		},
	}
)

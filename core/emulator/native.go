package emulator

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/loginradius-contrib/go-middleware/core"
)

// nativeLogins are the logins with what an application got from a provider.
var nativeLogins = []struct{ operation, path, provider, parameter string }{
	{"get_access_token_by_facebook_access_token", "facebook", "facebook", "fb_access_token"},
	{"native_facebookjwt", "facebookjwt", "facebookjwt", "id_token"},
	{"get_access_token_by_twitter_access_token", "twitter", "twitter", "tw_access_token"},
	{"get_access_token_by_google_auth_code", "google", "google", "google_authcode"},
	{"get_access_token_by_google_access_token", "google", "google", "google_access_token"},
	{"get_access_token_by_google_j_w_t_access_token", "googlejwt", "googlejwt", "id_token"},
	{"get_access_token_by_apple_id_code", "apple", "apple", "code"},
	{"native_applejwt", "applejwt", "apple", "id_token"},
	{"native_applert", "applert", "apple", "refresh_token"},
	{"get_access_token_by_linkedin_access_token", "linkedin", "linkedin", "ln_access_token"},
	{"get_access_token_by_foursquare_access_token", "foursquare", "foursquare", "fs_access_token"},
	{"get_access_token_by_we_chat_code", "wechat", "wechat", "code"},
	{"native_vkontakte", "vkontakte", "vkontakte", "vk_access_token"},
}

func (f *social) nativeRoutes() []route {
	routes := []route{keyRoute("access_token_via_custom_j_w_t_token", "GET", nativePath+"/jwt", f.customJWT)}
	for _, n := range nativeLogins {
		r := keyRoute(n.operation, "GET", nativePath+"/"+n.path, f.nativeLogin(n.provider, n.parameter))
		if n.parameter == "google_authcode" { // the other call has this path, too
			r = r.when(hasQuery(n.parameter))
		}
		routes = append(routes, r)
	}
	return routes
}

func (f *social) nativeLogin(provider, parameter string) handler {
	return func(c *call, _ *account) (int, any) {
		token := c.query[parameter]
		switch {
		case token == "" && parameter == "refresh_token":
			return fail(c, core.CodeProviderRefreshTokenMissing)
		case token == "":
			return fail(c, core.CodeProviderTokenMissing)
		case provider == "twitter" && c.query["tw_token_secret"] == "":
			return fail(c, core.CodeProviderTokenSecretMissing)
		}
		login := f.vouched(provider, token)
		if login == nil || provider == "twitter" && login.secret != "" && login.secret != c.query["tw_token_secret"] {
			return (&problem{core.CodeProviderFailure, map[string]any{
				"IsProviderError": true, "ProviderErrorResponse": "the provider does not know this token",
			}}).answer(c)
		}
		return f.logIn(c, provider, login)
	}
}

// vouched returns what a provider says of a token: one that [Emulator.AddProviderToken]
// added, or one that says it itself, as "emu:<provider>:<id>:<email>".
func (f *social) vouched(provider, token string) *providerLogin {
	key := provider + " " + token
	if login := f.providers[key]; login != nil {
		return login
	}
	parts := strings.SplitN(token, ":", 4)
	if len(f.providers) >= f.opt.max.links {
		return nil
	}
	if len(parts) != 4 || parts[0] != "emu" || parts[1] != provider || parts[2] == "" || !isAddress(parts[3]) {
		return nil
	}
	f.providers[key] = &providerLogin{user: User{Email: parts[3]}}
	return f.providers[key]
}

func (f *social) logIn(c *call, provider string, login *providerLogin) (int, any) {
	a, p := f.accountOf(provider, login)
	if p != nil {
		return p.answer(c)
	}
	return http.StatusOK, f.loggedIn(c, a, provider)
}

// customJWT logs in with a JWT of a provider that the site has a key of.
func (f *social) customJWT(c *call, _ *account) (int, any) {
	name := strings.ToLower(c.query["providername"])
	raw := first(c.query["id_token"], c.bearer())
	key := f.opt.jwtProviders[name]
	switch {
	case name == "":
		return missing("providername").answer(c)
	case raw == "":
		return missing("id_token").answer(c)
	case key == nil:
		return fail(c, core.CodeProviderNotConfigured)
	}
	var claims struct {
		jwt.Claims
		ID    string `json:"id"`
		Email string `json:"email"`
		Given string `json:"given_name"`
		Last  string `json:"family_name"`
	}
	token, err := jwt.ParseSigned(raw, algorithmsOf(key))
	if err == nil {
		err = token.Claims(key, &claims)
	}
	if err == nil {
		err = claims.ValidateWithLeeway(jwt.Expected{Time: f.now()}, time.Minute)
	}
	id := first(claims.ID, claims.Subject)
	switch {
	case err != nil:
		return fail(c, core.CodeJWTInvalid)
	case id == "":
		return fail(c, core.CodeJWTUniqueIdentifierMissing)
	}
	known := name + " id " + id
	if f.providers[known] == nil {
		if len(f.providers) >= f.opt.max.links {
			return fail(c, core.CodeSocialRegistrationDisabled)
		}
		f.providers[known] = &providerLogin{user: User{Email: claims.Email, FirstName: claims.Given, LastName: claims.Last}}
	}
	return f.logIn(c, name, f.providers[known])
}

// algorithmsOf are those that a key can verify: one kind of key, one kind of algorithm.
func algorithmsOf(key any) []jose.SignatureAlgorithm {
	switch key.(type) {
	case *rsa.PublicKey:
		return []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512}
	case *ecdsa.PublicKey:
		return []jose.SignatureAlgorithm{jose.ES256, jose.ES384, jose.ES512}
	}
	return []jose.SignatureAlgorithm{jose.HS256, jose.HS384, jose.HS512}
}

// WithJWTProvider adds a provider of users who log in with a JWT. Its key is an
// *rsa.PublicKey, an *ecdsa.PublicKey or, for HMAC, a []byte. Default: there is none
// (1223).
func WithJWTProvider(name string, key any) Option {
	return func(o *options) { o.jwtProviders[strings.ToLower(name)] = key }
}

// refreshAny is the older refresh: a new token for a token, the old one dies with it.
// The query may set its lifetime, in minutes, or in seconds for social logins.
func (l *sessions) refreshAny(c *call, a *account) (int, any) {
	provider := c.session.provider
	c.session.refresh.used = true
	if !l.opt.keepOnRefresh {
		c.session.ended = true
	}
	s := l.begin(c.r, a, provider)
	if n, err := strconv.Atoi(c.query["expiresin"]); err == nil && n > 0 && n < 1e6 {
		unit := time.Minute
		if provider != "Email" {
			unit = time.Second
		}
		s.expires = l.now().Add(time.Duration(n) * unit)
	}
	return http.StatusOK, map[string]any{"access_token": s.token, "refresh_token": s.refresh.token, "expires_in": l.date(s.expires)}
}

package emulator

import (
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/loginradius-contrib/go-middleware/core"
)

// codeJWTAppUnknown is only in the API reference, so core has no name for it.
const codeJWTAppUnknown core.ErrorCode = 1282

func (f *federation) jwtRoutes() []route {
	const path = "api/jwt/{app}/"
	return []route{
		userRoute("jwt_by_access_token", "GET", path+"token", f.jwtByToken),
		keyRoute("jwt_by_email", "POST", path+"login", f.jwtByLogin).identifying().when(hasBody("email")),
		keyRoute("jwt_by_username", "POST", path+"login", f.jwtByLogin).identifying().when(hasBody("username")),
		keyRoute("jwt_by_phone", "POST", path+"login", f.jwtByLogin).identifying(),
	}
}

// JWTAppKey returns the PEM of the public key of a JWT application that signs with
// RS256, or nil for others.
func (e *Emulator) JWTAppKey(name string) []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	app := e.federation.jwtApp(name)
	if app == nil || app.Secret != "" {
		return nil
	}
	return publicPEM(e.federation.appKey(app))
}

func (f *federation) jwtApp(name string) *JWTApp {
	for i, app := range f.opt.federation.jwt {
		if strings.EqualFold(app.Name, name) {
			return &f.opt.federation.jwt[i]
		}
	}
	return nil
}

func (f *federation) jwtByToken(c *call, a *account) (int, any) { return f.issueJWT(c, a) }

func (f *federation) jwtByLogin(c *call, _ *account) (int, any) {
	a, p := f.firstFactor(c)
	if p != nil {
		return p.answer(c)
	}
	for _, gate := range f.gates() {
		if status, body := gate(c, a, login{provider: "Email", password: true}); status != 0 {
			return status, body
		}
	}
	return f.issueJWT(c, a)
}

// issueJWT answers with a token that ends by itself only: it belongs to no session.
func (f *federation) issueJWT(c *call, a *account) (int, any) {
	app := f.jwtApp(c.args["app"])
	if app == nil {
		return fail(c, codeJWTAppUnknown)
	}
	life := app.Lifetime
	if life == 0 {
		life = 10 * time.Minute
	}
	claims := f.times(map[string]any{"iss": first(app.Issuer, c.origin()+"/"), "sub": a.uid}, f.now().Add(life).Unix())
	if app.Audience != "" {
		claims["aud"] = app.Audience
	}
	if a.email() != "" {
		claims["email"] = a.email()
	}
	key := jose.SigningKey{Algorithm: jose.HS256, Key: []byte(app.Secret)}
	if app.Secret == "" {
		key = jose.SigningKey{Algorithm: jose.RS256, Key: f.appKey(app)}
	}
	return http.StatusOK, map[string]any{"signature": signJWT(key, "JWT", claims)}
}

package web

import (
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// ReauthHeader is the header in which a client presents the reauth_token of POST
// /reauth/…; in cookie mode it is a cookie.
const ReauthHeader = "X-Reauth-Token"

// reauthLife is how long a proof of presence counts at most.
const reauthLife = 15 * time.Minute

// RequireRecentAuth lets a request through only if the user proved their presence at most
// maxAge ago: by a login in this process, or by POST /reauth/… and the proof that it
// answers. A proof counts for 15 minutes at most and for the session that it was made in.
// A login by [OIDCLogin] counts only if it began at /oidc/start?prompt=login, and from when
// the hosted page asked its user: one that knows the browser otherwise asks for nothing.
// Others get 401 with the code reauthentication_required and the challenge of RFC 9470.
// maxAge must be at least a second.
func RequireRecentAuth(maxAge time.Duration) GuardOption {
	return guardOption(func(c *guardConfig) {
		if maxAge < time.Second {
			c.fail(optionError("RequireRecentAuth: maxAge must be at least a second"))
		}
		c.recent = maxAge
	})
}

// RequireRecentAuthFor makes the named routes, such as RouteDeleteAccount, demand what
// [RequireRecentAuth] demands. All of them must need a login. Default: none does.
func RequireRecentAuthFor(maxAge time.Duration, names ...RouteName) RouteOption {
	return routeOption(func(c *routeConfig) {
		if maxAge < time.Second || len(names) == 0 {
			c.fail(optionError("RequireRecentAuthFor: needs at least a second and a route"))
		}
		for _, name := range names {
			c.recent[name] = maxAge
		}
	})
}

// A reauthProof says who proved their presence, when, how, and in which session.
type reauthProof struct {
	UID     string `json:"u"`
	Session []byte `json:"s"` // hash of the access token
	At      int64  `json:"t"` // seconds since 1970
	Method  string `json:"m"`
}

// reauth makes and checks proofs of presence.
type reauth struct {
	client *core.Client
	seal   *sealer
}

func newReauth(client *core.Client) (*reauth, error) {
	seal, err := newSealer(client, "reauthentication")
	return &reauth{client, seal}, err
}

// prove returns a proof for a session, and when it ends.
func (p *reauth) prove(s *core.Session, token, method string) (proof string, expires time.Time) {
	now, hash := time.Now(), sha256.Sum256([]byte(token))
	return p.seal.seal(reauthProof{s.UID(), hash[:], now.Unix(), method}), now.Add(reauthLife)
}

// recent reports whether the user of a session proved their presence at most maxAge ago.
func (p *reauth) recent(v View, cookies cookieNames, s *core.Session, token string, maxAge time.Duration) bool {
	if age, ok := p.client.LoginAge(token); ok && age <= maxAge {
		return true
	}
	sent, n := v.Header(ReauthHeader)
	if n > 1 {
		return false
	}
	if sent == "" && cookies.on() {
		sent = Cookie(v, cookies.named("reauth"))
	}
	var proof reauthProof
	if sent == "" || p.seal.open(sent, &proof) != nil {
		return false
	}
	hash := sha256.Sum256([]byte(token))
	age := time.Since(time.Unix(proof.At, 0))
	return s.UID() != "" && proof.UID == s.UID() && string(proof.Session) == string(hash[:]) && age <= min(maxAge, reauthLife) && age > -time.Minute
}

// reauthenticate is the refusal of RFC 9470.
func reauthenticate(maxAge time.Duration) *Problem {
	p := bearerProblem(http.StatusUnauthorized, CodeReauthRequired, "insufficient_user_authentication")
	p.MaxAge = int(maxAge / time.Second)
	return p
}

// reauthCookie is the cookie that carries a proof; an empty one clears it.
func (n cookieNames) reauthCookie(proof string, expires time.Time) *http.Cookie {
	c := n.cookie(n.named("reauth"), proof, expires)
	c.SameSite = http.SameSiteStrictMode
	return c
}

package emulator

import (
	"fmt"
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// requestTokenLife is how long the token that a social login hands to the browser lives.
const requestTokenLife = 15 * time.Minute

type providerLogin struct {
	user   User
	secret string
}

// RequestToken plays the part of the hosted page or a social provider: the returned
// token can be exchanged once for a session of the user.
func (e *Emulator) RequestToken(uid string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.accounts[uid] == nil {
		return "", fmt.Errorf("emulator: there is no account %q", uid)
	}
	l := &link{token: newGUID(), uid: uid, expires: e.now().Add(requestTokenLife)}
	e.requestT.Add(l.token, l)
	return l.token, nil
}

// AddProviderToken makes a provider ("facebook", "google" or "twitter") vouch for a
// user: a native login with the token, and for twitter the token secret, finds the
// account with the user's address or creates one.
func (e *Emulator) AddProviderToken(provider, token, tokenSecret string, u User) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.provider[provider+" "+token] = providerLogin{u, tokenSecret}
}

func (e *Emulator) exchange(c *call, _ *account) (int, any) {
	l, ok := e.requestT.Get(c.query["token"])
	switch {
	case !ok || l.used || e.accounts[l.uid] == nil:
		return fail(c, 903)
	case !e.now().Before(l.expires):
		return fail(c, 904)
	}
	l.used = true
	return http.StatusOK, e.issue(c.r, e.accounts[l.uid])
}

func (e *Emulator) nativeLogin(provider, parameter string) func(*call, *account) (int, any) {
	return func(c *call, _ *account) (int, any) {
		token := c.query[parameter]
		if token == "" {
			return fail(c, 929)
		}
		if provider == "twitter" && c.query["tw_token_secret"] == "" {
			return fail(c, 930)
		}
		p, ok := e.provider[provider+" "+token]
		if !ok || provider == "twitter" && p.secret != c.query["tw_token_secret"] {
			return failure(c, core.CodeProviderFailure, map[string]any{
				"isProviderError": true, "providerErrorResponse": "the provider does not know this token",
			})
		}
		a := e.byEmail(p.user.Email)
		if a == nil {
			a = e.newAccount(provider)
			a.emailVerified = true
			if p.user.Email != "" {
				a.emails = []address{{"Primary", p.user.Email}}
			}
			a.set("FirstName", p.user.FirstName)
			a.set("LastName", p.user.LastName)
			e.accounts[a.uid] = a
		}
		if !a.active {
			return fail(c, 991)
		}
		return http.StatusOK, e.issue(c.r, a)
	}
}

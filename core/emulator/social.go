package emulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// requestTokenLife is how long the token that a social login hands to the browser lives.
const requestTokenLife = 15 * time.Minute

// A providerLogin is what a provider says about one of its tokens.
type providerLogin struct {
	user   User
	secret string
	uid    string // of the account that logged in with it before
}

// RequestToken plays the part of the hosted page or a social provider: the returned
// token can be exchanged once, within 15 minutes, for a session of the user. The
// error names a uid that is unknown.
func (e *Emulator) RequestToken(uid string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.accounts.byUID(uid) == nil {
		return "", noAccount(uid)
	}
	return e.requestToken(uid), nil
}

func (e *Emulator) requestToken(uid string) string {
	l := &link{token: newGUID(), uid: uid, expires: e.now().Add(requestTokenLife)}
	e.requestT.Add(l.token, l)
	return l.token
}

// AddProviderToken makes a provider ("facebook", "google" or "twitter") vouch for a
// user: a native login with the token, and for twitter the token secret, finds the
// account with the user's address or creates one, whose address then counts as
// verified.
func (e *Emulator) AddProviderToken(provider, token, tokenSecret string, u User) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.provider[strings.ToLower(provider)+" "+token] = &providerLogin{user: u, secret: tokenSecret}
}

func (e *Emulator) exchange(c *call, _ *account) (int, any) {
	l, ok := e.requestT.Get(c.query["token"])
	switch {
	case !ok || l.used || e.accounts.byUID(l.uid) == nil:
		return fail(c, core.CodeRequestTokenInvalid)
	case !e.now().Before(l.expires):
		return fail(c, core.CodeRequestTokenExpired)
	}
	a := e.accounts.byUID(l.uid)
	if !a.active {
		return fail(c, core.CodeAccountBlocked)
	}
	l.used = true
	return http.StatusOK, e.issue(c.r, a, a.provider)
}

func (e *Emulator) nativeLogin(provider, parameter string) func(*call, *account) (int, any) {
	return func(c *call, _ *account) (int, any) {
		token := c.query[parameter]
		if token == "" {
			return fail(c, core.CodeProviderTokenMissing)
		}
		if provider == "twitter" && c.query["tw_token_secret"] == "" {
			return fail(c, core.CodeProviderTokenSecretMissing)
		}
		login := e.provider[provider+" "+token]
		if login == nil || provider == "twitter" && login.secret != c.query["tw_token_secret"] {
			return (&problem{core.CodeProviderFailure, map[string]any{
				"IsProviderError": true, "ProviderErrorResponse": "the provider does not know this token",
			}}).answer(c)
		}
		a, p := e.accountOf(provider, login)
		if p != nil {
			return p.answer(c)
		}
		return http.StatusOK, e.issue(c.r, a, provider)
	}
}

// accountOf finds or creates the account that a provider vouches for.
func (e *Emulator) accountOf(provider string, login *providerLogin) (*account, *problem) {
	a := e.accounts.byUID(login.uid)
	if a == nil {
		a = e.accounts.byEmail(login.user.Email)
	}
	switch {
	case a == nil && e.accounts.full():
		return nil, refuse(core.CodeSocialRegistrationDisabled)
	case a == nil:
		a = e.newAccount(provider)
		e.fill(a, login.user)
		a.emailVerified = login.user.Email != ""
		e.accounts.put(a)
	case a.provider != provider && !slices.Contains(a.linked, provider):
		a.linked = append(a.linked, provider)
	}
	if !a.active {
		return nil, refuse(core.CodeAccountBlocked)
	}
	login.uid = a.uid
	return a, nil
}

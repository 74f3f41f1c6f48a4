package emulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

// requestTokenLife is the lifetime of the token that a social login returns to the
// browser.
const requestTokenLife = 15 * time.Minute

// social implements logins through a provider.
type social struct {
	*Emulator
	requestTokens *simplelru.LRU[string, *link]
	providers     map[string]*providerLogin // by provider, space and token
}

func newSocial(e *Emulator) *social {
	f := &social{Emulator: e, providers: map[string]*providerLogin{}}
	f.requestTokens, _ = simplelru.NewLRU[string, *link](e.opt.max.links, nil) // the size is positive
	return f
}

func (f *social) socialRoutes() []route {
	return []route{
		{operation: "exchange_access_token", method: "GET", path: nativePath, creds: withSecretOnly, handle: f.exchange},
		userRoute("get_social_identity", "GET", authPath+"socialidentity", f.socialProfile),
		{operation: "refresh_user_profile", method: "GET", path: "api/v2/userprofile/refresh", bearer: true, handle: f.socialProfile},
		{operation: "get_social_user_profile", method: "GET", path: "api/v2/userprofile", bearer: true, handle: f.socialProfile},
	}
}

// A providerLogin is the user that a provider's token stands for.
type providerLogin struct {
	user   User
	secret string
	uid    string // of the account that logged in with it before
}

// RequestToken returns a request token, as the hosted page does after a social login. It
// can be exchanged for a session once within 15 minutes. RequestToken returns an error if
// the uid is unknown.
func (e *Emulator) RequestToken(uid string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.accounts.byUID(uid) == nil {
		return "", noAccount(uid)
	}
	return e.social.requestToken(uid), nil
}

func (f *social) requestToken(uid string) string {
	l := &link{token: newGUID(), uid: uid, expires: f.now().Add(requestTokenLife)}
	f.requestTokens.Add(l.token, l)
	return l.token
}

// AddProviderToken registers a token of a provider, such as "facebook", "googlejwt" or
// "apple", for a user. A native login with the token (and for twitter its secret) finds
// the account with the user's address, or creates one with a verified address. Tokens
// like "emu:google:1234:ada@example.com" need no registration: they name the provider,
// the user's id there, and the address.
func (e *Emulator) AddProviderToken(provider, token, tokenSecret string, u User) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.social.providers[strings.ToLower(provider)+" "+token] = &providerLogin{user: u, secret: tokenSecret}
}

func (f *social) exchange(c *call, _ *account) (int, any) {
	l, ok := f.requestTokens.Get(c.query["token"])
	switch {
	case !ok || l.used || f.accounts.byUID(l.uid) == nil:
		return fail(c, core.CodeRequestTokenInvalid)
	case !f.now().Before(l.expires):
		return fail(c, core.CodeRequestTokenExpired)
	}
	a := f.accounts.byUID(l.uid)
	if !a.active {
		return fail(c, core.CodeAccountBlocked)
	}
	l.used = true
	return http.StatusOK, f.loggedIn(c, a, a.provider)
}

// loggedIn starts a session of a provider's login, which has no second factor.
func (f *social) loggedIn(c *call, a *account, provider string) map[string]any {
	out := f.sessions.issue(c.r, a, provider)
	f.fire("Login", a)
	return out
}

// accountOf finds or creates the account of a provider's user.
func (f *social) accountOf(provider string, login *providerLogin) (*account, *problem) {
	a := f.accounts.byUID(login.uid)
	if a == nil {
		a = f.accounts.byEmail(login.user.Email)
	}
	switch {
	case a == nil && f.accounts.full():
		return nil, refuse(core.CodeSocialRegistrationDisabled)
	case a == nil:
		a = f.newAccount(provider)
		f.fill(a, login.user)
		a.emailVerified = login.user.Email != ""
		f.join(a)
	case !slices.Contains(a.providers(), provider):
		a.linked = append(a.linked, identity{provider, newID()})
		f.fire("LinkAccount", a)
	}
	if !a.active {
		return nil, refuse(core.CodeAccountBlocked)
	}
	login.uid = a.uid
	return a, nil
}

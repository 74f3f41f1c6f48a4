package emulator

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

type session struct {
	token, uid string
	provider   string // that the user logged in with
	refresh    *refreshToken
	number     uint64 // in order of issue
	created    time.Time
	expires    time.Time
	ended      bool
	acceptOnly bool // serves to accept the privacy policy
	agent, ip  string
	grant      *grant         // of OpenID Connect, or nil
	claims     map[string]any // of an access token in JWT form
}

type refreshToken struct {
	token   string
	session *session
	expires time.Time
	used    bool
}

// sessions are the tokens that the site has issued.
type sessions struct {
	*Emulator
	live    *simplelru.LRU[string, *session]      // by access token, ended ones included
	refresh *simplelru.LRU[string, *refreshToken] // by token
	issued  uint64                                // sessions so far
}

func newSessions(e *Emulator) *sessions {
	l := &sessions{Emulator: e}
	// The sizes are positive, which is all that NewLRU asks for.
	l.live, _ = simplelru.NewLRU[string, *session](e.opt.max.sessions, nil)
	l.refresh, _ = simplelru.NewLRU[string, *refreshToken](e.opt.max.sessions, nil)
	return l
}

func (l *sessions) sessionsRoutes() []route {
	const auth, manage = authPath + "access_token", managePath + "/access_token"
	return []route{
		userRoute("auth_validate_access_token", "GET", auth+"/validate", l.validate).allowBlocked(),
		userRoute("auth_in_validate_access_token", "GET", auth+"/invalidate", l.invalidate).allowBlocked(),
		route{operation: "refresh_access_token", method: "GET", path: nativePath + "/refresh", creds: withSecretOnly, handle: l.refreshAny}.withBearer(),
		userRoute("sliding_access_token", "GET", auth+"/sliding_token", l.slide),
		userRoute("get_access_token_info", "GET", auth, l.tokenInfo),
		manageRoute("get_access_token_by_uid", "GET", manage, l.tokenByUID),
		manageRoute("refresh_access_token_by_refresh_token", "GET", manage+"/refresh", l.refreshAccessToken),
		manageRoute("revoke_refresh_token", "GET", manage+"/refresh/revoke", l.revokeRefreshToken),
		uidRoute("revoke_all_refresh_token", "DELETE", managePath+"/{uid}/access_token/refresh/revoke", l.revokeAllRefreshTokens),
		manageRoute("validate_access_token", "GET", nativePath+"/validate", l.validate).withBearer().allowBlocked(),
		manageRoute("in_validate_access_token", "GET", nativePath+"/invalidate", l.invalidate).withBearer().allowBlocked(),
		manageRoute("get_active_session_by_account_id", "GET", nativePath+"/activesession", l.activeSessions).when(hasQuery("accountid")),
		manageRoute("get_active_session_by_profile_id", "GET", nativePath+"/activesession", l.activeSessions).when(hasQuery("profileid")),
		manageRoute("get_active_session", "GET", nativePath+"/activesession", l.activeSessions),
	}
}

func (s *session) lives(now time.Time) bool { return !s.ended && now.Before(s.expires) }

// IssueTokens logs a user in without a password. It returns an error if the uid is
// unknown.
func (e *Emulator) IssueTokens(uid string) (accessToken, refreshToken string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.accounts.byUID(uid)
	if a == nil {
		return "", "", noAccount(uid)
	}
	s := e.sessions.begin(nil, a, "Email")
	return s.token, s.refresh.token, nil
}

// issue starts a session and returns its keys in an answer.
func (l *sessions) issue(r *http.Request, a *account, provider string) map[string]any {
	s := l.begin(r, a, provider)
	return l.tokensOf(s)
}

func (l *sessions) begin(r *http.Request, a *account, provider string) *session {
	return l.beginWith(r, a, provider, l.newToken("at+jwt"))
}

// beginWith starts a session with a given access token.
func (l *sessions) beginWith(r *http.Request, a *account, provider, token string) *session {
	now := l.now()
	l.issued++
	s := &session{
		token: token, uid: a.uid, provider: provider, number: l.issued,
		created: now, expires: now.Add(l.opt.tokenLife), ip: "127.0.0.1",
	}
	if r != nil {
		s.agent = clip(r.Header.Get("X-Origin-User-Agent"))
		if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
			s.ip = host
		}
		if ip := r.Header.Get("X-Origin-IP"); ip != "" {
			s.ip = clip(ip)
		}
	}
	s.refresh = &refreshToken{token: l.newToken("jwt"), session: s, expires: now.Add(l.opt.refreshLife)}
	l.live.Add(s.token, s)
	l.refresh.Add(s.refresh.token, s.refresh)
	a.lastLogin = now
	a.logins++
	return s
}

// newToken returns a GUID, or a string in the form of a JWE: a header, and random bytes
// in place of the other parts.
func (l *sessions) newToken(kind string) string {
	if !l.opt.jweTokens {
		return newGUID()
	}
	b64 := base64.RawURLEncoding.EncodeToString
	random := func(n int) string {
		b := make([]byte, n)
		_, _ = rand.Read(b) // never fails
		return b64(b)
	}
	return b64([]byte(`{"alg":"dir","enc":"A256GCM","typ":"`+kind+`"}`)) + ".." + random(12) + "." + random(96) + "." + random(16)
}

// newGUID returns the form that access tokens have.
func newGUID() string {
	id := newID()
	return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}

// end ends all sessions of an account except one, and their refresh tokens.
func (l *sessions) end(uid, except string) {
	for _, s := range l.live.Values() {
		if s.uid == uid && s.token != except {
			s.ended = true
		}
	}
	for _, f := range l.refresh.Values() {
		if f.session.uid == uid && f.session.token != except {
			f.used = true
		}
	}
}

func (l *sessions) validate(c *call, _ *account) (int, any) {
	out := map[string]any{"access_token": c.session.token, "expires_in": l.date(c.session.expires)}
	if !c.native {
		out["refresh_token"] = c.session.refresh.token
	}
	return http.StatusOK, out
}

// tokensOf returns the keys of a session in an answer.
func (e *Emulator) tokensOf(s *session) map[string]any {
	return map[string]any{"access_token": s.token, "refresh_token": s.refresh.token, "expires_in": e.date(s.expires)}
}

func (l *sessions) tokenInfo(c *call, _ *account) (int, any) {
	return http.StatusOK, map[string]any{
		"provider": strings.ToLower(c.session.provider), "access_token": c.session.token, "isrememberme": false,
	}
}

func (l *sessions) invalidate(c *call, _ *account) (int, any) {
	c.session.ended = true
	if c.flag("preventrefresh") {
		c.session.refresh.used = true
	}
	return posted(c)
}

// slide extends the session by its lifetime. Sites with sliding tokens do so on every
// call.
func (l *sessions) slide(c *call, _ *account) (int, any) {
	if !l.opt.sliding {
		return fail(c, core.CodeEndpointNotPermitted)
	}
	c.session.expires = l.now().Add(l.opt.tokenLife)
	return l.validate(c, nil)
}

func (l *sessions) refreshAccessToken(c *call, _ *account) (int, any) {
	f, ok := l.refresh.Get(c.query["refresh_token"])
	if !ok || f.used || !l.now().Before(f.expires) {
		return fail(c, core.CodeRefreshTokenInvalid)
	}
	a := l.accounts.byUID(f.session.uid)
	switch {
	case a == nil:
		return fail(c, core.CodeRefreshTokenInvalid)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	}
	f.used = true
	if !l.opt.keepOnRefresh {
		f.session.ended = true
	}
	return http.StatusOK, l.issue(c.r, a, f.session.provider)
}

func (l *sessions) revokeRefreshToken(c *call, _ *account) (int, any) {
	f, ok := l.refresh.Get(c.query["refresh_token"])
	if !ok || f.used || !l.now().Before(f.expires) {
		return fail(c, core.CodeRefreshTokenInvalid)
	}
	f.used = true
	return deleted()
}

func (l *sessions) revokeAllRefreshTokens(_ *call, a *account) (int, any) {
	for _, f := range l.refresh.Values() {
		if f.session.uid == a.uid {
			f.used = true
		}
	}
	return deleted()
}

// tokenByUID logs in as any user. The service calls this impersonation.
func (l *sessions) tokenByUID(c *call, _ *account) (int, any) {
	a := l.accounts.byUID(c.query["uid"])
	switch {
	case a == nil:
		return fail(c, core.CodeUserNotFound)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	}
	return http.StatusOK, l.issue(c.r, a, "Email")
}

// activeSessions lists the sessions of an account, newest first.
func (l *sessions) activeSessions(c *call, _ *account) (int, any) {
	uid := c.query["accountid"]
	if token := c.query["token"]; token != "" {
		s, ok := l.live.Peek(token)
		if !ok || !s.lives(l.now()) {
			return fail(c, core.CodeSessionExpired)
		}
		uid = s.uid
	}
	if id := c.query["profileid"]; id != "" {
		if a := l.accounts.byProfileID(id); a != nil {
			uid = a.uid
		}
	}
	sessions := slices.DeleteFunc(l.live.Values(), func(s *session) bool { return s.uid != uid || !s.lives(l.now()) })
	slices.SortFunc(sessions, func(a, b *session) int { return cmp.Compare(b.number, a.number) })
	list := []any{}
	for _, s := range sessions {
		list = append(list, map[string]any{
			"AccessToken": s.token, "Browser": browser(s.agent), "Device": "PC", "Os": nil, "DeviceType": "Computer",
			"City": nil, "Country": nil, "Ip": s.ip, "LoginDate": l.date(s.created),
		})
	}
	return http.StatusOK, map[string]any{"data": list, "nextcursor": 0}
}

func browser(agent string) any {
	for _, b := range []struct{ mark, name string }{
		{"Edg", "Edge"}, {"Chrome", "Chrome"}, {"Firefox", "Firefox"}, {"Safari", "Safari"}, {"curl", "curl"},
	} {
		if strings.Contains(agent, b.mark) {
			return b.name
		}
	}
	return nil
}

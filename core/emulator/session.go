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
	agent, ip  string
}

type refreshToken struct {
	token   string
	session *session
	expires time.Time
	used    bool
}

func (s *session) lives(now time.Time) bool { return !s.ended && now.Before(s.expires) }

// IssueTokens logs a user in without a password. The error names a uid that is
// unknown.
func (e *Emulator) IssueTokens(uid string) (accessToken, refreshToken string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.accounts.byUID(uid)
	if a == nil {
		return "", "", noAccount(uid)
	}
	s := e.begin(nil, a, "Email")
	return s.token, s.refresh.token, nil
}

// issue starts a session and returns the three keys that tell about it.
func (e *Emulator) issue(r *http.Request, a *account, provider string) map[string]any {
	s := e.begin(r, a, provider)
	return map[string]any{"access_token": s.token, "refresh_token": s.refresh.token, "expires_in": e.date(s.expires)}
}

func (e *Emulator) begin(r *http.Request, a *account, provider string) *session {
	now := e.now()
	e.issued++
	s := &session{
		token: e.newToken("at+jwt"), uid: a.uid, provider: provider, number: e.issued,
		created: now, expires: now.Add(e.opt.tokenLife), ip: "127.0.0.1",
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
	s.refresh = &refreshToken{token: e.newToken("jwt"), session: s, expires: now.Add(e.opt.refreshLife)}
	e.sessions.Add(s.token, s)
	e.refresh.Add(s.refresh.token, s.refresh)
	a.lastLogin = now
	a.logins++
	return s
}

// newToken returns a GUID, or what looks like a JWE: a header that says so, and
// random bytes where the key, the nonce, the text and the tag would be.
func (e *Emulator) newToken(kind string) string {
	if !e.opt.jweTokens {
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

// endSessions ends all sessions of an account but one, refresh tokens included.
func (e *Emulator) endSessions(uid, except string) {
	for _, s := range e.sessions.Values() {
		if s.uid == uid && s.token != except {
			s.ended = true
		}
	}
	for _, f := range e.refresh.Values() {
		if f.session.uid == uid && f.session.token != except {
			f.used = true
		}
	}
}

func (e *Emulator) validate(c *call, _ *account) (int, any) {
	out := map[string]any{"access_token": c.session.token, "expires_in": e.date(c.session.expires)}
	if !c.native {
		out["refresh_token"] = c.session.refresh.token
	}
	return http.StatusOK, out
}

func (e *Emulator) tokenInfo(c *call, _ *account) (int, any) {
	return http.StatusOK, map[string]any{
		"provider": strings.ToLower(c.session.provider), "access_token": c.session.token, "isrememberme": false,
	}
}

func (e *Emulator) invalidate(c *call, _ *account) (int, any) {
	c.session.ended = true
	if c.flag("preventrefresh") {
		c.session.refresh.used = true
	}
	return posted(c)
}

// slide extends the session by its lifetime, which sites with sliding tokens do on
// every call.
func (e *Emulator) slide(c *call, _ *account) (int, any) {
	c.session.expires = e.now().Add(e.opt.tokenLife)
	return e.validate(c, nil)
}

func (e *Emulator) refreshAccessToken(c *call, _ *account) (int, any) {
	f, ok := e.refresh.Get(c.query["refresh_token"])
	if !ok || f.used || !e.now().Before(f.expires) {
		return fail(c, core.CodeRefreshTokenInvalid)
	}
	a := e.accounts.byUID(f.session.uid)
	switch {
	case a == nil:
		return fail(c, core.CodeRefreshTokenInvalid)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	}
	f.used = true
	if !e.opt.keepOnRefresh {
		f.session.ended = true
	}
	return http.StatusOK, e.issue(c.r, a, f.session.provider)
}

func (e *Emulator) revokeRefreshToken(c *call, _ *account) (int, any) {
	f, ok := e.refresh.Get(c.query["refresh_token"])
	if !ok || f.used || !e.now().Before(f.expires) {
		return fail(c, core.CodeRefreshTokenInvalid)
	}
	f.used = true
	return deleted()
}

func (e *Emulator) revokeAllRefreshTokens(_ *call, a *account) (int, any) {
	for _, f := range e.refresh.Values() {
		if f.session.uid == a.uid {
			f.used = true
		}
	}
	return deleted()
}

// tokenByUID logs in as any user: what the service calls impersonation.
func (e *Emulator) tokenByUID(c *call, _ *account) (int, any) {
	a := e.accounts.byUID(c.query["uid"])
	switch {
	case a == nil:
		return fail(c, core.CodeUserNotFound)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	}
	return http.StatusOK, e.issue(c.r, a, "Email")
}

// activeSessions lists the sessions of an account, newest first.
func (e *Emulator) activeSessions(c *call, _ *account) (int, any) {
	uid := c.query["accountid"]
	if token := c.query["token"]; token != "" {
		s, ok := e.sessions.Peek(token)
		if !ok || !s.lives(e.now()) {
			return fail(c, core.CodeSessionExpired)
		}
		uid = s.uid
	}
	if id := c.query["profileid"]; id != "" {
		if a := e.accounts.byProfileID(id); a != nil {
			uid = a.uid
		}
	}
	sessions := slices.DeleteFunc(e.sessions.Values(), func(s *session) bool { return s.uid != uid || !s.lives(e.now()) })
	slices.SortFunc(sessions, func(a, b *session) int { return cmp.Compare(b.number, a.number) })
	list := []any{}
	for _, s := range sessions {
		list = append(list, map[string]any{
			"AccessToken": s.token, "Browser": browser(s.agent), "Device": "PC", "Os": nil, "DeviceType": "Computer",
			"City": nil, "Country": nil, "Ip": s.ip, "LoginDate": e.date(s.created),
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

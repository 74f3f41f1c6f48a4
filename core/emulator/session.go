package emulator

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

type session struct {
	token, uid string
	created    time.Time
	expires    time.Time
	ended      bool
	agent, ip  string
}

type refreshToken struct {
	token, access, uid string
	expires            time.Time
	used               bool
}

// IssueTokens logs a user in without a password.
func (e *Emulator) IssueTokens(uid string) (accessToken, refreshToken string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.accounts[uid]
	if a == nil {
		return "", "", fmt.Errorf("emulator: there is no account %q", uid)
	}
	t := e.issue(nil, a)
	return t["access_token"].(string), t["refresh_token"].(string), nil
}

// issue starts a session and returns the three keys that tell about it.
func (e *Emulator) issue(r *http.Request, a *account) map[string]any {
	now := e.now()
	s := &session{token: newGUID(), uid: a.uid, created: now, expires: now.Add(e.opt.tokenLife), ip: "127.0.0.1"}
	if r != nil {
		s.agent = r.Header.Get("X-Origin-User-Agent")
		if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
			s.ip = host
		}
		if ip := r.Header.Get("X-Origin-IP"); ip != "" {
			s.ip = ip
		}
	}
	f := &refreshToken{token: newGUID(), access: s.token, uid: a.uid, expires: now.Add(e.opt.refreshLife)}
	e.sessions.Add(s.token, s)
	e.refresh.Add(f.token, f)
	a.lastLogin = now
	a.logins++
	return map[string]any{"access_token": s.token, "refresh_token": f.token, "expires_in": date(s.expires)}
}

// loggedIn is the answer of every login.
func (e *Emulator) loggedIn(c *call, a *account) map[string]any {
	out := e.issue(c.r, a)
	out["Profile"] = e.profile(c, a)
	return out
}

// endSessions ends all sessions of an account but one, refresh tokens included.
func (e *Emulator) endSessions(uid, except string) {
	for _, s := range e.sessions.Values() {
		if s.uid == uid && s.token != except {
			s.ended = true
		}
	}
	for _, f := range e.refresh.Values() {
		if f.uid == uid && f.access != except {
			f.used = true
		}
	}
}

func (e *Emulator) validate(c *call, _ *account) (int, any) {
	s, _ := e.sessions.Peek(c.bearer())
	return http.StatusOK, map[string]any{"access_token": s.token, "expires_in": date(s.expires)}
}

func (e *Emulator) tokenInfo(c *call, a *account) (int, any) {
	return http.StatusOK, map[string]any{"provider": strings.ToLower(a.provider), "access_token": c.bearer(), "isrememberme": false}
}

func (e *Emulator) invalidate(c *call, _ *account) (int, any) {
	s, _ := e.sessions.Peek(c.bearer())
	s.ended = true
	if c.flag("preventrefresh") {
		for _, f := range e.refresh.Values() {
			if f.access == s.token {
				f.used = true
			}
		}
	}
	return posted(c)
}

func (e *Emulator) refreshAccessToken(c *call, _ *account) (int, any) {
	f, ok := e.refresh.Get(c.query["refresh_token"])
	if !ok || f.used || !e.now().Before(f.expires) {
		return fail(c, 1217)
	}
	a := e.accounts[f.uid]
	switch {
	case a == nil:
		return fail(c, 1217)
	case !a.active:
		return fail(c, 991)
	}
	f.used = true
	if s, ok := e.sessions.Peek(f.access); ok {
		s.ended = true
	}
	return http.StatusOK, e.issue(c.r, a)
}

func (e *Emulator) revokeRefreshToken(c *call, _ *account) (int, any) {
	f, ok := e.refresh.Get(c.query["refresh_token"])
	if !ok || f.used {
		return fail(c, 1217)
	}
	f.used = true
	return deleted()
}

func (e *Emulator) revokeAllRefreshTokens(_ *call, a *account) (int, any) {
	for _, f := range e.refresh.Values() {
		if f.uid == a.uid {
			f.used = true
		}
	}
	return deleted()
}

func (e *Emulator) activeSessions(c *call, _ *account) (int, any) {
	uid := c.query["accountid"]
	if token := c.query["token"]; token != "" {
		s, ok := e.sessions.Peek(token)
		if !ok || s.ended || !e.now().Before(s.expires) {
			return fail(c, 1055)
		}
		uid = s.uid
	}
	if id := c.query["profileid"]; id != "" {
		if a := e.find(func(a *account) bool { return a.id == id }); a != nil {
			uid = a.uid
		}
	}
	list := []any{}
	sessions := e.sessions.Values()
	for i := len(sessions) - 1; i >= 0; i-- { // newest first
		s := sessions[i]
		if s.uid != uid || s.ended || !e.now().Before(s.expires) {
			continue
		}
		list = append(list, map[string]any{
			"AccessToken": s.token, "Browser": browser(s.agent), "Device": "PC", "Os": nil, "DeviceType": "Computer",
			"City": nil, "Country": nil, "Ip": s.ip, "LoginDate": date(s.created),
		})
	}
	return http.StatusOK, map[string]any{"data": list, "nextcursor": 0}
}

func browser(agent string) any {
	for _, name := range []string{"Edg", "Chrome", "Firefox", "Safari", "curl"} {
		if strings.Contains(agent, name) {
			return name
		}
	}
	return nil
}

package adaptertest

import (
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// Users end their own sessions, one or all others, and no other user's. The sessions stop
// working here at once.
func testEndSessions(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	uid, mine := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	_, stranger := b.user(emulator.User{Email: "grace@example.com", EmailVerified: true})
	issue := func() string {
		token, _, err := b.lr.IssueTokens(uid)
		if err != nil {
			t.Fatal(err)
		}
		b.who("/api/whoami", bearer(token)...)
		return token
	}
	ids := func(token string) (current string, others []string) {
		list, _ := b.object(b.want(200, "GET", "/auth/sessions", "", bearer(token)...))["sessions"].([]any)
		for _, item := range list {
			s, _ := item.(map[string]any)
			id, _ := s["id"].(string)
			if s["current"] == true {
				current = id
			} else {
				others = append(others, id)
			}
		}
		return current, others
	}
	second := issue()
	_, others := ids(mine)
	if len(others) != 1 {
		t.Fatalf("other sessions: %v", others)
	}
	foreign, _ := ids(stranger)
	for _, id := range []string{"nothing", foreign, second} {
		b.refused(404, web.CodeNotFound, "DELETE", "/auth/sessions/"+id, "", bearer(mine)...)
	}
	b.who("/api/whoami", bearer(stranger)...)
	b.want(404, "DELETE", "/auth/sessions/x%2F"+others[0], "", bearer(mine)...) // an encoded slash separates nothing
	b.who("/api/whoami", bearer(second)...)
	b.want(204, "DELETE", "/auth/sessions/"+others[0], "", bearer(mine)...)
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(second)...)
	b.refused(404, web.CodeNotFound, "DELETE", "/auth/sessions/"+others[0], "", bearer(mine)...)

	third, fourth := issue(), issue()
	b.want(204, "DELETE", "/auth/sessions", "", bearer(mine)...)
	for _, token := range []string{third, fourth} {
		b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(token)...)
	}
	b.who("/api/whoami", bearer(mine)...)
	b.who("/api/whoami", bearer(stranger)...)
	current, others := ids(mine)
	if len(others) != 0 {
		t.Errorf("sessions that are left: %v", others)
	}
	b.want(204, "DELETE", "/auth/sessions/"+current, "", bearer(mine)...)
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(mine)...)

	// What cannot be ended is not reported as ended.
	again, other := issue(), issue()
	_ = other
	b.lr.Inject(emulator.ServerError(500).On("auth_in_validate_access_token"))
	b.refused(503, web.CodeUnavailable, "DELETE", "/auth/sessions", "", bearer(again)...)
}

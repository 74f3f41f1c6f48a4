package emulator

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
)

// tiny has limits that a test can reach.
func tiny(t *testing.T, l limits) (*Emulator, func(line, body string) string) {
	t.Helper()
	e := New(WithLogger(slog.New(slog.DiscardHandler)), WithEmailWorkflow(NoVerification), func(o *options) { o.max = l })
	return e, func(line, body string) string {
		method, target, _ := strings.Cut(line, " ")
		r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
		r.Header = http.Header{"X-Loginradius-Apikey": {e.APIKey()}, "X-Loginradius-Apisecret": {e.APISecret()}, "Content-Type": {"application/json"}}
		r.Header.Set("X-Origin-User-Agent", strings.Repeat("x", 10_000))
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		return w.Body.String()
	}
}

// Everything that calls can make has an end: the oldest goes, or the next is refused.
func TestLimits(t *testing.T) {
	l := limits{accounts: 5, sessions: 4, links: 3, mails: 2, requests: 10, roles: 3, profile: 2_000}
	e, call := tiny(t, l)
	var uids []string
	for i := range 2 * l.accounts {
		uid, err := e.AddUser(User{Email: fmt.Sprintf("u%d@example.com", i), Password: "Passw0rd!"})
		if i < l.accounts {
			uids = append(uids, uid)
		} else if err == nil || !strings.Contains(err.Error(), "5 accounts") {
			t.Fatalf("account %d: %v", i, err)
		}
	}
	const full = `"ErrorCode":1190`
	if got := call("POST /identity/v2/manage/account", `{"Email":[{"Type":"Primary","Value":"new@example.com"}]}`); !strings.Contains(got, full) {
		t.Errorf("an account too many: %s", got)
	}
	e.AddProviderToken("google", "g", "", User{Email: "g@example.com"})
	if got := call("GET /api/v2/access_token/google?google_access_token=g", ""); !strings.Contains(got, `"errorCode":1051`) {
		t.Errorf("an account too many by a provider: %s", got)
	}

	first, _, err := e.IssueTokens(uids[0])
	if err != nil {
		t.Fatal(err)
	}
	for range 2 * l.sessions {
		if _, _, err := e.IssueTokens(uids[1]); err != nil {
			t.Fatal(err)
		}
		if _, err := e.RequestToken(uids[1]); err != nil {
			t.Fatal(err)
		}
		call("POST /identity/v2/auth/password", `{"email":"u1@example.com"}`)
	}
	if n := []int{e.sessions.live.Len(), e.sessions.refresh.Len(), e.links.Len(), e.social.requestTokens.Len(), len(e.mails)}; fmt.Sprint(n) != fmt.Sprint([]int{4, 4, 3, 3, 2}) {
		t.Errorf("sessions, refresh tokens, links, request tokens, mails: %v", n)
	}
	if got := call("GET /identity/v2/auth/account?access_token="+first, ""); !strings.Contains(got, `"ErrorCode":905`) {
		t.Errorf("the oldest session: %s", got)
	}

	for i := range 3 * l.requests {
		call(fmt.Sprintf("GET /identity/v2/manage/account/%s", strings.Repeat("y", 1000+i)), "")
		if len(e.requests) > l.requests {
			t.Fatalf("%d requests are kept", len(e.requests))
		}
	}
	if r := e.Requests()[0]; len(r.Path) > 256 || len(r.UserAgent) > 256 {
		t.Errorf("a request is kept with %d and %d bytes", len(r.Path), len(r.UserAgent))
	}

	call("POST /identity/v2/manage/role", `{"roles":[{"name":"a"},{"name":"b"}]}`)
	if got := call("POST /identity/v2/manage/role", `{"roles":[{"name":"c"}]}`); !strings.Contains(got, `"ErrorCode"`) || len(e.roles.defined) != l.roles {
		t.Errorf("a role too many: %s", got)
	}
	for i := range 100 {
		call("PUT /identity/v2/manage/role/a/permission", fmt.Sprintf(`{"permissions":["p%d%s"]}`, i, strings.Repeat("p", 100)))
	}
	if n := len(e.roles.defined["a"]); n >= 100 || n == 0 {
		t.Errorf("a role has %d permissions", n)
	}

	// An account grows by its custom fields, lists and answers, up to a point.
	path := "/identity/v2/manage/account/" + uids[2]
	for i := range 100 {
		call("PUT "+path, fmt.Sprintf(`{"CustomFields":{"f%d":"%s"},"Addresses":[{"op":"delete","x":1},{"City":"c%d"}],"securityquestionanswer":{"q%d":"a"}}`, i, strings.Repeat("z", 50), i, i))
	}
	before := call("GET "+path, "")
	if n := len(before); n > 10_000 {
		t.Errorf("a profile of %d bytes", n)
	}
	if got := call("PUT "+path, `{"FirstName":"New","Username":"new","PhoneId":"1","CustomFields":{"huge":"`+strings.Repeat("z", 3_000)+`"}}`); !strings.Contains(got, `"ErrorCode":1090`) {
		t.Errorf("a huge field: %s", got)
	}
	if after := call("GET "+path, ""); after != before {
		t.Error("a refused update changed something")
	}
	if got := call("POST /identity/v2/manage/account", strings.Repeat(" ", maxBody+1)); !strings.Contains(got, "too large") {
		t.Errorf("a huge body: %s", got)
	}
}

// What second factors, PINs and codes leave behind has an end as well.
func TestLimitsOfSecondFactors(t *testing.T) {
	l := limits{accounts: 5, sessions: 4, links: 3, mails: 2, requests: 10, roles: 3, profile: 2_000}
	e, call := tiny(t, l)
	WithMFA(MFARequired)(&e.opt)
	WithPIN(PINAtFirstLogin)(&e.opt)
	for i := range 2 * l.accounts {
		if _, err := e.AddUser(User{Email: fmt.Sprintf("u%d@example.com", i), Password: "Passw0rd!", PIN: "1234", EmailVerified: true}); err != nil {
			break
		}
	}
	for range 3 * l.sessions {
		for i := range l.accounts {
			call("POST /identity/v2/auth/login", fmt.Sprintf(`{"email":"u%d@example.com","password":"Passw0rd!"}`, i))
			call("POST /identity/v2/auth/pin/forgot/email", fmt.Sprintf(`{"email":"u%d@example.com"}`, i))
			e.codes.send(codeKey{kindReauth, fmt.Sprint(i)}, fmt.Sprint("+", i))
			e.pins.addSession(e.accounts.byEmail(fmt.Sprintf("u%d@example.com", i)), map[string]any{})
		}
	}
	for what, n := range map[string]int{
		"challenges": e.mfa.challenges.Len(), "codes": e.codes.sent.Len(), "receivers": e.codes.times.Len(), "links": e.links.Len(), "messages": len(e.mails),
	} {
		if n == 0 || n > l.links {
			t.Errorf("%d %s are kept", n, what)
		}
	}
	if n := e.pins.tokens.Len(); n != l.sessions {
		t.Errorf("%d session tokens are kept", n)
	}
}

// Junk leaves nothing behind.
func TestJunkLeavesNothing(t *testing.T) {
	e, call := tiny(t, defaults().max)
	call("GET /identity/v2/auth/account?access_token=warm", "")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 5_000 {
		call(fmt.Sprintf("GET /identity/v2/auth/account?access_token=junk-%d-%s", i, strings.Repeat("j", 500)), "")
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("five thousand junk tokens left %d MiB", grown>>20)
	}
	if e.sessions.live.Len() != 0 || len(e.requests) > e.opt.max.requests {
		t.Errorf("%d sessions, %d requests", e.sessions.live.Len(), len(e.requests))
	}
}

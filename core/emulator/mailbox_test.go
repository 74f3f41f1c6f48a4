package emulator_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// The JSON of the mailbox, key by key, newest last.
func TestMailboxJSON(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon), emulator.WithWelcomeOnVerification())
	asJSON := a.with("Accept", "application/json")
	if got := asJSON.call("GET /mailbox", ""); strings.TrimSpace(got.raw) != `{"messages":[]}` {
		t.Errorf("empty: %s", got.raw)
	}
	user := ada
	user.EmailVerified = false
	a.add(user)
	a.ok(doResend, adaBody)
	a.ok(doVerify+a.mail("emailverification").Token, "")
	a.ok(doForgot, adaBody)
	got := asJSON.call("GET /mailbox", "")
	var box struct{ Messages []map[string]any }
	if err := json.Unmarshal([]byte(got.raw), &box); err != nil || !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") || got.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%v: %s %v", err, got.raw, got.header)
	}
	var kinds []string
	for _, m := range box.Messages {
		kinds = append(kinds, m["kind"].(string))
		for _, key := range []string{"to", "kind", "link", "token", "otp", "sent_at"} {
			if _, ok := m[key].(string); !ok {
				t.Errorf("%s lacks %s", m["kind"], key)
			}
		}
		if m["to"] != adaEmail || m["sent_at"] != "2026-03-01T12:00:00.123Z" || len(m) != 6 {
			t.Errorf("message %v", m)
		}
	}
	if strings.Join(kinds, " ") != "emailverification welcome reset" {
		t.Errorf("kinds %v", kinds)
	}
	last := box.Messages[2]
	if want := "http://localhost/reset?vtype=reset&vtoken=" + last["token"].(string); last["link"] != want || len(last["token"].(string)) != 32 {
		t.Errorf("link %v, want %s", last["link"], want)
	}
	if got := asJSON.call("POST /mailbox", ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", got.status)
	}
}

// The page shows what the JSON tells, and what someone else put into it stays text.
func TestMailboxPage(t *testing.T) {
	a := newAPI(t)
	a.add(emulator.User{Email: `"<b>x</b>"@example.com`})
	a.ok("POST /identity/v2/auth/password?resetpasswordurl="+url.QueryEscape(`javascript:alert(1)`), `{"email":"\"<b>x</b>\"@example.com"}`)
	a.add(ada)
	a.ok("POST /identity/v2/auth/password?resetpasswordurl=http://localhost/reset?lang=de", adaBody)
	got := a.with("Accept", "text/html").call("GET /mailbox", "")
	for _, part := range []string{"<!doctype html>", html.EscapeString(a.mail("reset").Link), "http://localhost/reset?lang=de&amp;vtype=reset"} {
		if !strings.Contains(got.raw, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	for _, part := range []string{"<b>x", `href="javascript:`} {
		if strings.Contains(got.raw, part) {
			t.Errorf("the page has %q", part)
		}
	}
	if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") || got.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("headers %v", got.header)
	}
}

func TestLastMail(t *testing.T) {
	a := newAPI(t)
	a.add(ada)
	a.ok(doForgot, adaBody)
	for _, q := range [][2]string{{"reset", adaEmail}, {"reset", "ADA@example.com"}, {"", adaEmail}, {"reset", ""}, {"", ""}} {
		if m, ok := a.LastMail(q[0], q[1]); !ok || m.Kind != "reset" {
			t.Errorf("%q: %+v %v", q, m, ok)
		}
	}
	for _, q := range [][2]string{{"welcome", adaEmail}, {"reset", "bob@example.com"}} {
		if m, ok := a.LastMail(q[0], q[1]); ok {
			t.Errorf("%q: %+v", q, m)
		}
	}
}

var hiddenToken = regexp.MustCompile(`name="vtoken" value="([0-9a-f]{32})"`)

// Links that name no page lead to the emulator's own, which asks before it acts.
func TestHostedPage(t *testing.T) {
	a := newAPI(t)
	user := ada
	user.EmailVerified = false
	uid := a.add(user)
	access, _ := a.tokens(uid)
	follow := func(kind, call, body, password, done string) {
		t.Helper()
		a.ok(call, body)
		link := a.mail(kind).Link
		if !strings.HasPrefix(link, a.URL()+"/auth.aspx?vtype="+kind+"&vtoken=") {
			t.Fatalf("link %s", link)
		}
		page := get(t, link)
		token := hiddenToken.FindStringSubmatch(page)
		if token == nil {
			t.Fatalf("the page does not ask: %s", page)
		}
		get(t, link) // asking twice uses nothing up
		form := url.Values{"vtype": {kind}, "vtoken": {token[1]}}
		if password != "" {
			if status, answer := post(t, a.URL()+"/auth.aspx", url.Values{"vtype": {kind}, "vtoken": {token[1]}, "password": {"short"}}); status != 403 || !strings.Contains(answer, "Weak password") {
				t.Errorf("a weak password: %d %s", status, answer)
			}
			form.Set("password", password)
		}
		if status, answer := post(t, a.URL()+"/auth.aspx", form); status != 200 || !strings.Contains(answer, done) {
			t.Errorf("%s: %d %s", kind, status, answer)
		}
		if status, answer := post(t, a.URL()+"/auth.aspx", form); status != 403 || strings.Contains(answer, done) {
			t.Errorf("%s, again: %d %s", kind, status, answer)
		}
	}
	follow("emailverification", "PUT /identity/v2/auth/register", adaBody, "", "is verified")
	a.ok(doLogin, loginBody(adaPassword))
	follow("reset", "POST /identity/v2/auth/password", adaBody, "another one", "is set")
	a.ok(doLogin, loginBody("another one"))
	follow("deleteuser", "DELETE /identity/v2/auth/account?access_token="+access, "", "", "is deleted")
	a.refused(938, doLogin, loginBody("another one"))
	if got := a.call("GET /auth.aspx?vtype=other", ""); got.status != http.StatusNotFound {
		t.Errorf("another kind of link: %d", got.status)
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	_, body := send(t, req)
	return body
}

func post(t *testing.T, address string, form url.Values) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return send(t, req)
}

func send(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

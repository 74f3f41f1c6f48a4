package adaptertest

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// patience bounds what would hang for ever if it failed.
const patience = 20 * time.Second

// Events come through the guard one by one, as the handler sends them.
func testStream(t *testing.T, app *kit) {
	heard := make(chan struct{})
	b := newBench(t, app, Site{Stream: func(send func(event string) error) {
		if send("first") != nil {
			return
		}
		select { // a guard that buffers would keep the client from hearing it
		case <-heard:
		case <-time.After(patience):
		}
		_ = send("second")
	}})
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/stream", "")

	req, err := http.NewRequest("GET", b.url+"/api/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "text/event-stream")
	res, err := b.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if kind := res.Header.Get("Content-Type"); res.StatusCode != 200 || !strings.HasPrefix(kind, "text/event-stream") {
		t.Fatalf("GET /api/stream: %d with Content-Type %q, want 200 and text/event-stream, which the application's handler sets", res.StatusCode, kind)
	}
	events := make(chan string)
	go func() {
		defer close(events)
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if event, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				events <- event
			}
		}
	}()
	next := func() string {
		select {
		case event := <-events:
			return event
		case <-time.After(patience / 2):
			return "nothing"
		}
	}
	if got := next(); got != "first" {
		t.Errorf("the first event is %q", got)
	}
	close(heard)
	if got := next(); got != "second" {
		t.Errorf("the second event is %q", got)
	}
}

// A WebSocket is refused before it is one, and untouched behind the guard.
func testSocket(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	uid, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})

	b.refused(401, web.CodeUnauthenticated, "GET", "/api/socket", "", upgrade...)
	b.refused(401, web.CodeInvalidToken, "GET", "/api/socket", "", slices.Concat(upgrade, bearer("8a1b0c5e-0000-4000-8000-000000000000"))...)

	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(b.url, "http")+"/api/socket", &websocket.DialOptions{
		HTTPClient: b.http, HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	var who Who
	if _, first, err := conn.Read(ctx); err != nil || json.Unmarshal(first, &who) != nil || who != (Who{Accessor: uid, Context: uid}) {
		t.Errorf("the socket belongs to %q, want %s: %v", first, uid, err)
	}
	for _, message := range []string{"hello", strings.Repeat("x", 10_000)} {
		if err := conn.Write(ctx, websocket.MessageText, []byte(message)); err != nil {
			t.Fatal(err)
		}
		if _, got, err := conn.Read(ctx); err != nil || string(got) != message {
			t.Errorf("sent %d bytes, got %d back: %v", len(message), len(got), err)
		}
	}
	if err := conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Errorf("closing: %v", err)
	}
}

// Browsers ask before they send a request of another origin, and without a token.
func testPreflight(t *testing.T, app *kit) {
	ask := []string{"Origin", "https://app.example.com", "Access-Control-Request-Method", "POST"}
	b := newBench(t, app, Site{Guard: []web.GuardOption{web.SkipPreflight()}})
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if w := b.object(b.want(200, "OPTIONS", "/api/whoami", "", ask...)); w["accessor"] != "" {
		t.Errorf("a preflight is served as %v", w)
	}
	b.refused(401, web.CodeUnauthenticated, "OPTIONS", "/api/whoami", "")        // no preflight
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "", ask...)    // no OPTIONS
	b.refused(401, web.CodeUnauthenticated, "POST", "/api/whoami", "{}", ask...) // nor that
	b.want(200, "POST", "/api/whoami", "", slices.Concat(ask, bearer(token))...) // the request itself

	closed := newBench(t, app, Site{})
	closed.refused(401, web.CodeUnauthenticated, "OPTIONS", "/api/whoami", "", ask...)
}

// What is not mounted is not found, and certainly not served.
func testUnknownPaths(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	for _, path := range []string{"/auth", "/auth/", "/auth/nothing", "/auth/me/more", "/auth/password", "/nothing"} {
		if r := b.ask("GET", path, "", bearer(token)...); r.status != 404 && r.status != 405 {
			t.Errorf("GET %s: %d %s", path, r.status, r.body)
		}
	}
	for _, path := range []string{"/api/nothing", "/api/whoami/more", "/api/admin/more"} {
		if r := b.ask("GET", path, "", bearer(token)...); r.status != 404 {
			t.Errorf("GET %s: %d %s", path, r.status, r.body)
		}
		// A guard on a group of the framework may stand before its 404.
		if r := b.ask("GET", path, ""); r.status != 404 && r.status != 401 {
			t.Errorf("GET %s without a token: %d %s", path, r.status, r.body)
		}
	}
	for _, path := range []string{"/auth/login", "/auth/account/delete", "/auth/email/verify", "/auth/logout", "/auth/token/refresh"} {
		if r := b.ask("GET", path, ""); r.status != 404 && r.status != 405 {
			t.Errorf("GET %s answers %d: links must not do anything", path, r.status)
		}
	}
}

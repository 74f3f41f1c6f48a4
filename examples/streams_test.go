package examples_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// Streams end when their user logs out.
func TestStreamsEndWithTheSession(t *testing.T) {
	a := start(t, "streams")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const admin = `{"email":"admin@example.com","password":"correct horse"}`
	token := a.want(t, 200, "POST", "/auth/login", "", admin)["access_token"].(string)
	header := http.Header{"Authorization": {"Bearer " + token}}

	req, err := http.NewRequestWithContext(ctx, "GET", a.url+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	events := bufio.NewScanner(res.Body)
	if !events.Scan() || events.Text() != "event: hello" {
		t.Fatalf("the stream begins with %q, status %d", events.Text(), res.StatusCode)
	}
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(a.url, "http")+"/socket", &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	if _, message, err := conn.Read(ctx); err != nil || !strings.HasPrefix(string(message), "hello ") {
		t.Fatalf("the socket begins with %q, %v", message, err)
	}

	a.want(t, 204, "POST", "/auth/logout", token, "")
	ended := false
	for events.Scan() {
		ended = ended || events.Text() == "event: logout"
	}
	if !ended || events.Err() != nil {
		t.Errorf("the stream did not say that the session has ended: %v", events.Err())
	}
	for err == nil {
		_, _, err = conn.Read(ctx)
	}
	if websocket.CloseStatus(err) != 4401 {
		t.Errorf("the socket ended with %v", err)
	}
	a.want(t, 401, "GET", "/events", token, "")
	a.stop(t, syscall.SIGTERM)
}

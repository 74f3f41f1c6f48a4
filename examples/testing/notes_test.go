package notes_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	notes "github.com/loginradius-contrib/go-middleware/examples/testing"
)

// A bench is the application on top of an emulated LoginRadius.
type bench struct {
	lr  *emulator.Server
	app http.Handler
}

func newBench(t *testing.T) *bench {
	t.Helper()
	lr, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	client, err := core.New(lr.Config()) // the only difference to production
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(); _ = lr.Close() })
	return &bench{lr, new(notes.Notes).Handler(client)}
}

// user makes an account and returns a token of it, as a login would.
func (b *bench) user(t *testing.T, email string, roles ...string) (token string) {
	t.Helper()
	uid, err := b.lr.AddUser(emulator.User{Email: email, EmailVerified: true, Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err = b.lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (b *bench) ask(method, token, body string) (int, string) {
	req := httptest.NewRequest(method, "/notes", strings.NewReader(body))
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	b.app.ServeHTTP(w, req)
	answer, _ := io.ReadAll(w.Body)
	return w.Code, strings.TrimSpace(string(answer))
}

func TestEverybodyHasTheirOwnNotes(t *testing.T) {
	b := newBench(t)
	ada, grace := b.user(t, "ada@example.com"), b.user(t, "grace@example.com")
	if status, _ := b.ask("POST", ada, `"buy milk"`); status != http.StatusCreated {
		t.Errorf("a note: %d", status)
	}
	if status, got := b.ask("GET", ada, ""); status != http.StatusOK || got != `["buy milk"]` {
		t.Errorf("Ada's notes: %d %s", status, got)
	}
	if _, got := b.ask("GET", grace, ""); got != `[]` {
		t.Errorf("Grace's notes: %s", got)
	}
}

func TestWhoMayWhat(t *testing.T) {
	b := newBench(t)
	user, admin := b.user(t, "ada@example.com"), b.user(t, "root@example.com", "admin")
	for _, tt := range []struct {
		method, token string
		want          int
	}{
		{"GET", "", 401}, {"GET", "no-such-token", 401}, {"GET", user, 200}, {"DELETE", user, 403}, {"DELETE", admin, 204},
	} {
		if status, body := b.ask(tt.method, tt.token, ""); status != tt.want {
			t.Errorf("%s: %d %s, want %d", tt.method, status, body, tt.want)
		}
	}
}

// Time passes when the test says so: nothing sleeps.
func TestASessionEnds(t *testing.T) {
	b := newBench(t)
	token := b.user(t, "ada@example.com")
	b.ask("GET", token, "")
	b.lr.Advance(time.Hour)
	if status, _ := b.ask("GET", token, ""); status != http.StatusUnauthorized {
		t.Errorf("after the token's life: %d", status)
	}
}

// When LoginRadius is down, known users go on and strangers are told to come back.
func TestAnOutageLogsNobodyOut(t *testing.T) {
	b := newBench(t)
	known, stranger := b.user(t, "ada@example.com"), b.user(t, "grace@example.com")
	b.ask("GET", known, "")
	b.lr.Inject(emulator.ServerError(http.StatusInternalServerError))
	if status, _ := b.ask("GET", known, ""); status != http.StatusOK {
		t.Errorf("a known user: %d", status)
	}
	if status, _ := b.ask("GET", stranger, ""); status != http.StatusServiceUnavailable {
		t.Errorf("a stranger: %d", status)
	}
}

package notes_test

import (
	"io"
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
	lr := emulator.StartT(t)
	client, err := core.New(lr.Config()) // the only difference to production
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return &bench{lr, new(notes.Notes).Handler(client)}
}

// user makes an account that is logged in.
func (b *bench) user(t *testing.T, email string, roles ...string) *emulator.TestUser {
	t.Helper()
	return b.lr.UserT(t, emulator.User{Email: email, EmailVerified: true, Roles: roles})
}

// ask sends a request of a user's, or of a stranger for nil.
func (b *bench) ask(method string, by *emulator.TestUser, body string) (int, string) {
	w := httptest.NewRecorder()
	b.app.ServeHTTP(w, by.Request(method, "/notes", body))
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
		method string
		by     *emulator.TestUser
		want   int
	}{
		{"GET", nil, 401}, {"GET", &emulator.TestUser{AccessToken: "no-such-token"}, 401}, {"GET", user, 200}, {"DELETE", user, 403}, {"DELETE", admin, 204},
	} {
		if status, body := b.ask(tt.method, tt.by, ""); status != tt.want {
			t.Errorf("%s: %d %s, want %d", tt.method, status, body, tt.want)
		}
	}
}

// Time passes when the test says so: nothing sleeps.
func TestASessionEnds(t *testing.T) {
	b := newBench(t)
	ada := b.user(t, "ada@example.com")
	b.ask("GET", ada, "")
	b.lr.Advance(time.Hour)
	if status, _ := b.ask("GET", ada, ""); status != http.StatusUnauthorized {
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

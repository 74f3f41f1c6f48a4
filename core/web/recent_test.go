package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// A proof of presence counts for its user, in its session, for a while. So does a login.
func TestRecentAuth(t *testing.T) {
	lr, err := emulator.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer lr.Close()
	cfg := lr.Config()
	cfg.Clock = time.Now
	client, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	session := func(email string) (*core.Session, string) {
		uid, err := lr.AddUser(emulator.User{Email: email, EmailVerified: true})
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := lr.IssueTokens(uid)
		if err != nil {
			t.Fatal(err)
		}
		s, err := client.Session(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		return s, token
	}
	ada, token := session("ada@example.com")
	grace, other := session("grace@example.com")
	r, err := newReauth(client)
	if err != nil {
		t.Fatal(err)
	}
	cookies := newCookieNames(defaultCookiePrefix, false)
	view := func(headers ...string) View {
		q := httptest.NewRequest(http.MethodGet, "/", nil)
		for i := 0; i < len(headers); i += 2 {
			q.Header.Add(headers[i], headers[i+1])
		}
		return HTTPView(q)
	}
	synctest.Test(t, func(t *testing.T) {
		proof, expires := r.prove(ada, token, "password")
		if time.Until(expires) != reauthLife {
			t.Errorf("the proof ends in %v", time.Until(expires))
		}
		time.Sleep(4 * time.Minute)
		for _, tt := range []struct {
			what    string
			view    View
			session *core.Session
			token   string
			maxAge  time.Duration
			want    bool
		}{
			{"in a header", view(ReauthHeader, proof), ada, token, 5 * time.Minute, true},
			{"in a cookie", view("Cookie", "lr_reauth="+proof), ada, token, 5 * time.Minute, true},
			{"too old", view(ReauthHeader, proof), ada, token, 3 * time.Minute, false},
			{"twice", view(ReauthHeader, proof, ReauthHeader, proof), ada, token, 5 * time.Minute, false},
			{"none", view(), ada, token, 5 * time.Minute, false},
			{"of another user", view(ReauthHeader, proof), grace, token, 5 * time.Minute, false},
			{"of another session", view(ReauthHeader, proof), ada, other, 5 * time.Minute, false},
			{"changed", view(ReauthHeader, strings.ToUpper(proof)), ada, token, 5 * time.Minute, false},
			{"cut", view(ReauthHeader, proof[:len(proof)-1]), ada, token, 5 * time.Minute, false},
			{"sealed for another purpose", view(ReauthHeader, sealedPending(t, client)), ada, token, 5 * time.Minute, false},
		} {
			if got := r.recent(tt.view, cookies, tt.session, tt.token, tt.maxAge); got != tt.want {
				t.Errorf("a proof %s counts: %v", tt.what, got)
			}
		}
		time.Sleep(12 * time.Minute)
		if r.recent(view(ReauthHeader, proof), cookies, ada, token, time.Hour) {
			t.Error("a proof counts for more than 15 minutes")
		}
	})
	if r.recent(view(), cookies, grace, other, time.Minute) {
		t.Error("a session without a login here counts")
	}
	client.NoteLogin(other, time.Time{})
	if !r.recent(view(), cookies, grace, other, time.Minute) {
		t.Error("a fresh login does not count")
	}
}

func sealedPending(t *testing.T, client *core.Client) string {
	t.Helper()
	s, err := newSealer(client, "pending login")
	if err != nil {
		t.Fatal(err)
	}
	return s.seal(reauthProof{})
}

// The guard and the routes refuse as RFC 9470 defines.
func TestRequireRecentAuth(t *testing.T) {
	lr, err := emulator.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer lr.Close()
	client, err := core.New(lr.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	ask := func() *http.Request {
		r := httptest.NewRequest(http.MethodDelete, "/account", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		return r
	}
	guard := RequireLogin(client, RequireRecentAuth(5*time.Minute))
	app, err := NewApp(client, RequireRecentAuthFor(5*time.Minute, RouteDeleteAccount))
	if err != nil {
		t.Fatal(err)
	}
	deletion, err := app.Route(RouteDeleteAccount)
	if err != nil {
		t.Fatal(err)
	}
	const challenge = `Bearer realm="loginradius", error="insufficient_user_authentication", max_age="300"`
	_, refusal := guard.Check(HTTPView(ask()))
	for what, res := range map[string]*Response{"the guard": refusal, "the route": deletion.Serve(HTTPView(ask()))} {
		if res == nil || res.Status != http.StatusUnauthorized || res.Header.Get("Www-Authenticate") != challenge ||
			!strings.Contains(string(res.Body), `"code":"reauthentication_required"`) || !strings.Contains(string(res.Body), `"max_age":300`) {
			t.Errorf("%s: %+v", what, res)
		}
	}
	client.NoteLogin(token, time.Time{})
	if _, res := guard.Check(HTTPView(ask())); res != nil {
		t.Errorf("after a login the guard answers %d", res.Status)
	}
	if res := deletion.Serve(HTTPView(ask())); res.Status != http.StatusAccepted {
		t.Errorf("after a login the route answers %d", res.Status)
	}
	for what, opt := range map[string]RouteOption{"works without login": RequireRecentAuthFor(time.Minute, RouteLogin), "needs at least": RequireRecentAuthFor(0, RouteDeleteAccount)} {
		if _, err := NewApp(client, opt); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if RequireLogin(client, RequireRecentAuth(0)).Err() == nil || OptionalLogin(client, RequireRecentAuth(time.Minute)).Err() == nil {
		t.Error("an unusable RequireRecentAuth is accepted")
	}
}

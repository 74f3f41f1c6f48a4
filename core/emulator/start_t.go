package emulator

import (
	"net/http"
	"strings"
)

// TB is what [StartT] needs of a *testing.T, *testing.B or *testing.F.
type TB interface {
	Helper()
	Cleanup(do func())
	Fatal(args ...any)
	Error(args ...any)
}

// StartT starts an emulator for a test: quiet, on a free port on 127.0.0.1, and
// closed when the test ends. The test fails at once if it cannot start.
func StartT(t TB, opts ...Option) *Server {
	t.Helper()
	srv, err := Start(opts...)
	if err != nil {
		t.Fatal(err)
		return nil
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	return srv
}

// A TestUser is an account of an emulator that is logged in, for tests.
type TestUser struct {
	UID                       string
	AccessToken, RefreshToken string
}

// UserT adds an account and logs it in, without a call over the network. The test fails at
// once if the account is not acceptable, for example if its address is taken.
func (s *Server) UserT(t TB, u User) *TestUser {
	t.Helper()
	uid, err := s.AddUser(u)
	if err != nil {
		t.Fatal(err)
		return nil
	}
	access, refresh, err := s.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
		return nil
	}
	return &TestUser{UID: uid, AccessToken: access, RefreshToken: refresh}
}

// Request returns a request of the user's, with the access token in its Authorization
// header, for a handler's ServeHTTP or, if target is a whole URL, for an http.Client. A body
// is sent as JSON; "" sends none. It panics if method or target is malformed. A nil user
// sends no token.
func (u *TestUser) Request(method, target, body string) *http.Request {
	r, err := http.NewRequest(method, target, strings.NewReader(body)) //nolint:noctx // the test sets one if it needs to
	if err != nil {
		panic("emulator: " + err.Error())
	}
	if r.Host == "" { // as a server sees it
		r.Host, r.RequestURI, r.RemoteAddr = "example.com", target, "192.0.2.1:1234"
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if u != nil {
		r.Header.Set("Authorization", "Bearer "+u.AccessToken)
	}
	return r
}

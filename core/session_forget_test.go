package core_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// accountOf returns the token and the uid of the account that a recorded request is
// about. The token is empty if the request names no account.
func accountOf(f fixture, path string) (token, uid string) {
	r := f.Full.Request
	for name, v := range r.Query {
		switch strings.ToLower(name) {
		case "access_token":
			token = v
		case "uid":
			return good, v
		}
	}
	if bearer, ok := strings.CutPrefix(r.Headers["Authorization"], "Bearer "); ok {
		token = bearer
	}
	for i, part := range strings.Split(path, "/") {
		if part == "{uid}" {
			return good, strings.Split(r.Path, "/")[i]
		}
	}
	return token, "ada"
}

// An operation that changes an account, or ends a token of it, forgets: the next
// request is asked upstream. The same holds when there was no answer, since it is unknown then
// what became of it.
func TestSessionAfterAnOperationIsAskedAgain(t *testing.T) {
	ops := declared(sourceFiles(t))
	tried := map[string]bool{}
	for _, op := range fixtures(t) {
		token, uid := accountOf(op, ops[op.Operation]["path"])
		if ops[op.Operation]["read"] == "true" || token == "" {
			if op.LeavesSessions != "" {
				t.Errorf("testdata/ops/%s.json has leaves_sessions, and the operation changes no account", op.Name)
			}
			continue
		}
		tried[op.Operation] = true
		for outcome, status := range map[string]int{"worked": http.StatusOK, "got no answer": http.StatusServiceUnavailable} {
			f := newFakeService(t)
			c := f.client(t)
			f.set(token, fakeToken{uid: uid})
			f.setFault(func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method == http.MethodGet && (strings.HasSuffix(r.URL.Path, "/auth/account") || strings.HasSuffix(r.URL.Path, "/auth/access_token/validate")) {
					return false // the questions of a session
				}
				w.WriteHeader(status)
				_, _ = w.Write(op.answer())
				return true
			})
			mustSession(t, c, token, uid)
			if _, err := invoke(context.Background(), c, op.Operation, op.Full.Args); (err == nil) != (status == http.StatusOK) {
				t.Fatalf("%s that %s: %v", op.Operation, outcome, err)
			}
			_, before := f.calls()
			mustSession(t, c, token, uid)
			_, after := f.calls()
			switch asked, reason := after > before, op.LeavesSessions; {
			case !asked && reason == "":
				t.Errorf("after %s %s, the account's session is answered from memory: forget it in the method, "+
					"with defer s.c.ForgetUser(in.UID), s.c.Forget or s.c.sessions.forgetUserOf, or say why not under leaves_sessions of the fixture", op.Operation, outcome)
			case asked && reason != "":
				t.Errorf("%s forgets sessions, and its fixture says that it does not", op.Operation)
			}
		}
	}
	for _, name := range []string{"Account.Update", "Role.Assign", "Authentication.ChangePassword", "Authentication.InvalidateToken"} {
		if !tried[name] {
			t.Errorf("%s was not tried", name)
		}
	}
}

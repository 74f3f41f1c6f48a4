package core_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// leavesSessions are the operations on an account that change something and yet leave
// its cached sessions as they are, and why.
var leavesSessions = map[string]string{
	"Account.RevokeAllRefreshTokens":  "access tokens are untouched",
	"Authentication.SendWelcomeEmail": "it sends a mail and changes no account",
}

// An operation that changes an account, or ends a token of it, forgets: the next
// request is asked upstream. Also if there was no answer, since nobody knows then
// what became of it.
func TestSessionAfterAnOperationIsAskedAgain(t *testing.T) {
	ops := declared(sourceFiles(t))
	args := map[string]vectorArgs{}
	for _, v := range load[[]vector](t, "wire.json") {
		args[v.Method] = v.Args
	}
	tried := map[string]bool{}
	for _, op := range operations {
		a, ok := args[op.sdk]
		if !ok {
			continue // TestConformance tells
		}
		token, uid := a.str("access_token"), a.str("uid")
		if strings.Contains(ops[op.method]["path"], "{uid}") {
			token = good
		} else {
			uid = "ada"
		}
		if ops[op.method]["read"] == "true" || token == "" {
			continue
		}
		tried[op.method] = true
		for outcome, status := range map[string]int{"worked": http.StatusOK, "got no answer": http.StatusServiceUnavailable} {
			f := newFakeService(t)
			c := f.client(t)
			f.set(token, fakeToken{uid: uid})
			f.setFault(func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method == http.MethodGet && (strings.HasSuffix(r.URL.Path, "/auth/account") || strings.HasSuffix(r.URL.Path, "/auth/access_token/validate")) {
					return false // the questions of a session
				}
				w.WriteHeader(status)
				_, _ = w.Write([]byte(`{"Uid":"u","IsPosted":true}`))
				return true
			})
			mustSession(t, c, token, uid)
			if _, err := op.call(context.Background(), c, a); (err == nil) != (status == http.StatusOK) {
				t.Fatalf("%s that %s: %v", op.method, outcome, err)
			}
			_, before := f.calls()
			mustSession(t, c, token, uid)
			_, after := f.calls()
			switch asked, reason := after > before, leavesSessions[op.method]; {
			case !asked && reason == "":
				t.Errorf("after %s %s, the account's session is answered from memory: forget it in the method, "+
					"with defer s.c.ForgetUser(in.UID), s.c.Forget or s.c.sessions.forgetUserOf, or say in leavesSessions why not", op.method, outcome)
			case asked && reason != "":
				t.Errorf("%s forgets sessions, and leavesSessions says that it does not", op.method)
			}
		}
	}
	for _, name := range []string{"Account.Update", "Role.Assign", "Authentication.ChangePassword", "Authentication.InvalidateToken"} {
		if !tried[name] {
			t.Errorf("%s was not tried", name)
		}
	}
	for name := range leavesSessions {
		if !tried[name] {
			t.Errorf("leavesSessions has %s, which there is not among the operations that were tried", name)
		}
	}
}

package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// Many callers do everything at once, while a test seeds, looks, moves the clock and
// injects faults. The race detector judges; each caller's own account must be right.
func TestConcurrentUse(t *testing.T) {
	e := emulator.New(emulator.WithSlidingTokens(), emulator.WithForceLogout())
	call := func(line, token, body string) answer {
		method, target, _ := strings.Cut(line, " ")
		r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
		r.Header = http.Header{"X-Loginradius-Apikey": {e.APIKey()}, "X-Loginradius-Apisecret": {e.APISecret()}, "Content-Type": {"application/json"}}
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		return answer{status: w.Code, raw: w.Body.String()}
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			email := fmt.Sprintf("u%d@example.com", i)
			body := `{"email":"` + email + `"}`
			for range 4 {
				uid, err := e.AddUser(emulator.User{Email: email, Password: adaPassword, EmailVerified: true})
				if err != nil {
					t.Error(err)
					return
				}
				access, refresh, err := e.IssueTokens(uid)
				if err != nil {
					t.Error(err)
				}
				call(doLogin, "", `{"email":"`+email+`","password":"`+adaPassword+`"}`)
				call(getProfile, access, "")
				call("PUT "+manage+"/"+uid, "", `{"FirstName":"New","CustomFields":{"a":"b"}}`)
				call("PUT "+manage+"/"+uid+"/role", "", `{"roles":["admin"]}`)
				call(doForgot, "", body)
				call(doChange, access, changeBody(adaPassword, "another one"))
				call(getSessions+"accountId="+uid, "", "")
				call("GET /identity/v2/manage/account/sott", "", "")
				call("GET /mailbox", "", "")
				call(getRefresh+refresh, "", "")
				if got := call("GET "+manage+"/"+uid, "", ""); !strings.Contains(got.raw, uid) || !strings.Contains(got.raw, `"Roles":["admin"]`) {
					t.Errorf("account %d: %d %s", i, got.status, got.raw)
				}
				if m, ok := e.LastMail("reset", email); !ok || m.To != email {
					t.Errorf("account %d: mail %+v", i, m)
				}
				call("DELETE "+manage+"/"+uid, "", "")
				if got := call(getProfile, access, ""); got.status != http.StatusForbidden {
					t.Errorf("account %d is deleted: %d", i, got.status)
				}
			}
		})
	}
	wg.Go(func() {
		for range 200 {
			e.Inject(emulator.TooManyRequests().On("get_server_info").Next(1))
			call("GET /identity/v2/serverinfo", "", "")
			e.Advance(time.Millisecond)
			e.AddProviderToken("google", "token", "", emulator.User{Email: "g@example.com"})
			call("GET /api/v2/access_token/google?google_access_token=token", "", "")
			e.Requests()
			e.Mailbox()
			e.Now()
			e.ClearFaults()
		}
	})
	wg.Wait()
}

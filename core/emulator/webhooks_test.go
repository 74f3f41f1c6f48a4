package emulator_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// A subscriber keeps what it is sent, and answers as told.
type subscriber struct {
	*httptest.Server
	mu     sync.Mutex
	got    []event
	answer func(n int) int // the status of the nth answer, from 1; nil for 204
}

type event struct {
	Name   string         `json:"HookName"`
	ID     string         `json:"HookId"`
	Time   string         `json:"Time"`
	Data   map[string]any `json:"Data"`
	raw    []byte
	header http.Header
	query  string
}

func newSubscriber(t *testing.T) *subscriber {
	t.Helper()
	s := &subscriber{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := event{header: r.Header, query: r.URL.RawQuery}
		e.raw, _ = io.ReadAll(r.Body)
		_ = json.Unmarshal(e.raw, &e)
		s.mu.Lock()
		s.got = append(s.got, e)
		n, answer := len(s.got), s.answer
		s.mu.Unlock()
		if answer == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.WriteHeader(answer(n))
	}))
	t.Cleanup(s.Close)
	return s
}

// events waits for the deliveries and returns them.
func (s *subscriber) events(a *api) []event {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.t.Context(), 10*time.Second)
	defer cancel()
	if err := a.FlushWebhooks(ctx); err != nil {
		a.t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

func (s *subscriber) names(a *api) (names []string) {
	a.t.Helper()
	for _, e := range s.events(a) {
		names = append(names, e.Name)
	}
	return names
}

func signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return strings.ToUpper(hex.EncodeToString(mac.Sum(nil)))
}

func TestWebhookDelivery(t *testing.T) {
	s := newSubscriber(t)
	a := newAPI(t, emulator.WithWebhook(s.URL+"/hook?x=1", "blockaccount"), emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	got := s.events(a)
	if len(got) != 1 {
		t.Fatalf("%d events", len(got))
	}
	e := got[0]
	if e.Name != "blockaccount" || e.Time != "2026-03-01T12:00:00.123Z" || len(e.ID) != 36 || e.Data["Uid"] != uid || e.Data["IsActive"] != false {
		t.Errorf("event: %s", e.raw)
	}
	if e.header.Get("Signature") != signature(a.APISecret(), e.raw) || e.header.Get("Content-Type") != "application/json; charset=utf-8" || e.query != "x=1" {
		t.Errorf("headers: %v, query %s", e.header, e.query)
	}
	if e.Data["Password"] != "**********" {
		t.Errorf("password: %v", e.Data["Password"])
	}
	// The vector that is recorded for the signature.
	const secret, body = "11111111-2222-4333-8444-555555555555", `{"HookName":"blockaccount","Data":{"Uid":"79f8"}}`
	if got := signature(secret, []byte(body)); got != "1DE1156E6A1046D7439B217EB76906DB7AB94A9A07BB2A8C3FAC9C787E5D325F" {
		t.Errorf("signature: %s", got)
	}

	a.ok("PUT "+manage+"/"+uid, `{"IsActive":true}`)
	a.with("X-PreventWebhook", "true").ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":true}`)
	a.ok("PUT "+manage+"/"+uid+"?prevent_webhook=true", `{"IsActive":false}`)
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":true}`)
	a.with("X-PreventWebhook", "false").ok("PUT "+manage+"/"+uid+"?prevent_webhook=true", `{"IsActive":false}`) // the header wins
	if n := len(s.events(a)); n != 2 {
		t.Errorf("%d events, want the first and the last", n)
	}
}

// Retries, copies and disorder: what a subscriber must live with.
func TestWebhookDisorder(t *testing.T) {
	names := func(a *api) { // two events that wait together
		uid := a.add(ada)
		a.ok("PUT "+manage+"/"+uid+"/password", `{"password":"brand new"}`)
		a.ok("DELETE "+manage+"/"+uid, "")
	}
	for name, c := range map[string]struct {
		delivery emulator.WebhookDelivery
		answer   func(int) int
		want     string
	}{
		"once":        {want: "[setpassword deleteaccount]"},
		"gives up":    {answer: func(int) int { return 500 }, want: "[setpassword deleteaccount]"},
		"tries again": {delivery: emulator.WebhookDelivery{Attempts: 3, Backoff: time.Millisecond}, answer: func(n int) int { return 500 - 300*(n/3) }, want: "[" + strings.Repeat("setpassword ", 3) + "deleteaccount]"},
		"redirect":    {delivery: emulator.WebhookDelivery{Attempts: 2}, answer: func(int) int { return 302 }, want: "[" + strings.Repeat("setpassword ", 2) + "deleteaccount deleteaccount]"},
		"copies":      {delivery: emulator.WebhookDelivery{Duplicates: 1}, want: "[" + strings.Repeat("setpassword ", 2) + "deleteaccount deleteaccount]"},
		"disorder":    {delivery: emulator.WebhookDelivery{NewestFirst: true, Delay: 200 * time.Millisecond}, want: "[deleteaccount setpassword]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSubscriber(t)
			s.answer = c.answer
			a := newAPI(t, emulator.WithWebhook(s.URL, "SetPassword", "DeleteAccount"), emulator.WithWebhookDelivery(c.delivery))
			names(a)
			if got := fmt.Sprint(s.names(a)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// A subscriber that hangs does not hold up the emulator's end.
func TestWebhookClose(t *testing.T) {
	hang := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer s.Close()
	defer close(hang)
	a := newAPI(t, emulator.WithWebhook(s.URL, "DeleteAccount"))
	a.ok("DELETE "+manage+"/"+a.add(ada), "")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := a.FlushWebhooks(ctx); err == nil {
		t.Error("flushed while the subscriber hangs")
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

func TestWebhookEvents(t *testing.T) {
	s := newSubscriber(t)
	a := newAPI(t, emulator.WithWebhook(s.URL), emulator.WithLockout(1, time.Minute))
	a.registering().ok(doRegister, `{"Email":[{"Type":"Primary","Value":"ada@example.com"}],"Password":"`+adaPassword+`"}`)
	a.ok(doVerify+a.mail("emailverification").Token, "")
	r := a.ok(doLogin, loginBody(adaPassword))
	uid, _ := r.object("Profile")["Uid"].(string)
	user := a.as(r.text("access_token"))
	user.ok("PUT /identity/v2/auth/account", `{"City":"Oslo"}`)
	user.ok("PUT /identity/v2/auth/username", `{"username":"ada"}`)
	user.ok(doChange, changeBody(adaPassword, "brand new"))
	a.ok(doForgot, adaBody)
	a.ok(doReset, resetBody(a.mail("reset").Token, "brand newer"))
	user.ok(changePhone, newPhoneB)
	user.ok(verifyPhone+a.mail("phoneverification").OTP, "")
	a.ok("PUT "+manage+"/"+uid+"/invalidatephone", "{}")
	user.ok("POST "+authEmail, `{"email":"work@example.com","type":"Work"}`)
	a.ok(doVerify+a.mail("emailverification").Token, "")
	user.ok("DELETE "+authEmail, `{"email":"work@example.com"}`)
	user.ok("DELETE /identity/v2/auth/phone", "")
	a.ok("PUT "+manage+"/"+uid+"/role", `{"roles":["admin"]}`)
	a.ok("DELETE "+manage+"/"+uid+"/role", `{"roles":["admin"]}`)
	a.ok("PUT "+manage+"/"+uid+"/invalidateemail", "{}")
	a.ok("PUT "+manage+"/"+uid+"/password", `{"password":"brand newest"}`)
	a.refused(966, doLogin, loginBody("wrong"))
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	a.ok("POST "+manage, `{"Email":[{"Type":"Primary","Value":"bob@example.com"}],"Password":"`+adaPassword+`"}`)
	a.ok("DELETE "+manage+"/"+uid, "")
	want := strings.Fields(`register emailverification login updateprofile setusername changepassword resetpassword updatephoneid verifyphonenumber
		invalidatephoneverification addemail emailverification removeemail removephoneid assignroles unassignroles invalidateemailverification setpassword
		blockaccount updateprofile blockaccount createtraditionalaccount deleteaccount`)
	got := s.names(a)
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, e := range s.events(a) {
		if e.Name == "removeemail" && (e.Data["RemovedEmail"] != "work@example.com" || e.Data["UserProfile"].(map[string]any)["Uid"] != uid) {
			t.Errorf("removeemail: %s", e.raw)
		}
	}
	// Nothing is sent for what the service sends nothing for.
	n := len(got)
	bob, _ := a.tokens(a.add(emulator.User{Email: "eve@example.com"}))
	a.as(bob).ok("GET /identity/v2/auth/access_token/invalidate", "")
	a.ok("PUT "+manage[:len(manage)-len("/account")]+"/role/admin/permission", `{"permissions":["p"]}`)
	if got := s.names(a); len(got) != n {
		t.Errorf("then also %s", got[n:])
	}
}

func TestWebhookManagement(t *testing.T) {
	const path = "/v2/manage/webhooks"
	s := newSubscriber(t)
	a := newAPI(t, emulator.WithWebhookSecret("second", "hush"), emulator.WithFrozenClock(noon))
	create := func(event, target, more string) string {
		return `{"Event":"` + event + `","TargetUrl":"` + target + `","Name":"mine"` + more + `}`
	}
	r := a.ok("POST "+path, create("DELETEaccount", s.URL+"/hook", `,"SecretName":"second","Headers":{"X-Custom":"v"},"QueryParams":{"source":"lr"},
		"Authentication":{"AuthType":"Basic","BasicAuth":{"Username":"u","Password":"pass-secret"}}`))
	if strings.Contains(r.raw, "pass-secret") || r.text("Event") != "deleteaccount" || r.text("CreatedDate") != "2026-03-01T12:00:00.123Z" || len(r.text("Id")) != 24 {
		t.Errorf("created: %s", r.raw)
	}
	if list := a.ok("GET "+path, ""); len(list.body["Data"].([]any)) != 1 || strings.Contains(list.raw, "pass-secret") {
		t.Errorf("list: %s", list.raw)
	}
	one := path + "/" + r.text("Id")
	if again := a.ok("GET "+one, ""); again.raw != r.raw {
		t.Errorf("one: %s", again.raw)
	}
	if got := a.ok("GET "+path+"/events", "").body["Data"].([]any); len(got) != 31 || got[0] != "Login" {
		t.Errorf("events: %v", got)
	}
	a.ok("DELETE "+manage+"/"+a.add(ada), "")
	e := s.events(a)[0]
	user, password, _ := (&http.Request{Header: e.header}).BasicAuth()
	if user != "u" || password != "pass-secret" || e.header.Get("X-Custom") != "v" || e.query != "source=lr" || e.header.Get("Signature") != signature("hush", e.raw) {
		t.Errorf("delivered with %v and %s", e.header, e.query)
	}

	a.Advance(time.Hour)
	r = a.ok("PUT "+one, `{"Headers":null,"Authentication":{"AuthType":"Bearer","BearerToken":{"Token":"bearer-secret"}}}`)
	if r.body["Headers"] != nil || r.object("QueryParams")["source"] != "lr" || r.text("LastModifiedDate") != "2026-03-01T13:00:00.123Z" || strings.Contains(r.raw, "bearer-secret") {
		t.Errorf("updated: %s", r.raw)
	}
	a.ok("DELETE "+manage+"/"+a.add(ada), "")
	if e := s.events(a)[1]; e.header.Get("Authorization") != "Bearer bearer-secret" || e.header.Get("X-Custom") != "" {
		t.Errorf("delivered with %v", e.header)
	}

	refused := func(code, status int, line, body string) {
		t.Helper()
		if r := a.call(line, body); r.code() != code || r.status != status {
			t.Errorf("%s %s: %d %s", line, body, r.status, r.raw)
		}
	}
	refused(7900, 400, "POST "+path, create("Logout", s.URL, ""))
	for _, target := range []string{"", "example.com", "http://example.com", "ftp://localhost", "https://user:pass@example.com", "https://"} {
		refused(7900, 400, "POST "+path, create("Login", target, ""))
	}
	refused(7900, 400, "POST "+path, create("Login", s.URL, `,"SecretName":"third"`))
	refused(7900, 400, "POST "+path, create("Login", s.URL, `,"Headers":{"X":"a\r\nb"}`))
	refused(7900, 400, "PUT "+one, `{"Authentication":{"AuthType":"Digest"}}`)
	refused(7989, 409, "POST "+path, create("DeleteAccount", s.URL+"/hook", ""))
	refused(7986, 404, "GET "+path+"/000000000000000000000000", "")
	for i := range 4 {
		a.ok("POST "+path, create("DeleteAccount", fmt.Sprintf("https://example.com/%d", i), ""))
	}
	a.refused(1085, "POST "+path, create("DeleteAccount", "https://example.com/5", ""))
	if r := a.ok("DELETE "+one, ""); r.body["isdeleted"] != true {
		t.Errorf("deleted: %s", r.raw)
	}
	refused(7986, 404, "DELETE "+one, "")
	a.with("X-LoginRadius-ApiSecret", "wrong").refused(902, "GET "+path, "")
}

// The older calls, which know an event and an address alone.
func TestOlderWebhookCalls(t *testing.T) {
	const path = "/api/v2/webhook"
	a := newAPI(t)
	const body = `{"event":"Login","targeturl":"https://example.com/hook"}`
	if r := a.ok("POST "+path, body); r.body["IsPosted"] != true {
		t.Errorf("subscribed: %s", r.raw)
	}
	a.refused(1110, "POST "+path, body)
	a.refused(1086, "POST "+path, strings.Replace(body, "Login", "Logout", 1))
	a.refused(1087, "POST "+path, strings.Replace(body, "https", "http", 1))
	if r := a.ok("GET "+path+"?event=login", ""); r.body["Count"] != 1.0 || fmt.Sprint(r.body["data"]) != "[map[Event:Login TargetUrl:https://example.com/hook]]" {
		t.Errorf("list: %s", r.raw)
	}
	a.ok("DELETE "+path, body)
	a.refused(1112, "DELETE "+path, body)
	if r := a.ok("GET "+path+"/test", ""); r.body["IsAllowed"] != true {
		t.Errorf("test: %s", r.raw)
	}
}

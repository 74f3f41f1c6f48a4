// Package adaptertest proves that an adapter does what every adapter does. It builds
// an application of the framework under test, starts it on a real socket, and asks
// it what a client asks, over kept-alive connections.
//
//	func TestAdapter(t *testing.T) {
//		adaptertest.Run(t, func(t *testing.T, s adaptertest.Site) (url string) {
//			// build the application that Site describes, listen on loopback
//		})
//	}
//
// The adapters of this module pass it, and so do chi (nethttp/chi_test.go) and
// whatever you write one for:
//
//  1. Implement [web.View] on the framework's request, or use [web.HTTPView] if it has
//     a *http.Request. Its Context must be one that may outlive the request.
//  2. The guard: call [web.Guard.Admit]. Write the refusal and do not run the handler;
//     or set the headers and cookies of what was renewed, put the session into the
//     request's context with [core.ContextWithSession], or [core.RequestWithSession] if
//     it has a *http.Request, and, if [web.Guard.SessionKey] is not empty, into the
//     framework's bag, and go on. Touch nothing after the handler.
//  3. Writing a [web.Response]: status, headers, cookies, body. If it has an Err, set
//     headers and cookies and return that to the framework instead; where there is no
//     error handler, as in net/http, write it.
//  4. Mount: a loop over [web.App.Routes] with [web.Route.Serve], at [web.Route.PathWith]
//     of what the framework puts around a parameter. The pages have a route at /: it
//     answers with and without that slash, or redirects from one to the other. Handle:
//     the same for one route, [web.App.Route].
//  5. The test: build what [Site] describes and call [Run]; then [RunByHand].
//
// Every answer of the routes is also held to the OpenAPI document that they serve, and
// every route must have worked once when Run ends.
//
// Two things the kit cannot see, since each framework has its own way: what becomes of
// a Response's Err ([web.ReturnErrors]), and the session under [web.SessionKey]. Test
// them beside the adapter: TestReturnErrors and TestSessionKey in ginlr are examples.
package adaptertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A Site is the application to build:
//
//	/auth/…           the ready-made routes, with Routes as options
//	GET  /api/whoami  behind RequireLogin with Guard as options; answers [Who]
//	POST, OPTIONS     the same
//	GET  /api/admin   behind RequireLogin with Guard and RequireRole("admin"); answers Who
//	GET  /api/stacked behind RequireLogin with Guard, twice; answers Who
//	POST /api/upload  behind RequireLogin with Guard; parses the multipart form, with all
//	                  files on disk if the framework lets it, and answers their number
//	GET  /optional    behind OptionalLogin with Guard; answers Who
//	GET  /api/panic   behind RequireLogin with Guard; panics, under the framework's recovery
//	GET  /api/stream  behind RequireLogin with Guard; an event stream: calls Stream with a
//	                  function that writes "data: <event>", an empty line, and flushes;
//	                  the handler sets Content-Type: text/event-stream
//	GET  /api/socket  behind RequireLogin with Guard; a WebSocket that sends Who as its
//	                  first message and then every text message back
type Site struct {
	Client *core.Client
	Guard  []web.GuardOption
	Routes []web.RouteOption
	Stream func(send func(event string) error)
}

// Who is the JSON that the application's handlers answer.
type Who struct {
	Accessor string `json:"accessor"`        // the UID of the session from the adapter's accessor
	Context  string `json:"context"`         // the UID of the session in the request's context
	Token    string `json:"token,omitempty"` // the access token in that context
}

// NewWho returns what a handler answers. accessor is the session from the adapter's
// accessor, or nil; ctx is the context that users of the framework pass on.
func NewWho(ctx context.Context, accessor *core.Session) Who {
	return Who{accessor.UID(), core.SessionFromContext(ctx).UID(), core.TokenFromContext(ctx)}
}

// App starts the application and returns its address, e.g. "http://127.0.0.1:4711".
// It stops it with t.Cleanup.
type App func(t *testing.T, s Site) (url string)

// Run runs the kit.
func Run(t *testing.T, app App) {
	t.Helper()
	k := &kit{start: app}
	tests := map[string]func(*testing.T, *kit){
		"guard": testGuard, "optional login": testOptional, "users are kept apart": testMixing,
		"outage": testOutage, "journey": testJourney, "bad bodies": testBadBodies, "cookies": testCookies,
		"strangers learn nothing": testStrangers, "typed refusals": testRefusals, "a panic leaks nothing": testPanic,
		"options": testOptions, "pages": testPages, "refresh by the guard": testRefresh,
		"event streams": testStream, "WebSockets": testSocket, "preflight": testPreflight, "unknown paths": testUnknownPaths,
		"webhooks": testWebhooks, "OIDC login": testOIDC, "JWTs": testJWT, "passkeys": testPasskeys, "passkeys of strangers": testPasskeyStrangers, "passkey as a factor": testPasskeyFactor, "factors that are refused": testBadFactors,
		"logout": testLogout, "links in mails": testLinks, "other sessions": testOtherSessions, "ending sessions": testEndSessions,
		"identifiers": testIdentifiers, "native logins": testNative, "consent and privacy": testConsent, "passwordless": testPasswordless, "phone": testPhone, "second factor": testSecondFactor, "managing factors": testFactors, "refused logins": testRefusedLogin, "enrolment in a login": testEnrolment, "enrolment by username": testEnrolmentByUsername,
		"step-up": testReauth, "PIN": testPIN, "security questions": testQuestions, "hooks": testHooks, "rate limit": testRateLimit, "custom routes": testCustom,
		"who must be logged in": testAccess,
		"origins":               testOrigins, "names of cookies": testCookieNames, "led to the login page": testLedToLogin,
		"proxies": testProxies, "rate limit of the guard": testGuardLimit, "the token for handlers": testPassedToken, "stacked guards": testStacked,
		"lost refreshes": testLostRefresh, "tokens in a subprotocol": testSubprotocol, "after the request": testAfterTheRequest,
		"refusals of one's own": testRefusalsOfOnesOwn, "uploads": testUploads, "deleted elsewhere": testDeletedElsewhere, "bytes on the wire": testWire, "pipelines": testPipelines,
	}
	ran := 0
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { ran++; test(t, k) })
	}
	if ran == len(tests) { // and not some of them only, by go test -run
		k.everyRouteWorked(t)
	}
}

// A kit is the application under test, and what the tests of one run share.
type kit struct {
	start  App
	worked sync.Map // names of the routes that answered with success
	docs   sync.Map // OpenAPI documents, parsed, by their text
}

// bench is an emulator, a client and an application on top.
type bench struct {
	t      *testing.T
	lr     *emulator.Server
	client *core.Client
	url    string
	http   *http.Client
	doc    *openapi3.T // of the routes, or nil
	kit    *kit

	checked sync.Map // answers that were held to doc
}

func newBench(t *testing.T, app *kit, s Site, opts ...emulator.Option) *bench {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	lr, err := emulator.Start(append([]emulator.Option{emulator.WithLogger(quiet)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lr.Close() })
	cfg := lr.Config()
	cfg.Retry.MaxAttempts = 1
	cfg.Sessions.UpstreamRate = 1e6
	client, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	s.Client = client
	if s.Stream == nil {
		s.Stream = func(func(string) error) {}
	}
	s.Guard = append([]web.GuardOption{web.Logger(quiet)}, s.Guard...)
	s.Routes = append([]web.RouteOption{web.Logger(quiet), web.ResponseFloor(0), web.Links(web.MailLinks{
		Verify: "https://app.example.com/verify", Reset: "https://app.example.com/reset", Delete: "https://app.example.com/delete",
	})}, s.Routes...)
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	url := app.start(t, s)
	// Before the application stops: some wait for connections that have been silent
	// from the start.
	t.Cleanup(transport.CloseIdleConnections)
	b := &bench{t: t, lr: lr, client: client, url: url, kit: app, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	b.document()
	return b
}

// user makes an account and a session of it.
func (b *bench) user(u emulator.User) (uid, token string) {
	b.t.Helper()
	uid, err := b.lr.AddUser(u)
	if err != nil {
		b.t.Fatal(err)
	}
	token, _, err = b.lr.IssueTokens(uid)
	if err != nil {
		b.t.Fatal(err)
	}
	return uid, token
}

// A reply is an answer, read to its end.
type reply struct {
	status  int
	header  http.Header
	cookies []*http.Cookie
	body    string
}

// ask sends a request; headers are name, value pairs. A JSON body is the default.
func (b *bench) ask(method, path, body string, headers ...string) reply {
	b.t.Helper()
	req, err := http.NewRequest(method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		switch headers[i] {
		case "Content-Type":
			req.Header.Set(headers[i], headers[i+1])
		case "Host":
			req.Host = headers[i+1]
		default:
			req.Header.Add(headers[i], headers[i+1])
		}
	}
	res, err := b.http.Do(req)
	// A server may answer a body that is too large and close the connection while the
	// client still writes, which then may see the reset before the answer.
	for try := 0; err != nil && len(body) > 1<<16 && try < 5 && (errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)); try++ {
		req.Body = io.NopCloser(strings.NewReader(body))
		res, err = b.http.Do(req)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusSwitchingProtocols {
		return reply{res.StatusCode, res.Header, res.Cookies(), ""} // its body is the connection, which has no end
	}
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	r := reply{res.StatusCode, res.Header, res.Cookies(), string(raw)}
	b.documented(req, body, r)
	return r
}

func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

// want asks and compares the status.
func (b *bench) want(status int, method, path, body string, headers ...string) reply {
	b.t.Helper()
	r := b.ask(method, path, body, headers...)
	if r.status != status {
		b.t.Errorf("%s %s %.100s: %d %s, want %d", method, path, body, r.status, r.body, status)
	}
	return r
}

// refused asks and wants a problem of that status and code, and nothing behind it:
// a handler that ran all the same would have written more.
func (b *bench) refused(status int, code, method, path, body string, headers ...string) reply {
	b.t.Helper()
	r := b.want(status, method, path, body, headers...)
	var p web.Problem
	d := json.NewDecoder(strings.NewReader(r.body))
	if err := d.Decode(&p); err != nil {
		b.t.Errorf("%s %s: %v in %q", method, path, err, r.body)
		return r
	}
	if rest, _ := io.ReadAll(io.MultiReader(d.Buffered(), bytes.NewReader(nil))); strings.TrimSpace(string(rest)) != "" {
		b.t.Errorf("%s %s: something was written behind the problem: %q", method, path, r.body)
	}
	if p.Code != code || p.Status != status || p.Type != "urn:loginradius:problem:"+code || p.Title == "" {
		b.t.Errorf("%s %s: problem %s, want code %s", method, path, r.body, code)
	}
	if ct := r.header.Get("Content-Type"); !strings.HasPrefix(ct, "application/problem+json") {
		b.t.Errorf("%s %s: Content-Type %q", method, path, ct)
	}
	if challenge := r.header.Get("Www-Authenticate"); (status == 401 || status == 403) && !strings.HasPrefix(challenge, `Bearer realm="`) {
		b.t.Errorf("%s %s: %d with WWW-Authenticate %q", method, path, status, challenge)
	}
	if cc := r.header.Get("Cache-Control"); cc != "no-store" {
		b.t.Errorf("%s %s: Cache-Control %q", method, path, cc)
	}
	return r
}

// who asks for the session as the handlers see it.
func (b *bench) who(path string, headers ...string) Who {
	b.t.Helper()
	r := b.want(http.StatusOK, "GET", path, "", headers...)
	var w Who
	if err := json.Unmarshal([]byte(r.body), &w); err != nil {
		b.t.Errorf("GET %s: %v in %q", path, err, r.body)
	}
	return w
}

// object reads the JSON object of an answer.
func (b *bench) object(r reply) map[string]any {
	b.t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(r.body), &m); err != nil {
		b.t.Errorf("%v in %q", err, r.body)
	}
	return m
}

// mailed returns the token of the newest mail of a kind.
func (b *bench) mailed(kind string) string {
	b.t.Helper()
	mails := b.lr.Mailbox()
	for _, mail := range slices.Backward(mails) {
		if mail.Kind == kind {
			return mail.Token
		}
	}
	b.t.Errorf("no mail of kind %s", kind)
	return ""
}

package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// controlPath is where the control API is.
const controlPath = "/control/"

// WithControl adds a control API at /control/, for tests in other languages: what Go
// tests do by calling methods. It answers on loopback only, and only to calls that
// carry the key in the header X-Emulator-Key. Bodies and answers are JSON:
//
//	POST   /control/users            {"email","username","phone","password","pin","first_name","last_name","roles","custom_fields","security_answers","email_verified","phone_verified","blocked"} → {"uid"}
//	POST   /control/tokens           {"uid"} → {"access_token","refresh_token"}
//	POST   /control/request-tokens   {"uid"} → {"token"}
//	POST   /control/provider-tokens  {"provider","token","token_secret","user":{…}} → {}
//	POST   /control/privacy-policies {"uid","version"} → {}
//	POST   /control/factors          {"uid","factor"} → {}
//	POST   /control/totp             {"uid"} → {"code"}
//	POST   /control/push             {"uid","approve":true} → {}
//	POST   /control/duo              {"uid"} → {"state","code"}
//	POST   /control/clock            {"advance":"15m"} → {"now"}
//	POST   /control/faults           {"operation","times","latency","status","content_type","body","error_code","reset"} → {}
//	POST   /control/faults/clear     {} → {}
//
// A refusal is {"error"}: 400 for a body that is wrong, 401 without the key, 403 from
// elsewhere. An empty key leaves the control API off, which is the default.
func WithControl(key string) Option { return func(o *options) { o.controlKey = key } }

// controlUser is a [User] as JSON.
type controlUser struct {
	Email           string            `json:"email"`
	Username        string            `json:"username"`
	Phone           string            `json:"phone"`
	Password        string            `json:"password"`
	PIN             string            `json:"pin"`
	FirstName       string            `json:"first_name"`
	LastName        string            `json:"last_name"`
	Roles           []string          `json:"roles"`
	CustomFields    map[string]string `json:"custom_fields"`
	SecurityAnswers map[string]string `json:"security_answers"`
	EmailVerified   bool              `json:"email_verified"`
	PhoneVerified   bool              `json:"phone_verified"`
	Blocked         bool              `json:"blocked"`
}

func (u controlUser) user() User { return User(u) }

// serveControl answers a call of the control API.
func (e *Emulator) serveControl(w http.ResponseWriter, r *http.Request) {
	status, body := e.control(r)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (e *Emulator) control(r *http.Request) (int, any) {
	refused := func(status int, err error) (int, any) { return status, map[string]any{"error": err.Error()} }
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return refused(http.StatusForbidden, errors.New("the control API answers on loopback only"))
	}
	if !equal(r.Header.Get("X-Emulator-Key"), e.opt.controlKey) {
		return refused(http.StatusUnauthorized, errors.New("the header X-Emulator-Key is missing or wrong"))
	}
	call, ok := e.controlCalls()[strings.TrimPrefix(r.URL.Path, controlPath)]
	switch {
	case !ok:
		return refused(http.StatusNotFound, fmt.Errorf("there is no %s", r.URL.Path))
	case r.Method != http.MethodPost:
		return refused(http.StatusMethodNotAllowed, errors.New("the control API takes POST"))
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return refused(http.StatusBadRequest, err)
	}
	answer, err := call(body)
	if err != nil {
		return refused(http.StatusBadRequest, err)
	}
	return http.StatusOK, answer
}

// A controlCall takes the JSON of a call.
type controlCall func(body []byte) (any, error)

// controlled makes a controlCall of a function of the body's type. Unknown fields
// are refused: they are mistakes.
func controlled[T any](do func(T) (any, error)) controlCall {
	return func(body []byte) (any, error) {
		var in T
		d := json.NewDecoder(strings.NewReader(string(body)))
		d.DisallowUnknownFields()
		if err := d.Decode(&in); err != nil {
			return nil, fmt.Errorf("the body is not what is expected: %w", err)
		}
		return do(in)
	}
}

type controlUID struct {
	UID string `json:"uid"`
}

// done is the answer of calls that have nothing to tell.
func done(err error) (any, error) { return map[string]any{}, err }

func (e *Emulator) controlCalls() map[string]controlCall {
	return map[string]controlCall{
		"users": controlled(func(u controlUser) (any, error) {
			uid, err := e.AddUser(u.user())
			return map[string]any{"uid": uid}, err
		}),
		"tokens": controlled(func(in controlUID) (any, error) {
			access, refresh, err := e.IssueTokens(in.UID)
			return map[string]any{"access_token": access, "refresh_token": refresh}, err
		}),
		"request-tokens": controlled(func(in controlUID) (any, error) {
			token, err := e.RequestToken(in.UID)
			return map[string]any{"token": token}, err
		}),
		"provider-tokens": controlled(func(in struct {
			Provider    string      `json:"provider"`
			Token       string      `json:"token"`
			TokenSecret string      `json:"token_secret"`
			User        controlUser `json:"user"`
		}) (any, error) {
			if in.Provider == "" || in.Token == "" {
				return nil, errors.New("provider and token are required")
			}
			e.AddProviderToken(in.Provider, in.Token, in.TokenSecret, in.User.user())
			return done(nil)
		}),
		"privacy-policies": controlled(func(in struct {
			controlUID
			Version string `json:"version"`
		}) (any, error) {
			return done(e.AcceptPrivacyPolicy(in.UID, in.Version))
		}),
		"factors": controlled(func(in struct {
			controlUID
			Factor Factor `json:"factor"`
		}) (any, error) {
			return done(e.EnrolFactor(in.UID, in.Factor))
		}),
		"totp": controlled(func(in controlUID) (any, error) {
			code, err := e.TOTPCode(in.UID)
			return map[string]any{"code": code}, err
		}),
		"push": controlled(func(in struct {
			controlUID
			Approve bool `json:"approve"`
		}) (any, error) {
			return done(e.AnswerPush(in.UID, in.Approve))
		}),
		"duo": controlled(func(in controlUID) (any, error) {
			state, code, err := e.DuoCode(in.UID)
			return map[string]any{"state": state, "code": code}, err
		}),
		"clock": controlled(func(in struct {
			Advance string `json:"advance"`
		}) (any, error) {
			d, err := time.ParseDuration(in.Advance)
			if err != nil || d < 0 {
				return nil, errors.New(`advance must be a duration such as "15m", not negative`)
			}
			e.Advance(d)
			return map[string]any{"now": e.Now()}, nil
		}),
		"faults":       controlled(e.controlFault),
		"faults/clear": controlled(func(struct{}) (any, error) { e.ClearFaults(); return done(nil) }),
	}
}

// faultInput is a [Fault] as JSON.
type faultInput struct {
	Operation   string `json:"operation"`
	Times       int    `json:"times"`
	Latency     string `json:"latency"`
	Status      int    `json:"status"`
	ContentType string `json:"content_type"`
	Body        string `json:"body"`
	ErrorCode   int    `json:"error_code"`
	Reset       bool   `json:"reset"`
}

func (e *Emulator) controlFault(in faultInput) (any, error) {
	f := Fault{Operation: in.Operation, Times: in.Times, Status: in.Status, ContentType: in.ContentType, Body: in.Body, Reset: in.Reset}
	if in.ErrorCode != 0 {
		code := core.ErrorCode(in.ErrorCode)
		f.Body, f.ContentType = errorBody(code), "application/json"
		if f.Status == 0 {
			f.Status = http.StatusForbidden
		}
	}
	if in.Latency != "" {
		d, err := time.ParseDuration(in.Latency)
		if err != nil {
			return nil, errors.New(`latency must be a duration such as "300ms"`)
		}
		f.Latency = d
	}
	if err := e.faultProblem(f); err != nil {
		return nil, err
	}
	e.Inject(f)
	return done(nil)
}

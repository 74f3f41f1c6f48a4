package core

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// RawAuth says which credentials a [RawRequest] carries.
type RawAuth uint8

const (
	// RawKey sends the API key: what users do themselves, below /identity/v2/auth.
	RawKey RawAuth = iota
	// RawSecret sends the API key, and the secret in a header or its digest: the
	// management API, below /identity/v2/manage.
	RawSecret
	// RawNativeKey sends the key as the native API below /api/v2 names it.
	RawNativeKey
	// RawNativeSecret sends key and secret as the native API names them, in the URL.
	RawNativeSecret
	// RawNone sends no credentials but the access token, if there is one.
	RawNone
)

var rawCredentials = map[RawAuth]credentials{
	RawKey: apiKey, RawSecret: apiKeySecret, RawNativeKey: nativeKey, RawNativeSecret: nativeKeySecret, RawNone: noCredentials,
}

// A RawRequest is a request that this library has no method for.
type RawRequest struct {
	Method string // e.g. http.MethodGet; required
	// Path starts with a slash and is sent as it is: escape what users choose with
	// [url.PathEscape]. Required.
	Path  string
	Query url.Values
	// Body is encoded as JSON; nil sends no body. It must be a JSON object.
	Body any
	Auth RawAuth
	// AccessToken is sent as Authorization: Bearer, unless it is empty.
	AccessToken string `lr:",,secret"`
	// Read says that asking twice changes nothing, so that the request may be retried.
	Read bool
}

// rawOperation is the name of calls of [Client.Do] in errors and logs.
const rawOperation = "Do"

// Do sends a request that this library has no method for, and returns the JSON of the
// answer. Signing, retries, errors and the removal of secrets from errors are those of
// every operation. What Query and Body hold under names such as token, password or otp
// is removed from errors too. An access token that LoginRadius refuses is forgotten;
// what else a call changes, forget with [Client.Forget] or [Client.ForgetUser].
//
// Errors are those of the operations; ErrInvalidArgument names the field that is
// unusable.
func (c *Client) Do(ctx context.Context, in RawRequest) (json.RawMessage, error) {
	var op operation
	op.name, op.method, op.path, op.creds, op.read = rawOperation, in.Method, in.Path, rawCredentials[in.Auth], in.Read
	switch {
	case !rawMethods[in.Method]:
		return nil, invalidArgument(op, "Method", "is none of GET, POST, PUT, PATCH and DELETE")
	case !strings.HasPrefix(in.Path, "/") || strings.ContainsAny(in.Path, "?#\\") || strings.ContainsFunc(in.Path, isControl):
		return nil, invalidArgument(op, "Path", "is not an escaped path that starts with a slash")
	case hasDotSegment(in.Path):
		return nil, invalidArgument(op, "Path", "has a dot segment")
	case in.Auth > RawNone:
		return nil, invalidArgument(op, "Auth", "is unknown")
	}
	body, err := rawBody(in.Body)
	if err != nil {
		return nil, invalidArgument(op, "Body", "is not a JSON object")
	}
	call, err := newCall(op, struct {
		AccessToken string          `lr:"bearer,,secret"`
		Body        json.RawMessage `lr:"body,*"`
	}{in.AccessToken, body})
	if err != nil {
		return nil, err
	}
	if body == nil {
		call.body = nil
	}
	for name, values := range in.Query {
		call.query[name] = values
		if secretBodyKey.MatchString(name) {
			for _, v := range values {
				call.secrets = append(call.secrets, v, url.QueryEscape(v), percentEncode(v))
			}
		}
	}
	call.list, call.empty = true, true
	var raw RawAnswer
	if _, err := c.sendCall(ContextWithRawAnswer(ctx, &raw), call); err != nil {
		return nil, err
	}
	if outer := rawAnswerFrom(ctx); outer != nil {
		outer.set(raw.JSON())
	}
	return raw.JSON(), nil
}

var rawMethods = map[string]bool{
	http.MethodGet: true, http.MethodPost: true, http.MethodPut: true, http.MethodPatch: true, http.MethodDelete: true,
}

func isControl(r rune) bool { return r <= ' ' || r == 0x7f }

// hasDotSegment reports whether a proxy could resolve the path to another one.
func hasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		s, err := url.PathUnescape(segment)
		if err != nil || s == "." || s == ".." {
			return true
		}
	}
	return false
}

func rawBody(v any) (json.RawMessage, error) {
	if v == nil {
		return nil, nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	_, err = parseAnswer(raw)
	return raw, err
}

// A RawAnswer receives the JSON of an answer, beside what an operation makes of it. The
// zero value is ready to use. It is safe for concurrent use and keeps the last answer
// that was written to it.
type RawAnswer struct {
	mu  sync.Mutex
	raw json.RawMessage
}

// JSON returns the answer as LoginRadius sent it, secrets included, or nil if there was
// none.
func (a *RawAnswer) JSON() json.RawMessage {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append(json.RawMessage(nil), a.raw...)
}

// Format implements [fmt.Formatter]: no verb prints the answer.
func (a *RawAnswer) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("core.RawAnswer")) }

func (a *RawAnswer) set(raw []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.raw = append(json.RawMessage(nil), raw...)
}

type rawAnswerKey struct{}

// ContextWithRawAnswer returns a context under which operations also write their
// successful answers to a: for a value that the typed result does not have. [Client.Session]
// writes nothing.
func ContextWithRawAnswer(ctx context.Context, a *RawAnswer) context.Context {
	return context.WithValue(ctx, rawAnswerKey{}, a)
}

func rawAnswerFrom(ctx context.Context) *RawAnswer {
	a, _ := ctx.Value(rawAnswerKey{}).(*RawAnswer)
	return a
}

func keepRaw(ctx context.Context, body []byte) {
	if a := rawAnswerFrom(ctx); a != nil {
		a.set(body)
	}
}

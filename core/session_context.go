package core

import (
	"context"
	"fmt"
	"net/http"
	"unsafe"
)

// A sessionContext carries a session and its access token in one allocation.
type sessionContext struct {
	context.Context
	session *Session
	token   hiddenText
}

// A hiddenText keeps a secret from fmt, which follows a pointer to a struct under a
// verb that does not fit and would print a string in it. It prints as an address.
type hiddenText struct {
	data   *byte
	length int
}

//nolint:gosec // the pointer keeps the string alive, and its length goes with it
func hide(s string) hiddenText { return hiddenText{unsafe.StringData(s), len(s)} }

//nolint:gosec // see hide
func (h hiddenText) text() string { return unsafe.String(h.data, h.length) }

type (
	sessionKey     struct{}
	accessTokenKey struct{}
)

func (c *sessionContext) Value(key any) any {
	switch key.(type) {
	case sessionKey:
		return c.session
	case accessTokenKey:
		return c // as a pointer, so that reading the token allocates nothing
	}
	return c.Context.Value(key)
}

// ContextWithSession returns a context that carries s and no access token. Call it in
// tests of code that reads [SessionFromContext]. Adapters that know the token call
// [ContextWithLogin].
func ContextWithSession(ctx context.Context, s *Session) context.Context {
	if s != nil && s.background.session == s && ctx == context.Background() {
		return &s.background // fiber's usual case; immutable, like the session
	}
	return &sessionContext{Context: ctx, session: s}
}

// ContextWithLogin returns a context that carries s and the access token it was
// validated by, for [SessionFromContext] and [TokenFromContext]. The string must not
// change later: an adapter of a framework that reuses buffers passes a copy.
func ContextWithLogin(ctx context.Context, s *Session, accessToken string) context.Context {
	return &sessionContext{ctx, s, hide(accessToken)}
}

// RequestWithSession returns a copy of r with a context that carries s: r.WithContext with
// [ContextWithSession], in one allocation. For adapters and middlewares of net/http.
func RequestWithSession(r *http.Request, s *Session) *http.Request {
	return RequestWithLogin(r, s, "")
}

// RequestWithLogin is [RequestWithSession] with the access token of
// [ContextWithLogin], in one allocation as well.
func RequestWithLogin(r *http.Request, s *Session, accessToken string) *http.Request {
	both := &struct {
		request http.Request
		context sessionContext
	}{context: sessionContext{r.Context(), s, hide(accessToken)}}
	both.request = *r.WithContext(&both.context) // that copy stays on the stack
	return &both.request
}

// LoginValues calls store with the keys and values by which [SessionFromContext] and
// [TokenFromContext] find the login that ctx carries, if it carries one. Adapters call it
// for frameworks that keep request values in a store of their own, such as
// fiber v3: their request context then serves both functions as well.
func LoginValues(ctx context.Context, store func(key, value any)) {
	if s := ctx.Value(sessionKey{}); s != nil {
		store(sessionKey{}, s)
	}
	if token := ctx.Value(accessTokenKey{}); token != nil {
		store(accessTokenKey{}, token)
	}
}

// SessionFromContext returns the session of a request behind any adapter's
// RequireLogin, or nil. The methods of a nil session return zero values.
func SessionFromContext(ctx context.Context) *Session {
	s, _ := ctx.Value(sessionKey{}).(*Session)
	return s
}

// TokenFromContext returns the access token of a request behind any adapter's
// RequireLogin, for calls to LoginRadius on behalf of the user: after a refresh it is
// the new one. It returns "" if there is none. The token is as good as the user's
// password for as long as it lives: never log it, print it or send it elsewhere.
func TokenFromContext(ctx context.Context) string {
	c, _ := ctx.Value(accessTokenKey{}).(*sessionContext)
	if c == nil {
		return ""
	}
	return c.token.text()
}

// String names the session only: contexts are printed, and the token must not be.
func (c *sessionContext) String() string { return "context with " + c.session.String() }

// Format implements fmt.Formatter: every verb prints what String returns.
func (c *sessionContext) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.String())) }

package web

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
)

// A Source is a place of a request that may hold an access token. Make one with
// [BearerHeader], [TokenCookie], [TokenHeader], [TokenQuery], [TokenSubprotocol] or
// [TokenFunc].
type Source struct {
	kind sourceKind
	name string
	find func(View) string // for fromFunc
}

type sourceKind uint8

const (
	fromBearer sourceKind = iota
	fromCookie
	fromHeader
	fromQuery
	fromSubprotocol
	fromFunc
)

// byHeader reports whether the token came in a header that a page of another site cannot
// send without this site's permission. Anything else may have been sent by such a page.
func (k sourceKind) byHeader() bool { return k == fromBearer || k == fromHeader }

// ambient reports whether browsers may attach the token to requests of other sites'
// pages by themselves. What a function of the application reads is not known, so it
// counts as such.
func (k sourceKind) ambient() bool { return k == fromCookie || k == fromFunc }

func (s Source) equal(o Source) bool {
	return s.kind == o.kind && s.name == o.name && s.kind != fromFunc
}

// BearerHeader looks into Authorization: Bearer …, where RFC 6750 puts the token.
func BearerHeader() Source { return Source{kind: fromBearer, name: "Authorization"} }

// TokenCookie looks into a cookie. Unsafe methods and WebSockets must then come from
// this site, see [TrustedOrigins].
func TokenCookie(name string) Source { return Source{kind: fromCookie, name: name} }

// TokenHeader looks into a header that holds nothing but the token.
func TokenHeader(name string) Source { return Source{kind: fromHeader, name: name} }

// TokenQuery looks into a query parameter. Addresses are logged and shared: use it
// only for what can send nothing else, such as a download link or an EventSource.
func TokenQuery(name string) Source { return Source{kind: fromQuery, name: name} }

// TokenSubprotocol looks into Sec-WebSocket-Protocol, the one header that a browser's
// script can set for a WebSocket. The token is an offered protocol: prefix, and then the
// token in base64url without padding. Offer another protocol beside it, and have the
// handler choose that one: the answer must not repeat the token.
func TokenSubprotocol(prefix string) Source { return Source{kind: fromSubprotocol, name: prefix} }

// TokenFunc looks where find does, which returns the token or "". Since it may read a
// cookie, unsafe methods and WebSockets must come from this site, as with [TokenCookie].
// find is called for every request that reaches it and must be safe for concurrent use.
// The name is for error messages.
func TokenFunc(name string, find func(View) string) Source {
	if find == nil {
		name = ""
	}
	return Source{kind: fromFunc, name: name, find: find}
}

// token returns the token of the first source that has one, and where it came from.
func token(v View, sources []Source) (value string, from sourceKind, p *Problem) {
	h, n := v.Header("Authorization")
	if n > 1 { // whichever source counts: a proxy may have read the other one
		return "", 0, ambiguous("There is more than one Authorization header.")
	}
	for _, s := range sources {
		if s.kind == fromBearer {
			value = bearerToken(h)
		} else {
			value, p = s.token(v)
		}
		if p != nil || value != "" {
			return value, s.kind, p
		}
	}
	return "", 0, nil
}

func bearerToken(header string) string {
	const scheme = "Bearer "
	if len(header) > len(scheme) && (header[:len(scheme)] == scheme || strings.EqualFold(header[:len(scheme)], scheme)) {
		return header[len(scheme):]
	}
	return ""
}

func (s Source) token(v View) (string, *Problem) {
	switch s.kind {
	case fromHeader:
		h, n := v.Header(s.name)
		if n > 1 {
			return "", ambiguous(fmt.Sprintf("There is more than one %s header.", s.name))
		}
		return h, nil
	case fromCookie:
		if renewed, ok := v.Context().Value(renewedKey{}).(*renewedToken); ok && renewed.cookie == s.name {
			return renewed.token, nil // a guard before this one has refreshed
		}
		c, differing := tokenCookie(v, s.name)
		if differing {
			return "", ambiguous(fmt.Sprintf("There are different cookies named %s.", s.name))
		}
		return c, nil
	case fromQuery:
		return s.queryToken(v.Query())
	case fromSubprotocol:
		return s.subprotocolToken(v)
	case fromFunc:
		owned, end := own(v)
		defer end()
		return s.find(owned), nil
	}
	return "", nil
}

func (s Source) queryToken(raw string) (string, *Problem) {
	if raw == "" || !strings.Contains(raw, s.name) {
		return "", nil
	}
	values, err := url.ParseQuery(raw)
	if err != nil || len(values[s.name]) == 0 {
		return "", nil //nolint:nilerr // an unreadable query holds no token
	}
	if len(values[s.name]) > 1 {
		return "", ambiguous("The token parameter is there more than once.")
	}
	return values[s.name][0], nil
}

func (s Source) subprotocolToken(v View) (string, *Problem) {
	token := ""
	for _, line := range v.Values("Sec-WebSocket-Protocol") {
		for offered := range strings.SplitSeq(line, ",") {
			encoded, ok := strings.CutPrefix(strings.TrimSpace(offered), s.name)
			if !ok {
				continue
			}
			decoded, err := base64.RawURLEncoding.DecodeString(encoded)
			switch {
			case err != nil || len(decoded) == 0:
				return "", ambiguous("The token in Sec-WebSocket-Protocol is not base64url.")
			case token != "":
				return "", ambiguous("There is more than one token in Sec-WebSocket-Protocol.")
			}
			token = string(decoded)
		}
	}
	return token, nil
}

// A renewedToken tells the guards behind one that has refreshed: the request still has
// the old cookie.
type renewedToken struct{ cookie, token string }

type renewedKey struct{}

func withRenewed(ctx context.Context, cookie, token string) context.Context {
	return context.WithValue(ctx, renewedKey{}, &renewedToken{cookie, token})
}

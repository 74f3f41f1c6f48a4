package web

import (
	"fmt"
	"net/url"
	"strings"
)

// A Source is a place of a request that may hold an access token. Make one with
// [BearerHeader], [TokenCookie], [TokenHeader] or [TokenQuery].
type Source struct {
	kind sourceKind
	name string
}

type sourceKind uint8

const (
	fromBearer sourceKind = iota
	fromCookie
	fromHeader
	fromQuery
)

// BearerHeader looks into Authorization: Bearer …, where RFC 6750 has it.
func BearerHeader() Source { return Source{fromBearer, "Authorization"} }

// TokenCookie looks into a cookie. Unsafe methods must then come from this site.
func TokenCookie(name string) Source { return Source{fromCookie, name} }

// TokenHeader looks into a header that holds nothing but the token.
func TokenHeader(name string) Source { return Source{fromHeader, name} }

// TokenQuery looks into a query parameter. Addresses are logged and shared: use it
// only for what can send nothing else, such as a download link or an EventSource.
func TokenQuery(name string) Source { return Source{fromQuery, name} }

// token returns the token of the first source that has one.
func token(v View, sources []Source) (value string, cookie bool, p *Problem) {
	h, n := v.Header("Authorization")
	if n > 1 { // whichever source counts: what stands in front of us may have read the other
		return "", false, ambiguous("There is more than one Authorization header.")
	}
	for _, s := range sources {
		switch s.kind {
		case fromBearer:
			const scheme = "Bearer "
			if len(h) > len(scheme) && (h[:len(scheme)] == scheme || strings.EqualFold(h[:len(scheme)], scheme)) {
				return h[len(scheme):], false, nil
			}
		case fromHeader:
			h, n := v.Header(s.name)
			if n > 1 {
				return "", false, ambiguous(fmt.Sprintf("There is more than one %s header.", s.name))
			}
			if h != "" {
				return h, false, nil
			}
		case fromCookie:
			if c := v.Cookie(s.name); c != "" {
				return c, true, nil
			}
		case fromQuery:
			raw := v.Query()
			if raw == "" || !strings.Contains(raw, s.name) {
				continue
			}
			values, err := url.ParseQuery(raw)
			if got := values[s.name]; err == nil && len(got) > 1 {
				return "", false, ambiguous("The token parameter is there more than once.")
			} else if err == nil && len(got) == 1 && got[0] != "" {
				return got[0], false, nil
			}
		}
	}
	return "", false, nil
}

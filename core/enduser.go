package core

import (
	"context"
	"net/http"
	"strings"
)

// An EndUser describes the person that a call serves. LoginRadius
// uses it for risk-based authentication, consent records and audit logs. Empty
// fields are not sent.
type EndUser struct {
	IP             string // the client's address, without port
	UserAgent      string
	AcceptLanguage string
	Referer        string // becomes the account's RegistrationSource

	// RequestID is the id of the request that the call is made for. It is not sent; log
	// lines carry it if it has at most 128 printable ASCII characters.
	RequestID string
}

type endUserKey struct{}

// ContextWithEndUser returns a context under which calls tell LoginRadius about u. The
// ready-made routes set it for every request.
func ContextWithEndUser(ctx context.Context, u EndUser) context.Context {
	return context.WithValue(ctx, endUserKey{}, u)
}

func endUserFrom(ctx context.Context) EndUser {
	u, _ := ctx.Value(endUserKey{}).(EndUser)
	return u
}

func (u EndUser) setHeaders(h http.Header) {
	for _, f := range []struct{ name, value string }{
		{"X-Origin-IP", u.IP},
		{"X-Origin-User-Agent", u.UserAgent},
		{"X-Origin-Accept-Language", u.AcceptLanguage},
		{"Referer", u.Referer},
	} {
		if f.value == "" {
			continue
		}
		// The values come from a stranger's request: a control character would make
		// net/http refuse the whole call.
		clean := strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, f.value)
		h.Set(f.name, clean[:min(len(clean), 512)])
	}
}

package core

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// What an error of LoginRadius says about an access token. There are four kinds, and a
// fifth that says nothing at all:
//
//   - this token is bad;
//   - this account may not be used;
//   - this account or request has some other problem, which decides nothing;
//   - LoginRadius failed, or refuses our own credentials or rate.

// tokenCodes say that the token is definitely bad.
var tokenCodes = []ErrorCode{CodeAccessTokenInvalid, CodeAccessTokenExpired, CodeSessionExpired, CodeAccessTokenExpiredOrInvalid}

// blockedCodes say that the account may not be used, whatever its token.
var blockedCodes = []ErrorCode{
	CodeAccountBlocked, CodeLoginDisabled, CodeLoginNotAllowed,
	CodeSuspiciousActivityBlocked, CodeSecurityQuestionChallenge, CodeEmailCodeChallenge, CodePhoneCodeChallenge,
	CodeNewBrowserDetected, CodeNewCityDetected, CodeNewCountryDetected, CodeNewIPDetected,
}

// accountCodes say what the user has to do first. A session that is remembered goes on;
// without one the user is refused with the code's own meaning.
var accountCodes = []ErrorCode{CodePrivacyPolicyMismatch, CodeConsentNotSubmitted, CodeSessionLimitExceeded}

// accountErrors are the sentinels of further codes of that kind.
var accountErrors = []error{ErrEmailNotVerified, ErrPhoneNotVerified, ErrMFARequired, ErrPasswordExpired, ErrAccountLocked}

// judge says what an error of the profile call, or of the validate call, means for the
// token. Only the profile can tell about the account.
func judge(err error, isProfile bool) sessions.Answer[*Session] {
	var e *Error
	if !errors.As(err, &e) {
		return unavailableAnswer(unavailableSession(err.Error(), err), false)
	}
	switch {
	case !e.Answered():
		return unavailableAnswer(e, errors.Is(e, ErrRateLimited) || notConnected(e))
	case aboutCredentials(e):
		return unavailableAnswer(e.as(ErrUnavailable, ErrAPICredentials), true)
	case slices.Contains(tokenCodes, e.Code):
		return sessions.Answer[*Session]{Outcome: sessions.Refused, Err: e.as(ErrInvalidToken)}
	case isProfile && e.Code == CodeUserNotFound: // the account is gone, and the token with it
		return sessions.Answer[*Session]{Outcome: sessions.Refused, Err: e.as(ErrInvalidToken, ErrUserNotFound)}
	case isProfile && slices.Contains(blockedCodes, e.Code):
		return sessions.Answer[*Session]{Outcome: sessions.Refused, Err: e.as(ErrAccountBlocked)}
	case slices.Contains(accountCodes, e.Code) || slices.ContainsFunc(accountErrors, func(is error) bool { return errors.Is(e, is) }):
		return sessions.Answer[*Session]{Outcome: sessions.Undecided, Err: e}
	case e.Code == CodeEmailOrPhoneNotVerified:
		return sessions.Answer[*Session]{Outcome: sessions.Undecided, Err: e.as(ErrEmailNotVerified)}
	case e.HTTPStatus >= 500:
		return unavailableAnswer(e.as(ErrUnavailable), false)
	}
	return sessions.Answer[*Session]{Outcome: sessions.Undecided, Err: e.as(ErrUnavailable)}
}

func unavailableAnswer(e *Error, atOnce bool) sessions.Answer[*Session] {
	return sessions.Answer[*Session]{Outcome: sessions.Unavailable, Err: e, AtOnce: atOnce, RetryAfter: e.RetryAfter}
}

// as returns a copy of the error that stands for the given sentinels and no other.
func (e *Error) as(is ...error) *Error {
	changed := *e
	changed.is = is
	return &changed
}

// aboutCredentials reports whether LoginRadius refuses our own key, secret or signature,
// which is never the user's fault.
func aboutCredentials(e *Error) bool {
	return errors.Is(e, ErrAPICredentials) || e.Code == CodeInvalidClient || e.Message == "invalid_client" ||
		e.Code == CodeParameterInvalid && strings.Contains(strings.ToLower(e.Description), "apikey")
}

// notConnected reports whether there was no connection at all: no address, none that
// answers, no handshake.
func notConnected(e *Error) bool {
	cause, ok := errors.AsType[*causeError](e.cause)
	if !ok || cause.err == nil {
		return false
	}
	if op, ok := errors.AsType[*net.OpError](cause.err); ok && op.Op == "dial" {
		return true
	}
	_, noName := errors.AsType[*net.DNSError](cause.err)
	return noName || errors.Is(cause.err, syscall.ECONNREFUSED)
}

// fairnessKey is the client address by which unknown tokens share their part of the
// budget: the whole address for IPv4, the network of 64 bits for IPv6, because one user
// can have any number of addresses in it. It is "" for what is no address.
func fairnessKey(ip string) string {
	if ip == "" {
		return ""
	}
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

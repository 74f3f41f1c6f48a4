package web

import (
	"context"
	"slices"

	"github.com/loginradius-contrib/go-middleware/core"
)

// AcceptJWT also accepts the tokens that a verifier of the package core/jwt checks, or
// that [core.Client.IntrospectionVerifier] asks about. A token that the verifier does not
// know by its form is an opaque token as before. Give it twice to accept tokens of two
// issuers.
//
// The session has the subject as UID, and the scopes and claims of the token, see
// [RequireScope] and [core.Session.Claims]. It has no roles and no profile but the e-mail
// address in the claims, unless the verifier is a [core.Client.VerifierWithProfile]; then
// LoginRadius is asked once for a new token.
//
// A local check is quick and works while LoginRadius is down, but it cannot see what
// happened since the token was issued: a logout, a block or a new password counts when the
// token expires, or when this program learns of it, by its own routes, by
// [core.Client.Forget] and [core.Client.ForgetUser], or by [Webhooks]. Of a password that was
// reset by a mailed link or a code only webhooks tell, since its answer names no account.
// Keep the lifetime of such tokens short.
func AcceptJWT(v core.TokenVerifier) Option {
	return option(func(c *settings) {
		if v == nil {
			c.fail(optionError("AcceptJWT: the verifier is nil"))
			return
		}
		c.verifiers = append(slices.Clip(c.verifiers), v)
		c.verifier = core.AnyVerifier(c.verifiers...)
	})
}

// verified reports whether a token goes to the verifier.
func (c *settings) verified(token string) bool { return c.verifier != nil && c.verifier.Accepts(token) }

// cachedSession answers from memory; see [core.Client.CachedSession].
func (c *settings) cachedSession(client *core.Client, token string) (s *core.Session, known bool) {
	if c.verified(token) {
		return client.CachedVerifiedSession(token, c.verifier)
	}
	return client.CachedSession(token)
}

// validate returns the session of a token.
func (c *settings) validate(ctx context.Context, client *core.Client, token string) (*core.Session, error) {
	if c.verified(token) {
		return client.VerifiedSession(ctx, token, c.verifier)
	}
	return client.Session(ctx, token)
}

// RequireScope lets only tokens through that have all of the scopes: those of [AcceptJWT],
// since an opaque token has none. Others get 403 with the scopes in WWW-Authenticate.
func RequireScope(all ...string) GuardOption {
	all = slices.Clone(all)
	return guardOption(func(c *guardConfig) {
		if len(all) == 0 || slices.ContainsFunc(all, func(scope string) bool { return !isScope(scope) }) {
			c.fail(optionError("RequireScope: names no scope, or one with a character that scopes cannot have"))
		}
		c.scopes = append(slices.Clip(c.scopes), all...)
	})
}

// isScope reports whether a text is a scope-token of RFC 6749, section 3.3.
func isScope(s string) bool {
	return s != "" && !slices.ContainsFunc([]byte(s), func(b byte) bool { return b <= ' ' || b > '~' || b == '"' || b == '\\' })
}

// lacksScope reports whether a session lacks one of the scopes.
func (c *guardConfig) lacksScope(s *core.Session) bool {
	for _, scope := range c.scopes {
		if !s.HasScope(scope) {
			return true
		}
	}
	return false
}

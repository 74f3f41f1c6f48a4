package web

import (
	"slices"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// guardConfig collects the settings of a guard.
type guardConfig struct {
	settings

	recent           time.Duration // see RequireRecentAuth
	optional         bool
	refuseInvalid    bool
	checks           []func(*core.Session) error
	skips            []func(View) bool
	skipPreflight    bool
	passToken        bool
	needsContexts    bool
	needsPermissions bool
	loginPage        string
	scopes           []string
	sessionKey       string
}

func newGuardConfig(opts []GuardOption) *guardConfig {
	c := &guardConfig{settings: defaultSettings()}
	for _, o := range opts {
		o.applyGuard(c)
	}
	return c
}

// RequireRole lets only accounts through that have one of the roles. Give it twice
// to ask for one of each; see [RequireAllRoles].
func RequireRole(anyOf ...string) GuardOption {
	anyOf = slices.Clone(anyOf)
	return guardOption(func(c *guardConfig) {
		if len(anyOf) == 0 {
			c.fail(optionError("RequireRole: names no role"))
		}
		c.checks = append(c.checks, func(s *core.Session) error {
			for _, role := range anyOf { //nolint:modernize // ContainsFunc would allocate
				if s.HasRole(role) {
					return nil
				}
			}
			return forbidden(CodeMissingRole)
		})
	})
}

// RequireAllRoles lets only accounts through that have all of the roles.
func RequireAllRoles(all ...string) GuardOption {
	all = slices.Clone(all)
	return guardOption(func(c *guardConfig) {
		if len(all) == 0 {
			c.fail(optionError("RequireAllRoles: names no role"))
		}
		for _, role := range all {
			RequireRole(role).applyGuard(c)
		}
	})
}

// RequirePermission lets only accounts through with a role that grants one of the
// permissions. Give it twice to ask for one of each. It needs
// core.SessionConfig.Permissions: a client without it makes the option unusable.
func RequirePermission(anyOf ...string) GuardOption {
	anyOf = slices.Clone(anyOf)
	return guardOption(func(c *guardConfig) {
		if len(anyOf) == 0 {
			c.fail(optionError("RequirePermission: names no permission"))
		}
		c.needsPermissions = true
		c.checks = append(c.checks, func(s *core.Session) error {
			for _, permission := range anyOf { //nolint:modernize // ContainsFunc would allocate
				if s.HasPermission(permission) {
					return nil
				}
			}
			return forbidden(CodeMissingPermission)
		})
	})
}

// RequirePermissionIn is [RequirePermission] within a role context. It needs
// core.SessionConfig.RoleContexts.
func RequirePermissionIn(roleContext string, anyOf ...string) GuardOption {
	anyOf = slices.Clone(anyOf)
	return guardOption(func(c *guardConfig) {
		if len(anyOf) == 0 || roleContext == "" {
			c.fail(optionError("RequirePermissionIn: names no context or no permission"))
		}
		c.needsContexts = true
		c.checks = append(c.checks, func(s *core.Session) error {
			for _, permission := range anyOf {
				if s.HasPermissionIn(roleContext, permission) {
					return nil
				}
			}
			return forbidden(CodeMissingPermission)
		})
	})
}

// RequireVerifiedEmail lets only accounts with a verified address through.
func RequireVerifiedEmail() GuardOption {
	return guardOption(func(c *guardConfig) {
		c.checks = append(c.checks, func(s *core.Session) error {
			if s.EmailVerified() {
				return nil
			}
			return forbidden(CodeEmailNotVerified)
		})
	})
}

// Require lets only sessions through for which check returns nil. A [*Problem] is
// answered as it is, any other error as 403 without its text.
func Require(check func(*core.Session) error) GuardOption {
	return guardOption(func(c *guardConfig) {
		if check == nil {
			c.fail(optionError("Require: the function is nil"))
			return
		}
		c.checks = append(c.checks, check)
	})
}

// Skip bypasses the guard for requests for which when returns true; they have no
// session. Several of them add up, [SkipPreflight] included. when is called for every
// request and must be safe for concurrent use.
func Skip(when func(View) bool) GuardOption {
	return guardOption(func(c *guardConfig) {
		if when == nil {
			c.fail(optionError("Skip: the function is nil"))
			return
		}
		c.skips = append(c.skips, when)
	})
}

// SkipPreflight bypasses the guard for CORS preflight requests, which browsers send
// without credentials: OPTIONS with Access-Control-Request-Method.
func SkipPreflight() GuardOption { return guardOption(func(c *guardConfig) { c.skipPreflight = true }) }

func isPreflight(v View) bool {
	_, n := v.Header("Access-Control-Request-Method")
	return v.Method() == "OPTIONS" && n > 0
}

// PassToken hands the access token to handlers: core.TokenFromContext returns it, after
// a refresh the new one. Default: handlers see the session only, since they seldom need
// more, and a token is as good as its user's password while it lives.
func PassToken() GuardOption { return guardOption(func(c *guardConfig) { c.passToken = true }) }

// RefuseInvalid makes OptionalLogin answer 401 to a bad token, which otherwise
// counts as none.
func RefuseInvalid() GuardOption { return guardOption(func(c *guardConfig) { c.refuseInvalid = true }) }

// LoginPage sends browsers that wait for a page and are not logged in to a page of this
// application, with the way back in the parameter next. Other clients still get 401. The
// page itself must not be behind the guard.
func LoginPage(path string) GuardOption {
	return guardOption(func(c *guardConfig) {
		if LocalPath(path, "") == "" {
			c.fail(optionError("LoginPage: must be a path of this site"))
		}
		c.loginPage = path
	})
}

// SessionKey also puts the session into the framework's own bag under this key, for
// code that looks there: gin's and echo's Get, fiber's Locals. net/http has none.
func SessionKey(key string) GuardOption {
	return guardOption(func(c *guardConfig) { c.sessionKey = key })
}

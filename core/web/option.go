package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A GuardOption configures RequireLogin and OptionalLogin.
type GuardOption interface{ applyGuard(c *guardConfig) }

// A RouteOption configures [NewApp] and the adapters' Mount.
type RouteOption interface{ applyRoute(c *routeConfig) }

// An Option configures both. Give the guard and the routes of one application the
// same ones.
type Option interface {
	GuardOption
	RouteOption
}

type (
	guardOption func(*guardConfig)
	routeOption func(*routeConfig)
	option      func(*settings)
)

func (o guardOption) applyGuard(c *guardConfig) { o(c) }
func (o routeOption) applyRoute(c *routeConfig) { o(c) }
func (o option) applyGuard(c *guardConfig)      { o(&c.settings) }
func (o option) applyRoute(c *routeConfig)      { o(&c.settings) }

// settings are what guard and routes have in common. err holds the first unusable
// option.
type settings struct {
	err error

	sources       []Source
	cookies       cookieNames
	realm         string
	logger        *slog.Logger
	undecided     *undecidedLog
	errorResponse func(View, *Problem) *Response
	returnErrors  bool
	clientIP      func(View) string
	rateLimit     func(context.Context, Attempt) error
	autoRefresh   bool
	publicPath    string // see PublicPath
	cookiePrefix  string
	crossOrigin   *http.CrossOriginProtection

	verifier  core.TokenVerifier // nil without AcceptJWT
	verifiers []core.TokenVerifier

	resourceMetadata string // the address in WWW-Authenticate, or ""
}

func defaultSettings() settings {
	return settings{
		sources: []Source{BearerHeader()}, realm: "loginradius", logger: slog.Default(), undecided: new(undecidedLog), clientIP: peerIP,
		cookiePrefix: defaultCookiePrefix, crossOrigin: http.NewCrossOriginProtection(),
	}
}

func (c *settings) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// TokensFrom sets where tokens are looked for, in order. Default: [BearerHeader]. In
// cookie mode its cookie comes behind them, unless it is among them.
func TokensFrom(sources ...Source) Option {
	sources = slices.Clone(sources)
	return option(func(c *settings) {
		for _, s := range sources {
			if s.name == "" {
				c.fail(optionError("TokensFrom: a source has no name, or no function"))
			}
		}
		if len(sources) == 0 {
			c.fail(optionError("TokensFrom: there is no source"))
		}
		c.sources = sources
	})
}

// Cookies turns cookie mode on: the routes keep the tokens in HttpOnly cookies and
// out of the body, and the guard looks for them there, behind the Authorization
// header. It needs https; see [InsecureCookies]. A token that is too long for one
// cookie is spread over several.
func Cookies() Option {
	return option(func(c *settings) { c.cookies = newCookieNames(c.cookiePrefix, true) })
}

// InsecureCookies is [Cookies] for development on plain http. The cookies then lack
// Secure and the __Host- prefix, so that anyone on the way can read and set them.
func InsecureCookies() Option {
	return option(func(c *settings) { c.cookies = newCookieNames(c.cookiePrefix, false) })
}

// CookiePrefix sets what the names of this application's cookies begin with, behind the
// __Host- that [Cookies] puts before it. Applications on one host need different ones.
// Default: "lr_", as in lr_access.
func CookiePrefix(prefix string) Option {
	return option(func(c *settings) {
		bad := func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
		}
		if prefix == "" || len(prefix) > 64 || strings.HasPrefix(prefix, "__") || strings.ContainsFunc(prefix, bad) {
			c.fail(optionError("CookiePrefix: must be 1 to 64 letters, digits, _ and -, and not begin with __"))
			return
		}
		c.cookiePrefix = prefix
		if c.cookies.on() {
			c.cookies = newCookieNames(prefix, c.cookies.secure)
		}
	})
}

// addCookieSource appends the access cookie of the mode in use to the token sources,
// unless it is already among them.
func (c *settings) addCookieSource() {
	if own := TokenCookie(c.cookies.access); c.cookies.on() && !slices.ContainsFunc(c.sources, own.equal) {
		c.sources = append(slices.Clone(c.sources), own)
	}
}

// Realm sets the realm of WWW-Authenticate. Default: "loginradius".
func Realm(name string) Option {
	return option(func(c *settings) {
		if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r > '~' }) {
			c.fail(optionError("Realm: must be plain ASCII without quotes"))
		}
		c.realm = name
	})
}

// Logger sets where failures that the client must not see go. Default: slog.Default().
func Logger(l *slog.Logger) Option {
	return option(func(c *settings) {
		if l == nil {
			c.fail(optionError("Logger: is nil"))
			return
		}
		c.logger = l
	})
}

// ErrorResponse replaces the body of failures with the application's own format.
// Status and headers such as WWW-Authenticate are set on what it returns if it did
// not set them. A nil result means the default.
func ErrorResponse(f func(View, *Problem) *Response) Option {
	return option(func(c *settings) { c.errorResponse = f })
}

// ReturnErrors hands failures to the framework's own error handling instead of
// writing them: echo's HTTPErrorHandler gets an *echo.HTTPError, fiber's
// ErrorHandler an error with a *fiber.Error in it, gin finds it in c.Errors with
// the status set. errors.As finds the [*Problem] in each. Headers such as
// WWW-Authenticate, and cookies, are set already. net/http has no such thing: there
// problems are written anyway; see [ErrorResponse].
func ReturnErrors() Option { return option(func(c *settings) { c.returnErrors = true }) }

// optionError is the error of an unusable option.
type optionError string

func (e optionError) Error() string { return "loginradius: web: " + string(e) }

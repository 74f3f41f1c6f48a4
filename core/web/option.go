package web

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A GuardOption changes what RequireLogin and OptionalLogin let through.
type GuardOption interface{ applyGuard(c *config) }

// A RouteOption changes what Mount mounts and how the routes work.
type RouteOption interface{ applyRoute(c *config) }

// An Option is good for both. Give guard and routes of one application the same.
type Option interface {
	GuardOption
	RouteOption
}

type (
	guardOption func(*config)
	routeOption func(*config)
	option      func(*config)
)

func (o guardOption) applyGuard(c *config) { o(c) }
func (o routeOption) applyRoute(c *config) { o(c) }
func (o option) applyGuard(c *config)      { o(c) }
func (o option) applyRoute(c *config)      { o(c) }

// config is what the options make. err holds the first unusable one.
type config struct {
	err error

	sources       []Source
	cookies       cookieNames
	realm         string
	logger        *slog.Logger
	errorResponse func(View, *Problem) *Response

	optional      bool
	refuseInvalid bool
	checks        []func(*core.Session) error
	skip          func(View) bool
	loginPage     string
	sessionKey    string

	links              MailLinks
	clientIP           func(View) string
	hooks              Hooks
	rateLimit          func(context.Context, Attempt) error
	profileFields      []string
	customFields       []string
	tellTaken          bool
	floor              time.Duration
	only               []string
	paths              map[string]string
	handlers           map[string]Handler
	registrationFields []string
	autoRefresh        bool
	returnErrors       bool
	mapErrors          func(error) *Problem
	pages              *pageConfig // nil without WithPages
}

func newConfig() *config {
	return &config{
		sources:       []Source{BearerHeader()},
		realm:         "loginradius",
		logger:        slog.Default(),
		clientIP:      peerIP,
		profileFields: []string{"first_name", "last_name", "middle_name", "nick_name", "gender", "birth_date", "language", "time_zone"},
		floor:         250 * time.Millisecond,
		paths:         map[string]string{},
		handlers:      map[string]Handler{},
	}
}

func (c *config) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

func peerIP(v View) string {
	addr := v.RemoteAddr()
	if host, _, err := net.SplitHostPort(addr); err == nil {
		return host
	}
	return addr
}

// TokensFrom sets where tokens are looked for, in order. Default: [BearerHeader]. In
// cookie mode its cookie comes behind them, unless it is among them.
func TokensFrom(sources ...Source) Option {
	sources = slices.Clone(sources)
	return option(func(c *config) {
		for _, s := range sources {
			if s.name == "" {
				c.fail(optionError("TokensFrom: a source has no name"))
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
// header. It needs https; see [InsecureCookies].
func Cookies() Option {
	return option(func(c *config) { c.cookies = cookieNames{accessCookie, refreshCookie, true} })
}

// InsecureCookies is [Cookies] for development on plain http. The cookies then lack
// Secure and the __Host- prefix, so that anybody on the way can read and set them.
func InsecureCookies() Option {
	return option(func(c *config) {
		c.cookies = cookieNames{strings.TrimPrefix(accessCookie, "__Host-"), strings.TrimPrefix(refreshCookie, "__Host-"), false}
	})
}

// addCookieSource has tokens looked for in the cookie of the mode that is on in the
// end, behind all other places unless it was named among them.
func (c *config) addCookieSource() {
	if own := TokenCookie(c.cookies.access); c.cookies.on() && !slices.Contains(c.sources, own) {
		c.sources = append(slices.Clone(c.sources), own)
	}
}

// Realm sets the realm of WWW-Authenticate. Default: "loginradius".
func Realm(name string) Option {
	return option(func(c *config) {
		if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r > '~' }) {
			c.fail(optionError("Realm: must be plain ASCII without quotes"))
		}
		c.realm = name
	})
}

// Logger sets where failures that the client must not see go. Default: slog.Default().
func Logger(l *slog.Logger) Option {
	return option(func(c *config) {
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
	return option(func(c *config) { c.errorResponse = f })
}

// ReturnErrors hands failures to the framework's own error handling instead of
// writing them: echo's HTTPErrorHandler gets an *echo.HTTPError, fiber's
// ErrorHandler an error with a *fiber.Error in it, gin finds it in c.Errors with
// the status set. errors.As finds the [*Problem] in each. Headers such as
// WWW-Authenticate, and cookies, are set already. net/http has no such thing: there
// problems are written as ever; see [ErrorResponse].
func ReturnErrors() Option { return option(func(c *config) { c.returnErrors = true }) }

// RequireRole lets only accounts through that have one of the roles. Give it twice
// to ask for one of each; see [RequireAllRoles].
func RequireRole(anyOf ...string) GuardOption {
	anyOf = slices.Clone(anyOf)
	return guardOption(func(c *config) {
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
	return guardOption(func(c *config) {
		if len(all) == 0 {
			c.fail(optionError("RequireAllRoles: names no role"))
		}
		for _, role := range all {
			RequireRole(role).applyGuard(c)
		}
	})
}

// RequireVerifiedEmail lets only accounts through whose address is verified.
func RequireVerifiedEmail() GuardOption {
	return guardOption(func(c *config) {
		c.checks = append(c.checks, func(s *core.Session) error {
			if s.EmailVerified() {
				return nil
			}
			return forbidden(CodeEmailNotVerified)
		})
	})
}

// Require lets only those through for whom check returns nil. A [*Problem] is
// answered as it is, any other error as 403 without its text.
func Require(check func(*core.Session) error) GuardOption {
	return guardOption(func(c *config) {
		if check == nil {
			c.fail(optionError("Require: the function is nil"))
			return
		}
		c.checks = append(c.checks, check)
	})
}

// Skip lets requests through unexamined, as nobody's.
func Skip(when func(View) bool) GuardOption {
	return guardOption(func(c *config) { c.skip = when })
}

// SkipPreflight lets CORS preflight requests through, which browsers send without
// credentials: OPTIONS with Access-Control-Request-Method.
func SkipPreflight() GuardOption {
	return Skip(func(v View) bool {
		_, n := v.Header("Access-Control-Request-Method")
		return v.Method() == "OPTIONS" && n > 0
	})
}

// RefuseInvalid makes OptionalLogin answer 401 to a bad token, which otherwise
// counts as none.
func RefuseInvalid() GuardOption { return guardOption(func(c *config) { c.refuseInvalid = true }) }

// LoginPage sends browsers that are not logged in to a page of this site, with the
// way back in the parameter next. Others still get 401.
func LoginPage(path string) GuardOption {
	return guardOption(func(c *config) {
		if LocalPath(path, "") == "" {
			c.fail(optionError("LoginPage: must be a path of this site"))
		}
		c.loginPage = path
	})
}

// SessionKey also puts the session into the framework's own bag under this key, for
// code that looks there: gin's and echo's Get, fiber's Locals. net/http has none.
func SessionKey(key string) GuardOption { return guardOption(func(c *config) { c.sessionKey = key }) }

// MailLinks says where the links in mails lead: absolute addresses of pages of this
// application, allowed on the site. LoginRadius appends ?vtype=…&vtoken=…. They are
// never made from a request. An empty one means LoginRadius' hosted page.
type MailLinks struct{ Verify, Reset, Delete string }

// Links sets where the links in mails lead.
func Links(l MailLinks) RouteOption {
	return routeOption(func(c *config) {
		for name, link := range map[string]string{"Verify": l.Verify, "Reset": l.Reset, "Delete": l.Delete} {
			u, err := url.Parse(link)
			if link != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "") {
				c.fail(optionError("Links: " + name + " must be an absolute http(s) address without query or fragment"))
			}
		}
		c.links = l
	})
}

// ClientIP sets how to find a client's address behind proxies. It is told to
// LoginRadius and to the rate limit. Default: the peer's, since headers such as
// X-Forwarded-For hold what the client likes.
func ClientIP(f func(View) string) RouteOption {
	return routeOption(func(c *config) {
		if f == nil {
			c.fail(optionError("ClientIP: the function is nil"))
			return
		}
		c.clientIP = f
	})
}

// ProfileFields replaces the fields that users may change with PATCH /me. Those
// that decide who somebody is or what they may do cannot be among them.
func ProfileFields(names ...string) RouteOption {
	names = slices.Clone(names)
	return routeOption(func(c *config) {
		for _, n := range names {
			if _, ok := writableFields[n]; !ok {
				c.fail(optionError("ProfileFields: " + n + " is not a field that users may change"))
			}
		}
		c.profileFields = names
	})
}

// CustomFields names the site's custom fields that users may set, at registration
// and with PATCH /me. Default: none; never name one that you authorize by.
func CustomFields(names ...string) RouteOption {
	names = slices.Clone(names)
	return routeOption(func(c *config) { c.customFields = names })
}

// RegistrationFields adds fields that users may set when they register, beside
// email, password, first_name, last_name, username and phone: those that
// [ProfileFields] may name. Default: none.
func RegistrationFields(names ...string) RouteOption {
	names = slices.Clone(names)
	return routeOption(func(c *config) {
		for _, n := range names {
			if _, ok := writableFields[n]; !ok || n == "first_name" || n == "last_name" {
				c.fail(optionError("RegistrationFields: " + n + " is not a field to add"))
			}
		}
		c.registrationFields = names
	})
}

// TellTaken makes registration say that an address is taken. By default the answer
// is the same as for a new one, and a verification mail is sent again if one is due.
func TellTaken() RouteOption { return routeOption(func(c *config) { c.tellTaken = true }) }

// ResponseFloor sets the least time that answers take which would otherwise tell
// by their speed whether an account exists; longer ones take a multiple of it. Set
// it above what LoginRadius takes for most requests. Default: 250 ms; 0 turns it off.
func ResponseFloor(d time.Duration) RouteOption {
	return routeOption(func(c *config) {
		if d < 0 {
			c.fail(optionError("ResponseFloor: is negative"))
		}
		c.floor = d
	})
}

// Only mounts just the named routes, e.g. "login"; see [RouteNames].
func Only(names ...string) RouteOption {
	names = slices.Clone(names)
	return routeOption(func(c *config) {
		for _, n := range names {
			if !slices.Contains(RouteNames(), n) {
				c.fail(optionError("Only: there is no route " + n))
			}
		}
		c.only = names
	})
}

// At mounts a route on another path, below where the routes are mounted.
func At(name, path string) RouteOption {
	return routeOption(func(c *config) {
		if !slices.Contains(RouteNames(), name) || !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "{}:*? ") {
			c.fail(optionError("At: needs a route's name and a plain path"))
		}
		c.paths[name] = path
	})
}

// Replace has a route handled by h. The guard in front of it stays.
func Replace(name string, h Handler) RouteOption {
	return routeOption(func(c *config) {
		if !slices.Contains(RouteNames(), name) || h == nil {
			c.fail(optionError("Replace: needs a route's name and a handler"))
		}
		c.handlers[name] = h
	})
}

// optionError is the error of an unusable option.
type optionError string

func (e optionError) Error() string { return "loginradius: web: " + string(e) }

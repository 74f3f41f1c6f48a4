package web

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// routeConfig collects the settings of the routes.
type routeConfig struct {
	settings

	links                MailLinks
	hooks                Hooks
	mapErrors            func(error) *Problem
	profileFields        []string
	namesProfileFields   bool // by ProfileFields
	customFields         []string
	registrationFields   []string
	consentOptions       []ConsentEntry
	registrationConsents []string
	privacyPolicy        string // its address, or ""
	tellTaken            bool
	sameBrowser          bool
	passwordPolicy       func(string) error
	floor                time.Duration
	phone                func(string) (string, error)
	mfaMethods           []string
	mfaNamed             bool // by MFAMethods
	hostedPage           string
	only                 []RouteName
	paths                map[RouteName]string
	handlers             map[RouteName]Handler
	recent               map[RouteName]time.Duration // see RequireRecentAuthFor
	pages                *pageConfig                 // nil without WithPages
	passkeyOrigins       []string                    // nil: those of links
	oidc                 core.OIDCProvider           // nil without OIDCLogin
	oidcLogout           string
	webhooks             bool
	webhookSecrets       []string // none: the API secret
}

func newRouteConfig(opts []RouteOption) *routeConfig {
	c := &routeConfig{
		settings:      defaultSettings(),
		profileFields: []string{"first_name", "last_name", "middle_name", "nick_name", "gender", "birth_date", "language", "time_zone"},
		floor:         250 * time.Millisecond,
		mfaMethods:    mfaMethods,
		phone:         internationalPhone,
		paths:         map[RouteName]string{},
		recent:        map[RouteName]time.Duration{},
		handlers:      map[RouteName]Handler{},
	}
	for _, o := range opts {
		o.applyRoute(c)
	}
	c.checkAgreements()
	return c
}

// MailLinks says where the links in mails lead: absolute addresses of pages of this
// application, allowed on the site. LoginRadius appends ?vtype=…&vtoken=…. They are
// never made from a request. An empty one means LoginRadius' hosted page.
type MailLinks struct{ Verify, Reset, Delete, ResetPIN, ResetPasskey, Passwordless string }

// Links sets where the links in mails lead.
func Links(l MailLinks) RouteOption {
	return routeOption(func(c *routeConfig) {
		for name, link := range map[string]string{"Verify": l.Verify, "Reset": l.Reset, "Delete": l.Delete, "ResetPIN": l.ResetPIN, "ResetPasskey": l.ResetPasskey, "Passwordless": l.Passwordless} {
			u, err := url.Parse(link)
			if link != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "") {
				c.fail(optionError("Links: " + name + " must be an absolute http(s) address without query or fragment"))
			}
		}
		c.links = l
	})
}

// ProfileFields replaces the fields that users may change with PATCH /me, and on the
// profile of [WithPages]. Those that identify or authorize a user cannot be among them.
// Default: first_name, last_name, middle_name, nick_name, gender, birth_date, language and
// time_zone; the page then shows first_name and last_name.
func ProfileFields(names ...string) RouteOption {
	names = slices.Clone(names)
	return routeOption(func(c *routeConfig) {
		for _, n := range names {
			if _, ok := writableFields[n]; !ok {
				c.fail(optionError("ProfileFields: " + n + " is not a field that users may change"))
			}
		}
		c.profileFields, c.namesProfileFields = names, true
	})
}

// CustomFields names the site's custom fields that users may set, at registration
// and with PATCH /me, and on the pages for both. Never name one that you authorize by.
// The pages call a field as [PageText] says under custom_<name>. Default: none.
func CustomFields(names ...string) RouteOption {
	names = slices.Clone(names)
	return routeOption(func(c *routeConfig) { c.customFields = names })
}

// RegistrationFields adds fields that users may set when they register, beside
// email, password, first_name, last_name, username and phone: those that
// [ProfileFields] may name. They are on the page for it, too. Default: none.
func RegistrationFields(names ...string) RouteOption {
	names = slices.Clone(names)
	return routeOption(func(c *routeConfig) {
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
func TellTaken() RouteOption { return routeOption(func(c *routeConfig) { c.tellTaken = true }) }

// PasswordPolicy sets the application's own check of new passwords. A password for which
// it returns an error is refused with 422 before LoginRadius is asked. Repeat the site's
// policy here: LoginRadius checks a password only after it has looked for the account, so
// that the refusal of a bad password would tell a new address from a known one. check must
// be safe for concurrent use. The text of its error is shown to the user beside the field:
// it must not hold the password. Default: only the site's policy.
func PasswordPolicy(check func(password string) error) RouteOption {
	return routeOption(func(c *routeConfig) {
		if check == nil {
			c.fail(optionError("PasswordPolicy: the function is nil"))
		}
		c.passwordPolicy = check
	})
}

// ResponseFloor sets the least time that answers take which would otherwise tell
// by their speed whether an account exists; longer ones take a multiple of it. Set
// it above what LoginRadius takes for most requests. Default: 250 ms; 0 turns it off.
func ResponseFloor(d time.Duration) RouteOption {
	return routeOption(func(c *routeConfig) {
		if d < 0 {
			c.fail(optionError("ResponseFloor: is negative"))
		}
		c.floor = d
	})
}

// Only mounts just the named routes. Default: all.
func Only(names ...RouteName) RouteOption {
	names = slices.Clone(names)
	return routeOption(func(c *routeConfig) {
		for _, n := range names {
			if !known(n) {
				c.fail(optionError("Only: there is no route " + string(n)))
			}
		}
		c.only = names
	})
}

// At mounts a route on another path, relative to where the routes are mounted. If the
// route's own path ends with a parameter, such as /sessions/{id}, so must the new one.
func At(name RouteName, path string) RouteOption {
	return routeOption(func(c *routeConfig) {
		plain := strings.TrimSuffix(path, parameterOf(path))
		if !known(name) || !strings.HasPrefix(path, "/") || strings.ContainsAny(plain, "{}:*? ") {
			c.fail(optionError("At: needs a route's name and a plain path"))
		}
		c.paths[name] = path
	})
}

// Replace sets the application's own handler for a route. The guard before it remains,
// and so does the rate limit.
func Replace(name RouteName, h Handler) RouteOption {
	return routeOption(func(c *routeConfig) {
		if !known(name) || h == nil {
			c.fail(optionError("Replace: needs a route's name and a handler"))
		}
		c.handlers[name] = h
	})
}

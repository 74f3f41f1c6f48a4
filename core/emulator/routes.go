package emulator

import (
	"slices"

	"github.com/loginradius-contrib/go-middleware/core"
)

// credentials says what a route checks before its handler runs.
type credentials int

const (
	noCredentials credentials = iota
	withKey
	withSecret // and key
	withSecretOnly
)

// The families of paths that most features have routes in.
const (
	authPath   = "identity/v2/auth/"
	managePath = "identity/v2/manage/account"
	nativePath = "api/v2/access_token"
)

// A handler answers a call with a status and a body, and holds the lock. The account
// is that of the user whom the call is about, or nil if the route names none.
type handler func(*call, *account) (int, any)

// A route is one operation, named as in the vendor's catalogue. Several may share a
// method and a path; conditions on the body or the query then tell them apart.
type route struct {
	operation  string
	method     string
	path       string // lower case, without slashes at the ends; {name} is a parameter
	creds      credentials
	bearer     bool // the account is that of the access token
	blockedToo bool // even if it is blocked
	managed    bool // the account is that of the uid in the path or the query
	forms      bool // the body may be a form
	identifies bool // by an address, a name or a number; see WithGenericAuthErrors
	anyBody    bool // even one that is not a JSON object
	condition  *condition
	handle     handler

	names []string // of the parameters in path
}

// A condition limits a route to the calls for which it holds.
type condition struct {
	name  string // equal names mean equal conditions
	holds func(*call) bool
}

// keyRoute is a route that asks for the API key.
func keyRoute(operation, method, path string, handle handler) route {
	return route{operation: operation, method: method, path: path, creds: withKey, handle: handle}
}

// userRoute is a route that asks for the API key and the access token of a user.
func userRoute(operation, method, path string, handle handler) route {
	return keyRoute(operation, method, path, handle).withBearer()
}

// manageRoute is a route that asks for the API secret, too.
func manageRoute(operation, method, path string, handle handler) route {
	return route{operation: operation, method: method, path: path, creds: withSecret, handle: handle}
}

// uidRoute is a manageRoute about the account of a uid, which is {uid} in the path
// or the parameter uid of the query.
func uidRoute(operation, method, path string, handle handler) route {
	r := manageRoute(operation, method, path, handle)
	r.managed = true
	return r
}

func (r route) withBearer() route { r.bearer = true; return r }

func (r route) allowBlocked() route { r.blockedToo = true; return r }

// withAnyBody is for calls that judge their body themselves.
func (r route) withAnyBody() route { r.anyBody = true; return r }

func (r route) identifying() route { r.identifies = true; return r }

// when limits a route. Of several routes with one method and path, the one without
// a condition comes last.
func (r route) when(c condition) route { r.condition = &c; return r }

func hasBody(key string) condition {
	return condition{"body " + key, func(c *call) bool { _, ok := c.body[key]; return ok }}
}

func hasQuery(key string) condition {
	return condition{"query " + key, func(c *call) bool { _, ok := c.query[key]; return ok }}
}

// both holds if a and b do.
func both(a, b condition) condition {
	return condition{a.name + " and " + b.name, func(c *call) bool { return a.holds(c) && b.holds(c) }}
}

// allRoutes lists the routes of all features.
func (e *Emulator) allRoutes() []route {
	return slices.Concat(
		e.registrationRoutes(), e.riskRoutes(), e.loginRoutes(), e.recoveryRoutes(), e.passwordRoutes(), e.linkRoutes(), e.profileRoutes(), e.managementRoutes(),
		e.sessions.sessionsRoutes(), e.social.socialRoutes(), e.roles.rolesRoutes(),
		e.mfa.mfaRoutes(), e.pins.pinRoutes(), e.reauth.reauthRoutes(),
		e.phones.phoneRoutes(), e.passwordless.passwordlessRoutes(), e.waiting.waitingRoutes(), e.multipurposeRoutes(), e.emailRoutes(),
		e.federation.federationRoutes(),
		e.passkeys.passkeyRoutes(), e.webhooks.webhookRoutes(), e.customObjects.customObjectRoutes(), e.roles.contextRoutes(),
		e.consents.consentRoutes(), e.privacy.privacyRoutes(), e.linking.linkingRoutes(), e.social.nativeRoutes(), e.appInfoRoutes(),
	)
}

// answer checks the credentials of a call, finds its account and runs its handler.
func (e *Emulator) answer(c *call) (int, any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.current = c
	defer func() { e.current = nil }()
	if p := e.checkCredentials(c); p != nil {
		return p.answer(c)
	}
	if c.malformed != nil && !c.route.anyBody && (!c.route.forms || !c.isForm()) {
		return c.malformed.answer(c)
	}
	var a *account
	switch r := c.route; {
	case r.bearer:
		var p *problem
		if a, p = e.checkBearer(c); p != nil {
			return p.answer(c)
		}
	case r.managed:
		uid := first(c.args["uid"], c.query["uid"])
		if a = e.accounts.byUID(uid); a == nil && uid == "" {
			return missing("uid").answer(c)
		}
		if a == nil {
			return fail(c, core.CodeUserNotFound)
		}
	}
	return c.route.handle(c, a)
}

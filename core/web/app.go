package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// An App holds the ready-made routes with their options. It is safe for concurrent use.
type App struct {
	client *core.Client
	cfg    *routeConfig
	guard  *Guard
	routes []Route

	sessionIDKey []byte
	passkeySite  passkeySite
	pending      *sealer // of logins that wait for a second factor
	consents     *sealer // of logins that wait for a consent form
	links        *sealer // of links that a browser asked for
	reauth       *reauth
	enrolling    *enrolling
}

// NewApp returns the routes, or an error that names an unusable option. Mount them with
// an adapter's Mount, or one by one with its Handle.
func NewApp(client *core.Client, opts ...RouteOption) (*App, error) {
	cfg := newRouteConfig(opts)
	guard := newGuard(client, &guardConfig{settings: cfg.settings})
	if guard.Err() != nil {
		return nil, guard.Err()
	}
	if cfg.sameBrowser && !cfg.cookies.on() {
		return nil, optionError("SameBrowser needs Cookies or InsecureCookies")
	}
	cfg.settings = guard.cfg.settings // with the access cookie among the sources
	a := &App{client: client, cfg: cfg, guard: guard, sessionIDKey: client.DerivedKey("loginradius session id")}
	var err error
	if a.enrolling, err = newEnrolling(client); err != nil {
		return nil, err
	}
	for purpose, s := range map[string]**sealer{"pending login": &a.pending, "pending consent": &a.consents, "asked link": &a.links} {
		if *s, err = newSealer(client, purpose); err != nil {
			return nil, err
		}
	}
	if a.reauth, err = newReauth(client); err != nil {
		return nil, err
	}
	for _, r := range a.allRoutes() {
		if cfg.only != nil && !slices.Contains(cfg.only, r.Name) {
			continue
		}
		if err := a.adjust(&r); err != nil {
			return nil, err
		}
		a.routes = append(a.routes, r)
	}
	if cfg.pages != nil {
		if err := cfg.pages.add(a); err != nil {
			return nil, err
		}
	}
	if cfg.err != nil {
		return nil, cfg.err
	}
	if err := distinct(a.routes); err != nil {
		return nil, err
	}
	return a, nil
}

// adjust applies [At] and [Replace] to a route.
func (a *App) adjust(r *Route) error {
	if path := a.cfg.paths[r.Name]; path != "" {
		if parameterOf(path) != parameterOf(r.Path) {
			return optionError(fmt.Sprintf("At: the path of %s must end like %s", r.Name, r.Path))
		}
		r.Path = path
	}
	if a.cfg.recent[r.Name] > 0 && !r.NeedsLogin {
		return optionError(fmt.Sprintf("RequireRecentAuthFor: %s works without login", r.Name))
	}
	if own := a.cfg.handlers[r.Name]; own != nil {
		name := r.Name
		r.replaced, r.input = true, nil
		r.handle = func(ctx context.Context, req *Request) (*Response, error) {
			if err := a.admit(ctx, name, req, ""); err != nil {
				return nil, err
			}
			return own(ctx, req)
		}
	}
	return nil
}

// parameterOf returns the parameter that a path ends with, such as "{id}", or "".
func parameterOf(path string) string {
	last := path[strings.LastIndexByte(path, '/')+1:]
	if strings.HasPrefix(last, "{") && strings.HasSuffix(last, "}") {
		return last
	}
	return ""
}

// distinct refuses two routes with one method and path: some frameworks panic there.
func distinct(routes []Route) error {
	seen := map[string]RouteName{}
	for _, r := range routes {
		at := r.Method + " " + r.Path
		if other, ok := seen[at]; ok {
			return optionError(fmt.Sprintf("%q and %q are both at %s", other, r.Name, at))
		}
		seen[at] = r.Name
	}
	return nil
}

// A Mountable is what an adapter's Mount accepts: a client, for routes with the given
// options, or an App, which has its options already.
type Mountable interface{ *core.Client | *App }

// AppOf returns the App that an adapter mounts.
func AppOf[M Mountable](m M, opts ...RouteOption) (*App, error) {
	switch m := any(m).(type) {
	case *core.Client:
		return NewApp(m, opts...)
	case *App:
		switch {
		case m == nil:
			return nil, optionError("Mount: the App is nil")
		case len(opts) > 0:
			return nil, optionError("Mount: give the options to NewApp")
		}
		return m, nil
	}
	return nil, optionError("Mount: needs a client or an App")
}

// Routes returns the routes to mount, including those of the pages.
func (a *App) Routes() []Route { return slices.Clone(a.routes) }

// Route returns one route by its name. The error names a route that does not exist, or
// that [Only] leaves out.
func (a *App) Route(name RouteName) (Route, error) {
	if a == nil {
		return Route{}, optionError("Route: the App is nil")
	}
	if r := a.route(name); r != nil {
		return *r, nil
	}
	switch {
	case slices.Contains(optionalRoutes, name):
		return Route{}, optionError(fmt.Sprintf("Route: %q needs an option of its own", name))
	case known(name):
		return Route{}, optionError(fmt.Sprintf("Route: the option Only leaves %q out", name))
	}
	return Route{}, optionError(fmt.Sprintf("Route: there is no route %q", name))
}

func (a *App) route(name RouteName) *Route {
	i := slices.IndexFunc(a.routes, func(r Route) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return &a.routes[i]
}

package core

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// Permissions returns a copy of the permissions that the account's roles grant, sorted. It
// is empty unless [SessionConfig].Permissions is on. Those of role
// contexts are not among them, see [Session.HasPermissionIn].
func (s *Session) Permissions() []string {
	if s == nil {
		return nil
	}
	return slices.Clone(s.permissions)
}

// HasPermission reports whether one of the account's roles grants a permission. Names are
// compared exactly. It is false unless [SessionConfig].Permissions is on.
func (s *Session) HasPermission(permission string) bool {
	if s == nil {
		return false
	}
	_, ok := slices.BinarySearch(s.permissions, permission)
	return ok
}

// ResolvesPermissions reports whether sessions of the client have permissions, by
// [SessionConfig].Permissions.
func (c *Client) ResolvesPermissions() bool { return c.cfg.Sessions.Permissions }

// ResolvesRoleContexts reports the same of [SessionConfig].RoleContexts.
func (c *Client) ResolvesRoleContexts() bool { return c.cfg.Sessions.RoleContexts }

// rolePermissions knows which permissions each role of the site grants. The definitions
// are asked for at most once per TTL, by one call that all who need them share.
type rolePermissions struct {
	mu      sync.Mutex
	byRole  map[string][]string
	asked   time.Time // for byRole; zero: ask again
	failed  time.Time // the last time that they could not be had
	err     error     // then
	running *definitionsCall
}

type definitionsCall struct {
	done     chan struct{}
	outdated bool // the definitions changed since it began; guarded by the lock
}

// definitionsPause is the pause after a call for the definitions that failed.
const definitionsPause = time.Second

// of returns the permissions of roles. An error means that they could not be asked for,
// and that no definitions within StaleIfError are known.
func (p *rolePermissions) of(ctx context.Context, c *Client, roles []string) ([]string, error) {
	if len(roles) == 0 {
		return nil, nil
	}
	for {
		byRole, call, err := p.known(c)
		if call == nil {
			return permissionsOf(byRole, roles), err
		}
		select {
		case <-call.done:
		case <-ctx.Done():
			return nil, unavailableSession("the permissions of the roles were not asked for in time", ctx.Err())
		}
	}
}

func permissionsOf(byRole map[string][]string, roles []string) []string {
	set := map[string]bool{}
	for _, role := range roles {
		for _, name := range byRole[role] {
			set[name] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// known returns the definitions, or the call to wait for.
func (p *rolePermissions) known(c *Client) (map[string][]string, *definitionsCall, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := c.cfg.Clock()
	age := now.Sub(p.asked)
	switch {
	case p.byRole != nil && age >= 0 && age < c.cfg.Sessions.TTL:
		return p.byRole, nil, nil
	case p.running != nil:
		return nil, p.running, nil
	case p.err == nil || now.Sub(p.failed) >= definitionsPause || now.Before(p.failed):
		call := &definitionsCall{done: make(chan struct{})}
		if !c.sessions.Go(func(ctx context.Context) { p.ask(ctx, c, call, now) }) {
			return nil, nil, unavailableSession("the client is closed", nil)
		}
		p.running = call
		return nil, call, nil
	case p.byRole != nil && age >= 0 && age < c.cfg.Sessions.StaleIfError:
		return p.byRole, nil, nil
	}
	return nil, nil, p.err
}

// ask makes a call for the definitions, apart from any request.
func (p *rolePermissions) ask(ctx context.Context, c *Client, call *definitionsCall, now time.Time) {
	var byRole map[string][]string
	err := error(unavailableSession("a panic ended the call", nil))
	func() {
		defer func() { _ = recover() }() // a transport of the application
		ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
		defer cancel()
		byRole, err = definedPermissions(ctx, c)
	}()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running, p.err = nil, err
	switch {
	case err != nil:
		p.failed = now
	case !call.outdated:
		p.byRole, p.asked = byRole, now
	}
	close(call.done)
}

func definedPermissions(ctx context.Context, c *Client) (map[string][]string, error) {
	definitions, err := c.Role.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	byRole := map[string][]string{}
	for _, d := range definitions {
		for name, granted := range d.Permissions {
			if granted {
				byRole[d.Name] = append(byRole[d.Name], name)
			}
		}
	}
	return byRole, nil
}

// forget has the definitions asked for again. An answer that is under way may be from
// before the change, and counts no more.
func (p *rolePermissions) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = time.Time{}
	if p.running != nil {
		p.running.outdated = true
	}
}

// grant adds to an answer what the roles of its session allow. again waits for the turn of
// another call, if that is not nil.
func (s *sessionCache) grant(ctx context.Context, a sessions.Answer[*Session], again func(context.Context) error) sessions.Answer[*Session] {
	if a.Outcome != sessions.Valid || !s.cfg.Permissions {
		return a
	}
	session := a.Session
	var err error
	if session.permissions, err = s.permissions.of(ctx, s.client, session.roles); err != nil {
		return unavailableAnswer(unavailableSession("the permissions of the roles could not be asked for", err), false)
	}
	if s.cfg.RoleContexts {
		if again != nil {
			err = again(ctx)
		}
		if err == nil {
			session.contexts, err = s.permissions.in(ctx, s.client, session.uid)
		}
		if err != nil {
			return unavailableAnswer(unavailableSession("the role contexts could not be asked for", err), false)
		}
	}
	a.Size = session.size()
	return a
}

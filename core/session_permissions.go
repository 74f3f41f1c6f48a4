package core

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
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
// are asked for at most once per TTL.
type rolePermissions struct {
	mu     sync.Mutex
	byRole map[string][]string
	asked  time.Time
}

// of returns the permissions of roles. An error means that they could not be asked for,
// and that no definitions within StaleIfError are known.
func (p *rolePermissions) of(c *Client, roles []string) ([]string, error) {
	if len(roles) == 0 {
		return nil, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock() // others wait for the one call
	now := time.Now()
	if p.byRole == nil || now.Sub(p.asked) >= c.cfg.Sessions.TTL {
		ctx, cancel := context.WithTimeout(context.Background(), c.cfg.Timeout)
		defer cancel()
		definitions, err := c.Role.Definitions(ctx)
		switch {
		case err == nil:
			p.byRole, p.asked = map[string][]string{}, now
			for _, d := range definitions {
				for name, granted := range d.Permissions {
					if granted {
						p.byRole[d.Name] = append(p.byRole[d.Name], name)
					}
				}
			}
		case p.byRole == nil || now.Sub(p.asked) >= c.cfg.Sessions.StaleIfError:
			return nil, err
		}
	}
	set := map[string]bool{}
	for _, role := range roles {
		for _, name := range p.byRole[role] {
			set[name] = true
		}
	}
	return slices.Sorted(maps.Keys(set)), nil
}

// forget has the definitions asked for again.
func (p *rolePermissions) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = time.Time{}
}

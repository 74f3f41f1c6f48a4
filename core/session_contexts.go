package core

import (
	"context"
	"errors"
	"slices"
	"time"
)

// contextPermissions are what an account may do within one role context.
type contextPermissions struct {
	name        string
	permissions []string  // of its roles and its own, sorted
	until       time.Time // zero: without end
}

// HasPermissionIn reports whether the account has a permission within a role context: by
// one of the context's roles, or as an additional permission of the context. Permissions
// that the account has everywhere do not count, and neither does a context that has ended.
// Names are compared exactly. It is false unless [SessionConfig].RoleContexts is on.
func (s *Session) HasPermissionIn(roleContext, permission string) bool {
	if s == nil {
		return false
	}
	for _, c := range s.contexts {
		if c.name == roleContext && (c.until.IsZero() || s.now().Before(c.until)) {
			if _, ok := slices.BinarySearch(c.permissions, permission); ok {
				return true
			}
		}
	}
	return false
}

// now is the time of the client that made the session.
func (s *Session) now() time.Time {
	if s.client == nil {
		return time.Now()
	}
	return s.client.cfg.Clock()
}

// in returns the permissions of an account within its role contexts.
func (p *rolePermissions) in(ctx context.Context, c *Client, uid string) ([]contextPermissions, error) {
	contexts, err := c.Role.ContextsByUID(ctx, uid)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	var out []contextPermissions
	for _, in := range contexts {
		granted, err := p.of(ctx, c, in.Roles)
		if err != nil {
			return nil, err
		}
		granted = append(granted, in.AdditionalPermissions...)
		slices.Sort(granted)
		out = append(out, contextPermissions{in.Context, slices.Compact(granted), in.Expiration.Time})
	}
	return out, nil
}

package core

import (
	"context"
	"time"
)

// RoleService holds the roles of accounts. Role names keep their case and are
// compared exactly.
type RoleService struct{ c *Client }

// RolesRequest is the input of [RoleService.Assign] and [RoleService.Unassign].
type RolesRequest struct {
	UID   string   `lr:"path,uid,required"`
	Roles []string `lr:"body,roles,required"`
}

// ByUID returns the roles of an account; the list may be empty.
//
// GET /identity/v2/manage/account/{uid}/role with API key and secret; a read.
// Sentinels: ErrUserNotFound.
func (s *RoleService) ByUID(ctx context.Context, uid string) (*Roles, error) {
	return do[Roles](ctx, s.c, opRoleByUID, uidOnly{uid})
}

// Assign adds roles to an account and returns the roles it has now. The account's
// cached sessions are forgotten, so that guards see the change at once.
//
// PUT /identity/v2/manage/account/{uid}/role with API key and secret. Sentinels:
// ErrRoleNotFound, ErrUserNotFound.
func (s *RoleService) Assign(ctx context.Context, in RolesRequest) (*Roles, error) {
	defer s.c.UncacheUser(in.UID)
	return do[Roles](ctx, s.c, opRoleAssign, in)
}

// Unassign takes roles from an account. The account's cached sessions are
// forgotten, so that guards see the change at once.
//
// DELETE /identity/v2/manage/account/{uid}/role with API key and secret. Sentinels:
// ErrRoleNotFound, ErrUserNotFound.
func (s *RoleService) Unassign(ctx context.Context, in RolesRequest) error {
	defer s.c.UncacheUser(in.UID)
	_, err := do[ackResponse](ctx, s.c, opRoleUnassign, in)
	return err
}

// Roles are the names of the roles of an account, with their case. An account
// without roles has an empty list.
type Roles struct{ Roles []string }

func (r *Roles) finish(operation, answer, time.Time) error { //nolint:unparam // it implements finisher
	if r.Roles == nil {
		r.Roles = []string{}
	}
	return nil
}

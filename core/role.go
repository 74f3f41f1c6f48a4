package core

import "context"

// RoleService holds the roles of accounts. Role names keep their case and are
// compared exactly.
type RoleService struct{ c *Client }

// RolesRequest is the input of [RoleService.Assign] and [RoleService.Unassign].
type RolesRequest struct {
	UID   string   `lr:"path,uid,required"`
	Roles []string `lr:"body,roles,required"`
}

// ByUID returns the roles of an account; none is an empty list.
//
// GET /identity/v2/manage/account/{uid}/role with API key and secret; a read.
// Sentinels: ErrUserNotFound.
func (s *RoleService) ByUID(ctx context.Context, uid string) (*Roles, error) {
	return do[Roles](ctx, s.c, opRolesByUID, uidOnly{uid})
}

var opRolesByUID = operation{name: "Role.ByUID", method: "GET", path: "/identity/v2/manage/account/{uid}/role", creds: apiKeySecret, read: true}

// Assign adds roles to an account and returns the roles it has now. The account's
// cached sessions are forgotten, so that guards see the change at once.
//
// PUT /identity/v2/manage/account/{uid}/role with API key and secret. Sentinels:
// ErrRoleNotFound, ErrUserNotFound.
func (s *RoleService) Assign(ctx context.Context, in RolesRequest) (*Roles, error) {
	defer s.c.ForgetUser(in.UID)
	return do[Roles](ctx, s.c, opAssignRoles, in)
}

var opAssignRoles = operation{name: "Role.Assign", method: "PUT", path: "/identity/v2/manage/account/{uid}/role", creds: apiKeySecret}

// Unassign takes roles from an account. The account's cached sessions are
// forgotten, so that guards see the change at once.
//
// DELETE /identity/v2/manage/account/{uid}/role with API key and secret. Sentinels:
// ErrRoleNotFound, ErrUserNotFound.
func (s *RoleService) Unassign(ctx context.Context, in RolesRequest) error {
	defer s.c.ForgetUser(in.UID)
	_, err := do[posted](ctx, s.c, opUnassignRoles, in)
	return err
}

var opUnassignRoles = operation{name: "Role.Unassign", method: "DELETE", path: "/identity/v2/manage/account/{uid}/role", creds: apiKeySecret}

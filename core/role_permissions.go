package core

import "context"

// A RoleDefinition is a role of the site with its permissions.
type RoleDefinition struct {
	Name        string          `json:"name"`
	Permissions map[string]bool `json:"permissions"` // by name, which is case-sensitive; false means not granted
}

// Definitions returns all roles of the site.
//
// GET /identity/v2/manage/role with API key and secret; a read.
func (s *RoleService) Definitions(ctx context.Context) ([]RoleDefinition, error) {
	return listed(do[listAnswer[RoleDefinition]](ctx, s.c, opRoleDefinitions, struct{}{}))
}

// Create defines roles and returns them. If one of them exists, none is created.
//
// POST /identity/v2/manage/role with API key and secret. Sentinels: ErrConflict,
// ErrValidation.
func (s *RoleService) Create(ctx context.Context, roles []RoleDefinition) ([]RoleDefinition, error) {
	defer s.c.sessions.permissions.forget()
	return listed(do[listAnswer[RoleDefinition]](ctx, s.c, opRoleCreate, struct {
		Roles []RoleDefinition `lr:"body,roles,required"`
	}{roles}))
}

// Delete deletes a role of the site, also from the accounts that have it. Cached sessions
// show it until they are checked again.
//
// DELETE /identity/v2/manage/role/{role} with API key and secret. Sentinels:
// ErrRoleNotFound.
func (s *RoleService) Delete(ctx context.Context, role string) error {
	defer s.c.sessions.permissions.forget()
	return acknowledged(do[ackResponse](ctx, s.c, opRoleDelete, struct {
		Role string `lr:"path,role,required"`
	}{role}))
}

// PermissionsRequest is the input of [RoleService.AddPermissions] and
// [RoleService.RemovePermissions].
type PermissionsRequest struct {
	Role        string   `lr:"path,role,required"`
	Permissions []string `lr:"body,permissions,required"`
}

// AddPermissions adds permissions to a role and returns the role.
//
// PUT /identity/v2/manage/role/{role}/permission with API key and secret. Sentinels:
// ErrRoleNotFound.
func (s *RoleService) AddPermissions(ctx context.Context, in PermissionsRequest) (*RoleDefinition, error) {
	defer s.c.sessions.permissions.forget()
	return do[RoleDefinition](ctx, s.c, opRoleAddPermissions, in)
}

// RemovePermissions removes permissions from a role and returns the role.
//
// DELETE /identity/v2/manage/role/{role}/permission with API key and secret. Sentinels:
// ErrRoleNotFound.
func (s *RoleService) RemovePermissions(ctx context.Context, in PermissionsRequest) (*RoleDefinition, error) {
	defer s.c.sessions.permissions.forget()
	return do[RoleDefinition](ctx, s.c, opRoleRemovePermissions, in)
}

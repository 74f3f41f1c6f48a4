package core

import "context"

// A RoleContext gives an account roles and permissions in one context, such as a shop or
// a tenant. They do not count outside of it. Contexts are in no profile and no token.
type RoleContext struct {
	Context               string
	Roles                 []string
	AdditionalPermissions []string
	// Expiration is when the context ends. Zero means never. It is sent to the second.
	Expiration Time
}

// wire returns the context with the keys and the date format of the service.
func (r RoleContext) wire() any {
	out := map[string]any{"context": r.Context, "roles": r.Roles}
	if len(r.AdditionalPermissions) > 0 {
		out["additionalpermissions"] = r.AdditionalPermissions
	}
	if !r.Expiration.IsZero() {
		out["expiration"] = r.Expiration.UTC().Format("1/2/2006 3:04:05 PM")
	}
	return out
}

// ContextsByUID returns the role contexts of an account; the list may be empty.
//
// GET /identity/v2/manage/account/{uid}/rolecontext with API key and secret; a read.
// Sentinels: ErrUserNotFound.
func (s *RoleService) ContextsByUID(ctx context.Context, uid string) ([]RoleContext, error) {
	return listed(do[listAnswer[RoleContext]](ctx, s.c, opRoleContextsByUID, uidOnly{uid}))
}

// RoleContextsRequest is the input of [RoleService.SetContexts].
type RoleContextsRequest struct {
	UID      string        `lr:"path,uid,required"`
	Contexts []RoleContext `lr:"body,rolecontext,required"`
}

// SetContexts adds role contexts to an account, replaces those of the same names, and
// returns all of them.
//
// PUT /identity/v2/manage/account/{uid}/rolecontext with API key and secret. Sentinels:
// ErrRoleNotFound, ErrUserNotFound, ErrValidation (the expiration).
func (s *RoleService) SetContexts(ctx context.Context, in RoleContextsRequest) ([]RoleContext, error) {
	defer s.c.UncacheUser(in.UID)
	return listed(do[listAnswer[RoleContext]](ctx, s.c, opRoleSetContexts, in))
}

// RoleContextRequest is the input of [RoleService.DeleteContext].
type RoleContextRequest struct {
	UID     string `lr:"path,uid,required"`
	Context string `lr:"path,context_name,required"`
}

// DeleteContext removes a role context from an account.
//
// DELETE /identity/v2/manage/account/{uid}/rolecontext/{context_name} with API key and
// secret. Sentinels: ErrNotFound, ErrUserNotFound.
func (s *RoleService) DeleteContext(ctx context.Context, in RoleContextRequest) error {
	defer s.c.UncacheUser(in.UID)
	return acknowledged(do[ackResponse](ctx, s.c, opRoleDeleteContext, in))
}

// ContextRolesRequest is the input of [RoleService.RemoveContextRoles].
type ContextRolesRequest struct {
	UID     string   `lr:"path,uid,required"`
	Context string   `lr:"path,context_name,required"`
	Roles   []string `lr:"body,roles,required"`
}

// RemoveContextRoles removes roles from a role context of an account.
//
// DELETE /identity/v2/manage/account/{uid}/rolecontext/{context_name}/role with API key
// and secret. Sentinels: ErrNotFound, ErrRoleNotFound, ErrUserNotFound.
func (s *RoleService) RemoveContextRoles(ctx context.Context, in ContextRolesRequest) error {
	defer s.c.UncacheUser(in.UID)
	return acknowledged(do[ackResponse](ctx, s.c, opRoleRemoveContextRoles, in))
}

// ContextPermissionsRequest is the input of [RoleService.RemoveContextPermissions].
type ContextPermissionsRequest struct {
	UID         string   `lr:"path,uid,required"`
	Context     string   `lr:"path,context_name,required"`
	Permissions []string `lr:"body,additionalpermissions,required"`
}

// RemoveContextPermissions removes additional permissions from a role context of an
// account.
//
// DELETE /identity/v2/manage/account/{uid}/rolecontext/{context_name}/additionalpermission
// with API key and secret. Sentinels: ErrNotFound, ErrUserNotFound.
func (s *RoleService) RemoveContextPermissions(ctx context.Context, in ContextPermissionsRequest) error {
	defer s.c.UncacheUser(in.UID)
	return acknowledged(do[ackResponse](ctx, s.c, opRoleRemoveContextPermissions, in))
}

// A RoleContextMember is an account that has a role context.
type RoleContextMember struct {
	UID           string `json:"Uid"`
	FullName      string
	Email         []Email
	ImageURL      string `json:"ImageUrl"`
	LastLoginDate Time
	RoleContext   RoleContext // without its name
}

// ContextMembers returns the accounts that have a role context; the list may be empty.
//
// GET /identity/v2/manage/account/rolecontext/{context_name} with API key and secret; a
// read. Sentinels: ErrNotFound.
func (s *RoleService) ContextMembers(ctx context.Context, contextName string) ([]RoleContextMember, error) {
	return listed(do[listAnswer[RoleContextMember]](ctx, s.c, opRoleContextMembers, struct {
		Context string `lr:"path,context_name,required"`
	}{contextName}))
}

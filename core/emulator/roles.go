package emulator

import (
	"maps"
	"net/http"
	"slices"

	"github.com/loginradius-contrib/go-middleware/core"
)

// maxName is the longest name of a role or a permission.
const maxName = 256

// permissions are the permissions of a role by name. A role can be created with false
// for a permission that it does not have.
type permissions map[string]bool

// roles are the roles of the site; an account lists the names of those it holds.
type roles struct {
	*Emulator
	defined map[string]permissions
}

func newRoles(e *Emulator) *roles {
	r := &roles{e, map[string]permissions{}}
	for _, name := range slices.Concat(e.opt.roles, e.opt.defaultRoles) {
		r.define(name)
	}
	return r
}

func (r *roles) rolesRoutes() []route {
	const path = "identity/v2/manage/role"
	return []route{
		uidRoute("get_roles_by_uid", "GET", managePath+"/{uid}/role", r.rolesOf),
		uidRoute("assign_roles_by_uid", "PUT", managePath+"/{uid}/role", r.assignRoles),
		uidRoute("unassign_roles_by_uid", "DELETE", managePath+"/{uid}/role", r.unassignRoles),
		manageRoute("get_roles_list", "GET", path, r.siteRoles),
		manageRoute("create_roles", "POST", path, r.createRoles),
		manageRoute("delete_role", "DELETE", path+"/{role}", r.deleteRole),
		manageRoute("add_role_permissions", "PUT", path+"/{role}/permission", r.addPermissions),
		manageRoute("remove_role_permissions", "DELETE", path+"/{role}/permission", r.removePermissions),
	}
}

// define adds a role without permissions, unless the site has it.
func (r *roles) define(name string) {
	if r.defined[name] == nil {
		r.defined[name] = permissions{}
	}
}

func (r *roles) rolesOf(_ *call, a *account) (int, any) {
	return http.StatusOK, map[string]any{"Roles": append([]string{}, a.roles...)}
}

// namedRoles returns the roles that a body lists, if the site has them all.
func (r *roles) namedRoles(c *call) ([]string, *problem) {
	roles := c.list("roles")
	if len(roles) == 0 {
		return nil, refuse(badBodyCode(c.r.Method))
	}
	for _, name := range roles {
		if r.defined[name] == nil {
			return nil, refuse(core.CodeRoleNotFound)
		}
	}
	return roles, nil
}

func (r *roles) assignRoles(c *call, a *account) (int, any) {
	roles, p := r.namedRoles(c)
	if p != nil {
		return p.answer(c)
	}
	for _, name := range roles {
		if !slices.Contains(a.roles, name) {
			a.roles = append(a.roles, name)
		}
	}
	r.fire("AssignRoles", a)
	return r.rolesOf(c, a)
}

func (r *roles) unassignRoles(c *call, a *account) (int, any) {
	roles, p := r.namedRoles(c)
	if p != nil {
		return p.answer(c)
	}
	a.roles = slices.DeleteFunc(a.roles, func(held string) bool { return slices.Contains(roles, held) })
	r.fire("UnassignRoles", a)
	return deleted()
}

// Definitions of roles. This family answers "data" in lower case.

func (r *roles) siteRoles(*call, *account) (int, any) {
	return r.roleList(slices.Sorted(maps.Keys(r.defined)))
}

func (r *roles) roleList(names []string) (int, any) {
	list := []any{}
	for _, name := range names {
		list = append(list, r.roleNamed(name))
	}
	return http.StatusOK, map[string]any{"data": list, "Count": len(list)}
}

func (r *roles) roleNamed(name string) map[string]any {
	return map[string]any{"Name": name, "Permissions": maps.Clone(r.defined[name])}
}

func (r *roles) createRoles(c *call, _ *account) (int, any) {
	items, _ := c.body["roles"].([]any)
	created := map[string]permissions{}
	for _, item := range items {
		m := fold(item)
		name, _ := m["name"].(string)
		given, _ := m["permissions"].(map[string]any)
		if name == "" || len(name) > maxName || r.defined[name] != nil || created[name] != nil || len(given) > r.opt.max.roles {
			return fail(c, core.CodeRoleNameInvalid)
		}
		created[name] = permissions{}
		for p, on := range given {
			created[name][p], _ = on.(bool)
		}
	}
	switch {
	case len(created) == 0:
		return fail(c, core.CodePostBodyInvalid)
	case len(r.defined)+len(created) > r.opt.max.roles:
		return fail(c, core.CodeUnknownFailure)
	}
	maps.Copy(r.defined, created)
	return r.roleList(slices.Sorted(maps.Keys(created)))
}

// deleteRole also removes the role from all users.
func (r *roles) deleteRole(c *call, _ *account) (int, any) {
	name := c.args["role"]
	if r.defined[name] == nil {
		return fail(c, core.CodeRoleNotFound)
	}
	delete(r.defined, name)
	for _, a := range r.accounts.uids {
		a.roles = slices.DeleteFunc(a.roles, func(held string) bool { return held == name })
		for _, x := range a.contexts {
			x.roles = slices.DeleteFunc(x.roles, func(held string) bool { return held == name })
		}
	}
	return deleted()
}

func (r *roles) addPermissions(c *call, _ *account) (int, any) {
	return r.changePermissions(c, func(role permissions, p string) { role[p] = true })
}

func (r *roles) removePermissions(c *call, _ *account) (int, any) {
	return r.changePermissions(c, func(role permissions, p string) { delete(role, p) })
}

func (r *roles) changePermissions(c *call, change func(permissions, string)) (int, any) {
	role := r.defined[c.args["role"]]
	list := c.list("permissions")
	switch {
	case role == nil:
		return fail(c, core.CodeRoleNotFound)
	case len(list) == 0:
		return fail(c, badBodyCode(c.r.Method))
	}
	role = maps.Clone(role)
	for _, p := range list {
		change(role, p[:min(len(p), maxName)])
	}
	if len(role) > r.opt.max.roles {
		return fail(c, core.CodeUnknownFailure)
	}
	r.defined[c.args["role"]] = role
	return http.StatusOK, r.roleNamed(c.args["role"])
}

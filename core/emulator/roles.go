package emulator

import (
	"maps"
	"net/http"
	"slices"

	"github.com/loginradius-contrib/go-middleware/core"
)

// maxName is the longest name of a role or a permission.
const maxName = 256

// permissions of a role. The service keeps a bool with each name; false is what a
// role was created with and does not have.
type permissions map[string]bool

func (e *Emulator) rolesOf(_ *call, a *account) (int, any) {
	return http.StatusOK, map[string]any{"Roles": append([]string{}, a.roles...)}
}

// namedRoles returns the roles that a body lists, if the site has them all.
func (e *Emulator) namedRoles(c *call) ([]string, *problem) {
	roles := c.list("roles")
	if len(roles) == 0 {
		return nil, refuse(badBodyCode(c.r.Method))
	}
	for _, r := range roles {
		if e.roles[r] == nil {
			return nil, refuse(core.CodeRoleNotFound)
		}
	}
	return roles, nil
}

func (e *Emulator) assignRoles(c *call, a *account) (int, any) {
	roles, p := e.namedRoles(c)
	if p != nil {
		return p.answer(c)
	}
	for _, r := range roles {
		if !slices.Contains(a.roles, r) {
			a.roles = append(a.roles, r)
		}
	}
	return e.rolesOf(c, a)
}

func (e *Emulator) unassignRoles(c *call, a *account) (int, any) {
	roles, p := e.namedRoles(c)
	if p != nil {
		return p.answer(c)
	}
	a.roles = slices.DeleteFunc(a.roles, func(r string) bool { return slices.Contains(roles, r) })
	return deleted()
}

// The site's own roles; this family answers with "data" in lower case.

func (e *Emulator) siteRoles(*call, *account) (int, any) {
	return e.roleList(slices.Sorted(maps.Keys(e.roles)))
}

func (e *Emulator) roleList(names []string) (int, any) {
	list := []any{}
	for _, name := range names {
		list = append(list, e.roleNamed(name))
	}
	return http.StatusOK, map[string]any{"data": list, "Count": len(list)}
}

func (e *Emulator) roleNamed(name string) map[string]any {
	return map[string]any{"Name": name, "Permissions": maps.Clone(e.roles[name])}
}

func (e *Emulator) createRoles(c *call, _ *account) (int, any) {
	items, _ := c.body["roles"].([]any)
	created := map[string]permissions{}
	for _, item := range items {
		m := fold(item)
		name, _ := m["name"].(string)
		given, _ := m["permissions"].(map[string]any)
		if name == "" || len(name) > maxName || e.roles[name] != nil || created[name] != nil || len(given) > e.opt.max.roles {
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
	case len(e.roles)+len(created) > e.opt.max.roles:
		return fail(c, core.CodeUnknownFailure)
	}
	maps.Copy(e.roles, created)
	return e.roleList(slices.Sorted(maps.Keys(created)))
}

// deleteRole takes the role from everybody, too.
func (e *Emulator) deleteRole(c *call, _ *account) (int, any) {
	name := c.args["role"]
	if e.roles[name] == nil {
		return fail(c, core.CodeRoleNotFound)
	}
	delete(e.roles, name)
	for _, a := range e.accounts.uids {
		a.roles = slices.DeleteFunc(a.roles, func(r string) bool { return r == name })
	}
	return deleted()
}

func (e *Emulator) addPermissions(c *call, _ *account) (int, any) {
	return e.changePermissions(c, func(role permissions, p string) { role[p] = true })
}

func (e *Emulator) removePermissions(c *call, _ *account) (int, any) {
	return e.changePermissions(c, func(role permissions, p string) { delete(role, p) })
}

func (e *Emulator) changePermissions(c *call, change func(permissions, string)) (int, any) {
	role := e.roles[c.args["role"]]
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
	if len(role) > e.opt.max.roles {
		return fail(c, core.CodeUnknownFailure)
	}
	e.roles[c.args["role"]] = role
	return http.StatusOK, e.roleNamed(c.args["role"])
}

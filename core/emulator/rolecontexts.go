package emulator

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A roleContext is what an account may do in one context, such as a shop: roles and
// permissions of their own, until they expire.
type roleContext struct {
	name        string
	roles       []string
	permissions []string
	expires     time.Time // zero for never
}

func (r *roles) contextRoutes() []route {
	const path = managePath + "/{uid}/rolecontext"
	return []route{
		uidRoute("get_role_context_by_uid", "GET", path, r.contextsOf),
		uidRoute("update_role_context_by_uid", "PUT", path, r.setContexts),
		uidRoute("delete_role_context_by_uid", "DELETE", path+"/{context}", r.removeContext),
		uidRoute("delete_roles_from_role_context_by_uid", "DELETE", path+"/{context}/role", r.removeContextRoles),
		uidRoute("delete_additional_permission_from_role_context_by_uid", "DELETE", path+"/{context}/additionalpermission", r.removeContextPermissions),
		manageRoute("get_role_context_by_context_name", "GET", managePath+"/rolecontext/{context}", r.contextMembers),
	}
}

// live drops the contexts of an account that have expired, and returns the others.
func (r *roles) live(a *account) []*roleContext {
	a.contexts = slices.DeleteFunc(a.contexts, func(x *roleContext) bool { return !x.expires.IsZero() && !r.now().Before(x.expires) })
	return a.contexts
}

func (r *roles) contextView(x *roleContext) map[string]any {
	return map[string]any{
		"Context": x.name, "Roles": append([]string{}, x.roles...), "AdditionalPermissions": append([]string{}, x.permissions...),
		"Expiration": r.date(x.expires),
	}
}

func (r *roles) contextsOf(_ *call, a *account) (int, any) {
	list := []any{}
	for _, x := range r.live(a) {
		list = append(list, r.contextView(x))
	}
	return http.StatusOK, map[string]any{"Data": list}
}

// setContexts replaces the contexts that the body names, and keeps the others.
func (r *roles) setContexts(c *call, a *account) (int, any) {
	items, _ := c.body["rolecontext"].([]any)
	if len(items) == 0 {
		return missing("rolecontext").answer(c)
	}
	var given []*roleContext
	for _, item := range items {
		x, p := r.readContext(fold(item))
		if p != nil {
			return p.answer(c)
		}
		given = append(given, x)
	}
	contexts := slices.Clone(r.live(a))
	for _, x := range given {
		if i := slices.IndexFunc(contexts, func(old *roleContext) bool { return old.name == x.name }); i >= 0 {
			contexts[i] = x
		} else {
			contexts = append(contexts, x)
		}
	}
	if len(contexts) > r.opt.max.roles {
		return fail(c, core.CodeUnknownFailure)
	}
	a.contexts = contexts
	return r.contextsOf(c, a)
}

// expiryLayout is the one form that the service takes.
const expiryLayout = "1/2/2006 3:4:5 PM"

func (r *roles) readContext(m map[string]any) (*roleContext, *problem) {
	x := &roleContext{roles: textList(m["roles"]), permissions: textList(m["additionalpermissions"])}
	x.name, _ = m["context"].(string)
	switch {
	case x.name == "" || len(x.name) > maxName:
		return nil, missing("context")
	case len(x.roles) == 0:
		return nil, missing("roles")
	}
	for _, name := range x.roles {
		if r.defined[name] == nil {
			return nil, refuse(core.CodeRoleNotFound)
		}
	}
	if expiration, _ := m["expiration"].(string); expiration != "" {
		var err error
		if x.expires, err = time.Parse(expiryLayout, expiration); err != nil || !r.now().Before(x.expires) {
			return nil, refuse(core.CodeInvalidDate)
		}
	}
	return x, nil
}

// context finds the context of an account that the path names.
func (r *roles) context(c *call, a *account) (*roleContext, *problem) {
	i := slices.IndexFunc(r.live(a), func(x *roleContext) bool { return x.name == c.args["context"] })
	if i < 0 {
		return nil, refuse(core.CodeRoleContextNameNotValid)
	}
	return a.contexts[i], nil
}

func (r *roles) removeContext(c *call, a *account) (int, any) {
	x, p := r.context(c, a)
	if p != nil {
		return p.answer(c)
	}
	a.contexts = slices.DeleteFunc(a.contexts, func(other *roleContext) bool { return other == x })
	r.fire("RemoveRoleContext", a)
	return deleted()
}

func (r *roles) removeContextRoles(c *call, a *account) (int, any) {
	x, p := r.context(c, a)
	if p == nil && len(c.list("roles")) == 0 {
		p = missing("roles")
	}
	if p != nil {
		return p.answer(c)
	}
	for _, name := range c.list("roles") {
		if r.defined[name] == nil {
			return fail(c, core.CodeRoleNotFound)
		}
	}
	x.roles = slices.DeleteFunc(x.roles, func(held string) bool { return slices.Contains(c.list("roles"), held) })
	return deleted()
}

func (r *roles) removeContextPermissions(c *call, a *account) (int, any) {
	x, p := r.context(c, a)
	given := c.list("additionalpermissions")
	if p == nil && len(given) == 0 {
		p = missing("additionalpermissions")
	}
	if p != nil {
		return p.answer(c)
	}
	for _, name := range given {
		if !slices.Contains(x.permissions, name) {
			return fail(c, core.CodeAdditionalPermissionDoesNotExist)
		}
	}
	x.permissions = slices.DeleteFunc(x.permissions, func(held string) bool { return slices.Contains(given, held) })
	return deleted()
}

// contextMembers lists the accounts that have a context.
func (r *roles) contextMembers(c *call, _ *account) (int, any) {
	list := []any{}
	for _, uid := range slices.Sorted(maps.Keys(r.accounts.uids)) {
		a := r.accounts.byUID(uid)
		x, p := r.context(c, a)
		if p != nil {
			continue
		}
		profile := r.wholeProfile(a)
		view := r.contextView(x)
		delete(view, "Context")
		list = append(list, map[string]any{
			"Uid": a.uid, "Email": profile["Email"], "FullName": profile["FullName"], "ImageUrl": profile["ImageUrl"],
			"LastLoginDate": profile["LastLoginDate"], "RoleContext": view,
		})
	}
	if len(list) == 0 {
		return fail(c, core.CodeRoleContextNameNotValid)
	}
	return http.StatusOK, map[string]any{"Data": list}
}

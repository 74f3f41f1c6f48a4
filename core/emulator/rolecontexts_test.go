package emulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

func TestRoleContexts(t *testing.T) {
	s := newSubscriber(t)
	a := newAPI(t, emulator.WithRoles("manager", "clerk"), emulator.WithFrozenClock(noon), emulator.WithWebhook(s.URL, "RemoveRoleContext"))
	uid := a.add(ada)
	path := manage + "/" + uid + "/rolecontext"
	set := func(context, more string) string {
		return `{"rolecontext":[{"context":"` + context + `"` + more + `}]}`
	}
	if r := a.ok("GET "+path, ""); r.raw != `{"Data":[]}`+"\n" {
		t.Errorf("none: %s", r.raw)
	}
	a.ok("PUT "+path, set("shop 1/a", `,"roles":["manager","clerk"],"additionalpermissions":["read","Write"],"expiration":"03/01/2026 1:00:00 PM"`))
	r := a.ok("PUT "+path, set("shop 2", `,"roles":["clerk"]`))
	want := "[map[AdditionalPermissions:[read Write] Context:shop 1/a Expiration:2026-03-01T13:00:00.000Z Roles:[manager clerk]] map[AdditionalPermissions:[] Context:shop 2 Expiration:<nil> Roles:[clerk]]]"
	if got := fmt.Sprint(r.body["Data"]); got != want {
		t.Errorf("contexts: %s", got)
	}
	members := a.ok("GET "+manage+"/rolecontext/shop%201%2Fa", "")
	if got := fmt.Sprint(members.body["Data"].([]any)[0].(map[string]any)["RoleContext"]); got != "map[AdditionalPermissions:[read Write] Expiration:2026-03-01T13:00:00.000Z Roles:[manager clerk]]" {
		t.Errorf("members: %s", members.raw)
	}
	a.ok("DELETE "+path+"/shop%201%2Fa/role", `{"roles":["manager"]}`)
	a.ok("DELETE "+path+"/shop%201%2Fa/additionalpermission", `{"additionalPermissions":["read"]}`)
	a.refused(1142, "DELETE "+path+"/shop%201%2Fa/additionalpermission", `{"additionalpermissions":["write"]}`)
	if got := fmt.Sprint(a.ok("GET "+path, "").body["Data"].([]any)[0]); got != "map[AdditionalPermissions:[Write] Context:shop 1/a Expiration:2026-03-01T13:00:00.000Z Roles:[clerk]]" {
		t.Errorf("after removals: %s", got)
	}

	a.lacks("rolecontext", "PUT "+path, `{}`)
	a.lacks("context", "PUT "+path, set("", `,"roles":["clerk"]`))
	a.lacks("roles", "PUT "+path, set("shop 3", `,"roles":[]`))
	a.lacks("roles", "DELETE "+path+"/shop%202/role", `{}`)
	a.lacks("additionalpermissions", "DELETE "+path+"/shop%202/additionalpermission", `{}`)
	a.refused(1047, "PUT "+path, set("shop 3", `,"roles":["boss"]`))
	a.refused(1047, "DELETE "+path+"/shop%202/role", `{"roles":["boss"]}`)
	for _, bad := range []string{"2030-01-31T10:00:00Z", "01/31/2030", "01/31/2020 1:00:00 PM"} {
		a.refused(1172, "PUT "+path, set("shop 3", `,"roles":["clerk"],"expiration":"`+bad+`"`))
	}
	a.refused(1133, "DELETE "+path+"/shop%203", "")
	a.refused(1133, "GET "+manage+"/rolecontext/shop%203", "")

	a.Advance(time.Hour) // the first one expires
	a.refused(1133, "DELETE "+path+"/shop%201%2Fa", "")
	a.ok("DELETE /identity/v2/manage/role/clerk", "")
	if got := fmt.Sprint(a.ok("GET "+path, "").body["Data"]); got != "[map[AdditionalPermissions:[] Context:shop 2 Expiration:<nil> Roles:[]]]" {
		t.Errorf("after the end of a role: %s", got)
	}
	a.ok("DELETE "+path+"/shop%202", "")
	if got := fmt.Sprint(s.names(a)); got != "[removerolecontext]" {
		t.Errorf("events: %s", got)
	}
}

func TestDefaultRoles(t *testing.T) {
	a := newAPI(t, emulator.WithDefaultRoles("member"), emulator.WithEmailWorkflow(emulator.Optional))
	r := a.registering().ok(doRegister, `{"Email":[{"Type":"Primary","Value":"ada@example.com"}],"Password":"`+adaPassword+`","Roles":["admin"]}`)
	if got := fmt.Sprint(r.object("Data")["Profile"].(map[string]any)["Roles"]); got != "[member]" {
		t.Errorf("roles: %s", got)
	}
	a.ok("PUT "+manage+"/"+a.add(emulator.User{Email: "bob@example.com"})+"/role", `{"roles":["member"]}`)
}

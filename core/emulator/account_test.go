package emulator_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// AddUser says which field is wrong, and makes nothing then.
func TestAddUser(t *testing.T) {
	a := newAPI(t)
	a.add(ada)
	for want, user := range map[string]emulator.User{
		"needs an Email": {Password: "x"},
		"User.Email":     {Email: "ADA@example.com", Username: "new"},
		"User.Username":  {Username: "ADA"},
		"User.Phone":     {Phone: ada.Phone},
	} {
		if uid, err := a.AddUser(user); err == nil || !strings.Contains(err.Error(), want) || uid != "" {
			t.Errorf("%+v: %q %v", user, uid, err)
		}
	}
	a.refused(938, "GET "+manage+"?username=new", "")
	uid := a.add(emulator.User{Email: "b@example.com", Blocked: true, Roles: []string{"new role"}, CustomFields: map[string]string{"plan": "gold"}})
	p := a.ok("GET "+manage+"?email=B@EXAMPLE.com", "")
	if p.text("Uid") != uid || p.body["IsActive"] != false || p.object("CustomFields")["plan"] != "gold" || !reflect.DeepEqual(p.body["Roles"], []any{"new role"}) {
		t.Errorf("profile %s", p.raw)
	}
	if _, _, err := a.IssueTokens("unknown"); err == nil || !strings.Contains(err.Error(), `"unknown"`) {
		t.Errorf("tokens for an unknown uid: %v", err)
	}
}

// Registration bodies that are refused, one rule each.
func TestRegistrationRules(t *testing.T) {
	a := newAPI(t)
	a.add(ada)
	sott := a.ok("GET "+manage+"/sott", "").text("Sott")
	const line = "POST /identity/v2/auth/register"
	email := func(items, rest string) string { return `{"Email":[` + items + `],"Password":"Passw0rd!"` + rest + `}` }
	fresh := `{"Type":"Primary","Value":"new@example.com"}`
	for body, code := range map[string]int{
		email(`{"Type":"Primary","Value":"ADA@example.com"}`, ""):             936,
		email(fresh, `,"PhoneId":"`+ada.Phone+`"`):                            1058,
		email(fresh, `,"UserName":"ADA"`):                                     1017,
		email(fresh, `,"UserName":"has space"`):                               1204,
		email(fresh, `,"UserName":"`+strings.Repeat("x", 33)+`"`):             1204,
		email(`{"Type":"Primary","Value":"no address"}`, ""):                  1038,
		email(`{"Value":"new@example.com"}`, ""):                              1201,
		email(fresh+","+`{"Type":"Work","Value":"NEW@example.com"}`, ""):      1202,
		email(fresh+","+`{"Type":"primary","Value":"other@example.com"}`, ""): 1203,
		`{}`: 1134, `{"Password":"Passw0rd!"}`: 1134, `{"Email":[` + fresh + `]}`: 1134,
	} {
		a.with("X-LoginRadius-Sott", sott).refused(code, line, body)
	}
	a.refused(938, "GET "+manage+"?email=new@example.com", "") // nothing was made
	if n := len(a.Mailbox()); n != 0 {
		t.Errorf("%d mails", n)
	}
	// The query works where the header cannot be set. E-mail is not all there is.
	a.ok(line+"?sott="+strings.NewReplacer("+", "%2B", "/", "%2F").Replace(sott), email(fresh, `,"IsActive":false,"EmailVerified":true,"Roles":["admin"]`))
	p := a.ok("GET "+manage+"?email=new@example.com", "")
	if p.body["IsActive"] != true || p.body["EmailVerified"] != false || p.body["Roles"] != nil {
		t.Errorf("a user set what only management may: %s", p.raw)
	}
	a.with("X-LoginRadius-Sott", sott).ok(line, `{"UserName":"Solo","Password":"Passw0rd!"}`)
	if p := a.ok("GET "+manage+"?username=solo", ""); p.text("UserName") != "solo" || p.body["Email"] != nil {
		t.Errorf("a name alone: %s", p.raw)
	}
}

// Updates merge; what users may not set is ignored.
func TestProfileUpdates(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	own := func(query, body string) map[string]any {
		t.Helper()
		return a.as(access).ok("PUT /identity/v2/auth/account"+query, body).object("Data")
	}
	p := own("", `{"lastname":"Lovelace","City":"London","CustomFields":{"a":"1","b":"2"},"IsActive":false,"EmailVerified":false,"Roles":["admin"],"Uid":"x","Provider":"x","Password":"x"}`)
	if p["FirstName"] != "Ada" || p["LastName"] != "Lovelace" || p["FullName"] != "Ada Lovelace" || p["Uid"] != uid || p["IsActive"] != true || p["EmailVerified"] != true || p["Roles"] != nil || p["Provider"] != "Email" {
		t.Errorf("merged: %v", p)
	}
	if p = own("", `{"City":null,"CustomFields":{"a":null,"b":"3"}}`); p["City"] != "London" || !reflect.DeepEqual(p["CustomFields"], map[string]any{"a": "1", "b": "3"}) {
		t.Errorf("nulls without nullsupport: %v %v", p["City"], p["CustomFields"])
	}
	if p = own("?nullSupport=True", `{"City":null,"CustomFields":{"a":null}}`); p["City"] != nil || !reflect.DeepEqual(p["CustomFields"], map[string]any{"b": "3"}) {
		t.Errorf("nulls: %v %v", p["City"], p["CustomFields"])
	}
	own("", `{"Addresses":[{"City":"London"},{"City":"Paris"}]}`)
	if p = own("", `{"Addresses":[{"op":"delete","city":"London"},{"City":"Rome"}]}`); !reflect.DeepEqual(p["Addresses"], []any{map[string]any{"City": "Paris"}, map[string]any{"City": "Rome"}}) {
		t.Errorf("list: %v", p["Addresses"])
	}
	if p = own("?fields=uid,email/value,Addresses(City)", `{}`); !reflect.DeepEqual(p, map[string]any{
		"Uid": uid, "Email": []any{map[string]any{"Value": adaEmail}}, "Addresses": []any{map[string]any{"City": "Paris"}, map[string]any{"City": "Rome"}},
	}) {
		t.Errorf("fields: %v", p)
	}
	a.add(emulator.User{Username: "bob", Phone: "+1 555 000 0002"})
	a.as(access).refused(1017, "PUT /identity/v2/auth/username", `{"username":"BOB"}`)
	a.as(access).refused(1058, "PUT /identity/v2/auth/account", `{"PhoneId":"15550000002","City":"Oslo"}`)
	a.as(access).ok("PUT /identity/v2/auth/username", `{"username":"Countess"}`)
	if p := a.ok("GET "+manage+"?username=countess", ""); p.text("Uid") != uid || p.body["City"] != nil {
		t.Errorf("renamed: %v %v", p.text("Uid"), p.body["City"])
	}
	a.refused(938, "GET "+manage+"?username=ada", "")
	own("", `{"PhoneId":"+15550000003"}`)
	a.refused(1066, doLogin, `{"phone":"+15550000003","password":"`+adaPassword+`"}`) // a new number is not verified
	a.ok("PUT "+manage+"/"+uid, `{"PhoneIdVerified":true}`)
	a.ok(doLogin, `{"phone":"+15550000003","password":"`+adaPassword+`"}`)
	if got := a.ok("PUT "+manage+"/"+uid, `{"Password":"another one"}`); !strings.HasPrefix(got.text("Password"), "$2a$") {
		t.Errorf("management shows the password as %q", got.text("Password"))
	}
	a.ok(doLogin, loginBody("another one"))
}

func TestRemoveEmail(t *testing.T) {
	a := newAPI(t)
	uid := a.ok("POST "+manage, `{"Email":[{"Type":"Primary","Value":"p@example.com"},{"Type":"Work","Value":"w@example.com"}],"Password":"Passw0rd!"}`).text("Uid")
	line := "DELETE " + manage + "/" + uid + "/email"
	link := a.ok("POST "+manage+"/verify/token", `{"email":"p@example.com"}`).text("VerificationToken")
	a.refused(1340, line, `{"email":"foreign@example.com"}`)
	if got := a.ok(line, `{"email":"P@example.com"}`); !reflect.DeepEqual(got.body["Email"], []any{map[string]any{"Type": "Work", "Value": "w@example.com"}}) {
		t.Errorf("removed: %v", got.body["Email"])
	}
	a.refused(1005, line, `{"email":"w@example.com"}`)
	a.refused(938, "GET "+manage+"?email=p@example.com", "")
	a.refused(973, doVerify+link, "") // a link to an address that is gone proves nothing
}

func TestRoles(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	const site = " /identity/v2/manage/role"
	got := a.ok("POST"+site, `{"roles":[{"name":"editor","permissions":{"write":true,"publish":false}}]}`)
	if want := `{"Count":1,"data":[{"Name":"editor","Permissions":{"publish":false,"write":true}}]}`; strings.TrimSpace(got.raw) != want {
		t.Errorf("created: %s", got.raw)
	}
	a.refused(1175, "POST"+site, `{"roles":[{"name":"editor"}]}`)
	a.refused(1175, "POST"+site, `{"roles":[{"name":"x"},{"name":"x"}]}`)
	if got := a.ok("PUT"+site+"/editor/permission", `{"permissions":["publish"]}`); got.object("Permissions")["publish"] != true {
		t.Errorf("permission: %s", got.raw)
	}
	if got := a.ok("DELETE"+site+"/editor/permission", `{"permissions":["write"]}`); len(got.object("Permissions")) != 1 {
		t.Errorf("permission: %s", got.raw)
	}
	role := " " + manage + "/" + uid + "/role"
	if got := a.ok("GET"+role, ""); strings.TrimSpace(got.raw) != `{"Roles":[]}` {
		t.Errorf("none: %s", got.raw)
	}
	a.ok("PUT"+role, `{"roles":["admin"]}`)
	if got := a.ok("PUT"+role, `{"roles":["editor","admin"]}`); !reflect.DeepEqual(got.body["Roles"], []any{"admin", "editor"}) {
		t.Errorf("assigned: %s", got.raw)
	}
	if got := a.as(access).ok(getProfile, ""); !reflect.DeepEqual(got.body["Roles"], []any{"admin", "editor"}) {
		t.Errorf("in the profile: %v", got.body["Roles"])
	}
	a.refused(1047, "PUT"+role, `{"roles":["admin","unknown"]}`)
	a.refused(1047, "DELETE"+role, `{"roles":["unknown"]}`)
	if got := a.ok("DELETE"+role, `{"roles":["admin"]}`); got.body["IsDeleted"] != true {
		t.Errorf("unassigned: %s", got.raw)
	}
	a.ok("DELETE"+site+"/editor", "")
	a.refused(1047, "DELETE"+site+"/editor", "")
	if got := a.as(access).ok(getProfile, ""); got.body["Roles"] != nil {
		t.Errorf("a role that is gone: %v", got.body["Roles"])
	}
}

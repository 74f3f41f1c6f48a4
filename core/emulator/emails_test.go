package emulator_test

import (
	"fmt"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const authEmail = "/identity/v2/auth/email?verificationurl=http://localhost/verify"

func TestAddingAnAddress(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	bob := a.add(emulator.User{Email: "bob@example.com"})
	access, _ := a.tokens(uid)
	user := a.as(access)
	const work = `{"email":"work@example.com","type":"Work"}`
	user.refused(936, "POST "+authEmail, `{"email":"BOB@example.com","type":"Work"}`)
	user.refused(1038, "POST "+authEmail, `{"email":"work","type":"Work"}`)
	user.refused(1201, "POST "+authEmail, `{"email":"work@example.com"}`)
	user.lacks("email", "POST "+authEmail, `{"type":"Work"}`)
	user.ok("POST "+authEmail, work)
	p := a.ok("GET "+manage+"/"+uid, "").body
	if fmt.Sprint(p["UnverifiedEmail"]) != "[map[Type:Work Value:work@example.com]]" || fmt.Sprint(p["Email"]) != "[map[Type:Primary Value:ada@example.com]]" {
		t.Errorf("before the link: %v %v", p["UnverifiedEmail"], p["Email"])
	}
	a.refused(938, "GET "+manage+"?email=work@example.com", "")
	m := a.mail("emailverification")
	if m.To != "work@example.com" {
		t.Errorf("mail: %+v", m)
	}
	a.ok(doVerify+m.Token, "")
	if p := a.ok("GET "+manage+"?email=work@example.com", ""); p.text("Uid") != uid || p.body["UnverifiedEmail"] != nil {
		t.Errorf("after the link: %s", p.raw)
	}

	user.ok("POST "+authEmail, `{"email":"third@example.com","type":"Third"}`)
	token := a.mail("emailverification").Token
	a.ok("PUT "+manage+"/"+bob+"/email", `{"Email":[{"Type":"Primary","Value":"third@example.com"}]}`)
	a.refused(936, doVerify+token, "") // another account was faster
	user.ok("DELETE "+authEmail, `{"email":"third@example.com"}`)
	a.refused(973, doVerify+token, "")

	user.refused(1340, "DELETE "+authEmail, `{"email":"bob@example.com"}`)
	user.ok("DELETE "+authEmail, `{"email":"`+adaEmail+`"}`)
	user.refused(1005, "DELETE "+authEmail, `{"email":"work@example.com"}`)

	user = newAPI(t, emulator.WithEmailWorkflow(emulator.NoVerification))
	access, _ = user.tokens(user.add(ada))
	user.as(access).ok("POST "+authEmail, work)
	user.ok("GET "+manage+"?email=work@example.com", "")
}

func TestManagedAddresses(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	a.add(emulator.User{Email: "bob@example.com"})
	call := "PUT " + manage + "/" + uid + "/email"
	a.refused(936, call, `{"Email":[{"Type":"Work","Value":"bob@example.com"}]}`)
	a.refused(1079, call, `{"Email":[]}`)
	a.refused(1202, call, `{"Email":[{"Type":"A","Value":"x@example.com"},{"Type":"B","Value":"X@example.com"}]}`)
	a.refused(1203, call, `{"Email":[{"Type":"Primary","Value":"x@example.com"},{"Type":"primary","Value":"y@example.com"}]}`)
	r := a.ok(call, `{"Email":[{"type":"Primary","value":"new@example.com"},{"type":"Work","value":"work@example.com"}]}`)
	if got := fmt.Sprint(r.body["Email"]); got != "[map[Type:Primary Value:new@example.com] map[Type:Work Value:work@example.com]]" {
		t.Errorf("addresses: %s", got)
	}
	a.refused(938, "GET "+manage+"?email="+adaEmail, "")
	invalidate := "PUT " + manage + "/" + uid + "/invalidateemail?verificationurl=http://localhost/verify"
	a.ok(invalidate, "{}")
	a.refused(970, doLogin, `{"email":"new@example.com","password":"`+adaPassword+`"}`)
	a.ok(doVerify+a.mail("emailverification").Token, "")
	a.ok(doLogin, `{"email":"new@example.com","password":"`+adaPassword+`"}`)
	byPhone := a.add(emulator.User{Phone: newPhone})
	a.refused(1113, "PUT "+manage+"/"+byPhone+"/invalidateemail", "{}")
}

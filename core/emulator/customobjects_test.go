package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

func TestCustomObjects(t *testing.T) {
	const own = "/identity/v2/auth/customobject"
	a := newAPI(t, emulator.WithCustomObjects("cart", "Notes"), emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	user := a.as(access)
	managed := manage + "/" + uid + "/customobject"

	user.refused(1057, "GET "+own+"?objectname=cart", "")
	r := user.ok("POST "+own+"?objectname=cart", `{"Item":"pen","Count":2,"nested":{"A":[1,null]}}`)
	if got := fmt.Sprint(r.body["CustomObject"]); got != "map[Count:2 Item:pen nested:map[A:[1 <nil>]]]" || len(r.text("Id")) != 24 || r.text("Uid") != uid || r.text("DateCreated") != "2026-03-01T12:00:00.123Z" {
		t.Errorf("created: %s", r.raw)
	}
	one := "/" + r.text("Id") + "?objectname=cart"
	if got := a.ok("GET "+managed+one, ""); got.raw != r.raw {
		t.Errorf("by uid: %s", got.raw)
	}
	a.Advance(10 * time.Minute)
	r = user.ok("PUT "+own+one+"&updatetype=partialreplace", `{"Count":3,"item":"ink"}`)
	if got := fmt.Sprint(r.body["CustomObject"]); got != "map[Count:3 Item:pen item:ink nested:map[A:[1 <nil>]]]" || r.text("DateModified") != "2026-03-01T12:10:00.123Z" {
		t.Errorf("merged: %s", r.raw)
	}
	if r = a.ok("PUT "+managed+one, `{"only":true}`); fmt.Sprint(r.body["CustomObject"]) != "map[only:true]" {
		t.Errorf("replaced: %s", r.raw)
	}
	a.ok("POST "+managed+"?objectname=cart", `{}`)
	a.ok("POST "+managed+"?objectname=Notes", `{}`)
	if list := user.ok("GET "+own+"?objectname=cart", ""); list.body["Count"] != 2.0 || len(list.body["data"].([]any)) != 2 {
		t.Errorf("list: %s", list.raw)
	}

	other, _ := a.tokens(a.add(emulator.User{Email: "bob@example.com"}))
	for _, call := range []string{"GET ", "DELETE "} {
		a.as(other).refused(995, call+own+one, "")
	}
	a.as(other).refused(995, "PUT "+own+one, "{}")
	user.refused(995, "GET "+own+strings.Replace(one, "cart", "Notes", 1), "")
	for _, body := range []string{"", "[]", `"x"`, "3", "null", "{"} {
		user.refused(1035, "POST "+own+"?objectname=cart", body)
		a.refused(1035, "PUT "+managed+one, body)
	}
	user.lacks("objectname", "GET "+own, "")
	user.lacks("updatetype", "PUT "+own+one+"&updatetype=other", "{}")
	user.refused(1064, "GET "+own+"?objectname=Cart", "")
	user.ok("DELETE "+own+one, "")
	user.refused(995, "DELETE "+own+one, "")

	without := newAPI(t)
	without.refused(999, "GET "+manage+"/"+without.add(ada)+"/customobject?objectname=cart", "")
}

func TestCustomObjectOptions(t *testing.T) {
	a := newAPI(t, emulator.WithCustomObjects("cart"), emulator.WithManagedCustomObjects(), emulator.WithEmptyCustomObjectList())
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	a.as(access).refused(909, "POST /identity/v2/auth/customobject?objectname=cart", "{}")
	if r := a.ok("GET "+manage+"/"+uid+"/customobject?objectname=cart", ""); r.body["Count"] != 0.0 || len(r.body["data"].([]any)) != 0 {
		t.Errorf("empty: %s", r.raw)
	}
}

func TestCustomObjectEvents(t *testing.T) {
	s := newSubscriber(t)
	a := newAPI(t, emulator.WithCustomObjects("cart"), emulator.WithWebhook(s.URL, "createcustomobject", "updatecustomobject", "deletecustomobject"))
	uid := a.add(ada)
	path := manage + "/" + uid + "/customobject"
	id := a.ok("POST "+path+"?objectname=cart", `{"a":1}`).text("Id")
	a.ok("PUT "+path+"/"+id+"?objectname=cart", `{"a":2}`)
	a.ok("DELETE "+path+"/"+id+"?objectname=cart", "")
	for i, want := range []string{"create 1", "update 2", "delete 2"} {
		e := s.events(a)[i]
		value, _ := e.Data["CustomObject"].(map[string]any)
		if got := fmt.Sprint(strings.TrimSuffix(e.Name, "customobject"), " ", value["a"]); got != want || e.Data["Id"] != id || e.Data["Uid"] != uid {
			t.Errorf("event %d: %s", i, e.raw)
		}
	}
}

package core_test

import (
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func TestLoginAge(t *testing.T) {
	now := time.Now()
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret", Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	client.NoteLogin("one")
	now = now.Add(time.Minute)
	if age, ok := client.LoginAge("one"); !ok || age != time.Minute {
		t.Errorf("the login is %v old, %v", age, ok)
	}
	if age, ok := client.LoginAge("two"); ok {
		t.Errorf("a token of no login is %v old", age)
	}
	now = now.Add(-time.Hour)
	if age, ok := client.LoginAge("one"); !ok || age != 0 {
		t.Errorf("under a clock that went back the login is %v old, %v", age, ok)
	}
}

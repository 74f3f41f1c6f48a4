package core_test

import (
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

func TestLoginAge(t *testing.T) {
	now := time.Now()
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret", Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	client.NoteLogin("one", time.Time{})
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

// What one replica saw of a login counts on the others, whatever their clocks say.
func TestLoginTimeOnReplicas(t *testing.T) {
	store := sharedtest.NewMemory()
	f := newFakeService(t)
	replica := func(skew time.Duration, change ...func(*core.Config)) *core.Client {
		return f.client(t, append([]func(*core.Config){func(cfg *core.Config) {
			cfg.Shared, cfg.Clock = store, func() time.Time { return time.Now().Add(skew) }
		}}, change...)...)
	}
	a, b := replica(0), replica(2*time.Hour)
	stranger := replica(0, func(cfg *core.Config) { cfg.SharedSecret = []byte("another secret of thirty-two bytes") })
	a.NoteLogin("token", time.Time{})
	for name, c := range map[string]*core.Client{"this one": a, "another": b} {
		if age, ok := c.LoginAge("token"); !ok || age > time.Minute {
			t.Errorf("%s: %v, %t", name, age, ok)
		}
	}
	a.NoteLogin("older", time.Now().Add(-time.Hour))
	for name, c := range map[string]*core.Client{"this one": a, "another": b} {
		if age, ok := c.LoginAge("older"); !ok || age < time.Hour || age > time.Hour+time.Minute {
			t.Errorf("%s: a login an hour ago is %v old, %t", name, age, ok)
		}
	}
	if _, ok := stranger.LoginAge("token"); ok {
		t.Error("a replica with another secret knows of the login")
	}
	for range 2 {
		if _, ok := b.LoginAge("another token"); ok {
			t.Error("a login that never was")
		}
	}
}

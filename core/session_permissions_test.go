package core_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// The permissions of an account's roles come with its session, for one call per TTL.
func TestSessionPermissions(t *testing.T) {
	for _, on := range []bool{true, false} {
		var definitions atomic.Int64
		var down atomic.Bool
		rt := func(r *http.Request, token string, isProfile bool) (int, string) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/manage/role"):
				definitions.Add(1)
				if down.Load() {
					return 500, "<html>"
				}
				return 200, `{"data":[{"Name":"editor","Permissions":{"write":true,"read":true,"delete":false}},{"Name":"admin","Permissions":{"delete":true}}]}`
			case isProfile && strings.HasPrefix(token, "plain"):
				return 200, `{"Uid":"bob"}`
			case isProfile:
				return 200, `{"Uid":"ada","Roles":["editor","unknown"]}`
			}
			return asAda(isProfile)
		}
		scripted(t, core.SessionConfig{Permissions: on}, rt, func(t *testing.T, c *core.Client) {
			if mustSession(t, c, "plain-1", "bob"); definitions.Load() != 0 {
				t.Error("asked for the roles of an account without any")
			}
			s := mustSession(t, c, good, "ada")
			for range 20 {
				mustSession(t, c, "another", "ada")
			}
			if !on {
				if s.HasPermission("write") || len(s.Permissions()) > 0 || definitions.Load() != 0 {
					t.Errorf("switched off: %v, %d calls", s.Permissions(), definitions.Load())
				}
				return
			}
			if !slices.Equal(s.Permissions(), []string{"read", "write"}) || !s.HasPermission("write") || s.HasPermission("delete") || s.HasPermission("") {
				t.Errorf("permissions %v", s.Permissions())
			}
			if n := definitions.Load(); n != 1 {
				t.Errorf("the roles were asked for %d times", n)
			}
			s.Permissions()[0] = "changed"
			if !s.HasPermission("read") {
				t.Error("one caller changed what another sees")
			}
			down.Store(true)
			time.Sleep(10 * time.Minute)
			if s := mustSession(t, c, "third", "ada"); !s.HasPermission("write") {
				t.Error("the definitions are lost in an outage")
			}
			time.Sleep(10 * time.Minute)
			if _, err := c.Session(context.Background(), "fourth"); !errors.Is(err, core.ErrUnavailable) {
				t.Errorf("without definitions: %v, want ErrUnavailable", err)
			}
			mustSession(t, c, "plain-2", "bob")
		})
	}
	var none *core.Session
	if none.HasPermission("read") || none.Permissions() != nil {
		t.Error("no session has permissions")
	}
}

// A service that hangs when it is asked for the roles holds all sessions together for the
// time of one call, and is asked once in that time.
func TestSessionPermissionsOfHangingService(t *testing.T) {
	var definitions atomic.Int64
	rt := func(r *http.Request, _ string, isProfile bool) (int, string) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/manage/role"):
			definitions.Add(1)
			return 0, ""
		case isProfile:
			return 200, `{"Uid":"ada","Roles":["editor"]}`
		}
		return asAda(isProfile)
	}
	scripted(t, core.SessionConfig{Permissions: true}, rt, func(t *testing.T, c *core.Client) {
		began := time.Now()
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if _, err := c.Session(context.Background(), "token-"+strconv.Itoa(i)); !errors.Is(err, core.ErrUnavailable) {
					t.Errorf("%v, want ErrUnavailable", err)
				}
			})
		}
		all.Wait()
		if took := time.Since(began); took > 35*time.Second { // three tries of a read
			t.Errorf("20 sessions waited %v", took)
		}
		if n := definitions.Load(); n > 3 {
			t.Errorf("%d calls for the roles", n)
		}
	})
}

// Definitions that were asked for before a change do not count after it.
func TestSessionPermissionsChangedMeanwhile(t *testing.T) {
	var definitions atomic.Int64
	held := make(chan struct{})
	rt := func(r *http.Request, _ string, isProfile bool) (int, string) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/permission"):
			return 200, `{"Name":"editor","Permissions":{}}`
		case strings.HasSuffix(r.URL.Path, "/manage/role") && definitions.Add(1) == 1:
			<-held
			return 200, `{"data":[{"Name":"editor","Permissions":{"write":true}}]}`
		case strings.HasSuffix(r.URL.Path, "/manage/role"):
			return 200, `{"data":[{"Name":"editor","Permissions":{}}]}`
		case isProfile:
			return 200, `{"Uid":"ada","Roles":["editor"]}`
		}
		return asAda(isProfile)
	}
	scripted(t, core.SessionConfig{Permissions: true}, rt, func(t *testing.T, c *core.Client) {
		held = make(chan struct{}) // in the bubble
		go func() {
			time.Sleep(time.Second)
			if _, err := c.Role.RemovePermissions(context.Background(), core.PermissionsRequest{Role: "editor", Permissions: []string{"write"}}); err != nil {
				t.Error(err)
			}
			close(held)
		}()
		if s := mustSession(t, c, good, "ada"); s.HasPermission("write") {
			t.Error("a permission that was removed before the answer came")
		}
		if n := definitions.Load(); n != 2 {
			t.Errorf("%d calls for the roles", n)
		}
	})
}

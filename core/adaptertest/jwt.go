package adaptertest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A stubVerifier stands in for core/jwt, which has tests of its own: it accepts tokens of
// the form "signed.UID.scope", and none while it is down.
type stubVerifier struct{ down atomic.Bool }

func (v *stubVerifier) Accepts(token string) bool { return strings.Count(token, ".") == 2 }

func (v *stubVerifier) Verify(_ context.Context, token string) (*core.VerifiedToken, error) {
	parts := strings.Split(token, ".")
	switch {
	case v.down.Load():
		return nil, core.ErrUnavailable
	case len(parts) != 3 || parts[0] != "signed":
		return nil, core.ErrInvalidToken
	}
	return &core.VerifiedToken{UID: parts[1], ExpiresAt: time.Now().Add(time.Hour), Scopes: []string{parts[2]}}, nil
}

// Tokens that a verifier checks pass beside opaque ones, and each as its own subject.
func testJWT(t *testing.T, app *kit) {
	const metadata = "https://api.example.com/.well-known/oauth-protected-resource"
	v := &stubVerifier{}
	b := newBench(t, app, both(web.AcceptJWT(v), web.ResourceMetadata(metadata)))
	uid, opaque := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if w := b.who("/api/whoami", bearer(opaque)...); w.Accessor != uid {
		t.Errorf("an opaque token: %+v", w)
	}
	for _, path := range []string{"/api/whoami", "/optional", "/api/stacked"} {
		for i := range 100 { // a framework that reuses buffers must not mix them up
			subject := fmt.Sprintf("user-%d", i)
			if w := b.who(path, bearer("signed."+subject+".read")...); w.Accessor != subject || w.Context != subject {
				t.Fatalf("%s: %s was served as %+v", path, subject, w)
			}
		}
	}
	b.refused(403, web.CodeMissingRole, "GET", "/api/admin", "", bearer("signed.user-1.read")...)
	r := b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer("forged.user-1.read")...)
	if !strings.HasSuffix(r.header.Get("Www-Authenticate"), `, resource_metadata="`+metadata+`"`) {
		t.Errorf("a refused client does not learn where the metadata is: %s", r.header.Get("Www-Authenticate"))
	}

	// An outage of the keys says nothing about a token; who is known goes on.
	v.down.Store(true)
	b.refused(503, web.CodeUnavailable, "GET", "/api/whoami", "", bearer("signed.late.read")...)
	b.who("/api/whoami", bearer("signed.user-1.read")...)
	v.down.Store(false)

	// A logout ends a token that would still be accepted.
	b.ask(http.MethodPost, "/auth/logout", "", bearer("signed.user-1.read")...)
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer("signed.user-1.read")...)
	b.who("/api/whoami", bearer("signed.user-2.read")...)

	scoped := newBench(t, app, Site{Guard: []web.GuardOption{web.AcceptJWT(v), web.RequireScope("write")}})
	scoped.who("/api/whoami", bearer("signed.ada.write")...)
	r = scoped.refused(403, web.CodeMissingScope, "GET", "/api/whoami", "", bearer("signed.ada.read")...)
	if !strings.Contains(r.header.Get("Www-Authenticate"), `error="insufficient_scope", scope="write"`) {
		t.Errorf("the scope that is missing: %s", r.header.Get("Www-Authenticate"))
	}
}

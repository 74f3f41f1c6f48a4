package connectlr_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/connectlr"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A stubVerifier accepts tokens of the form "signed.UID.scope"; core/jwt has real ones.
type stubVerifier struct{}

func (*stubVerifier) Accepts(token string) bool { return strings.Count(token, ".") == 2 }

func (*stubVerifier) Verify(_ context.Context, token string) (*core.VerifiedToken, error) {
	parts := strings.Split(token, ".")
	if parts[0] != "signed" {
		return nil, core.ErrInvalidToken
	}
	return &core.VerifiedToken{UID: parts[1], ExpiresAt: time.Now().Add(time.Hour), Scopes: parts[2:]}, nil
}

// The guard takes JWTs as it does in front of HTTP handlers, in unary calls and streams.
func TestJWT(t *testing.T) {
	_, client := newClient(t)
	s := newServer(t, connectlr.RequireLogin(client, web.AcceptJWT(&stubVerifier{}), web.RequireScope("read")))
	for _, stream := range []bool{false, true} {
		bearer := func(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }
		if uid, err := call(t, s, stream, connect.WithGRPC(), bearer("signed.robot.read")); err != nil || uid != "robot" {
			t.Errorf("stream %t: %q, %v", stream, uid, err)
		}
		for token, want := range map[string]connect.Code{"forged.robot.read": connect.CodeUnauthenticated, "signed.robot.write": connect.CodePermissionDenied} {
			if _, err := call(t, s, stream, connect.WithGRPC(), bearer(token)); connect.CodeOf(err) != want {
				t.Errorf("stream %t: %s: %v, want %v", stream, token, err, want)
			}
		}
	}
}

package grpclr_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/grpclr"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A stubVerifier accepts tokens of the form "signed.UID.scope"; core/jwt has real ones.
type stubVerifier struct{ unavailable bool }

func (v *stubVerifier) Accepts(token string) bool { return strings.Count(token, ".") == 2 }

func (v *stubVerifier) Verify(_ context.Context, token string) (*core.VerifiedToken, error) {
	parts := strings.Split(token, ".")
	switch {
	case v.unavailable:
		return nil, core.ErrUnavailable
	case parts[0] != "signed":
		return nil, core.ErrInvalidToken
	}
	return &core.VerifiedToken{UID: parts[1], ExpiresAt: time.Now().Add(time.Hour), Scopes: parts[2:]}, nil
}

// The guard takes JWTs as it does in front of HTTP handlers, in unary calls and streams.
func TestJWT(t *testing.T) {
	f := newFixture(t)
	_, opaque := f.user(t)
	for _, stream := range []bool{false, true} {
		client := serve(t, grpclr.RequireLogin(f.client, web.AcceptJWT(&stubVerifier{}), web.RequireScope("read")), true)
		down := serve(t, grpclr.RequireLogin(f.client, web.AcceptJWT(&stubVerifier{unavailable: true})), true)
		if uid, err := call(t, client, stream, "authorization", "Bearer signed.robot.read"); err != nil || uid != "robot" {
			t.Errorf("stream %t: %q, %v", stream, uid, err)
		}
		for token, want := range map[string]codes.Code{
			"forged.robot.read": codes.Unauthenticated, "signed.robot.write": codes.PermissionDenied, opaque: codes.PermissionDenied,
		} {
			if _, err := call(t, client, stream, "authorization", "Bearer "+token); status.Code(err) != want {
				t.Errorf("stream %t: %v, want %v", stream, err, want)
			}
		}
		if _, err := call(t, down, stream, "authorization", "Bearer signed.robot.read"); status.Code(err) != codes.Unavailable {
			t.Errorf("stream %t: without keys: %v", stream, err)
		}
	}
}

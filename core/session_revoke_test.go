package core_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// A new password ends the JWTs that were issued under the old one. A wrong old password
// ends nothing.
func TestChangePasswordRevokesVerifiedTokens(t *testing.T) {
	lr, err := emulator.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer lr.Close()
	client, err := core.New(lr.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	v := &testVerifier{expires: time.Now().Add(time.Hour)}
	v.iat.Store(time.Now().Add(-time.Minute).Unix())
	verified := func() error {
		_, err := client.VerifiedSession(ctx, "jwt."+uid+".1", v)
		return err
	}
	change := core.ChangePasswordRequest{AccessToken: token, OldPassword: "wrong", NewPassword: "battery staple"}
	if err := client.Authentication.ChangePassword(ctx, change); err == nil {
		t.Error("a wrong password works")
	}
	if err := verified(); err != nil {
		t.Errorf("after a wrong password: %v", err)
	}
	change.OldPassword = "correct horse"
	if err := client.Authentication.ChangePassword(ctx, change); err != nil {
		t.Fatal(err)
	}
	if err := verified(); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("after the change: %v", err)
	}
}

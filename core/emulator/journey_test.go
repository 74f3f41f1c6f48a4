package emulator_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

func start(t *testing.T, opts ...emulator.Option) (*emulator.Server, *core.Client) {
	t.Helper()
	opts = append([]emulator.Option{emulator.WithLogger(slog.New(slog.DiscardHandler))}, opts...)
	srv, err := emulator.Start(opts...)
	if err != nil {
		t.Fatal(err)
	}
	cfg := srv.Config()
	cfg.Retry.MaxAttempts = 1
	client, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(); _ = srv.Close() })
	return srv, client
}

func lastMail(t *testing.T, srv *emulator.Server, kind string) emulator.Mail {
	t.Helper()
	m, ok := srv.LastMail(kind, "")
	if !ok {
		t.Fatalf("no mail of kind %q", kind)
	}
	return m
}

// The life of an account, from registration to deletion.
func TestJourney(t *testing.T) {
	for _, name := range []string{"secret", "signed", "deleting by API"} {
		t.Run(name, func(t *testing.T) {
			srv, client := start(t)
			if name == "signed" {
				cfg := srv.Config()
				cfg.SignRequests = true
				var err error
				if client, err = core.New(cfg); err != nil {
					t.Fatal(err)
				}
				defer client.Close()
			}
			ctx := context.Background()
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			const email, password = "ada+news@example.com", "correct horse & <battery>"
			got, err := client.Authentication.Register(ctx, core.RegisterRequest{
				Email: email, Password: password, Profile: core.Profile{FirstName: "Ada"}, VerificationURL: "http://localhost/verify",
			})
			must(err)
			if got != nil {
				t.Error("registration logs in although verification is mandatory")
			}
			login := core.LoginByEmailRequest{Email: "ADA+news@example.com", Password: password}
			if _, err := client.Authentication.LoginByEmail(ctx, login); !errors.Is(err, core.ErrEmailNotVerified) {
				t.Fatalf("login before verification: %v", err)
			}
			mail := lastMail(t, srv, "emailverification")
			_, err = client.Authentication.VerifyEmail(ctx, core.VerifyEmailRequest{Token: mail.Token})
			must(err)
			if _, err := client.Authentication.VerifyEmail(ctx, core.VerifyEmailRequest{Token: mail.Token}); !errors.Is(err, core.ErrInvalidLink) {
				t.Errorf("a link used twice: %v", err)
			}
			res, err := client.Authentication.LoginByEmail(ctx, login)
			must(err)
			if res.Profile.FirstName != "Ada" || !res.Profile.EmailVerified || !res.ExpiresAt.After(srv.Now()) {
				t.Errorf("login: %+v", res)
			}
			s, err := client.Session(ctx, res.AccessToken)
			must(err)
			_, err = client.Role.Assign(ctx, core.RolesRequest{UID: s.UID(), Roles: []string{"admin"}})
			must(err)
			s, err = client.Session(ctx, res.AccessToken)
			must(err)
			if !s.HasRole("admin") {
				t.Error("the role does not show at once")
			}
			must(client.Authentication.ChangePassword(ctx, core.ChangePasswordRequest{AccessToken: res.AccessToken, OldPassword: password, NewPassword: "second password"}))
			must(client.Authentication.ForgotPassword(ctx, core.ForgotPasswordRequest{Email: email, ResetPasswordURL: "http://localhost/reset"}))
			must(client.Authentication.ResetPassword(ctx, core.ResetPasswordRequest{ResetToken: lastMail(t, srv, "reset").Token, Password: "third password"}))
			login.Password = "third password"
			res, err = client.Authentication.LoginByEmail(ctx, login)
			must(err)
			fresh, err := client.Account.RefreshToken(ctx, res.RefreshToken)
			must(err)
			if _, err := client.Account.RefreshToken(ctx, res.RefreshToken); !errors.Is(err, core.ErrInvalidRefreshToken) {
				t.Errorf("a refresh token used twice: %v", err)
			}
			if _, err := client.Session(ctx, res.AccessToken); !errors.Is(err, core.ErrInvalidToken) {
				t.Errorf("the token before the refresh: %v", err)
			}
			must(client.Authentication.DeleteAccount(ctx, core.DeleteAccountRequest{AccessToken: fresh.AccessToken, DeleteURL: "http://localhost/delete"}))
			_, err = client.Session(ctx, fresh.AccessToken)
			must(err)
			if name == "deleting by API" {
				must(client.Account.Delete(ctx, s.UID()))
			} else {
				must(client.Authentication.ConfirmDeleteAccount(ctx, lastMail(t, srv, "deleteuser").Token))
			}
			if _, err := client.Session(ctx, fresh.AccessToken); !errors.Is(err, core.ErrInvalidToken) {
				t.Errorf("the token of a deleted account: %v", err)
			}
			if _, err := client.Authentication.LoginByEmail(ctx, login); !errors.Is(err, core.ErrUserNotFound) {
				t.Errorf("login to a deleted account: %v", err)
			}
		})
	}
}

func TestLogoutEndsTheSession(t *testing.T) {
	srv, client := start(t)
	ctx := context.Background()
	uid, err := srv.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	access, refresh, err := srv.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Session(ctx, access); err != nil {
		t.Fatal(err)
	}
	if n := len(srv.Requests("auth_validate_access_token", "get_profile_by_access_token")); n != 2 {
		t.Errorf("a miss made %d calls, want 2", n)
	}
	if err := client.Authentication.InvalidateToken(ctx, core.InvalidateTokenRequest{AccessToken: access, PreventRefresh: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Session(ctx, access); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("after logout: %v", err)
	}
	if _, err := client.Account.RefreshToken(ctx, refresh); !errors.Is(err, core.ErrInvalidRefreshToken) {
		t.Errorf("the refresh token after logout: %v", err)
	}
}

func TestClockMovesTokens(t *testing.T) {
	srv, client := start(t)
	uid, _ := srv.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
	access, _, _ := srv.IssueTokens(uid)
	if _, err := client.Session(context.Background(), access); err != nil {
		t.Fatal(err)
	}
	srv.Advance(16 * time.Minute)
	var e *core.Error
	if _, err := client.Session(context.Background(), access); !errors.As(err, &e) || e.Code != core.CodeAccessTokenExpired {
		t.Errorf("past its life: %v", err)
	}
}

func TestStartRefusesOthersToReachIt(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "nonsense"} {
		if srv, err := emulator.Start(emulator.WithAddress(address)); err == nil {
			_ = srv.Close()
			t.Errorf("%q was accepted", address)
		}
	}
}

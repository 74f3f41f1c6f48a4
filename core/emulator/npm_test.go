package emulator_test

import (
	"context"
	"encoding/pem"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// missing skips a test that needs a program or a package from outside, except in CI.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing: run make deps", what)
	}
	t.Skipf("%s is missing: make deps installs it", what)
}

// The vendor's SDK for Node, as it comes from the registry, takes the emulator for
// the service. It speaks nothing but HTTPS, so the emulator gets a certificate.
func TestOfficialSDK(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "node")
	}
	if _, err := os.Stat("testdata/npm/node_modules/loginradius-sdk/package.json"); err != nil {
		missing(t, "the npm package loginradius-sdk")
	}
	e := emulator.New(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	srv := httptest.NewTLSServer(e)
	defer srv.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	if err := os.WriteFile(ca, cert, 0o600); err != nil {
		t.Fatal(err)
	}
	grace, err := e.AddUser(emulator.User{Email: "grace@example.com", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	request, err := e.RequestToken(grace)
	if err != nil {
		t.Fatal(err)
	}
	e.AddProviderToken("facebook", "provider-token", "", emulator.User{Email: "mary@example.com"})
	e.Inject(emulator.TooManyRequests().On("get_server_info").Next(1))

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, "journey.js")
	cmd.Dir = "testdata/npm"
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+ca, "EMULATOR_URL="+srv.URL, "API_KEY="+e.APIKey(),
		"API_SECRET="+e.APISecret(), "REQUEST_TOKEN="+request, "PROVIDER_TOKEN=provider-token")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	// It has called all there is, less what this SDK has no method for, or what needs
	// a site that is set up otherwise.
	except := []string{
		"get_social_identity", "get_social_user_profile",
		"reset_password_by_email_otp", "reset_password_by_otp_and_user_name", "verify_email_by_otp",
		"account_delete_by_email", "get_access_token_by_google_access_token", "get_access_token_by_twitter_access_token",
	}
	for _, operation := range e.Operations() {
		if called := len(e.Requests(operation)) > 0; called == slices.Contains(except, operation) {
			t.Errorf("%s: called is %v", operation, called)
		}
	}
}

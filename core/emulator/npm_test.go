package emulator_test

import (
	"context"
	"encoding/pem"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

// runNode runs a journey of the vendor's SDK for Node, as it comes from the registry,
// against an emulator. The SDK speaks nothing but HTTPS, so the emulator gets a
// certificate.
func runNode(t *testing.T, e *emulator.Emulator, journey string, env ...string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "node")
	}
	if _, err := os.Stat("testdata/npm/node_modules/loginradius-sdk/package.json"); err != nil {
		missing(t, "the npm package loginradius-sdk")
	}
	srv := httptest.NewTLSServer(e)
	defer srv.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	if err := os.WriteFile(ca, cert, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, journey)
	cmd.Dir = "testdata/npm"
	cmd.Env = append(append(os.Environ(), env...), "NODE_EXTRA_CA_CERTS="+ca, "EMULATOR_URL="+srv.URL, "API_KEY="+e.APIKey(), "API_SECRET="+e.APISecret())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// The SDK takes the emulator for the service through the life of an account.
func TestOfficialSDK(t *testing.T) {
	e := emulator.New(emulator.WithSlidingTokens())
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
	runNode(t, e, "journey.js", "REQUEST_TOKEN="+request, "PROVIDER_TOKEN=provider-token")
	called := map[string]bool{}
	for _, r := range e.Requests() {
		called[r.Operation] = true
	}
	if len(called) < 46 {
		t.Errorf("the journey has called %d operations: %v", len(called), slices.Sorted(maps.Keys(called)))
	}
}

// The same where the site requires a second factor: every operation about second
// factors, re-authentication, PINs and security answers is called.
func TestOfficialSDKWithMFA(t *testing.T) {
	e := emulator.New(emulator.WithMFA(emulator.MFARequired), allFactors, emulator.WithPIN(), emulator.WithControl("control-key"), emulator.WithAutoLogin())
	runNode(t, e, "journey_mfa.js", "CONTROL_KEY=control-key")
	family := regexp.MustCompile(`^(mfa_|re_auth_|verify_multi|verify_pin|rba_|get_security|reset_password_by_security|unlock_|user_registration_by_captcha)|_pin_`)
	// The SDK has no method for these.
	except := regexp.MustCompile(`passkey|duo|push`)
	for _, operation := range e.Operations() {
		if family.MatchString(operation) && !except.MatchString(operation) && len(e.Requests(operation)) == 0 {
			t.Errorf("the journey does not call %s", operation)
		}
	}
}

// Custom objects, role contexts, consent and webhook subscriptions: every operation that
// the SDK has about them is called.
func TestOfficialSDKWithData(t *testing.T) {
	e := emulator.New(emulator.WithCustomObjects("cart"),
		emulator.WithConsent(emulator.ConsentForm{Event: "Login", Version: 1, Options: []emulator.ConsentOption{{ID: "terms", Required: true}}}))
	uid, err := e.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	runNode(t, e, "journey_data.js", "UID_OF_ADA="+uid)
	family := regexp.MustCompile(`custom_object|consent|webhook|role_context`)
	older := regexp.MustCompile(`^webhook_`) // of the API before this SDK
	for _, operation := range e.Operations() {
		if family.MatchString(operation) && !older.MatchString(operation) && len(e.Requests(operation)) == 0 {
			t.Errorf("the journey does not call %s", operation)
		}
	}
}

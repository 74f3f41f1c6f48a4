package adaptertest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A signed event drops the sessions of its account, and an unsigned one nothing.
func testWebhooks(t *testing.T, app *kit) {
	b := newBench(t, app, Site{Routes: []web.RouteOption{web.Webhooks("old secret", "new secret"), web.InsecureCookies()}})
	uid, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	_, other := b.user(emulator.User{Email: "grace@example.com", EmailVerified: true})
	b.who("/api/whoami", bearer(token)...)
	b.who("/api/whoami", bearer(other)...)
	asked := b.profiles()

	const path = "/auth/webhooks/loginradius"
	event := `{"HookName":"assignroles","Data":{"Uid":"` + uid + `"}}`
	for name, headers := range map[string][]string{
		"no signature":   nil,
		"another secret": {"Signature", sign("another secret", event)},
		"another body":   {"Signature", sign("new secret", event+" ")},
		"two signatures": {"Signature", sign("new secret", event), "Signature", sign("new secret", event)},
	} {
		b.refused(401, web.CodeInvalidSignature, "POST", path, event, headers...)
		b.who("/api/whoami", bearer(token)...)
		if n := b.profiles(); n != asked {
			t.Fatalf("with %s the session was dropped", name)
		}
	}
	b.refused(400, web.CodeInvalidBody, "POST", path, "no event", "Signature", sign("new secret", "no event"))
	b.refused(413, web.CodeBodyTooLarge, "POST", path, strings.Repeat("a", 1<<20+1), "Signature", "00")

	for _, secret := range []string{"old secret", "new secret"} {
		for range 2 { // a replay is harmless
			b.want(204, "POST", path, event, "Signature", sign(secret, event))
		}
		b.who("/api/whoami", bearer(token)...)
		b.who("/api/whoami", bearer(other)...)
		if asked++; b.profiles() != asked {
			t.Errorf("after an event signed with the %s, LoginRadius was asked %d times", secret, b.profiles()-asked+1)
		}
	}
	elsewhere, err := core.New(b.lr.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer elsewhere.Close()
	if _, err := elsewhere.Account.Update(t.Context(), core.UpdateAccountRequest{UID: uid, Extra: map[string]any{"IsActive": false}}); err != nil {
		t.Fatal(err)
	}
	b.who("/api/whoami", bearer(token)...) // this application does not know yet
	event = `{"HookName":"blockaccount","Data":{"Uid":"` + uid + `"}}`
	b.want(204, "POST", path, event, "Signature", strings.ToLower(sign("new secret", event)))
	b.refused(401, web.CodeAccountBlocked, "GET", "/api/whoami", "", bearer(token)...)
}

func sign(secret, body string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(body))
	return strings.ToUpper(hex.EncodeToString(h.Sum(nil)))
}

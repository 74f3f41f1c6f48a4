package adaptertest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// testLinks shows that links in mails lead where the configuration says, whatever
// host a request names: a link to another host would hand its token to whoever owns
// that.
func testLinks(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	for _, tt := range []struct{ method, path, body, kind, link string }{
		{http.MethodPost, "/auth/register", `{"email":"new@example.com","password":"correct horse"}`, "emailverification", "verify"},
		{http.MethodPost, "/auth/email/verify/resend", `{"email":"new@example.com"}`, "emailverification", "verify"},
		{http.MethodPost, "/auth/login", `{"email":"new@example.com","password":"correct horse"}`, "emailverification", "verify"},
		{http.MethodPost, "/auth/password/forgot", `{"email":"ada@example.com"}`, "reset", "reset"},
		{http.MethodDelete, "/auth/account", ``, "deleteuser", "delete"},
	} {
		before := len(b.lr.Mailbox())
		b.ask(tt.method, tt.path, tt.body, append(bearer(token),
			"Host", "evil.example", "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example", "Referer", "https://evil.example/")...)
		mails := b.lr.Mailbox()
		if len(mails) != before+1 {
			t.Errorf("%s %s: %d mails", tt.method, tt.path, len(mails)-before)
			continue
		}
		mail := mails[before]
		if mail.Kind != tt.kind || !strings.HasPrefix(mail.Link, "https://app.example.com/"+tt.link+"?") {
			t.Errorf("%s %s mails a link of kind %s to %s", tt.method, tt.path, mail.Kind, mail.Link)
		}
	}
}

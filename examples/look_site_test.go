package examples_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/core/web/phone"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// A lookSite has everything that the pages can show, in this process.
type lookSite struct {
	url string
	lr  *emulator.Server
}

// siteKind says what is different about a lookSite.
type siteKind struct {
	mfa      emulator.MFAMode
	codes    bool // the site mails codes instead of links
	emulator []emulator.Option
	routes   []web.RouteOption
}

func newLookSite(t *testing.T, kind siteKind) *lookSite {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	url := strings.Replace(server.URL, "127.0.0.1", "localhost", 1) // passkeys need a name
	quiet := slog.New(slog.DiscardHandler)
	options := append([]emulator.Option{
		emulator.WithLogger(quiet), emulator.WithMFA(kind.mfa), emulator.WithLockout(5, 10*time.Minute),
		emulator.WithMFAFactors(emulator.FactorTOTP, emulator.FactorSMS, emulator.FactorEmail, emulator.FactorBackupCode),
		emulator.WithPasskeys(emulator.Passkeys{RPID: "localhost", Origins: []string{url}}),
	}, kind.emulator...)
	if kind.codes {
		options = append(options, emulator.WithEmailOTP())
	}
	lr, err := emulator.Start(options...)
	must(err)
	t.Cleanup(func() { _ = lr.Close() })
	cfg := lr.Config()
	cfg.Logger = quiet
	client, err := core.New(cfg)
	must(err)
	t.Cleanup(func() { _ = client.Close() })
	numbers, err := phone.E164("")
	must(err)
	pages := []web.PageOption{
		web.PageText(map[string]string{"site": "Example"}), web.PageLoginNames("email", "username", "phone"), web.PagePasskeys(),
		web.PageSocialLogin(web.HostedLogin{
			Page: lr.URL() + "/auth.aspx", Callback: url + "/social/callback",
			Providers: []string{"google", "apple", "facebook", "microsoft", "linkedin", "github", "twitter", "acme"},
		}),
	}
	if kind.codes {
		pages = append(pages, web.PageMailedCodes())
	}
	must(nethttp.Mount(mux, "", client, append([]web.RouteOption{
		web.InsecureCookies(), web.AutoRefresh(), web.MFAMethods("totp", "sms", "email", "backup_code"), web.PhoneNumbers(numbers), web.PasskeyOrigins(url), web.WithPages(pages...),
		web.Links(web.MailLinks{Verify: url + "/verify", Reset: url + "/reset", Delete: url + "/delete", Passwordless: url + "/passwordless"}),
	}, kind.routes...)...))
	return &lookSite{url, lr}
}

// agreeing is a site that asks its users to agree to something, and for fields of its own.
func agreeing(event string, more ...emulator.Option) siteKind {
	form := emulator.ConsentForm{Event: event, Version: 1, Options: []emulator.ConsentOption{{ID: "news"}, {ID: "terms", Required: true}}}
	return siteKind{
		emulator: append(more, emulator.WithConsent(form), emulator.WithCustomFields("shoe_size")),
		routes: []web.RouteOption{
			web.PrivacyPolicy("https://example.com/privacy"), web.RegistrationConsents("news", "terms"), web.CustomFields("shoe_size"),
			web.ConsentOptions(web.ConsentEntry{ID: "news", Title: "Send me news", Description: "Once a month."}, web.ConsentEntry{ID: "terms", Title: "I agree to the terms", Required: true}),
			web.RegistrationFields("birth_date", "company"), web.ProfileFields("first_name", "birth_date", "website", "about"),
		},
	}
}

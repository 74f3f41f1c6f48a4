package web_test

import (
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// Pages in another language and colour, with the application's footer.
func ExampleWithPages() {
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	footer := template.Must(template.New("").Parse(`{{define "bottom"}}</main><footer>Acme</footer></body></html>{{end}}`))
	mux := http.NewServeMux()
	err = nethttp.Mount(mux, "/account", client, web.Cookies(), web.AutoRefresh(), web.WithPages(
		web.PageText(map[string]string{"lang": "de", "login": "Anmelden", "email": "E-Mail-Adresse"}),
		web.PageStyle(":root { --accent: #7a1fa2; --radius: 2px; }"),
		web.PageTemplates(footer),
		web.PageSocialLogin(web.HostedLogin{
			Page:      "https://acme.hub.loginradius.com/auth.aspx",
			Callback:  "https://app.example.com/account/social/callback",
			Providers: []string{"google"},
		}),
	))
	if err != nil {
		fmt.Println(err)
		return
	}

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/account/login", nil))
	for _, text := range []string{"<h1>Anmelden</h1>", "E-Mail-Adresse", "Google", "<footer>Acme</footer>"} {
		fmt.Println(text, strings.Contains(w.Body.String(), text))
	}
	// Output:
	// <h1>Anmelden</h1> true
	// E-Mail-Adresse true
	// Google true
	// <footer>Acme</footer> true
}

// A registration asks for consent, takes a field of the site, and tells the strength of the
// password by an estimator of the application.
func ExampleConsentOptions() {
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	mux := http.NewServeMux()
	err = nethttp.Mount(mux, "/account", client, web.Cookies(),
		web.RegistrationFields("company"),
		web.ConsentOptions(web.ConsentEntry{ID: "terms-2026", Title: "I agree to the terms", Required: true}),
		web.RegistrationConsents("terms-2026"),
		web.PrivacyPolicy("https://app.example.com/privacy"),
		web.WithPages(
			web.PageRememberMe(),
			web.PagePasswordStrength(func(password string, words ...string) int { return len(password) / 5 }), // use a library here
		))
	if err != nil {
		fmt.Println(err)
		return
	}

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/account/register", nil))
	for _, text := range []string{">Company</label>", "I agree to the terms</label>", "https://app.example.com/privacy", "data-strength"} {
		fmt.Println(text, strings.Contains(w.Body.String(), text))
	}
	// Output:
	// >Company</label> true
	// I agree to the terms</label> true
	// https://app.example.com/privacy true
	// data-strength true
}

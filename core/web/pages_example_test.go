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

package web_test

import (
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

const strictPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// What an application adds leaves every other directive as it was.
func TestPageSources(t *testing.T) {
	hash := "'sha256-" + strings.Repeat("A", 43) + "='"
	for want, sources := range map[string]web.ContentPolicy{
		strictPolicy: {},
		strings.Replace(strictPolicy, "script-src 'self'", "script-src 'self' https://cdn.example.com/js/ "+hash, 1):            {Scripts: []string{"https://cdn.example.com/js/", hash}},
		strings.Replace(strictPolicy, "style-src 'self'", "style-src 'self' http://localhost:3000", 1):                          {Styles: []string{"http://localhost:3000"}},
		strings.Replace(strictPolicy, "img-src 'self' data:", "img-src 'self' data: https://*.example.com", 1):                  {Images: []string{"https://*.example.com"}},
		strings.Replace(strictPolicy, "form-action", "font-src 'self' data: https://fonts.example.com:8443; form-action", 1):    {Fonts: []string{"'self'", "data:", "https://fonts.example.com:8443"}},
		strings.Replace(strictPolicy, "connect-src 'self'", "connect-src 'self' wss://live.example.com ws://127.0.0.1:3000", 1): {Connect: []string{"wss://live.example.com", "ws://127.0.0.1:3000"}},
	} {
		s := newSite(t, "", []web.RouteOption{web.WithPages(web.PageSources(sources))})
		res, err := s.http.Get(s.url + "/login")
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := res.Header.Get("Content-Security-Policy"); got != want {
			t.Errorf("%+v\nhave %s\nwant %s", sources, got, want)
		}
	}
}

func TestUnusablePageSources(t *testing.T) {
	s := newClient(t)
	refused := func(field, source string, sources web.ContentPolicy) {
		t.Helper()
		_, err := web.NewApp(s.client, web.Cookies(), web.WithPages(web.PageSources(sources)))
		if err == nil || !strings.Contains(err.Error(), "PageSources: "+field+": "+source+" ") {
			t.Errorf("%s %q: %v", field, source, err)
		}
	}
	for _, source := range []string{
		"", "*", "https:", "http:", "blob:", "filesystem:", "'none'", "'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "'wasm-unsafe-eval'", "'strict-dynamic'", "'report-sample'",
		"'nonce-abc'", "'sha256-short='", "cdn.example.com", "http://cdn.example.com", "ftp://cdn.example.com", "https://", "https://cdn.example.com:*", "https://*", "https://*.com",
		"https://user@cdn.example.com", "https://cdn.example.com?x", "https://cdn.example.com/#x", "https://cdn.example.com; script-src *", "https://cdn.example.com/a b", "https://cdn.example.com/a;b",
		"https://CDN.example.com", "//cdn.example.com",
	} {
		one := []string{source}
		refused("Scripts", source, web.ContentPolicy{Scripts: one})
		refused("Styles", source, web.ContentPolicy{Styles: one})
		refused("Images", source, web.ContentPolicy{Images: one})
		refused("Fonts", source, web.ContentPolicy{Fonts: one})
		refused("Connect", source, web.ContentPolicy{Connect: one})
	}
	wildcard := []string{"https://*.example.com"}
	refused("Scripts", wildcard[0], web.ContentPolicy{Scripts: wildcard})
	refused("Styles", wildcard[0], web.ContentPolicy{Styles: wildcard})
	refused("Connect", wildcard[0], web.ContentPolicy{Connect: wildcard})
	refused("Scripts", "data:", web.ContentPolicy{Scripts: []string{"data:"}})
}

// What a template gets wrong is said when the pages are mounted, with file and line.
func TestTemplatesThatCannotWork(t *testing.T) {
	s := newClient(t)
	mount := func(text string, more ...web.PageOption) error {
		own := template.Must(template.New("own.html").Funcs(template.FuncMap{"shout": strings.ToUpper}).Parse(text))
		_, err := web.NewApp(s.client, web.Cookies(), web.WithPages(append(more, web.PageTemplates(own))...))
		return err
	}
	for text, want := range map[string]string{
		"{{define \"home\"}}\n{{.NoSuch}}{{end}}":                                               "own.html:2:2: there is no field NoSuch in web.PageView",
		"{{define \"home\"}}{{if .User}}{{else}}\n\n{{.NoSuch}}{{end}}{{end}}":                  "own.html:3:2: there is no field NoSuch",
		`{{define "home"}}{{with .Problem}}{{else}}{{.User.NoSuch}}{{end}}{{end}}`:              "own.html:1:49: there is no field NoSuch in web.User",
		`{{define "home"}}{{range $i, $s := .Sessions}}{{$s.Token}}{{end}}{{end}}`:              "there is no field Token in web.PageSession",
		`{{define "home"}}{{if eq .Page "x"}}{{$.Step.Nope}}{{end}}{{end}}`:                     "there is no field Nope in web.PageStep",
		`{{define "input"}}{{if .Error}}{{.Eror}}{{end}}{{end}}`:                                "there is no field Eror in web.PageInput",
		`{{define "home"}}{{if .Done}}{{.Text.wellcome}}{{end}}{{end}}`:                         "there is no text wellcome",
		`{{define "home"}}{{if .Done}}{{template "nope" .}}{{end}}{{end}}`:                      `nope`,
		`{{define "home"}}{{if .Done}}{{(index .Sessions 0).ID}}{{.Title.X}}{{end}}{{end}}`:     "there is no field X in string",
		"{{define \"home\"}}<p>\n  <script>alert(1)</script>{{end}}":                            "own.html:2:2: the page's Content-Security-Policy blocks an inline script",
		"{{define \"home\"}}{{if .Done}}x{{else}}<i>\n\n</i><script>a()</script>{{end}}{{end}}": "own.html:3:4: the page's",
		`{{define "home"}}<script type="module">a()</script>{{end}}`:                            "add 'sha256-",
		`{{define "home"}}<p onclick="a()">x</p>{{end}}`:                                        "the handler onclick",
		`{{define "home"}}<p style="color: red">x</p>{{end}}`:                                   "the attribute style",
		`{{define "home"}}<style>p {}</style>{{end}}`:                                           "an inline style",
		`{{define "home"}}<a href="javascript:a()">x</a>{{end}}`:                                "a javascript: address",
		`{{define "home"}}<script src="https://cdn.example.com/a.js"></script>{{end}}`:          "https://cdn.example.com/a.js: name its origin in Scripts",
		`{{define "home"}}<link rel="stylesheet" href="//cdn.example.com/a.css">{{end}}`:        "name its origin in Styles",
		`{{define "home"}}<img alt="" src="https://cdn.example.com/{{.Page}}.png">{{end}}`:      "name its origin in Images",
		`{{define "home"}}<iframe src="/x"></iframe>{{end}}`:                                    "the element iframe",
	} {
		if err := mount(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\nwant an error with %q, have %v", text, want, err)
		}
	}
	sources := web.PageSources(web.ContentPolicy{
		Scripts: []string{"https://cdn.example.com", "'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='"}, Styles: []string{"https://cdn.example.com/css/"}, Images: []string{"https://*.example.com"},
	})
	for _, text := range []string{
		`{{define "home"}}{{template "top" .}}{{shout .Title}}{{range .Sessions}}{{.ID}}{{end}}{{with $u := .User}}{{$u.Email}}{{end}}{{template "bottom" .}}{{end}}`,
		`{{define "home"}}<script src="{{.Base}}own.js"></script><script src="/own.js"></script><img alt="" src="data:,"><img alt="" src="{{.Base}}x.png">{{end}}`,
		`{{define "home"}}<!-- <script>a()</script> --><script type="application/json">{"a": 1}</script>{{end}}`,
		`{{define "home"}}<script src="https://cdn.example.com/a.js"></script><link rel="stylesheet" href="https://cdn.example.com/css/a.css"><img alt="" src="https://img.example.com/a.png">{{end}}`,
		`{{define "home"}}<script>doSomething();</script>{{end}}`,
	} {
		if err := mount(text, sources); err != nil {
			t.Errorf("%s\n%v", text, err)
		}
	}
	style := func(css string, more ...web.PageOption) error {
		_, err := web.NewApp(s.client, web.Cookies(), web.WithPages(append(more, web.PageStyle(css))...))
		return err
	}
	for css, want := range map[string]string{
		`@import "https://cdn.example.com/css/a.css";`:                               "in Styles of PageSources",
		`@font-face { font-family: A; src: url("https://cdn.example.com/a.woff2") }`: "https://cdn.example.com/a.woff2: name its origin in Images or Fonts",
	} {
		if err := style(css); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\nwant an error with %q, have %v", css, want, err)
		}
		if err := style(css, sources); err != nil {
			t.Errorf("%s: %v", css, err)
		}
	}
}

// A logo and a font from other places: nothing else of the policy changes.
func ExamplePageSources() {
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	mux := http.NewServeMux()
	err = nethttp.Mount(mux, "", client, web.Cookies(), web.WithPages(
		web.PageStyle(`@font-face { font-family: Acme; src: url("https://fonts.example.com/acme.woff2") } :root { --font: Acme, sans-serif; }`),
		web.PageSources(web.ContentPolicy{Fonts: []string{"https://fonts.example.com"}, Images: []string{"https://cdn.example.com/logos/"}}),
	))
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/login", nil))
	for directive := range strings.SplitSeq(w.Header().Get("Content-Security-Policy"), "; ") {
		fmt.Println(directive)
	}

	err = nethttp.Mount(http.NewServeMux(), "", client, web.Cookies(), web.WithPages(web.PageSources(web.ContentPolicy{Scripts: []string{"'unsafe-inline'"}})))
	fmt.Println(err)
	// Output:
	// default-src 'none'
	// script-src 'self'
	// connect-src 'self'
	// style-src 'self'
	// img-src 'self' data: https://cdn.example.com/logos/
	// font-src https://fonts.example.com
	// form-action 'self'
	// base-uri 'none'
	// frame-ancestors 'none'
	// loginradius: web: PageSources: Scripts: 'unsafe-inline' would switch the protection off: name an address, such as https://cdn.example.com
}

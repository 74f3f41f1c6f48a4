package web

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Each row of allForms names what there is: a route, the page that it is shown again
// on, the page that it leads to, what is said there, and a form that is on its page.
func TestEveryFormIsOnItsPage(t *testing.T) {
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret", BaseURL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	text := PageTexts()
	has := func(name string) bool {
		return slices.ContainsFunc(allPages, func(pg page) bool { return pg.name == name })
	}
	for _, f := range allForms { // before NewApp, which needs some of it
		if !slices.Contains(RouteNames(), f.route) {
			t.Errorf("the form at %s is for the route %q, which there is not", f.path, f.route)
		}
		if !has(f.page) {
			t.Fatalf("the form at %s is shown again on the page %q, which is not in allPages", f.path, f.page)
		}
		if f.leads != "" && !has(f.leads) {
			t.Errorf("the form at %s leads to the page %q, which is not in allPages", f.path, f.leads)
		}
		if f.done != "" && text["done_"+f.done] == "" {
			t.Errorf("the form at %s says done_%s, which is not in core/web/pages_text.go", f.path, f.done)
		}
	}
	app, err := NewApp(client, InsecureCookies(), WithPages())
	if err != nil {
		t.Fatal(err)
	}
	look, err := newPageLook(app.cfg.pages)
	if err != nil {
		t.Fatal(err)
	}
	p := &pages{app: app, look: look}
	for _, f := range allForms {
		r := &Request{View: HTTPView(httptest.NewRequest("GET", "/"+f.page+"?vtoken=0123", nil))}
		shown := string(p.render(t.Context(), r, "./", pageNamed(f.page), nil).Body)
		if !strings.Contains(shown, `<form method="post" action="./`+strings.TrimPrefix(f.path, "/")+`"`) {
			t.Errorf("the page %s has no form to %s: add one to core/web/pages/pages.html, behind {{if .Has.%s}}", f.page, f.path, f.route)
		}
	}
	for form := range formInputs {
		if !slices.ContainsFunc(allPages, func(pg page) bool { return slices.Contains(pageInputs[pg.name], form) }) {
			t.Errorf("formInputs has %s, which is on no page of pageInputs", form)
		}
	}
	for name, forms := range pageInputs {
		for _, form := range forms {
			if !has(name) || formInputs[form] == nil {
				t.Errorf("pageInputs puts %s on the page %s: one of them there is not", form, name)
			}
		}
	}
}

package web

import (
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
	if _, err := NewApp(client, InsecureCookies(), WithPages()); err != nil {
		t.Fatal(err)
	}
	source, err := pageFiles.ReadFile("pages/pages.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range allForms {
		path, _, _ := strings.Cut(strings.TrimPrefix(f.path, "/"), "{")
		page := templateSource(string(source), f.page)
		if !strings.Contains(page, `<form method="post" action="{{.Base}}`+path) && !strings.Contains(page, `<form method="post" action="{{$.Base}}`+path) {
			t.Errorf("the page %s has no form to %s: add one to core/web/pages/pages.html", f.page, f.path)
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

// templateSource returns the text of one template.
func templateSource(source, name string) string {
	_, rest, _ := strings.Cut(source, `{{define "`+name+`"}}`)
	page, _, _ := strings.Cut(rest, `{{define "`)
	return page
}

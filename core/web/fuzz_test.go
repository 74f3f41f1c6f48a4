package web

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a request holds: a token is one that it sent, in a place that was named,
// and never one of two.
func FuzzToken(f *testing.F) {
	f.Add("Bearer abc", "", "", "", "")
	f.Add("bearer a b", "Bearer x", "lr=1; lr=2", "t=a&t=b", "x")
	f.Add("Basic abc", "", `lr="quoted"`, "t=%61%zz", "")
	f.Add("Bearer ", "", "lr=; other=1", "t=", "\x00")
	f.Add("Bearer\tabc", "Bearer", "=;=;;", "t", " ")
	sources := []Source{BearerHeader(), TokenCookie("lr"), TokenHeader("X-Token"), TokenQuery("t")}
	f.Fuzz(func(t *testing.T, first, second, cookie, query, header string) {
		r := &http.Request{Method: "GET", URL: &url.URL{Path: "/", RawQuery: query}, Header: http.Header{}}
		for name, values := range map[string][]string{"Authorization": {first, second}, "Cookie": {cookie}, "X-Token": {header}} {
			for _, v := range values {
				if v != "" {
					r.Header.Add(name, v)
				}
			}
		}
		value, from, p := token(HTTPView(r), sources)
		switch {
		case first != "" && second != "":
			if p == nil || value != "" {
				t.Fatalf("one of two Authorization headers counts: %q", value)
			}
			return
		case p != nil:
			if p.Status != http.StatusBadRequest || value != "" {
				t.Fatalf("%v with %q", p, value)
			}
			return
		case value == "":
			return
		}
		isCookie := from == fromCookie
		c, _ := r.Cookie("lr")
		params, _ := url.ParseQuery(query)
		authorization := first + second
		switch {
		case len(authorization) > 7 && strings.EqualFold(authorization[:7], "Bearer "):
			if value != authorization[7:] || isCookie {
				t.Fatalf("%q from %q", value, authorization)
			}
		case isCookie:
			if c == nil || value != c.Value {
				t.Fatalf("%q from the cookie %q", value, cookie)
			}
		default:
			if value != header && !slices.Equal(params["t"], []string{value}) {
				t.Fatalf("%q from nowhere", value)
			}
		}
	})
}

// Whatever a body holds: it is refused with a 4xx problem that can be shown, or all
// of it is understood, as encoding/json or net/url understand it.
func FuzzReadForm(f *testing.F) {
	for _, body := range []string{
		`{"email":"a@b.c","password":"p"}`, `{"email":null,"password":"p","custom_fields":{"plan":"gold"}}`, `{"email":"a","email":"b"}`, `{"email":5}`, `{"a":1}`,
		`{}`, `[]`, `null`, ``, ` `, `{`, `{"email":"\ud800"}`, `{"password":"p"}{}`, "{\"email\":\"\xff\"}", strings.Repeat(`{"email":`, 100), `{"custom_fields":{"a":"1","a":"2"}}`, `{"custom_fields":{"a":{}}}`,
	} {
		f.Add("application/json", body)
	}
	for _, body := range []string{"email=a%40b.c&password=p", "email=a&email=b", "secret", `{"email":"a"}`, "custom_fields.plan=gold&password=p", "%zz", "email=%ff", "a=b;c=d", "=&=", "custom_fields=x"} {
		f.Add(urlencoded, body)
	}
	f.Add("text/plain", "x")
	f.Add("application/json; charset=utf-16", "{}")
	f.Add(";;", "{}")
	type input struct {
		Email        string            `json:"email"`
		Password     string            `json:"password" in:"required"`
		CustomFields map[string]string `json:"custom_fields"`
	}
	shape, err := shapeOf(reflect.TypeFor[input](), nil, []string{"plan", "a"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, contentType, body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header = http.Header{"Content-Type": {contentType}}
		var got input
		p := readInput(HTTPView(r), shape, "/", inputRules{phone: internationalPhone}, reflect.ValueOf(&got).Elem())
		if p != nil {
			if p.Status < 400 || p.Status > 499 || titles[p.Code] == "" {
				t.Fatalf("%v", p)
			}
			for _, e := range p.Errors {
				if !utf8.ValidString(e.Field) || len(e.Field) > 100 || strings.ContainsFunc(e.Field, func(r rune) bool { return r < ' ' }) {
					t.Fatalf("the problem shows the field %q", e.Field)
				}
			}
			return
		}
		if len(body) > maxBody || got.Password == "" {
			t.Fatalf("accepted: %.100q", body)
		}
		for _, v := range []string{got.Email, got.Password} {
			if len(v) > maxText || !utf8.ValidString(v) {
				t.Fatalf("%.100q", v)
			}
		}
		if strings.HasPrefix(contentType, urlencoded) {
			values, err := url.ParseQuery(body)
			if err != nil || values.Get("password") != got.Password || len(values["password"]) != 1 {
				t.Fatalf("a form was understood as %v: %v", got, err)
			}
			return
		}
		var all struct {
			Email        *string           `json:"email"`
			Password     *string           `json:"password"`
			CustomFields map[string]string `json:"custom_fields"`
		}
		if err := json.Unmarshal([]byte(body), &all); err != nil || all.Password == nil || *all.Password != got.Password || !maps.Equal(all.CustomFields, got.CustomFields) {
			t.Fatalf("%.200q was understood as %v: %v", body, got, err)
		}
	})
}

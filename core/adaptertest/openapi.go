package adaptertest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// document reads the OpenAPI document of the routes, checks that it is one, and
// holds every later answer to it. A site without that route has none.
func (b *bench) document() {
	b.t.Helper()
	r := b.ask("GET", "/auth/openapi.json", "")
	if r.status == http.StatusNotFound {
		return
	}
	doc, err := b.kit.load(r.body)
	switch {
	case r.status != http.StatusOK || err != nil:
		b.t.Fatalf("GET /auth/openapi.json: %d %v", r.status, err)
	case !doc.IsOpenAPI31OrLater():
		b.t.Errorf("the document is of OpenAPI %s", doc.OpenAPI)
	case doc.Servers[0].URL != "/auth" && doc.Servers[0].URL != ".": // "." where a router strips the prefix
		b.t.Errorf("the document says that the routes are at %q", doc.Servers[0].URL)
	}
	b.doc = doc
}

// load parses and validates a document. Most sites have the same one, and parsing it takes
// longer than most tests.
func (k *kit) load(text string) (*openapi3.T, error) {
	if known, ok := k.docs.Load(text); ok {
		return known.(*openapi3.T), nil
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err == nil {
		err = doc.Validate(context.Background())
	}
	if err == nil {
		k.docs.Store(text, doc)
	}
	return doc, err
}

// documented checks an answer of the routes against the document: the status and
// the content type are in it, and the body fits its schema. So does the body of a
// request that worked.
func (b *bench) documented(req *http.Request, body string, r reply) {
	b.t.Helper()
	path, ours := strings.CutPrefix(req.URL.Path, "/auth")
	if b.doc == nil || !ours || strings.Contains(req.Header.Get("Accept"), "text/html") {
		return // what browsers get is no part of the API
	}
	template, params := documentedPath(b.doc, req.Method, path)
	item := b.doc.Paths.Value(template)
	if item == nil || item.GetOperation(req.Method) == nil {
		isPage := strings.HasPrefix(r.header.Get("Content-Type"), "text/")
		if !isPage && r.status != http.StatusNotFound && r.status != http.StatusMethodNotAllowed {
			b.t.Errorf("%s %s answers %d and is not in the document", req.Method, path, r.status)
		}
		return
	}
	if r.status >= 300 {
		if _, again := b.checked.LoadOrStore(strings.Join([]string{req.Method, path, strconv.Itoa(r.status), r.header.Get("Content-Type"), r.body}, "\n"), true); again {
			return // a check is slow, and most refusals are the same
		}
	}
	options := &openapi3filter.Options{
		IncludeResponseStatus: true, RejectWhenRequestBodyNotSpecified: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
	}
	asked := &openapi3filter.RequestValidationInput{
		Request: req, Options: options, PathParams: params,
		Route: &routers.Route{Spec: b.doc, Path: template, PathItem: item, Method: req.Method, Operation: item.GetOperation(req.Method)},
	}
	if r.status < 300 {
		b.kit.workedWith(asked.Route.Operation)
		req.Body = io.NopCloser(strings.NewReader(body))
		if err := openapi3filter.ValidateRequest(context.Background(), asked); err != nil {
			b.t.Errorf("%s %s %.100s worked, but: %v", req.Method, path, body, err)
		}
	}
	if err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: asked, Status: r.status, Header: r.header, Body: io.NopCloser(bytes.NewReader([]byte(r.body))), Options: options,
	}); err != nil {
		b.t.Errorf("%s %s %.100s: %d %s: %v", req.Method, path, body, r.status, r.body, err)
	}
	if response := asked.Route.Operation.Responses.Status(r.status); response != nil && response.Value.Content == nil && r.body != "" {
		b.t.Errorf("%s %s: the answer %d has a body, which the document does not know", req.Method, path, r.status)
	}
}

// documentedPath returns the path of the document that a request's path belongs to, and
// its parameter.
func documentedPath(doc *openapi3.T, method, path string) (template string, params map[string]string) {
	if item := doc.Paths.Value(path); item != nil && item.GetOperation(method) != nil {
		return path, nil
	}
	cut := strings.LastIndexByte(path, '/') + 1
	for _, template := range doc.Paths.Keys() {
		if name, ok := strings.CutPrefix(template, path[:cut]+"{"); ok && path[cut:] != "" {
			return template, map[string]string{strings.TrimSuffix(name, "}"): path[cut:]}
		}
	}
	return path, nil
}

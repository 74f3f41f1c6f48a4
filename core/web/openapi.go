package web

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

func (a *App) openAPIRoutes() []Route {
	return []Route{route(a, Route{
		Name: RouteOpenAPI, Method: "GET", Path: "/openapi.json", Summary: "This description of the routes, as OpenAPI 3.1",
		answers: answers(http.StatusOK, map[string]any{}), local: true,
	}, a.openAPI)}
}

// openAPI answers with the OpenAPI 3.1 document of the mounted routes.
func (a *App) openAPI(_ context.Context, r *Request, _ nothing) (*Response, error) {
	path := a.route(RouteOpenAPI).Path
	// Only the request tells where the routes are mounted. If a router strips the
	// prefix, the address relative to this document is right.
	server := strings.Repeat("../", strings.Count(path, "/")-1)
	if prefix, ok := strings.CutSuffix(r.Path(), path); ok && prefix != "" {
		server = prefix
	}
	if server == "" {
		server = "."
	}
	return JSON(http.StatusOK, a.document(server)), nil
}

// document describes the routes that are mounted.
func (a *App) document(server string) map[string]any {
	schemes, names := a.securitySchemes()
	paths := map[string]map[string]any{}
	for _, r := range a.routes {
		if r.Page {
			continue
		}
		if paths[r.Path] == nil {
			paths[r.Path] = map[string]any{}
		}
		paths[r.Path][strings.ToLower(r.Method)] = a.operation(r, names)
	}
	return map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title": "Login", "version": "1",
			"description": "Accounts and sessions. Failures are problems as RFC 9457 defines them; decide by their code.",
		},
		"servers": []any{map[string]any{"url": server}},
		"paths":   paths,
		"components": map[string]any{
			"securitySchemes": schemes,
			"schemas":         a.schemas(),
		},
	}
}

// securitySchemes describes where tokens are looked for, in order.
func (a *App) securitySchemes() (schemes map[string]any, names []string) {
	schemes = map[string]any{}
	for _, s := range a.cfg.sources {
		name, scheme := "", map[string]any{"type": "apiKey", "name": s.name}
		switch s.kind {
		case fromBearer:
			name, scheme = "bearer", map[string]any{"type": "http", "scheme": "bearer"}
		case fromCookie:
			name, scheme["in"] = "cookie", "cookie"
		case fromHeader:
			name, scheme["in"] = "header", "header"
		case fromQuery:
			name, scheme["in"] = "query", "query"
		case fromSubprotocol:
			name, scheme["in"], scheme["name"] = "subprotocol", "header", "Sec-WebSocket-Protocol"
			scheme["description"] = "one of the offered protocols: " + s.name + " and then the token in base64url without padding"
		case fromFunc:
			continue // what it reads is not known
		}
		for n := 2; schemes[name] != nil; n++ {
			name = strings.TrimRight(name, "0123456789") + strconv.Itoa(n)
		}
		schemes[name] = scheme
		names = append(names, name)
	}
	return schemes, names
}

func (a *App) schemas() map[string]any {
	session := schemaOf(reflect.TypeFor[tokenAnswer]())
	properties, _ := session["properties"].(schema)
	properties["user"] = reference("User")
	if a.cfg.cookies.on() {
		delete(properties, "access_token")
		delete(properties, "refresh_token")
	} else {
		session["required"] = []string{"access_token", "user"}
	}
	return map[string]any{
		"User":     schemaOf(reflect.TypeFor[User]()),
		"Session":  session,
		"Pending":  schemaOf(reflect.TypeFor[pending]()),
		"Sessions": schemaOf(reflect.TypeFor[sessionsAnswer]()),
		"Problem":  schemaOf(reflect.TypeFor[Problem]()),
	}
}

// schemaNames are the answers that have a name in the document.
var schemaNames = map[reflect.Type]string{
	reflect.TypeFor[User](): "User", reflect.TypeFor[tokenAnswer](): "Session", reflect.TypeFor[pending](): "Pending", reflect.TypeFor[sessionsAnswer](): "Sessions",
}

func reference(name string) schema { return schema{"$ref": "#/components/schemas/" + name} }

func (a *App) operation(r Route, schemes []string) map[string]any {
	op := map[string]any{"operationId": r.Name, "summary": r.Summary}
	if name := strings.Trim(parameterOf(r.Path), "{}"); name != "" {
		op["parameters"] = []any{r.parameter(name)}
	}
	switch {
	case r.NeedsLogin:
		op["security"] = security(schemes)
	case r.TakesToken, r.MayLogin:
		op["security"] = append(security(schemes), map[string]any{})
	}
	if r.replaced { // only its place is known
		op["responses"] = map[string]any{"default": map[string]any{"description": "What the application answers"}}
		return op
	}
	if r.input.hasBody() {
		required := len(r.input.choices) > 0 || slices.ContainsFunc(r.input.fields, func(f inputField) bool { return f.required })
		op["requestBody"] = map[string]any{"required": required, "content": map[string]any{
			"application/json": map[string]any{"schema": r.input.schema(false)},
			urlencoded:         map[string]any{"schema": r.input.schema(true)},
		}}
	}
	if r.signed {
		op["requestBody"] = map[string]any{"required": true, "content": map[string]any{"application/json": map[string]any{"schema": schema{"type": "object"}}}}
	}
	op["responses"] = a.responses(r)
	return op
}

func security(schemes []string) []any {
	var out []any
	for _, name := range schemes {
		out = append(out, map[string]any{name: []string{}})
	}
	return out
}

func (a *App) responses(r Route) map[string]any {
	out := map[string]any{}
	bodies := map[int][]schema{}
	for _, answer := range r.answers {
		response := map[string]any{"description": http.StatusText(answer.status)}
		if answer.body != nil {
			t := reflect.TypeOf(answer.body)
			s := schemaOf(t)
			if name := schemaNames[t]; name != "" {
				s = reference(name)
			}
			bodies[answer.status] = append(bodies[answer.status], s)
			if len(bodies[answer.status]) > 1 {
				s = schema{"anyOf": bodies[answer.status]}
			}
			response["content"] = map[string]any{"application/json": map[string]any{"schema": s}}
		}
		out[strconv.Itoa(answer.status)] = response
	}
	for status, codes := range a.refusals(r) {
		slices.Sort(codes)
		response := map[string]any{"description": http.StatusText(status)}
		if a.cfg.errorResponse == nil && !a.cfg.returnErrors { // else the application has its own form
			s := schema{"allOf": []any{reference("Problem"), schema{"properties": schema{
				"status": schema{"const": status}, "code": schema{"enum": slices.Compact(codes)},
			}}}}
			response["content"] = map[string]any{"application/problem+json": map[string]any{"schema": s}}
		}
		out[strconv.Itoa(status)] = response
	}
	return out
}

// refusals lists how a route may refuse a request: statuses and their codes.
func (a *App) refusals(r Route) map[int][]string {
	out := map[int][]string{}
	add := func(status int, codes ...string) { out[status] = append(out[status], codes...) }
	add(http.StatusBadRequest, CodeInvalidRequest)
	add(http.StatusInternalServerError, CodeInternal)
	add(http.StatusTooManyRequests, CodeThrottled)
	if parameterOf(r.Path) != "" {
		add(http.StatusNotFound, CodeNotFound)
	}
	if r.NeedsLogin || r.MayLogin {
		add(http.StatusUnauthorized, CodeUnauthenticated, CodeInvalidToken, CodeAccountBlocked)
		add(http.StatusServiceUnavailable, CodeUnavailable)
	}
	if r.TakesToken {
		add(http.StatusUnauthorized, CodeUnauthenticated)
	}
	if a.cfg.recent[r.Name] > 0 {
		add(http.StatusUnauthorized, CodeReauthRequired)
	}
	if (r.ownPages || a.cfg.cookies.on() || slices.ContainsFunc(a.cfg.sources, func(s Source) bool { return s.kind.ambient() })) && !safeMethod(r.Method) {
		add(http.StatusForbidden, CodeCrossOrigin)
	}
	if r.input.hasBody() {
		add(http.StatusBadRequest, CodeInvalidBody)
		add(http.StatusRequestEntityTooLarge, CodeBodyTooLarge)
		add(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType)
	}
	if r.byPasskey {
		add(http.StatusForbidden, CodeCrossOrigin)
	}
	if r.signed {
		add(http.StatusBadRequest, CodeInvalidBody)
		add(http.StatusUnauthorized, CodeInvalidSignature)
		add(http.StatusRequestEntityTooLarge, CodeBodyTooLarge)
	}
	if !r.local { // LoginRadius has a word in it
		for _, m := range meanings {
			add(m.status, m.code)
		}
		add(http.StatusUnprocessableEntity, CodeValidationFailed)
		add(http.StatusUnauthorized, CodeInvalidCode)
		if a.cfg.sameBrowser {
			add(http.StatusUnprocessableEntity, CodeOtherBrowser)
		}
		add(http.StatusForbidden, CodeReauthUnavailable)
	}
	return out
}

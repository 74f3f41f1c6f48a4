// Package web holds everything about HTTP that does not depend on a framework: who
// may pass (the guard) and the ready-made routes. The adapters (nethttp, ginlr,
// echolr, fiberlr) translate; the decisions are all here.
//
// Applications use its options through an adapter:
//
//	if err := ginlr.Mount(r.Group("/auth"), client, web.Cookies()); err != nil {
//		return err
//	}
//	api := r.Group("/api", ginlr.RequireLogin(client, web.Cookies(), web.RequireRole("admin")))
//
// # Routes
//
// Without options the Mount of an adapter mounts every [RouteName] below the given prefix,
// as JSON routes that answer a login with its tokens. Pages, cookies, webhooks and logins at
// hosted pages need their options. [Only], [At] and [Replace] select and change routes.
// GET /openapi.json describes the bodies and answers of what is mounted.
//
// # Answers
//
// Answers are JSON, failures are RFC 9457 problems with a stable code; see [Problem].
//
// # Other frameworks
//
// To support another framework, implement [View], write what [Guard.Admit] and
// [Route.Serve] return, and let package adaptertest prove it; its documentation has
// the steps.
package web

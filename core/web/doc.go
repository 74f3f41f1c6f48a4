// Package web holds everything about HTTP that does not depend on a framework: who
// may pass (the guard) and the ready-made routes. The adapters (nethttp, ginlr,
// echolr, fiberlr) translate; the decisions are all here.
//
// Applications use its options through an adapter:
//
//	api := r.Group("/api", ginlr.RequireLogin(client, web.RequireRole("admin")))
//	ginlr.Mount(r.Group("/auth"), client, web.Cookies())
//
// Answers are JSON, failures are RFC 9457 problems with a stable code. To support
// another framework, implement [View], write what [Guard.Admit] and [Route.Serve]
// return, and let package adaptertest prove it; its documentation has the steps.
package web

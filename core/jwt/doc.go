// Package jwt verifies signed JSON Web Tokens that LoginRadius issues, without a call
// per token.
//
// [New] makes a verifier for the access tokens of an OIDC application or of
// machine-to-machine (M2M) clients; it fetches the public keys from the issuer.
// [NewApp] makes one for the tokens of a LoginRadius JWT application, which are signed
// with a key that you configure. Give either to web.AcceptJWT.
//
// A local check cannot see what happened to an account after the token was issued: a
// logout, a block or a deletion takes effect when the token expires, or when this
// program learns of it: by its own routes, by [core.Client.Forget] and
// [core.Client.ForgetUser], or by a webhook. Keep the lifetime of such tokens short, or
// use introspection, which asks LoginRadius.
//
// [NewLogin] makes the login at LoginRadius' hosted page by OpenID Connect, for
// web.OIDCLogin.
//
// Programs that do not import this package link no JOSE library.
package jwt

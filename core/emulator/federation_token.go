package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// authenticates reports whether a call has the credentials of the application.
func (app *OIDCApp) authenticates(c *call) bool {
	return equal(c.text("client_id"), app.ClientID) && equal(c.text("client_secret"), app.ClientSecret)
}

func (f *federation) token(c *call, _ *account) (int, any) {
	app := f.appOf(c)
	switch {
	case app == nil:
		return unknownApp()
	case !app.authenticates(c):
		return oauthError(http.StatusUnauthorized, "invalid_client", "The client_id or client_secret is wrong.")
	}
	switch c.text("grant_type") {
	case "authorization_code":
		return f.redeemCode(c, app)
	case "refresh_token":
		return f.refreshGrant(c, app)
	}
	return oauthError(http.StatusBadRequest, "unsupported_grant_type", "The grant_type is not supported.")
}

func invalidGrant(description string) (int, any) {
	return oauthError(http.StatusBadRequest, "invalid_grant", description)
}

func (f *federation) redeemCode(c *call, app *OIDCApp) (int, any) {
	g, ok := f.codes.Get(c.text("code"))
	switch {
	case !ok || g.app != app || !f.now().Before(g.expires):
		return invalidGrant("The code is unknown or has expired.")
	case g.session != nil: // someone else has it, so the tokens end for both
		g.session.ended, g.session.refresh.used = true, true
		return invalidGrant("The code has been used.")
	case g.redirectURI != c.text("redirect_uri"):
		return invalidGrant("The redirect_uri is not that of the authorization request.")
	case g.challenge != "" && !equal(g.challenge, sha256Text(c.text("code_verifier"), sha256.Size)):
		return invalidGrant("The code_verifier is missing or wrong.")
	}
	a := f.accounts.byUID(g.uid)
	if a == nil || !a.active {
		return invalidGrant("The account is gone or blocked.")
	}
	out := f.issueGrant(c, a, g)
	g.nonce = "" // a refresh does not repeat it
	return http.StatusOK, out
}

// sha256Text is the first n bytes of a hash, as PKCE and at_hash write them.
func sha256Text(s string, n int) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:n])
}

// issueGrant starts a session with an access token in JWT form.
func (f *federation) issueGrant(c *call, a *account, g *grant) map[string]any {
	issuer, now := f.issuer(c, g.app), f.now()
	expires := now.Add(f.opt.tokenLife)
	claims := f.times(map[string]any{
		"iss": issuer, "sub": a.uid, "aud": []string{g.app.ClientID}, "azp": g.app.ClientID, "cid": g.app.ClientID,
		"gty": "authorization_code", "scp": g.scopes,
	}, expires.Unix())
	s := f.sessions.beginWith(c.r, a, "Email", f.sign(f.opt.federation.accessType, claims))
	s.grant, s.claims = g, claims
	g.session = s
	id := f.times(map[string]any{
		"iss": issuer, "sub": a.uid, "aud": g.app.ClientID, "azp": g.app.ClientID, "auth_time": g.authenticated.Unix(),
		"at_hash": sha256Text(s.token, sha256.Size/2),
	}, now.Add(f.opt.federation.idTokenLife).Unix())
	if g.nonce != "" {
		id["nonce"] = g.nonce
	}
	maps.Copy(id, f.about(a, g.scopes))
	return map[string]any{
		"access_token": s.token, "token_type": "Bearer", "refresh_token": s.refresh.token,
		"expires_in": int(f.opt.tokenLife.Seconds()), "id_token": f.sign("JWT", id),
	}
}

func (f *federation) refreshGrant(c *call, app *OIDCApp) (int, any) {
	old, ok := f.sessions.refresh.Get(c.text("refresh_token"))
	if !ok || old.used || !f.now().Before(old.expires) || old.session.grant == nil || old.session.grant.app != app {
		return invalidGrant("The refresh_token is unknown, used or expired.")
	}
	a := f.accounts.byUID(old.session.uid)
	if a == nil || !a.active {
		return invalidGrant("The account is gone or blocked.")
	}
	old.used = true
	if !f.opt.keepOnRefresh {
		old.session.ended = true
	}
	return http.StatusOK, f.issueGrant(c, a, old.session.grant)
}

// about are the claims about a user that scopes ask for.
func (f *federation) about(a *account, scopes []string) map[string]any {
	out := map[string]any{}
	if slices.Contains(scopes, "email") && a.email() != "" {
		out["email"], out["email_verified"] = a.email(), a.emailVerified
	}
	if slices.Contains(scopes, "phone") && a.phone != "" {
		out["phone_number"], out["phone_number_verified"] = a.phone, a.phoneVerified
	}
	if slices.Contains(scopes, "profile") {
		for claim, key := range map[string]string{"given_name": "FirstName", "family_name": "LastName", "name": "FullName"} {
			if text, _ := a.extra[key].(string); text != "" {
				out[claim] = text
			}
		}
	}
	return out
}

// liveGrant returns the session of an access token that OpenID Connect issued.
func (f *federation) liveGrant(token string, app *OIDCApp) *session {
	s, ok := f.sessions.live.Get(token)
	if !ok || s.grant == nil || s.grant.app != app || !s.lives(f.now()) {
		return nil
	}
	if a := f.accounts.byUID(s.uid); a == nil || !a.active {
		return nil
	}
	return s
}

func (f *federation) userinfo(c *call, _ *account) (int, any) {
	app := f.appOf(c)
	if app == nil {
		return unknownApp()
	}
	s := f.liveGrant(c.bearer(), app)
	if s == nil {
		return oauthError(http.StatusUnauthorized, "invalid_token", "The access token is unknown, ended or expired.")
	}
	out := f.about(f.accounts.byUID(s.uid), s.grant.scopes)
	out["sub"] = s.uid
	return http.StatusOK, out
}

// introspect answers RFC 7662 for the tokens of one application. The issuer comes
// without its slash, as documented samples have it.
func (f *federation) introspect(c *call, _ *account) (int, any) {
	app := f.appOf(c)
	switch {
	case app == nil:
		return unknownApp()
	case !app.authenticates(c):
		return oauthError(http.StatusUnauthorized, "invalid_client", "The client_id or client_secret is wrong.")
	case c.text("token") == "":
		return oauthError(http.StatusBadRequest, "invalid_request", "The token is missing.")
	}
	s := f.liveGrant(c.text("token"), app)
	if s == nil {
		return http.StatusOK, map[string]any{"active": false}
	}
	return http.StatusOK, introspected(s.claims)
}

func introspected(claims map[string]any) map[string]any {
	out := maps.Clone(claims)
	out["active"] = true
	if issuer, ok := out["iss"].(string); ok {
		out["iss"] = strings.TrimSuffix(issuer, "/")
	}
	return out
}

// revoke ends a token of an application. A token that is unknown is as good as ended,
// see RFC 7009.
func (f *federation) revoke(c *call, _ *account) (int, any) {
	app := f.appOf(c)
	token := first(c.text("token"), c.text("refresh_token"))
	switch {
	case app == nil:
		return unknownApp()
	case !app.authenticates(c):
		return oauthError(http.StatusUnauthorized, "invalid_client", "The client_id or client_secret is wrong.")
	case token == "":
		return oauthError(http.StatusBadRequest, "invalid_request", "The token is missing.")
	}
	if s := f.liveGrant(token, app); s != nil {
		s.ended = true
	}
	if r, ok := f.sessions.refresh.Get(token); ok && r.session.grant != nil && r.session.grant.app == app {
		r.used, r.session.ended = true, true
	}
	return emptyOK()
}

func emptyOK() (int, any) {
	return 0, writer(func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) })
}

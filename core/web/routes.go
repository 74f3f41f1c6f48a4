package web

import "net/http"

func required(names ...string) []field {
	var out []field
	for _, n := range names {
		out = append(out, field{name: n, required: true})
	}
	return out
}

func optional(names ...string) []field {
	var out []field
	for _, n := range names {
		out = append(out, field{name: n})
	}
	return out
}

// An answer is what a route answers when it has worked.
type answer struct {
	status int
	body   any // a value of the type that is encoded, or nil for no body
}

func answers(status int, bodies ...any) []answer {
	if bodies == nil {
		return []answer{{status, nil}}
	}
	var out []answer
	for _, b := range bodies {
		out = append(out, answer{status, b})
	}
	return out
}

// What a route that takes one of several sets of fields accepts.
var (
	anyName     = [][]string{{"email"}, {"username"}, {"phone"}}
	mailedName  = [][]string{{"email"}, {"username"}}
	tokenOrCode = [][]string{{"token"}, {"email", "otp"}}
)

// allRoutes declares every ready-made route: it is what is mounted, what bodies are
// read by, and what the OpenAPI document says.
func (a *App) allRoutes() []Route {
	customFields := field{name: "custom_fields", isMap: true}
	profile, registration := []field{customFields}, append(required("email", "password"), optional("first_name", "last_name", "username", "phone")...)
	if a.cfg != nil {
		for _, name := range a.cfg.profileFields {
			profile = append(profile, field{name: name, blank: true})
		}
		registration = append(registration, optional(a.cfg.registrationFields...)...)
	}
	session := tokenAnswer{}
	return []Route{
		{Name: "register", Method: "POST", Path: "/register", Summary: "Create an account and mail a verification link", handle: a.register,
			fields: append(registration, customFields), answers: answers(http.StatusCreated, pending{}, session)},
		{Name: "login", Method: "POST", Path: "/login", Summary: "Log in with email, username or phone, and password", handle: a.login,
			fields: append(required("password"), optional("email", "username", "phone")...), choices: anyName, answers: answers(http.StatusOK, session)},
		{Name: "logout", Method: "POST", Path: "/logout", TakesToken: true, Summary: "End the session", handle: a.logout,
			answers: answers(http.StatusNoContent)},
		{Name: "me", Method: "GET", Path: "/me", NeedsLogin: true, Summary: "Who is logged in", handle: a.me, local: true,
			answers: answers(http.StatusOK, User{})},
		{Name: "update_me", Method: "PATCH", Path: "/me", NeedsLogin: true, Summary: "Change the profile", handle: a.updateMe,
			fields: profile, answers: answers(http.StatusOK, User{})},
		{Name: "forgot_password", Method: "POST", Path: "/password/forgot", Summary: "Mail a link or code to reset the password", handle: a.forgotPassword,
			fields: optional("email", "username"), choices: mailedName, answers: answers(http.StatusAccepted, pending{})},
		{Name: "reset_password", Method: "POST", Path: "/password/reset", Summary: "Set a new password with a mailed token or code", handle: a.resetPassword,
			fields: append(required("password"), optional("token", "email", "otp")...), choices: tokenOrCode, answers: answers(http.StatusNoContent)},
		{Name: "change_password", Method: "POST", Path: "/password/change", NeedsLogin: true, Summary: "Set a new password with the current one", handle: a.changePassword,
			fields: required("current_password", "new_password"), answers: answers(http.StatusNoContent)},
		{Name: "verify_email", Method: "POST", Path: "/email/verify", Summary: "Verify the address with a mailed token or code", handle: a.verifyEmail,
			fields: optional("token", "email", "otp"), choices: tokenOrCode, answers: append(answers(http.StatusNoContent), answer{http.StatusOK, session})},
		{Name: "resend_verification", Method: "POST", Path: "/email/verify/resend", Summary: "Mail the verification link again", handle: a.resendVerification,
			fields: required("email"), answers: answers(http.StatusAccepted, pending{})},
		{Name: "delete_account", Method: "DELETE", Path: "/account", NeedsLogin: true, Summary: "Mail a link that deletes the account", handle: a.deleteAccount,
			answers: answers(http.StatusAccepted, pending{})},
		{Name: "confirm_delete_account", Method: "POST", Path: "/account/delete", Summary: "Delete the account with a mailed token", handle: a.confirmDeleteAccount,
			fields: required("token"), answers: answers(http.StatusNoContent)},
		{Name: "refresh_token", Method: "POST", Path: "/token/refresh", TakesToken: true, Summary: "Trade the refresh token for new tokens", handle: a.refreshToken,
			fields: optional("refresh_token"), answers: answers(http.StatusOK, session)},
		{Name: "social_exchange", Method: "POST", Path: "/social/exchange", Summary: "Trade the request token of a social login for tokens", handle: a.exchangeSocial,
			fields: required("token"), answers: answers(http.StatusOK, session)},
		{Name: "social_facebook", Method: "POST", Path: "/social/facebook", Summary: "Log in with a Facebook token", handle: a.facebook,
			fields: required("access_token"), answers: answers(http.StatusOK, session)},
		{Name: "social_google", Method: "POST", Path: "/social/google", Summary: "Log in with a Google token", handle: a.google,
			fields: required("access_token"), answers: answers(http.StatusOK, session)},
		{Name: "social_twitter", Method: "POST", Path: "/social/twitter", Summary: "Log in with a Twitter token", handle: a.twitter,
			fields: required("access_token", "token_secret"), answers: answers(http.StatusOK, session)},
		{Name: "sessions", Method: "GET", Path: "/sessions", NeedsLogin: true, Summary: "The user's active sessions", handle: a.sessions,
			answers: answers(http.StatusOK, sessionsAnswer{})},
		{Name: "openapi", Method: "GET", Path: "/openapi.json", Summary: "This description of the routes, as OpenAPI 3.1", handle: a.openAPI, local: true,
			answers: answers(http.StatusOK, map[string]any{})},
	}
}

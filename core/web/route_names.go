package web

import "slices"

// A RouteName names a ready-made route, for [Only], [At], [Replace] and the adapters'
// Handle.
type RouteName string

// The ready-made routes. The documentation of the package lists their methods and paths.
const (
	RouteRegister             RouteName = "register"
	RouteLogin                RouteName = "login"
	RouteLogout               RouteName = "logout"
	RouteMe                   RouteName = "me"
	RouteUpdateMe             RouteName = "update_me"
	RouteForgotPassword       RouteName = "forgot_password"
	RouteResetPassword        RouteName = "reset_password"
	RouteChangePassword       RouteName = "change_password"
	RouteVerifyEmail          RouteName = "verify_email"
	RouteResendVerification   RouteName = "resend_verification"
	RouteDeleteAccount        RouteName = "delete_account"
	RouteConfirmDeleteAccount RouteName = "confirm_delete_account"
	RouteRefreshToken         RouteName = "refresh_token"
	RouteSocialExchange       RouteName = "social_exchange"
	RouteSocialFacebook       RouteName = "social_facebook"
	RouteSocialGoogle         RouteName = "social_google"
	RouteSocialTwitter        RouteName = "social_twitter"
	RouteSessions             RouteName = "sessions"
	RouteEndSession           RouteName = "end_session"
	RouteEndOtherSessions     RouteName = "end_other_sessions"
	RouteOpenAPI              RouteName = "openapi"
	RouteWebhook              RouteName = "webhook" // with [Webhooks] only
)

// optionalRoutes are mounted only with an option of their own.
var optionalRoutes = []RouteName{RouteWebhook}

// known reports whether a route can be mounted.
func known(name RouteName) bool {
	return slices.Contains(optionalRoutes, name) || slices.Contains(RouteNames(), name)
}

// RouteNames lists the ready-made routes that are mounted by default.
func RouteNames() []RouteName {
	var names []RouteName
	for _, r := range (&App{cfg: newRouteConfig(nil)}).allRoutes() {
		names = append(names, r.Name)
	}
	return names
}

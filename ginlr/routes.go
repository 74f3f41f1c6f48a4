package ginlr

import (
	"github.com/gin-gonic/gin"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// One function per ready-made route, for those who mount by hand.

// Register creates an account.
func Register(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "register", opts...))
}

// Login logs in.
func Login(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "login", opts...))
}

// Logout ends the session.
func Logout(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "logout", opts...))
}

// Me tells who is logged in.
func Me(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "me", opts...))
}

// UpdateMe changes the profile.
func UpdateMe(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "update_me", opts...))
}

// ForgotPassword mails a way to reset the password.
func ForgotPassword(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "forgot_password", opts...))
}

// ResetPassword sets a new password with a mailed token or code.
func ResetPassword(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "reset_password", opts...))
}

// ChangePassword sets a new password with the current one.
func ChangePassword(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "change_password", opts...))
}

// VerifyEmail verifies the address with a mailed token or code.
func VerifyEmail(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "verify_email", opts...))
}

// ResendVerification mails the verification link again.
func ResendVerification(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "resend_verification", opts...))
}

// DeleteAccount mails a link that deletes the account.
func DeleteAccount(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "delete_account", opts...))
}

// ConfirmDeleteAccount deletes the account with a mailed token.
func ConfirmDeleteAccount(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "confirm_delete_account", opts...))
}

// RefreshToken trades the refresh token for new tokens.
func RefreshToken(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "refresh_token", opts...))
}

// ExchangeSocial trades the request token of a social login for tokens.
func ExchangeSocial(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "social_exchange", opts...))
}

// Facebook logs in with a Facebook token.
func Facebook(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "social_facebook", opts...))
}

// Google logs in with a Google token.
func Google(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "social_google", opts...))
}

// Twitter logs in with a Twitter token.
func Twitter(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "social_twitter", opts...))
}

// Sessions lists the user's active sessions.
func Sessions(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "sessions", opts...))
}

// OpenAPI describes the routes that the same options would mount.
func OpenAPI(client *core.Client, opts ...web.RouteOption) gin.HandlerFunc {
	return serve(web.SingleRoute(client, "openapi", opts...))
}

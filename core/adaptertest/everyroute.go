package adaptertest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// public are the routes that strangers may use. All others must insist on a login: a
// route that forgets to is found because it is not here.
var public = []web.RouteName{
	web.RouteRegister, web.RouteLogin, web.RouteForgotPassword, web.RouteResetPassword, web.RouteVerifyEmail, web.RouteResendVerification, web.RouteConfirmDeleteAccount,
	web.RouteSocialExchange, web.RouteSocialFacebook, web.RouteSocialGoogle, web.RouteSocialTwitter, web.RouteOpenAPI,
	web.RouteSocialApple, web.RouteSocialAppleIDToken, web.RouteSocialGoogleIDToken, web.RouteSocialGoogleCode, web.RouteSocialFacebookIDToken, web.RouteSocialLinkedIn,
	web.RouteSocialFoursquare, web.RouteSocialVKontakte, web.RouteSocialWeChat, web.RouteSocialJWT, web.RouteConsent, web.RouteAcceptPrivacy,
	web.RoutePasswordlessStart, web.RoutePasswordlessVerify, web.RouteVerifyPhone, web.RouteResendPhoneCode,
	web.RouteMFASend, web.RouteMFAVerify, web.RouteMFAEnroll, web.RouteMFAEnrollConfirm, web.RouteSetPIN, web.RoutePINLogin, web.RouteForgotPIN, web.RouteResetPIN,
	web.RoutePasskeyLoginBegin, web.RoutePasskeyLoginFinish, web.RoutePasskeyRegisterBegin, web.RoutePasskeyRegisterFinish,
	web.RoutePasskeyForgot, web.RoutePasskeyResetBegin, web.RoutePasskeyResetFinish,
	web.RouteLogout, web.RouteRefreshToken, // work on the token that comes with the request
}

// Who is not logged in gets 401 from every route that is not for strangers, and the
// document says the same.
func testAccess(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	for path, item := range b.doc.Paths.Map() {
		for method, op := range item.Operations() {
			needs := op.Security != nil && !slices.ContainsFunc(*op.Security, func(r openapi3.SecurityRequirement) bool { return len(r) == 0 })
			switch isPublic := slices.Contains(public, web.RouteName(op.OperationID)); {
			case isPublic && needs:
				t.Errorf("%s %s needs a login, and public in core/adaptertest has it", method, path)
			case !isPublic && !needs:
				t.Errorf("%s %s does not need a login: set NeedsLogin where it is declared in core/web, or if it is for strangers add %s to public in core/adaptertest", method, path, op.OperationID)
			}
			path := strings.NewReplacer("{", "", "}", "").Replace(path)
			if needs {
				b.refused(http.StatusUnauthorized, web.CodeUnauthenticated, method, "/auth"+path, "")
				b.refused(http.StatusUnauthorized, web.CodeInvalidToken, method, "/auth"+path, "", bearer("8a1b0c5e-0000-4000-8000-000000000000")...)
			}
		}
	}
}

// workedWith remembers that a ready-made route did its work; a handler
// that the application supplied does not count, since the document lacks its answers.
func (k *kit) workedWith(op *openapi3.Operation) {
	if op.Responses.Default() == nil {
		k.worked.Store(op.OperationID, true)
	}
}

// everyRouteWorked fails for the routes that no test has seen working.
func (k *kit) everyRouteWorked(t *testing.T) {
	t.Helper()
	for _, name := range web.RouteNames() {
		if _, ok := k.worked.Load(string(name)); !ok {
			t.Errorf("the route %s never worked in this kit: add a case to core/adaptertest/routes.go", name)
		}
	}
}

package emulator

import (
	"net/url"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// credentials says what a route checks before its handler runs.
type credentials int

const (
	noCredentials credentials = iota
	withKey
	withSecret // and key
	withSecretOnly
)

// A route is one operation, named as in the vendor's catalogue. Several share a
// path: what the body or the query holds decides.
type route struct {
	operation  string
	method     string
	path       []string // lower case; {name} for an argument
	creds      credentials
	bearer     bool
	blockedToo bool // the bearer may be blocked
	when       func(*call) bool
	handle     func(*call, *account) (int, any) // the account is that of the bearer
}

// match compares path segments without case and returns the arguments.
func (r *route) match(escaped string) (map[string]string, bool) {
	segments := strings.Split(strings.Trim(escaped, "/"), "/")
	if len(segments) != len(r.path) {
		return nil, false
	}
	args := map[string]string{}
	for i, want := range r.path {
		got, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		if name, ok := strings.CutPrefix(want, "{"); ok {
			args[strings.TrimSuffix(name, "}")] = got
			continue
		}
		if !strings.EqualFold(want, got) {
			return nil, false
		}
	}
	return args, true
}

// opMFALogin is the login that may answer with a challenge on every site.
const opMFALogin = "mfa_login_by_email"

func hasBody(key string) func(*call) bool {
	return func(c *call) bool { _, ok := c.body[key]; return ok }
}

func hasQuery(key string) func(*call) bool {
	return func(c *call) bool { _, ok := c.query[key]; return ok }
}

func (e *Emulator) allRoutes() []route {
	const auth, manage = "identity/v2/auth/", "identity/v2/manage/account"
	var out []route
	add := func(operation, method, path string, creds credentials, handle func(*call, *account) (int, any)) *route {
		out = append(out, route{operation: operation, method: method, path: strings.Split(path, "/"), creds: creds, handle: handle})
		return &out[len(out)-1]
	}
	user := func(operation, method, path string, handle func(*call, *account) (int, any)) *route {
		r := add(operation, method, path, withKey, handle)
		r.bearer = true
		return r
	}

	add("user_registration_by_email", "POST", auth+"register", withKey, e.register)
	add("auth_resend_email_verification", "PUT", auth+"register", withKey, e.resendVerification)
	add("login_by_email", "POST", auth+"login", withKey, e.login).when = hasBody("email")
	add("login_by_user_name", "POST", auth+"login", withKey, e.login).when = hasBody("username")
	add("login_by_phone", "POST", auth+"login", withKey, e.login)
	add(opMFALogin, "POST", auth+"login/2fa", withKey, e.login)
	user("change_password", "PUT", auth+"password/change", e.changePassword)
	add("forgot_password", "POST", auth+"password", withKey, e.forgotPassword)
	for _, path := range []string{auth + "password/reset", auth + "password"} {
		add("reset_password_by_reset_token", "PUT", path, withKey, e.resetByToken).when = hasBody("resettoken")
		add("reset_password_by_otp_and_user_name", "PUT", path, withKey, e.resetByOTP).when = hasBody("username")
		add("reset_password_by_email_otp", "PUT", path, withKey, e.resetByOTP)
	}
	user("auth_validate_access_token", "GET", auth+"access_token/validate", e.validate).blockedToo = true
	user("auth_in_validate_access_token", "GET", auth+"access_token/invalidate", e.invalidate).blockedToo = true
	user("sliding_access_token", "GET", auth+"access_token/sliding_token", e.slide)
	user("get_access_token_info", "GET", auth+"access_token", e.tokenInfo)
	user("get_profile_by_access_token", "GET", auth+"account", e.ownProfile)
	user("update_profile_by_access_token", "PUT", auth+"account", e.updateOwnProfile)
	user("delete_account_with_email_confirmation", "DELETE", auth+"account", e.requestDeletion)
	add("delete_account_by_delete_token", "GET", auth+"account/delete", withKey, e.confirmDeletion)
	user("send_welcome_email", "GET", auth+"account/sendwelcomeemail", e.sendWelcome)
	add("verify_email", "GET", auth+"email", withKey, e.verifyEmail).when = hasQuery("verificationtoken")
	add("check_email_availability", "GET", auth+"email", withKey, e.emailExists)
	add("verify_email_by_otp", "PUT", auth+"email", withKey, e.verifyEmailByOTP)
	add("check_user_name_availability", "GET", auth+"username", withKey, e.usernameExists)
	user("set_or_change_user_name", "PUT", auth+"username", e.setUsername)
	user("get_social_identity", "GET", auth+"socialidentity", e.socialProfile)

	add("create_account", "POST", manage, withSecret, e.createAccount)
	add("get_account_profile_by_user_name", "GET", manage, withSecret, e.accountByName).when = hasQuery("username")
	add("get_account_profile_by_phone", "GET", manage, withSecret, e.accountByName).when = hasQuery("phone")
	add("get_account_profile_by_email", "GET", manage, withSecret, e.accountByName)
	add("get_access_token_by_uid", "GET", manage+"/access_token", withSecret, e.tokenByUID)
	add("account_delete_by_email", "DELETE", manage, withSecret, e.deleteByEmail)
	add("get_account_identities_by_email", "GET", manage+"/identities", withSecret, e.identitiesByEmail)
	add("generate_sott", "GET", manage+"/sott", withSecret, e.generateSOTT)
	add("get_forgot_password_token", "POST", manage+"/forgot/token", withSecret, e.forgotToken)
	add("get_email_verification_token", "POST", manage+"/verify/token", withSecret, e.verificationToken)
	add("refresh_access_token_by_refresh_token", "GET", manage+"/access_token/refresh", withSecret, e.refreshAccessToken)
	add("revoke_refresh_token", "GET", manage+"/access_token/refresh/revoke", withSecret, e.revokeRefreshToken)
	add("revoke_all_refresh_token", "DELETE", manage+"/{uid}/access_token/refresh/revoke", withSecret, e.managed(e.revokeAllRefreshTokens))
	add("get_account_profile_by_uid", "GET", manage+"/{uid}", withSecret, e.managed(e.profileOf))
	add("update_account_by_uid", "PUT", manage+"/{uid}", withSecret, e.managed(e.updateAccount))
	add("delete_account_by_uid", "DELETE", manage+"/{uid}", withSecret, e.managed(e.deleteAccount))
	add("get_account_password_hash_by_uid", "GET", manage+"/{uid}/password", withSecret, e.managed(e.passwordHash))
	add("set_account_password_by_uid", "PUT", manage+"/{uid}/password", withSecret, e.managed(e.setPassword))
	add("remove_email", "DELETE", manage+"/{uid}/email", withSecret, e.managed(e.removeEmail))
	add("get_privacy_policy_history_by_uid", "GET", manage+"/{uid}/privacypolicy/history", withSecret, e.managed(e.privacyHistory))
	add("get_roles_by_uid", "GET", manage+"/{uid}/role", withSecret, e.managed(e.rolesOf))
	add("assign_roles_by_uid", "PUT", manage+"/{uid}/role", withSecret, e.managed(e.assignRoles))
	add("unassign_roles_by_uid", "DELETE", manage+"/{uid}/role", withSecret, e.managed(e.unassignRoles))

	const role = "identity/v2/manage/role"
	add("get_roles_list", "GET", role, withSecret, e.siteRoles)
	add("create_roles", "POST", role, withSecret, e.createRoles)
	add("delete_role", "DELETE", role+"/{role}", withSecret, e.deleteRole)
	add("add_role_permissions", "PUT", role+"/{role}/permission", withSecret, e.addPermissions)
	add("remove_role_permissions", "DELETE", role+"/{role}/permission", withSecret, e.removePermissions)

	add("get_server_info", "GET", "identity/v2/serverinfo", withKey, e.serverInfo)

	const native = "api/v2/access_token"
	add("exchange_access_token", "GET", native, withSecretOnly, e.exchange)
	nativeUser := func(operation, path string, handle func(*call, *account) (int, any)) {
		r := add(operation, "GET", path, withSecret, handle)
		r.bearer, r.blockedToo = true, true
	}
	nativeUser("validate_access_token", native+"/validate", e.validate)
	nativeUser("in_validate_access_token", native+"/invalidate", e.invalidate)
	add("get_active_session_by_account_id", "GET", native+"/activesession", withSecret, e.activeSessions).when = hasQuery("accountid")
	add("get_active_session_by_profile_id", "GET", native+"/activesession", withSecret, e.activeSessions).when = hasQuery("profileid")
	add("get_active_session", "GET", native+"/activesession", withSecret, e.activeSessions)
	add("get_access_token_by_facebook_access_token", "GET", native+"/facebook", withKey, e.nativeLogin("facebook", "fb_access_token"))
	add("get_access_token_by_google_access_token", "GET", native+"/google", withKey, e.nativeLogin("google", "google_access_token"))
	add("get_access_token_by_twitter_access_token", "GET", native+"/twitter", withKey, e.nativeLogin("twitter", "tw_access_token"))
	social := add("get_social_user_profile", "GET", "api/v2/userprofile", noCredentials, e.socialProfile)
	social.bearer = true
	return out
}

// answer checks the credentials of a call and runs its handler.
func (e *Emulator) answer(c *call) (int, any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := e.checkCredentials(c); p != nil {
		return p.answer(c)
	}
	if c.malformed != nil {
		return c.malformed.answer(c)
	}
	if !c.route.bearer {
		return c.route.handle(c, nil)
	}
	a, p := e.checkBearer(c)
	if p != nil {
		return p.answer(c)
	}
	return c.route.handle(c, a)
}

// managed looks up the account that the path names.
func (e *Emulator) managed(handle func(*call, *account) (int, any)) func(*call, *account) (int, any) {
	return func(c *call, _ *account) (int, any) {
		a := e.accounts.byUID(c.args["uid"])
		if a == nil {
			return fail(c, core.CodeUserNotFound)
		}
		return handle(c, a)
	}
}

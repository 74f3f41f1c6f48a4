package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

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

// allRoutes declares every ready-made route.
func (a *App) allRoutes() []Route {
	profile := []field{{name: "custom_fields", isMap: true}}
	if a.cfg != nil {
		profile = append(profile, optional(a.cfg.profileFields...)...)
	}
	return []Route{
		{Name: "register", Method: "POST", Path: "/register", Summary: "Create an account and mail a verification link", handle: a.register,
			fields: append(append(required("email", "password"), optional("first_name", "last_name", "username", "phone")...), field{name: "custom_fields", isMap: true})},
		{Name: "login", Method: "POST", Path: "/login", Summary: "Log in with email, username or phone, and password", handle: a.login,
			fields: append(required("password"), optional("email", "username", "phone")...)},
		{Name: "logout", Method: "POST", Path: "/logout", Summary: "End the session", handle: a.logout},
		{Name: "me", Method: "GET", Path: "/me", NeedsLogin: true, Summary: "Who is logged in", handle: a.me},
		{Name: "update_me", Method: "PATCH", Path: "/me", NeedsLogin: true, Summary: "Change the profile", handle: a.updateMe, fields: profile},
		{Name: "forgot_password", Method: "POST", Path: "/password/forgot", Summary: "Mail a link or code to reset the password", handle: a.forgotPassword,
			fields: optional("email", "username")},
		{Name: "reset_password", Method: "POST", Path: "/password/reset", Summary: "Set a new password with a mailed token or code", handle: a.resetPassword,
			fields: append(required("password"), optional("token", "email", "otp")...)},
		{Name: "change_password", Method: "POST", Path: "/password/change", NeedsLogin: true, Summary: "Set a new password with the current one", handle: a.changePassword,
			fields: required("current_password", "new_password")},
		{Name: "verify_email", Method: "POST", Path: "/email/verify", Summary: "Verify the address with a mailed token or code", handle: a.verifyEmail,
			fields: optional("token", "email", "otp")},
		{Name: "resend_verification", Method: "POST", Path: "/email/verify/resend", Summary: "Mail the verification link again", handle: a.resendVerification,
			fields: required("email")},
		{Name: "delete_account", Method: "DELETE", Path: "/account", NeedsLogin: true, Summary: "Mail a link that deletes the account", handle: a.deleteAccount},
		{Name: "confirm_delete_account", Method: "POST", Path: "/account/delete", Summary: "Delete the account with a mailed token", handle: a.confirmDeleteAccount,
			fields: required("token")},
		{Name: "refresh_token", Method: "POST", Path: "/token/refresh", Summary: "Trade the refresh token for new tokens", handle: a.refreshToken,
			fields: optional("refresh_token")},
		{Name: "social_exchange", Method: "POST", Path: "/social/exchange", Summary: "Trade the request token of a social login for tokens", handle: a.exchangeSocial,
			fields: required("token")},
		{Name: "social_facebook", Method: "POST", Path: "/social/facebook", Summary: "Log in with a Facebook token", handle: a.facebook, fields: required("access_token")},
		{Name: "social_google", Method: "POST", Path: "/social/google", Summary: "Log in with a Google token", handle: a.google, fields: required("access_token")},
		{Name: "social_twitter", Method: "POST", Path: "/social/twitter", Summary: "Log in with a Twitter token", handle: a.twitter, fields: required("access_token", "token_secret")},
		{Name: "sessions", Method: "GET", Path: "/sessions", NeedsLogin: true, Summary: "The user's active sessions", handle: a.sessions},
	}
}

// fieldsOf returns what a route takes.
func (a *App) fieldsOf(name string) []field {
	routes := a.allRoutes()
	return routes[slices.IndexFunc(routes, func(r Route) bool { return r.Name == name })].fields
}

// pending is the one answer of a registration that does not log in.
type pending struct {
	Status string `json:"status"`
}

func (a *App) register(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, "register", r, a.fieldsOf("register"))
	if err != nil {
		return nil, err
	}
	if err := a.allowCustom(f); err != nil {
		return nil, err
	}
	email := f.texts["email"]
	var login *core.LoginResult
	err = a.level(ctx, func() error {
		login, err = a.client.Authentication.Register(ctx, core.RegisterRequest{
			Email: email, Password: f.texts["password"], VerificationURL: a.cfg.links.Verify,
			Profile: core.Profile{
				FirstName: f.texts["first_name"], LastName: f.texts["last_name"], Username: f.texts["username"], PhoneID: f.texts["phone"],
				CustomFields: f.maps["custom_fields"],
			},
		})
		if errors.Is(err, core.ErrEmailTaken) && !a.cfg.tellTaken {
			// As for a new account, a mail is on its way if one is due. What became of
			// it must not show.
			_ = a.client.Authentication.ResendVerification(ctx, core.ResendVerificationRequest{Email: email, VerificationURL: a.cfg.links.Verify})
			return nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if a.cfg.hooks.OnRegister != nil {
		a.cfg.hooks.OnRegister(ctx, r, email)
	}
	if login == nil {
		return JSON(http.StatusCreated, pending{"verification_pending"}), nil
	}
	res, err := a.loggedIn(ctx, r, login.Tokens())
	if res != nil {
		res.Status = http.StatusCreated
	}
	return res, err
}

// allowCustom refuses custom fields that users may not set.
func (a *App) allowCustom(f form) error {
	for name := range f.maps["custom_fields"] {
		if !slices.Contains(a.cfg.customFields, name) {
			return invalidBody("custom_fields."+printable(name), "This field is not known here.")
		}
	}
	return nil
}

func (a *App) login(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, "login", r, a.fieldsOf("login"))
	if err != nil {
		return nil, err
	}
	if err := exactlyOne(f, "email", "username", "phone"); err != nil {
		return nil, err
	}
	res, err := a.passwordLogin(ctx, f)
	if err != nil {
		return nil, err
	}
	return a.loggedIn(ctx, r, res.Tokens())
}

// passwordLogin takes as long for an unknown name as for a wrong password.
func (a *App) passwordLogin(ctx context.Context, f form) (*core.LoginResult, error) {
	password := f.texts["password"]
	var res *core.LoginResult
	failure := a.levelFailure(ctx, func() (err error) {
		switch {
		case f.has("email"):
			res, err = a.client.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{Email: f.texts["email"], Password: password, VerificationURL: a.cfg.links.Verify})
		case f.has("username"):
			res, err = a.client.Authentication.LoginByUsername(ctx, core.LoginByUsernameRequest{Username: f.texts["username"], Password: password, VerificationURL: a.cfg.links.Verify})
		default:
			res, err = a.client.Authentication.LoginByPhone(ctx, core.LoginByPhoneRequest{Phone: f.texts["phone"], Password: password})
		}
		return err
	})
	if errors.Is(failure, core.ErrUserNotFound) || errors.Is(failure, core.ErrInvalidCredentials) {
		failure = problem(http.StatusUnauthorized, CodeInvalidCredentials)
	}
	return res, failure
}

// levelFailure is level for work whose success tells nothing that the answer does
// not tell anyway.
func (a *App) levelFailure(ctx context.Context, work func() error) error {
	var ok bool
	hurry, done := context.WithCancel(ctx)
	defer done()
	return a.level(hurry, func() error {
		err := work()
		if ok = err == nil; ok {
			done()
		}
		return err
	})
}

// exactlyOne asks for one of the fields.
func exactlyOne(f form, names ...string) error {
	n := 0
	for _, name := range names {
		if f.texts[name] != "" {
			n++
		}
	}
	switch {
	case n == 0:
		return fieldProblem(names[0], "required", "One of "+strings.Join(names, ", ")+" is required.")
	case n > 1:
		return fieldProblem(names[0], "ambiguous", "Only one of "+strings.Join(names, ", ")+" can be given.")
	}
	return nil
}

// logout works for dead tokens too, so it has no guard in front of it. The session
// is forgotten here and the cookies are cleared whatever LoginRadius says; if it
// could not be asked, 503 says that the token may go on elsewhere: try again.
func (a *App) logout(ctx context.Context, r *Request) (*Response, error) {
	if r.token == "" {
		if r.cookie || a.cfg.cookies.on() {
			res := Empty(http.StatusNoContent)
			res.Cookies = a.cfg.cookies.clear()
			return res, nil
		}
		return nil, unauthenticated()
	}
	err := a.client.Authentication.InvalidateToken(ctx, core.InvalidateTokenRequest{AccessToken: r.token, PreventRefresh: true})
	if a.cfg.hooks.OnLogout != nil {
		a.cfg.hooks.OnLogout(ctx, r)
	}
	res := Empty(http.StatusNoContent)
	if errors.Is(err, core.ErrUnavailable) || errors.Is(err, core.ErrAPICredentials) {
		res = a.cfg.refuse(r.View, unavailable(err))
	}
	res.Cookies = append(res.Cookies, a.cfg.cookies.clear()...)
	return res, nil
}

func (a *App) me(_ context.Context, r *Request) (*Response, error) {
	return JSON(http.StatusOK, UserOf(r.Session.Profile())), nil
}

func (a *App) updateMe(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, "update_me", r, a.fieldsOf("update_me"))
	if err != nil {
		return nil, err
	}
	if err := a.allowCustom(f); err != nil {
		return nil, err
	}
	changes := map[string]any{}
	for name, value := range f.texts {
		changes[writableFields[name]] = value
	}
	if custom := f.maps["custom_fields"]; len(custom) > 0 {
		changes["CustomFields"] = custom
	}
	if len(changes) == 0 {
		return nil, problem(http.StatusUnprocessableEntity, CodeValidationFailed)
	}
	p, err := a.client.Authentication.UpdateProfile(ctx, core.UpdateProfileRequest{AccessToken: r.token, Extra: changes})
	if err != nil {
		return nil, err
	}
	return JSON(http.StatusOK, UserOf(p)), nil
}

// accepted is the one answer of routes that must not tell whether an account exists.
func accepted() (*Response, error) { return JSON(http.StatusAccepted, pending{"accepted"}), nil }

// quietly drops the errors that depend on the account.
func quietly(err error) error {
	if errors.Is(err, core.ErrUnavailable) || errors.Is(err, core.ErrAPICredentials) {
		return err
	}
	return nil
}

func (a *App) forgotPassword(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, "forgot_password", r, a.fieldsOf("forgot_password"))
	if err != nil {
		return nil, err
	}
	if err := exactlyOne(f, "email", "username"); err != nil {
		return nil, err
	}
	if err := a.level(ctx, func() error {
		return quietly(a.client.Authentication.ForgotPassword(ctx, core.ForgotPasswordRequest{
			Email: f.texts["email"], Username: f.texts["username"], ResetPasswordURL: a.cfg.links.Reset,
		}))
	}); err != nil {
		return nil, err
	}
	return accepted()
}

func (a *App) resetPassword(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, "reset_password", r, a.fieldsOf("reset_password"))
	if err != nil {
		return nil, err
	}
	switch {
	case f.has("token") && !f.has("otp") && !f.has("email"):
		err = a.client.Authentication.ResetPassword(ctx, core.ResetPasswordRequest{ResetToken: f.texts["token"], Password: f.texts["password"]})
	case f.has("otp") && f.has("email") && !f.has("token"):
		err = a.levelFailure(ctx, func() error {
			return unknownIsWrongCode(a.client.Authentication.ResetPasswordByOTP(ctx, core.ResetPasswordByOTPRequest{
				Email: f.texts["email"], OTP: f.texts["otp"], Password: f.texts["password"],
			}))
		})
	default:
		return nil, fieldProblem("token", "required", "Either token, or email and otp, is required.")
	}
	if err != nil {
		return nil, err
	}
	return Empty(http.StatusNoContent), nil
}

// unknownIsWrongCode hides whether the account of a wrong code exists.
func unknownIsWrongCode(err error) error {
	if errors.Is(err, core.ErrUserNotFound) {
		return problem(http.StatusUnprocessableEntity, CodeInvalidLink)
	}
	return err
}

func (a *App) changePassword(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, "change_password", r, a.fieldsOf("change_password"))
	if err != nil {
		return nil, err
	}
	err = a.client.Authentication.ChangePassword(ctx, core.ChangePasswordRequest{
		AccessToken: r.token, OldPassword: f.texts["current_password"], NewPassword: f.texts["new_password"],
	})
	switch {
	case errors.Is(err, core.ErrInvalidCredentials):
		return nil, fieldProblem("current_password", "wrong", "This is not the current password.")
	case errors.Is(err, core.ErrPasswordRejected):
		p := ProblemOf(err)
		p.Errors[0].Field = "new_password"
		return nil, p
	case err != nil:
		return nil, err
	}
	return Empty(http.StatusNoContent), nil
}

func (a *App) verifyEmail(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, "verify_email", r, a.fieldsOf("verify_email"))
	if err != nil {
		return nil, err
	}
	var login *core.LoginResult
	switch {
	case f.has("token") && !f.has("otp") && !f.has("email"):
		login, err = a.client.Authentication.VerifyEmail(ctx, core.VerifyEmailRequest{Token: f.texts["token"]})
	case f.has("otp") && f.has("email") && !f.has("token"):
		err = a.levelFailure(ctx, func() (err error) {
			login, err = a.client.Authentication.VerifyEmailByOTP(ctx, core.VerifyEmailByOTPRequest{Email: f.texts["email"], OTP: f.texts["otp"]})
			return unknownIsWrongCode(err)
		})
	default:
		return nil, fieldProblem("token", "required", "Either token, or email and otp, is required.")
	}
	switch {
	case err != nil:
		return nil, err
	case login != nil:
		return a.loggedIn(ctx, r, login.Tokens())
	}
	return Empty(http.StatusNoContent), nil
}

func (a *App) resendVerification(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, "resend_verification", r, a.fieldsOf("resend_verification"))
	if err != nil {
		return nil, err
	}
	if err := a.level(ctx, func() error {
		return quietly(a.client.Authentication.ResendVerification(ctx, core.ResendVerificationRequest{Email: f.texts["email"], VerificationURL: a.cfg.links.Verify}))
	}); err != nil {
		return nil, err
	}
	return accepted()
}

func (a *App) deleteAccount(ctx context.Context, r *Request) (*Response, error) {
	if err := a.client.Authentication.DeleteAccount(ctx, core.DeleteAccountRequest{AccessToken: r.token, DeleteURL: a.cfg.links.Delete}); err != nil {
		return nil, err
	}
	return accepted()
}

func (a *App) confirmDeleteAccount(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, "confirm_delete_account", r, a.fieldsOf("confirm_delete_account"))
	if err != nil {
		return nil, err
	}
	// Also after a failure: the account may be gone although the answer was lost.
	defer a.client.ForgetRechecked()
	if err := a.client.Authentication.ConfirmDeleteAccount(ctx, f.texts["token"]); err != nil {
		return nil, err
	}
	if a.cfg.hooks.OnDelete != nil {
		a.cfg.hooks.OnDelete(ctx, r)
	}
	res := Empty(http.StatusNoContent)
	res.Cookies = a.cfg.cookies.clear()
	return res, nil
}

func (a *App) refreshToken(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, "refresh_token", r, a.fieldsOf("refresh_token"))
	if err != nil {
		return nil, err
	}
	old := f.texts["refresh_token"]
	if old == "" && a.cfg.cookies.on() {
		old = strings.Clone(r.Cookie(a.cfg.cookies.refresh))
	}
	if old == "" {
		return nil, fieldProblem("refresh_token", "required", "This field is required.")
	}
	t, err := a.client.Account.RefreshToken(ctx, old)
	if r.token != "" { // the token before it is dead, or must be asked about
		a.client.Forget(r.token)
	}
	if err != nil {
		return nil, err
	}
	return a.loggedIn(ctx, r, *t)
}

func (a *App) sessions(ctx context.Context, r *Request) (*Response, error) {
	list, err := a.client.Social.Sessions(ctx, r.token)
	if err != nil {
		return nil, err
	}
	type session struct {
		Current    bool   `json:"current"`
		Browser    string `json:"browser,omitempty"`
		OS         string `json:"os,omitempty"`
		Device     string `json:"device,omitempty"`
		DeviceType string `json:"device_type,omitempty"`
		City       string `json:"city,omitempty"`
		Country    string `json:"country,omitempty"`
		IP         string `json:"ip,omitempty"`
		LoginAt    string `json:"login_at,omitempty"`
	}
	out := []session{}
	for _, s := range list.Sessions {
		out = append(out, session{
			s.AccessToken == r.token, s.Browser, s.OS, s.Device, s.DeviceType, s.City, s.Country, s.IP, timestamp(s.LoginDate.Time),
		})
	}
	return JSON(http.StatusOK, map[string]any{"sessions": out}), nil
}

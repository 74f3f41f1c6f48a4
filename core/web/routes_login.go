package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// pending is the one answer of a registration that does not log in.
type pending struct {
	Status string `json:"status"`
}

func (a *App) register(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := a.allowCustom(f); err != nil {
		return nil, err
	}
	email := f.texts["email"]
	extra := map[string]any{}
	for _, name := range a.cfg.registrationFields {
		if f.has(name) {
			extra[writableFields[name]] = f.texts[name]
		}
	}
	var login *core.LoginResult
	err = a.level(ctx, func() error {
		login, err = a.client.Authentication.Register(ctx, core.RegisterRequest{
			Email: email, Password: f.texts["password"], VerificationURL: a.cfg.links.Verify,
			Profile: core.Profile{
				FirstName: f.texts["first_name"], LastName: f.texts["last_name"], Username: f.texts["username"], PhoneID: f.texts["phone"],
				CustomFields: f.maps["custom_fields"],
			},
			Extra: extra,
		})
		if errors.Is(err, core.ErrEmailTaken) && !a.cfg.tellTaken {
			// As for a new account, a mail is on its way if one is due. What became of
			// it must not show.
			_ = a.client.Authentication.ResendVerification(ctx, core.ResendVerificationRequest{Email: email, VerificationURL: a.cfg.links.Verify})
			return nil
		}
		if err == nil && login == nil {
			a.registered(ctx, r, email)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if login == nil {
		return JSON(http.StatusCreated, pending{"verification_pending"}), nil
	}
	if r.Session, err = a.client.Session(ctx, login.AccessToken); err != nil {
		return nil, err
	}
	a.registered(ctx, r, email)
	res, err := a.loggedIn(ctx, r, login.Tokens())
	if res != nil {
		res.Status = http.StatusCreated
	}
	return res, err
}

func (a *App) registered(ctx context.Context, r *Request, email string) {
	if a.cfg.hooks.OnRegister != nil {
		a.cfg.hooks.OnRegister(ctx, r, email)
	}
}

// allowCustom refuses custom fields that users may not set.
func (a *App) allowCustom(f form) error {
	for name := range f.maps["custom_fields"] {
		if !slices.Contains(a.cfg.customFields, name) {
			return unknownField("custom_fields." + name)
		}
	}
	return nil
}

func (a *App) login(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
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

// logout works for dead tokens too, so it has no guard in front of it. The session
// is forgotten here and the cookies are cleared whatever LoginRadius says; if it
// could not be asked, 503 says that the tokens may go on elsewhere: try again.
func (a *App) logout(ctx context.Context, r *Request) (*Response, error) {
	access, refresh := r.token, ""
	if a.cfg.cookies.on() {
		access, refresh = r.Cookie(a.cfg.cookies.access), r.Cookie(a.cfg.cookies.refresh)
	}
	if r.token == "" && !a.cfg.cookies.on() {
		return nil, unauthenticated()
	}
	if r.token != "" && a.cfg.hooks.OnLogout != nil {
		r.Session, _ = a.client.Session(ctx, r.token) // nil for a dead token
	}
	err := a.endSession(ctx, access, refresh)
	if r.token != access { // it came in a header
		err = errors.Join(err, a.endSession(ctx, r.token, ""))
	}
	if r.token != "" && a.cfg.hooks.OnLogout != nil {
		a.cfg.hooks.OnLogout(ctx, r)
	}
	res := Empty(http.StatusNoContent)
	if err != nil {
		a.cfg.logger.WarnContext(ctx, "loginradius: logged out here only", "error", err)
		res = a.cfg.refuse(r.View, unavailable(err))
	}
	res.Cookies = append(res.Cookies, a.cfg.cookies.clear()...)
	return res, nil
}

// endSession ends an access token and the refresh token behind it, and then what
// another request of the browser may have made of that refresh token a moment ago.
// It returns nil if all of them are dead.
func (a *App) endSession(ctx context.Context, access, refresh string) error {
	for {
		if err := a.endTokens(ctx, access, refresh); err != nil || refresh == "" {
			return err
		}
		// Only now that no further request can use the refresh token.
		newer, err := a.client.ForgetRotation(ctx, refresh)
		if err != nil || newer == nil {
			return err
		}
		access, refresh = newer.AccessToken, newer.RefreshToken
	}
}

// endTokens ends an access token and the refresh token behind it. Where the access
// token is dead or gone already, as in a browser that dropped its cookie, a refresh
// token would live on: it is revoked by itself.
func (a *App) endTokens(ctx context.Context, access, refresh string) error {
	if access != "" {
		err := a.client.Authentication.InvalidateToken(ctx, core.InvalidateTokenRequest{AccessToken: access, PreventRefresh: true})
		if err == nil || !isDead(err) {
			return err
		}
	}
	if refresh == "" {
		return nil
	}
	if err := a.client.Account.RevokeRefreshToken(ctx, refresh); !isDead(err) {
		return err
	}
	return nil
}

// isDead reports whether an error says that a token had no life left to end.
func isDead(err error) bool {
	for _, is := range []error{core.ErrInvalidToken, core.ErrInvalidRefreshToken, core.ErrUserNotFound, core.ErrAccountBlocked, core.ErrInvalidArgument} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

// refreshToken uses the refresh token up, so the new tokens must reach the client also
// if LoginRadius then cannot say whose they are: with the cookies of a 503, or when it
// is asked again.
func (a *App) refreshToken(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
		return nil, err
	}
	old := f.texts["refresh_token"]
	fromCookie := old == "" && a.cfg.cookies.on()
	if fromCookie {
		old = r.Cookie(a.cfg.cookies.refresh)
	}
	if old == "" {
		return nil, fieldProblem("refresh_token", "required", "This field is required.")
	}
	t, err := a.client.Rotate(ctx, old)
	if r.token != "" { // the token before it is dead, or must be asked about
		a.client.Forget(r.token)
	}
	if err != nil {
		return nil, err
	}
	if r.token == "" { // which one it was, nobody said: ask about all of the user's
		if s, err := a.client.Session(ctx, t.AccessToken); err == nil {
			a.client.ForgetUser(s.UID())
		}
	}
	if t.RefreshToken == "" && a.cfg.cookies.on() { // it was not replaced
		t.RefreshToken = old
	}
	res, err := a.loggedIn(ctx, r, *t)
	switch {
	case err == nil && !fromCookie: // a browser has several tabs with the same cookie, a program has its answer
		_, _ = a.client.ForgetRotation(ctx, old)
	case errors.Is(err, core.ErrUnavailable) && a.cfg.cookies.on():
		p := a.cfg.problemOf(err)
		a.cfg.log(ctx, "refresh_token", p, err)
		res, err = a.cfg.refuse(r.View, p).with(a.cfg.cookies.set(*t, time.Now())), nil
	}
	return res, err
}

func (a *App) sessions(ctx context.Context, r *Request) (*Response, error) {
	list, err := a.client.Social.Sessions(ctx, r.token)
	if err != nil {
		return nil, err
	}
	out := []sessionAnswer{}
	for _, s := range list.Sessions {
		out = append(out, sessionAnswer{
			s.AccessToken == r.token, s.Browser, s.OS, s.Device, s.DeviceType, s.City, s.Country, s.IP, timestamp(s.LoginDate.Time),
		})
	}
	return JSON(http.StatusOK, sessionsAnswer{out}), nil
}

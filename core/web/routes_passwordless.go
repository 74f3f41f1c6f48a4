package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) passwordlessRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RoutePasswordlessStart, Method: "POST", Path: "/passwordless/start", Summary: "Send a link or code to log in with",
			answers: answers(http.StatusAccepted, pending{}),
		}, a.passwordlessStart),
		route(a, Route{
			Name: RoutePasswordlessVerify, Method: "POST", Path: "/passwordless/verify", Summary: "Log in with that link or code",
			answers: answers(http.StatusOK, tokenAnswer{}),
		}, a.passwordlessVerify),
	}
}

// SameBrowser makes mailed links log in only the browser that asked for them: a link that
// is opened elsewhere is refused with the code other_browser and stays usable. It needs
// cookie mode. Default: off, since people read their mail on another device.
func SameBrowser() RouteOption { return routeOption(func(c *routeConfig) { c.sameBrowser = true }) }

// linkLife is how long a browser remembers that it asked for a link.
const linkLife = time.Hour

// An askedLink is what a browser remembers of a link that it asked for, sealed in a
// cookie.
type askedLink struct {
	Name string `json:"n"`           // of the account, in lower case
	Next string `json:"x,omitempty"` // where the visitor was going
	At   int64  `json:"t"`
}

type passwordlessStart struct {
	_        struct{} `choices:"email | username | phone"`
	Email    string   `json:"email"`
	Username string   `json:"username"`
	Phone    string   `json:"phone" in:"phone"`
	Method   string   `json:"method" in:"enum=link|code"` // the site's templates decide what is sent
	Next     string   `json:"next" in:"max=2048"`
}

func (a *App) passwordlessStart(ctx context.Context, _ *Request, in passwordlessStart) (*Response, error) {
	if in.Phone != "" && in.Method == "link" {
		p := fieldProblem("method", "not_acceptable", "A phone gets a code.")
		p.Errors[0].Allowed = []string{"code"}
		return nil, p
	}
	if err := a.padDuration(ctx, func() (err error) {
		switch {
		case in.Email != "":
			err = a.client.Passwordless.StartByEmail(ctx, core.PasswordlessByEmailRequest{Email: in.Email, VerificationURL: a.cfg.links.Passwordless})
		case in.Username != "":
			err = a.client.Passwordless.StartByUsername(ctx, core.PasswordlessByUsernameRequest{Username: in.Username, VerificationURL: a.cfg.links.Passwordless})
		default:
			_, err = a.client.Passwordless.StartByPhone(ctx, core.PasswordlessByPhoneRequest{Phone: in.Phone})
		}
		return hideAccountErrors(err)
	}); err != nil {
		return nil, err
	}
	res, err := accepted()
	if a.cfg.cookies.on() {
		asked := a.links.seal(askedLink{strings.ToLower(in.Email + in.Username + in.Phone), LocalPath(in.Next, ""), time.Now().Unix()})
		res.Cookies = append(res.Cookies, a.cfg.cookies.cookie(a.cfg.cookies.named("asked"), asked, time.Now().Add(linkLife)))
	}
	return res, err
}

// asked returns what the browser of a request asked for, or nil.
func (a *App) asked(r *Request) *askedLink {
	var link askedLink
	if !a.cfg.cookies.on() || a.links.open(Cookie(r.View, a.cfg.cookies.named("asked")), &link) != nil || link.Name == "" {
		return nil
	}
	if time.Since(time.Unix(link.At, 0)) > linkLife {
		return nil
	}
	return &link
}

type passwordlessProof struct {
	_        struct{} `choices:"token | email code | username code | phone code"`
	Token    string   `json:"token"`
	Email    string   `json:"email"`
	Username string   `json:"username"`
	Phone    string   `json:"phone" in:"phone"`
	Code     string   `json:"code" in:"alias=otp,secret"`
}

func (a *App) passwordlessVerify(ctx context.Context, r *Request, in passwordlessProof) (*Response, error) {
	if in.Token != "" {
		return a.openLink(ctx, r, in.Token)
	}
	var res *core.LoginResult
	err := a.padFailure(ctx, func() (err error) {
		switch {
		case in.Email != "":
			res, err = a.client.Passwordless.VerifyEmailOTP(ctx, core.PasswordlessEmailOTPRequest{Email: in.Email, OTP: in.Code})
		case in.Username != "":
			res, err = a.client.Passwordless.VerifyUsernameOTP(ctx, core.PasswordlessUsernameOTPRequest{Username: in.Username, OTP: in.Code})
		default:
			res, err = a.client.Passwordless.VerifyPhoneOTP(ctx, core.PasswordlessPhoneOTPRequest{Phone: in.Phone, OTP: in.Code})
		}
		return wrongLoginCode(err)
	})
	return a.loginResult(ctx, r, res, err)
}

// openLink logs in with the token of a mailed link.
func (a *App) openLink(ctx context.Context, r *Request, token string) (*Response, error) {
	asked := a.asked(r)
	if a.cfg.sameBrowser && asked == nil { // the link is not used up
		return nil, problem(http.StatusUnprocessableEntity, CodeOtherBrowser)
	}
	res, err := a.client.Passwordless.Verify(ctx, core.PasswordlessVerifyRequest{Token: token})
	if errors.Is(err, core.ErrUserNotFound) || errors.Is(err, core.ErrAlreadyUsed) {
		err = problem(http.StatusUnprocessableEntity, CodeInvalidLink)
	}
	if err == nil && a.cfg.sameBrowser && !asked.isOf(res.Profile) { // another account's link
		return nil, errors.Join(problem(http.StatusUnprocessableEntity, CodeOtherBrowser), a.invalidate(ctx, res.AccessToken))
	}
	return a.loginResult(ctx, r, res, err)
}

// isOf reports whether the browser asked for a link of this account.
func (l *askedLink) isOf(p *core.Profile) bool {
	if p == nil {
		return false
	}
	for _, e := range p.Email {
		if strings.ToLower(e.Value) == l.Name {
			return true
		}
	}
	return l.Name == strings.ToLower(p.Username)
}

// wrongLoginCode is [wrongCode] for a code that logs in. What comes after a right code
// is passed on: a second factor, a policy to accept, a form to answer.
func wrongLoginCode(err error) error {
	for _, is := range []error{core.ErrMFARequired, core.ErrPrivacyPolicy, core.ErrConsentRequired, core.ErrPINRequired} {
		if errors.Is(err, is) {
			return err
		}
	}
	if err == nil || hideAccountErrors(err) != nil {
		return err
	}
	return problem(http.StatusUnauthorized, CodeInvalidCode)
}

package core

import "context"

// SmartLoginService holds logins of registered users that one device asks for and
// another confirms: a link is mailed, and the device that asked polls with
// [SmartLoginService.Ping] or [SmartLoginService.Wait] until it was followed. Whoever
// follows the link logs in the device that asked: say on the page of the link what is
// being confirmed. The client GUID is a secret of that device: make it of at least 128
// random bits, and use it once. It is in the URL, because LoginRadius documents no other
// form.
type SmartLoginService struct{ c *Client }

// SmartLoginByEmailRequest is the input of [SmartLoginService.StartByEmail].
type SmartLoginByEmailRequest struct {
	ClientGUID           string `lr:"query,clientguid,required,secret"`
	Email                string `lr:"query,email,required"`
	RedirectURL          string `lr:"query,redirecturl"`
	Template             string `lr:"query,smartloginemailtemplate"`
	WelcomeEmailTemplate string `lr:"query,welcomeemailtemplate"`
}

// StartByEmail mails a link to confirm the login with.
//
// GET /identity/v2/auth/login/smartlogin with API key. This GET sends a mail. Sentinels:
// ErrUserNotFound, which must not be told to a stranger, ErrConflict (the GUID was used
// before), ErrFeatureDisabled, ErrAccountBlocked, ErrRateLimited (mails).
func (s *SmartLoginService) StartByEmail(ctx context.Context, in SmartLoginByEmailRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opSmartLoginStartByEmail, in))
}

// SmartLoginByUsernameRequest is the input of [SmartLoginService.StartByUsername].
type SmartLoginByUsernameRequest struct {
	ClientGUID           string `lr:"query,clientguid,required,secret"`
	Username             string `lr:"query,username,required"`
	RedirectURL          string `lr:"query,redirecturl"`
	Template             string `lr:"query,smartloginemailtemplate"`
	WelcomeEmailTemplate string `lr:"query,welcomeemailtemplate"`
}

// StartByUsername is [SmartLoginService.StartByEmail] with a username.
//
// GET /identity/v2/auth/login/smartlogin with API key. This GET sends a mail. Sentinels:
// those of [SmartLoginService.StartByEmail].
func (s *SmartLoginService) StartByUsername(ctx context.Context, in SmartLoginByUsernameRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opSmartLoginStartByUsername, in))
}

// VerifyLink redeems a mailed link. It starts no session here: the session goes to the
// device that asked for the link.
//
// GET /identity/v2/auth/email/smartlogin with API key. This GET uses the token up.
// Sentinels: ErrInvalidLink, ErrAlreadyUsed.
func (s *SmartLoginService) VerifyLink(ctx context.Context, in VerifyLinkRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opSmartLoginVerifyLink, in))
}

// Ping asks whether the mailed link was followed, and logs in if it was. Until then it
// is ErrPending.
//
// GET /identity/v2/auth/login/smartlogin/ping with API key. This GET delivers a session
// once. Sentinels: ErrPending, ErrInvalidLink (the GUID), ErrAlreadyUsed,
// ErrAccountBlocked, ErrMFARequired.
func (s *SmartLoginService) Ping(ctx context.Context, in PingRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opSmartLoginPing, in)
}

// Wait calls [SmartLoginService.Ping] until the mailed link was followed; see [Poll].
func (s *SmartLoginService) Wait(ctx context.Context, in PingRequest, poll Poll) (*LoginResult, error) {
	return poll.login(ctx, func(ctx context.Context) (*LoginResult, error) { return s.Ping(ctx, in) })
}

package core

import "context"

// OneTouchService holds logins that need no registration: the first one creates the
// account. By e-mail, the browser that asked polls with [OneTouchService.Ping] or
// [OneTouchService.Wait] until the mailed link was followed. The client GUID is a
// secret of that browser: make it of at least 128 random bits, and use it once.
type OneTouchService struct{ c *Client }

// OneTouchByEmailRequest is the input of [OneTouchService.StartByEmail].
type OneTouchByEmailRequest struct {
	ClientGUID           string  `lr:"body,clientguid,required,secret"`
	Email                string  `lr:"body,email,required"`
	Name                 string  `lr:"body,name"`
	Captcha              Captcha `lr:"inline"` // required by LoginRadius
	RedirectURL          string  `lr:"query,redirecturl"`
	Template             string  `lr:"query,onetouchloginemailtemplate"`
	WelcomeEmailTemplate string  `lr:"query,welcomeemailtemplate"`
}

// StartByEmail mails a link to log in with.
//
// POST /identity/v2/auth/onetouchlogin/email with API key. Sentinels: ErrCaptcha,
// ErrFeatureDisabled, ErrAccountBlocked, ErrRateLimited (mails).
func (s *OneTouchService) StartByEmail(ctx context.Context, in OneTouchByEmailRequest) error {
	if in.Captcha == (Captcha{}) {
		return missingArgument(opOneTouchStartByEmail, "Captcha")
	}
	return acknowledged(do[ackResponse](ctx, s.c, opOneTouchStartByEmail, in))
}

// OneTouchByPhoneRequest is the input of [OneTouchService.StartByPhone].
type OneTouchByPhoneRequest struct {
	Phone       string  `lr:"body,phone,required"` // E.164, e.g. "+14155550100"
	Name        string  `lr:"body,name"`
	Captcha     Captcha `lr:"inline"` // required by LoginRadius
	SMSTemplate string  `lr:"query,smstemplate"`
	IsVoiceOTP  bool    `lr:"query,isvoiceotp"` // speak the code instead of sending it
}

// StartByPhone sends a code to log in with.
//
// POST /identity/v2/auth/onetouchlogin/phone with API key. Sentinels: ErrCaptcha,
// ErrFeatureDisabled, ErrValidation, ErrRateLimited (messages).
func (s *OneTouchService) StartByPhone(ctx context.Context, in OneTouchByPhoneRequest) (*SMSReceipt, error) {
	if in.Captcha == (Captcha{}) {
		return nil, missingArgument(opOneTouchStartByPhone, "Captcha")
	}
	return receipt(do[smsAnswer](ctx, s.c, opOneTouchStartByPhone, in))
}

// OneTouchVerifyPhoneRequest is the input of [OneTouchService.VerifyPhone]. The code is
// in the URL, because LoginRadius documents no other form.
type OneTouchVerifyPhoneRequest struct {
	Phone       string   `lr:"body,phone,required"`
	OTP         string   `lr:"query,otp,required,secret"`
	SMSTemplate string   `lr:"query,smstemplate"`
	Fields      []string `lr:"query,fields"`
}

// VerifyPhone logs in with a code sent to a phone.
//
// PUT /identity/v2/auth/onetouchlogin/phone/verify with API key. Sentinels:
// ErrInvalidOTP, ErrAccountBlocked, ErrAccountLocked, ErrMFARequired,
// ErrFeatureDisabled.
func (s *OneTouchService) VerifyPhone(ctx context.Context, in OneTouchVerifyPhoneRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opOneTouchVerifyPhone, in)
}

// VerifyLinkRequest is the input of [OneTouchService.VerifyLink] and
// [SmartLoginService.VerifyLink].
type VerifyLinkRequest struct {
	Token                string `lr:"query,verificationtoken,required,secret"` // vtoken of the mailed link
	WelcomeEmailTemplate string `lr:"query,welcomeemailtemplate"`
}

// VerifyLink redeems a mailed link. It starts no session here: the session goes to the
// browser that asked for the link. Show a button first, because mail scanners follow
// links.
//
// GET /identity/v2/auth/email/onetouchlogin with API key. This GET uses the token up.
// Sentinels: ErrInvalidLink, ErrAlreadyUsed.
func (s *OneTouchService) VerifyLink(ctx context.Context, in VerifyLinkRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opOneTouchVerifyLink, in))
}

// PingRequest is the input of [OneTouchService.Ping] and [SmartLoginService.Ping].
type PingRequest struct {
	ClientGUID string   `lr:"query,clientguid,required,secret"`
	Fields     []string `lr:"query,fields"` // limits Profile; default: all
}

// Ping asks whether the mailed link was followed, and logs in if it was. Until then it
// is ErrPending.
//
// GET /identity/v2/auth/login/smartlogin/ping with API key. This GET delivers a session
// once. Sentinels: ErrPending, ErrInvalidLink (the GUID), ErrAlreadyUsed,
// ErrAccountBlocked, ErrMFARequired.
func (s *OneTouchService) Ping(ctx context.Context, in PingRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opOneTouchPing, in)
}

// Wait calls [OneTouchService.Ping] until the mailed link was followed; see [Poll].
func (s *OneTouchService) Wait(ctx context.Context, in PingRequest, poll Poll) (*LoginResult, error) {
	return poll.login(ctx, func(ctx context.Context) (*LoginResult, error) { return s.Ping(ctx, in) })
}

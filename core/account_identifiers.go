package core

import (
	"context"
	"time"
)

// AccountByUsernameRequest is the input of [AccountService.ByUsername].
type AccountByUsernameRequest struct {
	Username string   `lr:"query,username,required"`
	Fields   []string `lr:"query,fields"` // default: all
}

// ByUsername returns the account with a username.
//
// GET /identity/v2/manage/account with API key and secret; a read. Sentinels:
// ErrUserNotFound.
func (s *AccountService) ByUsername(ctx context.Context, in AccountByUsernameRequest) (*Profile, error) {
	return do[Profile](ctx, s.c, opAccountByUsername, in)
}

// AccountByPhoneRequest is the input of [AccountService.ByPhone].
type AccountByPhoneRequest struct {
	Phone  string   `lr:"query,phone,required"` // E.164, e.g. "+14155550100"
	Fields []string `lr:"query,fields"`         // default: all
}

// ByPhone returns the account with a phone number.
//
// GET /identity/v2/manage/account with API key and secret; a read. Sentinels:
// ErrUserNotFound.
func (s *AccountService) ByPhone(ctx context.Context, in AccountByPhoneRequest) (*Profile, error) {
	return do[Profile](ctx, s.c, opAccountByPhone, in)
}

// ChangeUIDRequest is the input of [AccountService.ChangeUID].
type ChangeUIDRequest struct {
	UID    string `lr:"query,uid,required"`
	NewUID string `lr:"body,newUid,required"` // 1 to 50 letters, digits, underscores and dashes
}

// ChangeUID gives an account another UID. Tokens stay valid; the old UID is then among
// the profile's PreviousUIDs.
//
// PUT /identity/v2/manage/account/uid with API key and secret. Sentinels:
// ErrUserNotFound, ErrConflict (taken), ErrValidation.
func (s *AccountService) ChangeUID(ctx context.Context, in ChangeUIDRequest) error {
	defer s.c.ForgetUser(in.UID)
	defer s.c.ForgetUser(in.NewUID)
	return acknowledged(do[ackResponse](ctx, s.c, opAccountChangeUID, in))
}

// UpsertEmailRequest is the input of [AccountService.UpsertEmail].
type UpsertEmailRequest struct {
	UID    string   `lr:"path,uid,required"`
	Email  []Email  `lr:"body,email,required"`
	Fields []string `lr:"query,fields"`
}

// UpsertEmail adds addresses to an account, or replaces those of the same types, and
// returns the account.
//
// PUT /identity/v2/manage/account/{uid}/email with API key and secret. Sentinels:
// ErrUserNotFound, ErrEmailTaken, ErrValidation.
func (s *AccountService) UpsertEmail(ctx context.Context, in UpsertEmailRequest) (*Profile, error) {
	defer s.c.UncacheUser(in.UID)
	return do[Profile](ctx, s.c, opAccountUpsertEmail, in)
}

// InvalidateEmailRequest is the input of [AccountService.InvalidateEmail].
type InvalidateEmailRequest struct {
	UID             string `lr:"path,uid,required"`
	VerificationURL string `lr:"query,verificationurl"`
	EmailTemplate   string `lr:"query,emailtemplate"`
}

// InvalidateEmail marks the addresses of an account as not verified and mails a
// verification.
//
// PUT /identity/v2/manage/account/{uid}/invalidateemail with API key and secret.
// Sentinels: ErrUserNotFound, ErrRateLimited (mails).
func (s *AccountService) InvalidateEmail(ctx context.Context, in InvalidateEmailRequest) error {
	defer s.c.UncacheUser(in.UID)
	return acknowledged(do[ackResponse](ctx, s.c, opAccountInvalidateEmail, in))
}

// InvalidatePhoneRequest is the input of [AccountService.InvalidatePhone].
type InvalidatePhoneRequest struct {
	UID         string `lr:"path,uid,required"`
	SMSTemplate string `lr:"query,smstemplate"`
	IsVoiceOTP  bool   `lr:"query,isvoiceotp"`
}

// InvalidatePhone marks the phone number of an account as not verified and sends a code.
//
// PUT /identity/v2/manage/account/{uid}/invalidatephone with API key and secret.
// Sentinels: ErrUserNotFound, ErrRateLimited (messages).
func (s *AccountService) InvalidatePhone(ctx context.Context, in InvalidatePhoneRequest) error {
	defer s.c.UncacheUser(in.UID)
	return acknowledged(do[ackResponse](ctx, s.c, opAccountInvalidatePhone, in))
}

// SetPhoneRequest is the input of [AccountService.SetPhone].
type SetPhoneRequest struct {
	UID    string   `lr:"path,uid,required"`
	Phone  string   `lr:"body,phone,required"` // E.164
	Fields []string `lr:"query,fields"`
}

// SetPhone changes the phone number of an account and returns the account.
//
// PUT /identity/v2/manage/account/{uid}/phoneid with API key and secret. Sentinels:
// ErrUserNotFound, ErrPhoneTaken, ErrValidation.
func (s *AccountService) SetPhone(ctx context.Context, in SetPhoneRequest) (*Profile, error) {
	defer s.c.UncacheUser(in.UID)
	return do[Profile](ctx, s.c, opAccountSetPhone, in)
}

// ImpersonationToken starts a session for any account, without its password. Guard and
// record its use: the session is the user's own in every other respect.
//
// GET /identity/v2/manage/account/access_token with API key and secret. This GET starts
// a session. Sentinels: ErrUserNotFound, ErrAccountBlocked.
func (s *AccountService) ImpersonationToken(ctx context.Context, uid string) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opAccountImpersonationToken, uidInQuery{uid})
}

// A MultipurposeToken authorises one step that a user otherwise gets a mail or message
// for. Exactly one of Token and OTP is set.
type MultipurposeToken struct {
	Token     string `lr:",,secret"`
	OTP       string `lr:",,secret"` // on sites that mail codes
	ExpiresAt time.Time
	// IdentityProviders are the social providers linked to the account.
	IdentityProviders []string
}

func (m *MultipurposeToken) finish(op operation, got answer, now time.Time) error {
	var w struct{ ExpiresIn flexString }
	got.decode(&w)
	m.ExpiresAt = parseExpiry(string(w.ExpiresIn), now)
	if m.Token == "" && m.OTP == "" {
		return unusable(op, "the answer holds no token")
	}
	return nil
}

// EmailTokenRequest is the input of [AccountService.EmailToken].
type EmailTokenRequest struct {
	// Purpose is what the token is good for: emailverification, deleteuser,
	// forgotpassword, forgotpin, addemail, onetouchlogin, autologin (smart login) or
	// passwordlesslogin.
	Purpose string `lr:"path,tokentype,required"`

	UID        string `lr:"body,uid"`
	Email      string `lr:"body,email"`
	Username   string `lr:"body,username"`
	Name       string `lr:"body,name"`              // with onetouchlogin
	ClientGUID string `lr:"body,clientguid,secret"` // with onetouchlogin and autologin
	EmailType  string `lr:"body,type"`              // with addemail
}

// EmailToken makes the token that a mail would carry, and sends no mail.
//
// POST /identity/v2/manage/account/emailtoken/{tokentype} with API key and secret.
// Sentinels: ErrUserNotFound, ErrFeatureDisabled, ErrRateLimited (tokens).
func (s *AccountService) EmailToken(ctx context.Context, in EmailTokenRequest) (*MultipurposeToken, error) {
	if in.UID == "" && in.Email == "" && in.Username == "" {
		return nil, missingArgument(opAccountEmailToken, "UID or Email or Username")
	}
	return do[MultipurposeToken](ctx, s.c, opAccountEmailToken, in)
}

// SMSCodeRequest is the input of [AccountService.SMSCode].
type SMSCodeRequest struct {
	// Purpose is what the code is good for: addphone, phoneidverification,
	// forgotpassword, forgotpin, onetouchlogin, smartlogin or passwordlesslogin.
	Purpose string `lr:"path,smsotptype,required"`

	UID   string `lr:"body,uid"`
	Phone string `lr:"body,phone"` // E.164
	Name  string `lr:"body,name"`  // with onetouchlogin
}

// SMSCode makes the code that a message would carry, and sends no message.
//
// POST /identity/v2/manage/account/smsotp/{smsotptype} with API key and secret.
// Sentinels: ErrUserNotFound, ErrFeatureDisabled, ErrRateLimited (codes).
func (s *AccountService) SMSCode(ctx context.Context, in SMSCodeRequest) (*MultipurposeToken, error) {
	if in.UID == "" && in.Phone == "" {
		return nil, missingArgument(opAccountSMSCode, "UID or Phone")
	}
	return do[MultipurposeToken](ctx, s.c, opAccountSMSCode, in)
}

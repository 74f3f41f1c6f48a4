package core

import "context"

// AccountService holds what the site's backend does with any account. Every call
// carries the API secret, or its digest: never let a user choose the UID freely.
//
// Calls that change an account forget its cached sessions.
type AccountService struct{ c *Client }

// CreateAccountRequest is the input of [AccountService.Create].
type CreateAccountRequest struct {
	Email    string `lr:"body,Email,primary"`
	Password string `lr:"body,Password,secret"`
	// Profile adds further fields, other than Email and Password. Extra adds keys
	// as they are.
	Profile Profile        `lr:"body,*"`
	Extra   map[string]any `lr:"body,*,secret"`
	Fields  []string       `lr:"query,fields"`
}

// Create makes an account without SOTT and without mail. It honours EmailVerified.
//
// POST /identity/v2/manage/account with API key and secret. Sentinels: ErrEmailTaken,
// ErrUsernameTaken, ErrPhoneTaken, ErrValidation, ErrPasswordRejected.
func (s *AccountService) Create(ctx context.Context, in CreateAccountRequest) (*Profile, error) {
	if in.Email == "" && len(in.Profile.settableKeys()) == 0 && len(in.Extra) == 0 {
		return nil, missingArgument(opAccountCreate, "Email or Profile or Extra")
	}
	return do[Profile](ctx, s.c, opAccountCreate, in)
}

// AccountByUIDRequest is the input of [AccountService.ByUID].
type AccountByUIDRequest struct {
	UID    string   `lr:"path,uid,required"`
	Fields []string `lr:"query,fields"` // default: all
}

// ByUID returns an account.
//
// GET /identity/v2/manage/account/{uid} with API key and secret; a read. Sentinels:
// ErrUserNotFound.
func (s *AccountService) ByUID(ctx context.Context, in AccountByUIDRequest) (*Profile, error) {
	return do[Profile](ctx, s.c, opAccountByUID, in)
}

// AccountByEmailRequest is the input of [AccountService.ByEmail] and
// [AccountService.IdentitiesByEmail].
type AccountByEmailRequest struct {
	Email  string   `lr:"query,email,required"`
	Fields []string `lr:"query,fields"` // default: all
}

// ByEmail returns the account with an address.
//
// GET /identity/v2/manage/account with API key and secret; a read. Sentinels:
// ErrUserNotFound.
func (s *AccountService) ByEmail(ctx context.Context, in AccountByEmailRequest) (*Profile, error) {
	return do[Profile](ctx, s.c, opAccountByEmail, in)
}

// IdentitiesByEmail returns every profile with an address. Several accounts may
// share one: never take the first for an authorization.
//
// GET /identity/v2/manage/account/identities with API key and secret; a read.
// Sentinels: ErrUserNotFound.
func (s *AccountService) IdentitiesByEmail(ctx context.Context, in AccountByEmailRequest) ([]Profile, error) {
	r, err := do[struct{ Data []Profile }](ctx, s.c, opAccountIdentitiesByEmail, in)
	if err != nil {
		return nil, err
	}
	return r.Data, nil
}

// UpdateAccountRequest is the input of [AccountService.Update].
type UpdateAccountRequest struct {
	UID string `lr:"path,uid,required"`
	// Profile holds the fields to change: those that are set. Extra adds keys as
	// they are, which is how to send null or false ("IsActive": false blocks).
	Profile     Profile        `lr:"body,*,oneof=change"`
	Extra       map[string]any `lr:"body,*,oneof=change,secret"`
	NullSupport bool           `lr:"query,nullsupport"` // let null erase a value
	Fields      []string       `lr:"query,fields"`
}

// Update changes an account and returns it as it is now.
//
// PUT /identity/v2/manage/account/{uid} with API key and secret. Sentinels:
// ErrUserNotFound, ErrValidation, ErrUsernameTaken.
func (s *AccountService) Update(ctx context.Context, in UpdateAccountRequest) (*Profile, error) {
	defer s.c.ForgetUser(in.UID)
	return do[Profile](ctx, s.c, opAccountUpdate, in)
}

// uidOnly is the input of operations that take a UID and nothing else.
type uidOnly struct {
	UID string `lr:"path,uid,required"`
}

// Delete deletes an account; its tokens die.
//
// DELETE /identity/v2/manage/account/{uid} with API key and secret. Sentinels:
// ErrUserNotFound.
func (s *AccountService) Delete(ctx context.Context, uid string) error {
	defer s.c.ForgetUser(uid)
	_, err := do[ackResponse](ctx, s.c, opAccountDelete, uidOnly{uid})
	return err
}

// DeleteByEmail deletes every account with an address.
//
// DELETE /identity/v2/manage/account with API key and secret. Sentinels:
// ErrUserNotFound.
func (s *AccountService) DeleteByEmail(ctx context.Context, email string) (*DeletedByEmail, error) {
	defer s.c.sessions.forgetEmail(email)
	return do[DeletedByEmail](ctx, s.c, opAccountDeleteByEmail, struct {
		Email string `lr:"query,email,required"`
	}{email})
}

// RemoveEmailRequest is the input of [AccountService.RemoveEmail].
type RemoveEmailRequest struct {
	UID    string   `lr:"path,uid,required"`
	Email  string   `lr:"body,email,required"`
	Fields []string `lr:"query,fields"`
}

// RemoveEmail removes an address from an account that has more than one, and
// returns the account.
//
// DELETE /identity/v2/manage/account/{uid}/email with API key and secret. Sentinels:
// ErrUserNotFound.
func (s *AccountService) RemoveEmail(ctx context.Context, in RemoveEmailRequest) (*Profile, error) {
	defer s.c.UncacheUser(in.UID)
	return do[Profile](ctx, s.c, opAccountRemoveEmail, in)
}

// PrivacyPolicyHistory lists the privacy policies that a user accepted.
//
// GET /identity/v2/manage/account/{uid}/privacypolicy/history with API key and
// secret; a read. Sentinels: ErrUserNotFound.
func (s *AccountService) PrivacyPolicyHistory(ctx context.Context, uid string) (*PrivacyPolicyHistory, error) {
	return do[PrivacyPolicyHistory](ctx, s.c, opAccountPrivacyPolicyHistory, uidOnly{uid})
}

// DeletedByEmail says how many accounts were deleted.
type DeletedByEmail struct{ RecordsDeleted int }

// PrivacyPolicyHistory lists the privacy policies that a user accepted.
type PrivacyPolicyHistory struct {
	UID     string `json:"Uid"`
	Current AcceptedPrivacyPolicy
	History []AcceptedPrivacyPolicy
}

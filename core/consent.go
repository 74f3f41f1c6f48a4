package core

import "context"

// ConsentService holds what users consent to: forms of options that a site asks for at
// events such as Register and Login.
type ConsentService struct{ c *Client }

// A ConsentAnswer accepts or refuses one option.
type ConsentAnswer struct {
	ID       string `json:"ConsentOptionId"`
	Accepted bool   `json:"IsAccepted"`
}

// SubmitConsentRequest is the input of [ConsentService.Submit].
type SubmitConsentRequest struct {
	ConsentToken string          `lr:"query,consenttoken,required,secret"` // see [ConsentStep]
	Answers      []ConsentAnswer `lr:"body,data,required"`
	Events       []ConsentEvent  `lr:"body,events,required"`
}

// Submit answers the consent form that a login waits for, and completes the login. The
// token is in the URL, because LoginRadius documents no other form.
//
// POST /identity/v2/auth/consent with API key. Sentinels: ErrInvalidLink (the token),
// ErrConsentRequired (a required option is refused), ErrMFARequired, ErrPrivacyPolicy,
// ErrAccountBlocked, ErrFeatureDisabled.
func (s *ConsentService) Submit(ctx context.Context, in SubmitConsentRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opConsentSubmit, in)
}

// SubmitConsentByTokenRequest is the input of [ConsentService.SubmitByToken].
type SubmitConsentByTokenRequest struct {
	AccessToken string          `lr:"bearer,,required,secret"`
	Answers     []ConsentAnswer `lr:"body,data,required"`
	Events      []ConsentEvent  `lr:"body,events,required"`
}

// SubmitByToken answers a consent form for a logged-in user.
//
// POST /identity/v2/auth/consent/profile with API key and access token. Sentinels:
// ErrConsentRequired (a required option is refused), ErrInvalidToken, ErrFeatureDisabled.
func (s *ConsentService) SubmitByToken(ctx context.Context, in SubmitConsentByTokenRequest) (*Profile, error) {
	p, err := profile(do[profileAnswer](ctx, s.c, opConsentSubmitByToken, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return p, err
}

// UpdateConsentRequest is the input of [ConsentService.Update].
type UpdateConsentRequest struct {
	AccessToken string          `lr:"bearer,,required,secret"`
	Answers     []ConsentAnswer `lr:"body,consents,required"`
}

// Update changes what a logged-in user has consented to. Withdrawing a required option
// makes the next login ErrConsentRequired.
//
// PUT /identity/v2/auth/consent with API key and access token. Sentinels:
// ErrInvalidToken, ErrFeatureDisabled.
func (s *ConsentService) Update(ctx context.Context, in UpdateConsentRequest) (*ConsentProfile, error) {
	p, err := do[ConsentProfile](ctx, s.c, opConsentUpdate, in)
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return p, err
}

// VerifyConsentRequest is the input of [ConsentService.Verify].
type VerifyConsentRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	Event       string `lr:"query,event,required"`
	Custom      bool   `lr:"query,iscustom,always"`
}

// A ConsentVerification tells whether a user has answered the newest form of an event.
type ConsentVerification struct {
	Valid          bool `json:"IsValid"`
	ConsentProfile *ConsentProfile
}

// Verify tells whether a logged-in user has answered the newest form of an event.
//
// GET /identity/v2/auth/consent/verify with API key and access token; a read. Sentinels:
// ErrInvalidToken, ErrNotAllowed, ErrFeatureDisabled.
func (s *ConsentService) Verify(ctx context.Context, in VerifyConsentRequest) (*ConsentVerification, error) {
	return do[ConsentVerification](ctx, s.c, opConsentVerify, in)
}

// A ConsentLog records one change of a user's consents, and where it came from.
type ConsentLog struct {
	ID         string `json:"Id"`
	LoggedOn   Time   `json:"LoggedOnDate"`
	UpdateType string
	Host       string
	IP         string
	UserAgent  string
	Consents   []LoggedConsent  `json:"ConsentLogs"`
	Versions   []ConsentVersion `json:"CurrentConsentFormsVersions"`
}

// A LoggedConsent is one option in a [ConsentLog].
type LoggedConsent struct {
	ID    string `json:"ConsentId"`
	Event string
}

// ConsentLogs are the changes of a user's consents.
type ConsentLogs struct {
	UID  string       `json:"Uid"`
	Logs []ConsentLog `json:"ConsentLogs"`
}

// Logs returns the changes of a logged-in user's consents; the list may be empty.
//
// GET /identity/v2/auth/consent/logs with API key and access token; a read. Sentinels:
// ErrInvalidToken, ErrFeatureDisabled.
func (s *ConsentService) Logs(ctx context.Context, accessToken string) (*ConsentLogs, error) {
	return orNoLogs(do[ConsentLogs](ctx, s.c, opConsentLogs, bearerOnly{accessToken}))
}

// orNoLogs converts 1228, "consent logs not available", to an empty list.
func orNoLogs(logs *ConsentLogs, err error) (*ConsentLogs, error) {
	if isCode(err, CodeConsentLogsNotAvailable) {
		return &ConsentLogs{Logs: []ConsentLog{}}, nil
	}
	return logs, err
}

// LogsByUID returns the changes of the consents of an account; the list may be empty.
//
// GET /identity/v2/manage/account/{uid}/consent/logs with API key and secret; a read.
// Sentinels: ErrUserNotFound, ErrFeatureDisabled.
func (s *ConsentService) LogsByUID(ctx context.Context, uid string) (*ConsentLogs, error) {
	return orNoLogs(do[ConsentLogs](ctx, s.c, opConsentLogsByUID, uidOnly{uid}))
}

package core

import (
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// A Client talks to one LoginRadius site. It is safe for concurrent use, keeps
// nothing about users but the session cache, and is meant to live as long as the
// program: make one with [New] and share it.
//
// [Client.Session] validates the access token of a request. The operations hang on
// services, named as in the official SDKs, and are listed beside their fields; go doc
// AuthenticationService.Register and so on tells the details.
type Client struct {
	// What users do themselves.
	//
	//	Register, ResendVerification, VerifyEmail, VerifyEmailByOTP, EmailExists,
	//	UsernameExists, AddEmail, RemoveEmail, SetUsername, SendDeleteCode,
	//	DeleteAccountByOTP, LinkIdentity, LinkIdentityByPing, UnlinkIdentity,
	//	ProfileByPing, SendLinkVerification, UnlockAccount, SecurityQuestions,
	//	SecurityQuestionsByEmail, SecurityQuestionsByUsername,
	//	SecurityQuestionsByPhone, ResetPasswordByAnswer, RegisterWithCaptcha,
	//	LoginByEmail, LoginByUsername, LoginByPhone, ChangePassword,
	//	ForgotPassword, ResetPassword, ResetPasswordByOTP, AcceptPrivacyPolicy,
	//	PrivacyPolicyHistory, Profile, SocialIdentity, UpdateProfile,
	//	SendWelcomeEmail, DeleteAccount, ConfirmDeleteAccount, ValidateToken,
	//	TokenInfo, InvalidateToken, SlideToken
	Authentication *AuthenticationService

	// What the site's backend does with any account.
	//
	//	Create, ByUID, ByEmail, IdentitiesByEmail, Update, Delete, DeleteByEmail,
	//	RemoveEmail, PrivacyPolicyHistory, ByUsername, ByPhone, ChangeUID,
	//	UpsertEmail, InvalidateEmail, InvalidatePhone, SetPhone,
	//	ImpersonationToken, EmailToken, SMSCode, SetPassword, PasswordHash,
	//	ForgotToken, VerificationToken, RefreshToken, RevokeRefreshToken,
	//	RevokeAllRefreshTokens
	Account *AccountService

	// Tokens of the older native API, and the list of a user's sessions.
	//
	//	ExchangeToken, ValidateToken, InvalidateToken, Sessions, SessionsByUID,
	//	SessionsByProfileID, Profile, RefreshToken, RefreshProfile
	Social *SocialService

	// Logins with a provider's own token.
	//
	//	Facebook, Google, Twitter, Apple, WeChat, LinkedIn, Foursquare,
	//	VKontakte, GoogleCode, GoogleIDToken, AppleIDToken, AppleRefreshToken,
	//	FacebookIDToken, CustomJWT
	NativeSocial *NativeSocialService

	// Roles of accounts, what they permit, and roles in a context.
	//
	//	ByUID, Assign, Unassign, ContextsByUID, SetContexts, DeleteContext,
	//	RemoveContextRoles, RemoveContextPermissions, ContextMembers,
	//	Definitions, Create, Delete, AddPermissions, RemovePermissions
	Role *RoleService

	// The service's clock, its SOTTs, and the site's public configuration.
	//
	//	ServerInfo, SOTT, Site
	Configuration *ConfigurationService

	// Second factors: the second step of a login, and the factors of an account.
	//
	//	LoginByEmail, LoginByUsername, LoginByPhone, VerifyAuthenticator,
	//	VerifySMS, VerifyEmail, VerifyBackupCode, VerifySecurityAnswers,
	//	SetSecurityAnswers, SetPhone, ResendSMS, SendEmail, Settings,
	//	ConfirmAuthenticator, ChangePhone, ConfirmSMS, SendConfirmationEmail,
	//	ConfirmEmail, ChangeSecurityAnswers, BackupCodes, ResetBackupCodes,
	//	RemoveAuthenticator, RemoveSMS, RemoveEmail, RemoveSecurityAnswers,
	//	BackupCodesByUID, ResetBackupCodesByUID, RemoveAuthenticatorByUID,
	//	RemoveSMSByUID, RemoveEmailByUID, RemoveSecurityAnswersByUID,
	//	RemovePasskeyByUID, PasskeyBegin, PasskeyFinish, RegisterPasskeyBegin,
	//	RegisterPasskeyFinish, AddPasskeyBegin, AddPasskeyFinish, RemovePasskey,
	//	VerifyDuo, ConfirmDuo, RemoveDuo, RemoveDuoByUID, PingPush, RemovePush,
	//	RemovePushByUID
	MFA *MFAService

	// Proofs of presence by a logged-in user, and their validation.
	//
	//	Begin, ByAuthenticator, ByBackupCode, BySMS, SendEmail, ByEmail,
	//	BySecurityAnswers, ByPassword, ByPIN, ValidateFactor, ValidatePassword,
	//	ValidatePIN, ByDuo, SendCode, ByCode
	Reauthentication *ReauthenticationService

	// Logins by PIN on a device where the user has logged in before.
	//
	//	Login, InvalidateSessionToken, Set, Change, ForgotByEmail,
	//	ForgotByUsername, ForgotByPhone, Reset, ResetByEmailOTP,
	//	ResetByUsernameOTP, ResetByPhoneOTP, ResetByEmailAnswer,
	//	ResetByUsernameAnswer, ResetByPhoneAnswer
	PIN *PINService

	// Registration and login by passkey.
	//
	//	RegisterBegin, RegisterFinish, LoginBegin, LoginFinish, AutofillBegin,
	//	AutofillFinish, AddBegin, AddFinish, List, ListByUID, Remove,
	//	RemoveByUID, Forgot, ResetBegin, ResetFinish
	Passkey *PasskeyService

	// What users consent to.
	//
	//	Submit, SubmitByToken, Update, Verify, Logs, LogsByUID
	Consent *ConsentService

	// Records of custom objects, also as values of your types: [CustomObjects].
	//
	//	Create, CreateByToken, ByID, ByIDAndToken, List, ListByToken, Update,
	//	UpdateByToken, Delete, DeleteByToken
	CustomObject *CustomObjectService

	// Subscriptions to events.
	//
	//	Create, Update, ByID, List, Events, Delete
	Webhook *WebhookService

	// Signed tokens of the site's JWT applications.
	//
	//	ByAccessToken, LoginByEmail, LoginByUsername, LoginByPhone
	JWT *JWTService

	// Tokens of the site's OpenID Connect applications.
	//
	//	Introspect, Revoke
	OIDC *OIDCService

	// Logins of machines, with client credentials.
	//
	//	Token, Introspect, Revoke
	M2M *M2MService
	// Logins by a mailed link or code, or a code sent to a phone.
	//
	//	StartByEmail, StartByUsername, StartByPhone, Verify, VerifyEmailOTP,
	//	VerifyUsernameOTP, VerifyPhoneOTP
	Passwordless *PasswordlessService

	// Logins that need no registration.
	//
	//	StartByEmail, StartByPhone, VerifyPhone, VerifyLink, Ping
	OneTouch *OneTouchService

	// Logins that one device asks for and another confirms.
	//
	//	StartByEmail, StartByUsername, VerifyLink, Ping
	SmartLogin *SmartLoginService

	// Accounts that log in with a phone number.
	//
	//	Exists, Register, Verify, VerifyByToken, ResendVerification,
	//	ResendVerificationByToken, Update, Remove, ForgotPassword, ResetPassword
	Phone *PhoneService

	cfg         Config
	http        *http.Client
	ownHTTP     bool
	credentials atomic.Pointer[keyAndSecret]
	sessions    *sessionCache
	keySource   func() string // see DerivedKey; a function, which fmt does not look into
	later       laterWork
	loginTimes  *loginTimes
	readiness   readiness
}

type keyAndSecret struct{ key, secret string }

// New returns a client, or a [*ConfigError] that names the unusable field. It
// does not use the network.
func New(cfg Config) (*Client, error) {
	clock := sessions.SafeClock(cfg.Clock)
	cfg.Clock = clock
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	secret := cfg.APISecret
	c := &Client{cfg: cfg, keySource: func() string { return secret }, loginTimes: newLoginTimes(), readiness: readiness{turn: make(chan struct{}, 1)}}
	c.credentials.Store(&keyAndSecret{cfg.APIKey, cfg.APISecret})
	c.cfg.APIKey, c.cfg.APISecret = "", "" // one place only, so that rotation cannot be missed
	c.http = c.newHTTPClient(cfg.HTTPClient)
	c.connectServices()
	if c.sessions, err = newSessionCache(c, cfg.Sessions, clock); err != nil {
		return nil, err
	}
	c.cfg.SharedSecret = nil // the keys are derived
	return c, nil
}

func (c *Client) newHTTPClient(given *http.Client) *http.Client {
	h := &http.Client{}
	if given != nil {
		*h = *given
	} else {
		c.ownHTTP = true
		h.Transport = &http.Transport{ // not the default's clone: programs wrap that
			Proxy:             http.ProxyFromEnvironment,
			DialContext:       (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			ForceAttemptHTTP2: true,
			// The default keeps two idle connections a host and dials anew for every
			// further call of a busy server.
			MaxIdleConns: 100, MaxIdleConnsPerHost: 100,
			IdleConnTimeout:     90 * time.Second,
			TLSHandshakeTimeout: 5 * time.Second,
		}
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return h
}

// SetCredentials replaces the API key and secret for all calls that start from
// now on, without touching cached sessions: use it to rotate a secret while
// running. It returns a [*ConfigError] and changes nothing if one is unusable.
func (c *Client) SetCredentials(apiKey, apiSecret string) error {
	if err := checkCredentials(apiKey, apiSecret); err != nil {
		return err
	}
	c.credentials.Store(&keyAndSecret{apiKey, apiSecret})
	return nil
}

// Close waits for background work to end and closes idle connections. Calls made
// afterwards fail. It may be called more than once.
func (c *Client) Close() error {
	c.later.close()
	c.sessions.Close()
	if c.ownHTTP {
		c.http.CloseIdleConnections()
	}
	return nil
}

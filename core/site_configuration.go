package core

import (
	"context"
	"encoding/json"
	"time"
)

// SiteConfiguration is what a site tells everyone about itself. It says which screens to
// offer and is no basis for a decision about security: it is public, cached on its way,
// and its keys differ between plans. What has no field here is reachable with
// [SiteConfiguration.Value].
type SiteConfiguration struct {
	AppName                    string
	CustomDomain               string
	EmailVerificationFlow      string // "required", "optional" or "disabled"
	IsPhoneLogin               bool
	IsUserNameLogin            bool
	IsCustomerRegistration     bool
	IsLoginOnEmailVerification bool
	LoginOnPasswordReset       bool
	OTPEmailVerification       bool // the site mails codes instead of links
	IsSecurityQuestion         bool
	IsRiskBasedAuthentication  bool
	IsInstantSignin            struct{ EmailLink, SMSOTP bool } // login without a password

	TwoFactorAuthentication    SiteMFA
	PINAuthentication          *SitePIN
	Passkeys                   SitePasskeys `json:"PassKeysConfig"`
	LoginLockedConfiguration   SiteLock
	PrivacyPolicyConfiguration struct {
		IsEnabled       bool
		Mode            string // "Strict" or "Moderated"
		PrivacyPolicies []struct {
			StartDateTime Time
			Version       string
		}
	}
	SecurityQuestions struct {
		Questions             []SecurityQuestion
		SecurityQuestionCount int // how many a user has to answer
	}
	// TemplateVerificationTypes tells by kind of mail whether it has a link or a code:
	// "MAGICLINK" or "OTP".
	TemplateVerificationTypes map[string]string
	SocialSchema              struct {
		Providers []struct{ Name, Endpoint string }
	}

	received answer
}

// SiteMFA tells which second factors a site has switched on.
type SiteMFA struct {
	IsEnabled, IsRequired           bool
	IsAuthenticator                 bool
	IsGoogleAuthenticator           bool // older name of IsAuthenticator
	IsSmsOTPAuthenticator           bool
	IsEmailOTPAuthenticator         bool
	IsSecurityQuestionAuthenticator bool
	IsPushAuthenticator             bool
	IsDuoSecurityAuthenticator      bool
	IsPasskeyAuthenticator          bool
}

// SitePIN tells how a site uses PINs.
type SitePIN struct {
	Configuration struct {
		PINLogin            bool
		IsRequired          bool
		AskOnRegistration   bool
		AskOnLogin          bool
		AskOnlyOnFirstLogin bool
	}
	SessionTokenExpiration int // minutes
}

// SitePasskeys tells how a site uses passkeys.
type SitePasskeys struct {
	IsEnabled                  bool
	LocalEnrollment            bool
	PasskeySelection           string
	ProgressiveEnrollment      bool
	ProgressiveEnrollmentDelay int // days
	RPDisplayName              string
	RPID                       string
	RPOrigins                  []string
}

// SiteLock tells when a site locks an account after failed logins.
type SiteLock struct {
	LoginLockedType            string // "None", "Captcha", "SecurityQuestion" or "Suspend"
	MaximumFailedLoginAttempts int
	SuspendConfiguration       struct{ EffectivePeriodInSeconds int }
}

func (c *SiteConfiguration) finish(_ operation, got answer, _ time.Time) error { //nolint:unparam // it implements finisher
	c.received = got
	return nil
}

// Value returns a key as LoginRadius sent it, matched without case. The second result is
// false for a key that was not sent.
func (c *SiteConfiguration) Value(key string) (json.RawMessage, bool) {
	raw, ok := c.received.get(key)
	return append(json.RawMessage(nil), raw...), ok
}

// Site returns the public configuration of the site. Cache it for some minutes.
//
// GET /ciam/appinfo on the configuration host with API key; a read.
func (s *ConfigurationService) Site(ctx context.Context) (*SiteConfiguration, error) {
	return do[SiteConfiguration](ctx, s.c, opConfigurationSite, struct{}{})
}

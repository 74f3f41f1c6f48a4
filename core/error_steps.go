package core

import (
	"slices"
	"time"
)

// Some refusals carry what the next step of a login needs. It is in the error, and is
// left out wherever the error is printed or encoded.

// A PrivacyStep comes with ErrPrivacyPolicy: the user has to accept the site's current
// privacy policy. Token is good for [AuthenticationService.AcceptPrivacyPolicy] alone.
type PrivacyStep struct {
	Token     string    `json:"access_token" lr:",,secret"`
	ExpiresAt time.Time `json:"-"`
}

// A ConsentStep comes with ErrConsentRequired: the user has to answer a consent form.
// Token is good for [ConsentService.SubmitByConsentToken] alone.
type ConsentStep struct {
	Token   string `json:"ConsentToken" lr:",,secret"`
	Options []ConsentOption
	Events  []ConsentEvent
	// Accepted lists the versions of forms that the user accepted before.
	Accepted []ConsentVersion
}

// A PINStep comes with ErrPINRequired: the user has to choose a PIN. Token is good for
// [PINService.Set] alone.
type PINStep struct {
	Token string `json:"PINAuthToken" lr:",,secret"`
}

// A Risk is one reason why a login looks suspicious to the site's rules.
type Risk struct {
	Code        ErrorCode `json:"ErrorCode"` // e.g. CodeNewBrowserDetected
	Message     string
	Description string
}

// A ConsentOption is one thing to consent to. Title and Description are empty where
// LoginRadius sends the ID alone.
type ConsentOption struct {
	ID          string `json:"ConsentOptionId"`
	Title       string
	Description string
	Required    bool `json:"IsRequired"`
}

// A ConsentEvent is what a consent form is asked for.
type ConsentEvent struct {
	Name   string `json:"Event"` // e.g. "Login"
	Custom bool   `json:"IsCustom"`
}

// steps reads what the next step needs out of an error's answer.
func (e *Error) steps(got answer, now time.Time) {
	raw, ok := got.get("Data")
	if !ok {
		return
	}
	data, err := parseAnswer(raw)
	if err != nil {
		return
	}
	switch e.Code {
	case CodePrivacyPolicyMismatch:
		var step PrivacyStep
		data.decode(&step)
		step.ExpiresAt = expiryIn(data, now)
		if !isZeroToken(step.Token) {
			e.Privacy = &step
		}
	case CodeConsentNotSubmitted, CodeConsentFormValidationFailed:
		var step ConsentStep
		var in struct {
			ConsentProfile struct {
				AcceptedConsentVersions []ConsentVersion
				Consents                struct{ Options []ConsentOption }
			}
			Consents struct{ Options []ConsentOption }
			Events   []struct {
				Name, Event string
				IsCustom    bool
			}
		}
		data.decode(&step)
		data.decode(&in)
		step.Options = slices.Concat(in.ConsentProfile.Consents.Options, in.Consents.Options)
		step.Accepted = in.ConsentProfile.AcceptedConsentVersions
		step.Events = nil
		for _, event := range in.Events {
			step.Events = append(step.Events, ConsentEvent{firstOf(event.Event, event.Name), event.IsCustom})
		}
		if !isZeroToken(step.Token) {
			e.Consent = &step
		}
	case CodePINLoginRequired:
		var step PINStep
		data.decode(&step)
		if !isZeroToken(step.Token) {
			e.PIN = &step
		}
	}
}

package web

import (
	"context"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) consentRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteConsent, Method: "POST", Path: "/consent", Summary: "Answer the consent form that a login waits for",
			answers: answers(http.StatusOK, tokenAnswer{}),
		}, a.consent),
		route(a, Route{
			Name: RouteMyConsent, Method: "GET", Path: "/me/consent", NeedsLogin: true, Summary: "What the user has consented to",
			answers: answers(http.StatusOK, consentAnswer{}),
		}, a.myConsent),
		route(a, Route{
			Name: RouteChangeConsent, Method: "PUT", Path: "/me/consent", NeedsLogin: true, Summary: "Change what the user consents to",
			answers: answers(http.StatusOK, consentAnswer{}),
		}, a.changeConsent),
		route(a, Route{
			Name: RouteAcceptPrivacy, Method: "POST", Path: "/privacy/accept", MayLogin: true, Summary: "Accept the privacy policy; with the token of a login that waits for it, log in",
			answers: append(answers(http.StatusNoContent), answers(http.StatusOK, tokenAnswer{})...),
		}, a.acceptPrivacy),
	}
}

// A consentChoice accepts or refuses one option.
type consentChoice struct {
	ID       string `json:"id" in:"required,max=256"`
	Accepted bool   `json:"accepted"`
}

func consentAnswers(choices []consentChoice) []core.ConsentAnswer {
	var out []core.ConsentAnswer
	for _, c := range choices {
		out = append(out, core.ConsentAnswer{ID: c.ID, Accepted: c.Accepted})
	}
	return out
}

type consentSubmission struct {
	Token   string          `json:"consent_token" in:"required"`
	Options []consentChoice `json:"options" in:"required"`
}

func (a *App) consent(ctx context.Context, r *Request, in consentSubmission) (*Response, error) {
	var waiting pendingConsent
	if a.consents.open(in.Token, &waiting) != nil || waiting.Token == "" {
		return nil, problem(http.StatusUnprocessableEntity, CodeInvalidLink)
	}
	res, err := a.client.Consent.Submit(ctx, core.SubmitConsentRequest{ConsentToken: waiting.Token, Answers: consentAnswers(in.Options), Events: waiting.Events})
	return a.loginResult(ctx, r, res, err)
}

// consentAnswer lists the options that the user has accepted.
type consentAnswer struct {
	Options []acceptedConsent `json:"options"`
}

type acceptedConsent struct {
	ID         string `json:"id"`
	AcceptedAt string `json:"accepted_at,omitempty"`
}

func consentOf(p *core.ConsentProfile) consentAnswer {
	out := consentAnswer{[]acceptedConsent{}}
	if p == nil {
		return out
	}
	for _, c := range p.Consents {
		out.Options = append(out.Options, acceptedConsent{c.ConsentOptionID, timestamp(c.AcceptOnDate.Time)})
	}
	return out
}

// myConsent asks LoginRadius: a cached session holds only some fields of the profile.
func (a *App) myConsent(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	p, err := a.client.Authentication.Profile(ctx, core.ProfileRequest{AccessToken: r.token})
	if err != nil {
		return nil, err
	}
	return JSON(http.StatusOK, consentOf(p.ConsentProfile)), nil
}

type consentChange struct {
	Options []consentChoice `json:"options" in:"required"`
}

func (a *App) changeConsent(ctx context.Context, r *Request, in consentChange) (*Response, error) {
	p, err := a.client.Consent.Update(ctx, core.UpdateConsentRequest{AccessToken: r.token, Answers: consentAnswers(in.Options)})
	if err != nil {
		return nil, err
	}
	return JSON(http.StatusOK, consentOf(p)), nil
}

type privacyAcceptance struct {
	Token string `json:"privacy_token"` // left out by a logged-in user
}

// acceptPrivacy makes the token of a login that waited for the policy an ordinary one.
func (a *App) acceptPrivacy(ctx context.Context, r *Request, in privacyAcceptance) (*Response, error) {
	switch {
	case in.Token != "":
		if _, err := a.client.Authentication.AcceptPrivacyPolicy(ctx, core.AcceptPrivacyPolicyRequest{AccessToken: in.Token}); err != nil {
			return nil, err
		}
		// This is no login: any access token of the site may be sent here, and must not count
		// as a proof of presence.
		return a.begin(ctx, r, core.Tokens{AccessToken: in.Token})
	case r.Session == nil:
		return nil, fieldProblem("privacy_token", "required", "This field is required.")
	}
	_, err := a.client.Authentication.AcceptPrivacyPolicy(ctx, core.AcceptPrivacyPolicyRequest{AccessToken: r.token})
	return done(err)
}

package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// maxPageOptions bounds the consent options that the cookie of a pending login holds.
const maxPageOptions = 16

// agreementStep leads on to the page of the policy, of the consent form or of the first PIN
// that a login waits for. What completes the login stays in a cookie and out of the page.
func (p *pages) agreementStep(failure *Problem, base, next string) *Response {
	var step pageStep
	var target string
	switch {
	case failure.PrivacyProblem != nil && p.app.route(RouteAcceptPrivacy) != nil:
		step, target = pageStep{Privacy: failure.PrivacyToken}, "privacy"
	case failure.PINProblem != nil && p.app.route(RouteSetPIN) != nil:
		step, target = pageStep{PIN: failure.PINToken}, "pin"
	case failure.ConsentProblem != nil && p.app.route(RouteConsent) != nil:
		options := slices.Clone(failure.Options[:min(len(failure.Options), maxPageOptions)])
		for i, o := range options {
			if p.app.cfg.consentOption(o.ID).Title != "" {
				options[i] = ConsentEntry{ID: o.ID, Required: o.Required} // the cookie is small
			}
		}
		step, target = pageStep{Consent: failure.ConsentToken, Options: options}, "consent"
	default:
		return nil
	}
	res := Redirect(base + target + next)
	res.Cookies = append(res.Cookies, p.shortCookie(p.stepName(), p.steps.seal(step), stepLife))
	return res
}

// complete adds to a form what the page keeps in the cookie of a pending login.
func (f *pageForm) complete(r *Request, typed url.Values) (changed bool) {
	step, ok := f.pages.step(r)
	switch {
	case !ok:
		return false
	case f.route == RouteAcceptPrivacy && step.Privacy != "":
		typed.Set("privacy_token", step.Privacy)
	case f.route == RouteSetPIN && step.PIN != "":
		typed.Set("pin_token", step.PIN)
	case f.route == RouteConsent && step.Consent != "":
		typed.Set("consent_token", step.Consent)
	default:
		return false
	}
	return true
}

// agreements are the check boxes of a form: on the registration those that the
// application's options name, on the page of a consent form those that a login waits for.
func (p *pages) agreements(r *Request, form string, typed url.Values) []PageInput {
	var out []PageInput
	switch form {
	case "register":
		for i, id := range p.app.cfg.registrationConsents {
			out = append(out, p.look.consentBox("consents", i, p.app.cfg.consentOption(id), typed)...)
		}
		if p.app.cfg.privacyPolicy != "" {
			box := p.look.checkBox("accept_privacy_policy", p.look.text["accept_privacy"], typed)
			box.Required = true
			out = append(out, box)
		}
	case "consent":
		step, _ := p.step(r)
		for i, o := range step.Options {
			out = append(out, p.look.consentBox("options", i, p.app.cfg.described(o), typed)...)
		}
	}
	return out
}

// consentBox is the check box of an option, with the hidden id that goes with it.
func (l *pageLook) consentBox(list string, i int, o ConsentEntry, typed url.Values) []PageInput {
	at := list + "." + strconv.Itoa(i)
	box := l.checkBox(at+".accepted", cmp.Or(o.Title, o.ID), typed)
	box.Hint, box.Required = o.Description, o.Required
	return []PageInput{{Name: at + ".id", Type: "hidden", Value: o.ID}, box}
}

// checkBox is an input that holds on or nothing.
func (l *pageLook) checkBox(name, label string, typed url.Values) PageInput {
	return PageInput{ID: inputID(name), Name: name, Label: label, Type: "checkbox", Value: typed.Get(name)}
}

// fillPrivacy shows the policy that a login waits for.
func (v *PageView) fillPrivacy(_ context.Context, p *pages, r *Request) *Response {
	return v.orLogin(p, r, func(step pageStep) bool { return step.Privacy != "" })
}

// fillPIN asks for the PIN that a login waits for.
func (v *PageView) fillPIN(_ context.Context, p *pages, r *Request) *Response {
	return v.orLogin(p, r, func(step pageStep) bool { return step.PIN != "" })
}

// fillConsent shows the consent form that a login waits for.
func (v *PageView) fillConsent(_ context.Context, p *pages, r *Request) *Response {
	return v.orLogin(p, r, func(step pageStep) bool { return step.Consent != "" })
}

// orLogin leads to the login if the browser has no pending login of this kind.
func (v *PageView) orLogin(p *pages, r *Request, is func(pageStep) bool) *Response {
	if step, ok := p.step(r); ok && is(step) {
		return nil
	}
	if v.Problem != nil && v.Problem.Code == CodeUnavailable {
		return nil
	}
	return Redirect(v.Base + "login" + v.Next)
}

// endStep clears the cookie of a pending login.
func (p *pages) endStep() *http.Cookie { return p.shortCookie(p.stepName(), "", 0) }

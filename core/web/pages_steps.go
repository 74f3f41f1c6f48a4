package web

import (
	"context"
	"encoding/json"
	"html/template"
	"net/url"
	"slices"
)

// A PageStep is the second step of a login, as the page shows it.
type PageStep struct {
	Token     string // goes with the forms as mfa_token
	Method    string // what the visitor uses now; "" if there is something to choose
	Enrolls   bool   // the user must set a factor up
	Sent      bool   // a code is on its way to a factor that is being set up
	Choices   []PageChoice
	Questions []MFAQuestion
	Secret    *PageSecret // of an authenticator app that is being set up
	HostedURL string      // completes what the pages cannot; "" for none
}

// A PageChoice is another way to take a step.
type PageChoice struct{ Method, Label, Link string }

// A PageSecret is what an authenticator app needs.
type PageSecret struct {
	Secret string
	QR     template.URL
}

// stepLife is how long the cookie of a pending login lives, in seconds. The challenge
// itself ends earlier.
const stepLife = 15 * 60

func (p *pages) stepName() string { return p.app.cfg.cookies.named("step") }

// A pageStep is what the pages remember of a pending login, in a cookie of its own: it is
// no session, and it is cleared when the login is complete.
type pageStep struct {
	Token     string        `json:"t"`
	Methods   []string      `json:"m"`
	Enrolls   bool          `json:"x,omitempty"`
	Questions []MFAQuestion `json:"q,omitempty"`
	HostedURL string        `json:"h,omitempty"`

	Privacy string         `json:"p,omitempty"` // the privacy_token, if the login waits for that
	Consent string         `json:"c,omitempty"` // the consent_token
	PIN     string         `json:"i,omitempty"` // the pin_token
	Options []ConsentEntry `json:"o,omitempty"`
}

// maxQuestions bounds what the cookie holds.
const maxQuestions = 4

// nextStep leads on to the page of the next step after a refusal that names one.
func (p *pages) nextStep(r *Request, failure *Problem, base string, f *pageForm) *Response {
	switch {
	case failure.Code == CodeReauthRequired && p.app.route(RouteReauthPassword) != nil:
		return Redirect(base + "reauth?next=" + url.QueryEscape(p.app.cfg.folder(r.View, f.path)+pageNamed(f.page).path[1:]))
	case failure.MFAProblem != nil && f.page == "second_factor":
		return nil
	}
	return p.loginStep(failure, base, query(r, "next"))
}

// loginStep leads on to the page of the step that a login waits for, and then to next.
func (p *pages) loginStep(failure *Problem, base, next string) *Response {
	if next = url.QueryEscape(LocalPath(next, "")); next != "" {
		next = "?next=" + next
	}
	if m := failure.MFAProblem; m != nil && p.app.route(RouteMFAVerify) != nil {
		res := Redirect(base + "second-factor" + next)
		questions := m.Questions
		res.Cookies = append(res.Cookies, p.shortCookie(p.stepName(), p.steps.seal(pageStep{
			Token: m.MFAToken, Methods: m.Methods, Enrolls: len(m.Enrolled) == 0, Questions: questions[:min(len(questions), maxQuestions)], HostedURL: m.HostedURL,
		}), stepLife))
		return res
	}
	return p.agreementStep(failure, base, next)
}

// keepStep updates or clears the cookie of a pending login after a step that worked.
func (p *pages) keepStep(r *Request, f *pageForm, res, out *Response) {
	step, ok := p.step(r)
	switch {
	case !ok || f.page != "second_factor" && f.page != "privacy" && f.page != "consent" && f.page != "set_pin":
	case f.login:
		out.Cookies = append(out.Cookies, p.endStep())
	default:
		var sent enrollmentSent // its token replaces the one before
		if json.Unmarshal(res.Body, &sent) == nil && sent.MFAToken != "" {
			step.Token = sent.MFAToken
			out.Cookies = append(out.Cookies, p.shortCookie(p.stepName(), p.steps.seal(step), stepLife))
		}
	}
}

// step returns the pending login of the browser.
func (p *pages) step(r *Request) (step pageStep, ok bool) {
	return step, p.steps.open(r.Cookie(p.stepName()), &step) == nil
}

// keepMethod keeps the chosen factor in the address.
func keepMethod(typed url.Values) url.Values { return url.Values{"method": {typed.Get("method")}} }

// keepMethodSent also says that a code is on its way.
func keepMethodSent(typed url.Values) url.Values {
	return url.Values{"method": {typed.Get("method")}, "sent": {"1"}}
}

func sent(url.Values) url.Values { return url.Values{"sent": {"1"}} }

// fillSecondFactor shows the factor that was chosen, or those to choose from.
func (v *PageView) fillSecondFactor(_ context.Context, p *pages, r *Request) *Response {
	step, ok := p.step(r)
	if !ok || step.Token == "" {
		return Redirect(v.Base + "login" + v.Next)
	}
	s := &PageStep{Token: step.Token, Enrolls: step.Enrolls, Questions: step.Questions, HostedURL: step.HostedURL, Sent: query(r, "sent") == "1"}
	s.Method = query(r, "method")
	if typed := typedInto(r); typed != nil {
		s.Method, s.Sent = typed.Get("method"), typed.Has("code")
	}
	if !slices.Contains(step.Methods, s.Method) {
		s.Method = ""
		if !step.Enrolls && len(step.Methods) > 0 || len(step.Methods) == 1 {
			s.Method = step.Methods[0]
		}
	}
	for _, m := range step.Methods {
		if m != s.Method {
			link := url.Values{"method": {m}}
			if next := LocalPath(query(r, "next"), ""); next != "" {
				link.Set("next", next)
			}
			s.Choices = append(s.Choices, PageChoice{m, p.look.text["method_"+m], v.Base + "second-factor?" + link.Encode()})
		}
	}
	if pending, err := p.app.open(step.Token); err == nil && s.Enrolls && s.Method == "totp" {
		s.Secret = pageSecret(newTOTP(pending.Secret, pending.Name, pending.Issuer))
	}
	v.Step = s
	return nil
}

func pageSecret(totp totpAnswer, err error) *PageSecret {
	if err != nil {
		return nil
	}
	return &PageSecret{totp.Secret, template.URL(totp.QR)} //nolint:gosec // a data URI that this package made
}

// A PageFactor is a second factor of the user.
type PageFactor struct {
	Method, Label string
	Enrolled      bool
	Link          string // to the page that sets it up
}

func (v *PageView) fillSecurity(ctx context.Context, p *pages, r *Request) *Response {
	res, err := p.app.factors(ctx, r, nothing{})
	if err != nil {
		if v.Problem == nil {
			p.look.explain(v, p.app.cfg.problemOf(err))
		}
		return nil
	}
	var list factorsAnswer
	if json.Unmarshal(res.Body, &list) != nil {
		return nil
	}
	for _, m := range []string{"totp", "sms", "email", "passkey"} {
		if m == "passkey" && !p.look.passkeys {
			continue
		}
		enrolled := slices.Contains(list.Enrolled, m)
		if enrolled || slices.Contains(list.Methods, m) {
			v.Factors = append(v.Factors, PageFactor{m, p.look.text["method_"+m], enrolled, v.Base + "security/" + m})
		}
		v.HasFactor = v.HasFactor || enrolled
	}
	return nil
}

func (v *PageView) fillTOTP(ctx context.Context, p *pages, r *Request) *Response {
	res, err := p.app.addTOTP(ctx, r, nothing{})
	if err != nil {
		if v.Problem == nil {
			p.look.explain(v, p.app.cfg.problemOf(err))
		}
		return nil
	}
	var totp totpAnswer
	if json.Unmarshal(res.Body, &totp) == nil {
		v.Secret = pageSecret(totp, nil)
	}
	return nil
}

// fillSent shows the field for the code when one is on its way.
func (v *PageView) fillSent(_ context.Context, p *pages, r *Request) *Response {
	v.Sent = query(r, "sent") == "1" || typedInto(r).Has("code")
	v.SameHere = p.app.asked(r) != nil
	return nil
}

// showCodes shows new backup codes, once.
func (v *PageView) showCodes(body []byte) {
	var codes backupCodes
	if json.Unmarshal(body, &codes) == nil {
		v.Codes = codes.Codes
	}
}

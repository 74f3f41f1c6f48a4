package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"github.com/loginradius-contrib/go-middleware/core"
)

// ConsentOptions describes the options of the site's consent forms, since LoginRadius
// tells their ids only. The problem consent_required and the pages show these titles and
// descriptions, and a required option that a user refuses is answered with 422. Default:
// what LoginRadius tells.
func ConsentOptions(options ...ConsentEntry) RouteOption {
	options = slices.Clone(options)
	return routeOption(func(c *routeConfig) {
		for _, o := range options {
			if o.ID == "" {
				c.fail(optionError("ConsentOptions: an option has no ID"))
			}
		}
		c.consentOptions = options
	})
}

// RegistrationConsents names the options, by their ids in [ConsentOptions], of the consent
// form of the site's registrations. POST /register takes them as consents, and the page for
// it has a check box for each. Default: none.
func RegistrationConsents(ids ...string) RouteOption {
	ids = slices.Clone(ids)
	return routeOption(func(c *routeConfig) { c.registrationConsents = ids })
}

// PrivacyPolicy has new users accept the privacy policy at this address: POST /register
// wants accept_privacy_policy, and the page for it has a check box. The pages link to the
// policy. Set it if the site has one. Default: none.
func PrivacyPolicy(address string) RouteOption {
	return routeOption(func(c *routeConfig) {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			c.fail(optionError("PrivacyPolicy: must be an absolute http(s) address"))
		}
		c.privacyPolicy = address
	})
}

// checkAgreements refuses registration consents that nothing describes.
func (c *routeConfig) checkAgreements() {
	for _, id := range c.registrationConsents {
		if c.consentOption(id).Title == "" {
			c.fail(optionError("RegistrationConsents: " + id + " has no title in ConsentOptions"))
		}
	}
}

// consentOption describes an option of a consent form.
func (c *routeConfig) consentOption(id string) ConsentEntry {
	for _, o := range c.consentOptions {
		if o.ID == id {
			return o
		}
	}
	return ConsentEntry{ID: id}
}

// described returns an option as LoginRadius told it, with what the application adds.
func (c *routeConfig) described(o ConsentEntry) ConsentEntry {
	own := c.consentOption(o.ID)
	return ConsentEntry{o.ID, cmp.Or(own.Title, o.Title), cmp.Or(own.Description, o.Description), own.Required || o.Required}
}

// A checkedInput has fields that depend on the application's options.
type checkedInput interface {
	check(c *routeConfig) []FieldProblem
}

// checkInput adds what an input says about itself to what is wrong with its fields.
func (c *routeConfig) checkInput(in any, p *Problem) *Problem {
	checked, ok := in.(checkedInput)
	if !ok || p != nil && p.Code != CodeValidationFailed {
		return p
	}
	more := checked.check(c)
	switch {
	case len(more) == 0:
		return p
	case p == nil:
		p = fieldProblem("", "", "")
		p.Errors = nil
	}
	p.Errors = append(p.Errors, more...)
	return p
}

// check wants what a registration must agree to.
func (in registration) check(c *routeConfig) []FieldProblem {
	return c.missingAgreements(in.Consents, in.AcceptPrivacyPolicy)
}

func (in passkeyRegistrationFinish) check(c *routeConfig) []FieldProblem {
	return c.missingAgreements(in.Consents, in.AcceptPrivacyPolicy)
}

func (c *routeConfig) missingAgreements(given []consentChoice, privacy bool) []FieldProblem {
	out := c.missingConsents(given, "consents", c.registrationConsents)
	if c.privacyPolicy != "" && !privacy {
		out = append(out, FieldProblem{Field: "accept_privacy_policy", Code: "required", Message: "The privacy policy must be accepted."})
	}
	return out
}

// check wants the required options of a consent form.
func (in consentSubmission) check(c *routeConfig) []FieldProblem {
	var asked []string
	for _, o := range in.Options {
		asked = append(asked, o.ID)
	}
	return c.missingConsents(in.Options, "options", asked)
}

// missingConsents names the required options that were not accepted, as items of a list.
func (c *routeConfig) missingConsents(given []consentChoice, list string, asked []string) (out []FieldProblem) {
	for i, id := range asked {
		at := slices.IndexFunc(given, func(g consentChoice) bool { return g.ID == id })
		if c.consentOption(id).Required && (at < 0 || !given[at].Accepted) {
			if at < 0 {
				at = i
			}
			out = append(out, FieldProblem{Field: list + "." + strconv.Itoa(at) + ".accepted", Code: "required", Message: "This consent is required: " + id})
		}
	}
	return out
}

// registerConsent is the event of a registration's consent form.
var registerConsent = []core.ConsentEvent{{Name: "Register"}}

// addAgreements adds the agreements of a new user to the fields of a registration.
func addAgreements(extra map[string]any, consents []consentChoice, privacy bool) {
	if len(consents) > 0 {
		extra["Consents"] = map[string]any{"Events": registerConsent, "Data": consentAnswers(consents)}
	}
	if privacy {
		extra["AcceptPrivacyPolicy"] = true
	}
}

package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

// consents are the site's consent forms, and the logins that wait for one.
type consents struct {
	*Emulator
	waiting *simplelru.LRU[string, *consentToken]
}

// A consentToken is what a login gets instead of tokens while a form is outstanding.
type consentToken struct {
	uid     string
	login   login
	expires time.Time
	used    bool
}

// consent is what an account has agreed to.
type consent struct {
	options  map[string]time.Time // by id, when it was accepted
	versions map[consentEvent]int // of the forms that were submitted
	logs     []any
}

type consentEvent struct {
	name   string
	custom bool
}

func newConsents(e *Emulator) *consents {
	s := &consents{Emulator: e}
	s.waiting, _ = simplelru.NewLRU[string, *consentToken](e.opt.max.links, nil) // the size is positive
	return s
}

func (s *consents) consentRoutes() []route {
	const path = authPath + "consent"
	routes := []route{
		keyRoute("submit_consent_by_consent_token", "POST", path, s.submitByToken),
		userRoute("submit_consent_by_access_token", "POST", path+"/profile", s.submit),
		userRoute("update_consent_profile_by_access_token", "PUT", path, s.update),
		userRoute("verify_consent_by_access_token", "GET", path+"/verify", s.verify),
		userRoute("get_consent_logs", "GET", path+"/logs", s.logs),
		uidRoute("get_consent_logs_by_uid", "GET", managePath+"/{uid}/consent/logs", s.logs),
	}
	for i := range routes {
		handle := routes[i].handle
		routes[i].handle = func(c *call, a *account) (int, any) {
			if len(s.opt.consentForms) == 0 {
				return fail(c, core.CodeConsentManagementNotEnabled)
			}
			return handle(c, a)
		}
	}
	return routes
}

// form returns the newest form of an event, or nil.
func (s *consents) form(event consentEvent) (newest *ConsentForm) {
	for i, f := range s.opt.consentForms {
		if strings.EqualFold(f.Event, event.name) && f.Custom == event.custom && (newest == nil || f.Version > newest.Version) {
			newest = &s.opt.consentForms[i]
		}
	}
	return newest
}

// agreed reports whether the account has submitted a form, with every option that the
// form requires still accepted.
func (n *consent) agreed(f *ConsentForm) bool {
	if n.versions[f.event()] < f.Version {
		return false
	}
	return !slices.ContainsFunc(f.Options, func(o ConsentOption) bool { return o.Required && n.options[o.ID].IsZero() })
}

func (f *ConsentForm) event() consentEvent { return consentEvent{f.Event, f.Custom} }

// outstanding are the forms that a login of the account has to submit. Those of
// FirstLogin concern only users who have not logged in before.
func (s *consents) outstanding(a *account) (forms []*ConsentForm) {
	for _, name := range []string{"FirstLogin", "Login"} {
		if f := s.form(consentEvent{name: name}); f != nil && !a.consent.agreed(f) && (name == "Login" || a.logins == 0) {
			forms = append(forms, f)
		}
	}
	return forms
}

// gate stops a login while forms are outstanding.
func (s *consents) gate(c *call, a *account, l login) (int, any) {
	forms := s.outstanding(a)
	if len(forms) == 0 {
		return 0, nil
	}
	token := newGUID()
	s.waiting.Add(token, &consentToken{uid: a.uid, login: l, expires: s.now().Add(tokenGrace)})
	var events, options []any
	for _, f := range forms {
		events = append(events, map[string]any{"Name": f.Event, "IsCustom": f.Custom})
		for _, o := range f.Options {
			options = append(options, map[string]any{"ConsentOptionId": o.ID})
		}
	}
	view := s.view(a)
	view["Consents"] = map[string]any{"Options": options}
	return (&problem{core.CodeConsentNotSubmitted, map[string]any{
		"Data": map[string]any{"ConsentToken": token, "ConsentProfile": view, "Events": events},
	}}).answer(c)
}

// tokenGrace is how long a consent token works. LoginRadius does not document it.
const tokenGrace = 10 * time.Minute

// view is the ConsentProfile of an account.
func (s *consents) view(a *account) map[string]any {
	versions, options := []any{}, []any{}
	for _, f := range s.opt.consentForms {
		if version := a.consent.versions[f.event()]; version == f.Version {
			versions = append(versions, map[string]any{"Event": f.Event, "IsCustom": f.Custom, "Version": version})
		}
		for _, o := range f.Options {
			at := a.consent.options[o.ID]
			item := map[string]any{"ConsentOptionId": o.ID, "AcceptOnDate": s.date(at)}
			known := slices.ContainsFunc(options, func(have any) bool { return fold(have)["consentoptionid"] == o.ID })
			if !at.IsZero() && !known {
				options = append(options, item)
			}
		}
	}
	return map[string]any{"AcceptedConsentVersions": versions, "Consents": options}
}

// A submission is what a body says about options: accepted or not, by id.
type submission map[string]bool

func readSubmission(v any) (submission, bool) {
	items, ok := v.([]any)
	out := submission{}
	for _, item := range items {
		m := fold(item)
		id, _ := m["consentoptionid"].(string)
		accepted, isBool := m["isaccepted"].(bool)
		if id == "" || !isBool {
			return nil, false
		}
		out[id] = accepted
	}
	return out, ok && len(out) > 0
}

// apply submits forms: every option that they require must be accepted, and every
// option that is submitted must belong to them.
func (s *consents) apply(c *call, a *account, body map[string]any, kind string) *problem {
	given, ok := readSubmission(body["data"])
	items, _ := body["events"].([]any)
	if !ok || len(items) == 0 {
		return refuse(core.CodeConsentNotSubmitted)
	}
	var forms []*ConsentForm
	known := map[string]bool{}
	for _, item := range items {
		m := fold(item)
		name, _ := m["event"].(string)
		custom, _ := m["iscustom"].(bool)
		f := s.form(consentEvent{name, custom})
		if f == nil {
			return refuse(core.CodeConsentFormNotAvailable)
		}
		forms = append(forms, f)
		for _, o := range f.Options {
			known[o.ID] = true
			if o.Required && !given[o.ID] {
				return refuse(core.CodeConsentFormValidationFailed)
			}
		}
	}
	for id := range given {
		if !known[id] {
			return refuse(core.CodeConsentFormValidationFailed)
		}
	}
	s.record(c, a, given, forms, kind)
	return nil
}

// record notes what was submitted, in the profile and in the log.
func (s *consents) record(c *call, a *account, given submission, forms []*ConsentForm, kind string) {
	n := &a.consent
	if n.options == nil {
		n.options, n.versions = map[string]time.Time{}, map[consentEvent]int{}
	}
	for id, accepted := range given {
		switch {
		case !accepted:
			delete(n.options, id)
		case n.options[id].IsZero():
			n.options[id] = s.now()
		}
	}
	var list, versions []any
	for _, f := range forms {
		n.versions[f.event()] = f.Version
		for _, o := range f.Options {
			if given[o.ID] {
				list = append(list, map[string]any{"ConsentId": o.ID, "Event": f.Event})
			}
		}
	}
	for _, f := range s.opt.consentForms {
		versions = append(versions, map[string]any{"Event": f.Event, "IsCustom": f.Custom, "Version": f.Version})
	}
	if len(n.logs) >= maxConsentLogs {
		n.logs = n.logs[1:]
	}
	n.logs = append(n.logs, map[string]any{
		"Id": newID()[:24], "ConsentLogs": list, "CurrentConsentFormsVersions": versions, "Host": clip(c.r.Host), "LoggedOnDate": s.date(s.now()),
		"IP": cmp.Or(clip(c.r.Header.Get("X-Origin-IP")), "127.0.0.1"), "UserAgent": clip(cmp.Or(c.r.Header.Get("X-Origin-User-Agent"), c.r.UserAgent())),
		"UpdateType": kind,
	})
	a.modified = s.now()
	if s.accounts.byUID(a.uid) == a { // not while it is being made
		s.fire("ConsentProfileUpdate", a)
	}
}

// maxConsentLogs bounds the log of one account; the oldest entry makes room.
const maxConsentLogs = 1000

// register checks the consents of a new account, on sites that ask for them then.
func (s *consents) register(c *call, a *account) *problem {
	if s.form(consentEvent{name: "Register"}) == nil {
		return nil
	}
	return s.apply(c, a, fold(c.body["consents"]), "Default")
}

func (s *consents) submitByToken(c *call, _ *account) (int, any) {
	token := c.query["consenttoken"]
	if token == "" {
		return missing("consenttoken").answer(c)
	}
	t, ok := s.waiting.Get(token)
	var a *account
	if ok {
		a = s.accounts.byUID(t.uid)
	}
	switch {
	case a == nil || t.used:
		return fail(c, core.CodeConsentTokenInvalid)
	case !s.now().Before(t.expires):
		return fail(c, core.CodeConsentTokenExpired)
	}
	p := s.barred(a)
	if p == nil {
		p = s.apply(c, a, c.body, "Default")
	}
	if p != nil {
		return p.answer(c)
	}
	t.used = true
	return s.completeLogin(c, a, t.login)
}

func (s *consents) submit(c *call, a *account) (int, any) {
	if p := s.apply(c, a, c.body, "Default"); p != nil {
		return p.answer(c)
	}
	return http.StatusOK, s.profile(c, a)
}

// update accepts and withdraws options one by one. Withdrawing a required one is
// allowed: the next login asks for it again.
func (s *consents) update(c *call, a *account) (int, any) {
	given, ok := readSubmission(c.body["consents"])
	if !ok {
		return missing("consents").answer(c)
	}
	for id := range given {
		if !slices.ContainsFunc(s.opt.consentForms, func(f ConsentForm) bool {
			return slices.ContainsFunc(f.Options, func(o ConsentOption) bool { return o.ID == id })
		}) {
			return fail(c, core.CodeConsentFormValidationFailed)
		}
	}
	s.record(c, a, given, nil, "Update")
	return http.StatusOK, s.view(a)
}

func (s *consents) verify(c *call, a *account) (int, any) {
	if c.query["event"] == "" {
		return missing("event").answer(c)
	}
	f := s.form(consentEvent{c.query["event"], c.flag("iscustom")})
	if f == nil {
		return fail(c, core.CodeConsentFormNotAvailable)
	}
	return http.StatusOK, map[string]any{"ConsentProfile": s.view(a), "IsValid": a.consent.agreed(f)}
}

func (s *consents) logs(c *call, a *account) (int, any) {
	if len(a.consent.logs) == 0 {
		return fail(c, core.CodeConsentLogsNotAvailable)
	}
	return http.StatusOK, map[string]any{"Uid": a.uid, "ConsentLogs": a.consent.logs}
}

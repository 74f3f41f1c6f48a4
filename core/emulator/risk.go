package emulator

import (
	"net"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A RiskSignal is what may be new about a login.
type RiskSignal string

// The signals, in the order in which their rules apply.
const (
	RiskDevice  RiskSignal = "device" // the user agent
	RiskBrowser RiskSignal = "browser"
	RiskCity    RiskSignal = "city"
	RiskCountry RiskSignal = "country"
	RiskIP      RiskSignal = "ip"
)

var riskSignals = []RiskSignal{RiskDevice, RiskBrowser, RiskCity, RiskCountry, RiskIP}

// A RiskAction is what a login with something new about it must bring.
type RiskAction int

// The actions. A user repeats the login with the code in "otp" or the answer in
// "securityanswer".
const (
	RiskBlock        RiskAction = iota // 1164: nothing helps
	RiskAskQuestion                    // 1165
	RiskAskEmailCode                   // 1166
	RiskAskSMSCode                     // 1167
)

// WithRiskRule makes password logins from a new device, browser, city, country or
// address bring a proof. The first login of a user is never new. On sites with second
// factors the rules have no effect. Default: no rules.
func WithRiskRule(s RiskSignal, action RiskAction) Option {
	return func(o *options) {
		if o.risk.rules == nil {
			o.risk.rules = map[RiskSignal]RiskAction{}
		}
		o.risk.rules[s] = action
	}
}

// WithRiskPlaces tells cities and countries by the address that X-Origin-IP names.
// The function must be safe for concurrent use and not call the emulator. Default:
// all addresses are in one place.
func WithRiskPlaces(place func(ip string) (city, country string)) Option {
	return func(o *options) { o.risk.place = place }
}

// WithRiskDeviceCode sets the code for a new device: 1301 (default) by the API
// reference, 1287 by the table of codes.
func WithRiskDeviceCode(code core.ErrorCode) Option {
	return func(o *options) { o.risk.deviceCode = code }
}

type riskOptions struct {
	rules      map[RiskSignal]RiskAction
	place      func(ip string) (city, country string)
	deviceCode core.ErrorCode
}

func defaultRisk() riskOptions {
	return riskOptions{deviceCode: codeNewDevice, place: func(string) (string, string) { return "", "" }}
}

// maxKnown bounds what is remembered of the logins of one account.
const maxKnown = 100

// riskRoutes are the logins that name templates of risk mails; they are logins.
func (e *Emulator) riskRoutes() []route {
	risk := condition{"query rba…", func(c *call) bool {
		for k := range c.query {
			if len(k) > 3 && k[:3] == "rba" {
				return true
			}
		}
		return false
	}}
	const path = authPath + "login"
	return []route{
		keyRoute("rba_login_by_email", "POST", path, e.login).identifying().when(both(risk, hasBody("email"))),
		keyRoute("rba_login_by_user_name", "POST", path, e.login).identifying().when(both(risk, hasBody("username"))),
		keyRoute("rba_login_by_phone", "POST", path, e.login).identifying().when(risk),
	}
}

// clientIP is the address of the end user.
func (c *call) clientIP() string {
	if ip := c.r.Header.Get("X-Origin-IP"); ip != "" {
		return clip(ip)
	}
	host, _, err := net.SplitHostPort(c.r.RemoteAddr)
	if err != nil {
		return "127.0.0.1"
	}
	return host
}

// traits are the values of the signals of a login.
func (e *Emulator) traits(c *call) map[RiskSignal]string {
	agent := clip(first(c.r.Header.Get("X-Origin-User-Agent"), c.r.Header.Get("User-Agent")))
	name, _ := browser(agent).(string)
	city, country := e.opt.risk.place(c.clientIP())
	return map[RiskSignal]string{RiskDevice: agent, RiskBrowser: name, RiskCity: clip(city), RiskCountry: clip(country), RiskIP: c.clientIP()}
}

// learn remembers the traits of a login that was completed.
func (e *Emulator) learn(c *call, a *account) {
	if len(e.opt.risk.rules) == 0 {
		return
	}
	if a.known == nil || len(a.known) > maxKnown {
		a.known = map[string]bool{}
	}
	for s, v := range e.traits(c) {
		a.known[string(s)+" "+v] = true
	}
}

func riskKey(a *account) codeKey { return codeKey{kindSecondFactor, a.uid + " risk"} }

// riskGate stops a password login with something new about it.
func (e *Emulator) riskGate(c *call, a *account, l login) (int, any) {
	if !l.password || l.secondFactor || e.opt.mfa.mode != MFAOff || len(a.known) == 0 {
		return 0, nil
	}
	traits := e.traits(c)
	for _, s := range riskSignals {
		action, ruled := e.opt.risk.rules[s]
		if !ruled || a.known[string(s)+" "+traits[s]] {
			continue
		}
		code := map[RiskSignal]core.ErrorCode{
			RiskDevice: e.opt.risk.deviceCode, RiskBrowser: core.CodeNewBrowserDetected, RiskCity: core.CodeNewCityDetected,
			RiskCountry: core.CodeNewCountryDetected, RiskIP: core.CodeNewIPDetected,
		}[s]
		return e.riskAnswer(c, a, action, code)
	}
	return 0, nil
}

func (e *Emulator) riskAnswer(c *call, a *account, action RiskAction, why core.ErrorCode) (int, any) {
	ask := func(code core.ErrorCode) (int, any) {
		text := codeText(why)
		return (&problem{code, map[string]any{"ExtraInfo": []any{map[string]any{
			"ErrorCode": int(why), "Message": text, "Description": text,
		}}}}).answer(c)
	}
	otp := c.text("otp")
	switch action {
	case RiskAskQuestion:
		if len(a.answers) == 0 {
			return ask(core.CodeSuspiciousActivityBlocked)
		}
		if c.body["securityanswer"] == nil {
			return ask(core.CodeSecurityQuestionChallenge)
		}
		if p := e.checkAnswers(a, c.body["securityanswer"], 1); p != nil {
			return p.answer(c)
		}
		return 0, nil
	case RiskAskEmailCode:
		switch {
		case a.email() == "":
			return ask(core.CodeSuspiciousActivityBlocked)
		case otp != "":
			return e.riskCode(c, a, e.codes.take(riskKey(a), otp).byEmail())
		case !e.codes.send(riskKey(a), a.email()):
			return fail(c, core.CodeEmailLimitReached)
		}
		return ask(core.CodeEmailCodeChallenge)
	case RiskAskSMSCode:
		switch {
		case a.phone == "" || !a.phoneVerified:
			return ask(core.CodeSuspiciousActivityBlocked)
		case otp != "":
			return e.riskCode(c, a, e.codes.take(riskKey(a), otp).bySMS())
		case !e.codes.send(riskKey(a), a.phone):
			return fail(c, core.CodeSMSLimitReached)
		}
		return ask(core.CodePhoneCodeChallenge)
	}
	return ask(core.CodeSuspiciousActivityBlocked)
}

// riskCode lets a login with a right code pass, and counts a wrong one.
func (e *Emulator) riskCode(c *call, a *account, code core.ErrorCode) (int, any) {
	if code == 0 {
		return 0, nil
	}
	e.countFailure(a)
	return fail(c, code)
}

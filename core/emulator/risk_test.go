package emulator_test

import (
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const firefox, chrome = "Mozilla/5.0 Firefox/130.0", "Mozilla/5.0 Chrome/130.0"

// from returns an api that logs in for an end user somewhere.
func (a *api) from(agent, ip string) *api {
	return a.with("X-Origin-User-Agent", agent).with("X-Origin-IP", ip)
}

func riskBody(more string) string {
	return `{"email":"` + adaEmail + `","password":"` + adaPassword + `"` + more + `}`
}

func (a *api) why(code, reason int, body string) {
	a.t.Helper()
	got := a.refused(code, doLogin, body)
	info, _ := got.body["ExtraInfo"].([]any)
	first, _ := append(info, nil)[0].(map[string]any)
	if first["ErrorCode"] != float64(reason) || first["Message"] == "" {
		a.t.Errorf("code %d, reason %d: %s", code, reason, got.raw)
	}
}

func TestRiskRules(t *testing.T) {
	places := emulator.WithRiskPlaces(func(ip string) (string, string) {
		if ip == "198.51.100.1" {
			return "Lyon", "France"
		}
		return "Berlin", "Germany"
	})
	start := func(opts ...emulator.Option) *api {
		a := newAPI(t, append(opts, places)...)
		a.add(ada)
		a.from(firefox, "192.0.2.1").ok(doLogin, riskBody("")) // the first login is never new
		a.from(firefox, "192.0.2.1").ok(doLogin, riskBody(""))
		return a
	}
	t.Run("block", func(t *testing.T) {
		a := start(emulator.WithRiskRule(emulator.RiskBrowser, emulator.RiskBlock), emulator.WithRiskRule(emulator.RiskIP, emulator.RiskAskEmailCode))
		a.from(chrome, "192.0.2.9").why(1164, 1168, riskBody("")) // the browser goes before the address
		a.from(chrome, "192.0.2.1").why(1164, 1168, riskBody(`,"otp":"1"`))
		a.from(firefox, "192.0.2.9").why(1166, 1171, riskBody(""))
		a.from(chrome, "192.0.2.9").refused(966, doLogin, loginBody("wrong one"))
	})
	t.Run("e-mail code", func(t *testing.T) {
		a := start(emulator.WithRiskRule(emulator.RiskCountry, emulator.RiskAskEmailCode)).from(firefox, "198.51.100.1")
		a.why(1166, 1170, riskBody(""))
		a.refused(1188, doLogin, riskBody(`,"otp":"x"`))
		a.ok(doLogin, riskBody(`,"otp":"`+a.mail("secondfactor").OTP+`"`))
		a.ok(doLogin, riskBody("")) // it is known from now on
	})
	t.Run("SMS code", func(t *testing.T) {
		a := start(emulator.WithRiskRule(emulator.RiskCity, emulator.RiskAskSMSCode)).from(firefox, "198.51.100.1")
		a.why(1167, 1169, riskBody(""))
		if m := a.mail("secondfactor"); m.To != ada.Phone {
			t.Errorf("SMS to %s", m.To)
		}
		a.refused(1067, doLogin, riskBody(`,"otp":"x"`))
		a.ok(doLogin, riskBody(`,"otp":"`+a.mail("secondfactor").OTP+`"`))
	})
	t.Run("question", func(t *testing.T) {
		a := start(emulator.WithRiskRule(emulator.RiskIP, emulator.RiskAskQuestion)).from(firefox, "192.0.2.2")
		a.why(1165, 1171, riskBody(""))
		a.refused(1093, doLogin, riskBody(`,"securityanswer":{"q1":"red"}`))
		a.ok(doLogin+"?rbaBrowserEmailTemplate=x", riskBody(`,"securityanswer":{"q1":"blue"}`))
		if len(a.Requests("rba_login_by_email")) != 1 {
			t.Error("a login with a template of risk mails is rba_login_by_email")
		}
	})
	t.Run("device", func(t *testing.T) {
		a := start(emulator.WithRiskRule(emulator.RiskDevice, emulator.RiskBlock))
		a.from(firefox+" x", "192.0.2.1").why(1164, 1301, riskBody(""))
		a = start(emulator.WithRiskRule(emulator.RiskDevice, emulator.RiskBlock), emulator.WithRiskDeviceCode(1287))
		a.from(firefox+" x", "192.0.2.1").why(1164, 1287, riskBody(""))
	})
	t.Run("second factors take its place", func(t *testing.T) {
		a := newAPI(t, emulator.WithMFA(emulator.MFAOptional), emulator.WithRiskRule(emulator.RiskBrowser, emulator.RiskBlock))
		a.add(ada)
		a.from(firefox, "192.0.2.1").ok(doLogin, riskBody(""))
		a.from(chrome, "192.0.2.1").ok(doLogin, riskBody(""))
	})
}

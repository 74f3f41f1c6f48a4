package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

const (
	zeroToken = "00000000-0000-0000-0000-000000000000"
	someToken = "8a1b0c5e-1111-4000-8000-000000000000"
)

func verify(t *testing.T, body string) (*core.LoginResult, error) {
	t.Helper()
	return serveJSON(t, 200, body).MFA.VerifyAuthenticator(context.Background(), core.VerifyAuthenticatorRequest{MFAToken: "m", Code: "123456"})
}

// A login is found wherever LoginRadius documents it, and an all-zero token is none.
func TestFormsOfALogin(t *testing.T) {
	tokens := `"access_token":"` + someToken + `","refresh_token":"r","expires_in":"2030-01-02T03:04:05Z"`
	for name, body := range map[string]string{
		"at the top":                 `{"Profile":{"Uid":"u"},` + tokens + `}`,
		"identities at the top":      `{"Uid":"u","Identities":[],` + tokens + `}`,
		"in the profile":             `{"Profile":{"Uid":"u","Identities":[],` + tokens + `}}`,
		"in a list":                  `{"Data":[{"Uid":"u"},{` + tokens + `}]}`,
		"in Data":                    `{"IsPosted":true,"Data":{"Profile":{"Uid":"u"},` + tokens + `}}`,
		"a zero token comes first":   `{"access_token":"` + zeroToken + `","expires_in":"0001-01-01T00:00:00","Profile":{"Uid":"u",` + tokens + `}}`,
		"a challenge that is a form": `{"SecondFactorAuthentication":null,"Profile":{"Uid":"u"},` + tokens + `}`,
	} {
		res, err := verify(t, body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if res.AccessToken != someToken || res.RefreshToken != "r" || !res.ExpiresAt.Equal(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)) || res.Profile == nil || res.Profile.UID != "u" || res.SecondFactor != nil {
			t.Errorf("%s: %s token, expires %v, profile %v", name, res.AccessToken, res.ExpiresAt, res.Profile)
		}
	}
	for _, body := range []string{`{}`, `{"access_token":""}`, `{"access_token":"` + zeroToken + `"}`, `{"Profile":{"Uid":"u"}}`, `{"Data":[]}`} {
		if res, err := verify(t, body); !errors.Is(err, core.ErrUnavailable) {
			t.Errorf("%s: %v, %v, want ErrUnavailable", body, res, err)
		}
	}
}

// A challenge is found in the nested and in the flat form, with every factor.
func TestFormsOfAChallenge(t *testing.T) {
	fields := `"SecondFactorAuthenticationToken":"hush-0123456789","ExpireIn":"2030-01-02T03:04:05.1234567Z","QRCode":"q","ManualEntryCode":"SECRET","IsGoogleAuthenticatorVerified":true,
		"IsOTPAuthenticatorVerified":true,"IsEmailOtpAuthenticatorVerified":true,"IsSecurityQuestionAuthenticatorVerified":true,"IsPushDeviceRegistered":true,
		"IsDuoAuthenticatorVerified":true,"IsPasskeyAuthenticatorVerified":true,"OTPPhoneNo":"*****67","Email":["a**@b.c"],"OTPStatus":{"AccountSid":"A","Sid":"S"},
		"EmailOTPStatus":{"Email":"a**@b.c"},"DuoAuthEndpoint":"https://duo.example","SecurityQuestions":[{"QuestionId":"1","Question":"?"}]`
	for name, body := range map[string]string{
		"nested": `{"SecondFactorAuthentication":{` + fields + `},"Profile":null,"access_token":"` + zeroToken + `","expires_in":"0001-01-01T00:00:00"}`,
		"flat":   `{` + fields + `,"access_token":"","expires_in":null}`,
	} {
		_, err := verify(t, body)
		c, ok := errors.AsType[*core.MFAChallenge](err)
		if !ok || !errors.Is(err, core.ErrMFARequired) {
			t.Fatalf("%s: %v", name, err)
		}
		want := []core.Factor{core.FactorTOTP, core.FactorSMS, core.FactorEmail, core.FactorSecurityQuestion, core.FactorPush, core.FactorDuo, core.FactorPasskey, core.FactorBackupCode}
		if !slices.Equal(c.Enrolled(), want) || c.Token != hush || c.ExpiresAt.Year() != 2030 || c.Phone != "*****67" || c.SMS.SID != "S" || c.MailedTo.Email != "a**@b.c" || c.DuoAuthEndpoint == "" || len(c.SecurityQuestions) != 1 {
			t.Errorf("%s: %v %+v", name, c.Enrolled(), c.FactorState)
		}
		shows(t, name, err)
	}
	res, err := verify(t, `{"SecondFactorAuthentication":{`+fields+`},"Profile":{"Uid":"u"},"access_token":"`+someToken+`"}`)
	if err != nil || res.AccessToken != someToken || res.SecondFactor == nil || res.SecondFactor.Token != hush {
		t.Errorf("an invitation to set up a factor: %v, %v", res, err)
	}
}

// A refused login carries what its next step needs, and prints none of it.
func TestErrorsCarryTheNextStep(t *testing.T) {
	login := func(body string) *core.Error {
		_, err := serveJSON(t, 403, body).Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "a@b.c", Password: "p"})
		e, ok := errors.AsType[*core.Error](err)
		if !ok {
			t.Fatalf("%s: %v", body, err)
		}
		b, _ := json.Marshal(e)
		for _, s := range []string{e.Error(), fmt.Sprintf("%v %+v %#v %s %q %x", e, e, e, e, e, e), fmt.Sprintf("%v %+v %s", *e, *e, *e), string(b)} {
			if strings.Contains(s, hush) || strings.Contains(s, fmt.Sprintf("%x", hush)) {
				t.Errorf("the error shows the token: %s", s)
			}
		}
		return e
	}
	e := login(`{"ErrorCode":1194,"Message":"x","Data":{"access_token":"hush-0123456789","expires_in":"2030-01-02T03:04:05Z"}}`)
	if !errors.Is(e, core.ErrPrivacyPolicy) || !errors.Is(e, core.ErrNotAllowed) || e.Privacy == nil || e.Privacy.Token != hush || e.Privacy.ExpiresAt.Year() != 2030 {
		t.Errorf("1194: %v %+v", e, e.Privacy)
	}
	e = login(`{"ErrorCode":1226,"Message":"x","Data":{"ConsentToken":"hush-0123456789","ConsentProfile":{"AcceptedConsentVersions":[{"Event":"Login","IsCustom":false,"Version":2}],
		"Consents":{"Options":[{"ConsentOptionId":"opt-1"}]}},"Events":[{"IsCustom":true,"Name":"Subscribe"}]}}`)
	if !errors.Is(e, core.ErrConsentRequired) || e.Consent == nil || e.Consent.Token != hush || e.Consent.Options[0].ID != "opt-1" || e.Consent.Events[0] != (core.ConsentEvent{Name: "Subscribe", Custom: true}) || e.Consent.Accepted[0].Version != 2 {
		t.Errorf("1226: %v %+v", e, e.Consent)
	}
	e = login(`{"ErrorCode":1243,"Message":"x","Data":{"PINAuthToken":"hush-0123456789"}}`)
	if !errors.Is(e, core.ErrPINRequired) || e.PIN == nil || e.PIN.Token != hush {
		t.Errorf("1243: %v %+v", e, e.PIN)
	}
	e = login(`{"ErrorCode":1166,"Message":"x","ExtraInfo":[{"ErrorCode":1168,"Message":"browser"},{"ErrorCode":1171,"Message":"IP"}]}`)
	if !errors.Is(e, core.ErrRiskCheck) || len(e.Risks) != 2 || e.Risks[1].Code != core.CodeNewIPDetected || e.Risks[0].Message != "browser" {
		t.Errorf("1166: %v %+v", e, e.Risks)
	}
	for _, body := range []string{`{"ErrorCode":1194}`, `{"ErrorCode":1194,"Data":null}`, `{"ErrorCode":1194,"Data":{"access_token":"` + zeroToken + `"}}`, `{"ErrorCode":1243,"Data":[1]}`, `{"ErrorCode":1226,"Data":{}}`} {
		if e := login(body); e.Privacy != nil || e.Consent != nil || e.PIN != nil {
			t.Errorf("%s carries %v %v %v", body, e.Privacy, e.Consent, e.PIN)
		}
	}
	if e := login(`{"ErrorCode":908,"Description":"The apikey is a required parameter"}`); !errors.Is(e, core.ErrAPICredentials) {
		t.Errorf("a missing key: %v", e)
	}
	if e := login(`{"error":"invalid_client","error_description":"x"}`); !errors.Is(e, core.ErrAPICredentials) {
		t.Errorf("a refused OAuth client: %v", e)
	}
}

// Lists come as a bare array, under Data or not at all.
func TestFormsOfAList(t *testing.T) {
	ctx := context.Background()
	for body, want := range map[string]int{`[{"QuestionId":"1","Question":"?"},{"QuestionId":"2"}]`: 2, `{"Data":[{"QuestionId":"1"}]}`: 1, `[]`: 0, `{"data":null}`: 0, `{}`: 0} {
		list, err := serveJSON(t, 200, body).Authentication.SecurityQuestions(ctx, "t")
		if err != nil || list == nil || len(list) != want {
			t.Errorf("%s: %v, %v", body, list, err)
		}
	}
	for _, body := range []string{`[1]`, `[{"a":`, `{"Data":"x"}`, `[[]]`} {
		if list, err := serveJSON(t, 200, body).Authentication.SecurityQuestions(ctx, "t"); !errors.Is(err, core.ErrUnavailable) {
			t.Errorf("%s: %v, %v, want ErrUnavailable", body, list, err)
		}
	}
	if _, err := serveJSON(t, 200, `[{"Uid":"u"}]`).Account.ByUID(ctx, core.AccountByUIDRequest{UID: "u"}); !errors.Is(err, core.ErrUnavailable) {
		t.Errorf("a list for a profile: %v", err)
	}
	for _, code := range []string{"1057", "1323", "1228"} {
		c := serveJSON(t, 403, `{"ErrorCode":`+code+`}`)
		switch code {
		case "1057":
			if list, err := c.CustomObject.List(ctx, core.ListCustomObjectsRequest{UID: "u", ObjectName: "o"}); err != nil || list == nil || len(list) != 0 {
				t.Errorf("no records: %v, %v", list, err)
			}
		case "1323":
			if list, err := c.Passkey.List(ctx, "t"); err != nil || list == nil || len(list) != 0 {
				t.Errorf("no passkeys: %v, %v", list, err)
			}
		case "1228":
			if logs, err := c.Consent.Logs(ctx, "t"); err != nil || logs.Logs == nil || len(logs.Logs) != 0 {
				t.Errorf("no consent logs: %v, %v", logs, err)
			}
		}
	}
}

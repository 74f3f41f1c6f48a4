package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

func TestProblemOf(t *testing.T) {
	for _, tt := range []struct {
		err    error
		status int
		code   string
	}{
		{core.ErrUnavailable, 503, web.CodeUnavailable}, {core.ErrAPICredentials, 503, web.CodeUnavailable},
		{core.ErrInvalidToken, 401, web.CodeInvalidToken}, {core.ErrInvalidRefreshToken, 401, web.CodeInvalidToken}, {core.ErrInvalidRequestToken, 401, web.CodeInvalidToken}, {core.ErrProviderFailed, 401, web.CodeInvalidToken},
		{core.ErrInvalidCredentials, 401, web.CodeInvalidCredentials}, {core.ErrUserNotFound, 404, web.CodeNotFound}, {core.ErrMFARequired, 401, web.CodeMFARequired},
		{core.ErrEmailNotVerified, 403, web.CodeEmailNotVerified}, {core.ErrPhoneNotVerified, 403, web.CodePhoneNotVerified}, {core.ErrMFATokenExpired, 401, web.CodeMFAExpired}, {core.ErrPrivacyPolicy, 403, web.CodePrivacyRequired},
		{core.ErrConsentRequired, 403, web.CodeConsentRequired}, {core.ErrNotEnrolled, 403, web.CodeNotEnrolled}, {core.ErrConflict, 409, web.CodeConflict}, {core.ErrNotFound, 404, web.CodeNotFound}, {core.ErrAccountBlocked, 403, web.CodeAccountBlocked},
		{core.ErrAccountLocked, 403, web.CodeAccountLocked}, {core.ErrPasswordExpired, 403, web.CodePasswordExpired}, {core.ErrNotAllowed, 403, web.CodeNotAllowed},
		{core.ErrRateLimited, 429, web.CodeThrottled}, {core.ErrInvalidLink, 422, web.CodeInvalidLink}, {core.ErrInvalidOTP, 422, web.CodeInvalidLink},
		{core.ErrPasswordRejected, 422, web.CodeValidationFailed}, {core.ErrEmailTaken, 422, web.CodeValidationFailed}, {core.ErrUsernameTaken, 422, web.CodeValidationFailed},
		{core.ErrPhoneTaken, 422, web.CodeValidationFailed}, {core.ErrValidation, 422, web.CodeValidationFailed}, {core.ErrMissingArgument, 422, web.CodeValidationFailed}, {core.ErrInvalidArgument, 422, web.CodeValidationFailed},
		{errors.New("a bug"), 500, web.CodeInternal}, {nil, 500, web.CodeInternal}, {context.Canceled, 500, web.CodeInternal},
		{&web.Problem{Status: 418, Code: "teapot"}, 418, "teapot"},
	} {
		err := tt.err
		if err != nil {
			err = fmt.Errorf("wrapped: %w", tt.err)
		}
		p := web.ProblemOf(err)
		if p.Status != tt.status || p.Code != tt.code {
			t.Errorf("ProblemOf(%v) = %v, want %d %s", tt.err, p, tt.status, tt.code)
		}
		if tt.code != "teapot" && (p.Title == "" || p.Type != "urn:loginradius:problem:"+tt.code) {
			t.Errorf("ProblemOf(%v) = %+v", tt.err, p)
		}
		if (tt.status == 503) != (p.RetryAfter > 0) {
			t.Errorf("ProblemOf(%v) says to try again after %v", tt.err, p.RetryAfter)
		}
	}
	both := errors.Join(core.ErrInvalidToken, core.ErrUnavailable)
	if p := web.ProblemOf(both); p.Status != 503 {
		t.Errorf("an outage is never the user's fault: %v", p)
	}
}

// Fields that the service refuses are named as the routes name them. Of its words only the
// rule for passwords is shown: the site has written that for its users.
func TestRefusedFields(t *testing.T) {
	lr, client, _ := oneUser(t, emulator.User{Email: "ada@example.com"})
	lr.Inject(emulator.Fault{Status: 400, ContentType: "application/json", Body: `{"ErrorCode":1134,"Message":"m","Errors":[
		{"FieldName":"Password","ErrorMessage":"its words"},{"FieldName":"FirstName","ErrorMessage":"other words"},{"FieldName":"cf_plan","ErrorMessage":"x"},{"FieldName":"State","ErrorMessage":"x"},{"FieldName":"Internal","ErrorMessage":"x"}]}`}.Next(1))
	r := httptest.NewRequest("POST", "/", strings.NewReader(`{"email":"new@example.com","password":"correct horse"}`))
	r.Header.Set("Content-Type", "application/json")
	res := single(t, client, "register", web.ResponseFloor(0)).Serve(web.HTTPView(r))
	body := string(res.Body)
	if res.Status != http.StatusUnprocessableEntity || !strings.Contains(body, `"field":"password"`) || !strings.Contains(body, `"its words"`) ||
		!strings.Contains(body, `"field":"first_name"`) || !strings.Contains(body, `"field":"custom_fields.plan"`) || !strings.Contains(body, `"field":"state"`) || strings.Contains(body, "other words") || strings.Contains(body, "nternal\"") {
		t.Errorf("%d %s", res.Status, body)
	}
}

// A handler of an application that returns nothing, or something that cannot be
// encoded, is a failure and no panic.
func TestBrokenHandlers(t *testing.T) {
	client := offline(t)
	for name, h := range map[string]web.Handler{
		"nothing":        func(context.Context, *web.Request) (*web.Response, error) { return nil, nil },
		"not encodable":  func(context.Context, *web.Request) (*web.Response, error) { return web.JSON(200, func() {}), nil },
		"a naked error":  func(context.Context, *web.Request) (*web.Response, error) { return nil, errors.New("internal words") },
		"a naked status": func(context.Context, *web.Request) (*web.Response, error) { return nil, &web.Problem{Status: 99} },
	} {
		res := single(t, client, "login", web.Replace("login", h)).Serve(web.HTTPView(httptest.NewRequest("POST", "/", nil)))
		if res.Status != 500 || strings.Contains(string(res.Body), "words") || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", name, res.Status, res.Body)
		}
	}
}

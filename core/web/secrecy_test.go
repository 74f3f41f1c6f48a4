package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// No verb prints a token of a request, a decision or an answer.
func TestFormatHidesTokens(t *testing.T) {
	const token = "QX7-a-token"
	req := &Request{View: HTTPView(httptest.NewRequest(http.MethodGet, "/me", nil)), token: token, pinSession: token}
	res := JSON(http.StatusOK, tokenAnswer{AccessToken: token})
	res.Cookies = []*http.Cookie{{Name: "a", Value: token}}
	for _, v := range []any{req, *req, res, *res, Admission{Refusal: res, token: token, fresh: token}, &Admission{Renewed: res, token: token}, new(Request), (*Request)(nil), (*Response)(nil)} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, token) || strings.Contains(got, "PANIC") || got == "" {
				t.Errorf("%s of %T: %s", verb, v, got)
			}
		}
	}
	if got := fmt.Sprintf("%+v", req); !strings.Contains(got, "GET /me") {
		t.Errorf("a request prints as %s", got)
	}
}

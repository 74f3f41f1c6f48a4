package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) mfaRoutes() []Route {
	tokens := answers(http.StatusOK, tokenAnswer{})
	return []Route{
		route(a, Route{
			Name: RouteMFASend, Method: "POST", Path: "/mfa/send", Summary: "Send the code of a second factor again, or begin to use a passkey as one",
			answers: append(answers(http.StatusOK, passkeyOptions{}), answers(http.StatusAccepted, pending{})...),
		}, a.mfaSend),
		route(a, Route{
			Name: RouteMFAVerify, Method: "POST", Path: "/mfa/verify", byPasskey: true, Summary: "Complete a login with a second factor",
			answers: tokens,
		}, a.mfaVerify),
		route(a, Route{
			Name: RouteMFAEnroll, Method: "POST", Path: "/mfa/enroll", Summary: "Set up a second factor in a login that demands one",
			answers: append(answers(http.StatusOK, totpAnswer{}, passkeyOptions{}), answers(http.StatusAccepted, enrollmentSent{})...),
		}, a.mfaEnroll),
		route(a, Route{
			Name: RouteMFAEnrollConfirm, Method: "POST", Path: "/mfa/enroll/confirm", byPasskey: true, Summary: "Confirm the new second factor and complete the login",
			answers: tokens,
		}, a.mfaEnrollConfirm),
	}
}

// open returns the pending login. Applications that answer a challenge with [ProblemOf]
// hand out LoginRadius' own token, which is accepted too.
func (a *App) open(token string) (pendingLogin, error) {
	var p pendingLogin
	if a.pending.open(token, &p) == nil && p.Token != "" {
		return p, nil
	}
	if len(token) <= 64 && !strings.ContainsFunc(token, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF-", r) }) {
		return pendingLogin{Token: token}, nil
	}
	return p, problem(http.StatusUnauthorized, CodeMFAExpired)
}

// pendingOf is open with the address that the latest code was mailed to.
func (a *App) pendingOf(ctx context.Context, token string) (pendingLogin, error) {
	p, err := a.open(token)
	if err == nil {
		p.Email = cmp.Or(a.enrolling.address(ctx, p.Token), p.Email)
	}
	return p, err
}

// An mfaInput belongs to a pending login.
type mfaInput interface{ pendingToken() string }

type mfaSend struct {
	Token  string `json:"mfa_token" in:"required"`
	Method string `json:"method" in:"required,enum=sms|email|passkey"`
}

func (in mfaSend) pendingToken() string { return in.Token }

func (a *App) mfaSend(ctx context.Context, _ *Request, in mfaSend) (*Response, error) {
	p, err := a.pendingOf(ctx, in.Token)
	switch {
	case err != nil:
		return nil, err
	case !p.offers(in.Method):
		return nil, problem(http.StatusForbidden, CodeNotEnrolled)
	case in.Method == "passkey":
		return passkeyBegun(a.client.MFA.PasskeyBegin(ctx, p.Token))
	case in.Method == "sms":
		_, err = a.client.MFA.ResendSMS(ctx, core.ResendSMSRequest{MFAToken: p.Token})
	case p.Email == "":
		return nil, problem(http.StatusForbidden, CodeNotEnrolled)
	default:
		err = a.client.MFA.SendEmail(ctx, core.SendMFAEmailRequest{MFAToken: p.Token, Email: p.Email})
	}
	if err != nil {
		return nil, err
	}
	return accepted()
}

// A securityAnswer answers a security question.
type securityAnswer struct {
	QuestionID string `json:"question_id" in:"required"`
	Answer     string `json:"answer" in:"required,secret"`
}

func answersOf(list []securityAnswer) []core.SecurityAnswer {
	var out []core.SecurityAnswer
	for _, answer := range list {
		out = append(out, core.SecurityAnswer{QuestionID: answer.QuestionID, Answer: answer.Answer})
	}
	return out
}

func answersByID(list []securityAnswer) map[string]string {
	out := map[string]string{}
	for _, answer := range list {
		out[answer.QuestionID] = answer.Answer
	}
	return out
}

type mfaVerification struct {
	_          struct{}         `choices:"code | answers | credential"`
	Token      string           `json:"mfa_token" in:"required"`
	Method     string           `json:"method" in:"required,enum=totp|sms|email|security_question|backup_code|passkey"`
	Code       string           `json:"code" in:"alias=otp,secret"`
	Answers    []securityAnswer `json:"answers"`
	Credential json.RawMessage  `json:"credential"` // as the browser made it
}

func (in mfaVerification) pendingToken() string { return in.Token }

func (a *App) mfaVerify(ctx context.Context, r *Request, in mfaVerification) (*Response, error) {
	p, err := a.pendingOf(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	if (in.Method == "security_question") != (in.Answers != nil) || (in.Method == "passkey") != (in.Credential != nil) {
		return nil, wrongProof()
	}
	if !p.offers(in.Method) {
		return nil, problem(http.StatusForbidden, CodeNotEnrolled)
	}
	if in.Method == "security_question" {
		res, err := a.client.MFA.VerifySecurityAnswers(ctx, core.VerifySecurityAnswersRequest{MFAToken: p.Token, Answers: answersOf(in.Answers)})
		return a.loginResult(ctx, r, res, invalidCode(err))
	}
	if in.Method == "passkey" {
		return a.finishPasskeyFactor(ctx, r, p, in.Credential, a.client.MFA.PasskeyFinish)
	}
	return a.verifyCode(ctx, r, p, in.Method, in.Code)
}

func wrongProof() error {
	return fieldProblem("method", "not_acceptable", "Send answers for security_question, a credential for passkey, and a code for the others.")
}

// finishPasskeyFactor completes a login with a passkey, by one of the client's operations
// for that.
func (a *App) finishPasskeyFactor(ctx context.Context, r *Request, p pendingLogin, credential json.RawMessage,
	finish func(context.Context, core.MFAPasskeyRequest) (*core.LoginResult, error),
) (*Response, error) {
	if err := a.checkPasskeyOrigin(credential); err != nil {
		return nil, err
	}
	res, err := finish(ctx, core.MFAPasskeyRequest{MFAToken: p.Token, Credential: credential})
	return a.loginResult(ctx, r, res, invalidCode(err))
}

// verifyCode completes a login with a code. The first right code also sets the factor up.
func (a *App) verifyCode(ctx context.Context, r *Request, p pendingLogin, method, code string) (*Response, error) {
	var res *core.LoginResult
	var err error
	switch method {
	case "totp":
		res, err = a.client.MFA.VerifyAuthenticator(ctx, core.VerifyAuthenticatorRequest{MFAToken: p.Token, Code: code})
	case "sms":
		res, err = a.client.MFA.VerifySMS(ctx, core.VerifySMSRequest{MFAToken: p.Token, OTP: code})
	case "email":
		if p.Email == "" {
			return nil, problem(http.StatusForbidden, CodeNotEnrolled)
		}
		res, err = a.client.MFA.VerifyEmail(ctx, core.VerifyMFAEmailRequest{MFAToken: p.Token, Email: p.Email, OTP: code})
	default:
		res, err = a.client.MFA.VerifyBackupCode(ctx, core.VerifyBackupCodeRequest{MFAToken: p.Token, BackupCode: code})
	}
	return a.loginResult(ctx, r, res, invalidCode(err))
}

// invalidCode gives a wrong code, answer or PIN its own code: 401 without the challenge
// that a bad access token gets.
func invalidCode(err error) error {
	if errors.Is(err, core.ErrInvalidOTP) || errors.Is(err, core.ErrInvalidCredentials) {
		return problem(http.StatusUnauthorized, CodeInvalidCode)
	}
	return err
}

// enrollmentSent is the answer to a factor that needs a code. Its mfa_token holds the
// address that the code was mailed to, for another replica; see [enrolling].
type enrollmentSent struct {
	Status   string `json:"status"`
	MFAToken string `json:"mfa_token,omitempty"`
}

type mfaEnrollment struct {
	Token  string `json:"mfa_token" in:"required"`
	Method string `json:"method" in:"required,enum=totp|sms|email|passkey"`
	Phone  string `json:"phone" in:"phone"`
	Email  string `json:"email"`
}

func (in mfaEnrollment) pendingToken() string { return in.Token }

func (a *App) mfaEnroll(ctx context.Context, _ *Request, in mfaEnrollment) (*Response, error) {
	p, err := a.pendingOf(ctx, in.Token)
	switch {
	case err != nil:
		return nil, err
	case !p.Enrolls: // or a password would be enough to set up another factor and log in with it
		return nil, problem(http.StatusConflict, CodeConflict)
	}
	switch in.Method {
	case "passkey":
		return passkeyBegun(a.client.MFA.RegisterPasskeyBegin(ctx, p.Token))
	case "totp":
		if p.Secret == "" {
			return nil, problem(http.StatusConflict, CodeConflict)
		}
		totp, err := newTOTP(p.Secret, p.Name, p.Issuer)
		if err != nil {
			return nil, err
		}
		return JSON(http.StatusOK, totp), nil
	case "sms":
		if in.Phone == "" {
			return nil, fieldProblem("phone", "required", "This field is required.")
		}
		_, err = a.client.MFA.SetPhone(ctx, core.SetMFAPhoneRequest{MFAToken: p.Token, Phone: in.Phone})
	default:
		if in.Email != "" {
			p.Email = in.Email
		}
		if p.Email == "" {
			return nil, fieldProblem("email", "required", "This field is required.")
		}
		if !p.offers(in.Method) {
			p.Methods = append(p.Methods, in.Method) // the address was missing
		}
		err = foreignAddress(a.client.MFA.SendEmail(ctx, core.SendMFAEmailRequest{MFAToken: p.Token, Email: p.Email}))
	}
	if err != nil {
		return nil, err
	}
	if in.Method == "email" {
		a.enrolling.remember(ctx, p.Token, p.Email)
	}
	return JSON(http.StatusAccepted, enrollmentSent{"accepted", a.pending.seal(p)}), nil
}

type mfaConfirmation struct {
	_          struct{}         `choices:"code | answers | credential"`
	Token      string           `json:"mfa_token" in:"required"`
	Method     string           `json:"method" in:"required,enum=totp|sms|email|security_question|passkey"`
	Code       string           `json:"code" in:"alias=otp,secret"`
	Answers    []securityAnswer `json:"answers"`
	Credential json.RawMessage  `json:"credential"` // as the browser made it
}

func (in mfaConfirmation) pendingToken() string { return in.Token }

func (a *App) mfaEnrollConfirm(ctx context.Context, r *Request, in mfaConfirmation) (*Response, error) {
	p, err := a.pendingOf(ctx, in.Token)
	switch {
	case err != nil:
		return nil, err
	case !p.Enrolls:
		return nil, problem(http.StatusConflict, CodeConflict)
	case (in.Method == "security_question") != (in.Answers != nil), (in.Method == "passkey") != (in.Credential != nil):
		return nil, wrongProof()
	case in.Method == "passkey":
		return a.finishPasskeyFactor(ctx, r, p, in.Credential, a.client.MFA.RegisterPasskeyFinish)
	case in.Method == "security_question":
		if !p.offers(in.Method) {
			return nil, problem(http.StatusForbidden, CodeNotEnrolled)
		}
		res, err := a.client.MFA.SetSecurityAnswers(ctx, core.SetSecurityAnswersRequest{MFAToken: p.Token, Answers: answersOf(in.Answers)})
		return a.loginResult(ctx, r, res, err)
	}
	return a.verifyCode(ctx, r, p, in.Method, in.Code)
}

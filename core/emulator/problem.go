package emulator

import (
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Codes that the API reference has and the table of codes lacks, or has with two
// meanings.
const (
	codeBackupNone   core.ErrorCode = 1128 // no backup codes were made
	codeBackupWrong  core.ErrorCode = 1129 // not a backup code, or used
	codeMFALocked    core.ErrorCode = 1263
	codeSMSFactorOff core.ErrorCode = 1280
	codeNewDevice    core.ErrorCode = 1301
)

// referenceText holds their messages in the API reference.
var referenceText = map[core.ErrorCode]string{
	codeBackupNone:   "Two factor authentication backup code is not configured",
	codeBackupWrong:  "Two factor authentication backup bode is not valid or has already been used",
	codeMFALocked:    "Your account has been locked",
	codeSMSFactorOff: "SMS OTP is not enabled for two-factor authentication",
	codeNewDevice:    "New device detected",

	codeProviderLinked: "The account is already linked with this provider",

	codeWebhookParameter: "A parameter is invalid",
	codeWebhookUnknown:   "The webhook subscription does not exist",
	codeWebhookDuplicate: "The target URL is already subscribed to the event",
}

// referenceStatus is the status of codes that the table does not have.
var referenceStatus = map[core.ErrorCode]int{
	codeWebhookParameter: http.StatusBadRequest, codeWebhookUnknown: http.StatusNotFound, codeWebhookDuplicate: http.StatusConflict,
}

// codeText is the message of a code.
func codeText(code core.ErrorCode) string {
	if text, ok := referenceText[code]; ok {
		return text
	}
	return code.Message()
}

// A problem is a refusal: a code and further keys of the answer. Rules return a problem,
// so that they need not know how each family of endpoints spells errors.
type problem struct {
	code core.ErrorCode
	more map[string]any
}

func refuse(code core.ErrorCode) *problem { return &problem{code: code} }

// missing is the answer to an identity call without a required parameter: a 908 that
// names it.
func missing(parameter string) *problem {
	return &problem{core.CodeParameterInvalid, map[string]any{
		"Description": "The required parameter " + parameter + " is missing or empty.",
	}}
}

// invalid is a 1134 that lists the invalid fields.
func invalid(fields ...fieldProblem) *problem {
	var list []any
	for _, f := range fields {
		list = append(list, map[string]any{"FieldName": f.name, "ErrorMessage": f.message})
	}
	return &problem{core.CodeValidationFailed, map[string]any{"Errors": list}}
}

type fieldProblem struct{ name, message string }

// tellsOfUser are the codes that say which part of the credentials is wrong.
var tellsOfUser = map[core.ErrorCode]bool{
	core.CodeUserNotFound: true, core.CodeCredentialsInvalid: true, core.CodeEmailNotVerified: true, core.CodePhoneNotVerified: true,
	core.CodeEmailNotFound: true, core.CodePINInvalid: true,
}

// answer spells the problem in the way of the call's family: /api/v2 uses lower camel
// case.
func (p *problem) answer(c *call) (int, any) {
	if c.generic && tellsOfUser[p.code] {
		p = refuse(core.CodeAuthenticationFailed)
	}
	status, message := p.code.HTTPStatus(), codeText(p.code)
	camel := c.native
	switch {
	case p.code == core.CodeAuthenticationFailed: // as in the API reference, the only place that has it
		status, message, camel = http.StatusUnauthorized, "Authentication failed", true
	case referenceStatus[p.code] != 0:
		status = referenceStatus[p.code]
	case status == 0:
		status = http.StatusForbidden // a code that is not published, set by an option
	case p.code == core.CodeParameterInvalid && !c.native:
		status = http.StatusBadRequest // the API reference; the table of codes says 403
	}
	body := map[string]any{}
	put := func(key string, value any) {
		if camel {
			key = lowerFirst(key)
		}
		body[key] = value
	}
	put("ErrorCode", int(p.code))
	put("Message", message)
	put("Description", message)
	put("IsProviderError", false)
	put("ProviderErrorResponse", nil)
	for k, v := range p.more {
		put(k, v)
	}
	return status, body
}

func fail(c *call, code core.ErrorCode) (int, any) { return refuse(code).answer(c) }

func lowerFirst(s string) string {
	if s != "" && s[0] >= 'A' && s[0] <= 'Z' {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}

package web

import (
	"slices"
	"strings"
	"time"
)

// explain puts a failure into the page's words, beside the fields it is about.
func (l *pageLook) explain(v *PageView, p *Problem) {
	v.Problem = &PageProblem{Code: p.Code, Title: l.text[p.Code]}
	if text := l.text[p.Code+"_code"]; l.codes && text != "" {
		v.Problem.Title = text
	}
	if v.Problem.Title == "" {
		v.Problem.Title = p.Title
	}
	if v.Page == "reauth" && p.Code == CodeInvalidCredentials { // there is no field for a name
		v.Problem.Title = l.text["error_current_password_wrong"]
	}
	if wait := p.RetryAfter; wait >= time.Minute || wait > 0 && p.Code == CodeAccountLocked {
		v.Problem.RetryIn = l.counted("retry_in", int((wait+time.Minute-1)/time.Minute))
	}
	if p.Code == CodeInvalidLink {
		v.Token = "" // it does not get better
	}
	for _, e := range p.Errors {
		message := l.fieldText(e)
		shown := PageError{Message: message}
		for form, inputs := range v.Inputs {
			if v.posted != "" && form != v.posted || v.posted == "" && strings.HasPrefix(form, "resend") {
				continue // the other form of the page
			}
			for i := range inputs {
				if inputs[i].Name == e.Field || named(form) && inputs[i].Name == "email" && slices.Contains(loginNames, e.Field) {
					inputs[i].Error, shown.Field = message, inputs[i].ID
				}
			}
		}
		v.Problem.Errors = append(v.Problem.Errors, shown)
	}
}

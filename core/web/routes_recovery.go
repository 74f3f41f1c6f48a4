package web

import (
	"context"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) recoveryRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteSecurityQuestions, Method: "GET", Path: "/security-questions", NeedsLogin: true, Summary: "The security questions that the user has answered",
			answers: answers(http.StatusOK, questionsAnswer{}),
		}, a.securityQuestions),
		route(a, Route{
			Name: RouteUnlockAccount, Method: "POST", Path: "/account/unlock", NeedsLogin: true, Summary: "Unlock the account with security answers",
			answers: answers(http.StatusNoContent),
		}, a.unlockAccount),
	}
}

type questionsAnswer struct {
	Questions []MFAQuestion `json:"questions"`
}

func (a *App) securityQuestions(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	list, err := a.client.Authentication.SecurityQuestions(ctx, r.token)
	if err != nil {
		return nil, err
	}
	out := questionsAnswer{Questions: []MFAQuestion{}}
	for _, q := range list {
		out.Questions = append(out.Questions, MFAQuestion{q.ID, q.Question})
	}
	return JSON(http.StatusOK, out), nil
}

type unlocking struct {
	Answers []securityAnswer `json:"answers" in:"required"`
}

func (a *App) unlockAccount(ctx context.Context, r *Request, in unlocking) (*Response, error) {
	return done(invalidCode(a.client.Authentication.UnlockAccount(ctx, core.UnlockAccountRequest{AccessToken: r.token, SecurityAnswer: answersByID(in.Answers)})))
}

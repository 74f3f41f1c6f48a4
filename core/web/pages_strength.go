package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// PagePasswordStrength shows the strength of a new password while it is typed, where
// scripts run: the script sends it to POST /password-strength of these pages and to nowhere
// else. estimate returns 0 (guessed at once) to 4 (not guessed); words are what the visitor
// has typed beside it, such as the address. Plug a well-kept estimator in: the library has
// none, since a dictionary is large. estimate must be safe for concurrent use, and gets at
// most 100 characters. Nothing is refused: that is for [PasswordPolicy], which may use the
// same estimate. Default: no strength.
func PagePasswordStrength(estimate func(password string, words ...string) int) PageOption {
	return pageOption(func(c *routeConfig) {
		if estimate == nil {
			c.fail(optionError("PagePasswordStrength: the function is nil"))
		}
		c.pages.strength = estimate
	})
}

const (
	strengthPath = "/password-strength"

	// maxEstimated bounds what an estimator gets, in characters: its work may grow with the
	// square of that.
	maxEstimated = 100
)

// A strengthAnswer is what the script shows.
type strengthAnswer struct {
	Score int    `json:"score"`
	Text  string `json:"text"`
}

// strength answers the script of the pages.
func (p *pages) strength(ctx context.Context, r *Request) (*Response, error) {
	p = p.in(r.View)
	if err := p.app.limit(ctx, RouteName("page "+strengthPath), r, ""); err != nil {
		return nil, err
	}
	body, refusal := readBody(r.View)
	if refusal != nil {
		return nil, refusal
	}
	typed, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, invalidBody("The body is not a form.")
	}
	password := shortened(typed.Get("password"))
	if password == "" {
		return nil, fieldProblem("password", "required", "This field is required.")
	}
	var words []string
	for _, name := range []string{"email", "username", "first_name", "last_name"} {
		if word := shortened(strings.TrimSpace(typed.Get(name))); word != "" {
			words = append(words, word)
		}
	}
	score := max(0, min(p.app.cfg.pages.strength(password, words...), 4))
	return JSON(http.StatusOK, strengthAnswer{score, p.look.text["strength_"+strconv.Itoa(score)]}), nil
}

func shortened(text string) string {
	characters := []rune(text)
	return string(characters[:min(len(characters), maxEstimated)])
}

// addStrength adds the route of the script, and names it to the fields for new passwords.
func (p *pages) addStrength() {
	if p.app.cfg.pages.strength == nil {
		return
	}
	p.app.routes = append(p.app.routes, Route{
		Name: RouteName("page " + strengthPath), Method: http.MethodPost, Path: strengthPath, Page: true, handle: p.strength, app: p.app,
	})
}

// fillStrength names the route to the fields for new passwords.
func (v *PageView) fillStrength(p *pages) {
	if p.app.cfg.pages.strength == nil {
		return
	}
	for _, inputs := range v.Inputs {
		for i := range inputs {
			if inputs[i].Autocomplete == "new-password" {
				inputs[i].Strength = v.Base + strings.TrimPrefix(strengthPath, "/")
			}
		}
	}
}

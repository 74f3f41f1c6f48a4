package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// render shows a page, after a failure with what was typed and what is wrong.
func (p *pages) render(ctx context.Context, r *Request, base string, pg page, failure *Problem) *Response {
	v := p.view(ctx, r, base, pg)
	status := http.StatusOK
	if failure != nil {
		p.look.explain(v, failure)
		status = failure.Status
	}
	if pg.fill != nil {
		if res := pg.fill(v, ctx, p, r); res != nil {
			return res
		}
	}
	said := r.Cookie(p.flashName())
	switch {
	case failure != nil: // it is what counts now
	case strings.HasPrefix(said, "done_"):
		v.Done = p.look.text[said]
	case strings.HasPrefix(said, "failed_") && p.look.text[said] != "":
		v.Problem = &PageProblem{Title: p.look.text[said]}
	}
	res := p.write(ctx, r, v, status)
	if failure != nil {
		retryAfter(res, failure)
	}
	return res
}

// write sends a page. What the page before left to be said has been said then.
func (p *pages) write(ctx context.Context, r *Request, v *PageView, status int) *Response {
	res := p.look.write(ctx, p.app.cfg.logger, status, v)
	res.Cookies = append(res.Cookies, v.cookies...)
	if r.Cookie(p.flashName()) != "" {
		res.Cookies = append(res.Cookies, p.shortCookie(p.flashName(), "", 0))
	}
	return res
}

// view returns what a template gets.
func (p *pages) view(ctx context.Context, r *Request, base string, pg page) *PageView {
	v := &PageView{
		Page: pg.name, Title: p.look.text[pg.title], Text: p.look.text, Base: base, Has: map[string]bool{},
		Token: query(r, "vtoken"), Inputs: map[string][]PageInput{},
	}
	for _, route := range p.app.routes {
		v.Has[string(route.Name)] = true
	}
	known := map[string]string{}
	if r.Session != nil {
		user := UserOf(r.Session.Profile())
		v.User = &user
		known["first_name"], known["last_name"] = user.FirstName, user.LastName
	}
	typed := typedInto(r)
	if b, ok := r.View.(*bodyView); ok {
		v.Token, v.posted = typed.Get("token"), b.form
	}
	if v.Account = p.account(r); v.Account != nil && pg.name != "register" {
		v.Account.fill(known, p.look)
	}
	p.fillLanguages(v, r, base+strings.TrimPrefix(pg.path, "/"))
	v.HasPasskeys, v.Paths = p.look.passkeys, p.paths(base)
	v.PrivacyPolicy, v.HostedPage = p.app.cfg.privacyPolicy, p.app.cfg.hostedPage
	v.MailsCodes, v.ByPhone = p.look.codes, v.Account != nil && v.Account.Kind == "phone"
	if v.NextPath = LocalPath(query(r, "next"), ""); v.NextPath != "" {
		v.Next = "?next=" + url.QueryEscape(v.NextPath)
	}
	v.fillFields(ctx, p, r, known)
	for _, form := range pageInputs[pg.name] {
		if form == "profile" && v.withoutProfile {
			continue
		}
		v.Inputs[form] = append(p.inputs(form, typed, known), p.agreements(r, form, typed)...)
	}
	v.fillStrength(p)
	if pg.name == "login" || pg.name == "register" {
		v.Providers = p.oidcButton(base, query(r, "next"))
		if p.social != nil {
			v.Providers = append(v.Providers, p.look.providers(p.social.Providers, base, query(r, "next"))...)
		}
	}
	if pg.name == "profile" {
		v.Sessions = p.sessions(ctx, r)
	}
	return v
}

// sessionsWait is how long a page waits for the list of sessions: it is worth having,
// and nothing that the page cannot do without while LoginRadius fails.
const sessionsWait = time.Second

// sessions lists the user's sessions; none if that fails.
func (p *pages) sessions(ctx context.Context, r *Request) []PageSession {
	ctx, cancel := context.WithTimeout(ctx, sessionsWait)
	defer cancel()
	list, err := p.app.client.Social.Sessions(ctx, r.token)
	if err != nil {
		return nil
	}
	join := func(separator string, parts ...string) string {
		return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
	}
	out := make([]PageSession, 0, len(list.Sessions))
	for _, s := range list.Sessions {
		out = append(out, PageSession{
			ID: p.app.sessionID(s.AccessToken), Device: join(", ", s.Browser, s.OS), Place: join(", ", s.City, s.Country, s.IP), LoginAt: p.look.moment(s.LoginDate.Time), Current: s.AccessToken == r.token,
		})
	}
	return out
}

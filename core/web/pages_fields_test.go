package web_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// withFields are a site's own fields, on the registration and on the profile.
func withFields(page ...web.PageOption) []web.RouteOption {
	return []web.RouteOption{
		web.RegistrationFields("company", "birth_date"), web.ProfileFields("first_name", "birth_date", "website", "about"),
		web.CustomFields("plan", "favourite_tea"), web.WithPages(page...),
	}
}

// The fields that the options name are on the pages, typed and labelled, and what was
// typed reaches the account.
func TestPagesShowTheFieldsOfTheSite(t *testing.T) {
	s := newSite(t, "", withFields(web.PageText(map[string]string{"custom_plan": "Your plan"})), emulator.WithAutoLogin(), emulator.WithEmailWorkflow(emulator.Optional), emulator.WithCustomFields("plan", "favourite_tea"))
	page := s.want(s.get("/register"), 200, "/register",
		`<label for="company">Company</label>`, `name="company" type="text" autocomplete="organization"`,
		`<label for="birth_date">Date of birth</label>`, `name="birth_date" type="date" autocomplete="bday"`,
		`<label for="custom_fields-plan">Your plan</label>`, `name="custom_fields.plan"`, `<label for="custom_fields-favourite_tea">Favourite tea</label>`)
	s.lacks(page, "website", "about")

	s.want(s.post("/register", "email", "grace@example.com", "password", "correct horse", "first_name", "Grace", "company", "Navy", "birth_date", "1906-12-09", "custom_fields.plan", "gold"),
		200, "/profile", `type="date" autocomplete="bday" value="1906-12-09"`, `name="custom_fields.plan" type="text" autocomplete="off" value="gold"`, `<textarea id="about" name="about"`, `name="website" type="url"`)
	p := s.profile("grace@example.com")
	if p.Company != "Navy" || p.BirthDate != "12/09/1906" || p.CustomFields["plan"] != "gold" {
		t.Errorf("the account holds %q, %q, %v", p.Company, p.BirthDate, p.CustomFields)
	}

	s.want(s.post("/profile", "first_name", "Grace", "birth_date", "", "website", "https://example.com/grace", "about", "Two\nlines", "custom_fields.plan", "", "custom_fields.favourite_tea", "Assam"),
		200, "/profile", "Saved.", `value="https://example.com/grace"`, "Two\nlines</textarea>", `value="Assam"`)
	p = s.profile("grace@example.com")
	if p.BirthDate != "" || p.About != "Two\nlines" || p.CustomFields["plan"] != "" || p.CustomFields["favourite_tea"] != "Assam" || p.Company != "Navy" {
		t.Errorf("the account holds %q, %q, %v, %q", p.BirthDate, p.About, p.CustomFields, p.Company)
	}
}

// profile asks LoginRadius for an account.
func (s *site) profile(email string) *core.Profile {
	s.t.Helper()
	p, err := s.client.Account.ByEmail(s.t.Context(), core.AccountByEmailRequest{Email: email})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// Without an answer of LoginRadius the profile shows no form that would empty fields.
func TestAProfileWithoutItsFieldsCannotBeSaved(t *testing.T) {
	s := newSite(t, "", withFields())
	s.login()
	s.lr.Inject(emulator.ServerError(503))
	page := s.want(s.get("/profile"), 200, "/profile", "ada@example.com")
	s.lacks(page, `name="about"`, `name="first_name"`, `action="/profile"`)
	s.lr.ClearFaults()
	s.want(s.get("/profile"), 200, "/profile", `name="about"`, `action="/profile"`)
}

// Every field that is wrong is named at once, in the summary and beside the field.
func TestPagesNameEveryWrongFieldAtOnce(t *testing.T) {
	s := newSite(t, "", append(withFields(), web.PasswordPolicy(func(p string) error {
		if len(p) < 12 {
			return errors.New("Use at least 12 characters.")
		}
		return nil
	})))
	page := s.want(s.post("/register", "email", "nomail", "password", "short", "birth_date", "soon"), 422, "/register", `value="nomail"`, `value="soon"`)
	for field, message := range map[string]string{"email": "This is not an e-mail address.", "password": "Use at least 12 characters.", "birth_date": "This is not a date."} {
		for _, text := range []string{`<li><a href="#` + field + `">` + message, `id="` + field + `-error">` + message} {
			if !strings.Contains(page.body, text) {
				t.Errorf("the page lacks %q:\n%s", text, page.body)
			}
		}
	}
	if len(s.lr.Requests()) != 0 {
		t.Error("LoginRadius was asked about fields that are wrong")
	}
	s.login()
	s.want(s.post("/profile", "birth_date", "31/31/2000", "website", "javascript:alert(1)"), 422, "/profile", `href="#birth_date"`, `<a href="#website">This is not an address that begins with https`, `id="website-error"`)
	s.want(s.post("/password", "current_password", "", "new_password", "short"), 422, "/password", `href="#current_password"`, `<a href="#new_password">Use at least 12 characters.`)
}

// The site's own rule for passwords is shown in its words, wherever a password is set.
func TestPagesSayWhyAPasswordIsRefused(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()}, emulator.WithBreachedPasswords("password"), emulator.WithPasswordHistory(2), emulator.WithPasswordRule(func(p string) string {
		if !strings.ContainsAny(p, "aeiou") {
			return "A vowel is <required>."
		}
		return ""
	}))
	s.want(s.post("/register", "email", "new@example.com", "password", "xxxxxxxx"), 422, "/register", `<a href="#password">A vowel is &lt;required&gt;.`, `id="password-error">A vowel`)
	s.want(s.post("/register", "email", "new@example.com", "password", "password"), 422, "/register", "known from a data breach")
	s.post("/forgot", "email", "ada@example.com")
	link := s.mail("reset", "ada@example.com").Token
	s.want(s.post("/reset", "token", link, "password", "xxxxxxxx"), 422, "/reset", `<a href="#password">A vowel`, `value="`+link)
	s.login()
	s.want(s.post("/password", "current_password", "correct horse", "new_password", "xxxxxxxx"), 422, "/password", `<a href="#new_password">A vowel`, `id="new_password-error">A vowel`)
	s.want(s.post("/password", "current_password", "correct horse", "new_password", "correct horse"), 422, "/password", "not used before")
}

// The summary leads to the field of the form that was sent, where a page has two alike.
func TestErrorsLeadToTheFormThatWasSent(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(web.PageMailedCodes())})
	s.want(s.post("/resend", "email", ""), 422, "/resend", `<a href="#resend-email">`, `id="resend-email-error"`)
	page := s.want(s.post("/verify", "email", "", "code", ""), 422, "/verify", `<a href="#email">`)
	s.lacks(page, `id="resend-email-error"`)
}

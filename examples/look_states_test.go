package examples_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// A walk leads a browser through the states of the pages in one language.
type walk struct {
	*testing.T
	ctx context.Context
	g   gallery
	*lookSite
}

// open looks at a page that an address leads to.
func (w *walk) open(path, name string) {
	w.Helper()
	w.to(path)
	w.g.look(w.T, w.ctx, name)
}

func (w *walk) to(path string) {
	w.Helper()
	visit(w.T, w.ctx, path, chromedp.Navigate(w.url+path), chromedp.WaitVisible(chromedp.CSS("main")))
}

// do fills fields in, given by name and value in turn, and sends the form.
func (w *walk) do(action, until string, fields ...string) {
	w.Helper()
	var steps []chromedp.Action[chromedp.Void]
	for i := 0; i < len(fields); i += 2 {
		steps = append(steps, fill(fields[i], fields[i+1]))
	}
	visit(w.T, w.ctx, action, append(steps, press(action, until))...)
}

func (w *walk) user(u emulator.User) (uid string) {
	w.Helper()
	uid, err := w.lr.AddUser(u)
	if err != nil {
		w.Fatal(err)
	}
	return uid
}

func (w *walk) totp(uid string) string {
	w.Helper()
	w.lr.Advance(time.Minute) // a code counts once
	code, err := w.lr.TOTPCode(uid)
	if err != nil {
		w.Fatal(err)
	}
	return code
}

const (
	lookAda      = "ada@example.com"
	lookPassword = "correct horse"
)

// strangers goes over the pages of people who are not logged in.
func (w *walk) strangers() {
	for _, page := range []string{"", "register", "login", "logout", "forgot", "reset", "verify", "delete", "passwordless", "phone", "forgot-passkey", "reset-passkey", "reset-passkey?vtoken=0123", "passwordless?vtoken=0123", "reset?vtoken=0123", "verify?vtoken=0123", "delete?vtoken=0123"} {
		name := strings.Replace(page, "?vtoken=0123", "-link", 1)
		if page == "" {
			name = "home"
		}
		w.open("/"+page, name)
	}
	for _, page := range []string{"verify", "delete", "reset"} {
		w.to("/" + page + "?vtoken=0123")
		if page == "reset" {
			visit(w.T, w.ctx, "password", fill("password", "second horse"))
		}
		w.do(page, ".errors")
		w.g.failed(w.T, w.ctx, page+"-failed")
	}
}

// beginners registers, verifies and logs in.
func (w *walk) beginners() {
	w.to("/register")
	w.do("register", ".errors", "email", lookAda, "password", "x")
	w.g.failed(w.T, w.ctx, "register-failed")
	w.do("register", ".done", "password", lookPassword, "first_name", "Ada", "last_name", "Lovelace")
	w.g.look(w.T, w.ctx, "registered")
	w.to("/login")
	w.do("login", ".errors", "email", lookAda, "password", lookPassword)
	w.g.failed(w.T, w.ctx, "login-unverified")
	w.do("login", ".errors", "password", "wrong horse")
	w.g.failed(w.T, w.ctx, "login-failed")
	w.user(emulator.User{Email: "grace@example.com", Password: lookPassword, EmailVerified: true})
	for range 6 {
		w.do("login", ".errors", "email", "grace@example.com", "password", "wrong horse")
	}
	w.g.failed(w.T, w.ctx, "login-locked")
	w.to("/forgot")
	w.do("forgot", ".done", "email", lookAda)
	w.g.look(w.T, w.ctx, "forgot-sent")
	w.to("/passwordless")
	w.do("passwordless", ".done", "email", lookAda)
	w.g.look(w.T, w.ctx, "passwordless-sent")
	mail, ok := w.lr.LastMail("emailverification", lookAda)
	if !ok {
		w.Fatal("no mail to verify the address")
	}
	w.to("/verify?vtoken=" + mail.Token)
	w.do("verify", ".done")
	w.g.look(w.T, w.ctx, "verified")
}

// users goes over the pages of someone who is logged in, and takes the second step.
func (w *walk) users() {
	uid := w.user(emulator.User{Email: "alan@example.com", Password: lookPassword, FirstName: "Alan", LastName: "Turing", EmailVerified: true, Roles: []string{"admin", "editor"}})
	for range 2 {
		if _, _, err := w.lr.IssueTokens(uid); err != nil {
			w.Fatal(err)
		}
	}
	w.to("/login")
	w.do("login", "dl", "email", "alan@example.com", "password", lookPassword)
	w.g.look(w.T, w.ctx, "profile")
	w.do("profile", ".done")
	w.g.look(w.T, w.ctx, "profile-saved")
	w.do("password", ".errors", "current_password", "wrong", "new_password", "second horse")
	w.g.failed(w.T, w.ctx, "profile-failed")
	w.to("/profile")
	w.do("delete-request", ".done")
	w.g.look(w.T, w.ctx, "delete-sent")
	for _, page := range []string{"", "security", "security/totp", "security/sms", "security/email", "security/backup-codes", "passkeys", "reauth"} {
		name := strings.ReplaceAll(page, "/", "-")
		if page == "" {
			name = "home-logged-in"
		}
		w.open("/"+page, name)
	}
	w.do("reauth", ".errors", "password", "wrong")
	w.g.failed(w.T, w.ctx, "reauth-failed")
	w.to("/security/sms")
	w.do("security/sms", `main [name="code"]`, "phone", "+442079460958")
	w.g.look(w.T, w.ctx, "security-sms-sent")
	w.to("/security/totp")
	w.do("security/totp", ".errors", "code", "000000")
	w.g.failed(w.T, w.ctx, "security-totp-failed")
	w.do("security/totp", ".done", "code", w.totp(uid))
	w.g.look(w.T, w.ctx, "security-on")
	w.do("security/backup-codes", ".codes")
	w.g.look(w.T, w.ctx, "backup-codes")
	w.printed()
	w.to("/logout")
	w.do("logout", ".done")
	w.g.look(w.T, w.ctx, "logged-out")
	w.to("/login")
	w.do("login", `main [name="code"]`, "email", "alan@example.com", "password", lookPassword)
	w.g.look(w.T, w.ctx, "second-factor-totp")
	w.do("second-factor", ".errors", "code", "000000")
	w.g.failed(w.T, w.ctx, "second-factor-failed")
	w.open("/second-factor?method=backup_code", "second-factor-backup-code")
}

// printed checks that paper shows the codes and no buttons.
func (w *walk) printed() {
	w.Helper()
	media := func(kind string) {
		visit(w.T, w.ctx, "medium", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind})
			return err
		}))
	}
	media("print")
	for _, wrong := range list(w.T, w.ctx, `[...document.querySelectorAll("a, button, input, .codes li, h1")].filter(e => e.checkVisibility() !== e.matches(".codes li, h1")).map(e => e.outerHTML)`) {
		w.Errorf("on paper: %s", wrong)
	}
	media("")
}

// enrollers set a second factor up at the login, on a site that mails codes.
func (w *walk) enrollers() {
	w.user(emulator.User{Email: "bob@example.com", Password: lookPassword, EmailVerified: true})
	w.to("/login")
	w.do("login", "main a[href*=method]", "email", "bob@example.com", "password", lookPassword)
	w.g.look(w.T, w.ctx, "enroll")
	for _, method := range []string{"totp", "sms", "email"} {
		w.open("/second-factor?method="+method, "enroll-"+method)
	}
	w.to("/second-factor?method=sms")
	w.do("second-factor/enroll", `main [name="code"]`, "phone", "+442079460958")
	w.g.look(w.T, w.ctx, "enroll-sms-sent")
	w.do("second-factor/confirm", ".errors", "code", "000000")
	w.g.failed(w.T, w.ctx, "enroll-failed")
	w.to("/forgot")
	w.do("forgot", `main [name="code"]`, "email", "bob@example.com")
	w.g.look(w.T, w.ctx, "reset-code")
	w.to("/passwordless")
	w.do("passwordless", `main [name="code"]`, "email", "bob@example.com")
	w.g.look(w.T, w.ctx, "passwordless-code")
	w.do("passwordless/verify", ".errors", "code", "000000")
	w.g.failed(w.T, w.ctx, "passwordless-code-failed")
	w.to("/register")
	w.do("register", `main [name="code"]`, "email", "carol@example.com", "password", lookPassword)
	w.g.look(w.T, w.ctx, "verify-code")
}

// callers register with a phone number.
func (w *walk) callers() {
	w.to("/register")
	w.do("register", `main [name="code"]`, "phone", "+442079460959", "password", lookPassword)
	w.g.look(w.T, w.ctx, "phone-code")
	w.do("phone/verify", ".errors", "code", "000000")
	w.g.failed(w.T, w.ctx, "phone-failed")
}

// agreers are asked for the privacy policy and for the site's own fields.
func (w *walk) agreers() {
	w.user(emulator.User{Email: "eve@example.com", Password: lookPassword, EmailVerified: true})
	w.to("/register")
	w.g.look(w.T, w.ctx, "register-fields")
	w.unchecked()
	w.do("register", ".errors", "email", "x", "password", "x")
	w.g.failed(w.T, w.ctx, "register-fields-failed")
	w.to("/login")
	w.do("login", `main form[action^="/privacy"]`, "email", "eve@example.com", "password", lookPassword)
	w.g.look(w.T, w.ctx, "privacy")
	w.do("privacy", "dl")
	w.g.look(w.T, w.ctx, "profile-fields")
}

// consenters are asked for consent at the login.
func (w *walk) consenters() {
	w.user(emulator.User{Email: "eve@example.com", Password: lookPassword, EmailVerified: true})
	w.to("/login")
	w.do("login", `main form[action^="/consent"]`, "email", "eve@example.com", "password", lookPassword)
	w.g.look(w.T, w.ctx, "consent")
	w.unchecked()
	w.do("consent", ".errors")
	w.g.failed(w.T, w.ctx, "consent-failed")
}

// unchecked has the browser send a form that it would refuse, as older ones do.
func (w *walk) unchecked() {
	w.Helper()
	visit(w.T, w.ctx, "no validation", chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("form").forEach(f => { f.noValidate = true; })`))
}

// all goes over every state in one language.
func (w *walk) all(language string) {
	w.Helper()
	w.lookSite = newLookSite(w.T, siteKind{mfa: emulator.MFAOptional})
	w.to("/?lang=" + language)
	w.strangers()
	w.beginners()
	w.users()
	w.lookSite = newLookSite(w.T, siteKind{mfa: emulator.MFARequired, codes: true})
	w.enrollers()
	w.callers()
	w.lookSite = newLookSite(w.T, agreeing("Register", emulator.WithPrivacyPolicy("2", emulator.PrivacyStrict)))
	w.agreers()
	w.lookSite = newLookSite(w.T, agreeing("Login"))
	w.consenters()
}

// The other languages have the same states; what may go wrong is the length of words and
// the direction. Those of the pages with most on them are looked at; with -short in Arabic,
// which is written from right to left.
func TestLookOfTheLanguages(t *testing.T) {
	if os.Getenv("SCREENSHOTS") != "" {
		t.Skip("all states are looked at in all languages")
	}
	ctx := browser(t)
	w := &walk{T: t, ctx: ctx, lookSite: newLookSite(t, siteKind{mfa: emulator.MFAOptional})}
	w.g = newGallery(t, "en")
	uid := w.user(emulator.User{Email: "alan@example.com", Password: lookPassword, FirstName: "Alan", EmailVerified: true})
	if _, _, err := w.lr.IssueTokens(uid); err != nil {
		t.Fatal(err)
	}
	w.to("/login")
	w.do("login", "dl", "email", "alan@example.com", "password", lookPassword)
	for _, language := range []string{"ar", "ja", "de", "fr", "es"} {
		if testing.Short() && language != "ar" {
			continue
		}
		w.g.language = language
		w.to("/?lang=" + language)
		for _, page := range []string{"profile", "security", "security/totp", "login", "register"} {
			w.open("/"+page, strings.ReplaceAll(page, "/", "-"))
		}
		direction := "ltr"
		if language == "ar" {
			direction = "rtl"
		}
		for _, wrong := range list(t, ctx, `[document.documentElement.lang + " " + document.dir, ...[...document.querySelectorAll("input[type=email], input[type=tel], input[type=password]")].map(e => getComputedStyle(e).direction)].filter(d => d !== "ltr" && d !== "`+language+` `+direction+`")`) {
			t.Errorf("%s: a direction is %s", language, wrong)
		}
		title, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.querySelector('header .site').getBoundingClientRect().left < innerWidth / 2 ? 'ltr' : 'rtl'"))
		if err != nil || title != direction {
			t.Errorf("%s: the header is laid out %s, %v", language, title, err)
		}
	}
}

// Every page, in every state that a visitor may meet: in English with all rules, and with
// SCREENSHOTS in the other languages too.
func TestLookOfThePages(t *testing.T) {
	ctx := browser(t)
	languages := []string{"en"}
	if os.Getenv("SCREENSHOTS") != "" {
		languages = append(languages, "ar", "ja", "de", "fr", "es")
	}
	for _, language := range languages {
		t.Run(language, func(t *testing.T) {
			w := &walk{T: t, ctx: ctx, g: newGallery(t, language)}
			w.all(language)
			if language == "en" {
				w.g.picture(t, ctx)
			}
		})
	}
}

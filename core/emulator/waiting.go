package emulator

import (
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

// waiting are the smart and one-touch logins: a browser waits with a GUID that it
// made up, until the user follows a mailed link on any device. Then the GUID is good
// for one login.
type waiting struct {
	*Emulator
	browsers *simplelru.LRU[string, *waitingBrowser] // by client GUID
}

// A waitingBrowser is one that asked for a login with its GUID.
type waitingBrowser struct {
	email     string // of the account, which a one-touch login may have to make
	name      string
	kind      string
	expires   time.Time
	verified  bool
	delivered bool
}

func newWaiting(e *Emulator) *waiting {
	w := &waiting{Emulator: e}
	w.browsers, _ = simplelru.NewLRU[string, *waitingBrowser](e.opt.max.links, nil) // the size is positive
	return w
}

func (w *waiting) waitingRoutes() []route {
	const smart, oneTouch = authPath + "login/smartlogin", authPath + "onetouchlogin"
	return []route{
		keyRoute("smart_login_by_user_name", "GET", smart, w.startSmart).identifying().when(hasQuery("username")),
		keyRoute("smart_login_by_email", "GET", smart, w.startSmart).identifying(),
		keyRoute("smart_login_token_verification", "GET", authPath+"email/smartlogin", w.follow(kindSmartLogin)),
		keyRoute("smart_login_ping", "GET", smart+"/ping", w.ping), // one_touch_login_ping is the same request
		keyRoute("one_touch_login_by_email", "POST", oneTouch+"/email", w.startOneTouch).identifying(),
		keyRoute("one_touch_email_verification", "GET", authPath+"email/onetouchlogin", w.follow(kindOneTouch)),
		keyRoute("one_touch_login_by_phone", "POST", oneTouch+"/phone", w.sendSMS).identifying(),
		keyRoute("one_touch_login_otp_verification", "PUT", oneTouch+"/phone/verify", w.verifySMS).identifying(),
	}
}

func (w *waiting) startSmart(c *call, _ *account) (int, any) {
	email, username, guid := c.query["email"], c.query["username"], c.query["clientguid"]
	switch {
	case w.opt.off[FeatureSmartLogin]:
		return fail(c, core.CodeSmartLoginOptionNotEnabled)
	case email == "" && username == "":
		return fail(c, core.CodeEmailOrUsernameRequired)
	}
	a := w.accounts.byEmail(email)
	if username != "" {
		a = w.accounts.byUsername(username)
	}
	if p := w.byMail(a); p != nil {
		return p.answer(c)
	}
	return w.begin(c, guid, &waitingBrowser{kind: kindSmartLogin, email: first(email, a.email())})
}

func (w *waiting) startOneTouch(c *call, _ *account) (int, any) {
	email := c.text("email")
	switch {
	case w.opt.off[FeatureOneTouch]:
		return fail(c, core.CodeOneTouchLoginNotEnabled)
	case email == "":
		return missing("email").answer(c)
	case !isAddress(email):
		return fail(c, core.CodeEmailAddressInvalid)
	}
	if p := w.checkCaptcha(c); p != nil {
		return p.answer(c)
	}
	if a := w.accounts.byEmail(email); a != nil {
		if p := w.barred(a); p != nil {
			return p.answer(c)
		}
	}
	return w.begin(c, c.text("clientguid"), &waitingBrowser{kind: kindOneTouch, email: email, name: c.text("name")})
}

// begin has a browser wait, and mails the link that releases its login.
func (w *waiting) begin(c *call, guid string, b *waitingBrowser) (int, any) {
	switch {
	case guid == "":
		return missing("clientguid").answer(c)
	case w.browsers.Contains(guid):
		return fail(c, core.CodeClientGUIDMustUnique)
	case !w.codes.mayReceive(b.kind, b.email):
		return fail(c, core.CodeEmailLimitReached)
	}
	w.postLink(c, w.wait(guid, b), c.query["redirecturl"])
	return posted(c)
}

// wait notes a browser and makes its link.
func (w *waiting) wait(guid string, b *waitingBrowser) *link {
	b.expires = w.now().Add(w.opt.passwordless.waitLife)
	w.browsers.Add(guid, b)
	l := &link{token: newID(), kind: b.kind, email: b.email, browser: guid, expires: b.expires}
	if w.opt.emailOTP {
		l.otp = w.newOTP()
	}
	w.links.Add(l.token, l)
	return l
}

// follow answers the mailed link, or the mailed code with its address. The browser
// that follows gets no tokens.
func (w *waiting) follow(kind string) handler {
	return func(c *call, _ *account) (int, any) {
		if p := w.release(kind, w.linkOf(c, kind)); p != nil {
			return p.answer(c)
		}
		return http.StatusOK, map[string]any{"IsPosted": true, "IsVerified": true}
	}
}

// linkOf finds the link of a token, or the newest one of an address and a code.
func (w *waiting) linkOf(c *call, kind string) (found *link) {
	if token := c.query["verificationtoken"]; token != "" {
		found, _ = w.links.Get(token)
		return found
	}
	code, email := first(c.query["otp"], c.text("otp")), first(c.query["email"], c.text("email"))
	for _, l := range w.links.Values() {
		if l.kind == kind && code != "" && l.otp == code && strings.EqualFold(l.email, email) {
			found = l
		}
	}
	return found
}

// releaseBy is release by the token of a link.
func (w *waiting) releaseBy(kind, token string) *problem {
	l, _ := w.links.Get(token)
	return w.release(kind, l)
}

// release lets the waiting browser log in.
func (w *waiting) release(kind string, l *link) *problem {
	if l == nil || l.kind != kind {
		return refuse(core.CodeVerificationTokenInvalid)
	}
	b, ok := w.browsers.Get(l.browser)
	used, verified := core.CodeSmartLoginLinkAlreadyUsed, core.CodeSmartLoginLinkAlreadyVerified
	if kind == kindOneTouch {
		used, verified = core.CodeOneTouchLoginLinkAlreadyUsed, core.CodeOneTouchLoginLinkAlreadyUsed
	}
	switch {
	case !ok:
		return refuse(core.CodeVerificationTokenInvalid)
	case b.delivered:
		return refuse(used)
	case b.verified:
		return refuse(verified)
	case !w.now().Before(l.expires):
		return refuse(core.CodeVerificationLinkExpired)
	}
	a := w.accounts.byEmail(b.email)
	if a == nil && kind == kindOneTouch {
		if w.accounts.full() {
			return refuse(core.CodeRegistrationDisabled)
		}
		a = w.newAccount("Email")
		w.fill(a, User{Email: b.email, FirstName: b.name})
		w.join(a)
		w.mailWelcome(a)
	}
	if p := w.barred(a); p != nil {
		return p
	}
	l.used, b.verified = true, true
	w.proven(a)
	return nil
}

// ping is what the waiting browser asks for again and again. It logs in once.
func (w *waiting) ping(c *call, _ *account) (int, any) {
	guid := c.query["clientguid"]
	if guid == "" {
		return missing("clientguid").answer(c)
	}
	b, ok := w.browsers.Get(guid)
	switch {
	case !ok || !b.delivered && !w.now().Before(b.expires):
		return fail(c, core.CodeClientGUIDInvalid)
	case b.delivered:
		return fail(c, core.CodeSmartLoginLinkAlreadyUsed)
	case !b.verified:
		return fail(c, core.CodeSmartLoginLinkNotVerified)
	}
	a := w.accounts.byEmail(b.email)
	if p := w.barred(a); p != nil {
		return p.answer(c)
	}
	b.delivered = true
	return w.completeLogin(c, a, login{provider: "Email"})
}

// sendSMS sends the code of a one-touch login. The account is made when the code
// comes back.
func (w *waiting) sendSMS(c *call, _ *account) (int, any) {
	number, p := w.oneTouchNumber(c)
	if p == nil {
		p = w.checkCaptcha(c)
	}
	if p != nil {
		return p.answer(c)
	}
	if a := w.accounts.byPhone(number); a != nil {
		if p := w.barred(a); p != nil {
			return p.answer(c)
		}
	}
	if !w.codes.send(codeKey{kindOneTouch, phoneKey(number)}, number) {
		return fail(c, core.CodeSMSLimitReached)
	}
	return http.StatusOK, map[string]any{"Data": smsData()}
}

func (w *waiting) oneTouchNumber(c *call) (string, *problem) {
	if w.opt.off[FeatureOneTouch] {
		return "", refuse(core.CodeOneTouchLoginNotEnabled)
	}
	return w.phones.number(c.text("phone"))
}

func (w *waiting) verifySMS(c *call, _ *account) (int, any) {
	number, p := w.oneTouchNumber(c)
	switch {
	case p != nil:
		return p.answer(c)
	case c.query["otp"] == "":
		return missing("otp").answer(c)
	}
	a := w.accounts.byPhone(number)
	if a != nil {
		if p := w.barred(a); p != nil {
			return p.answer(c)
		}
	} else if w.accounts.full() {
		return fail(c, core.CodeRegistrationDisabled)
	}
	if state := w.codes.take(codeKey{kindOneTouch, phoneKey(number)}, c.query["otp"]); state != codeGood {
		if a != nil {
			w.countFailure(a)
		}
		return fail(c, state.bySMS())
	}
	if a == nil {
		a = w.newAccount("Email")
		w.fill(a, User{Phone: number})
		w.join(a)
	}
	w.phones.proven(a)
	if w.opt.passwordless.oneTouchPosts {
		return posted(c)
	}
	return w.completeLogin(c, a, login{provider: "Email"})
}

package emulator

import (
	"net/http"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A link is a mailed token: 32 hex digits, or a code where the site mails codes.
type link struct {
	token, otp string
	kind       string
	browser    string // the client GUID of a login that the link releases
	uid        string
	email      string
	expires    time.Time
	used       bool
}

func (e *Emulator) linkRoutes() []route {
	return []route{
		keyRoute("verify_email_by_otp", "PUT", authPath+"email", e.verifyEmailByOTP).identifying(),
		userRoute("delete_account_with_email_confirmation", "DELETE", authPath+"account", e.requestDeletion),
		keyRoute("delete_account_by_delete_token", "GET", authPath+"account/delete", e.confirmDeletion),
	}
}

// newLink makes a link. A new reset link replaces the older ones of the account.
func (e *Emulator) newLink(a *account, kind, email string) *link {
	if kind == kindReset && !e.opt.keepResetLinks {
		for _, old := range e.links.Values() {
			if old.uid == a.uid && old.kind == kind {
				old.used = true
			}
		}
	}
	l := &link{token: newID(), kind: kind, uid: a.uid, email: email, expires: e.now().Add(e.opt.linkLife)}
	if e.opt.emailOTP && kind != kindDelete {
		l.otp = e.newOTP()
	}
	e.links.Add(l.token, l)
	return l
}

// redeem returns a link that can still be used. The caller marks it as used.
func (e *Emulator) redeem(token, kind string, unknown core.ErrorCode) (*link, *problem) {
	l, ok := e.links.Get(token)
	switch {
	case !ok || l.kind != kind || !e.stands(l):
		return nil, refuse(unknown)
	case l.used:
		return nil, refuse(core.CodeVerificationLinkUsed)
	case !e.now().Before(l.expires):
		return nil, refuse(core.CodeVerificationLinkExpired)
	}
	return l, nil
}

// stands reports whether the account still exists and still has the address that the
// link was sent to.
func (e *Emulator) stands(l *link) bool {
	a := e.accounts.byUID(l.uid)
	return a != nil && (l.email == "" || a.hasEmail(l.email) || a.awaits(l.email))
}

// linkByOTP returns the newest link with the code, used and expired ones included.
func (e *Emulator) linkByOTP(a *account, kind, otp string) (found *link) {
	for _, l := range e.links.Values() {
		if l.uid == a.uid && l.kind == kind && otp != "" && l.otp == otp && e.stands(l) {
			found = l
		}
	}
	return found
}

func (e *Emulator) resendVerification(c *call, _ *account) (int, any) {
	a := e.accounts.byEmail(c.text("email"))
	switch {
	case c.text("email") == "":
		return fail(c, core.CodeEmailAddressInvalid)
	case a == nil:
		return fail(c, core.CodeUserNotFound)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	case e.opt.workflow == NoVerification:
		return fail(c, core.CodeEmailVerificationDisabled)
	case a.emailVerified:
		return fail(c, core.CodeEmailAlreadyVerified)
	}
	e.mailLink(c, a, kindVerify, c.text("email"), c.query["verificationurl"])
	return posted(c)
}

func (e *Emulator) verifyEmail(c *call, _ *account) (int, any) {
	l, p := e.redeem(c.query["verificationtoken"], kindVerify, core.CodeVerificationLinkInvalid)
	if p != nil {
		return p.answer(c)
	}
	return e.verified(c, l)
}

func (e *Emulator) verifyEmailByOTP(c *call, _ *account) (int, any) {
	a := e.linking.byUUID(c.text("uuid"))
	if a == nil {
		a = e.accounts.byEmail(c.text("email"))
	}
	if a == nil {
		return fail(c, core.CodeUserNotFound)
	}
	if !e.opt.emailOTP {
		return fail(c, core.CodeEmailOTPDisabled)
	}
	l := e.linkByOTP(a, kindVerify, c.text("otp"))
	switch {
	case l == nil:
		return fail(c, core.CodeEmailOTPInvalid)
	case l.used:
		return fail(c, core.CodeEmailOTPUsed)
	case !e.now().Before(l.expires):
		return fail(c, core.CodeEmailOTPExpired)
	}
	return e.verified(c, l)
}

func (e *Emulator) verified(c *call, l *link) (int, any) {
	if p := e.verify(l); p != nil {
		return p.answer(c)
	}
	if e.opt.autoLogin {
		return http.StatusOK, map[string]any{"IsPosted": true, "Data": e.loginData(c, e.accounts.byUID(l.uid))}
	}
	return posted(c)
}

// verify uses a link and marks its address as verified.
func (e *Emulator) verify(l *link) *problem {
	a := e.accounts.byUID(l.uid)
	if !a.active {
		return refuse(core.CodeAccountBlocked)
	}
	e.linking.verified(l)
	added := a.awaits(l.email)
	if added {
		if p := e.acceptAddress(a, l.email); p != nil {
			return p
		}
	}
	l.used, a.emailVerified, a.modified = true, true, e.now()
	if added {
		e.fire("AddEmail", a)
	} else if e.opt.welcomeVerified {
		e.mailWelcome(a)
	}
	e.fire("EmailVerification", a)
	return nil
}

func (e *Emulator) requestDeletion(c *call, a *account) (int, any) {
	if a.email() == "" {
		return fail(c, core.CodeEmailProfileNotFound)
	}
	e.mailLink(c, a, kindDelete, a.email(), c.query["deleteurl"])
	return http.StatusOK, map[string]any{"IsDeleteRequestAccepted": true}
}

func (e *Emulator) confirmDeletion(c *call, _ *account) (int, any) {
	if p := e.deleteBy(c.query["deletetoken"]); p != nil {
		return p.answer(c)
	}
	return posted(c)
}

// deleteBy deletes the account of a link. Unlike other links, it has one error code for
// all unusable tokens.
func (e *Emulator) deleteBy(token string) *problem {
	l, p := e.redeem(token, kindDelete, core.CodeDeleteTokenInvalid)
	if p != nil {
		return refuse(core.CodeDeleteTokenInvalid)
	}
	e.remove(e.accounts.byUID(l.uid))
	return nil
}

// address returns the URL of a link: the page that the call names, or the emulator's
// own page.
func (l *link) address(c *call, target string) string {
	if target == "" {
		target = c.origin() + hostedPath
	}
	sep := "?"
	if strings.Contains(target, "?") {
		sep = "&"
	}
	return target + sep + "vtype=" + vtype(l.kind) + "&vtoken=" + l.token
}

// vtype is how a link names its kind, as far as that is documented.
func vtype(kind string) string {
	switch kind {
	case kindPasswordless:
		return "oneclicksignin"
	case kindSmartLogin:
		return "autologin"
	}
	return kind
}

package emulator

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"time"
)

// The kinds of mailed links, as the vtype of a link spells them.
const (
	kindVerify = "emailverification"
	kindReset  = "reset"
	kindDelete = "deleteuser"
)

// A link is a mailed token: 32 hex digits, or a code where the site mails codes.
type link struct {
	token, otp string
	kind       string
	uid        string
	email      string
	expires    time.Time
	used       bool
}

// newLink makes a link; an older reset link of the account is superseded.
func (e *Emulator) newLink(a *account, kind, email string) *link {
	if kind == kindReset {
		for _, old := range e.links.Values() {
			if old.uid == a.uid && old.kind == kind {
				old.used = true
			}
		}
	}
	l := &link{token: newID(), kind: kind, uid: a.uid, email: email, expires: e.now().Add(e.opt.linkLife)}
	if e.opt.emailOTP && kind != kindDelete {
		n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000)) // never fails
		l.otp = fmt.Sprintf("%06d", n)
	}
	e.links.Add(l.token, l)
	return l
}

// redeem returns a link that may still be used; the caller marks it as used.
func (e *Emulator) redeem(token, kind string, unknown int) (*link, int) {
	l, ok := e.links.Get(token)
	switch {
	case !ok || l.kind != kind || e.accounts[l.uid] == nil:
		return nil, unknown
	case l.used:
		return nil, 974
	case !e.now().Before(l.expires):
		return nil, 975
	}
	return l, 0
}

func (e *Emulator) linkByOTP(a *account, kind, otp string) *link {
	for _, l := range e.links.Values() {
		if l.uid == a.uid && l.kind == kind && otp != "" && l.otp == otp && !l.used && e.now().Before(l.expires) {
			return l
		}
	}
	return nil
}

func (e *Emulator) resendVerification(c *call, _ *account) (int, any) {
	a := e.byEmail(c.text("email"))
	switch {
	case c.text("email") == "":
		return fail(c, 1038)
	case a == nil:
		return fail(c, 938)
	case a.emailVerified:
		return fail(c, 1025)
	case e.opt.workflow == NoVerification:
		return fail(c, 1034)
	}
	e.mailLink(a, kindVerify, c.text("email"), c.query["verificationurl"])
	return posted(c)
}

func (e *Emulator) verifyEmail(c *call, _ *account) (int, any) {
	l, code := e.redeem(c.query["verificationtoken"], kindVerify, 973)
	if code != 0 {
		return fail(c, code)
	}
	return e.verified(c, l)
}

func (e *Emulator) verifyEmailByOTP(c *call, _ *account) (int, any) {
	a := e.byEmail(c.text("email"))
	if a == nil {
		return fail(c, 938)
	}
	if !e.opt.emailOTP {
		return fail(c, 1237)
	}
	l := e.linkByOTP(a, kindVerify, c.text("otp"))
	if l == nil {
		return fail(c, 1188)
	}
	return e.verified(c, l)
}

func (e *Emulator) verified(c *call, l *link) (int, any) {
	a := e.accounts[l.uid]
	l.used, a.emailVerified, a.modified = true, true, e.now()
	e.mail(a, "welcome", "", "")
	if e.opt.autoLogin {
		return http.StatusOK, map[string]any{"IsPosted": true, "Data": e.loggedIn(c, a)}
	}
	return posted(c)
}

func (e *Emulator) emailExists(c *call, _ *account) (int, any) {
	if c.query["email"] == "" {
		return c.missing("email")
	}
	return http.StatusOK, map[string]any{"IsExist": e.byEmail(c.query["email"]) != nil}
}

func (e *Emulator) usernameExists(c *call, _ *account) (int, any) {
	if c.query["username"] == "" {
		return c.missing("username")
	}
	return http.StatusOK, map[string]any{"IsExist": e.byUsername(c.query["username"]) != nil}
}

func (e *Emulator) ownProfile(c *call, a *account) (int, any) {
	return http.StatusOK, e.profile(c, a)
}

func (e *Emulator) updateOwnProfile(c *call, a *account) (int, any) {
	if code := e.merge(c, a, false); code != 0 {
		return fail(c, code)
	}
	return http.StatusOK, map[string]any{"IsPosted": true, "Data": e.profile(c, a)}
}

func (e *Emulator) sendWelcome(c *call, a *account) (int, any) {
	if !a.emailVerified {
		return fail(c, 970)
	}
	e.mail(a, "welcome", "", "")
	return posted(c)
}

func (e *Emulator) requestDeletion(c *call, a *account) (int, any) {
	e.mailLink(a, kindDelete, a.email(), c.query["deleteurl"])
	return http.StatusOK, map[string]any{"IsDeleteRequestAccepted": true}
}

func (e *Emulator) confirmDeletion(c *call, _ *account) (int, any) {
	l, ok := e.links.Get(c.query["deletetoken"])
	if !ok || l.kind != kindDelete || l.used || !e.now().Before(l.expires) || e.accounts[l.uid] == nil {
		return fail(c, 1119)
	}
	e.remove(e.accounts[l.uid])
	return posted(c)
}

// withToken adds the two parameters of a mailed link to where it leads.
func withToken(target, hosted string, l *link) string {
	if target == "" {
		target = hosted
	}
	sep := "?"
	if strings.Contains(target, "?") {
		sep = "&"
	}
	return target + sep + "vtype=" + l.kind + "&vtoken=" + l.token
}

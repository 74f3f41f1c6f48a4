package emulator

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"

	"golang.org/x/crypto/bcrypt"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (e *Emulator) passwordRoutes() []route {
	routes := []route{
		userRoute("change_password", "PUT", authPath+"password/change", e.changePassword),
		keyRoute("forgot_password", "POST", authPath+"password", e.forgotPassword).identifying(),
		uidRoute("get_account_password_hash_by_uid", "GET", managePath+"/{uid}/password", e.passwordHash),
		uidRoute("set_account_password_by_uid", "PUT", managePath+"/{uid}/password", e.setPassword),
	}
	for _, path := range []string{authPath + "password/reset", authPath + "password"} {
		routes = append(routes,
			keyRoute("reset_password_by_reset_token", "PUT", path, e.resetByToken).when(hasBody("resettoken")),
			keyRoute("reset_password_by_otp_and_user_name", "PUT", path, e.resetByOTP).identifying().when(hasBody("username")),
			keyRoute("reset_password_by_email_otp", "PUT", path, e.resetByOTP).identifying(),
		)
	}
	return routes
}

// hashPassword uses the lowest cost, because these are passwords of tests. It hashes a
// digest, because bcrypt takes no more than 72 bytes; base64 keeps zero bytes out.
func hashPassword(password string) []byte {
	hash, _ := bcrypt.GenerateFromPassword(digest(password), bcrypt.MinCost) // 44 bytes and a legal cost
	return hash
}

func digest(password string) []byte {
	sum := sha256.Sum256([]byte(password))
	return []byte(base64.StdEncoding.EncodeToString(sum[:]))
}

func matches(hash []byte, password string) bool {
	return hash != nil && bcrypt.CompareHashAndPassword(hash, digest(password)) == nil
}

func (a *account) passwordIs(password string) bool { return matches(a.hash, password) }

// changePasswordTo sets a password that the site's rules allow.
func (e *Emulator) changePasswordTo(a *account, password string) *problem {
	if p := e.passwordProblem(a, password); p != nil {
		return p
	}
	if n := e.opt.passwordHistory; n > 0 && a.hash != nil {
		a.oldHashes = append(a.oldHashes, a.hash)
		// The current password counts as one of the n.
		a.oldHashes = slices.Clone(a.oldHashes[max(0, len(a.oldHashes)-n+1):])
	}
	a.hash, a.passwordSet, a.modified = hashPassword(password), e.now(), e.now()
	a.passwords++
	return nil
}

func (e *Emulator) passwordProblem(a *account, password string) *problem {
	if password == "" {
		return invalid(fieldProblem{"Password", "The Password field is required."})
	}
	if len(password) < e.opt.minPassword {
		return refuse(core.CodeWeakPassword)
	}
	if e.opt.breached[password] {
		return refuse(core.CodeNewPasswordBreached)
	}
	if e.opt.passwordRule != nil {
		if message := e.opt.passwordRule(password); message != "" {
			return invalid(fieldProblem{"Password", message})
		}
	}
	if e.opt.passwordHistory > 0 {
		for _, old := range append([][]byte{a.hash}, a.oldHashes...) {
			if matches(old, password) {
				return refuse(core.CodeNewPasswordInvalid)
			}
		}
	}
	return nil
}

func (e *Emulator) changePassword(c *call, a *account) (int, any) {
	for _, key := range []string{"oldpassword", "newpassword"} {
		if c.text(key) == "" {
			return missing(key).answer(c)
		}
	}
	switch {
	case a.hash == nil:
		return fail(c, core.CodeEmailProfileNotFound)
	case a.locked(e.now()) && a.lock.kind != Suspend: // the operation's list of codes has no 1198
		return e.lockProblem(a).answer(c)
	}
	if p := e.checkPassword(a, c.text("oldpassword"), core.CodeCurrentPasswordInvalid); p != nil {
		return p.answer(c)
	}
	if p := e.changePasswordTo(a, c.text("newpassword")); p != nil {
		return p.answer(c)
	}
	e.fire("ChangePassword", a)
	e.forceLogout(a, c.bearer())
	return posted(c)
}

func (e *Emulator) forgotPassword(c *call, _ *account) (int, any) {
	if c.text("email")+c.text("username") == "" {
		return fail(c, core.CodePostBodyInvalid)
	}
	a := e.accounts.byLogin(c)
	switch {
	case a == nil:
		return fail(c, core.CodeUserNotFound)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	case a.email() == "":
		return fail(c, core.CodeEmailProfileNotFound)
	}
	e.mailLink(c, a, kindReset, first(c.text("email"), a.email()), c.query["resetpasswordurl"])
	return posted(c)
}

func (e *Emulator) resetByToken(c *call, _ *account) (int, any) {
	if c.text("resettoken") == "" {
		return missing("resettoken").answer(c)
	}
	l, p := e.redeem(c.text("resettoken"), kindReset, core.CodeVerificationTokenInvalid)
	if p == nil {
		p = e.reset(l, c.text("password"))
	}
	if p != nil {
		return p.answer(c)
	}
	return posted(c)
}

func (e *Emulator) resetByOTP(c *call, _ *account) (int, any) {
	a := e.accounts.byLogin(c)
	switch {
	case c.text("otp") == "":
		return missing("otp").answer(c)
	case a == nil:
		return fail(c, core.CodeUserNotFound)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	case a.locked(e.now()):
		return e.lockProblem(a).answer(c)
	}
	l := e.linkByOTP(a, kindReset, c.text("otp"))
	if l == nil || l.used || !e.now().Before(l.expires) {
		e.countFailure(a) // six digits could be guessed
		return fail(c, core.CodeVerificationOTPInvalid)
	}
	if p := e.reset(l, c.text("password")); p != nil {
		return p.answer(c)
	}
	return posted(c)
}

// reset sets the password and marks the link as used, unless the password is refused. It
// does not end a lock.
func (e *Emulator) reset(l *link, password string) *problem {
	a := e.accounts.byUID(l.uid)
	if !a.active {
		return refuse(core.CodeAccountBlocked)
	}
	if p := e.changePasswordTo(a, password); p != nil {
		return p
	}
	l.used = true
	e.fire("ResetPassword", a)
	if e.opt.resetVerifies && l.email != "" && !a.emailVerified {
		a.emailVerified = true
		e.fire("EmailVerification", a)
	}
	e.forceLogout(a, "")
	return nil
}

func (e *Emulator) passwordHash(_ *call, a *account) (int, any) {
	return http.StatusOK, map[string]any{"PasswordHash": orNull(string(a.hash))}
}

func (e *Emulator) setPassword(c *call, a *account) (int, any) {
	if p := e.changePasswordTo(a, c.text("password")); p != nil {
		return p.answer(c)
	}
	e.fire("SetPassword", a)
	return e.passwordHash(c, a)
}

// newID returns 32 hex digits, the form of a uid and of a mailed token.
func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

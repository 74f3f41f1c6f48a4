package emulator

import (
	"net/http"
	"net/mail"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// emailRoutes are the calls that change which addresses an account has. A new address
// waits in UnverifiedEmail until the link or the code that was mailed to it is used.
func (e *Emulator) emailRoutes() []route {
	return []route{
		userRoute("add_email", "POST", authPath+"email", e.addEmail),
		userRoute("remove_email_by_access_token", "DELETE", authPath+"email", e.removeEmail),
		uidRoute("remove_email", "DELETE", managePath+"/{uid}/email", e.removeManagedEmail),
		uidRoute("upsert_email", "PUT", managePath+"/{uid}/email", e.upsertEmail),
		uidRoute("invalidate_account_email_verification", "PUT", managePath+"/{uid}/invalidateemail", e.invalidateEmail),
	}
}

// isAddress reports whether a text is one plain e-mail address.
func isAddress(text string) bool {
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text
}

// addAddress notes an address that the user has yet to verify.
func (e *Emulator) addAddress(a *account, m address) *problem {
	switch {
	case m.value == "":
		return missing("email")
	case m.kind == "":
		return refuse(core.CodeEmailTypeRequired)
	case !isAddress(m.value):
		return refuse(core.CodeEmailAddressInvalid)
	case e.accounts.byEmail(m.value) != nil:
		return refuse(core.CodeEmailAlreadyRegistered)
	case len(a.emails)+len(a.unverified) >= maxEmails:
		return refuse(core.CodeCannotAddEmailAddress)
	}
	a.unverified = slices.DeleteFunc(a.unverified, func(old address) bool { return strings.EqualFold(old.value, m.value) })
	a.unverified, a.modified = append(a.unverified, m), e.now()
	return nil
}

// maxEmails is more than a profile needs.
const maxEmails = 50

func (e *Emulator) addEmail(c *call, a *account) (int, any) {
	m := address{c.text("type"), c.text("email")}
	if p := e.addAddress(a, m); p != nil {
		return p.answer(c)
	}
	if e.opt.workflow == NoVerification {
		if p := e.acceptAddress(a, m.value); p != nil {
			return p.answer(c)
		}
		e.fire("AddEmail", a)
		return posted(c)
	}
	e.mailLink(c, a, kindVerify, m.value, c.query["verificationurl"])
	return posted(c)
}

// acceptAddress moves a verified address to those of the account.
func (e *Emulator) acceptAddress(a *account, value string) *problem {
	i := slices.IndexFunc(a.unverified, func(m address) bool { return strings.EqualFold(m.value, value) })
	if i < 0 {
		return nil
	}
	if e.accounts.byEmail(value) != nil {
		return refuse(core.CodeEmailAlreadyRegistered) // another account was faster
	}
	a.emails = append(a.emails, a.unverified[i])
	a.unverified = slices.Delete(a.unverified, i, i+1)
	e.accounts.put(a)
	return nil
}

func (e *Emulator) removeEmail(c *call, a *account) (int, any) {
	if p := e.dropAddress(a, c.text("email")); p != nil {
		return p.answer(c)
	}
	return deleted()
}

func (e *Emulator) removeManagedEmail(c *call, a *account) (int, any) {
	if p := e.dropAddress(a, c.text("email")); p != nil {
		return p.answer(c)
	}
	return http.StatusOK, e.profileWithHash(c, a)
}

func (e *Emulator) dropAddress(a *account, value string) *problem {
	is := func(m address) bool { return strings.EqualFold(m.value, value) }
	if i := slices.IndexFunc(a.unverified, is); i >= 0 {
		a.unverified = slices.Delete(a.unverified, i, i+1)
		return nil
	}
	i := slices.IndexFunc(a.emails, is)
	switch {
	case value == "":
		return missing("email")
	case i < 0:
		return refuse(core.CodeEmailNotInProfile)
	case len(a.emails) == 1:
		return refuse(core.CodeLastEmailAddress)
	}
	a.emails, a.modified = slices.Delete(a.emails, i, i+1), e.now()
	e.accounts.put(a)
	e.fireData("RemoveEmail", func() any {
		return map[string]any{"UserProfile": e.wholeProfile(a), "RemovedEmail": value}
	})
	return nil
}

// upsertEmail replaces the addresses of the types that the body lists, and adds those
// of other types.
func (e *Emulator) upsertEmail(c *call, a *account) (int, any) {
	given, p := e.addressesOf(c, a)
	if p == nil && len(given) == 0 {
		p = refuse(core.CodePutBodyInvalid)
	}
	if p != nil {
		return p.answer(c)
	}
	emails := slices.Clone(a.emails)
	for _, m := range given {
		same := func(old address) bool { return strings.EqualFold(old.kind, m.kind) }
		if i := slices.IndexFunc(emails, same); i >= 0 {
			emails[i] = m
		} else {
			emails = append(emails, m)
		}
	}
	a.emails, a.modified = emails, e.now()
	e.accounts.put(a)
	e.fire("UpdateProfile", a)
	return http.StatusOK, e.profileWithHash(c, a)
}

func (e *Emulator) invalidateEmail(c *call, a *account) (int, any) {
	switch {
	case a.email() == "":
		return fail(c, core.CodeEmailInvalidationRefused)
	case e.opt.workflow == NoVerification:
		return fail(c, core.CodeEmailVerificationDisabled)
	}
	a.emailVerified, a.modified = false, e.now()
	e.fire("InvalidateEmailVerification", a)
	e.mailLink(c, a, kindVerify, a.email(), c.query["verificationurl"])
	return posted(c)
}

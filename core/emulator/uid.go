package emulator

import (
	"regexp"

	"github.com/loginradius-contrib/go-middleware/core"
)

// uidForm is the form of a uid that the site chooses.
var uidForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,50}$`)

// changeUID gives an account another uid. Its sessions and links go on; codes and
// second steps that are under way end.
func (e *Emulator) changeUID(c *call, a *account) (int, any) {
	fresh := c.text("newuid")
	switch {
	case fresh == "":
		return missing("newuid").answer(c)
	case !uidForm.MatchString(fresh):
		return fail(c, core.CodeUIDInvalid)
	case e.accounts.byUID(fresh) != nil:
		return fail(c, core.CodeAccountIDAlreadyRegistered)
	}
	old := a.uid
	e.accounts.drop(a)
	a.uid, a.modified = fresh, e.now()
	a.previousUIDs = append(a.previousUIDs, old)
	e.accounts.put(a)
	for _, s := range e.sessions.live.Values() {
		if s.uid == old {
			s.uid = fresh
		}
	}
	for _, f := range e.sessions.refresh.Values() {
		if f.session.uid == old {
			f.session.uid = fresh
		}
	}
	for _, list := range [][]*link{e.links.Values(), e.social.requestTokens.Values()} {
		for _, l := range list {
			if l.uid == old {
				l.uid = fresh
			}
		}
	}
	for _, login := range e.social.providers {
		if login.uid == old {
			login.uid = fresh
		}
	}
	e.fire("UpdateUid", a)
	return posted(c)
}

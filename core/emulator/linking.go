package emulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

// An identity is the profile at a provider that an account is linked with.
type identity struct{ provider, id string }

// linking joins social accounts with others. A browser may do so with a client GUID:
// it names the social account there, once its address is verified.
type linking struct {
	*Emulator
	browsers *simplelru.LRU[string, *socialBrowser] // by client GUID
}

type socialBrowser struct {
	uid       string
	uuid      string // which a mailed code may be entered with instead of an address
	verified  bool
	delivered bool
	expires   time.Time
}

// codeProviderLinked is in the API reference and not in the table of codes.
const codeProviderLinked core.ErrorCode = 1251

func newLinking(e *Emulator) *linking {
	n := &linking{Emulator: e}
	n.browsers, _ = simplelru.NewLRU[string, *socialBrowser](e.opt.max.links, nil) // the size is positive
	return n
}

func (n *linking) linkingRoutes() []route {
	const path = authPath + "socialidentity"
	return []route{
		userRoute("link_social_identities_by_ping", "POST", path, n.linkByBrowser).when(hasBody("clientguid")),
		userRoute("link_social_identities_by_ping", "POST", path+"/ping", n.linkByBrowser), // as the guides have it
		userRoute("link_social_identities", "POST", path, n.link),
		userRoute("link_social_identities", "PUT", path, n.link), // as the vendor's SDK for Go sends it
		userRoute("unlink_social_identities", "DELETE", path, n.unlink),
		userRoute("auth_send_verification_email_for_linking_social_profiles", "GET", authPath+"email/sendverificationemail", n.sendVerification),
		keyRoute("get_profile_by_ping", "GET", authPath+"account/ping", n.ping),
	}
}

// link joins the account of another session, of a social login, with the caller's.
func (n *linking) link(c *call, a *account) (int, any) {
	token := c.text("candidatetoken")
	if token == "" {
		return missing("candidatetoken").answer(c)
	}
	s, ok := n.sessions.live.Get(token)
	if !ok || !s.lives(n.now()) {
		return fail(c, n.opt.invalidTokenCode)
	}
	return n.absorb(c, a, n.accounts.byUID(s.uid))
}

func (n *linking) linkByBrowser(c *call, a *account) (int, any) {
	b, p := n.browser(c.text("clientguid"))
	if p != nil {
		return p.answer(c)
	}
	return n.absorb(c, a, n.accounts.byUID(b.uid))
}

// absorb adds the candidate's identities to the account. The candidate is gone then.
func (n *linking) absorb(c *call, a, candidate *account) (int, any) {
	switch {
	case n.opt.off[FeatureLinking]:
		return fail(c, core.CodeAccountLinkingDisabled)
	case candidate == nil:
		return fail(c, n.opt.invalidTokenCode)
	case candidate == a:
		return fail(c, core.CodeAccountNotLinkable)
	case candidate.provider == "Email":
		return fail(c, core.CodeProviderNameProviderIDInvalid)
	}
	given := append([]identity{{candidate.provider, candidate.id}}, candidate.linked...)
	for _, i := range given {
		if i.provider == a.provider || slices.ContainsFunc(a.linked, func(have identity) bool { return have.provider == i.provider }) {
			return fail(c, codeProviderLinked)
		}
	}
	n.accounts.drop(candidate)
	n.sessions.end(candidate.uid, "")
	for _, login := range n.social.providers {
		if login.uid == candidate.uid {
			login.uid = a.uid
		}
	}
	a.linked, a.modified = append(a.linked, given...), n.now()
	n.accounts.put(a)
	n.fire("LinkAccount", a)
	return posted(c)
}

func (n *linking) unlink(c *call, a *account) (int, any) {
	provider, id := strings.ToLower(c.text("provider")), c.text("providerid")
	i := slices.IndexFunc(a.linked, func(have identity) bool { return have.provider == provider })
	switch {
	case provider == "":
		return missing("provider").answer(c)
	case id == "":
		return missing("providerid").answer(c)
	case strings.EqualFold(provider, a.provider):
		return fail(c, core.CodeAccountUnlinkRefused)
	case i < 0:
		return fail(c, core.CodeAccountNotUnlinkable)
	case a.linked[i].id != id:
		return fail(c, core.CodeProviderIDNotUnlinkable)
	}
	a.linked = slices.Delete(a.linked, i, i+1)
	a.modified = n.now()
	for key, login := range n.social.providers {
		if login.uid == a.uid && strings.HasPrefix(key, provider+" ") {
			login.uid = ""
		}
	}
	n.accounts.put(a)
	n.fire("UnlinkAccount", a)
	return deleted()
}

// sendVerification mails the link or the code that verifies the address of a social
// account, for a browser that waits with its GUID.
func (n *linking) sendVerification(c *call, a *account) (int, any) {
	guid := c.query["clientguid"]
	switch {
	case guid == "":
		return missing("clientguid").answer(c)
	case a.email() == "":
		return fail(c, core.CodeEmailProfileNotFound)
	case n.browsers.Contains(guid):
		return fail(c, core.CodeClientGUIDMustUnique)
	case !n.codes.mayReceive(kindVerify, a.email()):
		return fail(c, core.CodeEmailLimitReached)
	}
	b := &socialBrowser{uid: a.uid, uuid: newGUID(), expires: n.now().Add(n.opt.linkLife)}
	n.browsers.Add(guid, b)
	l := n.newLink(a, kindVerify, a.email())
	l.browser = guid
	n.postLink(c, l, c.query["verificationurl"])
	return http.StatusOK, map[string]any{"IsPosted": true, "UUID": b.uuid}
}

// verified notes that the link of a browser's mail was used.
func (n *linking) verified(l *link) {
	if b, ok := n.browsers.Get(l.browser); ok && l.kind == kindVerify {
		b.verified = true
	}
}

// byUUID finds the account that a code was mailed for.
func (n *linking) byUUID(uuid string) *account {
	for _, b := range n.browsers.Values() {
		if uuid != "" && equal(b.uuid, uuid) {
			return n.accounts.byUID(b.uid)
		}
	}
	return nil
}

// browser returns the browser of a GUID, once the address is verified.
func (n *linking) browser(guid string) (*socialBrowser, *problem) {
	if guid == "" {
		return nil, missing("clientguid")
	}
	b, ok := n.browsers.Get(guid)
	switch {
	case !ok || !n.now().Before(b.expires) || n.accounts.byUID(b.uid) == nil:
		return nil, refuse(core.CodeClientGUIDInvalid)
	case !b.verified:
		return nil, refuse(core.CodeSmartLoginLinkNotVerified)
	}
	return b, nil
}

// ping answers the profile. The first time it brings tokens, too.
func (n *linking) ping(c *call, _ *account) (int, any) {
	b, p := n.browser(c.query["clientguid"])
	if p != nil {
		return p.answer(c)
	}
	a := n.accounts.byUID(b.uid)
	if p := n.barred(a); p != nil {
		return p.answer(c)
	}
	out := n.profile(c, a)
	if !b.delivered {
		b.delivered = true
		maps.Copy(out, n.sessions.issue(c.r, a, a.provider))
	}
	return http.StatusOK, out
}

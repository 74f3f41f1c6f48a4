package emulator

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An account is the record of one user. Profile fields without rules of their own are in
// extra, by their documented keys.
type account struct {
	uid, id       string
	emails        []address
	unverified    []address // added, but not verified yet
	username      string    // lower case, as the service stores it
	phone         string
	newPhone      string   // replaces phone once it is verified
	hash          []byte   // nil: no password, as after a social login
	oldHashes     [][]byte // newest last; as many as the password history keeps
	emailVerified bool
	phoneVerified bool
	active        bool
	loginDisabled bool
	provider      string     // of the registration
	source        string     // of the registration: the page that it came from, or ""
	linked        []identity // with further providers
	previousUIDs  []string
	roles         []string
	policies      []policy
	answers       answers // to security questions
	lock          lock
	passwords     int // times that it was set
	mfa           enrolment
	passkeys      keyring
	consent       consent
	objects       map[string][]*customRecord // by the name of the object
	contexts      []*roleContext
	pin           []byte          // hashed; nil: none
	known         map[string]bool // what logins came from, by signal and value
	created       time.Time
	modified      time.Time
	lastLogin     time.Time
	passwordSet   time.Time
	logins        int
	extra         map[string]any

	keys []string // of the directory's entries for this account
}

type address struct{ kind, value string }

// User describes an account for [Emulator.AddUser]. Email, Username or Phone is
// required. The zero value of the other fields gives an active account without roles
// and with an unverified address.
type User struct {
	Email, Username, Phone string
	Password               string // "" for an account without one; rules for passwords do not apply
	PIN                    string // "" for none; the site's rules do not apply
	FirstName, LastName    string
	Roles                  []string
	CustomFields           map[string]string
	SecurityAnswers        map[string]string // by question id; the site asks them from then on
	EmailVerified          bool
	PhoneVerified          bool
	Blocked                bool
}

// AddUser creates an account and returns its uid. It also defines roles that the site
// does not have. The error names the field that is missing or taken.
func (e *Emulator) AddUser(u User) (uid string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case u.Email == "" && u.Username == "" && u.Phone == "":
		return "", errors.New("emulator: User needs an Email, a Username or a Phone")
	case u.Email != "" && e.accounts.byEmail(u.Email) != nil:
		return "", fmt.Errorf("emulator: User.Email %q is taken", u.Email)
	case u.Username != "" && e.accounts.byUsername(u.Username) != nil:
		return "", fmt.Errorf("emulator: User.Username %q is taken", u.Username)
	case u.Phone != "" && e.accounts.byPhone(u.Phone) != nil:
		return "", fmt.Errorf("emulator: User.Phone %q is taken", u.Phone)
	case e.accounts.full():
		return "", fmt.Errorf("emulator: there are %d accounts, which is all that it holds", e.opt.max.accounts)
	}
	a := e.newAccount("Email")
	e.fill(a, u)
	e.accounts.put(a)
	return a.uid, nil
}

func noAccount(uid string) error { return fmt.Errorf("emulator: there is no account %q", uid) }

// newAccount returns an account that is not stored yet.
func (e *Emulator) newAccount(provider string) *account {
	now := e.now()
	return &account{uid: newID(), id: newID(), provider: provider, active: true, created: now, modified: now, extra: map[string]any{}}
}

func (e *Emulator) fill(a *account, u User) {
	if u.Email != "" {
		a.emails = []address{{"Primary", u.Email}}
	}
	a.username, a.phone = strings.ToLower(u.Username), u.Phone
	a.emailVerified, a.phoneVerified, a.active = u.EmailVerified, u.PhoneVerified, !u.Blocked
	a.roles = slices.Clone(u.Roles)
	for _, r := range u.Roles {
		e.roles.define(r)
	}
	if u.Password != "" {
		a.hash = hashPassword(u.Password)
	}
	if u.PIN != "" {
		a.pin = hashPassword(u.PIN)
	}
	for key, value := range map[string]string{"FirstName": u.FirstName, "LastName": u.LastName} {
		if value != "" {
			a.extra[key] = value
		}
	}
	if len(u.CustomFields) > 0 {
		a.extra["CustomFields"] = anyMap(u.CustomFields)
	}
	e.seedAnswers(a, u.SecurityAnswers)
}

func anyMap(m map[string]string) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// providers are the names of those that the account logs in with.
func (a *account) providers() []string {
	names := []string{a.provider}
	for _, i := range a.linked {
		names = append(names, i.provider)
	}
	return names
}

// email returns the primary address, or "".
func (a *account) email() string {
	for _, m := range a.emails {
		if strings.EqualFold(m.kind, "Primary") {
			return m.value
		}
	}
	if len(a.emails) > 0 {
		return a.emails[0].value
	}
	return ""
}

func (a *account) hasEmail(value string) bool {
	return slices.ContainsFunc(a.emails, func(m address) bool { return strings.EqualFold(m.value, value) })
}

// awaits reports whether the account is waiting for an address to be verified.
func (a *account) awaits(value string) bool {
	return slices.ContainsFunc(a.unverified, func(m address) bool { return strings.EqualFold(m.value, value) })
}

// remove deletes an account and ends its tokens and links.
func (e *Emulator) remove(a *account) {
	e.fire("DeleteAccount", a)
	e.accounts.drop(a)
	e.sessions.end(a.uid, "")
	e.pins.end(a.uid)
}

// A directory finds accounts by uid, address, username, phone and profile id, each of
// which is unique on a site.
type directory struct {
	limit int
	uids  map[string]*account
	names map[string]*account // "email:", "user:", "phone:" and "id:" before the lower-case name
}

func newDirectory(limit int) directory {
	return directory{limit, map[string]*account{}, map[string]*account{}}
}

// put adds an account, or updates its entries after its names have changed.
func (d directory) put(a *account) {
	d.drop(a)
	a.keys = []string{"id:" + a.id}
	for _, m := range a.emails {
		a.keys = append(a.keys, "email:"+strings.ToLower(m.value))
	}
	if a.username != "" {
		a.keys = append(a.keys, "user:"+a.username)
	}
	if a.phone != "" {
		a.keys = append(a.keys, "phone:"+phoneKey(a.phone))
	}
	if a.newPhone != "" {
		a.keys = append(a.keys, "new phone:"+phoneKey(a.newPhone))
	}
	if a.passkeys.handle != "" {
		a.keys = append(a.keys, "handle:"+a.passkeys.handle)
	}
	for _, p := range a.passkeys.keys {
		a.keys = append(a.keys, "credential:"+string(p.credential.ID))
	}
	d.uids[a.uid] = a
	for _, k := range a.keys {
		d.names[k] = a
	}
}

func (d directory) drop(a *account) {
	for _, k := range a.keys {
		if d.names[k] == a {
			delete(d.names, k)
		}
	}
	delete(d.uids, a.uid)
}

func (d directory) full() bool { return len(d.uids) >= d.limit }

func (d directory) byUID(uid string) *account     { return d.uids[uid] }
func (d directory) byEmail(v string) *account     { return d.names["email:"+strings.ToLower(v)] }
func (d directory) byUsername(v string) *account  { return d.names["user:"+strings.ToLower(v)] }
func (d directory) byPhone(v string) *account     { return d.names["phone:"+phoneKey(v)] }
func (d directory) byProfileID(v string) *account { return d.names["id:"+v] }

// byPhoneOrChange finds the account that has a number or is about to change to it.
func (d directory) byPhoneOrChange(v string) *account {
	if a := d.byPhone(v); a != nil {
		return a
	}
	return d.names["new phone:"+phoneKey(v)]
}

func (d directory) byPasskeyHandle(v string) *account { return d.names["handle:"+v] }
func (d directory) byCredential(id []byte) *account   { return d.names["credential:"+string(id)] }

// byLogin finds the account that a body names by e-mail, username or phone.
func (d directory) byLogin(c *call) *account {
	switch {
	case c.text("email") != "":
		return d.byEmail(c.text("email"))
	case c.text("username") != "":
		return d.byUsername(c.text("username"))
	}
	return d.byPhone(c.text("phone"))
}

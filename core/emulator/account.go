package emulator

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// An account is a customer's record. Everything that needs no rule of its own is
// in extra, under its documented key.
type account struct {
	uid, id       string
	emails        []address
	username      string // lower case, as the service stores it
	phone         string
	hash          []byte // nil: no password, as after a social login
	emailVerified bool
	phoneVerified bool
	active        bool
	loginDisabled bool
	provider      string
	roles         []string
	policies      []policy
	created       time.Time
	modified      time.Time
	lastLogin     time.Time
	passwordSet   time.Time
	logins        int
	failures      int
	lockedUntil   time.Time
	extra         map[string]any
}

type address struct{ kind, value string }

type policy struct {
	version, source string
	at              time.Time
}

// User is what [Emulator.AddUser] needs to know. Email, Username or Phone is
// required; the zero value of the rest is an active account without roles.
type User struct {
	Email, Username, Phone string
	Password               string // "" for an account without one
	FirstName, LastName    string
	Roles                  []string
	CustomFields           map[string]string
	EmailVerified          bool
	PhoneVerified          bool
	Blocked                bool
}

// AddUser makes an account and returns its uid. Roles that the site does not have
// are defined on the way.
func (e *Emulator) AddUser(u User) (uid string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if u.Email == "" && u.Username == "" && u.Phone == "" {
		return "", errors.New("emulator: User needs an Email, a Username or a Phone")
	}
	a := e.newAccount("Email")
	if u.Email != "" {
		if e.byEmail(u.Email) != nil {
			return "", fmt.Errorf("emulator: User.Email %q is taken", u.Email)
		}
		a.emails = []address{{"Primary", u.Email}}
	}
	if u.Username != "" && e.byUsername(u.Username) != nil {
		return "", fmt.Errorf("emulator: User.Username %q is taken", u.Username)
	}
	a.username, a.phone = strings.ToLower(u.Username), u.Phone
	a.emailVerified, a.phoneVerified, a.active = u.EmailVerified, u.PhoneVerified, !u.Blocked
	a.roles = slices.Clone(u.Roles)
	for _, r := range u.Roles {
		e.roles[r] = true
	}
	if u.Password != "" {
		a.hash = hashPassword(u.Password)
	}
	a.set("FirstName", u.FirstName)
	a.set("LastName", u.LastName)
	if len(u.CustomFields) > 0 {
		fields := map[string]any{}
		for k, v := range u.CustomFields {
			fields[k] = v
		}
		a.extra["CustomFields"] = fields
	}
	e.accounts[a.uid] = a
	return a.uid, nil
}

// newAccount returns an account that is not stored yet.
func (e *Emulator) newAccount(provider string) *account {
	now := e.now()
	return &account{uid: newID(), id: newID(), provider: provider, active: true, created: now, modified: now, extra: map[string]any{}}
}

func (a *account) set(key, value string) {
	if value != "" {
		a.extra[key] = value
	}
}

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

// The look-ups walk all accounts: there are as many as a test makes.

func (e *Emulator) find(match func(*account) bool) *account {
	for a := range maps.Values(e.accounts) {
		if match(a) {
			return a
		}
	}
	return nil
}

func (e *Emulator) byEmail(value string) *account {
	return e.find(func(a *account) bool { return value != "" && a.hasEmail(value) })
}

func (e *Emulator) byUsername(name string) *account {
	return e.find(func(a *account) bool { return name != "" && a.username == strings.ToLower(name) })
}

func (e *Emulator) byPhone(number string) *account {
	return e.find(func(a *account) bool { return number != "" && a.phone == number })
}

// byLogin finds the account that a body names by e-mail, username or phone.
func (e *Emulator) byLogin(c *call) *account {
	switch {
	case c.text("email") != "":
		return e.byEmail(c.text("email"))
	case c.text("username") != "":
		return e.byUsername(c.text("username"))
	}
	return e.byPhone(c.text("phone"))
}

// remove deletes an account; its tokens and links die.
func (e *Emulator) remove(a *account) {
	delete(e.accounts, a.uid)
	e.endSessions(a.uid, "")
	for _, key := range e.links.Keys() {
		if l, ok := e.links.Peek(key); ok && l.uid == a.uid {
			e.links.Remove(key)
		}
	}
}

func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// newGUID returns the form that access tokens have.
func newGUID() string {
	id := newID()
	return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}

// hashPassword uses the lowest cost there is: these are passwords of tests. The
// digest in front lifts bcrypt's limit of 72 bytes.
func hashPassword(password string) []byte {
	sum := sha256.Sum256([]byte(password))
	hash, _ := bcrypt.GenerateFromPassword(sum[:], bcrypt.MinCost) // 32 bytes and a legal cost
	return hash
}

func (a *account) passwordIs(password string) bool {
	sum := sha256.Sum256([]byte(password))
	return a.hash != nil && bcrypt.CompareHashAndPassword(a.hash, sum[:]) == nil
}

// setPassword returns the error code of an unacceptable password, or 0.
func (e *Emulator) setPasswordOf(a *account, password string) int {
	if code := e.passwordProblem(password); code != 0 {
		return code
	}
	a.hash, a.passwordSet, a.modified = hashPassword(password), e.now(), e.now()
	return 0
}

func (e *Emulator) passwordProblem(password string) int {
	if len(password) < e.opt.minPassword {
		return 1216
	}
	return 0
}

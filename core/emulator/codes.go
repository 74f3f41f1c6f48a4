package emulator

import (
	"crypto/rand"
	"math/big"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

// codeRules say how the site treats one-time codes. The options that set them are
// in options_codes.go.
type codeRules struct {
	life     time.Duration // how long a code works
	digits   int
	attempts int           // wrong tries after which a code is dead; 0 for any number
	sends    int           // messages to one receiver within the window; 0 for any number
	window   time.Duration // of sends
}

// codes are the one-time codes that the site has sent by SMS and e-mail. Every
// feature that sends codes keeps them here.
type codes struct {
	*Emulator
	sent  *simplelru.LRU[codeKey, *oneTimeCode]
	times *simplelru.LRU[string, []time.Time] // of messages, by kind and receiver
}

// A codeKey says what a code is for. There is one code for a key: a newer one
// replaces the older.
type codeKey struct {
	kind  string // as in [Mail]
	owner string // a uid, or whatever stands for a user who has no account yet
}

type oneTimeCode struct {
	code     string
	to       string // the number or address
	expires  time.Time
	used     bool
	failures int
}

// A codeState is what became of an attempt to use a code.
type codeState int

const (
	codeGood    codeState = iota
	codeUnknown           // none was sent
	codeWrong
	codeUsed
	codeExpired // or dead after too many wrong tries
)

func newCodes(e *Emulator) *codes {
	s := &codes{Emulator: e}
	// The sizes are positive, which is all that NewLRU asks for.
	s.sent, _ = simplelru.NewLRU[codeKey, *oneTimeCode](e.opt.max.links, nil)
	s.times, _ = simplelru.NewLRU[string, []time.Time](e.opt.max.links, nil)
	return s
}

// send makes a code and puts it into the mailbox. It returns false if the receiver
// has had as many messages of the kind as the site allows.
func (s *codes) send(key codeKey, to string) bool {
	if !s.mayReceive(key.kind, to) {
		return false
	}
	s.post(Mail{To: to, Kind: key.kind, OTP: s.issue(key, to).code})
	return true
}

// issue makes a code without sending it.
func (s *codes) issue(key codeKey, to string) *oneTimeCode {
	c := &oneTimeCode{code: newDigits(s.opt.codes.digits), to: to, expires: s.now().Add(s.opt.codes.life)}
	s.sent.Add(key, c)
	return c
}

// mayReceive counts a message against the limit of its receiver. Features that mail
// links ask it, too.
func (s *codes) mayReceive(kind, to string) bool {
	rules, now, key := s.opt.codes, s.now(), kind+" "+to
	if rules.sends == 0 {
		return true
	}
	var recent []time.Time
	old, _ := s.times.Get(key)
	for _, t := range old {
		if now.Sub(t) < rules.window {
			recent = append(recent, t)
		}
	}
	if len(recent) >= rules.sends {
		return false
	}
	s.times.Add(key, append(recent, now))
	return true
}

// check looks at an attempt and counts it if it is wrong. A good code still works
// until the caller sets used, so that a call that fails for another reason does not
// use it up.
func (s *codes) check(key codeKey, given string) (*oneTimeCode, codeState) {
	c, ok := s.sent.Get(key)
	switch limit := s.opt.codes.attempts; {
	case !ok:
		return nil, codeUnknown
	case c.used:
		return c, codeUsed
	case !s.now().Before(c.expires) || limit > 0 && c.failures >= limit:
		return c, codeExpired
	case !equal(c.code, given):
		c.failures++
		return c, codeWrong
	}
	return c, codeGood
}

// take checks a code and uses it up.
func (s *codes) take(key codeKey, given string) codeState {
	c, state := s.check(key, given)
	if state == codeGood {
		c.used = true
	}
	return state
}

// drop forgets the code of a key.
func (s *codes) drop(key codeKey) { s.sent.Remove(key) }

// bySMS is the published code for a code that came by SMS, 0 for a good one.
func (s codeState) bySMS() core.ErrorCode {
	return map[codeState]core.ErrorCode{
		codeUnknown: core.CodeOTPInaccessible, codeWrong: core.CodeOTPInvalid, codeUsed: core.CodeOTPUsed, codeExpired: core.CodeOTPExpired,
	}[s]
}

// byEmail is the published code for a code that came by e-mail, 0 for a good one.
func (s codeState) byEmail() core.ErrorCode {
	return map[codeState]core.ErrorCode{
		codeUnknown: core.CodeOTPInaccessible, codeWrong: core.CodeEmailOTPInvalid, codeUsed: core.CodeEmailOTPUsed, codeExpired: core.CodeEmailOTPExpired,
	}[s]
}

// newDigits returns n random digits.
func newDigits(n int) string {
	var out strings.Builder
	for range n {
		d, _ := rand.Int(rand.Reader, big.NewInt(10)) // never fails
		out.WriteString(d.String())
	}
	return out.String()
}

// newOTP returns a code of the site's length.
func (e *Emulator) newOTP() string { return newDigits(e.opt.codes.digits) }

// smsData is what the SMS provider says of a message that it accepted.
func smsData() map[string]any {
	return map[string]any{"AccountSid": "AC" + newID(), "Sid": "SM" + newID()}
}

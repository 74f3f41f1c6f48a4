package emulator

import (
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func TestOneTimeCodes(t *testing.T) {
	const to = "+15551230000"
	key := codeKey{kindSecondFactor, "uid"}
	start := func(t *testing.T, opts ...Option) *Emulator {
		t.Helper()
		e := New(append(opts, quiet(), WithFrozenClock(time.Unix(1e9, 0)))...)
		if !e.codes.send(key, to) {
			t.Fatal("not sent")
		}
		return e
	}
	newest := func(e *Emulator) string { m, _ := e.LastMail(kindSecondFactor, to); return m.OTP }
	wrong := func(e *Emulator) string {
		if newest(e)[0] == '0' {
			return "1" + newest(e)[1:]
		}
		return "0" + newest(e)[1:]
	}

	t.Run("works once", func(t *testing.T) {
		e := start(t)
		if got := e.codes.take(key, newest(e)); got != codeGood {
			t.Errorf("first use: %d", got)
		}
		if got := e.codes.take(key, newest(e)); got != codeUsed {
			t.Errorf("second use: %d", got)
		}
	})
	t.Run("a check does not use it up", func(t *testing.T) {
		e := start(t)
		for range 2 {
			if c, got := e.codes.check(key, newest(e)); got != codeGood || c.to != to {
				t.Errorf("check: %d, to %s", got, c.to)
			}
		}
	})
	t.Run("expires", func(t *testing.T) {
		e := start(t, WithCodeLifetime(time.Minute))
		e.Advance(time.Minute - 1)
		if _, got := e.codes.check(key, newest(e)); got != codeGood {
			t.Errorf("just in time: %d", got)
		}
		e.Advance(1)
		if got := e.codes.take(key, newest(e)); got != codeExpired {
			t.Errorf("late: %d", got)
		}
	})
	t.Run("dies after wrong tries", func(t *testing.T) {
		e := start(t, WithCodeAttempts(2))
		for range 2 {
			if got := e.codes.take(key, wrong(e)); got != codeWrong {
				t.Errorf("wrong: %d", got)
			}
		}
		if got := e.codes.take(key, newest(e)); got != codeExpired {
			t.Errorf("right, but too late: %d", got)
		}
	})
	t.Run("another key", func(t *testing.T) {
		e := start(t)
		for _, other := range []codeKey{{kindSecondFactor, "other"}, {kindReauth, "uid"}} {
			if got := e.codes.take(other, newest(e)); got != codeUnknown {
				t.Errorf("%v: %d", other, got)
			}
		}
		e.codes.drop(key)
		if got := e.codes.take(key, newest(e)); got != codeUnknown {
			t.Errorf("dropped: %d", got)
		}
	})
	t.Run("a newer one replaces it", func(t *testing.T) {
		e := start(t, WithCodeDigits(12))
		old := newest(e)
		e.codes.send(key, to)
		if len(old) != 12 || old == newest(e) {
			t.Fatalf("codes %s and %s", old, newest(e))
		}
		if got := e.codes.take(key, old); got != codeWrong {
			t.Errorf("the old one: %d", got)
		}
		if got := e.codes.take(key, newest(e)); got != codeGood {
			t.Errorf("the new one: %d", got)
		}
	})
	t.Run("a limit of messages", func(t *testing.T) {
		e := start(t, WithCodeLimit(2, time.Minute))
		if !e.codes.send(key, to) || e.codes.send(key, to) {
			t.Error("the second must be sent, the third not")
		}
		if !e.codes.send(key, "+15551230001") {
			t.Error("another receiver has a limit of its own")
		}
		e.Advance(time.Minute)
		if !e.codes.send(key, to) {
			t.Error("the time is over")
		}
		if n := len(e.Mailbox()); n != 4 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestCodeStates(t *testing.T) {
	for state, want := range map[codeState][2]core.ErrorCode{
		codeGood: {0, 0}, codeUnknown: {1070, 1070}, codeWrong: {1067, 1188}, codeUsed: {1068, 1186}, codeExpired: {1069, 1187},
	} {
		if got := [2]core.ErrorCode{state.bySMS(), state.byEmail()}; got != want {
			t.Errorf("state %d: %v", state, got)
		}
	}
}

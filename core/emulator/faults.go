package emulator

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A Fault makes calls fail or delays them. Without Operation and Times it applies to all
// operations until [Emulator.ClearFaults].
type Fault struct {
	Operation string        // one of [Emulator.Operations], e.g. "login_by_email"; "" for all
	Times     int           // how many calls; 0 for all
	Latency   time.Duration // waits, in real time, and then answers as below or normally

	Status      int // answers with this, if not 0
	ContentType string
	Body        string
	Header      http.Header
	Reset       bool // closes the connection without an answer
}

// Latency delays the answer.
func Latency(d time.Duration) Fault { return Fault{Latency: d} }

// Reset drops the connection.
func Reset() Fault { return Fault{Reset: true} }

// TooManyRequests answers 429, as LoginRadius does above the rate limit.
func TooManyRequests() Fault {
	return Fault{Status: http.StatusTooManyRequests, ContentType: "text/plain", Body: "Too many requests"}
}

// ServerError answers a 5xx with an error of LoginRadius in JSON.
func ServerError(status int) Fault {
	return Fault{Status: status, ContentType: "application/json", Body: errorBody(core.CodeUnknownFailure)}
}

// HTML answers a page, as a firewall before the service does.
func HTML(status int) Fault {
	return Fault{Status: status, ContentType: "text/html", Body: "<html><body>Request blocked</body></html>"}
}

// TruncatedJSON answers JSON that ends too early.
func TruncatedJSON() Fault {
	return Fault{Status: http.StatusOK, ContentType: "application/json", Body: `{"access_token":"0a1b`}
}

// ErrorWith200 answers an error with the status 200.
func ErrorWith200(code core.ErrorCode) Fault {
	return Fault{Status: http.StatusOK, ContentType: "application/json", Body: errorBody(code)}
}

func errorBody(code core.ErrorCode) string {
	return fmt.Sprintf(`{"ErrorCode":%d,"Message":%q}`, int(code), code.Message())
}

// On limits a fault to one operation.
func (f Fault) On(operation string) Fault { f.Operation = operation; return f }

// Next limits a fault to that many calls.
func (f Fault) Next(n int) Fault { f.Times = n; return f }

// Operations returns the names of the operations that the emulator answers, sorted. The
// names are those of the vendor's SDKs, in snake case.
func (e *Emulator) Operations() []string {
	names := make([]string, len(e.routes.all))
	for i, r := range e.routes.all {
		names[i] = r.operation
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Inject adds a fault. If several apply to a call, the oldest one does. Inject panics if
// the fault could never take effect, because a test with such a fault would pass without
// having tested anything.
func (e *Emulator) Inject(f Fault) {
	if err := e.faultProblem(f); err != nil {
		panic(err.Error()) //nolint:forbidigo // see above
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = append(e.faults, &f)
}

// faultProblem returns the reason why a fault could never take effect, or nil.
func (e *Emulator) faultProblem(f Fault) error {
	if names := e.Operations(); f.Operation != "" && !slices.Contains(names, f.Operation) {
		return fmt.Errorf("emulator: no operation %q to inject a fault into; there are %s", f.Operation, strings.Join(names, ", "))
	}
	if f.Times < 0 || f.Status != 0 && (f.Status < 200 || f.Status > 599) || f.Latency <= 0 && f.Status == 0 && !f.Reset {
		return fmt.Errorf("emulator: fault %+v does nothing; it needs a Latency, a Status from 200 to 599 or Reset, and no negative Times", f)
	}
	return nil
}

// ClearFaults ends all faults.
func (e *Emulator) ClearFaults() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = nil
}

// takeFault returns the fault for a call, or nil.
func (e *Emulator) takeFault(operation string) *Fault {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, f := range e.faults {
		if f.Operation != "" && f.Operation != operation {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				e.faults = slices.Delete(e.faults, i, i+1)
			}
		}
		return f
	}
	return nil
}

// disturb applies a fault and reports whether it has answered the call.
func (e *Emulator) disturb(c *call) bool {
	f := e.takeFault(c.route.operation)
	if f == nil {
		return false
	}
	if f.Latency > 0 {
		select {
		case <-time.After(f.Latency):
		case <-c.r.Context().Done():
			return true
		}
	}
	switch {
	case f.Reset:
		conn, _, err := http.NewResponseController(c.w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler) //nolint:forbidigo // the server's own way to drop a connection
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // so that the connection is reset instead of closed
		}
		_ = conn.Close()
		return true
	case f.Status != 0:
		for k, v := range f.Header {
			c.w.Header()[http.CanonicalHeaderKey(k)] = v
		}
		if f.ContentType != "" {
			c.w.Header().Set("Content-Type", f.ContentType)
		}
		c.w.WriteHeader(f.Status)
		_, _ = io.WriteString(c.w, f.Body)
		return true
	}
	return false
}

package emulator

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Fault makes calls go wrong. The zero value of everything but what goes wrong
// means: all operations, until [Emulator.ClearFaults].
type Fault struct {
	Operation string        // as the vendor's catalogue names it, e.g. "login_by_email"; "" for all
	Times     int           // how many calls; 0 for all
	Latency   time.Duration // waits, in real time, and then answers as below or normally

	Status      int // answers with this, if not 0
	ContentType string
	Body        string
	Header      http.Header
	Reset       bool // closes the connection without an answer
}

// Latency answers late.
func Latency(d time.Duration) Fault { return Fault{Latency: d} }

// Reset drops the connection.
func Reset() Fault { return Fault{Reset: true} }

// TooManyRequests is what LoginRadius answers above the rate limit.
func TooManyRequests() Fault {
	return Fault{Status: http.StatusTooManyRequests, ContentType: "text/plain", Body: "Too many requests"}
}

// ServerError is a 5xx with LoginRadius' own error.
func ServerError(status int) Fault {
	return Fault{Status: status, ContentType: "application/json", Body: `{"ErrorCode":950,"Message":"Operation failed due to an unknown error"}`}
}

// HTML is what a firewall in front of the service answers.
func HTML(status int) Fault {
	return Fault{Status: status, ContentType: "text/html", Body: "<html><body>Request blocked</body></html>"}
}

// TruncatedJSON breaks off in the middle of an answer.
func TruncatedJSON() Fault {
	return Fault{Status: http.StatusOK, ContentType: "application/json", Body: `{"access_token":"0a1b`}
}

// ErrorWith200 is a failure that claims to be a success.
func ErrorWith200(code string) Fault {
	return Fault{Status: http.StatusOK, ContentType: "application/json", Body: `{"ErrorCode":` + code + `}`}
}

// On limits a fault to one operation.
func (f Fault) On(operation string) Fault { f.Operation = operation; return f }

// Next limits a fault to that many calls.
func (f Fault) Next(n int) Fault { f.Times = n; return f }

// Inject adds a fault. The oldest one that fits a call disturbs it.
func (e *Emulator) Inject(f Fault) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = append(e.faults, &f)
}

// ClearFaults ends all faults.
func (e *Emulator) ClearFaults() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = nil
}

// takeFault returns the fault that a call is to suffer, or nil.
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

// disturb plays a fault and reports whether the call has been answered.
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
		if conn, _, err := http.NewResponseController(c.w).Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			_ = conn.Close()
		}
		return true
	case f.Status != 0:
		for k, v := range f.Header {
			c.w.Header()[k] = v
		}
		c.w.Header().Set("Content-Type", f.ContentType)
		c.w.WriteHeader(f.Status)
		_, _ = io.WriteString(c.w, f.Body)
		return true
	}
	return false
}

// A Request is one call that reached the emulator. It holds no secrets.
type Request struct {
	Operation string // as the vendor's catalogue names it
	Method    string
	Path      string
	OriginIP  string // what the caller said of the end user
	UserAgent string
}

// Requests returns the calls so far, oldest first: at most the last ten thousand.
// With operations it returns only theirs.
func (e *Emulator) Requests(operations ...string) []Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []Request
	for _, r := range e.requests {
		if len(operations) == 0 || slices.Contains(operations, r.Operation) {
			out = append(out, r)
		}
	}
	return out
}

func (e *Emulator) record(c *call) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.requests) >= maxRequests {
		e.requests = slices.Delete(e.requests, 0, maxRequests/10)
	}
	e.requests = append(e.requests, Request{
		Operation: c.route.operation, Method: c.r.Method, Path: strings.ToLower(c.r.URL.Path),
		OriginIP: c.r.Header.Get("X-Origin-IP"), UserAgent: c.r.Header.Get("X-Origin-User-Agent"),
	})
}

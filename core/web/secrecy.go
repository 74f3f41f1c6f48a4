package web

import "fmt"

// Values that hold tokens print without them, so that a log line with %+v reveals nothing.

// Format implements fmt.Formatter: it prints method, path and account of the request.
func (r Request) Format(f fmt.State, _ rune) {
	if r.View == nil {
		_, _ = fmt.Fprint(f, "web.Request{}")
		return
	}
	_, _ = fmt.Fprintf(f, "web.Request{%s %s UID:%s}", r.Method(), r.Path(), r.Session.UID())
}

// Format implements fmt.Formatter: it prints the status.
func (r Response) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "web.Response{Status:%d}", r.Status)
}

// Format implements fmt.Formatter: it prints the account, and the refusal if there is one.
func (a Admission) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "web.Admission{UID:%s Refusal:%v}", a.Session.UID(), a.Refusal)
}

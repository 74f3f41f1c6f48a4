package web

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

// A Response is an answer that an adapter writes as it is. Header never holds
// Set-Cookie: cookies are in Cookies.
type Response struct {
	Status  int
	Header  http.Header
	Cookies []*http.Cookie
	Body    []byte

	// Err is set on failures if the application asked for [ReturnErrors]: an adapter
	// sets Header and Cookies and returns Err to its framework instead of writing.
	Err *Problem
}

// JSON returns a response with v as its body. Answers of the routes are about one
// person, so no cache may store them.
func JSON(status int, v any) *Response {
	body, err := json.Marshal(v)
	if err != nil {
		return problem(http.StatusInternalServerError, CodeInternal).response("")
	}
	return &Response{Status: status, Header: header("application/json"), Body: append(body, '\n')}
}

// Empty returns a response without a body.
func Empty(status int) *Response {
	return &Response{Status: status, Header: http.Header{"Cache-Control": {"no-store"}}}
}

// Redirect sends the browser to a path of this site. Check a path that came with a
// request with [LocalPath] first.
func Redirect(path string) *Response {
	r := Empty(http.StatusSeeOther)
	r.Header.Set("Location", path)
	return r
}

// clone returns a copy to add to: an application may return one response for all.
func (r *Response) clone() *Response {
	c := *r
	if c.Header = r.Header.Clone(); c.Header == nil {
		c.Header = http.Header{}
	}
	c.Cookies = slices.Clone(r.Cookies)
	return &c
}

// with returns the response with cookies of a refresh in front of its own: of two of
// one name the last counts, which is a logout's. No cache may keep them.
func (r *Response) with(cookies []*http.Cookie) *Response {
	if cookies == nil {
		return r
	}
	c := r.clone()
	c.Cookies = slices.Concat(cookies, r.Cookies)
	c.Header.Set("Cache-Control", "no-store")
	return c
}

func header(contentType string) http.Header {
	return http.Header{"Content-Type": {contentType}, "Cache-Control": {"no-store"}, "X-Content-Type-Options": {"nosniff"}}
}

// WriteTo writes the response to a net/http writer.
func (r *Response) WriteTo(w http.ResponseWriter) {
	r.WriteHeaderTo(w)
	if r.Err != nil { // net/http has no error handler to return it to
		w.Header().Set("Content-Type", problemType)
	}
	w.WriteHeader(r.Status)
	if len(r.Body) > 0 && bodyAllowed(r.Status) { // a compressing writer would make a body of an empty one
		_, _ = w.Write(r.Body)
	}
}

// bodyAllowed reports whether an answer of this status may have a body.
func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// WriteHeaderTo sets headers and cookies, without sending them.
func (r *Response) WriteHeaderTo(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.Header)
	for _, c := range r.Cookies {
		http.SetCookie(w, c)
	}
}

package web

import "net/http"

// sameOrigin reports whether a request with this method may use a cookie: it must
// not come from a page of another site. It decides as http.CrossOriginProtection
// does, on header values, so that it holds in every framework.
func sameOrigin(v View) bool {
	site, _ := v.Header("Sec-Fetch-Site")
	origin, _ := v.Header("Origin")
	r := &http.Request{Method: v.Method(), Host: v.Host(), Header: http.Header{}}
	if site != "" {
		r.Header.Set("Sec-Fetch-Site", site)
	}
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	return new(http.CrossOriginProtection).Check(r) == nil
}

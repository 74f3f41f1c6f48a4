package web

import "net/http"

// TrustedOrigins names other origins, as "https://app.example.com", that may send
// requests with this site's cookies. Default: none. Browsers send a cookie with
// SameSite=Lax only from the same site, so an origin on another registrable domain
// cannot use it all the same.
func TrustedOrigins(origins ...string) Option {
	return option(func(c *settings) {
		if len(origins) == 0 {
			c.fail(optionError("TrustedOrigins: names no origin"))
		}
		for _, origin := range origins {
			if err := c.crossOrigin.AddTrustedOrigin(origin); err != nil {
				c.fail(optionError("TrustedOrigins: " + origin + " is no origin, which is a scheme and a host such as https://app.example.com"))
			}
		}
	})
}

// sameOrigin reports whether a request may use a cookie: it must not come from a page of
// another site. It decides as http.CrossOriginProtection does, on header values, so that
// it holds in every framework. Two values of a header that decides count as another
// site.
func (c *settings) sameOrigin(v View) bool {
	site, sites := v.Header("Sec-Fetch-Site")
	origin, origins := v.Header("Origin")
	if sites > 1 || origins > 1 {
		return false
	}
	r := &http.Request{Method: http.MethodPost, Host: v.Host(), Header: http.Header{}}
	if site != "" {
		r.Header.Set("Sec-Fetch-Site", site)
	}
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	return c.crossOrigin.Check(r) == nil
}

// forged reports whether a page of another site may have sent a request that changes
// something, or that opens a WebSocket, which the same-origin policy does not cover.
func (c *settings) forged(v View) bool {
	return (!safeMethod(v.Method()) || isUpgrade(v)) && !c.sameOrigin(v)
}

func safeMethod(m string) bool { return m == "GET" || m == "HEAD" || m == "OPTIONS" }

// isUpgrade reports whether a request leaves HTTP, mostly for a WebSocket. Headers that
// the handler sets by then do not reach the client.
func isUpgrade(v View) bool {
	_, n := v.Header("Upgrade")
	return n > 0
}

package web

import (
	"strconv"
	"strings"
)

// wantsHTML reports whether the client waits for a page: Accept names text/html, and
// does not prefer JSON. Wildcards do not count, since programs send them.
func wantsHTML(v View) bool {
	accept, _ := v.Header("Accept")
	var html, json float64
	htmlFirst := false
	for rest, more := accept, true; more; {
		var part string
		part, rest, more = strings.Cut(rest, ",")
		kind, params, _ := strings.Cut(part, ";")
		kind = strings.TrimSpace(kind)
		switch {
		case strings.EqualFold(kind, "text/html"):
			html = max(html, quality(params))
			htmlFirst = htmlFirst || json == 0
		case strings.EqualFold(kind, "application/json"), strings.EqualFold(kind, problemType):
			json = max(json, quality(params))
		}
	}
	return html > 0 && (html > json || html == json && htmlFirst)
}

// quality returns the q of a media range: 1 by default, 0 if it cannot be read.
func quality(params string) float64 {
	for rest, more := params, true; more; {
		var param string
		param, rest, more = strings.Cut(rest, ";")
		name, value, _ := strings.Cut(param, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}

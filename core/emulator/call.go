package emulator

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A call is one parsed request. Names of parameters and body keys are in lower case.
type call struct {
	w      http.ResponseWriter
	r      *http.Request
	raw    []byte
	query  map[string]string
	body   map[string]any
	args   map[string]string // path arguments
	route  *route
	native bool // an /api/v2 path: its answers are in lower case

	generic bool // see WithGenericAuthErrors
	// By options.
	rawAuthorization, bodyTokens bool

	malformed *problem // with the body
	session   *session // of the bearer, on routes that want one
}

// Bounds on one request.
const (
	maxBody = 256 << 10
	maxURI  = 16 << 10
)

// read parses a request and finds its route. If it returns false, it has written the
// answer.
func (e *Emulator) read(w http.ResponseWriter, r *http.Request) (*call, bool) {
	c := &call{
		w: w, r: r, query: map[string]string{}, body: map[string]any{},
		rawAuthorization: e.opt.rawAuthorization, bodyTokens: e.opt.bodyTokens,
	}
	if len(r.URL.RequestURI()) > maxURI {
		c.write(http.StatusRequestURITooLong, map[string]any{"Message": "request address too long"})
		return nil, false
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		c.write(fail(c, core.CodeQueryInvalid))
		return nil, false
	}
	for _, k := range slices.Sorted(maps.Keys(values)) {
		c.query[strings.ToLower(k)] = values[k][0]
	}
	c.native = strings.HasPrefix(strings.ToLower(r.URL.Path), "/api/v2/")
	if c.raw, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		c.write(http.StatusRequestEntityTooLarge, map[string]any{"Message": "request body too large"})
		return nil, false
	}
	c.readBody()
	var pathKnown bool
	c.route, c.args, pathKnown = e.routes.find(c, r.Method, r.URL.EscapedPath())
	switch {
	case c.route == nil && pathKnown:
		c.write(http.StatusMethodNotAllowed, map[string]any{"Message": "The requested resource does not support this method or these parameters."})
	case c.route == nil:
		c.write(http.StatusNotFound, map[string]any{"Message": "No HTTP resource was found that matches the request."})
	default:
		c.generic = e.opt.genericErrors && c.route.identifies
		return c, true
	}
	return nil, false
}

// readBody parses a JSON object. Some SDKs send "" or null instead of no body.
func (c *call) readBody() {
	text := strings.TrimSpace(string(c.raw))
	if text == "" || text == `""` || text == "null" {
		return
	}
	if c.isForm() { // only some routes take it; see route.forms
		c.malformed = refuse(badBodyCode(c.r.Method))
		values, _ := url.ParseQuery(text)
		for _, k := range slices.Sorted(maps.Keys(values)) {
			c.body[strings.ToLower(k)] = values[k][0]
		}
		return
	}
	var m map[string]any
	switch {
	case json.Unmarshal(c.raw, &m) != nil:
		c.malformed = refuse(badBodyCode(c.r.Method))
	case c.r.Method != http.MethodGet && !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/json"):
		c.malformed = refuse(core.CodeContentTypeNotSupported)
	}
	for _, k := range slices.Sorted(maps.Keys(m)) { // sorted, so that of two spellings of a key always the same one wins
		c.body[strings.ToLower(k)] = m[k]
	}
}

func (c *call) isForm() bool {
	return strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// badBodyCode is the code of a body that is not a JSON object.
func badBodyCode(method string) core.ErrorCode {
	switch method {
	case http.MethodPut:
		return core.CodePutBodyInvalid
	case http.MethodDelete:
		return core.CodeDeleteBodyInvalid
	}
	return core.CodePostBodyInvalid
}

// text returns a body value as a string. It converts numbers and booleans.
func (c *call) text(key string) string {
	switch v := c.body[key].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func (c *call) flag(key string) bool {
	b, _ := strconv.ParseBool(strings.ToLower(c.query[key]))
	return b
}

// list returns the strings of a body value that is a list.
func (c *call) list(key string) []string {
	return textList(c.body[key])
}

// textList returns the strings of a list.
func textList(v any) []string {
	var out []string
	items, _ := v.([]any)
	for _, i := range items {
		if s, ok := i.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// bearer returns the user's access token from the places where the site accepts it.
func (c *call) bearer() string {
	if scheme, token, ok := strings.Cut(c.r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	if c.rawAuthorization && !strings.Contains(c.r.Header.Get("Authorization"), " ") && c.r.Header.Get("Authorization") != "" {
		return c.r.Header.Get("Authorization")
	}
	if token := c.query["access_token"]; token != "" || !c.bodyTokens {
		return token
	}
	return c.text("access_token")
}

// origin returns the scheme and host that the caller used.
func (c *call) origin() string {
	if c.r.TLS != nil {
		return "https://" + c.r.Host
	}
	return "http://" + c.r.Host
}

// A writer is an answer other than JSON. It also writes the status.
type writer func(http.ResponseWriter)

func (c *call) write(status int, body any) {
	if answer, ok := body.(writer); ok {
		answer(c.w)
		return
	}
	c.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	c.w.Header().Set("Cache-Control", "no-store")
	c.w.WriteHeader(status)
	_ = json.NewEncoder(c.w).Encode(body)
}

func posted(c *call) (int, any) {
	if c.native {
		return http.StatusOK, map[string]any{"isPosted": true}
	}
	return http.StatusOK, map[string]any{"IsPosted": true}
}

func deleted() (int, any) { return http.StatusOK, map[string]any{"IsDeleted": true} }

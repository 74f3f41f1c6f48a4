package core

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// credentials says what identifies the caller of an operation to LoginRadius.
type credentials uint8

const (
	noCredentials     credentials = iota // a user token in the query is all
	apiKey                               // apikey in the query
	apiKeySecret                         // apikey in the query, secret in a header or a digest
	apiKeyQuerySecret                    // webhooks: apikey and apisecret in the query
	nativeKey                            // /api/v2: key in the query
	nativeKeySecret                      // /api/v2: key and secret in the query; there is no documented header form
	nativeSecret                         // /api/v2: secret alone in the query
)

// A host says which of the service's hosts an operation is sent to.
type host uint8

const (
	apiHost    host = iota // Config.BaseURL
	configHost             // Config.ConfigurationURL
	siteHost               // Config.SiteURL
)

// An operation is one entry of the LoginRadius API. The tags of its input struct say
// what a call sends:
//
//	lr:"path,uid,required"         replaces {uid} in the path
//	lr:"query,fields"              query parameter; lists are joined with commas
//	lr:"body,email"                key of the JSON body
//	lr:"body,*"                    all set fields of a Profile, or all keys of a map or of raw JSON
//	lr:"header,X-LoginRadius-Sott" header
//	lr:"bearer"                    Authorization: Bearer …
//	lr:"inline"                    a struct with fields of this kind
//
// followed by any of: required, secret, always (sent even if zero), oneof=group (one of
// the group's fields must be set), primary (an address, sent as a list of one primary
// e-mail). Other zero values are not sent.
type operation struct {
	name   string // as in errors and logs: "Authentication.LoginByEmail"
	method string
	path   string
	creds  credentials
	host   host
	// read marks a call without side effects: only those are retried. Many GETs
	// of this API consume a token or send a mail.
	read bool
}

type tag struct {
	in, name, oneof           string
	required, secret, primary bool
	always                    bool
}

func parseTag(s string) tag {
	var t tag
	for i, part := range strings.Split(s, ",") {
		switch {
		case part == "required":
			t.required = true
		case part == "secret":
			t.secret = true
		case part == "primary":
			t.primary = true
		case part == "always":
			t.always = true
		case strings.HasPrefix(part, "oneof="):
			t.oneof = part[len("oneof="):]
		case i == 0:
			t.in = part
		case i == 1:
			t.name = part
		}
	}
	return t
}

// A call is one operation with its input, ready to be sent any number of times.
type call struct {
	op      operation
	target  string // escaped path and query without credentials
	query   url.Values
	header  http.Header
	body    []byte // nil: no body
	secrets []string
	// list takes an answer that is a JSON array, empty one without content.
	list, empty bool
	machine     string // token that stands for key and secret; see ContextWithMachine
	typed       bool   // an operation, whose answer may be asked for raw
	status      int    // of the last answer, 0 without one
	// gate, if set, is passed before each attempt; leave is called after it.
	gate func(context.Context) (leave func(), err error)
}

// newCall validates the input and lays it out. The error names the field and
// wraps ErrMissingArgument or ErrInvalidArgument; nothing has been sent then.
func newCall(op operation, in any) (*call, error) {
	c := &call{op: op, target: op.path, query: url.Values{}, header: http.Header{}}
	l := layout{call: c, body: map[string]any{}, groups: map[string][]string{}, filled: map[string]bool{}}
	if err := l.add(reflect.ValueOf(in)); err != nil {
		return nil, err
	}
	for group, names := range l.groups {
		if !l.filled[group] {
			return nil, missingArgument(op, strings.Join(names, " or "))
		}
	}
	if l.hasBody {
		var err error
		if c.body, err = encodeBody(l.body); err != nil {
			return nil, invalidArgument(op, "body", "cannot be encoded as JSON")
		}
	}
	return c, nil
}

// A layout is the state of laying out one input struct.
type layout struct {
	*call
	body    map[string]any
	hasBody bool
	groups  map[string][]string // names of the fields of each oneof group
	filled  map[string]bool     // groups of which a field is set
}

func (l *layout) add(rv reflect.Value) error {
	for i := range rv.NumField() {
		sf, fv := rv.Type().Field(i), rv.Field(i)
		t := parseTag(sf.Tag.Get("lr"))
		if t.in == "inline" || sf.Anonymous {
			if err := l.add(fv); err != nil {
				return err
			}
			continue
		}
		if t.in == "" {
			continue
		}
		if err := l.field(t, sf.Name, fv); err != nil {
			return err
		}
	}
	return nil
}

func (l *layout) field(t tag, name string, fv reflect.Value) error {
	if t.oneof != "" {
		l.groups[t.oneof] = append(l.groups[t.oneof], name)
		l.filled[t.oneof] = l.filled[t.oneof] || !fv.IsZero()
	}
	if t.in == "body" {
		l.hasBody = true
	}
	if fv.IsZero() && !t.always {
		if t.required {
			return missingArgument(l.op, name)
		}
		return nil
	}
	if t.in == "body" {
		return l.addBody(l.body, t, name, fv)
	}
	value, err := wireText(fv)
	if err != nil {
		return invalidArgument(l.op, name, err.Error())
	}
	if t.secret {
		l.secrets = append(l.secrets, value, url.QueryEscape(value), percentEncode(value))
	}
	return l.call.add(t, name, value)
}

// add puts one non-body argument in its place.
func (c *call) add(t tag, field, value string) error {
	switch t.in {
	case "path":
		// A dot segment would be resolved by proxies even when it is escaped.
		if value == "." || value == ".." {
			return invalidArgument(c.op, field, "is a dot segment")
		}
		c.target = strings.Replace(c.target, "{"+t.name+"}", url.PathEscape(value), 1)
	case "query":
		c.query.Set(t.name, value)
	case "header", "bearer":
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return invalidArgument(c.op, field, "contains control characters")
		}
		if t.in == "bearer" {
			c.header.Set("Authorization", "Bearer "+value)
		} else {
			c.header.Set(t.name, value)
		}
	}
	return nil
}

func (c *call) addBody(body map[string]any, t tag, field string, fv reflect.Value) error {
	if t.name != "*" {
		body[t.name] = wireValue(fv)
		if t.primary {
			body[t.name] = []Email{{Type: "Primary", Value: fv.String()}}
		}
		if t.secret {
			c.secrets = append(c.secrets, secretValues(fv)...)
		}
		return nil
	}
	keys, err := bodyKeys(fv)
	if err != nil {
		return invalidArgument(c.op, field, err.Error())
	}
	for k, v := range keys {
		// Compared without case, as the service does: no key may be sent twice.
		if taken := slices.ContainsFunc(slices.Collect(maps.Keys(body)), func(b string) bool { return strings.EqualFold(b, k) }); taken {
			return invalidArgument(c.op, field, "has the key "+k+", which is set elsewhere in the request")
		}
		body[k] = v
		_, isRaw := reflect.TypeAssert[json.RawMessage](fv)
		if secretBodyKey.MatchString(k) || t.secret && isRaw {
			c.secrets = append(c.secrets, secretValues(reflect.ValueOf(v))...)
		}
	}
	return nil
}

// wireValue returns a value as it is sent. Structs become maps by their JSON keys,
// because their own encoding leaves secrets out.
func wireValue(v reflect.Value) any {
	if w, ok := reflect.TypeAssert[interface{ wire() any }](v); ok {
		return w.wire()
	}
	switch v.Kind() {
	case reflect.Struct:
		switch v.Interface().(type) {
		case Profile, Time:
			return v.Interface()
		}
		out := map[string]any{}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if strings.HasSuffix(f.Tag.Get("json"), ",omitempty") && v.Field(i).IsZero() {
				continue
			}
			out[jsonName(f)] = wireValue(v.Field(i))
		}
		return out
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return wireValue(v.Elem())
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Struct {
			return v.Interface()
		}
		out := make([]any, v.Len())
		for i := range out {
			out[i] = wireValue(v.Index(i))
		}
		return out
	}
	return v.Interface()
}

// bodyKeys returns the keys that a field adds to the body.
func bodyKeys(fv reflect.Value) (map[string]any, error) {
	switch v := fv.Interface().(type) {
	case Profile:
		return v.settableKeys(), nil
	case map[string]any:
		return v, nil
	case json.RawMessage:
		object, err := parseAnswer(v)
		keys := make(map[string]any, len(object))
		for k, raw := range object {
			keys[k] = raw
		}
		return keys, err
	}
	return nil, fmt.Errorf("has the unsupported type %s", fv.Type())
}

// secretBodyKey matches keys of a free-form body whose values no error may quote.
var secretBodyKey = regexp.MustCompile(`(?i)password|token|secret|answer|credential|otp|^pin`)

// secretValues returns every text in a value.
func secretValues(fv reflect.Value) (out []string) {
	switch fv.Kind() {
	case reflect.String:
		return []string{fv.String()}
	case reflect.Interface, reflect.Pointer:
		if !fv.IsNil() {
			return secretValues(fv.Elem())
		}
	case reflect.Map:
		for _, k := range fv.MapKeys() {
			out = append(out, secretValues(fv.MapIndex(k))...)
		}
	case reflect.Slice:
		if raw, ok := reflect.TypeAssert[json.RawMessage](fv); ok {
			var v any
			if json.Unmarshal(raw, &v) == nil && v != nil {
				return secretValues(reflect.ValueOf(v))
			}
			return nil
		}
		for i := range fv.Len() {
			out = append(out, secretValues(fv.Index(i))...)
		}
	case reflect.Struct:
		for i := range fv.NumField() {
			if fv.Type().Field(i).IsExported() {
				out = append(out, secretValues(fv.Field(i))...)
			}
		}
	}
	return out
}

// wireText writes a path, query or header value.
func wireText(fv reflect.Value) (string, error) {
	switch fv.Kind() {
	case reflect.String:
		return fv.String(), nil
	case reflect.Bool:
		return strconv.FormatBool(fv.Bool()), nil
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(fv.Int(), 10), nil
	case reflect.Slice:
		if list, ok := reflect.TypeAssert[[]string](fv); ok {
			return strings.Join(list, ","), nil
		}
	}
	return "", fmt.Errorf("has the unsupported type %s", fv.Type())
}

func encodeBody(body map[string]any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// request builds the HTTP request of one attempt with the credentials of now.
func (c *call) request(ctx context.Context, client *Client) (*http.Request, error) {
	cred := client.credentials.Load()
	c.secrets = append(c.secrets, cred.secret, percentEncode(cred.secret))
	query := url.Values{}
	maps.Copy(query, c.query)
	if client.cfg.Region != "" {
		query.Set("region", client.cfg.Region)
	}
	switch c.op.creds {
	case apiKey, apiKeySecret:
		if c.machine != "" {
			break
		}
		query.Set("apikey", cred.key)
	case apiKeyQuerySecret:
		if c.machine != "" {
			break
		}
		query.Set("apikey", cred.key)
		query.Set("apisecret", cred.secret)
	case nativeKey:
		query.Set("key", cred.key)
	case nativeKeySecret:
		query.Set("key", cred.key)
		query.Set("secret", cred.secret)
	case nativeSecret:
		query.Set("secret", cred.secret)
	}
	// %20 rather than +, so that what is signed decodes in one way only.
	target := client.cfg.urlOf(c.op.host) + c.target
	if len(query) > 0 {
		target += "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
	}
	req, err := http.NewRequestWithContext(ctx, c.op.method, target, nil)
	if err != nil {
		return nil, err
	}
	if c.body != nil {
		req.Body = io.NopCloser(bytes.NewReader(c.body))
		req.GetBody = func() (body io.ReadCloser, err error) { return io.NopCloser(bytes.NewReader(c.body)), nil }
		req.ContentLength = int64(len(c.body))
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	maps.Copy(req.Header, c.header)
	endUserFrom(ctx).setHeaders(req.Header)
	if c.machine != "" {
		req.Header.Set("Authorization", "Bearer "+c.machine)
	} else if c.op.creds == apiKeySecret {
		if client.cfg.SignRequests {
			signRequest(req.Header, cred.secret, target, c.body, client.cfg.Clock())
		} else {
			req.Header.Set("X-LoginRadius-ApiSecret", cred.secret)
		}
	}
	return req, nil
}

package core

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

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

package core

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

const redacted = "[redacted]"

// Structs that carry a token, a password or a one-time code mark that field
// `lr:"…,secret"` and forward Format and MarshalJSON to the two functions below.
// TestSecretsAreRedacted holds every exported type to it.

// formatRedacted prints v like %+v, with secret fields replaced.
func formatRedacted(f fmt.State, v any) {
	rv := reflect.ValueOf(v)
	var b strings.Builder
	b.WriteString(strings.TrimPrefix(rv.Type().String(), "core."))
	b.WriteByte('{')
	sep := ""
	for i := range rv.NumField() {
		sf, fv := rv.Type().Field(i), rv.Field(i)
		if !sf.IsExported() || fv.IsZero() {
			continue
		}
		b.WriteString(sep + sf.Name + ":")
		sep = " "
		if parseTag(sf.Tag.Get("lr")).secret {
			b.WriteString(redacted)
			continue
		}
		fmt.Fprintf(&b, "%+v", fv.Interface())
	}
	b.WriteByte('}')
	_, _ = f.Write([]byte(b.String()))
}

// marshalRedacted encodes v as a JSON object by field name, leaving out zero
// fields and replacing secret ones.
func marshalRedacted(v any) ([]byte, error) {
	rv := reflect.ValueOf(v)
	out := make(map[string]any, rv.NumField())
	for i := range rv.NumField() {
		sf, fv := rv.Type().Field(i), rv.Field(i)
		switch {
		case !sf.IsExported() || fv.IsZero():
		case parseTag(sf.Tag.Get("lr")).secret:
			out[sf.Name] = redacted
		default:
			out[sf.Name] = fv.Interface()
			switch p := fv.Interface().(type) { // their own encoding is complete
			case Profile:
				out[sf.Name] = p.withoutSecrets()
			case *Profile:
				out[sf.Name] = p.withoutSecrets()
			}
		}
	}
	return json.Marshal(out)
}

// scrub replaces every occurrence of the secrets in s.
func scrub(s string, secrets []string) string {
	longestFirst := slices.SortedFunc(slices.Values(secrets), func(a, b string) int { return len(b) - len(a) })
	for _, secret := range longestFirst { // one may be part of another
		// Shorter values ("1", "on") would shred ordinary text and protect nothing.
		if len(secret) >= 4 {
			s = strings.ReplaceAll(s, secret, redacted)
		}
	}
	return s
}

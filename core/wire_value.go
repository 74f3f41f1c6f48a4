package core

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

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

// secretBodyKey matches keys of a free-form body. No error may quote their values.
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

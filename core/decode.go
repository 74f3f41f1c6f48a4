package core

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// LoginRadius is irregular: keys change case between endpoints, numbers and
// booleans come as strings, lists as null or as a single value, and one field has
// different types in different answers. This decoder understands all of that and
// never fails for a single odd value: such a field stays zero.
//
// The well-kept decoders were considered: encoding/json v1 can neither take "True"
// for a bool nor keep a value it could not take, and v2 is still experimental.

var errNotObject = errors.New("not a JSON object")

// An answer is a JSON object, taken apart once. An array has the key listKey alone.
type answer map[string]json.RawMessage

// listKey is no key that the service uses.
const listKey = ""

func parseAnswer(body []byte) (answer, error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil || a == nil {
		return nil, errNotObject
	}
	return a, nil
}

// has reports whether the answer has a key, in any case.
func (a answer) has(key string) bool {
	_, ok := a.get(key)
	return ok
}

// get returns the value of a key, in any case.
func (a answer) get(key string) (json.RawMessage, bool) {
	if raw, ok := a[key]; ok {
		return raw, true
	}
	for k, raw := range a {
		if strings.EqualFold(k, key) {
			return raw, true
		}
	}
	return nil, false
}

// decode sets the fields of the struct that out points to. Unknown keys are ignored,
// except that a Profile retains them.
func (a answer) decode(out any) {
	if p, ok := out.(*Profile); ok {
		p.received = a
	}
	decodeFields(a, reflect.ValueOf(out).Elem())
}

func decodeFields(keys map[string]json.RawMessage, v reflect.Value) {
	fields := fieldsOf(v.Type())
	for key, raw := range keys {
		i, ok := fields[key]
		if !ok {
			i, ok = fields[strings.ToLower(key)]
		}
		if ok {
			decodeValue(raw, v.Field(i))
		}
	}
}

// fieldCache holds, per struct type, the index of each field by the name of its
// JSON key, as it is and in lower case. It only ever grows to the number of result types.
var fieldCache sync.Map

func fieldsOf(t reflect.Type) map[string]int {
	if cached, ok := fieldCache.Load(t); ok {
		m, _ := cached.(map[string]int) // nothing else is in it
		return m
	}
	m := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			m[jsonName(f)] = i
			m[strings.ToLower(jsonName(f))] = i
		}
	}
	fieldCache.Store(t, m)
	return m
}

func jsonName(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
		return name
	}
	return f.Name
}

// decodeValue sets v from raw if it can make sense of it, and reports whether it did.
func decodeValue(raw json.RawMessage, v reflect.Value) bool {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return true
	}
	if u, ok := reflect.TypeAssert[json.Unmarshaler](v.Addr()); ok {
		return u.UnmarshalJSON(raw) == nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		ok := decodeValue(raw, p.Elem())
		if ok {
			v.Set(p)
		}
		return ok
	case reflect.String:
		s, ok := scalarText(raw)
		if ok {
			v.SetString(s)
		}
		return ok
	case reflect.Bool:
		s, _ := scalarText(raw)
		b, err := strconv.ParseBool(strings.ToLower(s))
		v.SetBool(b)
		return err == nil
	case reflect.Int, reflect.Int64:
		s, _ := scalarText(raw)
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || n != n || n < -(1<<53) || n > 1<<53 {
			return false
		}
		v.SetInt(int64(n))
		return true
	case reflect.Float64:
		s, _ := scalarText(raw)
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || n != n || n-n != 0 { // JSON has neither NaN nor infinities to write it back
			return false
		}
		v.SetFloat(n)
		return true
	case reflect.Struct:
		return decodeStruct(raw, v)
	case reflect.Slice:
		return decodeList(raw, v)
	case reflect.Map:
		return decodeMap(raw, v)
	case reflect.Interface:
		return json.Unmarshal(raw, v.Addr().Interface()) == nil
	default:
		return false
	}
}

// scalarText returns the text of a JSON string, number or boolean.
func scalarText(raw json.RawMessage) (string, bool) {
	switch raw[0] {
	case '"':
		if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
			return string(inner), true // nothing to unescape, in most strings
		}
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err == nil
	case '{', '[':
		return "", false
	}
	return string(raw), true
}

// textDecoder is a struct that some answers shorten to a plain string.
type textDecoder interface{ decodeText(text string) }

func decodeStruct(raw json.RawMessage, v reflect.Value) bool {
	if raw[0] != '{' {
		d, ok := reflect.TypeAssert[textDecoder](v.Addr())
		text, isScalar := scalarText(raw)
		if ok && isScalar && text != "" {
			d.decodeText(text)
		}
		return ok && isScalar
	}
	var keys map[string]json.RawMessage
	if json.Unmarshal(raw, &keys) != nil {
		return false
	}
	decodeFields(keys, v)
	return true
}

// decodeList also takes a single value for a list of one, and "" for none.
func decodeList(raw json.RawMessage, v reflect.Value) bool {
	var items []json.RawMessage
	if raw[0] != '[' {
		if string(raw) == `""` {
			return true
		}
		items = []json.RawMessage{raw}
	} else if json.Unmarshal(raw, &items) != nil {
		return false
	}
	list := reflect.MakeSlice(v.Type(), len(items), len(items))
	all := true
	for i, item := range items {
		all = decodeValue(item, list.Index(i)) && all
	}
	if raw[0] == '[' || all {
		v.Set(list)
	}
	return all
}

func decodeMap(raw json.RawMessage, v reflect.Value) bool {
	var items map[string]json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return false
	}
	m := reflect.MakeMapWithSize(v.Type(), len(items))
	all := true
	for k, item := range items {
		e := reflect.New(v.Type().Elem()).Elem()
		all = decodeValue(item, e) && all
		m.SetMapIndex(reflect.ValueOf(k), e)
	}
	v.Set(m)
	return all
}

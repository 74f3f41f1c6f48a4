package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strconv"
)

// An inputReader fills input structs from a body.
type inputReader struct {
	twice map[string]string // fields that came under both of their names, with the alias
	sent  map[string]bool   // fields that a form has, by name, empty ones too
}

var errNotAnObject = invalidBody("The body is not a JSON object.")

// readJSON reads the tokens itself: json.Unmarshal accepts duplicate keys and matches
// names without regard to case.
func (in *inputReader) readJSON(body []byte, s *inputShape, v reflect.Value) *Problem {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errNotAnObject
	}
	if p := in.readObject(d, s, v, ""); p != nil {
		return p
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errNotAnObject
	}
	return nil
}

// readObject reads the rest of an object after its opening brace. at is the
// prefix of its fields' names in problems.
func (in *inputReader) readObject(d *json.Decoder, s *inputShape, v reflect.Value, at string) *Problem {
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		name, _ := key.(string)
		if err != nil {
			return errNotAnObject
		}
		f := s.field(name)
		switch {
		case f == nil:
			return unknownField(at+name, s.names())
		case seen[name]:
			return duplicateField(at + name)
		}
		seen[name] = true
		if seen[f.name] && seen[f.alias] {
			in.twice[at+f.name] = at + f.alias
		}
		if p := in.readValue(d, s, f, v, at); p != nil {
			return p
		}
	}
	if _, err := d.Token(); err != nil {
		return errNotAnObject
	}
	return nil
}

// readValue reads the value of a field. JSON null means that it was not sent.
func (in *inputReader) readValue(d *json.Decoder, s *inputShape, f *inputField, v reflect.Value, at string) *Problem {
	if f.kind == inputRaw {
		return readRaw(d, v.Field(f.index), at+f.name)
	}
	t, err := d.Token()
	if err != nil {
		return errNotAnObject
	}
	switch value := t.(type) {
	case nil:
		return nil
	case string:
		if f.kind == inputText {
			s.setText(v, f, value)
			return nil
		}
	case bool:
		if f.kind == inputFlag {
			v.Field(f.index).SetBool(value)
			return nil
		}
	case json.Delim:
		switch {
		case value == '{' && f.kind == inputMap:
			return in.readMap(d, f, v.Field(f.index), at+f.name)
		case value == '{' && f.kind == inputObject:
			return in.readObject(d, f.item, v.Field(f.index), at+f.name+".")
		case value == '[' && f.kind == inputList:
			return in.readList(d, f, v.Field(f.index), at+f.name)
		}
	}
	return fieldProblem(at+f.name, "wrong_type", f.kind.wants())
}

func (in *inputReader) readMap(d *json.Decoder, f *inputField, v reflect.Value, at string) *Problem {
	m := map[string]string{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return errNotAnObject
		}
		value, err := d.Token()
		if err != nil {
			return errNotAnObject
		}
		k, _ := key.(string)
		text, ok := value.(string)
		if _, twice := m[k]; twice {
			return duplicateField(at + "." + k)
		}
		if !ok {
			return fieldProblem(at+"."+printable(k), "wrong_type", inputText.wants())
		}
		m[k] = text
	}
	if _, err := d.Token(); err != nil {
		return errNotAnObject
	}
	for k := range m {
		if !slices.Contains(f.keys, k) {
			return unknownField(at+"."+k, f.keys)
		}
	}
	v.Set(reflect.ValueOf(m))
	return nil
}

func (in *inputReader) readList(d *json.Decoder, f *inputField, v reflect.Value, at string) *Problem {
	for d.More() {
		item := at + "." + strconv.Itoa(v.Len())
		if v.Len() == f.max {
			return fieldProblem(at, "too_long", "This list is too long.")
		}
		if t, err := d.Token(); err != nil {
			return errNotAnObject
		} else if t != json.Delim('{') {
			return fieldProblem(item, "wrong_type", inputObject.wants())
		}
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		if p := in.readObject(d, f.item, v.Index(v.Len()-1), item+"."); p != nil {
			return p
		}
	}
	if _, err := d.Token(); err != nil {
		return errNotAnObject
	}
	return nil
}

// readRaw keeps an object as it was sent, for a service that reads it. Duplicate keys
// and deep nesting are refused here too: parsers disagree about them.
func readRaw(d *json.Decoder, v reflect.Value, at string) *Problem {
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return errNotAnObject
	}
	if string(raw) == "null" {
		return nil
	}
	return setRaw(raw, v, at)
}

func setRaw(raw json.RawMessage, v reflect.Value, at string) *Problem {
	if len(raw) == 0 || raw[0] != '{' {
		return fieldProblem(at, "wrong_type", inputRaw.wants())
	}
	switch err := checkRaw(json.NewDecoder(bytes.NewReader(raw)), 0); {
	case errors.Is(err, errDuplicate):
		return duplicateField(at)
	case err != nil:
		return fieldProblem(at, "wrong_type", inputRaw.wants())
	}
	v.SetBytes(raw)
	return nil
}

var (
	errDuplicate = errors.New("an object has a key more than once")
	errNesting   = errors.New("the value is nested too deeply")
)

// checkRaw reads one value and looks for duplicate keys and deep nesting.
func checkRaw(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if depth > maxNesting {
		return errNesting
	}
	delim, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		if delim == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string)
			if seen[name] {
				return errDuplicate
			}
			seen[name] = true
		}
		if err := checkRaw(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

package web

import (
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readForm reads an HTML form. Entries of a map, fields of an object and items of a
// list are named with dots: custom_fields.plan, answers.0.answer. An empty value
// means that the field was not sent, since browsers send every input, unless the field
// may be emptied.
func (in *inputReader) readForm(body string, s *inputShape, v reflect.Value) *Problem {
	values, err := url.ParseQuery(body)
	if err != nil {
		return invalidBody("The body is not a form.")
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names) // the same body always gets the same answer
	for _, name := range names {
		list := values[name]
		if !utf8.ValidString(name + strings.Join(list, "")) {
			return invalidBody("The body is not valid UTF-8.")
		}
		switch known := s.hasFormField(name); {
		case !known && (list[0] == "" || strings.ContainsFunc(name, notInNames)):
			// A body that is not a form is one long name, which may hold a password.
			return invalidBody("The form has a field that is not known here.")
		case !known:
			return unknownField(name, s.names())
		case len(list) > 1:
			return duplicateField(name)
		}
		outer, _, _ := strings.Cut(name, ".")
		in.sent[s.field(outer).name] = true
		if p := in.setFormField(s, v, "", name, list[0]); p != nil {
			return p
		}
		if f := s.field(name); f != nil && f.alias != "" && values.Get(f.name) != "" && values.Get(f.alias) != "" {
			in.twice[f.name] = f.alias
		}
	}
	return nil
}

// hasFormField reports whether a form may have a field of this name.
func (s *inputShape) hasFormField(name string) bool {
	outer, rest, nested := strings.Cut(name, ".")
	f := s.field(outer)
	if f == nil {
		return false
	}
	switch f.kind {
	case inputMap:
		return nested && slices.Contains(f.keys, rest)
	case inputObject:
		return nested && f.item.hasFormField(rest)
	case inputList:
		index, rest, nested := strings.Cut(rest, ".")
		n, err := strconv.Atoi(index)
		return nested && err == nil && strconv.Itoa(n) == index && n >= 0 && n < f.max && f.item.hasFormField(rest)
	default:
		return !nested
	}
}

// setFormField sets the field that a name leads to.
func (in *inputReader) setFormField(s *inputShape, v reflect.Value, at, name, value string) *Problem {
	outer, rest, _ := strings.Cut(name, ".")
	f := s.field(outer)
	if value == "" && !f.blank {
		return nil
	}
	switch f.kind {
	case inputText:
		s.setText(v, f, value)
	case inputFlag:
		on := value == "true" || value == "on"
		if !on && value != "false" {
			return fieldProblem(at+f.name, "wrong_type", f.kind.wants())
		}
		v.Field(f.index).SetBool(on)
	case inputRaw:
		return setRaw(json.RawMessage(strings.TrimSpace(value)), v.Field(f.index), at+f.name)
	case inputMap:
		m := v.Field(f.index)
		if m.IsNil() {
			m.Set(reflect.ValueOf(map[string]string{}))
		}
		m.SetMapIndex(reflect.ValueOf(rest), reflect.ValueOf(value))
	case inputObject:
		return in.setFormField(f.item, v.Field(f.index), at+f.name+".", rest, value)
	case inputList:
		index, rest, _ := strings.Cut(rest, ".")
		n, _ := strconv.Atoi(index) // checked by hasFormField
		list := v.Field(f.index)
		for list.Len() <= n {
			list.Set(reflect.Append(list, reflect.Zero(list.Type().Elem())))
		}
		return in.setFormField(f.item, list.Index(n), at+f.name+"."+index+".", rest, value)
	}
	return nil
}

func notInNames(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_-.[]", r)
}

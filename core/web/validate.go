package web

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// validate lists every field that is missing, not acceptable or one too many, and
// normalizes phone numbers.
func (in *inputReader) validate(s *inputShape, v reflect.Value, phone func(string) (string, error)) *Problem {
	p := problem(http.StatusUnprocessableEntity, CodeValidationFailed)
	p.Errors = s.choose(v)
	p.Errors = append(p.Errors, in.check(s, v, "", phone)...)
	if p.Errors == nil {
		return nil
	}
	return p
}

// choose requires exactly one of the sets of fields, complete and without a field of
// another set.
func (s *inputShape) choose(v reflect.Value) []FieldProblem {
	if s.choices == nil {
		return nil
	}
	given := map[string]bool{}
	for _, names := range s.choices {
		for _, name := range names {
			if s.present(v, s.field(name)) {
				given[name] = true
			}
		}
	}
	complete := false
	ways := make([]string, 0, len(s.choices))
	for _, names := range s.choices {
		ways = append(ways, strings.Join(names, " and "))
		if slices.ContainsFunc(names, func(n string) bool { return !given[n] }) {
			continue
		}
		if len(names) == len(given) {
			return nil
		}
		complete = true
	}
	want := strings.Join(ways, ", or ")
	if complete {
		return []FieldProblem{{Field: s.choices[0][0], Code: "ambiguous", Message: "Only one of these can be given: " + want + "."}}
	}
	return []FieldProblem{{Field: s.choices[0][0], Code: "required", Message: "One of these is required: " + want + "."}}
}

// check returns what is wrong with the fields of v.
func (in *inputReader) check(s *inputShape, v reflect.Value, at string, phone func(string) (string, error)) []FieldProblem {
	var out []FieldProblem
	for i := range s.fields {
		f := &s.fields[i]
		name := at + f.name
		if alias := in.twice[name]; alias != "" {
			out = append(out, FieldProblem{Field: name, Code: "ambiguous", Message: "Only one of these can be given: " + name + ", or " + alias + "."})
		}
		switch {
		case !s.present(v, f):
			if f.required && f.kind != inputFlag && (f.or == "" || !s.present(v, s.field(f.or))) {
				out = append(out, FieldProblem{Field: name, Code: "required", Message: "This field is required."})
			}
		case f.kind == inputText:
			if e := s.checkText(v, f, phone); e != nil {
				e.Field = name
				out = append(out, *e)
			}
		case f.kind == inputMap:
			for _, key := range f.keys {
				value := v.Field(f.index).MapIndex(reflect.ValueOf(key))
				if value.IsValid() && value.Len() > f.max {
					out = append(out, FieldProblem{Field: name + "." + key, Code: "too_long", Message: "This value is too long."})
				}
			}
		case f.kind == inputObject:
			out = append(out, in.check(f.item, v.Field(f.index), name+".", phone)...)
		case f.kind == inputList:
			for i := range v.Field(f.index).Len() {
				out = append(out, in.check(f.item, v.Field(f.index).Index(i), name+"."+strconv.Itoa(i)+".", phone)...)
			}
		}
	}
	return out
}

func (s *inputShape) checkText(v reflect.Value, f *inputField, phone func(string) (string, error)) *FieldProblem {
	value := s.text(v, f)
	switch {
	case len(value) > f.max:
		return &FieldProblem{Code: "too_long", Message: "This value is too long."}
	case strings.ContainsRune(value, 0):
		return &FieldProblem{Code: "invalid", Message: "This value holds a character that cannot be stored."}
	case !f.allows(value):
		return &FieldProblem{Code: "not_acceptable", Message: "This value is not one of the allowed ones.", Allowed: f.enum}
	case f.phone:
		number, err := phone(value)
		if err != nil {
			return &FieldProblem{Code: "not_acceptable", Message: "This is not a phone number in international form, such as +4930123456."}
		}
		s.setText(v, f, number)
	}
	return nil
}

// allows reports whether a value is one of the declared ones.
func (f *inputField) allows(value string) bool {
	return f.enum == nil || slices.Contains(f.enum, value)
}

package web

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// inputRules are the checks that the application may replace.
type inputRules struct {
	phone    func(string) (string, error)
	password func(string) error // nil: the site's policy alone
}

// validate lists every field that is missing, not acceptable or one too many, and
// normalizes phone numbers and dates.
func (in *inputReader) validate(s *inputShape, v reflect.Value, rules inputRules) *Problem {
	p := problem(http.StatusUnprocessableEntity, CodeValidationFailed)
	p.Errors = in.choose(s, v)
	p.Errors = append(p.Errors, in.check(s, v, "", rules)...)
	if p.Errors == nil {
		return nil
	}
	return p
}

// choose requires exactly one of the sets of fields, complete and without a field of
// another set. If none is complete, it names what the most likely set lacks: the one that
// the form has fields for, or of which most is given.
func (in *inputReader) choose(s *inputShape, v reflect.Value) []FieldProblem {
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
	complete, likely, most := false, s.choices[0][:1], 0
	ways := make([]string, 0, len(s.choices))
	for _, names := range s.choices {
		ways = append(ways, strings.Join(names, " and "))
		if n := in.begun(names, given); n > most {
			likely, most = names, n
		}
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
	var out []FieldProblem
	for _, name := range likely {
		if !given[name] {
			out = append(out, FieldProblem{Field: name, Code: "required", Message: "One of these is required: " + want + "."})
		}
	}
	return out
}

// begun tells how much of a set of fields was sent. A form sends its empty fields, too.
func (in *inputReader) begun(names []string, given map[string]bool) (n int) {
	inForm := true
	for _, name := range names {
		if given[name] {
			n += 2
		}
		inForm = inForm && in.sent[name]
	}
	if inForm {
		n++
	}
	return n
}

// check returns what is wrong with the fields of v.
func (in *inputReader) check(s *inputShape, v reflect.Value, at string, rules inputRules) []FieldProblem {
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
			if e := s.checkText(v, f, rules); e != nil {
				e.Field = name
				out = append(out, *e)
			}
		case f.kind == inputMap:
			for _, key := range f.keys {
				value := v.Field(f.index).MapIndex(reflect.ValueOf(key))
				if value.IsValid() && value.Len() > f.max {
					out = append(out, FieldProblem{Field: name + "." + key, Code: "too_long", Message: f.tooLong()})
				}
			}
		case f.kind == inputObject:
			out = append(out, in.check(f.item, v.Field(f.index), name+".", rules)...)
		case f.kind == inputList:
			for i := range v.Field(f.index).Len() {
				out = append(out, in.check(f.item, v.Field(f.index).Index(i), name+"."+strconv.Itoa(i)+".", rules)...)
			}
		}
	}
	return out
}

func (s *inputShape) checkText(v reflect.Value, f *inputField, rules inputRules) *FieldProblem {
	value := s.text(v, f)
	switch {
	case len(value) > f.max:
		return &FieldProblem{Code: "too_long", Message: f.tooLong()}
	case strings.ContainsRune(value, 0):
		return &FieldProblem{Code: "invalid", Message: "This value holds a character that cannot be stored."}
	case !f.allows(value):
		return &FieldProblem{Code: "not_acceptable", Message: "This value is not one of the allowed ones.", Allowed: f.enum}
	case f.phone:
		number, err := rules.phone(value)
		if err != nil {
			return &FieldProblem{Code: "not_acceptable", Message: "This is not a phone number in international form, such as +4930123456."}
		}
		s.setText(v, f, number)
	case f.policy && rules.password != nil:
		if err := rules.password(value); err != nil {
			return refusedPassword(f.name, err.Error())
		}
	case f.format != nil:
		formatted, message := f.format(value)
		if message != "" {
			return &FieldProblem{Code: "not_acceptable", Message: message}
		}
		s.setText(v, f, formatted)
	}
	return nil
}

func (f *inputField) tooLong() string {
	return "This value is too long: at most " + strconv.Itoa(f.max) + " bytes."
}

// allows reports whether a value is one of the declared ones.
func (f *inputField) allows(value string) bool {
	return f.enum == nil || slices.Contains(f.enum, value)
}

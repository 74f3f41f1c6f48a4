package web

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Bounds of a request body, in bytes. maxCustom is LoginRadius' own bound for a custom
// field. maxItems and maxNesting bound lists and raw JSON.
const (
	maxBody    = 64 << 10
	maxText    = 4 << 10
	maxCustom  = 1000
	maxItems   = 32
	maxNesting = 16
)

// An inputShape describes what a route reads from a request. It is made from the
// route's input struct, for example
//
//	type passkeyLogin struct {
//		_          struct{}        `choices:"identifier | token"`
//		Identifier string          `json:"identifier"`
//		Token      string          `json:"token"`
//		Credential json.RawMessage `json:"credential" in:"required"`
//	}
//
// A field is a string, a bool, a map of strings, raw JSON, a struct, or a list of
// structs. The tag in holds, separated by commas:
//
//	required     the field must be present and not empty
//	or=name      … unless that field is
//	max=N        at most N bytes; the default is maxText, for a list N items
//	enum=a|b     one of these values
//	alias=name   an older name of the field; both together are refused
//	phone        a phone number, which is passed on in E.164 form
//	email        an e-mail address
//	policy       a new password, which the application's policy must accept
//	blank        an empty value in an HTML form is a value, not an untouched input
//	secret       documented as a password
//
// A field with the tag path is a parameter of the route's path. The tag choices of a
// blank field lists sets of fields of which exactly one must be present. A field
// with the tag extra:"true" is a map of strings and holds the fields that the
// application's options add, see [Route.extra].
type inputShape struct {
	fields  []inputField
	params  []inputField
	choices [][]string
	extra   int // index of the field for additional fields, or -1
}

type inputField struct {
	name, alias string
	index       int // in the struct; -1 for an additional field
	kind        inputKind
	required    bool
	or          string
	blank       bool
	phone       bool
	secret      bool
	policy      bool
	format      inputFormat // nil: any text
	max         int
	enum        []string
	item        *inputShape // of a list or an object
	keys        []string    // allowed in a map
}

type inputKind uint8

const (
	inputText inputKind = iota
	inputFlag
	inputMap
	inputRaw
	inputObject
	inputList
)

// wants describes the kind in a message to the client.
func (k inputKind) wants() string {
	return [...]string{
		"This field must be a text.", "This field must be true or false.", "This field must be an object of texts.",
		"This field must be a JSON object.", "This field must be an object.", "This field must be a list.",
	}[k]
}

// hasBody reports whether the route reads the request body.
func (s *inputShape) hasBody() bool { return s != nil && len(s.fields) > 0 }

// shapeOf describes an input struct. extra names additional text fields, keys the
// entries that are allowed in a map.
func shapeOf(t reflect.Type, extra, keys []string) (*inputShape, error) {
	s := &inputShape{extra: -1}
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Tag.Get("choices") != "":
			for set := range strings.SplitSeq(f.Tag.Get("choices"), "|") {
				s.choices = append(s.choices, strings.Fields(set))
			}
			continue
		case f.Tag.Get("extra") != "":
			s.extra = i
			for _, name := range extra {
				s.fields = append(s.fields, inputField{name: name, index: -1, max: maxText, blank: f.Tag.Get("extra") == "blank", format: profileFormats[name]})
			}
			continue
		}
		field, err := fieldOf(f, i, keys)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s.%s: %w", t.Name(), f.Name, err)
		case f.Tag.Get("path") != "":
			field.name = f.Tag.Get("path")
			s.params = append(s.params, field)
		default:
			s.fields = append(s.fields, field)
		}
	}
	for _, set := range s.choices {
		for _, name := range set {
			if s.field(name) == nil {
				return nil, fmt.Errorf("%s: choices name %s, which is not a field", t.Name(), name)
			}
		}
	}
	return s, nil
}

func fieldOf(f reflect.StructField, index int, keys []string) (inputField, error) {
	out := inputField{name: f.Tag.Get("json"), index: index, max: maxText}
	var err error
	switch {
	case f.Type == reflect.TypeFor[json.RawMessage]():
		out.kind, out.max = inputRaw, maxBody
	case f.Type == reflect.TypeFor[map[string]string]():
		out.kind, out.max, out.keys = inputMap, maxCustom, keys
	case f.Type.Kind() == reflect.String:
		out.kind = inputText
	case f.Type.Kind() == reflect.Bool:
		out.kind = inputFlag
	case f.Type.Kind() == reflect.Struct:
		out.kind = inputObject
		out.item, err = shapeOf(f.Type, nil, nil)
	case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
		out.kind, out.max = inputList, maxItems
		out.item, err = shapeOf(f.Type.Elem(), nil, nil)
	default:
		return out, fmt.Errorf("%s cannot be an input", f.Type)
	}
	for option := range strings.SplitSeq(f.Tag.Get("in"), ",") {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "":
		case "required":
			out.required = true
		case "blank":
			out.blank = true
		case "phone":
			out.phone = true
		case "secret":
			out.secret = true
		case "policy":
			out.policy, out.secret = true, true
		case "email":
			out.format = emailFormat
		case "or":
			out.or = value
		case "alias":
			out.alias = value
		case "enum":
			out.enum = strings.Split(value, "|")
		case "max":
			out.max, err = strconv.Atoi(value)
		default:
			err = fmt.Errorf("unknown option %q", option)
		}
	}
	return out, err
}

// field returns the field with a name, which may be its alias, or nil.
func (s *inputShape) field(name string) *inputField {
	for i := range s.fields {
		if f := &s.fields[i]; f.name == name || f.alias == name && name != "" {
			return f
		}
	}
	return nil
}

// names lists the fields.
func (s *inputShape) names() []string {
	var out []string
	for i := range s.fields {
		out = append(out, s.fields[i].name)
	}
	return out
}

// text returns the value of a text field of the struct v.
func (s *inputShape) text(v reflect.Value, f *inputField) string {
	if f.index < 0 {
		extra, _ := reflect.TypeAssert[map[string]string](v.Field(s.extra))
		return extra[f.name]
	}
	return v.Field(f.index).String()
}

func (s *inputShape) setText(v reflect.Value, f *inputField, value string) {
	if f.index >= 0 {
		v.Field(f.index).SetString(value)
		return
	}
	extra := v.Field(s.extra)
	if extra.IsNil() {
		extra.Set(reflect.ValueOf(map[string]string{}))
	}
	extra.SetMapIndex(reflect.ValueOf(f.name), reflect.ValueOf(value))
}

// present reports whether a field has a value that is not empty.
func (s *inputShape) present(v reflect.Value, f *inputField) bool {
	switch f.kind {
	case inputText:
		return s.text(v, f) != ""
	case inputList, inputMap, inputRaw:
		return v.Field(f.index).Len() > 0
	default:
		return !v.Field(f.index).IsZero()
	}
}

// account returns the identifier that the input names, for the rate limit.
func (s *inputShape) account(v reflect.Value) string {
	for _, name := range []string{"email", "username", "phone", "identifier"} {
		if f := s.field(name); f != nil && f.kind == inputText && s.present(v, f) {
			return s.text(v, f)
		}
	}
	return ""
}

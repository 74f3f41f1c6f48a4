package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxBody bounds a request body, maxText one field in it, maxCustom one custom field,
// which is LoginRadius' own bound. All are in bytes.
const (
	maxBody   = 64 << 10
	maxText   = 4 << 10
	maxCustom = 1000
)

// A field is one that a route takes.
type field struct {
	name     string
	required bool
	isMap    bool // an object of texts: custom_fields
	blank    bool // an empty value in an HTML form is meant, and not an input left alone
}

// A form holds the fields of a request body: texts by name, and for a map its
// entries. JSON null counts as not sent.
type form struct {
	texts map[string]string
	maps  map[string]map[string]string
}

func (f form) has(name string) bool { return f.texts[name] != "" }

// choose wants exactly one of the sets of fields, whole and without a field of
// another, and says what is wrong otherwise.
func (f form) choose(choices [][]string) []FieldProblem {
	var given, ways []string
	whole := false
	for _, names := range choices {
		ways = append(ways, strings.Join(names, " and "))
		whole = whole || !slices.ContainsFunc(names, func(n string) bool { return !f.has(n) })
		for _, n := range names {
			if f.has(n) {
				given = append(given, n)
			}
		}
	}
	if choices == nil || slices.ContainsFunc(choices, func(names []string) bool { return slices.Equal(names, given) }) {
		return nil
	}
	want := strings.Join(ways, ", or ")
	if whole {
		return []FieldProblem{{choices[0][0], "ambiguous", "Only one of these can be given: " + want + "."}}
	}
	return []FieldProblem{{choices[0][0], "required", "One of these is required: " + want + "."}}
}

// readForm reads a JSON object or an HTML form with nothing but the given fields, and
// with one of the choices among them.
func readForm(v View, fields []field, choices [][]string) (form, *Problem) {
	f := form{map[string]string{}, map[string]map[string]string{}}
	body, err := io.ReadAll(io.LimitReader(v.Body(), maxBody+1))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge), len(body) > maxBody:
		return f, problem(http.StatusRequestEntityTooLarge, CodeBodyTooLarge)
	case err != nil:
		return f, invalidBody("The body could not be read to its end.")
	case !utf8.Valid(body):
		return f, invalidBody("The body is not valid UTF-8.")
	}
	contentType, _ := v.Header("Content-Type")
	kind, params, err := mime.ParseMediaType(contentType)
	switch charset := params["charset"]; {
	case charset != "" && !strings.EqualFold(charset, "utf-8"):
		return f, unsupported("Send the body as UTF-8.")
	case err != nil && contentType != "":
		return f, unsupported(sendThese)
	}
	var p *Problem
	switch {
	case len(bytes.TrimSpace(body)) == 0:
	case kind == "application/json":
		p = f.readJSON(body, fields)
	case kind == urlencoded && bytes.TrimSpace(body)[0] == '{': // what curl -d says of everything
		p = unsupported("The body looks like JSON: send Content-Type: application/json.")
	case kind == urlencoded:
		p = f.readURLEncoded(string(body), fields)
	default:
		p = unsupported(sendThese)
	}
	if p != nil {
		return f, p
	}
	return f, f.validate(fields, choices)
}

const (
	urlencoded = "application/x-www-form-urlencoded"
	sendThese  = "Send a JSON object with Content-Type: application/json, or a form with " + urlencoded + "."
)

func unsupported(detail string) *Problem {
	p := problem(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType)
	p.Detail = detail
	return p
}

func invalidBody(detail string) *Problem {
	p := problem(http.StatusBadRequest, CodeInvalidBody)
	p.Detail = detail
	return p
}

func unknownField(name string) *Problem {
	p := problem(http.StatusBadRequest, CodeInvalidBody)
	p.Errors = []FieldProblem{{printable(name), "unknown", "This field is not known here."}}
	return p
}

func duplicateField(name string) *Problem {
	p := problem(http.StatusBadRequest, CodeInvalidBody)
	p.Errors = []FieldProblem{{printable(name), "duplicate", "This field is there more than once."}}
	return p
}

// readJSON walks the tokens itself: the decoder would let duplicate keys pass.
func (f form) readJSON(body []byte, fields []field) *Problem {
	broken := invalidBody("The body is not a JSON object.")
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return broken
	}
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		name, _ := key.(string)
		if err != nil {
			return broken
		}
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
		switch {
		case i < 0:
			return unknownField(name)
		case seen[name]:
			return duplicateField(name)
		}
		seen[name] = true
		if p := f.readValue(d, fields[i], broken); p != nil {
			return p
		}
	}
	if _, err := d.Token(); err != nil {
		return broken
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return broken
	}
	return nil
}

func (f form) readValue(d *json.Decoder, into field, broken *Problem) *Problem {
	t, err := d.Token()
	if err != nil {
		return broken
	}
	switch value := t.(type) {
	case nil:
		return nil
	case string:
		if !into.isMap {
			f.texts[into.name] = value
			return nil
		}
	case json.Delim:
		if value == '{' && into.isMap {
			return f.readMap(d, into.name, broken)
		}
	}
	want := "This field must be a text."
	if into.isMap {
		want = "This field must be an object of texts."
	}
	return fieldProblem(into.name, "wrong_type", want)
}

func (f form) readMap(d *json.Decoder, name string, broken *Problem) *Problem {
	m := map[string]string{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return broken
		}
		value, err := d.Token()
		if err != nil {
			return broken
		}
		k, _ := key.(string)
		text, ok := value.(string)
		if _, twice := m[k]; twice {
			return duplicateField(name + "." + k)
		}
		if !ok {
			return fieldProblem(name+"."+printable(k), "wrong_type", "This field must be a text.")
		}
		m[k] = text
	}
	if _, err := d.Token(); err != nil {
		return broken
	}
	f.maps[name] = m
	return nil
}

// readURLEncoded reads an HTML form; entries of a map are named map.key. Empty
// values count as not sent, since a browser sends every input, but for fields that
// may be emptied.
func (f form) readURLEncoded(body string, fields []field) *Problem {
	values, err := url.ParseQuery(body)
	if err != nil {
		return invalidBody("The body is not a form.")
	}
	for name, list := range values {
		if !utf8.ValidString(name + strings.Join(list, "")) {
			return invalidBody("The body is not valid UTF-8.")
		}
		outer, key, nested := strings.Cut(name, ".")
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == outer && f.isMap == nested })
		switch {
		case i < 0 && (list[0] == "" || strings.ContainsFunc(name, notInNames)):
			// A body that is no form is all name: it may hold a password.
			return invalidBody("The form has a field that is not known here.")
		case i < 0:
			return unknownField(name)
		case len(list) > 1:
			return duplicateField(name)
		case list[0] == "" && !fields[i].blank:
		case nested:
			if f.maps[outer] == nil {
				f.maps[outer] = map[string]string{}
			}
			f.maps[outer][key] = list[0]
		default:
			f.texts[name] = list[0]
		}
	}
	return nil
}

func notInNames(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_-.[]", r)
}

// validate lists every field that is missing, too long or one too many.
func (f form) validate(fields []field, choices [][]string) *Problem {
	p := problem(http.StatusUnprocessableEntity, CodeValidationFailed)
	p.Errors = f.choose(choices)
	for _, want := range fields {
		value := f.texts[want.name]
		switch {
		case want.required && value == "":
			p.Errors = append(p.Errors, FieldProblem{want.name, "required", "This field is required."})
		case len(value) > maxText:
			p.Errors = append(p.Errors, FieldProblem{want.name, "too_long", "This value is too long."})
		case strings.ContainsFunc(value, func(r rune) bool { return r == 0 }):
			p.Errors = append(p.Errors, FieldProblem{want.name, "invalid", "This value holds a character that cannot be stored."})
		}
	}
	for name, m := range f.maps {
		for k, v := range m {
			if len(v) > maxCustom {
				p.Errors = append(p.Errors, FieldProblem{name + "." + printable(k), "too_long", "This value is too long."})
			}
		}
	}
	if p.Errors != nil {
		return p
	}
	return nil
}

// printable makes a name that a stranger sent fit to be shown.
func printable(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name)
	if len(name) > 64 {
		name = strings.ToValidUTF8(name[:64], "") + "…"
	}
	return name
}

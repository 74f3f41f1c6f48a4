package web

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// everyKind is an input with a field of every kind.
type everyKind struct {
	_          struct{}          `choices:"token | email code"`
	ID         string            `path:"id" in:"enum=a|b"`
	Token      string            `json:"token"`
	Email      string            `json:"email"`
	Code       string            `json:"code" in:"alias=otp,max=8"`
	Method     string            `json:"method" in:"required,enum=link|code"`
	Phone      string            `json:"phone" in:"phone"`
	Remember   bool              `json:"remember"`
	Custom     map[string]string `json:"custom_fields"`
	Credential json.RawMessage   `json:"credential"`
	Answers    []struct {
		QuestionID string `json:"question_id" in:"required"`
		Answer     string `json:"answer" in:"required,max=5"`
	} `json:"answers" in:"max=2"`
	Nested struct {
		Name string `json:"name" in:"required"`
	} `json:"nested"`
	Extra map[string]string `extra:"blank"`
}

func everyShape(t testing.TB) *inputShape {
	t.Helper()
	s, err := shapeOf(reflect.TypeFor[everyKind](), []string{"company"}, []string{"plan"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func readEvery(t testing.TB, path, contentType, body string) (everyKind, *Problem) {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	var in everyKind
	p := readInput(HTTPView(r), everyShape(t), "/things/{id}", inputRules{phone: internationalPhone}, reflect.ValueOf(&in).Elem())
	return in, p
}

const jsonType = "application/json"

// Both encodings of a body fill the same struct.
func TestInputsOfEveryKind(t *testing.T) {
	want := everyKind{ID: "b", Email: "a@b.c", Code: "123", Method: "code", Phone: "+14155550100", Remember: true, Custom: map[string]string{"plan": "gold"},
		Credential: json.RawMessage(`{"id": "x", "list": [1, {"deep": null}]}`), Extra: map[string]string{"company": ""}}
	want.Answers = append(want.Answers, struct {
		QuestionID string `json:"question_id" in:"required"`
		Answer     string `json:"answer" in:"required,max=5"`
	}{"q", "blue"})
	want.Nested.Name = "n"
	for contentType, body := range map[string]string{
		jsonType: `{"email":"a@b.c","otp":"123","method":"code","phone":"+1 (415) 555-0100","remember":true,"custom_fields":{"plan":"gold"},
			"credential":{"id": "x", "list": [1, {"deep": null}]},"answers":[{"question_id":"q","answer":"blue"}],"nested":{"name":"n"},"company":"","token":null}`,
		urlencoded: "email=a%40b.c&code=123&method=code&phone=%2B1+415+555+0100&remember=on&custom_fields.plan=gold&answers.0.question_id=q&answers.0.answer=blue&nested.name=n&company=&token=" +
			"&credential=%7B%22id%22%3A+%22x%22%2C+%22list%22%3A+%5B1%2C+%7B%22deep%22%3A+null%7D%5D%7D",
	} {
		if got, p := readEvery(t, "/auth/things/b", contentType, body); p != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v %+v", contentType, got, p)
		}
	}
}

// What cannot be used is refused with the name of the field.
func TestInputsAreStrict(t *testing.T) {
	const ok = `"token":"t","method":"link"`
	for _, tt := range []struct {
		path, contentType, body string
		status                  int
		want                    string // field code, field code
	}{
		{"/things/a", jsonType, `{` + ok + `}`, 0, ""},
		{"/things/a/", jsonType, `{` + ok + `}`, 0, ""},
		{"/things/c", jsonType, `{` + ok + `}`, 404, ""},
		{"/things/", jsonType, `{` + ok + `}`, 404, ""},
		{"/things/a", jsonType, `{}`, 422, "token required, method required"},
		{"/things/a", jsonType, `{"token":"t","email":"e","method":"link"}`, 422, "token ambiguous"},
		{"/things/a", jsonType, `{"email":"e","method":"link"}`, 422, "code required"},
		{"/things/a", jsonType, `{"email":"e","code":"1","otp":"1","method":"link"}`, 422, "code ambiguous"},
		{"/things/a", urlencoded, `email=e&code=1&otp=1&method=link`, 422, "code ambiguous"},
		{"/things/a", jsonType, `{"email":"e","otp":"123456789","method":"link"}`, 422, "code too_long"},
		{"/things/a", jsonType, `{"token":"t","method":"pigeon"}`, 422, "method not_acceptable"},
		{"/things/a", jsonType, `{` + ok + `,"phone":"0171 123"}`, 422, "phone not_acceptable"},
		{"/things/a", jsonType, `{` + ok + `,"remember":"yes"}`, 422, "remember wrong_type"},
		{"/things/a", urlencoded, `token=t&method=link&remember=yes`, 422, "remember wrong_type"},
		{"/things/a", jsonType, `{` + ok + `,"token":5}`, 400, "token duplicate"},
		{"/things/a", jsonType, `{"token":5}`, 422, "token wrong_type"},
		{"/things/a", jsonType, `{` + ok + `,"Token":"x"}`, 400, "Token unknown"},
		{"/things/a", jsonType, `{` + ok + `,"custom_fields":{"role":"admin"}}`, 400, "custom_fields.role unknown"},
		{"/things/a", urlencoded, `custom_fields.role=admin`, 400, "custom_fields.role unknown"},
		{"/things/a", jsonType, `{` + ok + `,"answers":[{"question_id":"q","answer":"yellow"}]}`, 422, "answers.0.answer too_long"},
		{"/things/a", jsonType, `{` + ok + `,"answers":[{"question_id":"q"}]}`, 422, "answers.0.answer required"},
		{"/things/a", jsonType, `{` + ok + `,"answers":[{},{},{}]}`, 422, "answers too_long"},
		{"/things/a", jsonType, `{` + ok + `,"answers":[{"question_id":"q","question_id":"q"}]}`, 400, "answers.0.question_id duplicate"},
		{"/things/a", jsonType, `{` + ok + `,"answers":[{"other":"q"}]}`, 400, "answers.0.other unknown"},
		{"/things/a", jsonType, `{` + ok + `,"answers":["q"]}`, 422, "answers.0 wrong_type"},
		{"/things/a", jsonType, `{` + ok + `,"answers":{}}`, 422, "answers wrong_type"},
		{"/things/a", urlencoded, `token=t&method=link&answers.2.answer=x`, 400, "answers.2.answer unknown"},
		{"/things/a", urlencoded, `token=t&method=link&answers.01.answer=x`, 400, "answers.01.answer unknown"},
		{"/things/a", urlencoded, `token=t&method=link&answers.1.answer=x`, 422, "answers.0.question_id required, answers.0.answer required, answers.1.question_id required"},
		{"/things/a", jsonType, `{` + ok + `,"nested":{"name":""}}`, 0, ""},
		{"/things/a", jsonType, `{` + ok + `,"nested":{"name":"n","name":"n"}}`, 400, "nested.name duplicate"},
		{"/things/a", jsonType, `{` + ok + `,"credential":"x"}`, 422, "credential wrong_type"},
		{"/things/a", jsonType, `{` + ok + `,"credential":{"a":{"b":1,"b":2}}}`, 400, "credential duplicate"},
		{"/things/a", jsonType, `{` + ok + `,"credential":` + strings.Repeat(`{"a":`, 20) + `1` + strings.Repeat(`}`, 20) + `}`, 422, "credential wrong_type"},
		{"/things/a", urlencoded, `token=t&method=link&credential=%7B`, 422, "credential wrong_type"},
	} {
		_, p := readEvery(t, tt.path, tt.contentType, tt.body)
		if tt.status == 0 {
			if p != nil {
				t.Errorf("%s %s: %+v", tt.path, tt.body, p)
			}
			continue
		}
		if p == nil {
			t.Errorf("%s %s is accepted", tt.path, tt.body)
			continue
		}
		var got []string
		for _, e := range p.Errors {
			got = append(got, e.Field+" "+e.Code)
		}
		if p.Status != tt.status || strings.Join(got, ", ") != tt.want {
			t.Errorf("%s %s: %d %v, want %d %s", tt.path, tt.body, p.Status, got, tt.status, tt.want)
		}
	}
	_, p := readEvery(t, "/things/a", jsonType, `{"token":"t","method":"pigeon"}`)
	if p == nil || strings.Join(p.Errors[0].Allowed, " ") != "link code" {
		t.Errorf("the problem does not list the allowed values: %+v", p)
	}
}

// The OpenAPI schema of a shape accepts what the shape accepts.
func TestInputSchema(t *testing.T) {
	raw, err := json.Marshal(everyShape(t).schema(false))
	if err != nil {
		t.Fatal(err)
	}
	var s openapi3.Schema
	if err := s.UnmarshalJSON(raw); err != nil {
		t.Fatal(err)
	}
	for body, valid := range map[string]bool{
		`{"email":"a@b.c","otp":"123","method":"code","answers":[{"question_id":"q","answer":"blue"}],"nested":{"name":"n"},"credential":{"x":1}}`: true,
		`{"token":"t","method":"link","company":null}`:                   true,
		`{"token":"t","method":"pigeon"}`:                                false,
		`{"token":"t"}`:                                                  false,
		`{"method":"link"}`:                                              false,
		`{"token":"t","method":"link","other":"x"}`:                      false,
		`{"token":"t","method":"link","answers":[{"question_id":"q"}]}`:  false,
		`{"token":"t","email":"e","code":"1","method":"link"}`:           false,
		`{"token":"t","method":"link","custom_fields":{"plan":"gold"}}`:  true,
		`{"token":"t","method":"link","custom_fields":{"role":"admin"}}`: false,
	} {
		var v any
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Fatal(err)
		}
		if err := s.VisitJSON(v, openapi3.EnableJSONSchema2020()); (err == nil) != valid {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// A mistake in an input struct is an error at start.
func TestUnusableInputs(t *testing.T) {
	type number struct {
		N int `json:"n"`
	}
	type option struct {
		A string `json:"a" in:"requird"`
	}
	type choice struct {
		_ struct{} `choices:"a | b"`
		A string   `json:"a"`
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[number](), reflect.TypeFor[option](), reflect.TypeFor[choice]()} {
		if _, err := shapeOf(typ, nil, nil); err == nil {
			t.Errorf("%s is accepted", typ)
		}
	}
	a := &App{cfg: newRouteConfig(nil)}
	route(a, Route{Name: "broken"}, func(context.Context, *Request, number) (*Response, error) { return nil, nil })
	if a.cfg.err == nil || !strings.Contains(a.cfg.err.Error(), "broken") {
		t.Errorf("the error of the route is lost: %v", a.cfg.err)
	}
}

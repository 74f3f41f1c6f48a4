package core_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Every documented answer decodes without losing a documented field: those of our
// operations.
func TestSamplesDecode(t *testing.T) {
	type sample struct {
		Method, Answers string
		Sample          json.RawMessage
	}
	var samples []sample
	for _, f := range fixtures(t) {
		samples = append(samples, sample{f.Name, f.Name, f.Answer})
	}
	for _, s := range samples {
		if len(s.Sample) == 0 || string(s.Sample) == "null" {
			continue // nothing is documented
		}
		t.Run(s.Method, func(t *testing.T) {
			f := fixtureOf(t, s.Answers)
			var result any
			record(t, nil, string(s.Sample), func(ctx context.Context, c *core.Client) {
				var err error
				result, err = invoke(ctx, c, f.Operation, f.Full.Args)
				var challenge *core.MFAChallenge
				switch {
				case errors.As(err, &challenge):
					result = challenge
				case err != nil:
					t.Errorf("the documented answer is an error: %v", err)
				}
			})
			var sample any
			if err := json.Unmarshal(s.Sample, &sample); err != nil {
				t.Fatal(err)
			}
			if v := reflect.ValueOf(result); result == nil || v.Kind() == reflect.Pointer && v.IsNil() {
				// The operation tells success alone, or no login came with it.
				if m := sample.(map[string]any); !onlyWire(m) {
					t.Errorf("no result for %v", m)
				}
				return
			}
			lost(t, s.Method, unwrap(sample, result), reflect.ValueOf(result))
		})
	}
}

// onlyWire reports whether an answer says nothing but that it was done.
func onlyWire(m map[string]any) bool {
	for key, v := range m {
		if wireOnly[strings.ToLower(key)] == "" && !isEmpty(v) {
			return false
		}
	}
	return true
}

// unwrap steps into the envelopes that our methods take off, and puts the tokens of a
// login where they belong.
func unwrap(sample, result any) any {
	m, ok := sample.(map[string]any)
	if !ok {
		return sample
	}
	data, hasData := m["Data"]
	first, isObject := data.(map[string]any)
	list, _ := data.([]any)
	if len(list) > 0 {
		first, isObject = list[0].(map[string]any)
	}
	switch result.(type) {
	case *core.LoginResult:
		return unwrapLogin(m)
	case []core.Profile:
		return data
	case *core.Profile, *core.SMSReceipt:
		if isObject {
			return first
		}
		if _, also := m["access_token"]; also { // and is good for the session that asked
			bare := maps.Clone(m)
			for _, key := range []string{"access_token", "refresh_token", "expires_in"} {
				delete(bare, key)
			}
			return bare
		}
	case *core.MFAChallenge:
		return m["SecondFactorAuthentication"]
	case *core.SiteConfiguration: // its other keys are behind Value
		typed := maps.Clone(m)
		maps.DeleteFunc(typed, func(key string, _ any) bool {
			_, ok := reflect.TypeFor[core.SiteConfiguration]().FieldByNameFunc(func(n string) bool { return strings.EqualFold(n, key) })
			return !ok && key != "PassKeysConfig"
		})
		return typed
	case bool:
		return m["IsExist"]
	}
	for _, envelope := range []string{"RegisterBeginCredential", "LoginBeginCredential"} {
		if inside, ok := m[envelope]; ok {
			return inside
		}
	}
	if reflect.ValueOf(result).Kind() == reflect.Slice {
		if credentials, ok := m["Credentials"]; ok {
			return credentials
		}
		if hasData {
			return data
		}
		return m["data"]
	}
	return sample
}

// unwrapLogin gives every documented form of a login the one form of a LoginResult.
func unwrapLogin(m map[string]any) map[string]any {
	out := map[string]any{}
	collect := func(from map[string]any) {
		rest := map[string]any{}
		for k, v := range from {
			switch k {
			case "access_token", "refresh_token", "expires_in", "session_token", "session_expires_in":
				out[k] = v
			case "Profile", "Data", "IsPosted", "SecondFactorAuthentication":
			default:
				rest[k] = v
			}
		}
		if len(rest) > 0 && out["Profile"] == nil {
			out["Profile"] = rest
		}
	}
	collect(m)
	for _, inside := range []any{m["Profile"], m["Data"]} {
		if list, ok := inside.([]any); ok {
			for _, item := range list {
				collect(item.(map[string]any))
			}
		}
		if object, ok := inside.(map[string]any); ok {
			collect(object)
			if p, ok := object["Profile"].(map[string]any); ok {
				collect(p)
			}
		}
	}
	return out
}

// wireOnly are keys that no result has a field for, and why.
var wireOnly = map[string]string{
	"isdeleted": "true, or it would be an error", "isposted": "likewise", "isdeleterequestaccepted": "likewise", "isvalid": "likewise", "isverified": "likewise",
	"exp": "is ExpiresAt", "iat": "is IssuedAt", "nbf": "is NotBefore", "aud": "is Audience", "scp": "is Scopes",
	"cid": "is ClientID", "azp": "likewise", "token_type": "is always Bearer",
	"expires_in": "is ExpiresAt", "expiresin": "likewise", "session_expires_in": "is SessionExpiresAt", "isgoogleauthenticatorverified": "older name of IsAuthenticatorVerified",
	"issecurityquestionenabled": "is SecurityQuestionVerified",
}

// sampleIsWrong are documented values that make no sense where they stand; a Profile
// still has them behind Value.
var sampleIsWrong = map[string]string{
	"Created":                "true is no time",
	"LastPasswordChangeDate": "a GUID is no time",
	"Identities":             "a text is no identity",
}

// lost reports every value of the sample that the decoded result does not hold.
func lost(t *testing.T, path string, sample any, v reflect.Value) {
	t.Helper()
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			if !isEmpty(sample) {
				t.Errorf("%s is lost: %v", path, sample)
			}
			return
		}
		v = v.Elem()
	}
	if isEmpty(sample) {
		return
	}
	if at, ok := reflect.TypeAssert[core.Time](v); ok {
		s, _ := sample.(string)
		if name := path[strings.LastIndexByte(path, '.')+1:]; at.IsZero() && !strings.Contains(s, ":") && sampleIsWrong[name] != "" {
			return
		}
		if at.IsZero() && !strings.HasPrefix(s, "0001") {
			t.Errorf("%s: the time %v is lost", path, sample)
		}
		return
	}
	if raw, ok := reflect.TypeAssert[json.RawMessage](v); ok {
		want, _ := json.Marshal(sample)
		sameJSON(t, want, raw)
		return
	}
	switch s := sample.(type) {
	case map[string]any:
		for key, value := range s {
			lostKey(t, path+"."+key, key, value, v)
		}
	case []any:
		if v.Kind() != reflect.Slice || v.Len() != len(s) {
			t.Errorf("%s: the list %v is lost in %v", path, s, v)
			return
		}
		for i := range s {
			lost(t, path+"[]", s[i], v.Index(i))
		}
	default:
		if v.Kind() == reflect.Slice && v.Len() == 1 { // a single value for a list
			v = v.Index(0)
		}
		if text, ok := sample.(string); ok && v.Kind() == reflect.String && v.String() != text {
			t.Errorf("%s: %q became %q", path, text, v)
		}
		if n, ok := sample.(float64); ok && v.CanInt() && float64(v.Int()) != n {
			t.Errorf("%s: %v became %v", path, n, v)
		}
		zero := sample == false || sample == 0.0 || v.Kind() == reflect.Bool && strings.EqualFold(fmt.Sprint(sample), "false") || sample == "0" && v.Kind() == reflect.Int
		if v.IsZero() && !zero {
			if strings.HasSuffix(path, "Identities[]") && sampleIsWrong["Identities"] != "" {
				return
			}
			t.Errorf("%s: %v (%T) is lost", path, sample, sample)
		}
	}
}

func lostKey(t *testing.T, path, key string, value any, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Map:
		e := v.MapIndex(reflect.ValueOf(key))
		if !e.IsValid() {
			t.Errorf("%s is lost", path)
		}
		return
	case reflect.Interface:
		return
	case reflect.Struct:
	default:
		t.Errorf("%s is lost in a %s", path, v.Kind())
		return
	}
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			name = f.Name
		}
		if f.IsExported() && !f.Anonymous && strings.EqualFold(name, key) {
			lost(t, path, value, v.FieldByIndex(f.Index))
			return
		}
	}
	if _, ofAccount := reflect.TypeFor[core.Profile]().FieldByNameFunc(func(n string) bool { return strings.EqualFold(n, key) }); ofAccount && strings.Contains(path, "Identities[]") {
		return // repeated from the account; a Profile has it behind Value
	}
	if wireOnly[strings.ToLower(key)] == "" && !isEmpty(value) {
		t.Errorf("%s has no field", path)
	}
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// profileSamples returns every profile of the catalogue.
func profileSamples(t testing.TB) map[string]json.RawMessage {
	t.Helper()
	out := map[string]json.RawMessage{}
	for _, p := range load[[]struct {
		Method  string
		Profile json.RawMessage
	}](t, "profiles.json") {
		out[p.Method] = p.Profile
	}
	for _, f := range fixtures(t) {
		var flat struct {
			Uid, ID any
			Profile json.RawMessage
		}
		if json.Unmarshal(f.Answer, &flat) == nil {
			if flat.Uid != nil && flat.ID != nil && len(f.Answer) > 1000 && !bytes.Contains(f.Answer, []byte(`"access_token"`)) {
				out[f.Name] = f.Answer
			}
			if len(flat.Profile) > 10 && !bytes.Contains(flat.Profile, []byte(`"access_token"`)) {
				out[f.Name+" Profile"] = flat.Profile
			}
		}
	}
	if len(out) < 12 {
		t.Fatalf("only %d profiles found", len(out))
	}
	return out
}

func TestProfileLosesNothing(t *testing.T) {
	samples := profileSamples(t)
	samples["odd"] = json.RawMessage(`{"uid":"u","Email":"a@b.c","UnverifiedEmail":"x@y.z","Country":"Canada","IsProtected":"True","PublicRepository":3,
		"PreviousUids":"old","PhoneNumbers":5,"Verified":true,"LoginLockedType":0,"NoOfLogins":"7","New":{"deep":[1,{"er":null}]},"Addresses":[{"City":"Z","New":1}],
		"BirthDate":12,"Roles":"admin","CustomFields":[],"Age":{"odd":1},"Created":"5/20/2008 12:33:35 AM +00:00","Big":12345678901234567890}`)
	for name, raw := range samples {
		t.Run(name, func(t *testing.T) {
			var p core.Profile
			if err := json.Unmarshal(raw, &p); err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, raw, again)

			var sample map[string]any
			if err := json.Unmarshal(raw, &sample); err != nil {
				t.Fatal(err)
			}
			if name != "odd" {
				lost(t, name, sample, reflect.ValueOf(p))
			}
			p.FirstName = "Changed"
			again, err = json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			key := "FirstName"
			sample[key] = "Changed"
			want, _ := json.Marshal(sample)
			if name != "odd" { // a float cannot hold its big number
				sameJSON(t, want, again)
			}
		})
	}
}

func sameJSON(t *testing.T, want, have []byte) {
	t.Helper()
	decode := func(b []byte) (v any) {
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	if w, h := decode(want), decode(have); !reflect.DeepEqual(w, h) {
		t.Errorf("encoded again:\n%s\nwant\n%s", have, want)
	}
}

func TestOddProfile(t *testing.T) {
	var p core.Profile
	if err := json.Unmarshal([]byte(`{"UID":"u","Email":"a@b.c","Country":"Canada","IsProtected":"True","PublicRepository":3,"PreviousUids":"old",
		"phoneId":"+1","NoOfLogins":"7","Roles":null,"EmailVerified":"true","Surprise":[1],"IsActive":{"odd":1}}`), &p); err != nil {
		t.Fatal(err)
	}
	if p.UID != "u" || p.PrimaryEmail() != "a@b.c" || p.Country.Name != "Canada" || !p.IsProtected || p.PublicRepository != "3" ||
		p.PreviousUIDs[0] != "old" || p.PhoneID != "+1" || p.NoOfLogins != 7 || p.Roles != nil || !p.EmailVerified || p.IsActive {
		t.Errorf("decoded %+v", p)
	}
	for key, want := range map[string]string{"surprise": "[1]", "IsActive": `{"odd":1}`} {
		if raw, ok := p.Value(key); !ok || string(raw) != want {
			t.Errorf("Value(%s) = %s, %v", key, raw, ok)
		}
	}
	if _, ok := p.Value("absent"); ok {
		t.Error("an absent key has a value")
	}
	for _, bad := range []string{``, `[]`, `"x"`, `{"a":`, `12`} {
		if err := new(core.Profile).UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%q is a profile", bad)
		}
	}
}

// Every documented field has a field: those of the two kinds of profile, and for each
// documented part of an answer, one of our types has them all.
func TestDocumentedFieldsHaveFields(t *testing.T) {
	types := map[reflect.Type]map[string]bool{} // to the keys of its fields, in lower case
	for _, v := range []any{core.Profile{}, core.SocialProfile{}, core.LoginResult{}, core.MFAChallenge{}, core.MFASettings{}, core.TokenInfo{}, core.PrivacyPolicyHistory{}} {
		collectTypes(types, reflect.TypeOf(v))
	}
	lacks := func(typ reflect.Type, documented map[string]string) (out []string) {
		for name := range documented {
			if !types[typ][strings.ToLower(name)] && wireOnly[strings.ToLower(name)] == "" {
				out = append(out, name)
			}
		}
		return out
	}
	is := map[string]reflect.Type{
		"Identity": reflect.TypeFor[core.Profile](), "SocialUserProfile": reflect.TypeFor[core.SocialProfile](),
		"SecondFactorAuthentication": reflect.TypeFor[core.MFAChallenge](),
	}
	for name, documented := range load[map[string]map[string]string](t, "profile-fields.json") {
		if why := notOurs[name]; why != "" {
			continue
		}
		if typ, ok := is[name]; ok {
			if left := lacks(typ, documented); len(left) > 0 {
				t.Errorf("%s has no field for %v", typ.Name(), left)
			}
			continue
		}
		found := false
		for typ := range types {
			found = found || len(lacks(typ, documented)) == 0
		}
		if !found {
			t.Errorf("no type has the fields of %s: %v", name, documented)
		}
	}
}

// notOurs are documented parts that no answer of our operations has as they are.
var notOurs = map[string]string{
	"LoginResponse": "is LoginResult or, with a block of its own, MFAChallenge",
}

func collectTypes(types map[reflect.Type]map[string]bool, typ reflect.Type) {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		collectTypes(types, typ.Elem())
		return
	case reflect.Struct:
	default:
		return
	}
	if types[typ] != nil {
		return
	}
	keys := map[string]bool{}
	types[typ] = keys
	for _, f := range reflect.VisibleFields(typ) {
		if f.IsExported() && !f.Anonymous {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				name = f.Name
			}
			keys[strings.ToLower(name)] = true
			collectTypes(types, f.Type)
		}
	}
}

// A missing list is an empty one, in whichever form LoginRadius sends it.
func TestEmptyLists(t *testing.T) {
	ctx := context.Background()
	for _, body := range []string{`{"Roles":null,"data":null}`, `{"Roles":[],"data":[]}`, `{}`, `{"roles":""}`} {
		c := serveJSON(t, 200, body)
		if r, err := c.Role.ByUID(ctx, "u"); err != nil || r.Roles == nil || len(r.Roles) != 0 {
			t.Errorf("%s: %#v, %v", body, r, err)
		}
		if r, err := c.Social.SessionsByUID(ctx, "u"); err != nil || r.Sessions == nil || len(r.Sessions) != 0 {
			t.Errorf("%s: %#v, %v", body, r, err)
		}
	}
	c := serveJSON(t, 403, `{"errorCode":1055,"message":"Session has expired"}`)
	if r, err := c.Social.SessionsByUID(ctx, "u"); err != nil || r.Sessions == nil || len(r.Sessions) != 0 {
		t.Errorf("no sessions of an account: %#v, %v", r, err)
	}
	if r, err := c.Social.SessionsByProfileID(ctx, "p"); err != nil || r.Sessions == nil {
		t.Errorf("no sessions of an identity: %#v, %v", r, err)
	}
	if _, err := c.Social.Sessions(ctx, "token"); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("no session of a token: %v", err)
	}
}

// An update answers with the profile under Data or bare.
func TestUpdatedProfile(t *testing.T) {
	for _, body := range []string{`{"IsPosted":true,"Data":{"Uid":"u","FirstName":"Ada","New":1}}`, `{"Uid":"u","FirstName":"Ada","New":1}`} {
		c := serveJSON(t, 200, body)
		p, err := c.Authentication.UpdateProfile(context.Background(), core.UpdateProfileRequest{AccessToken: "t", Profile: core.Profile{FirstName: "Ada"}})
		if err != nil || p.UID != "u" || p.FirstName != "Ada" {
			t.Fatalf("%s: %v, %v", body, p, err)
		}
		if raw, ok := p.Value("New"); !ok || string(raw) != "1" {
			t.Errorf("%s: New = %s", body, raw)
		}
	}
}

func TestTimes(t *testing.T) {
	want := time.Date(2024, 5, 1, 10, 20, 30, 0, time.UTC)
	for text, fraction := range map[string]time.Duration{
		"2024-05-01T10:20:30Z": 0, "2024-05-01T10:20:30": 0, "2024-05-01T10:20:30.1Z": 100 * time.Millisecond, "2024-05-01T10:20:30.12Z": 120 * time.Millisecond,
		"2024-05-01T10:20:30.123Z": 123 * time.Millisecond, "2024-05-01T10:20:30.1234Z": 123400 * time.Microsecond, "2024-05-01T10:20:30.12345Z": 123450 * time.Microsecond,
		"2024-05-01T10:20:30.123456Z": 123456 * time.Microsecond, "2024-05-01T10:20:30.1234567Z": 123456700, "2024-05-01T10:20:30.1234567": 123456700,
		"2024-05-01T10:20:30+0000": 0, "2024-05-01T12:20:30+02:00": 0, "5/1/2024 10:20:30 AM +00:00": 0, "05/01/2024 10:20:30": 0, "2024-05-01 10:20:30": 0,
	} {
		var at core.Time
		if err := json.Unmarshal([]byte(`"`+text+`"`), &at); err != nil || !at.Equal(want.Add(fraction)) {
			t.Errorf("%s is %v (%v), want %v", text, at, err, want.Add(fraction))
		}
	}
	for _, unset := range []string{`null`, `""`, `"0001-01-01T00:00:00"`, `"soon"`, `12`, `{}`, `"9999999-01-01"`, `"9999-12-31T23:59:59-07:00"`} {
		var at core.Time
		if err := json.Unmarshal([]byte(unset), &at); err != nil || !at.IsZero() {
			t.Errorf("%s is %v (%v), want the zero time", unset, at, err)
		}
	}
	if b, _ := json.Marshal(core.Time{}); string(b) != "null" {
		t.Errorf("the zero time is written as %s", b)
	}
}

func BenchmarkProfileDecode(b *testing.B) {
	raw := profileSamples(b)["get_account_profile_by_uid"]
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if err := new(core.Profile).UnmarshalJSON(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzProfile(f *testing.F) {
	f.Add([]byte(`{"Uid":"u","Email":[{"Type":"Primary","Value":"a@b.c"}],"Roles":null,"New":{"a":[1]}}`))
	f.Add([]byte(`{"uid":5,"Email":"x","Country":"C","CustomFields":{"a":1},"CreatedDate":"0001-01-01T00:00:00"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var p core.Profile
		if p.UnmarshalJSON(raw) != nil {
			return
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatalf("what was decoded cannot be encoded: %v", err)
		}
		var q core.Profile
		if err := q.UnmarshalJSON(again); err != nil || q.UID != p.UID || q.PrimaryEmail() != p.PrimaryEmail() {
			t.Fatalf("%s became %s (%v)", raw, again, err)
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, s := range []string{`"2024-05-01T10:20:30.1234567"`, `"5/1/2024 10:20:30 AM +00:00"`, `null`, `"0001-01-01T00:00:00"`, `"9999-12-31T23:59:59-07:00"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		var at core.Time
		if err := json.Unmarshal(raw, &at); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(at)
		var again core.Time
		if err != nil || json.Unmarshal(b, &again) != nil || again.Sub(at.Time).Abs() >= time.Millisecond {
			t.Fatalf("%s became %v and then %v (%v)", raw, at, again, err)
		}
	})
}

package emulator_test

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const (
	native = "GET /api/v2/access_token/"
	jwtKey = "a secret of thirty-two bytes, ok."
)

// signedJWT signs claims with HMAC or, for a private key, RSA.
func signedJWT(t *testing.T, key any, claims string) string {
	t.Helper()
	alg := jose.HS256
	if _, ok := key.(*rsa.PrivateKey); ok {
		alg = jose.RS256
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign([]byte(claims))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Every provider takes its own parameter, and vouches for the user of its tokens.
func TestNativeLogins(t *testing.T) {
	for call, c := range map[string]struct{ provider, more string }{
		"facebook?fb_access_token=":   {"facebook", ""},
		"facebookjwt?id_token=":       {"facebookjwt", ""},
		"google?google_access_token=": {"google", ""},
		"google?google_authcode=":     {"google", ""},
		"googlejwt?id_token=":         {"googlejwt", ""},
		"twitter?tw_access_token=":    {"twitter", "&tw_token_secret=s"},
		"apple?code=":                 {"apple", ""},
		"applejwt?id_token=":          {"apple", ""},
		"applert?refresh_token=":      {"apple", ""},
		"linkedin?ln_access_token=":   {"linkedin", ""},
		"foursquare?fs_access_token=": {"foursquare", ""},
		"wechat?code=":                {"wechat", ""},
		"vkontakte?vk_access_token=":  {"vkontakte", ""},
	} {
		t.Run(call, func(t *testing.T) {
			a := newAPI(t)
			token := "emu:" + c.provider + ":7:ada@example.com"
			r := a.ok(native+call+token+c.more, "")
			if r.text("refresh_token") == "" || r.body["Profile"] != nil {
				t.Errorf("answer: %s", r.raw)
			}
			p := a.as(r.text("access_token")).ok(getProfile, "")
			if p.text("Provider") != c.provider || p.body["EmailVerified"] != true || fmt.Sprint(p.body["Email"]) != "[map[Type:Primary Value:ada@example.com]]" {
				t.Errorf("profile: %s %v %v", p.text("Provider"), p.body["EmailVerified"], p.body["Email"])
			}
			again := a.as(a.ok(native+call+token+c.more, "").text("access_token")).ok(getProfile, "")
			if again.text("Uid") != p.text("Uid") {
				t.Error("the second login made another account")
			}
			missing := 929
			if strings.HasPrefix(call, "applert") {
				missing = 1337
			}
			a.refused(missing, native+call+c.more, "")
			for _, bad := range []string{"unknown", "emu:other:7:ada@example.com", "emu:" + c.provider + "::ada@example.com", "emu:" + c.provider + ":7:nobody"} {
				if r := a.refused(1000, native+call+bad+c.more, ""); r.body["isProviderError"] != true {
					t.Errorf("refusal: %s", r.raw)
				}
			}
		})
	}
}

func TestCustomJWT(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	a := newAPI(t, emulator.WithJWTProvider("Mine", []byte(jwtKey)), emulator.WithJWTProvider("theirs", &private.PublicKey), emulator.WithFrozenClock(noon))
	login := func(provider, token string) string {
		return native + "jwt?providername=" + provider + "&id_token=" + token
	}
	claims := func(until time.Duration) string {
		return fmt.Sprintf(`{"sub":"7","email":"ada@example.com","given_name":"Ada","exp":%d}`, noon.Add(until).Unix())
	}
	mine := signedJWT(t, []byte(jwtKey), claims(time.Hour))
	p := a.as(a.ok(login("mine", mine), "").text("access_token")).ok(getProfile, "")
	if p.text("Provider") != "mine" || p.text("FirstName") != "Ada" {
		t.Errorf("profile: %s %s", p.text("Provider"), p.text("FirstName"))
	}
	if other := a.as(a.ok(login("MINE", signedJWT(t, []byte(jwtKey), `{"id":"7"}`)), "").text("access_token")).ok(getProfile, ""); other.text("Uid") != p.text("Uid") {
		t.Error("the same id made another account")
	}
	a.ok(login("theirs", signedJWT(t, private, `{"sub":"8"}`)), "")
	a.as(mine).ok(native+"jwt?providername=mine", "") // a bearer does as well
	a.refused(1231, login("mine", signedJWT(t, []byte(jwtKey), `{"email":"ada@example.com"}`)), "")
	for _, bad := range []string{
		"junk", mine + "x", signedJWT(t, []byte(strings.Repeat("x", 32)), claims(time.Hour)), signedJWT(t, []byte(jwtKey), claims(-time.Hour)),
		signedJWT(t, private, claims(time.Hour)), "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0.",
	} {
		a.refused(1232, login("mine", bad), "")
	}
	a.refused(1232, login("theirs", mine), "") // HMAC where RSA is configured
	a.refused(1223, login("unknown", mine), "")
	if r := a.call(native+"jwt?id_token="+mine, ""); r.code() != 908 {
		t.Errorf("without a provider: %s", r.raw)
	}
}

func TestOlderRefresh(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	access, refresh := a.tokens(uid)
	refreshing := "GET /api/v2/access_token/refresh?secret=" + a.APISecret() + "&access_token="
	r := a.ok(refreshing+access+"&expiresIn=7&isWeb=true", "")
	if r.text("expires_in") != "2026-03-01T12:07:00.123Z" || r.text("access_token") == access {
		t.Errorf("refreshed: %s", r.raw)
	}
	a.as(access).refused(905, getProfile, "")
	a.refused(1217, getRefresh+refresh, "")
	a.as(r.text("access_token")).ok(getProfile, "")
	if r := a.ok(refreshing+r.text("access_token"), ""); r.text("expires_in") != "2026-03-01T12:15:00.123Z" {
		t.Errorf("by default: %s", r.raw)
	}
	a.refused(905, refreshing+access, "")
	a.with("X-LoginRadius-ApiSecret", "").refused(902, "GET /api/v2/access_token/refresh?secret=wrong&access_token="+access, "")
	social := a.ok(native+"facebook?fb_access_token=emu:facebook:7:fb@example.com", "").text("access_token")
	if r := a.ok(refreshing+social+"&expiresIn=7", ""); r.text("expires_in") != "2026-03-01T12:00:07.123Z" {
		t.Errorf("social: %s", r.raw)
	}
	fresh, _ := a.tokens(uid)
	if r := a.ok("GET /api/v2/userprofile/refresh?access_token="+fresh, ""); r.text("Uid") != uid {
		t.Errorf("profile: %s", r.raw)
	}
}

// The configuration tells what the emulator does.
func TestAppInfo(t *testing.T) {
	a := newAPI(t)
	info := a.with("X-LoginRadius-ApiSecret", "").ok("GET /ciam/appinfo", "")
	if info.text("EmailVerificationFlow") != "required" || info.body["IsPhoneLogin"] != true || info.object("TwoFactorAuthentication")["IsEnabled"] != false ||
		info.object("PassKeysConfig")["IsEnabled"] != false || info.object("TemplateVerificationTypes")["OneClickSignin"] != "MAGICLINK" {
		t.Errorf("default: %s", info.raw)
	}
	a = newAPI(t, emulator.WithEmailWorkflow(emulator.Optional), emulator.WithEmailOTP(), emulator.Without(emulator.FeaturePhoneLogin),
		emulator.WithMFA(emulator.MFARequired), emulator.WithMFAFactors(emulator.FactorPasskey), emulator.WithPasskeys(emulator.Passkeys{RPID: "example.com", Origins: []string{"https://example.com"}}),
		emulator.WithPrivacyPolicy("1.0", emulator.PrivacyStrict), emulator.WithLockout(3, time.Minute), emulator.WithLockKind(emulator.Captcha))
	info = a.ok("GET /ciam/appinfo", "")
	factors := info.object("TwoFactorAuthentication")
	if info.text("EmailVerificationFlow") != "optional" || info.body["IsPhoneLogin"] != false || factors["IsRequired"] != true || factors["IsPasskeyAuthenticator"] != true ||
		factors["IsAuthenticator"] != false || info.object("TemplateVerificationTypes")["OneClickSignin"] != "OTP" || info.object("PassKeysConfig")["RPID"] != "example.com" ||
		info.object("PrivacyPolicyConfiguration")["Mode"] != "Strict" || info.object("LoginLockedConfiguration")["LoginLockedType"] != "Captcha" {
		t.Errorf("configured: %s", info.raw)
	}
	a.with("X-LoginRadius-ApiKey", "wrong").refused(901, "GET /ciam/appinfo", "")
}

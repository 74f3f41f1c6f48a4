package core

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func loadVectors(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestSigningVectors(t *testing.T) {
	var vectors []struct {
		Name, Kind, Secret, Expires string
		Digest                      string  `json:"digest_header"`
		URL                         string  `json:"url_signed"`
		Payload                     *string `json:"payload_signed"`
	}
	loadVectors(t, "signing.json", &vectors)
	for _, v := range vectors {
		var body []byte
		if v.Payload != nil && *v.Payload != "" {
			body = []byte(*v.Payload)
		}
		if have := requestDigest(v.Secret, v.Expires, v.URL, body); have != v.Digest {
			t.Errorf("%s (%s): digest %s, want %s", v.Name, v.Kind, have, v.Digest)
		}
	}
	const secret, expires = "11111111-2222-4333-8444-555555555555", "2024-01-02 03:04:05"
	const base = "https://api.loginradius.com/identity/v2/manage/account"
	const key = "b4a9d3e0-0000-4000-8000-00000000abcd"
	if have := requestDigest(secret, expires, base+"?apikey="+key+"&email=a%2Bb%40example.com", nil); have != "SHA-256=IgMc21cbv8cmNRTPeRYw0BlPxdphmixYUStBbqxW1sY=" {
		t.Errorf("GET: %s", have)
	}
	if have := requestDigest(secret, expires, base+"/forgot/token?apikey="+key, []byte(`{"email":"a@example.com"}`)); have != "SHA-256=cyZqMGAMQuqLbKRp9w0UDR/saXdzkra5KrobuUm0C6A=" {
		t.Errorf("POST: %s", have)
	}
}

func TestSignedRequestExpires(t *testing.T) {
	afternoon := time.Date(2026, 1, 15, 23, 30, 45, 0, time.FixedZone("east", 2*3600))
	h := http.Header{}
	signRequest(h, "secret", "https://x.example/identity/v2/manage/account?apikey=k", nil, afternoon)
	if have := h.Get("X-Request-Expires"); have != "2026-01-15 21:50:45" {
		t.Errorf("expires %s, want UTC on a 24-hour clock, 20 minutes on", have)
	}
	if !strings.HasPrefix(h.Get("digest"), "SHA-256=") {
		t.Errorf("digest %q", h.Get("digest"))
	}
}

func TestSOTTVectors(t *testing.T) {
	var vectors []struct{ Name, Secret, Plaintext, SOTT string }
	loadVectors(t, "sott.json", &vectors)
	for _, v := range vectors {
		have, err := sealSOTT(v.Secret, v.Plaintext)
		if err != nil || have != v.SOTT {
			t.Errorf("%s: %s (%v), want %s", v.Name, have, err, v.SOTT)
		}
	}
	const plaintext = "2024/1/2 3:4:5#b4a9d3e0-0000-4000-8000-00000000abcd#2024/1/2 3:14:5"
	const want = "prVIijTC/hkYLty84yqc+MCuKSqXyW7nHyHEEn/pPxkKRewrnzWiBKqAwpx9wOvk/MEGUlqMhnA7KF7fONUZsYi6IuRdmoaJS7l5WgPcX+c=*470005126eec4d3d66466fed1b1bb939"
	if have, err := sealSOTT("11111111-2222-4333-8444-555555555555", plaintext); err != nil || have != want {
		t.Errorf("sealed %s (%v)", have, err)
	}
	for _, v := range vectors[1:] { // those with padded times, like ours
		start, key, end := splitPlaintext(t, v.Plaintext)
		if have, err := mintSOTT(key, v.Secret, start, end); err != nil || have != v.SOTT {
			t.Errorf("%s: minted %s (%v), want %s", v.Name, have, err, v.SOTT)
		}
	}
}

func splitPlaintext(t *testing.T, s string) (start time.Time, key string, end time.Time) {
	t.Helper()
	parts := strings.Split(s, "#")
	start, err := time.Parse("2006/01/02 15:04:05", parts[0])
	end, err2 := time.Parse("2006/01/02 15:04:05", parts[2])
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	return start, parts[1], end
}

// The window is told in UTC on a 24-hour clock, whatever the zone of the clock.
func TestSOTTUsesTheInjectedClockInUTC(t *testing.T) {
	at := time.Date(2026, 1, 15, 23, 30, 45, 0, time.FixedZone("east", 2*3600))
	c, err := New(Config{APIKey: "test-key", APISecret: "test-secret", Clock: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	have, err := c.SOTT(0)
	want, wantErr := sealSOTT("test-secret", "2026/01/15 21:28:45#test-key#2026/01/15 21:40:45")
	if err != nil || wantErr != nil || have != want {
		t.Errorf("minted %s (%v), want %s", have, err, want)
	}
}

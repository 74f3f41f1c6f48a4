package emulator

import "testing"

// The secrets of the service are the base32 form of 32 characters, with the defaults
// of RFC 6238 for all else. The codes were computed independently.
func TestTOTPVectors(t *testing.T) {
	for _, v := range []struct {
		secret string
		unix   int64
		code   string
	}{
		{"HBRWENLDHEZGIMBYHFTDINJSMVRDANDBHE4WINJTMYZTCYZSGFRA", 59, "940482"},
		{"HBRWENLDHEZGIMBYHFTDINJSMVRDANDBHE4WINJTMYZTCYZSGFRA", 1111111109, "828269"},
		{"HBRWENLDHEZGIMBYHFTDINJSMVRDANDBHE4WINJTMYZTCYZSGFRA", 1617698213, "753138"},
		{"GAYTEMZUGU3DOOBZMFRGGZDFMYYDCMRTGQ2TMNZYHFQWEY3EMVTA", 59, "064974"},
		{"GAYTEMZUGU3DOOBZMFRGGZDFMYYDCMRTGQ2TMNZYHFQWEY3EMVTA", 1111111109, "602230"},
	} {
		if code, err := totpCode(v.secret, v.unix/30); err != nil || code != v.code {
			t.Errorf("%s at %d: %s %v, want %s", v.secret, v.unix, code, err, v.code)
		}
	}
	if s := newSecret(); len(s) != 52 {
		t.Errorf("a new secret has %d characters", len(s))
	}
}

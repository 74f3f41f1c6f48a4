package core

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

type verifierFunc func() (*VerifiedToken, error)

func (verifierFunc) Accepts(string) bool { return true }

func (f verifierFunc) Verify(context.Context, string) (*VerifiedToken, error) { return f() }

// What a verifier returns becomes a usable token, "invalid" or "unavailable". A
// failure that a verifier did not classify must not log anyone out.
func TestVerifyToken(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	good := &VerifiedToken{UID: "uid", ExpiresAt: now.Add(time.Minute)}
	for name, c := range map[string]struct {
		token *VerifiedToken
		err   error
		want  error
	}{
		"good":                 {good, nil, nil},
		"no expiry":            {&VerifiedToken{UID: "uid"}, nil, nil},
		"invalid":              {nil, fmt.Errorf("forged: %w", ErrInvalidToken), ErrInvalidToken},
		"unavailable":          {nil, fmt.Errorf("no keys: %w", ErrUnavailable), ErrUnavailable},
		"both":                 {nil, errors.Join(ErrInvalidToken, ErrUnavailable), ErrUnavailable},
		"unclassified":         {nil, errors.New("broken pipe"), ErrUnavailable},
		"no token":             {nil, nil, ErrUnavailable},
		"no subject":           {&VerifiedToken{ExpiresAt: now.Add(time.Minute)}, nil, ErrUnavailable},
		"expired at this time": {&VerifiedToken{UID: "uid", ExpiresAt: now}, nil, ErrInvalidToken},
	} {
		got, err := verifyToken(context.Background(), verifierFunc(func() (*VerifiedToken, error) { return c.token, c.err }), "token", now)
		switch {
		case c.want == nil && (err != nil || got != c.token):
			t.Errorf("%s: got %v, %v", name, got, err)
		case c.want != nil && (!errors.Is(err, c.want) || got != nil):
			t.Errorf("%s: got %v, %v, want an error that matches %v", name, got, err, c.want)
		}
		if err != nil && errors.Is(err, ErrInvalidToken) && errors.Is(err, ErrUnavailable) && name != "both" {
			t.Errorf("%s: the error %v is both invalid and unavailable", name, err)
		}
	}
}

func TestVerifiedTokenHidesClaims(t *testing.T) {
	token := &VerifiedToken{UID: "uid", ID: "id", Scopes: []string{"read"}, Claims: json.RawMessage(`{"email":"ada@example.com"}`)}
	encoded, err := json.Marshal(token)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprint(token), fmt.Sprintf("%+v", token), fmt.Sprintf("%+v", *token), fmt.Sprintf("%#v", token), fmt.Sprintf("%q", token), token.LogValue().String(), string(encoded)} {
		if strings.Contains(text, "ada@") || !strings.Contains(text, "uid") {
			t.Errorf("printed as %s", text)
		}
	}
	if !token.HasScope("read") || token.HasScope("write") || (*VerifiedToken)(nil).HasScope("read") {
		t.Error("HasScope is wrong")
	}
}

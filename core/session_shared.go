package core

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// minSharedSecret is the least length of Config.SharedSecret.
const minSharedSecret = 32

// sharing says how sessions are shared, or returns nil if they are not.
func (s *sessionCache) sharing() *sessions.Sharing[*Session] {
	cfg := s.client.cfg
	if cfg.Shared == nil {
		return nil
	}
	secret := cfg.SharedSecret
	if len(secret) == 0 {
		secret = s.client.DerivedKey("loginradius shared sessions")
	}
	// Replicas that keep other fields, or other sizes, do not read each other's values.
	fields := slices.Sorted(slices.Values(s.cfg.ProfileFields))
	layout := strings.Join(fields, ",") + " " + strconv.FormatBool(s.cfg.SkipExpiry) + " " + strconv.Itoa(s.cfg.MaxSessionBytes)
	var off sessions.Off
	if broken, ok := cfg.Shared.(interface{ Off() sessions.Off }); ok {
		off = broken.Off() // a test: no package outside core can name the type
	}
	return &sessions.Sharing[*Session]{
		Off: off, Store: cfg.Shared, Secret: secret, Salt: []byte(s.client.siteKey() + "\x00" + cfg.BaseURL), Layout: layout,
		Encode: func(session *Session) []byte { return session.profile },
		Decode: s.decodeShared,
		Complete: func(ctx context.Context, a sessions.Answer[*Session]) sessions.Answer[*Session] {
			return s.grant(ctx, a, nil)
		},
		Addresses:     (*Session).addresses,
		EncodeRotated: encodeRotated,
		DecodeRotated: decodeRotated,
	}
}

// decodeShared makes a session of what another replica kept of a profile.
func (s *sessionCache) decodeShared(key sessions.Key, data []byte, expiry time.Time, known bool) (sessions.Answer[*Session], bool) {
	profile, err := parseAnswer(data)
	if err != nil {
		return sessions.Answer[*Session]{}, false
	}
	return s.answer(key, profile, expiryAnswer{at: expiry, known: known}), true
}

// sharedTokens are the tokens of a rotation as replicas share them, sealed.
type sharedTokens struct {
	Access  string    `json:"access"`
	Refresh string    `json:"refresh"`
	Expiry  time.Time `json:"expiry"`
}

func encodeRotated(r sessions.Rotated) []byte {
	b, err := json.Marshal(sharedTokens{r.Access, r.Refresh, r.Expiry})
	if err != nil {
		return nil
	}
	return b
}

func decodeRotated(b []byte) (sessions.Rotated, bool) {
	var t sharedTokens
	if err := json.Unmarshal(b, &t); err != nil || !plausible(t.Access) {
		return sessions.Rotated{}, false
	}
	return sessions.Rotated{
		Outcome: sessions.Valid, Tokens: &Tokens{AccessToken: t.Access, RefreshToken: t.Refresh, ExpiresAt: t.Expiry},
		Access: t.Access, Refresh: t.Refresh, Expiry: t.Expiry,
	}, true
}

// siteKey is the API key that the client was made with.
func (c *Client) siteKey() string { return c.credentials.Load().key }

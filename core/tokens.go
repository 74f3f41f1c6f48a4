package core

import (
	"encoding/json"
	"strings"
	"time"
)

// zeroGUID stands where a login that waits for a second factor has no token.
const zeroGUID = "00000000-0000-0000-0000-000000000000"

// Tokens is a session of a user. Treat the tokens like passwords; printing the
// struct or encoding it as JSON hides them.
type Tokens struct {
	AccessToken  string `json:"access_token" lr:",,secret"`
	RefreshToken string `json:"refresh_token" lr:",,secret"` // "" if the site issues none

	// ExpiresAt is when the access token ends, in UTC. It is zero if LoginRadius
	// did not say, or said it in a form that is not known here.
	ExpiresAt time.Time `json:"-"`
}

func (t *Tokens) finish(op operation, got answer, now time.Time) error {
	t.ExpiresAt = expiryIn(got, now)
	return requireToken(op, t.AccessToken)
}

// A LoginResult is a completed login: a session and the account it belongs to.
type LoginResult struct {
	Profile      *Profile  // nil if the answer has none, which some second steps omit
	AccessToken  string    `json:"access_token" lr:",,secret"`
	RefreshToken string    `json:"refresh_token" lr:",,secret"` // "" if the site issues none
	ExpiresAt    time.Time `json:"-"`                           // see [Tokens]

	// SessionToken starts a later login by PIN: see [PINService.Login]. It is empty
	// on sites without PIN login.
	SessionToken     string    `json:"session_token" lr:",,secret"`
	SessionExpiresAt time.Time `json:"-"`

	// SecondFactor invites a user without a second factor to set one up, on sites
	// where that is optional. It is nil otherwise.
	SecondFactor *MFAChallenge `json:"SecondFactorAuthentication"`
}

// Tokens returns the session alone.
func (r *LoginResult) Tokens() Tokens { return Tokens{r.AccessToken, r.RefreshToken, r.ExpiresAt} }

func (r *LoginResult) finish(op operation, got answer, now time.Time) error {
	done, err := r.find(op, got, now)
	if err == nil && !done {
		err = unusable(op, "the answer holds no access token")
	}
	return err
}

// find reads a login from an answer of any of the documented forms. It reports false if
// there is none, and returns the challenge of a login that waits for a second factor.
func (r *LoginResult) find(op operation, got answer, now time.Time) (bool, error) {
	*r = LoginResult{}
	places := placesIn(got)
	for _, place := range places {
		var tokens struct {
			AccessToken    string     `json:"access_token"`
			RefreshToken   string     `json:"refresh_token"`
			ExpiresIn      flexString `json:"expires_in"`
			SessionToken   string     `json:"session_token"`
			SessionExpires flexString `json:"session_expires_in"`
		}
		place.decode(&tokens)
		if isZeroToken(tokens.AccessToken) {
			continue
		}
		r.AccessToken, r.RefreshToken = tokens.AccessToken, tokens.RefreshToken
		r.ExpiresAt = parseExpiry(string(tokens.ExpiresIn), now)
		if !isZeroToken(tokens.SessionToken) {
			r.SessionToken, r.SessionExpiresAt = tokens.SessionToken, parseExpiry(string(tokens.SessionExpires), now)
		}
		break
	}
	challenge := challengeIn(op, places)
	if r.AccessToken == "" {
		if challenge != nil {
			return false, challenge
		}
		return false, nil
	}
	r.SecondFactor = challenge
	r.Profile = profileIn(places)
	return true, nil
}

// placesIn lists the objects of an answer that may hold a token, in the order in which
// they are tried: the answer, its Profile, its Data, and what is inside Data.
func placesIn(got answer) []answer {
	places := []answer{got}
	add := func(raw json.RawMessage) {
		if a, err := parseAnswer(raw); err == nil {
			places = append(places, a)
			if inner, ok := a.get("Profile"); ok {
				if p, err := parseAnswer(inner); err == nil {
					places = append(places, p)
				}
			}
		}
	}
	if raw, ok := got.get("Profile"); ok {
		if a, err := parseAnswer(raw); err == nil {
			places = append(places, a)
		}
	}
	if raw, ok := got.get("Data"); ok {
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			items = []json.RawMessage{raw}
		}
		for _, item := range items {
			add(item)
		}
	}
	return places
}

// profileIn returns the first object that is a profile, or nil.
func profileIn(places []answer) *Profile {
	for _, wrapped := range []bool{true, false} {
		for _, place := range places {
			from := place
			if wrapped {
				raw, ok := place.get("Profile")
				if !ok {
					continue
				}
				var err error
				if from, err = parseAnswer(raw); err != nil {
					continue
				}
			} else if !place.has("Uid") && !place.has("ID") && !place.has("Identities") {
				continue
			}
			p := new(Profile)
			from.decode(p)
			return p
		}
	}
	return nil
}

// loginOrNone is the answer of operations that log in on some sites and on others only
// say that they worked: register, verify, reset.
type loginOrNone struct{ login *LoginResult }

func (l *loginOrNone) finish(op operation, got answer, now time.Time) error {
	if err := notPosted(op, got); err != nil {
		return err
	}
	var login LoginResult
	done, err := login.find(op, got, now)
	if done {
		l.login = &login
	}
	return err
}

// login takes a login out of its envelope; nil means that no session began.
func login(l *loginOrNone, err error) (*LoginResult, error) {
	if err != nil {
		return nil, err
	}
	return l.login, nil
}

// expiryIn reads expires_in at the top level of an answer.
func expiryIn(got answer, now time.Time) time.Time {
	var w struct {
		ExpiresIn flexString `json:"expires_in"`
	}
	got.decode(&w)
	return parseExpiry(string(w.ExpiresIn), now)
}

// isZeroToken reports whether a token is absent. An all-zero UUID stands where a login
// that waits for a second factor has no token.
func isZeroToken(token string) bool { return strings.Trim(token, "0-") == "" }

func requireToken(op operation, token string) error {
	if isZeroToken(token) {
		return unusable(op, "the answer holds no access token")
	}
	return nil
}

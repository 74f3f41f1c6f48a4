package core

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrInvalidSignature means that a webhook was not signed with any of the secrets.
var ErrInvalidSignature = errors.New("loginradius: invalid webhook signature")

// A WebhookEvent is a notification that LoginRadius sends to the application when an
// account has changed. LoginRadius may send an event late, twice, out of order or never,
// and a copy of an old event is as well signed as the first one: an event is a reason to
// ask LoginRadius, and no proof of the present state of the account.
type WebhookEvent struct {
	Name string    // what happened, in lower case: "blockaccount", "updateprofile" …
	ID   string    // names the delivery
	Time time.Time // when it happened, in UTC; the zero time if the event does not say
	UID  string    // the account; "" if the event names none

	// Data is the rest as it came: mostly the account's profile. It is personal data.
	Data json.RawMessage

	earlier []string // uids that the account had before
}

// Format implements fmt.Formatter: it leaves the personal data out.
func (e WebhookEvent) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "webhook %s %s of account %s", e.Name, e.ID, e.UID)
}

// ReadWebhook checks the signature of a webhook, which is the request's header
// Signature, and reads its body, exactly as it came over the wire. secrets are those that
// LoginRadius may sign with, such as the old and the new one during a rotation; without
// any it is the client's API secret.
//
// Errors: [ErrInvalidSignature], or [ErrInvalidArgument] if the signed body is no event.
func (c *Client) ReadWebhook(signature string, body []byte, secrets ...string) (*WebhookEvent, error) {
	if len(secrets) == 0 {
		secrets = []string{c.credentials.Load().secret}
	}
	mac, err := hex.DecodeString(strings.TrimSpace(signature))
	if err != nil {
		return nil, ErrInvalidSignature
	}
	signed := false
	for _, secret := range secrets { // all of them, so that the time does not tell which one fits
		h := hmac.New(sha256.New, []byte(secret))
		h.Write(body)
		signed = hmac.Equal(h.Sum(nil), mac) && secret != "" || signed
	}
	if !signed {
		return nil, ErrInvalidSignature
	}
	return parseWebhook(body)
}

func parseWebhook(body []byte) (*WebhookEvent, error) {
	type account struct {
		UID          string          `json:"Uid"`
		PreviousUIDs json.RawMessage `json:"PreviousUids"`
		UserProfile  *account        `json:"UserProfile"`
	}
	var raw struct {
		HookName string          `json:"HookName"`
		HookID   string          `json:"HookId"`
		Time     string          `json:"Time"`
		Data     json.RawMessage `json:"Data"`
	}
	if err := json.Unmarshal(body, &raw); err != nil || raw.HookName == "" {
		return nil, fmt.Errorf("%w: the body of the webhook is not an event", ErrInvalidArgument)
	}
	event := &WebhookEvent{Name: strings.ToLower(raw.HookName), ID: raw.HookID, Time: parseTime(raw.Time), Data: raw.Data}
	var who account
	_ = json.Unmarshal(raw.Data, &who) // events about something else name no account
	if who.UID == "" && who.UserProfile != nil {
		who = *who.UserProfile
	}
	event.UID = who.UID
	var one string
	if json.Unmarshal(who.PreviousUIDs, &one) == nil { // some answers have one text instead of a list
		event.earlier = []string{one}
	} else {
		_ = json.Unmarshal(who.PreviousUIDs, &event.earlier) // or nothing
	}
	return event, nil
}

// ApplyWebhook drops what an event has made out of date: the cached sessions of the
// account, on this replica and with [Config.Shared] on all others. The next request of
// the account asks LoginRadius, which refuses an account that was blocked or deleted. It
// reports whether the event was about a session at all.
//
// Events that end what was issued before them, such as a new password, also end the tokens
// that a [TokenVerifier] accepts if they were issued until the event's own Time, or until now
// if it has none. Applying an event twice, late or out of order is therefore harmless: a copy
// of an old event ends nothing that was issued after it.
func (c *Client) ApplyWebhook(event *WebhookEvent) bool {
	if event == nil || event.UID == "" || !slices.Contains(sessionEvents, event.Name) {
		return false
	}
	forget := c.UncacheUser
	if slices.Contains(endingEvents, event.Name) {
		forget = c.ForgetUser
		if at := event.Time; !at.IsZero() && at.Before(c.cfg.Clock()) {
			forget = func(uid string) {
				c.sessions.revokeUser(uid, at)
				c.UncacheUser(uid)
			}
		}
	}
	forget(event.UID)
	if event.Name == "updateuid" {
		for _, uid := range event.earlier {
			forget(uid)
		}
	}
	return true
}

// endingEvents end what was issued before them. The other events only change what a session
// says about its user.
var endingEvents = []string{
	"blockaccount", "deleteaccount", "changepassword", "resetpassword", "setpassword", "updateuid",
}

// sessionEvents change who may come in, or what a session says about its user.
var sessionEvents = []string{
	"blockaccount", "deleteaccount", "changepassword", "resetpassword", "setpassword", "updateuid", "invalidateemailverification",
	"updateprofile", "assignroles", "unassignroles", "removerolecontext", "addemail", "removeemail", "emailverification", "setusername",
	"linkaccount", "unlinkaccount", "updatephoneid", "verifyphonenumber", "invalidatephoneverification", "removephoneid",
}

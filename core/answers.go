package core

import (
	"encoding/json"
	"errors"
	"time"
)

// A finisher completes a decoded result from the answer it came in: it turns wire
// forms into Go ones and reports answers that are no success although LoginRadius
// answered 200.
type finisher interface {
	finish(op operation, got answer, now time.Time) error
}

// The flex types take a JSON value of any scalar kind.
type (
	flexString string
	flexInt    int
	flexBool   bool
)

// unusable is the error for a success that lacks what it promises.
func unusable(op operation, text string) *Error {
	return &Error{Operation: op.name, HTTPStatus: 200, cause: &causeError{text: text}, is: []error{ErrUnavailable}}
}

// ackResponse is the body of operations that return only an acknowledgement.
type ackResponse struct {
	IsPosted   *bool
	IsDeleted  *bool
	IsVerified *bool
}

func (a *ackResponse) finish(op operation, _ answer, _ time.Time) error {
	for _, done := range []*bool{a.IsPosted, a.IsDeleted, a.IsVerified} {
		if done != nil && !*done {
			return notDone(op)
		}
	}
	return nil
}

// notPosted is the error of an answer that says so. Answers with a profile have an
// IsDeleted of another meaning.
func notPosted(op operation, got answer) error {
	var ack struct{ IsPosted *bool }
	got.decode(&ack)
	if ack.IsPosted != nil && !*ack.IsPosted {
		return notDone(op)
	}
	return nil
}

func notDone(op operation) error {
	return &Error{Operation: op.name, HTTPStatus: 200, Message: "LoginRadius answered that it did not do it", answered: true}
}

// acknowledged sends an operation that returns only an acknowledgement.
func acknowledged(_ *ackResponse, err error) error { return err }

// exists answers an availability question.
type exists struct{ IsExist bool }

// profileAnswer is a profile at the top level, under Profile, under Data, or the first
// item of Data.
type profileAnswer struct{ profile *Profile }

func (p *profileAnswer) finish(op operation, got answer, _ time.Time) error {
	if err := notPosted(op, got); err != nil {
		return err
	}
	if p.profile = profileIn(placesIn(got)); p.profile == nil {
		p.profile = new(Profile)
		from := got
		if raw, ok := got.get("Data"); ok {
			if data, err := parseAnswer(raw); err == nil {
				from = data
			}
		}
		from.decode(p.profile)
	}
	return nil
}

// profile takes a profile out of its envelope.
func profile(p *profileAnswer, err error) (*Profile, error) {
	if err != nil {
		return nil, err
	}
	return p.profile, nil
}

// A lister is a result that also takes an answer that is a JSON array.
type lister interface {
	setList(items []json.RawMessage) error
}

// A listAnswer is an answer that is a JSON array, or such an array under Data.
type listAnswer[T any] struct{ items []T }

func (l *listAnswer[T]) setList(items []json.RawMessage) error {
	l.items = make([]T, len(items))
	for i, raw := range items {
		got, err := parseAnswer(raw)
		if err != nil {
			return err
		}
		got.decode(&l.items[i])
	}
	return nil
}

func (l *listAnswer[T]) finish(op operation, got answer, _ time.Time) error {
	raw, ok := got.get("Data")
	if !ok || string(raw) == "null" {
		if l.items == nil {
			l.items = []T{}
		}
		return nil
	}
	var items []json.RawMessage
	if err := errors.Join(json.Unmarshal(raw, &items), l.setList(items)); err != nil {
		return unusable(op, "the answer holds no list of objects")
	}
	return nil
}

// listed takes a list out of its envelope. A list without items is empty, not nil.
func listed[T any](l *listAnswer[T], err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	return l.items, nil
}

// An SMSReceipt names a message or call at the SMS provider. Its fields are empty with
// providers that give none.
type SMSReceipt struct {
	AccountSID string `json:"AccountSid"`
	SID        string `json:"Sid"`
}

// smsAnswer is a receipt at the top level or under Data.
type smsAnswer struct {
	ackResponse
	receipt SMSReceipt
}

func (s *smsAnswer) finish(op operation, got answer, now time.Time) error {
	got.decode(&s.ackResponse)
	if err := s.ackResponse.finish(op, got, now); err != nil {
		return err
	}
	for _, place := range placesIn(got) {
		place.decode(&s.receipt)
	}
	return nil
}

// receipt takes an SMS receipt out of its envelope.
func receipt(s *smsAnswer, err error) (*SMSReceipt, error) {
	if err != nil {
		return nil, err
	}
	return &s.receipt, nil
}

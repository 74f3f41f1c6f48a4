package core

import (
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// maxAnswer bounds what is read of one answer, after decompression. A full
// profile with linked identities takes tens of KB.
const maxAnswer = 4 << 20

// maxText bounds a text of the service that an [Error] quotes.
const maxText = 1024

// do sends one operation and decodes its answer. All typed operations pass here.
func do[T any](ctx context.Context, c *Client, op operation, in any) (*T, error) {
	prepared, err := newCall(op, in)
	if err != nil {
		return nil, err
	}
	out := new(T)
	_, prepared.list = any(out).(lister)
	_, prepared.empty = any(out).(*ackResponse)
	began := c.sessions.Begin()
	got, err := c.sendCall(ctx, prepared)
	if err != nil {
		return nil, err
	}
	if raw, ok := got[listKey]; ok {
		if err := decodeItems(out, raw); err != nil {
			return nil, unusable(op, "the answer holds no list of objects")
		}
	} else {
		got.decode(out)
	}
	if f, ok := any(out).(finisher); ok {
		if err := f.finish(op, got, c.cfg.Clock()); err != nil {
			return nil, err
		}
	}
	if i, ok := any(out).(issuer); ok {
		c.sessions.adopt(began, bearerOf(prepared), i)
	}
	return out, nil
}

// bearerOf returns the access token that a call is made with, or "".
func bearerOf(c *call) string {
	token, _ := strings.CutPrefix(c.header.Get("Authorization"), "Bearer ")
	return token
}

func decodeItems(out any, raw json.RawMessage) error {
	l, ok := out.(lister)
	if !ok {
		return errNotObject
	}
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return err
	}
	return l.setList(items)
}

// sendCall sends a call and forgets the session of an access token that is dead: it
// must not be answered from the cache any longer.
func (c *Client) sendCall(ctx context.Context, call *call) (answer, error) {
	if call.op.host == siteHost && c.cfg.SiteURL == "" {
		return nil, invalidArgument(call.op, "Config.SiteURL", "is not set")
	}
	if call.op.creds == apiKeySecret || call.op.creds == apiKeyQuerySecret {
		machine, err := machineToken(ctx)
		if err != nil {
			return nil, err
		}
		if machine != "" {
			call.machine, call.secrets = machine, append(call.secrets, machine)
		}
	}
	call.typed = true
	got, err := c.send(ctx, call)
	if token := bearerOf(call); token != "" && errors.Is(err, ErrInvalidToken) {
		c.sessions.Forget(token) // a JWT may be good all the same: not every operation takes one
	}
	return got, err
}

// send returns a successful answer. Reads are repeated after a
// failure that may pass; everything else is sent once.
func (c *Client) send(ctx context.Context, call *call) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	attempt := 0
	once := func() (answer, error) {
		attempt++
		start := time.Now()
		observed, end := c.observe(ctx, call, attempt)
		got, err := c.attempt(observed, call)
		end(err)
		c.logAttempt(ctx, call, attempt, time.Since(start), err)
		return got, err
	}
	if !call.op.read || c.cfg.Retry.MaxAttempts == 1 {
		return once()
	}
	var last error
	got, err := backoff.Retry(ctx, func() (got answer, err error) {
		got, last = once()
		return got, retryError(ctx, last)
	},
		backoff.WithMaxTries(uint(c.cfg.Retry.MaxAttempts)),
		backoff.WithMaxElapsedTime(c.cfg.Timeout),
		backoff.WithBackOff(&backoff.ExponentialBackOff{
			InitialInterval:     c.cfg.Retry.BaseDelay,
			MaxInterval:         c.cfg.Retry.MaxDelay,
			Multiplier:          2,
			RandomizationFactor: 0.5,
		}))
	if err != nil {
		return nil, last // the context's end shows in it, or came while waiting for another try
	}
	return got, nil
}

// retryError tells the retry loop what to do about err.
func retryError(ctx context.Context, err error) error {
	var e *Error
	if err == nil || ctx.Err() != nil || !errors.As(err, &e) || !errors.Is(err, ErrUnavailable) {
		return backoff.Permanent(err)
	}
	if e.RetryAfter > 0 {
		if end, ok := ctx.Deadline(); ok && time.Until(end) < e.RetryAfter {
			return backoff.Permanent(err) // better to say so now than after waiting in vain
		}
		return &backoff.RetryAfterError{Duration: e.RetryAfter}
	}
	return err
}

func (c *Client) attempt(ctx context.Context, call *call) (got answer, err error) {
	if c.sessions.Closed() {
		return nil, call.unavailable(0, "the client is closed", nil)
	}
	if call.gate != nil { // before the attempt's time begins to run
		leave, err := call.gate(ctx)
		if err != nil {
			return nil, call.unavailable(0, "", err)
		}
		defer leave()
	}
	defer func() { // the application's Transport or Jar may panic on a goroutine of this package
		if recover() != nil {
			got, err = nil, call.unavailable(0, "the HTTP client panicked", nil)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, c.cfg.AttemptTimeout)
	defer cancel()
	if !call.op.read && call.op.method == http.MethodGet {
		var done context.CancelFunc
		ctx, done = sendOnce(ctx)
		defer done()
	}
	req, err := call.request(ctx, c)
	if err != nil {
		return nil, call.unavailable(0, "the request could not be built", nil)
	}
	res, err := c.http.Do(req) //nolint:bodyclose // drain closes it
	if err != nil {
		return nil, call.unavailable(0, "", err)
	}
	defer drain(res.Body)
	call.status, call.answerID = res.StatusCode, cmp.Or(res.Header.Get("X-Request-Id"), res.Header.Get("Request-Id"))
	body, err := readAnswer(res)
	if err != nil {
		return nil, call.unavailable(res.StatusCode, "the answer could not be read", err)
	}
	got, err = call.judge(res, body, c.cfg.Clock())
	if err == nil && call.typed {
		keepRaw(ctx, body)
	}
	return got, err
}

// drain reads the rest of a small body, so that the connection can be used again.
func drain(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, 64<<10)
	_ = body.Close()
}

func readAnswer(res *http.Response) ([]byte, error) {
	var r io.Reader = res.Body
	// net/http decompresses what it asked for itself; a client with compression
	// disabled may still be sent it.
	if strings.EqualFold(res.Header.Get("Content-Encoding"), "gzip") {
		zr, err := gzip.NewReader(res.Body)
		if err != nil {
			return nil, errors.New("broken gzip")
		}
		r = zr
	}
	body, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("larger than %d bytes", maxAnswer)
	}
	return body, err
}

func (c *Client) logAttempt(ctx context.Context, call *call, attempt int, took time.Duration, err error) {
	defer func() { _ = recover() }() // a log handler of the application; it may run on a goroutine that the library started
	if !c.cfg.Logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{
		slog.String("operation", call.op.name), slog.String("outcome", string(outcomeOf(ctx, call.status, err).Kind)),
		slog.Int("attempt", attempt), slog.Duration("duration", took),
	}
	if id := endUserFrom(ctx).RequestID; call.loggable(id) {
		attrs = append(attrs, slog.String("request_id", id))
	}
	if call.loggable(call.answerID) {
		attrs = append(attrs, slog.String("answer_id", call.answerID))
	}
	if e, ok := errors.AsType[*Error](err); ok {
		attrs = append(attrs, slog.Int("status", e.HTTPStatus), slog.Int("code", int(e.Code)), slog.String("error", e.Error()))
	} else {
		attrs = append(attrs, slog.Int("status", call.status))
	}
	c.cfg.Logger.LogAttrs(ctx, slog.LevelDebug, "loginradius call", attrs...)
}

// loggable reports whether an id from a header may be in a log line: it is short, cannot
// break the line, and holds no secret of the call.
func (call *call) loggable(id string) bool {
	for _, secret := range call.secrets {
		if secret != "" && strings.Contains(id, secret) {
			return false
		}
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return id != "" && len(id) <= 128
}

package emulator

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// webhooks are the site's subscriptions and what is on its way to them. Deliveries
// run apart from calls, so that a subscriber may call the emulator.
type webhooks struct {
	*Emulator
	hooks []*webhook

	client *http.Client
	ctx    context.Context // ends with the server
	cancel context.CancelFunc
	queue  sync.Mutex // guards what follows
	queued []delivery
	idle   chan struct{} // closed when the queue is empty; nil if nothing is on its way
}

// A webhook is one subscription. Secrets are never shown.
type webhook struct {
	id, target, event string // the event as events spells it
	name, secretName  string
	headers, query    map[string]string
	basic             *basicAuth
	bearer            string
	created, modified time.Time
}

type basicAuth struct{ user, password string }

// A delivery is one event for one subscription, signed.
type delivery struct {
	hook webhook
	body []byte
	sign string
}

// events are those that the service documents.
var events = strings.Fields(`
	Login Register UpdateProfile ResetPassword ChangePassword EmailVerification AddEmail RemoveEmail BlockAccount
	DeleteAccount SetUsername CreateTraditionalAccount AssignRoles UnassignRoles SetPassword LinkAccount UnlinkAccount
	UpdatePhoneId VerifyPhoneNumber InvalidateEmailVerification RemoveRoleContext CreateCustomObject UpdateCustomObject
	DeleteCustomObject InvalidatePhoneVerification RemovePhoneId ConsentProfileUpdate SetPIN ResetPIN ChangePIN UpdateUid`)

// eventNamed returns an event as the service spells it, or "".
func eventNamed(name string) string {
	i := slices.IndexFunc(events, func(e string) bool { return strings.EqualFold(e, name) })
	if i < 0 {
		return ""
	}
	return events[i]
}

func newWebhooks(e *Emulator) *webhooks {
	w := &webhooks{Emulator: e, client: &http.Client{
		Timeout:       e.opt.webhooks.delivery.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	for _, seed := range e.opt.webhooks.seeds {
		for _, event := range seed.events {
			w.hooks = append(w.hooks, &webhook{id: newID()[:24], target: seed.target, event: eventNamed(event), created: e.now(), modified: e.now()})
		}
	}
	return w
}

// fire sends an event about an account, with its profile.
func (e *Emulator) fire(event string, a *account) {
	if e.webhooks.subscribed(event) {
		e.webhooks.send(event, e.wholeProfile(a))
	}
}

// wholeProfile is the account as no call limits it.
func (e *Emulator) wholeProfile(a *account) map[string]any {
	return e.profile(&call{query: map[string]string{}}, a)
}

// fireData sends an event with data of its own.
func (e *Emulator) fireData(event string, data func() any) {
	if e.webhooks.subscribed(event) {
		e.webhooks.send(event, data())
	}
}

// subscribed reports whether an event goes anywhere. A call can ask for silence, and
// its header wins over its query.
func (w *webhooks) subscribed(event string) bool {
	if c := w.current; c != nil {
		if strings.EqualFold(first(c.r.Header.Get("X-PreventWebhook"), c.query["prevent_webhook"]), "true") {
			return false
		}
	}
	return slices.ContainsFunc(w.hooks, func(h *webhook) bool { return h.event == event })
}

func (w *webhooks) send(event string, data any) {
	body, err := json.Marshal(map[string]any{
		"HookName": strings.ToLower(event), "Time": w.now().Format("2006-01-02T15:04:05.000Z"), "HookId": newGUID(), "Data": data,
	})
	if err != nil {
		return // data is made of texts, numbers and maps, which always encode
	}
	for _, h := range w.hooks {
		if h.event == event {
			w.enqueue(delivery{*h, body, w.signature(h, body)})
		}
	}
}

// signature is the upper-case hex HMAC of the raw body.
func (w *webhooks) signature(h *webhook, body []byte) string {
	secret := w.opt.apiSecret
	if h.secretName != "" {
		secret = w.opt.webhooks.secrets[h.secretName]
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return strings.ToUpper(hex.EncodeToString(mac.Sum(nil)))
}

// maxQueued bounds what waits for a subscriber that is slow; the oldest is dropped.
const maxQueued = 10_000

func (w *webhooks) enqueue(d delivery) {
	w.queue.Lock()
	defer w.queue.Unlock()
	for range 1 + w.opt.webhooks.delivery.Duplicates {
		w.queued = append(w.queued, d)
	}
	if extra := len(w.queued) - maxQueued; extra > 0 {
		w.queued = slices.Clone(w.queued[extra:])
	}
	if w.idle == nil {
		w.idle = make(chan struct{})
		go w.run(w.idle)
	}
}

// run delivers until the queue is empty.
func (w *webhooks) run(idle chan struct{}) {
	defer close(idle)
	for {
		w.pause(w.opt.webhooks.delivery.Delay)
		w.queue.Lock()
		batch := w.queued
		w.queued = nil
		if len(batch) == 0 || w.ctx.Err() != nil {
			w.idle = nil
			w.queue.Unlock()
			return
		}
		w.queue.Unlock()
		if w.opt.webhooks.delivery.NewestFirst {
			slices.Reverse(batch)
		}
		for _, d := range batch {
			w.deliver(d)
		}
	}
}

func (w *webhooks) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.ctx.Done():
	}
}

// deliver posts an event until the subscriber answers 2xx, as often as the site tries.
func (w *webhooks) deliver(d delivery) {
	rules := w.opt.webhooks.delivery
	for n := 1; ; n++ {
		status, err := w.post(d)
		switch {
		case w.ctx.Err() != nil, err == nil && status/100 == 2:
			return
		case n >= max(1, rules.Attempts):
			host := ""
			if u, err := url.Parse(d.hook.target); err == nil {
				host = u.Host
			}
			w.logger.Warn("webhook was not delivered", "event", d.hook.event, "host", host, "status", status, "attempts", n)
			return
		}
		w.pause(rules.Backoff)
	}
}

func (w *webhooks) post(d delivery) (status int, err error) {
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, d.hook.target, bytes.NewReader(d.body))
	if err != nil {
		return 0, err
	}
	query := req.URL.Query()
	for k, v := range d.hook.query {
		query.Set(k, v)
	}
	req.URL.RawQuery = query.Encode()
	for k, v := range d.hook.headers {
		req.Header.Set(k, v)
	}
	switch {
	case d.hook.basic != nil:
		req.SetBasicAuth(d.hook.basic.user, d.hook.basic.password)
	case d.hook.bearer != "":
		req.Header.Set("Authorization", "Bearer "+d.hook.bearer)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Signature", d.sign)
	req.Header.Set("Request-Id", newGUID())
	res, err := w.client.Do(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// FlushWebhooks waits until every event so far was delivered or given up. The error
// is that of ctx, if it ends first.
func (e *Emulator) FlushWebhooks(ctx context.Context) error {
	e.webhooks.queue.Lock()
	idle := e.webhooks.idle
	e.webhooks.queue.Unlock()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stop ends deliveries, those under way included.
func (w *webhooks) stop() {
	w.cancel()
	w.queue.Lock()
	idle := w.idle
	w.queue.Unlock()
	if idle != nil {
		<-idle
	}
}

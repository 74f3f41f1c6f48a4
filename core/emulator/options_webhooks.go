package emulator

import "time"

// A WebhookDelivery is how events travel. The zero value of each field is its default
// unless it says otherwise. LoginRadius promises neither order nor that an event
// arrives once, or at all.
type WebhookDelivery struct {
	// Delay is how long events wait before they are sent, so that several wait together.
	Delay time.Duration
	// Attempts is how often an event is sent until the subscriber answers 2xx; at least 1.
	Attempts int
	// Backoff is the time between attempts.
	Backoff time.Duration
	// Timeout bounds one attempt. Default: 5 seconds.
	Timeout time.Duration
	// Duplicates is how many copies of each event follow it.
	Duplicates int
	// NewestFirst sends the events that wait together in the wrong order.
	NewestFirst bool
}

type webhookOptions struct {
	seeds    []webhookSeed
	secrets  map[string]string
	delivery WebhookDelivery
}

type webhookSeed struct {
	target string
	events []string
}

func defaultWebhooks() webhookOptions {
	return webhookOptions{secrets: map[string]string{}, delivery: WebhookDelivery{Timeout: 5 * time.Second}}
}

// WithWebhook subscribes an address to events, by the names of the service such as
// "BlockAccount", without regard to case; without names to all. Names that the
// service does not have are ignored. The address is not checked.
func WithWebhook(targetURL string, names ...string) Option {
	return func(o *options) {
		seed := webhookSeed{target: targetURL}
		for _, name := range names {
			if event := eventNamed(name); event != "" {
				seed.events = append(seed.events, event)
			}
		}
		if len(names) == 0 {
			seed.events = events
		}
		o.webhooks.seeds = append(o.webhooks.seeds, seed)
	}
}

// WithWebhookSecret adds a secret that subscriptions can name, to be signed with it
// instead of the API secret. Default: there is none.
func WithWebhookSecret(name, secret string) Option {
	return func(o *options) { o.webhooks.secrets[name] = secret }
}

// WithWebhookDelivery sets how events travel.
func WithWebhookDelivery(d WebhookDelivery) Option {
	return func(o *options) {
		if d.Timeout <= 0 {
			d.Timeout = 5 * time.Second
		}
		o.webhooks.delivery = d
	}
}

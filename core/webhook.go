package core

import "context"

// WebhookService manages the site's subscriptions to events. The API key and secret are
// in the URL of these calls, because LoginRadius documents no other form that its SDKs
// use; under [ContextWithMachine] a machine's token takes their place, in a header.
type WebhookService struct{ c *Client }

// A Webhook is a subscription to an event.
type Webhook struct {
	ID                   string `json:"Id"`
	TargetURL            string `json:"TargetUrl"`
	Event                string // e.g. "Login"; lower case in answers
	Name                 string
	SecretName           string // of the secret that signs the deliveries; "" is the API secret
	IsIntegrationWebhook bool
	CreatedDate          Time
	LastModifiedDate     Time
	// Headers, QueryParams and Authentication are added to each delivery. LoginRadius
	// returns passwords and tokens in Authentication as "".
	Headers        map[string]string `lr:",,secret"`
	QueryParams    map[string]string `lr:",,secret"`
	Authentication *WebhookAuthentication
}

// A WebhookAuthentication says how deliveries authenticate to the target.
type WebhookAuthentication struct {
	AuthType    string              `json:"AuthType"` // "Basic" or "Bearer"
	BasicAuth   *WebhookBasicAuth   `json:"BasicAuth,omitempty"`
	BearerToken *WebhookBearerToken `json:"BearerToken,omitempty"`
}

// A WebhookBasicAuth is a user name and password.
type WebhookBasicAuth struct {
	Username string
	Password string `lr:",,secret"`
}

// A WebhookBearerToken is a token in the Authorization header.
type WebhookBearerToken struct {
	Token string `lr:",,secret"`
}

// CreateWebhookRequest is the input of [WebhookService.Create].
type CreateWebhookRequest struct {
	TargetURL      string                 `lr:"body,targetUrl,required"` // https only
	Event          string                 `lr:"body,event,required"`     // see [WebhookService.Events]
	Name           string                 `lr:"body,name"`
	SecretName     string                 `lr:"body,secretName"`
	Headers        map[string]string      `lr:"body,Headers,secret"`
	QueryParams    map[string]string      `lr:"body,QueryParams,secret"`
	Authentication *WebhookAuthentication `lr:"body,Authentication,secret"`
}

// Create subscribes to an event. A site may have five subscriptions to each.
//
// POST /v2/manage/webhooks with API key and secret in the query. Sentinels: ErrConflict,
// ErrValidation, ErrRateLimited (subscriptions).
func (s *WebhookService) Create(ctx context.Context, in CreateWebhookRequest) (*Webhook, error) {
	return do[Webhook](ctx, s.c, opWebhookCreate, in)
}

// UpdateWebhookRequest is the input of [WebhookService.Update].
type UpdateWebhookRequest struct {
	ID             string                 `lr:"path,hook_id,required"`
	Headers        map[string]string      `lr:"body,Headers,oneof=change,secret"`
	QueryParams    map[string]string      `lr:"body,QueryParams,oneof=change,secret"`
	Authentication *WebhookAuthentication `lr:"body,Authentication,oneof=change,secret"`
}

// Update changes what is added to the deliveries of a subscription.
//
// PUT /v2/manage/webhooks/{hook_id} with API key and secret in the query. Sentinels:
// ErrNotFound, ErrValidation.
func (s *WebhookService) Update(ctx context.Context, in UpdateWebhookRequest) (*Webhook, error) {
	return do[Webhook](ctx, s.c, opWebhookUpdate, in)
}

// hookIDOnly is the input of operations that take a subscription and nothing else.
type hookIDOnly struct {
	ID string `lr:"path,hook_id,required"`
}

// ByID returns a subscription.
//
// GET /v2/manage/webhooks/{hook_id} with API key and secret in the query; a read.
// Sentinels: ErrNotFound.
func (s *WebhookService) ByID(ctx context.Context, id string) (*Webhook, error) {
	return do[Webhook](ctx, s.c, opWebhookByID, hookIDOnly{id})
}

// List returns all subscriptions; the list may be empty.
//
// GET /v2/manage/webhooks with API key and secret in the query; a read.
func (s *WebhookService) List(ctx context.Context) ([]Webhook, error) {
	return listed(do[listAnswer[Webhook]](ctx, s.c, opWebhookList, struct{}{}))
}

// Events returns the names of the events that the site can subscribe to.
//
// GET /v2/manage/webhooks/events with API key and secret in the query; a read.
func (s *WebhookService) Events(ctx context.Context) ([]string, error) {
	r, err := do[struct{ Data []string }](ctx, s.c, opWebhookEvents, struct{}{})
	if err != nil {
		return nil, err
	}
	return r.Data, nil
}

// Delete ends a subscription.
//
// DELETE /v2/manage/webhooks/{hook_id} with API key and secret in the query. Sentinels:
// ErrNotFound.
func (s *WebhookService) Delete(ctx context.Context, id string) error {
	return acknowledged(do[ackResponse](ctx, s.c, opWebhookDelete, hookIDOnly{id}))
}

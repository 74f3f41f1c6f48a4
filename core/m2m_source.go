package core

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// renewBefore is how long before its end a machine's token is replaced.
const renewBefore = time.Minute

// A MachineTokenSource hands out the access token of a machine, and logs in when there is
// none or when it is about to expire. It is safe for concurrent use. Make one with
// [M2MService.TokenSource].
type MachineTokenSource struct {
	service *M2MService
	in      M2MTokenRequest
	flight  singleflight.Group

	mu     sync.Mutex
	token  MachineToken
	renew  time.Time // when to replace it
	retire time.Time // when to stop using it
}

// TokenSource returns a source of tokens for one audience. Share it: each source caches
// its own token.
func (s *M2MService) TokenSource(in M2MTokenRequest) *MachineTokenSource {
	return &MachineTokenSource{service: s, in: in}
}

// Token returns a token that is valid for some time yet. Callers that need a new one at
// the same time share one login, which goes on if one of them leaves. While the service
// cannot be reached, the old token is handed out until it expires. Errors are those of
// [M2MService.Token].
func (t *MachineTokenSource) Token(ctx context.Context) (string, error) {
	if token, fresh, _ := t.cached(); fresh {
		return token, nil
	}
	done := t.flight.DoChan("", func() (any, error) {
		if token, fresh, _ := t.cached(); fresh {
			return token, nil // another caller fetched it meanwhile
		}
		got, err := t.service.Token(context.Background(), t.in) // which Config.Timeout ends
		if err != nil {
			return "", err
		}
		t.keep(*got)
		return got.AccessToken, nil
	})
	select {
	case r := <-done:
		if r.Err == nil {
			return r.Val.(string), nil //nolint:forcetypeassert // see above
		}
		if token, _, usable := t.cached(); usable {
			return token, nil
		}
		return "", r.Err
	case <-ctx.Done():
		return "", &Error{Operation: opM2MToken.name, cause: &causeError{ctx.Err().Error(), ctx.Err()}, is: []error{ErrUnavailable}}
	}
}

// Forget drops the cached token, for example because an API refused it.
func (t *MachineTokenSource) Forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token, t.renew, t.retire = MachineToken{}, time.Time{}, time.Time{}
}

func (t *MachineTokenSource) cached() (token string, fresh, usable bool) {
	now := t.service.c.cfg.Clock()
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.token.AccessToken, now.Before(t.renew), now.Before(t.retire)
}

func (t *MachineTokenSource) keep(got MachineToken) {
	now := t.service.c.cfg.Clock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token, t.retire = got, got.ExpiresAt
	if t.retire.IsZero() {
		t.retire = now.Add(renewBefore) // unknown, so not for long
	}
	// A token that lives for a minute or less is used for half of that.
	t.renew = t.retire.Add(-min(renewBefore, t.retire.Sub(now)/2))
}

// Format implements fmt.Formatter: no verb prints the token or the client's secret.
func (t *MachineTokenSource) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "core.MachineTokenSource{ClientID:%s Audience:%s}", t.in.ClientID, t.in.Audience)
}

// MarshalJSON writes the printable form, which has no secret.
func (t *MachineTokenSource) MarshalJSON() ([]byte, error) { return json.Marshal(fmt.Sprint(t)) }

type machineKey struct{}

// ContextWithMachine returns a context under which management operations carry the
// machine's token instead of the API key and secret, for sites that want that. The
// token's audience must be [ManagementAudience].
func ContextWithMachine(ctx context.Context, source *MachineTokenSource) context.Context {
	return context.WithValue(ctx, machineKey{}, source)
}

// machineToken returns the token for a management operation, or "".
func machineToken(ctx context.Context) (string, error) {
	source, _ := ctx.Value(machineKey{}).(*MachineTokenSource)
	if source == nil {
		return "", nil
	}
	return source.Token(ctx)
}

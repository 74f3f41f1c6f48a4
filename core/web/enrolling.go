package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/loginradius-contrib/go-middleware/core"
)

const (
	// maxEnrolling bounds how many addresses and numbers a process remembers.
	maxEnrolling = 4096
	// enrollingLife is how long the other replicas find one: codes live shorter.
	enrollingLife = 15 * time.Minute
	// enrollingWait bounds the wait for the shared store.
	enrollingWait = 50 * time.Millisecond
)

// enrolling remembers which address a login under way had a code mailed to, by the hash
// of LoginRadius' token for it: LoginRadius wants the address again with the code, and a
// client that sends the mfa_token of the login does not name it. It also remembers the
// number that a user changes to until it is verified, see pendingPhone.
//
// With a [core.SharedStore] the other replicas find it too. The store sees keyed hashes and
// sealed values.
type enrolling struct {
	addresses *lru.Cache[string, string] // by the name of nameOf
	shared    core.SharedStore           // nil without one
	key       []byte
	seal      *sealer
}

// A sharedAddress is what the store holds, sealed. The name ties it to its place.
type sharedAddress struct {
	Name, Address string
	Until         time.Time
}

func newEnrolling(client *core.Client) (*enrolling, error) {
	e := &enrolling{shared: client.SharedStore(), key: client.DerivedKey("loginradius enrolling names")}
	var err error
	if e.seal, err = newSealer(client, "enrolling"); err != nil {
		return nil, err
	}
	e.addresses, err = lru.New[string, string](maxEnrolling)
	return e, err
}

// nameOf hides what it names.
func (e *enrolling) nameOf(token string) string {
	h := hmac.New(sha256.New, e.key)
	h.Write([]byte(token))
	return "enrolling:" + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

func (e *enrolling) remember(ctx context.Context, token, address string) {
	name := e.nameOf(token)
	e.addresses.Add(name, address)
	if e.shared == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), enrollingWait)
	defer cancel()
	box := e.seal.seal(sharedAddress{name, address, time.Now().Add(enrollingLife)})
	_ = e.shared.Save(ctx, name, []byte(box), enrollingLife) // without it this process knows
}

// address returns the address that a code was sent to, or "". What the store holds is the
// latest; this process may know it if the store fails.
func (e *enrolling) address(ctx context.Context, token string) string {
	name := e.nameOf(token)
	if e.shared != nil {
		ctx, cancel := context.WithTimeout(ctx, enrollingWait)
		defer cancel()
		var v sharedAddress
		box, _, err := e.shared.Load(ctx, name)
		if err == nil && box != nil && e.seal.open(string(box), &v) == nil && v.Name == name && time.Now().Before(v.Until) {
			return v.Address
		}
	}
	address, _ := e.addresses.Get(name)
	return address
}

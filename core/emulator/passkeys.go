package emulator

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/loginradius-contrib/go-middleware/core"
)

// passkeys are the site as a relying party of WebAuthn. The library go-webauthn checks
// what authenticators send; what is here is which ceremony an answer belongs to.
type passkeys struct {
	*Emulator
	rp         *webauthn.WebAuthn                // nil if the settings are unusable
	ceremonies *simplelru.LRU[string, *ceremony] // by challenge
}

// A ceremony has begun and waits for the authenticator's answer. It serves once.
type ceremony struct {
	purpose string // the operation that may finish it
	subject string // the user: a uid, an address or the token of a call
	owner   *keyring
	session webauthn.SessionData
	expires time.Time
	used    bool
}

// A keyring holds the passkeys of one account.
type keyring struct {
	handle string // 32 hex digits, which authenticators keep as the user's id
	keys   []*passkey
}

type passkey struct {
	id         string
	credential webauthn.Credential
	created    time.Time
}

// The methods of webauthn.User.

func (k *keyring) WebAuthnID() []byte          { return []byte(k.handle) }
func (k *keyring) WebAuthnName() string        { return k.handle }
func (k *keyring) WebAuthnDisplayName() string { return k.handle }

func (k *keyring) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, len(k.keys))
	for i, key := range k.keys {
		out[i] = key.credential
	}
	return out
}

func newPasskeys(e *Emulator) *passkeys {
	p := &passkeys{Emulator: e}
	p.ceremonies, _ = simplelru.NewLRU[string, *ceremony](e.opt.max.links, nil) // the size is positive
	rules := e.opt.passkeys
	origins := rules.Origins
	if len(origins) == 0 {
		origins = []string{"https://" + rules.RPID}
	}
	p.rp, _ = webauthn.New(&webauthn.Config{ // an error leaves nil, which calls answer with 1322
		RPID: rules.RPID, RPDisplayName: rules.RPName, RPOrigins: origins,
		AuthenticatorSelection: protocol.AuthenticatorSelection{UserVerification: protocol.VerificationPreferred},
	})
	return p
}

// usable refuses calls on a site without passkeys, or with unusable settings.
func (p *passkeys) usable() *problem {
	switch {
	case !p.opt.passkeys.on:
		return refuse(core.CodePasskeysNotEnabled)
	case p.rp == nil:
		return refuse(core.CodePasskeyConfigurationError)
	}
	return nil
}

// keysOf returns the account's keyring, which has a handle from then on.
func (p *passkeys) keysOf(a *account) *keyring {
	if a.passkeys.handle == "" {
		a.passkeys.handle = newID()
		p.accounts.put(a)
	}
	return &a.passkeys
}

// algorithms are the signatures that the site accepts, in the documented order.
var algorithms = []webauthncose.COSEAlgorithmIdentifier{
	webauthncose.AlgES256, webauthncose.AlgES384, webauthncose.AlgES512, webauthncose.AlgRS256, webauthncose.AlgRS384,
	webauthncose.AlgRS512, webauthncose.AlgPS256, webauthncose.AlgPS384, webauthncose.AlgPS512, webauthncose.AlgEdDSA,
}

// beginCreation starts the making of a passkey and returns what the browser needs.
func (p *passkeys) beginCreation(purpose, subject string, owner *keyring, timeout time.Duration) (map[string]any, *problem) {
	var parameters []protocol.CredentialParameter
	var listed []any
	for _, alg := range algorithms {
		parameters = append(parameters, protocol.CredentialParameter{Type: protocol.PublicKeyCredentialType, Algorithm: alg})
		listed = append(listed, map[string]any{"type": "public-key", "alg": alg})
	}
	creation, session, err := p.rp.BeginRegistration(owner, webauthn.WithCredentialParameters(parameters))
	if err != nil {
		return nil, refuse(core.CodePasskeyConfigurationError)
	}
	p.begin(purpose, subject, owner, session, timeout)
	return map[string]any{"publicKey": map[string]any{
		"rp":                     map[string]any{"name": creation.Response.RelyingParty.Name, "id": creation.Response.RelyingParty.ID},
		"user":                   map[string]any{"name": owner.handle, "displayName": owner.handle, "id": creation.Response.User.ID},
		"challenge":              creation.Response.Challenge,
		"pubKeyCredParams":       listed,
		"timeout":                timeout.Milliseconds(),
		"authenticatorSelection": map[string]any{"requireResidentKey": false, "userVerification": "preferred"},
	}}, nil
}

// beginAssertion starts a login. Without an owner any passkey of the site may answer.
func (p *passkeys) beginAssertion(purpose, subject string, owner *keyring) (map[string]any, *problem) {
	const timeout = time.Minute
	begin := p.rp.BeginDiscoverableLogin
	if owner != nil {
		begin = func(opts ...webauthn.LoginOption) (*protocol.CredentialAssertion, *webauthn.SessionData, error) {
			return p.rp.BeginLogin(owner, opts...)
		}
	}
	assertion, session, err := begin()
	if err != nil {
		return nil, refuse(core.CodePasskeyConfigurationError)
	}
	p.begin(purpose, subject, owner, session, timeout)
	options := map[string]any{
		"challenge": assertion.Response.Challenge, "timeout": timeout.Milliseconds(), "rpId": p.rp.Config.RPID, "userVerification": "preferred",
	}
	if owner != nil {
		var allowed []any
		for _, d := range assertion.Response.AllowedCredentials {
			allowed = append(allowed, map[string]any{"type": "public-key", "id": d.CredentialID})
		}
		options["allowCredentials"] = allowed
	}
	return map[string]any{"publicKey": options}, nil
}

func (p *passkeys) begin(purpose, subject string, owner *keyring, session *webauthn.SessionData, timeout time.Duration) {
	p.ceremonies.Add(session.Challenge, &ceremony{
		purpose: purpose, subject: subject, owner: owner, session: *session, expires: p.now().Add(timeout + passkeyGrace),
	})
}

// verificationFailed is the one answer to everything that is wrong with what an
// authenticator sent.
func verificationFailed() *problem { return refuse(core.CodePasskeyVerificationFailed) }

// credentialOf returns the authenticator's answer in a body: under its own key, or
// the body itself where the documentation has it so.
func credentialOf(c *call) (json.RawMessage, *problem) {
	var body map[string]json.RawMessage
	_ = json.Unmarshal(c.raw, &body) // the call has been read before
	for key, value := range body {
		if strings.EqualFold(key, "PasskeyCredential") {
			return value, nil
		}
	}
	if c.text("rawid") != "" {
		return c.raw, nil
	}
	return nil, &problem{core.CodeParameterInvalid, map[string]any{"Description": "The required parameter passkeycredential is missing or empty."}}
}

// finish uses up the ceremony that an answer belongs to, by the challenge in it.
func (p *passkeys) finish(purpose, subject string, client protocol.CollectedClientData) (*ceremony, *problem) {
	ch, ok := p.ceremonies.Get(client.Challenge)
	if !ok || ch.purpose != purpose || ch.subject != subject || ch.used || !p.now().Before(ch.expires) {
		return nil, verificationFailed()
	}
	ch.used = true
	if p.anyPort(client.Origin) {
		ch.session.Origin = client.Origin
	}
	return ch, nil
}

// anyPort reports whether an origin is a port of localhost, on a site that names no
// origins: which port a program under development has is not known beforehand.
func (p *passkeys) anyPort(origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && len(p.opt.passkeys.Origins) == 0 && p.rp.Config.RPID == "localhost" &&
		u.Hostname() == "localhost" && (u.Scheme == "http" || u.Scheme == "https")
}

// finishCreation checks an answer and adds the new passkey to the ceremony's keyring.
func (p *passkeys) finishCreation(c *call, purpose, subject string) (*ceremony, *problem) {
	raw, problem := credentialOf(c)
	if problem != nil {
		return nil, problem
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(raw)
	if err != nil {
		return nil, verificationFailed()
	}
	ch, problem := p.finish(purpose, subject, parsed.Response.CollectedClientData)
	if problem != nil {
		return nil, problem
	}
	credential, err := p.rp.CreateCredential(ch.owner, ch.session, parsed)
	if err != nil || p.accounts.byCredential(credential.ID) != nil {
		return nil, verificationFailed()
	}
	ch.owner.keys = append(ch.owner.keys, &passkey{newID(), *credential, p.now()})
	return ch, nil
}

// finishAssertion checks an answer and returns the keyring that it proves.
func (p *passkeys) finishAssertion(c *call, purpose, subject string) (*keyring, *problem) {
	raw, problem := credentialOf(c)
	if problem != nil {
		return nil, problem
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(raw)
	if err != nil {
		return nil, verificationFailed()
	}
	ch, problem := p.finish(purpose, subject, parsed.Response.CollectedClientData)
	if problem != nil {
		return nil, problem
	}
	owner := ch.owner
	var credential *webauthn.Credential
	if owner != nil {
		credential, err = p.rp.ValidateLogin(owner, ch.session, parsed)
	} else {
		credential, err = p.rp.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
			a := p.accounts.byPasskeyHandle(string(handle))
			if a == nil {
				return nil, protocol.ErrBadRequest
			}
			owner = &a.passkeys
			return owner, nil
		}, ch.session, parsed)
	}
	// A counter that does not rise is a sign of a copied key.
	if err != nil || credential.Authenticator.CloneWarning {
		return nil, verificationFailed()
	}
	for _, key := range owner.keys {
		if slices.Equal(key.credential.ID, credential.ID) {
			key.credential = *credential
		}
	}
	return owner, nil
}

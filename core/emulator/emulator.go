// Package emulator is an in-process LoginRadius for development and tests: the HTTP API
// with real state, a mailbox in place of e-mail and SMS, a clock that tests can move, and
// injected faults.
//
//	srv, err := emulator.Start()
//	if err != nil { … }
//	defer srv.Close()
//	client, err := core.New(srv.Config())
//
// It answers every operation of package core, and more: [Emulator.Operations] lists them.
// It checks keys, secrets, signatures and SOTTs, and answers with the published codes and
// messages, so that the vendor's SDKs work against it unchanged. For an SDK that requires
// HTTPS, use httptest.NewTLSServer(emulator.New()).
//
// In a test, start it with [StartT]. Seed it with [Emulator.AddUser],
// [Emulator.IssueTokens], [Emulator.RequestToken] and [Emulator.AddProviderToken], move
// the time with [Emulator.Advance], read messages with [Emulator.LastMail] and codes of
// authenticators with [Emulator.TOTPCode], inject faults with [Emulator.Inject], and
// count calls with [Emulator.Requests]. [WithControl] offers the same over HTTP.
//
// [WithOIDCApp], [WithJWTApp] and [WithMachine] add applications that log in by OpenID
// Connect, that get JWTs, or that log in as themselves. [WithWebhook] has events sent.
//
// Use it for development and tests only. It forgets everything when it ends, hashes
// passwords at the lowest cost, and listens on loopback by default. Its memory is
// bounded: the oldest tokens, links and messages are dropped first. Where LoginRadius
// documents nothing, the behaviour is a guess, and an [Option] changes it.
package emulator

import (
	"crypto/cipher"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// limits bound the memory of an emulator. Above them the oldest entry is dropped,
// except that further accounts and roles are refused.
type limits struct {
	accounts, sessions, links, mails, requests int
	roles                                      int // and permissions of each
	profile                                    int // bytes of JSON in one account
}

// An Emulator is an http.Handler that answers like LoginRadius, with its mailbox
// at /mailbox. It is safe for concurrent use. Make one with [New] or [Start].
type Emulator struct {
	opt    options
	logger *slog.Logger

	routes router
	sealer func() cipher.Block // of SOTTs

	mu       sync.Mutex // guards everything below, the features included
	ahead    time.Duration
	accounts directory
	links    *simplelru.LRU[string, *link]
	codes    *codes
	mails    []Mail
	faults   []*Fault
	requests []Request
	current  *call // the call that is being answered

	// Features. Each is a struct with its own state and a method that lists its routes.
	// What belongs to one account is a field of account instead, and dies with it.
	sessions *sessions
	social   *social
	roles    *roles
	mfa      *mfa
	pins     *pins
	reauth   *reauth

	phones       *phones
	passwordless *passwordless
	waiting      *waiting

	federation    *federation
	passkeys      *passkeys
	webhooks      *webhooks
	customObjects *customObjects
	consents      *consents
	privacy       *privacy
	linking       *linking
}

// New returns an emulator that does not listen. Serve it like any http.Handler.
func New(opts ...Option) *Emulator {
	e := &Emulator{opt: defaults()}
	for _, o := range opts {
		o(&e.opt)
	}
	e.logger = e.opt.logger
	e.accounts = newDirectory(e.opt.max.accounts)
	e.links, _ = simplelru.NewLRU[string, *link](e.opt.max.links, nil) // the size is positive
	e.codes = newCodes(e)
	e.sessions, e.social, e.roles = newSessions(e), newSocial(e), newRoles(e)
	e.mfa, e.pins, e.reauth = newMFA(e), newPINs(e), newReauth(e)
	e.phones, e.passwordless, e.waiting = &phones{e}, &passwordless{e}, newWaiting(e)
	e.federation = newFederation(e)
	e.passkeys, e.webhooks = newPasskeys(e), newWebhooks(e)
	e.customObjects, e.consents, e.privacy = &customObjects{e}, newConsents(e), &privacy{e, e.opt.privacyVersion}
	e.linking = newLinking(e)
	e.routes = newRouter(e.allRoutes())
	e.sealer = sync.OnceValue(e.sottCipher) // costs ten thousand hashes
	return e
}

// APIKey returns the key that calls must carry.
func (e *Emulator) APIKey() string { return e.opt.apiKey }

// APISecret returns the secret that goes with it.
func (e *Emulator) APISecret() string { return e.opt.apiSecret }

// Now returns the emulator's time: the time of its clock plus all of [Emulator.Advance].
func (e *Emulator) Now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now()
}

// Advance moves the emulator's clock forward. A client made from [Server.Config]
// moves with it.
func (e *Emulator) Advance(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ahead += d
}

func (e *Emulator) now() time.Time { return e.opt.clock().Add(e.ahead).UTC() }

// ServeHTTP answers one call. Paths, query names and body keys are matched without
// case, as LoginRadius does.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if e.opt.controlKey != "" && strings.HasPrefix(r.URL.Path, controlPath) {
		e.serveControl(w, r)
		return
	}
	switch strings.ToLower(strings.TrimRight(r.URL.Path, "/")) {
	case "":
		http.Redirect(w, r, "/mailbox", http.StatusFound) // for people who open the address
		return
	case "/mailbox":
		e.MailboxHandler().ServeHTTP(w, r)
		return
	case hostedPath:
		e.servePage(w, r)
		return
	}
	c, ok := e.read(w, r)
	if !ok {
		return
	}
	e.record(c)
	if e.disturb(c) {
		return
	}
	c.write(e.answer(c))
}

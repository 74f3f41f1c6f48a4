package emulator

import (
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Mail is an e-mail or an SMS that LoginRadius would have sent.
type Mail struct {
	To     string    `json:"to"`      // an address, or the number that an SMS goes to
	Kind   string    `json:"kind"`    // its purpose, see below
	Link   string    `json:"link"`    // "" if it has none
	Token  string    `json:"token"`   // the link's vtoken
	OTP    string    `json:"otp"`     // the code, if it has one instead of a link
	SentAt time.Time `json:"sent_at"` // by the emulator's clock
}

// The kinds of messages. Links carry them as vtype, see [vtype].
const (
	kindVerify       = "emailverification"
	kindReset        = "reset"
	kindDelete       = "deleteuser"
	kindWelcome      = "welcome"
	kindPasswordless = "passwordless"
	kindSecondFactor = "secondfactor"
	kindReauth       = "reauth"
	kindVerifyPhone  = "phoneverification"
	kindResetPhone   = "resetphone"
	kindOneTouch     = "onetouch"
	kindSmartLogin   = "smartlogin"
	kindPINReset     = "pinreset"
	kindPasskeyReset = "passkeyreset"
)

// Mailbox returns the last thousand messages, newest last.
func (e *Emulator) Mailbox() []Mail {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.mails)
}

// LastMail returns the newest message of a kind to an address or a number. Case does not
// matter, and "" matches anything. ok is false if there is none.
func (e *Emulator) LastMail(kind, to string) (m Mail, ok bool) {
	mails := e.Mailbox()
	for _, mail := range slices.Backward(mails) {
		if (kind == "" || mail.Kind == kind) && (to == "" || strings.EqualFold(mail.To, to)) {
			return mail, true
		}
	}
	return Mail{}, false
}

func (e *Emulator) mailLink(c *call, a *account, kind, to, target string) {
	e.postLink(c, e.newLink(a, kind, to), target)
}

func (e *Emulator) postLink(c *call, l *link, target string) {
	m := Mail{To: l.email, Kind: l.kind}
	if l.otp != "" {
		m.OTP = l.otp
	} else {
		m.Link, m.Token = l.address(c, target), l.token
	}
	e.post(m)
}

func (e *Emulator) mailWelcome(a *account) {
	if a.email() != "" {
		e.post(Mail{To: a.email(), Kind: kindWelcome})
	}
}

func (e *Emulator) post(m Mail) {
	m.SentAt = e.now()
	if len(e.mails) >= e.opt.max.mails {
		e.mails = slices.Delete(e.mails, 0, 1)
	}
	e.mails = append(e.mails, m)
}

// mailboxView is the data of the mailbox page.
type mailboxView struct {
	Mails          []Mail
	Authenticators []authenticator
}

// MailboxHandler serves the mailbox: as HTML, or to clients that accept application/json
// as {"messages":[{"to","kind","link","token","otp","sent_at"}]}, newest last.
func (e *Emulator) MailboxHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the mailbox can only be read", http.StatusMethodNotAllowed)
			return
		}
		mails := e.Mailbox()
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Vary", "Accept")
		if strings.Contains(r.Header.Get("Accept"), "application/json") {
			if mails == nil {
				mails = []Mail{}
			}
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			out := json.NewEncoder(w)
			out.SetEscapeHTML(false) // so that links can be copied from it
			_ = out.Encode(map[string]any{"messages": mails})
			return
		}
		slices.Reverse(mails)
		writePage(w, http.StatusOK, mailboxPage, mailboxView{mails, e.authenticators()})
	})
}

const pageSecurity = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'self'"

// writePage writes a page that loads nothing and sends no Referer.
func writePage(w http.ResponseWriter, status int, page *template.Template, data any) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Content-Security-Policy") == "" {
		h.Set("Content-Security-Policy", pageSecurity)
	}
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = page.Execute(w, data)
}

const pageStyle = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1f2430;background:#f6f7f9}
h1{font-size:1.4rem}article,form{background:#fff;border:1px solid #dfe3ea;border-radius:10px;padding:1rem 1.2rem;margin:1rem 0}
h2{font-size:1rem;margin:0}p{margin:.3rem 0}a{color:#1849a9;overflow-wrap:anywhere}small{color:#5b6475}
input{font:inherit;display:block;width:100%;box-sizing:border-box;padding:.5rem;margin:.3rem 0 1rem;border:1px solid #98a2b3;border-radius:6px}
button{font:inherit;padding:.5rem 1rem;border:0;border-radius:6px;color:#fff;background:#1849a9}
</style>`

var mailboxPage = template.Must(template.New("mailbox").Parse(`<!doctype html>
<html lang="en"><head>` + pageStyle + `<title>Mailbox of the LoginRadius emulator</title></head><body>
<h1>Mailbox</h1>
<p>What LoginRadius would have sent by e-mail and SMS. This is the emulator: nothing leaves this machine. Newest first.</p>
{{with .Authenticators}}<section><h2>Authenticators</h2><p>What the authenticators of these users show now; reload for the next code.</p>
<ul>{{range .}}<li>{{.Name}}: <strong>{{.Code}}</strong>{{if not .Verified}} <small>not enrolled yet</small>{{end}}</li>{{end}}</ul></section>{{end}}
{{range .Mails}}<article><h2>{{.Kind}}</h2><p>To {{.To}} <small><time datetime="{{.SentAt.Format "2006-01-02T15:04:05Z07:00"}}">{{.SentAt.Format "15:04:05"}} UTC</time></small></p>
{{if .Link}}<p><a href="{{.Link}}">{{.Link}}</a></p>{{end}}{{if .OTP}}<p>Code: <strong>{{.OTP}}</strong></p>{{end}}</article>
{{else}}<p>No messages yet.</p>{{end}}</body></html>
`))

package emulator

import (
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
)

// hostedPage is where links lead when the call names no address.
const hostedPage = "https://emulator.hub.loginradius.com/auth.aspx"

// A Mail is a message that LoginRadius would have sent.
type Mail struct {
	To     string    `json:"to"`
	Kind   string    `json:"kind"` // emailverification, reset, deleteuser or welcome
	Link   string    `json:"link"`
	Token  string    `json:"token"` // the link's vtoken
	OTP    string    `json:"otp,omitempty"`
	SentAt time.Time `json:"sent_at"`
}

// Mailbox returns the mails sent so far, newest last: at most the last thousand.
func (e *Emulator) Mailbox() []Mail {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.mails)
}

func (e *Emulator) mailLink(a *account, kind, to, target string) {
	l := e.newLink(a, kind, to)
	m := Mail{To: to, Kind: kind, Link: withToken(target, hostedPage, l), Token: l.token}
	if l.otp != "" {
		m = Mail{To: to, Kind: kind, OTP: l.otp}
	}
	e.post(m)
}

func (e *Emulator) mail(a *account, kind, address, token string) {
	e.post(Mail{To: a.email(), Kind: kind, Link: address, Token: token})
}

func (e *Emulator) post(m Mail) {
	m.SentAt = e.now()
	if len(e.mails) >= maxMails {
		e.mails = slices.Delete(e.mails, 0, 1)
	}
	e.mails = append(e.mails, m)
}

// MailboxHandler shows the mailbox: HTML for browsers, and for those who accept
// application/json {"messages":[{"to","kind","link","token","sent_at"}]}, newest last.
func (e *Emulator) MailboxHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mails := e.Mailbox()
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Vary", "Accept")
		if strings.Contains(r.Header.Get("Accept"), "application/json") {
			if mails == nil {
				mails = []Mail{}
			}
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_ = json.NewEncoder(w).Encode(map[string]any{"messages": mails})
			return
		}
		slices.Reverse(mails)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		w.Header().Set("Referrer-Policy", "no-referrer")
		_ = mailboxPage.Execute(w, mails)
	})
}

var mailboxPage = template.Must(template.New("mailbox").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailbox of the LoginRadius emulator</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1f2430;background:#f6f7f9}
h1{font-size:1.4rem}article{background:#fff;border:1px solid #dfe3ea;border-radius:10px;padding:1rem 1.2rem;margin:1rem 0}
h2{font-size:1rem;margin:0}p{margin:.3rem 0}a{color:#1849a9;overflow-wrap:anywhere}small{color:#5b6475}
</style></head><body>
<h1>Mailbox</h1>
<p>What LoginRadius would have mailed. This is the emulator: no mail leaves this machine. Newest first.</p>
{{range .}}<article><h2>{{.Kind}}</h2><p>To {{.To}} <small><time datetime="{{.SentAt.Format "2006-01-02T15:04:05Z07:00"}}">{{.SentAt.Format "15:04:05"}} UTC</time></small></p>
{{if .Link}}<p><a href="{{.Link}}">{{.Link}}</a></p>{{end}}{{if .OTP}}<p>Code: <strong>{{.OTP}}</strong></p>{{end}}</article>
{{else}}<p>No mail yet.</p>{{end}}</body></html>
`))

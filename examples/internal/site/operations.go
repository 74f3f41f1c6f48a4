package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"unicode"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// Operations are handlers for whoever runs the site, by their paths: is the process
// alive, can it reach LoginRadius, what has it counted; and the emulator's mailbox. Browsers
// ask for /favicon.ico where no page names an icon, as for the answers of the API.
func (s *Site) Operations() map[string]http.Handler {
	return map[string]http.Handler{
		"/healthz":     http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }),
		"/readyz":      http.HandlerFunc(s.readyz),
		"/stats":       http.HandlerFunc(s.stats),
		"/mailbox":     s.Mailbox,
		"/favicon.ico": http.RedirectHandler("/pages.svg", http.StatusMovedPermanently),
	}
}

// readyz tells "cannot reach" from "refuses our key", for people. Probes look at the
// status.
func (s *Site) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.Client.Ready(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

func (s *Site) stats(w http.ResponseWriter, _ *http.Request) {
	body, err := json.Marshal(statsJSON(s.Client.Stats()))
	if err != nil {
		http.Error(w, "cannot encode the counters", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

// statsJSON returns every counter by its name in snake case.
func statsJSON(stats core.Stats) map[string]any {
	out := map[string]any{}
	for field, value := range reflect.ValueOf(stats).Fields() {
		var name strings.Builder
		for i, r := range field.Name {
			if unicode.IsUpper(r) && i > 0 {
				name.WriteByte('_')
			}
			name.WriteRune(unicode.ToLower(r))
		}
		out[name.String()] = value.Interface()
	}
	return out
}

// webhookSecret is the environment variable with the key of the events' signatures.
const webhookSecret = "LOGINRADIUS_WEBHOOK_SECRET"

// Webhooks are the options of the route that takes LoginRadius' events, which is mounted
// by itself at the root. LOGINRADIUS_WEBHOOK_SECRET replaces the API secret as the key of
// their signatures.
func (s *Site) Webhooks() []web.RouteOption {
	var secrets []string
	if secret := os.Getenv(webhookSecret); secret != "" {
		secrets = append(secrets, secret)
	}
	return []web.RouteOption{web.Only(web.RouteWebhook), web.Webhooks(secrets...)}
}

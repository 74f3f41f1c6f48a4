// Package notes stands for an application of yours: handlers behind a login. Its
// test shows how to test them without an account or a network.
package notes

import (
	"encoding/json"
	"net/http"
	"sync"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// Notes keeps a list of notes for each user.
type Notes struct {
	mu    sync.Mutex
	notes map[string][]string // by uid
}

// Handler is the application. In production the client comes from
// core.New(core.ConfigFromEnv()).
func (n *Notes) Handler(client *core.Client) http.Handler {
	mux := http.NewServeMux()
	requireLogin := nethttp.RequireLogin(client)
	mux.Handle("GET /notes", requireLogin(http.HandlerFunc(n.list)))
	mux.Handle("POST /notes", requireLogin(http.HandlerFunc(n.add)))
	mux.Handle("DELETE /notes", nethttp.RequireLogin(client, web.RequireRole("admin"))(http.HandlerFunc(n.clear)))
	return mux
}

func (n *Notes) list(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	own := append([]string{}, n.notes[nethttp.Session(r).UID()]...)
	n.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(own)
}

func (n *Notes) add(w http.ResponseWriter, r *http.Request) {
	var note string
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&note); err != nil || note == "" {
		http.Error(w, "a note is a JSON text", http.StatusBadRequest)
		return
	}
	uid := nethttp.Session(r).UID()
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.notes == nil {
		n.notes = map[string][]string{}
	}
	n.notes[uid] = append(n.notes[uid], note)
	w.WriteHeader(http.StatusCreated)
}

func (n *Notes) clear(w http.ResponseWriter, _ *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.notes = nil
	w.WriteHeader(http.StatusNoContent)
}

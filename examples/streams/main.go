// The streams example: a WebSocket and an event stream that end when their user logs
// out, and an API beside them.
//
//	go run ./examples/streams
//
// Register and log in on the pages, open the printed address with /events behind it, and
// log out in another tab: the stream says so and ends.
package main

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/coder/websocket"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	s, err := site.New()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "/auth", s.Client, s.Routes()...); err != nil {
		return err
	}
	cookies := web.InsecureCookies()
	if err := nethttp.Mount(mux, "", s.Client, s.Routes(cookies, s.Pages())...); err != nil {
		return err
	}
	// With the token in the context, the end of a session elsewhere is noticed too.
	requireLogin := nethttp.RequireLogin(s.Client, cookies, web.PassToken())
	mux.Handle("GET /events", requireLogin(http.HandlerFunc(events)))
	mux.Handle("GET /socket", requireLogin(http.HandlerFunc(socket)))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.Handle("GET /mailbox", s.Mailbox)
	return s.Serve(mux)
}

// tick is how often the streams have something to say.
const tick = time.Second

// events is a stream of server-sent events.
func events(w http.ResponseWriter, r *http.Request) {
	flush := http.NewResponseController(w).Flush
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	ended := core.WatchSession(r.Context())
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	fmt.Fprintf(w, "event: hello\ndata: %s\n\n", nethttp.Session(r).UID())
	for flush() == nil {
		select {
		case now := <-ticker.C:
			fmt.Fprintf(w, "data: %s\n\n", now.UTC().Format(time.RFC3339))
		case <-ended:
			fmt.Fprint(w, "event: logout\ndata: the session has ended\n\n")
			_ = flush()
			return
		}
	}
}

// statusSessionEnded closes a socket at the end of its session, so that its client knows that
// it must log in before it opens another.
const statusSessionEnded websocket.StatusCode = 4401

// socket is a WebSocket. The library refuses pages of other origins.
func socket(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // it has answered
	}
	defer func() { _ = conn.CloseNow() }()
	ctx := conn.CloseRead(r.Context()) // ends with the connection
	ended := core.WatchSession(ctx)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for message := "hello " + nethttp.Session(r).UID(); ; {
		if conn.Write(ctx, websocket.MessageText, []byte(message)) != nil {
			return
		}
		select {
		case now := <-ticker.C:
			message = now.UTC().Format(time.RFC3339)
		case <-ended:
			_ = conn.Close(statusSessionEnded, "the session has ended")
			return
		}
	}
}

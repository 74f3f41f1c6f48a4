package adaptertest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// secret is what guarded handlers and files answer.
const secret = "QX7-behind-the-guard"

// A Routing is what a [Router] needs to build an application.
type Routing struct {
	Client *core.Client
	Guard  []web.GuardOption
	Routes []web.RouteOption
	Dir    string // holds secret.txt, to be served behind a guard

	reached atomic.Int64
}

// Secret is what every guarded handler answers. It counts how often one has run.
func (r *Routing) Secret() string {
	r.reached.Add(1)
	return secret
}

// A Router starts an application with one way of routing and returns its address. Its
// handlers at and below /api, and at whatever else it guards, answer [Routing.Secret].
// Those at and below /open are not guarded and answer anything else.
type Router func(t *testing.T, r *Routing) (url string)

// routingRequests is how many requests each router gets; the seed picks them.
const (
	routingRequests = 700
	routingSeed     = 20261125
)

// RunRouting sends requests without a token to each router, with paths, methods and
// headers that routers and middlewares rewrite, and wants no guarded handler to run.
// Requests with a token show that there is something to reach.
func RunRouting(t *testing.T, routers map[string]Router) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	lr, err := emulator.Start(emulator.WithLogger(quiet))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lr.Close() })
	client, err := core.New(lr.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Session(context.Background(), token); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret.txt"), []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, build := range routers {
		t.Run(name, func(t *testing.T) {
			r := &Routing{
				Client: client, Dir: dir, Guard: []web.GuardOption{web.Logger(quiet)},
				Routes: []web.RouteOption{web.Logger(quiet), web.ResponseFloor(0)},
			}
			c := &rawClient{address: strings.TrimPrefix(build(t, r), "http://")}
			defer c.close()
			random := rand.New(rand.NewPCG(routingSeed, 0))
			for range routingRequests {
				request := routingRequest(random)
				answer := c.send(request)
				if r.reached.Load() != 0 || strings.Contains(answer, secret) {
					t.Fatalf("reached without a token, by %q: %.200s", request, answer)
				}
			}
			for _, path := range routingPaths {
				c.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n")
			}
			if r.reached.Load() == 0 {
				t.Error("not even a token reaches a guarded handler")
			}
		})
	}
}

// The paths that routers of the adapters guard, and ways to write them.
var (
	routingPaths = []string{
		"/api", "/api/secret", "/api/any", "/api/p/1", "/api/w/a/b", "/api/sub", "/api/sub/secret", "/api/files/secret.txt", "/api/one",
		"/open/rewrite", "/old/secret", "/deep/sub/secret", "/org/a/secret", "/nowhere",
	}
	routingSpellings = []func(first, rest string) string{
		func(first, rest string) string { return "/" + first + "/" + rest },
		func(first, rest string) string { return "/" + first + "/" + rest + "/" },
		func(first, rest string) string { return "//" + first + "/" + rest },
		func(first, rest string) string { return "///" + first + "//" + rest },
		func(first, rest string) string { return "/./" + first + "/./" + rest },
		func(first, rest string) string { return "/open/../" + first + "/" + rest },
		func(first, rest string) string { return "/open/any/../../" + first + "/" + rest },
		func(first, rest string) string { return "/open/..%2f" + first + "/" + rest },
		func(first, rest string) string { return "/open/%2e%2e/" + first + "/" + rest },
		func(first, rest string) string { return "/open%2f..%2f" + first + "/" + rest },
		func(first, rest string) string { return "/" + first + "%2f" + rest },
		func(first, rest string) string { return "/" + first + "%252f" + rest },
		func(first, rest string) string { return "/" + first + "%5c" + rest },
		func(first, rest string) string { return "/" + first + `\` + rest },
		func(first, rest string) string { return "/" + first + ";a=b/" + rest + ";a=b" },
		func(first, rest string) string { return "/" + strings.ToUpper(first) + "/" + rest },
		func(first, rest string) string { return "/" + first + "/" + strings.ToUpper(rest) },
		func(first, rest string) string { return fmt.Sprintf("/%%%02x%s/%s", first[0], first[1:], rest) },
		func(first, rest string) string { return "/" + first + "/x/../" + rest },
		func(first, rest string) string { return "/" + first + "/%2e%2e/" + first + "/" + rest },
		func(first, rest string) string { return "/" + first + "/" + rest + "%00" },
		func(first, rest string) string { return "/" + first + "/" + rest + "%20" },
		func(first, rest string) string { return "/" + first + "/" + rest + "?x=1#f" },
		func(first, rest string) string { return "/" + first + "/" + rest + "?_method=GET" },
		func(first, rest string) string { return "/" + first + "/" + rest + ".json" },
		func(first, rest string) string { return "/" + first + "/" + rest + "\xff" },
		func(first, rest string) string { return "http://x/" + first + "/" + rest },
		func(first, rest string) string { return "http://admin.example.com/" + first + "/" + rest },
		func(first, rest string) string { return "//x/" + first + "/" + rest },
		func(first, rest string) string { return first + "/" + rest },
	}
	routingMethods = []string{"GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "FOO"}
	routingHeaders = []string{
		"", "",
		"X-HTTP-Method-Override: GET\r\n",
		"X-HTTP-Method-Override: OPTIONS\r\nAccess-Control-Request-Method: GET\r\nOrigin: http://e\r\n",
		"X-Original-URL: /api/secret\r\nX-Rewrite-URL: /api/secret\r\nX-Forwarded-Prefix: /api\r\nX-Forwarded-Host: admin.example.com\r\n",
		"Authorization: Bearer \r\n", "Authorization:\r\n",
		"Cookie: lr_access=x; __Host-lr_access=x\r\nUpgrade: websocket\r\n",
		"Content-Type: application/x-www-form-urlencoded\r\n",
	}
)

func routingRequest(random *rand.Rand) string {
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	first, rest, _ := strings.Cut(pick(routingPaths)[1:], "/")
	path := routingSpellings[random.IntN(len(routingSpellings))](first, rest)
	host := "x"
	if random.IntN(4) == 0 {
		host = "admin.example.com"
	}
	headers, body := pick(routingHeaders), ""
	if strings.Contains(headers, "urlencoded") {
		body = "_method=GET"
	}
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n%s", pick(routingMethods), path, host, headers, len(body), body)
}

// A rawClient sends bytes, over one connection for as long as the server keeps it.
type rawClient struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
}

func (c *rawClient) close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// send returns the answer's body, or what went wrong.
func (c *rawClient) send(request string) string {
	for fresh := c.conn == nil; ; fresh = true {
		if c.conn == nil {
			conn, err := net.Dial("tcp", c.address)
			if err != nil {
				return err.Error()
			}
			c.conn, c.in = conn, bufio.NewReader(conn)
		}
		_ = c.conn.SetDeadline(time.Now().Add(patience))
		method, _, _ := strings.Cut(request, " ")
		if !slices.Contains([]string{"HEAD", "GET"}, method) {
			method = "GET" // so that a body is read
		}
		_, err := io.WriteString(c.conn, request)
		var res *http.Response
		if err == nil {
			res, err = http.ReadResponse(c.in, &http.Request{Method: method})
		}
		if err != nil {
			c.close()
			if fresh {
				return err.Error()
			}
			continue // the server had closed it after the last answer
		}
		body, _ := io.ReadAll(res.Body)
		if res.Close || res.ContentLength < 0 {
			c.close()
		}
		return string(body)
	}
}

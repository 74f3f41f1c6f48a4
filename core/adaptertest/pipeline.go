package adaptertest

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// Connections that carry many requests of many users at once, some with a body, some
// without a token or with a bad one: every answer is that of its own request.
func testPipelines(t *testing.T, app *kit) {
	const users, connections, requests = 8, 4, 250
	b := newBench(t, app, Site{})
	var uids, tokens []string
	for i := range users {
		uid, token := b.user(emulator.User{Email: fmt.Sprintf("user%d@example.com", i), EmailVerified: true})
		uids, tokens = append(uids, uid), append(tokens, token)
	}
	var all sync.WaitGroup
	for seed := range uint64(connections) {
		all.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1))
			conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			_ = conn.SetDeadline(time.Now().Add(patience))
			order := make([]int, requests)
			for i := range order {
				order[i] = random.IntN(users + 2)
			}
			go func() {
				out := bufio.NewWriter(conn)
				for _, user := range order {
					header, body := "", strings.Repeat("x", user%3*5)
					switch {
					case user < users:
						header = "Authorization: Bearer " + tokens[user] + "\r\n"
					case user == users:
						header = "Authorization: Bearer bad\r\n"
					}
					_, _ = fmt.Fprintf(out, "POST /api/whoami HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n%s", header, len(body), body)
				}
				_ = out.Flush()
			}()
			in := bufio.NewReader(conn)
			for i, user := range order {
				res, err := http.ReadResponse(in, nil)
				if err != nil {
					t.Errorf("connection %d, answer %d: %v", seed, i, err)
					return
				}
				body, _ := io.ReadAll(res.Body)
				own := user >= users && res.StatusCode == http.StatusUnauthorized ||
					user < users && res.StatusCode == http.StatusOK && strings.Contains(string(body), `"accessor":"`+uids[user]+`"`)
				if !own {
					t.Errorf("connection %d, answer %d of user %d: %d %s", seed, i, user, res.StatusCode, body)
					return
				}
			}
		})
	}
	all.Wait()
}

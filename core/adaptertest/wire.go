package adaptertest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// silence ends the reading of a connection that the server keeps open.
const silence = 400 * time.Millisecond

// testWire sends bytes that a client library would not. Whatever a proxy in front makes
// of them, no request is answered as another user's, or with headers that it has not.
func testWire(t *testing.T, app *kit) {
	b := newBench(t, app, Site{Guard: []web.GuardOption{web.TokensFrom(web.BearerHeader(), web.TokenHeader("X-Token"))}})
	ada, tokenA := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	bob, tokenB := b.user(emulator.User{Email: "bob@example.com", EmailVerified: true})
	const post, host = "POST /api/whoami HTTP/1.1\r\n", "Host: x\r\n"
	get, none := "GET /api/whoami HTTP/1.1\r\n"+host, "\r\n"
	asAda, asBob := "Authorization: Bearer "+tokenA+"\r\n", "Authorization: Bearer "+tokenB+"\r\n"
	hidden := get + asBob + none
	length := func(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }
	chunked := "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
	var wg sync.WaitGroup
	for _, tt := range []struct{ name, request, want string }{
		{"one length", post + host + asAda + length("abc"), "200 ada"},
		{"differing lengths", post + host + asAda + "Content-Length: 0\r\n" + length("abc"), "400"},
		{"differing lengths around a request", post + host + asAda + "Content-Length: 0\r\n" + length(hidden), "400"},
		{"the other way round", post + host + asAda + strings.Replace(length(hidden), "\r\n", "\r\nContent-Length: 0\r\n", 1), "400"},
		{"a list of lengths", post + host + asAda + "Content-Length: 3, 3\r\n\r\nabc", "400"},
		{"a signed length", post + host + asAda + "Content-Length: +3\r\n\r\nabc", "400"},
		{"a negative length", post + host + asAda + "Content-Length: -1\r\n\r\nabc", "400"},
		{"an unknown transfer coding", post + host + asAda + "Transfer-Encoding: xchunked\r\n" + length("abc"), "400|501"},
		{"two transfer codings", post + host + asAda + "Transfer-Encoding: chunked\r\n" + chunked + none, "400|501"},
		{"white space before a colon", post + host + asAda + "Transfer-Encoding : chunked\r\n" + length("0\r\n\r\n"), "400"},

		{"no host", post + asAda + length(""), "400"},
		{"two hosts", post + host + "Host: y\r\n" + asAda + length(""), "400"},

		{"folded after the scheme", get + "Authorization: Bearer\r\n " + tokenA + "\r\n\r\n", "200 ada"},
		{"folded before the value", get + "Authorization:\r\n Bearer " + tokenA + "\r\n\r\n", "200 ada"},
		{"folded within the token", get + "Authorization: Bearer " + tokenA[:10] + "\r\n\t" + tokenA[10:] + "\r\n\r\n", "401"},
		{"folded behind another header", get + "X-A: b\r\n " + asAda + none, "401"},
		{"folded first line", "GET /api/whoami HTTP/1.1\r\n " + asAda + host + none, "400"},
		{"white space before the colon of the header", get + "Authorization : Bearer " + tokenA + "\r\n\r\n", "400"},
		{"white space around the value", get + "Authorization: \t Bearer " + tokenA + "  \t\r\n\r\n", "200 ada"},
		{"no space before the value", get + "Authorization:Bearer " + tokenA + "\r\n\r\n", "200 ada"},
		{"two spaces before the token", get + "Authorization: Bearer  " + tokenA + "\r\n\r\n", "401"},
		{"tokens in a list", get + "Authorization: Bearer " + tokenA + ", Bearer " + tokenB + "\r\n\r\n", "401"},
		{"a NUL in the token", get + "Authorization: Bearer " + tokenA + "\x00\r\n\r\n", "400"},
		{"a bare CR in a value", get + "X: a\r" + asAda + none, "400"},
		{"two headers", get + asAda + asBob + none, "400"},
		{"two headers of different case", get + asAda + "aUTHORIZATION: Bearer " + tokenB + "\r\n\r\n", "400"},
		{"an empty one behind it", get + asAda + "Authorization:\r\n\r\n", "400"},
		{"an empty one before it", get + "Authorization:\r\n" + asAda + none, "400"},
		{"another case", get + "aUTHORIZATION: Bearer " + tokenA + "\r\n\r\n", "200 ada"},

		{"a trailer", post + host + chunked + asAda + none, "400|401"},
		{"an announced trailer", post + host + "Trailer: Authorization\r\n" + chunked + asAda + none, "400|401"},
		{"a trailer beside the header", post + host + asAda + chunked + asBob + none, "400|200 ada"},
		{"a trailer of another name", post + host + chunked + "X-Token: " + tokenA + "\r\n\r\n", "400|401"},
		{"an announced trailer of another name", post + host + "Trailer: X-Token\r\n" + chunked + "X-Token: " + tokenA + "\r\n\r\n", "400|401"},
		{"a trailer of another name beside the header", post + host + "X-Token: " + tokenA + "\r\n" + chunked + "X-Token: " + tokenB + "\r\n\r\n", "400|200 ada"},
		{"a cookie in a trailer", "POST /auth/logout HTTP/1.1\r\n" + host + chunked + "Cookie: lr_access=" + tokenA + "\r\n\r\n", "400|401"},

		{"a pipeline", get + asAda + none + get + asBob + none + get + none + get + asAda + none, "200 ada, 200 bob, 401, 200 ada"},
		{"a refused body, and a request behind it", post + host + length("abcde") + get + asBob + none, "401(, 200 bob)?"},
		{"a refused body that is a request", post + host + length(hidden), "401"},
		{"a body that is a request", get + asAda + length(hidden) + get + none, "200 ada, 401"},
	} {
		wg.Go(func() {
			got := strings.NewReplacer(ada, "ada", bob, "bob").Replace(exchange(b.url, tt.request))
			if !regexp.MustCompile("^(" + tt.want + ")$").MatchString(got) {
				t.Errorf("%s: %q, want %s", tt.name, got, tt.want)
			}
		})
	}
	wg.Wait()
}

// exchange sends bytes and returns the answers that came: status and user.
func exchange(url, request string) string {
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		return err.Error()
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, request); err != nil {
		return err.Error()
	}
	var answers []string
	for in := bufio.NewReader(conn); ; {
		wait := silence
		if answers == nil {
			wait = patience
		}
		_ = conn.SetReadDeadline(time.Now().Add(wait))
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return strings.Join(answers, ", ")
		}
		body, _ := io.ReadAll(res.Body)
		answer := fmt.Sprint(res.StatusCode)
		if uid := regexp.MustCompile(`"accessor":"([^"]*)"`).FindSubmatch(body); uid != nil && res.StatusCode == http.StatusOK {
			answer += " " + string(uid[1])
		}
		answers = append(answers, answer)
	}
}

package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/loginradius-contrib/go-middleware/examples/grpc/greet"
	"github.com/loginradius-contrib/go-middleware/examples/grpc/greet/greetconnect"
)

// startExample runs the program on free ports and returns its address.
func startExample(t *testing.T) (url string) {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "example")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command(bin, "-addr", "127.0.0.1:0", "-grpc-addr", "127.0.0.1:0")
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "LOGINRADIUS_") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exit := make(chan error, 1)
	lines := bufio.NewScanner(out)
	first := lines.Scan()
	go func() {
		_, _ = io.Copy(io.Discard, out)
		exit <- cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-exit:
			if err != nil {
				t.Errorf("after SIGTERM: %v", err)
			}
		case <-time.After(20 * time.Second):
			_ = cmd.Process.Kill()
			t.Error("still running long after SIGTERM")
		}
	})
	if !first || !strings.HasPrefix(lines.Text(), "http://127.0.0.1:") {
		t.Fatalf("the first line is %q, not the address to open", lines.Text())
	}
	return lines.Text()
}

// ask sends a request and returns status and body.
func ask(t *testing.T, method, url, token, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestExample(t *testing.T) {
	url := startExample(t)
	_, login := ask(t, "POST", url+"/auth/login", "", `{"email":"admin@example.com","password":"correct horse"}`)
	var tokens struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(login), &tokens); err != nil || tokens.AccessToken == "" {
		t.Fatalf("the login answers %s", login)
	}
	token := tokens.AccessToken

	// As the documentation has it with curl.
	greetURL := url + greetconnect.GreetServiceGreetProcedure
	if status, body := ask(t, "POST", greetURL, token, "{}"); status != http.StatusOK || body != `{"text":"hello admin@example.com"}` {
		t.Errorf("connect with a token: %d %s", status, body)
	}
	if status, body := ask(t, "POST", greetURL, "", "{}"); status != http.StatusUnauthorized || !strings.Contains(body, `"unauthenticated"`) {
		t.Errorf("connect without a token: %d %s", status, body)
	}

	_, where := ask(t, "GET", url+"/", "", "")
	words := strings.Fields(where)
	conn, err := grpc.NewClient(words[len(words)-1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	client := greet.NewGreetServiceClient(conn)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := client.Greet(ctx, &greet.GreetRequest{}); status.Code(err) != codes.Unauthenticated {
		t.Errorf("gRPC without a token: %v", err)
	}
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
	if res, err := client.Greet(ctx, &greet.GreetRequest{}); err != nil || res.GetText() != "hello admin@example.com" {
		t.Errorf("gRPC with a token: %v, %v", res, err)
	}

	// Both streams end with the logout.
	stream, err := client.Clock(ctx, &greet.ClockRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	req := connect.NewRequest(&greet.ClockRequest{})
	req.Header().Set("Authorization", "Bearer "+token)
	other, err := greetconnect.NewGreetServiceClient(http.DefaultClient, url).Clock(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if !other.Receive() {
		t.Fatal(other.Err())
	}
	if status, body := ask(t, "POST", url+"/auth/logout", token, ""); status != http.StatusNoContent {
		t.Fatalf("logout: %d %s", status, body)
	}
	for err == nil {
		_, err = stream.Recv()
	}
	if status.Code(err) != codes.Unauthenticated {
		t.Errorf("the gRPC stream ended with %v", err)
	}
	for other.Receive() { //nolint:revive // reads to the end
	}
	if connect.CodeOf(other.Err()) != connect.CodeUnauthenticated {
		t.Errorf("the connect stream ended with %v", other.Err())
	}
}

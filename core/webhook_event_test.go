package core_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// A body, its secret and its signature, computed apart from this package.
const (
	webhookSecret    = "11111111-2222-4333-8444-555555555555"
	webhookBody      = `{"HookName":"blockaccount","Data":{"Uid":"79f8"}}`
	webhookSignature = "1DE1156E6A1046D7439B217EB76906DB7AB94A9A07BB2A8C3FAC9C787E5D325F"
)

func TestReadWebhook(t *testing.T) {
	client, err := core.New(core.Config{APIKey: "key", APISecret: webhookSecret})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for name, tt := range map[string]struct {
		signature, body string
		secrets         []string
		want            error
	}{
		"the API secret":       {webhookSignature, webhookBody, nil, nil},
		"lower case":           {strings.ToLower(webhookSignature), webhookBody, nil, nil},
		"an old and a new one": {webhookSignature, webhookBody, []string{"new", webhookSecret}, nil},
		"a secret of its own":  {webhookSignature, webhookBody, []string{"new"}, core.ErrInvalidSignature},
		"an empty secret":      {"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", "", []string{""}, core.ErrInvalidSignature},
		"another body":         {webhookSignature, webhookBody + " ", nil, core.ErrInvalidSignature},
		"no signature":         {"", webhookBody, nil, core.ErrInvalidSignature},
		"half a signature":     {webhookSignature[:32], webhookBody, nil, core.ErrInvalidSignature},
		"no hexadecimal":       {"signature", webhookBody, nil, core.ErrInvalidSignature},
	} {
		t.Run(name, func(t *testing.T) {
			event, err := client.ReadWebhook(tt.signature, []byte(tt.body), tt.secrets...)
			if !errors.Is(err, tt.want) || (err == nil) != (event != nil) {
				t.Fatalf("%v, %v", event, err)
			}
			if event != nil && (event.Name != "blockaccount" || event.UID != "79f8") {
				t.Errorf("%v", event)
			}
		})
	}
}

func TestApplyWebhook(t *testing.T) {
	lr, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	defer lr.Close()
	client, err := core.New(lr.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	for body, drops := range map[string]bool{
		`{"HookName":"blockaccount","Data":{"Uid":%q}}`:                                     true,
		`{"HookName":"RemoveEmail","Data":{"UserProfile":{"Uid":%q},"RemovedEmail":"x@y"}}`: true,
		`{"HookName":"updateuid","Data":{"Uid":"new","PreviousUids":[%q]}}`:                 true,
		`{"HookName":"updateuid","Data":{"Uid":"new","PreviousUids":%q}}`:                   true,
		`{"HookName":"updateprofile","Data":{"Password":"` + "\xff\xfe" + `","Uid":%q}}`:    true,
		`{"HookName":"createcustomobject","Data":{"Id":"1","Uid":%q}}`:                      false,
		`{"HookName":"login","Data":{"Uid":%q}}`:                                            false,
		`{"HookName":"blockaccount","Time":"never","Data":{"Uid":"somebody else","a":%q}}`:  false,
		`{"HookName":"blockaccount","Data":[%q]}`:                                           false,
	} {
		if _, err := client.Session(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		misses := client.Stats().Misses
		body := fmt.Sprintf(body, uid)
		event, err := client.ReadWebhook(emulatorSignature(lr.APISecret(), body), []byte(body))
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		client.ApplyWebhook(event)
		client.ApplyWebhook(event) // harmless
		if _, err := client.Session(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if dropped := client.Stats().Misses > misses; dropped != drops {
			t.Errorf("%s drops the session: %v", body, dropped)
		}
	}
	for _, body := range []string{"", "null", "[]", `{"Data":{}}`, `{"HookName":7}`} {
		if _, err := client.ReadWebhook(emulatorSignature(lr.APISecret(), body), []byte(body)); !errors.Is(err, core.ErrInvalidArgument) {
			t.Errorf("%q: %v", body, err)
		}
	}
	client.ApplyWebhook(nil)
}

// An event holds personal data, which must not reach a log.
func TestWebhookEventIsDiscreet(t *testing.T) {
	event := core.WebhookEvent{Name: "updateprofile", ID: "id", UID: "79f8", Data: []byte(`{"Email":"ada@example.com"}`)}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		for _, text := range []string{fmt.Sprintf(format, event), fmt.Sprintf(format, &event), fmt.Sprintf(format, []any{event})} {
			if strings.Contains(text, "ada@") || slices.Contains([]string{"%x"}, format) && strings.Contains(text, "616461") {
				t.Errorf("%s prints %s", format, text)
			}
		}
	}
}

func emulatorSignature(secret, body string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(body))
	return strings.ToUpper(hex.EncodeToString(h.Sum(nil)))
}

func ExampleClient_ReadWebhook() {
	client, err := core.New(core.Config{APIKey: "key", APISecret: webhookSecret})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	event, err := client.ReadWebhook(webhookSignature, []byte(webhookBody))
	if err != nil {
		fmt.Println(err)
		return
	}
	client.ApplyWebhook(event) // the account's next request asks LoginRadius
	fmt.Println(event.Name, event.UID)
	// Output: blockaccount 79f8
}

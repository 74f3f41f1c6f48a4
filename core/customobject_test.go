package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

type order struct {
	Item  string `json:"item"`
	Count int    `json:"count,omitempty"`
}

// recordServer keeps one record as the service does, and hands it out.
func recordServer(t *testing.T, stored *string) *core.Client {
	t.Helper()
	c, err := core.New(core.Config{APIKey: "k", APISecret: "s", HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPut || r.Method == http.MethodPost {
			raw, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			*stored = string(raw)
		}
		record := `{"Id":"r1","Uid":"u","IsActive":true,"DateCreated":"2024-01-02T03:04:05Z","CustomObject":` + *stored + `}`
		if r.Method == http.MethodGet && r.URL.Path == "/identity/v2/manage/account/u/customobject" {
			record = `{"Count":1,"data":[` + record + `]}`
		}
		return respond(200, record, nil), nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// An update by our type keeps the keys that the type does not know, removes those that
// it empties, and never loses precision.
func TestRecordsKeepUnknownKeys(t *testing.T) {
	ctx := context.Background()
	stored := `{"item":"tea","count":2,"note":{"by":"another program"},"big":12345678901234567890}`
	orders := core.CustomObjects[order](recordServer(t, &stored), "orders")
	r, err := orders.ByID(ctx, "u", "r1")
	if err != nil || r.Value != (order{"tea", 2}) || r.ID != "r1" || r.DateCreated.Year() != 2024 {
		t.Fatalf("%+v, %v", r, err)
	}
	r.Value = order{Item: "coffee"}
	if err := orders.Update(ctx, r); err != nil {
		t.Fatal(err)
	}
	sameJSON(t, []byte(`{"item":"coffee","note":{"by":"another program"},"big":12345678901234567890}`), []byte(stored))
	if r.Value != (order{Item: "coffee"}) {
		t.Errorf("the record is now %+v", r.Value)
	}
	list, err := orders.List(ctx, "u")
	if err != nil || len(list) != 1 || list[0].Value.Item != "coffee" {
		t.Errorf("%v, %v", list, err)
	}
	created, err := orders.Create(ctx, "u", order{"milk", 1})
	if err != nil || created.Value.Item != "milk" {
		t.Errorf("%v, %v", created, err)
	}
	sameJSON(t, []byte(`{"item":"milk","count":1}`), []byte(stored))
}

func TestRecordsOfAnotherShape(t *testing.T) {
	ctx := context.Background()
	stored := `{"item":{"not":"a text"}}`
	if r, err := core.CustomObjects[order](recordServer(t, &stored), "orders").ByID(ctx, "u", "r1"); err == nil {
		t.Errorf("%+v", r)
	} else if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok {
		t.Errorf("%v, want the decoder's error", err)
	}
	stored = `{}`
	if _, err := core.CustomObjects[[]int](recordServer(t, &stored), "orders").Create(ctx, "u", []int{1}); !errors.Is(err, core.ErrInvalidArgument) {
		t.Errorf("a list: %v", err)
	}
}

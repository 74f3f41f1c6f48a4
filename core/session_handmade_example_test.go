package core_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A handler is tested with a session made by hand: no emulator, no client, no guard.
func ExampleSessionForTest() {
	handler := func(w http.ResponseWriter, r *http.Request) {
		s := core.SessionFromContext(r.Context())
		if !s.HasPermission("notes:write") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if _, err := fmt.Fprintf(w, "hello, %s", s.Profile().FirstName); err != nil {
			log.Print(err)
		}
	}
	ada := core.SessionForTest(core.Profile{UID: "u1", FirstName: "Ada", Roles: []string{"author"}}, "notes:write")
	r := core.RequestWithSession(httptest.NewRequest("POST", "/notes", nil), ada)
	w := httptest.NewRecorder()
	handler(w, r)
	fmt.Println(w.Code, w.Body, ada.HasRole("author"))
	// Output: 200 hello, Ada true
}

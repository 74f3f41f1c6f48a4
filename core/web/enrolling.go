package web

import (
	"crypto/sha256"

	lru "github.com/hashicorp/golang-lru/v2"
)

// maxEnrolling bounds how many addresses and numbers are remembered.
const maxEnrolling = 4096

// enrolling remembers which address a login under way had a code mailed to, by the hash
// of LoginRadius' token for it: LoginRadius wants the address again with the code, and a
// client that sends the mfa_token of the login does not name it. It also remembers the
// number that a user changes to until it is verified, see pendingPhone.
type enrolling struct {
	addresses *lru.Cache[[sha256.Size]byte, string]
}

func newEnrolling() (*enrolling, error) {
	addresses, err := lru.New[[sha256.Size]byte, string](maxEnrolling)
	return &enrolling{addresses}, err
}

func (e *enrolling) remember(token, email string) {
	e.addresses.Add(sha256.Sum256([]byte(token)), email)
}

// address returns the address that a code was mailed to in this process, or "".
func (e *enrolling) address(token string) string {
	email, _ := e.addresses.Get(sha256.Sum256([]byte(token)))
	return email
}

package phone_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/web/phone"
)

func TestE164(t *testing.T) {
	for _, tt := range []struct{ region, number, want string }{
		{"DE", "+49 30 1234567", "+49301234567"}, {"DE", "030 / 12 34 567", "+49301234567"}, {"DE", "0049 30 1234567", "+49301234567"},
		{"US", "(415) 555-0100", "+14155550100"}, {"US", "+44 20 7946 0018", "+442079460018"}, {"", "+1 415 555 0100", "+14155550100"},
		{"", "(415) 555-0100", ""}, {"US", "555", ""}, {"US", "", ""}, {"US", "no number", ""}, {"US", "+1 415 555 0100 0100 0100", ""}, {"US", strings.Repeat("1", 4000), ""},
	} {
		normalize, err := phone.E164(tt.region)
		if err != nil {
			t.Fatal(err)
		}
		got, err := normalize(tt.number)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%s in %q: %q %v, want %q", tt.number, tt.region, got, err, tt.want)
		}
		if err != nil && tt.number != "" && strings.Contains(err.Error(), tt.number) {
			t.Errorf("the error holds the number: %v", err)
		}
	}
	if _, err := phone.E164("XX"); err == nil || !strings.Contains(err.Error(), "XX") {
		t.Errorf("an unknown region: %v", err)
	}
}

func ExampleE164() {
	normalize, err := phone.E164("DE")
	if err != nil {
		fmt.Println(err)
		return
	}
	number, err := normalize("030 / 12 34 567")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(number) // pass normalize to web.PhoneNumbers
	// Output: +49301234567
}

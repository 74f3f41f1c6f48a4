package emulator

import "strings"

// phoneNumber returns a number without the spaces and dashes that people write; ok
// is false if the rest is not 7 to 15 digits, with or without a plus.
func phoneNumber(s string) (number string, ok bool) {
	number = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(s)
	digits := strings.TrimPrefix(number, "+")
	if len(digits) < 7 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	return number, true
}

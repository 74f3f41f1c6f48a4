package web

import (
	"errors"
	"strings"
)

// PhoneNumbers sets how phone numbers are checked and normalized to E.164, before the
// rate limit and LoginRadius see them. phone.E164 in package core/web/phone returns a
// function that knows the numbering plans of all countries, at a cost of several
// megabytes in the binary. normalize must be safe for concurrent use.
//
// Default: numbers in international form, such as +49 30 123456, of which only the
// length is checked.
func PhoneNumbers(normalize func(number string) (e164 string, err error)) RouteOption {
	return routeOption(func(c *routeConfig) {
		if normalize == nil {
			c.fail(optionError("PhoneNumbers: the function is nil"))
			return
		}
		c.phone = normalize
	})
}

var errPhoneNumber = errors.New("not a phone number in international form")

// internationalPhone returns a number without the usual separators. E.164 allows at
// most 15 digits; the shortest numbers in use have 7 with their country code.
func internationalPhone(number string) (string, error) {
	digits, ok := strings.CutPrefix(strings.TrimSpace(number), "+")
	if !ok {
		return "", errPhoneNumber
	}
	digits = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/", r) {
			return -1
		}
		return r
	}, digits)
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	if len(digits) < 7 || len(digits) > 15 || digits[0] == '0' || strings.ContainsFunc(digits, notDigit) {
		return "", errPhoneNumber
	}
	return "+" + digits, nil
}

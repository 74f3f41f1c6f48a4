// Package phone checks phone numbers by the numbering plans of all countries and
// normalizes them to E.164, for [web.PhoneNumbers]. It is a package of its own because
// the plans add several megabytes to a program.
//
// [web.PhoneNumbers]: https://pkg.go.dev/github.com/loginradius-contrib/go-middleware/core/web#PhoneNumbers
package phone

import (
	"errors"
	"fmt"

	"github.com/nyaruka/phonenumbers"
)

// errNumber is the error of all numbers that cannot be used: the number itself must not
// reach a log.
var errNumber = errors.New("loginradius: phone: not a valid phone number")

// E164 returns a function that converts a number to E.164, such as +49301234567. Numbers
// without a country code belong to region, an ISO 3166 code such as "DE"; with "" they
// are refused. The function is safe for concurrent use. The error says that the region
// is unknown.
func E164(region string) (func(number string) (string, error), error) {
	if region != "" && !phonenumbers.GetSupportedRegions()[region] {
		return nil, fmt.Errorf("loginradius: phone: there is no region %q; use ISO 3166 codes such as DE", region)
	}
	if region == "" {
		region = phonenumbers.UNKNOWN_REGION
	}
	return func(number string) (string, error) {
		n, err := phonenumbers.Parse(number, region)
		if err != nil || !phonenumbers.IsPossibleNumber(n) {
			return "", errNumber
		}
		return phonenumbers.Format(n, phonenumbers.E164), nil
	}, nil
}

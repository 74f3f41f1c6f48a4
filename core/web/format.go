package web

import (
	"net/mail"
	"net/url"
	"strings"
	"time"
)

// An inputFormat checks a text, and returns it in the form in which it is passed on. A
// message says what is wrong with it.
type inputFormat func(text string) (formatted, message string)

// profileFormats are the formats of the fields that [ProfileFields] and
// [RegistrationFields] may name. The others take any text.
var profileFormats = map[string]inputFormat{"birth_date": dateFormat, "image_url": urlFormat, "website": urlFormat}

// emailFormat leaves out what no service takes. LoginRadius decides about the rest.
func emailFormat(text string) (formatted, message string) {
	text = strings.TrimSpace(text)
	if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
		return "", "This is not an e-mail address."
	}
	return text, ""
}

// dateLayouts are the forms of a date that are accepted: that of browsers and programs,
// and those of LoginRadius.
var dateLayouts = []string{time.DateOnly, "1/2/2006", "1-2-2006"}

// readDate reads a date in one of the accepted forms.
func readDate(text string) (day time.Time, ok bool) {
	for _, layout := range dateLayouts {
		if day, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return day, true
		}
	}
	return day, false
}

// dateFormat writes a date as LoginRadius reads it.
func dateFormat(text string) (formatted, message string) {
	if text == "" {
		return "", ""
	}
	day, ok := readDate(text)
	if !ok {
		return "", "This is not a date such as 1815-12-10."
	}
	return day.Format("01/02/2006"), ""
}

// urlFormat refuses what a page of the application must not link to, such as
// javascript:.
func urlFormat(text string) (formatted, message string) {
	u, err := url.Parse(text)
	if text != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		return "", "This is not an address that begins with https:// or http://."
	}
	return text, ""
}

package core

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ConfigFromEnv reads the configuration from the environment:
//
//	LOGINRADIUS_API_KEY            required
//	LOGINRADIUS_API_SECRET         required
//	LOGINRADIUS_BASE_URL           BaseURL
//	LOGINRADIUS_SITE_URL           SiteURL
//	LOGINRADIUS_REGION             Region
//	LOGINRADIUS_SIGN_REQUESTS      SignRequests: true or false
//	LOGINRADIUS_PLAIN_HTTP_HOSTS   PlainHTTPHosts, separated by commas; for development only
//	LOGINRADIUS_SESSION_TTL        Sessions.TTL, such as 2m or 90s
//	LOGINRADIUS_SESSION_CAPACITY   Sessions.Capacity, a number of sessions
//	LOGINRADIUS_UPSTREAM_RATE      Sessions.UpstreamRate, calls a second
//	LOGINRADIUS_SHARED_SECRET      SharedSecret, at least 32 bytes
//
// A variable that is not set or empty means the default of its field. The error names
// every variable that is missing or malformed, never its value. For a store in Redis
// that replicas share, see FromEnv of the package core/redisstore.
func ConfigFromEnv() (Config, error) {
	var e environment
	c := Config{
		APIKey:         e.required("LOGINRADIUS_API_KEY"),
		APISecret:      e.required("LOGINRADIUS_API_SECRET"),
		BaseURL:        os.Getenv("LOGINRADIUS_BASE_URL"),
		SiteURL:        os.Getenv("LOGINRADIUS_SITE_URL"),
		Region:         os.Getenv("LOGINRADIUS_REGION"),
		SignRequests:   parsed(&e, "LOGINRADIUS_SIGN_REQUESTS", "neither true nor false", strconv.ParseBool),
		PlainHTTPHosts: parsed(&e, "LOGINRADIUS_PLAIN_HTTP_HOSTS", "", splitList),
		SharedSecret:   []byte(os.Getenv("LOGINRADIUS_SHARED_SECRET")),
		Sessions: SessionConfig{
			TTL:          parsed(&e, "LOGINRADIUS_SESSION_TTL", "no positive duration such as 2m", positiveDuration),
			Capacity:     parsed(&e, "LOGINRADIUS_SESSION_CAPACITY", "no positive number", positiveInt),
			UpstreamRate: parsed(&e, "LOGINRADIUS_UPSTREAM_RATE", "no positive number", positiveFloat),
		},
	}
	if len(e.errs) > 0 {
		return Config{}, errors.Join(e.errs...)
	}
	return c, nil
}

// environment collects what is wrong with variables.
type environment struct{ errs []error }

func (e *environment) required(name string) string {
	v := os.Getenv(name)
	if v == "" {
		e.errs = append(e.errs, fmt.Errorf("loginradius: environment variable %s is not set", name))
	}
	return v
}

// parsed returns the value of a variable, or the zero value if it is not set. The error
// of parse is dropped, because it may quote the value.
func parsed[T any](e *environment, name, complaint string, parse func(string) (T, error)) T {
	var value T
	text := strings.TrimSpace(os.Getenv(name))
	if text == "" {
		return value
	}
	value, err := parse(text)
	if err != nil {
		e.errs = append(e.errs, fmt.Errorf("loginradius: environment variable %s is %s", name, complaint))
	}
	return value
}

var errNotPositive = errors.New("not positive")

func positiveDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err == nil && d <= 0 {
		err = errNotPositive
	}
	return d, err
}

func positiveInt(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err == nil && n <= 0 {
		err = errNotPositive
	}
	return n, err
}

func positiveFloat(s string) (float64, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err == nil && !(f > 0) {
		err = errNotPositive
	}
	return f, err
}

func splitList(s string) ([]string, error) {
	var list []string
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list, nil
}

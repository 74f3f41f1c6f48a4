package core

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// credentials says what identifies the caller of an operation to LoginRadius.
type credentials uint8

const (
	noCredentials     credentials = iota // a user token in the query is all
	apiKey                               // apikey in the query
	apiKeySecret                         // apikey in the query, secret in a header or a digest
	apiKeyQuerySecret                    // webhooks: apikey and apisecret in the query
	nativeKey                            // /api/v2: key in the query
	nativeKeySecret                      // /api/v2: key and secret in the query; there is no documented header form
	nativeSecret                         // /api/v2: secret alone in the query
)

// A host says which of the service's hosts an operation is sent to.
type host uint8

const (
	apiHost    host = iota // Config.BaseURL
	configHost             // Config.ConfigurationURL
	siteHost               // Config.SiteURL
)

// An operation is one entry of the LoginRadius API. The tags of its input struct say
// what a call sends:
//
//	lr:"path,uid,required"         replaces {uid} in the path
//	lr:"query,fields"              query parameter; lists are joined with commas
//	lr:"body,email"                key of the JSON body
//	lr:"body,*"                    all set fields of a Profile, or all keys of a map or of raw JSON
//	lr:"header,X-LoginRadius-Sott" header
//	lr:"bearer"                    Authorization: Bearer …
//	lr:"inline"                    a struct with fields of this kind
//
// followed by any of: required, secret, always (sent even if zero), oneof=group (one of
// the group's fields must be set), primary (an address, sent as a list of one primary
// e-mail). Other zero values are not sent.
type operation struct {
	name   string // as in errors and logs: "Authentication.LoginByEmail"
	method string
	path   string
	creds  credentials
	host   host
	// read marks a call without side effects: only those are retried. Many GETs
	// of this API consume a token or send a mail.
	read bool
}

type tag struct {
	in, name, oneof           string
	required, secret, primary bool
	always                    bool
}

func parseTag(s string) tag {
	var t tag
	for i, part := range strings.Split(s, ",") {
		switch {
		case part == "required":
			t.required = true
		case part == "secret":
			t.secret = true
		case part == "primary":
			t.primary = true
		case part == "always":
			t.always = true
		case strings.HasPrefix(part, "oneof="):
			t.oneof = part[len("oneof="):]
		case i == 0:
			t.in = part
		case i == 1:
			t.name = part
		}
	}
	return t
}

// A call is one operation with its input, ready to be sent any number of times.
type call struct {
	op      operation
	target  string // escaped path and query without credentials
	query   url.Values
	header  http.Header
	body    []byte // nil: no body
	secrets []string
	// list takes an answer that is a JSON array, empty one without content.
	list, empty bool
	machine     string // token that stands for key and secret; see ContextWithMachine
	typed       bool   // the caller may ask for the raw answer
	status      int    // of the last answer, 0 without one
	answerID    string // that LoginRadius gave the last answer
	// gate, if set, is passed before each attempt; leave is called after it.
	gate func(context.Context) (leave func(), err error)
}

// request builds the HTTP request of one attempt with the credentials of now.
func (c *call) request(ctx context.Context, client *Client) (*http.Request, error) {
	cred := client.credentials.Load()
	c.secrets = append(c.secrets, cred.secret, percentEncode(cred.secret))
	query := url.Values{}
	maps.Copy(query, c.query)
	if client.cfg.Region != "" {
		query.Set("region", client.cfg.Region)
	}
	switch c.op.creds {
	case apiKey, apiKeySecret:
		if c.machine != "" {
			break
		}
		query.Set("apikey", cred.key)
	case apiKeyQuerySecret:
		if c.machine != "" {
			break
		}
		query.Set("apikey", cred.key)
		query.Set("apisecret", cred.secret)
	case nativeKey:
		query.Set("key", cred.key)
	case nativeKeySecret:
		query.Set("key", cred.key)
		query.Set("secret", cred.secret)
	case nativeSecret:
		query.Set("secret", cred.secret)
	}
	// %20 rather than +, so that what is signed decodes in one way only.
	target := client.cfg.urlOf(c.op.host) + c.target
	if len(query) > 0 {
		target += "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
	}
	req, err := http.NewRequestWithContext(ctx, c.op.method, target, nil)
	if err != nil {
		return nil, err
	}
	if c.body != nil {
		req.Body = io.NopCloser(bytes.NewReader(c.body))
		req.GetBody = func() (body io.ReadCloser, err error) { return io.NopCloser(bytes.NewReader(c.body)), nil }
		req.ContentLength = int64(len(c.body))
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	maps.Copy(req.Header, c.header)
	endUserFrom(ctx).setHeaders(req.Header)
	if c.machine != "" {
		req.Header.Set("Authorization", "Bearer "+c.machine)
	} else if c.op.creds == apiKeySecret {
		if client.cfg.SignRequests {
			signRequest(req.Header, cred.secret, target, c.body, client.cfg.Clock())
		} else {
			req.Header.Set("X-LoginRadius-ApiSecret", cred.secret)
		}
	}
	return req, nil
}

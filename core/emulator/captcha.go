package emulator

import "github.com/loginradius-contrib/go-middleware/core"

// WithCaptcha sets the one captcha response that counts as solved. Default:
// "test-captcha".
func WithCaptcha(response string) Option { return func(o *options) { o.captcha = response } }

// captcha returns the captcha response of a call, which may be in the body or the
// query, under the name of any of the supported services.
func (c *call) captcha() string {
	for _, name := range []string{"g-recaptcha-response", "h-captcha-response", "qq_captcha_ticket"} {
		if v := first(c.text(name), c.query[name]); v != "" {
			return v
		}
	}
	return ""
}

// checkCaptcha refuses a call without a solved captcha: 982 if it has none, 1218 if
// the response is wrong.
func (e *Emulator) checkCaptcha(c *call) *problem {
	switch given := c.captcha(); {
	case given == "":
		return refuse(core.CodeCaptchaInvalid)
	case !equal(given, e.opt.captcha):
		return refuse(core.CodeCaptchaRejected)
	}
	return nil
}

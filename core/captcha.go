package core

// A Captcha is the proof that a human acts, of one of the providers that a site can use.
// Set the fields of its provider.
type Captcha struct {
	ReCaptcha string `lr:"body,g-recaptcha-response,secret"`
	HCaptcha  string `lr:"body,h-captcha-response,secret"`
	QQTicket  string `lr:"body,qq_captcha_ticket,secret"`
	QQRandstr string `lr:"body,qq_captcha_randstr,secret"`
}

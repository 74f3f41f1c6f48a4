// Package site is what the example applications share: where LoginRadius is, and
// how a server starts and stops. What is particular to a framework is in the
// examples themselves.
package site

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/ccojocar/zxcvbn-go"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/jwt"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/core/web/phone"
)

// A Site is one running example.
type Site struct {
	Client  *core.Client
	Mailbox http.Handler // the emulator's; answers 404 with the real service

	listener net.Listener
	emulator *emulator.Server // nil unless it is in this process
	emulated bool             // LoginRadius is an emulator, here or in another process
	phones   func(string) (string, error)
	codes    bool              // the site mails codes
	stepUp   time.Duration     // see Routes; 0 is off
	oidc     core.OIDCProvider // nil without a login by OpenID Connect
}

// drainTime is how long requests under way may take when the program is stopped.
const drainTime = 10 * time.Second

// admin is there from the start where LoginRadius is the emulator.
var admin = emulator.User{Email: "admin@example.com", Password: "correct horse", FirstName: "Alex", EmailVerified: true, PIN: "2468", Roles: []string{"admin"}}

// New reads the flags and the environment. With LOGINRADIUS_API_KEY and
// LOGINRADIUS_API_SECRET it uses the real service; without both it starts an emulator in
// this process. One alone is an error.
//
// Each change may set fields of the client's configuration, such as a shared store.
func New(changes ...func(*core.Config)) (*Site, error) {
	addr := flag.String("addr", "127.0.0.1:8080", "where to listen")
	mfa := flag.String("mfa", "off", "second factors of the emulator: off, optional or required")
	codes := flag.Bool("codes", false, "the emulator mails codes instead of links")
	stepUp := flag.Duration("step-up", 0, "how recent a login or proof of presence must be for changes that could lock the user out; 0 is off")
	flag.Parse()
	s := &Site{
		Mailbox: http.NotFoundHandler(), codes: *codes, stepUp: *stepUp, emulated: os.Getenv(emulatedElsewhere) != "",
	}
	var err error
	if s.listener, err = net.Listen("tcp", *addr); err != nil {
		return nil, AddressError(err)
	}
	cfg, err := s.config(*mfa, *codes)
	if err != nil {
		return nil, errors.Join(err, s.listener.Close())
	}
	if s.phones, err = phone.E164(""); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	for _, change := range changes {
		change(&cfg)
	}
	if s.Client, err = core.New(cfg); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.oidc, err = s.oidcLogin(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// AddressError adds the flag that helps to the error of an address that is in use.
func AddressError(err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: choose another address with -addr HOST:PORT", err)
	}
	return err
}

func (s *Site) config(mfa string, codes bool) (core.Config, error) {
	_, hasKey := os.LookupEnv("LOGINRADIUS_API_KEY")
	_, hasSecret := os.LookupEnv("LOGINRADIUS_API_SECRET")
	if hasKey || hasSecret {
		if (mfa != "off" || codes) && !s.emulated {
			return core.Config{}, errors.New("-mfa and -codes are settings of the emulator: set them on the site of LOGINRADIUS_API_KEY instead")
		}
		return core.ConfigFromEnv()
	}
	options, err := emulated(s.URL(), mfa, codes)
	if err != nil {
		return core.Config{}, err
	}
	if s.emulator, err = emulator.Start(options...); err != nil {
		return core.Config{}, err
	}
	s.emulated, s.Mailbox = true, s.emulator.MailboxHandler()
	if _, err := s.emulator.AddUser(admin); err != nil {
		return core.Config{}, errors.Join(err, s.emulator.Close())
	}
	return s.emulator.Config(), nil
}

// URL is the address to open: that of SITE_URL, if a proxy is in front of the site, or
// else its own. A wildcard address is shown as localhost.
func (s *Site) URL() string {
	if public := os.Getenv("SITE_URL"); public != "" {
		return public
	}
	host, port, err := net.SplitHostPort(s.listener.Addr().String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// oidcLogin is the login by OpenID Connect: at the emulator, or where the environment
// says. It is nil if it says nothing.
func (s *Site) oidcLogin() (core.OIDCProvider, error) {
	cfg := jwt.LoginConfig{
		Issuer: os.Getenv("LOGINRADIUS_OIDC_ISSUER"), ClientID: os.Getenv("LOGINRADIUS_OIDC_CLIENT_ID"),
		ClientSecret: os.Getenv("LOGINRADIUS_OIDC_CLIENT_SECRET"), RedirectURL: s.URL() + oidcCallback,
	}
	if s.emulator != nil {
		cfg.Issuer, cfg.ClientID, cfg.ClientSecret = s.emulator.URL()+"/service/oidc/site/", emulatedClient, emulatedSecret
		cfg.Clock = s.emulator.Now
	}
	if cfg.Issuer == "" {
		return nil, nil //nolint:nilnil // no login is no error
	}
	return jwt.NewLogin(cfg)
}

// Routes are the options of the routes, with cookies and without.
func (s *Site) Routes(more ...web.RouteOption) []web.RouteOption {
	opts := append([]web.RouteOption{s.Links(), web.PhoneNumbers(s.phones), web.PasskeyOrigins(passkeyOrigins(s.URL())...)}, more...)
	if s.emulated {
		opts = append(opts, web.MFAMethods("totp", "sms", "email", "passkey", "backup_code")) // those that emulated switches on
	}
	if s.stepUp > 0 {
		opts = append(opts, web.RequireRecentAuthFor(s.stepUp, web.RouteChangePassword, web.RouteDeleteAccount, web.RouteRemoveFactor, web.RouteBackupCodes))
	}
	if s.oidc != nil {
		opts = append(opts, web.OIDCLogin(s.oidc), web.OIDCLogout(s.URL()+"/"))
	}
	return opts
}

// Links are where links in mails lead: the pages of this example.
func (s *Site) Links() web.RouteOption {
	return web.Links(web.MailLinks{
		Verify: s.URL() + "/verify", Reset: s.URL() + "/reset", Delete: s.URL() + "/delete", Passwordless: s.URL() + "/passwordless",
		ResetPasskey: byName(s.URL()) + "/reset-passkey", ResetPIN: s.URL() + "/reset-pin", // browsers bind no passkey to an IP address
	})
}

// Pages are the pages of this example. The buttons for social logins lead to the
// emulator's hosted page, or to the one that LOGINRADIUS_HOSTED_PAGE names.
func (s *Site) Pages() web.RouteOption {
	hosted := os.Getenv("LOGINRADIUS_HOSTED_PAGE")
	if s.emulator != nil {
		hosted = s.emulator.URL() + "/auth.aspx"
	}
	options := []web.PageOption{
		web.PageText(map[string]string{"site": cmp.Or(os.Getenv("SITE_NAME"), "Example")}),
		web.PageLoginNames("email", "username", "phone"), web.PageRememberMe(), web.PagePasswordStrength(strength),
	}
	if s.emulated {
		options = append(options, web.PagePasskeys())
	}
	if s.codes {
		options = append(options, web.PageMailedCodes())
	}
	if hosted != "" {
		options = append(options, web.PageSocialLogin(web.HostedLogin{
			Page: hosted, Callback: s.URL() + "/social/callback", Providers: []string{"google", "facebook"},
		}))
	}
	return web.WithPages(options...)
}

// strength estimates a new password with zxcvbn, which knows common passwords and patterns.
func strength(password string, words ...string) int {
	return zxcvbn.PasswordStrength(password, words).Score
}

// Announce prints the address to open as the first line.
func (s *Site) Announce() {
	fmt.Println(s.URL())
	if s.emulator != nil {
		fmt.Println("LoginRadius is an emulator in this process; its mails are at " + s.URL() + "/mailbox")
		fmt.Println("For passkeys open it as " + byName(s.URL()))
		fmt.Println("An account with the role admin: " + admin.Email + ", password " + admin.Password + ", PIN " + admin.PIN)
	}
}

// Serve runs a net/http handler until SIGINT or SIGTERM and lets requests under way
// finish.
func (s *Site) Serve(h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	return s.Run(func() error {
		if err := srv.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}, srv.Shutdown)
}

// Run calls serve until it fails or a signal comes, and then shutdown.
func (s *Site) Run(serve func() error, shutdown func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s.Announce()
	failed := make(chan error, 1)
	go func() { failed <- serve() }()
	select {
	case err := <-failed:
		return errors.Join(err, s.Close())
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	return errors.Join(shutdown(drain), s.Close())
}

// Listener is for frameworks that serve by themselves.
func (s *Site) Listener() net.Listener { return s.listener }

// Close stops the client and the emulator.
func (s *Site) Close() error {
	var err error
	if s.Client != nil {
		err = s.Client.Close()
	}
	if s.emulator != nil {
		err = errors.Join(err, s.emulator.Close())
	}
	return err
}

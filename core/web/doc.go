// Package web holds everything about HTTP that does not depend on a framework: who
// may pass (the guard) and the ready-made routes. The adapters (nethttp, ginlr,
// echolr, fiberlr) translate; the decisions are all here.
//
// Applications use its options through an adapter:
//
//	if err := ginlr.Mount(r.Group("/auth"), client, web.Cookies()); err != nil {
//		return err
//	}
//	api := r.Group("/api", ginlr.RequireLogin(client, web.Cookies(), web.RequireRole("admin")))
//
// # Routes
//
// Without options an adapter's Mount mounts all of these below the given prefix, as
// JSON routes that answer a login with its tokens; pages, cookies and social login
// pages come only with their options. [Only], [At] and [Replace] take the names:
//
//	register                POST   /register
//	login                   POST   /login
//	me                      GET    /me
//	update_me               PATCH  /me
//	forgot_password         POST   /password/forgot
//	reset_password          POST   /password/reset
//	change_password         POST   /password/change
//	verify_email            POST   /email/verify
//	resend_verification     POST   /email/verify/resend
//	delete_account          DELETE /account
//	confirm_delete_account  POST   /account/delete
//	social_exchange         POST   /social/exchange
//	social_facebook         POST   /social/facebook
//	social_google           POST   /social/google
//	social_twitter          POST   /social/twitter
//	logout                  POST   /logout
//	refresh_token           POST   /token/refresh
//	sessions                GET    /sessions
//	end_session             DELETE /sessions/{id}
//	end_other_sessions      DELETE /sessions
//	passkey_login_begin     POST   /passkey/login/begin
//	passkey_login_finish    POST   /passkey/login/finish
//	passkey_register_begin  POST   /passkey/register/begin
//	passkey_register_finish POST   /passkey/register/finish
//	passkey_forgot          POST   /passkey/forgot
//	passkey_reset_begin     POST   /passkey/reset/begin
//	passkey_reset_finish    POST   /passkey/reset/finish
//	passkeys                GET    /me/passkeys
//	add_passkey_begin       POST   /me/passkeys/begin
//	add_passkey_finish      POST   /me/passkeys/finish
//	remove_passkey          DELETE /me/passkeys/{id}
//	social_apple            POST   /social/apple
//	social_apple_id_token   POST   /social/apple/id-token
//	social_google_id_token  POST   /social/google/id-token
//	social_google_code      POST   /social/google/code
//	social_facebook_id_token POST   /social/facebook/id-token
//	social_linkedin         POST   /social/linkedin
//	social_foursquare       POST   /social/foursquare
//	social_vkontakte        POST   /social/vkontakte
//	social_wechat           POST   /social/wechat
//	social_jwt              POST   /social/jwt
//	add_email               POST   /me/emails
//	remove_email            DELETE /me/emails
//	set_username            PUT    /me/username
//	identities              GET    /me/identities
//	link_identity           POST   /me/identities
//	unlink_identity         DELETE /me/identities
//	consent                 POST   /consent
//	my_consent              GET    /me/consent
//	change_consent          PUT    /me/consent
//	accept_privacy          POST   /privacy/accept
//	passwordless_start      POST   /passwordless/start
//	passwordless_verify     POST   /passwordless/verify
//	verify_phone            POST   /phone/verify
//	resend_phone_code       POST   /phone/verify/resend
//	change_phone            PUT    /me/phone
//	remove_phone            DELETE /me/phone
//	mfa_send                POST   /mfa/send
//	mfa_verify              POST   /mfa/verify
//	mfa_enroll              POST   /mfa/enroll
//	mfa_enroll_confirm      POST   /mfa/enroll/confirm
//	factors                 GET    /me/mfa
//	add_totp                POST   /me/mfa/totp
//	confirm_totp            POST   /me/mfa/totp/confirm
//	add_sms_factor          POST   /me/mfa/sms
//	confirm_sms_factor      POST   /me/mfa/sms/confirm
//	add_email_factor        POST   /me/mfa/email
//	confirm_email_factor    POST   /me/mfa/email/confirm
//	remove_factor           DELETE /me/mfa/{method}
//	backup_codes            POST   /me/mfa/backup-codes
//	reauth_password         POST   /reauth/password
//	reauth_totp             POST   /reauth/totp
//	reauth_sms              POST   /reauth/sms
//	reauth_send_sms         POST   /reauth/sms/send
//	reauth_email            POST   /reauth/email
//	reauth_send_email       POST   /reauth/email/send
//	reauth_backup_code      POST   /reauth/backup-code
//	reauth_pin              POST   /reauth/pin
//	change_pin              PUT    /me/pin
//	pin_login               POST   /pin/login
//	forgot_pin              POST   /pin/forgot
//	reset_pin               POST   /pin/reset
//	security_questions      GET    /security-questions
//	unlock_account          POST   /account/unlock
//	openapi                 GET    /openapi.json
//
// [OIDCLogin] adds /oidc/start and /oidc/callback. GET /openapi.json describes their bodies and answers.
//
// # Answers
//
// Answers are JSON, failures are RFC 9457 problems with a stable code; see [Problem].
//
// # Other frameworks
//
// To support another framework, implement [View], write what [Guard.Admit] and
// [Route.Serve] return, and let package adaptertest prove it; its documentation has
// the steps.
package web

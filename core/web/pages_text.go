package web

import "strings"

// pageText is the English wording of the pages. PageText replaces any of it.
func pageText() map[string]string {
	return map[string]string{
		"lang": "en", "dir": "ltr", "language_name": "English", "date_layout": "2 January 2006", "time_layout": "2 January 2006, 15:04 MST", "languages": "Language", "site": "Home", "menu": "Account", "footer": "Accounts by LoginRadius.", "error_prefix": "Error:", "home": "Home",
		"welcome": "Create an account or log in to see what is yours.", "logged_in_as": "You are logged in as",
		"login": "Log in", "logout": "Log out", "logout_title": "Log out?", "register": "Create account", "profile": "Your profile",
		"email": "E-mail address", "password": "Password", "password_hint": "Several words are better than one.",
		"first_name": "First name", "middle_name": "Middle name", "last_name": "Last name", "nick_name": "Nickname", "gender": "Gender", "birth_date": "Date of birth", "language": "Language", "time_zone": "Time zone",
		"image_url": "Address of a picture", "about": "About you", "company": "Company", "website": "Website", "city": "City", "state": "State or region", "optional": "Optional", "name": "Name", "account": "Account", "roles": "Roles",
		"verified": "verified", "unverified": "not verified",
		"have_account": "You have an account?", "no_account": "No account yet?", "forgot": "Forgot your password?",
		"or": "or", "continue_with": "Continue with {name}",
		"provider_apple": "Apple", "provider_facebook": "Facebook", "provider_github": "GitHub", "provider_google": "Google",
		"provider_linkedin": "LinkedIn", "provider_microsoft": "Microsoft", "provider_twitter": "X",
		"provider_oidc": "single sign-on",
		"forgot_title":  "Reset your password", "forgot_intro": "We will mail you a link to set a new one.", "send_link": "Send the link",
		"reset_title": "Set a new password", "set_password": "Set password", "new_password": "New password", "current_password": "Current password",
		"verify_title": "Verify your address", "verify_intro": "One click to confirm that this address is yours.", "verify": "Verify address",
		"resend_title": "No mail, or an old one?", "resend": "Send a new verification link",
		"no_token": "This page works with a link that we have mailed you. Open it from there, or ask for a new one.", "ask_again": "Ask for a new link",
		"passkeys": "Passkeys", "passkeys_intro": "A passkey logs you in with your fingerprint, face or screen lock, without a password.", "passkey_login": "Log in with a passkey",
		"passkey_register": "Create account with a passkey", "passkey_add": "Add a passkey", "passkey_failed": "That did not work, or was cancelled. Try again.",
		"passkey_offer": "Log in faster next time", "passkeys_without": "This browser cannot add passkeys here.", "since": "since",
		"pin": "PIN", "pin_hint": "Digits only.", "set_pin": "Choose a PIN", "set_pin_intro": "This site asks for a PIN beside your password.", "reset_pin": "Set a new PIN", "done_pin_reset": "Your new PIN is set.", "error_pin_required": "Enter a PIN.", "error_pin_not_acceptable": "This PIN is not acceptable: choose one of four to six digits.",
		"print": "Print", "copy": "Copy", "copied": "The codes are copied.", "not_copied": "Your browser did not allow that. Select the codes and copy them.",
		"code_passkey": "Confirm with the passkey on your device.", "method_passkey": "Passkey", "add_passkey_factor": "Set up a passkey as second step", "passkeys_without_factor": "This browser cannot use passkeys here. Choose another way, or another browser.",
		"forgot_passkey": "Lost your passkey?", "forgot_passkey_intro": "We will mail you a link to set up a new one.", "reset_passkey": "Set up a new passkey", "reset_passkey_intro": "Your device will ask you to confirm it.", "done_passkey_reset": "The new passkey is set up. Log in with it.",
		"done_passkey_added": "The passkey is added.", "done_passkey_removed": "The passkey is removed. Remove it from your device, too.",
		"show_password": "Show password", "caps_lock": "Caps lock is on.",
		"end_session": "Log out", "end_others": "Log out everywhere else", "done_session_ended": "That session is logged out.", "done_sessions_ended": "All other sessions are logged out.",
		"passwordless": "Log in without a password", "mail_link": "Mail me a link", "mail_code": "Send me a code",
		"passwordless_intro": "We will mail you a link that logs you in.", "passwordless_code_intro": "We will send you a code that logs you in.",
		"link_intro": "One click to log in.", "link_elsewhere": "This link was asked for in another browser. Go on only if you have asked for it yourself.",
		"link_sent": "If there is such an account, we have mailed a link. Open it to log in. It went to", "link_open": "Open the link in it to log in. It goes to", "send_once_more": "Send it again", "wait": "You can ask for another one in this many seconds:",
		"other_name": "Use another address", "login_with_password": "Log in with your password",
		"phone_title": "Verify your phone number", "verify_phone": "Verify phone number", "username": "Username",
		"name_email_username": "E-mail address or username", "name_email_phone": "E-mail address or phone number", "name_username_phone": "Username or phone number",
		"name_email_username_phone": "E-mail address, username or phone number", "forgot_code_intro": "We will send you a code to set a new one.",
		"delete_which": "This is about the account", "delete_no_token": "To delete your account, begin on your profile. We will mail you a link to confirm it.",
		"retry_in_one": "Try again in a minute.", "retry_in_other": "Try again in {n} minutes.", "done_sent_phone": "If there is an account with that number, a code is on its way.", "done_registered_phone": "Your account is there. If your number must be verified first, a code is on its way.",
		"name_phone_hint": "A phone number needs its country code, such as +44\u00a020\u00a07946\u00a00958.", "done_phone_verified": "Your phone number is verified.",
		"second_factor": "Confirm that it is you", "enroll_intro": "This site asks for a second step at every login. Choose one to set up.",
		"code": "Code", "code_totp": "Enter the code that your authenticator app shows.", "code_sms": "Enter the code that we have sent to your phone.",
		"code_email": "Enter the code that we have mailed you.", "code_backup_code": "Enter one of the backup codes that you kept.",
		"backup_code": "Backup code", "backup_code_hint": "Each works once.", "questions_choose": "Answer these questions. You will be asked for the answers when you log in.", "questions_intro": "Answer your security questions.",
		"continue": "Continue", "send_code": "Send a code", "send_again": "Send a new code", "other_way": "Another way", "hosted_way": "Use the login page of LoginRadius",
		"method_totp": "Authenticator app", "method_sms": "Text message", "method_email": "E-mail", "method_security_question": "Security questions", "method_backup_code": "Backup code",
		"scan": "Scan this with your authenticator app, then enter the code that it shows.", "qr_code": "QR code of the secret below", "secret_by_hand": "Or type this secret into the app:",
		"phone": "Phone number", "phone_hint": "With the country code, such as +44\u00a020\u00a07946\u00a00958.",
		"security": "Two-step login", "security_intro": "A second step keeps others out, even if they know your password.", "set_up": "Set up", "change": "Change", "remove": "Remove", "is_on": "on",
		"add_totp": "Set up an authenticator app", "add_sms": "Set up text messages", "add_email": "Set up codes by e-mail", "add_email_intro": "We will mail a code to your address.",
		"backup_codes": "Backup codes", "backup_intro": "Each of these codes lets you in once if you lose your phone. They are shown only now: print them or write them down. Older codes no longer work.",
		"make_codes": "Make backup codes", "make_codes_intro": "Codes to print, for when you lose your phone. New ones replace those that you have.",
		"reauth": "Your password, please", "reauth_intro": "Before this change we ask once more who you are.", "back_to_security": "Back to two-step login",
		"strength_0": "Very weak", "strength_1": "Weak", "strength_2": "Fair", "strength_3": "Strong", "strength_4": "Very strong",
		"remember_me": "Keep me logged in on this device", "accept_privacy": "I accept the privacy policy", "read_privacy": "Read the privacy policy", "privacy_title": "The privacy policy has changed",
		"privacy_intro": "Accept the privacy policy to go on.", "accept_continue": "Accept and continue", "cancel": "Cancel", "consent_title": "Your consent", "consent_intro": "Say what you agree to. You can change it later.",
		"edit_profile": "Your name", "save": "Save", "change_password": "Change password", "sessions": "Active sessions",
		"this_session": "This one", "unknown_device": "Unknown device",
		"delete_account": "Delete account", "delete_intro": "We will mail you a link to confirm it.",
		"delete_title": "Delete your account", "delete_warning": "This deletes the account and all that belongs to it. It cannot be undone.", "delete_confirm": "Delete it for good",

		"done_registered_code": "Your account is there. If your address must be verified first, we have mailed you a code.", "email_not_verified_code": "Verify your address first: we have mailed you a new code.",
		"done_registered": "Your account is there. If your address must be verified first, we have mailed you a link.", "done_verified": "Your address is verified.",
		"done_sent": "If there is an account with that address, a mail is on its way.", "done_reset": "Your password is set. Log in with it.",
		"done_saved": "Saved.", "done_password": "Your password is changed.", "done_delete_sent": "We have mailed you a link to confirm the deletion.",
		"done_deleted":   "The account is deleted.",
		"done_code_sent": "A code is on its way.", "done_factor_added": "The second step is set up.", "done_factor_removed": "The second step is removed.", "done_logged_out": "You are logged out.",

		"failed_session": "Your session has ended. Log in to go on.", "failed_social": "That login did not work. Try again, or log in with a password.",
		"failed_service": "We cannot reach the login service. Try again in a moment.",

		CodeInvalidCredentials: "The address or the password is wrong.", CodeEmailNotVerified: "Verify your address first: we have mailed the link again.",
		CodeUnavailable: "We cannot reach the login service. Try again in a moment.", CodeInvalidLink: "This link is wrong, used or too old. Ask for a new one.",
		CodeValidationFailed: "Please correct this first.", CodeAccountLocked: "Too many failed attempts: wait a while, or reset your password.",
		CodeAccountBlocked: "This account is blocked.", CodeMFARequired: "This account asks for a second step. Log in to take it.",
		CodePINRequired:     "This site asks for a PIN. Log in to choose one.",
		CodePrivacyRequired: "Accept the privacy policy first.", CodeConsentRequired: "Your consent to what is required is missing.",
		CodeInvalidCode: "This code is wrong or too old.", CodeMFAExpired: "This took too long. Log in again.", CodeNotEnrolled: "That is not set up for this account.",
		CodeOtherBrowser: "Open this link in the browser that asked for it, or ask for a new one here.", CodePhoneNotVerified: "Verify your phone number first.",
		CodeConflict: "That exists already, or belongs to another account.", CodeReauthRequired: "We must ask for your password again first.",
		CodePasswordExpired: "This password must be reset first.", CodeThrottled: "Too many tries. Wait a moment.", CodeCrossOrigin: "That came from another site. Try again from here.",
		CodeInvalidToken: "Your session has ended. Log in to go on.", CodeNotAllowed: "That is not allowed here.", CodeInternal: "Something went wrong here. Try again in a moment.",
		CodeInvalidBody: "That could not be read. Try again from here.", CodeInvalidRequest: "That could not be read. Try again from here.",
		CodeBodyTooLarge: "That is too much at once.", CodeUnsupportedMediaType: "That could not be read. Try again from here.",

		"error_required": "Fill this in.", "error_email_required": "Enter your e-mail address.", "error_password_required": "Enter a password.",
		"error_current_password_required": "Enter your current password.", "error_new_password_required": "Enter a new password.",
		"error_code_required": "Enter the code.", "error_consent_required": "This consent is required to go on.", "error_accept_privacy_policy_required": "Accept the privacy policy to go on.", "error_phone_required": "Enter your phone number.", "error_phone_not_acceptable": "This is not a phone number with its country code.", "error_username_taken": "This username is taken.",
		"error_token_required": "The link is not complete. Open it from the mail again.",
		"error_not_acceptable": "This is not acceptable.", "error_email_not_acceptable": "This is not an e-mail address.",
		"error_birth_date_not_acceptable": "This is not a date.", "error_image_url_not_acceptable": "This is not an address that begins with https:// or http://.", "error_website_not_acceptable": "This is not an address that begins with https:// or http://.",
		"error_breached": "This password is known from a data breach: choose another one.", "error_used_before": "Choose a password that you have not used before.",
		"error_password_not_acceptable":     "This password is not acceptable: choose a longer or less common one.",
		"error_new_password_not_acceptable": "This password is not acceptable: choose a longer or less common one.",
		"error_current_password_wrong":      "This is not your current password.", "error_email_taken": "There already is an account with this address.",
		"error_taken": "This is already taken.", "error_too_long": "This is too long.", "error_invalid": "This holds something that cannot be stored.",
		"error_wrong_type": "This is not acceptable.", "error_ambiguous": "Give only one of these.", "error_wrong": "This is wrong.",
		"error_unknown": "The form has a field that is not known here.", "error_duplicate": "A field of the form is there more than once.",
	}
}

// customText precedes the name of a custom field in the key of what it is called.
const customText = "custom_"

// ownTextKey reports whether a text may be added: one about a field.
func ownTextKey(key string) bool {
	return strings.HasPrefix(key, "error_") || strings.HasPrefix(key, customText)
}

// fieldText says what is wrong with a field. What the site says about a password is more
// than the pages know.
func (l *pageLook) fieldText(e FieldProblem) string {
	if e.own {
		return e.Message
	}
	field := e.Field
	if strings.HasSuffix(field, ".accepted") {
		field = "consent"
	}
	for _, key := range []string{"error_" + field + "_" + e.Code, "error_" + e.Code} {
		if text := l.text[key]; text != "" {
			return text
		}
	}
	return e.Message
}

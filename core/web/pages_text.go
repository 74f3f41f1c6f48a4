package web

// pageText is the English wording of the pages. PageText replaces any of it.
func pageText() map[string]string {
	return map[string]string{
		"lang": "en", "site": "Home", "footer": "Accounts by LoginRadius.", "error_prefix": "Error:", "home": "Home",
		"welcome": "Create an account or log in to see what is yours.", "logged_in_as": "You are logged in as",
		"login": "Log in", "logout": "Log out", "register": "Create account", "profile": "Your profile",
		"email": "E-mail address", "password": "Password", "password_hint": "At least six characters; a few words are better.",
		"first_name": "First name", "last_name": "Last name", "optional": "Optional.", "name": "Name", "account": "Account", "roles": "Roles", "unverified": "not verified",
		"have_account": "You have an account?", "no_account": "No account yet?", "forgot": "Forgot your password?",
		"forgot_title": "Reset your password", "forgot_intro": "We will mail you a link to set a new one.", "send_link": "Send the link",
		"reset_title": "Set a new password", "set_password": "Set password", "new_password": "New password", "current_password": "Current password",
		"verify_title": "Verify your address", "verify_intro": "One click to confirm that this address is yours.", "verify": "Verify address",
		"resend_title": "No mail, or an old one?", "edit_profile": "Edit", "save": "Save", "change_password": "Change password", "sessions": "Active sessions",
		"this_session":   "this one",
		"delete_account": "Delete account", "delete_intro": "We will mail you a link to confirm it.",
		"delete_title": "Delete your account", "delete_warning": "This cannot be undone.", "delete_confirm": "Delete it for good",
		"done_registered": "Almost there: we have mailed you a link to verify your address.", "done_verified": "Your address is verified. You can log in now.",
		"done_sent": "If there is an account with that address, a mail is on its way.", "done_reset": "Your password is set. You can log in now.",
		"done_saved": "Saved.", "done_password": "Your password is changed.", "done_delete_sent": "We have mailed you a link to confirm the deletion.",
		"done_deleted": "The account is deleted.", "done_logged_out": "You are logged out.",
		CodeInvalidCredentials: "The address or the password is wrong.", CodeEmailNotVerified: "Verify your address first: we have mailed the link again.",
		CodeUnavailable: "We cannot reach the login service. Try again in a moment.", CodeInvalidLink: "This link is wrong, used or too old. Ask for a new one.",
		CodeValidationFailed: "Some of it is missing or not acceptable.", CodeAccountLocked: "Too many wrong passwords: wait a while, or reset it.",
		CodeAccountBlocked: "This account is blocked.", CodeMFARequired: "This account asks for a second factor, which this page does not know.",
		CodePasswordExpired: "This password must be reset first.", CodeThrottled: "Too many tries. Wait a moment.", CodeCrossOrigin: "That came from another site. Try again from here.",
	}
}

package core

import "context"

// What the site's backend does with the second factors of any account. Calls that change
// factors forget the account's cached sessions.

// uidInQuery is the input of operations that take a UID in the query and nothing else.
type uidInQuery struct {
	UID string `lr:"query,uid,required"`
}

type removeAuthenticatorByUID struct {
	UID           string `lr:"query,uid,required"`
	Authenticator bool   `lr:"body,authenticator"`
}

type removeSMSByUID struct {
	UID string `lr:"query,uid,required"`
	SMS bool   `lr:"body,otpauthenticator"`
}

// BackupCodesByUID makes the first backup codes of an account; see
// [MFAService.BackupCodes].
//
// GET /identity/v2/manage/account/2fa/backupcode with API key and secret. This GET makes
// codes and works once. Sentinels: ErrAlreadyUsed, ErrNotEnrolled, ErrUserNotFound.
func (s *MFAService) BackupCodesByUID(ctx context.Context, uid string) (*BackupCodes, error) {
	defer s.c.UncacheUser(uid)
	return do[BackupCodes](ctx, s.c, opMFABackupCodesByUID, uidInQuery{uid})
}

// ResetBackupCodesByUID makes new backup codes for an account; the old ones end.
//
// GET /identity/v2/manage/account/2fa/backupcode/reset with API key and secret. This GET
// makes codes. Sentinels: ErrNotEnrolled, ErrUserNotFound.
func (s *MFAService) ResetBackupCodesByUID(ctx context.Context, uid string) (*BackupCodes, error) {
	defer s.c.UncacheUser(uid)
	return do[BackupCodes](ctx, s.c, opMFAResetBackupCodesByUID, uidInQuery{uid})
}

// RemoveAuthenticatorByUID removes the authenticator app of an account.
//
// DELETE /identity/v2/manage/account/2fa/authenticator with API key and secret.
// Sentinels: ErrNotEnrolled, ErrUserNotFound, ErrNotAllowed.
func (s *MFAService) RemoveAuthenticatorByUID(ctx context.Context, uid string) error {
	return s.removeByUID(ctx, opMFARemoveAuthenticatorByUID, uid, removeAuthenticatorByUID{uid, true})
}

// RemoveSMSByUID removes the phone of an account as second factor.
//
// DELETE /identity/v2/manage/account/2fa/authenticator with API key and secret.
// Sentinels: ErrNotEnrolled, ErrUserNotFound, ErrNotAllowed.
func (s *MFAService) RemoveSMSByUID(ctx context.Context, uid string) error {
	return s.removeByUID(ctx, opMFARemoveSMSByUID, uid, removeSMSByUID{uid, true})
}

// RemoveEmailByUID removes the e-mail address of an account as second factor.
//
// DELETE /identity/v2/manage/account/2fa/authenticator/otp/email with API key and secret.
// Sentinels: ErrNotEnrolled, ErrUserNotFound, ErrNotAllowed.
func (s *MFAService) RemoveEmailByUID(ctx context.Context, uid string) error {
	return s.removeByUID(ctx, opMFARemoveEmailByUID, uid, uidInQuery{uid})
}

// RemoveSecurityAnswersByUID removes the security questions of an account as second
// factor.
//
// DELETE /identity/v2/manage/account/2fa/authenticator/securityquestionanswer with API
// key and secret. Sentinels: ErrNotEnrolled, ErrUserNotFound, ErrNotAllowed.
func (s *MFAService) RemoveSecurityAnswersByUID(ctx context.Context, uid string) error {
	return s.removeByUID(ctx, opMFARemoveSecurityAnswersByUID, uid, uidInQuery{uid})
}

// RemovePasskeyByUID removes the passkey of an account as second factor. Passkeys to log in
// with stay, see [PasskeyService].
//
// DELETE /identity/v2/manage/account/2fa/passkey with API key and secret. Sentinels:
// ErrNotEnrolled, ErrUserNotFound, ErrNotAllowed.
func (s *MFAService) RemovePasskeyByUID(ctx context.Context, uid string) error {
	return s.removeByUID(ctx, opMFARemovePasskeyByUID, uid, uidInQuery{uid})
}

func (s *MFAService) removeByUID(ctx context.Context, op operation, uid string, in any) error {
	defer s.c.UncacheUser(uid)
	return acknowledged(do[ackResponse](ctx, s.c, op, in))
}

// The life of an account through the vendor's SDK for Node, against the emulator.
// npm_test.go starts it; EMULATOR_URL, REQUEST_TOKEN and PROVIDER_TOKEN come from there.
'use strict';
const { assert, lr, fails, token, run } = require('./sdk.js');

const { authenticationApi: auth, accountApi: account, roleApi: role, socialApi: social, phoneAuthenticationApi: phone } = lr;

// The SDK's own times for a SOTT go wrong at the end of a month, so it gets ours.
function sott() {
  const format = (d) => `${d.getUTCFullYear()}/${d.getUTCMonth() + 1}/${d.getUTCDate()} ${d.getUTCHours()}:${d.getUTCMinutes()}:${d.getUTCSeconds()}`;
  const now = Date.now();
  return lr.helper.getSott({}, format(new Date(now - 60e3)), format(new Date(now + 600e3)));
}

async function main() {
  const email = 'ada+sdk@example.com';
  const profile = { FirstName: 'Ada', LastName: 'Lovelace', Email: [{ Type: 'Primary', Value: email }], Password: 'first password' };
  const login = (password) => auth.loginByEmail({ email, password });

  await fails(429, lr.configurationApi.getServerInfo(5)); // the test has injected it, once
  assert.strictEqual((await lr.configurationApi.getServerInfo(5)).Sott.TimeDifference, '5 Minutes');

  // Registration and verification.
  assert.strictEqual((await auth.checkEmailAvailability(email)).IsExist, false);
  await fails(1049, auth.userRegistrationByEmail(profile, 'not a SOTT'));
  assert.strictEqual((await auth.userRegistrationByEmail(profile, await sott(), '', '', '', 'http://localhost/verify')).IsPosted, true);
  await fails(936, auth.userRegistrationByEmail(profile, (await lr.sottApi.generateSott(10)).Sott));
  assert.strictEqual((await auth.checkEmailAvailability(email)).IsExist, true);
  await fails(970, login('first password'));
  assert.strictEqual((await auth.authResendEmailVerification(email, '', 'http://localhost/verify')).IsPosted, true);
  const verification = await token('emailverification');
  assert.strictEqual((await auth.verifyEmail(verification)).IsPosted, true);
  await fails(974, auth.verifyEmail(verification));

  // Login, profile, session.
  await fails(966, login('wrong password'));
  const first = await login('first password');
  const uid = first.Profile.Uid;
  assert.strictEqual(first.Profile.EmailVerified, true);
  assert.strictEqual((await auth.authValidateAccessToken(first.access_token)).access_token, first.access_token);
  assert.strictEqual((await auth.getAccessTokenInfo(first.access_token)).provider, 'email');
  assert.deepStrictEqual(await auth.getProfileByAccessToken(first.access_token, 'Uid,FirstName'), { Uid: uid, FirstName: 'Ada' });
  assert.strictEqual((await auth.updateProfileByAccessToken(first.access_token, { City: 'London', PhoneId: '+15551230000' })).Data.City, 'London');
  assert.strictEqual((await auth.setOrChangeUserName(first.access_token, 'Ada')).IsPosted, true);
  assert.strictEqual((await auth.checkUserNameAvailability('ada')).IsExist, true);
  assert.strictEqual((await auth.sendWelcomeEmail(first.access_token)).IsPosted, true);
  assert.strictEqual((await auth.loginByUserName({ username: 'ada', password: 'first password' })).Profile.Uid, uid);
  await fails(1066, phone.loginByPhone({ phone: '+15551230000', password: 'first password' }));
  await fails(1097, lr.multiFactorAuthenticationApi.mfaLoginByEmail(email, 'first password'));
  const slid = await lr.slidingTokenApi.slidingAccessToken(first.access_token);
  assert.strictEqual(slid.access_token, first.access_token);

  // Passwords.
  await fails(967, auth.changePassword(first.access_token, 'second password', 'wrong password'));
  assert.strictEqual((await auth.changePassword(first.access_token, 'second password', 'first password')).IsPosted, true);
  await fails(966, login('first password'));
  assert.strictEqual((await auth.forgotPassword(email, 'http://localhost/reset')).IsPosted, true);
  const reset = await token('reset');
  await fails(1216, auth.resetPasswordByResetToken({ resettoken: reset, password: 'tiny' }));
  assert.strictEqual((await auth.resetPasswordByResetToken({ resettoken: reset, password: 'third password' })).IsPosted, true);
  await fails(974, auth.resetPasswordByResetToken({ resettoken: reset, password: 'third password' }));
  const current = await login('third password');

  // Management and roles.
  assert.strictEqual((await account.getAccountProfileByEmail(email)).Uid, uid);
  assert.strictEqual((await account.getAccountProfileByUserName('ada')).Uid, uid);
  assert.strictEqual((await account.getAccountProfileByPhone('+15551230000')).Uid, uid);
  assert.strictEqual((await account.getAccountProfileByUid(uid, 'Uid')).Uid, uid);
  assert.strictEqual((await account.getAccountIdentitiesByEmail(email)).Data[0].Uid, uid);
  assert.strictEqual((await account.updateAccountByUid({ Company: 'Engines' }, uid)).Company, 'Engines');
  await fails(1195, account.getPrivacyPolicyHistoryByUid(uid));
  const hash = await account.getAccountPasswordHashByUid(uid);
  assert.notStrictEqual((await account.setAccountPasswordByUid('fourth password', uid)).PasswordHash, hash.PasswordHash);
  assert.deepStrictEqual((await role.createRoles({ Roles: [{ Name: 'editor', Permissions: { write: true } }] })).data, [{ Name: 'editor', Permissions: { write: true } }]);
  assert.deepStrictEqual((await role.addRolePermissions({ Permissions: ['read'] }, 'editor')).Permissions, { read: true, write: true });
  assert.deepStrictEqual((await role.removeRolePermissions({ Permissions: ['write'] }, 'editor')).Permissions, { read: true });
  assert.strictEqual((await role.getRolesList()).Count, 2);
  await fails(1047, role.assignRolesByUid({ Roles: ['unknown'] }, uid));
  assert.deepStrictEqual((await role.assignRolesByUid({ Roles: ['admin', 'editor'] }, uid)).Roles, ['admin', 'editor']);
  assert.deepStrictEqual((await auth.getProfileByAccessToken(current.access_token)).Roles, ['admin', 'editor']);
  assert.strictEqual((await role.unassignRolesByUid({ Roles: ['admin'] }, uid)).IsDeleted, true);
  assert.deepStrictEqual((await role.getRolesByUid(uid)).Roles, ['editor']);
  assert.strictEqual((await role.deleteRole('editor')).IsDeleted, true);

  // Sessions and tokens.
  assert.strictEqual((await social.getActiveSession(current.access_token)).data[0].AccessToken, current.access_token);
  assert.strictEqual((await social.getActiveSessionByAccountID(uid)).data[0].Ip, '203.0.113.7');
  assert.ok((await social.getActiveSessionByProfileID(current.Profile.ID)).data.length > 1);
  const refreshed = await account.refreshAccessTokenByRefreshToken(current.refresh_token);
  await fails(1217, account.refreshAccessTokenByRefreshToken(current.refresh_token));
  await fails(905, auth.getProfileByAccessToken(current.access_token));
  assert.strictEqual((await account.revokeRefreshToken(refreshed.refresh_token)).IsDeleted, true);
  assert.strictEqual((await account.revokeAllRefreshToken(uid)).IsDeleted, true);
  await fails(1217, account.refreshAccessTokenByRefreshToken(first.refresh_token));
  assert.strictEqual((await social.validateAccessToken(refreshed.access_token)).access_token, refreshed.access_token);
  assert.strictEqual((await auth.authInValidateAccessToken(refreshed.access_token, true)).IsPosted, true);
  const impersonated = await account.getAccessTokenByUid(uid);
  assert.strictEqual((await social.inValidateAccessToken(impersonated.access_token)).isPosted, true);
  // An error of /api/v2 is spelled errorCode, which this SDK does not look for: it
  // takes the refusal for a success.
  assert.strictEqual((await social.validateAccessToken(impersonated.access_token)).errorCode, 905);
  const exchanged = await social.exchangeAccessToken(process.env.REQUEST_TOKEN);
  assert.ok((await auth.getProfileByAccessToken(exchanged.access_token)).Uid);
  const native = await lr.nativeSocialApi.getAccessTokenByFacebookAccessToken(process.env.PROVIDER_TOKEN);
  assert.strictEqual((await auth.getProfileByAccessToken(native.access_token)).Provider, 'facebook');

  // Accounts that management makes, and the end of all of them.
  const made = await account.createAccount({ Email: [{ Type: 'Primary', Value: 'bob@example.com' }, { Type: 'Work', Value: 'work@example.com' }], Password: 'some password' });
  assert.strictEqual((await account.getForgotPasswordToken('bob@example.com')).ForgotToken.length, 32);
  assert.strictEqual((await account.getEmailVerificationToken('bob@example.com')).VerificationToken.length, 32);
  assert.strictEqual((await account.removeEmail('work@example.com', made.Uid)).Email.length, 1);
  assert.strictEqual((await account.deleteAccountByUid(made.Uid)).IsDeleted, true);
  await fails(938, account.deleteAccountByUid(made.Uid));
  const last = await login('fourth password');
  assert.strictEqual((await auth.deleteAccountWithEmailConfirmation(last.access_token, 'http://localhost/bye')).IsDeleteRequestAccepted, true);
  assert.strictEqual((await auth.deleteAccountByDeleteToken(await token('deleteuser'))).IsPosted, true);
  await fails(905, auth.getProfileByAccessToken(last.access_token));
  await fails(938, login('fourth password'));
}

run(main);

// The life of an account on a site that requires a second factor, through the
// vendor's SDK for Node. npm_test.go starts it.
'use strict';
const { assert, lr, fails, message, token, advance, totp, run } = require('./sdk.js');

const { authenticationApi: auth, multiFactorAuthenticationApi: mfa, reAuthenticationApi: reauth, pinAuthenticationApi: pin } = lr;

const email = 'ada@example.com';
const captcha = { 'g-recaptcha-response': 'test-captcha' };
const question = 'cb7c7e0a1f2b4d3c9a8e5f6071829304';
const answers = (answer) => ({ securityquestionanswer: [{ QuestionId: question, Answer: answer }] });
let password = 'first password';

// challenge logs in with the password and insists that this is not enough.
async function challenge() {
  const got = await mfa.mfaLoginByEmail(email, password);
  assert.strictEqual(got.access_token, '00000000-0000-0000-0000-000000000000');
  assert.strictEqual(got.Profile, null);
  return got.SecondFactorAuthentication;
}

// session insists on a complete login.
function session(got) {
  assert.match(got.access_token, /^[0-9a-f-]{36}$/);
  assert.notStrictEqual(got.access_token, '00000000-0000-0000-0000-000000000000');
  assert.ok(got.Profile.Uid);
  return got;
}

async function main() {
  await advance('1s');

  // Registration by captcha and verification begin no session.
  const profile = { Email: [{ Type: 'Primary', Value: email }], Password: password, UserName: 'ada', PhoneId: '+15551230000', PINInfo: { PIN: '1234', Skipped: false } };
  await fails(1218, auth.userRegistrationByCaptcha({ ...profile, 'g-recaptcha-response': 'x' }));
  assert.strictEqual((await auth.userRegistrationByCaptcha({ ...profile, ...captcha })).IsPosted, true);
  const sms = await message('phoneverification');
  const resent = await auth.authResendEmailVerification(email);
  assert.strictEqual(resent.IsPosted, true);
  const verified = await auth.verifyEmail(await token('emailverification'));
  assert.ok(!verified.Data || !verified.Data.refresh_token);
  assert.strictEqual((await lr.phoneAuthenticationApi.phoneVerificationByOTP(sms.otp, '+15551230000')).refresh_token, undefined);

  // The first login enrols an authenticator. The ordinary login is challenged as well.
  const flat = await auth.loginByEmail({ email, password });
  assert.strictEqual(flat.access_token, '00000000-0000-0000-0000-000000000000');
  let step = await challenge();
  const secret = step.ManualEntryCode;
  assert.strictEqual(secret.length, 52);
  await fails(1102, mfa.mfaValidateAuthenticatorCode({ authenticatorcode: '000' }, step.SecondFactorAuthenticationToken));
  const first = session(await mfa.mfaValidateAuthenticatorCode({ authenticatorcode: totp(secret) }, step.SecondFactorAuthenticationToken));
  const access = first.access_token;
  const uid = first.Profile.Uid;
  await fails(1103, mfa.mfaValidateAuthenticatorCode({ authenticatorcode: totp(secret) }, step.SecondFactorAuthenticationToken));
  step = await challenge();
  await fails(1102, mfa.mfaValidateAuthenticatorCode({ authenticatorcode: totp(secret) }, step.SecondFactorAuthenticationToken)); // used
  await fails(1250, mfa.mfaUpdatePhoneNumber('+15559990000', step.SecondFactorAuthenticationToken));
  await fails(1258, mfa.mfaSecurityQuestionAnswer(answers('Rex'), step.SecondFactorAuthenticationToken));
  await advance('30s');
  session(await mfa.mfaValidateAuthenticatorCode({ authenticatorcode: totp(secret) }, step.SecondFactorAuthenticationToken));
  assert.strictEqual((await mfa.mfaLoginByUserName(password, 'ada')).SecondFactorAuthentication.IsAuthenticatorVerified, true);
  assert.strictEqual((await mfa.mfaLoginByPhone(password, '+15551230000')).SecondFactorAuthentication.ManualEntryCode, null);

  // Further factors, by access token.
  assert.strictEqual((await mfa.mfaConfigureByAccessToken(access)).IsAuthenticatorVerified, true);
  await advance('30s');
  assert.strictEqual((await mfa.mfaVerifyAuthenticatorCode(access, { authenticatorcode: totp(secret) })).Uid, uid);
  assert.ok((await mfa.mfaUpdatePhoneNumberByToken(access, '+15559990000')).Sid);
  await fails(1067, mfa.mfaUpdateSetting(access, { otp: 'x' }));
  assert.strictEqual((await mfa.mfaUpdateSetting(access, { otp: (await message('secondfactor')).otp })).Uid, uid);
  assert.strictEqual((await mfa.mfaEmailOtpByAccessToken(access, email)).IsPosted, true);
  assert.strictEqual((await mfa.mfaValidateEmailOtpByAccessToken(access, { EmailId: email, Otp: (await message('secondfactor')).otp })).Uid, uid);
  assert.strictEqual((await mfa.mfaSecurityQuestionAnswerByAccessToken(access, { ...answers('Rex'), replacesecurityquestionanswer: true })).IsPosted, true);
  const codes = (await mfa.mfaBackupCodeByAccessToken(access)).BackUpCodes;
  assert.strictEqual(codes.length, 10);
  await fails(1127, mfa.mfaBackupCodeByAccessToken(access));

  // A login with each of them.
  step = await challenge();
  assert.ok(step.OTPStatus.Sid); // the SMS came by itself
  session(await mfa.mfaValidateOTPByPhone({ otp: (await message('secondfactor')).otp }, step.SecondFactorAuthenticationToken));
  step = await challenge();
  assert.ok((await mfa.mfaResendOTP(step.SecondFactorAuthenticationToken)).Sid);
  session(await mfa.mfaValidateOTPByPhone({ otp: (await message('secondfactor')).otp }, step.SecondFactorAuthenticationToken));
  await advance('10m'); // or there would be too many SMS
  step = await challenge();
  assert.strictEqual((await mfa.mfaEmailOTP({ EmailId: email }, step.SecondFactorAuthenticationToken)).IsPosted, true);
  session(await mfa.mfaValidateEmailOtp({ EmailId: email, Otp: (await message('secondfactor')).otp }, step.SecondFactorAuthenticationToken));
  step = await challenge();
  await fails(1093, mfa.mfaSecurityQuestionAnswerVerification(answers('Max'), step.SecondFactorAuthenticationToken));
  session(await mfa.mfaSecurityQuestionAnswerVerification(answers('rex '), step.SecondFactorAuthenticationToken));
  step = await challenge();
  const last = session(await mfa.mfaValidateBackupCode({ backupcode: codes[0] }, step.SecondFactorAuthenticationToken));
  step = await challenge();
  await fails(1129, mfa.mfaValidateBackupCode({ backupcode: codes[0] }, step.SecondFactorAuthenticationToken));

  // Re-authentication: the server validates what the browser brings.
  await advance('10m');
  const fresh = (await lr.accountApi.getAccessTokenByUid(uid)).access_token;
  const proof = { '2fa': reauth.verifyMultiFactorOtpReauthentication, password: reauth.verifyMultiFactorPasswordReauthentication, pin: reauth.verifyMultiFactorPINReauthentication };
  async function proved(kind, got) {
    const body = { secondfactorvalidationtoken: got.SecondFactorValidationToken };
    assert.strictEqual((await proof[kind](body, uid)).IsValid, true);
    await fails(1193, proof[kind](body, uid));
  }
  assert.ok((await reauth.mfaReAuthenticate(fresh)).OTPStatus.Sid);
  await proved('2fa', await reauth.mfaReAuthenticateByOTP(fresh, { otp: (await message('reauth')).otp }));
  await proved('2fa', await reauth.mfaReAuthenticateByAuthenticatorCode(fresh, { authenticatorcode: totp(secret) }));
  await proved('2fa', await reauth.mfaReAuthenticateByBackupCode(fresh, { backupcode: codes[1] }));
  assert.strictEqual((await reauth.reAuthSendEmailOtp(fresh, email)).IsPosted, true);
  await proved('2fa', await reauth.reAuthValidateEmailOtp(fresh, { EmailId: email, otp: (await message('reauth')).otp }));
  await proved('2fa', await reauth.reAuthBySecurityQuestion(fresh, answers('Rex')));
  await fails(1205, reauth.mfaReAuthenticateByPassword(fresh, { password: 'wrong' }));
  await proved('password', await reauth.mfaReAuthenticateByPassword(fresh, { password }));
  await fails(1236, reauth.verifyPINAuthentication(fresh, { PIN: '9999' }));
  await proved('pin', await reauth.verifyPINAuthentication(fresh, { PIN: '1234' }));

  // PINs.
  assert.strictEqual((await pin.changePINByAccessToken(fresh, { OldPIN: '1234', NewPIN: '2345' })).IsPosted, true);
  step = await challenge();
  await advance('30s');
  const device = session(await mfa.mfaValidateAuthenticatorCode({ authenticatorcode: totp(secret) }, step.SecondFactorAuthenticationToken));
  await fails(1236, pin.pinLogin({ PIN: '1234' }, device.session_token));
  session(await pin.pinLogin({ PIN: '2345' }, device.session_token));
  assert.strictEqual((await pin.inValidatePinSessionToken(device.session_token)).IsPosted, true);
  await fails(1245, pin.pinLogin({ PIN: '2345' }, device.session_token));
  assert.strictEqual((await pin.sendForgotPINEmailByEmail({ email }, '', 'http://localhost/pin')).IsPosted, true);
  assert.strictEqual((await pin.resetPINByResetToken({ ResetToken: await token('pinreset'), PIN: '3456' })).IsPosted, true);
  assert.strictEqual((await pin.sendForgotPINEmailByUsername({ UserName: 'ada' })).IsPosted, true);
  await fails(1185, pin.resetPINByEmailAndOtp({ email, otp: 'x', PIN: '3456' }));
  await fails(1185, pin.resetPINByUsernameAndOtp({ username: 'ada', otp: 'x', PIN: '3456' }));
  assert.ok((await pin.sendForgotPINSMSByPhone({ phone: '+15551230000' })).Data.Sid);
  assert.strictEqual((await pin.resetPINByPhoneAndOtp({ phone: '+15551230000', otp: (await message('pinreset')).otp, PIN: '4567' })).IsPosted, true);
  const securityanswer = { [question]: 'Rex' };
  assert.strictEqual((await pin.resetPINByEmailAndSecurityAnswer({ email, securityanswer, PIN: '4567' })).IsPosted, true);
  assert.strictEqual((await pin.resetPINByUsernameAndSecurityAnswer({ username: 'ada', securityanswer, PIN: '4567' })).IsPosted, true);
  assert.strictEqual((await pin.resetPINByPhoneAndSecurityAnswer({ phone: '+15551230000', securityanswer, PIN: '4567' })).IsPosted, true);
  await fails(1239, pin.setPINByPinAuthToken({ PIN: '4567' }, 'junk'));

  // Recovery by answers; a challenge from before is dead.
  const asked = [{ Question: 'What was the name of your first pet?', QuestionId: question }];
  assert.deepStrictEqual(await auth.getSecurityQuestionsByEmail(email), asked);
  assert.deepStrictEqual(await auth.getSecurityQuestionsByUserName('ada'), asked);
  assert.deepStrictEqual(await auth.getSecurityQuestionsByPhone('+15551230000'), asked);
  assert.deepStrictEqual(await auth.getSecurityQuestionsByAccessToken(fresh), asked);
  step = await challenge();
  password = 'second password';
  assert.strictEqual((await auth.resetPasswordBySecurityAnswerAndEmail({ email, securityanswer, password })).IsPosted, true);
  await fails(1103, mfa.mfaValidateBackupCode({ backupcode: codes[2] }, step.SecondFactorAuthenticationToken));
  assert.strictEqual((await auth.resetPasswordBySecurityAnswerAndUserName({ username: 'ada', securityanswer, password })).IsPosted, true);
  assert.strictEqual((await auth.resetPasswordBySecurityAnswerAndPhone({ phone: '+15551230000', securityanswer, password })).IsPosted, true);
  await fails(1221, auth.unlockAccountByToken(fresh, captcha));
  const risky = lr.riskBasedAuthenticationApi;
  const template = ['', '', '', null, '', 'rba-browser'];
  for (const got of [
    await risky.rbaLoginByEmail({ email, password }, ...template),
    await risky.rbaLoginByUserName({ username: 'ada', password }, ...template),
    await risky.rbaLoginByPhone({ phone: '+15551230000', password }, ...template),
  ]) {
    assert.strictEqual(got.access_token, '00000000-0000-0000-0000-000000000000');
  }

  // Factors are removed, all but the last one by their owner.
  assert.strictEqual((await mfa.mfaResetBackupCodeByAccessToken(fresh)).BackUpCodes.length, 10);
  assert.strictEqual((await mfa.mfaResetEmailOtpAuthenticatorByAccessToken(fresh)).IsDeleted, true);
  assert.strictEqual((await mfa.mfaResetSecurityQuestionAuthenticatorByAccessToken(fresh)).IsDeleted, true);
  assert.strictEqual((await mfa.mfaResetAuthenticatorByToken(fresh, true)).IsDeleted, true);
  await fails(1121, mfa.mfaResetSMSAuthByToken(fresh, true));
  await fails(1127, mfa.mfaBackupCodeByUid(uid));
  assert.strictEqual((await mfa.mfaResetBackupCodeByUid(uid)).BackUpCodes.length, 10);
  assert.strictEqual((await mfa.mfaResetSMSAuthenticatorByUid(true, uid)).IsDeleted, true);
  assert.strictEqual((await mfa.mfaResetAuthenticatorByUid(true, uid)).IsDeleted, true);
  assert.strictEqual((await mfa.mfaResetEmailOtpAuthenticatorByUid(uid)).IsDeleted, true);
  assert.strictEqual((await mfa.mfaResetSecurityQuestionAuthenticatorByUid(uid)).IsDeleted, true);
  step = await challenge();
  assert.notStrictEqual(step.ManualEntryCode, secret);
  assert.ok((await mfa.mfaUpdatePhoneNumber('+15559990001', step.SecondFactorAuthenticationToken)).Sid);
  session(await mfa.mfaValidateOTPByPhone({ otp: (await message('secondfactor')).otp }, step.SecondFactorAuthenticationToken));
  assert.ok(last.access_token !== fresh);

  // The end.
  assert.strictEqual((await lr.accountApi.deleteAccountByUid(uid)).IsDeleted, true);
  await fails(938, mfa.mfaLoginByEmail(email, password));
  await fails(905, mfa.mfaConfigureByAccessToken(fresh));
}

run(main);

// What a site keeps about its accounts, through the vendor's SDK for Node: custom
// objects, role contexts, consent and webhook subscriptions. npm_test.go starts it; UID
// and EMAIL come from there.
'use strict';
const { assert, lr, fails, run } = require('./sdk.js');

const { authenticationApi: auth, customObjectApi: objects, roleApi: role, consentManagementApi: consent, webHookApi: hooks } = lr;
const uid = process.env.UID_OF_ADA;

async function main() {
  // The site wants an answer before it lets anyone in.
  const login = () => auth.loginByEmail({ email: 'ada@example.com', password: 'correct horse' });
  const refused = await fails(1226, login());
  const consentToken = (refused.Data ?? refused.data).consenttoken ?? (refused.Data ?? refused.data).ConsentToken ?? (refused.Data ?? refused.data).consent_token;
  const yes = { events: [{ event: 'Login', isCustom: false }], data: [{ consentOptionId: 'terms', isAccepted: true }] };
  const session = await consent.submitConsentByConsentToken(consentToken, yes);
  const token = session.access_token;
  assert.ok(token);
  assert.ok((await consent.verifyConsentByAccessToken(token, 'Login', false)).ConsentProfile);
  assert.strictEqual((await consent.updateConsentProfileByAccessToken(token, { consents: yes.data })).Consents.length, 1);
  assert.ok(await consent.submitConsentByAccessToken(token, yes));
  assert.ok((await consent.getConsentLogs(token)).ConsentLogs.length > 0);
  assert.ok((await consent.getConsentLogsByUid(uid)).ConsentLogs.length > 0);
  assert.strictEqual((await login()).Profile.Uid, uid);

  // Records of an account, by its token and by the site.
  await fails(1064, objects.createCustomObjectByToken(token, 'unknown', { a: 1 }));
  const cart = await objects.createCustomObjectByToken(token, 'cart', { items: 1 });
  assert.deepStrictEqual(cart.CustomObject, { items: 1 });
  assert.deepStrictEqual((await objects.updateCustomObjectByToken(token, 'cart', cart.Id, { coupon: 'x' }, 'PartialReplace')).CustomObject, { items: 1, coupon: 'x' });
  assert.strictEqual((await objects.getCustomObjectByToken(token, 'cart')).Count, 1);
  assert.strictEqual((await objects.getCustomObjectByRecordIDAndToken(token, 'cart', cart.Id)).Uid, uid);
  const second = await objects.createCustomObjectByUid('cart', { items: 2 }, uid);
  assert.deepStrictEqual((await objects.updateCustomObjectByUid('cart', second.Id, { items: 3 }, uid, 'Replace')).CustomObject, { items: 3 });
  assert.strictEqual((await objects.getCustomObjectByUid('cart', uid)).Count, 2);
  assert.strictEqual((await objects.getCustomObjectByRecordID('cart', second.Id, uid)).Id, second.Id);
  assert.strictEqual((await objects.deleteCustomObjectByRecordID('cart', second.Id, uid)).IsDeleted, true);
  assert.strictEqual((await objects.deleteCustomObjectByToken(token, 'cart', cart.Id)).IsDeleted, true);

  // Roles within a context.
  await role.createRoles({ Roles: [{ Name: 'editor', Permissions: { write: true } }] });
  const shop = { RoleContext: [{ Context: 'shop', Roles: ['editor'], AdditionalPermissions: ['refund'] }] };
  assert.ok(await role.updateRoleContextByUid(shop, uid));
  assert.strictEqual((await role.getRoleContextByUid(uid)).Data[0].Context, 'shop');
  assert.ok(await role.getRoleContextByContextName('shop'));
  assert.strictEqual((await role.deleteAdditionalPermissionFromRoleContextByUid('shop', { AdditionalPermissions: ['refund'] }, uid)).IsDeleted, true);
  assert.strictEqual((await role.deleteRolesFromRoleContextByUid('shop', { Roles: ['editor'] }, uid)).IsDeleted, true);
  await role.updateRoleContextByUid(shop, uid);
  assert.strictEqual((await role.deleteRoleContextByUid('shop', uid)).IsDeleted, true);

  // Subscriptions to events.
  assert.ok((await hooks.getWebhookEvents()).Data.length > 0);
  const hook = await hooks.createWebhookSubscription({ TargetUrl: 'http://127.0.0.1:9/hook', Event: 'Login', Name: 'logins' });
  assert.strictEqual((await hooks.getWebhookSubscriptionDetail(hook.Id)).Name, 'logins');
  assert.ok(await hooks.updateWebhookSubscription(hook.Id, { Headers: { 'X-Site': 'shop' } }));
  assert.strictEqual((await hooks.listAllWebhooks()).Data.length, 1);
  assert.ok(await hooks.deleteWebhookSubscription(hook.Id));
  await fails(7986, hooks.getWebhookSubscriptionDetail(hook.Id));
}

run(main);

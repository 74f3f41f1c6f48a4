// What the journeys share: the vendor's SDK for Node, pointed at the emulator that
// npm_test.go has started.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');
const https = require('node:https');

const base = new URL(process.env.EMULATOR_URL);
https.globalAgent.defaultPort = base.port; // the SDK has a setting for the host, but none for the port
const lr = require('loginradius-sdk')({
  apiDomain: base.hostname, apiKey: process.env.API_KEY, apiSecret: process.env.API_SECRET, originIp: '203.0.113.7',
});

// fails insists on an error code.
async function fails(code, call) {
  const err = await call.then((ok) => assert.fail(`no error ${code}, but ${JSON.stringify(ok)}`), (e) => e);
  assert.strictEqual(err.ErrorCode ?? err.errorCode, code, JSON.stringify(err));
  return err;
}

function request(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const req = https.request({ method, hostname: base.hostname, path, headers }, (res) => {
      let data = '';
      res.on('data', (d) => (data += d));
      res.on('end', () => resolve(JSON.parse(data)));
    });
    req.on('error', reject).end(body && JSON.stringify(body));
  });
}

// message returns the newest message, which must be of a kind.
async function message(kind) {
  const last = (await request('GET', '/mailbox', { Accept: 'application/json' })).messages.at(-1);
  assert.strictEqual(last.kind, kind);
  return last;
}

// token returns that of the newest mail, which must be of a kind.
const token = async (kind) => (await message(kind)).token;

// advance moves the emulator's clock by its control API.
let now = Date.now();
async function advance(by) {
  const answer = await request('POST', '/control/clock', { 'X-Emulator-Key': process.env.CONTROL_KEY, 'Content-Type': 'application/json' }, { advance: by });
  now = Date.parse(answer.now);
}

// totp is RFC 6238 by hand: what an authenticator shows for a secret in base32.
function totp(secret) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30e3)));
  const mac = crypto.createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}

// run ends the process: the SDK leaves the body of a 429 unread, which would keep it alive.
function run(main) {
  main().then(() => process.exit(0), (err) => {
    console.error(err);
    process.exit(1);
  });
}

module.exports = { assert, lr, fails, message, token, advance, totp, run };

// SPDX-License-Identifier: MIT
// `parley switch` between a browser (SIP.js in Chromium) and `parley phone`: no other server is needed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from './support/browser.mjs';
import { Phone } from './support/phone.mjs';
import { Switch, domain } from './support/switch.mjs';

const limit = { timeout: 60_000 };
let hub;
let browser;
before(async () => { hub = await Switch.start(); browser = await Browser.start(); });
after(async () => { await browser?.stop(); await hub?.stop(); });

async function page(t, { user = 'bob', password = 'builder', toneHz = 880 } = {}) {
  const self = await browser.user({ server: hub.uri, aor: `sip:${user}@${domain}`, user, password, toneHz });
  t.after(() => self.close());
  await self.call('connect');
  await self.call('register');
  return self;
}

async function phone(t, args = []) {
  const self = await Phone.start({ server: hub.uri, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', toneHz: 440, args });
  t.after(() => self.stop());
  return self;
}

test('a browser and a phone: messages, a call each way, hold by each side, DTMF both ways, hang up', limit, async (t) => {
  const [alice, bob] = [await phone(t), await page(t)];
  await bob.event('registered');
  await alice.do(`message sip:bob@${domain} knock knock`);
  assert.deepEqual((await bob.event('message_received')).detail, ['knock knock']);
  await bob.call('message', `sip:alice@${domain}`, 'who is there?');
  assert.equal((await alice.event('message_received')).text, 'who is there?');

  await alice.do(`call sip:bob@${domain}`);
  await bob.event('call_received');
  await bob.call('answer');
  await Promise.all([alice.event('call_answered'), bob.event('call_answered')]);
  await Promise.all([alice.hears(880), bob.hears(440)]);
  await alice.do('hold');
  assert.equal((await alice.event('call_hold')).held, true);
  await bob.hears(0);
  await alice.do('unhold');
  assert.equal((await alice.event('call_hold')).held, false);
  await bob.hears(440);
  await bob.call('hold');
  assert.equal((await alice.event('remote_hold')).held, true);
  await alice.hears(0);
  await bob.call('unhold');
  assert.equal((await alice.event('remote_hold')).held, false);
  await alice.hears(880);
  await alice.do('dtmf 7');
  assert.equal((await bob.event('call_dtmf_received')).detail[0], '7');
  await bob.call('sendDTMF', '#');
  assert.equal((await alice.event('call_dtmf_received')).tone, '#');
  await alice.do('hangup');
  await bob.event('call_hangup');
  assert.equal((await alice.event('call_hangup')).cause, 'LocalHangup');

  await bob.call('call', `sip:alice@${domain}`);
  assert.match((await alice.event('call_received')).from, /bob@/);
  await alice.do('answer');
  await Promise.all([alice.event('call_answered'), bob.event('call_answered')]);
  await Promise.all([alice.hears(880), bob.hears(440)]);
  await bob.call('hangup');
  assert.equal((await alice.event('call_hangup')).cause, 'RemoteHangup');
});

test('two browsers through the switch hear each other', limit, async (t) => {
  const alice = await page(t, { user: 'alice', password: 'wonderland', toneHz: 440 });
  const bob = await page(t);
  await Promise.all([alice.event('registered'), bob.event('registered')]);
  await alice.call('call', `sip:bob@${domain}`);
  await bob.event('call_received');
  await bob.call('answer');
  await Promise.all([alice.event('call_answered'), bob.event('call_answered')]);
  await Promise.all([alice.hears(880), bob.hears(440)]);
  await bob.call('hangup');
  await alice.event('call_hangup');
});

test('a browser with a wrong password is not registered', limit, async (t) => {
  const bob = await page(t, { password: 'nonsense' });
  await bob.event('unregistered');
  assert.ok(!bob.events.some((each) => each.event === 'registered'));
});

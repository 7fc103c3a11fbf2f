// SPDX-License-Identifier: MIT
// The rig itself: two browsers through Kamailio. When this fails, nothing else here says anything about parley.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser } from './support/browser.mjs';
import { Kamailio, domain } from './support/kamailio.mjs';

test('two SIP.js users hear each other through Kamailio', { timeout: 60_000 }, async (t) => {
  const kamailio = await Kamailio.start();
  t.after(() => kamailio.stop());
  const browser = await Browser.start();
  t.after(() => browser.stop());
  const alice = await browser.user({ server: kamailio.ws, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', toneHz: 440 });
  const bob = await browser.user({ server: kamailio.wss, aor: `sip:bob@${domain}`, user: 'bob', password: 'builder', toneHz: 880 });
  for (const user of [alice, bob]) {
    await user.call('connect');
    await user.call('register');
    await user.event('registered');
  }
  await alice.call('call', `sip:bob@${domain}`);
  await bob.event('call_received');
  await bob.call('answer');
  await alice.event('call_answered');
  await alice.hears(880);
  await bob.hears(440);
  await alice.call('hold');
  await bob.hears(0);
  await alice.call('unhold');
  await bob.hears(440);
  await bob.call('hangup');
  await alice.event('call_hangup');
  assert.equal(alice.events.filter((each) => each.event === 'page_error').length, 0);
});

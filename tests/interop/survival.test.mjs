// SPDX-License-Identifier: MIT
// A call between two phones outlives its signalling: one WebSocket cut for ten seconds; the proxy restarted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Kamailio, domain } from './support/kamailio.mjs';
import { Phone } from './support/phone.mjs';
import { Relay } from './support/relay.mjs';

const limit = { timeout: 90_000 };
let kamailio;
before(async () => { kamailio = await Kamailio.start(); });
after(() => kamailio.stop());

/** Alice through the relay, Bob directly, in a call that both hear. */
async function call(t, relay) {
  const a = await Phone.start({ server: `ws://127.0.0.1:${relay.port}`, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', toneHz: 440 });
  t.after(() => a.stop());
  const b = await Phone.start({ server: kamailio.ws, aor: `sip:bob@${domain}`, user: 'bob', password: 'builder', toneHz: 880, args: ['--auto-answer'] });
  t.after(() => b.stop());
  await a.do(`call sip:bob@${domain}`);
  await Promise.all([a.event('call_answered'), b.event('call_answered')]);
  await Promise.all([a.hears(880), b.hears(440)]);
  return [a, b];
}

/** Both go on hearing each other, looked at each 250 ms. */
async function soundGoesOn([a, b], milliseconds) {
  for (const end = Date.now() + milliseconds; Date.now() < end; await pause(250)) {
    for (const [phone, hz] of [[a, 880], [b, 440]]) {
      const heard = await phone.do('stats');
      assert.ok(Math.abs(heard.peak_hz - hz) < 10 && heard.audio_level_db > -50, `sound interrupted: ${JSON.stringify(heard)}`);
    }
  }
}

async function holdWorks(holder, other, tone) {
  await holder.do('hold');
  assert.equal((await holder.event('call_hold', 20_000)).held, true);
  await other.hears(0);
  await holder.do('unhold');
  assert.equal((await holder.event('call_hold', 20_000)).held, false);
  await other.hears(tone);
}

for (const ender of [0, 1]) {
  test(`one WebSocket cut for 10 s: sound goes on, hold works, hang-up by the ${ender ? 'other' : 'cut'} side arrives`, limit, async (t) => {
    const relay = await Relay.start(kamailio.wsPort);
    t.after(() => relay.stop());
    const [a, b] = await call(t, relay);
    relay.break();
    await a.event('server_disconnect');
    await soundGoesOn([a, b], 10_000);
    relay.mend();
    await a.event('registered', 20_000);
    await soundGoesOn([a, b], 1_500);
    await holdWorks(a, b, 440);
    await holdWorks(b, a, 880);
    await [a, b][ender].do('hangup');
    await [a, b][1 - ender].event('call_hangup');
  });
}

test('Kamailio restarted: sound goes on, hold works from both sides, hang-up arrives', limit, async (t) => {
  const relay = await Relay.start(kamailio.wsPort);
  t.after(() => relay.stop());
  const [a, b] = await call(t, relay);
  await kamailio.kill();
  await Promise.all([a.event('server_disconnect'), b.event('server_disconnect')]);
  await soundGoesOn([a, b], 2_000);
  await kamailio.run();
  await Promise.all([a.event('registered', 30_000), b.event('registered', 30_000)]);
  await soundGoesOn([a, b], 2_000);
  await holdWorks(a, b, 440);
  await holdWorks(b, a, 880);
  await b.do('hangup');
  await a.event('call_hangup');
});

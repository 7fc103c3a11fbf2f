// SPDX-License-Identifier: MIT
// What a call between two phones (the first sends 440 Hz, the second 880 Hz) must stand.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Phone } from './phone.mjs';

/** Alice through the relay, Bob directly to `server`, in a call that both hear. */
export async function callThroughRelay(t, { relay, server, domain }) {
  const a = await Phone.start({ server: `ws://127.0.0.1:${relay.port}`, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', toneHz: 440 });
  t.after(() => a.stop());
  const b = await Phone.start({ server, aor: `sip:bob@${domain}`, user: 'bob', password: 'builder', toneHz: 880, args: ['--auto-answer'] });
  t.after(() => b.stop());
  await a.do(`call sip:bob@${domain}`);
  await Promise.all([a.event('call_answered'), b.event('call_answered')]);
  await Promise.all([a.hears(880), b.hears(440)]);
  return [a, b];
}

/** Both go on hearing each other, looked at each 250 ms; and packets (one each 20 ms) come all the while. */
export async function soundGoesOn([a, b], milliseconds) {
  const begin = Date.now();
  const first = [await a.do('stats'), await b.do('stats')];
  while (Date.now() < begin + milliseconds) {
    await pause(250);
    for (const [phone, hz] of [[a, 880], [b, 440]]) {
      const heard = await phone.do('stats');
      assert.ok(Math.abs(heard.peak_hz - hz) < 10 && heard.audio_level_db > -50, `sound interrupted: ${JSON.stringify(heard)}`);
    }
  }
  const expected = (Date.now() - begin) / 20;
  for (const [i, phone] of [a, b].entries()) {
    const { packets_received: received } = await phone.do('stats');
    const got = received - first[i].packets_received;
    assert.ok(got > 0.8 * expected, `${got} packets came, ${expected.toFixed(0)} were expected`);
  }
}

/** Hold and unhold: told on both sides, silent in between. `tone` is what `other` hears. */
export async function holdWorks(holder, other, tone) {
  await holder.do('hold');
  assert.equal((await holder.event('call_hold', 20_000)).held, true);
  assert.equal((await other.event('remote_hold')).held, true);
  await other.hears(0);
  await holder.do('unhold');
  assert.equal((await holder.event('call_hold', 20_000)).held, false);
  assert.equal((await other.event('remote_hold')).held, false);
  await other.hears(tone);
}

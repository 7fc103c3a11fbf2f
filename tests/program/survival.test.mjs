// SPDX-License-Identifier: MIT
// A call outlives its signalling, also at the embedded switch: a WebSocket cut for three seconds; the switch restarted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { holdWorks, soundGoesOn } from '../interop/support/call.mjs';
import { Phone } from '../interop/support/phone.mjs';
import { Relay } from '../interop/support/relay.mjs';
import { Switch, domain } from '../interop/support/switch.mjs';

const limit = { timeout: 90_000 };

/** Alice through the relay, Bob directly, in a call that both hear. */
async function call(t, hub, relay) {
  const a = await Phone.start({ server: `ws://127.0.0.1:${relay.port}`, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', toneHz: 440 });
  t.after(() => a.stop());
  const b = await Phone.start({ server: hub.uri, aor: `sip:bob@${domain}`, user: 'bob', password: 'builder', toneHz: 880, args: ['--auto-answer'] });
  t.after(() => b.stop());
  await a.do('call bob');
  await Promise.all([a.event('call_answered'), b.event('call_answered')]);
  await Promise.all([a.hears(880), b.hears(440)]);
  return [a, b];
}

for (const cutSideHangsUp of [true, false]) {
  test(`a WebSocket cut for 3 s: sound goes on, hold works, hang-up by the ${cutSideHangsUp ? 'cut' : 'other'} side arrives`, limit, async (t) => {
    const hub = await Switch.start();
    t.after(() => hub.stop());
    const relay = await Relay.start(hub.port);
    t.after(() => relay.stop());
    const [a, b] = await call(t, hub, relay);
    relay.break();
    await a.event('server_disconnect');
    await soundGoesOn([a, b], 3_000);
    relay.mend();
    await a.event('registered', 20_000);
    await soundGoesOn([a, b], 1_000);
    await holdWorks(b, a, 880);
    await holdWorks(a, b, 440);
    const [ender, other] = cutSideHangsUp ? [a, b] : [b, a];
    await ender.do('hangup');
    assert.equal((await ender.event('call_hangup')).cause, 'LocalHangup');
    assert.equal((await other.event('call_hangup')).cause, 'RemoteHangup');
  });
}

test('a hang-up while the WebSocket is cut: the other side learns of it after the reconnect', limit, async (t) => {
  const hub = await Switch.start();
  t.after(() => hub.stop());
  const relay = await Relay.start(hub.port);
  t.after(() => relay.stop());
  const [a, b] = await call(t, hub, relay);
  relay.break();
  await a.event('server_disconnect');
  const before = Date.now();
  await a.do('hangup');
  assert.equal((await a.event('call_hangup')).cause, 'LocalHangup');
  assert.ok(Date.now() - before < 3_000, 'hang-up waited for the connection');
  await pause(1_000);
  relay.mend();
  assert.equal((await b.event('call_hangup', 32_000)).cause, 'RemoteHangup');
});

test('the switch restarted: sound goes on, hold works from both sides, hang-up arrives', limit, async (t) => {
  const hub = await Switch.start();
  const relay = await Relay.start(hub.port);
  t.after(() => relay.stop());
  const [a, b] = await call(t, hub, relay);
  await hub.kill();
  await Promise.all([a.event('server_disconnect'), b.event('server_disconnect')]);
  await soundGoesOn([a, b], 1_000);
  const again = await Switch.start({ listen: [hub.uri] });
  t.after(() => again.stop());
  await Promise.all([a.event('registered', 30_000), b.event('registered', 30_000)]);
  await soundGoesOn([a, b], 1_000);
  await holdWorks(a, b, 440);
  await holdWorks(b, a, 880);
  await b.do('hangup');
  assert.equal((await a.event('call_hangup')).cause, 'RemoteHangup');
});

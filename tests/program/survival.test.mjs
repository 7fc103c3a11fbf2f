// SPDX-License-Identifier: MIT
// A call outlives its signalling, also at the embedded switch: a WebSocket cut for three seconds; the switch restarted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { callThroughRelay, holdWorks, soundGoesOn } from '../interop/support/call.mjs';
import { Relay } from '../interop/support/relay.mjs';
import { Switch, domain } from '../interop/support/switch.mjs';

const limit = { timeout: 90_000 };

for (const cutSideHangsUp of [true, false]) {
  test(`a WebSocket cut for 3 s: sound goes on, hold works, hang-up by the ${cutSideHangsUp ? 'cut' : 'other'} side arrives`, limit, async (t) => {
    const hub = await Switch.start();
    t.after(() => hub.stop());
    const relay = await Relay.start(hub.port);
    t.after(() => relay.stop());
    const [a, b] = await callThroughRelay(t, { relay, server: hub.uri, domain });
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
  const [a, b] = await callThroughRelay(t, { relay, server: hub.uri, domain });
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
  const [a, b] = await callThroughRelay(t, { relay, server: hub.uri, domain });
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

// SPDX-License-Identifier: MIT
// A call between two phones outlives its signalling: one WebSocket cut for ten seconds; the proxy restarted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callThroughRelay, holdWorks, soundGoesOn } from './support/call.mjs';
import { Kamailio, domain } from './support/kamailio.mjs';
import { Relay } from './support/relay.mjs';

const limit = { timeout: 90_000 };
let kamailio;
before(async () => { kamailio = await Kamailio.start(); });
after(() => kamailio.stop());

for (const ender of [0, 1]) {
  test(`one WebSocket cut for 10 s: sound goes on, hold works, hang-up by the ${ender ? 'other' : 'cut'} side arrives`, limit, async (t) => {
    const relay = await Relay.start(kamailio.wsPort);
    t.after(() => relay.stop());
    const [a, b] = await callThroughRelay(t, { relay, server: kamailio.ws, domain });
    relay.break();
    await a.event('server_disconnect');
    await soundGoesOn([a, b], 10_000);
    relay.mend();
    await a.event('registered', 20_000);
    await soundGoesOn([a, b], 1_500);
    await holdWorks(a, b, 440);
    await holdWorks(b, a, 880);
    await [a, b][ender].do('hangup');
    assert.equal((await [a, b][ender].event('call_hangup')).cause, 'LocalHangup');
    assert.equal((await [a, b][1 - ender].event('call_hangup')).cause, 'RemoteHangup');
  });
}

test('Kamailio restarted: sound goes on, hold works from both sides, hang-up arrives', limit, async (t) => {
  const relay = await Relay.start(kamailio.wsPort);
  t.after(() => relay.stop());
  const [a, b] = await callThroughRelay(t, { relay, server: kamailio.ws, domain });
  await kamailio.kill();
  await Promise.all([a.event('server_disconnect'), b.event('server_disconnect')]);
  await soundGoesOn([a, b], 2_000);
  await kamailio.run();
  await Promise.all([a.event('registered', 30_000), b.event('registered', 30_000)]);
  await soundGoesOn([a, b], 2_000);
  await holdWorks(a, b, 440);
  await holdWorks(b, a, 880);
  await b.do('hangup');
  assert.equal((await a.event('call_hangup')).cause, 'RemoteHangup');
});

// SPDX-License-Identifier: MIT
// `parley phone` with Kamailio alone: registration, digest, messages, two phones, and what happens when the server goes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kamailio, domain } from './support/kamailio.mjs';
import { Phone } from './support/phone.mjs';

const limit = { timeout: 60_000 };
let kamailio;
before(async () => { kamailio = await Kamailio.start(); });
after(() => kamailio.stop());

const alice = (more = {}) => ({ server: kamailio.ws, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', toneHz: 440, ...more });
const bob = (more = {}) => ({ server: kamailio.ws, aor: `sip:bob@${domain}`, user: 'bob', password: 'builder', toneHz: 880, ...more });
const carol = (more = {}) => ({ server: kamailio.ws, aor: `sip:carol@${domain}`, user: 'carol', password: 'singer', toneHz: 660, ...more });

async function started(t, options) {
  const phone = await Phone.start(options);
  t.after(() => phone.stop());
  return phone;
}

test('registers over ws with digest, unregisters at quit', limit, async (t) => {
  const phone = await started(t, alice());
  const state = await phone.do('state');
  assert.equal(state.connected, true);
  assert.equal(state.registered, true);
  assert.equal(await phone.quit(), 0);
  assert.ok(phone.has('unregistered'));
});

test('registers over wss, the certificate verified against the CA given', limit, async (t) => {
  const phone = await started(t, alice({ server: kamailio.wss, args: ['--ca', kamailio.ca] }));
  assert.equal(await phone.quit(), 0);
});

test('refuses a certificate of an unknown CA, and says so', limit, async (t) => {
  const phone = new Phone(alice({ server: kamailio.wss }));
  t.after(() => phone.stop());
  const event = await phone.event('server_disconnect');
  assert.match(event.error, /certificate/i);
  assert.equal(await phone.quit(), 1);
});

test('a wrong password is told, and ends after one try', limit, async (t) => {
  const phone = new Phone(alice({ password: 'nonsense' }));
  t.after(() => phone.stop());
  const event = await phone.event('unregistered');
  assert.ok([401, 407].includes(event.status), JSON.stringify(event));
  assert.ok(event.reason.length > 0);
  assert.equal(await phone.quit(), 1);
});

test('digest with SHA-256', limit, async (t) => {
  const server = await Kamailio.start({ algorithm: 'SHA-256' });
  t.after(() => server.stop());
  const phone = await started(t, alice({ server: server.ws }));
  assert.equal(await phone.quit(), 0);
});

test('messages go both ways, with their text', limit, async (t) => {
  const [a, b] = [await started(t, alice()), await started(t, bob())];
  await a.do(`message sip:bob@${domain} Grüße aus dem Garten`);
  assert.equal((await a.event('message_sent')).status, 200);
  const received = await b.event('message_received');
  assert.equal(received.text, 'Grüße aus dem Garten');
  assert.match(received.from, /alice@/);
  await b.do(`message sip:alice@${domain} hello`);
  assert.equal((await a.event('message_received')).text, 'hello');
});

test('two phones: call, sound, mute, hold by each, DTMF both ways, hang up', limit, async (t) => {
  const [a, b] = [await started(t, alice()), await started(t, bob())];
  await a.do(`call sip:bob@${domain}`);
  assert.match((await b.event('call_received')).from, /alice@/);
  await a.event('call_progress');
  await b.do('answer');
  await Promise.all([a.event('call_answered'), b.event('call_answered')]);
  await Promise.all([a.hears(880), b.hears(440)]);
  await a.do('mute');
  await b.hears(0);
  await a.hears(880);
  await a.do('unmute');
  await b.hears(440);
  for (const [holder, other, tone] of [[a, b, 440], [b, a, 880]]) {
    await holder.do('hold');
    assert.equal((await holder.event('call_hold')).held, true);
    assert.equal((await other.event('remote_hold')).held, true);
    await other.hears(0);
    await holder.do('unhold');
    assert.equal((await holder.event('call_hold')).held, false);
    assert.equal((await other.event('remote_hold')).held, false);
    await other.hears(tone);
  }
  await a.do('dtmf 5#');
  assert.equal((await b.event('call_dtmf_received')).tone, '5');
  assert.equal((await b.event('call_dtmf_received')).tone, '#');
  await b.do('dtmf *');
  assert.equal((await a.event('call_dtmf_received')).tone, '*');
  await b.do('hangup');
  await Promise.all([a.event('call_hangup'), b.event('call_hangup')]);
  assert.equal((await a.do('state')).call, null);
});

test('declined, cancelled and busy calls', limit, async (t) => {
  const [a, b, c] = [await started(t, alice()), await started(t, bob()), await started(t, carol())];
  await a.do(`call sip:bob@${domain}`);
  await b.event('call_received');
  await b.do('decline 603');
  assert.equal((await a.event('call_hangup')).status, 603);
  await b.event('call_hangup');

  await a.do(`call sip:bob@${domain}`);
  await b.event('call_received');
  await a.do('hangup');
  await a.event('call_hangup');
  assert.equal((await b.event('call_hangup')).cause, 'Cancelled');

  await a.do(`call sip:bob@${domain}`);
  await b.event('call_received');
  await b.do('answer');
  await a.event('call_answered');
  await c.do(`call sip:bob@${domain}`);
  assert.equal((await c.event('call_hangup')).status, 486);
  await a.hears(880);  // the call that was up is untouched
  assert.ok(!b.events.some((each) => each.event === 'call_received' && !each.taken));
});

test('the server killed and started again: registered again by itself', limit, async (t) => {
  const phone = await started(t, alice());
  await kamailio.kill();
  const lost = await phone.event('server_disconnect');
  assert.ok(lost.error.length > 0);
  await phone.event('unregistered');
  await phone.event('reconnecting');
  await kamailio.run();
  await phone.event('server_connect', 20_000);
  await phone.event('registered', 20_000);
});

test('a server that is away at the start: says so, keeps trying', limit, async (t) => {
  await kamailio.kill();
  const phone = new Phone(alice());
  t.after(() => phone.stop());
  assert.match((await phone.event('server_disconnect')).error, /refused/i);
  await kamailio.run();
  await phone.event('registered', 20_000);
  assert.equal(await phone.quit(), 0);
});

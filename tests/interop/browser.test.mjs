// SPDX-License-Identifier: MIT
// `parley phone` and a browser (SIP.js in Chromium) through Kamailio.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from './support/browser.mjs';
import { Kamailio, domain } from './support/kamailio.mjs';
import { Phone } from './support/phone.mjs';
import { dtmfBothWays, holdByPage } from './support/walks.mjs';

const limit = { timeout: 60_000 };
let kamailio;
let browser;
before(async () => { kamailio = await Kamailio.start(); browser = await Browser.start(); });
after(async () => { await browser?.stop(); await kamailio?.stop(); });

/** A phone of 440 Hz and a page of 880 Hz, both registered. */
async function pair(t, { secure = false } = {}) {
  const phone = await Phone.start({ server: secure ? kamailio.wss : kamailio.ws, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', toneHz: 440,
    args: secure ? ['--ca', kamailio.ca] : [] });
  t.after(() => phone.stop());
  const page = await browser.user({ server: secure ? kamailio.wss : kamailio.ws, aor: `sip:bob@${domain}`, user: 'bob', password: 'builder', toneHz: 880 });
  t.after(() => page.close());
  await page.call('connect');
  await page.call('register');
  await page.event('registered');
  return [phone, page];
}

async function phoneCalls(phone, page) {
  await phone.do(`call sip:bob@${domain}`);
  await page.event('call_received');
  await page.call('answer');
  await Promise.all([phone.event('call_answered'), page.event('call_answered')]);
}

async function pageCalls(phone, page) {
  await page.call('call', `sip:alice@${domain}`);
  assert.match((await phone.event('call_received')).from, /bob@/);
  await phone.do('answer');
  await Promise.all([phone.event('call_answered'), page.event('call_answered')]);
}

test('messages both ways', limit, async (t) => {
  const [phone, page] = await pair(t);
  await phone.do(`message sip:bob@${domain} knock knock`);
  assert.deepEqual((await page.event('message_received')).detail, ['knock knock']);
  await page.call('message', `sip:alice@${domain}`, 'who is there?');
  assert.equal((await phone.event('message_received')).text, 'who is there?');
});

for (const [who, place, secure] of [['phone', phoneCalls, false], ['browser', pageCalls, false], ['phone, over wss', phoneCalls, true]]) {
  test(`a call by the ${who}: tones, mute, hold by each side, DTMF both ways`, limit, async (t) => {
    const [phone, page] = await pair(t, { secure });
    await place(phone, page);
    await Promise.all([phone.hears(880), page.hears(440)]);

    await phone.do('mute');
    await page.hears(0);
    await phone.do('unmute');
    await page.hears(440);
    await page.call('mute');
    await phone.hears(0);
    await page.call('unmute');
    await phone.hears(880);

    await phone.do('hold');
    assert.equal((await phone.event('call_hold')).held, true);
    await page.hears(0);
    await phone.hears(0);
    await phone.do('unhold');
    assert.equal((await phone.event('call_hold')).held, false);
    await Promise.all([phone.hears(880), page.hears(440)]);

    await holdByPage(phone, page);
    await dtmfBothWays(phone, page);

    if (who === 'browser') await phone.do('hangup'); else await page.call('hangup');
    await Promise.all([phone.event('call_hangup'), page.event('call_hangup')]);
  });
}

test('hang-up by the caller, on either side', limit, async (t) => {
  const [phone, page] = await pair(t);
  await phoneCalls(phone, page);
  await phone.hears(880);
  await phone.do('hangup');
  await page.event('call_hangup');
  assert.equal((await phone.event('call_hangup')).cause, 'LocalHangup');
  await pageCalls(phone, page);
  await phone.hears(880);
  await page.call('hangup');
  assert.equal((await phone.event('call_hangup')).cause, 'RemoteHangup');
});

test('declined by each side', limit, async (t) => {
  const [phone, page] = await pair(t);
  await phone.do(`call sip:bob@${domain}`);
  await page.event('call_received');
  await page.call('decline');
  assert.ok((await phone.event('call_hangup')).status >= 480);
  await page.call('call', `sip:alice@${domain}`);
  await phone.event('call_received');
  await phone.do('decline');
  await page.event('call_hangup');
});

test('cancelled by each side', limit, async (t) => {
  const [phone, page] = await pair(t);
  await phone.do(`call sip:bob@${domain}`);
  await page.event('call_received');
  await phone.do('hangup');
  await Promise.all([phone.event('call_hangup'), page.event('call_hangup')]);
  await page.call('call', `sip:alice@${domain}`);
  await phone.event('call_received');
  await page.call('hangup');
  assert.equal((await phone.event('call_hangup')).cause, 'Cancelled');
});

test('a third party gets busy while a call is up', limit, async (t) => {
  const [phone, page] = await pair(t);
  await phoneCalls(phone, page);
  const carol = await Phone.start({ server: kamailio.ws, aor: `sip:carol@${domain}`, user: 'carol', password: 'singer' });
  t.after(() => carol.stop());
  await carol.do(`call sip:alice@${domain}`);
  assert.equal((await carol.event('call_hangup')).status, 486);
  await phone.hears(880);
});

test('a browser whose socket closes drops its call: it ends here too, with its cause', { timeout: 120_000 }, async (t) => {
  const [phone, page] = await pair(t);
  await phoneCalls(phone, page);
  await phone.hears(880);
  await kamailio.kill();
  await page.event('server_disconnect');
  await kamailio.run();
  await phone.event('registered', 30_000);
  const ended = await phone.event('call_hangup', 60_000);
  assert.ok(['ConnectionLost', 'Gone'].includes(ended.cause), JSON.stringify(ended));
  assert.equal((await phone.do('state')).call, null);
});

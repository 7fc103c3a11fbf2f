// SPDX-License-Identifier: MIT
// `parley phone` and JsSIP in Chromium through Kamailio: a call each way.
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

for (const caller of ['phone', 'JsSIP']) {
  test(`a call by ${caller}: tones, hold by each side, DTMF both ways, hang-up by the other`, limit, async (t) => {
    const phone = await Phone.start({ server: kamailio.ws, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', toneHz: 440 });
    t.after(() => phone.stop());
    const page = await browser.jssipUser({ server: kamailio.ws, aor: `sip:bob@${domain}`, user: 'bob', password: 'builder', toneHz: 880 });
    t.after(() => page.close());
    await page.call('start');
    await page.event('registered');
    if (caller === 'phone') {
      await phone.do(`call sip:bob@${domain}`);
      await page.event('call_received');
      await page.call('answer');
    } else {
      await page.call('call', `sip:alice@${domain}`);
      await phone.event('call_received');
      await phone.do('answer');
    }
    await Promise.all([phone.event('call_answered'), page.event('call_answered')]);
    await Promise.all([phone.hears(880), page.hears(440)]);

    await phone.do('hold');
    assert.equal((await phone.event('call_hold')).held, true);
    await page.event('remote_hold');
    await page.hears(0);
    await phone.do('unhold');
    assert.equal((await phone.event('call_hold')).held, false);
    await page.event('remote_hold');
    await page.hears(440);

    await holdByPage(phone, page);
    await dtmfBothWays(phone, page);

    if (caller === 'phone') await page.call('hangup'); else await phone.do('hangup');
    await page.event('call_hangup');
    assert.equal((await phone.event('call_hangup')).cause, caller === 'phone' ? 'RemoteHangup' : 'LocalHangup');
  });
}

// SPDX-License-Identifier: MIT
// Parts of a call between `parley phone` (440 Hz) and a page (880 Hz) that every browser library goes through alike.
import assert from 'node:assert/strict';

export async function holdByPage(phone, page) {
  await page.call('hold');
  assert.equal((await phone.event('remote_hold')).held, true);
  await phone.hears(0);
  await page.call('unhold');
  assert.equal((await phone.event('remote_hold')).held, false);
  await Promise.all([phone.hears(880), page.hears(440)]);
}

export async function dtmfBothWays(phone, page) {
  await phone.do('dtmf 7');
  assert.equal((await page.event('call_dtmf_received')).detail[0], '7');
  await page.call('sendDTMF', '#');
  assert.equal((await phone.event('call_dtmf_received')).tone, '#');
}

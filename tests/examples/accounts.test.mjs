// SPDX-License-Identifier: MIT
// Runs the examples of Account and Call against `parley uas` and `parley switch`.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { Process, within } from '../interop/support/process.mjs';
import { Switch, domain } from '../interop/support/switch.mjs';
import { Uas } from '../program/support/uas.mjs';

const limit = { timeout: 60_000 };

async function example(name, args) {
  const child = new Process(path.join(process.env.PARLEY_EXAMPLES, `example-${name}`), args);
  try {
    const { code } = await within(30_000, name, child.ended);
    assert.equal(code, 0, child.stderr);
    return child.lines;
  } finally {
    await child.stop();
  }
}

async function uas(t) {
  const self = await Uas.start(['--listen', 'ws://127.0.0.1:0']);
  t.after(() => self.stop());
  return self;
}

test('sessions', limit, async (t) => {
  const peer = await uas(t);
  const lines = await example('sessions', [peer.uri, 'sip:one@uas.test', 'sip:two@uas.test']);
  assert.ok(lines.includes('the first call is established'), lines.join('\n'));
  assert.equal((await peer.counters()).answered, 2);
});

test('registration', limit, async (t) => {
  const hub = await Switch.start({ users: { alice: 'wonderland' } });
  t.after(() => hub.stop());
  assert.match((await example('registration', [hub.uri, `sip:alice@${domain}`, 'wonderland']))[0], /^registered for \d+ s$/);
});

test('messages', limit, async (t) => {
  const peer = await uas(t);
  assert.deepEqual(await example('messages', [peer.uri, 'sip:anybody@uas.test', 'good day']), ['delivered']);
});

test('requests', limit, async (t) => {
  const peer = await uas(t);
  const lines = await example('requests', [peer.uri, 'sip:anybody@uas.test']);
  assert.match(lines[0], /^200 OK, allows .*INVITE/);
  assert.equal(lines[1], 'INFO: 200 OK');
});

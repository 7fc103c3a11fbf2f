// SPDX-License-Identifier: MIT
// `parley uas`: answers what comes, as the user part says; what its scripts expect on the wire is in tests/examples/uas_test.cpp.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone } from '../interop/support/phone.mjs';
import { Switch, domain } from '../interop/support/switch.mjs';
import { lines, run } from './support/run.mjs';
import { Uas } from './support/uas.mjs';

const limit = { timeout: 60_000 };

async function listening(t, args = []) {
  const uas = await Uas.start(['--listen', 'ws://127.0.0.1:0', ...args]);
  t.after(() => uas.stop());
  return uas;
}

/** A phone that is connected to the uas as if it were its server. */
async function phoneAt(t, uas) {
  const phone = new Phone({ server: uas.uri, aor: 'sip:alice@example.test', media: 'null', args: ['--no-register'] });
  t.after(() => phone.stop());
  await phone.event('server_connect');
  return phone;
}

test('answers a call; the user part says what else may become of it', limit, async (t) => {
  const uas = await listening(t);
  const phone = await phoneAt(t, uas);
  await phone.do('call sip:anybody@uas.test');
  await phone.event('call_answered');
  await phone.do('dtmf 5');
  await phone.do('hangup');
  await phone.event('call_hangup');
  for (const [user, status] of [['busy', 486], ['decline', 603], ['404', 404], ['599', 599]]) {
    await phone.do(`call sip:${user}@uas.test`);
    assert.equal((await phone.event('call_hangup')).status, status, user);
  }
  await phone.do('call sip:ring@uas.test');
  assert.equal((await phone.event('call_progress')).status, 180);
  await phone.do('hangup');
  assert.equal((await phone.event('call_hangup')).cause, 'Cancelled');
  await phone.do('message sip:anybody@uas.test good day');
  assert.equal((await phone.event('message_sent')).status, 200);
  const counters = await uas.counters();
  assert.deepEqual([counters.calls, counters.answered, counters.refused, counters.messages, counters.dtmf], [6, 1, 4, 1, 1]);
});

test('many calls at once, and all are hung up at the end', limit, async (t) => {
  const uas = await listening(t);
  const phones = await Promise.all(Array.from({ length: 5 }, () => phoneAt(t, uas)));
  await Promise.all(phones.map(async (phone, i) => {
    await phone.do(`call sip:user${i}@uas.test`);
    await phone.event('call_answered');
  }));
  assert.equal((await uas.counters()).active, 5);
  const { code, counters } = await uas.end();
  assert.equal(code, 0);
  assert.equal(counters.active, 0);
  await Promise.all(phones.map((phone) => phone.event('call_hangup')));
});

test('--ring waits before it answers', limit, async (t) => {
  const uas = await listening(t, ['--ring', '700']);
  const phone = await phoneAt(t, uas);
  await phone.do('call sip:anybody@uas.test');
  const { t: rang } = await phone.event('call_progress');
  const { t: answered } = await phone.event('call_answered');
  assert.ok(answered - rang > 0.5, `${answered - rang}`);
});

test('a caller whose connection breaks leaves nothing behind', limit, async (t) => {
  const uas = await listening(t);
  const phone = await phoneAt(t, uas);
  await phone.do('call sip:anybody@uas.test');
  await phone.event('call_answered');
  phone.process.signal('SIGKILL');
  await phone.process.ended;
  for (let i = 0; (await uas.counters()).active !== 0; ++i) assert.ok(i < 100, 'the call stays');
});

test('--connect registers at a server and takes calls through it', limit, async (t) => {
  const hub = await Switch.start({ users: { alice: 'wonderland', uas: 'robot' } });
  t.after(() => hub.stop());
  const uas = await Uas.start(['--connect', hub.uri, '--aor', `sip:uas@${domain}`], { PARLEY_PASSWORD: 'robot' });
  t.after(() => uas.stop());
  assert.match(uas.first, /^registered sip:uas@/);
  const alice = await Phone.start({ server: hub.uri, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', media: 'null' });
  t.after(() => alice.stop());
  await alice.do('call uas');
  await alice.event('call_answered');
  await alice.do('hangup');
  assert.equal((await uas.end()).code, 0);
});

test('a server that is away: never registered, exit status 1', limit, async () => {
  const uas = await Uas.start(['--listen', 'ws://127.0.0.1:0', '--connect', 'ws://127.0.0.1:9', '--aor', 'sip:uas@example.test']);
  assert.equal((await uas.end()).code, 1);
});

const refused = [
  [['uas'], /--listen/], [['uas', '--connect', 'ws://127.0.0.1:9'], /--aor/], [['uas', '--listen', 'nonsense'], /ws:\/\//],
  [['uas', '--listen', 'wss://127.0.0.1:0'], /--cert and --key/],
  [['uas', '--listen', 'udp://127.0.0.1:0'], /not built yet|not supported yet/], [['uas', '--listen', 'tcp://127.0.0.1:0'], /not built yet|not supported yet/],
  [['uas', '--listen', 'tls://127.0.0.1:0'], /not built yet|not supported yet/], [['uas', '--listen', 'ws://127.0.0.1:0', '--media', 'rtp'], /not built yet/],
  [['uas', '--connect', 'udp://127.0.0.1:9', '--aor', 'sip:uas@example.test'], /not built yet|not supported yet/],
];
for (const [args, says] of refused) {
  test(`refused in a sentence: parley ${args.join(' ')}`, limit, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2, stderr);
    assert.equal(lines(stderr).length, 1, stderr);
    assert.match(stderr, says);
    assert.equal(stdout, '');
  });
}

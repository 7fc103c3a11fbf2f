// SPDX-License-Identifier: MIT
// `parley phone`: commands piped in, events and replies piped out, exit statuses, secrets.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Phone } from '../interop/support/phone.mjs';
import { Switch, domain } from '../interop/support/switch.mjs';
import { jsonLines, lines, run } from './support/run.mjs';

const limit = { timeout: 60_000 };
let hub;
before(async () => { hub = await Switch.start(); });
after(() => hub.stop());

const phone = (...more) => ['phone', hub.uri, '--aor', `sip:alice@${domain}`, '--media', 'null', ...more];
const alice = { env: { PARLEY_PASSWORD: 'wonderland' } };

/** Somebody who answers. */
async function bob(t, { media = 'null', args = ['--auto-answer'] } = {}) {
  const self = await Phone.start({ server: hub.uri, aor: `sip:bob@${domain}`, user: 'bob', password: 'builder', toneHz: 880, media, args });
  t.after(() => self.stop());
  return self;
}

/** A server that greets its first guest and closes in the same breath; the others are led to the port given. */
async function hangingUpAtFirst(port) {
  let first = true;
  const server = net.createServer((near) => {
    near.on('error', () => {});
    if (!first) {
      const far = net.connect(port, '127.0.0.1');
      far.on('error', () => near.destroy());
      near.pipe(far).pipe(near);
      return;
    }
    first = false;
    near.once('data', (request) => {
      const key = /^Sec-WebSocket-Key: (.*)\r$/im.exec(request.toString())[1];
      const accept = crypto.createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`,
        'Sec-WebSocket-Protocol: sip', '', ''].join('\r\n');
      near.end(Buffer.concat([Buffer.from(head), Buffer.from([0x88, 2, 0x03, 0xe8])]));  // Close, 1000
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test('commands piped in one go: a whole call, every line JSON, replies in order', limit, async (t) => {
  const other = await bob(t);
  const commands = ['wait registered 5000', `call sip:bob@${domain}`, 'wait call_answered 5000', 'state', 'stats', 'hold', 'wait call_hold 5000', 'unhold',
    'wait call_hold 5000', 'mute', 'state', 'unmute', 'dtmf 5#', `message sip:bob@${domain} good  morning`, 'wait message_sent 5000', 'sleep 50', 'hangup',
    'wait call_hangup 5000', 'state'];
  const { code, stdout, stderr } = await run(phone('--json'), { ...alice, input: `${commands.join('\n')}\nquit\n` });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  const output = jsonLines(stdout);
  const replies = output.filter((each) => each.reply);
  assert.deepEqual(replies.map((each) => each.reply), [...commands.map((each) => each.split(' ')[0]), 'quit']);
  assert.ok(replies.every((each) => each.ok), stdout);
  const states = replies.filter((each) => each.reply === 'state');
  assert.deepEqual(states.map(({ connected, registered, held, muted, call }) => ({ connected, registered, held, muted, call })), [
    { connected: true, registered: true, held: false, muted: false, call: 'established' },
    { connected: true, registered: true, held: false, muted: true, call: 'established' },
    { connected: true, registered: true, held: false, muted: false, call: null },
  ]);
  const statistics = replies.find((each) => each.reply === 'stats');
  for (const field of ['packets_sent', 'packets_received', 'packets_lost', 'audio_level_db', 'peak_hz', 'rtt_ms', 'jitter_ms']) {
    assert.equal(typeof statistics[field], 'number', field);
  }
  assert.equal(typeof statistics.codec, 'string');
  const events = output.filter((each) => each.event);
  assert.ok(events.every((each, i) => typeof each.t === 'number' && (i === 0 || each.t >= events[i - 1].t)));
  assert.deepEqual(events.map((each) => each.event).filter((name) => name !== 'media_state' && name !== 'message_sent'), ['server_connect', 'registered',
    'call_created', 'call_progress', 'call_answered', 'call_hold', 'call_hold', 'call_hangup', 'unregistered', 'server_disconnect']);
  assert.equal(events.find((each) => each.event === 'message_sent').status, 200);
  const hangup = events.find((each) => each.event === 'call_hangup');
  assert.equal(hangup.cause, 'LocalHangup');
  assert.equal(typeof hangup.status, 'number');
  assert.equal(typeof hangup.reason, 'string');

  assert.match((await other.event('call_received')).from, /^sip:alice@/);
  assert.deepEqual([(await other.event('call_dtmf_received')).tone, (await other.event('call_dtmf_received')).tone], ['5', '#']);
  const message = await other.event('message_received');
  assert.equal(message.text, 'good  morning');
  assert.match(message.content_type, /^text\/plain/);
  assert.equal((await other.event('call_hangup')).cause, 'RemoteHangup');
});

test('the end of the input hangs up, unregisters and disconnects', limit, async (t) => {
  const other = await bob(t);
  const { code, stdout } = await run(phone('--json'), { ...alice, input: `wait registered\ncall sip:bob@${domain}\nwait call_answered\n` });
  assert.equal(code, 0);
  assert.deepEqual(jsonLines(stdout).map((each) => each.event).filter(Boolean).slice(-3), ['call_hangup', 'unregistered', 'server_disconnect']);
  assert.equal((await other.event('call_hangup')).cause, 'RemoteHangup');
});

test('commands that cannot be: ok false, with a sentence; the phone goes on', limit, async () => {
  const commands = ['wait registered', 'hangup', 'answer', 'hold', 'dtmf 5', 'dtmf', 'call', 'call http://x/', 'decline 200', 'message', 'sleep soon', 'wait',
    'wait call_answered 10', `transfer sip:carol@${domain}`, 'frobnicate', 'stats'];
  const { code, stdout } = await run(phone('--json'), { ...alice, input: `${commands.join('\n')}\n\n   \nquit\n` });
  assert.equal(code, 0);
  const replies = jsonLines(stdout).filter((each) => each.reply);
  assert.deepEqual(replies.pop(), { reply: 'quit', ok: true });
  assert.equal(replies.length, commands.length);
  assert.equal(replies.shift().ok, true);
  for (const reply of replies) {
    assert.equal(reply.ok, false, JSON.stringify(reply));
    assert.ok(reply.error.length > 5, JSON.stringify(reply));
  }
});

test('causes: declined, cancelled, busy, nobody there, unknown', limit, async (t) => {
  const other = await bob(t, { args: [] });
  const caller = await Phone.start({ server: hub.uri, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', media: 'null' });
  t.after(() => caller.stop());
  const ends = async () => { const { cause, status } = await caller.event('call_hangup'); return { cause, status }; };
  await caller.do('call bob');
  await other.event('call_received');
  await other.do('decline 603');
  assert.deepEqual(await ends(), { cause: 'Rejected', status: 603 });
  await other.event('call_hangup');
  await caller.do('call bob');
  await other.event('call_received');
  await caller.do('hangup');
  assert.equal((await ends()).cause, 'Cancelled');
  assert.equal((await other.event('call_hangup')).cause, 'Cancelled');
  await caller.do(`call sip:carol@${domain}`);
  assert.deepEqual(await ends(), { cause: 'Rejected', status: 480 });
  await caller.do(`call sip:nobody@${domain}`);
  assert.deepEqual(await ends(), { cause: 'Rejected', status: 404 });
  const third = await Phone.start({ server: hub.uri, aor: `sip:carol@${domain}`, user: 'carol', password: 'singer', media: 'null' });
  t.after(() => third.stop());
  await third.do('call bob');
  await other.event('call_received');
  await other.do('answer');
  await third.event('call_answered');
  await caller.do('call bob');
  assert.deepEqual(await ends(), { cause: 'Rejected', status: 486 });
  assert.equal((await other.do('state')).call, 'established');
});

test('sound: statistics tell what is heard', limit, async (t) => {
  const other = await bob(t, { media: 'webrtc' });
  const caller = await Phone.start({ server: hub.uri, aor: `sip:alice@${domain}`, user: 'alice', password: 'wonderland', toneHz: 440 });
  t.after(() => caller.stop());
  await caller.do('call bob');
  await caller.event('call_answered');
  const heard = await caller.hears(880, 15_000);
  await other.hears(440, 15_000);
  assert.ok(heard.packets_sent > 0 && heard.packets_received > 0, JSON.stringify(heard));
  assert.match(heard.codec, /opus/i);
});

test('a server that is away: says so, keeps trying, quit exits 1', limit, async () => {
  const gone = await Switch.start();
  await gone.kill();
  const { code, stdout, stderr } = await run(['phone', gone.uri, '--aor', `sip:alice@${domain}`, '--media', 'null', '--json'],
    { input: 'wait server_disconnect 10000\nwait reconnecting 10000\nregister\ncall sip:bob@example.test\nquit\n', limit: 30_000 });
  assert.equal(code, 1);
  assert.equal(lines(stderr).at(-1), 'parley: never connected');
  const output = jsonLines(stdout);
  assert.match(output.find((each) => each.event === 'server_disconnect').error, /refused/);
  assert.equal(output.find((each) => each.event === 'reconnecting').attempt, 1);
  assert.deepEqual(output.filter((each) => each.reply).map(({ reply, ok }) => [reply, ok]),
    [['wait', true], ['wait', true], ['register', false], ['call', false], ['quit', false]]);
});

test('a server that hangs up at once the first time: registered on the second connection', limit, async (t) => {
  const moody = await hangingUpAtFirst(new URL(hub.uri).port);
  t.after(() => moody.close());
  const { code, stdout, stderr } = await run(['phone', `ws://127.0.0.1:${moody.address().port}`, '--aor', `sip:alice@${domain}`, '--media', 'null', '--json'],
    { ...alice, input: 'wait registered 15000\nquit\n', limit: 30_000 });
  assert.equal(code, 0, stdout + stderr);
  assert.ok(jsonLines(stdout).some((each) => each.event === 'server_disconnect'), stdout);
});

test('a wrong password: told with its status, quit exits 1', limit, async () => {
  const { code, stdout, stderr } = await run(phone('--json'), { env: { PARLEY_PASSWORD: 'looking-glass' }, input: 'wait unregistered 10000\nquit\n' });
  assert.equal(code, 1);
  assert.equal(lines(stderr).at(-1), 'parley: never registered');
  const event = jsonLines(stdout).find((each) => each.event === 'unregistered');
  assert.equal(event.status, 401);
  assert.ok(event.reason.length > 0);
});

test('--no-register only connects, and that is enough', limit, async () => {
  const { code, stdout } = await run(phone('--json', '--no-register'), { ...alice, input: 'wait server_connect 5000\nstate\nquit\n' });
  assert.equal(code, 0);
  const output = jsonLines(stdout);
  assert.ok(!output.some((each) => each.event === 'registered'));
  assert.deepEqual(output.filter((each) => each.reply === 'state').map(({ connected, registered }) => [connected, registered]), [[true, false]]);
});

test('the password: by option, file and environment; in no output, not even of --trace', limit, async (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-password-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const file = path.join(dir, 'password');
  fs.writeFileSync(file, 'wonderland\n');
  const input = 'wait registered 5000\ncall sip:carol@example.test\nwait call_hangup 5000\nquit\n';
  for (const [args, env] of [[['--password', 'wonderland'], {}], [['--password-file', file], {}], [[], { PARLEY_PASSWORD: 'wonderland' }]]) {
    const { code, stdout, stderr } = await run(phone('--json', '--trace', '--ladder', ...args), { env, input });
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout + stderr, /wonderland/);
    assert.match(stderr, /^Authorization: Digest .*response="\*+"/m);
    assert.doesNotMatch(stderr, /response="[0-9a-f]+"/);
    jsonLines(stdout);  // trace and ladder do not mix with it
  }
});

test('--trace and --ladder: every message to stderr, a drawing of the call', limit, async (t) => {
  await bob(t);
  const { code, stdout, stderr } = await run(phone('--trace', '--ladder'), { ...alice,
    input: `wait registered 5000\ncall sip:bob@${domain}\nwait call_answered 5000\nhangup\nwait call_hangup 5000\nquit\n` });
  assert.equal(code, 0);
  assert.match(stderr, /^--- \d+\.\d+ sent$/m);
  assert.match(stderr, /^--- \d+\.\d+ received$/m);
  for (const line of [/^INVITE sip:bob@example.test SIP\/2\.0/m, /^SIP\/2\.0 180 /m, /^BYE /m]) assert.match(stderr, line);
  for (const line of [/\|-- INVITE -+>\|/, /\|<-- 200 OK \(INVITE\) -*\|/, /\|-- ACK -+>\|/, /\|-- BYE -+>\|/]) assert.match(stdout, line);
});

test('without a terminal its text is plain: no prompt, no colours', limit, async () => {
  const { code, stdout, stderr } = await run(phone(), { ...alice, input: 'wait registered 5000\nstate\nhold\nquit\n' });
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stdout, /\x1b|> /);
  assert.match(stdout, /^ +\d+\.\d{3} registered/m);
  assert.match(stdout, /^hold: ./m);
});

test('what a peer writes cannot break a line of output', limit, async (t) => {
  const other = await bob(t, { args: [] });
  const { code } = await run(phone('--json', '--display-name', 'Alice "the \\ one" \u00fc'), { ...alice,
    input: `wait registered 5000\nmessage sip:bob@${domain} "quoted" \\ back \t\u00e4\u20ac\nwait message_sent 5000\ncall bob\nwait call_progress 5000\nhangup\nwait call_hangup\nquit\n` });
  assert.equal(code, 0);
  assert.equal((await other.event('message_received')).text, '"quoted" \\ back \t\u00e4\u20ac');
  assert.equal((await other.event('call_received')).display_name, 'Alice "the \\ one" \u00fc');
});

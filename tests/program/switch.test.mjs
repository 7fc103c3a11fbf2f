// SPDX-License-Identifier: MIT
// `parley switch`: listeners, digest, routing, and its end.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { makeCertificates } from '../interop/support/kamailio.mjs';
import { Phone } from '../interop/support/phone.mjs';
import { freePort } from '../interop/support/process.mjs';
import { Switch, domain } from '../interop/support/switch.mjs';
import { run } from './support/run.mjs';
import { SipSocket } from './support/websocket.mjs';

const limit = { timeout: 60_000 };

async function started(t, options) {
  const hub = await Switch.start(options);
  t.after(() => hub.stop());
  return hub;
}

async function phone(t, server, name, password, args = []) {
  const self = await Phone.start({ server, aor: `sip:${name}@${domain}`, user: name, password, media: 'null', args });
  t.after(() => self.stop());
  return self;
}

test('a printed line for each listener tells the port; SIGTERM and SIGINT end it with status 0', limit, async () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    const port = await freePort();
    const hub = await Switch.start({ listen: ['ws://127.0.0.1:0', `ws://127.0.0.1:${port}`] });
    assert.match(hub.uris[0], /^ws:\/\/127\.0\.0\.1:[1-9]\d*$/);
    assert.equal(hub.uris[1], `ws://127.0.0.1:${port}`);
    assert.deepEqual(await hub.process.stop(signal), { code: 0, signal: null });
  }
});

test('an address that is taken: said in one line, exit status 1', limit, async (t) => {
  const hub = await started(t);
  const { code, stderr } = await run(['switch', '--listen', hub.uri]);
  assert.equal(code, 1);
  assert.match(stderr, /in use/i);
});

test('ws and wss on one switch: a call between them', limit, async (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-switch-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  makeCertificates(dir);
  const hub = await started(t, { listen: ['ws://127.0.0.1:0', 'wss://127.0.0.1:0'],
    args: ['--cert', path.join(dir, 'server.pem'), '--key', path.join(dir, 'server.key')] });
  const alice = await phone(t, hub.uris[1], 'alice', 'wonderland', ['--ca', path.join(dir, 'ca.pem')]);
  const bob = await phone(t, hub.uris[0], 'bob', 'builder', ['--auto-answer']);
  await alice.do('call bob');
  await Promise.all([alice.event('call_answered'), bob.event('call_answered')]);
  await bob.do('hold');
  assert.equal((await bob.event('call_hold')).held, true);
  await alice.event('remote_hold');
  await alice.do('hangup');
  await bob.event('call_hangup');

  const stranger = new Phone({ server: hub.uris[1], aor: `sip:carol@${domain}`, user: 'carol', password: 'singer', media: 'null' });
  t.after(() => stranger.stop());
  assert.match((await stranger.event('server_disconnect')).error, /certificate/i);
});

test('without users nobody is asked for a password', limit, async (t) => {
  const hub = await started(t, { users: {} });
  const anybody = await phone(t, hub.uri, 'anybody', '');
  assert.equal(await anybody.quit(), 0);
});

test('one user cannot take the name of another; passwords are not in the log', limit, async (t) => {
  const hub = await started(t);
  const thief = new Phone({ server: hub.uri, aor: `sip:bob@${domain}`, user: 'alice', password: 'wonderland', media: 'null' });
  t.after(() => thief.stop());
  assert.equal((await thief.event('unregistered')).status, 403);
  assert.doesNotMatch(hub.process.stderr + hub.process.lines.join('\n'), /wonderland|builder/);
});

test('killed and started again on its port: the phones register again by themselves', limit, async (t) => {
  const hub = await Switch.start();
  const alice = await phone(t, hub.uri, 'alice', 'wonderland');
  await hub.kill();
  assert.ok((await alice.event('server_disconnect')).error.length > 0);
  assert.ok((await alice.event('unregistered')).reason.length > 0);
  await alice.event('reconnecting');
  await started(t, { listen: [hub.uri] });
  await alice.event('server_connect', 20_000);
  await alice.event('registered', 20_000);
  assert.equal(await alice.quit(), 0);
});

test('a call given up before the callee said a word: the CANCEL follows its first 1xx', limit, async (t) => {
  const hub = await started(t, { users: {} });
  const alice = await phone(t, hub.uri, 'alice', '');
  const bob = new SlowCallee();
  t.after(() => bob.socket?.close());
  await bob.register(hub.uri);
  await alice.do('call bob');
  const invite = await bob.receives(/^INVITE /);
  await alice.do('hangup');  // RFC 3261 s.9.1: what has had no answer yet cannot be cancelled
  assert.equal((await alice.command('sleep 200')).ok, true);
  bob.answer(invite, '180 Ringing');
  bob.answer(await bob.receives(/^CANCEL /), '200 OK');
  bob.answer(invite, '487 Request Terminated');
  await bob.receives(/^ACK /);
  assert.equal((await alice.event('call_hangup')).cause, 'Cancelled');
});

/** A user agent that says what the test wants, when the test wants it. */
class SlowCallee {
  received = [];

  async register(uri) {
    this.socket = await SipSocket.open(uri, (text) => this.received.push(text));
    this.socket.send([`REGISTER sip:${domain} SIP/2.0`, 'Via: SIP/2.0/WS slow.invalid;branch=z9hG4bKslow1', 'Max-Forwards: 70', `From: <sip:bob@${domain}>;tag=s`,
      `To: <sip:bob@${domain}>`, 'Call-ID: slow', 'CSeq: 1 REGISTER', 'Contact: <sip:bob@slow.invalid;transport=ws>', 'Content-Length: 0', '', ''].join('\r\n'));
    await this.receives(/^SIP\/2\.0 200 /);
  }

  async receives(pattern, patience = 10_000) {
    for (const end = Date.now() + patience; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const found = this.received.find((each) => pattern.test(each));
      if (found) return found;
    }
    throw new Error(`no ${pattern} came, but:\n${this.received.join('\n')}`);
  }

  answer(request, status) {
    const copied = request.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line))
      .map((line) => (/^To:/i.test(line) ? `${line};tag=slow` : line));
    this.socket.send([`SIP/2.0 ${status}`, ...copied, 'Content-Length: 0', '', ''].join('\r\n'));
  }
}

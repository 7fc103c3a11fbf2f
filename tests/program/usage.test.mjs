// SPDX-License-Identifier: MIT
// Exit status 2: what cannot be meant, and what is not built yet, is refused with a sentence and before anything is done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines, run } from './support/run.mjs';

const phone = ['phone', 'ws://127.0.0.1:9', '--aor', 'sip:alice@example.test'];

const wrong = {
  'nothing at all': [[], /subcommand|required/i],
  'an unknown part': [['nonsense'], /nonsense/],
  'a phone without a server': [['phone', '--aor', 'sip:a@example.test'], /SERVER/],
  'a phone without an AOR': [['phone', 'ws://127.0.0.1:9'], /--aor/],
  'an AOR that is no URI': [['phone', 'ws://127.0.0.1:9', '--aor', 'alice'], /AOR/],
  'a server that is no SIP server': [['phone', 'http://127.0.0.1', '--aor', 'sip:a@example.test'], /ws:\/\//],
  'an unknown option': [[...phone, '--frobnicate'], /frobnicate/],
  'an unknown kind of media': [[...phone, '--media', 'smoke'], /media/],
  'an unknown codec': [[...phone, '--codec', 'mp3'], /mp3/],
  'a number that is none': [[...phone, '--expires', 'soon'], /expires/],
  'a password file that is not there': [[...phone, '--password-file', '/nonexistent/file'], /nonexistent/],
  'a switch that listens nowhere': [['switch'], /--listen/],
  'a switch that listens on nonsense': [['switch', '--listen', 'nonsense'], /nonsense/],
  'wss without a certificate': [['switch', '--listen', 'wss://127.0.0.1:0'], /--cert/],
  'a tone for a sink': [[...phone, '--audio-sink', 'tone'], /sink/],
  'a user of the switch without a password': [['switch', '--listen', 'ws://127.0.0.1:0', '--user', 'alice'], /NAME:PASSWORD/],
};
for (const [what, [args, says]] of Object.entries(wrong)) {
  test(`wrong usage: ${what}`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
    assert.equal(stdout, '');
  });
}

const notBuilt = [
  ['phone', 'udp://127.0.0.1:9', '--aor', 'sip:a@example.test'], ['phone', 'tcp://127.0.0.1:9', '--aor', 'sip:a@example.test'],
  ['phone', 'tls://127.0.0.1:9', '--aor', 'sip:a@example.test'], [...phone, '--bind', '127.0.0.1:0'], [...phone, '--pcap', 'x.pcap'],
  [...phone, '--video'], [...phone, '--record', 'x.wav'], [...phone, '--stun', 'stun:127.0.0.1'], [...phone, '--turn', 'turn:127.0.0.1'],
  [...phone, '--dtmf', 'rtp'], [...phone, '--media', 'rtp'], ['switch', '--listen', 'udp://127.0.0.1:0'],
  ['demo', '--record', 'x'],
];
for (const args of notBuilt) {
  test(`not built yet: ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2, stderr);
    assert.equal(lines(stderr).length, 1, stderr);
    assert.match(stderr, /not built yet|not supported yet/);
    assert.equal(stdout, '');
  });
}

for (const part of [[], ['phone'], ['demo'], ['switch'], ['uas'], ['parse']]) {
  test(`parley ${[...part, '--help'].join(' ')}`, async () => {
    const { code, stdout } = await run([...part, '--help']);
    assert.equal(code, 0);
    assert.match(stdout, /Usage/);
    if (part[0] === 'switch') assert.match(stdout, /Kamailio/);
  });
}

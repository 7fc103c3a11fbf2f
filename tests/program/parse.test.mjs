// SPDX-License-Identifier: MIT
// `parley parse`: what was understood, or what is wrong and where; exit status 1 if any is bad.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { jsonLines, lines, run } from './support/run.mjs';

const message = (start, headers, body = '') => [start, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
const headers = (cseq) => ['Via: SIP/2.0/WS client.invalid;branch=z9hG4bK776', 'Max-Forwards: 70', 'From: "Al \\"A\\"" <sip:alice@example.test>;tag=1',
  'To: <sip:bob@example.test:5070;transport=ws>', 'Call-ID: abc@example.test', `CSeq: ${cseq}`];
const options = message('OPTIONS sip:bob@example.test SIP/2.0', headers('7 OPTIONS'));
const text = message('MESSAGE sip:bob@example.test SIP/2.0', [...headers('8 MESSAGE'), 'Content-Type: text/plain;charset=UTF-8', 'X-Odd:  kept  '], 'h\u00e4llo');
const broken = options.replace('CSeq: 7 OPTIONS', 'CSeq: seven OPTIONS');
let dir;
before(() => { dir = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-parse-')); });
after(() => fs.rmSync(dir, { recursive: true }));

function file(name, content) {
  const place = path.join(dir, name);
  fs.writeFileSync(place, content);
  return place;
}

/** The line that a caret marks, and its column. */
function underCaret(stdout) {
  const shown = lines(stdout);
  const caret = shown.findIndex((line) => /^ *\^$/.test(line));
  return [shown[caret - 1], shown[caret].indexOf('^')];
}

test('a message on stdin: start line, headers with typed fields, body', async () => {
  const { code, stdout } = await run(['parse', '--json'], { input: text });
  assert.equal(code, 0);
  const [one, ...more] = jsonLines(stdout);
  assert.equal(more.length, 0);
  assert.equal(one.verdict, 'ok');
  assert.equal(one.start_line, 'MESSAGE sip:bob@example.test SIP/2.0');
  const header = (name) => one.headers.find((each) => each.name === name);
  assert.equal(header('From').typed[0].display_name, 'Al "A"');
  assert.equal(header('From').typed[0].user, 'alice');
  assert.equal(header('To').typed[0].port, '5070');
  assert.equal(header('Via').typed[0].branch, 'z9hG4bK776');
  assert.equal(header('CSeq').typed[0].number, '8');
  assert.equal(header('X-Odd').value, 'kept');
  assert.equal(one.body, 'h\u00e4llo');
  assert.equal(one.body_length, 6);
});

test('a file a message, in their order; a bad one is told with status, octet, line and caret', async () => {
  const files = [file('good.sip', options), file('bad.sip', broken), file('none.sip', 'nothing of the kind\r\n\r\n')];
  const json = await run(['parse', '--json', ...files]);
  assert.equal(json.code, 1);
  const [good, bad, none] = jsonLines(json.stdout);
  assert.deepEqual([good.file, bad.file, none.file], files);
  assert.equal(good.verdict, 'ok');
  assert.equal(bad.verdict, 'bad');
  assert.equal(bad.status, 400);
  assert.equal(bad.offset, broken.indexOf('seven'));
  assert.ok(bad.error.length > 5);
  assert.deepEqual(bad.headers.map((each) => each.name).slice(0, 5), ['Via', 'Max-Forwards', 'From', 'To', 'Call-ID']);
  assert.equal(bad.headers.find((each) => each.name === 'CSeq').typed, undefined);
  assert.notEqual(none.verdict, 'ok');
  assert.deepEqual(none.headers, []);
  assert.equal(json.stderr, 'parley: 2 bad messages\n');

  const plain = await run(['parse', files[1]]);
  assert.equal(plain.code, 1);
  const [line, caret] = underCaret(plain.stdout);
  assert.match(plain.stdout, /400/);
  assert.equal(line.indexOf('seven'), caret);
  assert.match(line, /line 7/);
});

test('a file that cannot be read: said on stderr, exit status 1, the others are read', async () => {
  const { code, stdout, stderr } = await run(['parse', '--json', path.join(dir, 'missing.sip'), file('good.sip', options)]);
  assert.equal(code, 1);
  assert.match(stderr, /missing\.sip/);
  assert.equal(jsonLines(stdout)[0].verdict, 'ok');
});

test('--stream: many messages framed by Content-Length, keep-alives between them', async () => {
  const { code, stdout } = await run(['parse', '--stream', '--json'], { input: `${options}\r\n\r\n${text}${options}` });
  assert.equal(code, 0);
  assert.deepEqual(jsonLines(stdout).map((each) => [each.verdict, each.start_line.split(' ')[0]]), [['ok', 'OPTIONS'], ['ok', 'MESSAGE'], ['ok', 'OPTIONS']]);
  const cut = await run(['parse', '--stream', '--json'], { input: options + text.slice(0, -3) });
  assert.equal(cut.code, 1);
  assert.deepEqual(jsonLines(cut.stdout).map((each) => each.verdict === 'ok'), [true, false]);
});

test('--stream: where a stream breaks is told like a bad message: octet, line, caret and what its head says', async () => {
  const bad = options.replace('Content-Length: 0', 'Content-Length: many');
  const input = `${options}\r\n${bad}${options}`;
  const json = await run(['parse', '--stream', '--json'], { input });
  assert.equal(json.code, 1);
  const [good, told, ...more] = jsonLines(json.stdout);
  assert.equal(more.length, 0);
  assert.equal(good.file, '-#1');
  assert.deepEqual([told.file, told.verdict, told.status, told.offset], ['-#2', 'bad', 400, bad.indexOf('many')]);
  assert.equal(told.start_line, 'OPTIONS sip:bob@example.test SIP/2.0');
  assert.deepEqual(told.headers.map((each) => each.name), ['Via', 'Max-Forwards', 'From', 'To', 'Call-ID', 'CSeq', 'Content-Length']);

  const [line, caret] = underCaret((await run(['parse', '--stream'], { input })).stdout);
  assert.match(line, /line 8/);
  assert.equal(line.indexOf('many'), caret);
});

test('--stream: who cannot be answered is dropped, and a stream that ends too soon is told at its end', async () => {
  const response = message('SIP/2.0 200 OK', headers('7 OPTIONS')).replace('Content-Length: 0\r\n', '');
  const [answer] = jsonLines((await run(['parse', '--stream', '--json'], { input: response })).stdout);
  assert.deepEqual([answer.verdict, answer.offset, answer.start_line], ['drop', 0, 'SIP/2.0 200 OK']);

  const cut = text.slice(0, -3);
  const [, rest] = jsonLines((await run(['parse', '--stream', '--json'], { input: options + cut })).stdout);
  assert.deepEqual([rest.file, rest.verdict, rest.offset], ['-#2', 'drop', Buffer.byteLength(cut)]);
  assert.equal(rest.start_line, 'MESSAGE sip:bob@example.test SIP/2.0');
});

test('the caret counts characters, not octets, and a long line is not cut within one', async () => {
  const named = (name) => options.replace(/From: .*/, `From: "${name}" <sip:alice@example.test>;tag=`);
  for (const name of ['Zo\u00eb', '\u0416'.repeat(60), `a${'\u0416'.repeat(60)}`, `${'\u{1F600}'.repeat(40)}b`]) {
    const { stdout } = await run(['parse'], { input: named(name) });
    assert.ok(!stdout.includes('\uFFFD'), name);
    const [line, caret] = underCaret(stdout);
    assert.equal([...line].slice(0, caret).join('').slice(-4), 'tag=', name);
  }
});

test('the caret counts an octet that is no UTF-8 as the one place that it takes', async () => {
  for (const name of ['\x80'.repeat(200), 'a\x80b', '\xC3\xAB\xAB', '\xE2\x82', '\xC3', '\xFF\x80\x80', `${'\xF0\x9F\x98\x80\x80'.repeat(30)}`]) {
    const input = Buffer.from(options.replace(/From: .*/, `From: "${name}" <sip:alice@example.test>;tag=`), 'latin1');
    const [line, caret] = underCaret((await run(['parse'], { input })).stdout);
    assert.equal([...line].slice(0, caret).join('').slice(-4), 'tag=', JSON.stringify(name));
  }
});

test('octets that are no text stay inside their line', async () => {
  const { code, stdout } = await run(['parse'], { input: options.replace('abc@', 'a\x1b[31m@') });
  assert.equal(code, 1);
  assert.doesNotMatch(stdout, /\x1b/);
});

test('headers by their shape: parameters under their names, lists split, what cannot be read is a warning', async () => {
  const odd = message('OPTIONS sip:bob@example.test SIP/2.0', [...headers('9 OPTIONS'), 'x: 1800;refresher=uac', 'Accept: application/sdp, text/*;q=0.5',
    'Replaces: a@b;to-tag=1;from-tag=2', 'Warning: 399 host.test "a, \\"b\\""', 'Date: Sat, 13 Nov 2010 23:29:00 GMT', 'Event: dialog;id=',
    'Authorization: Digest username="al, ice", realm="r", nonce="n", uri="sip:b", response="0"']);
  const { code, stdout } = await run(['parse', '--json'], { input: odd });
  assert.equal(code, 0);
  const [one] = jsonLines(stdout);
  const typed = (name) => one.headers.find((each) => each.header === name).typed;
  assert.deepEqual(typed('Session-Expires'), [{ value: '1800', ';refresher': 'uac' }]);
  assert.deepEqual(typed('Accept').map((each) => each.type), ['application', 'text']);
  assert.deepEqual(typed('Replaces'), [{ value: 'a@b', ';to-tag': '1', ';from-tag': '2' }]);
  assert.deepEqual(typed('Warning'), [{ code: '399', agent: 'host.test', text: 'a, "b"' }]);
  assert.deepEqual(typed('Date'), [{ unix_seconds: '1289690940' }]);
  assert.equal(typed('Authorization')[0].username, 'al, ice');
  assert.equal(one.headers.find((each) => each.name === 'Event').typed, undefined);
  assert.match(one.warnings.join(), /Event cannot be read: .*octet 10/);
});

test('a fold within a value of digest is a blank', async () => {
  const folded = message('SIP/2.0 200 OK', [...headers('9 OPTIONS'), 'Authentication-Info: nextnonce="a\r\n b", rspauth="c\r\n\td", cnonce="e\r\n f"']);
  const [one] = jsonLines((await run(['parse', '--json'], { input: folded })).stdout);
  assert.deepEqual(one.headers.find((each) => each.name === 'Authentication-Info').typed, [{ nextnonce: 'a b', rspauth: 'c d', cnonce: 'e f' }]);
});

test('bodies: the parts of a multipart and what a sipfrag says', async () => {
  const multipart = ['preamble', '--b', 'Content-Type: application/sdp', '', 'v=0', '--b', 'c: message/sipfrag', '', 'SIP/2.0 486 Busy Here', '--b--'].join('\r\n');
  const { stdout } = await run(['parse', '--json'], {
    input: message('MESSAGE sip:bob@example.test SIP/2.0', [...headers('8 MESSAGE'), 'Content-Type: multipart/mixed; boundary="b"'], multipart),
  });
  const [sdp, fragment] = jsonLines(stdout)[0].parts;
  assert.equal(sdp.type, 'application/sdp');
  assert.equal(sdp.body, 'v=0');
  assert.equal(fragment.status, '486');
  const broken = await run(['parse'], { input: message('MESSAGE sip:bob@example.test SIP/2.0', [...headers('8 MESSAGE'), 'Content-Type: message/sipfrag'], 'nonsense') });
  assert.equal(broken.code, 0);
  assert.match(broken.stdout, /warning: body cannot be read: sipfrag/);
});

const torture = process.env.PARLEY_TORTURE_DIR;
test('torture messages: one object a message, verdicts as the list expects', { skip: torture ? false : 'PARLEY_TORTURE_DIR is not set' }, async () => {
  const expected = new Map(fs.readFileSync(path.join(torture, 'expect.tsv'), 'utf8').split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t')).map(([name, kind, verdicts]) => [name, { kind, verdicts }]));
  const files = ['rfc4475', 'rfc5118'].flatMap((set) => fs.readdirSync(path.join(torture, set)).map((name) => path.join(torture, set, name)))
    .filter((name) => name.endsWith('.dat'));
  const { stdout } = await run(['parse', '--json', ...files]);
  const results = jsonLines(stdout);
  assert.deepEqual(results.map((each) => each.file), files);
  for (const result of results) {
    const { kind, verdicts } = expected.get(path.basename(result.file, '.dat'));
    if (kind === 'valid' || kind === 'backward') assert.equal(result.verdict, 'ok', JSON.stringify(result));
    if (kind === 'invalid' && !/ok|resp/.test(verdicts)) assert.notEqual(result.verdict, 'ok', result.file);
    if (result.verdict === 'bad') assert.match(`|${verdicts}|`, new RegExp(`\\|${result.status}\\|`), JSON.stringify(result));
  }
});

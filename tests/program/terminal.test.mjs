// SPDX-License-Identifier: MIT
// `parley phone` on a terminal: a prompt that tells the state, history, events that do not tear the line being typed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Process, within } from '../interop/support/process.mjs';
import { Phone } from '../interop/support/phone.mjs';
import { Switch, domain } from '../interop/support/switch.mjs';

const program = process.env.PARLEY ?? 'parley';
let hub;
before(async () => { hub = await Switch.start(); });
after(() => hub.stop());

/** A phone under a pseudo terminal, made by util-linux's script(1). */
class Terminal {
  constructor(env = {}) {
    this.text = '';
    const command = `${program} phone ${hub.uri} --aor sip:alice@${domain} --media null`;
    this.process = new Process('script', ['-qfec', command, '/dev/null'],
      { env: { ...process.env, TERM: 'xterm', PARLEY_PASSWORD: 'wonderland', ...env } });
    this.process.child.stdout.on('data', (text) => { this.text += text; });
  }

  type(text) { this.process.child.stdin.write(text); }

  /** Waits until what came since the last wait matches; takes it. */
  async sees(pattern, limit = 10_000) {
    const look = async () => {
      for (;;) {
        const found = this.text.match(pattern);
        if (found) { this.text = this.text.slice(found.index + found[0].length); return found; }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    return within(limit, `terminal: ${pattern}`, look()).catch((error) => { error.message += `\nseen: ${JSON.stringify(this.text.slice(-1500))}`; throw error; });
  }
}

test('prompt, coloured events, a line typed while events come, history, quit', { timeout: 60_000 }, async (t) => {
  const terminal = new Terminal();
  t.after(() => terminal.process.stop());
  await terminal.sees(/\x1b\[\d+m *\d+\.\d{3} *\x1b\[0m/);  // the time of an event, dimmed
  await terminal.sees(/registered/);
  await terminal.sees(/\[registered\]> /);  // the prompt follows the state by itself

  terminal.type('sta');
  await terminal.sees(/sta/);
  const bob = await Phone.start({ server: hub.uri, aor: `sip:bob@${domain}`, user: 'bob', password: 'builder', media: 'null' });
  t.after(() => bob.stop());
  await bob.do('message alice good morning');
  await terminal.sees(/\r\x1b\[K.*message_received.*good morning\r\n/s);  // on a line of its own
  await terminal.sees(/\[registered\]> sta/);                             // and what was typed stands below it again
  terminal.type('te\r');
  await terminal.sees(/"reply":"state","ok":true/);

  await bob.do('call alice');
  await terminal.sees(/call_received/);
  await terminal.sees(/\[registered \| .*bob@.*\]> /);
  terminal.type('answer\r');
  await terminal.sees(/call_answered/);
  terminal.type('hangup\r');
  await terminal.sees(/call_hangup/);
  terminal.type('\x1b[A\x1b[A\x1b[A');  // three up: state
  await terminal.sees(/state/);
  terminal.type('\r');
  await terminal.sees(/"reply":"state","ok":true/);
  terminal.type('quit\r');
  const { code } = await within(10_000, 'quit', terminal.process.ended);
  assert.equal(code, 0);
});

test('NO_COLOR is respected; end of input (^D) quits', { timeout: 60_000 }, async (t) => {
  const terminal = new Terminal({ NO_COLOR: '1' });
  t.after(() => terminal.process.stop());
  const [before] = await terminal.sees(/[^]*\[registered\]> /);
  assert.doesNotMatch(before, /\x1b\[\d+m/);
  terminal.type('\x04');
  const { code } = await within(10_000, 'quit', terminal.process.ended);
  assert.equal(code, 0);
});

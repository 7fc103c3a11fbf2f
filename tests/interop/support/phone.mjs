// SPDX-License-Identifier: MIT
// `parley phone --json` as a user of it sees it: commands in, events and replies out.
import { Process, within } from './process.mjs';

const program = process.env.PARLEY ?? 'parley';

export class Phone {
  /** @param options e.g. {server, aor, user, password, toneHz, args: ['--auto-answer']} */
  constructor({ server, aor, user, password, toneHz = 440, args = [], media = 'webrtc' }) {
    this.events = [];
    this.waiting = [];
    this.process = new Process(program, ['phone', server, '--aor', aor, ...(user ? ['--user', user] : []), '--json', '--media', media, '--loopback-media',
      '--audio-source', `tone:${toneHz}`, '--audio-sink', 'silence', ...args], { env: { ...process.env, PARLEY_PASSWORD: password ?? '' } });
    this.process.onLine = (line) => this.note(JSON.parse(line));
  }

  /** Started, and registered unless told otherwise. */
  static async start(options) {
    const self = new Phone(options);
    await self.event('registered');
    return self;
  }

  note(event) {
    this.events.push(event);
    this.waiting = this.waiting.filter((each) => !each(event));
  }

  take(matches, what, limit) {
    const seen = this.events.find((each) => !each.taken && matches(each));
    if (seen) { seen.taken = true; return Promise.resolve(seen); }
    const comes = new Promise((resolve) => {
      this.waiting.push((event) => !event.taken && matches(event) && ((event.taken = true), resolve(event), true));
    });
    const ends = this.process.ended.then(({ code, signal, error }) => { throw new Error(`${what}: the phone ended with ${error ?? signal ?? code}`); });
    return within(limit, what, Promise.race([comes, ends])).catch((error) => {
      error.message += `\nevents: ${JSON.stringify(this.events.slice(-12))}\nstderr: ${this.process.stderr.slice(-2000)}`;
      throw error;
    });
  }

  /** The next event of that name that nobody waited for yet. */
  event(name, limit = 10_000) { return this.take((each) => each.event === name, `phone: ${name}`, limit); }

  /** Has an event of that name come, taken or not? */
  has(name) { return this.events.some((each) => each.event === name); }

  /** Gives a command; resolves with its reply, whether ok or not. */
  async command(line, limit = 10_000) {
    const reply = this.take((each) => each.reply === line.split(' ')[0], `phone: reply to ${line}`, limit);
    this.process.write(line);
    return reply;
  }

  /** Gives a command that must succeed. */
  async do(line, limit) {
    const reply = await this.command(line, limit);
    if (!reply.ok) throw new Error(`${line}: ${reply.error}`);
    return reply;
  }

  /** Waits until the tone (or, with 0, silence) is what is heard. */
  async hears(hz, limit = 8_000) {
    const end = Date.now() + limit;
    let heard;
    do {
      heard = await this.do('stats');
      if (hz === 0 ? heard.audio_level_db < -60 : Math.abs(heard.peak_hz - hz) < 10 && heard.audio_level_db > -50) return heard;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } while (Date.now() < end);
    throw new Error(`phone hears ${heard.peak_hz} Hz at ${heard.audio_level_db} dB, not ${hz} Hz`);
  }

  /** Says quit; resolves with the exit status. */
  async quit(limit = 10_000) {
    this.process.write('quit');
    const { code } = await within(limit, 'phone: quit', this.process.ended);
    return code;
  }

  async stop() { await this.process.stop(); }
}

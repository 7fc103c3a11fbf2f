// SPDX-License-Identifier: MIT
// `parley uas` as a test sees it.
import { Process, within } from '../../interop/support/process.mjs';

const program = process.env.PARLEY ?? 'parley';

export class Uas {
  /** Started; its first line tells that it listens, or that it has registered. */
  static async start(args, env = {}) {
    const self = new Uas();
    self.unread = [];
    self.process = new Process(program, ['uas', ...args], { env: { ...process.env, ...env } });
    self.process.onLine = (line) => { self.unread.push(line); self.look?.(); };
    self.first = await self.line(/^(listening|registered) /);
    return self;
  }

  /** The next line that matches; those before it are passed over. */
  line(pattern, limit = 10_000) {
    const comes = new Promise((resolve) => {
      this.look = () => {
        while (this.unread.length > 0) {
          const line = this.unread.shift();
          if (!pattern.test(line)) continue;
          this.look = undefined;
          return resolve(line);
        }
      };
      this.look();
    });
    const ends = this.process.ended.then(({ code }) => { throw new Error(`uas ended with ${code}:\n${this.process.stderr.slice(-2000)}`); });
    ends.catch(() => {});
    return within(limit, `uas: ${pattern}`, Promise.race([comes, ends]));
  }

  get uri() { return this.first.split(' ')[1]; }

  /** Its counters, by SIGUSR1. */
  async counters() {
    const comes = this.line(/^calls /);
    this.process.signal('SIGUSR1');
    return Uas.read(await comes);
  }

  /** Ends it; resolves with the exit status and the last counters. */
  async end() {
    const comes = this.line(/^calls /);
    const { code } = await this.process.stop();
    return { code, counters: Uas.read(await comes) };
  }

  static read(line) {
    const words = line.split(' ');
    return Object.fromEntries(words.flatMap((word, i) => (i % 2 === 0 ? [[word, Number(words[i + 1])]] : [])));
  }

  stop() { return this.process.stop(); }
}

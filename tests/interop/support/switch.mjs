// SPDX-License-Identifier: MIT
// `parley switch` as a registrar and proxy for the tests.
import { Process, within } from './process.mjs';

const program = process.env.PARLEY ?? 'parley';
export const domain = 'example.test';
const everybody = { alice: 'wonderland', bob: 'builder', carol: 'singer' };

export class Switch {
  /** @param options {users: {name: password}, listen: [URI], args: []} */
  static async start({ users = everybody, listen = ['ws://127.0.0.1:0'], args = [] } = {}) {
    const self = new Switch();
    self.uris = [];
    self.process = new Process(program, ['switch', '--domain', domain, ...listen.flatMap((uri) => ['--listen', uri]),
      ...Object.entries(users).flatMap(([name, password]) => ['--user', `${name}:${password}`]), ...args]);
    const ready = new Promise((resolve) => {
      self.process.onLine = (line) => {
        if (line.startsWith('listening ')) self.uris.push(line.slice('listening '.length));
        if (self.uris.length === listen.length) resolve();
      };
    });
    const died = self.process.ended.then(({ code }) => { throw new Error(`the switch ended with ${code}:\n${self.process.stderr.slice(-3000)}`); });
    died.catch(() => {});
    await within(10_000, 'the switch listens', Promise.race([ready, died]));
    return self;
  }

  get uri() { return this.uris[0]; }
  get port() { return Number(new URL(this.uri).port); }

  /** As a power cut. */
  async kill() {
    this.process.signal('SIGKILL');
    await this.process.ended;
  }

  stop() { return this.process.stop(); }
}

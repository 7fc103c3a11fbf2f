// SPDX-License-Identifier: MIT
// Kamailio as registrar and proxy, on free ports of the loopback, with a certificate of its own.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Process, freePort, listening } from './process.mjs';

export const domain = 'example.test';
const template = new URL('./kamailio.cfg.in', import.meta.url);

/** A CA and a server certificate for `localhost` and 127.0.0.1 in `dir`. */
export function makeCertificates(dir) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=parley test CA',
    '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=switch', '-keyout', 'server.key', '-out', 'server.csr');
  fs.writeFileSync(path.join(dir, 'san'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san', '-out', 'server.pem');
}

export class Kamailio {
  static async start({ algorithm = '' } = {}) {
    const self = new Kamailio();
    self.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-kamailio-'));
    self.wsPort = await freePort();
    self.wssPort = await freePort();
    makeCertificates(self.dir);
    fs.writeFileSync(path.join(self.dir, 'tls.cfg'),
      `[server:default]\nmethod = TLSv1.2+\nverify_certificate = no\nrequire_certificate = no\nprivate_key = ${self.dir}/server.key\ncertificate = ${self.dir}/server.pem\n`);
    const values = { DIR: self.dir, WS_PORT: self.wsPort, WSS_PORT: self.wssPort, DOMAIN: domain, ALGORITHM: algorithm };
    const text = fs.readFileSync(template, 'utf8').replace(/@([A-Z_]+)@/g, (_, name) => values[name])
      .replace('modparam("auth", "algorithm", "")\n', '');
    fs.writeFileSync(path.join(self.dir, 'kamailio.cfg'), text);
    await self.run();
    return self;
  }

  get ws() { return `ws://127.0.0.1:${this.wsPort}`; }
  get wss() { return `wss://localhost:${this.wssPort}`; }
  get ca() { return path.join(this.dir, 'ca.pem'); }

  /** Starts the process (again) with the same ports. */
  async run() {
    this.process = new Process('kamailio', ['-DD', '-E', '-f', `${this.dir}/kamailio.cfg`, '-Y', this.dir, '-w', this.dir, '-m', '64', '-M', '16'],
      { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
    const died = this.process.ended.then(({ code }) => { throw new Error(`kamailio ended with ${code}:\n${this.process.stderr.slice(-3000)}`); });
    died.catch(() => {});
    await Promise.race([Promise.all([listening(this.wsPort), listening(this.wssPort)]), died]);
  }

  /** As a power cut: no farewell to anybody. */
  async kill() {
    this.process.signal('SIGKILL');
    await this.process.ended;
  }

  async stop() {
    await this.process.stop();
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

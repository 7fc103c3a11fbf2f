// SPDX-License-Identifier: MIT
// Processes of the tests: started with their output kept, stopped by their pid.
import { spawn } from 'node:child_process';
import net from 'node:net';

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until something accepts on the port; fails after `limit` ms. */
export async function listening(port, limit = 10_000) {
  const end = Date.now() + limit;
  for (;;) {
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.once('connect', () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    if (Date.now() > end) throw new Error(`nothing listens on port ${port} after ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const running = new Set();
process.on('exit', () => { for (const each of running) each.signal('SIGKILL'); });

/** A process in a group of its own, so that its children end with it. */
export class Process {
  /** @param {string} command @param {string[]} args */
  constructor(command, args, options = {}) {
    this.name = command.split('/').pop();
    this.stderr = '';
    this.lines = [];
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, ...options });
    running.add(this);
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => resolve({ code, signal }));  // its output is all there
      this.child.once('error', (error) => resolve({ code: -1, error }));
    });
    this.ended.then(() => running.delete(this));
    this.child.stderr.setEncoding('utf8').on('data', (text) => { this.stderr = (this.stderr + text).slice(-200_000); });
    this.child.stdin.on('error', () => {});  // a process that ended first
    let partial = '';
    this.child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (partial + text).split('\n');
      partial = lines.pop();
      for (const line of lines) { this.lines.push(line); this.onLine?.(line); }
    });
  }

  write(line) { this.child.stdin.write(`${line}\n`); }

  signal(name) {
    try { process.kill(-this.child.pid, name); } catch { /* gone already */ }
  }

  /** Ends it (SIGTERM, then SIGKILL) and waits until it is gone. */
  async stop(signal = 'SIGTERM') {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.ended;
    this.signal(signal);
    const patience = setTimeout(() => this.signal('SIGKILL'), 5_000);
    const result = await this.ended;
    clearTimeout(patience);
    return result;
  }
}

/** Resolves as `promise` does, or fails with `what` after `limit` ms. */
export function within(limit, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${limit} ms`)), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// SPDX-License-Identifier: MIT
// One run of the program from its first to its last octet.
import { Process, within } from '../../interop/support/process.mjs';

const program = process.env.PARLEY ?? 'parley';

/** Runs `parley …args` with `input` as its whole stdin. */
export async function run(args, { input = '', env = {}, limit = 20_000 } = {}) {
  const child = new Process(program, args, { env: { ...process.env, ...env } });
  child.child.stdin.end(input);
  let stdout = '';
  child.child.stdout.on('data', (text) => { stdout += text; });
  try {
    const { code, signal } = await within(limit, `parley ${args.join(' ')}`, child.ended);
    return { code: code ?? signal, stdout, stderr: child.stderr };
  } finally {
    await child.stop();
  }
}

/** Every line of it as JSON; a line that is none throws. */
export function jsonLines(text) {
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** Its lines that are not empty. */
export function lines(text) { return text.split('\n').filter((line) => line !== ''); }

// SPDX-License-Identifier: MIT
// `parley demo`: the whole tour, with real sound, and nothing else needed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLines, run } from './support/run.mjs';

test('--json: a line a step, the summary last', { timeout: 90_000 }, async () => {
  const { code, stdout, stderr } = await run(['demo', '--json'], { limit: 60_000 });
  assert.equal(code, 0, stdout + stderr);
  const steps = jsonLines(stdout);
  const { summary } = steps.pop();
  assert.ok(steps.length >= 15, `${steps.length} steps`);
  assert.deepEqual(summary, { ...summary, ok: true, steps: steps.length, failed: 0 });
  for (const each of steps) {
    assert.equal(typeof each.step, 'string');
    assert.equal(each.ok, true, JSON.stringify(each));
    assert.equal(typeof each.ms, 'number');
  }
});

test('for people: a tick a step, a ladder, plain text where no terminal is', { timeout: 90_000 }, async () => {
  const { code, stdout } = await run(['demo'], { limit: 60_000 });
  assert.equal(code, 0, stdout);
  assert.doesNotMatch(stdout, /\x1b/);
  assert.match(stdout, /INVITE/);
  assert.match(stdout, /BYE/);
});

// SPDX-License-Identifier: MIT
// CommonJS packages of node_modules as one script for a page.
import fs from 'node:fs';
import { createRequire } from 'node:module';

/** The package and all that it requires; in the page it is `window[name]`. */
export function bundle(packageName, name) {
  const modules = new Map();
  const visit = (file) => {
    if (modules.has(file)) return;
    const text = fs.readFileSync(file, 'utf8');
    const own = { body: file.endsWith('.json') ? `module.exports = ${text}` : text, requires: {} };
    modules.set(file, own);
    const resolve = createRequire(file).resolve;
    for (const [, wanted] of file.endsWith('.json') ? [] : text.matchAll(/require\('([^']+)'\)/g)) {
      const found = optional(() => resolve(wanted === 'events' ? 'events/' : wanted));
      if (found?.startsWith('/')) { own.requires[wanted] = found; visit(found); }  // the others are node's own, not asked for in a page
    }
  };
  const entry = createRequire(import.meta.url).resolve(packageName);
  visit(entry);
  const table = [...modules].map(([file, { body, requires }]) =>
    `${JSON.stringify(file)}: [function (module, exports, require) {${body}\n}, ${JSON.stringify(requires)}]`);
  return `(() => {
    const table = {${table.join(',\n')}};
    const done = {};
    const load = (file) => {
      if (done[file]) return done[file].exports;
      const module = done[file] = { exports: {} };
      const [body, requires] = table[file];
      body(module, module.exports, (wanted) => load(requires[wanted]));
      return module.exports;
    };
    window[${JSON.stringify(name)}] = load(${JSON.stringify(entry)});
  })();`;
}

function optional(attempt) {
  try { return attempt(); } catch { return undefined; }
}

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles many small translation units, each by itself, on all processors, and names those that fail.

compile_each.py sources SCRATCH ROOT FILE... -- COMPILER...   each source file
compile_each.py headers SCRATCH ROOT FILE... -- COMPILER...   each header, alone and twice in a row: self-contained and guarded
compile_each.py snippets SCRATCH ROOT FILE... -- COMPILER...  each ```cpp block of Markdown files
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

CPP_BLOCK = re.compile(r'^```cpp\n(.*?)^```', re.MULTILINE | re.DOTALL)


def write(scratch: pathlib.Path, name: str, text: str) -> pathlib.Path:
    """Writes only what changed, so that a compiler cache finds it again."""
    file = scratch / (re.sub(r'[^A-Za-z0-9]+', '_', name) + '.cpp')
    if not file.exists() or file.read_text(encoding='utf-8') != text:
        file.write_text(text, encoding='utf-8')
    return file


def units(kind: str, scratch: pathlib.Path, root: pathlib.Path, names: list[str]) -> dict[str, pathlib.Path]:
    if kind == 'sources':
        return {name: root / name for name in names}
    if kind == 'headers':
        return {name: write(scratch, name, f'#include <parley/{name}>\n#include <parley/{name}>\n') for name in names}
    found = {}
    for name in names:
        text = (root / name).read_text(encoding='utf-8')
        for number, match in enumerate(CPP_BLOCK.finditer(text), 1):
            line = text.count('\n', 0, match.start(1)) + 1
            found[f'{name}:{line}'] = write(scratch, f'{name}_{number}', match.group(1))
    return found


def compiled(compiler: list[str], scratch: pathlib.Path, source: pathlib.Path) -> str:
    target = scratch / (re.sub(r'[^A-Za-z0-9]+', '_', source.as_posix()) + '.o')
    run = subprocess.run([*compiler, '-c', str(source), '-o', str(target)], capture_output=True, text=True, check=False)
    return '' if run.returncode == 0 else run.stderr or f'exit status {run.returncode}'


def main() -> int:
    kind, scratch, root, *rest = sys.argv[1:]
    names, compiler = rest[:rest.index('--')], rest[rest.index('--') + 1:]
    folder = pathlib.Path(scratch)
    folder.mkdir(parents=True, exist_ok=True)
    work = units(kind, folder, pathlib.Path(root), names)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda source: compiled(compiler, folder, source), work.values())
        faults = {name: error for name, error in zip(work, results) if error}
    for name, error in faults.items():
        print(f'---- {name}\n{error}')
    print(f'{len(work)} compiled, {len(faults)} failed' + ''.join(f'\n  {name}' for name in faults))
    return 1 if faults or not work else 0


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tree itself: what lies at the top, and what every file of ours begins with and looks like."""
import pathlib
import sys

TOP = set('''sip transport media simpleuser fuzz tests subprojects meson.build meson_options.txt README.md LICENSE CHANGELOG.md
SECURITY.md run'''.split())
LINE = 140


def top_faults(root: pathlib.Path) -> list[str]:
    return [f'{entry.name}: does not belong at the top' for entry in sorted(root.iterdir())
            if entry.name not in TOP and not entry.name.startswith(('.', 'build'))]


def source_files(root: pathlib.Path) -> list[pathlib.Path]:
    files = []
    for room in ('sip', 'transport', 'media', 'simpleuser', 'fuzz', 'tests'):
        for pattern in ('*.cpp', '*.hpp', 'meson.build', '*.py', '*.sh', '*.mjs'):
            files += [file for file in (root / room).rglob(pattern) if 'node_modules' not in file.parts]
    return sorted(files) + [root / 'meson.build', root / 'run', root / '.ci' / 'run']


def file_faults(root: pathlib.Path, file: pathlib.Path) -> list[str]:
    name = file.relative_to(root).as_posix()
    lines = file.read_text(encoding='utf-8').splitlines()
    faults = []
    if not any('SPDX-License-Identifier: MIT' in line for line in lines[:2]):
        faults.append(f'{name}: no SPDX line on top')
    if file.suffix == '.hpp' and '#pragma once' not in lines[:4]:
        faults.append(f'{name}: no #pragma once')
    if file.suffix in ('.cpp', '.hpp'):
        faults += [f'{name}:{number}: tab, or blanks at the end' for number, line in enumerate(lines, 1)
                   if '\t' in line or line != line.rstrip()]
        faults += [f'{name}:{number}: {len(line)} columns' for number, line in enumerate(lines, 1) if len(line) > LINE]
    return faults


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    files = source_files(root)
    faults = top_faults(root)
    for file in files:
        faults += file_faults(root, file)
    print('\n'.join(faults) if faults else f'{len(files)} files in order')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())

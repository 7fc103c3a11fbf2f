#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What clang's counters say of a part of the tree: lines and branches a file, those with gaps first, and whether the bars are reached.

The raw profiles of a folder are merged there; `report.txt` beside them shows each line with its count.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys


def tool(name: str) -> str:
    """Debian calls them llvm-cov-14 where the plain name is not installed."""
    return shutil.which(name) or shutil.which(f'{name}-14') or sys.exit(f'{name} is missing')


def merge(folder: pathlib.Path) -> pathlib.Path:
    merged = folder / 'merged.profdata'
    raw = sorted(folder.glob('*.profraw'))
    subprocess.run([tool('llvm-profdata'), 'merge', '-sparse', *raw, '-o', merged], check=True)
    return merged


def measured(common: list[str], sources: list[pathlib.Path]) -> list[dict]:
    """Counters of the files below `sources`. llvm-cov's own choice of files fails on paths with ".."."""
    export = subprocess.run([tool('llvm-cov'), 'export', '-summary-only', *common], check=True, capture_output=True, text=True)
    files = json.loads(export.stdout)['data'][0]['files']
    return [file for file in files if any(pathlib.Path(file['filename']).resolve().is_relative_to(source) for source in sources)]


def percent(counted: list[dict]) -> float:
    whole = sum(part['count'] for part in counted)
    return 100.0 * sum(part['covered'] for part in counted) / whole if whole else 100.0


def missing(part: dict) -> int:
    return part['count'] - part['covered']


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--root', type=pathlib.Path, required=True)
    parser.add_argument('--profiles', type=pathlib.Path, required=True, help='folder of *.profraw')
    parser.add_argument('--objects', nargs='+', required=True, help='programs and libraries that were measured')
    parser.add_argument('--sources', nargs='+', required=True, help='files and folders under the root')
    parser.add_argument('--lines', type=float, required=True, help='bar in per cent')
    parser.add_argument('--branches', type=float, required=True, help='bar in per cent')
    options = parser.parse_args()

    root = options.root.resolve()
    sources = [root / name for name in options.sources]
    objects = options.objects[:1] + [word for name in options.objects[1:] for word in ('-object', name)]
    common = [f'-instr-profile={merge(options.profiles)}', *objects]
    files = measured(common, sources)
    report = options.profiles / 'report.txt'
    with report.open('w') as out:
        subprocess.run([tool('llvm-cov'), 'show', '-show-branches=count', *common], check=True, stdout=out, stderr=subprocess.DEVNULL)

    rows = [(str(pathlib.Path(file['filename']).resolve().relative_to(root)), file['summary']['lines'], file['summary']['branches'])
            for file in files]
    for name, lines, branches in sorted(rows, key=lambda row: (-missing(row[1]) - missing(row[2]), row[0])):
        if missing(lines) or missing(branches):
            print(f'{name:44} lines {percent([lines]):6.1f} % ({missing(lines):3} missing)'
                  f'   branches {percent([branches]):6.1f} % ({missing(branches):3} missing)')
    line_share = percent([row[1] for row in rows])
    branch_share = percent([row[2] for row in rows])
    enough = bool(rows) and line_share >= options.lines and branch_share >= options.branches
    print(f'{len(rows)} files: {line_share:.1f} % of lines (bar {options.lines:g}), {branch_share:.1f} % of branches '
          f'(bar {options.branches:g}){"" if enough else ": below"}; line by line: {report}')
    return 0 if enough else 1


if __name__ == '__main__':
    sys.exit(main())

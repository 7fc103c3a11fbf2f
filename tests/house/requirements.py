#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each requirement of a finished group has a test that bears its id, and no test bears an id that does not exist.

finished_requirements.txt names both: which ids there are, and which are finished. A test's name is what stands in TEST(Subject, Name) and
in test('name'); one that is switched off (DISABLED_, skip) proves nothing.
"""
import pathlib
import re
import sys

GTEST = re.compile(r'\bTEST(?:_[FP])?\(\s*\w+\s*,\s*(\w+)\s*\)')
SCRIPT = re.compile(r'''\btest\(\s*(['"`])(.+?)\1''')
ID = re.compile(r'(?<![A-Z])(?:[A-N]\d\d(?!\d)|Sec\d\d(?!\d))')
RANGE = re.compile(r'([A-N]|Sec)(\d\d)(?:-(?:[A-N]|Sec)?(\d\d))?$')


def ids_of(words: list[str]) -> set[str]:
    ids = set()
    for word in words:
        match = RANGE.match(word)
        if not match:
            sys.exit(f'not an id and not a range: {word}')
        first, last = int(match[2]), int(match[3] or match[2])
        ids |= {f'{match[1]}{number:02}' for number in range(first, last + 1)}
    return ids


def read_list(path: pathlib.Path) -> tuple[set[str], set[str]]:
    """All ids there are, and the finished ones."""
    known, finished = set(), set()
    for line in path.read_text(encoding='utf-8').splitlines():
        words = line.split('#')[0].split()
        if words and words[0] == 'all':
            known |= ids_of(words[1:])
        else:
            finished |= ids_of(words)
    return known, finished


def test_names(tests: pathlib.Path) -> set[str]:
    names = set()
    for path in tests.rglob('*'):
        if 'node_modules' in path.parts or path.suffix not in {'.cpp', '.mjs'}:
            continue
        text = path.read_text(encoding='utf-8')
        names |= set(GTEST.findall(text)) if path.suffix == '.cpp' else {name for _, name in SCRIPT.findall(text)}
    return {name for name in names if not name.startswith('DISABLED_')}


def main() -> int:
    tests = pathlib.Path(sys.argv[1]) / 'tests'
    known, finished = read_list(tests / 'house' / 'finished_requirements.txt')
    proved = {requirement for name in test_names(tests) for requirement in ID.findall(name)}
    wrong = [f'{one} is finished, and no test bears its id' for one in sorted(finished - proved)]
    wrong += [f'{one} stands in a test name, and there is no such requirement' for one in sorted(proved - known)]
    wrong += [f'{one} is called finished, and there is no such requirement' for one in sorted(finished - known)]
    print('\n'.join(wrong) if wrong else f'{len(finished)} of {len(known)} requirements finished, each with its test')
    return 1 if wrong or not finished else 0


if __name__ == '__main__':
    sys.exit(main())

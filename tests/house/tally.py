#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts what `meson test` ran in one or more build folders, case by case, from meson's own log.

A test program that speaks GoogleTest's way ("[       OK ] Subject.Situation (3 ms)") or TAP counts with each of its cases;
any other counts as one. Last line: "N passed, N failed, N skipped".
"""
import argparse
import collections
import json
import pathlib
import re
import sys

GTEST_RUN = re.compile(r'\[ RUN      \] (\S+)')
GTEST_END = re.compile(r'\[ +(OK|FAILED|SKIPPED) +\] (\S+?)(?:, where .+?)? \(\d+ ms\)$', re.MULTILINE)
TAP_PLAN = re.compile(r'^ *1\.\.\d+$', re.MULTILINE)
TAP_END = re.compile(r'^( *)(ok|not ok)\b *\d* *-? *([^#\n]*?) *(# *(?:SKIP|TODO)\b.*)?$', re.MULTILINE | re.IGNORECASE)
REQUIREMENT = re.compile(r'(?<![A-Z])(?:[A-N]\d\d(?!\d)|Sec\d\d(?!\d))')
RESULTS = {'OK': 'passed', 'EXPECTEDFAIL': 'passed', 'SKIP': 'skipped', 'FAILED': 'failed', 'SKIPPED': 'skipped', 'ok': 'passed', 'not ok': 'failed'}

Case = collections.namedtuple('Case', 'name result')


def gtest_cases(text: str) -> list[Case]:
    cases = [Case(name, RESULTS[word]) for word, name in GTEST_END.findall(text)]
    ended = {case.name for case in cases}
    return cases + [Case(name, 'failed') for name in GTEST_RUN.findall(text) if name not in ended]


def tap_cases(text: str) -> list[Case]:
    """Only the leaves count: a result that stands less deep than the one before sums up what was inside it."""
    if not TAP_PLAN.search(text):
        return []
    cases, depth = [], 0
    for indent, word, name, skip in TAP_END.findall(text):
        inner, depth = depth, len(indent)
        if depth >= inner:
            cases.append(Case(name, 'skipped' if skip else RESULTS[word.lower()]))
    return cases


def cases_of(entry: dict) -> list[Case]:
    """A program that failed though none of its cases did (a leak found at the end, a time-out) is one failed case more."""
    text = entry.get('stdout') or ''
    whole = Case(entry['name'].rsplit(' / ')[-1], RESULTS.get(entry['result'], 'failed'))
    cases = gtest_cases(text) or tap_cases(text)
    if not cases or (whole.result == 'failed' and all(case.result != 'failed' for case in cases)):
        cases = cases + [whole]
    return cases


def read(folder: str) -> list[Case]:
    log = pathlib.Path(folder) / 'meson-logs' / 'testlog.json'
    if not log.exists():
        return [Case(f'{folder}: not built, no test ran', 'failed')]
    entries = [json.loads(line) for line in log.read_text(encoding='utf-8').splitlines()]
    return [case for entry in entries for case in cases_of(entry)]


def print_requirements(cases: list[Case]) -> None:
    rows = sorted({(requirement, *case) for case in cases for requirement in REQUIREMENT.findall(case.name)})
    width = max((len(name) for _, name, _ in rows), default=0)
    for requirement, name, result in rows:
        print(f'{requirement:6} {name:{width}} {result}')
    print(f'{len({row[0] for row in rows})} requirements, {len(rows)} proofs')


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folders', nargs='+')
    parser.add_argument('--requirements', action='store_true', help='list id, test, result of each requirement named by a test')
    parser.add_argument('--no-skips', action='store_true', help='a skipped test is a failure, but for those about torture messages')
    options = parser.parse_args()

    cases = [case for folder in options.folders for case in read(folder)]
    if options.requirements:
        print_requirements(cases)
    wrong = {'failed'} | ({'skipped'} if options.no_skips else set())
    bad = [case for case in cases if case.result in wrong and not (case.result == 'skipped' and 'torture' in case.name.lower())]
    for case in bad:
        print(f'{case.result}: {case.name}')
    count = collections.Counter(case.result for case in cases)
    print(f'{count["passed"]} passed, {count["failed"]} failed, {count["skipped"]} skipped')
    return 1 if bad or not cases else 0


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures and shows: report.py BUILD_FOLDER [--size-build FOLDER] [--readme FILE]. Status 1 when a bound is not kept."""
import argparse
import pathlib
import sys

import calls
import messages
import sizes
from table import markdown

HERE = pathlib.Path(__file__).parent
BEGIN, END = '<!-- ./run bench writes from here -->', '<!-- to here -->'


def write_readme(path, text):
    whole = path.read_text()
    if BEGIN not in whole or END not in whole:
        sys.exit(f'{path}: no place for the table: {BEGIN} … {END}')
    head, rest = whole.split(BEGIN)
    tail = rest.split(END)[1]
    path.write_text(f'{head}{BEGIN}\n{text}\n{END}{tail}')


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('build', type=pathlib.Path)
    arguments.add_argument('--size-build', type=pathlib.Path)
    arguments.add_argument('--readme', type=pathlib.Path)
    given = arguments.parse_args()

    figures = messages.measure(given.build / 'tests/bench', HERE / 'corpus')
    summary = markdown(messages.summary(figures))
    bounds = messages.bounds(figures)
    print(f'## A message, mean of {figures.count}\n\n{summary}\n')
    print(f'## Instructions by class of message, parse\n\n{markdown(messages.by_group(figures))}\n')
    print(f'## Fillers of 60,000 octets: the dearest\n\n{markdown(messages.fillers(figures))}\n')
    heap, costs, parts = calls.measure(given.build / 'tests/bench')
    bounds += calls.bounds(heap, costs)
    call_tables = f'{markdown(calls.heap_rows(heap))}\n\n{markdown(calls.instruction_rows(costs, parts))}'
    print(f'## A call over datagrams, SDP of 200 octets\n\n{call_tables}\n')
    if given.size_build:
        rows, size_bounds = sizes.measure(given.size_build)
        bounds += size_bounds
        print(f'## Size at -Os\n\n{markdown(rows)}\n')
    print(f'## Bounds\n\n{markdown([["", "bound", "found", ""]] + [bound.row() for bound in bounds])}')
    if given.readme:
        write_readme(given.readme, f'{summary}\n\n{calls.HEADING}\n\n{call_tables}')
    return 0 if all(bound.kept or bound.goal for bound in bounds) else 1


if __name__ == '__main__':
    sys.exit(main())

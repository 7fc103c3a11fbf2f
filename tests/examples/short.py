#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An example is read in a minute: at most 40 lines each."""
import pathlib
import sys

MOST = 40


def main() -> int:
    long = [(name, count) for name in sys.argv[1:] if (count := len(pathlib.Path(name).read_text(encoding='utf-8').splitlines())) > MOST]
    for name, count in long:
        print(f'{name}: {count} lines')
    print(f'{len(sys.argv) - 1} examples, {len(long)} too long')
    return 1 if long else 0


if __name__ == '__main__':
    sys.exit(main())

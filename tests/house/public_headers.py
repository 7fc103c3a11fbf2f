#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lists the public headers: those that export something (PARLEY_EXPORT), and what they include.

public_headers.py ROOT PLACE...   PLACE: a folder or a header of ROOT
Headers in detail/ and *_impl.hpp never are: a public header that includes one does not compile once it is installed.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^#include <parley/([^>]+)>', re.MULTILINE)
INTERNAL = re.compile(r'/detail/|_impl\.hpp$|^media/gst/|/program/')


def headers_of(root: pathlib.Path, place: str) -> list[pathlib.Path]:
    path = root / place
    return sorted(path.rglob('*.hpp')) if path.is_dir() else [path]


def main() -> int:
    root, places = pathlib.Path(sys.argv[1]), sys.argv[2:]
    names = [file.relative_to(root).as_posix() for place in places for file in headers_of(root, place)]
    waiting = [name for name in names if 'PARLEY_EXPORT' in (root / name).read_text(encoding='utf-8')]
    public = set()
    while waiting:
        name = waiting.pop()
        if name not in public and not INTERNAL.search(name):
            public.add(name)
            waiting += INCLUDE.findall((root / name).read_text(encoding='utf-8'))
    print('\n'.join(sorted(public)))
    return 0


if __name__ == '__main__':
    sys.exit(main())

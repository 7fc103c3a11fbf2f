#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes parley.1 from what `parley --help` and `parley COMMAND --help` say: one source for both.

usage: man_page.py PROGRAM VERSION > parley.1
"""
import re
import subprocess
import sys

COMMANDS = ['demo', 'phone', 'switch', 'uas', 'parse']


def help_of(program: str, *command: str) -> str:
    return subprocess.run([program, *command, '--help'], check=True, capture_output=True, text=True).stdout


def escaped(text: str) -> str:
    """No line begins a request, no backslash or hyphen is taken for one of troff's."""
    text = text.replace('\\', '\\e').replace('-', '\\-')
    return re.sub(r"^([.'])", r'\\&\1', text, flags=re.MULTILINE)


def section(title: str, text: str) -> str:
    return f'.SH {escaped(title)}\n.nf\n{escaped(text.strip())}\n.fi\n'


def main() -> None:
    program, version = sys.argv[1:3]
    print(f'.TH PARLEY 1 "" "parley {version}" "User Commands"')
    print('.SH NAME\nparley \\- a small SIP stack and its phone')
    print(section('SYNOPSIS', help_of(program)), end='')
    for command in COMMANDS:
        print(section(f'parley {command}'.upper(), help_of(program, command)), end='')
    print('.SH EXIT STATUS\n0: done; 1: the work failed, said on stderr in one line; 2: wrong usage.')


if __name__ == '__main__':
    main()

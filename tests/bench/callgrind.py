# SPDX-License-Identifier: MIT
"""Runs a program under callgrind and reads the instructions of each labelled piece of work (callgrind.hpp)."""
import pathlib
import subprocess
import tempfile


def _read(dump):
    label = instructions = None
    for line in dump.open(errors='replace'):
        if line.startswith('desc: Trigger: Client Request: '):
            label = line.rstrip('\n').removeprefix('desc: Trigger: Client Request: ')
        elif line.startswith(('summary:', 'totals:')):
            instructions = int(line.split()[1])
            if label is not None:
                return label, instructions
    return None


def run(command):
    """{label: instructions} of all the dumps that the program asks for."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(['valgrind', '--tool=callgrind', '--quiet', '--collect-atstart=no', f'--callgrind-out-file={folder}/dump', *command],
                       check=True)
        return dict(filter(None, map(_read, pathlib.Path(folder).glob('dump.*'))))

# SPDX-License-Identifier: MIT
"""Runs a program under callgrind and reads the instructions of each labelled piece of work (callgrind.hpp)."""
import pathlib
import re
import subprocess
import tempfile

_TRIGGER = 'desc: Trigger: Client Request: '


def _dumps(command, read):
    """What `read` makes of each dump that the program asked for, in order."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(['valgrind', '--tool=callgrind', '--quiet', '--collect-atstart=no', f'--callgrind-out-file={folder}/dump', *command],
                       check=True)
        dumps = sorted(pathlib.Path(folder).glob('dump.*'), key=lambda path: int(path.suffix[1:]))
        return [read(dump.open(errors='replace')) for dump in dumps if _TRIGGER in dump.read_text(errors='replace')]


def _total(lines):
    label = None
    for line in lines:
        if line.startswith(_TRIGGER):
            label = line.rstrip('\n').removeprefix(_TRIGGER)
        elif line.startswith('summary:'):
            return label, int(line.split()[1])
    raise ValueError('a dump without a sum')


def _own(lines):
    """{(file, function): instructions spent in itself}. Names stand once and are numbers afterwards."""
    names, here, costs, of_callee = {}, {}, {}, False
    for line in lines:
        if name := re.match(r'(c?)(f[lien]|ob)=\((\d+)\)(?: (.*))?$', line.rstrip('\n')):
            called, kind, number, text = name.groups()
            table = 'fl' if kind in ('fi', 'fe') else kind
            if text:
                names[table, number] = text
            if not called and kind in ('fl', 'fn'):
                here[kind] = number
        elif line.startswith('calls='):
            of_callee = True  # the next line is the callee's
        elif re.match(r'[\d+*-]', line):
            if not of_callee:
                key = here['fl'], here['fn']
                costs[key] = costs.get(key, 0) + int(line.split()[1])
            of_callee = False
    return {(names.get(('fl', file), ''), names.get(('fn', function), '')): cost for (file, function), cost in costs.items()}


def run(command):
    """{label: instructions}"""
    return dict(_dumps(command, _total))


def profile(command):
    """[{(file, function): instructions}], a dump each."""
    return _dumps(command, _own)

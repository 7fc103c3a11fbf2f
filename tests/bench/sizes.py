# SPDX-License-Identifier: MIT
"""Text of the message layer, and the stripped libraries of a build at -Os."""
import pathlib
import subprocess
import tempfile

from table import Bound

LIBRARIES = ['sip/libparley-sip', 'media/libparley-media', 'transport/libparley-transport', 'simpleuser/libparley']
MESSAGE_LAYER = 48 * 1024


def _layer(objects):
    """{section: octets} of the message layer alone, linked: what several objects hold once only counts once."""
    with tempfile.TemporaryDirectory() as folder:
        linked = pathlib.Path(folder) / 'layer.so'
        subprocess.run(['c++', '-shared', '-o', linked, *objects], check=True)
        lines = subprocess.run(['size', '-A', linked], check=True, capture_output=True, text=True).stdout.splitlines()
    cells = [line.split() for line in lines if line.startswith('.')]
    return {name: int(octets) for name, octets, _ in cells}


def _stripped(library):
    with tempfile.NamedTemporaryFile() as copy:
        subprocess.run(['strip', '-o', copy.name, library], check=True)
        return pathlib.Path(copy.name).stat().st_size


def measure(build):
    layer = _layer(sorted(build.glob('sip/libparley-sip.so.*.p/message_*.o')))
    constants = layer['.rodata'] + layer['.data.rel.ro']
    unwinding = sum(octets for name, octets in layer.items() if name.startswith(('.eh_frame', '.gcc_except_table')))
    rows = [['', 'octets'], ['sip/message, text (code)', f'{layer[".text"]:,}'], ['sip/message, constants', f'{constants:,}'],
            ['sip/message, tables for unwinding', f'{unwinding:,}']]
    for name in LIBRARIES:
        library = next((path for path in sorted(build.glob(name + '.so.*')) if path.is_file() and not path.is_symlink()), None)
        if library:
            rows.append([f'{pathlib.Path(name).name}.so, stripped', f'{_stripped(library):,}'])
    return rows, [Bound('text of sip/message at -Os, octets', MESSAGE_LAYER, layer['.text'])]

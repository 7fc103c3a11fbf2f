# SPDX-License-Identifier: MIT
"""Text of the message layer, and the stripped libraries of a build at -Os."""
import pathlib
import subprocess
import tempfile

from table import Bound

LIBRARIES = ['sip/libparley-sip', 'media/libparley-media', 'transport/libparley-transport', 'simpleuser/libparley']
MESSAGE_LAYER = 48 * 1024


def _text(files):
    """Code and constants, as `size` counts them."""
    lines = subprocess.run(['size', *files], check=True, capture_output=True, text=True).stdout.splitlines()[1:]
    return sum(int(line.split()[0]) for line in lines)


def _stripped(library):
    with tempfile.NamedTemporaryFile() as copy:
        subprocess.run(['strip', '-o', copy.name, library], check=True)
        return pathlib.Path(copy.name).stat().st_size


def measure(build):
    layer = _text(sorted(build.glob('sip/libparley-sip.so.*.p/message_*.o')))
    rows = [['', 'octets'], ['sip/message, text of all its objects', f'{layer:,}']]
    for name in LIBRARIES:
        library = next((path for path in sorted(build.glob(name + '.so.*')) if path.is_file() and not path.is_symlink()), None)
        if library:
            rows.append([f'{pathlib.Path(name).name}.so, stripped', f'{_stripped(library):,}'])
    return rows, [Bound('text of sip/message at -Os, octets', MESSAGE_LAYER, layer)]

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes a project that has parley in its subprojects/ folder, with the meson.build that README.md shows, builds and runs it.

embed.py SOURCE_ROOT README MAIN_CPP
"""
import pathlib
import re
import subprocess
import sys
import tempfile

MESON_BLOCK = re.compile(r'^```meson\n(.*?)^```', re.MULTILINE | re.DOTALL)

# A26: the parent chooses what is read, and its own code sees the same.
LIMITS = {'message': 20000, 'headers': 100, 'vias': 21, 'contacts': 22, 'routes': 23, 'uri': 5000, 'body_depth': 3}
LIMITS_CHECK = '#include <parley/sip/core/limits.hpp>\n' + ''.join(
    f'static_assert(parley::limits::{name} == {value});\n' for name, value in LIMITS.items())


def main() -> None:
    root, readme, source = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    block = MESON_BLOCK.search(readme.read_text(encoding='utf-8'))
    if block is None:
        sys.exit('README.md shows no meson.build')
    with tempfile.TemporaryDirectory() as scratch_name:
        project, build = pathlib.Path(scratch_name) / 'project', pathlib.Path(scratch_name) / 'build'
        (project / 'subprojects').mkdir(parents=True)
        (project / 'subprojects' / 'parley').symlink_to(root)
        (project / 'meson.build').write_text(block.group(1), encoding='utf-8')
        (project / 'main.cpp').write_text(source.read_text(encoding='utf-8') + LIMITS_CHECK, encoding='utf-8')
        # Without optimization: this is about names and arrows of the build, and compiles everything once more.
        limits = [f'-Dparley:max_{name}={value}' for name, value in LIMITS.items()]
        subprocess.run(['meson', 'setup', '-Doptimization=0', '-Ddebug=false', '-Dparley:program=false', *limits, str(build), str(project)], check=True)
        subprocess.run(['ninja', '-C', str(build), 'my-phone'], check=True)
        subprocess.run([str(build / 'my-phone')], check=True, cwd=scratch_name)


if __name__ == '__main__':
    main()

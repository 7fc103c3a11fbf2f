#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Installs a build into a scratch folder and builds programs from nothing but what is installed there.

install.py BUILD CONSUMER_FOLDER COMPILER...
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


class Installed:
    """A tree as `meson install` left it, or a copy of it that has only the static libraries."""

    def __init__(self, tree: pathlib.Path):
        config = next(tree.rglob('parley-sip.pc'))
        self.libdir = config.parent.parent
        self.include = next(tree.rglob('include/parley'))
        self.cmake = self.libdir / 'cmake'
        self.environment = {**os.environ, 'PKG_CONFIG_PATH': str(config.parent), 'LD_LIBRARY_PATH': str(self.libdir)}

    def has(self, module: str) -> bool:
        return (self.libdir / 'pkgconfig' / f'{module}.pc').exists()

    def flags(self, module: str, *options: str) -> list[str]:
        return self.run('pkg-config', *options, '--cflags', '--libs', module).split()

    def run(self, *command: str | pathlib.Path) -> str:
        result = subprocess.run([str(word) for word in command], env=self.environment, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            sys.exit(f'{" ".join(str(word) for word in command)}\n{result.stdout}{result.stderr}exit status {result.returncode}')
        return result.stdout


def static_copy(tree: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
    shutil.copytree(tree, target, symlinks=True, ignore=shutil.ignore_patterns('*.so', '*.so.*'))
    return target


def needed(place: Installed, program: pathlib.Path) -> list[str]:
    lines = place.run('readelf', '--dynamic', program).splitlines()
    return [line.split('[')[1].rstrip(']') for line in lines if '(NEEDED)' in line and 'libparley' in line]


def expect(condition: bool, sentence: str) -> None:
    if not condition:
        sys.exit(sentence)
    print(f'{sentence}: yes')


def check_program(place: Installed, scratch: pathlib.Path, compiler: list[str], source: pathlib.Path, module: str, static: bool) -> None:
    program = scratch / f'{module}-{"static" if static else "shared"}'
    options = ['--static'] if static else []
    place.run(*compiler, '-std=c++20', source, '-o', program, *place.flags(module, *options))
    libraries = needed(place, program)
    if static:
        expect(not libraries, f'{module}: linked statically by pkg-config --static')
    else:
        expect(libraries and all(name.endswith('.so.0') for name in libraries), f'{module}: linked to libraries with their SOVERSION')
    print(f'{module}: says "{place.run(program).strip()}"')


def check_headers(place: Installed, scratch: pathlib.Path, compiler: list[str], module: str) -> None:
    """Whatever an installed header includes must be installed, too."""
    headers = sorted(file.relative_to(place.include.parent).as_posix() for file in place.include.rglob('*.hpp'))
    source = scratch / 'all_headers.cpp'
    source.write_text(''.join(f'#include <{header}>\n' for header in headers), encoding='utf-8')
    place.run(*compiler, '-std=c++20', '-fsyntax-only', source, *place.run('pkg-config', '--cflags', module).split())
    expect(bool(headers), f'{len(headers)} installed headers compile')


def check_cmake(place: Installed, scratch: pathlib.Path, compiler: list[str], folder: pathlib.Path, name: str) -> None:
    build = scratch / f'cmake-{name}'
    place.run('cmake', '-G', 'Ninja', '-S', folder, '-B', build, f'-Dparley_DIR={place.cmake / "parley"}', f'-DCMAKE_CXX_COMPILER={compiler[-1]}')
    place.run('cmake', '--build', build)
    place.run(build / 'consumer')
    print(f'find_package(parley), {name}: built and run')


def main() -> None:
    build, folder, *compiler = sys.argv[1:]
    sources = pathlib.Path(folder)
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = pathlib.Path(scratch_name)
        tree = scratch / 'tree'
        subprocess.run(['meson', 'install', '-C', build, '--no-rebuild', '--quiet', '--destdir', str(tree)], check=True)
        shared, static = Installed(tree), Installed(static_copy(tree, scratch / 'static'))
        whole = shared.has('parley')
        check_headers(shared, scratch, compiler, 'parley' if whole else 'parley-sip')
        for place, is_static in ((shared, False), (static, True)):
            check_program(place, scratch, compiler, sources / 'sip.cpp', 'parley-sip', is_static)
            check_program(place, scratch, compiler, sources.parents[1] / 'examples' / 'scripted_peer.cpp', 'parley-sip-testing', is_static)
            if whole:
                check_program(place, scratch, compiler, sources / 'main.cpp', 'parley', is_static)
                check_cmake(place, scratch, compiler, sources, 'static' if is_static else 'shared')


if __name__ == '__main__':
    main()

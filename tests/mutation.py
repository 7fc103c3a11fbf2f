#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How strong the unit tests of the protocol are: breaks it a little, again and again, and counts how often they notice.

A mutation is one small change in a .cpp file of sip/transaction, sip/dialog or sip/usage: a comparison flipped, a condition negated, a
statement dropped, a timer changed. Which ones is drawn by chance from --seed, so a run can be repeated. Each is made in a copy of the
tree with a build folder of its own (below build-mutation/), compiled without optimisation, and judged by the tests sip-memory,
flows and sip. A test that fails, crashes or hangs has noticed it. A change that does not compile is not counted and drawn anew.

Survivors are shown as diffs. Not each of them is a gap: some change nothing that anybody could observe. Fewer than 90 % noticed is an
exit status of 1. Needs what ./run test needs of the compiler and GoogleTest; ccache is used where it is installed. It is slow (100
mutations take about an hour on two cores) and no part of ./run test.
"""
import argparse
import collections
import difflib
import json
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOMS = ('sip/transaction', 'sip/dialog', 'sip/usage')
TESTS = ('sip-memory', 'flows', 'sip')
BAR = 90
MEMORY = 4 << 30  # octets: a loop without end must not take the machine's

Mutation = collections.namedtuple('Mutation', 'kind file first last text')  # lines first..last become `text`

# ---- What may be changed. A line is looked at with its strings, characters and comments masked, column by column.

MASKED = re.compile(r'''"(?:\\.|[^"\\])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\])'|//.*''')
COMPARISON = re.compile(r' (==|!=|<=|>=|<|>) ')
FLIPPED = {'==': ['!='], '!=': ['=='], '<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='], '>=': ['>', '<']}
LOGIC = re.compile(r' (&&|\|\|) ')
CONDITION = re.compile(r'\b(?:if|while) \(')
TIMER = [
    (re.compile(r'\bDuration(?: \w+)?\{(\d[\d\']*)\}'), lambda number: str(2 * int(number.replace("'", '')) or 1)),
    (re.compile(r'\b(t1|t2|t4)\b'), {'t1': 't2', 't2': 't1', 't4': 't1'}.get),
    (re.compile(r'\b(transaction_timeout\(\))'), {'transaction_timeout()': 't4'}.get),
    (re.compile(r'\b(2|64) \* (?:\w|\.|->)*(?:interval|pause|t1)'), {'2': '3', '64': '32'}.get),
]
UNTOUCHED = re.compile(r'\s*(?:#|(?:static_)?assert\b|using\b|namespace\b|friend\b|template\b|constexpr\b|static\b)')
NO_STATEMENT = re.compile(r'\s*(?:case\b|default\b|public\b|private\b|struct\b|class\b|enum\b|(?:const )?auto\b|[{}])')


def masked(line: str) -> str:
    return MASKED.sub(lambda found: ('/' if found[0].startswith('//') else '_') * len(found[0]), line)


def code_of(line: str) -> str:
    return masked(line).split('//')[0].rstrip()


def replaced(line: str, begin: int, end: int, text: str) -> str:
    return line[:begin] + text + line[end:]


def closing(code: str, begin: int) -> int:
    """Place of the bracket that closes the one at `begin`; -1: on another line."""
    depth = 0
    for at in range(begin, len(code)):
        depth += (code[at] == '(') - (code[at] == ')')
        if depth == 0:
            return at
    return -1


def flipped_comparisons(line: str, code: str):
    for found in COMPARISON.finditer(code):
        for other in FLIPPED[found[1]]:
            yield replaced(line, *found.span(1), other)


def negated_conditions(line: str, code: str):
    for found in LOGIC.finditer(code):
        yield replaced(line, *found.span(1), '||' if found[1] == '&&' else '&&')
    for found in CONDITION.finditer(code):
        end = closing(code, found.end() - 1)
        if end > 0:
            begin = code.rfind(';', found.end(), end) + 1 or found.end()  # after a declaration of the condition's own
            yield replaced(line, begin, end, f' !({line[begin:end].strip()})' if code[begin - 1] == ';' else f'!({line[begin:end]})')


def changed_timers(line: str, code: str):
    for pattern, other in TIMER:
        for found in pattern.finditer(code):
            yield replaced(line, *found.span(1), other(found[1]))


def dropped_statement(codes: list[str], first: int):
    """Last line of the statement that begins on line `first`; None: none begins there, or it holds a block."""
    before = next((code for code in reversed(codes[:first]) if code), ';')
    if before[-1] not in ';{}:' or NO_STATEMENT.match(codes[first]) or not codes[first].strip():
        return None
    depth = 0
    for last in range(first, min(first + 6, len(codes))):
        depth += codes[last].count('(') - codes[last].count(')')
        if codes[last].endswith('{'):
            return None
        if codes[last].endswith(';') and depth == 0:
            return last
    return None


def mutations_of(file: str, lines: list[str]):
    codes = [code_of(line) for line in lines]
    for at, (line, code) in enumerate(zip(lines, codes)):
        if UNTOUCHED.match(code) and 'Duration' not in code:
            continue
        for kind, changes in (('comparison', flipped_comparisons), ('condition', negated_conditions), ('timer', changed_timers)):
            for text in changes(line, code):
                yield Mutation(kind, file, at, at, text)
        if code.startswith('  ') and not UNTOUCHED.match(code) and (last := dropped_statement(codes, at)) is not None:
            yield Mutation('statement', file, at, last, '')


def all_mutations(root: pathlib.Path) -> dict[str, list[Mutation]]:
    kinds = collections.defaultdict(list)
    for room in ROOMS:
        for file in sorted((root / room).rglob('*.cpp')):
            for mutation in mutations_of(file.relative_to(root).as_posix(), file.read_text(encoding='utf-8').splitlines()):
                kinds[mutation.kind].append(mutation)
    return kinds


def drawn(kinds: dict[str, list[Mutation]], seed: int):
    """All mutations in an order by chance, in which each kind comes as often as another while it lasts."""
    chance = random.Random(seed)
    for mutations in kinds.values():
        chance.shuffle(mutations)
    while any(kinds.values()):
        yield kinds[chance.choice(sorted(kind for kind, mutations in kinds.items() if mutations))].pop()


# ---- The copy, its build, its tests.

def uncopied(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name in ('.git', 'node_modules', '__pycache__') or (folder == str(ROOT) and name.startswith('build'))]


class Bench:
    """The copied tree and its build folder."""

    def __init__(self, folder: pathlib.Path):
        self.tree = folder / 'tree'
        self.build = self.tree / 'build'  # where ccache finds what other builds of the same sources have compiled
        self.log = folder / 'log'
        self.tree.mkdir(parents=True, exist_ok=True)
        for entry in self.tree.iterdir():
            if entry != self.build:
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        shutil.copytree(ROOT, self.tree, symlinks=True, dirs_exist_ok=True, ignore=uncopied)
        if not (self.build / 'build.ninja').exists():
            compiler = os.environ.get('CXX', 'g++')
            compiler = f'ccache {compiler}' if shutil.which('ccache') and 'ccache' not in compiler else compiler
            linker = next(({'CXX_LD': name} for name in ('lld', 'gold') if shutil.which(f'ld.{name}')), {})  # linking is half the work
            self.run('meson', 'setup', '-Dbuildtype=plain', '-Doptimization=0', '-Ddefault_library=static', '-Dtransport=false',
                     '-Dcpp_args=-Werror=return-type', self.build, self.tree, env={'CXX': compiler, **linker}) or sys.exit(f'configuring failed, see {self.log}')
        introspected = subprocess.run(['meson', 'introspect', '--tests', self.build], check=True, capture_output=True, text=True).stdout
        self.tests = {test['name']: test for test in json.loads(introspected) if test['name'] in TESTS}
        self.timeouts = dict.fromkeys(TESTS, 600.0)

    def run(self, *command, timeout=None, env=None, memory=None) -> bool:
        limit = (lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory))) if memory else None
        with self.log.open('w') as log:
            try:
                return subprocess.run([str(word) for word in command], stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=timeout,
                                      env={**os.environ, **(env or {})}, preexec_fn=limit, check=False).returncode == 0
            except subprocess.TimeoutExpired:
                return False

    def compiles(self, name: str) -> bool:
        return self.run('ninja', '-C', self.build, os.path.relpath(self.tests[name]['cmd'][0], self.build))

    def passes(self, name: str) -> bool:
        test = self.tests[name]
        return self.run(*test['cmd'], '--gtest_fail_fast', '--gtest_brief', timeout=self.timeouts[name], env=test['env'], memory=MEMORY)

    def noticed_by(self) -> str | None:
        """The first test that fails; empty: all pass; None: the tree does not compile."""
        for name in TESTS:
            if not self.compiles(name):
                return None
            if not self.passes(name):
                return name
        return ''

    def measure(self) -> None:
        """The tree as it is passes; what takes many times as long from now on hangs."""
        for name in TESTS:
            self.compiles(name) or sys.exit(f'the tree as it is does not compile, see {self.log}')
            begin = time.monotonic()
            self.passes(name) or sys.exit(f'{name} fails on the tree as it is, see {self.log}')
            self.timeouts[name] = 10 + 8 * (time.monotonic() - begin)

    def judge(self, mutation: Mutation) -> str | None:
        """What noticed_by() says of the tree with this mutation."""
        file = self.tree / mutation.file
        before = file.read_text(encoding='utf-8')
        file.write_text(changed(before, mutation), encoding='utf-8')
        try:
            return self.noticed_by()
        finally:
            file.write_text(before, encoding='utf-8')


def changed(text: str, mutation: Mutation) -> str:
    lines = text.splitlines(keepends=True)
    lines[mutation.first:mutation.last + 1] = [mutation.text + '\n'] if mutation.text else []
    return ''.join(lines)


def diff_of(root: pathlib.Path, mutation: Mutation) -> str:
    before = (root / mutation.file).read_text(encoding='utf-8')
    lines = difflib.unified_diff(before.splitlines(), changed(before, mutation).splitlines(), n=2, lineterm='')
    return '\n'.join(list(lines)[3:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seed', type=int, default=1, help='of the chance that draws the mutations (1)')
    parser.add_argument('--count', type=int, default=100, help='how many that compile (100)')
    parser.add_argument('--skip', type=int, default=0, help='leave out as many that are drawn first: goes on where a run was broken off (0)')
    parser.add_argument('--work', type=pathlib.Path, default=ROOT / 'build-mutation', help='folder of the copy and its build')
    options = parser.parse_args()

    bench = Bench(options.work)
    kinds = all_mutations(bench.tree)
    print('places: ' + ', '.join(f'{len(mutations)} {kind}' for kind, mutations in sorted(kinds.items())), flush=True)
    bench.measure()

    judged, survivors = 0, []
    for number, mutation in enumerate(drawn(kinds, options.seed), 1):
        if judged == options.count:
            break
        if number <= options.skip:
            continue
        noticed = bench.judge(mutation)
        if noticed is None:
            continue
        judged += 1
        place = f'{mutation.file}:{mutation.first + 1}'
        print(f'{number:4}  {mutation.kind:10}  {f"noticed by {noticed}" if noticed else "SURVIVED":21}  {place}', flush=True)
        if not noticed:
            survivors.append(f'{place}  {mutation.kind}\n{diff_of(bench.tree, mutation)}\n')
    noticed = judged - len(survivors)
    print('\n' + '\n'.join(survivors) + f'seed {options.seed}: {noticed} of {judged} noticed')
    return 0 if 100 * noticed >= BAR * judged else 1


if __name__ == '__main__':
    sys.exit(main())

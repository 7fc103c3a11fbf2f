# SPDX-License-Identifier: MIT
"""Cost of calls: heap of each end, instructions and where they go, and that they do not grow with the number of calls."""
import re
import subprocess

import callgrind
from table import Bound

HEADING = 'What a call costs, INVITE to the 200 of its BYE, over datagrams, with an SDP of 200 octets:'
FEW, MANY = 100, 10_000
MEASURED = 100  # calls in one reading, as call_instructions.cpp does them

# Which part of the house a function belongs to: by the file that it is written in, or by its name where the compiler put it into
# a header of the standard library.
PARTS = [
    ('writing messages', r'sip/message/(builder|reason)|MessageBuilder|unfolded'),
    ('reading messages', r'sip/message/|sip::(grammar|Message|parse)'),
    ('transactions, timers, queues', r'sip/(transaction|stack)|sip::(Stack|Transaction|Timer|OutputQueue|keys)|sip/core/shared'),
    ('random tokens', r'sip/core/tokens|random_token|FakeCrypto::random'),
    ('dialogs, sessions, digest', r'parley/sip/|/sip/|parley::sip'),
    ('test: wire, and a hash in place of a real one', r'tests/|parley::(bench|test)'),
    ('heap', r'malloc|operator (new|delete)'),
    ('copying and comparing octets', r'multiarch|memcpy|memcmp|memchr'),
]
OTHER = 'containers and strings of the standard library'


def _part(file, function):
    return next((name for name, pattern in PARTS if re.search(pattern, f'{file} {function}')), OTHER)


def _heap(program):
    lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()
    return {what: [int(octets) for octets in rest] for what, *rest in (line.split('\t') for line in lines)}


def measure(folder):
    heap = _heap(folder / 'call-heap')
    costs, parts = {}, {}
    for live in (FEW, MANY):
        (profile,) = callgrind.profile([folder / 'call-instructions', str(live)])
        costs[live] = sum(profile.values()) / MEASURED
        if live == FEW:
            for (file, function), cost in profile.items():
                parts[_part(file, function)] = parts.get(_part(file, function), 0) + cost / MEASURED
    return heap, costs, parts


def heap_rows(heap):
    return [['octets of heap', 'caller', 'callee', 'caller, as malloc rounds', 'callee, as malloc rounds']] + [
        [what, *(f'{octets:,}' for octets in ends)] for what, ends in heap.items()]


def instruction_rows(costs, parts):
    rows = [['one call, both ends', 'instructions', 'share']]
    for name, cost in sorted(parts.items(), key=lambda item: -item[1]):
        rows.append([name, f'{cost:,.0f}', f'{cost / costs[FEW]:.0%}'])
    return rows + [[f'all, with {FEW} calls up', f'{costs[FEW]:,.0f}', '100%'], [f'all, with {MANY:,} calls up', f'{costs[MANY]:,.0f}', '']]


def bounds(heap, costs):
    linger = max(max(ends[:2]) for what, ends in heap.items() if 'transactions' in what)
    return [Bound('heap of an established dialog, dearer end', 1024, max(heap['an established dialog'][:2])),
            Bound('heap of a call with its lingering transactions, dearest', 2500, linger),
            Bound(f'instructions of a call, {MANY:,} calls up against {FEW}', 1.2, costs[MANY] / costs[FEW])]

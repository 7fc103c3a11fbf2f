# SPDX-License-Identifier: MIT
"""Cost of messages: time, allocations and instructions of parley and its peers, and the bounds they are held to."""
import dataclasses
import json
import statistics
import subprocess

import callgrind
from table import Bound

PEERS = ['parley', 'sofia-sip', 'osip2', 'libre']
JOBS = ['parse', 'parse+read', 'parse+print']  # of all peers; parley alone has a match besides
ROUNDS = 15


@dataclasses.dataclass
class Figures:
    count: int          # messages in the corpus
    octets: float       # of a message, mean
    times: dict         # (job, peer): µs a message, median of interleaved rounds
    allocations: dict   # (job, peer, message)
    instructions: dict  # (job, peer, message)
    groups: dict        # class: messages
    filled: dict        # filler: instructions an octet

    def mean(self, table, job, peer, messages=None):
        return statistics.mean(cost for (j, p, m), cost in table.items() if (j, p) == (job, peer) and (messages is None or m in messages))

    def ratio(self, job, peer, messages=None, against='parse'):
        """Instructions of parley's job, of those that the peer spends on `against`."""
        return self.mean(self.instructions, job, 'parley', messages) / self.mean(self.instructions, against, peer, messages)


def _group(message):
    first = message.split(b' ', 2)
    return first[1][:1].decode() + 'xx' if first[0] == b'SIP/2.0' else first[0].decode()


def _times(program, corpus):
    output = subprocess.run([program, corpus, '--benchmark_enable_random_interleaving=true', f'--benchmark_repetitions={ROUNDS}',
                             '--benchmark_min_time=0.02', '--benchmark_report_aggregates_only=true', '--benchmark_format=json'],
                            check=True, capture_output=True, text=True).stdout
    runs = [run for run in json.loads(output)['benchmarks'] if run['aggregate_name'] == 'median']
    return {tuple(run['run_name'].split('/')): run['cpu_time'] / run['messages'] / 1000 for run in runs}


def _allocations(program, corpus):
    lines = subprocess.run([program, corpus], check=True, capture_output=True, text=True).stdout.splitlines()
    return {tuple(line.split('\t')[:3]): int(line.split('\t')[3]) for line in lines}


def measure(folder, corpus):
    messages = {path.stem: path.read_bytes() for path in sorted(corpus.glob('*.sip'))}
    groups = {}
    for name, text in messages.items():
        groups.setdefault(_group(text), []).append(name)
    instructions, filled = {}, {}
    for label, cost in callgrind.run([folder / 'message-instructions', corpus]).items():
        kind, *key = label.split('\t')
        if kind == 'job':
            instructions[tuple(key)] = cost
        else:
            filled[key[0]] = cost / int(key[1])
    return Figures(len(messages), statistics.mean(map(len, messages.values())), _times(folder / 'message-times', corpus),
                   _allocations(folder / 'message-allocations', corpus), instructions, dict(sorted(groups.items())), filled)


def summary(figures):
    rows = [['', *PEERS]]
    for job in JOBS:
        rows.append([f'{job}: instructions', *(f'{figures.mean(figures.instructions, job, peer):,.0f}' for peer in PEERS)])
        rows.append([f'{job}: parley ÷ it', *(f'{figures.ratio(job, peer, against=job):.3f}' for peer in PEERS)])
        rows.append([f'{job}: time in µs', *(f'{figures.times[job, peer]:.2f}' for peer in PEERS)])
        rows.append([f'{job}: allocations', *(f'{figures.mean(figures.allocations, job, peer):.1f}' for peer in PEERS)])
    others = [''] * (len(PEERS) - 1)
    rows.append(['match: instructions', f'{figures.mean(figures.instructions, "match", "parley"):,.0f}', *others])
    rows.append(['match: parley ÷ its parse', *(f'{figures.ratio("match", peer):.3f}' for peer in PEERS)])
    rows.append(['match: time in µs', f'{figures.times["match", "parley"]:.2f}', *others])
    rows.append(['match: allocations', f'{figures.mean(figures.allocations, "match", "parley"):.1f}', *others])
    return rows


def by_group(figures):
    rows = [['class', 'messages', *PEERS, 'of sofia-sip', 'of osip2']]
    for group, names in figures.groups.items():
        costs = [f'{figures.mean(figures.instructions, "parse", peer, names):,.0f}' for peer in PEERS]
        rows.append([group, len(names), *costs, *(f'{figures.ratio("parse", peer, names):.3f}' for peer in ['sofia-sip', 'osip2'])])
    return rows


def _ordinary(figures):
    return figures.mean(figures.instructions, 'parse', 'parley') / figures.octets


def fillers(figures):
    dearest = sorted(figures.filled.items(), key=lambda item: -item[1])[:12]
    rows = [['filler', 'instructions an octet', 'of an ordinary message']]
    return rows + [[name, f'{cost:.1f}', f'{cost / _ordinary(figures):.2f}'] for name, cost in dearest]


def bounds(figures):
    worst = {peer: max(figures.groups, key=lambda group: figures.ratio('parse', peer, figures.groups[group])) for peer in ['sofia-sip', 'osip2']}
    kept = [Bound('parse of sofia-sip, instructions, mean', 0.25, figures.ratio('parse', 'sofia-sip')),
            Bound('parse of osip2, instructions, mean', 0.11, figures.ratio('parse', 'osip2'))]
    for peer, limit in [('sofia-sip', 0.25), ('osip2', 0.11)]:
        kept.append(Bound(f'parse of {peer}, dearest class ({worst[peer]})', limit, figures.ratio('parse', peer, figures.groups[worst[peer]])))
    kept.append(Bound('parse+print of sofia-sip, instructions', 0.23, figures.ratio('parse+print', 'sofia-sip', against='parse+print')))
    kept.append(Bound("match of sofia-sip's parse, instructions", 0.06, figures.ratio('match', 'sofia-sip')))
    for job in ['parse', 'match']:
        kept.append(Bound(f'{job}, allocations', 0, figures.mean(figures.allocations, job, 'parley')))
    kept.append(Bound('parse of sofia-sip, time', 0.19, figures.times['parse', 'parley'] / figures.times['parse', 'sofia-sip'], goal=True))
    name = max(figures.filled, key=figures.filled.get)
    kept.append(Bound(f'dearest filler ({name}), of an ordinary message', 3, figures.filled[name] / _ordinary(figures)))
    return kept

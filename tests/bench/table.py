# SPDX-License-Identifier: MIT
"""Tables of text, and bounds."""
import dataclasses


def markdown(rows):
    """First row: the heads. Columns after the first are set right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ['| ' + ' | '.join(cell.ljust(widths[i]) if i == 0 else cell.rjust(widths[i]) for i, cell in enumerate(row)) + ' |' for row in rows]
    rule = '|' + '|'.join('-' * (width + 1) + ('-' if i == 0 else ':') for i, width in enumerate(widths)) + '|'
    return '\n'.join([lines[0], rule, *lines[1:]])


@dataclasses.dataclass
class Bound:
    name: str
    limit: float
    found: float
    goal: bool = False  # shown, not demanded

    @property
    def kept(self):
        return self.found <= self.limit

    def row(self):
        return [self.name, _short(self.limit), _short(self.found), 'kept' if self.kept else 'missed' if self.goal else 'NOT KEPT']


def _short(value):
    return f'{value:,.0f}' if value >= 100 or value == int(value) else f'{value:.3f}'

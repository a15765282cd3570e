# SPDX-License-Identifier: GPL-2.0-or-later
"""Two machines' views of memory, region by region, and why they differ."""

import re
from typing import List

REGION = re.compile(r'^  ([0-9a-f]+)-([0-9a-f]+) \(prio -?\d+, ([^)]*)\): (.*?)'
                    r'(?: @[0-9a-f]+)?(?: owner:\{(?:dev|obj) (path|id)=([^}]*)\})?'
                    r'(?: parent:.*)?$')
STUB = 'unimplemented-device'


def parse(text):
    """Regions of the flat view that CPUs have, of `info mtree -f -o`."""
    for view in text.split('FlatView #'):
        if 'Root memory region: system' in view:
            return [region(m) for m in map(REGION.match, view.splitlines()) if m]
    return []


def region(match):
    start, end, kind, name, by, owner = match.groups()
    if by == 'id':
        owner = '/machine/peripheral/' + owner
    return {'start': int(start, 16), 'end': int(end, 16) + 1, 'kind': kind,
            'name': name, 'owner': owner}


def what(entry):
    """A region in a word: its owner's type, or that it is memory."""
    if not entry:
        return None
    if entry['kind'] in ('ram', 'rom', 'romd'):
        return 'memory'
    return entry.get('type') or entry['name']


def find(regions, address):
    for entry in regions:
        if entry['start'] <= address < entry['end']:
            return entry
    return None


def pieces(theirs, ours):
    """(start, end, theirs, ours): where either has anything, neighbours of a kind
    together."""
    edges = sorted({e[k] for e in theirs + ours for k in ('start', 'end')})
    result: List[tuple] = []
    for start, end in zip(edges, edges[1:]):
        pair = (what(find(theirs, start)), what(find(ours, start)))
        if pair == (None, None):
            continue
        if result and result[-1][1] == start and result[-1][2:] == pair:
            result[-1] = (result[-1][0], end) + pair
        else:
            result.append((start, end) + pair)
    return result


class Places:
    """What the tree has at an address, and what became of it."""

    def __init__(self, nodes, report):
        self.verdicts = {n['path']: n for n in report['nodes']}
        spans = [(address, address + size, node) for node in nodes
                 for address, size in node.regs()]
        self.banks = [s for s in spans if is_memory(s[2])]
        self.spans = [s for s in spans if not is_memory(s[2]) and not is_bus(s[2])]

    def at(self, start, end):
        """The smallest node that has all of a range, or else a part, or None."""
        found = [(not (s <= start and end <= e), e - s, n)
                 for s, e, n in self.spans if s < end and start < e]
        return min(found, key=lambda f: f[:2])[2] if found else None

    def is_memory(self, start, end):
        """Whether a range is of the memory that the tree describes."""
        return any(s <= start and end <= e for s, e, _ in self.banks)

    def say(self, node):
        """What the report says of a node."""
        entry = self.verdicts.get(node.path, {})
        verdict = entry.get('verdict', '?')
        if not node.available():
            return '%s is disabled in the tree' % node.path
        if verdict in ('modelled', 'substituted') and entry.get('driver'):
            return '%s is modelled; its model has less here' % node.path
        if verdict == 'structure' and not node.compatible():
            return '%s is not compatible to anything' % node.path
        return '%s: %s' % (node.path, entry.get('reason') or verdict)


def is_memory(node):
    return node.props.get('device_type') == b'memory\0'


def is_bus(node):
    return b'simple-bus' in node.props.get('compatible', b'').split(b'\0')


def explain(start, end, theirs, ours, places):
    """(class, reason) of a piece: why the two have different things there."""
    node = places.at(start, end)
    if theirs == ours:
        return 'same', ''
    if theirs == 'memory' and places.is_memory(start, end):
        return 'board only', "the board's memory goes on under its devices"
    if theirs == STUB and ours is None:
        return 'board stub', 'the board has a stub' + (
            ', %s' % places.say(node) if node else ', the tree has no node')
    if ours == STUB and theirs is None:
        return 'tree stub', places.say(node) if node else 'filled up between stubs'
    if theirs is None:
        return 'tree only', 'the board leaves it out' + (
            ': %s' % node.path if node else '; it is for what users add')
    if ours is None and not node:
        return 'board only', 'the tree has no node'
    if ours is None:
        return 'board only', places.say(node)
    if theirs == STUB:
        return 'tree better', 'a stub on the board, a model here' + (
            ': %s' % node.path if node else '')
    if ours == STUB and not node:
        return 'board only', 'the tree has no node; between stubs'
    if ours == STUB:
        return 'board only', places.say(node)
    return 'other type', '%s, by %s' % (ours, node.path) if node else \
        'the tree has no node'


def compare(theirs, ours, places):
    """Rows of the side by side."""
    rows = []
    for start, end, a, b in pieces(theirs, ours):
        kind, reason = explain(start, end, a, b, places)
        rows.append({'start': start, 'end': end, 'theirs': a, 'ours': b,
                     'class': kind, 'reason': reason})
    return rows


def table(rows):
    """The rows for a reader."""
    lines = ['%-33s %-12s %-28s %-28s %s' % ('address', '', 'board', 'tree', 'why')]
    for r in rows:
        lines.append('%016x-%016x %-12s %-28s %-28s %s' % (
            r['start'], r['end'] - 1, r['class'], r['theirs'] or '-', r['ours'] or '-',
            r['reason']))
    return [line.rstrip() for line in lines]

# SPDX-License-Identifier: GPL-2.0-or-later
"""What two machines side by side have shown, as text."""

import collections
from typing import Dict

from . import sides
from .tables import cell

WHAT = ('sd', 'net', 'disk')
CLASSES = ('same', 'tree better', 'tree only', 'board only', 'other type', 'board stub',
           'tree stub')


def console(side):
    """Whether the guest was heard, or switched itself off without a word."""
    if side.get('userspace'):
        return 'yes'
    return 'no (headless)' if side.get('stop') == 'guest-shutdown' else 'no'


def numbers(side, pair):
    """Console, CPUs and what works, each as a short word."""
    if 'no_kernel' in pair:
        return dict.fromkeys(('console', 'cpus') + WHAT, 'no kernel')
    asked = sides.expected(pair)
    found = {'console': console(side),
             'cpus': str(side.get('cpus', 0))}
    for what in WHAT:
        found[what] = '%d/%d' % (len(side.get(what, [])), asked[what]) \
            if asked[what] else '-'
    return found


def lacks(less, more, pair):
    """What works on one side less than on the other."""
    if 'no_kernel' in pair:
        return []
    found = []
    if more.get('userspace') and not less.get('userspace'):
        found.append('console')
    if less.get('cpus', 0) < more.get('cpus', 0):
        found.append('cpus')
    return found + [what for what in WHAT
                    if len(less.get(what, [])) < len(more.get(what, []))]


def behind(result):
    """What the machine of the tree lacks that the board's own has."""
    return lacks(result['tree'], result['board'], result['pair'])


def unexplained(result):
    """How many differences of the memory maps have no reason."""
    return sum(row['class'] != 'same' and not row['reason']
               for row in result.get('memory', []))


def line(result):
    """A pair in a line."""
    pair = result['pair']
    if 'no_kernel' in pair:
        return '%-20s no kernel; memory alone' % pair['machine']
    texts = []
    for name in ('board', 'tree'):
        n = numbers(result[name], pair)
        texts.append('%s: console %s, CPUs %s, sd %s, net %s, disk %s' % (
            name, n['console'], n['cpus'], n['sd'], n['net'], n['disk']))
    missing = behind(result)
    return '%-20s %s' % (pair['machine'], '; '.join(texts)) + (
        '; behind: ' + ', '.join(missing) if missing else '') + (
        '; %d unexplained' % unexplained(result) if unexplained(result) else '')


def beside(board, tree, key):
    """Both sides of a column, once if they are equal."""
    return board[key] if board[key] == tree[key] else '%s : %s' % (board[key], tree[key])


def causes(result):
    """Why either side lacks something, as far as anything tells."""
    pair = result['pair']
    if 'no_kernel' in pair:
        return [pair['no_kernel']]
    found = list(pair.get('notes', []))
    for name, other in (('board', 'tree'), ('tree', 'board')):
        side = result[name]
        missing = lacks(side, result[other], pair)
        if side.get('message'):
            found.append('%s: %s' % (name, side['message']))
        if 'console' in missing:
            continue
        for what in missing:
            said = [f for f in side.get('failed', []) if f.startswith(what + ':')]
            found += ['%s: %s' % (name, text) for text in said]
        waits = side.get('deferred', []) if missing else []
        if waits:
            found.append('%s: these wait: %s' % (name, ', '.join(waits)))
    return found


def counts(rows):
    """How many pieces of memory are of which class."""
    return collections.Counter(row['class'] for row in rows)


HEAD = """<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
# Side by side with QEMU's own machines

Written by `scripts/side-by-side --docs`: the same kernel of Debian, tree, initrd, cards,
networks and disk, once with `-M MACHINE -dtb TREE` and once with `-dtb-machine TREE`, on
the same day. Where the two differ, a cell has the board's own machine first, then the one
that is built from the tree. A card or a disk works if the guest has mounted it, has
read a file and has written one; a network, if the guest has fetched a file; of how many
is what follows the slash: there is a network for each controller of the machine, some of
which the tree has not or has disabled.
"""

MEMORY = """
## Memory

How the two maps of memory differ, in pieces that have one thing on each side: *same* has
the same type of device, or memory, in both; *tree better* is a model where the board has
a stub; *tree only* a model that the board leaves out; *board only* a model of the board
that is not there, or a stub, with the tree; *other type* a different model; *board stub*
and *tree stub* are stubs in one and nothing in the other. Every row with its reason is in
`build/side-by-side/MACHINE.map`; the reasons of *board only* and *other type* are below.
"""


def devices_table(results):
    lines = ['| machine | tree | console | CPUs | SD | network | disk | why |',
             '|---|---|---|---|---|---|---|---|']
    for result in results:
        pair = result['pair']
        board, tree = (numbers(result[name], pair) for name in ('board', 'tree'))
        lines.append('| %s | %s | %s | %s |' % (
            pair['machine'], pair['tree'],
            ' | '.join(beside(board, tree, key)
                       for key in ('console', 'cpus') + WHAT),
            cell('; '.join(causes(result)))))
    return lines


def memory_table(results):
    lines = ['| machine | %s |' % ' | '.join(CLASSES), '|---' * (len(CLASSES) + 1) + '|']
    for result in results:
        n = counts(result['memory'])
        lines.append('| %s | %s |' % (result['pair']['machine'],
                                      ' | '.join(str(n[c]) for c in CLASSES)))
    return lines


def differences(result):
    """The pieces where the board has more, those of one kind and reason together."""
    groups: Dict[tuple, list] = {}
    for row in result['memory']:
        if row['class'] in ('board only', 'other type'):
            key = (row['theirs'], row['ours'] or '', cell(row['reason']))
            groups.setdefault(key, []).append(row)
    for names, rows in groups.items():
        more = '' if len(rows) == 1 else ' and %d more' % (len(rows) - 1)
        size = sum(r['end'] - r['start'] for r in rows)
        yield ('| %#x%s | %#x | ' % (rows[0]['start'], more, size) +
               '%s | %s | %s |' % names)


def markdown(results, about):
    lines = HEAD.splitlines() + ['', about, ''] + devices_table(results)
    lines += MEMORY.splitlines() + [''] + memory_table(results)
    for result in results:
        rows = list(differences(result))
        if rows:
            lines += ['', '### %s' % result['pair']['machine'], '',
                      '| address | size | board | tree | why |', '|---|---|---|---|---|']
            lines += rows
    return lines

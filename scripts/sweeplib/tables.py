# SPDX-License-Identifier: GPL-2.0-or-later
"""What a sweep has found, as text: for the terminal, and docs/generated/boards.md."""

import collections
import os
import re
from typing import Dict

from . import machine

BEGIN = '<!-- sweep %s: written by scripts/sweep, do not edit -->'
END = '<!-- sweep %s: end -->'


def totals(results):
    """The numbers that sum a sweep up."""
    count: Dict[str, int] = collections.Counter()
    for r in results:
        count['trees'] += 1
        count[r['build']] += 1
        if r.get('kernel'):
            count['kernel'] += 1
        if r.get('userspace'):
            count['userspace'] += 1
            count[r['userspace']] += 1
            if r['cpus_up'] == r['cpus']:
                count['all_cpus'] += 1
        count['modelled'] += sum(r.get('nodes', {}).get(k, 0)
                                 for k in ('modelled', 'substituted'))
        count['stub'] += r.get('nodes', {}).get('stub', 0)
        count['ignored'] += r.get('nodes', {}).get('ignored', 0)
    return count


def stage(result):
    """How far a tree got, in a word or two."""
    if result['build'] != 'built':
        return result['build']
    if 'userspace' not in result:
        return 'built'
    if result['userspace']:
        return 'userspace, ' + result['userspace']
    return 'kernel' if result['kernel'] else 'built'


def summary(results, booted):
    """Totals as lines of text."""
    t = totals(results)
    lines = ['%5d trees' % t['trees'], '%5d built' % t['built'],
             '%5d refused' % t['refused'],
             '%5d crashed or hung while building' % (t['crash'] + t['hang'])]
    if booted:
        lines += ['%5d reached the kernel' % t['kernel'],
                  '%5d reached userspace' % t['userspace'],
                  '%5d ... on the console of the tree' % t['own console'],
                  '%5d ... on a stand-in for it' % t['stand-in'],
                  '%5d ... headless' % t['headless'],
                  '%5d ... with all CPUs' % t['all_cpus']]
    return lines


def generic(message):
    """A message without what differs from tree to tree."""
    message = re.sub(r'^\[ *\d+\.\d+\] ?', '', message)
    message = re.sub(r'^\S+\.dtb: ', '', message)
    message = re.sub(r'/[^\s:]+', '/...', message)
    return re.sub(r'0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+', 'N', message)


def reasons(results):
    """(count, kind of message, a tree, the tree's message): the commonest first."""
    groups = collections.defaultdict(list)
    for r in results:
        if r.get('message'):
            groups[(stage(r), generic(r['message']))].append(r)
    ranked = sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
    return [(len(rs), key[0], rs[0]['tree'], rs[0]['message']) for key, rs in ranked]


def text_table(results):
    """A row for every tree."""
    rows = ['%-52s %-20s %5s %6s %4s %4s %4s  %s' % (
        'tree', 'reached', 'CPUs', 'sec', 'mod', 'stub', 'ign', 'message')]
    for r in results:
        nodes = r.get('nodes', {})
        rows.append(('%-52s %-20s %5s %6.1f %4s %4s %4s  %s' % (
            r['tree'], stage(r), '%d/%d' % (r.get('cpus_up', 0), r.get('cpus', 0)),
            r['seconds'], nodes.get('modelled', 0) + nodes.get('substituted', 0),
            nodes.get('stub', 0), nodes.get('ignored', 0),
            r.get('message', ''))).rstrip())
    return rows


def cell(text):
    return text.replace('|', '\\|').replace('<', '&lt;')


def vendors(results):
    """Rows of the table by folder or, where there is none, by the name's stem."""
    groups = collections.defaultdict(list)
    for r in results:
        name = r['tree']
        groups[os.path.dirname(name) or re.split(r'[-.]|\d', name)[0]].append(r)
    for name in sorted(groups):
        t = totals(groups[name])
        yield '| %s | %d | %d | %d | %d | %d | %d |' % (
            name, t['trees'], t['built'], t['kernel'], t['userspace'], t['own console'],
            t['stand-in'])


def markdown(meta, results):
    """The part of docs/generated/boards.md that is about one corpus."""
    t = totals(results)
    lines = ['## %s: the trees of %s' % (meta['name'], meta['package']), '',
             '%d of the %d trees in `%s` of Debian %s, each booted with that package\'s'
             ' own kernel; last run %s.' % (
                 t['trees'], meta['corpus'], meta['package'], meta['suite'],
                 meta['date']), '']
    lines += ['| what | trees |', '|---|---|']
    lines += ['| %s | %s |' % (text.strip('. '), number) for number, text in
              (line.split(None, 1) for line in summary(results, True))]
    lines += ['', 'Nodes: %d with a model or a near relative of it, %d stubs, %d'
              ' ignored.' % (t['modelled'], t['stub'], t['ignored']), '']
    lines += ['| vendor | trees | built | kernel | userspace | own console | stand-in |',
              '|---|---|---|---|---|---|---|']
    lines += vendors(results)
    lines += ['', '### Every tree', '',
              'CPUs: up, of those in the tree. Nodes: with a model, stubs, ignored.', '',
              '| tree | reached | CPUs | nodes | s | why no further |',
              '|---|---|---|---|---|---|']
    for r in results:
        n = r.get('nodes', {})
        lines.append('| %s | %s | %d/%d | %d, %d, %d | %.0f | %s |' % (
            r['tree'], stage(r), r.get('cpus_up', 0), r.get('cpus', 0),
            n.get('modelled', 0) + n.get('substituted', 0), n.get('stub', 0),
            n.get('ignored', 0), r['seconds'], cell(r.get('message', ''))))
    return lines


HEAD = """<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
# Which trees boot

Unmodified device trees out of Debian's kernel packages on the machine that
`-dtb-machine` builds from them, written by `scripts/sweep --docs`. *Userspace* means
that the first program of the initrd ran: *own console* if it said so on a serial port of
the tree's, *stand-in* if it did on the one that the rule `console` puts where the tree's
console has no model, *headless* if there is neither, and what proves it is that the
guest asked for the power to be switched off (QMP's event SHUTDOWN with the reason
guest-shutdown; a panic would give guest-reset).
"""


README_BEGIN = '<!-- sweep: written by scripts/sweep, do not edit -->\n'
README_END = '<!-- sweep: end -->\n'
README_HEAD = ('| trees of | all | built | userspace | ... on the tree\'s console '
               '| ... on a stand-in |\n|---|---|---|---|---|---|\n')


def series(package):
    """The packages among which a newer one replaces an older one: those of kernels with
    the same major number and flavour, as of linux-image-6.1.0-50-armmp 6.1 and armmp."""
    return re.findall(r'linux-image-(\d+\.\d+)', package), package.rsplit('-', 1)[-1]


def write_readme(path, meta, results):
    """Put the row of one corpus into README.md's table, if it is a whole one."""
    text = machine.text_of(path)
    if len(results) < meta['corpus'] or README_BEGIN not in text:
        return
    head, rest = text.split(README_BEGIN, 1)
    table, tail = rest.split(README_END, 1)
    t = totals(results)
    rows = {row.split('`')[1]: row for row in table.splitlines() if '`' in row}
    # A newer kernel of the same suite and architecture takes the older one's row
    rows = {name: row for name, row in rows.items()
            if series(name) != series(meta['package'])}
    rows[meta['package']] = '| `%s` | %d | %d | %d | %d | %d |' % (
        meta['package'], t['trees'], t['built'], t['userspace'], t['own console'],
        t['stand-in'])
    with open(path, 'w', encoding='utf-8') as file:
        file.write(head + README_BEGIN + README_HEAD +
                   ''.join('%s\n' % rows[name] for name in sorted(rows)) +
                   README_END + tail)


def write_docs(path, meta, results):
    """Put the part of one corpus into docs/generated/boards.md, and leave the others."""
    old = machine.text_of(path)
    arch = meta['name']
    parts = dict(re.findall(
        r'<!-- sweep ([\w-]+): written[^\n]*\n(.*?)<!-- sweep \1: end -->\n',
        old, re.DOTALL))
    parts[arch] = '\n'.join(markdown(meta, results)) + '\n'
    with open(path, 'w', encoding='utf-8') as file:
        file.write(HEAD)
        for name in sorted(parts):
            file.write('\n%s\n%s%s\n' % (BEGIN % name, parts[name], END % name))

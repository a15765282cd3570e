# SPDX-License-Identifier: GPL-2.0-or-later
"""What the results of a sweep mean to a CI: which trees fail, as text and as JUnit's XML,
and what has got better or worse since an earlier sweep."""

import json
import xml.etree.ElementTree as ET
from typing import Any, Dict, List, NamedTuple, Optional

from . import tables

Result = Dict[str, Any]

# How far a tree got, from nowhere to a shell on its own console
STAGES = ['hang', 'crash', 'refused', 'built', 'kernel', 'userspace, headless',
          'userspace, stand-in', 'userspace, own console']


def skipped(result: Result) -> bool:
    """Whether the kernel is for other CPUs, which says nothing of the tree."""
    return result.get('stop') == 'not started'


def failed(result: Result) -> bool:
    """Whether a tree was not built, or did not reach userspace if it was to."""
    if result['build'] != 'built':
        return True
    return not skipped(result) and 'userspace' in result and not result['userspace']


class Change(NamedTuple):
    """What is different about a tree: better is positive, worse negative."""
    tree: str
    better: int
    text: str


def models(result: Result) -> int:
    """How many nodes have a device."""
    nodes = result.get('nodes', {})
    return nodes.get('modelled', 0) + nodes.get('substituted', 0)


def compare(old: Result, new: Result) -> Optional[Change]:
    """How a tree's result differs: in the stage that it reached, or else in its CPUs
    that are up, or else in the number of nodes with a device; None if in none of them."""
    measures = [('', STAGES.index(tables.stage(old)), STAGES.index(tables.stage(new))),
                ('CPUs up: ', old.get('cpus_up', 0), new.get('cpus_up', 0)),
                ('nodes with a device: ', models(old), models(new))]
    for what, before, after in measures:
        if before != after:
            names = (before, after) if what else (STAGES[before], STAGES[after])
            why = new.get('message') if after < before else None
            return Change(new['tree'], after - before,
                          f'{what}{names[0]} -> {names[1]}' +
                          (': ' + why[:110] if why else ''))
    return None


def changes(old: List[Result], new: List[Result]) -> List[Change]:
    """What differs of the trees that both sweeps have."""
    before = {result['tree']: result for result in old}
    found = [compare(before[result['tree']], result) for result in new
             if result['tree'] in before]
    return [change for change in found if change]


def read(path: str) -> List[Result]:
    """The results of an earlier sweep; ValueError if the file holds none."""
    with open(path, encoding='utf-8') as file:
        data = json.load(file)
    if not isinstance(data, dict) or not isinstance(data.get('trees'), list):
        raise ValueError('this is not a sweep.json')
    return data['trees']


def report(old: List[Result], new: List[Result]) -> List[str]:
    """The changes as lines of text."""
    found = changes(old, new)
    lines = []
    for word, chosen in (('worse', [c for c in found if c.better < 0]),
                         ('better', [c for c in found if c.better > 0])):
        lines.append('%5d %s' % (len(chosen), word))
        lines += ['      %-50s %s' % (change.tree, change.text) for change in chosen]
    trees = {result['tree'] for result in old}, {result['tree'] for result in new}
    for word, names in (('new', trees[1] - trees[0]), ('not run', trees[0] - trees[1])):
        if names:
            lines.append('%5d %s: %s%s' % (len(names), word, ', '.join(sorted(names)[:5]),
                                           ', ...' if len(names) > 5 else ''))
    return lines


def got_worse(old: List[Result], new: List[Result]) -> bool:
    """Whether a tree got less far than it did, or one that is new fails."""
    known = {result['tree'] for result in old}
    return any(change.better < 0 for change in changes(old, new)) or any(
        failed(result) for result in new if result['tree'] not in known)


def junit(name: str, results: List[Result]) -> ET.ElementTree:
    """The results as a test suite, a tree a test case."""
    suite = ET.Element('testsuite', {
        'name': 'sweep ' + name, 'tests': str(len(results)), 'errors': '0',
        'failures': str(sum(map(failed, results))),
        'skipped': str(sum(map(skipped, results))),
        'time': '%.1f' % sum(result['seconds'] for result in results)})
    for result in results:
        case = ET.SubElement(suite, 'testcase', {
            'classname': name, 'name': result['tree'],
            'time': '%.1f' % result['seconds']})
        message = '%s: %s' % (tables.stage(result), result.get('message', ''))
        if failed(result):
            ET.SubElement(case, 'failure', {'message': message})
        elif skipped(result):
            ET.SubElement(case, 'skipped', {'message': message})
        ET.SubElement(case, 'system-out').text = tables.stage(result)
    return ET.ElementTree(suite)

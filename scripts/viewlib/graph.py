# SPDX-License-Identifier: GPL-2.0-or-later
"""Graphs for documents, in the language of Graphviz, which lays them out."""

import subprocess
from typing import Any, Dict, Iterator, List, Tuple

from .data import Failure

# Fill colours by verdict; those of the page, but light enough for black text
COLOURS = {'modelled': '#bfe5d3', 'substituted': '#c5d9f7', 'stub': '#f7d3b0',
           'memory': '#dccff5', 'structure': '#e4e8ec', 'disabled': '#f4f5f6',
           'ignored': '#f3ccd9'}
Node = Dict[str, Any]
# From, to, what is written on the line
Edge = Tuple[str, str, str]


def parent_of(path: str) -> str:
    """The path of the node above."""
    return path.rpartition('/')[0] or '/'


def bus_edges(nodes: List[Node]) -> Iterator[Edge]:
    """Each node is below another; on a bus, it has an address there."""
    for node in nodes:
        if node['path'] != '/' and node['verdict'] != 'disabled':
            bus = node.get('bus')
            yield (parent_of(node['path']), node['path'],
                   f"{bus['kind']} {bus['address']}" if bus else '')


def line_of(specifier: Any, controllers: Dict[str, Node]) -> str:
    """An interrupt's number; of a GIC with its kind (arm,gic.yaml)."""
    cells = specifier['cells']
    controller = controllers.get(specifier['controller'], {})
    compatible = ' '.join(controller.get('compatible', []))
    if len(cells) >= 3 and ('gic' in compatible) and cells[0] < 2:
        return f"{'PPI' if cells[0] else 'SPI'} {cells[1]}"
    return ' '.join(map(str, cells[:1] if len(cells) <= 2 else cells))


def interrupt_edges(nodes: List[Node]) -> Iterator[Edge]:
    """From the device to its controller."""
    by_path = {node['path']: node for node in nodes}
    for node in nodes:
        for specifier in node.get('specifiers', []):
            if node['verdict'] != 'disabled':
                yield (node['path'], specifier['controller'],
                       line_of(specifier, by_path))


def link_edges(nodes: List[Node], kind: str) -> Iterator[Edge]:
    """From the provider to the device that it serves."""
    for node in nodes:
        for link in node.get('links', []):
            if link['kind'] == kind and node['verdict'] != 'disabled':
                cells = ' '.join(map(str, link['cells'][:1]))
                label = link.get('name') or link['property']
                yield (link['provider'], node['path'],
                       f'{label} {cells}'.strip() if kind == 'gpio' else cells)


GRAPHS = {
    'buses': bus_edges,
    'interrupts': interrupt_edges,
    'gpios': lambda nodes: link_edges(nodes, 'gpio'),
    'clocks': lambda nodes: link_edges(nodes, 'clock'),
}


def quoted(text: str) -> str:
    """A string of Graphviz's language."""
    return '"%s"' % text.replace('\\', '\\\\').replace('"', '\\"')


def merged(edges: Iterator[Edge]) -> Dict[Tuple[str, str], List[str]]:
    """Lines between the same nodes are one, with all that is written on them."""
    found: Dict[Tuple[str, str], List[str]] = {}
    for start, end, label in edges:
        labels = found.setdefault((start, end), [])
        if label and label not in labels:
            labels.append(label)
    return found


def node_line(node: Node) -> str:
    """A node of the graph: its name, and the device that it is."""
    lines = [node['path'].rpartition('/')[2] or '/',
             node.get('driver') or (node.get('compatible') or [''])[0]]
    # Graphviz has a line break for \n in a string
    label = '\\n'.join(quoted(line)[1:-1] for line in lines if line)
    return (f'  {quoted(node["path"])} [label="{label}" '
            f'fillcolor="{COLOURS[node["verdict"]]}" tooltip={quoted(node["path"])}];')


def dot(report: Any, which: str) -> str:
    """A graph of a machine; nodes that nothing leads to or from are left out."""
    edges = merged(GRAPHS[which](report['nodes']))
    ends = {end for edge in edges for end in edge}
    title = f"{report.get('model') or report['file']}: {which}"
    lines = [f'digraph {quoted(which)} {{',
             f'  graph [rankdir=LR nodesep=0.08 ranksep=1.2 label={quoted(title)} '
             'labelloc=t fontname="sans-serif"];',
             '  node [shape=box style="filled,rounded" fontname="sans-serif" '
             'fontsize=10 height=0.3 margin="0.12,0.04" color="#5b6670"];',
             '  edge [fontname="sans-serif" fontsize=8 color="#5b6670" arrowsize=0.6];']
    lines += [node_line(node) for node in report['nodes'] if node['path'] in ends]
    for (start, end), labels in edges.items():
        label = f' [label={quoted(", ".join(labels))}]' if labels else ''
        lines.append(f'  {quoted(start)} -> {quoted(end)}{label};')
    return '\n'.join([*lines, '}', ''])


def svg(text: str) -> str:
    """The picture that Graphviz makes of a graph."""
    try:
        done = subprocess.run(['dot', '-Tsvg'], input=text, stdout=subprocess.PIPE,
                              text=True, check=False)
    except FileNotFoundError as err:
        raise Failure('dot: no such program; it is of the package graphviz') from err
    if done.returncode:
        raise Failure('dot: the graph could not be laid out')
    return done.stdout

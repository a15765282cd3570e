# SPDX-License-Identifier: GPL-2.0-or-later
"""What a view of a machine shows: QEMU's report of it, and the properties of the tree.

QEMU's report (docs/user-guide.md) says what became of every node, and how nodes are
connected. Only the properties are read from the blob, to be shown as they are.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from typing import Any, Dict, List

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

Report = Dict[str, Any]

# A property that is longer is shown up to here, in bytes
LONGEST = 512
# The file of a tree, and of overlays, among the keys of -dtb-machine
KEY = re.compile(r'(file|overlays\.\d+)=((?:[^,]|,,)*)')


class Failure(Exception):
    """Why there is nothing to show."""


def command_of(tree: str, options: List[str]) -> List[str]:
    """The command that scripts/boot would start for a tree."""
    script = os.path.join(TOP, 'scripts/boot')
    done = subprocess.run([script, '--print', *options, tree], stdout=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, check=False)
    if done.returncode:
        raise Failure(f'{tree}: scripts/boot cannot read it')
    return shlex.split(done.stdout)


def report_of(qemu: str, option: str) -> Report:
    """What QEMU would make of a tree, whose file and keys are those of an option."""
    if not os.path.exists(qemu):
        raise Failure(f'{qemu}: no such file: run scripts/build')
    done = subprocess.run([qemu, '-dtb-machine', option + ',dry-run=on,report=-',
                           '-display', 'none'], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Failure(done.stderr.decode('utf-8', 'replace').strip())
    return json.loads(done.stdout.decode('utf-8', 'replace'))


def files_of(option: str) -> List[str]:
    """The files of a tree and of its overlays."""
    return [found[2].replace(',,', ',') for found in KEY.finditer(option)]


def is_text(value: bytes) -> bool:
    """Whether the bytes of a property are one or more strings."""
    return (len(value) > 1 and value.endswith(b'\0') and not value.startswith(b'\0') and
            b'\0\0' not in value and
            all(c == 0 or 0x20 <= c < 0x7f for c in value))


def text_of(value: bytes) -> str:
    """A property as the source of a tree would have it."""
    if is_text(value):
        return ', '.join('"%s"' % part.replace('\\', '\\\\').replace('"', '\\"')
                         for part in value[:-1].decode('ascii').split('\0'))
    cut = value[:LONGEST]
    if len(value) % 4 == 0:
        words = ['0x%x' % int.from_bytes(cut[i:i + 4], 'big')
                 for i in range(0, len(cut), 4)]
        text = '<%s>' % ' '.join(words) if words else ''
    else:
        text = '[%s]' % cut.hex(' ')
    return text if cut == value else f'{text} ... {len(value)} bytes'


def merged(files: List[str], folder: str) -> str:
    """The tree with its overlays, or without, where libfdt cannot apply them."""
    out = os.path.join(folder, 'merged.dtb')
    if len(files) > 1:
        done = subprocess.run(['fdtoverlay', '-i', files[0], '-o', out, *files[1:]],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False)
        if not done.returncode:
            return out
    return files[0]


def properties_of(files: List[str]) -> Dict[str, Dict[str, str]]:
    """The properties of each node, by its path, as text."""
    sys.path.insert(0, os.path.join(TOP, 'scripts'))
    # pylint: disable=import-outside-toplevel
    from sweeplib import fdt
    with tempfile.TemporaryDirectory() as folder:
        nodes = fdt.read(merged(files, folder))
    return {node.path: {name: text_of(value) for name, value in node.props.items()}
            for node in nodes}


def add_properties(report: Report, files: List[str]) -> None:
    """Put them beside what the report says of the node."""
    try:
        properties = properties_of(files)
    except Exception as err:    # pylint: disable=broad-exception-caught
        # libfdt's own; a file with several trees is one of QEMU's, and none of its
        print(f'view: no properties are shown: {files[0]}: {err}', file=sys.stderr)
        return
    for node in report['nodes']:
        node['props'] = properties.get(node['path'], {})


def of_tree(tree: str, options: List[str]) -> Report:
    """What is to be shown of a tree, given as to scripts/boot."""
    command = command_of(tree, options)
    option = command[command.index('-dtb-machine') + 1]
    report = report_of(command[0], option)
    add_properties(report, files_of(option))
    report['boot'] = shlex.join(['scripts/boot', *options, tree])
    return report


def of_report(path: str) -> Report:
    """The same of a report that QEMU has written; with properties, if its tree is
    still where it was."""
    try:
        with open(path, encoding='utf-8') as file:
            report = json.load(file)
        nodes = report['nodes']
    except OSError as err:
        raise Failure(f'{path}: {err.strerror}') from err
    except (ValueError, KeyError, TypeError) as err:
        raise Failure(f'{path}: no report of -dtb-machine (report=FILE)') from err
    if nodes and os.path.exists(report['file']):
        add_properties(report, [report['file']])
    return report

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How a disk and a network get to a machine of a tree, for scripts/boot.

Prints the keys for -dtb-machine and QEMU's arguments, one a line. Where a node of the
tree takes a card, a SATA disk or a network card, the disk and the network go there; the
report of a dry run says whether one does. All else goes to virtio-mmio transports, which
are added for it.

What the guest writes is dropped, unless --write is given: the disk is a snapshot or,
where the size of a card has to be another one, an overlay in a folder that the caller
removes.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
from typing import Dict, List, Optional

# Interfaces of -drive that nodes take, the likeliest first
INTERFACES = ('sd', 'ide')
SSH = 22


class Failure(Exception):
    """What is wrong, in words for the user."""


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('--qemu', required=True)
    add('--machine', required=True, help="the value of -dtb-machine")
    add('--folder', help='where an overlay may be')
    add('--disk')
    add('--write', action='store_true', help='write to the disk itself')
    add('--net', action='store_true', help='a network, with a port of the host for SSH')
    add('--key', help='which key logs in, for the line that says how')
    add('arguments', nargs='*', help="QEMU's other arguments")
    return parser.parse_args()


def output(*command: str) -> str:
    """What a program prints; its last message is the reason if it fails."""
    try:
        return subprocess.run(command, check=True, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout
    except subprocess.CalledProcessError as err:
        lines = err.stderr.strip().splitlines() or [f'exit status {err.returncode}']
        raise Failure(lines[-1]) from err


def escaped(name: str) -> str:
    """A file name as a value of QEMU's options, where a comma ends it."""
    return name.replace(',', ',,')


class Taken:
    """Who takes drives and networks on the machine of a tree."""

    def __init__(self, config: argparse.Namespace) -> None:
        null = 'format=raw,file.driver=null-co,file.size=64M'
        # While users may still add devices, a drive that no node takes is no error
        words = ['-preconfig']
        words += ['-nic', 'user,id=taken-nic'] if config.net else []
        for interface in INTERFACES if config.disk else ():
            words += ['-drive', f'if={interface},id=taken-{interface},{null}']
        report = json.loads(output(
            config.qemu, '-dtb-machine', config.machine + ',dry-run=on,report=-',
            *words, *memory_of(config.arguments)))
        self.nodes: Dict[str, str] = {
            entry['id'].replace('taken-', ''): entry['path']
            for entry in report['backends'] if 'path' in entry}

    def interface(self) -> Optional[str]:
        """That of a drive which a node takes."""
        return next((name for name in INTERFACES if name in self.nodes), None)


def memory_of(arguments: List[str]) -> List[str]:
    """The arguments that decide whether a tree can be built at all."""
    words: List[str] = []
    for option, value in zip(arguments, arguments[1:]):
        if option in ('-m', '-smp', '-cpu'):
            words += [option, value]
    return words


def power_of_two(size: int) -> int:
    """The size of a card that holds so many bytes: QEMU's have a power of two."""
    return 1 << max(size - 1, 1).bit_length()


def drive_of(config: argparse.Namespace, card: bool) -> str:
    """The file that QEMU opens, as options of -drive."""
    info = json.loads(output('qemu-img', 'info', '--output=json', config.disk))
    size, kind = info['virtual-size'], info['format']
    if not card or size == power_of_two(size):
        return f'format={kind},file={escaped(config.disk)}' + \
            ('' if config.write else ',snapshot=on')
    if config.write or not config.folder:
        raise Failure(f'{config.disk}: the size of a card is a power of two: '
                      f'"qemu-img resize -f {kind} {config.disk} {power_of_two(size)}" '
                      'makes this disk one' +
                      (', and without --write it need not be' if config.write else ''))
    overlay = os.path.join(config.folder, 'overlay.qcow2')
    output('qemu-img', 'create', '-q', '-f', 'qcow2', '-F', kind,
           '-b', os.path.abspath(config.disk), overlay, str(power_of_two(size)))
    return f'format=qcow2,file={escaped(overlay)}'


def free_port() -> int:
    """A port of the host that nobody listens to."""
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


def say(text: str) -> None:
    print(f'boot: {text}', file=sys.stderr, flush=True)


def disk_arguments(config: argparse.Namespace, taken: Taken) -> List[str]:
    """Those that attach the disk."""
    interface = taken.interface()
    drive = 'id=disk,' + drive_of(config, interface == 'sd')
    if interface:
        say(f'the disk is at {taken.nodes[interface]}')
        return ['-drive', f'if={interface},{drive}']
    say('the disk is at a virtio transport: no node of the tree takes one')
    return ['-drive', f'if=none,{drive}', '-device', 'virtio-blk-device,drive=disk']


def net_arguments(config: argparse.Namespace, taken: Taken) -> List[str]:
    """Those that attach the network, after a word on how to log in."""
    port = free_port()
    backend = f'user,id=net,hostfwd=tcp:127.0.0.1:{port}-:{SSH}'
    node = taken.nodes.get('nic')
    say('the network is at '
        + (node or 'a virtio transport: no node of the tree takes one'))
    key = f'-i {config.key} ' if config.key else ''
    say(f'to log in: ssh -p {port} {key}-o UserKnownHostsFile=/dev/null '
        '-o StrictHostKeyChecking=no root@127.0.0.1')
    if node:
        return ['-nic', backend]
    return ['-netdev', backend, '-device', 'virtio-net-device,netdev=net']


def main() -> int:
    config = parse_args()
    try:
        taken = Taken(config)
        words = disk_arguments(config, taken) if config.disk else []
        words += net_arguments(config, taken) if config.net else []
    except Failure as failure:
        print(f'boot: error: {failure}', file=sys.stderr)
        return 1
    transports = sum(word.startswith('virtio-') for word in words)
    print('\n'.join([f'virtio={transports}' if transports else '', *words]))
    return 0


if __name__ == '__main__':
    sys.exit(main())

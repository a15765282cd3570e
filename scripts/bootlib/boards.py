# SPDX-License-Identifier: GPL-2.0-or-later
"""The boards that Debian packages a U-Boot for, and how QEMU starts one of them."""

import os
import re
import subprocess
import sys
from typing import Dict, List, NamedTuple, Optional

from . import firmware

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
HERE = os.path.join(TOP, 'scripts/bootlib')
ARCHS = ('arm64', 'armhf', 'riscv64')
EMULATORS = {'arm64': 'aarch64', 'armhf': 'aarch64', 'riscv64': 'riscv64'}
# Instructions, not the host's clock, tell the guest's time: what firmware waits for comes
# after the same number of reads on every host.  2^5 ns an instruction are a slow CPU,
# on which waiting costs little
ICOUNT = ['-icount', 'shift=5,sleep=off']
# U-Boot that is linked to 2 MiB behind the begin of RAM runs in S-mode, where OpenSBI
# starts it as it does a kernel
OPENSBI_SIZE = 2 << 20
# Where a board has as much memory as is soldered to it, its tree leaves that open
MEMORY = '1G'


class Unknown(Exception):
    """A board that cannot be started; the text says why."""


class Board(NamedTuple):
    """A build, by its name among all: ARCH/NAME."""
    name: str
    arch: str
    folder: str


class Given(NamedTuple):
    """What trees.txt says of a board."""
    tree: str
    address: Optional[int]


class Start(NamedTuple):
    """The files of a board, and where the image goes."""
    arch: str
    image: str
    address: int
    tree: str


def packages(what: str, arch: str) -> Optional[str]:
    """What scripts/bootlib/packages prints."""
    done = subprocess.run(['sh', os.path.join(HERE, 'packages'), 'firmware', what, arch],
                          stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def list_boards(archs=ARCHS, fetch: bool = True) -> List[Board]:
    """All builds for CPUs of ours, each below the architecture that it is for."""
    boards = []
    for arch in archs:
        folder = packages('firmware' if fetch else 'offline', arch)
        if not folder:
            continue
        builds = os.path.join(folder, 'usr/lib/u-boot')
        for name in sorted(os.listdir(builds)):
            path = os.path.join(builds, name)
            if is_for(arch, path):
                boards.append(Board('%s/%s' % (arch, name), arch, path))
    return boards


def is_for(arch: str, path: str) -> bool:
    """Whether a build is for the architecture whose package it is in: u-boot-qemu has
    those of all."""
    try:
        return firmware.read_build(path).arch == arch
    except firmware.Unfit:
        return False


def find_board(name: str, boards: List[Board]) -> Board:
    """The board of a name, with or without its architecture."""
    found = [b for b in boards if name in (b.name, b.name.split('/', 1)[1])]
    if not found:
        raise Unknown('%s: no build of that name in the packages (scripts/firmware list)'
                      % name)
    if len(found) > 1:
        raise Unknown('%s: which of %s?' % (name, ', '.join(b.name for b in found)))
    return found[0]


def read_table() -> Dict[str, Given]:
    """trees.txt: name of the board -> what gives it a tree, and an address."""
    table = {}
    with open(os.path.join(HERE, 'trees.txt'), encoding='utf-8') as file:
        for line in file:
            words = line.split('#')[0].split(None, 1)
            if words:
                tree, _, address = words[1].partition('@')
                table[words[0]] = Given(tree.strip(),
                                        int(address, 0) if address else None)
    return table


def emulator(arch: str) -> str:
    return os.path.join(os.environ.get('FDT_MACHINE_BIN', TOP + '/build/bin'),
                        'qemu-system-' + EMULATORS[arch])


def dump_tree(arch: str, options: str, path: str) -> None:
    """Have a machine of QEMU's write its tree."""
    words = [emulator(arch)] + options.split()
    words[2] += ',dumpdtb=' + path
    done = subprocess.run(words + ['-display', 'none', '-nic', 'none'],
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode or not os.path.exists(path):
        raise Unknown('%s: %s' % (options, done.stderr.strip()))


def package_tree(arch: str, name: str) -> str:
    folder = packages('trees', arch)
    path = os.path.join(folder or '', name + '.dtb')
    if not os.path.exists(path):
        raise Unknown('%s: no such tree in the kernel package of %s' % (name, arch))
    return path


def has_cpus(tree: bytes) -> bool:
    # The packages that a run needs are installed after this file is read
    import libfdt    # pylint: disable=import-outside-toplevel
    return libfdt.FdtRo(tree).path_offset('/cpus', firmware.QUIET) >= 0


def compatible(tree: bytes) -> bytes:
    """The first string of the root's compatible, with its end."""
    import libfdt    # pylint: disable=import-outside-toplevel
    props = firmware.properties(libfdt.FdtRo(tree), 0)
    return props.get('compatible', b'').split(b'\0')[0] + b'\0'


def same_board(arch: str, tree: bytes) -> str:
    """The tree of the kernel package that is for the same board as a control tree."""
    wanted = compatible(tree)
    folder = packages('trees', arch) or ''
    for where, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(where, name)
            if not name.endswith('.dtb'):
                continue
            with open(path, 'rb') as file:
                blob = file.read()
            if wanted in blob and compatible(blob) == wanted:
                return path
    raise Unknown('the control tree has no CPUs, and the kernel package no tree for %s'
                  % wanted.rstrip(b'\0').decode())


def tree_of(board: Board, build: firmware.Build, stem: str) -> str:
    """The file of the tree that the machine is built from."""
    path = stem + '.dtb'
    given = read_table().get(board.name)
    if given and given.tree.startswith('-M'):
        dump_tree(build.arch, given.tree, path)
        return path
    if given:
        return package_tree(board.arch, given.tree)
    if not build.tree:
        raise Unknown('the build has no control tree, and none is known that is for it')
    if not has_cpus(build.tree):
        return same_board(board.arch, build.tree)
    with open(path, 'wb') as file:
        file.write(build.tree)
    return path


def prepare(board: Board, folder: str) -> Start:
    """Write the files that QEMU needs to a folder; raises Unknown."""
    try:
        build = firmware.read_build(board.folder)
    except firmware.Unfit as err:
        raise Unknown(str(err)) from None
    os.makedirs(folder, exist_ok=True)
    stem = os.path.join(folder, re.sub(r'\W', '-', board.name))
    with open(stem + '.bin', 'wb') as file:
        file.write(build.image)
    given = read_table().get(board.name)
    address = given.address if given else None
    return Start(build.arch, stem + '.bin', build.address if address is None else address,
                 tree_of(board, build, stem))


def command(start: Start, keys: str = '', memory: str = MEMORY) -> List[str]:
    """QEMU's command line, without what it is connected to."""
    option = 'file=%s,unmatched=poll%s' % (start.tree.replace(',', ',,'), keys)
    if start.arch == 'riscv64' and start.address & (OPENSBI_SIZE * 2 - 1):
        how = ['-kernel', start.image]
    else:
        option += ',firmware-addr=%d' % start.address
        how = ['-bios', start.image]
    return [emulator(start.arch), '-dtb-machine', option] + how + (
        ['-m', memory] if needs_memory(start.tree) else []) + ICOUNT


def needs_memory(path: str) -> bool:
    """Whether the tree leaves the size of memory to who starts it."""
    sys.path.insert(0, os.path.join(TOP, 'scripts'))
    from sweeplib import fdt    # pylint: disable=import-outside-toplevel
    nodes = [n for n in fdt.read(path)
             if n.props.get('device_type') == b'memory\0' and n.available()]
    return not any(size for node in nodes for _, size in node.regs())

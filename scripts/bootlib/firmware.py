# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds of U-Boot, as Debian packages them: what a board's build is made of, where it
is linked to, and which tree it controls itself by.

A build is a folder.  The ELF file in it says where U-Boot is linked to and begins; what
runs on the board is the same code as a raw image, with the control tree behind it
(doc/develop/devicetree/control.rst of U-Boot).  That image is a file of its own, or lies
in a legacy image, in a FIT image, or behind an SPL: wherever its first bytes are."""

import os
import struct
from typing import Dict, List, NamedTuple, Optional, Tuple

# Of the ELF format: machine -> QEMU's and Debian's words
MACHINES = {40: 'armhf', 183: 'arm64', 243: 'riscv64'}
PT_LOAD = 1
FDT_MAGIC = b'\xd0\x0d\xfe\xed'
# A control tree is larger, and no image of U-Boot is that small
SMALLEST_TREE = 1024
# That there is no other property, or node, is no error (libfdt.h: FDT_ERR_NOTFOUND)
QUIET = (1,)
# As many bytes as tell one program from another
SIGNATURE = 256


class Elf(NamedTuple):
    """What an ELF file says of a program."""
    machine: int
    entry: int
    address: int
    start: bytes


class Build(NamedTuple):
    """A build that QEMU can start."""
    arch: str
    address: int
    image: bytes
    tree: Optional[bytes]


class Unfit(Exception):
    """A folder that is no build for CPUs of ours; the text says why."""


def read_elf(data: bytes) -> Elf:
    """The first loaded segment of an ELF file of either class."""
    if data[:4] != b'\x7fELF' or data[5] != 1:
        raise Unfit('no ELF file of little-endian CPUs')
    wide = data[4] == 2
    machine = struct.unpack_from('<H', data, 18)[0]
    entry, table = struct.unpack_from('<QQ' if wide else '<II', data, 24)
    size, count = struct.unpack_from('<HH', data, 54 if wide else 42)
    for i in range(count):
        at = table + i * size
        if wide:
            kind, _, offset, _, address = struct.unpack_from('<IIQQQ', data, at)
        else:
            kind, offset, _, address = struct.unpack_from('<IIII', data, at)
        if kind == PT_LOAD:
            return Elf(machine, entry, address, data[offset:offset + SIGNATURE])
    raise Unfit('an ELF file with nothing to load')


def find_trees(data: bytes, start: int = 0) -> List[Tuple[int, bytes]]:
    """(offset, blob) of every tree in a file from there on, but for those within
    others."""
    found = []
    at = data.find(FDT_MAGIC, start)
    while at >= 0:
        size = struct.unpack_from('>I', data, at + 4)[0] if at + 8 <= len(data) else 0
        if SMALLEST_TREE <= size <= len(data) - at and is_tree(data, at, size):
            found.append((at, data[at:at + size]))
            at += size - 4
        at = data.find(FDT_MAGIC, at + 4)
    return found


def is_tree(data: bytes, at: int, size: int) -> bool:
    """Whether the header at an offset is that of a tree: its parts lie within it."""
    structure, strings, reserved, version = struct.unpack_from('>IIII', data, at + 8)
    return max(structure, strings, reserved) < size and version in (16, 17)


def properties(fdt, node: int) -> Dict[str, bytes]:
    """The properties of a node.  They are gone through, as libfdt's getprop() of Python
    loses a reference for every one that is not there."""
    found = {}
    at = fdt.first_property_offset(node, QUIET)
    while at >= 0:
        prop = fdt.get_property_by_offset(at)
        found[prop.name] = bytes(prop)
        at = fdt.next_property_offset(at, QUIET)
    return found


class Fit:
    """A FIT image, read with libfdt."""

    def __init__(self, data: bytes, at: int = 0):
        # The packages that a run needs are installed after this file is read
        import libfdt    # pylint: disable=import-outside-toplevel
        self.data = data
        self.at = at
        self.fdt = libfdt.FdtRo(data[at:])

    def has_images(self) -> bool:
        """Whether it is a FIT image, and not a control tree."""
        return self.fdt.path_offset('/images', QUIET) >= 0

    def text(self, node: int, name: str) -> str:
        return properties(self.fdt, node).get(name, b'').split(b'\0')[0].decode()

    def content(self, image: str) -> bytes:
        """What an image holds: within the tree, or behind it."""
        props = properties(self.fdt, self.fdt.path_offset('/images/' + image))
        if 'data' in props:
            return props['data']
        size = int.from_bytes(props.get('data-size', b''), 'big')
        if 'data-position' in props:
            start = int.from_bytes(props['data-position'], 'big')
        else:
            start = ((self.fdt.totalsize() + 3) // 4 * 4 +
                     int.from_bytes(props.get('data-offset', b''), 'big'))
        return self.data[self.at + start:self.at + start + size]

    def default_tree(self) -> Optional[bytes]:
        """The tree of its default configuration, or of the first one that has one."""
        top = self.fdt.path_offset('/configurations', QUIET)
        if top < 0:
            return None
        names = [self.text(top, 'default')]
        node = self.fdt.first_subnode(top, QUIET)
        while node >= 0:
            names.append(self.fdt.get_name(node))
            node = self.fdt.next_subnode(node, QUIET)
        for name in names:
            node = self.fdt.path_offset('/configurations/' + name, QUIET) if name else -1
            image = self.text(node, 'fdt') if node >= 0 else ''
            if image:
                return self.content(image)
        return None


def tree_behind(data: bytes, start: int) -> Optional[bytes]:
    """The control tree of the image that begins at an offset: the first tree behind the
    code, or, if that is a FIT image of several, its default."""
    for at, blob in find_trees(data, start):
        fit = Fit(data, at)
        tree = fit.default_tree() if fit.has_images() else blob
        if tree:
            return tree
    return None


def from_file(data: bytes, elf: Elf) -> Optional[Build]:
    """The build in a file, if it has the program of the ELF file in it."""
    start = data.find(elf.start)
    if start < 0:
        return None
    arch = MACHINES[elf.machine]
    if data[:4] == FDT_MAGIC:
        return from_fit(data, elf, arch)
    return Build(arch, elf.address, data[start:], tree_behind(data, start))


def from_fit(data: bytes, elf: Elf, arch: str) -> Optional[Build]:
    """The build in a FIT image: the image that is the program, and the tree."""
    fit = Fit(data)
    node = fit.fdt.first_subnode(fit.fdt.path_offset('/images'), QUIET)
    while node >= 0:
        content = fit.content(fit.fdt.get_name(node))
        if content.startswith(elf.start):
            tree = fit.default_tree()
            # A tree that is aligned in memory is what U-Boot looks for behind itself
            return Build(arch, elf.address, content + (tree or b''), tree)
        node = fit.fdt.next_subnode(node, QUIET)
    return None


# In this order: what needs no search first
PREFERRED = ('u-boot.bin', 'u-boot-dtb.bin', 'u-boot.img', 'u-boot.itb')


def read_build(folder: str) -> Build:
    """The build in a folder; raises Unfit."""
    names = sorted(os.listdir(folder), key=lambda n: (
        PREFERRED.index(n) if n in PREFERRED else len(PREFERRED), n))
    files: Dict[str, bytes] = {}
    for name in names:
        with open(os.path.join(folder, name), 'rb') as file:
            files[name] = file.read()
    elves = [data for data in files.values() if data[:4] == b'\x7fELF']
    if not elves:
        raise Unfit('no ELF file that says where it is linked to')
    elf = read_elf(elves[0])
    if elf.machine not in MACHINES:
        raise Unfit('it is for CPUs that no tree here has')
    builds = [build for data in files.values() if data[:4] != b'\x7fELF'
              for build in [from_file(data, elf)] if build]
    if not builds:
        raise Unfit('no file has the program of the ELF file')
    return next((b for b in builds if b.tree), builds[0])

# SPDX-License-Identifier: GPL-2.0-or-later
"""A flattened device tree, as far as it tells what lies at an address."""

import struct

BEGIN_NODE, END_NODE, PROP, NOP, END = 1, 2, 3, 4, 9
HEADER = struct.Struct('>10I')
MAGIC = 0xd00dfeed


class Node:
    """A node with its properties as bytes."""

    def __init__(self, name, parent):
        self.name = name
        self.parent = parent
        self.props = {}
        self.path = '/' if not parent else parent.path.rstrip('/') + '/' + name

    def cells(self, name, default=0):
        """A property of one cell, as #address-cells."""
        value = self.props.get(name, b'')
        return struct.unpack('>I', value)[0] if len(value) == 4 else default

    def available(self):
        """Whether neither it nor a node above it is disabled."""
        status = self.props.get('status', b'okay').rstrip(b'\0')
        return status in (b'okay', b'ok') and (not self.parent or self.parent.available())

    def compatible(self):
        """The first of its compatible strings."""
        return self.props.get('compatible', b'').split(b'\0')[0].decode()

    def translate(self, address, size):
        """An address below this node as one of the CPUs, or None."""
        if not self.parent:
            return address
        if 'ranges' not in self.props:
            return None
        ranges = self.props['ranges']
        if not ranges:
            return self.parent.translate(address, size)
        child, up, length = (self.cells('#address-cells', 2),
                             self.parent.cells('#address-cells', 2),
                             self.cells('#size-cells', 1))
        for row in rows(ranges, child, up, length):
            if row[0] <= address and address + size <= row[0] + row[2]:
                return self.parent.translate(address - row[0] + row[1], size)
        return None

    def regs(self):
        """(address, size) of each entry of reg that the CPUs can see."""
        if not self.parent or 'reg' not in self.props:
            return []
        shape = (self.parent.cells('#address-cells', 2),
                 self.parent.cells('#size-cells', 1))
        if not shape[1]:
            return []
        found = []
        for address, size in rows(self.props['reg'], *shape):
            address = self.parent.translate(address, size)
            if address is not None and size:
                found.append((address, size))
        return found


def rows(data, *shape):
    """Numbers of so many cells each, row by row."""
    width = 4 * sum(shape)
    for at in range(0, len(data) - width + 1 if width else 0, width):
        row = []
        for cells in shape:
            row.append(int.from_bytes(data[at:at + 4 * cells], 'big'))
            at += 4 * cells
        yield row


def read(path):
    """The nodes of a blob, in their order."""
    with open(path, 'rb') as file:
        blob = file.read()
    header = HEADER.unpack_from(blob)
    if header[0] != MAGIC:
        raise ValueError('%s: not a flattened device tree' % path)
    strings = header[3]

    def text(at):
        return blob[at:blob.index(b'\0', at)].decode()

    nodes, node, at = [], None, header[2]
    while True:
        token, = struct.unpack_from('>I', blob, at)
        at += 4
        if token == BEGIN_NODE:
            name = text(at)
            node = Node(name, node)
            nodes.append(node)
            at += (len(name) + 4) & ~3
        elif token == END_NODE:
            node = node.parent
        elif token == PROP:
            size, name = struct.unpack_from('>2I', blob, at)
            node.props[text(strings + name)] = blob[at + 8:at + 8 + size]
            at += 8 + ((size + 3) & ~3)
        elif token == END:
            return nodes

# SPDX-License-Identifier: GPL-2.0-or-later
"""A flattened device tree, as far as it tells what lies at an address."""

import struct
from typing import List

# That there is no other property, or node, is no error (libfdt.h: FDT_ERR_NOTFOUND)
QUIET = (1,)


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
    # The packages that a run needs are installed after this file is read
    import libfdt    # pylint: disable=import-outside-toplevel
    with open(path, 'rb') as file:
        blob = libfdt.FdtRo(file.read())
    nodes: List[Node] = []
    add_node(blob, 0, None, nodes)
    return nodes


def add_node(blob, at, parent, nodes):
    """A node and those below it."""
    node = Node(blob.get_name(at), parent)
    nodes.append(node)
    prop = blob.first_property_offset(at, QUIET)
    while prop >= 0:
        value = blob.get_property_by_offset(prop)
        node.props[value.name] = bytes(value)
        prop = blob.next_property_offset(prop, QUIET)
    below = blob.first_subnode(at, QUIET)
    while below >= 0:
        add_node(blob, below, node, nodes)
        below = blob.next_subnode(below, QUIET)

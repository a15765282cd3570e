# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults for device trees: cells, phandles, strings and lengths of properties that are
changed in a blob, and trees that are as large as trees can be.

The blob stays one that libfdt can read: what is tried is what the machine builder makes
of the content.
"""

import random
import re
import struct

# Cells on the edge of something: of a sign, of 32 bits when a size is added, of a page
CELLS = (0, 1, 2, 3, 4, 8, 16, 31, 32, 64, 255, 256, 1023, 1024, 4095, 4096, 0xffff,
         0x10000, 0x7fffffff, 0x80000000, 0xfffff000, 0xfffffffe, 0xffffffff)
# Room for properties that grow
ROOM = 64 * 1024
PHANDLES = (r'interrupt-parent|interrupts-extended|interrupt-map|clocks|.*-gpios?|'
            r'gpios|dmas|resets|.*-supply|memory-region|phys|phy-handle|pinctrl-\d+|'
            r'power-domains|mboxes|iommus|msi-parent|syscon|regmap|cpu|next-level-cache|'
            r'assigned-clocks|interrupt-affinity|remote-endpoint')


def cells_of(data):
    """The whole cells of a property."""
    return list(struct.unpack('>%dI' % (len(data) // 4), data[:len(data) // 4 * 4]))


def bytes_of(cells):
    return struct.pack('>%dI' % len(cells), *[cell & 0xffffffff for cell in cells])


def new_cell(rng, cells, at):
    """A value to stand in the place of a cell."""
    return rng.choice((
        lambda: rng.choice(CELLS),
        lambda: cells[at] + rng.choice((-1, 1)),
        lambda: cells[at] ^ (1 << rng.randrange(32)),
        lambda: cells[at] * 2,
        lambda: rng.choice(cells),
        lambda: rng.getrandbits(32),
    ))()


def change_cell(rng, data, _):
    """One cell has another value."""
    cells = cells_of(data)
    if not cells:
        return data
    at = rng.randrange(len(cells))
    cells[at] = new_cell(rng, cells, at)
    return bytes_of(cells) + data[len(cells) * 4:]


def change_phandle(rng, data, pools):
    """One cell is the phandle of any node, or of none."""
    cells = cells_of(data)
    if not cells:
        return data
    cells[rng.randrange(len(cells))] = rng.choice(pools.phandles + [0, 0x7ffffffe])
    return bytes_of(cells) + data[len(cells) * 4:]


def change_count(rng, _, __):
    """Another number of cells."""
    return bytes_of([rng.choice((0, 1, 1, 2, 2, 3, 4, 5, 15, 16, 17, 0x40000000,
                                 0x80000001, 0xffffffff))])


def change_length(rng, data, _):
    """A cell or a byte less, the last cells twice, or nothing at all."""
    return rng.choice((data[:-4], data[:-1], data[:rng.randrange(len(data) + 1)],
                       data + data[-4:], data + data, b''))


def change_string(rng, data, _):
    """A character of a list of strings, its end, or its length."""
    at = rng.randrange(len(data) + 1)
    return rng.choice((data[:-1], data[:at] + b'\0' + data[at:], b'\0',
                       b'a' * 300 + b'\0',
                       data[:at] + bytes([rng.randrange(256)]) + data[at + 1:],
                       b'/' + data, data + data))


def change_compatible(rng, _, pools):
    """Another device."""
    return rng.choice(pools.compatibles).encode() + b'\0'


def change_status(rng, _, __):
    return rng.choice((b'okay\0', b'ok\0', b'disabled\0', b'fail\0', b'okay', b'\0'))


# What is changed how: a property's name, how often it is taken, the functions
KINDS = (
    (r'reg|ranges|dma-ranges', 5, (change_cell, change_cell, change_length)),
    (r'interrupts(-extended)?|interrupt-map(-mask)?', 4,
     (change_cell, change_cell, change_phandle, change_length)),
    (r'#.*-cells', 3, (change_count,)),
    (PHANDLES, 4, (change_phandle, change_cell, change_length)),
    (r'compatible', 3, (change_compatible, change_compatible, change_string)),
    (r'status', 2, (change_status,)),
    (r'.*-names|device_type|enable-method|stdout-path|serial\d+|method|label', 2,
     (change_string,)),
    (r'.*', 3, (change_cell, change_length, change_string)),
)


class Pools:
    """What faults take from elsewhere in the tree, and from the binding tables."""

    def __init__(self, nodes, compatibles):
        self.phandles = [node.cells('phandle') for node in nodes
                         if 'phandle' in node.props]
        own = [node.compatible() for node in nodes if 'compatible' in node.props]
        self.compatibles = list(compatibles) + own or ['simple-bus']


class Mutator:
    """Faults in one tree, each told in words."""

    def __init__(self, nodes, blob, compatibles, seed):
        import libfdt    # pylint: disable=import-outside-toplevel
        self.rng = random.Random(seed)
        self.fdt = libfdt.Fdt(blob)
        self.fdt.resize(len(blob) + ROOM)
        self.pools = Pools(nodes, compatibles)
        self.props = [(node, name) for node in nodes for name in node.props]
        self.said = []

    def choose(self):
        """A property, and how it is to be changed."""
        while True:
            pattern, _, functions = self.rng.choices(
                KINDS, weights=[kind[1] for kind in KINDS])[0]
            found = [prop for prop in self.props if re.fullmatch(pattern, prop[1])]
            if found:
                return self.rng.choice(found) + (self.rng.choice(functions),)

    def set_property(self, node, name, value):
        if len(value) - len(node.props[name]) < ROOM // 32:
            self.fdt.setprop(self.fdt.path_offset(node.path), name, value)
            self.said.append('%s: %s: %s is now %s' % (
                node.path, name, node.props[name].hex(), value.hex()))
            node.props[name] = value

    def exchange(self, node, name):
        """The property is that of the same name of another node."""
        others = [prop[0] for prop in self.props if prop[1] == name]
        self.set_property(node, name, self.rng.choice(others).props[name])

    def change(self):
        """One more fault."""
        node, name, function = self.choose()
        if self.rng.random() < 0.15:
            self.exchange(node, name)
        else:
            self.set_property(node, name,
                              function(self.rng, node.props[name], self.pools))

    def blob(self):
        self.fdt.pack()
        return bytes(self.fdt.as_bytearray())


def compatibles_of(text):
    """The strings of a table of bindings."""
    return sorted(set(re.findall(r'\.compatible = "([^"]+)"', text)))


#
# Trees that are as large as trees can be
#

def begin(fdt):
    """A tree with memory, and room for what comes."""
    fdt.finish_reservemap()
    fdt.begin_node('')
    fdt.property_string('compatible', 'acme,extreme')
    fdt.property_u32('#address-cells', 2)
    fdt.property_u32('#size-cells', 2)
    fdt.begin_node('memory@40000000')
    fdt.property_string('device_type', 'memory')
    fdt.property('reg', bytes_of([0, 0x40000000, 0, 0x10000000]))
    fdt.end_node()


def add_cpus(fdt, count):
    fdt.begin_node('cpus')
    fdt.property_u32('#address-cells', 1)
    fdt.property_u32('#size-cells', 0)
    for i in range(count):
        fdt.begin_node('cpu@%x' % i)
        fdt.property_string('device_type', 'cpu')
        fdt.property_string('compatible', 'arm,cortex-a53')
        fdt.property_string('enable-method', 'psci')
        fdt.property_u32('reg', i % 16 + i // 16 * 256)
        fdt.end_node()
    fdt.end_node()


def end(fdt):
    """The blob, without the room that is left in the buffer."""
    fdt.end_node()
    tree = fdt.as_fdt()
    return bytes(tree.as_bytearray())[:tree.totalsize()]


def fill_bytes(fdt, size):
    """A property that nobody knows."""
    add_cpus(fdt, 1)
    fdt.begin_node('filler')
    fdt.property('acme,filler', b'\xa5' * size)
    fdt.end_node()


def fill_nodes(fdt, count):
    """Devices without a model, side by side."""
    add_cpus(fdt, 1)
    fdt.begin_node('soc')
    fdt.property_string('compatible', 'simple-bus')
    fdt.property_u32('#address-cells', 1)
    fdt.property_u32('#size-cells', 1)
    fdt.property('ranges', bytes_of([0, 0, 0, 0x40000000]))
    for i in range(count):
        fdt.begin_node('part@%x' % (0x10000000 + i * 0x100))
        fdt.property_string('compatible', 'acme,part')
        fdt.property('reg', bytes_of([0x10000000 + i * 0x100, 0x100]))
        fdt.end_node()
    fdt.end_node()


def fill_levels(fdt, count):
    """Buses, one in the other, with a device at the bottom."""
    add_cpus(fdt, 1)
    for i in range(count - 2):
        fdt.begin_node('bus%d' % i)
        fdt.property_string('compatible', 'simple-bus')
        fdt.property_u32('#address-cells', 1)
        fdt.property_u32('#size-cells', 1)
        fdt.property('ranges', b'' if i else bytes_of([0, 0, 0, 0x40000000]))
    fdt.begin_node('serial@9000000')
    fdt.property_string('compatible', 'ns16550a')
    fdt.property('reg', bytes_of([0x9000000, 0x100]))
    for _ in range(count - 1):
        fdt.end_node()


# Name, function, how many: of bytes, nodes, levels, CPUs
EXTREMES = (
    ('bytes', fill_bytes, 16 * 1024 * 1024 - 1024),
    ('nodes', fill_nodes, 100000),
    ('levels', fill_levels, 64),
    ('cpus', add_cpus, 4096),
)


def extremes():
    """Name and blob of each of them."""
    import libfdt    # pylint: disable=import-outside-toplevel
    for name, fill, count in EXTREMES:
        fdt = libfdt.FdtSw()
        # Its buffer grows by so much at a time, and is copied then
        fdt.INC_SIZE = 1024 * 1024
        begin(fdt)
        fill(fdt, count)
        yield '%d-%s' % (count, name), end(fdt)

# SPDX-License-Identifier: GPL-2.0-or-later
"""Trees of as many nodes as a benchmark wants."""

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), 'fuzz')]

import mutations    # pylint: disable=wrong-import-position

# Where the bus of the devices begins, and how far apart they are
BUS = 0x80000000
STEP = 0x1000


def begin():
    """A tree with a CPU and memory."""
    import libfdt    # pylint: disable=import-outside-toplevel
    fdt = libfdt.FdtSw()
    # Its buffer grows by so much at a time, and is copied then
    fdt.INC_SIZE = 1024 * 1024
    mutations.begin(fdt)
    mutations.add_cpus(fdt, 1)
    return fdt


def plain_nodes(count):
    """Nodes that are no devices, below another one."""
    fdt = begin()
    fdt.begin_node('parts')
    for i in range(count):
        fdt.begin_node('part@%x' % i)
        fdt.property_u32('reg', i)
        fdt.property_string('label', 'p%d' % i)
        fdt.end_node()
    fdt.end_node()
    return mutations.end(fdt)


def mapped_devices(count):
    """UARTs on a bus."""
    fdt = begin()
    fdt.begin_node('bus')
    fdt.property_string('compatible', 'simple-bus')
    fdt.property_u32('#address-cells', 1)
    fdt.property_u32('#size-cells', 1)
    fdt.property('ranges', mutations.bytes_of([0, 0, BUS, 0x40000000]))
    for i in range(count):
        fdt.begin_node('serial@%x' % (i * STEP))
        fdt.property_string('compatible', 'arm,pl011')
        fdt.property('reg', mutations.bytes_of([i * STEP, STEP]))
        fdt.end_node()
    fdt.end_node()
    return mutations.end(fdt)

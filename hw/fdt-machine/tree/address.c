/*
 * Addresses: reg, ranges and what they mean on the root's bus
 *
 * Devicetree Specification 2.3.5 - 2.3.9; the 3-cell addresses are those of
 * the PCI Bus Binding to IEEE 1275.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cells.h"

/* An address on a bus: @n cells, the last @numbers of which are one number */
typedef struct Address {
    uint32_t cells[FDT_MAX_ADDRESS_CELLS];
    unsigned n;
    unsigned numbers;
    uint64_t value;
} Address;

/* A row of ranges or dma-ranges */
typedef struct Row {
    Address child;
    Address parent;
    uint64_t size;
} Row;

/*
 * Kinds of buses.  They differ in what the cells before the number mean: some
 * of them tell address spaces apart.
 */

typedef struct BusKind {
    bool (*match)(const FdtNode *bus, unsigned address_cells);
    /* Whether an address is in the space that a row of ranges is for */
    bool (*same_space)(const Address *a, const Address *row);
    /* Whether an entry of `reg` tells where a region is at all */
    bool (*is_fixed)(const Address *a);
    bool has_flags;
} BusKind;

/* Target of the internal registers: first byte of an MBUS address */
#define MBUS_INTERNAL   0xf0
#define PCI_FIXED       0x80000000      /* phys.hi: n, not relocatable */
#define PCI_SPACE       0x03000000      /* phys.hi: ss */
#define PCI_SPACE_IO    0x01000000

static bool pci_match(const FdtNode *bus, unsigned address_cells)
{
    const char *type = fdt_node_string(bus, "device_type", 0);

    return address_cells == 3 && type &&
           (g_str_equal(type, "pci") || g_str_equal(type, "pciex"));
}

/* 32-bit and 64-bit memory of PCI are one address space */
static unsigned pci_space(const Address *a)
{
    uint32_t space = a->cells[0] & PCI_SPACE;

    return space > PCI_SPACE_IO ? 2 : space == PCI_SPACE_IO;
}

static bool pci_same_space(const Address *a, const Address *row)
{
    return pci_space(a) == pci_space(row);
}

/*
 * An entry of reg that is in configuration space is not mapped at all, and one
 * for a base address register is where software puts it, unless it is fixed
 */
static bool pci_is_fixed(const Address *a)
{
    return pci_space(a) && (a->cells[0] & PCI_FIXED);
}

static bool isa_match(const FdtNode *bus, unsigned address_cells)
{
    return address_cells == 2 && (g_str_equal(bus->name, "isa") ||
                                  g_str_has_prefix(bus->name, "isa@"));
}

/* ISA: bit 0 of the first cell means I/O space; the second is the number */
static bool isa_same_space(const Address *a, const Address *row)
{
    return !((a->cells[0] ^ row->cells[0]) & 1);
}

static bool always_fixed(const Address *a)
{
    return true;
}

/*
 * marvell,mvebu-mbus: the first cell names the target of a window.  Only the
 * internal registers have one from reset on, the others get theirs by software
 */
static bool mbus_match(const FdtNode *bus, unsigned address_cells)
{
    static const char *const kinds[] = {
        "marvell,armada370-mbus", "marvell,armadaxp-mbus",
        "marvell,armada375-mbus", "marvell,armada380-mbus",
        "marvell,kirkwood-mbus", "marvell,dove-mbus",
        "marvell,orion5x-88f5281-mbus", "marvell,orion5x-88f5182-mbus", NULL,
    };
    const char *compatible;

    for (unsigned i = 0; address_cells == 2 &&
         (compatible = fdt_node_compatible(bus, i)); i++) {
        /* Asked of each bus that an address goes through */
        if (g_str_has_prefix(compatible, "marvell,") &&
            g_strv_contains(kinds, compatible)) {
            return true;
        }
    }
    return false;
}

static bool mbus_is_fixed(const Address *a)
{
    return a->cells[0] >> 24 == MBUS_INTERNAL;
}

static bool default_match(const FdtNode *bus, unsigned address_cells)
{
    return true;
}

static bool default_same_space(const Address *a, const Address *row)
{
    for (unsigned i = 0; i + 2 < a->n; i++) {
        if (a->cells[i] != row->cells[i]) {
            return false;
        }
    }
    return true;
}

/* From special kinds to general ones: the last row matches every bus */
static const BusKind bus_kinds[] = {
    { pci_match, pci_same_space, pci_is_fixed, true },
    { isa_match, isa_same_space, always_fixed, true },
    { mbus_match, default_same_space, mbus_is_fixed, false },
    { default_match, default_same_space, always_fixed, false },
};

static const BusKind *bus_kind(const FdtNode *bus, unsigned address_cells)
{
    const BusKind *kind = bus_kinds;

    while (!kind->match(bus, address_cells)) {
        kind++;
    }
    return kind;
}

static void address_set(Address *a, const BusKind *kind, const uint32_t *cells,
                        unsigned n)
{
    memcpy(a->cells, cells, n * sizeof(*cells));
    a->n = n;
    /* ISA's flags take the place of the upper half */
    a->numbers = kind->has_flags ? n - 1 : MIN(n, 2);
    fdt_cells_value(cells + n - a->numbers, a->numbers, &a->value);
}

/*
 * Whether @size bytes from @a on reach beyond the largest address that the
 * number of cells can express
 */
static bool past_end(const Address *a, uint64_t size)
{
    uint64_t last = a->value + (size - 1);

    return size && a->numbers &&
           (last < a->value || (a->numbers == 1 && last >> 32));
}

static void past_end_error(Error **errp, const FdtNode *node, const char *name,
                           const Address *a, uint64_t size)
{
    fdt_error(errp, node, name, "0x%" PRIx64 " with a size of 0x%" PRIx64
              " ends past %u bits", a->value, size, 32 * a->numbers);
}

/*
 * Cell counts
 */

static bool cell_count(const FdtNode *bus, const char *name, unsigned preset,
                       unsigned *cells, Error **errp)
{
    uint32_t value = preset;

    fdt_node_u32(bus, name, &value);
    if (value > FDT_MAX_ADDRESS_CELLS) {
        fdt_error(errp, bus, name, "%u cells, more than %d", value,
                  FDT_MAX_ADDRESS_CELLS);
        return false;
    }
    *cells = value;
    return true;
}

bool fdt_node_address_cells(const FdtNode *bus, unsigned *cells, Error **errp)
{
    return cell_count(bus, "#address-cells", 2, cells, errp);
}

bool fdt_node_size_cells(const FdtNode *bus, unsigned *cells, Error **errp)
{
    return cell_count(bus, "#size-cells", 1, cells, errp);
}

/* Whole entries of @entry cells, nothing left over */
static bool check_length(const FdtNode *node, const FdtProp *prop,
                         unsigned entry, Error **errp)
{
    if (prop->len % 4) {
        fdt_error(errp, node, prop->name,
                  "%u bytes are no whole number of cells", prop->len);
        return false;
    }
    if (entry ? prop->len / 4 % entry : prop->len != 0) {
        fdt_error(errp, node, prop->name, "%u cells, but an entry has %u",
                  prop->len / 4, entry);
        return false;
    }
    return true;
}

/*
 * ranges
 */

/* A bus's ranges, read a row at a time */
typedef struct Ranges {
    const FdtNode *bus;
    const FdtProp *prop;
    FdtCells cells;
    const BusKind *child_kind;
    const BusKind *parent_kind;
    unsigned child_cells;
    unsigned parent_cells;
    unsigned size_cells;
} Ranges;

/* Begin with the first row of the property @name of @bus, not the root */
static bool ranges_open(Ranges *r, const FdtNode *bus, const char *name,
                        Error **errp)
{
    *r = (Ranges) { .bus = bus, .prop = fdt_node_prop(bus, name) };
    r->cells = fdt_cells(r->prop);
    if (!fdt_node_address_cells(bus, &r->child_cells, errp) ||
        !fdt_node_size_cells(bus, &r->size_cells, errp) ||
        !fdt_node_address_cells(bus->parent, &r->parent_cells, errp)) {
        return false;
    }
    r->child_kind = bus_kind(bus, r->child_cells);
    r->parent_kind = bus_kind(bus->parent, r->parent_cells);
    return !r->prop || !r->prop->len ||
           check_length(bus, r->prop,
                        r->child_cells + r->parent_cells + r->size_cells, errp);
}

static bool check_row(const Ranges *r, const Row *row, Error **errp)
{
    const Address *bad = past_end(&row->child, row->size) ? &row->child :
                         past_end(&row->parent, row->size) ? &row->parent :
                         NULL;

    if (bad) {
        past_end_error(errp, r->bus, r->prop->name, bad, row->size);
    }
    return !bad;
}

/* Read the next row; false after the last one, or with an error */
static bool ranges_next(Ranges *r, Row *row, Error **errp)
{
    uint32_t cells[3 * FDT_MAX_ADDRESS_CELLS];
    uint32_t *parent = cells + r->child_cells;
    uint32_t *size = parent + r->parent_cells;

    if (!r->cells.left ||
        !fdt_cells_take(&r->cells,
                        r->child_cells + r->parent_cells + r->size_cells,
                        cells)) {
        return false;
    }
    address_set(&row->child, r->child_kind, cells, r->child_cells);
    address_set(&row->parent, r->parent_kind, parent, r->parent_cells);
    if (!fdt_cells_value(size, r->size_cells, &row->size)) {
        fdt_error(errp, r->bus, r->prop->name, "a size has more than 64 bits");
        return false;
    }
    return check_row(r, row, errp);
}

/* An empty ranges: the address on the parent's bus has the same cells */
static bool step_identity(const Ranges *r, Address *a, Error **errp)
{
    unsigned drop = r->child_cells > r->parent_cells ?
                    r->child_cells - r->parent_cells : 0;
    unsigned add = r->parent_cells > r->child_cells ?
                   r->parent_cells - r->child_cells : 0;
    uint32_t cells[FDT_MAX_ADDRESS_CELLS] = { };

    for (unsigned i = 0; i < drop; i++) {
        if (a->cells[i]) {
            fdt_error(errp, r->bus, "ranges", "empty, but the address "
                      "0x%" PRIx64 " does not fit into %u cells", a->value,
                      r->parent_cells);
            return false;
        }
    }
    memcpy(cells + add, a->cells + drop, (a->n - drop) * sizeof(*cells));
    address_set(a, r->parent_kind, cells, r->parent_cells);
    return true;
}

/* Move the number as the row says; the cells before it are those of the row */
static void address_move(Address *a, const Row *row)
{
    uint64_t value = row->parent.value + (a->value - row->child.value);

    *a = row->parent;
    a->value = value;
    for (unsigned i = 1; i <= a->numbers; i++) {
        a->cells[a->n - i] = value;
        value >>= 32;
    }
}

static bool row_has(const Ranges *r, const Row *row, const Address *a)
{
    return r->child_kind->same_space(a, &row->child) &&
           a->value >= row->child.value &&
           a->value - row->child.value < row->size;
}

/* What is translated, for messages: an address in property @name of @node */
typedef struct Origin {
    const FdtNode *node;
    const char *name;
    bool dma;               /* upwards by dma-ranges */
} Origin;

/**
 * step: an address as the children of @bus write it, to one as @bus's
 * siblings write it
 *
 * @mapped becomes false if @bus has no ranges; without dma-ranges, addresses
 * of DMA stay as they are.
 */
static bool step(const FdtNode *bus, Address *a, bool *mapped,
                 const Origin *origin, Error **errp)
{
    ERRP_GUARD();
    const char *name = origin->dma ? "dma-ranges" : "ranges";
    Ranges ranges;
    Row row;

    if (!ranges_open(&ranges, bus, name, errp)) {
        return false;
    }
    *mapped = ranges.prop || origin->dma;
    if (!*mapped) {
        return true;
    }
    if (!ranges.prop || !ranges.prop->len) {
        return step_identity(&ranges, a, errp);
    }
    while (ranges_next(&ranges, &row, errp)) {
        if (row_has(&ranges, &row, a)) {
            address_move(a, &row);
            return true;
        }
    }
    if (!*errp) {
        fdt_error(errp, origin->node, origin->name, "address 0x%" PRIx64
                  " is outside the %s of %s", a->value, name, bus->path);
    }
    return false;
}

static bool to_root(const FdtNode *bus, Address *a, uint64_t size,
                    bool *mapped, const Origin *origin, Error **errp)
{
    *mapped = true;
    for (; bus->parent && *mapped; bus = bus->parent) {
        if (!step(bus, a, mapped, origin, errp)) {
            return false;
        }
    }
    if (*mapped && past_end(a, size)) {
        past_end_error(errp, origin->node, origin->name, a, size);
        return false;
    }
    if (*mapped && a->n > 2 && (a->cells[0] || (a->n > 3 && a->cells[1]))) {
        fdt_error(errp, origin->node, origin->name,
                  "an address has more than 64 bits");
        return false;
    }
    return true;
}

bool fdt_node_translate(const FdtNode *bus, const uint32_t *cells,
                        unsigned num_cells, uint64_t size, uint64_t *address,
                        Error **errp)
{
    Origin origin = { .node = bus, .name = "ranges" };
    unsigned address_cells;
    Address a;
    bool mapped;

    if (!fdt_node_address_cells(bus, &address_cells, errp)) {
        return false;
    }
    if (num_cells != address_cells) {
        fdt_error(errp, bus, NULL, "an address of %u cells, not %u", num_cells,
                  address_cells);
        return false;
    }
    address_set(&a, bus_kind(bus, num_cells), cells, num_cells);
    if (!to_root(bus, &a, size, &mapped, &origin, errp)) {
        return false;
    }
    if (!mapped) {
        fdt_error(errp, bus, NULL, "its addresses have no translation: it or "
                  "a bus above it has no ranges");
    }
    *address = a.value;
    return mapped;
}

/* Give a row the form of the public header */
static bool public_range(const Ranges *r, const Row *row, FdtRange *range,
                         Error **errp)
{
    Origin origin = {
        .node = r->bus, .name = r->prop->name,
        .dma = g_str_equal(r->prop->name, "dma-ranges"),
    };
    Address a = row->parent;

    *range = (FdtRange) {
        .flags = r->child_kind->has_flags ? row->child.cells[0] : 0,
        .child = row->child.value,
        .parent = row->parent.value,
        .size = row->size,
    };
    if (!to_root(r->bus->parent, &a, row->size, &range->mapped, &origin,
                 errp)) {
        return false;
    }
    range->address = range->mapped ? a.value : 0;
    return true;
}

GArray *fdt_node_ranges(const FdtNode *bus, const char *name, Error **errp)
{
    ERRP_GUARD();
    g_autoptr(GArray) list = g_array_new(false, false, sizeof(FdtRange));
    Ranges ranges;
    Row row;

    if (!bus->parent || !fdt_node_has(bus, name)) {
        return g_steal_pointer(&list);
    }
    if (!ranges_open(&ranges, bus, name, errp)) {
        return NULL;
    }
    while (ranges_next(&ranges, &row, errp)) {
        FdtRange range;

        if (!public_range(&ranges, &row, &range, errp)) {
            return NULL;
        }
        g_array_append_val(list, range);
    }
    return *errp ? NULL : g_steal_pointer(&list);
}

/*
 * reg
 */

/*
 * Memory on the root's bus: Linux computes with 64 bits on a 64-bit CPU,
 * however few cells the root has (early_init_dt_scan_memory)
 */
static bool may_end_above(const FdtNode *node, const Address *a)
{
    const char *type = fdt_node_string(node, "device_type", 0);

    return a->numbers == 1 && !node->parent->parent &&
           (type ? g_str_equal(type, "memory")
                 : fdt_node_has_base_name(node, "memory"));
}

static bool read_reg(const FdtNode *node, const BusKind *kind, FdtReg *reg,
                     const uint32_t *size, unsigned size_cells, Error **errp)
{
    Origin origin = { .node = node, .name = "reg" };
    Address a;

    address_set(&a, kind, reg->cells, reg->num_cells);
    reg->bus_address = a.value;
    if (!fdt_cells_value(size, size_cells, &reg->size)) {
        fdt_error(errp, node, "reg", "a size has more than 64 bits");
        return false;
    }
    if (may_end_above(node, &a)) {
        a.numbers = 2;
    }
    if (past_end(&a, reg->size)) {
        past_end_error(errp, node, "reg", &a, reg->size);
        return false;
    }
    if (!size_cells || !kind->is_fixed(&a)) {
        return true;
    }
    if (!to_root(node->parent, &a, reg->size, &reg->mapped, &origin, errp)) {
        return false;
    }
    reg->address = reg->mapped ? a.value : 0;
    return true;
}

GArray *fdt_node_regs(const FdtNode *node, Error **errp)
{
    g_autoptr(GArray) regs = g_array_new(false, false, sizeof(FdtReg));
    const FdtProp *prop = fdt_node_prop(node, "reg");
    FdtCells cells = fdt_cells(prop);
    unsigned address_cells, size_cells;
    const BusKind *kind;

    if (!prop || !node->parent) {
        return g_steal_pointer(&regs);
    }
    if (!fdt_node_address_cells(node->parent, &address_cells, errp) ||
        !fdt_node_size_cells(node->parent, &size_cells, errp) ||
        !check_length(node, prop, address_cells + size_cells, errp)) {
        return NULL;
    }
    kind = bus_kind(node->parent, address_cells);
    while (cells.left) {
        uint32_t size[FDT_MAX_ADDRESS_CELLS];
        FdtReg reg = {
            .num_cells = address_cells,
            .name = fdt_node_string(node, "reg-names", regs->len),
        };

        if (!fdt_cells_take(&cells, address_cells, reg.cells) ||
            !fdt_cells_take(&cells, size_cells, size) ||
            !read_reg(node, kind, &reg, size, size_cells, errp)) {
            return NULL;
        }
        g_array_append_val(regs, reg);
    }
    return g_steal_pointer(&regs);
}

bool fdt_regs_take(const FdtNode *node, const GArray *regs, unsigned i,
                   FdtReg *out, Error **errp)
{
    if (!regs || i >= regs->len || !g_array_index(regs, FdtReg, i).mapped) {
        fdt_error(errp, node, "reg", "entry %u is missing or has no address",
                  i);
        return false;
    }
    *out = g_array_index(regs, FdtReg, i);
    return true;
}

bool fdt_node_reg(const FdtNode *node, unsigned i, FdtReg *out, Error **errp)
{
    g_autoptr(GArray) regs = fdt_node_regs(node, errp);

    return regs && fdt_regs_take(node, regs, i, out, errp);
}

bool fdt_node_is_pci_bus(const FdtNode *bus)
{
    unsigned cells;

    return fdt_node_address_cells(bus, &cells, NULL) && pci_match(bus, cells);
}

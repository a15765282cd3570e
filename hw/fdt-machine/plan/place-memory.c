/*
 * Where memory goes that no node describes
 *
 * Many trees leave the memory node to a boot loader that reads the size of the
 * memory from the memory controller, and adds the node.  The address is known
 * to that loader alone, so it is taken from what the rest of the tree leaves
 * free.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "state.h"

/* Memory begins on such a boundary */
#define PLACE_ALIGN     (1 * GiB)
/* What the memory gets without -m, and what has to be free at least */
#define PLACE_SIZE      (1 * GiB)
/* The last address that is tried: CPUs of 40 bits have to reach it */
#define PLACE_LIMIT     (1ULL << 40)
/* #address-cells of a PCI bus, whose windows take room */
#define PCI_ADDRESS_CELLS   3

typedef struct FdtTaken {
    uint64_t address;
    uint64_t size;
} FdtTaken;

static void take(GArray *taken, uint64_t address, uint64_t size)
{
    FdtTaken region = { address, size };

    if (size) {
        g_array_append_val(taken, region);
    }
}

static void take_windows(GArray *taken, const FdtNode *node)
{
    g_autoptr(GArray) ranges = NULL;
    unsigned cells;

    if (!fdt_node_has(node, "ranges") ||
        !fdt_node_address_cells(node, &cells, NULL) ||
        cells != PCI_ADDRESS_CELLS) {
        return;
    }
    ranges = fdt_node_ranges(node, "ranges", NULL);
    for (unsigned i = 0; ranges && i < ranges->len; i++) {
        FdtRange *range = &g_array_index(ranges, FdtRange, i);

        if (range->mapped) {
            take(taken, range->address, range->size);
        }
    }
}

/* Registers of every node, also of those that are disabled: they are there */
static GArray *taken_regions(FdtPlanner *planner)
{
    GArray *taken = g_array_new(false, false, sizeof(FdtTaken));

    for (unsigned i = 0; i < planner->infos->len; i++) {
        const FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        g_autoptr(GArray) regs = NULL;

        if (!fdt_node_compatible(info->node, 0)) {
            continue;
        }
        regs = fdt_node_regs(info->node, NULL);
        for (unsigned j = 0; regs && j < regs->len; j++) {
            FdtReg *reg = &g_array_index(regs, FdtReg, j);

            if (reg->mapped) {
                take(taken, reg->address, reg->size);
            }
        }
        take_windows(taken, info->node);
    }
    return taken;
}

static bool is_free(const GArray *taken, uint64_t address, uint64_t size)
{
    for (unsigned i = 0; i < taken->len; i++) {
        FdtTaken *region = &g_array_index(taken, FdtTaken, i);

        if (region->address < address + size &&
            address < region->address + region->size) {
            return false;
        }
    }
    return true;
}

static bool lowest_reserved(FdtPlanner *planner, uint64_t *address)
{
    const FdtNode *reserved = fdt_node_child(fdt_tree_root(planner->tree),
                                             "reserved-memory");
    bool found = false;

    for (unsigned i = 0; reserved && i < reserved->children->len; i++) {
        const FdtNode *node = g_ptr_array_index(reserved->children, i);
        g_autoptr(GArray) regs = fdt_node_regs(node, NULL);

        for (unsigned j = 0; regs && j < regs->len; j++) {
            FdtReg *reg = &g_array_index(regs, FdtReg, j);

            if (reg->mapped && (!found || reg->address < *address)) {
                *address = reg->address;
                found = true;
            }
        }
    }
    return found;
}

/* Reserved memory is memory: it begins no later than there */
static bool place(FdtPlanner *planner, uint64_t size, uint64_t *address)
{
    g_autoptr(GArray) taken = taken_regions(planner);
    uint64_t reserved;

    if (lowest_reserved(planner, &reserved)) {
        *address = QEMU_ALIGN_DOWN(reserved, PLACE_ALIGN);
        if (reserved - *address < size && is_free(taken, *address, size)) {
            return true;
        }
    }
    for (*address = 0; *address < PLACE_LIMIT; *address += PLACE_ALIGN) {
        if (is_free(taken, *address, size)) {
            return true;
        }
    }
    return false;
}

bool fdt_planner_place_memory(FdtPlanner *planner, Error **errp)
{
    FdtBank bank = {
        .node = fdt_tree_root(planner->tree),
        .size = planner->config->ram_size ?: PLACE_SIZE,
    };

    if (!place(planner, bank.size, &bank.address)) {
        fdt_error(errp, bank.node, NULL, "the tree has no memory node, and "
                  "leaves no room for %" PRIu64 " MiB", bank.size / MiB);
        return false;
    }
    bank.tree_size = bank.size;
    fdt_planner_note(planner, bank.node, "no memory node: %" PRIu64 " MiB by "
                     "%s at 0x%" PRIx64 ", which the tree leaves free",
                     bank.size / MiB,
                     planner->config->ram_size ? "-m" : "default",
                     bank.address);
    g_array_append_val(planner->banks, bank);
    return true;
}

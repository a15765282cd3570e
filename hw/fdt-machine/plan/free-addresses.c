/*
 * Addresses that the tree leaves free: for nodes that are added, and for memory
 * that no node describes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/units.h"
#include "state.h"

/*
 * Below 4 GiB, as 32-bit kernels and roots of one address cell reach no
 * further; not on the page at address 0
 */
#define FIRST_ADDRESS   FDT_BLOCK_SIZE
#define END_ADDRESS     (4 * GiB)

typedef struct FdtBusy {
    uint64_t start;
    uint64_t end;
} FdtBusy;

static int busy_compare(const void *va, const void *vb)
{
    const FdtBusy *a = va, *b = vb;

    return a->start < b->start ? -1 : a->start > b->start;
}

static void add_busy(GArray *busy, uint64_t start, uint64_t size)
{
    FdtBusy span = { start, start + MIN(size, UINT64_MAX - start) };

    if (size) {
        g_array_append_val(busy, span);
    }
}

/* Disabled nodes count, too, and a reg that is malformed has no address */
static void add_regs(GArray *busy, const FdtNode *node)
{
    g_autoptr(GArray) regs = fdt_node_regs(node, NULL);

    for (unsigned i = 0; regs && i < regs->len; i++) {
        FdtReg *reg = &g_array_index(regs, FdtReg, i);

        if (reg->mapped) {
            add_busy(busy, reg->address, reg->size);
        }
    }
}

/* What a PCI host's windows lead to is known to the guest alone */
static void add_windows(GArray *busy, const FdtNode *node)
{
    g_autoptr(GArray) ranges = fdt_node_is_pci_bus(node)
                               ? fdt_node_ranges(node, "ranges", NULL) : NULL;

    for (unsigned i = 0; ranges && i < ranges->len; i++) {
        FdtRange *range = &g_array_index(ranges, FdtRange, i);

        if (range->mapped) {
            add_busy(busy, range->address, range->size);
        }
    }
}

static void add_maps(GArray *busy, const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; j < device->maps->len; j++) {
            FdtMap *map = &g_array_index(device->maps, FdtMap, j);

            if (!map->parent) {
                add_busy(busy, map->address, map->size);
            }
        }
    }
}

/*
 * Before the banks are known: those whose size is left to a boot loader get
 * what -m says, or 1 GiB
 */
static void add_unsized_banks(GArray *busy, const FdtPlanner *planner)
{
    g_autoptr(GArray) memory = fdt_tree_memory(planner->tree, NULL, NULL);

    for (unsigned i = 0; memory && i < memory->len; i++) {
        FdtMemory *bank = &g_array_index(memory, FdtMemory, i);

        if (!bank->size) {
            add_busy(busy, bank->address,
                     planner->config->ram_size ?: 1 * GiB);
        }
    }
}

/* Memory takes room: where `reg` of its nodes says, and as large as -m says */
static void add_memory(GArray *busy, const FdtPlanner *planner)
{
    uint64_t address, size;

    if (!planner->banks->len) {
        add_unsized_banks(busy, planner);
    }
    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        add_busy(busy, bank->address, bank->size);
    }
    for (unsigned i = 0; i < fdt_tree_num_reservations(planner->tree); i++) {
        fdt_tree_reservation(planner->tree, i, &address, &size);
        add_busy(busy, address, size);
    }
}

static GArray *busy_addresses(const FdtPlanner *planner)
{
    GArray *busy = g_array_new(false, false, sizeof(FdtBusy));

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        add_regs(busy, info->node);
        add_windows(busy, info->node);
    }
    add_maps(busy, planner);
    add_memory(busy, planner);
    add_busy(busy, END_ADDRESS, 1);
    g_array_sort(busy, busy_compare);
    return busy;
}

/* In the middle of the gap, at an address that is as round as it may be */
static uint64_t place_block(uint64_t start, uint64_t gap, uint64_t size)
{
    uint64_t middle = (gap - size) / 2;
    uint64_t align = MIN(pow2floor(gap / 4), pow2floor(middle));

    return QEMU_ALIGN_DOWN(start + middle, MAX(align, FDT_BLOCK_SIZE));
}

/*
 * The largest gap: hardware that the tree keeps silent about lies near the
 * hardware that it tells of
 */
bool fdt_planner_find_block(const FdtPlanner *planner, uint64_t size,
                            uint64_t *address)
{
    g_autoptr(GArray) busy = busy_addresses(planner);
    uint64_t start = FIRST_ADDRESS, best = 0;

    for (unsigned i = 0; i < busy->len && start < END_ADDRESS; i++) {
        FdtBusy *span = &g_array_index(busy, FdtBusy, i);
        uint64_t gap = span->start > start ? span->start - start : 0;

        if (gap >= MAX(size, FDT_BLOCK_SIZE) && gap > best) {
            best = gap;
            *address = place_block(start, gap, MAX(size, FDT_BLOCK_SIZE));
        }
        if (span->end > start) {
            start = span->end > END_ADDRESS ? END_ADDRESS
                                            : ROUND_UP(span->end,
                                                       FDT_BLOCK_SIZE);
        }
    }
    return best;
}

/*
 * Memory that no node describes
 */

/* Memory that no node describes begins on such a boundary */
#define MEMORY_ALIGN    (1 * GiB)
/* The last address that is tried: CPUs of 40 bits have to reach it */
#define MEMORY_LIMIT    (1ULL << 40)

/* Registers are those of nodes with `compatible`; reserved memory has none */
static GArray *busy_registers(const FdtPlanner *planner)
{
    GArray *busy = g_array_new(false, false, sizeof(FdtBusy));

    for (unsigned i = 0; i < planner->infos->len; i++) {
        const FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (fdt_node_compatible(info->node, 0)) {
            add_regs(busy, info->node);
            add_windows(busy, info->node);
        }
    }
    return busy;
}

static bool is_free(const GArray *busy, uint64_t address, uint64_t size)
{
    for (unsigned i = 0; i < busy->len; i++) {
        const FdtBusy *span = &g_array_index(busy, FdtBusy, i);

        if (span->start < address + size && address < span->end) {
            return false;
        }
    }
    return true;
}

static bool lowest_reserved(const FdtPlanner *planner, uint64_t *address)
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

/*
 * What lies in /reserved-memory (3.5) is memory, so a tree without a memory
 * node tells by it where there is some
 */
bool fdt_planner_find_memory(const FdtPlanner *planner, uint64_t size,
                             uint64_t *address)
{
    g_autoptr(GArray) busy = busy_registers(planner);
    uint64_t reserved;

    if (lowest_reserved(planner, &reserved)) {
        *address = QEMU_ALIGN_DOWN(reserved, MEMORY_ALIGN);
        if (reserved - *address < size && is_free(busy, *address, size)) {
            return true;
        }
    }
    for (*address = 0; *address < MEMORY_LIMIT; *address += MEMORY_ALIGN) {
        if (is_free(busy, *address, size)) {
            return true;
        }
    }
    return false;
}

/*
 * Stubs: what answers where nothing has a model
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qobject/qnum.h"
#include "../bindings/known-reads.h"
#include "../bindings/qemu.h"
#include "state.h"

/* Stubs lie below whatever has a model */
static const int stub_priority = -1000;
/* What answers where the tree has nothing lies below the stubs */
static const int gap_priority = -1500;
static const int rest_priority = -2000;
/* Stubs with a gap smaller than this share one region */
#define STUB_ALIGN          (4 * KiB)
/* Where the addresses of 32 bits end: what the tree leaves out lies below */
#define LOW_END             (4 * GiB)

static bool in_memory(const FdtPlanner *planner, uint64_t address)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (address >= bank->address &&
            address - bank->address < bank->size) {
            return true;
        }
    }
    return false;
}

static bool reg_is_mapped(const FdtDevice *device, const FdtReg *reg)
{
    for (unsigned i = 0; i < device->maps->len; i++) {
        FdtMap *map = &g_array_index(device->maps, FdtMap, i);

        if (!map->parent && map->address >= reg->address &&
            map->address < reg->address + MAX(reg->size, 1)) {
            return true;
        }
    }
    return false;
}

/* Whether the device may leave a part of that entry of reg unanswered */
static bool leaves_gap(const FdtNodeInfo *info, const FdtReg *reg)
{
    FdtCover cover = info->binding->cover;

    return !reg_is_mapped(info->device, reg) || cover == FDT_COVER_PART ||
           (cover == FDT_COVER_PAGE && reg->size > STUB_ALIGN);
}

static void collect_stub(FdtPlanner *planner, FdtNodeInfo *info,
                         GArray *stubs)
{
    for (unsigned i = 0; info->regs && i < info->regs->len; i++) {
        FdtReg *reg = &g_array_index(info->regs, FdtReg, i);
        FdtRegion stub = { reg->address, reg->size, info };

        if (!reg->mapped || !reg->size || in_memory(planner, reg->address) ||
            (info->device && !leaves_gap(info, reg))) {
            continue;
        }
        g_array_append_val(stubs, stub);
    }
}

/*
 * Whether a stub answers for the node's registers.  Those of a disabled node
 * are there, too: drivers exist that look for them whatever its status is.
 */
static bool wants_stub(FdtNodeInfo *info)
{
    if (fdt_node_has(info->node, "qemu,alias-of")) {
        return false;
    }
    if (info->verdict == FDT_VERDICT_DISABLED) {
        return !info->omitted && fdt_node_compatible(info->node, 0) &&
               fdt_info_regs(info, NULL);
    }
    return info->verdict == FDT_VERDICT_STUB || info->device ||
           (info->verdict == FDT_VERDICT_IGNORED && info->regs);
}

static GArray *collect_stubs(FdtPlanner *planner)
{
    GArray *stubs = g_array_new(false, false, sizeof(FdtRegion));

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (wants_stub(info)) {
            collect_stub(planner, info, stubs);
        }
    }
    g_array_sort(stubs, fdt_region_compare);
    return stubs;
}

/*
 * What registers answer
 */

/* The address that a node counts offsets from: where its first entry begins */
static uint64_t offset_base(const FdtNodeInfo *info)
{
    for (unsigned i = 0; info->regs && i < info->regs->len; i++) {
        const FdtReg *reg = &g_array_index(info->regs, FdtReg, i);

        if (reg->mapped) {
            return reg->address;
        }
    }
    return 0;
}

static void append_number(QList *list, uint64_t number)
{
    qlist_append(list, qnum_from_uint(number));
}

static uint64_t kernel_ram(const FdtPlanner *planner)
{
    return fdt_planner_kernel_bank(planner)->size;
}

/* Of the registers that are known of the node, those that lie in the region */
static void append_read(const FdtPlanner *planner, QList *reads,
                        uint64_t start, const FdtRegion *region,
                        const FdtKnownRead *known)
{
    uint64_t address = region->info->node->parent
                       ? offset_base(region->info) + (int32_t)known->offset
                       : known->offset;

    if (address >= region->address &&
        address - region->address < region->size) {
        append_number(reads, address - start);
        append_number(reads, known->of_ram ? known->of_ram(kernel_ram(planner))
                                           : known->value);
        append_number(reads, known->mask);
    }
}

static void append_said(const FdtPlanner *planner, QList *reads,
                        uint64_t start, const FdtRegion *region,
                        const FdtNode *who)
{
    FdtKnownRead known;

    for (unsigned i = 0; who && fdt_qemu_read(who, i, &known); i++) {
        append_read(planner, reads, start, region, &known);
    }
}

/* What is known of all nodes of a compatible counts where firmware starts */
static void append_known(FdtPlanner *planner, QList *reads, uint64_t start,
                         const FdtRegion *region)
{
    const FdtNode *node = region->info->node;
    const char *compatible;

    for (unsigned i = 0; (compatible = fdt_node_compatible(node, i)); i++) {
        append_said(planner, reads, start, region,
                    g_hash_table_lookup(planner->user_reads, compatible));
        for (const FdtKnownRead *known = fdt_known_reads;
             planner->config->unmatched == FDT_UNMATCHED_POLL &&
             known->compatible; known++) {
            if (g_str_equal(known->compatible, compatible)) {
                append_read(planner, reads, start, region, known);
            }
        }
    }
}

/*
 * The last that says something of a bit counts: the node itself.  The root has
 * registers that are no node's, by their addresses
 */
static QList *list_reads(FdtPlanner *planner, uint64_t start, uint64_t size,
                         const FdtRegion *regions, unsigned num_regions)
{
    FdtRegion whole = {
        start, size, fdt_node_info(fdt_tree_root(planner->tree)),
    };
    QList *reads = qlist_new();

    append_known(planner, reads, start, &whole);
    append_said(planner, reads, start, &whole, whole.info->node);

    for (unsigned i = 0; i < num_regions; i++) {
        append_known(planner, reads, start, &regions[i]);
    }
    for (unsigned i = 0; i < num_regions; i++) {
        append_said(planner, reads, start, &regions[i],
                    regions[i].info->node);
    }
    return reads;
}

/*
 * The devices
 */

static void set_nodes(FdtDevice *device, uint64_t start,
                      const FdtRegion *regions, unsigned num_regions)
{
    QList *nodes = qlist_new(), *ranges = qlist_new();

    for (unsigned i = 0; i < num_regions; i++) {
        qlist_append_str(nodes, regions[i].info->node->path);
        append_number(ranges, regions[i].address - start);
        append_number(ranges, regions[i].size);
        append_number(ranges, offset_base(regions[i].info));
    }
    fdt_device_set_list(device, "nodes", nodes);
    fdt_device_set_list(device, "ranges", ranges);
}

/*
 * Registers that keep what is written where firmware may wait for them, or
 * where some are known; else nothing but the absence of a fault
 */
static FdtDevice *new_stub(FdtPlanner *planner, uint64_t start, uint64_t size,
                           const FdtRegion *regions, unsigned num_regions)
{
    g_autoptr(QList) reads = list_reads(planner, start, size, regions,
                                        num_regions);
    FdtNode *node = (FdtNode *)regions->info->node;
    bool poll = planner->config->unmatched == FDT_UNMATCHED_POLL;
    FdtDevice *device;

    if (!poll && qlist_empty(reads)) {
        return fdt_planner_add_device(planner, node, "unimplemented-device",
                                      "stub", FDT_RANK_STUB);
    }
    device = fdt_planner_add_device(planner, node, "polled-registers", "stub",
                                    FDT_RANK_STUB);
    set_nodes(device, start, regions, num_regions);
    if (!poll) {
        fdt_device_set_uint(device, "patience", 0);
    }
    if (!qlist_empty(reads)) {
        fdt_device_set_list(device, "reads", qobject_ref(reads));
    }
    return device;
}

/*
 * Whole pages: QEMU cannot have a region that begins inside of a page and goes
 * on through others
 * @end: where the last of the regions ends
 */
static void add_stub(FdtPlanner *planner, const FdtRegion *regions,
                     unsigned num_regions, uint64_t end)
{
    uint64_t start = QEMU_ALIGN_DOWN(regions->address, STUB_ALIGN);
    uint64_t last = (end - 1) | (STUB_ALIGN - 1);
    FdtDevice *device = new_stub(planner, start, last - start + 1, regions,
                                 num_regions);

    fdt_device_set_inert(device);
    fdt_device_set_string(device, "name", device->id);
    fdt_device_set_uint(device, "size", last - start + 1);
    fdt_device_map_whole(device, start, last - start + 1,
                         &stub_priority);
}

/*
 * How many of the regions share one stub, as they have less than a page between
 * them; @end: set to where the last of them ends
 */
static unsigned count_joined(const GArray *stubs, unsigned first,
                             uint64_t *end)
{
    unsigned i;

    *end = 0;
    for (i = first; i < stubs->len; i++) {
        const FdtRegion *stub = &g_array_index(stubs, FdtRegion, i);

        if (i > first && QEMU_ALIGN_DOWN(stub->address, STUB_ALIGN) >
                         QEMU_ALIGN_UP(*end - 1, STUB_ALIGN)) {
            break;
        }
        *end = MAX(*end, stub->address + stub->size);
    }
    return i - first;
}

static bool check_end(const FdtRegion *stub, Error **errp)
{
    if (stub->size > UINT64_MAX - stub->address) {
        fdt_error(errp, stub->info->node, "reg",
                  "the region ends past 64 bits");
        return false;
    }
    return true;
}

bool fdt_planner_stubs(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GArray) stubs = NULL;
    uint64_t end;

    if (planner->config->unmatched == FDT_UNMATCHED_IGNORE) {
        return true;
    }
    stubs = collect_stubs(planner);
    for (unsigned i = 0; i < stubs->len; i++) {
        if (!check_end(&g_array_index(stubs, FdtRegion, i), errp)) {
            return false;
        }
    }
    for (unsigned i = 0; i < stubs->len;) {
        unsigned n = count_joined(stubs, i, &end);

        add_stub(planner, &g_array_index(stubs, FdtRegion, i), n, end);
        i += n;
    }
    return true;
}

/*
 * What the tree has nothing of, where firmware starts: a boot ROM's memory, and
 * controllers that kernels never touch
 */

static FdtDevice *add_rest(FdtPlanner *planner, const char *type,
                           const char *name, uint64_t start, uint64_t size,
                           const int *priority)
{
    FdtDevice *device = fdt_device_new(planner, NULL, type, name,
                                       FDT_RANK_STUB);

    fdt_device_set_inert(device);
    fdt_device_set_string(device, "name", device->id);
    fdt_device_set_uint(device, "size", size);
    fdt_device_map_whole(device, start, size, priority);
    return device;
}

static uint64_t next_region(const GArray *regions, uint64_t address)
{
    for (unsigned i = 0; i < regions->len; i++) {
        uint64_t begin = g_array_index(regions, FdtRegion, i).address;

        if (begin >= address) {
            return MIN(begin, LOW_END);
        }
    }
    return LOW_END;
}

/*
 * Firmware finds out how much memory there is by writing behind it: nothing may
 * be kept there
 */
static void add_gaps(FdtPlanner *planner)
{
    g_autoptr(GArray) regions = fdt_planner_regions(planner);

    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);
        uint64_t end = bank->address + bank->size;
        uint64_t next = next_region(regions, end);

        if (bank->size && end < next) {
            add_rest(planner, "unimplemented-device", "behind-memory", end,
                     next - end, &gap_priority);
        }
    }
}

bool fdt_planner_rest(FdtPlanner *planner, Error **errp)
{
    g_autoptr(QList) reads = NULL;
    FdtDevice *rest;

    if (planner->config->unmatched != FDT_UNMATCHED_POLL) {
        return true;
    }
    add_gaps(planner);
    rest = add_rest(planner, "polled-registers", "not-in-the-tree", 0,
                    LOW_END, &rest_priority);
    fdt_device_set_bool(rest, "memory", true);
    reads = list_reads(planner, 0, LOW_END, NULL, 0);
    if (!qlist_empty(reads)) {
        fdt_device_set_list(rest, "reads", qobject_ref(reads));
    }
    return true;
}

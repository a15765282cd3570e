/*
 * Stubs: what answers where nothing has a model
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "state.h"

/* Stubs lie below whatever has a model */
static const int stub_priority = -1000;
/* Stubs with a gap smaller than this share one region */
#define STUB_ALIGN          (4 * KiB)

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
 * Whole pages: QEMU cannot have a region that begins inside of a page and goes
 * on through others
 */
static void add_stub(FdtPlanner *planner, const FdtRegion *stub)
{
    uint64_t start = QEMU_ALIGN_DOWN(stub->address, STUB_ALIGN);
    uint64_t last = (stub->address + stub->size - 1) | (STUB_ALIGN - 1);
    FdtNode *node = (FdtNode *)stub->info->node;
    FdtDevice *device = fdt_planner_add_device(planner, node,
                                               "unimplemented-device",
                                               "stub", FDT_RANK_STUB);

    fdt_device_set_inert(device);
    fdt_device_set_string(device, "name", device->id);
    fdt_device_set_uint(device, "size", last - start + 1);
    fdt_device_map_whole(device, start, last - start + 1,
                         &stub_priority);
}

bool fdt_planner_stubs(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GArray) stubs = NULL;
    FdtRegion current = { 0 };

    if (planner->config->unmatched == FDT_UNMATCHED_IGNORE) {
        return true;
    }
    stubs = collect_stubs(planner);
    for (unsigned i = 0; i < stubs->len; i++) {
        FdtRegion *stub = &g_array_index(stubs, FdtRegion, i);
        uint64_t last = current.address + current.size - 1;

        if (stub->size > UINT64_MAX - stub->address) {
            fdt_error(errp, stub->info->node, "reg",
                      "the region ends past 64 bits");
            return false;
        }
        if (current.size && stub->address >= current.address &&
            QEMU_ALIGN_DOWN(stub->address, STUB_ALIGN) <=
            QEMU_ALIGN_UP(last, STUB_ALIGN)) {
            last = MAX(last, stub->address + stub->size - 1);
            current.size = last - current.address + 1;
            continue;
        }
        if (current.size) {
            add_stub(planner, &current);
        }
        current = *stub;
    }
    if (current.size) {
        add_stub(planner, &current);
    }
    return true;
}

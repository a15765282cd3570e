/*
 * What is refused once all is planned
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

bool fdt_planner_check_strict(FdtPlanner *planner, Error **errp)
{
    const FdtFindings *findings = planner->plan->findings;
    unsigned count = fdt_findings_num(findings);
    g_autoptr(GString) list = g_string_new(NULL);

    if (!planner->config->strict || !count) {
        return true;
    }
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *text = fdt_findings_text(findings, i);

        g_string_append_printf(list, "\n  %s", text);
    }
    fdt_error(errp, fdt_tree_root(planner->tree), NULL,
              "%u findings, and strict=on:%s", count, list->str);
    return false;
}

bool fdt_planner_check_unmatched(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GString) list = g_string_new(NULL);
    unsigned count = 0;

    if (planner->config->unmatched != FDT_UNMATCHED_ERROR) {
        return true;
    }
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (info->verdict == FDT_VERDICT_STUB ||
            (info->verdict == FDT_VERDICT_IGNORED && !info->binding)) {
            g_string_append_printf(list, "\n  %s (%s)", info->node->path,
                                   info->reason);
            count++;
        }
    }
    if (count) {
        fdt_error(errp, fdt_tree_root(planner->tree), NULL,
                  "%u nodes have no model, and unmatched=error:%s", count,
                  list->str);
    }
    return !count;
}

typedef struct FdtSpan {
    uint64_t address;
    uint64_t last;
    const FdtNode *node;
} FdtSpan;

static int span_compare(const void *va, const void *vb)
{
    const FdtSpan *a = va, *b = vb;

    return a->address < b->address ? -1 : a->address > b->address;
}

/* A device's reg may have room for another one that is a child of it */
static bool is_above(const FdtNode *above, const FdtNode *node)
{
    while (node && node != above) {
        node = node->parent;
    }
    return node;
}

/* Two nodes may not have their regions over each other */
bool fdt_planner_check_overlaps(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GArray) spans = g_array_new(false, false, sizeof(FdtSpan));

    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; j < device->maps->len; j++) {
            FdtMap *map = &g_array_index(device->maps, FdtMap, j);
            FdtSpan span = { map->address, map->address + map->size - 1,
                             device->node };

            if (map->size && !map->has_priority && !map->parent) {
                g_array_append_val(spans, span);
            }
        }
    }
    g_array_sort(spans, span_compare);
    for (unsigned i = 1; i < spans->len; i++) {
        FdtSpan *low = &g_array_index(spans, FdtSpan, i - 1);
        FdtSpan *high = &g_array_index(spans, FdtSpan, i);

        if (high->address <= low->last && !is_above(low->node, high->node)) {
            fdt_error(errp, high->node, "reg", "0x%" PRIx64
                      " lies in the region of %s; leave one of them out with "
                      "omit=", high->address, low->node->path);
            return false;
        }
    }
    return true;
}

/*
 * Regions over each other: which of them is seen
 *
 * Trees have devices that lie within the registers of another one, as private
 * timers do within a block of the system.  On the bus, the inner one answers.
 * So it gets the higher priority; what lies in it, a higher one still.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

/* What is mapped in system memory, and can be below or above something else */
typedef struct FdtSpan {
    uint64_t address;
    uint64_t last;
    const FdtNode *node;
    unsigned serial;            /* how many were before it */
    bool *has_priority;
    int *priority;
} FdtSpan;

/* By address; of those at one address, what is around the others comes first */
static int span_compare(const void *va, const void *vb)
{
    const FdtSpan *a = va, *b = vb;

    if (a->address != b->address) {
        return a->address < b->address ? -1 : 1;
    }
    if (a->last != b->last) {
        return a->last > b->last ? -1 : 1;
    }
    return a->serial < b->serial ? -1 : 1;
}

/* A device's reg may have room for another one that is a child of it */
static bool is_above(const FdtNode *above, const FdtNode *node)
{
    while (node && node != above) {
        node = node->parent;
    }
    return node;
}

static void add_span(GArray *spans, FdtSpan span, uint64_t size)
{
    span.last = span.address + size - 1;
    span.serial = spans->len;
    if (size) {
        g_array_append_val(spans, span);
    }
}

/* Maps that a hook has put below all others are not in anybody's way */
static void add_maps(GArray *spans, FdtDevice *device)
{
    for (unsigned i = 0; i < device->maps->len; i++) {
        FdtMap *map = &g_array_index(device->maps, FdtMap, i);
        FdtSpan span = {
            .address = map->address, .node = device->node,
            .has_priority = &map->has_priority, .priority = &map->priority,
        };

        if (!map->parent && (!map->has_priority || map->priority >= 0)) {
            add_span(spans, span, map->size);
        }
    }
}

static GArray *collect_spans(FdtPlanner *planner)
{
    GArray *spans = g_array_new(false, false, sizeof(FdtSpan));

    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        if (device->type && !device->described) {
            add_maps(spans, device);
        }
    }
    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);
        FdtSpan span = {
            .address = bank->address, .node = bank->node,
            .has_priority = &bank->has_priority, .priority = &bank->priority,
        };

        add_span(spans, span, bank->size);
    }
    g_array_sort(spans, span_compare);
    return spans;
}

/* Those that end before @address are left behind */
static void close_spans(GArray *open, uint64_t address)
{
    for (unsigned i = open->len; i-- > 0;) {
        if (g_array_index(open, FdtSpan, i).last < address) {
            g_array_remove_index(open, i);
        }
    }
}

static void set_priority(const FdtSpan *span, int priority)
{
    *span->priority = *span->has_priority ? MAX(*span->priority, priority)
                                          : priority;
    *span->has_priority = true;
}

/* Above all that are open */
static void put_above(FdtPlanner *planner, const FdtSpan *span, GArray *open)
{
    const FdtSpan *low = &g_array_index(open, FdtSpan, open->len - 1);

    for (unsigned i = 0; i < open->len; i++) {
        const FdtSpan *other = &g_array_index(open, FdtSpan, i);

        set_priority(other, 0);
        set_priority(span, *other->priority + 1);
    }
    if (span->node && low->node && !is_above(low->node, span->node)) {
        fdt_finding_add(fdt_planner_findings(planner), span->node, "reg",
                        "0x%" PRIx64 " lies in the region of %s, and is seen "
                        "in its place", span->address, low->node->path);
    }
}

bool fdt_planner_settle_overlaps(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GArray) spans = collect_spans(planner);
    g_autoptr(GArray) open = g_array_new(false, false, sizeof(FdtSpan));

    for (unsigned i = 0; i < spans->len; i++) {
        FdtSpan *span = &g_array_index(spans, FdtSpan, i);

        close_spans(open, span->address);
        if (open->len) {
            put_above(planner, span, open);
        }
        g_array_append_val(open, *span);
    }
    return true;
}

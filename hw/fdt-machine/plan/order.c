/*
 * The order in which devices are created
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

bool fdt_device_follows_wires(const FdtDevice *device)
{
    return device->rank >= FDT_RANK_STUB;
}

static bool device_precedes(const FdtDevice *a, const FdtDevice *b)
{
    if (a->rank != b->rank) {
        return a->rank < b->rank;
    }
    return a->serial < b->serial;
}

static int ready_compare(const void *a, const void *b, void *unused)
{
    return device_precedes(a, b) ? -1 : a != b;
}

static void count_dependencies(FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; j < device->after->len; j++) {
            FdtDevice *other = g_ptr_array_index(device->after, j);

            if (!other->followers) {
                other->followers = g_ptr_array_new();
            }
            g_ptr_array_add(other->followers, device);
            device->pending++;
        }
    }
}

/* A cycle among the devices that are still pending, for the message */
static char *describe_cycle(FdtPlanner *planner)
{
    GString *text = g_string_new(NULL);
    FdtDevice *device = NULL;
    unsigned steps = 0;

    for (unsigned i = 0; !device && i < planner->devices->len; i++) {
        FdtDevice *d = g_ptr_array_index(planner->devices, i);

        device = d->pending ? d : NULL;
    }
    while (device && steps++ < 8) {
        FdtDevice *next = NULL;

        g_string_append_printf(text, "%s%s", text->len ? " -> " : "",
                               device->node ? device->node->path
                                            : device->id);
        for (unsigned j = 0; !next && j < device->after->len; j++) {
            FdtDevice *other = g_ptr_array_index(device->after, j);

            next = other->pending ? other : NULL;
        }
        device = next;
    }
    return g_string_free(text, false);
}

/*
 * Kahn's algorithm.  Among the devices that wait for no other, the one of the
 * lowest rank comes first, and of one rank the one that was planned first
 */
GPtrArray *fdt_planner_order(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    g_autoptr(GSequence) ready = g_sequence_new(NULL);

    count_dependencies(planner);
    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        if (!device->pending) {
            g_sequence_insert_sorted(ready, device, ready_compare, NULL);
        }
    }
    while (!g_sequence_is_empty(ready)) {
        GSequenceIter *iter = g_sequence_get_begin_iter(ready);
        FdtDevice *device = g_sequence_get(iter);

        g_sequence_remove(iter);
        g_ptr_array_add(order, device);
        for (unsigned j = 0; device->followers &&
             j < device->followers->len; j++) {
            FdtDevice *next = g_ptr_array_index(device->followers, j);

            if (!--next->pending) {
                g_sequence_insert_sorted(ready, next, ready_compare, NULL);
            }
        }
    }
    if (order->len < planner->devices->len) {
        g_autofree char *cycle = describe_cycle(planner);

        fdt_error(errp, fdt_tree_root(planner->tree), NULL,
                  "devices wait for each other: %s", cycle);
        return NULL;
    }
    return g_steal_pointer(&order);
}

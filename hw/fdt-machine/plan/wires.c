/*
 * Where lines meet: or-irqs and split-irqs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "state.h"

/* What QEMU's or-irq and split-irq can have (MAX_OR_LINES, MAX_SPLIT_LINES) */
#define MAX_OR_LINES    48
#define MAX_SPLIT_LINES 16

static char *sink_key(const FdtWire *wire)
{
    return g_strdup_printf("%u/%s/%u", wire->sink->serial, wire->sink_line,
                           wire->m);
}

static char *source_key(const FdtWire *wire)
{
    return g_strdup_printf("%u/%s/%u", wire->source->serial,
                           wire->source_line, wire->n);
}

typedef char *FdtWireKey(const FdtWire *wire);

/* Lists of wires that share a key, in the order of their first wire */
static GPtrArray *group_wires(GPtrArray *wires, FdtWireKey *key)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash,
                                                       g_str_equal,
                                                       g_free, NULL);
    GPtrArray *groups = g_ptr_array_new_with_free_func(
        (GDestroyNotify)g_ptr_array_unref);

    for (unsigned i = 0; i < wires->len; i++) {
        FdtWire *wire = g_ptr_array_index(wires, i);
        g_autofree char *k = key(wire);
        GPtrArray *group = g_hash_table_lookup(seen, k);

        if (wire->source->described) {
            continue;       /* the user has connected it, or not */
        }
        if (!group) {
            group = g_ptr_array_new();
            g_ptr_array_add(groups, group);
            g_hash_table_insert(seen, g_steal_pointer(&k), group);
        }
        g_ptr_array_add(group, wire);
    }
    return groups;
}

static bool line_limit(const GPtrArray *group, unsigned limit,
                       const FdtDevice *end, Error **errp)
{
    if (group->len <= limit) {
        return true;
    }
    fdt_error(errp, end->node, "interrupts",
              "%u lines meet here, QEMU can join %u", group->len, limit);
    return false;
}

static bool join_sink(FdtPlanner *planner, const GPtrArray *group,
                      Error **errp)
{
    FdtWire *first = g_ptr_array_index(group, 0);
    FdtDevice *sink = first->sink;
    g_autofree char *suffix = g_strdup_printf("or%u", first->m);
    g_autofree char *line = g_strdup(first->sink_line);
    unsigned m = first->m;
    FdtDevice *gate;

    if (!line_limit(group, MAX_OR_LINES, sink, errp)) {
        return false;
    }
    gate = fdt_device_new(planner, sink->node, "or-irq", suffix,
                          FDT_RANK_OTHER);
    fdt_device_set_uint(gate, "num-lines", group->len);
    for (unsigned i = 0; i < group->len; i++) {
        FdtWire *wire = g_ptr_array_index(group, i);

        wire->sink = gate;
        g_free(wire->sink_line);
        wire->sink_line = g_strdup(FDT_LINE_IN);
        wire->m = i;
    }
    fdt_device_wire(planner, gate, FDT_LINE_OUT, 0, sink, line, m);
    return true;
}

static bool split_source(FdtPlanner *planner, const GPtrArray *group,
                         Error **errp)
{
    FdtWire *first = g_ptr_array_index(group, 0);
    FdtDevice *source = first->source;
    g_autofree char *suffix = g_strdup_printf("split%u", first->n);
    g_autofree char *line = g_strdup(first->source_line);
    unsigned n = first->n;
    FdtDevice *splitter;

    if (!line_limit(group, MAX_SPLIT_LINES, source, errp)) {
        return false;
    }
    splitter = fdt_device_new(planner, source->node, "split-irq", suffix,
                              FDT_RANK_OTHER);
    fdt_device_set_uint(splitter, "num-lines", group->len);
    for (unsigned i = 0; i < group->len; i++) {
        FdtWire *wire = g_ptr_array_index(group, i);

        wire->source = splitter;
        g_free(wire->source_line);
        wire->source_line = g_strdup(FDT_LINE_OUT);
        wire->n = i;
    }
    fdt_device_wire(planner, source, line, n, splitter, FDT_LINE_IN, 0);
    return true;
}

/* Two wires between the same ends are one */
static void drop_repeated_wires(FdtPlanner *planner)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash,
                                                       g_str_equal,
                                                       g_free, NULL);

    for (unsigned i = 0; i < planner->wires->len;) {
        FdtWire *wire = g_ptr_array_index(planner->wires, i);
        g_autofree char *from = source_key(wire);
        g_autofree char *to = sink_key(wire);

        if (g_hash_table_add(seen, g_strconcat(from, ">", to, NULL))) {
            i++;
        } else {
            g_ptr_array_remove_index(planner->wires, i);
        }
    }
}

bool fdt_planner_join_wires(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GPtrArray) sinks = NULL;
    g_autoptr(GPtrArray) sources = NULL;

    drop_repeated_wires(planner);
    sinks = group_wires(planner->wires, sink_key);
    for (unsigned i = 0; i < sinks->len; i++) {
        GPtrArray *group = g_ptr_array_index(sinks, i);

        if (group->len > 1 && !join_sink(planner, group, errp)) {
            return false;
        }
    }
    sources = group_wires(planner->wires, source_key);
    for (unsigned i = 0; i < sources->len; i++) {
        GPtrArray *group = g_ptr_array_index(sources, i);

        if (group->len > 1 && !split_source(planner, group, errp)) {
            return false;
        }
    }
    return true;
}

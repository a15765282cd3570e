/*
 * Where lines meet: or-irqs and split-irqs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

/*
 * A gate: the device that is put where several wires end in one input, or begin
 * at one output.  In QEMU an output leads to one input, and an input that two
 * outputs drive has the level that was set last
 */
typedef struct Gate {
    const char *type;
    const char *suffix;         /* of its id */
    bool at_sink;               /* at the end that is a sink; else the source */
    const char *line;           /* it has one for each of the wires */
    unsigned max_lines;         /* how many it can have */
} Gate;

/* The limits are MAX_OR_LINES and MAX_SPLIT_LINES of QEMU */
static const Gate or_gate = { "or-irq", "or", true, FDT_LINE_IN, 48 };
static const Gate splitter = { "split-irq", "split", false, FDT_LINE_OUT, 16 };

static FdtWireEnd *wire_end(FdtWire *wire, bool sink)
{
    return sink ? &wire->sink : &wire->source;
}

static char *end_key(const FdtWireEnd *end)
{
    return g_strdup_printf("%u/%s/%u", end->device->serial, end->line,
                           end->index);
}

/* Lists of wires that share an end, in the order of their first wire */
static GPtrArray *group_wires(GPtrArray *wires, bool at_sink)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash,
                                                       g_str_equal,
                                                       g_free, NULL);
    GPtrArray *groups = g_ptr_array_new_with_free_func(
        (GDestroyNotify)g_ptr_array_unref);

    for (unsigned i = 0; i < wires->len; i++) {
        FdtWire *wire = g_ptr_array_index(wires, i);
        g_autofree char *key = end_key(wire_end(wire, at_sink));
        GPtrArray *group = g_hash_table_lookup(seen, key);

        if (wire->source.device->described) {
            continue;       /* the user has connected it, or not */
        }
        if (!group) {
            group = g_ptr_array_new();
            g_ptr_array_add(groups, group);
            g_hash_table_insert(seen, g_steal_pointer(&key), group);
        }
        g_ptr_array_add(group, wire);
    }
    return groups;
}

/* Puts a gate where the wires of a group meet */
static bool join_group(FdtPlanner *planner, const Gate *gate,
                       const GPtrArray *group, Error **errp)
{
    FdtWireEnd end = *wire_end(g_ptr_array_index(group, 0), gate->at_sink);
    g_autofree char *suffix = g_strdup_printf("%s%u", gate->suffix, end.index);
    g_autofree char *line = g_strdup(end.line);
    FdtDevice *device;

    if (group->len > gate->max_lines) {
        fdt_error(errp, end.device->node, "interrupts", "%u lines meet here, "
                  "QEMU can join %u", group->len, gate->max_lines);
        return false;
    }
    device = fdt_device_new(planner, end.device->node, gate->type, suffix,
                            FDT_RANK_OTHER);
    fdt_device_set_inert(device);
    fdt_device_set_uint(device, "num-lines", group->len);
    for (unsigned i = 0; i < group->len; i++) {
        FdtWireEnd *moved = wire_end(g_ptr_array_index(group, i),
                                     gate->at_sink);

        g_free(moved->line);
        *moved = (FdtWireEnd) { device, g_strdup(gate->line), i };
    }
    if (gate->at_sink) {
        fdt_device_wire(planner, device, FDT_LINE_OUT, 0, end.device, line,
                        end.index);
    } else {
        fdt_device_wire(planner, end.device, line, end.index, device,
                        FDT_LINE_IN, 0);
    }
    return true;
}

static bool join_all(FdtPlanner *planner, const Gate *gate, Error **errp)
{
    g_autoptr(GPtrArray) groups = group_wires(planner->wires, gate->at_sink);

    for (unsigned i = 0; i < groups->len; i++) {
        GPtrArray *group = g_ptr_array_index(groups, i);

        if (group->len > 1 && !join_group(planner, gate, group, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * A tree may name a line twice, as in interrupts and in an interrupt-map: two
 * wires between the same ends are one
 */
static void drop_repeated_wires(FdtPlanner *planner)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash,
                                                       g_str_equal,
                                                       g_free, NULL);

    for (unsigned i = 0; i < planner->wires->len;) {
        FdtWire *wire = g_ptr_array_index(planner->wires, i);
        g_autofree char *from = end_key(&wire->source);
        g_autofree char *to = end_key(&wire->sink);

        if (g_hash_table_add(seen, g_strconcat(from, ">", to, NULL))) {
            i++;
        } else {
            g_ptr_array_remove_index(planner->wires, i);
        }
    }
}

bool fdt_planner_join_wires(FdtPlanner *planner, Error **errp)
{
    drop_repeated_wires(planner);
    return join_all(planner, &or_gate, errp) &&
           join_all(planner, &splitter, errp);
}

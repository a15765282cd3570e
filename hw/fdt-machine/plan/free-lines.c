/*
 * Interrupt lines that the tree leaves free: for nodes that are added, and for
 * controllers without a model whose lines become those of another one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

static char *input_key(const FdtInput *input)
{
    return g_strdup_printf("%s[%u%s]@%u", input->line, input->index,
                           input->after_shared ? "+" : "",
                           input->device->serial);
}

static bool resolve_input(FdtPlanner *planner, FdtDevice *controller,
                          const FdtInterrupt *interrupt, FdtInput *in)
{
    return fdt_controller_input(planner, controller, interrupt, 0, in, NULL);
}

static void add_specifiers(FdtPlanner *planner, FdtDevice *controller,
                           const GArray *interrupts, GHashTable *busy)
{
    for (unsigned i = 0; interrupts && i < interrupts->len; i++) {
        FdtInterrupt interrupt = g_array_index(interrupts, FdtInterrupt, i);
        FdtInput in;

        fdt_interrupt_forward(&interrupt);
        if (interrupt.controller == controller->node &&
            resolve_input(planner, controller, &interrupt, &in)) {
            g_hash_table_add(busy, input_key(&in));
        }
    }
}

/* Inputs that a node, disabled or not, a nexus or a planned wire leads to */
static GHashTable *busy_inputs(FdtPlanner *planner, FdtDevice *controller)
{
    GHashTable *busy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                             NULL);

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        /* Not kept with the node: a nexus may still come to be on their way */
        g_autoptr(GArray) interrupts = fdt_node_interrupts(info->node, NULL,
                                                           NULL);
        g_autoptr(GArray) targets = fdt_node_map_targets(info->node, NULL);

        add_specifiers(planner, controller, interrupts, busy);
        add_specifiers(planner, controller, targets, busy);
    }
    for (unsigned i = 0; i < planner->wires->len; i++) {
        FdtWire *wire = g_ptr_array_index(planner->wires, i);
        FdtInput in = {
            wire->sink.device, wire->sink.line, wire->sink.index,
            wire->after_shared,
        };

        g_hash_table_add(busy, input_key(&in));
    }
    return busy;
}

bool fdt_device_has_free_lines(const FdtDevice *device)
{
    return device->binding && device->binding->intc &&
           device->binding->intc->line;
}

/* Whether nothing uses the line, which has to be one for devices */
static bool is_free(FdtPlanner *planner, FdtDevice *controller,
                    GHashTable *busy, const FdtInterrupt *line)
{
    g_autofree char *key = NULL;
    FdtInput in;

    if (!line->num_cells || !resolve_input(planner, controller, line, &in)) {
        return false;
    }
    key = input_key(&in);
    return !g_hash_table_contains(busy, key);
}

GArray *fdt_planner_free_lines(FdtPlanner *planner, FdtDevice *controller)
{
    g_autoptr(GHashTable) busy = busy_inputs(planner, controller);
    g_autoptr(GArray) below = g_array_new(false, false, sizeof(FdtInterrupt));
    GArray *above = g_array_new(false, false, sizeof(FdtInterrupt));
    FdtInterrupt line = { .controller = controller->node };
    int num_cells;

    for (unsigned i = 0; (num_cells = controller->binding->intc->line(
                              controller, i, line.cells)); i++) {
        line.num_cells = MAX(num_cells, 0);
        if (is_free(planner, controller, busy, &line)) {
            g_array_append_val(above, line);
        } else {
            g_array_append_vals(below, above->data, above->len);
            g_array_set_size(above, 0);
        }
    }
    g_array_append_vals(above, below->data, below->len);
    return above;
}

GPtrArray *fdt_planner_controllers_with_room(FdtPlanner *planner)
{
    GPtrArray *list = g_ptr_array_new();
    FdtInterrupt root = {
        .controller = fdt_node_interrupt_parent(fdt_tree_root(planner->tree),
                                                NULL),
    };
    FdtDevice *first = NULL;

    if (root.controller) {
        fdt_interrupt_forward(&root);
        first = fdt_planner_device(planner, root.controller);
    }
    if (first && fdt_device_has_free_lines(first)) {
        g_ptr_array_add(list, first);
    }
    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        if (device != first && fdt_device_has_free_lines(device)) {
            g_ptr_array_add(list, device);
        }
    }
    return list;
}

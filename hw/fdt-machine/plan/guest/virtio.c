/*
 * virtio=N: transports for disks and networks that the tree does not have
 *
 * They are added to a copy of the tree as nodes of their own before any line
 * is counted.  From there on they are planned, reported and given to the guest
 * as all other nodes are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "guest.h"

#define MAX_TRANSPORTS  32
#define TRANSPORT_SIZE  0x200

/* All transports share one block */
QEMU_BUILD_BUG_ON(MAX_TRANSPORTS * TRANSPORT_SIZE > FDT_BLOCK_SIZE);

/*
 * Interrupt lines
 */

static GArray *find_lines(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GPtrArray) controllers =
        fdt_planner_controllers_with_room(planner);
    g_autoptr(GArray) lines = g_array_new(false, false, sizeof(FdtInterrupt));
    const FdtNode *root = fdt_tree_root(planner->tree);
    unsigned want = planner->config->virtio;

    if (!controllers->len) {
        fdt_error(errp, root, NULL, "virtio=%u: no interrupt controller of "
                  "this tree has a model that takes further devices", want);
        return NULL;
    }
    for (unsigned i = 0; i < controllers->len && lines->len < want; i++) {
        g_autoptr(GArray) free_lines = fdt_planner_free_lines(
            planner, g_ptr_array_index(controllers, i));

        g_array_append_vals(lines, free_lines->data, free_lines->len);
    }
    if (lines->len < want) {
        fdt_error(errp, root, NULL, "virtio=%u: the interrupt controllers "
                  "have %u free lines", want, lines->len);
        return NULL;
    }
    return g_steal_pointer(&lines);
}

/*
 * Nodes
 */

static FdtNode *add_node(FdtPlanner *planner, const char *rule,
                         uint64_t address, const FdtInterrupt *line,
                         Error **errp)
{
    FdtJournal *journal = planner->journal;
    FdtNode *root = fdt_tree_root(planner->tree);
    g_autofree char *name = g_strdup_printf("virtio@%" PRIx64, address);
    const FdtBlock reg = { address, TRANSPORT_SIZE };
    FdtNode *node;

    if (fdt_node_child(root, name)) {
        fdt_error(errp, fdt_node_child(root, name), NULL,
                  "virtio= needs this name");
        return NULL;
    }
    node = fdt_journal_add_node(journal, rule, root, name);
    fdt_journal_set_string(journal, rule, node, "compatible", "virtio,mmio");
    if (!fdt_guest_set_reg(planner, rule, node, &reg, 1, "set")) {
        fdt_error(errp, root, NULL, "virtio= needs a root with "
                  "#address-cells and #size-cells of at least 1");
        return NULL;
    }
    fdt_journal_set_u32(journal, rule, node, "interrupt-parent",
                        fdt_journal_phandle(journal, rule, line->controller));
    fdt_journal_set_cells(journal, rule, node, "interrupts", line->cells,
                          line->num_cells);
    fdt_journal_set_empty(journal, rule, node, "dma-coherent");
    /* It gives the device its id as well */
    fdt_guest_set_alias(planner, rule, node, "virtio-mmio");
    return node;
}

static bool add_nodes(FdtPlanner *planner, const char *rule, uint64_t address,
                      const GArray *lines, Error **errp)
{
    for (unsigned i = 0; i < planner->config->virtio; i++) {
        FdtNode *node = add_node(planner, rule, address + i * TRANSPORT_SIZE,
                                 &g_array_index(lines, FdtInterrupt, i),
                                 errp);

        if (!node) {
            return false;
        }
        fdt_planner_attach(planner, node);
        g_ptr_array_add(planner->added, node);
    }
    return true;
}

/*
 * QEMU gives a -device without bus= to the transport that was made last, and a
 * guest numbers disks and networks as the nodes are ordered: made from the
 * last to the first, the first -device is the first for the guest.
 */
static bool plan_nodes(FdtPlanner *planner, Error **errp)
{
    for (unsigned i = planner->added->len; i-- > 0;) {
        FdtNode *node = g_ptr_array_index(planner->added, i);

        if (!fdt_planner_plan_node(planner, fdt_node_info(node), errp)) {
            return false;
        }
        fdt_planner_note(planner, node, "added by virtio=");
    }
    return true;
}

bool fdt_prepare_virtio(FdtPlanner *planner, const char *rule, Error **errp)
{
    const FdtNode *root = fdt_tree_root(planner->tree);
    unsigned n = planner->config->virtio;
    g_autoptr(GArray) lines = NULL;
    uint64_t address;

    if (!n) {
        return true;
    }
    if (n > MAX_TRANSPORTS) {
        fdt_error(errp, root, NULL, "virtio=%u: at most %u transports can be "
                  "added", n, MAX_TRANSPORTS);
        return false;
    }
    if (!fdt_planner_has_type(planner, "virtio-mmio")) {
        fdt_error(errp, root, NULL, "virtio=%u: this binary has no "
                  "virtio-mmio", n);
        return false;
    }
    if (!fdt_planner_find_block(planner, FDT_BLOCK_SIZE, &address)) {
        fdt_error(errp, root, NULL, "virtio=%u: no 64 KiB of addresses below "
                  "4 GiB are free", n);
        return false;
    }
    lines = find_lines(planner, errp);
    if (!lines) {
        return false;
    }
    fdt_guest_table(planner, rule, "aliases");
    return add_nodes(planner, rule, address, lines, errp) &&
           plan_nodes(planner, errp);
}

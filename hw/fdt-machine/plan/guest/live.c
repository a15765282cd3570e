/*
 * The rule `live`: what users have changed by QMP after the tree was planned
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../../tree/cells.h"
#include "guest.h"

static void disable(FdtPlan *plan, const char *rule, FdtNode *node,
                    char *why)
{
    FdtEdit *edit = NULL;

    if (fdt_node_enabled(node)) {
        edit = fdt_journal_set_string(plan->journal, rule, node, "status",
                                      "disabled");
    }
    fdt_edit_explain(edit, "%s", why);
    g_free(why);
}

/*
 * Regions
 */

/*
 * Append an entry of reg for a region that is at another address of the root's
 * bus now; false if no range of the buses above the node reaches that address
 */
static bool append_moved(GArray *cells, const FdtNode *bus, const FdtReg *reg,
                         uint64_t to)
{
    uint64_t address = reg->bus_address + (to - reg->address), reached;
    unsigned first = cells->len;

    return fdt_cells_put(cells, address, reg->num_cells) &&
           fdt_node_translate(bus, &g_array_index(cells, uint32_t, first),
                              reg->num_cells, reg->size, &reached, NULL) &&
           reached == to;
}

/* The first entry of reg at @from becomes one at @to */
static bool move_reg(FdtPlan *plan, const char *rule, FdtNode *node,
                     uint64_t from, uint64_t to)
{
    g_autoptr(GArray) regs = fdt_node_regs(node, NULL);
    g_autoptr(GArray) cells = g_array_new(false, false, sizeof(uint32_t));
    unsigned size_cells;
    bool moved = false;
    FdtEdit *edit;

    if (!regs || !fdt_node_size_cells(node->parent, &size_cells, NULL)) {
        return false;
    }
    for (unsigned i = 0; i < regs->len; i++) {
        const FdtReg *reg = &g_array_index(regs, FdtReg, i);

        if (!moved && reg->mapped && reg->address == from) {
            moved = append_moved(cells, node->parent, reg, to);
            if (!moved) {
                return false;
            }
        } else {
            g_array_append_vals(cells, reg->cells, reg->num_cells);
        }
        fdt_cells_put(cells, reg->size, size_cells);
    }
    if (moved) {
        edit = fdt_journal_set_cells(plan->journal, rule, node, "reg",
                                     (uint32_t *)cells->data, cells->len);
        fdt_edit_explain(edit, "0x%" PRIx64 " is at 0x%" PRIx64 " now", from,
                         to);
    }
    return moved;
}

/*
 * Interrupts
 */

/* What the node says of the output, if it has led where the change says */
static FdtSpecifier *find_specifier(FdtPlan *plan, const FdtChange *change)
{
    for (unsigned i = 0; i < plan->specifiers->len; i++) {
        FdtSpecifier *s = g_ptr_array_index(plan->specifiers, i);

        if (g_str_equal(s->path, change->path) &&
            g_str_equal(s->line, change->line) &&
            !g_strcmp0(change->controller, s->controller) &&
            s->cells[s->number_cell] == change->from) {
            return s;
        }
    }
    return NULL;
}

static bool is_specifier(const FdtInterrupt *interrupt, const FdtSpecifier *s)
{
    return g_str_equal(interrupt->controller->path, s->controller) &&
           interrupt->num_cells == s->num_cells &&
           !memcmp(interrupt->cells, s->cells,
                   s->num_cells * sizeof(s->cells[0]));
}

/*
 * Whether the interrupt is an entry of the node's `interrupts` for that
 * controller itself, with no nexus between
 */
static bool is_direct(const FdtNode *node, const FdtInterrupt *interrupt)
{
    return interrupt->controller == fdt_node_interrupt_parent(node, NULL);
}

static bool rewire(FdtPlan *plan, const char *rule, FdtNode *node,
                   const FdtChange *change)
{
    g_autoptr(GArray) interrupts = fdt_node_interrupts(node, NULL, NULL);
    g_autoptr(GArray) cells = g_array_new(false, false, sizeof(uint32_t));
    FdtSpecifier *specifier = find_specifier(plan, change);
    bool found = false;
    FdtEdit *edit;

    for (unsigned i = 0; specifier && interrupts && i < interrupts->len; i++) {
        FdtInterrupt *in = &g_array_index(interrupts, FdtInterrupt, i);

        if (!is_direct(node, in)) {
            return false;
        }
        if (!found && is_specifier(in, specifier)) {
            in->cells[specifier->number_cell] = change->to;
            found = true;
        }
        g_array_append_vals(cells, in->cells, in->num_cells);
    }
    if (found) {
        specifier->cells[specifier->number_cell] = change->to;
        edit = fdt_journal_set_cells(plan->journal, rule, node, "interrupts",
                                     (uint32_t *)cells->data, cells->len);
        fdt_edit_explain(edit, "%s leads to input %" PRIu64 " now, not to %"
                         PRIu64, change->line, change->to, change->from);
    }
    return found;
}

bool fdt_rule_live(FdtPlan *plan, const char *rule, const FdtChange *change)
{
    FdtNode *node = fdt_tree_find(fdt_journal_tree(plan->journal),
                                  change->path);

    if (!node) {
        return true;
    }
    switch (change->kind) {
    case FDT_CHANGE_MOVED:
        if (!move_reg(plan, rule, node, change->from, change->to)) {
            disable(plan, rule, node, g_strdup_printf(
                "the region of 0x%" PRIx64 " is at 0x%" PRIx64 ", which the "
                "node cannot say", change->from, change->to));
        }
        return true;
    case FDT_CHANGE_UNMAPPED:
        disable(plan, rule, node, g_strdup_printf(
            "the region of 0x%" PRIx64 " is not mapped", change->from));
        return true;
    case FDT_CHANGE_REWIRED:
        /* `interrupts` counts only if the other property is not there */
        return !fdt_node_has(node, "interrupts-extended") &&
               rewire(plan, rule, node, change);
    default:
        g_assert_not_reached();
    }
}

/*
 * Rules about the machine as a whole: its name, its console
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "guest.h"

/* Whether a device above it is built, as for a clock chip on an I2C bus */
static bool is_below_built(const FdtNode *node)
{
    while ((node = node->parent)) {
        if (fdt_info_is_built(fdt_node_info(node))) {
            return true;
        }
    }
    return false;
}

/* Whether there are clock controllers, and none of them has a model */
static bool lacks_clocks(FdtPlanner *planner)
{
    bool found = false;

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (!fdt_node_has(info->node, "#clock-cells") ||
            !fdt_node_has(info->node, "reg")) {
            continue;
        }
        if (fdt_info_is_built(info)) {
            return false;
        }
        found |= info->verdict == FDT_VERDICT_STUB ||
                 (info->verdict == FDT_VERDICT_IGNORED &&
                  !is_below_built(info->node));
    }
    return found;
}

/*
 * A 32-bit kernel that knows the machine by the root's compatible runs code for
 * it, which drives clocks, power and timers before any driver does: it cannot
 * work where these have no model.  The compatible stays where CPUs wait in a
 * holding pen, as it is that code which starts them.
 */
void fdt_rule_machine(FdtPlanner *planner, const char *rule)
{
    if (fdt_planner_is_32bit(planner) && lacks_clocks(planner) &&
        g_strcmp0(planner->boot.secondary, "pen")) {
        fdt_journal_remove_prop(planner->journal, rule,
                                fdt_guest_root(planner), "compatible");
    }
}

/*
 * Console
 */

/*
 * Linux's earlycon does not look at the `status` of the node that stdout-path
 * names, and waits for ever for a stub to be ready to send
 */
static void drop_stdout(FdtPlanner *planner, const char *rule)
{
    FdtNode *chosen = fdt_node_child(fdt_guest_root(planner), "chosen");

    if (chosen) {
        fdt_journal_remove_prop(planner->journal, rule, chosen, "stdout-path");
        fdt_journal_remove_prop(planner->journal, rule, chosen,
                                "linux,stdout-path");
    }
}

static void set_stdout(FdtPlanner *planner, const char *rule, const char *path)
{
    FdtNode *root = fdt_guest_root(planner);
    FdtNode *chosen = fdt_node_child(root, "chosen") ?:
                      fdt_journal_add_node(planner->journal, rule, root,
                                           "chosen");

    fdt_edit_explain(fdt_journal_set_string(planner->journal, rule, chosen,
                                            "stdout-path", path),
                     "set to %s, which has the first serial port", path);
}

void fdt_rule_console(FdtPlanner *planner, const char *rule)
{
    const FdtNode *console = fdt_tree_stdout(planner->tree, NULL);

    if (console && fdt_info_is_built(fdt_node_info(console))) {
        return;
    }
    drop_stdout(planner, rule);
    for (unsigned i = 0; i < planner->backends->len; i++) {
        const FdtBackend *backend = g_ptr_array_index(planner->backends, i);

        if (g_str_equal(backend->kind, "serial") && backend->path) {
            set_stdout(planner, rule, backend->path);
            return;
        }
    }
}

/*
 * Rules about CPUs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "guest.h"

/* A CPU with an interrupt controller stays: others count its lines */
static bool disable_cpu(FdtPlanner *planner, const char *rule, FdtNode *cpu)
{
    for (unsigned i = 0; i < cpu->children->len; i++) {
        const FdtNode *child = g_ptr_array_index(cpu->children, i);

        if (!fdt_node_has(child, "interrupt-controller")) {
            continue;
        }
        if (fdt_node_available(cpu)) {
            fdt_guest_disable(planner, rule, cpu);
        }
        return true;
    }
    return false;
}

void fdt_rule_cpus(FdtPlanner *planner, const char *rule)
{
    bool removed = false;
    FdtNode *map;

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        FdtNode *node;

        if (fdt_node_is_cpu(info->node) && !fdt_info_is_built(info)) {
            node = fdt_guest_node(planner, info->node);
            if (disable_cpu(planner, rule, node)) {
                continue;
            }
            fdt_journal_remove_node(planner->journal, rule, node);
            removed = true;
        }
    }
    map = fdt_tree_find(fdt_journal_tree(planner->journal), "/cpus/cpu-map");
    if (removed && map) {
        fdt_edit_explain(fdt_journal_remove_node(planner->journal, rule, map),
                         "removed: it names CPUs that are not there");
    }
}

void fdt_rule_cpu_power(FdtPlanner *planner, const char *rule)
{
    static const char *const props[] = {
        "cpu-idle-states", "operating-points", "operating-points-v2",
        "clocks", "clock-names", "power-domains", "power-domain-names",
        "cpu-supply", "nvmem-cells", "nvmem-cell-names",
        "interconnects", "qcom,freq-domain", "resets", "cci-control-port",
    };

    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        FdtNode *node = fdt_guest_node(
            planner, g_ptr_array_index(planner->cpu_nodes, i));

        /* A CPU that is not built is gone: the rule cpus took it out */
        for (int j = 0; node && j < ARRAY_SIZE(props); j++) {
            fdt_journal_remove_prop(planner->journal, rule, node, props[j]);
        }
    }
}

/*
 * How secondary CPUs start, where neither the tree nor a binding says what a
 * model knows: by PSCI, which QEMU answers in place of firmware
 */

bool fdt_prepare_enable_method(FdtPlanner *planner, const char *rule,
                               Error **errp)
{
    if (!planner->boot.secondary) {
        planner->boot.psci = "smc";
        planner->psci_added = true;
        planner->boot.secondary = "psci";
    }
    return true;
}

static void set_psci_node(FdtPlanner *planner, const char *rule)
{
    static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";
    FdtNode *root = fdt_guest_root(planner);
    FdtNode *psci = fdt_node_child(root, "psci");

    if (!psci) {
        psci = fdt_journal_add_node(planner->journal, rule, root, "psci");
    }
    fdt_journal_remove_prop(planner->journal, rule, psci, "status");
    fdt_edit_explain(fdt_journal_set(planner->journal, rule, psci,
                                     "compatible", compatible,
                                     sizeof(compatible)),
                     "set to arm,psci-1.0, arm,psci-0.2");
    fdt_journal_set_string(planner->journal, rule, psci, "method",
                           planner->boot.psci);
}

void fdt_rule_enable_method(FdtPlanner *planner, const char *rule)
{
    if (!planner->psci_added) {
        return;
    }
    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        FdtNode *node = fdt_guest_node(
            planner, g_ptr_array_index(planner->cpu_nodes, i));

        if (!node) {
            continue;           /* it is not built: the rule cpus took it out */
        }
        fdt_journal_remove_prop(planner->journal, rule, node,
                                "cpu-release-addr");
        fdt_journal_set_string(planner->journal, rule, node, "enable-method",
                               "psci");
    }
    set_psci_node(planner, rule);
}

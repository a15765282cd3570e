/*
 * The planner: tree and bindings in, commands and verdicts out
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

static bool attach_infos(FdtPlanner *planner, Error **errp)
{
    FdtNode *node;

    for (node = fdt_tree_root(planner->tree); node;
         node = fdt_node_next(node)) {
        fdt_planner_attach(planner, node);
    }
    return true;
}

/*
 * The stages, in the order in which they run.  Each of them finds what those
 * before it have left in the planner.
 */
typedef bool FdtStage(FdtPlanner *planner, Error **errp);

static bool rules_when_loaded(FdtPlanner *planner, Error **errp)
{
    return fdt_planner_prepare_rules(planner, FDT_RULE_LOADED, errp);
}

static bool rules_when_matched(FdtPlanner *planner, Error **errp)
{
    return fdt_planner_prepare_rules(planner, FDT_RULE_MATCHED, errp);
}

static bool rules_when_cpus_wait(FdtPlanner *planner, Error **errp)
{
    return fdt_planner_prepare_rules(planner, FDT_RULE_CPUS_WAIT, errp);
}

static bool rules_when_memory_is_known(FdtPlanner *planner, Error **errp)
{
    return fdt_planner_prepare_rules(planner, FDT_RULE_MEMORY_KNOWN, errp);
}

static FdtStage *const stages[] = {
    fdt_planner_read_rules,
    fdt_planner_read_bindings,
    rules_when_loaded,
    attach_infos,
    fdt_planner_choose_cpus,
    fdt_planner_plan_cpus,
    fdt_planner_choose_page_bits,
    fdt_planner_find_secure_world,
    fdt_planner_match_nodes,
    rules_when_matched,
    fdt_planner_run_plan_hooks,
    fdt_planner_find_enable_method,
    rules_when_cpus_wait,
    fdt_planner_settle_enable_method,
    fdt_planner_apply_data,
    fdt_planner_assign_backends,
    fdt_planner_connect,
    fdt_planner_memory,
    rules_when_memory_is_known,
    fdt_planner_note_unmatched,
    fdt_planner_run_finish_hooks,
    fdt_planner_map_secure,
    fdt_planner_settle_overlaps,
    fdt_planner_stubs,
    fdt_planner_rest,
    fdt_planner_check_sections,
    fdt_planner_guest_tree,
    fdt_planner_check_mute,
    fdt_planner_boot_device,
    fdt_planner_join_wires,
    fdt_planner_note_specifiers,
    fdt_planner_emit,
    fdt_planner_check_required,
    fdt_planner_check_unmatched,
    fdt_planner_check_strict,
};

/* A stage that fails says why; one that forgets to is not to end in silence */
static bool run_stages(FdtPlanner *planner, Error **errp)
{
    ERRP_GUARD();

    for (int i = 0; i < ARRAY_SIZE(stages); i++) {
        if (stages[i](planner, errp)) {
            continue;
        }
        if (!*errp) {
            fdt_error(errp, fdt_tree_root(planner->tree), NULL, "the tree "
                      "cannot be planned, and stage %d of the planner does "
                      "not say why", i);
        }
        return false;
    }
    return true;
}

FdtPlan *fdt_plan_new(FdtTree *tree, const FdtPlanConfig *config, Error **errp)
{
    FdtPlanner planner;
    FdtPlan *plan = NULL;

    fdt_planner_init(&planner, tree, config);
    if (run_stages(&planner, errp)) {
        fdt_planner_report(&planner);
        plan = g_steal_pointer(&planner.plan);
    }
    fdt_planner_clear(&planner);
    return plan;
}

/*
 * Timers without a model
 *
 * A kernel for ARMv7 or ARMv8 runs without clocks, power and pins, but not
 * without a timer.  Where none of the tree's has a model, whatever its name is,
 * the timers of the CPUs stand in, as a node of the planned tree, and CPUs that
 * have timers for those that have none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "../../bindings/tables.h"
#include "guest.h"

/* PPIs of the architected timer, in the order of arm,arch_timer.yaml */
static const uint32_t timer_ppis[] = { 13, 14, 11, 10 };
#define NUM_TIMER_CELLS (ARRAY_SIZE(timer_ppis) * FDT_GIC_CELLS)
/* A GICv2 has a bit for each CPU that gets the PPI (arm,gic.yaml) */
#define GICV2_MAX_CPUS  8

/* Whether kernels measure the timer's rate by another timer, as of the TWD */
static bool lacks_rate(const FdtNodeInfo *info)
{
    return info->binding->timer->wants_clock &&
           !fdt_node_has(info->node, "clocks");
}

static bool has_model_of_timer(const FdtNodeInfo *info)
{
    return fdt_info_is_built(info) && info->binding &&
           ((info->binding->timer && !lacks_rate(info)) ||
            (info->binding == &fdt_binding_qemu &&
             fdt_node_names_timer(info->node)));
}

bool fdt_planner_has_timer(const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        if (has_model_of_timer(g_ptr_array_index(planner->infos, i))) {
            return true;
        }
    }
    return false;
}

static bool is_arch_timer(const FdtNode *node)
{
    return fdt_node_is_compatible(node, "arm,armv7-timer") ||
           fdt_node_is_compatible(node, "arm,armv8-timer");
}

/* The CPUs' timer, which trees disable where the firmware does not set it up */
static FdtNode *disabled_timer(FdtPlanner *planner)
{
    FdtNode *node;

    for (node = fdt_tree_root(planner->tree); node;
         node = fdt_node_next(node)) {
        if (is_arch_timer(node) && node->parent &&
            fdt_node_available(node->parent) &&
            !fdt_node_info(node)->omitted) {
            return node;
        }
    }
    return NULL;
}

static FdtNode *enable_timer(FdtPlanner *planner, const char *rule,
                             FdtNode *node)
{
    fdt_journal_remove_prop(planner->journal, rule, node, "status");
    fdt_node_info(node)->matched = false;
    return node;
}

/* Its lines are the PPIs of @gic */
static void set_timer_lines(FdtPlanner *planner, const char *rule,
                            FdtNode *node, const FdtNodeInfo *gic)
{
    FdtJournal *journal = planner->journal;
    uint32_t cells[NUM_TIMER_CELLS];
    uint32_t flags = FDT_GIC_LEVEL_HIGH;

    if (g_str_equal(gic->device->type, "arm_gic")) {
        flags |= MAKE_64BIT_MASK(8, MIN(planner->cpus->len, GICV2_MAX_CPUS));
    }
    for (int i = 0; i < ARRAY_SIZE(timer_ppis); i++) {
        cells[i * FDT_GIC_CELLS] = FDT_GIC_PPI;
        cells[i * FDT_GIC_CELLS + 1] = timer_ppis[i];
        cells[i * FDT_GIC_CELLS + 2] = flags;
    }
    fdt_journal_set_u32(journal, rule, node, "interrupt-parent",
                        fdt_journal_phandle(journal, rule,
                                            (FdtNode *)gic->node));
    fdt_journal_set_cells(journal, rule, node, "interrupts", cells,
                          NUM_TIMER_CELLS);
}

/* Whether the first interrupt of the node leads to one of the controllers */
static bool leads_to(const FdtNode *node, const GPtrArray *controllers)
{
    g_autoptr(GArray) list = fdt_node_interrupts(node, NULL, NULL);

    for (unsigned i = 0; list && list->len && i < controllers->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(controllers, i);

        if (g_array_index(list, FdtInterrupt, 0).controller == info->node) {
            return true;
        }
    }
    return false;
}

void fdt_move_arch_timers(FdtPlanner *planner, const char *rule,
                          const GPtrArray *controllers, const FdtNodeInfo *gic)
{
    FdtNode *node;

    for (node = fdt_tree_root(planner->tree); node;
         node = fdt_node_next(node)) {
        if (is_arch_timer(node) && leads_to(node, controllers)) {
            fdt_journal_remove_prop(planner->journal, rule, node,
                                    "interrupts-extended");
            fdt_journal_remove_prop(planner->journal, rule, node,
                                    "interrupt-names");
            set_timer_lines(planner, rule, node, gic);
        }
    }
}

static FdtNode *add_timer(FdtPlanner *planner, const char *rule,
                          const FdtNodeInfo *gic)
{
    FdtJournal *journal = planner->journal;
    FdtNode *root = fdt_tree_root(planner->tree), *node;
    const char *name = fdt_node_child(root, "timer") ? "arch-timer" : "timer";

    if (fdt_node_child(root, name)) {
        return NULL;
    }
    node = fdt_journal_add_node(journal, rule, root, name);
    fdt_journal_set_string(journal, rule, node, "compatible",
                           fdt_planner_arm_version(planner) == 8
                           ? "arm,armv8-timer" : "arm,armv7-timer");
    set_timer_lines(planner, rule, node, gic);
    fdt_planner_attach(planner, node);
    return node;
}

/* Substitute CPUs that have timers; false if the binary has no such type */
static bool substitute_cpus(FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        FdtNodeInfo *info = fdt_node_info(
            g_ptr_array_index(planner->cpu_nodes, i));
        const char *stand_in = fdt_device_cpu_role(info->device)->stand_in;
        g_autofree char *why = NULL;

        if (!stand_in) {
            continue;
        }
        why = g_strdup_printf("no timer has a model; %s has its own",
                              stand_in);
        if (planner->config->cpu_type ||
            !fdt_planner_change_cpu(planner, info, stand_in, why)) {
            return false;
        }
    }
    return true;
}

/*
 * A timer that has a model, but no rate, is left out: a kernel would take it
 * first, and wait for another one that tells the rate
 */
static void leave_out_timers(FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (fdt_info_is_built(info) && info->device && info->binding &&
            info->binding->timer && lacks_rate(info)) {
            fdt_device_leave_out(planner, info->device, "not built: without a "
                                 "clock, another timer tells its rate");
        }
    }
}

bool fdt_prepare_timer(FdtPlanner *planner, const char *rule, Error **errp)
{
    FdtNodeInfo *gic = fdt_find_gic(planner);
    FdtNode *timer;

    if (!fdt_planner_arm_version(planner) || !gic ||
        fdt_planner_has_timer(planner) || !substitute_cpus(planner)) {
        return true;
    }
    timer = disabled_timer(planner);
    timer = timer ? enable_timer(planner, rule, timer)
                  : add_timer(planner, rule, gic);
    if (timer) {
        fdt_planner_match_node(planner, fdt_node_info(timer));
        fdt_planner_note(planner, timer, "no timer of the tree has a model");
        leave_out_timers(planner);
    }
    return true;
}

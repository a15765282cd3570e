/*
 * The table of rules by which the guest's tree is made true of the machine
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "guest.h"

/* The most rules that come before another one */
#define MAX_AFTER   3

typedef struct FdtRule {
    const char *name;
    const char *reason;         /* in words, for the help */
    /* What it does to the machine, and when: before nodes are planned */
    FdtPrepareRule *prepare;
    FdtRuleStage stage;
    /* What it does to the guest's tree: to each node, then to the whole */
    FdtNodeRule *node;
    FdtTreeRule *tree;
    /* What it does when a user has changed the machine by QMP */
    FdtChangeRule *change;
    /* Names of the rules whose changes it has to find made */
    const char *after[MAX_AFTER];
} FdtRule;

static const FdtRule rules[] = {
    { "interrupts", "a GIC stands in for an interrupt controller without a "
      "model",
      .prepare = fdt_prepare_interrupts, .stage = FDT_RULE_MATCHED },
    { "cascades", "lines of an interrupt controller without a model become "
      "free ones of the GIC",
      .prepare = fdt_prepare_cascades, .stage = FDT_RULE_MATCHED,
      .after = { "interrupts", "timer" } },
    { "timer", "CPUs have timers of their own where no timer has a model",
      .prepare = fdt_prepare_timer, .stage = FDT_RULE_MATCHED,
      .after = { "interrupts" } },
    { "memory", "memory nodes say what memory there is",
      .node = fdt_rule_memory, .tree = fdt_rule_memory_added },
    { "cpus", "CPUs that are not built are not there",
      .tree = fdt_rule_cpus },
    { "cpu-power", "nothing models the CPUs' clocks, idle states and supplies",
      .tree = fdt_rule_cpu_power, .after = { "cpus" } },
    { "enable-method", "an enable-method without a model becomes PSCI",
      .prepare = fdt_prepare_enable_method, .stage = FDT_RULE_CPUS_WAIT,
      .tree = fdt_rule_enable_method, .after = { "cpus" } },
    { "omitted", "omit= leaves nodes out",
      .tree = fdt_rule_omitted },
    { "clocks", "a clock whose provider has no model is a fixed clock",
      .node = fdt_rule_clocks },
    { "providers", "consumers of a provider without a model lose the property",
      .node = fdt_rule_providers },
    { "unmodelled", "a node without a model is disabled, so that no driver "
      "waits for it",
      .node = fdt_rule_unmodelled },
    { "buses", "a bus does not wait for a provider without a model where "
      "devices on it have models",
      .node = fdt_rule_buses, .after = { "clocks" } },
    { "relatives", "a near relative says what it is where its driver would "
      "take it for more",
      .node = fdt_rule_relatives, .after = { "providers" } },
    { "secure", "registers of the secure state are not there for a kernel in "
      "the other one",
      .node = fdt_rule_secure },
    { "lines", "a device whose interrupt controllers have no model, or whose "
      "own model has none, has no interrupts, which drivers would wait for",
      .node = fdt_rule_lines, .after = { "cpus", "omitted", "unmodelled" } },
    { "errata", "models have no errata, and some cannot be worked around "
      "where there are none",
      .node = fdt_rule_errata },
    { "cache", "kernels look for cache controllers whatever their status is",
      .node = fdt_rule_cache },
    { "machine", "kernel code for a machine whose clock controllers have no "
      "model cannot work",
      .tree = fdt_rule_machine },
    { "console", "a UART stands in for a console without a model; without "
      "room for one, the first serial port is the console",
      .prepare = fdt_prepare_console, .stage = FDT_RULE_MATCHED,
      .after = { "interrupts", "timer", "cascades" },
      .tree = fdt_rule_console },
    { "reserved", "no memory is set aside where there is none, nor as a boot "
      "loader's frame buffer",
      .node = fdt_rule_reserved },
    { "virtio", "what no node takes, disks and networks, sits on transports "
      "that are added, as virtio= adds them",
      .prepare = fdt_prepare_virtio, .stage = FDT_RULE_MEMORY_KNOWN },
    { "bindings", "bindings of the user are for QEMU alone",
      .prepare = fdt_prepare_bindings, .stage = FDT_RULE_LOADED },
    { "live", "devices that users have moved or rewired by QMP are where they "
      "are now",
      .change = fdt_rule_live },
};

/* A set of rules: bit i is that of row i */
QEMU_BUILD_BUG_ON(ARRAY_SIZE(rules) > 64);

const char *fdt_guest_rule(unsigned i, const char **reason)
{
    if (i >= ARRAY_SIZE(rules)) {
        return NULL;
    }
    *reason = rules[i].reason;
    return rules[i].name;
}

/*
 * Which rules are on
 */

static bool switch_rule(const char *word, uint64_t *on, Error **errp)
{
    g_autoptr(GString) known = g_string_new("all");
    const char *name = word + (*word == '-');
    bool found = false;

    for (unsigned i = 0; i < ARRAY_SIZE(rules); i++) {
        g_string_append_printf(known, ", %s", rules[i].name);
        if (g_str_equal(name, "all") || g_str_equal(name, rules[i].name)) {
            *on = deposit64(*on, i, 1, *word != '-');
            found = true;
        }
    }
    if (!found) {
        error_setg(errp, "guest-rules: no rule is called '%s'; there are %s",
                   name, known->str);
    }
    return found;
}

bool fdt_planner_read_rules(FdtPlanner *planner, Error **errp)
{
    char *const *word = planner->config->guest_rules;

    planner->rules = UINT64_MAX;
    for (; word && *word; word++) {
        if (!switch_rule(*word, &planner->rules, errp)) {
            return false;
        }
    }
    planner->plan->rules = planner->rules;
    return true;
}

/*
 * Carrying rules out: each once, after those that it names
 */

typedef struct FdtRuleRun {
    FdtPlanner *planner;
    uint64_t left;              /* rules that were not carried out yet */
    bool (*apply)(struct FdtRuleRun *run, const FdtRule *rule, Error **errp);
    FdtRuleStage stage;
} FdtRuleRun;

static bool run_rule(FdtRuleRun *run, unsigned i, Error **errp);

static bool run_rule_by_name(FdtRuleRun *run, const char *name, Error **errp)
{
    for (unsigned i = 0; i < ARRAY_SIZE(rules); i++) {
        if (g_str_equal(rules[i].name, name)) {
            return run_rule(run, i, errp);
        }
    }
    g_assert_not_reached();     /* the unit tests look at every name */
}

static bool run_rule(FdtRuleRun *run, unsigned i, Error **errp)
{
    const FdtRule *rule = &rules[i];

    if (!extract64(run->left, i, 1)) {
        return true;
    }
    run->left = deposit64(run->left, i, 1, 0);
    for (int j = 0; j < MAX_AFTER && rule->after[j]; j++) {
        if (!run_rule_by_name(run, rule->after[j], errp)) {
            return false;
        }
    }
    return run->apply(run, rule, errp);
}

static bool run_rules(FdtRuleRun *run, Error **errp)
{
    run->left = run->planner->rules;
    for (unsigned i = 0; i < ARRAY_SIZE(rules); i++) {
        if (!run_rule(run, i, errp)) {
            return false;
        }
    }
    return true;
}

static bool prepare(FdtRuleRun *run, const FdtRule *rule, Error **errp)
{
    return !rule->prepare || rule->stage != run->stage ||
           rule->prepare(run->planner, rule->name, errp);
}

bool fdt_planner_prepare_rules(FdtPlanner *planner, FdtRuleStage stage,
                               Error **errp)
{
    FdtRuleRun run = { .planner = planner, .apply = prepare, .stage = stage };

    return run_rules(&run, errp);
}

/* Nodes that an earlier rule has removed are not there any more */
static void apply_to_nodes(FdtPlanner *planner, const FdtRule *rule)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        FdtNode *guest = fdt_guest_node(planner, info->node);

        if (guest) {
            rule->node(planner, rule->name, info, guest);
        }
    }
}

static bool apply(FdtRuleRun *run, const FdtRule *rule, Error **errp)
{
    if (rule->node) {
        apply_to_nodes(run->planner, rule);
    }
    if (rule->tree) {
        rule->tree(run->planner, rule->name);
    }
    return true;
}

/* The copy's nodes get the infos of the nodes that they come from */
static void share_infos(FdtTree *tree, FdtTree *guest)
{
    FdtNode *a = fdt_tree_root(tree), *b = fdt_tree_root(guest);

    for (; a && b; a = fdt_node_next(a), b = fdt_node_next(b)) {
        b->opaque = a->opaque;
    }
}

bool fdt_planner_guest_tree(FdtPlanner *planner, Error **errp)
{
    FdtRuleRun run = { .planner = planner, .apply = apply };

    planner->planned = fdt_journal_branch(planner->journal);
    share_infos(planner->planned, fdt_journal_tree(planner->journal));
    if (!run_rules(&run, errp)) {
        return false;
    }
    for (FdtNode *node = fdt_guest_root(planner); node;
         node = fdt_node_next(node)) {
        node->opaque = NULL;
    }
    return true;
}

bool fdt_plan_change(FdtPlan *plan, const FdtChange *change)
{
    bool said = true;

    for (unsigned i = 0; i < ARRAY_SIZE(rules); i++) {
        if (rules[i].change && extract64(plan->rules, i, 1)) {
            said &= rules[i].change(plan, rules[i].name, change);
        }
    }
    return said;
}

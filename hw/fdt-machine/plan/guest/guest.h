/*
 * The rules by which the guest's tree is made true of the machine
 *
 * For the files of this folder.  Each rule is a row of the table in rules.c;
 * its functions are in the file of its topic.  They change trees through
 * planner->journal alone, in the name of the rule.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_PLAN_GUEST_H
#define HW_FDT_MACHINE_PLAN_GUEST_H

#include "../state.h"

/*
 * FdtPrepareRule: what the rule does to the machine: it may add nodes to
 * planner->tree, and change nodes of it, before they are planned.  False with
 * an error if the machine cannot be built that way.
 */
typedef bool FdtPrepareRule(FdtPlanner *planner, const char *rule,
                            Error **errp);

/* FdtTreeRule: what it does to the guest's tree as a whole */
typedef void FdtTreeRule(FdtPlanner *planner, const char *rule);

/*
 * FdtNodeRule: what it does to each node of the guest's tree
 * @info: what became of the node
 * @guest: the node in the guest's tree
 */
typedef void FdtNodeRule(FdtPlanner *planner, const char *rule,
                         FdtNodeInfo *info, FdtNode *guest);

/*
 * FdtChangeRule: how the guest's tree follows what a user has changed by QMP;
 * false if the tree cannot say it
 */
typedef bool FdtChangeRule(FdtPlan *plan, const char *rule,
                           const FdtChange *change);

/* cpus.c */
FdtTreeRule fdt_rule_cpus;
FdtTreeRule fdt_rule_cpu_power;
FdtPrepareRule fdt_prepare_enable_method;
FdtTreeRule fdt_rule_enable_method;
/* memory.c */
FdtNodeRule fdt_rule_memory;
FdtTreeRule fdt_rule_memory_added;
FdtNodeRule fdt_rule_reserved;
/* nodes.c */
FdtPrepareRule fdt_prepare_bindings;
FdtTreeRule fdt_rule_omitted;
FdtNodeRule fdt_rule_unmodelled;
FdtNodeRule fdt_rule_lines;
FdtNodeRule fdt_rule_relatives;
FdtNodeRule fdt_rule_secure;
FdtNodeRule fdt_rule_errata;
FdtNodeRule fdt_rule_cache;
/* providers.c */
FdtNodeRule fdt_rule_clocks;
FdtNodeRule fdt_rule_providers;
FdtNodeRule fdt_rule_buses;
/* machine.c */
FdtTreeRule fdt_rule_machine;
FdtTreeRule fdt_rule_console;
/* stand-in-*.c, virtio.c */
FdtPrepareRule fdt_prepare_console;
FdtPrepareRule fdt_prepare_interrupts;
FdtPrepareRule fdt_prepare_cascades;
FdtPrepareRule fdt_prepare_timer;
FdtPrepareRule fdt_prepare_virtio;
/* live.c */
FdtChangeRule fdt_rule_live;

/*
 * ask.c: what rules ask
 */

/* fdt_guest_root: root node of the guest's tree */
FdtNode *fdt_guest_root(const FdtPlanner *planner);
/* fdt_guest_node: the guest's node of a node of the planned tree, or NULL */
FdtNode *fdt_guest_node(const FdtPlanner *planner, const FdtNode *node);
/* fdt_info_is_built: whether the guest finds a device where the node says */
bool fdt_info_is_built(const FdtNodeInfo *info);
/* fdt_node_has_built_child: whether fdt_info_is_built() of any node below it */
bool fdt_node_has_built_child(const FdtNode *node);
/*
 * fdt_node_provides: whether a driver gets what it asks of this provider: it
 * has a device, or is one that needs none, as a fixed clock
 */
bool fdt_node_provides(const FdtNode *node);
/* fdt_node_is_cpu: whether it is a cpu node of /cpus (3.8) */
bool fdt_node_is_cpu(const FdtNode *node);
/*
 * fdt_node_names_timer: whether the node is a timer by the generic name of
 * such nodes (2.2.2), or by what its binding is called
 */
bool fdt_node_names_timer(const FdtNode *node);

/* fdt_guest_disable: `status` (2.3.4) of the node becomes "disabled" */
void fdt_guest_disable(FdtPlanner *planner, const char *rule, FdtNode *node);
/*
 * fdt_guest_set_reg: `reg` (2.3.6) of the node becomes the blocks, which the
 * record says in the words of @text; false, and nothing changes, if the parent
 * has no cells for addresses or for sizes
 */
bool fdt_guest_set_reg(FdtPlanner *planner, const char *rule, FdtNode *node,
                       const FdtBlock *blocks, unsigned num, const char *text);

/*
 * For rules that add nodes to planner->tree.  fdt_guest_table: the child of the
 * root of that name, as "aliases", which is added if there is none
 *
 * fdt_guest_set_alias: the node, which was just added, gets the first alias
 * (3.3) "@stem""N" that is free, N counting from 0
 */
FdtNode *fdt_guest_table(FdtPlanner *planner, const char *rule,
                         const char *name);
void fdt_guest_set_alias(FdtPlanner *planner, const char *rule,
                         const FdtNode *node, const char *stem);

/*
 * controllers.c: the interrupt controllers that lead to the CPUs
 */

/* Specifiers of a GIC: arm,gic.yaml */
#define FDT_GIC_CELLS       3
#define FDT_GIC_SPI         0
#define FDT_GIC_PPI         1
#define FDT_GIC_LEVEL_HIGH  4

/*
 * fdt_info_is_root_controller: whether the node is an interrupt controller
 * whose lines go to the CPUs, or to controllers within their nodes, and not to
 * another controller
 */
bool fdt_info_is_root_controller(FdtNodeInfo *info);
/* fdt_find_root_controller: the first that has a model; NULL: none has */
FdtNodeInfo *fdt_find_root_controller(const FdtPlanner *planner);
/* fdt_find_gic: the first that has a model and is a GIC; NULL: none */
FdtNodeInfo *fdt_find_gic(const FdtPlanner *planner);

/*
 * fdt_planner_arm_version: 7 or 8 if all CPUs are of ARMv7-A, or of ARMv8-A and
 * later, whose kernels run on one another; else 0
 */
unsigned fdt_planner_arm_version(const FdtPlanner *planner);
/*
 * fdt_move_arch_timers: the timers of the CPUs (arm,arch_timer.yaml) whose
 * lines lead to one of @controllers, a GPtrArray of FdtNodeInfo, have those
 * that @gic has for them: each CPU has its own, which no line of a nexus is
 */
void fdt_move_arch_timers(FdtPlanner *planner, const char *rule,
                          const GPtrArray *controllers,
                          const FdtNodeInfo *gic);
/* fdt_planner_has_timer: whether a timer that kernels can use has a model */
bool fdt_planner_has_timer(const FdtPlanner *planner);

#endif /* HW_FDT_MACHINE_PLAN_GUEST_H */

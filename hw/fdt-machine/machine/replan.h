/*
 * From one plan to the next: what a further load has to do
 *
 * What a machine has of earlier loads is a list of steps, in the order in which
 * they were carried out: those of the plan that it was built by, and whatever a
 * refused load has left.  The next plan is compared with that list, step by
 * step (fdt_step_equal).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_REPLAN_H
#define HW_FDT_MACHINE_REPLAN_H

#include "../plan/plan.h"

/**
 * fdt_replan_retire: inert devices of @done that @new has no more, or has with
 * other properties
 * @done: of FdtStep *: what the machine has
 * @retired: set of ids; gets theirs, as long as the machine lives
 *
 * Returns whether @new gives such an id to another device, and has to be
 * planned again, without these ids.
 */
bool fdt_replan_retire(const GPtrArray *done, const FdtPlan *new,
                       GHashTable *retired);

/* A step on the way to another plan */
typedef struct FdtAction {
    FdtStep *step;          /* to be carried out */
    FdtStep *undo;          /* takes it back; NULL: nothing does */
    unsigned number;        /* of the step in the new plan, from 1; 0: none */
} FdtAction;

/**
 * fdt_replan: what brings the machine from @done to @new
 * @done: of FdtStep *: what the machine has
 *
 * First the mappings, connections and objects that @new does not have are taken
 * back, the last one first; an inert device that it does not have is of no
 * effect then, and stays.  Then follows what @new has more, but for the boot
 * device.
 *
 * Returns a GArray of FdtAction; the caller unrefs.  NULL with an error that
 * names the node if @new lacks, or changes, another device of @done: it would
 * have to be taken out.
 */
GArray *fdt_replan(const GPtrArray *done, const FdtPlan *new, Error **errp);

/* fdt_replan_boot: what fdt_replan() leaves out: the boot device, if any */
GArray *fdt_replan_boot(const FdtPlan *plan);

#endif /* HW_FDT_MACHINE_REPLAN_H */

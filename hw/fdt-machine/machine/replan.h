/*
 * From one plan to the next: what a further load has to do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_REPLAN_H
#define HW_FDT_MACHINE_REPLAN_H

#include "../plan/plan.h"
#include "qobject/qlist.h"

/* fdt_step_boots: whether a command adds the boot device, which comes last */
bool fdt_step_boots(const FdtPlan *plan, unsigned i);

/**
 * fdt_replan_retire: stubs, or-irqs and split-irqs of @old that @new has no
 * more, or has with other properties
 * @old: may be NULL
 * @retired: set of ids; gets theirs, as long as the machine lives
 *
 * Returns whether @new gives such an id to another device, and has to be
 * planned again, without these ids.
 */
bool fdt_replan_retire(const FdtPlan *old, const FdtPlan *new,
                       GHashTable *retired);

/**
 * fdt_replan: compare the plan that was carried out with its successor
 * @old: may be NULL
 * @skip: one element for each command of @new: set for those that were carried
 *        out as part of @old, and for the boot device
 *
 * Returns the commands that undo mappings and connections of @old that @new
 * does not have; the caller unrefs.  What is left of a stub, an or-irq or a
 * split-irq is of no effect then.  NULL with an error that names the node if
 * @new lacks, or changes, another device or an object of @old: it would have
 * to be taken out.
 */
QList *fdt_replan(const FdtPlan *old, const FdtPlan *new, bool *skip,
                  Error **errp);

#endif /* HW_FDT_MACHINE_REPLAN_H */

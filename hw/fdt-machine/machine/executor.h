/*
 * From a plan to a machine: hand the commands to the QMP dispatcher
 *
 * Plans are carried out here alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_EXECUTOR_H
#define HW_FDT_MACHINE_EXECUTOR_H

#include "../plan/plan.h"

/**
 * fdt_machine_execute: carry out the actions, in order
 * @actions: of FdtAction (replan.h)
 * @num_steps: how many steps the plan has, for messages
 * @file: what messages call the tree
 * @left: an empty array of FdtStep *, which it owns; NULL: nothing is undone
 *
 * All commands run in one memory transaction, since mapping a region outside of
 * one costs time in proportion to the regions that are there.  Code that reads
 * or writes guest memory while a device is realized sees the memory map as it
 * was before.
 *
 * Stops at the first command that fails and returns false with an error of the
 * form `FILE: NODE: COMMAND DRIVER/ID: QEMU's text (step N of M)`.  Unless
 * @left is NULL, the actions before it are undone, the last one first; those
 * that cannot be undone are put into @left, and the error names them.
 */
bool fdt_machine_execute(const GArray *actions, unsigned num_steps,
                         const char *file, GPtrArray *left, Error **errp);

/*
 * fdt_step_is_harmless: whether it does not matter that the step could not be
 * undone: it is of no effect on what a guest sees
 */
bool fdt_step_is_harmless(const FdtStep *step);
/*
 * fdt_steps_names: of a GPtrArray of FdtStep *, those that are not harmless, as
 * "gic, cpu-0 and 3 more"; NULL if there is none.  The caller frees
 */
char *fdt_steps_names(const GPtrArray *steps);

#endif /* HW_FDT_MACHINE_EXECUTOR_H */

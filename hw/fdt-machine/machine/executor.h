/*
 * From a plan to a machine: hand the commands to the QMP dispatcher
 *
 * The only part that touches the state of QEMU.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_EXECUTOR_H
#define HW_FDT_MACHINE_EXECUTOR_H

#include "../plan/plan.h"

/**
 * fdt_machine_execute: run the commands of a plan, in order
 * @plan: stays the caller's
 * @file: what messages call the tree
 * @undo: commands to run first, or NULL
 * @skip: for each command of the plan, whether it is left out
 *
 * All commands run in one memory transaction, since mapping a region outside of
 * one costs time in proportion to the regions that are there.  Code that reads
 * or writes guest memory while a device is realized sees the memory map as it
 * was before.
 *
 * Stops at the first command that fails and returns false with an error of the
 * form `FILE: NODE: COMMAND DRIVER/ID: QEMU's text (step N of M)`.
 */
bool fdt_machine_execute(const FdtPlan *plan, const char *file,
                         const QList *undo, const bool *skip, Error **errp);

#endif /* HW_FDT_MACHINE_EXECUTOR_H */

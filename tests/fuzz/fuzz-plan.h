/*
 * Plans of trees that were made by chance
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FDT_MACHINE_FUZZ_PLAN_H
#define TESTS_FDT_MACHINE_FUZZ_PLAN_H

#include "../../hw/fdt-machine/plan/plan.h"

/*
 * fuzz_plan: plan the tree with a configuration that the bits of @choices
 * choose, and the user's @bindings, or NULL, and abort unless what comes is
 * what has to come: a plan whose ids are well formed and of one device each,
 * and whose guest's tree can be read again; or an error that names the file
 * and a node
 */
void fuzz_plan(FdtTree *tree, FdtTree *bindings, uint32_t choices);

/*
 * fuzz_file: a file of these bytes that is in memory alone; returns its name,
 * which the caller frees, and sets @fd to what the caller closes
 */
char *fuzz_file(const uint8_t *data, size_t size, int *fd);

#endif /* TESTS_FDT_MACHINE_FUZZ_PLAN_H */

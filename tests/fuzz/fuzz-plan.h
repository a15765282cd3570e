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
 * choose, and abort unless what comes is what has to come: a plan whose ids are
 * well formed and of one device each, and whose guest's tree can be read again;
 * or an error that names the file and a node
 */
void fuzz_plan(FdtTree *tree, uint32_t choices);

#endif /* TESTS_FDT_MACHINE_FUZZ_PLAN_H */

/*
 * A device tree in words: what the tree reader makes of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FDT_MACHINE_TREE_PRINT_H
#define TESTS_FDT_MACHINE_TREE_PRINT_H

#include "../../hw/fdt-machine/tree/edit.h"

/**
 * tree_print: every node with what its properties resolve to, then memory,
 * CPUs and console
 * @errors: gets every message, a line each
 *
 * Calls every resolver there is for every node; what fails is left out of the
 * text.  The caller frees it.
 */
char *tree_print(const FdtTree *tree, GString *errors);

#endif /* TESTS_FDT_MACHINE_TREE_PRINT_H */

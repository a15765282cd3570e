/*
 * How two flattened device trees differ
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FDT_MACHINE_TREE_DIFF_H
#define TESTS_FDT_MACHINE_TREE_DIFF_H

/**
 * tree_diff: what was added, removed or changed from one tree to another
 *
 * Read with libfdt alone, and so independent of all that hw/fdt-machine knows
 * of trees.  Returns a set of strings, which the caller unrefs: "PATH" for a
 * node that is in one of the trees only (nothing is said of those below it) and
 * "PATH PROPERTY" for a property that is in one of them only, or differs.
 */
GHashTable *tree_diff(const void *from, const void *to);

#endif /* TESTS_FDT_MACHINE_TREE_DIFF_H */

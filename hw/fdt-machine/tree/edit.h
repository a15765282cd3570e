/*
 * Edits of a device tree
 *
 * For the files of this folder, and for the unit tests, alone: what others
 * change they change through the journal (journal.h), which keeps a record.
 * `scripts/lint includes` sees to it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_TREE_EDIT_H
#define HW_FDT_MACHINE_TREE_EDIT_H

#include "tree.h"

/* fdt_is_phandle: whether a property of that name is the node's phandle */
bool fdt_is_phandle(const char *name);

/*
 * fdt_node_set: give the property @name a copy of @len bytes of @data; it is
 * added after the others if the node does not have it.  The other functions of
 * this kind do the same for a value of a certain form.
 */
void fdt_node_set(FdtNode *node, const char *name, const void *data,
                  uint32_t len);
/* A property without a value, whose presence means true (2.2.4) */
void fdt_node_set_empty(FdtNode *node, const char *name);
void fdt_node_set_u32(FdtNode *node, const char *name, uint32_t value);
/* A list of cells, given in host order */
void fdt_node_set_cells(FdtNode *node, const char *name, const uint32_t *cells,
                        unsigned num_cells);
void fdt_node_set_string(FdtNode *node, const char *name, const char *value);
/* fdt_node_remove_prop: returns whether the property was there */
bool fdt_node_remove_prop(FdtNode *node, const char *name);
/* fdt_node_add_child: a child after the others; the name must not be taken */
FdtNode *fdt_node_add_child(FdtNode *node, const char *name);
/* fdt_node_remove: free the node and all below it; the root stays */
void fdt_node_remove(FdtNode *node);
/*
 * fdt_node_ensure_phandle: the node's phandle (2.3.3), a new one, above all
 * that the tree has, if it had none
 */
uint32_t fdt_node_ensure_phandle(FdtNode *node);

#endif /* HW_FDT_MACHINE_TREE_EDIT_H */

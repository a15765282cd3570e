/*
 * Properties that start with "qemu,", of nodes and of the user's bindings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BINDINGS_QEMU_H
#define HW_FDT_MACHINE_BINDINGS_QEMU_H

#include "known-reads.h"
#include "../plan/api.h"

/* fdt_qemu_binds: whether the node says itself what it is */
bool fdt_qemu_binds(const FdtNode *node);

/*
 * fdt_qemu_check_node: whether every such property of a node that is not
 * disabled is one that docs/qemu-binding.md has for a node of its kind, has a
 * value of its form, and is one that the QOM type can be given, as far as that
 * is known; false with an error that names it
 * @bound: whether the node is bound to fdt_binding_qemu
 * @user: the binding of the user's that it is bound by, or NULL
 */
bool fdt_qemu_check_node(const FdtPlanner *planner, const FdtNode *node,
                         bool bound, const FdtNode *user, Error **errp);

/*
 * fdt_qemu_check_binding: the same for a node below /qemu,bindings, which has
 * no property but these and `compatible`
 * @has_phandles: whether phandles in it are those of the planned tree
 */
bool fdt_qemu_check_binding(const FdtPlanner *planner, const FdtNode *binding,
                            bool has_phandles, Error **errp);

/*
 * fdt_qemu_read: register number @n, from 0, of the node's qemu,reads; false if
 * there are not so many
 */
bool fdt_qemu_read(const FdtNode *node, unsigned n, FdtKnownRead *known);

#endif /* HW_FDT_MACHINE_BINDINGS_QEMU_H */

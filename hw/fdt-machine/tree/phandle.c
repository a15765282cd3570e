/*
 * Lists of phandles with arguments
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cells.h"

/* How many cells follow the phandle of @target */
static bool num_args(const FdtNode *node, const char *name,
                     const FdtNode *target, const char *cells_prop,
                     unsigned *n, Error **errp)
{
    uint32_t value = 0;

    if (cells_prop && !fdt_node_u32(target, cells_prop, &value)) {
        fdt_error(errp, node, name, "phandle 0x%x: %s has no %s",
                  target->phandle, target->path, cells_prop);
        return false;
    }
    if (value > FDT_MAX_CELLS) {
        fdt_error(errp, target, cells_prop, "%u cells, more than %d", value,
                  FDT_MAX_CELLS);
        return false;
    }
    *n = value;
    return true;
}

static bool take_entry(const FdtNode *node, const char *name,
                       const char *cells_prop, FdtCells *cells,
                       FdtPhandleArgs *entry, Error **errp)
{
    uint32_t phandle;

    *entry = (FdtPhandleArgs) { };
    if (!fdt_cells_take(cells, 1, &phandle) || !phandle) {
        return true;
    }
    entry->node = fdt_tree_by_phandle(node->tree, phandle);
    if (!entry->node) {
        fdt_error(errp, node, name, "phandle 0x%x leads to no node", phandle);
        return false;
    }
    if (!num_args(node, name, entry->node, cells_prop, &entry->num_args,
                  errp)) {
        return false;
    }
    if (!fdt_cells_take(cells, entry->num_args, entry->args)) {
        fdt_error(errp, node, name, "%zu cells after phandle 0x%x, %s has "
                  "%u in %s", cells->left, phandle, entry->node->path,
                  entry->num_args, cells_prop);
        return false;
    }
    return true;
}

GArray *fdt_node_phandle_args(const FdtNode *node, const char *name,
                              const char *cells_prop, const char *names_prop,
                              Error **errp)
{
    g_autoptr(GArray) list = g_array_new(false, false, sizeof(FdtPhandleArgs));
    const FdtProp *prop = fdt_node_prop(node, name);
    FdtCells cells = fdt_cells(prop);
    FdtPhandleArgs entry;

    if (prop && prop->len % 4) {
        fdt_error(errp, node, name, "%u bytes are no whole number of cells",
                  prop->len);
        return NULL;
    }
    while (cells.left) {
        if (!take_entry(node, name, cells_prop, &cells, &entry, errp)) {
            return NULL;
        }
        if (names_prop) {
            entry.name = fdt_node_string(node, names_prop, list->len);
        }
        g_array_append_val(list, entry);
    }
    return g_steal_pointer(&list);
}

FdtNode *fdt_node_target(const FdtNode *node, const char *name, unsigned i)
{
    uint32_t phandle;

    return fdt_node_u32_index(node, name, i, &phandle)
           ? fdt_tree_by_phandle(node->tree, phandle) : NULL;
}

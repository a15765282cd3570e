/*
 * Edits of a device tree
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "blob.h"
#include "edit.h"

/* Whether it is /aliases or /__symbols__, whose properties name nodes */
static bool holds_names(const FdtNode *node)
{
    return node->parent && !node->parent->parent &&
           (g_str_equal(node->name, "aliases") ||
            g_str_equal(node->name, "__symbols__"));
}

bool fdt_is_phandle(const char *name)
{
    return g_str_equal(name, "phandle") || g_str_equal(name, "linux,phandle");
}

static void drop_phandle(FdtNode *node)
{
    if (node->phandle) {
        g_hash_table_remove(node->tree->phandles,
                            GUINT_TO_POINTER(node->phandle));
        node->phandle = 0;
    }
}

/* Keep the tree's indices right after a change of the property @name */
static void prop_changed(FdtNode *node, const char *name)
{
    if (holds_names(node)) {
        fdt_tree_forget_names(node->tree);
    }
    if (fdt_is_phandle(name)) {
        drop_phandle(node);
        /* A value that is no phandle, or another node's, is not indexed */
        fdt_node_index_phandle(node, NULL);
    }
}

void fdt_node_set(FdtNode *node, const char *name, const void *data,
                  uint32_t len)
{
    FdtProp *prop = fdt_node_own_prop(node, name);

    if (prop) {
        uint8_t *copy = len ? g_memdup2(data, len) : NULL;

        g_free(prop->data);
        prop->data = copy;
        prop->len = len;
    } else {
        fdt_node_append_prop(node, name, data, len);
    }
    prop_changed(node, name);
}

void fdt_node_set_empty(FdtNode *node, const char *name)
{
    fdt_node_set(node, name, NULL, 0);
}

void fdt_node_set_u32(FdtNode *node, const char *name, uint32_t value)
{
    fdt_node_set_cells(node, name, &value, 1);
}

void fdt_node_set_cells(FdtNode *node, const char *name, const uint32_t *cells,
                        unsigned num_cells)
{
    g_autofree uint32_t *data = g_new(uint32_t, num_cells);

    for (unsigned i = 0; i < num_cells; i++) {
        data[i] = cpu_to_be32(cells[i]);
    }
    fdt_node_set(node, name, data, num_cells * sizeof(*data));
}

void fdt_node_set_string(FdtNode *node, const char *name, const char *value)
{
    fdt_node_set(node, name, value, strlen(value) + 1);
}

bool fdt_node_remove_prop(FdtNode *node, const char *name)
{
    bool found = fdt_node_has(node, name);

    if (found) {
        fdt_node_drop_prop(node, name);
        prop_changed(node, name);
    }
    return found;
}

FdtNode *fdt_node_add_child(FdtNode *node, const char *name)
{
    fdt_tree_forget_names(node->tree);
    return fdt_node_append(node, name);
}

/*
 * A name without a unit address means the first sibling of that name: when this
 * one goes, it means the next one
 */
static void drop_base(FdtNode *node)
{
    FdtTree *tree = node->tree;
    const char *at = strchr(node->name, '@');
    g_autofree char *base = NULL;
    size_t len;

    if (!at) {
        return;
    }
    base = g_strndup(node->path, strlen(node->path) - strlen(at));
    if (g_hash_table_lookup(tree->bases, base) != node) {
        return;
    }
    g_hash_table_remove(tree->bases, base);
    len = at - node->name + 1;
    for (unsigned i = node->index + 1; i < node->parent->children->len; i++) {
        FdtNode *sibling = g_ptr_array_index(node->parent->children, i);

        if (!strncmp(sibling->name, node->name, len)) {
            g_hash_table_insert(tree->bases, g_steal_pointer(&base), sibling);
            return;
        }
    }
}

/* Take the node and all nodes below it out of the tree's indices */
static void drop_from_indices(FdtNode *node)
{
    for (unsigned i = node->children->len; i > 0; i--) {
        drop_from_indices(g_ptr_array_index(node->children, i - 1));
    }
    drop_phandle(node);
    g_hash_table_remove(node->tree->paths, node);
}

static void drop_bases_below(FdtNode *node)
{
    for (unsigned i = 0; i < node->children->len; i++) {
        FdtNode *child = g_ptr_array_index(node->children, i);
        const char *at = strchr(child->name, '@');

        if (at) {
            g_autofree char *base =
                g_strndup(child->path, strlen(child->path) - strlen(at));

            g_hash_table_remove(node->tree->bases, base);
        }
        drop_bases_below(child);
    }
}

void fdt_node_remove(FdtNode *node)
{
    FdtNode *parent = node->parent;
    unsigned index = node->index;

    if (!parent) {
        return;         /* the root stays */
    }
    fdt_tree_forget_names(node->tree);
    if (node->tree->bases) {
        drop_base(node);
        drop_bases_below(node);
    }
    drop_from_indices(node);
    g_ptr_array_remove_index(parent->children, index);
    for (unsigned i = index; i < parent->children->len; i++) {
        ((FdtNode *)g_ptr_array_index(parent->children, i))->index = i;
    }
}

uint32_t fdt_node_ensure_phandle(FdtNode *node)
{
    FdtTree *tree = node->tree;
    uint32_t phandle = tree->last_phandle;

    if (node->phandle) {
        return node->phandle;
    }
    do {
        phandle = phandle < UINT32_MAX - 1 ? phandle + 1 : 1;
    } while (fdt_tree_by_phandle(tree, phandle));
    fdt_node_set_u32(node, "phandle", phandle);
    return phandle;
}

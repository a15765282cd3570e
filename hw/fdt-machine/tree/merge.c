/*
 * Two device trees made one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "blob.h"
#include "edit.h"

typedef struct Merge {
    FdtTree *tree;
    const FdtTree *more;
    GHashTable *phandles;   /* FdtNode * of @more -> its phandle in @tree */
    uint32_t last;          /* no phandle above it is in use */
} Merge;

/*
 * Properties about the whole machine, in which the two trees may differ: that
 * of the first tree stays.  An asterisk stands for all properties of a node
 */
static const struct {
    const char *path, *prop;
} first_counts[] = {
    { "/", "model" },
    { "/", "compatible" },
    { "/", "serial-number" },
    { "/chosen", "*" },
    { "/aliases", "*" },
    { "/__symbols__", "*" },
};

static bool first_one_counts(const FdtNode *node, const char *prop)
{
    for (unsigned i = 0; i < ARRAY_SIZE(first_counts); i++) {
        if (g_str_equal(first_counts[i].path, node->path) &&
            (first_counts[i].prop[0] == '*' ||
             g_str_equal(first_counts[i].prop, prop))) {
            return true;
        }
    }
    return false;
}

/* The node of that very path, with its unit address */
static FdtNode *twin_of(const Merge *merge, const FdtNode *node)
{
    return fdt_tree_twin(merge->tree, node);
}

/*
 * Phandles: a node that is in both trees has that of the first tree.  A node
 * that is only in the second one keeps its phandle, unless another node of the
 * first tree has that number
 */

static uint32_t new_phandle(const Merge *merge, const FdtNode *node)
{
    const FdtNode *twin = twin_of(merge, node);

    if (twin && twin->phandle) {
        return twin->phandle;
    }
    return fdt_tree_by_phandle(merge->tree, node->phandle) ? 0 : node->phandle;
}

static bool number_nodes(Merge *merge, Error **errp)
{
    FdtNode *node;

    for (node = fdt_tree_root(merge->more); node; node = fdt_node_next(node)) {
        uint32_t phandle = node->phandle ? new_phandle(merge, node) : 0;

        if (node->phandle && !phandle) {
            if (merge->last >= UINT32_MAX - 1) {
                fdt_error(errp, node, "phandle", "there is no phandle left");
                return false;
            }
            phandle = ++merge->last;
        }
        g_hash_table_insert(merge->phandles, node, GUINT_TO_POINTER(phandle));
    }
    return true;
}

typedef struct Renumber {
    const Merge *merge;
    uint8_t *data;
} Renumber;

static void renumber(const FdtNode *node, const FdtProp *prop, unsigned cell,
                     FdtNode *target, void *opaque)
{
    Renumber *r = opaque;

    stl_be_p(r->data + 4 * cell, GPOINTER_TO_UINT(
        g_hash_table_lookup(r->merge->phandles, target)));
}

/* The value that the property has in the merged tree; the caller frees */
static uint8_t *value_there(const Merge *merge, const FdtNode *node,
                            const FdtProp *prop)
{
    Renumber r = { merge, g_malloc(prop->len + 1) };

    memcpy(r.data, prop->len ? (const void *)prop->data : "", prop->len);
    if (fdt_is_phandle(prop->name) && prop->len == 4) {
        stl_be_p(r.data, GPOINTER_TO_UINT(g_hash_table_lookup(merge->phandles,
                                                              node)));
    } else {
        fdt_node_references(node, prop, renumber, &r);
    }
    return r.data;
}

/*
 * Nodes
 */

static bool merge_prop(Merge *merge, FdtNode *to, const FdtNode *from,
                       const FdtProp *prop, Error **errp)
{
    g_autofree uint8_t *value = value_there(merge, from, prop);
    const FdtProp *old = fdt_node_prop(to, prop->name);

    if (!old) {
        fdt_node_set(to, prop->name, value, prop->len);
        return true;
    }
    if (first_one_counts(to, prop->name) ||
        (old->len == prop->len && !memcmp(old->data, value, old->len))) {
        return true;
    }
    fdt_error(errp, from, prop->name, "%s has another value; an overlay could "
              "change it", fdt_tree_filename(merge->tree));
    return false;
}

static bool merge_node(Merge *merge, FdtNode *to, const FdtNode *from,
                       Error **errp)
{
    for (unsigned i = 0; i < from->props->len; i++) {
        if (!merge_prop(merge, to, from, g_ptr_array_index(from->props, i),
                        errp)) {
            return false;
        }
    }
    for (unsigned i = 0; i < from->children->len; i++) {
        const FdtNode *child = g_ptr_array_index(from->children, i);
        FdtNode *twin = twin_of(merge, child);

        if (!merge_node(merge, twin ?: fdt_node_add_child(to, child->name),
                        child, errp)) {
            return false;
        }
    }
    return true;
}

bool fdt_tree_merge(FdtTree *tree, const FdtTree *more, Error **errp)
{
    g_autoptr(GHashTable) phandles = g_hash_table_new(NULL, NULL);
    Merge merge = {
        .tree = tree,
        .more = more,
        .phandles = phandles,
        .last = MAX(tree->last_phandle, more->last_phandle),
    };

    if (!number_nodes(&merge, errp) ||
        !merge_node(&merge, fdt_tree_root(tree), fdt_tree_root(more), errp)) {
        return false;
    }
    g_array_append_vals(tree->reservations, more->reservations->data,
                        more->reservations->len);
    return true;
}

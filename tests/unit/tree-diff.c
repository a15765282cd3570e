/*
 * How two flattened device trees differ
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "tree-diff.h"

static bool has_property(const void *tree, int node, const char *name,
                         const void *value, int len)
{
    int other_len;
    const void *other = fdt_getprop(tree, node, name, &other_len);

    return other && other_len == len && (!len || !memcmp(other, value, len));
}

/* Properties of one node that the other does not have with that value */
static void diff_properties(GHashTable *diff, const char *path,
                            const void *a, int node_a,
                            const void *b, int node_b)
{
    int property;

    fdt_for_each_property_offset(property, a, node_a) {
        const char *name;
        int len;
        const void *value = fdt_getprop_by_offset(a, property, &name, &len);

        if (!has_property(b, node_b, name, value, len)) {
            g_hash_table_add(diff, g_strdup_printf("%s %s", path, name));
        }
    }
}

/* By its full name: libfdt takes one without unit address for any with one */
static int find_child(const void *tree, int node, const char *name)
{
    int child, len;

    fdt_for_each_subnode(child, tree, node) {
        if (!g_strcmp0(fdt_get_name(tree, child, &len), name)) {
            return child;
        }
    }
    return -1;
}

static void diff_nodes(GHashTable *diff, const char *path,
                       const void *a, int node_a, const void *b, int node_b)
{
    int child, len;

    diff_properties(diff, path, a, node_a, b, node_b);
    fdt_for_each_subnode(child, a, node_a) {
        const char *name = fdt_get_name(a, child, &len);
        g_autofree char *below = g_strdup_printf("%s/%s", path[1] ? path : "",
                                                 name);
        int other = find_child(b, node_b, name);

        if (other >= 0) {
            diff_nodes(diff, below, a, child, b, other);
        } else {
            g_hash_table_add(diff, g_steal_pointer(&below));
        }
    }
}

GHashTable *tree_diff(const void *from, const void *to)
{
    GHashTable *diff = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                             NULL);

    diff_nodes(diff, "/", from, 0, to, 0);
    diff_nodes(diff, "/", to, 0, from, 0);
    return diff;
}

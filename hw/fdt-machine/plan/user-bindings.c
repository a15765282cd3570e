/*
 * Bindings by compatible that no table has: child nodes of /qemu,bindings, in
 * the tree that was loaded, or in files of their own
 *
 * docs/qemu-binding.md describes them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../bindings/qemu.h"
#include "state.h"

bool fdt_node_is_user_binding(const FdtNode *node)
{
    return node->parent && g_str_equal(node->parent->path,
                                       "/" FDT_USER_BINDINGS);
}

static bool take_compatible(FdtPlanner *planner, const FdtNode *node,
                            const char *compatible, Error **errp)
{
    /* One that makes no device says of other nodes' registers what they read */
    GHashTable *bindings = fdt_node_has(node, "qemu,type")
                           ? planner->user_bindings : planner->user_reads;
    const FdtNode *other = g_hash_table_lookup(bindings, compatible);

    if (other) {
        fdt_error(errp, node, "compatible", "'%s' is bound already, by %s: %s",
                  compatible, fdt_tree_filename(other->tree), other->path);
        return false;
    }
    g_hash_table_insert(bindings, (gpointer)compatible, (gpointer)node);
    return true;
}

static bool read_binding(FdtPlanner *planner, const FdtNode *node,
                         Error **errp)
{
    const char *compatible;

    if (!fdt_node_compatible(node, 0)) {
        fdt_error(errp, node, "compatible", "it is missing or empty: which "
                  "nodes does the binding hold for?");
        return false;
    }
    if (node->children->len) {
        fdt_error(errp, g_ptr_array_index(node->children, 0), NULL,
                  "a binding has no child nodes");
        return false;
    }
    if (!fdt_qemu_check_binding(planner, node, node->tree == planner->given,
                                errp)) {
        return false;
    }
    for (unsigned i = 0; (compatible = fdt_node_compatible(node, i)); i++) {
        if (!take_compatible(planner, node, compatible, errp)) {
            return false;
        }
    }
    return true;
}

/* A phandle does no harm: dtc makes one of a label that something refers to */
static const FdtProp *first_property(const FdtNode *node)
{
    for (unsigned i = 0; i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);

        if (!g_str_equal(prop->name, "phandle")) {
            return prop;
        }
    }
    return NULL;
}

static bool read_bindings(FdtPlanner *planner, const FdtTree *tree,
                          Error **errp)
{
    const FdtNode *bindings = fdt_node_child(fdt_tree_root(tree),
                                             FDT_USER_BINDINGS);
    const FdtProp *prop = bindings ? first_property(bindings) : NULL;

    if (prop) {
        fdt_error(errp, bindings, prop->name, "it is a property of no binding: "
                  "each binding is a node below this one");
        return false;
    }
    for (unsigned i = 0; bindings && i < bindings->children->len; i++) {
        if (!read_binding(planner, g_ptr_array_index(bindings->children, i),
                          errp)) {
            return false;
        }
    }
    return true;
}

/* A file of bindings has nothing else, but for the tables that dtc adds */
static bool check_file(const FdtTree *tree, Error **errp)
{
    static const char *const tables[] = {
        "__symbols__", "__fixups__", "__local_fixups__",
    };
    const FdtNode *root = fdt_tree_root(tree);
    const FdtProp *prop = first_property(root);
    unsigned num_known = 0;

    for (unsigned i = 0; i < root->children->len; i++) {
        const FdtNode *node = g_ptr_array_index(root->children, i);
        bool known = g_str_equal(node->name, FDT_USER_BINDINGS);

        num_known += known;
        for (int j = 0; j < ARRAY_SIZE(tables); j++) {
            known |= g_str_equal(node->name, tables[j]);
        }
        if (!known) {
            fdt_error(errp, node, NULL, "a file of bindings has no node beside "
                      "/" FDT_USER_BINDINGS "; an overlay may have both");
            return false;
        }
    }
    if (prop || !num_known) {
        fdt_error(errp, root, prop ? prop->name : NULL, "a file of bindings "
                  "has the node /" FDT_USER_BINDINGS ", and nothing else");
        return false;
    }
    return true;
}

bool fdt_planner_read_bindings(FdtPlanner *planner, Error **errp)
{
    FdtTree *const *tree = planner->config->bindings;

    if (!read_bindings(planner, planner->given, errp)) {
        return false;
    }
    for (; tree && *tree; tree++) {
        if (!check_file(*tree, errp) || !read_bindings(planner, *tree, errp)) {
            return false;
        }
    }
    return true;
}

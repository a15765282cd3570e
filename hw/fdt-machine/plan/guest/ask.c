/*
 * What the rules ask about the guest's tree, and what several of them do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../../tree/cells.h"
#include "guest.h"

FdtNode *fdt_guest_root(const FdtPlanner *planner)
{
    return fdt_tree_root(fdt_journal_tree(planner->journal));
}

FdtNode *fdt_guest_node(const FdtPlanner *planner, const FdtNode *node)
{
    return fdt_tree_twin(fdt_journal_tree(planner->journal), node);
}

bool fdt_info_is_built(const FdtNodeInfo *info)
{
    return info && (info->verdict == FDT_VERDICT_MODELLED ||
                    info->verdict == FDT_VERDICT_SUBSTITUTED);
}

bool fdt_node_has_built_child(const FdtNode *node)
{
    for (unsigned i = 0; i < node->children->len; i++) {
        const FdtNode *child = g_ptr_array_index(node->children, i);

        if (fdt_info_is_built(fdt_node_info(child)) ||
            fdt_node_has_built_child(child)) {
            return true;
        }
    }
    return false;
}

bool fdt_node_provides(const FdtNode *node)
{
    const FdtNodeInfo *info;

    for (; node; node = node->parent) {
        info = node->opaque;
        if (!info || fdt_info_is_built(info)) {
            return true;
        }
        if (info->verdict != FDT_VERDICT_STRUCTURE) {
            return false;
        }
        if (fdt_node_compatible(node, 0)) {
            return true;
        }
    }
    return true;
}

bool fdt_node_is_cpu(const FdtNode *node)
{
    return node->parent && g_str_equal(node->parent->path, "/cpus") &&
           g_str_has_prefix(node->name, "cpu@");
}

bool fdt_node_names_timer(const FdtNode *node)
{
    const char *compatible;

    if (fdt_node_has_base_name(node, "timer")) {
        return true;
    }
    for (unsigned i = 0; (compatible = fdt_node_compatible(node, i)); i++) {
        if (strstr(compatible, "timer")) {
            return true;
        }
    }
    return false;
}

void fdt_guest_disable(FdtPlanner *planner, const char *rule, FdtNode *node)
{
    fdt_edit_explain(fdt_journal_set_string(planner->journal, rule, node,
                                            "status", "disabled"), "disabled");
}

bool fdt_guest_set_reg(FdtPlanner *planner, const char *rule, FdtNode *node,
                       const FdtBlock *blocks, unsigned num, const char *text)
{
    g_autoptr(GArray) cells = g_array_new(false, false, sizeof(uint32_t));
    unsigned address_cells, size_cells;
    FdtEdit *edit;

    if (!fdt_node_address_cells(node->parent, &address_cells, NULL) ||
        !fdt_node_size_cells(node->parent, &size_cells, NULL)) {
        return false;
    }
    for (unsigned i = 0; i < num; i++) {
        if (!fdt_cells_put(cells, blocks[i].address, address_cells) ||
            !fdt_cells_put(cells, blocks[i].size, size_cells)) {
            return false;
        }
    }
    edit = fdt_journal_set_cells(planner->journal, rule, node, "reg",
                                 (uint32_t *)cells->data, cells->len);
    fdt_edit_explain(edit, "%s", text);
    return true;
}

FdtNode *fdt_guest_table(FdtPlanner *planner, const char *rule,
                         const char *name)
{
    FdtNode *root = fdt_tree_root(planner->tree);
    FdtNode *table = fdt_node_child(root, name);

    if (!table) {
        table = fdt_journal_add_node(planner->journal, rule, root, name);
        fdt_planner_match_node(planner, fdt_planner_attach(planner, table));
    }
    return table;
}

void fdt_guest_set_alias(FdtPlanner *planner, const char *rule,
                         const FdtNode *node, const char *stem)
{
    FdtNode *aliases = fdt_guest_table(planner, rule, "aliases");
    g_autofree char *name = NULL;
    unsigned n = 0;

    do {
        g_free(name);
        name = g_strdup_printf("%s%u", stem, n++);
    } while (fdt_node_has(aliases, name));
    fdt_journal_set_string(planner->journal, rule, aliases, name, node->path);
}

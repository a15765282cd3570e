/*
 * Nodes that the Devicetree Specification names (chapter 3): memory, CPUs, and
 * what /chosen leads to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "finding.h"

static bool is_device_type(const FdtNode *node, const char *type,
                           const char *base)
{
    const char *device_type = fdt_node_string(node, "device_type", 0);

    return device_type ? g_str_equal(device_type, type)
                       : fdt_node_has_base_name(node, base);
}

bool fdt_node_is_memory(const FdtNode *node)
{
    return node->parent && !node->parent->parent &&
           !fdt_node_has_base_name(node, "cpus") &&
           is_device_type(node, "memory", "memory");
}

static void add_memory(GArray *memory, FdtNode *node, Error **errp)
{
    g_autoptr(GArray) regs = fdt_node_regs(node, errp);

    for (unsigned i = 0; regs && i < regs->len; i++) {
        const FdtReg *reg = &g_array_index(regs, FdtReg, i);
        FdtMemory bank = {
            .node = node, .address = reg->address, .size = reg->size,
        };

        if (reg->mapped) {
            g_array_append_val(memory, bank);
        }
    }
}

GArray *fdt_tree_memory(const FdtTree *tree, FdtFindings *findings,
                        Error **errp)
{
    g_autoptr(GArray) memory = g_array_new(false, false, sizeof(FdtMemory));
    Error *last = NULL;

    for (unsigned i = 0; i < fdt_tree_root(tree)->children->len; i++) {
        FdtNode *node = g_ptr_array_index(fdt_tree_root(tree)->children, i);

        if (!fdt_node_is_memory(node) || !fdt_node_available(node)) {
            continue;
        }
        if (last) {
            fdt_finding_take(findings, node, g_steal_pointer(&last));
        }
        add_memory(memory, node, &last);
    }
    if (last && !memory->len) {
        error_propagate(errp, last);
        return NULL;
    }
    if (last) {
        fdt_finding_take(findings, fdt_tree_root(tree), last);
    }
    return g_steal_pointer(&memory);
}

GPtrArray *fdt_tree_cpus(const FdtTree *tree)
{
    const FdtNode *cpus = fdt_node_child(fdt_tree_root(tree), "cpus");
    GPtrArray *list = g_ptr_array_new();

    for (unsigned i = 0; cpus && i < cpus->children->len; i++) {
        FdtNode *node = g_ptr_array_index(cpus->children, i);

        if (is_device_type(node, "cpu", "cpu") && fdt_node_enabled(node)) {
            g_ptr_array_add(list, node);
        }
    }
    return list;
}

FdtNode *fdt_tree_stdout(const FdtTree *tree, const char **options)
{
    const FdtNode *chosen = fdt_node_child(fdt_tree_root(tree), "chosen");
    const char *value = NULL;
    g_autofree char *path = NULL;
    size_t len;

    if (options) {
        *options = NULL;
    }
    if (chosen) {
        value = fdt_node_string(chosen, "stdout-path", 0) ?:
                fdt_node_string(chosen, "linux,stdout-path", 0);
    }
    if (!value) {
        return NULL;
    }
    len = strcspn(value, ":");
    if (options && value[len]) {
        *options = value + len + 1;
    }
    path = g_strndup(value, len);
    return fdt_tree_find(tree, path);
}

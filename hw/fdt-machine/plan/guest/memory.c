/*
 * Rules about memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "guest.h"

/*
 * A memory node that omit= leaves out is removed: to disable it is not enough
 * for versions of Linux without the commit "of: fdt: Ignore disabled memory
 * nodes"
 */
static bool is_omitted_memory(const FdtNodeInfo *info)
{
    return info->omitted && fdt_node_is_memory(info->node);
}

void fdt_rule_memory(FdtPlanner *planner, const char *rule, FdtNodeInfo *info,
                     FdtNode *guest)
{
    g_autoptr(GArray) blocks = g_array_new(false, false, sizeof(FdtBlock));

    if (info->verdict != FDT_VERDICT_MEMORY && !is_omitted_memory(info)) {
        return;
    }
    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);
        FdtBlock block = { bank->address, bank->size };

        if (bank->node == info->node) {
            g_array_append_val(blocks, block);
        }
    }
    if (!blocks->len) {
        fdt_journal_remove_node(planner->journal, rule, guest);
        return;
    }
    fdt_guest_set_reg(planner, rule, guest, (FdtBlock *)blocks->data,
                      blocks->len, "set to the memory that is there");
    if (!fdt_node_has(guest, "device_type")) {
        fdt_journal_set_string(planner->journal, rule, guest, "device_type",
                               "memory");
    }
}

/* Memory that the planner placed because no node describes any */
static void add_memory_node(FdtPlanner *planner, const char *rule,
                            const FdtBank *bank)
{
    const FdtBlock block = { bank->address, bank->size };
    g_autofree char *name = g_strdup_printf("memory@%" PRIx64, bank->address);
    FdtNode *node = fdt_journal_add_node(planner->journal, rule,
                                         fdt_guest_root(planner), name);

    fdt_journal_set_string(planner->journal, rule, node, "device_type",
                           "memory");
    fdt_guest_set_reg(planner, rule, node, &block, 1, "set");
}

void fdt_rule_memory_added(FdtPlanner *planner, const char *rule)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (!bank->node->parent) {
            add_memory_node(planner, rule, bank);
        }
    }
}

/*
 * Memory that a boot loader or a firmware has set aside
 */

static bool is_memory(FdtPlanner *planner, const FdtReg *reg)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (reg->address >= bank->address &&
            reg->address - bank->address <= bank->size &&
            reg->size <= bank->size - (reg->address - bank->address)) {
            return true;
        }
    }
    return false;
}

/* Whether the node's reg tells of memory that is not there */
static bool is_beyond_memory(FdtPlanner *planner, const FdtNode *node)
{
    g_autoptr(GArray) regs = fdt_node_regs(node, NULL);

    for (unsigned i = 0; regs && i < regs->len; i++) {
        const FdtReg *reg = &g_array_index(regs, FdtReg, i);

        if (reg->mapped && !is_memory(planner, reg)) {
            return true;
        }
    }
    return false;
}

static bool is_reserved(const FdtNode *node)
{
    return node->parent && g_str_equal(node->parent->path, "/reserved-memory");
}

/* A frame buffer that the board's boot loader would have set up */
static bool is_framebuffer(const FdtNode *node)
{
    return fdt_node_is_compatible(node, "simple-framebuffer");
}

void fdt_rule_reserved(FdtPlanner *planner, const char *rule,
                       FdtNodeInfo *info, FdtNode *guest)
{
    if (info->verdict != FDT_VERDICT_DISABLED && !fdt_info_is_built(info) &&
        (is_framebuffer(info->node) ||
         (is_reserved(info->node) && is_beyond_memory(planner, info->node)))) {
        fdt_guest_disable(planner, rule, guest);
    }
}

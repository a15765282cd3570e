/*
 * What is refused once all is planned
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

bool fdt_planner_check_strict(FdtPlanner *planner, Error **errp)
{
    const FdtFindings *findings = planner->plan->findings;
    unsigned count = fdt_findings_num(findings);
    g_autoptr(GString) list = g_string_new(NULL);

    if (!planner->config->strict || !count) {
        return true;
    }
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *text = fdt_findings_text(findings, i);

        g_string_append_printf(list, "\n  %s", text);
    }
    fdt_error(errp, fdt_tree_root(planner->tree), NULL,
              "%u finding%s, and strict=on:%s", count, count > 1 ? "s" : "",
              list->str);
    return false;
}

bool fdt_info_is_unmatched(const FdtNodeInfo *info)
{
    return info->verdict == FDT_VERDICT_STUB ||
           (info->verdict == FDT_VERDICT_IGNORED && !info->binding);
}

/* Whether what the node describes is missing, whatever the reason is */
static bool is_missing(const FdtNodeInfo *info)
{
    return fdt_info_is_unmatched(info) ||
           (info->device && info->device->left_out);
}

bool fdt_planner_check_unmatched(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GString) list = g_string_new(NULL);
    unsigned count = 0;

    if (planner->config->unmatched != FDT_UNMATCHED_ERROR) {
        return true;
    }
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (is_missing(info)) {
            g_string_append_printf(list, "\n  %s (%s)", info->node->path,
                                   info->reason);
            count++;
        }
    }
    if (count) {
        fdt_error(errp, fdt_tree_root(planner->tree), NULL,
                  "%u nodes have no model, and unmatched=error:%s", count,
                  list->str);
    }
    return !count;
}

/* Whether there is what the node describes, or a near relative of it */
static bool is_there(const FdtNodeInfo *info)
{
    return info->verdict == FDT_VERDICT_MODELLED ||
           info->verdict == FDT_VERDICT_SUBSTITUTED ||
           info->verdict == FDT_VERDICT_MEMORY;
}

bool fdt_planner_check_required(FdtPlanner *planner, Error **errp)
{
    char *const *require = planner->config->require;
    g_autoptr(GString) list = g_string_new(NULL);
    unsigned count = 0;

    for (; require && *require; require++) {
        const FdtNode *node = fdt_tree_find(planner->tree, *require);
        const FdtNodeInfo *info = fdt_node_info(node);
        const char *compatible = fdt_node_compatible(node, 0);
        const char *reason = info->reason ?: "";

        if (!is_there(info)) {
            g_string_append_printf(list, "\n  %s (%s): %s%s%s", node->path,
                                   compatible ?: "no compatible",
                                   fdt_verdict_name(info->verdict),
                                   *reason ? ": " : "", reason);
            count++;
        }
    }
    if (count) {
        fdt_error(errp, fdt_tree_root(planner->tree), NULL,
                  "%u of the nodes that require= names %s not modelled:%s",
                  count, count > 1 ? "are" : "is", list->str);
    }
    return !count;
}

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

bool fdt_planner_check_unmatched(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GString) list = g_string_new(NULL);
    unsigned count = 0;

    if (planner->config->unmatched != FDT_UNMATCHED_ERROR) {
        return true;
    }
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (fdt_info_is_unmatched(info)) {
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

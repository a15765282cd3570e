/*
 * What a plan gives to its users
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qjson.h"
#include "state.h"

unsigned fdt_plan_num_steps(const FdtPlan *plan)
{
    return plan->steps->len;
}

FdtStep *fdt_plan_step(const FdtPlan *plan, unsigned i)
{
    return g_ptr_array_index(plan->steps, i);
}

FdtStep *fdt_plan_boot_step(const FdtPlan *plan)
{
    for (unsigned i = 0; i < plan->steps->len; i++) {
        FdtStep *step = fdt_plan_step(plan, i);

        if (step->boots) {
            return step;
        }
    }
    return NULL;
}

char *fdt_plan_to_qmp(const FdtPlan *plan)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < plan->steps->len; i++) {
        g_autoptr(GString) json = qobject_to_json(
            QOBJECT(fdt_plan_step(plan, i)->command));

        g_string_append(text, json->str);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, false);
}

const FdtTree *fdt_plan_guest_tree(const FdtPlan *plan)
{
    return fdt_journal_tree(plan->journal);
}

bool fdt_plan_nic_used(const FdtPlan *plan, unsigned i)
{
    return i < plan->num_nics && plan->nic_used[i];
}

bool fdt_plan_wants_mmio(const FdtPlan *plan)
{
    return plan->wants_mmio;
}

unsigned fdt_plan_num_edits(const FdtPlan *plan)
{
    return fdt_journal_num_edits(plan->journal);
}

/*
 * The machine follows a plan; and what a load that fails leaves of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "executor.h"
#include "replan.h"
#include "session.h"
#include "../trace.h"

/*
 * After a load that has failed
 */

/*
 * @step took another one back, and the machine could not be given that again:
 * what is listed as done has to lose it, so that the next load does it
 */
static void forget_taken_back(GPtrArray *done, const FdtStep *step)
{
    for (unsigned i = 0; i < done->len; i++) {
        FdtStep *inverse = fdt_step_inverse(g_ptr_array_index(done, i));
        bool found = inverse && fdt_step_equal(inverse, step);

        if (inverse) {
            fdt_step_unref(inverse);
        }
        if (found) {
            g_ptr_array_remove_index(done, i);
            return;
        }
    }
}

static void note_left(FdtMachine *m, const GPtrArray *left)
{
    for (unsigned i = 0; i < left->len; i++) {
        FdtStep *step = g_ptr_array_index(left, i);

        if (fdt_step_takes_back(step)) {
            forget_taken_back(m->done, step);
        } else {
            g_ptr_array_add(m->done, fdt_step_ref(step));
        }
        if (!fdt_step_is_harmless(step)) {
            g_ptr_array_add(m->left, fdt_step_ref(step));
        }
    }
}

bool fdt_machine_check_whole(const FdtMachine *m, Error **errp)
{
    g_autofree char *names = NULL;

    if (!m->left->len) {
        return true;
    }
    names = fdt_steps_names(m->left);
    error_setg(errp, "the machine is half built, as a load has failed, of "
               "which this stays: %s; load a tree that has it, or start QEMU "
               "anew", names);
    return false;
}

/*
 * Success
 */

static void note_done(FdtMachine *m, const FdtPlan *plan)
{
    g_ptr_array_set_size(m->done, 0);
    g_ptr_array_set_size(m->left, 0);
    for (unsigned i = 0; i < fdt_plan_num_steps(plan); i++) {
        FdtStep *step = fdt_plan_step(plan, i);

        if (!step->boots) {
            g_ptr_array_add(m->done, fdt_step_ref(step));
        }
    }
}

static bool execute(FdtMachine *m, const FdtSession *session,
                    const FdtPlan *plan, bool undo, Error **errp)
{
    const char *file = session->options->file;
    unsigned num_steps = fdt_plan_num_steps(plan);
    int64_t start = g_get_monotonic_time();
    g_autoptr(GArray) actions = fdt_replan(m->done, plan, errp);
    g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func(
        (GDestroyNotify)fdt_step_unref);

    if (!actions) {
        return false;
    }
    if (!fdt_machine_execute(actions, num_steps, file, undo ? left : NULL,
                             errp)) {
        note_left(m, left);
        return false;
    }
    note_done(m, plan);
    trace_fdt_machine_done(file, num_steps, g_get_monotonic_time() - start);
    return true;
}

bool fdt_machine_carry_out(FdtMachine *m, FdtSession *session, FdtPlan *plan,
                           GHashTable *retired, Error **errp)
{
    if (!execute(m, session, plan, retired, errp)) {
        fdt_plan_free(plan);
        g_clear_pointer(&retired, g_hash_table_unref);
        return false;
    }
    if (retired) {
        g_hash_table_unref(m->retired);
        m->retired = retired;
    }
    fdt_backends_settle_virtio(plan);
    fdt_plan_free(session->plan);
    session->plan = plan;
    qobject_unref(session->report);
    session->report = fdt_plan_report(plan);
    return true;
}

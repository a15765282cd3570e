/*
 * From a plan to a machine: hand the commands to the QMP dispatcher
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "exec/memory.h"
#include "monitor/monitor.h"
#include "monitor/monitor-internal.h"
#include "qapi/qmp-registry.h"
#include "qemu/coroutine.h"
#include "executor.h"
#include "replan.h"
#include "../trace.h"

/* The error is QEMU's own text: the caller says of which node it is */
static bool dispatch(const FdtStep *step, Error **errp)
{
    g_autoptr(QDict) response = qmp_dispatch(&qmp_commands,
                                             QOBJECT(step->command), false,
                                             NULL);
    const QDict *error = response ? qdict_get_qdict(response, "error") : NULL;

    if (error) {
        error_setg(errp, "%s", qdict_get_try_str(error, "desc") ?:
                   "unknown error");
    }
    return !error;
}

/*
 * Undoing
 */

bool fdt_step_is_harmless(const FdtStep *step)
{
    return step->inert || step->kind == FDT_STEP_SET ||
           step->kind == FDT_STEP_ADD_OBJECT;
}

/* A message has no room for the hundreds of devices of a board */
#define MAX_NAMES   8

char *fdt_steps_names(const GPtrArray *steps)
{
    GString *names = g_string_new(NULL);
    unsigned num = 0;

    for (unsigned i = 0; i < steps->len; i++) {
        const FdtStep *step = g_ptr_array_index(steps, i);

        if (!fdt_step_is_harmless(step) && num++ < MAX_NAMES) {
            g_string_append_printf(names, "%s%s", num > 1 ? ", " : "",
                                   step->id ?: step->subject);
        }
    }
    if (num > MAX_NAMES) {
        g_string_append_printf(names, " and %u more", num - MAX_NAMES);
    }
    return g_string_free(names, !num);
}

/*
 * The first @num actions, the last one first; @left gets what stays, in the
 * order in which it was done
 */
static void undo_actions(const GArray *actions, unsigned num, GPtrArray *left)
{
    while (num-- > 0) {
        const FdtAction *action = &g_array_index(actions, FdtAction, num);

        if (!action->undo || !dispatch(action->undo, NULL)) {
            g_ptr_array_insert(left, 0, fdt_step_ref(action->step));
        }
    }
}

/* For the message about a step that failed */
static char *describe_left(const GPtrArray *left)
{
    g_autofree char *names = fdt_steps_names(left);

    return names ? g_strdup_printf("; what was done before it was undone, but "
                                   "this stays: %s", names)
                 : g_strdup("; what was done before it was undone");
}

/*
 * Doing
 */

static bool run_action(const FdtAction *action, Error **errp)
{
    g_autofree char *summary = fdt_step_summary(action->step);

    trace_fdt_machine_command(action->number, action->step->path, summary);
    return dispatch(action->step, errp);
}

/* What takes back a step of an earlier plan has no number in this one */
static void report_failure(const FdtAction *action, unsigned num_steps,
                           const char *file, const char *text,
                           const char *left, Error **errp)
{
    const char *path = action->step->path;
    g_autofree char *summary = fdt_step_summary(action->step);
    g_autofree char *position = action->number
        ? g_strdup_printf(" (step %u of %u)", action->number, num_steps)
        : g_strdup("");

    error_setg(errp, "%s: %s%s%s: %s%s%s", file, path, path[0] ? ": " : "",
               summary, text, position, left);
}

static bool run_actions(const GArray *actions, unsigned num_steps,
                        const char *file, GPtrArray *left, Error **errp)
{
    for (unsigned i = 0; i < actions->len; i++) {
        const FdtAction *action = &g_array_index(actions, FdtAction, i);
        g_autoptr(Error) err = NULL;
        g_autofree char *stays = NULL;

        if (run_action(action, &err)) {
            continue;
        }
        if (left) {
            undo_actions(actions, i, left);
            stays = describe_left(left);
        }
        report_failure(action, num_steps, file, error_get_pretty(err),
                       stays ?: "", errp);
        return false;
    }
    return true;
}

bool fdt_machine_execute(const GArray *actions, unsigned num_steps,
                         const char *file, GPtrArray *left, Error **errp)
{
    /*
     * qmp_dispatch() sets the current monitor, and asserts that there is none:
     * the one whose command this runs for steps aside
     */
    Monitor *monitor = monitor_set_cur(qemu_coroutine_self(), NULL);
    bool ok;

    memory_region_transaction_begin();
    ok = run_actions(actions, num_steps, file, left, errp);
    memory_region_transaction_commit();

    monitor_set_cur(qemu_coroutine_self(), monitor);
    return ok;
}

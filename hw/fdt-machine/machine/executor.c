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
#include "../trace.h"

/* Which arguments name what a command works on, for messages */
static const struct {
    const char *command;
    const char *first;
    const char *second;
} subjects[] = {
    { "device_add", "driver", "id" },
    { "object-add", "qom-type", "id" },
    { "sysbus-mmio-map", "device", NULL },
    { "qom-set", "path", "property" },
};

/* "device_add pl011/serial0"; the caller frees */
static char *command_summary(const QDict *command)
{
    const char *name = qdict_get_try_str(command, "execute") ?: "?";
    const QDict *args = qdict_get_qdict(command, "arguments");

    for (unsigned i = 0; args && i < ARRAY_SIZE(subjects); i++) {
        const char *first, *second;

        if (strcmp(name, subjects[i].command)) {
            continue;
        }
        first = qdict_get_try_str(args, subjects[i].first);
        second = subjects[i].second
                 ? qdict_get_try_str(args, subjects[i].second) : NULL;
        return g_strdup_printf("%s %s%s%s", name, first ?: "",
                               second ? "/" : "", second ?: "");
    }
    return g_strdup(name);
}

static void command_error(const FdtPlan *plan, unsigned i, const char *file,
                          const QDict *response, Error **errp)
{
    g_autofree char *summary = command_summary(fdt_plan_command(plan, i));
    const QDict *error = qdict_get_qdict(response, "error");
    const char *path = fdt_plan_path(plan, i);

    error_setg(errp, "%s: %s%s%s: %s (step %u of %u)", file,
               path, path[0] ? ": " : "", summary,
               qdict_get_try_str(error, "desc") ?: "unknown error",
               i + 1, fdt_plan_num_steps(plan));
}

static bool run_command(const FdtPlan *plan, unsigned i, const char *file,
                        Error **errp)
{
    QDict *command = fdt_plan_command(plan, i);
    g_autoptr(QDict) response = NULL;

    if (trace_event_get_state_backends(TRACE_FDT_MACHINE_COMMAND)) {
        g_autofree char *summary = command_summary(command);

        trace_fdt_machine_command(i + 1, fdt_plan_path(plan, i), summary);
    }

    response = qmp_dispatch(&qmp_commands, QOBJECT(command), false, NULL);
    if (response && qdict_haskey(response, "error")) {
        command_error(plan, i, file, response, errp);
        return false;
    }
    return true;
}

static bool undo_command(QDict *command, const char *file, Error **errp)
{
    g_autoptr(QDict) response = qmp_dispatch(&qmp_commands, QOBJECT(command),
                                             false, NULL);

    if (response && qdict_haskey(response, "error")) {
        g_autofree char *summary = command_summary(command);

        error_setg(errp, "%s: %s: %s", file, summary,
                   qdict_get_try_str(qdict_get_qdict(response, "error"),
                                     "desc"));
        return false;
    }
    return true;
}

static bool undo_commands(const QList *commands, const char *file,
                          Error **errp)
{
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(commands, e) {
        if (!undo_command(qobject_to(QDict, qlist_entry_obj(e)), file, errp)) {
            return false;
        }
    }
    return true;
}

bool fdt_machine_execute(const FdtPlan *plan, const char *file,
                         const QList *undo, const bool *skip, Error **errp)
{
    unsigned num_steps = fdt_plan_num_steps(plan);
    /* The dispatcher wants to be the one that sets the current monitor */
    Monitor *monitor = monitor_set_cur(qemu_coroutine_self(), NULL);
    bool ok;

    memory_region_transaction_begin();
    ok = !undo || undo_commands(undo, file, errp);
    for (unsigned i = 0; ok && i < num_steps; i++) {
        ok = skip[i] || run_command(plan, i, file, errp);
    }
    memory_region_transaction_commit();

    monitor_set_cur(qemu_coroutine_self(), monitor);
    return ok;
}

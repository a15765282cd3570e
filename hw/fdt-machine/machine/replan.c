/*
 * From one plan to the next: what a further load has to do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qobject/qjson.h"
#include "replan.h"

static const char *const boot_drivers[] = { "arm-boot", "riscv-boot" };

static const char *argument(const QDict *command, const char *name)
{
    return qdict_get_try_str(qdict_get_qdict(command, "arguments"), name);
}

static bool executes(const QDict *command, const char *name)
{
    return g_str_equal(qdict_get_str(command, "execute"), name);
}

bool fdt_step_boots(const FdtPlan *plan, unsigned i)
{
    const QDict *command = fdt_plan_command(plan, i);

    for (unsigned j = 0; j < ARRAY_SIZE(boot_drivers); j++) {
        if (executes(command, "device_add") &&
            g_str_equal(argument(command, "driver"), boot_drivers[j])) {
            return true;
        }
    }
    return false;
}

/*
 * Devices that do nothing once they are neither mapped nor connected: to be
 * without one, that is enough
 */
static bool is_detachable(const QDict *command)
{
    static const char *const drivers[] = {
        "or-irq", "split-irq", "unimplemented-device",
    };

    for (unsigned i = 0; i < ARRAY_SIZE(drivers); i++) {
        if (executes(command, "device_add") &&
            g_str_equal(argument(command, "driver"), drivers[i])) {
            return true;
        }
    }
    return false;
}

static char *text_of(const FdtPlan *plan, unsigned i)
{
    g_autoptr(GString) json =
        qobject_to_json(QOBJECT(fdt_plan_command(plan, i)));

    return g_string_free(g_steal_pointer(&json), false);
}

static QDict *new_command(const char *name, QDict **args)
{
    QDict *command = qdict_new();

    *args = qdict_new();
    qdict_put_str(command, "execute", name);
    qdict_put(command, "arguments", *args);
    return command;
}

static QDict *undo_map(const QDict *command)
{
    static const char *const names[] = { "device", "mmio", "region", "alias" };
    const QDict *args = qdict_get_qdict(command, "arguments");
    QDict *undo_args;
    QDict *undo = new_command("sysbus-mmio-unmap", &undo_args);

    for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
        QObject *value = qdict_get(args, names[i]);

        if (value) {
            qdict_put_obj(undo_args, names[i], qobject_ref(value));
        }
    }
    return undo;
}

static QDict *undo_connection(const QDict *command)
{
    QDict *args;
    QDict *undo = new_command("qom-set", &args);

    qdict_put_str(args, "path", argument(command, "path"));
    qdict_put_str(args, "property", argument(command, "property"));
    qdict_put_str(args, "value", "");
    return undo;
}

/* NULL: that cannot be undone */
static QDict *undo_of(const QDict *command)
{
    const char *property;

    if (executes(command, "sysbus-mmio-map")) {
        return undo_map(command);
    }
    property = executes(command, "qom-set") ? argument(command, "property")
                                            : NULL;
    return property && g_str_has_suffix(property, "]")
        ? undo_connection(command) : NULL;
}

/* The command of a plan that adds the device of that id, or NULL */
static const QDict *find_device(const FdtPlan *plan, const char *id)
{
    for (unsigned i = 0; id && i < fdt_plan_num_steps(plan); i++) {
        const QDict *command = fdt_plan_command(plan, i);

        if (executes(command, "device_add") &&
            !g_strcmp0(argument(command, "id"), id)) {
            return command;
        }
    }
    return NULL;
}

/*
 * Which arguments of a device would be others, as " (num-irq: 512, now 544)";
 * "" if there would be no such device
 */
static char *changes_of(const QDict *command, const FdtPlan *new)
{
    const QDict *then = find_device(new, argument(command, "id"));
    const QDict *before = qdict_get_qdict(command, "arguments");
    const QDict *after = then ? qdict_get_qdict(then, "arguments") : NULL;
    GString *text = g_string_new("");

    for (const QDictEntry *e = after ? qdict_first(after) : NULL; e;
         e = qdict_next(after, e)) {
        const QObject *was = qdict_get(before, qdict_entry_key(e));
        const QObject *is = qdict_entry_value(e);

        if (!was || !qobject_is_equal(was, is)) {
            g_autoptr(GString) from = was ? qobject_to_json(was) : NULL;
            g_autoptr(GString) to = qobject_to_json(is);

            g_string_append_printf(text, "%s%s: %s, now %s",
                                   text->len ? "; " : " (", qdict_entry_key(e),
                                   from ? from->str : "none", to->str);
        }
    }
    if (text->len) {
        g_string_append_c(text, ')');
    }
    return g_string_free(text, false);
}

/* What the report of a plan remarks about a node, as ": TEXT", or "" */
static char *remark_of(const FdtPlan *plan, const char *path)
{
    g_autoptr(QDict) report = fdt_plan_report(plan);
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), e) {
        const QDict *node = qobject_to(QDict, qlist_entry_obj(e));
        const char *reason = qdict_get_try_str(node, "reason");

        if (reason && g_str_equal(qdict_get_str(node, "path"), path)) {
            return g_strconcat(": ", reason, NULL);
        }
    }
    return g_strdup("");
}

static bool undo_step(const FdtPlan *old, unsigned i, const FdtPlan *new,
                      QList *undo, Error **errp)
{
    const QDict *command = fdt_plan_command(old, i);
    const char *path = fdt_plan_path(old, i);
    QDict *inverse = undo_of(command);
    g_autofree char *changes = NULL;
    g_autofree char *remark = NULL;

    if (inverse) {
        qlist_append(undo, inverse);
        return true;
    }
    if (is_detachable(command)) {
        return true;
    }
    changes = changes_of(command, new);
    remark = changes[0] ? remark_of(new, path) : g_strdup("");
    error_setg(errp, "%s%s%s '%s' is there already, and can neither be "
               "changed%s nor taken out again%s; load all files at once, or "
               "the tree without it (omit) first",
               path, path[0] ? ": " : "",
               argument(command, "driver") ?: argument(command, "qom-type") ?:
               argument(command, "property") ?: "object",
               argument(command, "id") ?: argument(command, "path") ?: "",
               changes, remark);
    return false;
}

static GHashTable *texts_of(const FdtPlan *plan)
{
    GHashTable *texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                              NULL);

    for (unsigned i = 0; plan && i < fdt_plan_num_steps(plan); i++) {
        g_hash_table_add(texts, text_of(plan, i));
    }
    return texts;
}

bool fdt_replan_retire(const FdtPlan *old, const FdtPlan *new,
                       GHashTable *retired)
{
    g_autoptr(GHashTable) before = texts_of(old);
    g_autoptr(GHashTable) after = texts_of(new);
    bool reused = false;

    for (unsigned i = 0; old && i < fdt_plan_num_steps(old); i++) {
        const QDict *command = fdt_plan_command(old, i);
        g_autofree char *text = text_of(old, i);

        if (is_detachable(command) && !g_hash_table_contains(after, text)) {
            g_hash_table_add(retired, g_strdup(argument(command, "id")));
        }
    }
    for (unsigned i = 0; i < fdt_plan_num_steps(new); i++) {
        const QDict *command = fdt_plan_command(new, i);
        g_autofree char *text = text_of(new, i);

        if (executes(command, "device_add") &&
            !g_hash_table_contains(before, text)) {
            reused |= g_hash_table_contains(retired, argument(command, "id"));
        }
    }
    return reused;
}

QList *fdt_replan(const FdtPlan *old, const FdtPlan *new, bool *skip,
                  Error **errp)
{
    g_autoptr(GHashTable) done = texts_of(old);
    g_autoptr(QList) undo = qlist_new();

    for (unsigned i = 0; i < fdt_plan_num_steps(new); i++) {
        g_autofree char *text = text_of(new, i);

        skip[i] = fdt_step_boots(new, i) || g_hash_table_remove(done, text);
    }
    /* Last in, first out */
    for (unsigned i = old ? fdt_plan_num_steps(old) : 0; i-- > 0;) {
        g_autofree char *text = text_of(old, i);

        if (!fdt_step_boots(old, i) && g_hash_table_contains(done, text) &&
            !undo_step(old, i, new, undo, errp)) {
            return NULL;
        }
    }
    return g_steal_pointer(&undo);
}

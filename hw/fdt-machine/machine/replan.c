/*
 * From one plan to the next: what a further load has to do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qobject/qjson.h"
#include "qobject/qlist.h"
#include "replan.h"

/*
 * Sets of steps
 */

static GHashTable *steps_done(const GPtrArray *done)
{
    GHashTable *steps = g_hash_table_new(fdt_step_hash, fdt_step_equal);

    for (unsigned i = 0; i < done->len; i++) {
        g_hash_table_add(steps, g_ptr_array_index(done, i));
    }
    return steps;
}

static GHashTable *steps_planned(const FdtPlan *plan)
{
    GHashTable *steps = g_hash_table_new(fdt_step_hash, fdt_step_equal);

    for (unsigned i = 0; i < fdt_plan_num_steps(plan); i++) {
        g_hash_table_add(steps, fdt_plan_step(plan, i));
    }
    return steps;
}

bool fdt_replan_retire(const GPtrArray *done, const FdtPlan *new,
                       GHashTable *retired)
{
    g_autoptr(GHashTable) before = steps_done(done);
    g_autoptr(GHashTable) after = steps_planned(new);
    bool reused = false;

    for (unsigned i = 0; i < done->len; i++) {
        const FdtStep *step = g_ptr_array_index(done, i);

        if (step->inert && !g_hash_table_contains(after, step)) {
            g_hash_table_add(retired, g_strdup(step->id));
        }
    }
    for (unsigned i = 0; i < fdt_plan_num_steps(new); i++) {
        const FdtStep *step = fdt_plan_step(new, i);

        if (step->kind == FDT_STEP_ADD_DEVICE &&
            !g_hash_table_contains(before, step)) {
            reused |= g_hash_table_contains(retired, step->id);
        }
    }
    return reused;
}

/*
 * Why a device cannot be taken out
 */

/* The step of a plan that adds the device or object of that id, or NULL */
static const FdtStep *find_added(const FdtPlan *plan, const char *id)
{
    for (unsigned i = 0; i < fdt_plan_num_steps(plan); i++) {
        const FdtStep *step = fdt_plan_step(plan, i);

        if (step->id && g_str_equal(step->id, id)) {
            return step;
        }
    }
    return NULL;
}

/*
 * Which arguments of a device would be others, as " (num-irq: 512, now 544)";
 * "" if there would be no such device
 */
static char *changes_of(const FdtStep *step, const FdtPlan *new)
{
    const FdtStep *then = find_added(new, step->id);
    const QDict *before = fdt_step_args(step);
    const QDict *after = then ? fdt_step_args(then) : NULL;
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

static void refuse(const FdtStep *step, const FdtPlan *new, Error **errp)
{
    g_autofree char *changes = changes_of(step, new);
    g_autofree char *remark = changes[0] ? remark_of(new, step->path)
                                         : g_strdup("");

    error_setg(errp, "%s%s%s '%s' is there already, and can neither be "
               "changed%s nor taken out again%s; load all files at once, or "
               "the tree without it (omit) first", step->path,
               step->path[0] ? ": " : "", step->type, step->id, changes,
               remark);
}

/*
 * The way from one to the other
 */

static void action_clear(gpointer data)
{
    FdtAction *action = data;

    fdt_step_unref(action->step);
    if (action->undo) {
        fdt_step_unref(action->undo);
    }
}

/*
 * False with an error if the step has to be taken back, and cannot be.  A
 * property of the machine need not: another value replaces it.
 */
static bool take_back(GArray *actions, FdtStep *step, const FdtPlan *new,
                      Error **errp)
{
    FdtAction action = { .step = fdt_step_inverse(step) };

    if (action.step) {
        action.undo = fdt_step_ref(step);
        g_array_append_val(actions, action);
        return true;
    }
    if (step->kind == FDT_STEP_SET || step->inert) {
        return true;
    }
    refuse(step, new, errp);
    return false;
}

static void carry_out(GArray *actions, FdtStep *step, unsigned number)
{
    FdtAction action = {
        .step = fdt_step_ref(step),
        .undo = fdt_step_inverse(step),
        .number = number,
    };

    g_array_append_val(actions, action);
}

static GArray *actions_new(void)
{
    GArray *actions = g_array_new(false, false, sizeof(FdtAction));

    g_array_set_clear_func(actions, action_clear);
    return actions;
}

GArray *fdt_replan(const GPtrArray *done, const FdtPlan *new, Error **errp)
{
    g_autoptr(GHashTable) before = steps_done(done);
    g_autoptr(GHashTable) after = steps_planned(new);
    g_autoptr(GArray) actions = actions_new();

    for (unsigned i = done->len; i-- > 0;) {
        FdtStep *step = g_ptr_array_index(done, i);

        if (!g_hash_table_contains(after, step) &&
            !take_back(actions, step, new, errp)) {
            return NULL;
        }
    }
    for (unsigned i = 0; i < fdt_plan_num_steps(new); i++) {
        FdtStep *step = fdt_plan_step(new, i);

        if (!step->boots && !g_hash_table_contains(before, step)) {
            carry_out(actions, step, i + 1);
        }
    }
    return g_steal_pointer(&actions);
}

GArray *fdt_replan_boot(const FdtPlan *plan)
{
    GArray *actions = actions_new();

    for (unsigned i = 0; i < fdt_plan_num_steps(plan); i++) {
        if (fdt_plan_step(plan, i)->boots) {
            carry_out(actions, fdt_plan_step(plan, i), i + 1);
        }
    }
    return actions;
}

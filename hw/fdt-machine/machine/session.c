/*
 * Sessions: the load of the command line, and further ones by QMP
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/boards.h"
#include "monitor/qdev.h"
#include "qapi/clone-visitor.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-fdt-machine.h"
#include "qapi/qapi-visit-fdt-machine.h"
#include "qobject/qjson.h"
#include "session.h"
#include "../fdt-machine.h"
#include "../trace.h"
#include "user-changes.h"

FdtMachine *fdt_machine_get(void)
{
    static FdtMachine machine;
    GDestroyNotify unref = (GDestroyNotify)fdt_step_unref;

    if (!machine.done) {
        machine.done = g_ptr_array_new_with_free_func(unref);
        machine.left = g_ptr_array_new_with_free_func(unref);
        machine.retired = g_hash_table_new_full(g_str_hash, g_str_equal,
                                                g_free, NULL);
    }
    return &machine;
}

QDict *fdt_machine_report(void)
{
    const FdtSession *session = fdt_machine_get()->session;
    g_autoptr(GString) json = NULL;
    QDict *report;

    if (!session || !session->report) {
        return NULL;
    }
    json = qobject_to_json(QOBJECT(session->report));
    report = qobject_to(QDict, qobject_from_json(json->str, &error_abort));
    if (session->plan) {
        fdt_follow_user_changes(report, NULL);
    }
    fdt_report_rescues(report);
    return report;
}

/*
 * A session
 */

static void free_bindings(FdtTree **bindings)
{
    for (FdtTree **tree = bindings; *tree; tree++) {
        fdt_tree_free(*tree);
    }
    g_free(bindings);
}

FdtSession *fdt_session_new(FdtMachineOptions *options)
{
    FdtSession *session = g_new0(FdtSession, 1);

    session->options = options;
    return session;
}

void fdt_session_end(FdtSession *session)
{
    g_clear_pointer(&session->tree, fdt_tree_free);
    g_clear_pointer(&session->bindings, free_bindings);
    g_clear_pointer(&session->omit, g_strfreev);
    g_clear_pointer(&session->require, g_strfreev);
    g_clear_pointer(&session->guest_rules, g_strfreev);
    g_clear_pointer(&session->plan, fdt_plan_free);
}

void fdt_session_free(FdtSession *session)
{
    if (!session) {
        return;
    }
    fdt_session_end(session);
    qapi_free_FdtMachineOptions(session->options);
    qobject_unref(session->report);
    g_free(session);
}

static GStrv strv_from_list(const strList *list)
{
    GPtrArray *array = g_ptr_array_new();

    for (; list; list = list->next) {
        g_ptr_array_add(array, g_strdup(list->value));
    }
    g_ptr_array_add(array, NULL);
    return (GStrv)g_ptr_array_free(array, false);
}

static bool read_tree(FdtSession *session, Error **errp)
{
    const FdtMachineOptions *options = session->options;
    g_auto(GStrv) overlays = strv_from_list(options->overlays);
    g_autoptr(GPtrArray) cpus = NULL;

    session->tree = fdt_tree_load_config(options->file, options->config,
                                         overlays, errp);
    if (!session->tree) {
        return false;
    }
    cpus = fdt_tree_cpus(session->tree);
    session->num_cpus = cpus->len;
    trace_fdt_machine_tree(options->file, session->num_cpus,
                           fdt_tree_page_bits(session->tree));
    return true;
}

static bool read_bindings(FdtSession *session, Error **errp)
{
    g_auto(GStrv) files = strv_from_list(session->options->bindings);
    unsigned n = g_strv_length(files);

    session->bindings = g_new0(FdtTree *, n + 1);
    for (unsigned i = 0; i < n; i++) {
        session->bindings[i] = fdt_tree_load_alone(files[i], "qemu,bindings",
                                                   errp);
        if (!session->bindings[i]) {
            return false;
        }
    }
    return true;
}

/* Full paths in place of those that the user gave as values of @key */
static bool resolve_paths(const FdtSession *session, const char *key,
                          GStrv paths, Error **errp)
{
    for (char **path = paths; *path; path++) {
        const FdtNode *node = fdt_tree_find(session->tree, *path);

        if (!node) {
            error_setg(errp, "%s: %s=%s: the tree has no such node",
                       session->options->file, key, *path);
            return false;
        }
        g_free(*path);
        *path = g_strdup(node->path);
    }
    return true;
}

static bool resolve_omitted(FdtSession *session, Error **errp)
{
    session->omit = strv_from_list(session->options->omit);
    if (!resolve_paths(session, "omit", session->omit, errp)) {
        return false;
    }
    if (g_strv_contains((const char *const *)session->omit, "/")) {
        error_setg(errp, "%s: omit=/: the root cannot be left out",
                   session->options->file);
        return false;
    }
    return true;
}

static bool resolve_required(FdtSession *session, Error **errp)
{
    session->require = strv_from_list(session->options->require);
    return resolve_paths(session, "require", session->require, errp);
}

bool fdt_session_read(FdtSession *session, Error **errp)
{
    session->guest_rules = strv_from_list(session->options->guest_rules);
    return read_tree(session, errp) && read_bindings(session, errp) &&
           resolve_omitted(session, errp) && resolve_required(session, errp);
}

/*
 * Further loads, by QMP
 */

static void append_strings(strList **list, const strList *more)
{
    strList **tail = list;

    while (*tail) {
        tail = &(*tail)->next;
    }
    for (; more; more = more->next) {
        QAPI_LIST_APPEND(tail, g_strdup(more->value));
    }
}

/*
 * Options of the load that is to come: those of the one before, and more.  A
 * further file is one more overlay
 */
static FdtMachineOptions *more_options(const FdtSession *before,
                                       const char *file, const char *config,
                                       const strList *overlays,
                                       const strList *bindings,
                                       const strList *omit)
{
    strList further = { .value = (char *)file };
    FdtMachineOptions *options;

    if (before) {
        options = QAPI_CLONE(FdtMachineOptions, before->options);
        append_strings(&options->overlays, file ? &further : NULL);
    } else {
        options = g_new0(FdtMachineOptions, 1);
        options->file = g_strdup(file);
        options->config = g_strdup(config);
    }
    append_strings(&options->overlays, overlays);
    append_strings(&options->bindings, bindings);
    append_strings(&options->omit, omit);
    options->has_overlays = options->overlays;
    options->has_bindings = options->bindings;
    options->has_omit = options->omit;
    return options;
}

static bool check_first(const char *file, Error **errp)
{
    if (!file) {
        error_setg(errp, "no tree was loaded yet: 'file' has to be given");
        return false;
    }
    if (phase_check(PHASE_MACHINE_INITIALIZED) && current_machine->ram_size) {
        error_setg(errp, "the machine has RAM already; load the tree before "
                   "the first device is added, or start without -m: the tree "
                   "says where there is memory");
        return false;
    }
    return true;
}

/* Of the file of a further load, nothing is noted but its name */
static bool check_further(const char *file, const char *config, Error **errp)
{
    if (config) {
        error_setg(errp, "config=%s: it says which tree of its file is the "
                   "board, which is loaded already; give %s", config,
                   file ? "a file that has no other tree" : "no config");
        return false;
    }
    return true;
}

/* What the machine has for a tree, -m for one, is noted once */
static bool begin(FdtMachine *m, const FdtMachineOptions *options,
                  Error **errp)
{
    if (m->backends) {
        return true;
    }
    m->backends = fdt_backends_note_models();
    return fdt_settings_note(m, options, errp);
}

/*
 * After a first load that was refused, a user may set other values.  But once
 * fdt_settings_take() has taken them off the machine, this is where they are
 */
static void forget_settings(FdtMachine *m)
{
    if (!m->session && !m->settings.taken) {
        fdt_settings_clear(&m->settings);
        g_clear_pointer(&m->backends, fdt_backends_free);
    }
}

static bool load(FdtMachine *m, FdtSession *session,
                 const FdtMachineMemoryBackendList *memory, Error **errp)
{
    GHashTable *retired = NULL;
    FdtPlan *plan;

    if (!fdt_session_read(session, errp) ||
        !fdt_backends_add_memory(m->backends, session->options->file, memory,
                                 errp)) {
        return false;
    }
    plan = fdt_machine_plan_next(m, session, &retired, errp);
    if (!plan) {
        g_hash_table_unref(retired);
        return false;
    }
    /*
     * The plan's first device initialises the board, which would make RAM and
     * CPUs of its own
     */
    if (!phase_check(PHASE_MACHINE_INITIALIZED)) {
        fdt_settings_take(&m->settings);
    }
    if (!fdt_machine_carry_out(m, session, plan, retired, errp)) {
        return false;
    }
    fdt_session_trace(session);
    fdt_session_warn_mute(session, m->session ? m->session->report : NULL);
    return true;
}

/* Backends that the session would have taken are free again */
static void give_back(FdtMachine *m, unsigned num_memory)
{
    fdt_backends_cut_memory(m->backends, num_memory);
    fdt_backends_release(m->backends, m->session ? m->session->plan : NULL);
}

void qmp_fdt_machine_load(const char *file, const char *config,
                          bool has_overlays, strList *overlays,
                          bool has_bindings, strList *bindings,
                          bool has_omit, strList *omit,
                          bool has_strict, bool strict,
                          bool has_memory_backends,
                          FdtMachineMemoryBackendList *memory_backends,
                          Error **errp)
{
    FdtMachine *m = fdt_machine_get();
    FdtSession *session;
    unsigned num_memory;

    if (!qdev_cold_plug_check("fdt-machine-load", errp) ||
        !(m->session ? check_further(file, config, errp)
                     : check_first(file, errp))) {
        return;
    }
    session = fdt_session_new(more_options(m->session, file, config, overlays,
                                           bindings, omit));
    session->late = true;
    if (has_strict) {
        session->options->strict = strict;
    }
    if (begin(m, session->options, errp)) {
        num_memory = fdt_backends_num_memory(m->backends);
        if (load(m, session, memory_backends, errp)) {
            fdt_session_free(m->session);
            m->session = session;
            return;
        }
        give_back(m, num_memory);
    }
    forget_settings(m);
    fdt_session_free(session);
}

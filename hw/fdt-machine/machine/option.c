/*
 * The option -dtb-machine, and the machine that it builds when QEMU starts
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/boards.h"
#include "qapi/error.h"
#include "qapi/qapi-visit-fdt-machine.h"
#include "qapi/qobject-input-visitor.h"
#include "qemu/error-report.h"
#include "boot-check.h"
#include "help.h"
#include "session.h"
#include "../fdt-machine.h"

/* With all keys and their values, as one of them was mistyped */
static void report_bad_key(Error *error)
{
    g_autofree char *keys = fdt_machine_keys();

    error_report("%s; the keys are %s", error_get_pretty(error), keys);
    error_free(error);
}

void fdt_machine_option(const char *optarg)
{
    FdtMachine *m = fdt_machine_get();
    FdtMachineOptions *options = NULL;
    Error *error = NULL;
    Visitor *v;

    if (fdt_machine_wants_help(optarg)) {
        fdt_machine_help(optarg, &error_fatal);
        exit(EXIT_SUCCESS);
    }
    if (m->session) {
        error_report("-dtb-machine can be given only once");
        exit(EXIT_FAILURE);
    }

    v = qobject_input_visitor_new_str(optarg, "file", &error_fatal);
    visit_type_FdtMachineOptions(v, NULL, &options, &error);
    visit_free(v);
    if (error) {
        report_bad_key(error);
        exit(EXIT_FAILURE);
    }
    m->session = fdt_session_new(options);
}

bool fdt_machine_requested(void)
{
    return fdt_machine_get()->session;
}

/*
 * Before the machine is created
 */

static bool imply_machine_none(QDict *machine_opts, Error **errp)
{
    const char *type = qdict_get_try_str(machine_opts, "type");

    if (type && strcmp(type, "none")) {
        error_setg(errp, "-dtb-machine builds upon the machine type 'none', "
                   "it does not go with '%s'", type);
        return false;
    }
    qdict_put_str(machine_opts, "type", "none");
    return true;
}

/*
 * If the user has not said how many CPUs there are: as many as the tree has.
 * More than the machine can have would be refused later, by a message that
 * knows nothing of the tree.
 */
static bool imply_cpus(const FdtSession *session, QDict *machine_opts,
                       Error **errp)
{
    const MachineClass *none =
        MACHINE_CLASS(object_class_by_name(MACHINE_TYPE_NAME("none")));
    g_autofree char *cpus = g_strdup_printf("%u", session->num_cpus);
    QDict *smp;

    if (!session->num_cpus || qdict_haskey(machine_opts, "smp")) {
        return true;
    }
    if (session->num_cpus > none->max_cpus) {
        error_setg(errp, "%s: /cpus: %u CPUs, a machine can have %u: choose "
                   "with -smp how many of them it gets",
                   session->options->file, session->num_cpus, none->max_cpus);
        return false;
    }
    smp = qdict_new();
    qdict_put_str(smp, "cpus", cpus);
    qdict_put(machine_opts, "smp", smp);
    return true;
}

/* A tree that is loaded later sets them by the first step of its plan */
static void imply_page_bits(const FdtSession *session, QDict *machine_opts)
{
    g_autofree char *bits = g_strdup_printf(
        "%u", fdt_tree_page_bits(session->tree));

    if (!qdict_haskey(machine_opts, "minimum-page-bits")) {
        qdict_put_str(machine_opts, "minimum-page-bits", bits);
    }
}

bool fdt_machine_early(QDict *machine_opts, const char *mem_path,
                       Error **errp)
{
    FdtMachine *m = fdt_machine_get();

    m->mem_path = mem_path;
    if (!m->session) {
        return true;
    }
    if (!imply_machine_none(machine_opts, errp) ||
        !fdt_session_read(m->session, errp) ||
        !imply_cpus(m->session, machine_opts, errp)) {
        return false;
    }
    imply_page_bits(m->session, machine_opts);
    m->backends = fdt_backends_note_models();
    return true;
}

/*
 * Before the machine's init function
 */

static bool check_cpus(const FdtSession *session, const MachineState *machine,
                       Error **errp)
{
    if (session->num_cpus && machine->smp.cpus > session->num_cpus) {
        error_setg(errp, "%s: /cpus: -smp asks for %u CPUs, the tree has %u",
                   session->options->file, machine->smp.cpus,
                   session->num_cpus);
        return false;
    }
    return true;
}

bool fdt_machine_prepare(Error **errp)
{
    FdtMachine *m = fdt_machine_get();

    if (!m->session || m->session->late) {
        return true;
    }
    if (!check_cpus(m->session, current_machine, errp) ||
        !fdt_settings_note(m, m->session->options, errp)) {
        return false;
    }
    fdt_settings_take(&m->settings);
    return true;
}

/*
 * After it
 */

bool fdt_machine_load(Error **errp)
{
    FdtMachine *m = fdt_machine_get();
    FdtSession *session = m->session;
    g_autoptr(FdtPlan) plan = NULL;

    if (!session || session->late) {
        return true;
    }
    if (!fdt_check_drives(session->options->file, errp)) {
        return false;
    }
    plan = fdt_machine_plan(m, session, errp);
    if (!plan) {
        return false;
    }
    session->report = fdt_plan_report(plan);
    fdt_session_trace(session);
    if (!fdt_session_write(session, plan, errp)) {
        return false;
    }
    fdt_session_warn(session);
    fdt_session_warn_findings(session);
    fdt_session_warn_mute(session, NULL);
    fdt_machine_warn_rules(m, session, plan);
    if (session->options->dry_run) {
        fdt_session_summarize(session);
        exit(EXIT_SUCCESS);
    }
    if (session->options->rescues) {
        fdt_write_rescues_at_exit();
    }
    return fdt_machine_carry_out(m, session, g_steal_pointer(&plan), NULL,
                                 errp);
}

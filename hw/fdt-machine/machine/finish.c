/*
 * When the machine is about to be complete: what boots, and the tree that the
 * guest gets
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/boards.h"
#include "qapi/error.h"
#include "qom/object.h"
#include "executor.h"
#include "replan.h"
#include "boot-check.h"
#include "session.h"
#include "../fdt-machine.h"
#include "user-changes.h"

static bool check_boot_property(const FdtSession *session, FdtBootProperty i,
                                bool boots, Error **errp)
{
    g_autofree char *value = fdt_boot_property(i);
    const char *name = fdt_boot_property_name(i);

    if (value && !session) {
        error_setg(errp, "'%s' of the machine 'none' is for what a tree "
                   "describes, and no tree was loaded: load one, or add "
                   "a boot device, or a 'loader', that names the file", name);
        return false;
    }
    if (value && !boots && (i == FDT_BOOT_INITRD || i == FDT_BOOT_APPEND)) {
        error_setg(errp, "%s: '%s' is set, but neither 'kernel' nor "
                   "'firmware'", session->options->file, name);
        return false;
    }
    return true;
}

bool fdt_machine_check_boot(Error **errp)
{
    g_autofree char *kernel = NULL;
    g_autofree char *firmware = NULL;

    if (!MACHINE_GET_CLASS(current_machine)->any_device) {
        return true;
    }
    if (current_machine->shim_filename && *current_machine->shim_filename) {
        error_setg(errp, "nothing on the machine 'none' takes a 'shim'");
        return false;
    }
    kernel = fdt_boot_property(FDT_BOOT_KERNEL);
    firmware = fdt_boot_property(FDT_BOOT_FIRMWARE);
    for (int i = 0; i < FDT_BOOT__MAX; i++) {
        if (!check_boot_property(fdt_machine_get()->session, i,
                                 kernel || firmware, errp)) {
            return false;
        }
    }
    return !kernel || fdt_check_kernel(kernel, errp);
}

static bool boot_has_changed(const FdtSettings *settings)
{
    for (int i = 0; i < FDT_BOOT__MAX; i++) {
        g_autofree char *value = fdt_boot_property(i);

        if (g_strcmp0(settings->boot[i], value)) {
            return true;
        }
    }
    return false;
}

static bool plan_again(FdtMachine *m, Error **errp)
{
    GHashTable *retired = NULL;
    FdtPlan *plan = fdt_machine_plan_next(m, m->session, &retired, errp);

    if (!plan) {
        g_hash_table_unref(retired);
        return false;
    }
    if (!fdt_machine_carry_out(m, m->session, plan, retired, errp)) {
        return false;
    }
    fdt_session_trace(m->session);
    return true;
}

/* What boots was set after the tree was loaded: the plan depends on it */
static bool replan_boot(FdtMachine *m, Error **errp)
{
    ERRP_GUARD();
    char *before[FDT_BOOT__MAX];

    if (!boot_has_changed(&m->settings)) {
        return true;
    }
    memcpy(before, m->settings.boot, sizeof(before));
    fdt_settings_note_boot(&m->settings);
    if (!plan_again(m, errp)) {
        error_prepend(errp, "with what was set to boot after the tree was "
                      "loaded: ");
        fdt_boot_free(m->settings.boot);
        memcpy(m->settings.boot, before, sizeof(before));
        return false;
    }
    fdt_boot_free(before);
    return true;
}

/* The tree as it was planned, unless the user has changed the machine since */
static bool update_boot_tree(FdtSession *session, QDict *args, Error **errp)
{
    unsigned before = fdt_plan_num_edits(session->plan);
    g_autoptr(GByteArray) blob = NULL;
    g_autofree char *text = NULL;

    fdt_follow_user_changes(session->report, session->plan);
    if (!qdict_haskey(args, "dtb-data") ||
        fdt_plan_num_edits(session->plan) == before) {
        return true;
    }
    blob = fdt_tree_flatten(fdt_plan_guest_tree(session->plan),
                            FDT_BOOT_PADDING, errp);
    if (!blob) {
        return false;
    }
    text = g_base64_encode(blob->data, blob->len);
    qdict_put_str(args, "dtb-data", text);
    return true;
}

bool fdt_machine_will_boot(void)
{
    const FdtMachine *m = fdt_machine_get();

    return !m->finishing && m->session && m->session->plan &&
           fdt_plan_boot_step(m->session->plan);
}

/*
 * The boot device is added last.  A user's device may have got its id since the
 * plan was made: then it gets a number
 */
static void choose_boot_id(QDict *args)
{
    g_autofree char *first = g_strdup(qdict_get_str(args, "id"));
    g_autofree char *id = g_strdup(first);

    for (unsigned i = 1; object_resolve_path_component(
             machine_get_container("peripheral"), id); i++) {
        g_free(id);
        id = g_strdup_printf("%s-%u", first, i);
    }
    qdict_put_str(args, "id", id);
}

/* The last step of the plan; if it is refused, nothing has happened */
static bool add_boot_device(FdtMachine *m, const FdtStep *step, Error **errp)
{
    FdtSession *session = m->session;
    g_autoptr(GArray) actions = fdt_replan_boot(session->plan);
    bool ok;

    if (!update_boot_tree(session, fdt_step_args(step), errp)) {
        return false;
    }
    choose_boot_id(fdt_step_args(step));
    m->finishing = true;
    ok = fdt_machine_execute(actions, fdt_plan_num_steps(session->plan),
                             session->options->file, NULL, errp);
    m->finishing = false;
    return ok;
}

static bool finish(FdtMachine *m, Error **errp)
{
    const FdtStep *boot;

    if (!replan_boot(m, errp)) {
        return false;
    }
    boot = fdt_plan_boot_step(m->session->plan);
    if (!boot) {
        fdt_follow_user_changes(m->session->report, m->session->plan);
        fdt_warn_if_nothing_boots(m->session->options->file);
    }
    return !boot || add_boot_device(m, boot, errp);
}

/* What only further loads would need, which are refused from now on */
static void free_all(FdtMachine *m)
{
    if (m->session) {
        fdt_session_end(m->session);
    }
    fdt_settings_clear(&m->settings);
    g_clear_pointer(&m->backends, fdt_backends_free);
    g_ptr_array_set_size(m->done, 0);
    g_hash_table_remove_all(m->retired);
}

bool fdt_machine_finish(Error **errp)
{
    FdtMachine *m = fdt_machine_get();

    if (!MACHINE_GET_CLASS(current_machine)->any_device) {
        return true;
    }
    if (!fdt_machine_check_whole(m, errp) ||
        (m->session && m->session->plan && !finish(m, errp))) {
        return false;
    }
    free_all(m);
    return true;
}

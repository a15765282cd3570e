/*
 * The plan of a session: what the planner asks QEMU, and what it is told
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "audio/audio.h"
#include "hw/boards.h"
#include "monitor/qdev.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-audio.h"
#include "qemu/config-file.h"
#include "qemu/error-report.h"
#include "qemu/option.h"
#include "qobject/qjson.h"
#include "qom/object.h"
#include "replan.h"
#include "session.h"
#include "types.h"
#include "../devices/zimage.h"
#include "../trace.h"

/* In the order of FdtMachineUnmatched */
static const FdtUnmatched unmatched_modes[] = {
    [FDT_MACHINE_UNMATCHED_STUB] = FDT_UNMATCHED_STUB,
    [FDT_MACHINE_UNMATCHED_POLL] = FDT_UNMATCHED_POLL,
    [FDT_MACHINE_UNMATCHED_ERROR] = FDT_UNMATCHED_ERROR,
    [FDT_MACHINE_UNMATCHED_IGNORE] = FDT_UNMATCHED_IGNORE,
};

/*
 * Ids, and whose they are: those of earlier plans are the next plan's again,
 * unless their devices are of no effect
 */
typedef struct FdtIds {
    GHashTable *own;            /* of what earlier plans have made */
    GHashTable *retired;        /* may be NULL */
} FdtIds;

static GHashTable *own_ids(const FdtMachine *m)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (unsigned i = 0; i < m->done->len; i++) {
        const FdtStep *step = g_ptr_array_index(m->done, i);

        if (step->id) {
            g_hash_table_add(ids, step->id);
        }
    }
    return ids;
}

static bool id_taken(const char *id, void *opaque)
{
    const FdtIds *ids = opaque;

    if (ids->retired && g_hash_table_contains(ids->retired, id)) {
        return true;
    }
    if (g_hash_table_contains(ids->own, id)) {
        return false;
    }
    return qemu_opts_find(qemu_find_opts("device"), id) ||
        object_resolve_path_component(object_get_objects_root(), id) ||
        object_resolve_path_component(machine_get_container("peripheral"), id);
}

/* Of devices that the user has added, not those of the tree */
static const char *device_type(const char *id, void *opaque)
{
    const FdtIds *ids = opaque;
    Object *dev = object_resolve_path_component(
        machine_get_container("peripheral"), id);

    return dev && !g_hash_table_contains(ids->own, id)
        ? object_get_typename(dev) : NULL;
}

/*
 * The first -audiodev; without one the default backend, which has no id, and
 * which is not there with -nodefaults
 */
static const char *audiodev(void *opaque)
{
    g_autoptr(AudiodevList) list = qmp_query_audiodevs(NULL);

    if (list) {
        /* the list is a copy, and ids are unique as long as QEMU runs */
        return g_intern_string(list->value->id);
    }
    return audio_get_default_audio_state(NULL) ? "" : NULL;
}

/*
 * Linux does not wait for what its tree does not name, but firmware knows its
 * board.  Of RISC-V's -bios, two words are none that a user has brought.
 */
static bool has_firmware(const char *firmware)
{
    return firmware && !g_str_equal(firmware, "default") &&
           !g_str_equal(firmware, "none");
}

static FdtUnmatched unmatched_mode(const FdtMachineOptions *options,
                                   const char *firmware)
{
    return options->has_unmatched ? unmatched_modes[options->unmatched]
         : has_firmware(firmware) ? FDT_UNMATCHED_POLL : FDT_UNMATCHED_STUB;
}

static FdtPlan *make_plan(FdtMachine *m, const FdtSession *session,
                          FdtIds *ids, Error **errp)
{
    const FdtMachineOptions *options = session->options;
    char *const *boot = m->settings.boot;
    const char *kernel = boot[FDT_BOOT_KERNEL];
    FdtPlanConfig config = {
        .cpus = MIN(current_machine->smp.cpus, session->num_cpus),
        .page_bits = object_property_get_uint(OBJECT(current_machine),
                                              "minimum-page-bits",
                                              &error_abort),
        .ram_size = m->settings.ram_size,
        .mem_path = m->mem_path,
        .cpu_type = m->settings.cpu_type,
        .kernel = kernel,
        .aarch32 = kernel && fdt_kernel_is_zimage(kernel),
        .aarch64 = kernel && fdt_kernel_is_arm64_image(kernel),
        .initrd = boot[FDT_BOOT_INITRD],
        .append = boot[FDT_BOOT_APPEND],
        .firmware = boot[FDT_BOOT_FIRMWARE],
        .firmware_addr = options->has_firmware_addr ? &options->firmware_addr
                                                    : NULL,
        .dtb = boot[FDT_BOOT_DTB],
        .unmatched = unmatched_mode(options, boot[FDT_BOOT_FIRMWARE]),
        .strict = options->strict,
        .omit = session->omit,
        .require = session->require,
        .virtio = options->virtio,
        .complete = !qemu_waits_for_commands(),
        .guest_rules = session->guest_rules,
        .bindings = session->bindings,
        .has_type = fdt_type_is_there,
        .is_a = fdt_type_is_a,
        .property_type = fdt_type_property,
        .id_taken = id_taken,
        .device_type = device_type,
        .audiodev = audiodev,
        .opaque = ids,
    };
    int64_t start = g_get_monotonic_time();
    FdtPlan *plan;

    fdt_backends_collect(m->backends, &config);
    plan = fdt_plan_new(session->tree, &config, errp);
    fdt_backends_release(m->backends, plan);
    if (plan) {
        trace_fdt_machine_plan(session->options->file,
                               fdt_plan_num_steps(plan),
                               g_get_monotonic_time() - start);
    }
    return plan;
}

FdtPlan *fdt_machine_plan(FdtMachine *m, const FdtSession *session,
                          Error **errp)
{
    g_autoptr(GHashTable) own = own_ids(m);
    FdtIds ids = { .own = own };

    return make_plan(m, session, &ids, errp);
}

/* The words of guest-rules=, but for the @omit-th; the caller frees */
static GStrv rules_without(const FdtSession *session, unsigned omit)
{
    GStrv words = g_strdupv(session->guest_rules);
    unsigned n = g_strv_length(words);

    g_free(words[omit]);
    memmove(&words[omit], &words[omit + 1], (n - omit) * sizeof(*words));
    return words;
}

/* All that a plan says, as text; the caller frees */
static char *plan_text(const FdtPlan *plan)
{
    g_autofree char *commands = fdt_plan_to_qmp(plan);
    QDict *report = fdt_plan_report(plan);
    g_autoptr(GString) json = qobject_to_json(QOBJECT(report));

    qobject_unref(report);
    return g_strconcat(commands, json->str, NULL);
}

static bool has_effect(FdtMachine *m, const FdtSession *session,
                       unsigned word, const char *with)
{
    FdtSession other = *session;
    g_auto(GStrv) rules = rules_without(session, word);
    g_autoptr(FdtPlan) plan = NULL;
    g_autofree char *without = NULL;

    other.guest_rules = rules;
    plan = fdt_machine_plan(m, &other, NULL);
    without = plan ? plan_text(plan) : NULL;
    return g_strcmp0(with, without) != 0;
}

void fdt_machine_warn_rules(FdtMachine *m, const FdtSession *session,
                            const FdtPlan *plan)
{
    g_autofree char *text = plan_text(plan);

    for (unsigned i = 0; session->guest_rules[i]; i++) {
        if (!has_effect(m, session, i, text)) {
            warn_report("%s: guest-rules.%u=%s has no effect on this tree",
                        session->options->file, i, session->guest_rules[i]);
        }
    }
    /* The plans that were made for that have released others */
    fdt_backends_release(m->backends, plan);
}

static GHashTable *copy_ids(GHashTable *ids)
{
    GHashTable *copy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                             NULL);
    GHashTableIter iter;
    gpointer id;

    g_hash_table_iter_init(&iter, ids);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        g_hash_table_add(copy, g_strdup(id));
    }
    return copy;
}

FdtPlan *fdt_machine_plan_next(FdtMachine *m, const FdtSession *session,
                               GHashTable **retired, Error **errp)
{
    g_autoptr(GHashTable) own = own_ids(m);
    FdtIds ids = { .own = own, .retired = copy_ids(m->retired) };
    FdtPlan *plan = make_plan(m, session, &ids, errp);

    while (plan && fdt_replan_retire(m->done, plan, ids.retired)) {
        fdt_plan_free(plan);
        plan = make_plan(m, session, &ids, errp);
    }
    *retired = ids.retired;
    return plan;
}

/*
 * The option -dtb-machine: from the command line to the planner, and from the
 * plan to files and to the executor
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "audio/audio.h"
#include "hw/boards.h"
#include "monitor/qdev.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-audio.h"
#include "qapi/clone-visitor.h"
#include "qapi/qapi-commands-fdt-machine.h"
#include "qapi/qapi-visit-fdt-machine.h"
#include "qapi/qobject-input-visitor.h"
#include "qemu/config-file.h"
#include "qemu/error-report.h"
#include "qemu/help_option.h"
#include "qemu/module.h"
#include "qemu/option.h"
#include "qom/object.h"
#include "qobject/qjson.h"
#include "qobject/qlist.h"
#include "backends.h"
#include "executor.h"
#include "../fdt-machine.h"
#include "user-changes.h"
#include "../plan/plan.h"
#include "replan.h"
#include "../trace.h"
#include "../devices/zimage.h"

/* Properties of the machine that say what boots */
typedef enum FdtBootProperty {
    BOOT_KERNEL,
    BOOT_INITRD,
    BOOT_APPEND,
    BOOT_DTB,
    BOOT_FIRMWARE,
    BOOT__MAX,
} FdtBootProperty;

static const struct {
    const char *name;
    size_t offset;              /* in MachineState */
} boot_properties[BOOT__MAX] = {
    [BOOT_KERNEL] = { "kernel", offsetof(MachineState, kernel_filename) },
    [BOOT_INITRD] = { "initrd", offsetof(MachineState, initrd_filename) },
    [BOOT_APPEND] = { "append", offsetof(MachineState, kernel_cmdline) },
    [BOOT_DTB] = { "dtb", offsetof(MachineState, dtb) },
    [BOOT_FIRMWARE] = { "firmware", offsetof(MachineState, firmware) },
};

/* The one machine that is built from a tree */
typedef struct FdtMachine {
    FdtMachineOptions *options;
    bool late;                  /* the first tree came by QMP */
    const char *mem_path;       /* of -mem-path, or NULL */
    FdtTree *tree;
    unsigned num_cpus;          /* of the tree */
    GStrv omit;                 /* as full paths */
    GStrv guest_rules;
    FdtBackends *backends;

    /* What the machine had when it was planned */
    uint64_t ram_size;
    unsigned cpus;
    char *cpu_type;
    char *boot[BOOT__MAX];      /* NULL if not given */

    FdtPlan *plan;              /* carried out, but for the boot device */
    GHashTable *own_ids;        /* that it has */
    GHashTable *retired;        /* ids of devices that are of no effect */
    bool failed;                /* it was not carried out to its end */
    bool finishing;             /* the boot device is being added */
    QDict *report;
} FdtMachine;

static FdtMachine fdt_machine;

/* In the order of FdtMachineUnmatched */
static const FdtUnmatched unmatched_modes[] = {
    [FDT_MACHINE_UNMATCHED_STUB] = FDT_UNMATCHED_STUB,
    [FDT_MACHINE_UNMATCHED_ERROR] = FDT_UNMATCHED_ERROR,
    [FDT_MACHINE_UNMATCHED_IGNORE] = FDT_UNMATCHED_IGNORE,
};

static const struct {
    const char *key;
    const char *text;
} option_help[] = {
    { "file=FILE", "flattened device tree (file= may be left out)" },
    { "overlays.N=FILE", "overlay, or further tree, number N (from 0)" },
    { "omit.N=PATH", "node to leave out, with all below it" },
    { "memory-backends.N.node=PATH", "memory node whose RAM is" },
    { "memory-backends.N.memdev=ID", "    that of a memory backend" },
    { "memory-backends.N.reg=NUMBER", "    and which entry of its reg" },
    { "unmatched=stub|error|ignore", "nodes that no binding knows (stub)" },
    { "strict=on|off", "refuse a tree that is faulty anywhere (off)" },
    { "guest-rules.N=-RULE", "leave out a rule for the guest's tree" },
    { "virtio=N", "add N virtio-mmio transports where the tree leaves room" },
    { "dump-qmp=FILE", "write the commands that build the machine" },
    { "report=FILE", "write what was made of every node, as JSON" },
    { "dry-run=on|off", "exit after planning and writing (off)" },
};

static void print_help(void)
{
    const char *rule, *reason;

    printf("-dtb-machine keys (with FILE -, standard output):\n");
    for (unsigned i = 0; i < ARRAY_SIZE(option_help); i++) {
        printf("  %-30s  %s\n", option_help[i].key, option_help[i].text);
    }
    printf("\nRules for the guest's tree (all: every one of them):\n");
    for (unsigned i = 0; (rule = fdt_guest_rule(i, &reason)); i++) {
        printf("  %-30s  %s\n", rule, reason);
    }
}

void fdt_machine_option(const char *optarg)
{
    Visitor *v;

    if (is_help_option(optarg)) {
        print_help();
        exit(EXIT_SUCCESS);
    }
    if (fdt_machine.options) {
        error_report("-dtb-machine can be given only once");
        exit(EXIT_FAILURE);
    }

    v = qobject_input_visitor_new_str(optarg, "file", &error_fatal);
    visit_type_FdtMachineOptions(v, NULL, &fdt_machine.options, &error_fatal);
    visit_free(v);
}

bool fdt_machine_requested(void)
{
    return fdt_machine.options;
}

QDict *fdt_machine_report(void)
{
    g_autoptr(GString) json = NULL;
    QDict *report;

    if (!fdt_machine.report) {
        return NULL;
    }
    json = qobject_to_json(QOBJECT(fdt_machine.report));
    report = qobject_to(QDict, qobject_from_json(json->str, &error_abort));
    if (fdt_machine.plan) {
        fdt_follow_user_changes(report, NULL);
    }
    return report;
}

/*
 * Before the machine is created
 */

static GStrv strv_from_list(const strList *list)
{
    GPtrArray *array = g_ptr_array_new();

    for (; list; list = list->next) {
        g_ptr_array_add(array, g_strdup(list->value));
    }
    g_ptr_array_add(array, NULL);
    return (GStrv)g_ptr_array_free(array, false);
}

static bool resolve_omitted(FdtMachine *m, Error **errp)
{
    m->omit = strv_from_list(m->options->omit);

    for (char **path = m->omit; *path; path++) {
        const FdtNode *node = fdt_tree_find(m->tree, *path);

        if (!node) {
            error_setg(errp, "%s: omit=%s: the tree has no such node",
                       m->options->file, *path);
            return false;
        }
        if (!node->parent) {
            error_setg(errp, "%s: omit=%s: the root cannot be left out",
                       m->options->file, *path);
            return false;
        }
        g_free(*path);
        *path = g_strdup(node->path);
    }
    return true;
}

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

/* -smp is not there yet at all, or left to us the number of CPUs */
static void imply_cpus(const FdtMachine *m, QDict *machine_opts)
{
    g_autofree char *cpus = g_strdup_printf("%u", m->num_cpus);
    QDict *smp;

    if (!m->num_cpus || qdict_haskey(machine_opts, "smp")) {
        return;
    }
    smp = qdict_new();
    qdict_put_str(smp, "cpus", cpus);
    qdict_put(machine_opts, "smp", smp);
}

/* Later than here, it is the plan's first command */
static void imply_page_bits(const FdtMachine *m, QDict *machine_opts)
{
    g_autofree char *bits = g_strdup_printf("%u", fdt_tree_page_bits(m->tree));

    if (!qdict_haskey(machine_opts, "minimum-page-bits")) {
        qdict_put_str(machine_opts, "minimum-page-bits", bits);
    }
}

static bool load_tree(FdtMachine *m, Error **errp)
{
    g_auto(GStrv) overlays = strv_from_list(m->options->overlays);
    g_autoptr(GPtrArray) cpus = NULL;

    m->tree = fdt_tree_load(m->options->file, overlays, errp);
    if (!m->tree) {
        return false;
    }
    cpus = fdt_tree_cpus(m->tree);
    m->num_cpus = cpus->len;
    trace_fdt_machine_tree(m->options->file, m->num_cpus,
                           fdt_tree_page_bits(m->tree));
    return true;
}

bool fdt_machine_early(QDict *machine_opts, const char *mem_path,
                       Error **errp)
{
    FdtMachine *m = &fdt_machine;

    m->mem_path = mem_path;
    if (!m->options) {
        return true;
    }
    if (!imply_machine_none(machine_opts, errp) || !load_tree(m, errp) ||
        !resolve_omitted(m, errp)) {
        return false;
    }
    m->guest_rules = strv_from_list(m->options->guest_rules);
    imply_cpus(m, machine_opts);
    imply_page_bits(m, machine_opts);
    m->backends = fdt_backends_note_models();
    return true;
}

/*
 * Before the machine's init function
 */

static bool check_cpus(const FdtMachine *m, const MachineState *machine,
                       Error **errp)
{
    if (m->num_cpus && machine->smp.cpus > m->num_cpus) {
        error_setg(errp, "%s: /cpus: -smp asks for %u CPUs, the tree has %u",
                   m->options->file, machine->smp.cpus, m->num_cpus);
        return false;
    }
    return true;
}

/* What the machine says now; NULL if it says nothing, or the empty string */
static const char *boot_property(FdtBootProperty i)
{
    const char *value = *(char **)((char *)current_machine +
                                   boot_properties[i].offset);

    return value && *value ? value : NULL;
}

static void free_boot(char **boot)
{
    for (int i = 0; i < BOOT__MAX; i++) {
        g_clear_pointer(&boot[i], g_free);
    }
}

static void note_boot(FdtMachine *m)
{
    for (int i = 0; i < BOOT__MAX; i++) {
        m->boot[i] = g_strdup(boot_property(i));
    }
}

static bool note_memory(FdtMachine *m, const MachineState *machine,
                        Error **errp)
{
    HostMemoryBackend *memdev = machine->memdev;

    m->ram_size = machine->ram_size;
    if (memdev) {
        m->ram_size = object_property_get_uint(OBJECT(memdev), "size",
                                               &error_abort);
        if (!fdt_backends_add_memdev(m->backends, m->options->file, memdev,
                                     errp)) {
            return false;
        }
    }
    return fdt_backends_add_memory(m->backends, m->options->file,
                                   m->options->memory_backends, errp);
}

static bool note_machine(FdtMachine *m, const MachineState *machine,
                         Error **errp)
{
    if (!check_cpus(m, machine, errp) || !note_memory(m, machine, errp)) {
        return false;
    }
    m->cpus = machine->smp.cpus;
    m->cpu_type = g_strdup(machine->cpu_type);
    note_boot(m);
    trace_fdt_machine_taken(m->ram_size, m->cpus, m->cpu_type ?: "(tree)",
                            m->boot[BOOT_KERNEL] ?: "(none)",
                            m->boot[BOOT_FIRMWARE] ?: "(none)");
    return true;
}

/* RAM and CPUs that the machine would have by itself are the plan's now */
static void take_over(MachineState *machine)
{
    machine->ram_size = machine->maxram_size = 0;
    machine->cpu_type = NULL;
    object_property_set_link(OBJECT(machine), "memory-backend", NULL,
                             &error_abort);
}

bool fdt_machine_prepare(Error **errp)
{
    FdtMachine *m = &fdt_machine;

    if (!m->options || m->late) {
        return true;
    }
    if (!note_machine(m, current_machine, errp)) {
        return false;
    }
    take_over(current_machine);
    return true;
}

/*
 * After it
 */

static bool has_type(const char *type)
{
    ObjectClass *class = module_object_class_by_name(type);

    return class && !object_class_is_abstract(class);
}

static bool id_taken(const char *id)
{
    if (fdt_machine.retired && g_hash_table_contains(fdt_machine.retired, id)) {
        return true;
    }
    if (fdt_machine.own_ids && g_hash_table_contains(fdt_machine.own_ids, id)) {
        return false;
    }
    return qemu_opts_find(qemu_find_opts("device"), id) ||
        object_resolve_path_component(object_get_objects_root(), id) ||
        object_resolve_path_component(machine_get_container("peripheral"), id);
}

/* Of devices that the user has added, not those of the tree */
static const char *device_type(const char *id)
{
    GHashTable *own = fdt_machine.own_ids;
    Object *dev = object_resolve_path_component(
        machine_get_container("peripheral"), id);

    return dev && !(own && g_hash_table_contains(own, id))
        ? object_get_typename(dev) : NULL;
}

/* The first -audiodev, else the default one, which -nodefaults takes away */
static const char *audiodev(void)
{
    g_autoptr(AudiodevList) list = qmp_query_audiodevs(NULL);

    if (list) {
        /* the list is a copy, and ids are unique as long as QEMU runs */
        return g_intern_string(list->value->id);
    }
    return audio_get_default_audio_state(NULL) ? "" : NULL;
}

static FdtPlan *make_plan(FdtMachine *m, Error **errp)
{
    const char *kernel = m->boot[BOOT_KERNEL];
    FdtPlanConfig config = {
        .cpus = m->num_cpus ? m->cpus : 0,
        .page_bits = object_property_get_uint(OBJECT(current_machine),
                                              "minimum-page-bits",
                                              &error_abort),
        .ram_size = m->ram_size,
        .mem_path = m->mem_path,
        .cpu_type = m->cpu_type,
        .kernel = kernel,
        .aarch32 = kernel && fdt_kernel_is_zimage(kernel),
        .initrd = m->boot[BOOT_INITRD],
        .append = m->boot[BOOT_APPEND],
        .firmware = m->boot[BOOT_FIRMWARE],
        .dtb = m->boot[BOOT_DTB],
        .unmatched = unmatched_modes[m->options->unmatched],
        .strict = m->options->strict,
        .omit = m->omit,
        .virtio = m->options->virtio,
        .audiodev = audiodev,
        .guest_rules = m->guest_rules,
        .has_type = has_type,
        .id_taken = id_taken,
        .device_type = device_type,
    };
    int64_t start = g_get_monotonic_time();
    FdtPlan *plan;

    fdt_backends_collect(m->backends, &config);
    plan = fdt_plan_new(m->tree, &config, errp);
    fdt_backends_release(m->backends, plan);
    if (plan) {
        trace_fdt_machine_plan(m->options->file, fdt_plan_num_steps(plan),
                               g_get_monotonic_time() - start);
    }
    return plan;
}

static bool is_stdout(const char *filename)
{
    return filename && !strcmp(filename, "-");
}

/* Also for devices and pipes, so nothing is renamed into place */
static bool write_file(const char *key, const char *filename,
                       const char *text, Error **errp)
{
    FILE *file = is_stdout(filename) ? stdout : fopen(filename, "w");
    bool ok;
    int saved_errno;

    if (!file) {
        error_setg_errno(errp, errno, "-dtb-machine: %s: cannot open '%s'",
                         key, filename);
        return false;
    }
    ok = fputs(text, file) >= 0 && fflush(file) == 0;
    saved_errno = errno;
    if (file != stdout && fclose(file) != 0 && ok) {
        ok = false;
        saved_errno = errno;
    }
    if (!ok) {
        error_setg_errno(errp, saved_errno,
                         "-dtb-machine: %s: cannot write '%s'", key, filename);
    }
    return ok;
}

static bool write_files(const FdtMachine *m, const FdtPlan *plan, Error **errp)
{
    if (m->options->dump_qmp) {
        g_autofree char *commands = fdt_plan_to_qmp(plan);

        if (!write_file("dump-qmp", m->options->dump_qmp, commands, errp)) {
            return false;
        }
    }
    if (m->options->report) {
        g_autoptr(GString) json =
            qobject_to_json_pretty(QOBJECT(m->report), true);

        g_string_append_c(json, '\n');
        if (!write_file("report", m->options->report, json->str, errp)) {
            return false;
        }
    }
    return true;
}

static void trace_nodes(const QDict *report)
{
    const QListEntry *entry;

    if (!trace_event_get_state_backends(TRACE_FDT_MACHINE_NODE)) {
        return;
    }
    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), entry) {
        const QDict *node = qobject_to(QDict, qlist_entry_obj(entry));

        trace_fdt_machine_node(qdict_get_str(node, "path"),
                               qdict_get_str(node, "verdict"),
                               qdict_get_try_str(node, "driver") ?: "",
                               qdict_get_try_str(node, "reason") ?: "");
    }
}

/* QEMU itself complains about NICs and drives that stay over */
static void warn_unmatched(const FdtMachine *m)
{
    const QListEntry *entry;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(m->report, "backends"), entry) {
        const QDict *backend = qobject_to(QDict, qlist_entry_obj(entry));

        if (!qdict_haskey(backend, "path") &&
            !strcmp(qdict_get_str(backend, "kind"), "serial")) {
            warn_report("%s: no node takes -serial '%s'", m->options->file,
                        qdict_get_str(backend, "id"));
        }
    }
}

/* As many findings as leave the rest of a screen to the others */
#define MAX_WARNINGS    8

static void warn_finding(const FdtMachine *m, const QDict *finding)
{
    const char *property = qdict_get_try_str(finding, "property");

    warn_report("%s: %s: %s%s%s", m->options->file,
                qdict_get_str(finding, "path"), property ?: "",
                property ? ": " : "", qdict_get_str(finding, "text"));
}

static void warn_findings(const FdtMachine *m)
{
    const QList *findings = qdict_get_qlist(m->report, "findings");
    size_t num = qlist_size(findings), count = 0;
    const QListEntry *entry;

    QLIST_FOREACH_ENTRY(findings, entry) {
        if (count++ < MAX_WARNINGS) {
            warn_finding(m, qobject_to(QDict, qlist_entry_obj(entry)));
        }
    }
    if (num > MAX_WARNINGS) {
        warn_report("%s: %zu more findings: the report has them, and "
                    "query-fdt-machine", m->options->file,
                    num - MAX_WARNINGS);
    }
}

static void print_summary(const FdtMachine *m)
{
    unsigned counts[FDT_MACHINE_VERDICT__MAX] = { 0 };
    const QListEntry *entry;

    if (is_stdout(m->options->dump_qmp) || is_stdout(m->options->report)) {
        return;
    }
    QLIST_FOREACH_ENTRY(qdict_get_qlist(m->report, "nodes"), entry) {
        const QDict *node = qobject_to(QDict, qlist_entry_obj(entry));
        int verdict = qapi_enum_parse(&FdtMachineVerdict_lookup,
                                      qdict_get_str(node, "verdict"), -1,
                                      NULL);

        if (verdict >= 0) {
            counts[verdict]++;
        }
    }
    printf("%s: %s\n", m->options->file,
           qdict_get_try_str(m->report, "model") ?: "no model");
    for (int i = 0; i < FDT_MACHINE_VERDICT__MAX; i++) {
        printf("  %5u %s\n", counts[i], FdtMachineVerdict_str(i));
    }
    printf("  %5" PRId64 " commands\n", qdict_get_int(m->report, "commands"));
}

static void free_taken(FdtMachine *m)
{
    g_clear_pointer(&m->tree, fdt_tree_free);
    g_clear_pointer(&m->omit, g_strfreev);
    g_clear_pointer(&m->guest_rules, g_strfreev);
    g_clear_pointer(&m->backends, fdt_backends_free);
    g_clear_pointer(&m->cpu_type, g_free);
    free_boot(m->boot);
}

/* An empty set of ids for NULL */
static GHashTable *copy_ids(GHashTable *ids)
{
    GHashTable *copy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                             NULL);
    GHashTableIter iter;
    gpointer id;

    if (ids) {
        g_hash_table_iter_init(&iter, ids);
        while (g_hash_table_iter_next(&iter, &id, NULL)) {
            g_hash_table_add(copy, g_strdup(id));
        }
    }
    return copy;
}

static void note_ids(FdtMachine *m, const FdtPlan *plan)
{
    m->own_ids = m->own_ids ?: copy_ids(NULL);
    for (unsigned i = 0; i < fdt_plan_num_steps(plan); i++) {
        const QDict *args = qdict_get_qdict(fdt_plan_command(plan, i),
                                            "arguments");
        const char *id = qdict_get_try_str(args, "id");

        if (id) {
            g_hash_table_add(m->own_ids, g_strdup(id));
        }
    }
}

static bool execute(FdtMachine *m, FdtPlan *plan, const QList *undo,
                    const bool *skip, Error **errp)
{
    int64_t start = g_get_monotonic_time();

    note_ids(m, plan);
    m->failed = !fdt_machine_execute(plan, m->options->file, undo, skip, errp);
    if (m->failed) {
        return false;
    }
    trace_fdt_machine_done(m->options->file, fdt_plan_num_steps(plan),
                           g_get_monotonic_time() - start);
    return true;
}

static bool check_whole(const FdtMachine *m, Error **errp)
{
    if (m->failed) {
        error_setg(errp, "the machine is half built, as a load has failed");
    }
    return !m->failed;
}

/* Bring the machine from the plan that it has to another one; takes @plan */
static bool carry_out(FdtMachine *m, FdtPlan *plan, Error **errp)
{
    g_autofree bool *skip = g_new0(bool, fdt_plan_num_steps(plan));
    g_autoptr(QList) undo = fdt_replan(m->plan, plan, skip, errp);

    if (!undo || !execute(m, plan, undo, skip, errp)) {
        fdt_plan_free(plan);
        return false;
    }
    fdt_plan_free(m->plan);
    m->plan = plan;
    return true;
}

bool fdt_machine_load(Error **errp)
{
    FdtMachine *m = &fdt_machine;
    g_autoptr(FdtPlan) plan = NULL;

    if (!m->options || m->late) {
        return true;
    }
    plan = make_plan(m, errp);
    if (!plan) {
        return false;
    }
    m->report = fdt_plan_report(plan);
    trace_nodes(m->report);
    if (!write_files(m, plan, errp)) {
        return false;
    }
    warn_unmatched(m);
    warn_findings(m);
    if (m->options->dry_run) {
        print_summary(m);
        exit(EXIT_SUCCESS);
    }
    return carry_out(m, g_steal_pointer(&plan), errp);
}

/*
 * From one plan to the next
 */

/* Ids of what is of no effect now are not given to something else */
static FdtPlan *make_next_plan(FdtMachine *m, Error **errp)
{
    FdtPlan *plan = make_plan(m, errp);

    while (plan && fdt_replan_retire(m->plan, plan, m->retired)) {
        fdt_plan_free(plan);
        plan = make_plan(m, errp);
    }
    return plan;
}

/* The machine gets what @plan has more; takes it */
static bool carry_on(FdtMachine *m, FdtPlan *plan, Error **errp)
{
    if (!carry_out(m, plan, errp)) {
        return false;
    }
    qobject_unref(m->report);
    m->report = fdt_plan_report(m->plan);
    trace_nodes(m->report);
    return true;
}

/*
 * When the machine is about to be complete
 */

bool fdt_machine_check_boot(Error **errp)
{
    FdtMachine *m = &fdt_machine;
    bool boots = boot_property(BOOT_KERNEL) || boot_property(BOOT_FIRMWARE);

    if (!MACHINE_GET_CLASS(current_machine)->any_device) {
        return true;
    }
    if (current_machine->shim_filename && *current_machine->shim_filename) {
        error_setg(errp, "nothing on the machine 'none' takes a 'shim'");
        return false;
    }
    for (int i = 0; i < BOOT__MAX; i++) {
        const char *name = boot_properties[i].name;

        if (!boot_property(i)) {
            continue;
        }
        if (!m->options) {
            error_setg(errp, "'%s' of the machine 'none' is for what a tree "
                       "describes, and no tree was loaded: load one, or add "
                       "a boot device, or a 'loader', that names the file",
                       name);
            return false;
        }
        if (!boots && (i == BOOT_INITRD || i == BOOT_APPEND)) {
            error_setg(errp, "%s: '%s' is set, but neither 'kernel' nor "
                       "'firmware'", m->options->file, name);
            return false;
        }
    }
    return true;
}

static bool boot_has_changed(const FdtMachine *m)
{
    for (int i = 0; i < BOOT__MAX; i++) {
        if (g_strcmp0(m->boot[i], boot_property(i))) {
            return true;
        }
    }
    return false;
}

/* What boots was set after the tree was loaded: the plan depends on it */
static bool replan_boot(FdtMachine *m, Error **errp)
{
    ERRP_GUARD();
    char *before[BOOT__MAX];
    FdtPlan *plan;

    if (!m->plan || !boot_has_changed(m)) {
        return true;
    }
    memcpy(before, m->boot, sizeof(before));
    note_boot(m);
    m->retired = m->retired ?: copy_ids(NULL);
    plan = make_next_plan(m, errp);
    if (!plan || !carry_on(m, plan, errp)) {
        error_prepend(errp, "with what was set to boot after the tree was "
                      "loaded: ");
        free_boot(m->boot);
        memcpy(m->boot, before, sizeof(before));
        return false;
    }
    free_boot(before);
    return true;
}

/* The tree as it was planned, unless the user has changed the machine since */
static bool update_boot_tree(FdtMachine *m, QDict *command, Error **errp)
{
    QDict *args = qdict_get_qdict(command, "arguments");
    unsigned before = fdt_plan_num_edits(m->plan);
    g_autoptr(GByteArray) blob = NULL;
    g_autofree char *text = NULL;

    fdt_follow_user_changes(m->report, m->plan);
    if (!qdict_haskey(args, "dtb-data") ||
        fdt_plan_num_edits(m->plan) == before) {
        return true;
    }
    blob = fdt_tree_flatten(fdt_plan_guest_tree(m->plan), FDT_BOOT_PADDING,
                            errp);
    if (!blob) {
        return false;
    }
    text = g_base64_encode(blob->data, blob->len);
    qdict_put_str(args, "dtb-data", text);
    return true;
}

/* NULL if the plan has none */
static QDict *boot_command(const FdtPlan *plan)
{
    for (unsigned i = 0; plan && i < fdt_plan_num_steps(plan); i++) {
        if (fdt_step_boots(plan, i)) {
            return fdt_plan_command(plan, i);
        }
    }
    return NULL;
}

bool fdt_machine_will_boot(void)
{
    return !fdt_machine.finishing && boot_command(fdt_machine.plan);
}

/* A user's device may have got the id since the plan was made */
static void choose_boot_id(QDict *command)
{
    QDict *args = qdict_get_qdict(command, "arguments");
    g_autofree char *first = g_strdup(qdict_get_str(args, "id"));
    g_autofree char *id = g_strdup(first);

    for (unsigned i = 1; object_resolve_path_component(
             machine_get_container("peripheral"), id); i++) {
        g_free(id);
        id = g_strdup_printf("%s-%u", first, i);
    }
    qdict_put_str(args, "id", id);
}

/* The last command of the plan; if it is refused, nothing has happened */
static bool add_boot_device(FdtMachine *m, QDict *command, Error **errp)
{
    unsigned num_steps = fdt_plan_num_steps(m->plan);
    g_autofree bool *skip = g_new0(bool, num_steps);
    bool ok;

    if (!update_boot_tree(m, command, errp)) {
        return false;
    }
    choose_boot_id(command);
    for (unsigned i = 0; i < num_steps; i++) {
        skip[i] = !fdt_step_boots(m->plan, i);
    }
    m->finishing = true;
    ok = fdt_machine_execute(m->plan, m->options->file, NULL, skip, errp);
    m->finishing = false;
    return ok;
}

bool fdt_machine_finish(Error **errp)
{
    FdtMachine *m = &fdt_machine;
    QDict *command;

    if (!MACHINE_GET_CLASS(current_machine)->any_device) {
        return true;
    }
    if (!check_whole(m, errp) || !replan_boot(m, errp)) {
        return false;
    }
    command = boot_command(m->plan);
    if (command && !add_boot_device(m, command, errp)) {
        return false;
    }
    if (m->plan && !command) {
        fdt_follow_user_changes(m->report, m->plan);
    }
    g_clear_pointer(&m->plan, fdt_plan_free);
    g_clear_pointer(&m->own_ids, g_hash_table_unref);
    g_clear_pointer(&m->retired, g_hash_table_unref);
    free_taken(m);
    return true;
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

/* As if there had been no load */
static void end_late(FdtMachine *m)
{
    g_clear_pointer(&m->options, qapi_free_FdtMachineOptions);
    free_taken(m);
    m->late = false;
}

/* What the command line would have given before the board was initialised */
static bool begin_late(FdtMachine *m, const char *file, Error **errp)
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
    m->options = g_new0(FdtMachineOptions, 1);
    m->options->file = g_strdup(file);
    m->late = true;
    m->backends = fdt_backends_note_models();
    if (!note_machine(m, current_machine, errp)) {
        end_late(m);
        return false;
    }
    return true;
}

/* Options of the load that is to come, all those before included */
static FdtMachineOptions *more_options(const FdtMachine *m, const char *file,
                                       const strList *overlays,
                                       const strList *omit)
{
    FdtMachineOptions *options = QAPI_CLONE(FdtMachineOptions, m->options);
    strList further = { .value = (char *)file };

    if (m->plan && file) {
        append_strings(&options->overlays, &further);
    }
    append_strings(&options->overlays, overlays);
    append_strings(&options->omit, omit);
    options->has_overlays = options->overlays;
    options->has_omit = options->omit;
    return options;
}

static bool load_late(FdtMachine *m, const FdtMachineMemoryBackendList *memory,
                      Error **errp)
{
    g_autoptr(FdtPlan) plan = NULL;

    if (!load_tree(m, errp) || !resolve_omitted(m, errp) ||
        !fdt_backends_add_memory(m->backends, m->options->file, memory,
                                 errp)) {
        return false;
    }
    m->cpus = MIN(current_machine->smp.cpus, m->num_cpus);
    plan = make_next_plan(m, errp);
    if (!plan) {
        return false;
    }
    /* The plan's first device initialises the board */
    if (!phase_check(PHASE_MACHINE_INITIALIZED)) {
        take_over(current_machine);
    }
    return carry_on(m, g_steal_pointer(&plan), errp);
}

void qmp_fdt_machine_load(const char *file, bool has_overlays,
                          strList *overlays, bool has_omit, strList *omit,
                          bool has_strict, bool strict,
                          bool has_memory_backends,
                          FdtMachineMemoryBackendList *memory_backends,
                          Error **errp)
{
    FdtMachine *m = &fdt_machine;
    FdtMachine before;
    unsigned num_memory;

    if (!qdev_cold_plug_check("fdt-machine-load", errp) ||
        !check_whole(m, errp)) {
        return;
    }
    if (!m->options && !begin_late(m, file, errp)) {
        return;
    }
    before = *m;
    num_memory = fdt_backends_num_memory(m->backends);
    m->options = more_options(m, file, overlays, omit);
    m->options->strict = has_strict ? strict : m->options->strict;
    m->tree = NULL;
    m->omit = NULL;
    m->retired = copy_ids(before.retired);
    if (load_late(m, memory_backends, errp)) {
        fdt_tree_free(before.tree);
        g_clear_pointer(&before.retired, g_hash_table_unref);
        g_strfreev(before.omit);
        qapi_free_FdtMachineOptions(before.options);
        return;
    }
    /* Nothing has happened, or the machine is of no more use */
    g_clear_pointer(&m->tree, fdt_tree_free);
    g_strfreev(m->omit);
    qapi_free_FdtMachineOptions(m->options);
    g_hash_table_unref(m->retired);
    fdt_backends_cut_memory(m->backends, num_memory);
    m->retired = before.retired;
    m->options = before.options;
    m->tree = before.tree;
    m->omit = before.omit;
    m->num_cpus = before.num_cpus;
    m->cpus = before.cpus;
    if (!m->plan) {
        end_late(m);
    }
}

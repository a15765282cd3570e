/*
 * What the planner knows: of the whole tree, of a node, of the lines of an
 * interrupt controller
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "../bindings/tables.h"
#include "state.h"

/*
 * The planner
 */

FdtTree *fdt_planner_tree(const FdtPlanner *planner)
{
    return planner->tree;
}

const FdtPlanConfig *fdt_planner_config(const FdtPlanner *planner)
{
    return planner->config;
}

unsigned fdt_planner_num_cpus(const FdtPlanner *planner)
{
    return planner->cpu_nodes->len;
}

FdtDevice *fdt_planner_cpu(const FdtPlanner *planner, unsigned i)
{
    return i < planner->cpus->len ? g_ptr_array_index(planner->cpus, i) : NULL;
}

/* The row of the type that the CPU has, which -cpu may have changed */
const FdtCpuRole *fdt_device_cpu_role(const FdtDevice *cpu)
{
    static const FdtCpuRole unknown = { .arch = FDT_CPU_UNKNOWN };
    const FdtBinding *own = cpu->binding;

    if (own->cpu && own->type && g_str_equal(own->type, cpu->type)) {
        return own->cpu;
    }
    for (int t = 0; fdt_binding_tables[t]; t++) {
        for (const FdtBinding *b = fdt_binding_tables[t]; b->compatible; b++) {
            if (b->cpu && g_str_equal(b->type, cpu->type)) {
                return b->cpu;
            }
        }
    }
    return &unknown;
}

FdtCpuArch fdt_planner_cpu_arch(const FdtPlanner *planner)
{
    return fdt_device_cpu_role(fdt_planner_cpu(planner, 0))->arch;
}

bool fdt_device_is_arm_cpu(const FdtDevice *cpu)
{
    return cpu->type && g_str_has_suffix(cpu->type, "-arm-cpu");
}

bool fdt_cpu_arch_is_32bit(FdtCpuArch arch)
{
    return arch >= FDT_CPU_ARMV5 && arch <= FDT_CPU_ARMV7;
}

bool fdt_planner_is_32bit(const FdtPlanner *planner)
{
    return fdt_cpu_arch_is_32bit(fdt_planner_cpu_arch(planner)) ||
           planner->config->aarch32;
}

int fdt_planner_cpu_index(const FdtPlanner *planner, const FdtNode *cpu)
{
    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        if (g_ptr_array_index(planner->cpu_nodes, i) == cpu) {
            return i;
        }
    }
    return -1;
}

const char *fdt_planner_psci(const FdtPlanner *planner)
{
    return planner->boot.psci;
}

FdtDevice *fdt_planner_device(const FdtPlanner *planner, const FdtNode *node)
{
    return node ? fdt_node_info(node)->device : NULL;
}

const char *fdt_planner_audiodev(const FdtPlanner *planner)
{
    const FdtPlanConfig *config = planner->config;

    return config->audiodev ? config->audiodev(config->opaque) : "";
}

bool fdt_planner_has_type(const FdtPlanner *planner, const char *type)
{
    const FdtPlanConfig *config = planner->config;

    return !config->has_type || config->has_type(type, config->opaque);
}

bool fdt_planner_is_a(const FdtPlanner *planner, const char *type,
                      const char *base, bool unknown)
{
    const FdtPlanConfig *config = planner->config;

    return config->is_a ? config->is_a(type, base, config->opaque) : unknown;
}

const char *fdt_planner_property_type(const FdtPlanner *planner,
                                      const char *type, const char *name)
{
    const FdtPlanConfig *config = planner->config;

    return config->property_type
           ? config->property_type(type, name, config->opaque) : "";
}

uint64_t fdt_planner_ram_size(const FdtPlanner *planner)
{
    uint64_t size = 0;

    for (unsigned i = 0; i < planner->banks->len; i++) {
        size += g_array_index(planner->banks, FdtBank, i).size;
    }
    return size;
}

FdtNode *fdt_planner_find_compatible(const FdtPlanner *planner,
                                     const char *compatible)
{
    return fdt_planner_next_compatible(planner, NULL, compatible);
}

FdtNode *fdt_planner_next_compatible(const FdtPlanner *planner,
                                     const FdtNode *node,
                                     const char *compatible)
{
    FdtNode *next = node ? fdt_node_next(node) : fdt_tree_root(planner->tree);

    for (; next; next = fdt_node_next(next)) {
        if (fdt_node_is_compatible(next, compatible) &&
            fdt_node_available(next) && !fdt_node_is_user_binding(next)) {
            return next;
        }
    }
    return NULL;
}

const FdtDriveConfig *fdt_planner_take_drive(FdtPlanner *planner,
                                             const FdtNode *node,
                                             const char *interface)
{
    g_hash_table_add(planner->interfaces, (gpointer)interface);
    for (unsigned i = 0; i < planner->config->num_drives; i++) {
        const FdtDriveConfig *drive = &planner->config->drives[i];

        if (!planner->drive_used[i] && g_str_equal(drive->interface,
                                                   interface)) {
            planner->drive_used[i] = true;
            fdt_planner_note_backend(planner, "drive", drive->id, node);
            return drive;
        }
    }
    return NULL;
}

const FdtNicConfig *fdt_planner_take_nic(FdtPlanner *planner,
                                         const FdtNode *node)
{
    for (unsigned i = 0; i < planner->config->num_nics; i++) {
        const FdtNicConfig *nic = &planner->config->nics[i];

        if (!planner->nic_used[i] && !nic->virtio) {
            planner->nic_used[i] = true;
            fdt_planner_note_backend(planner, "nic", nic->netdev, node);
            return nic;
        }
    }
    return NULL;
}

FdtBoot *fdt_planner_boot(FdtPlanner *planner)
{
    return &planner->boot;
}

FdtFindings *fdt_planner_findings(const FdtPlanner *planner)
{
    return planner->plan->findings;
}

void fdt_planner_note(FdtPlanner *planner, const FdtNode *node,
                      const char *fmt, ...)
{
    FdtNodeInfo *info = fdt_node_info(node);
    g_autofree char *old = info->reason;
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    info->reason = old ? g_strdup_printf("%s; %s", old, text)
                       : g_strdup(text);
}

void fdt_planner_warn(FdtPlanner *planner, const FdtNode *node,
                      const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    g_ptr_array_add(planner->warnings, g_strdup_printf(
        "%s: %s: %s", fdt_tree_filename(node->tree), node->path, text));
}

void fdt_planner_tell_guest(const FdtNode *node, const char *name,
                            uint32_t value)
{
    FdtNodeInfo *info = fdt_node_info(node);
    FdtGuestProp prop = { .name = name, .value = value };

    if (!info->guest_props) {
        info->guest_props = g_array_new(false, false, sizeof(FdtGuestProp));
    }
    g_array_append_val(info->guest_props, prop);
}

/*
 * Nodes
 */

FdtNodeInfo *fdt_node_info(const FdtNode *node)
{
    return node->opaque;
}

void fdt_info_set_verdict(FdtNodeInfo *info, FdtVerdict verdict,
                          const char *reason, ...)
{
    va_list ap;

    info->verdict = verdict;
    if (reason) {
        g_free(info->reason);
        va_start(ap, reason);
        info->reason = g_strdup_vprintf(reason, ap);
        va_end(ap);
    }
}

GArray *fdt_info_regs(FdtNodeInfo *info, Error **errp)
{
    if (!info->regs) {
        info->regs = fdt_node_regs(info->node, errp);
    }
    return info->regs;
}

/*
 * On to the controller that a running system sees: those that wake it up, for
 * one, hand the lines on (FdtIntcRole.forwards)
 */
void fdt_interrupt_forward(FdtInterrupt *interrupt)
{
    for (int i = 0; interrupt->controller && i < FDT_MAX_DEPTH; i++) {
        const FdtBinding *b = fdt_node_info(interrupt->controller)->binding;
        FdtNode *parent;

        if (!b || !b->intc || !b->intc->forwards) {
            return;
        }
        parent = fdt_node_interrupt_parent(interrupt->controller, NULL);
        if (!parent || (b->intc->forward && !b->intc->forward(interrupt))) {
            return;
        }
        interrupt->controller = parent;
    }
}

GArray *fdt_info_interrupts(FdtNodeInfo *info, Error **errp)
{
    if (!info->interrupts) {
        info->interrupts = fdt_node_interrupts(info->node, NULL, errp);
        for (unsigned i = 0; info->interrupts && i < info->interrupts->len;
             i++) {
            fdt_interrupt_forward(&g_array_index(info->interrupts,
                                                 FdtInterrupt, i));
        }
    }
    return info->interrupts;
}

static void info_free(gpointer data)
{
    FdtNodeInfo *info = data;

    ((FdtNode *)info->node)->opaque = NULL;
    g_free(info->reason);
    if (info->regs) {
        g_array_unref(info->regs);
    }
    if (info->interrupts) {
        g_array_unref(info->interrupts);
    }
    if (info->guest_props) {
        g_array_unref(info->guest_props);
    }
    g_free(info);
}

FdtNodeInfo *fdt_planner_attach(FdtPlanner *planner, FdtNode *node)
{
    FdtNodeInfo *info = g_new0(FdtNodeInfo, 1);

    info->node = node;
    node->opaque = info;
    g_ptr_array_add(planner->infos, info);
    return info;
}

/*
 * Specifiers: the tree has them once, hooks ask for them often
 */

/* All interrupts of the tree, by controller, disabled nodes included */
static void collect_specifiers(const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        GArray *interrupts = fdt_info_interrupts(info, NULL);

        for (unsigned j = 0; interrupts && j < interrupts->len; j++) {
            FdtInterrupt *in = &g_array_index(interrupts, FdtInterrupt, j);
            GArray *list = g_hash_table_lookup(planner->specifiers,
                                               in->controller);

            if (!in->controller) {
                continue;
            }
            if (!list) {
                list = g_array_new(false, false, sizeof(FdtInterrupt));
                g_hash_table_insert(planner->specifiers, in->controller,
                                    list);
            }
            g_array_append_val(list, *in);
        }
    }
}

int64_t fdt_planner_max_specifier(const FdtPlanner *planner,
                                  const FdtNode *controller,
                                  int kind, unsigned cell)
{
    const GArray *list;
    int64_t max = -1;

    if (!g_hash_table_size(planner->specifiers)) {
        collect_specifiers(planner);
    }
    list = g_hash_table_lookup(planner->specifiers, controller);
    for (unsigned i = 0; list && i < list->len; i++) {
        const FdtInterrupt *in = &g_array_index(list, FdtInterrupt, i);

        if (cell < in->num_cells && (kind < 0 || in->cells[0] == kind)) {
            max = MAX(max, (int64_t)in->cells[cell]);
        }
    }
    return max;
}

/*
 * From the beginning to the end of a plan
 */

static void wire_free(gpointer data)
{
    FdtWire *wire = data;

    g_free(wire->source.line);
    g_free(wire->sink.line);
    g_free(wire);
}

static void backend_free(gpointer data)
{
    FdtBackend *backend = data;

    g_free(backend->id);
    g_free(backend->path);
    g_free(backend);
}

static void specifier_free(gpointer data)
{
    FdtSpecifier *specifier = data;

    g_free(specifier->path);
    g_free(specifier->line);
    g_free(specifier->controller);
    g_free(specifier);
}

static FdtPlan *plan_alloc(FdtTree *tree, const FdtPlanConfig *config)
{
    FdtPlan *plan = g_new0(FdtPlan, 1);

    plan->file = g_strdup(fdt_tree_filename(tree));
    plan->findings = fdt_findings_new();
    fdt_findings_append(plan->findings, fdt_tree_findings(tree));
    plan->steps = g_ptr_array_new_with_free_func(
        (GDestroyNotify)fdt_step_unref);
    plan->specifiers = g_ptr_array_new_with_free_func(specifier_free);
    plan->num_nics = config->num_nics;
    plan->num_drives = config->num_drives;
    plan->nic_used = g_new0(bool, config->num_nics + 1);
    plan->drive_used = g_new0(bool, config->num_drives + 1);
    return plan;
}

void fdt_plan_free(FdtPlan *plan)
{
    if (!plan) {
        return;
    }
    g_free(plan->file);
    fdt_findings_free(plan->findings);
    g_ptr_array_unref(plan->steps);
    g_ptr_array_unref(plan->specifiers);
    fdt_journal_free(plan->journal);
    qobject_unref(plan->report);
    g_free(plan->nic_used);
    g_free(plan->drive_used);
    g_free(plan);
}

static void specifiers_free(gpointer data)
{
    g_array_unref(data);
}

static void bank_clear(gpointer data)
{
    g_free(((FdtBank *)data)->memdev);
}

void fdt_planner_init(FdtPlanner *planner, FdtTree *tree,
                         const FdtPlanConfig *config)
{
    *planner = (FdtPlanner) {
        .config = config,
        .given = tree,
        .bindings = fdt_binding_index(),
        .user_bindings = g_hash_table_new(g_str_hash, g_str_equal),
        .user_reads = g_hash_table_new(g_str_hash, g_str_equal),
        .addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                           NULL),
        .ids = g_hash_table_new(g_str_hash, g_str_equal),
        .infos = g_ptr_array_new_with_free_func(info_free),
        .devices = g_ptr_array_new_with_free_func(
            (GDestroyNotify)fdt_device_free),
        .cpus = g_ptr_array_new(),
        .cpu_nodes = g_ptr_array_new(),
        .wires = g_ptr_array_new_with_free_func(wire_free),
        .banks = g_array_new(false, true, sizeof(FdtBank)),
        .ram_links = g_array_new(false, false, sizeof(FdtRamLink)),
        .ram_aliases = g_array_new(false, false, sizeof(FdtRamAlias)),
        .slots = g_array_new(false, false, sizeof(FdtCardSlot)),
        .added = g_ptr_array_new(),
        .interfaces = g_hash_table_new(g_str_hash, g_str_equal),
        .backends = g_ptr_array_new_with_free_func(backend_free),
        .specifiers = g_hash_table_new_full(NULL, NULL, NULL,
                                            specifiers_free),
        .warnings = g_ptr_array_new_with_free_func(g_free),
        .plan = plan_alloc(tree, config),
    };
    planner->journal = planner->plan->journal = fdt_journal_new(tree);
    planner->tree = fdt_journal_tree(planner->journal);
    g_array_set_clear_func(planner->banks, bank_clear);
    g_array_set_clear_func(planner->ram_aliases, fdt_ram_alias_clear);
    planner->nic_used = planner->plan->nic_used;
    planner->drive_used = planner->plan->drive_used;
}

void fdt_planner_clear(FdtPlanner *planner)
{
    g_ptr_array_unref(planner->warnings);
    g_hash_table_unref(planner->specifiers);
    g_ptr_array_unref(planner->backends);
    g_hash_table_unref(planner->interfaces);
    g_ptr_array_unref(planner->added);
    g_array_unref(planner->slots);
    g_array_unref(planner->ram_links);
    g_array_unref(planner->ram_aliases);
    g_array_unref(planner->banks);
    g_clear_pointer(&planner->map_starts, g_array_unref);
    g_ptr_array_unref(planner->wires);
    g_ptr_array_unref(planner->cpu_nodes);
    g_ptr_array_unref(planner->cpus);
    g_hash_table_unref(planner->ids);
    g_ptr_array_unref(planner->devices);
    g_ptr_array_unref(planner->infos);
    g_hash_table_unref(planner->addresses);
    g_hash_table_unref(planner->user_bindings);
    g_hash_table_unref(planner->user_reads);
    g_hash_table_unref(planner->bindings);
    fdt_tree_free(planner->planned);
    fdt_plan_free(planner->plan);
}

/*
 * The planner: tree and bindings in, commands and verdicts out
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "planner-internal.h"

/* Address bits of a page: of ARMv5 and ARMv6, and of all other CPUs */
#define SMALL_PAGE_BITS 10
#define PAGE_BITS       12

/*
 * What hooks ask of the planner
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

bool fdt_planner_is_32bit(const FdtPlanner *planner)
{
    const char *cpu = fdt_planner_cpu(planner, 0)->type;
    static const char *const types[] = {
        "arm926-arm-cpu", "arm1136-arm-cpu", "arm1176-arm-cpu",
        "arm11mpcore-arm-cpu", "cortex-a7-arm-cpu", "cortex-a8-arm-cpu",
        "cortex-a9-arm-cpu", "cortex-a15-arm-cpu",
    };

    for (int i = 0; i < ARRAY_SIZE(types); i++) {
        if (g_str_equal(cpu, types[i])) {
            return true;
        }
    }
    return planner->config->aarch32;
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
    return planner->psci;
}

FdtDevice *fdt_planner_device(const FdtPlanner *planner, const FdtNode *node)
{
    return node ? fdt_node_info(node)->device : NULL;
}

bool fdt_planner_has_type(const FdtPlanner *planner, const char *type)
{
    return !planner->config->has_type || planner->config->has_type(type);
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
            fdt_node_available(next)) {
            return next;
        }
    }
    return NULL;
}

const char *fdt_planner_take_drive(FdtPlanner *planner, const char *interface)
{
    for (unsigned i = 0; i < planner->config->num_drives; i++) {
        const FdtDriveConfig *drive = &planner->config->drives[i];

        if (!planner->drive_used[i] && g_str_equal(drive->interface,
                                                   interface)) {
            planner->drive_used[i] = true;
            return drive->id;
        }
    }
    return NULL;
}

const FdtNicConfig *fdt_planner_take_nic(FdtPlanner *planner)
{
    unsigned i = planner->next_nic;

    if (i >= planner->config->num_nics) {
        return NULL;
    }
    planner->nic_used[i] = true;
    planner->next_nic++;
    return &planner->config->nics[i];
}

FdtBoot *fdt_planner_boot(FdtPlanner *planner)
{
    return &planner->boot;
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

void fdt_planner_tell_guest(const FdtNode *node, const char *name,
                            uint32_t value)
{
    FdtNodeInfo *info = fdt_node_info(node);
    FdtGuestProp prop = { .name = name, .value = value };

    if (!info->told) {
        info->told = g_array_new(false, false, sizeof(FdtGuestProp));
    }
    g_array_append_val(info->told, prop);
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
 * By a table: a line and flags become those of an SPI of the GIC above.  A
 * controller that says itself what its lines are is not that of the table.
 */
static bool pass_line(FdtInterrupt *interrupt, const FdtPassedLine *line)
{
    if (fdt_node_has(interrupt->controller, "interrupts-extended")) {
        return false;
    }
    for (; line->line != UINT32_MAX; line++) {
        if (line->line == interrupt->cells[0] && interrupt->num_cells == 2) {
            interrupt->cells[2] = interrupt->cells[1];
            interrupt->cells[1] = line->spi;
            interrupt->cells[0] = 0;
            interrupt->num_cells = 3;
            return true;
        }
    }
    return false;
}

/* Where the line ends if controllers that pass lines on are left out */
void fdt_interrupt_pass_on(FdtInterrupt *interrupt)
{
    for (int i = 0; i < FDT_MAX_DEPTH; i++) {
        const FdtBinding *b = fdt_node_info(interrupt->controller)->binding;
        FdtNode *parent;

        if (!b || !b->passes_interrupts) {
            return;
        }
        parent = fdt_node_interrupt_parent(interrupt->controller, NULL);
        if (!parent || (b->passed && !pass_line(interrupt, b->passed))) {
            return;
        }
        interrupt->controller = parent;
    }
}

GArray *fdt_info_interrupts(FdtNodeInfo *info, Error **errp)
{
    if (!info->interrupts) {
        info->interrupts = fdt_node_interrupts(info->node, errp);
        for (unsigned i = 0; info->interrupts && i < info->interrupts->len;
             i++) {
            fdt_interrupt_pass_on(&g_array_index(info->interrupts,
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
    if (info->told) {
        g_array_unref(info->told);
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

static void attach_infos(FdtPlanner *planner)
{
    FdtNode *node;

    for (node = fdt_tree_root(planner->tree); node;
         node = fdt_node_next(node)) {
        fdt_planner_attach(planner, node);
    }
}

/*
 * Step 1: which node is bound to what
 */

/*
 * Containers whose children describe no hardware of their own, but for
 * interrupt controllers within CPUs
 */
static bool is_table(const FdtNode *node)
{
    static const char *const tables[] = {
        "/aliases", "/chosen", "/__symbols__", "/__fixups__",
        "/__local_fixups__", "/reserved-memory", "/cpus", "/thermal-zones",
        "/options", "/binman",
    };

    if (fdt_node_has(node, "interrupt-controller")) {
        return false;
    }
    for (int i = 0; i < ARRAY_SIZE(tables); i++) {
        size_t len = strlen(tables[i]);

        if (!strncmp(node->path, tables[i], len) &&
            (node->path[len] == '\0' || node->path[len] == '/')) {
            return true;
        }
    }
    return false;
}

bool fdt_node_is_memory(const FdtNode *node)
{
    const char *type = fdt_node_string(node, "device_type", 0);
    g_autofree char *name = fdt_node_base_name(node);

    return node->parent && !node->parent->parent &&
           ((type && g_str_equal(type, "memory")) ||
            (!type && g_str_equal(name, "memory")));
}

static bool is_omitted(const FdtPlanner *planner, const FdtNode *node)
{
    char *const *omit = planner->config->omit;

    for (; omit && *omit; omit++) {
        size_t len = strlen(*omit);

        if (!strncmp(node->path, *omit, len) &&
            (node->path[len] == '\0' || node->path[len] == '/')) {
            return true;
        }
    }
    return false;
}

/* The audio backend: its id, "" for the default one, NULL if there is none */
static const char *audiodev(const FdtPlanner *planner)
{
    return planner->config->audiodev ? planner->config->audiodev() : "";
}

static bool serves_cpus(const FdtPlanner *planner, const FdtBinding *b)
{
    return !b->max_cpus || planner->cpu_nodes->len <= b->max_cpus;
}

static bool is_usable(const FdtPlanner *planner, const FdtBinding *b)
{
    return (!b->type || fdt_planner_has_type(planner, b->type)) &&
           (!b->audio || audiodev(planner)) && serves_cpus(planner, b);
}

/*
 * First binding in the order of `compatible` that can be used; @unusable: the
 * first that cannot
 */
static const FdtBinding *find_binding(const FdtPlanner *planner,
                                      const FdtNode *node,
                                      const FdtBinding **unusable)
{
    const char *compatible;

    *unusable = NULL;
    for (unsigned i = 0; (compatible = fdt_node_compatible(node, i)); i++) {
        const FdtBinding *b = g_hash_table_lookup(planner->bindings,
                                                  compatible);

        if (b && is_usable(planner, b)) {
            return b;
        }
        if (b && !*unusable) {
            *unusable = b;
        }
    }
    return NULL;
}

static void bind_node(FdtPlanner *planner, FdtNodeInfo *info,
                      const FdtBinding *binding)
{
    info->binding = binding;
    if (!binding->type) {
        fdt_info_set_verdict(info, binding->verdict, "%s",
                             binding->reason ?: "");
        if (!binding->plan && !binding->connect && !binding->finish) {
            return;
        }
    }
    info->device = fdt_device_new(planner, (FdtNode *)info->node,
                                  binding->type, NULL, binding->rank);
    info->device->binding = binding;
    if (binding->type) {
        fdt_info_set_verdict(info, FDT_VERDICT_MODELLED, NULL);
    }
    if (binding->substitute) {
        fdt_info_set_verdict(info, FDT_VERDICT_SUBSTITUTED, "%s",
                             binding->substitute);
    }
}

static bool has_mapped_reg(const GArray *regs)
{
    for (unsigned i = 0; i < regs->len; i++) {
        if (g_array_index(regs, FdtReg, i).mapped) {
            return true;
        }
    }
    return false;
}

/* A message about the node, without the names of file and node before it */
static void note_error(FdtPlanner *planner, const FdtNode *node, Error *err)
{
    g_autofree char *name = g_strdup_printf(": %s: ", node->path);
    const char *text = error_get_pretty(err);
    const char *end = strstr(text, name);

    fdt_planner_note(planner, node, "%s", end ? end + strlen(name) : text);
    error_free(err);
}

/*
 * Where nothing has a model, nothing depends on a faulty reg either: real trees
 * have some that no bus translates
 */
static void match_unknown(FdtPlanner *planner, FdtNodeInfo *info,
                          const FdtBinding *unusable)
{
    const char *compatible = fdt_node_compatible(info->node, 0);
    Error *err = NULL;
    GArray *regs;

    if (!compatible) {
        fdt_info_set_verdict(info, FDT_VERDICT_STRUCTURE, NULL);
        return;
    }
    regs = fdt_info_regs(info, &err);
    if (unusable && !fdt_planner_has_type(planner, unusable->type)) {
        fdt_info_set_verdict(info, FDT_VERDICT_IGNORED,
                             "this binary has no %s", unusable->type);
    } else if (unusable && !serves_cpus(planner, unusable)) {
        fdt_info_set_verdict(info, FDT_VERDICT_IGNORED, "%s serves no more "
                             "than %u CPUs", unusable->type,
                             unusable->max_cpus);
    } else if (unusable) {
        fdt_info_set_verdict(info, FDT_VERDICT_IGNORED, "no audio backend for "
                             "a %s; give one with -audiodev", unusable->type);
    } else {
        fdt_info_set_verdict(info, FDT_VERDICT_IGNORED, "no model of %s",
                             compatible);
    }
    if (!regs) {
        note_error(planner, info->node, err);
    } else if (has_mapped_reg(regs) &&
               planner->config->unmatched != FDT_UNMATCHED_IGNORE) {
        info->verdict = FDT_VERDICT_STUB;
    }
}

static bool below_device(const FdtNode *node)
{
    const FdtNodeInfo *up = node->parent ? fdt_node_info(node->parent) : NULL;

    return up && (up->below_device ||
                  (up->device && !up->binding->needs_children));
}

/* Whether it has registers, and CPUs see none of them, as on an ISA bus */
static bool is_unreachable(FdtNodeInfo *info)
{
    GArray *regs = fdt_info_regs(info, NULL);

    if (!regs || !regs->len || has_mapped_reg(regs)) {
        return false;
    }
    for (unsigned i = 0; i < regs->len; i++) {
        if (!g_array_index(regs, FdtReg, i).size) {
            return false;
        }
    }
    return true;
}

void fdt_planner_match_node(FdtPlanner *planner, FdtNodeInfo *info)
{
    const FdtNode *node = info->node;
    const FdtBinding *binding;
    const FdtBinding *unusable;

    if (info->verdict != FDT_VERDICT_IGNORED) {
        return;    /* a CPU */
    }
    if (is_table(node) || !node->parent) {
        fdt_info_set_verdict(info, FDT_VERDICT_STRUCTURE, NULL);
        return;
    }
    if (is_omitted(planner, node)) {
        info->omitted = true;
        fdt_info_set_verdict(info, FDT_VERDICT_DISABLED,
                             "left out by omit=");
        return;
    }
    if (!fdt_node_available(node)) {
        fdt_info_set_verdict(info, FDT_VERDICT_DISABLED, "status of the node "
                             "or of one above it");
        return;
    }
    if (fdt_node_is_memory(node)) {
        fdt_info_set_verdict(info, FDT_VERDICT_MEMORY, NULL);
        return;
    }
    if (fdt_node_has(node, "qemu,type") || fdt_node_has(node, "qemu,device")) {
        bind_node(planner, info, &fdt_binding_qemu);
        fdt_device_set_type(info->device,
                            fdt_node_string(node, "qemu,type", 0) ?: "");
        return;
    }
    binding = find_binding(planner, node, &unusable);
    info->below_device = below_device(node);
    if (binding && is_unreachable(info)) {
        fdt_info_set_verdict(info, FDT_VERDICT_IGNORED, "no bus translates its "
                             "reg to an address of the CPUs");
        return;
    }
    if (binding) {
        bind_node(planner, info, binding);
        return;
    }
    if (info->below_device) {
        fdt_info_set_verdict(info, FDT_VERDICT_STRUCTURE,
                             "part of the device above it");
        return;
    }
    match_unknown(planner, info, unusable);
}

static void match_nodes(FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        fdt_planner_match_node(planner, g_ptr_array_index(planner->infos, i));
    }
}

/*
 * Step 2: CPUs, the boot CPU first
 */

/*
 * A CPU that no row knows is of the architecture that the tree's other nodes
 * are of: cores appear each year, architectures do not
 */
static const FdtBinding *guess_cpu(FdtPlanner *planner)
{
    static const struct {
        const char *sign, *cpu;
    } signs[] = {
        { "arm,armv8-timer", "arm,armv8" },
        { "arm,gic-v3", "arm,armv8" },
        { "arm,armv7-timer", "arm,cortex-a15" },
    };

    for (int i = 0; i < ARRAY_SIZE(signs); i++) {
        const FdtBinding *b = g_hash_table_lookup(planner->bindings,
                                                  signs[i].cpu);

        if (fdt_planner_find_compatible(planner, signs[i].sign) && b &&
            fdt_planner_has_type(planner, b->type)) {
            return b;
        }
    }
    return NULL;
}

static bool plan_cpu(FdtPlanner *planner, FdtNode *node, Error **errp)
{
    FdtNodeInfo *info = fdt_node_info(node);
    const char *compatible = fdt_node_compatible(node, 0);
    const FdtBinding *unusable;
    const FdtBinding *binding = find_binding(planner, node, &unusable);
    bool known = binding && binding->rank == FDT_RANK_CPU;

    if (!known && !planner->config->cpu_type) {
        binding = guess_cpu(planner);
    }
    if (!binding || binding->rank != FDT_RANK_CPU) {
        if (!planner->config->cpu_type) {
            fdt_error(errp, node, "compatible",
                      "unknown CPU '%s'; choose a type with -cpu",
                      compatible ?: "");
            return false;
        }
        binding = &fdt_binding_any_cpu;
    }
    bind_node(planner, info, binding);
    if (!known) {
        fdt_info_set_verdict(info, FDT_VERDICT_SUBSTITUTED, "QEMU has no %s; "
                             "%s is of the same architecture",
                             compatible ?: "such CPU", binding->type);
    }
    if (planner->config->cpu_type) {
        fdt_device_set_type(info->device, planner->config->cpu_type);
        fdt_info_set_verdict(info, FDT_VERDICT_SUBSTITUTED, "-cpu says so");
    }
    g_ptr_array_add(planner->cpus, info->device);
    return true;
}

bool fdt_planner_change_cpu(FdtPlanner *planner, FdtNodeInfo *info,
                            const char *compatible, const char *why)
{
    const FdtBinding *binding = g_hash_table_lookup(planner->bindings,
                                                    compatible);

    if (!binding || !fdt_planner_has_type(planner, binding->type)) {
        return false;
    }
    info->binding = binding;
    info->device->binding = binding;
    fdt_device_set_type(info->device, binding->type);
    fdt_info_set_verdict(info, FDT_VERDICT_SUBSTITUTED, "%s", why);
    return true;
}

static bool choose_cpus(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GPtrArray) all = fdt_tree_cpus(planner->tree);
    unsigned limit = planner->config->cpus;

    if (!all->len) {
        fdt_error(errp, fdt_tree_root(planner->tree), NULL,
                  "the tree has no CPUs (no available cpu node in /cpus)");
        return false;
    }
    if (limit > all->len) {
        fdt_error(errp, fdt_tree_root(planner->tree), NULL,
                  "-smp asks for %u CPUs, the tree has %u", limit, all->len);
        return false;
    }
    for (unsigned i = 0; i < all->len; i++) {
        FdtNode *node = g_ptr_array_index(all, i);

        if (limit && i >= limit) {
            fdt_info_set_verdict(fdt_node_info(node), FDT_VERDICT_DISABLED,
                                 "-smp asks for %u CPUs only", limit);
            continue;
        }
        g_ptr_array_add(planner->cpu_nodes, node);
    }
    return true;
}

static bool plan_cpus(FdtPlanner *planner, Error **errp)
{
    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        if (!plan_cpu(planner, g_ptr_array_index(planner->cpu_nodes, i),
                      errp)) {
            return false;
        }
    }
    return true;
}

/* How the CPUs call firmware: `method` of the PSCI node, if they use it */
static void find_psci(FdtPlanner *planner)
{
    static const char *const compatibles[] = {
        "arm,psci-1.0", "arm,psci-0.2", "arm,psci",
    };
    const FdtNode *cpu = g_ptr_array_index(planner->cpu_nodes, 0);
    const char *method = NULL;

    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        const FdtNode *node = g_ptr_array_index(planner->cpu_nodes, i);
        const char *how = fdt_node_string(node, "enable-method", 0);

        if (how && !g_str_equal(how, "psci")) {
            return;
        }
    }
    for (int i = 0; i < ARRAY_SIZE(compatibles) && !method; i++) {
        const FdtNode *psci = fdt_planner_find_compatible(planner,
                                                          compatibles[i]);

        method = psci ? fdt_node_string(psci, "method", 0) : NULL;
    }
    if (method && (fdt_node_has(cpu, "enable-method") ||
                   planner->cpu_nodes->len == 1)) {
        planner->psci = g_str_equal(method, "hvc") ? "hvc" : "smc";
    }
}

/*
 * Whether a loader could release every secondary CPU from a spin table, which
 * has 64-bit addresses and code
 */
static bool has_spin_table(const FdtPlanner *planner)
{
    for (unsigned i = 1; i < planner->cpu_nodes->len; i++) {
        const FdtNode *node = g_ptr_array_index(planner->cpu_nodes, i);
        const char *how = fdt_node_string(node, "enable-method", 0);
        uint64_t address;

        if (!how || !g_str_equal(how, "spin-table") ||
            !fdt_node_u64(node, "cpu-release-addr", &address) || !address) {
            return false;
        }
    }
    return planner->cpu_nodes->len > 1 && !planner->config->aarch32;
}

/* How secondary CPUs wait, if neither PSCI nor a binding said so */
static void find_enable_method(FdtPlanner *planner)
{
    if (planner->psci) {
        planner->boot.secondary = "psci";
    } else if (planner->boot.secondary) {
        return;
    } else if (has_spin_table(planner)) {
        planner->boot.secondary = "spin-table";
    } else {
        planner->psci = "smc";
        planner->psci_added = true;
        planner->boot.secondary = "psci";
    }
}

/*
 * Step 3: what the rows of the tables say
 */

static bool run_hooks(FdtPlanner *planner, size_t which, Error **errp)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        FdtHook *hook;

        if (!info->device) {
            continue;
        }
        hook = *(FdtHook *const *)((const char *)info->binding + which);
        if (hook && !hook(planner, info->device, errp)) {
            return false;
        }
    }
    return true;
}

static void set_property(FdtDevice *device, const FdtBindingProp *prop)
{
    const FdtNode *node = device->node;
    const char *string = prop->string;
    uint64_t value = prop->value;
    uint32_t cell;

    if (fdt_device_has_argument(device, prop->name)) {
        return;
    }
    if (prop->kind == FDT_VALUE_BOOL) {
        fdt_device_set_bool(device, prop->name, prop->from
                            ? fdt_node_has(node, prop->from) : value);
        return;
    }
    if (prop->from && !fdt_node_has(node, prop->from) && !prop->has_default) {
        return;
    }
    if (prop->kind == FDT_VALUE_STRING) {
        if (prop->from && fdt_node_string(node, prop->from, 0)) {
            string = fdt_node_string(node, prop->from, 0);
        }
        fdt_device_set_string(device, prop->name, string ?: "");
        return;
    }
    if (prop->from && !fdt_node_u64(node, prop->from, &value) &&
        fdt_node_u32(node, prop->from, &cell)) {
        value = cell;
    }
    fdt_device_set_uint(device, prop->name, value);
}

static void apply_audiodev(FdtDevice *device)
{
    const char *id = device->binding->audio ? audiodev(device->planner) : "";

    if (*id) {
        fdt_device_set_string(device, "audiodev", id);
    }
}

static void apply_props(FdtDevice *device)
{
    const FdtBindingProp *prop = device->binding->props;
    const char *const *link = device->binding->memory_links;
    const char *const *ram = device->binding->ram_links;

    for (; prop && prop->name; prop++) {
        set_property(device, prop);
    }
    for (; link && *link; link++) {
        fdt_device_link_memory(device, *link);
    }
    for (; ram && *ram; ram++) {
        fdt_device_link_ram(device, *ram);
    }
    apply_audiodev(device);
}

/*
 * PrimeCells decode 4 KiB of addresses, so they repeat through all of reg.
 * Drivers look for the identification registers at the end of it
 * (arm/primecell.yaml).
 */
#define PRIMECELL_SIZE 0x1000

static void map_primecell_end(FdtDevice *device, const FdtReg *reg)
{
    if (reg->size > PRIMECELL_SIZE &&
        fdt_node_is_compatible(device->node, "arm,primecell")) {
        fdt_device_map_window(device, 0,
                              reg->address + reg->size - PRIMECELL_SIZE,
                              "end", 0, PRIMECELL_SIZE);
    }
}

static bool map_entry(FdtDevice *device, const FdtBindingReg *row,
                      const GArray *regs, Error **errp)
{
    const FdtReg *reg = NULL;
    int i = row->reg;

    if (row->reg_name) {
        i = fdt_node_string_index(device->node, "reg-names", row->reg_name);
    }
    if (i >= 0 && i < regs->len) {
        reg = &g_array_index(regs, FdtReg, i);
    }
    if (!reg || !reg->mapped) {
        if (row->optional) {
            return true;
        }
        if (row->reg_name) {
            fdt_error(errp, device->node, "reg-names", "no entry \"%s\"",
                      row->reg_name);
        } else {
            fdt_error(errp, device->node, "reg",
                      "entry %d is missing or has no address", row->reg);
        }
        return false;
    }
    if (row->region == 0 && reg->size < device->binding->region_size) {
        fdt_device_map_window(device, 0, reg->address + row->offset,
                              "registers", 0, reg->size);
        return true;
    }
    fdt_device_map(device, row->region, row->region_name,
                   reg->address + row->offset, reg->size);
    if (row->region == 0 && !row->offset) {
        map_primecell_end(device, reg);
    }
    return true;
}

static bool apply_regs(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtBinding *b = device->binding;
    GArray *regs = fdt_info_regs(fdt_node_info(device->node), errp);
    int n = b->num_regs ?: 1;

    if (!regs) {
        return false;
    }
    if (b->regs) {
        for (const FdtBindingReg *r = b->regs; r->reg >= 0; r++) {
            if (!map_entry(device, r, regs, errp)) {
                return false;
            }
        }
        return true;
    }
    for (int i = 0; i < n; i++) {
        FdtBindingReg row = { .reg = i, .region = i, .optional = i > 0 };

        if (!map_entry(device, &row, regs, errp)) {
            return false;
        }
    }
    return true;
}

static bool connect_row(FdtPlanner *planner, FdtDevice *device,
                        const FdtBindingIrq *row, const GArray *interrupts,
                        Error **errp)
{
    int i = row->irq;
    unsigned n = row->per_cpu ? fdt_planner_num_cpus(planner) : 1;
    const char *line = row->line ?: FDT_LINE_IRQ;

    if (row->irq_name) {
        i = fdt_node_string_index(device->node, "interrupt-names",
                                  row->irq_name);
    }
    if (i < 0 || i >= interrupts->len) {
        return true;
    }
    for (unsigned cpu = 0; cpu < n; cpu++) {
        if (!fdt_device_interrupt(planner, device, line, row->output + cpu,
                                  &g_array_index(interrupts, FdtInterrupt, i),
                                  cpu, errp)) {
            return false;
        }
    }
    return true;
}

static bool apply_interrupts(FdtPlanner *planner, FdtDevice *device,
                             Error **errp)
{
    const FdtBinding *b = device->binding;
    GArray *interrupts = fdt_info_interrupts(fdt_node_info(device->node),
                                             errp);
    int n = b->num_irqs ?: 1;

    if (!interrupts) {
        return false;
    }
    if (b->type && !fdt_device_is_built(device)) {
        return true;        /* a hook has left it out */
    }
    if (b->irqs) {
        for (const FdtBindingIrq *r = b->irqs; r->irq >= 0; r++) {
            if (!connect_row(planner, device, r, interrupts, errp)) {
                return false;
            }
        }
        return true;
    }
    for (int i = 0; i < n; i++) {
        FdtBindingIrq row = { .irq = i, .output = i };

        if (!connect_row(planner, device, &row, interrupts, errp)) {
            return false;
        }
    }
    return true;
}

static bool apply_rows(FdtPlanner *planner,
                       bool (*apply)(FdtPlanner *, FdtDevice *, Error **),
                       Error **errp)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (info->device && info->binding->rank != FDT_RANK_CPU &&
            !apply(planner, info->device, errp)) {
            return false;
        }
    }
    return true;
}

static bool apply_data(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    apply_props(device);
    return apply_regs(planner, device, errp) &&
           fdt_info_interrupts(fdt_node_info(device->node), errp);
}

bool fdt_planner_plan_node(FdtPlanner *planner, FdtNodeInfo *info,
                           Error **errp)
{
    fdt_planner_match_node(planner, info);
    return !info->device || (apply_data(planner, info->device, errp) &&
                             apply_interrupts(planner, info->device, errp));
}

/*
 * Step 4: backends of the command line
 */

void fdt_planner_note_backend(FdtPlanner *planner, const char *kind,
                              const char *id, const FdtNode *node)
{
    FdtBackend *backend = g_new0(FdtBackend, 1);

    backend->kind = kind;
    backend->id = g_strdup(id);
    backend->path = node ? g_strdup(node->path) : NULL;
    g_ptr_array_add(planner->backends, backend);
}

typedef struct FdtClaim {
    FdtDevice *device;
    FdtDevice *bus;         /* of a card */
    unsigned rank;          /* lower comes first */
    unsigned number;
} FdtClaim;

static int claim_compare(const void *va, const void *vb)
{
    const FdtClaim *a = va, *b = vb;

    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    if (a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }
    return a->device->serial < b->device->serial ? -1 : 1;
}

/* Devices that take a slot: stdout, then by alias number, then the rest */
static GArray *slot_claims(FdtPlanner *planner, FdtSlot slot,
                           const char *stem, const FdtNode *first)
{
    GArray *claims = g_array_new(false, false, sizeof(FdtClaim));

    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);
        FdtClaim claim = { .device = device, .rank = 2 };

        if (!device->binding || device->binding->slot != slot ||
            !fdt_device_is_built(device)) {
            continue;
        }
        if (device->node == first) {
            claim.rank = 0;
        } else if (fdt_node_alias_id(device->node, stem, &claim.number)) {
            claim.rank = 1;
        }
        g_array_append_val(claims, claim);
    }
    g_array_sort(claims, claim_compare);
    return claims;
}

static void assign_serials(FdtPlanner *planner)
{
    char *const *serials = planner->config->serials;
    FdtNode *console = fdt_tree_stdout(planner->tree, NULL);
    g_autoptr(GArray) claims = slot_claims(planner, FDT_SLOT_SERIAL, "serial",
                                           console);
    unsigned i;

    for (i = 0; serials && serials[i]; i++) {
        FdtDevice *device = NULL;

        if (!serials[i][0]) {
            continue;
        }
        if (i < claims->len) {
            device = g_array_index(claims, FdtClaim, i).device;
            fdt_device_set_string(device, "chardev", serials[i]);
        }
        fdt_planner_note_backend(planner, "serial", serials[i],
                                 device ? device->node : NULL);
    }
}

static void assign_nics(FdtPlanner *planner)
{
    g_autoptr(GArray) claims = slot_claims(planner, FDT_SLOT_NIC, "ethernet",
                                           NULL);
    const FdtNicConfig *nic;

    for (unsigned i = 0; i < claims->len; i++) {
        FdtDevice *device = g_array_index(claims, FdtClaim, i).device;

        nic = fdt_planner_take_nic(planner);
        if (!nic) {
            break;
        }
        fdt_device_set_string(device, "netdev", nic->netdev);
        if (nic->mac) {
            fdt_device_set_string(device, "mac", nic->mac);
        }
        fdt_planner_note_backend(planner, "nic", nic->netdev, device->node);
    }
}

/*
 * Cards: mmc/mmc-controller.yaml
 */

void fdt_device_add_slot(FdtPlanner *planner, FdtDevice *device,
                         FdtDevice *bus)
{
    FdtCardSlot slot = { .device = device, .bus = bus };

    g_array_append_val(planner->slots, slot);
}

/* By alias number, then the rest; what is soldered in comes after all others */
static GArray *card_claims(FdtPlanner *planner)
{
    enum { ALIAS, REST, SOLDERED };
    GArray *claims = g_array_new(false, false, sizeof(FdtClaim));

    for (unsigned i = 0; i < planner->slots->len; i++) {
        FdtCardSlot *slot = &g_array_index(planner->slots, FdtCardSlot, i);
        const FdtNode *node = slot->device->node;
        FdtClaim claim = { .device = slot->device, .bus = slot->bus };

        claim.rank = fdt_node_alias_id(node, "mmc", &claim.number) ? ALIAS
                                                                   : REST;
        if (fdt_node_has(node, "non-removable")) {
            claim.rank += SOLDERED;
        }
        g_array_append_val(claims, claim);
    }
    g_array_sort(claims, claim_compare);
    return claims;
}

static void assign_cards(FdtPlanner *planner)
{
    g_autoptr(GArray) claims = card_claims(planner);

    for (unsigned i = 0; i < claims->len; i++) {
        FdtClaim *claim = &g_array_index(claims, FdtClaim, i);
        FdtNode *node = claim->device->node;
        const char *drive = fdt_planner_take_drive(planner, "sd");
        FdtDevice *card;

        if (!drive) {
            break;
        }
        card = fdt_planner_add_device(planner, node, fdt_node_has(node, "no-sd")
                                      ? "emmc" : "sd-card", "card",
                                      FDT_RANK_OTHER);
        fdt_device_set_string(card, "drive", drive);
        fdt_device_set_bus(card, claim->bus, "sd-bus");
        fdt_planner_note_backend(planner, "drive", drive, node);
    }
}

static void note_unmatched(FdtPlanner *planner)
{
    const FdtPlanConfig *config = planner->config;

    for (unsigned i = 0; i < config->num_nics; i++) {
        if (!planner->nic_used[i]) {
            fdt_planner_note_backend(planner, "nic", config->nics[i].netdev,
                                     NULL);
        }
    }
    for (unsigned i = 0; i < config->num_drives; i++) {
        if (!planner->drive_used[i]) {
            fdt_planner_note_backend(planner, "drive", config->drives[i].id,
                                     NULL);
        }
    }
}

/*
 * Step 5: refusals
 */

static bool check_unmatched(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GString) list = g_string_new(NULL);
    unsigned count = 0;

    if (planner->config->unmatched != FDT_UNMATCHED_ERROR) {
        return true;
    }
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (info->verdict == FDT_VERDICT_STUB ||
            (info->verdict == FDT_VERDICT_IGNORED && !info->binding)) {
            g_string_append_printf(list, "\n  %s (%s)", info->node->path,
                                   info->reason);
            count++;
        }
    }
    if (count) {
        fdt_error(errp, fdt_tree_root(planner->tree), NULL,
                  "%u nodes have no model, and unmatched=error:%s", count,
                  list->str);
    }
    return !count;
}

typedef struct FdtSpan {
    uint64_t address;
    uint64_t last;
    const FdtNode *node;
} FdtSpan;

static int span_compare(const void *va, const void *vb)
{
    const FdtSpan *a = va, *b = vb;

    return a->address < b->address ? -1 : a->address > b->address;
}

/* A device's reg may have room for another one that is a child of it */
static bool is_above(const FdtNode *above, const FdtNode *node)
{
    while (node && node != above) {
        node = node->parent;
    }
    return node;
}

/* Two nodes may not have their regions over each other */
static bool check_overlaps(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GArray) spans = g_array_new(false, false, sizeof(FdtSpan));

    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; j < device->maps->len; j++) {
            FdtMap *map = &g_array_index(device->maps, FdtMap, j);
            FdtSpan span = { map->address, map->address + map->size - 1,
                             device->node };

            if (map->size && !map->has_priority && !map->parent) {
                g_array_append_val(spans, span);
            }
        }
    }
    g_array_sort(spans, span_compare);
    for (unsigned i = 1; i < spans->len; i++) {
        FdtSpan *low = &g_array_index(spans, FdtSpan, i - 1);
        FdtSpan *high = &g_array_index(spans, FdtSpan, i);

        if (high->address <= low->last && !is_above(low->node, high->node)) {
            fdt_error(errp, high->node, "reg", "0x%" PRIx64
                      " lies in the region of %s; leave one of them out with "
                      "omit=", high->address, low->node->path);
            return false;
        }
    }
    return true;
}

/*
 * Step 6: the size of pages
 */

static const FdtNode *small_page_cpu(const FdtTree *tree)
{
    static const char *const small[] = {
        "arm,arm926ej-s", "arm,arm1136jf-s", "arm,arm1136j-s",
        "arm,arm1176jzf-s", "arm,arm1176jz-s", "arm,arm1176jzf",
        "arm,arm11mpcore",
        "arm,arm920t", "arm,arm922t", "arm,arm946e-s", "arm,arm946",
    };
    g_autoptr(GPtrArray) cpus = fdt_tree_cpus(tree);

    for (unsigned i = 0; i < cpus->len; i++) {
        const FdtNode *node = g_ptr_array_index(cpus, i);

        for (int j = 0; j < ARRAY_SIZE(small); j++) {
            if (fdt_node_is_compatible(node, small[j])) {
                return node;
            }
        }
    }
    return NULL;
}

unsigned fdt_tree_page_bits(const FdtTree *tree)
{
    return small_page_cpu(tree) ? SMALL_PAGE_BITS : PAGE_BITS;
}

static bool choose_page_bits(FdtPlanner *planner, Error **errp)
{
    unsigned wanted = planner->config->page_bits;

    planner->page_bits = wanted ?: fdt_tree_page_bits(planner->tree);
    if (wanted > SMALL_PAGE_BITS && !planner->config->cpu_type &&
        small_page_cpu(planner->tree)) {
        fdt_error(errp, small_page_cpu(planner->tree), "compatible",
                  "this CPU has pages of %d bits; the machine's "
                  "minimum-page-bits is %u, set it to %d", SMALL_PAGE_BITS,
                  wanted, SMALL_PAGE_BITS);
        return false;
    }
    return true;
}

/*
 * The whole
 */

static bool plan_machine(FdtPlanner *planner, Error **errp)
{
    if (!choose_cpus(planner, errp) || !plan_cpus(planner, errp) ||
        !choose_page_bits(planner, errp)) {
        return false;
    }
    match_nodes(planner);
    if (!fdt_planner_substitute(planner, errp)) {
        return false;
    }
    if (!check_unmatched(planner, errp)) {
        return false;
    }
    find_psci(planner);
    if (!run_hooks(planner, offsetof(FdtBinding, plan), errp)) {
        return false;
    }
    find_enable_method(planner);
    if (!apply_rows(planner, apply_data, errp)) {
        return false;
    }
    assign_serials(planner);
    assign_nics(planner);
    assign_cards(planner);
    if (!run_hooks(planner, offsetof(FdtBinding, connect), errp) ||
        !apply_rows(planner, apply_interrupts, errp)) {
        return false;
    }
    note_unmatched(planner);
    return check_overlaps(planner, errp) &&
           fdt_planner_memory(planner, errp) &&
           fdt_planner_virtio(planner, errp) &&
           run_hooks(planner, offsetof(FdtBinding, finish), errp) &&
           fdt_planner_stubs(planner, errp) &&
           fdt_planner_check_sections(planner, errp) &&
           fdt_planner_guest_tree(planner, errp) &&
           fdt_planner_boot_device(planner, errp) &&
           fdt_planner_join_wires(planner, errp) &&
           fdt_planner_emit(planner, errp);
}

static void wire_free(gpointer data)
{
    FdtWire *wire = data;

    g_free(wire->source_line);
    g_free(wire->sink_line);
    g_free(wire);
}

static void backend_free(gpointer data)
{
    FdtBackend *backend = data;

    g_free(backend->id);
    g_free(backend->path);
    g_free(backend);
}

static void step_free(gpointer data)
{
    FdtStep *step = data;

    qobject_unref(step->command);
    g_free(step->path);
    g_free(step);
}

static void edit_free(gpointer data)
{
    FdtEdit *edit = data;

    g_free(edit->path);
    g_free(edit->property);
    g_free(edit->text);
    g_free(edit);
}

static FdtPlan *plan_alloc(FdtTree *tree, const FdtPlanConfig *config)
{
    FdtPlan *plan = g_new0(FdtPlan, 1);

    plan->file = g_strdup(fdt_tree_filename(tree));
    plan->steps = g_ptr_array_new_with_free_func(step_free);
    plan->edits = g_ptr_array_new_with_free_func(edit_free);
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
    g_ptr_array_unref(plan->steps);
    g_ptr_array_unref(plan->edits);
    fdt_tree_free(plan->guest);
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

static void planner_init(FdtPlanner *planner, FdtTree *tree,
                         const FdtPlanConfig *config)
{
    *planner = (FdtPlanner) {
        .tree = fdt_tree_copy(tree),
        .config = config,
        .bindings = fdt_binding_index(),
        .ids = g_hash_table_new(g_str_hash, g_str_equal),
        .infos = g_ptr_array_new_with_free_func(info_free),
        .devices = g_ptr_array_new_with_free_func(
            (GDestroyNotify)fdt_device_free),
        .cpus = g_ptr_array_new(),
        .cpu_nodes = g_ptr_array_new(),
        .wires = g_ptr_array_new_with_free_func(wire_free),
        .banks = g_array_new(false, true, sizeof(FdtBank)),
        .ram_links = g_array_new(false, false, sizeof(FdtRamLink)),
        .slots = g_array_new(false, false, sizeof(FdtCardSlot)),
        .added = g_ptr_array_new(),
        .backends = g_ptr_array_new_with_free_func(backend_free),
        .specifiers = g_hash_table_new_full(NULL, NULL, NULL,
                                            specifiers_free),
        .plan = plan_alloc(tree, config),
    };
    g_array_set_clear_func(planner->banks, bank_clear);
    planner->nic_used = planner->plan->nic_used;
    planner->drive_used = planner->plan->drive_used;
}

static void planner_clear(FdtPlanner *planner)
{
    g_hash_table_unref(planner->specifiers);
    g_ptr_array_unref(planner->backends);
    g_ptr_array_unref(planner->added);
    g_array_unref(planner->slots);
    g_array_unref(planner->ram_links);
    g_array_unref(planner->banks);
    g_ptr_array_unref(planner->wires);
    g_ptr_array_unref(planner->cpu_nodes);
    g_ptr_array_unref(planner->cpus);
    g_hash_table_unref(planner->ids);
    g_ptr_array_unref(planner->devices);
    g_ptr_array_unref(planner->infos);
    g_hash_table_unref(planner->bindings);
    fdt_tree_free(planner->tree);
    fdt_plan_free(planner->plan);
}

FdtPlan *fdt_plan_new(FdtTree *tree, const FdtPlanConfig *config, Error **errp)
{
    FdtPlanner planner;
    FdtPlan *plan = NULL;

    planner_init(&planner, tree, config);
    attach_infos(&planner);
    if (plan_machine(&planner, errp)) {
        fdt_planner_report(&planner);
        plan = g_steal_pointer(&planner.plan);
    }
    planner_clear(&planner);
    return plan;
}

/* fdt_planner_max_specifier: the tree's specifiers are collected once */
static void collect_specifiers(const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        GArray *interrupts = fdt_info_interrupts(info, NULL);

        for (unsigned j = 0; interrupts && j < interrupts->len; j++) {
            FdtInterrupt *in = &g_array_index(interrupts, FdtInterrupt, j);
            GArray *list = g_hash_table_lookup(planner->specifiers,
                                               in->controller);

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

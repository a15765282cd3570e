/*
 * CPUs: which are built, the boot CPU first, and how the others are started
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../bindings/tables.h"
#include "state.h"

/*
 * Cores appear each year, and the tables do not know them all, but an older
 * core of the same architecture runs the same kernels.  The architecture shows
 * in the timer and the interrupt controller of the tree
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

/* Binaries of QEMU by the CPUs that they have; NULL if none is known */
static const char *binary_with(const char *cpu_type)
{
    static const struct {
        const char *suffix, *binary;
    } binaries[] = {
        { "-arm-cpu", "qemu-system-aarch64" },
        { "-riscv-cpu", "qemu-system-riscv64" },
    };

    for (int i = 0; i < ARRAY_SIZE(binaries); i++) {
        if (g_str_has_suffix(cpu_type, binaries[i].suffix)) {
            return binaries[i].binary;
        }
    }
    return NULL;
}

static void refuse_cpu(const FdtNode *node, const FdtBinding *unusable,
                       Error **errp)
{
    const char *binary = unusable && unusable->cpu && unusable->type
                         ? binary_with(unusable->type) : NULL;
    const char *compatible = fdt_node_compatible(node, 0) ?: "";

    if (binary) {
        fdt_error(errp, node, "compatible", "this binary has no %s for '%s'; "
                  "start %s with the tree", unusable->type, compatible, binary);
    } else {
        fdt_error(errp, node, "compatible", "unknown CPU '%s'; choose a type "
                  "with -cpu", compatible);
    }
}

static bool plan_cpu(FdtPlanner *planner, FdtNode *node, Error **errp)
{
    FdtNodeInfo *info = fdt_node_info(node);
    const char *compatible = fdt_node_compatible(node, 0);
    const FdtBinding *unusable;
    const FdtBinding *binding = fdt_planner_find_binding(planner, node,
                                                         NULL, &unusable);
    bool known = binding && binding->cpu;

    if (!known && !planner->config->cpu_type) {
        binding = guess_cpu(planner);
    }
    if (!binding || !binding->cpu) {
        if (!planner->config->cpu_type) {
            refuse_cpu(node, unusable, errp);
            return false;
        }
        binding = &fdt_binding_any_cpu;
    }
    fdt_planner_bind_node(planner, info, binding);
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

bool fdt_planner_choose_cpus(FdtPlanner *planner, Error **errp)
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

        fdt_node_info(node)->matched = true;
        if (limit && i >= limit) {
            fdt_info_set_verdict(fdt_node_info(node), FDT_VERDICT_DISABLED,
                                 "-smp asks for %u CPUs only", limit);
            continue;
        }
        g_ptr_array_add(planner->cpu_nodes, node);
    }
    return true;
}

/* The number of a CPU, of one cell or two; false if there is none */
static bool cpu_number(const FdtNode *node, uint64_t *number)
{
    uint32_t low;

    if (fdt_node_num_cells(node, "reg") > 1) {
        return fdt_node_u64(node, "reg", number);
    }
    if (!fdt_node_u32(node, "reg", &low)) {
        return false;
    }
    *number = low;
    return true;
}

/*
 * Who starts a CPU names it by its reg (3.8.1)
 * @numbers: those of the CPUs before, with their nodes
 */
static void check_number(FdtPlanner *planner, const FdtNode *node,
                         GHashTable *numbers)
{
    const FdtNode *other;
    uint64_t number;

    if (!cpu_number(node, &number)) {
        return;
    }
    other = g_hash_table_lookup(numbers, &number);
    if (other) {
        fdt_finding_add(planner->plan->findings, node, "reg", "0x%" PRIx64
                        " is the number of %s as well: only one of the two "
                        "can be started", number, other->path);
    }
    g_hash_table_insert(numbers, g_memdup2(&number, sizeof(number)),
                        (gpointer)node);
}

bool fdt_planner_plan_cpus(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(
        g_int64_hash, g_int64_equal, g_free, NULL);

    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        check_number(planner, g_ptr_array_index(planner->cpu_nodes, i),
                     numbers);
        if (!plan_cpu(planner, g_ptr_array_index(planner->cpu_nodes, i),
                      errp)) {
            return false;
        }
    }
    return true;
}

/*
 * How secondary CPUs wait, and how CPUs call firmware
 */

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
bool fdt_planner_find_enable_method(FdtPlanner *planner, Error **errp)
{
    FdtBoot *boot = &planner->boot;

    if (boot->psci) {
        boot->secondary = "psci";
    } else if (!boot->secondary && boot->has_pen) {
        boot->secondary = "pen";
    } else if (!boot->secondary && has_spin_table(planner)) {
        boot->secondary = "spin-table";
    }
    return true;
}

bool fdt_planner_settle_enable_method(FdtPlanner *planner, Error **errp)
{
    if (!planner->boot.secondary) {
        planner->boot.secondary = "none";
    }
    return true;
}

/*
 * The size of pages
 */

/* Address bits of the smallest page: ARMv5 and ARMv6 have pages of 1 KiB */
#define SMALL_PAGE_BITS 10
#define PAGE_BITS       12

static bool has_small_pages(const FdtCpuRole *role)
{
    return role->arch == FDT_CPU_ARMV5 || role->arch == FDT_CPU_ARMV6;
}

/* A CPU of the tree that has small pages, or NULL */
static const FdtNode *small_page_cpu(const FdtTree *tree)
{
    g_autoptr(GPtrArray) cpus = fdt_tree_cpus(tree);
    g_autoptr(GHashTable) rows = fdt_binding_index();

    for (unsigned i = 0; i < cpus->len; i++) {
        const FdtNode *cpu = g_ptr_array_index(cpus, i);
        const char *compatible;

        for (unsigned j = 0; (compatible = fdt_node_compatible(cpu, j)); j++) {
            const FdtBinding *b = g_hash_table_lookup(rows, compatible);

            if (b && b->cpu && has_small_pages(b->cpu)) {
                return cpu;
            }
        }
    }
    return NULL;
}

unsigned fdt_tree_page_bits(const FdtTree *tree)
{
    return small_page_cpu(tree) ? SMALL_PAGE_BITS : PAGE_BITS;
}

bool fdt_planner_choose_page_bits(FdtPlanner *planner, Error **errp)
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

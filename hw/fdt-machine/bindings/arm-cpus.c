/*
 * Bindings: Arm's CPUs, the blocks that belong to them, and PSCI, by which they
 * call firmware
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../plan/api.h"
#include "tables.h"

/*
 * Private region of a Cortex-A9 (DDI 0407): the SCU at its start, and the
 * offset of the GIC's distributor
 */
#define A9_SCU_SIZE     0x100
#define A9_DIST_OFFSET  0x1000

/* reg of a CPU is its affinity, one or two cells (arm/cpus.yaml) */
static uint64_t cpu_affinity(const FdtNode *node, unsigned index)
{
    uint32_t high = 0, low = index;

    if (fdt_node_num_cells(node, "reg") > 1) {
        fdt_node_u32_index(node, "reg", 0, &high);
        fdt_node_u32_index(node, "reg", 1, &low);
    } else {
        fdt_node_u32(node, "reg", &low);
    }
    return (uint64_t)high << 32 | (low & 0xffffff);
}

static bool plan_cpu(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtNode *node = fdt_device_node(device);
    int index = fdt_planner_cpu_index(planner, node);

    fdt_device_set_uint(device, "mp-affinity", cpu_affinity(node, index));
    if (index > 0) {
        fdt_device_after(device, fdt_planner_cpu(planner, index - 1));
    }
    return true;
}

/*
 * PSCI by smc is answered by QEMU only if the CPU has no EL3 of its own; by
 * hvc only if it has no EL2 either.  Where the tree has something for the
 * secure world, firmware starts there, and PSCI is its own.
 */
static bool connect_cpu_el3(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    g_autofree char *memory = fdt_planner_secure_memory(planner, device);

    fdt_device_set_bool(device, "has_el3",
                        fdt_planner_boot(planner)->secure || memory);
    if (memory) {
        fdt_device_set_string(device, "secure-memory", memory);
    }
    return true;
}

static bool connect_cpu_el2(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    const char *psci = fdt_planner_psci(planner);
    const char *secondary = fdt_planner_boot(planner)->secondary;
    bool el2 = psci ? g_str_equal(psci, "smc")
                    : !g_str_equal(secondary, "pen");

    fdt_device_set_bool(device, "has_el2", el2);
    return connect_cpu_el3(planner, device, errp);
}

/* Address of the first entry of reg of the first node of that compatible */
static bool block_address(FdtPlanner *planner, const char *compatible,
                          uint64_t *address)
{
    const FdtNode *node = fdt_planner_find_compatible(planner, compatible);
    FdtReg reg;

    if (!node || !fdt_node_reg(node, 0, &reg, NULL)) {
        return false;
    }
    *address = reg.address;
    return true;
}

/*
 * Trees may leave out the SCU, as no driver binds to it, but Linux reads the
 * number of CPUs from it on some machines (scu_get_core_count() in
 * arch/arm/kernel/smp_scu.c)
 */
static void add_scu(FdtPlanner *planner, uint64_t address)
{
    FdtNode *gic = fdt_planner_find_compatible(planner, "arm,cortex-a9-gic");
    FdtDevice *scu;

    if (!fdt_planner_has_type(planner, "a9-scu")) {
        return;
    }
    scu = fdt_planner_add_device(planner, gic, "a9-scu", "scu",
                                 FDT_RANK_OTHER);
    fdt_device_set_uint(scu, "num-cpu", fdt_planner_num_cpus(planner));
    fdt_device_map(scu, 0, NULL, address, A9_SCU_SIZE);
}

/*
 * The SCU is at the start of a Cortex-A9's private region, in which the GIC's
 * distributor has a fixed place: so the distributor's node tells where it is
 */
static bool plan_cpu_a9(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    uint64_t address;

    if (block_address(planner, "arm,cortex-a9-scu", &address) ||
        block_address(planner, "arm,cortex-a5-scu", &address)) {
        fdt_device_set_uint(device, "reset-cbar", address);
    } else if (block_address(planner, "arm,cortex-a9-gic", &address) &&
               address >= A9_DIST_OFFSET) {
        address -= A9_DIST_OFFSET;
        fdt_device_set_uint(device, "reset-cbar", address);
        if (fdt_planner_cpu_index(planner, fdt_device_node(device)) == 0) {
            add_scu(planner, address);
        }
    }
    return plan_cpu(planner, device, errp);
}

/*
 * PSCI: arm/psci.yaml.  QEMU answers in place of firmware, by the conduit that
 * `method` names, if no CPU is to be started in another way.
 */

static bool cpus_use_psci(FdtPlanner *planner)
{
    unsigned n = fdt_planner_num_cpus(planner);
    bool said = n == 1;

    for (unsigned i = 0; i < n; i++) {
        const FdtNode *cpu = fdt_device_node(fdt_planner_cpu(planner, i));
        const char *how = fdt_node_string(cpu, "enable-method", 0);

        if (how && !g_str_equal(how, "psci")) {
            return false;
        }
        said |= i == 0 && how;
    }
    return said;
}

static bool plan_psci(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtBoot *boot = fdt_planner_boot(planner);
    const char *method = fdt_node_string(fdt_device_node(device), "method", 0);

    if (method && !boot->psci && cpus_use_psci(planner)) {
        boot->psci = g_str_equal(method, "hvc") ? "hvc" : "smc";
    }
    return true;
}

#define PSCI(compat)                                                    \
    { .compatible = compat, .verdict = FDT_VERDICT_STRUCTURE,           \
      .reason = "QEMU answers PSCI", .bus = FDT_BUS_NONE,               \
      .is = FDT_CONTAINER, .plan = plan_psci }

/*
 * Performance monitor: a line of each CPU (arm/pmu.yaml)
 */

static bool connect_pmu(FdtPlanner *planner, FdtDevice *pmu, Error **errp)
{
    FdtNode *node = fdt_device_node(pmu);
    unsigned num_irqs = fdt_device_num_irqs(pmu);
    g_autoptr(GArray) affinity = fdt_node_phandle_args(
        node, "interrupt-affinity", NULL, NULL, errp);

    if (!affinity) {
        return false;
    }
    for (unsigned i = 0; i < fdt_planner_num_cpus(planner); i++) {
        unsigned index = num_irqs == 1 ? 0 : i;
        int cpu = i;

        if (index >= num_irqs) {
            break;
        }
        if (num_irqs > 1 && index < affinity->len) {
            cpu = fdt_planner_cpu_index(
                planner, g_array_index(affinity, FdtPhandleArgs, index).node);
        }
        if (cpu >= 0 &&
            !fdt_device_interrupt(planner, fdt_planner_cpu(planner, cpu),
                                  "pmu-interrupt", 0,
                                  fdt_device_irq(pmu, index), cpu, errp)) {
            return false;
        }
    }
    return true;
}

static const FdtCpuRole armv5 = { .arch = FDT_CPU_ARMV5 };
static const FdtCpuRole armv6 = { .arch = FDT_CPU_ARMV6 };
static const FdtCpuRole armv7 = { .arch = FDT_CPU_ARMV7 };
/* Without timers of their own */
static const FdtCpuRole armv7_bare = {
    .arch = FDT_CPU_ARMV7, .stand_in = "arm,cortex-a15",
};
static const FdtCpuRole armv8 = { .arch = FDT_CPU_ARMV8 };

const FdtBinding fdt_binding_any_cpu = {
    .compatible = "", .type = "", .bus = FDT_BUS_NONE, .cpu = &armv8,
    .plan = plan_cpu,
};

/* @el: the hook that decides about exception levels; NULL: QEMU's default */
#define CPU(compat, model, role, el)                                    \
    { .compatible = compat, .type = model "-arm-cpu",                   \
      .bus = FDT_BUS_NONE, .cpu = &role, .plan = plan_cpu,              \
      .connect = el }

#define CPU_NEAR(compat, model, role)                                   \
    { .compatible = compat, .type = model "-arm-cpu",                   \
      .substitute = "QEMU has no " compat "; " model " is near",        \
      .bus = FDT_BUS_NONE, .cpu = &role, .plan = plan_cpu,              \
      .connect = connect_cpu_el2 }

/* CPUs that have the private region of a Cortex-A9 */
#define CPU_A9(compat, why)                                             \
    { .compatible = compat, .type = "cortex-a9-arm-cpu",                \
      .substitute = why, .bus = FDT_BUS_NONE, .cpu = &armv7_bare,       \
      .plan = plan_cpu_a9, .connect = connect_cpu_el3 }

#define PMU(compat)                                                     \
    { .compatible = compat, .verdict = FDT_VERDICT_MODELLED,            \
      .reason = "part of the CPUs", .bus = FDT_BUS_NONE,                \
      .connect = connect_pmu }

const FdtBinding fdt_bindings_arm_cpus[] = {
    CPU("arm,arm926ej-s", "arm926", armv5, NULL),
    CPU("arm,arm1136jf-s", "arm1136", armv6, NULL),
    CPU("arm,arm1136j-s", "arm1136", armv6, NULL),
    CPU("arm,arm1176jzf-s", "arm1176", armv6, connect_cpu_el3),
    CPU("arm,arm1176jz-s", "arm1176", armv6, connect_cpu_el3),
    CPU("arm,arm1176jzf", "arm1176", armv6, connect_cpu_el3),
    CPU("arm,arm11mpcore", "arm11mpcore", armv6, NULL),
    CPU("arm,cortex-a7", "cortex-a7", armv7, connect_cpu_el2),
    CPU("arm,cortex-a8", "cortex-a8", armv7_bare, connect_cpu_el3),
    CPU_A9("arm,cortex-a9", NULL),
    CPU("arm,cortex-a15", "cortex-a15", armv7, connect_cpu_el2),
    CPU("arm,cortex-a35", "cortex-a35", armv8, connect_cpu_el2),
    CPU("arm,cortex-a53", "cortex-a53", armv8, connect_cpu_el2),
    CPU("arm,cortex-a55", "cortex-a55", armv8, connect_cpu_el2),
    CPU("arm,cortex-a57", "cortex-a57", armv8, connect_cpu_el2),
    CPU("arm,cortex-a72", "cortex-a72", armv8, connect_cpu_el2),
    CPU("arm,cortex-a76", "cortex-a76", armv8, connect_cpu_el2),
    CPU("arm,cortex-a710", "cortex-a710", armv8, connect_cpu_el2),
    CPU("arm,neoverse-n1", "neoverse-n1", armv8, connect_cpu_el2),
    CPU("arm,neoverse-n2", "neoverse-n2", armv8, connect_cpu_el2),
    CPU("arm,neoverse-v1", "neoverse-v1", armv8, connect_cpu_el2),
    CPU("fujitsu,a64fx", "a64fx", armv8, connect_cpu_el2),
    CPU_A9("marvell,sheeva-v7", "QEMU has no marvell,sheeva-v7; cortex-a9 is "
           "near"),
    CPU_A9("marvell,pj4a", "QEMU has no marvell,pj4a; cortex-a9 is near"),
    CPU_A9("marvell,pj4b", "QEMU has no marvell,pj4b; cortex-a9 is near"),
    CPU_A9("arm,cortex-a5", "QEMU has no arm,cortex-a5; cortex-a9 is near"),
    CPU_NEAR("arm,cortex-a12", "cortex-a15", armv7),
    CPU_NEAR("arm,cortex-a17", "cortex-a15", armv7),
    CPU_NEAR("qcom,krait", "cortex-a15", armv7),
    CPU_NEAR("brcm,brahma-b15", "cortex-a15", armv7),
    CPU_NEAR("arm,cortex-a34", "cortex-a35", armv8),
    CPU_NEAR("arm,cortex-a65", "cortex-a55", armv8),
    CPU_NEAR("arm,cortex-a73", "cortex-a72", armv8),
    CPU_NEAR("arm,cortex-a75", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-a77", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-a78", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-a78ae", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-a78c", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-a510", "cortex-a55", armv8),
    CPU_NEAR("arm,cortex-a520", "cortex-a55", armv8),
    CPU_NEAR("arm,cortex-a715", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-a720", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-x1", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-x1c", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-x2", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-x3", "cortex-a76", armv8),
    CPU_NEAR("arm,cortex-x4", "cortex-a76", armv8),
    CPU_NEAR("arm,neoverse-e1", "neoverse-n1", armv8),
    CPU_NEAR("arm,neoverse-v2", "neoverse-v1", armv8),
    CPU_NEAR("arm,armv8", "cortex-a57", armv8),
    CPU_NEAR("arm,arm-v8", "cortex-a57", armv8),
    CPU_NEAR("apm,potenza", "cortex-a57", armv8),
    CPU_NEAR("apm,strega", "cortex-a57", armv8),
    CPU_NEAR("brcm,brahma-b53", "cortex-a53", armv8),
    CPU_NEAR("brcm,vulcan", "cortex-a57", armv8),
    CPU_NEAR("cavium,thunder", "neoverse-n1", armv8),
    CPU_NEAR("cavium,thunder2", "neoverse-n1", armv8),
    CPU_NEAR("nvidia,tegra132-denver", "cortex-a57", armv8),
    CPU_NEAR("nvidia,tegra186-denver", "cortex-a57", armv8),
    CPU_NEAR("nvidia,tegra194-carmel", "cortex-a57", armv8),
    CPU_NEAR("qcom,kryo", "cortex-a57", armv8),
    CPU_NEAR("samsung,mongoose-m2", "cortex-a57", armv8),
    CPU_NEAR("samsung,mongoose-m3", "cortex-a57", armv8),

    PSCI("arm,psci"),
    PSCI("arm,psci-0.2"),
    PSCI("arm,psci-1.0"),

    PMU("arm,armv8-pmuv3"),
    PMU("arm,cortex-a5-pmu"),
    PMU("arm,cortex-a7-pmu"),
    PMU("arm,cortex-a8-pmu"),
    PMU("arm,cortex-a9-pmu"),
    PMU("arm,cortex-a12-pmu"),
    PMU("arm,cortex-a15-pmu"),
    PMU("arm,cortex-a17-pmu"),
    PMU("arm,cortex-a35-pmu"),
    PMU("arm,cortex-a53-pmu"),
    PMU("arm,cortex-a55-pmu"),
    PMU("arm,cortex-a57-pmu"),
    PMU("arm,cortex-a72-pmu"),
    PMU("arm,cortex-a73-pmu"),
    PMU("arm,cortex-a76-pmu"),
    { }
};

/*
 * Bindings: timers of Arm's CPUs, and private blocks of its MPCores
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../plan/api.h"
#include "tables.h"

/*
 * Architected timer: lines of the CPUs (arm,arch_timer.yaml)
 */

typedef struct FdtTimerLine {
    const char *name;       /* in interrupt-names */
    unsigned output;        /* of the CPU */
} FdtTimerLine;

/* The order is that of interrupts without names in arm,arch_timer.yaml */
static const FdtTimerLine timer_lines[] = {
    { "sec-phys", 3 },
    { "phys", 0 },
    { "virt", 1 },
    { "hyp-phys", 2 },
    { "hyp-virt", 4 },
};

static bool connect_timer_line(FdtPlanner *planner, FdtDevice *timer,
                               unsigned line, const FdtInterrupt *interrupt,
                               Error **errp)
{
    for (unsigned i = 0; i < fdt_planner_num_cpus(planner); i++) {
        if (!fdt_device_interrupt(planner, fdt_planner_cpu(planner, i),
                                  FDT_LINE_OUT, timer_lines[line].output,
                                  interrupt, i, errp)) {
            return false;
        }
    }
    return true;
}

static bool connect_timer(FdtPlanner *planner, FdtDevice *timer, Error **errp)
{
    FdtNode *node = fdt_device_node(timer);
    bool named = fdt_node_has(node, "interrupt-names");
    uint32_t rate;

    for (unsigned i = 0; i < ARRAY_SIZE(timer_lines); i++) {
        int index = named ? fdt_node_string_index(node, "interrupt-names",
                                                  timer_lines[i].name) : i;

        const FdtInterrupt *irq = index >= 0 ? fdt_device_irq(timer, index)
                                             : NULL;

        if (irq && !connect_timer_line(planner, timer, i, irq, errp)) {
            return false;
        }
    }
    if (fdt_node_u32(node, "clock-frequency", &rate)) {
        for (unsigned i = 0; i < fdt_planner_num_cpus(planner); i++) {
            fdt_device_set_uint(fdt_planner_cpu(planner, i), "cntfrq", rate);
        }
    }
    return true;
}

/*
 * Watchdog: watchdog/arm,sbsa-gwdt.yaml.  Its counter is the system counter, so
 * it has the rate of the CPUs' timer.
 */

static const FdtBindingReg gwdt_regs[] = {
    { .reg = 0, .region = 1 },      /* control frame */
    { .reg = 1, .region = 0 },      /* refresh frame */
    FDT_END_REGS
};

static bool plan_gwdt(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *timer = fdt_planner_find_compatible(planner,
                                                       "arm,armv8-timer");
    uint32_t rate;

    if (timer && fdt_node_u32(timer, "clock-frequency", &rate)) {
        fdt_device_set_uint(device, "clock-frequency", rate);
    }
    return true;
}

/*
 * Private blocks of the MPCores
 */

static bool plan_num_cpu(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    fdt_device_set_uint(device, "num-cpu", fdt_planner_num_cpus(planner));
    for (unsigned i = 0; i < fdt_planner_num_cpus(planner); i++) {
        fdt_device_after(device, fdt_planner_cpu(planner, i));
    }
    return true;
}

static const FdtBindingIrq irq_per_cpu[] = {
    { .irq = 0, .output = 0, .per_cpu = true },
    FDT_END_IRQS
};

#define ARCH_TIMER(compat)                                              \
    { .compatible = compat, .verdict = FDT_VERDICT_MODELLED,            \
      .reason = "part of the CPUs", .bus = FDT_BUS_NONE,                \
      .connect = connect_timer, .timer = FDT_TIMER() }

/* arm/arm,scu.yaml; the models have no interrupt */
#define SCU(compat, qom_type)                                           \
    { .compatible = compat, .type = qom_type, .plan = plan_num_cpu,     \
      .irqs = fdt_no_irqs, .cover = FDT_COVER_PART }

/* timer/arm,twd-timer.yaml */
#define TWD(compat)                                                     \
    { .compatible = compat, .type = "arm_mptimer",                      \
      .irqs = irq_per_cpu, .plan = plan_num_cpu,                        \
      .cover = FDT_COVER_PART,                                          \
      .timer = FDT_TIMER(.wants_clock = true) }

const FdtBinding fdt_bindings_arm_timers[] = {
    ARCH_TIMER("arm,armv8-timer"),
    ARCH_TIMER("arm,armv7-timer"),
    ARCH_TIMER("arm,cortex-a15-timer"),
    { .compatible = "arm,sbsa-gwdt", .type = "sbsa_gwdt", .regs = gwdt_regs,
      .plan = plan_gwdt },
    SCU("arm,cortex-a9-scu", "a9-scu"),
    SCU("arm,cortex-a5-scu", "a9-scu"),
    SCU("arm,arm11mp-scu", "arm11-scu"),
    { .compatible = "arm,cortex-a9-global-timer",
      .type = "arm.cortex-a9-global-timer", .plan = plan_num_cpu,
      .irqs = irq_per_cpu, .cover = FDT_COVER_PART, .timer = FDT_TIMER() },
    { .compatible = "arm,cortex-a5-global-timer",
      .type = "arm.cortex-a9-global-timer", .plan = plan_num_cpu,
      .irqs = irq_per_cpu, .cover = FDT_COVER_PART, .timer = FDT_TIMER() },
    TWD("arm,cortex-a9-twd-timer"),
    TWD("arm,cortex-a5-twd-timer"),
    TWD("arm,arm11mp-twd-timer"),
    SCU("arm,cortex-a9-twd-wdt", "arm_mptimer"),
    SCU("arm,cortex-a5-twd-wdt", "arm_mptimer"),
    SCU("arm,arm11mp-twd-wdt", "arm_mptimer"),
    { .compatible = "arm,pl310-cache", .type = "l2x0", .irqs = fdt_no_irqs },
    { .compatible = "arm,l220-cache", .type = "l2x0", .irqs = fdt_no_irqs },
    { .compatible = "arm,l210-cache", .type = "l2x0", .irqs = fdt_no_irqs },
    { }
};

/*
 * Bindings of Samsung's Exynos family
 *
 * Which region and which output is which is what the models' init functions
 * say.  UARTs are with the other serial ports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../binding.h"

/* Interrupt combiner: lines of a group, and groups that the models have */
#define COMBINER_LINES      8
#define COMBINER_GROUPS     64
#define COMBINER_EXTERNAL   16
#define COMBINER_DEFAULT    16

/*
 * Interrupt combiner: interrupt-controller/samsung,exynos4210-combiner.yaml.
 * Each group of 8 lines has an output, which is the interrupt of its number.
 */

static unsigned combiner_groups(const FdtNode *node)
{
    uint32_t groups = COMBINER_DEFAULT;

    fdt_node_u32(node, "samsung,combiner-nr", &groups);
    return MIN(groups, COMBINER_GROUPS);
}

static bool combiner_input(FdtPlanner *planner, FdtDevice *combiner,
                           const uint32_t *cells, unsigned num_cells,
                           unsigned cpu, FdtInput *out, Error **errp)
{
    const FdtNode *node = fdt_device_node(combiner);

    if (num_cells < 2 || cells[0] >= combiner_groups(node) ||
        cells[1] >= COMBINER_LINES) {
        error_setg(errp, "%s has no line <%u %u>: it has %u groups of %d lines",
                   node->path, cells[0], num_cells > 1 ? cells[1] : 0,
                   combiner_groups(node), COMBINER_LINES);
        return false;
    }
    out->index = cells[0] * COMBINER_LINES + cells[1];
    return true;
}

static bool plan_combiner(FdtPlanner *planner, FdtDevice *combiner,
                          Error **errp)
{
    unsigned groups = combiner_groups(fdt_device_node(combiner));

    /* The model of the external combiner knows no more groups than that */
    fdt_device_set_uint(combiner, "external", groups <= COMBINER_EXTERNAL);
    return true;
}

static bool connect_combiner(FdtPlanner *planner, FdtDevice *combiner,
                             Error **errp)
{
    GArray *interrupts = fdt_device_interrupts(combiner);
    unsigned groups = combiner_groups(fdt_device_node(combiner));

    for (unsigned i = 0; i < MIN(groups, interrupts->len); i++) {
        if (!fdt_device_interrupt(planner, combiner, FDT_LINE_IRQ, i,
                                  &g_array_index(interrupts, FdtInterrupt, i),
                                  0, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * Multi Core Timer: timer/samsung,exynos4210-mct.yaml: four interrupts of the
 * global timer, then one for each CPU, or one that every CPU has of its own
 */

#define MCT_GLOBAL  4
#define MCT_LOCAL   2

static bool connect_mct(FdtPlanner *planner, FdtDevice *mct, Error **errp)
{
    GArray *interrupts = fdt_device_interrupts(mct);
    unsigned last = interrupts->len - 1;

    for (unsigned i = 0; interrupts->len && i < MCT_GLOBAL + MCT_LOCAL; i++) {
        unsigned cpu = i < MCT_GLOBAL ? 0 : i - MCT_GLOBAL;

        if ((i < MCT_GLOBAL && i > last) ||
            cpu >= fdt_planner_num_cpus(planner)) {
            continue;
        }
        if (!fdt_device_interrupt(planner, mct, FDT_LINE_IRQ, i,
                                  &g_array_index(interrupts, FdtInterrupt,
                                                 MIN(i, last)), cpu, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * samsung,exynos-chipid.yaml: drivers of clocks ask it for the boot pin that
 * selects the oscillator.  On boards it is that of USB, and the other one is at
 * rest.  What it says of the chip is not known here.
 */

#define CHIPID_SIZE     0x100
#define CHIPID_XOM      8
#define CHIPID_XOM_LEN  4
#define CHIPID_XOM_USB  1

static bool plan_chipid(FdtPlanner *planner, FdtDevice *chipid, Error **errp)
{
    GArray *regs = fdt_device_regs(chipid);
    FdtDevice *value;

    if (!regs->len || !g_array_index(regs, FdtReg, 0).mapped) {
        return true;
    }
    value = fdt_planner_add_device(planner, fdt_device_node(chipid), "loader",
                                   "value", FDT_RANK_OTHER);
    fdt_device_set_uint(value, "addr", CHIPID_XOM +
                        g_array_index(regs, FdtReg, 0).address);
    fdt_device_set_uint(value, "data", CHIPID_XOM_USB);
    fdt_device_set_uint(value, "data-len", CHIPID_XOM_LEN);
    fdt_device_after(value, chipid);
    return true;
}

static const FdtBindingProp chipid_props[] = {
    { .name = "size", .value = CHIPID_SIZE },
    FDT_END_PROPS
};

/*
 * SD cards
 */

static const FdtBindingProp sdhci_props[] = {
    { .name = "capareg", .value = 0x5e80080 },
    FDT_END_PROPS
};

static const char *const fimd_memory[] = { "framebuffer-memory", NULL };

const FdtBinding fdt_bindings_exynos[] = {
    { .compatible = "samsung,exynos4210-combiner",
      .type = "exynos4210.combiner", .rank = FDT_RANK_INTC, .num_irqs = -1,
      .input = combiner_input, .plan = plan_combiner,
      .connect = connect_combiner, .stub_below = true },
    { .compatible = "samsung,exynos4210-mct", .type = "exynos4210.mct",
      .num_irqs = -1, .connect = connect_mct, .stub_below = true,
      .clock_rate = 24000000, .timer = true, .max_cpus = MCT_LOCAL },
    { .compatible = "samsung,exynos4210-pwm", .type = "exynos4210.pwm",
      .num_irqs = 5, .stub_below = true, .clock_rate = 100000000 },
    { .compatible = "samsung,exynos4210-clock", .type = "exynos4210.clk",
      .rank = FDT_RANK_CLOCK, .num_irqs = -1, .stub_below = true },
    { .compatible = "samsung,exynos4210-chipid", .type = "sysbus-memory",
      .substitute = "its boot pins alone", .props = chipid_props,
      .num_irqs = -1, .plan = plan_chipid,
      .stub_below = true },
    { .compatible = "samsung,exynos4210-pmu", .type = "exynos4210.pmu",
      .num_irqs = -1, .passes_interrupts = true, .needs_children = true,
      .stub_below = true },
    { .compatible = "samsung,exynos4-rng", .type = "exynos4210.rng",
      .num_irqs = -1, .stub_below = true },
    { .compatible = "samsung,s3c2440-i2c", .type = "exynos4210.i2c",
      .needs_children = true, .stub_below = true, .clock_rate = 100000000 },
    { .compatible = "samsung,s3c6410-rtc", .type = "exynos4210.rtc",
      .num_irqs = 2, .stub_below = true },
    { .compatible = "samsung,exynos4210-sdhci", .type = "s3c-sdhci",
      .props = sdhci_props, .plan = fdt_plan_card_slot, .stub_below = true,
      .clock_rate = 50000000 },
    { .compatible = "samsung,exynos4210-fimd", .type = "exynos4210.fimd",
      .num_irqs = 3, .memory_links = fimd_memory, .stub_below = true },
    { .compatible = "samsung,exynos4210-ehci", .type = "exynos4210-ehci-usb",
      .stub_below = true, .clock_rate = 48000000 },
    { }
};

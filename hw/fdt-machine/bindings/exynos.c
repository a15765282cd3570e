/*
 * Bindings of Samsung's Exynos family
 *
 * The indexes of regions and outputs are those that the init functions of
 * QEMU's models give them.  The UARTs are in serial.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/* Interrupt combiner: lines in a group, and groups that QEMU's model has */
#define COMBINER_LINES      8
#define COMBINER_GROUPS     64
#define COMBINER_EXTERNAL   16
#define COMBINER_DEFAULT    16

/*
 * Interrupt combiner: interrupt-controller/samsung,exynos4210-combiner.yaml.
 * Lines are in groups of 8.  Output n of the model is group n, which leads to
 * entry n of the node's `interrupts`.
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

    /* The external combiner is the one with no more than these groups */
    fdt_device_set_uint(combiner, "external", groups <= COMBINER_EXTERNAL);
    return true;
}

static bool connect_combiner(FdtPlanner *planner, FdtDevice *combiner,
                             Error **errp)
{
    unsigned groups = combiner_groups(fdt_device_node(combiner));

    for (unsigned i = 0; i < MIN(groups, fdt_device_num_irqs(combiner)); i++) {
        if (!fdt_device_interrupt(planner, combiner, FDT_LINE_IRQ, i,
                                  fdt_device_irq(combiner, i), 0, errp)) {
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
    unsigned num = fdt_device_num_irqs(mct);
    unsigned last = num - 1;

    for (unsigned i = 0; num && i < MCT_GLOBAL + MCT_LOCAL; i++) {
        unsigned cpu = i < MCT_GLOBAL ? 0 : i - MCT_GLOBAL;

        if ((i < MCT_GLOBAL && i > last) ||
            cpu >= fdt_planner_num_cpus(planner)) {
            continue;
        }
        if (!fdt_device_interrupt(planner, mct, FDT_LINE_IRQ, i,
                                  fdt_device_irq(mct, MIN(i, last)), cpu,
                                  errp)) {
            return false;
        }
    }
    return true;
}

/*
 * samsung,exynos-chipid.yaml: the driver of the clocks reads here which of two
 * oscillators a boot pin has selected.  On boards it is the one of USB; the
 * other one does not run.  The chip's identification is left 0.
 */

#define CHIPID_SIZE     0x100
#define CHIPID_XOM      8
#define CHIPID_XOM_LEN  4
#define CHIPID_XOM_USB  1

static bool plan_chipid(FdtPlanner *planner, FdtDevice *chipid, Error **errp)
{
    FdtDevice *value;
    FdtReg reg;

    if (!fdt_device_reg(chipid, 0, &reg, NULL)) {
        return true;        /* plan_chipid() maps its region */
    }
    value = fdt_planner_add_device(planner, fdt_device_node(chipid), "loader",
                                   "value", FDT_RANK_OTHER);
    fdt_device_set_uint(value, "addr", CHIPID_XOM + reg.address);
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
 * The Exynos5's generator is started by another register than the Exynos4's,
 * which is the one that has a model; a driver for both knows how to start that
 * (exynos-rng.c of Linux)
 */
static const FdtGuestProp rng_guest[] = {
    { .name = "compatible", .string = "samsung,exynos4-rng" },
    { }
};

/*
 * SD cards
 */

static const FdtBindingProp sdhci_props[] = {
    { .name = "capareg", .value = 0x5e80080 },
    FDT_END_PROPS
};

static const FdtBindingLink fimd_memory[] = {
    { "framebuffer-memory" },
    FDT_END_LINKS
};

const FdtBinding fdt_bindings_exynos[] = {
    { .compatible = "samsung,exynos4210-combiner",
      .type = "exynos4210.combiner", .irqs = fdt_no_irqs,
      .intc = FDT_INTC(.input = combiner_input), .plan = plan_combiner,
      .connect = connect_combiner, .cover = FDT_COVER_PART },
    { .compatible = "samsung,exynos4210-mct", .type = "exynos4210.mct",
      .irqs = fdt_no_irqs, .connect = connect_mct, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 24000000),
      .timer = FDT_TIMER(.wants_clock = true, .max_cpus = MCT_LOCAL) },
    { .compatible = "samsung,exynos4210-pwm", .type = "exynos4210.pwm",
      .num_irqs = 5, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 100000000) },
    { .compatible = "samsung,exynos4210-clock", .type = "exynos4210.clk",
      .is = FDT_CLOCKS, .irqs = fdt_no_irqs, .cover = FDT_COVER_PART },
    { .compatible = "samsung,exynos4210-chipid", .type = "sysbus-memory",
      .substitute = "its boot pins alone", .props = chipid_props,
      .irqs = fdt_no_irqs, .plan = plan_chipid, .cover = FDT_COVER_PART },
    { .compatible = "samsung,exynos4210-pmu", .type = "exynos4210.pmu",
      .irqs = fdt_no_irqs, .intc = FDT_INTC(.forwards = true),
      .is = FDT_CONTAINER, .cover = FDT_COVER_PART },
    { .compatible = "samsung,exynos4-rng", .type = "exynos4210.rng",
      .irqs = fdt_no_irqs, .cover = FDT_COVER_PART },
    { .compatible = "samsung,exynos5250-prng", .type = "exynos4210.rng",
      .substitute = "the generator of an Exynos4", .irqs = fdt_no_irqs,
      .cover = FDT_COVER_PART, .guest = FDT_GUEST(.props = rng_guest) },
    { .compatible = "samsung,s3c2440-i2c", .type = "exynos4210.i2c",
      .i2c = FDT_I2C(.bus = "i2c"), .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 100000000) },
    { .compatible = "samsung,s3c6410-rtc", .type = "exynos4210.rtc",
      .num_irqs = 2, .cover = FDT_COVER_PART },
    { .compatible = "samsung,exynos4210-sdhci", .type = "s3c-sdhci",
      .props = sdhci_props, .plan = fdt_plan_card_slot,
      .cover = FDT_COVER_PART, .guest = FDT_GUEST(.clock_rate = 50000000) },
    { .compatible = "samsung,exynos4210-fimd", .type = "exynos4210.fimd",
      .num_irqs = 3, .links = fimd_memory, .cover = FDT_COVER_PART },
    { .compatible = "samsung,exynos4210-ehci", .type = "exynos4210-ehci-usb",
      .cover = FDT_COVER_PART, .guest = FDT_GUEST(.clock_rate = 48000000) },
    { }
};

/*
 * Bindings: Arm's Generic Interrupt Controllers: arm,gic.yaml, arm,gic-v3.yaml
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../plan/api.h"
#include "tables.h"

/* Interrupt specifiers of arm,gic and arm,gic-v3: first cell */
#define GIC_SPI 0
#define GIC_PPI 1
#define GIC_ESPI 2
#define GIC_EPPI 3
/* Third cell */
#define GIC_LEVEL_HIGH 4
/* Lines that the GIC architecture numbers before the first SPI */
#define GIC_INTERNAL    32
#define GIC_PPI_BASE    16
#define GIC_MAX_IRQ     1020
/* One GICv3 redistributor: RD_base and SGI_base frames */
#define GICV3_REDIST_SIZE   0x20000
#define GICV2_MAX_CPUS  8
#define GICV1_DIST_SIZE 0x1000
#define GICV1_CPU_SIZE  0x100
/* GICv2m frames that do not name their SPIs get them below this one */
#define V2M_TOP_SPI     960
#define V2M_NUM_SPIS    32

/* Inputs of a CPU, in QEMU's order: IRQ, FIQ, and the same of its guests */
#define NUM_CPU_INPUTS  4

/*
 * Linux reads PPI n >= 16 as SPI n - 16 (irq-gic.c adds the same 16 to all
 * PPIs, and looks at no bound), and trees rely on it
 */
static void wrap_ppi(uint32_t *kind, uint32_t *number)
{
    if (*kind == GIC_PPI && *number >= GIC_PPI_BASE &&
        *number < GIC_MAX_IRQ - GIC_PPI_BASE) {
        *kind = GIC_SPI;
        *number -= GIC_PPI_BASE;
    }
}

static bool gic_input(FdtPlanner *planner, FdtDevice *gic,
                      const uint32_t *cells, unsigned num_cells,
                      unsigned cpu, FdtInput *out, Error **errp)
{
    uint32_t kind, number;

    if (num_cells == 1) {
        kind = GIC_SPI;     /* arm,gic-v2m and alike pass the line itself */
        number = cells[0] - GIC_INTERNAL;
    } else if (num_cells >= 3) {
        kind = cells[0];
        number = cells[1];
    } else {
        error_setg(errp, "%s wants 3 cells a specifier, not %u",
                   fdt_device_node(gic)->path, num_cells);
        return false;
    }
    wrap_ppi(&kind, &number);
    if (kind == GIC_SPI && number < GIC_MAX_IRQ - GIC_INTERNAL) {
        out->index = number;
        return true;
    }
    if (kind == GIC_PPI && number < GIC_PPI_BASE) {
        out->index = cpu * GIC_INTERNAL + GIC_PPI_BASE + number;
        out->after_shared = true;
        return true;
    }
    error_setg(errp, "%s has no line for specifier <%u %u>: %s",
               fdt_device_node(gic)->path, kind, number,
               kind == GIC_SPI ? "an SPI is below 988" :
               kind == GIC_PPI ? "a PPI is below 16" :
               "the first cell is 0 for an SPI, 1 for a PPI");
    return false;
}

/* Whether GICD_SETSPI_NSR raises that SPI: a tree gives such to MSIs */
static bool is_mbi(const FdtNode *gic, unsigned spi)
{
    unsigned intid = spi + GIC_INTERNAL;
    uint32_t base, num;

    for (unsigned i = 0;
         fdt_node_u32_index(gic, "mbi-ranges", 2 * i, &base) &&
         fdt_node_u32_index(gic, "mbi-ranges", 2 * i + 1, &num); i++) {
        if (intid >= base && intid - base < num) {
            return true;
        }
    }
    return false;
}

/* Whether a frame for messages below the GIC has the SPI */
static bool is_of_frame(const FdtNode *gic, unsigned spi)
{
    unsigned intid = spi + GIC_INTERNAL;
    uint32_t base, num;

    for (unsigned i = 0; i < gic->children->len; i++) {
        const FdtNode *frame = g_ptr_array_index(gic->children, i);

        if (fdt_node_u32(frame, "arm,msi-base-spi", &base) &&
            fdt_node_u32(frame, "arm,msi-num-spis", &num) &&
            intid >= base && intid - base < num) {
            return true;
        }
    }
    return false;
}

static int gic_line(const FdtDevice *gic, unsigned i, uint32_t *cells)
{
    const FdtNode *node = fdt_device_node(gic);
    uint32_t num_cells;

    if (i >= GIC_MAX_IRQ - GIC_INTERNAL ||
        !fdt_node_u32(node, "#interrupt-cells", &num_cells) ||
        num_cells < 3 || num_cells > FDT_MAX_CELLS) {
        return 0;
    }
    memset(cells, 0, num_cells * sizeof(*cells));
    cells[0] = GIC_SPI;
    cells[1] = i;
    cells[2] = GIC_LEVEL_HIGH;
    return is_mbi(node, i) || is_of_frame(node, i) ? -1 : num_cells;
}

/*
 * Number of lines: what the controller's kind has, and all that the tree uses,
 * in the GIC's steps of 32
 */
static unsigned gic_num_irq(FdtPlanner *planner, FdtDevice *gic)
{
    FdtNode *node = fdt_device_node(gic);
    int64_t max = fdt_planner_max_specifier(planner, node, GIC_SPI, 1);
    int64_t last = fdt_device_binding(gic)->intc->count - 1;
    FdtNode *v2m = NULL;
    uint32_t base, num;

    while ((v2m = fdt_planner_next_compatible(planner, v2m,
                                              "arm,gic-v2m-frame"))) {
        if (fdt_node_u32(v2m, "arm,msi-base-spi", &base) &&
            fdt_node_u32(v2m, "arm,msi-num-spis", &num)) {
            max = MAX(max, (int64_t)base + num - 1 - GIC_INTERNAL);
        }
    }
    if (max > last) {
        fdt_planner_note(planner, node, "SPI %" PRId64 " is in use, above %"
                         PRId64 ", the last one of an %s", max, last,
                         fdt_device_binding(gic)->compatible);
    }
    max = MIN(MAX(max, last), GIC_MAX_IRQ - GIC_INTERNAL - 1);
    return MIN(ROUND_UP(max + 1 + GIC_INTERNAL, 32), GIC_MAX_IRQ);
}

static void gic_wire_cpus(FdtPlanner *planner, FdtDevice *gic)
{
    unsigned n = fdt_planner_num_cpus(planner);

    for (unsigned line = 0; line < NUM_CPU_INPUTS; line++) {
        for (unsigned i = 0; i < n; i++) {
            fdt_device_wire(planner, gic, FDT_LINE_IRQ, line * n + i,
                            fdt_planner_cpu(planner, i), FDT_LINE_IN, line);
        }
    }
}

/* CPUs have to be there before the controller that serves them */
static void gic_after_cpus(FdtPlanner *planner, FdtDevice *gic)
{
    for (unsigned i = 0; i < fdt_planner_num_cpus(planner); i++) {
        fdt_device_after(gic, fdt_planner_cpu(planner, i));
    }
}

static bool plan_gic(FdtPlanner *planner, FdtDevice *gic, uint32_t revision,
                     Error **errp)
{
    unsigned n = fdt_planner_num_cpus(planner);

    if (n > GICV2_MAX_CPUS) {
        fdt_error(errp, fdt_device_node(gic), NULL, "this GIC serves 8 CPUs, "
                  "the tree has %u; start with -smp 8 or less", n);
        return false;
    }
    fdt_device_set_uint(gic, "revision", revision);
    fdt_device_set_uint(gic, "num-cpu", n);
    gic_after_cpus(planner, gic);
    return true;
}

/*
 * `cpu-offset` (qcom,msm-qgic2): each CPU finds its banked registers at another
 * address.  The model knows which CPU accesses it, so the same region is mapped
 * at all of these addresses.
 */
static bool map_banks(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    const FdtNode *node = fdt_device_node(gic);
    uint32_t offset;

    if (!fdt_node_u32(node, "cpu-offset", &offset) || !offset) {
        return true;
    }
    for (unsigned cpu = 1; cpu < fdt_planner_num_cpus(planner); cpu++) {
        for (unsigned i = 0; i < 2; i++) {
            g_autofree char *alias = g_strdup_printf("bank%u-%u", cpu, i);
            FdtReg reg;

            if (!fdt_device_reg(gic, i, &reg, errp)) {
                return false;
            }
            fdt_device_map_window(gic, i, reg.address + cpu * offset, alias,
                                  0, MIN(offset, i ? GICV1_CPU_SIZE
                                                   : GICV1_DIST_SIZE));
        }
    }
    return true;
}

static bool plan_gicv1(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    if (!map_banks(planner, gic, errp)) {
        return false;
    }
    return plan_gic(planner, gic, 1, errp);
}

/* Regions GICH and GICV, for GICs that have a maintenance interrupt */
static void map_gic_virt(FdtDevice *gic)
{
    for (unsigned i = 2; i < 4; i++) {
        FdtReg reg;

        if (fdt_device_reg(gic, i, &reg, NULL)) {
            fdt_device_map(gic, i, NULL, reg.address, reg.size);
        }
    }
}

static bool plan_gicv2(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    bool virt = fdt_device_num_regs(gic) >= 4 &&
                fdt_node_has(fdt_device_node(gic), "interrupts");

    fdt_device_set_bool(gic, "has-virtualization-extensions", virt);
    if (virt) {
        map_gic_virt(gic);
    }
    return plan_gic(planner, gic, 2, errp);
}

/* Maintenance interrupts follow the outputs to the CPUs */
static bool connect_gicv2(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    const FdtInterrupt *irq = fdt_device_irq(gic, 0);
    unsigned n = fdt_planner_num_cpus(planner);

    gic_wire_cpus(planner, gic);
    if (fdt_device_num_regs(gic) < 4) {
        return true;
    }
    for (unsigned i = 0; irq && i < n; i++) {
        if (!fdt_device_interrupt(planner, gic, FDT_LINE_IRQ,
                                  NUM_CPU_INPUTS * n + i, irq, i,
                                  errp)) {
            return false;
        }
    }
    return true;
}

static bool connect_gicv1(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    gic_wire_cpus(planner, gic);
    return true;
}

static bool finish_gic(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    unsigned num_irq = gic_num_irq(planner, gic);

    fdt_device_set_uint(gic, "num-irq", num_irq);
    fdt_device_move_inputs(planner, gic, num_irq - GIC_INTERNAL);
    return true;
}

/*
 * The model has the redistributors side by side; where the tree has a stride
 * between them, each one is mapped by a window of its own
 */
static void map_redistributors(FdtDevice *gic, unsigned region,
                               uint64_t address, unsigned count,
                               uint64_t stride)
{
    if (stride == GICV3_REDIST_SIZE) {
        fdt_device_map(gic, region, NULL, address,
                       (uint64_t)count * GICV3_REDIST_SIZE);
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *alias = g_strdup_printf("redistributor%u-%u", region,
                                                 i);

        fdt_device_map_window(gic, region, address + i * stride, alias,
                              (uint64_t)i * GICV3_REDIST_SIZE,
                              GICV3_REDIST_SIZE);
    }
}

/* Redistributors: as many in each region as fit, until every CPU has one */
static bool plan_redistributors(FdtPlanner *planner, FdtDevice *gic,
                                Error **errp)
{
    FdtNode *node = fdt_device_node(gic);
    unsigned left = fdt_planner_num_cpus(planner);
    uint32_t regions = 1;
    uint64_t stride = GICV3_REDIST_SIZE;
    QList *counts = qlist_new();

    fdt_node_u32(node, "#redistributor-regions", &regions);
    fdt_node_u64(node, "redistributor-stride", &stride);
    regions = MIN(regions, fdt_device_num_regs(gic));
    for (unsigned i = 0; i < regions && left; i++) {
        FdtReg reg;
        unsigned count;

        if (!fdt_device_reg(gic, i + 1, &reg, NULL)) {
            continue;
        }
        count = MIN(reg.size / MAX(stride, GICV3_REDIST_SIZE), left);
        if (!count) {
            continue;
        }
        map_redistributors(gic, 1 + qlist_size(counts), reg.address, count,
                           MAX(stride, GICV3_REDIST_SIZE));
        qlist_append_int(counts, count);
        left -= count;
    }
    fdt_device_set_list(gic, "redist-region-count", counts);
    if (left) {
        fdt_error(errp, node, "reg", "the redistributor regions have no room "
                  "for %u of %u CPUs", left, fdt_planner_num_cpus(planner));
    }
    return !left;
}

static bool has_its(FdtPlanner *planner, FdtDevice *gic)
{
    FdtNode *node = fdt_device_node(gic);

    for (unsigned i = 0; i < node->children->len; i++) {
        FdtNode *child = g_ptr_array_index(node->children, i);

        if (fdt_node_is_compatible(child, "arm,gic-v3-its") &&
            fdt_node_available(child) &&
            fdt_planner_has_type(planner, "arm-gicv3-its")) {
            return true;
        }
    }
    return false;
}

static bool plan_gicv3(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    FdtNode *node = fdt_device_node(gic);
    FdtReg distributor;

    if (fdt_device_num_regs(gic) < 2 ||
        !fdt_device_reg(gic, 0, &distributor, NULL)) {
        fdt_error(errp, node, "reg", "a GICv3 needs a distributor and at "
                  "least one redistributor region");
        return false;
    }
    fdt_device_set_uint(gic, "num-cpu", fdt_planner_num_cpus(planner));
    fdt_device_set_uint(gic, "revision", 3);
    if (has_its(planner, gic)) {
        fdt_device_set_bool(gic, "has-lpi", true);
        fdt_device_link_memory(gic, "sysmem");
    }
    gic_after_cpus(planner, gic);
    return plan_redistributors(planner, gic, errp);
}

/* The maintenance interrupt is an output of each CPU */
static bool connect_gicv3(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    const FdtInterrupt *irq = fdt_device_irq(gic, 0);

    gic_wire_cpus(planner, gic);
    for (unsigned i = 0; irq && i < fdt_planner_num_cpus(planner); i++) {
        if (!fdt_device_interrupt(planner, fdt_planner_cpu(planner, i),
                                  "gicv3-maintenance-interrupt", 0, irq, i,
                                  errp)) {
            return false;
        }
    }
    return true;
}

static bool plan_its(FdtPlanner *planner, FdtDevice *its, Error **errp)
{
    FdtDevice *gic = fdt_planner_device(planner,
                                        fdt_device_node(its)->parent);

    if (!gic) {
        fdt_error(errp, fdt_device_node(its), NULL,
                  "an ITS has to be a child of its GICv3");
        return false;
    }
    fdt_device_link(its, "parent-gicv3", gic);
    return true;
}

/*
 * A frame's node may leave it to the register MSI_TYPER which SPIs are its own.
 * Each such frame gets some below V2M_TOP_SPI, where no other device has any
 */
static uint32_t v2m_unnamed_base(FdtPlanner *planner, const FdtNode *frame)
{
    const FdtNode *other = NULL;
    uint32_t base = V2M_TOP_SPI;

    while ((other = fdt_planner_next_compatible(planner, other,
                                                "arm,gic-v2m-frame")) &&
           other != frame) {
        if (!fdt_node_has(other, "arm,msi-base-spi")) {
            base -= V2M_NUM_SPIS;
        }
    }
    return base;
}

/* The outputs of a frame lead to SPIs of the GIC whose child node it is */
static bool connect_v2m(FdtPlanner *planner, FdtDevice *v2m, Error **errp)
{
    FdtNode *node = fdt_device_node(v2m);
    uint32_t base = v2m_unnamed_base(planner, node), num = V2M_NUM_SPIS;

    if (!fdt_node_u32(node, "arm,msi-base-spi", &base)) {
        fdt_planner_note(planner, node, "the tree does not name its SPIs: "
                         "%u to %u", base, base + num - 1);
    }
    fdt_node_u32(node, "arm,msi-num-spis", &num);
    if (!fdt_planner_device(planner, node->parent) || base < GIC_INTERNAL ||
        base > GIC_MAX_IRQ || !num || num > GIC_MAX_IRQ - base) {
        fdt_error(errp, node, "arm,msi-base-spi", "a GICv2m frame has to be "
                  "a child of its GIC and name SPIs from 32 to 1019");
        return false;
    }
    fdt_device_set_uint(v2m, "base-spi", base - GIC_INTERNAL);
    fdt_device_set_uint(v2m, "num-spi", num);
    for (unsigned i = 0; i < num; i++) {
        FdtInterrupt spi = {
            .controller = node->parent,
            .cells = { GIC_SPI, base - GIC_INTERNAL + i },
            .num_cells = 3,
        };

        if (!fdt_device_interrupt(planner, v2m, FDT_LINE_IRQ, i, &spi, 0,
                                  errp)) {
            return false;
        }
    }
    return true;
}

static const FdtBindingReg gic_regs[] = {
    { .reg = 0, .region = 0 },
    { .reg = 1, .region = 1 },
    FDT_END_REGS
};

static const FdtBindingReg gicv3_regs[] = {
    { .reg = 0, .region = 0 },      /* redistributors: plan_gicv3() */
    FDT_END_REGS
};

/*
 * Rows say how many SPIs a GIC of the kind can have, by its technical reference
 * manual, or how many the architecture allows.  A tree names those that its own
 * devices use; the controller has more, and a user who adds a device wants one
 * of these.
 */
#define GIC_MAX_SPIS    (GIC_MAX_IRQ - GIC_INTERNAL)

#define GIC(compat, version, spis)                                      \
    { .compatible = compat, .type = "arm_gic", .regs = gic_regs,        \
      .irqs = fdt_no_irqs,                                              \
      .intc = FDT_INTC(.count = spis, .input = gic_input,               \
                       .line = gic_line, .number_cell = 2),             \
      .plan = plan_##version, .connect = connect_##version,             \
      .finish = finish_gic, .cover = FDT_COVER_PART,                    \
      .is = FDT_CONTAINER }

const FdtBinding fdt_bindings_gic[] = {
    GIC("arm,gic-400", gicv2, 480),             /* DDI 0471 */
    GIC("arm,cortex-a15-gic", gicv2, 224),      /* DDI 0438 */
    GIC("arm,cortex-a7-gic", gicv2, 480),       /* DDI 0464 */
    GIC("qcom,msm-qgic2", gicv2, GIC_MAX_SPIS),
    GIC("qcom,msm-8660-qgic", gicv2, GIC_MAX_SPIS),
    GIC("arm,cortex-a9-gic", gicv1, 224),       /* DDI 0407 */
    GIC("arm,cortex-a5-gic", gicv1, 224),       /* DDI 0434 */
    GIC("arm,arm11mp-gic", gicv1, 224),         /* DDI 0360 */
    GIC("arm,eb11mp-gic", gicv1, 224),
    GIC("arm,pl390", gicv1, GIC_MAX_SPIS),
    /* Generations by name, as trees of real-time systems have them */
    GIC("arm,gic-v1", gicv1, GIC_MAX_SPIS),
    GIC("arm,gic-v2", gicv2, GIC_MAX_SPIS),
    GIC("arm,gic", gicv2, GIC_MAX_SPIS),
    /* GIC-500 and -600, DDI 0516 and 100336: they have no string of theirs */
    { .compatible = "arm,gic-v3", .type = "arm-gicv3", .regs = gicv3_regs,
      .irqs = fdt_no_irqs,
      .intc = FDT_INTC(.count = 960, .input = gic_input, .line = gic_line,
                       .number_cell = 2),
      .plan = plan_gicv3, .connect = connect_gicv3, .finish = finish_gic,
      .cover = FDT_COVER_PART, .is = FDT_CONTAINER },
    { .compatible = "arm,gic-v3-its", .type = "arm-gicv3-its",
      .intc = FDT_INTC(.no_lines = true), .irqs = fdt_no_irqs,
      .plan = plan_its },
    { .compatible = "arm,gic-v2m-frame", .type = "arm-gicv2m",
      .intc = FDT_INTC(.no_lines = true), .irqs = fdt_no_irqs,
      .connect = connect_v2m },
    { }
};

/*
 * Bindings: Arm CPUs, interrupt controllers, timers and private blocks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qnum.h"
#include "../binding.h"

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
/* Private region of a Cortex-A9: the SCU, and where the distributor is */
#define A9_SCU_SIZE     0x100
#define A9_DIST_OFFSET  0x1000
/* SPIs of GICv2m frames that do not name theirs, from here down */
#define V2M_TOP_SPI     960
#define V2M_NUM_SPIS    32

/*
 * CPUs
 */

/* Inputs of a CPU, in QEMU's order */
static const char *const cpu_inputs[] = { "irq", "fiq", "virq", "vfiq" };

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
 * hvc only if it has no EL2 either.
 */
static bool connect_cpu_el3(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    fdt_device_set_bool(device, "has_el3", fdt_planner_boot(planner)->secure);
    return true;
}

static bool connect_cpu_el2(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    const char *psci = fdt_planner_psci(planner);
    const char *secondary = fdt_planner_boot(planner)->secondary;
    bool el2 = psci ? g_str_equal(psci, "smc")
                    : g_str_equal(secondary, "spin-table");

    fdt_device_set_bool(device, "has_el2", el2);
    return connect_cpu_el3(planner, device, errp);
}

/* Address of the first region of the first node of that kind */
static bool block_address(FdtPlanner *planner, const char *compatible,
                          uint64_t *address)
{
    FdtNode *node = fdt_planner_find_compatible(planner, compatible);
    g_autoptr(GArray) regs = node ? fdt_node_regs(node, NULL) : NULL;

    if (!regs || !regs->len || !g_array_index(regs, FdtReg, 0).mapped) {
        return false;
    }
    *address = g_array_index(regs, FdtReg, 0).address;
    return true;
}

/* Trees may leave out the SCU, which no driver binds to; kernels look at it */
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
 * The private region of a Cortex-A9 starts with its SCU; the GIC's distributor
 * has its place in it, too
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

#define CPU(compat, model, el)                                          \
    { .compatible = compat, .type = model "-arm-cpu",                   \
      .rank = FDT_RANK_CPU, .num_regs = -1, .num_irqs = -1,             \
      .plan = plan_cpu, .connect = el }
#define CPU_A9(compat, why)                                             \
    { .compatible = compat, .type = "cortex-a9-arm-cpu",                \
      .substitute = why,                                                \
      .rank = FDT_RANK_CPU, .num_regs = -1, .num_irqs = -1,             \
      .plan = plan_cpu_a9, .connect = connect_cpu_el3 }
#define CPU_NEAR(compat, model)                                         \
    { .compatible = compat, .type = model "-arm-cpu",                   \
      .substitute = "QEMU has no " compat "; " model " is near",        \
      .rank = FDT_RANK_CPU, .num_regs = -1, .num_irqs = -1,             \
      .plan = plan_cpu, .connect = connect_cpu_el2 }

const FdtBinding fdt_binding_any_cpu = {
    .compatible = "", .type = "", .rank = FDT_RANK_CPU, .num_regs = -1,
    .num_irqs = -1, .plan = plan_cpu,
};

/*
 * GIC: arm,gic.yaml and arm,gic-v3.yaml
 */

/*
 * A PPI beyond the last one is the line that it counts to from the first one,
 * an SPI: so systems that know no bounds take it, and trees rely on that
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
        /* The CPUs' own inputs follow the SPIs: known when all is connected */
        out->index = UINT32_MAX - (cpu * GIC_INTERNAL + GIC_PPI_BASE + number);
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

static int gic_spare(const FdtDevice *gic, unsigned i, uint32_t *cells)
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
    return is_mbi(node, i) ? -1 : num_cells;
}

/*
 * How many SPIs a GIC of each kind can have, by its technical reference manual.
 * A tree names those that its own devices use; the controller has more, and a
 * user who adds a device wants one of these.  For kinds that are not listed, it
 * is what the architecture allows.
 */
typedef struct FdtGicKind {
    const char *compatible;
    unsigned spis;
} FdtGicKind;

static const FdtGicKind gic_kinds[] = {
    { "arm,gic-400", 480 },             /* DDI 0471 */
    { "arm,cortex-a7-gic", 480 },       /* DDI 0464 */
    { "arm,cortex-a15-gic", 224 },      /* DDI 0438 */
    { "arm,cortex-a9-gic", 224 },       /* DDI 0407 */
    { "arm,cortex-a5-gic", 224 },       /* DDI 0434 */
    { "arm,arm11mp-gic", 224 },         /* DDI 0360 */
    { "arm,eb11mp-gic", 224 },
    /* No number of its own: GIC-500 and GIC-600, DDI 0516 and 100336 */
    { "arm,gic-v3", 960 },
};

static unsigned gic_kind_spis(const FdtDevice *gic)
{
    const char *compatible = fdt_device_binding(gic)->compatible;

    for (unsigned i = 0; i < ARRAY_SIZE(gic_kinds); i++) {
        if (g_str_equal(gic_kinds[i].compatible, compatible)) {
            return gic_kinds[i].spis;
        }
    }
    return GIC_MAX_IRQ - GIC_INTERNAL;
}

/*
 * Number of lines: what the controller's kind has, and all that the tree uses,
 * in the GIC's steps of 32
 */
static unsigned gic_num_irq(FdtPlanner *planner, FdtDevice *gic)
{
    FdtNode *node = fdt_device_node(gic);
    int64_t max = fdt_planner_max_specifier(planner, node, GIC_SPI, 1);
    int64_t last = gic_kind_spis(gic) - 1;
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

    for (unsigned line = 0; line < ARRAY_SIZE(cpu_inputs); line++) {
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
 * `cpu-offset`: CPUs look for what is their own at addresses of their own.  The
 * model knows who asks, so each place shows the same.
 */
static bool map_banks(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    const FdtNode *node = fdt_device_node(gic);
    g_autoptr(GArray) regs = fdt_node_regs(node, errp);
    uint32_t offset;

    if (!regs) {
        return false;
    }
    if (!fdt_node_u32(node, "cpu-offset", &offset) || !offset) {
        return true;
    }
    for (unsigned cpu = 1; cpu < fdt_planner_num_cpus(planner); cpu++) {
        for (unsigned i = 0; i < MIN(regs->len, 2); i++) {
            FdtReg *reg = &g_array_index(regs, FdtReg, i);
            g_autofree char *alias = g_strdup_printf("bank%u-%u", cpu, i);

            fdt_device_map_window(gic, i, reg->address + cpu * offset, alias,
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

/* GICH and GICV, which only a GIC with a maintenance interrupt has */
static void map_gic_virt(FdtDevice *gic, const GArray *regs)
{
    for (unsigned i = 2; i < 4; i++) {
        FdtReg *reg = &g_array_index(regs, FdtReg, i);

        if (reg->mapped) {
            fdt_device_map(gic, i, NULL, reg->address, reg->size);
        }
    }
}

static bool plan_gicv2(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    FdtNode *node = fdt_device_node(gic);
    g_autoptr(GArray) regs = fdt_node_regs(node, errp);
    bool virt;

    if (!regs) {
        return false;
    }
    virt = regs->len >= 4 && fdt_node_has(node, "interrupts");
    fdt_device_set_bool(gic, "has-virtualization-extensions", virt);
    if (virt) {
        map_gic_virt(gic, regs);
    }
    return plan_gic(planner, gic, 2, errp);
}

/* Maintenance interrupts follow the outputs to the CPUs */
static bool connect_gicv2(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    GArray *interrupts = fdt_device_interrupts(gic);
    unsigned n = fdt_planner_num_cpus(planner);

    gic_wire_cpus(planner, gic);
    if (fdt_device_regs(gic)->len < 4) {
        return true;
    }
    for (unsigned i = 0; interrupts->len && i < n; i++) {
        if (!fdt_device_interrupt(planner, gic, FDT_LINE_IRQ,
                                  ARRAY_SIZE(cpu_inputs) * n + i,
                                  &g_array_index(interrupts, FdtInterrupt, 0),
                                  i, errp)) {
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

/* The model has its redistributors side by side: a stride needs windows */
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
                                GArray *regs, Error **errp)
{
    FdtNode *node = fdt_device_node(gic);
    unsigned left = fdt_planner_num_cpus(planner);
    uint32_t regions = 1;
    uint64_t stride = GICV3_REDIST_SIZE;
    QList *counts = qlist_new();

    fdt_node_u32(node, "#redistributor-regions", &regions);
    fdt_node_u64(node, "redistributor-stride", &stride);
    for (unsigned i = 0; i < regions && left; i++) {
        FdtReg *reg;
        unsigned count;

        if (i + 1 >= regs->len) {
            break;
        }
        reg = &g_array_index(regs, FdtReg, i + 1);
        count = MIN(reg->size / MAX(stride, GICV3_REDIST_SIZE), left);
        if (!count || !reg->mapped) {
            continue;
        }
        map_redistributors(gic, 1 + qlist_size(counts), reg->address, count,
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
    g_autoptr(GArray) regs = fdt_node_regs(node, errp);

    if (!regs) {
        return false;
    }
    if (regs->len < 2 || !g_array_index(regs, FdtReg, 0).mapped) {
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
    return plan_redistributors(planner, gic, regs, errp);
}

/* The maintenance interrupt is an output of each CPU */
static bool connect_gicv3(FdtPlanner *planner, FdtDevice *gic, Error **errp)
{
    GArray *interrupts = fdt_device_interrupts(gic);

    gic_wire_cpus(planner, gic);
    for (unsigned i = 0; interrupts->len &&
         i < fdt_planner_num_cpus(planner); i++) {
        if (!fdt_device_interrupt(planner, fdt_planner_cpu(planner, i),
                                  "gicv3-maintenance-interrupt", 0,
                                  &g_array_index(interrupts, FdtInterrupt, 0),
                                  i, errp)) {
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
 * Trees may leave a frame's SPIs to its MSI_TYPER register: then each such
 * frame gets some from the top of what a GIC can have, where no other is
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

/* A frame's interrupts are SPIs of the GIC around it */
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

/*
 * Architected timer: lines of the CPUs (arm,arch_timer.yaml)
 */

typedef struct FdtTimerLine {
    const char *name;       /* in interrupt-names */
    unsigned output;        /* of the CPU */
} FdtTimerLine;

/* In the order that the binding gives to interrupts without names */
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
    GArray *interrupts = fdt_device_interrupts(timer);
    bool named = fdt_node_has(node, "interrupt-names");
    uint32_t rate;

    for (unsigned i = 0; i < ARRAY_SIZE(timer_lines); i++) {
        int index = named ? fdt_node_string_index(node, "interrupt-names",
                                                  timer_lines[i].name) : i;

        if (index >= 0 && index < interrupts->len &&
            !connect_timer_line(planner, timer, i,
                                &g_array_index(interrupts, FdtInterrupt,
                                               index), errp)) {
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
 * Watchdog: watchdog/arm,sbsa-gwdt.yaml.  It counts as the CPUs' timer does.
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
 * Performance monitor: a line of each CPU (arm/pmu.yaml)
 */

static bool connect_pmu(FdtPlanner *planner, FdtDevice *pmu, Error **errp)
{
    FdtNode *node = fdt_device_node(pmu);
    GArray *interrupts = fdt_device_interrupts(pmu);
    g_autoptr(GArray) affinity = fdt_node_phandle_args(
        node, "interrupt-affinity", NULL, NULL, errp);

    if (!affinity) {
        return false;
    }
    for (unsigned i = 0; i < fdt_planner_num_cpus(planner) &&
         interrupts->len; i++) {
        unsigned index = interrupts->len == 1 ? 0 : i;
        int cpu = i;

        if (index >= interrupts->len) {
            break;
        }
        if (interrupts->len > 1 && index < affinity->len) {
            cpu = fdt_planner_cpu_index(
                planner, g_array_index(affinity, FdtPhandleArgs, index).node);
        }
        if (cpu >= 0 &&
            !fdt_device_interrupt(planner, fdt_planner_cpu(planner, cpu),
                                  "pmu-interrupt", 0,
                                  &g_array_index(interrupts, FdtInterrupt,
                                                 index), cpu, errp)) {
            return false;
        }
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

static const FdtBindingReg gic_regs[] = {
    { .reg = 0, .region = 0 },
    { .reg = 1, .region = 1 },
    FDT_END_REGS
};

static const FdtBindingReg gicv3_regs[] = {
    { .reg = 0, .region = 0 },      /* redistributors: plan_gicv3() */
    FDT_END_REGS
};

#define GIC(compat, version, reg_list)                                  \
    { .compatible = compat, .type = "arm_gic", .rank = FDT_RANK_INTC,   \
      .regs = reg_list, .num_irqs = -1,                                 \
      .input = gic_input, .spare = gic_spare,                           \
      .plan = plan_##version, .connect = connect_##version,             \
      .finish = finish_gic, .stub_below = true, .needs_children = true }

#define TIMER(compat)                                                   \
    { .compatible = compat, .verdict = FDT_VERDICT_MODELLED,            \
      .reason = "part of the CPUs", .num_regs = -1, .num_irqs = -1,     \
      .connect = connect_timer, .timer = true }

#define PMU(compat)                                                     \
    { .compatible = compat, .verdict = FDT_VERDICT_MODELLED,            \
      .reason = "part of the CPUs", .num_regs = -1, .num_irqs = -1,     \
      .connect = connect_pmu }

#define PER_CPU(compat, qom_type)                                       \
    { .compatible = compat, .type = qom_type, .plan = plan_num_cpu,     \
      .irqs = irq_per_cpu, .stub_below = true }

#define MP_TIMER(compat, qom_type)                                 \
    { .compatible = compat, .type = qom_type, .plan = plan_num_cpu,     \
      .irqs = irq_per_cpu, .stub_below = true, .timer = true }

/* timer/arm,twd-timer.yaml */
#define TWD(compat)                                                     \
    { .compatible = compat, .type = "arm_mptimer", .irqs = irq_per_cpu, \
      .plan = plan_num_cpu, .stub_below = true, .timer = true,          \
      .wants_clock = true }

const FdtBinding fdt_bindings_arm[] = {
    CPU("arm,arm926ej-s", "arm926", NULL),
    CPU("arm,arm1136jf-s", "arm1136", NULL),
    CPU("arm,arm1136j-s", "arm1136", NULL),
    CPU("arm,arm1176jzf-s", "arm1176", connect_cpu_el3),
    CPU("arm,arm1176jz-s", "arm1176", connect_cpu_el3),
    CPU("arm,arm1176jzf", "arm1176", connect_cpu_el3),
    CPU("arm,arm11mpcore", "arm11mpcore", NULL),
    CPU("arm,cortex-a7", "cortex-a7", connect_cpu_el2),
    CPU("arm,cortex-a8", "cortex-a8", connect_cpu_el3),
    CPU_A9("arm,cortex-a9", NULL),
    CPU("arm,cortex-a15", "cortex-a15", connect_cpu_el2),
    CPU("arm,cortex-a35", "cortex-a35", connect_cpu_el2),
    CPU("arm,cortex-a53", "cortex-a53", connect_cpu_el2),
    CPU("arm,cortex-a55", "cortex-a55", connect_cpu_el2),
    CPU("arm,cortex-a57", "cortex-a57", connect_cpu_el2),
    CPU("arm,cortex-a72", "cortex-a72", connect_cpu_el2),
    CPU("arm,cortex-a76", "cortex-a76", connect_cpu_el2),
    CPU("arm,cortex-a710", "cortex-a710", connect_cpu_el2),
    CPU("arm,neoverse-n1", "neoverse-n1", connect_cpu_el2),
    CPU("arm,neoverse-n2", "neoverse-n2", connect_cpu_el2),
    CPU("arm,neoverse-v1", "neoverse-v1", connect_cpu_el2),
    CPU("fujitsu,a64fx", "a64fx", connect_cpu_el2),

    CPU_A9("marvell,sheeva-v7", "QEMU has no marvell,sheeva-v7; cortex-a9 is "
           "near"),
    CPU_A9("marvell,pj4a", "QEMU has no marvell,pj4a; cortex-a9 is near"),
    CPU_A9("marvell,pj4b", "QEMU has no marvell,pj4b; cortex-a9 is near"),
    CPU_A9("arm,cortex-a5", "QEMU has no arm,cortex-a5; cortex-a9 is near"),
    CPU_NEAR("arm,cortex-a12", "cortex-a15"),
    CPU_NEAR("arm,cortex-a17", "cortex-a15"),
    CPU_NEAR("qcom,krait", "cortex-a15"),
    CPU_NEAR("brcm,brahma-b15", "cortex-a15"),
    CPU_NEAR("arm,cortex-a34", "cortex-a35"),
    CPU_NEAR("arm,cortex-a65", "cortex-a55"),
    CPU_NEAR("arm,cortex-a73", "cortex-a72"),
    CPU_NEAR("arm,cortex-a75", "cortex-a76"),
    CPU_NEAR("arm,cortex-a77", "cortex-a76"),
    CPU_NEAR("arm,cortex-a78", "cortex-a76"),
    CPU_NEAR("arm,cortex-a78ae", "cortex-a76"),
    CPU_NEAR("arm,cortex-a78c", "cortex-a76"),
    CPU_NEAR("arm,cortex-a510", "cortex-a55"),
    CPU_NEAR("arm,cortex-a520", "cortex-a55"),
    CPU_NEAR("arm,cortex-a715", "cortex-a76"),
    CPU_NEAR("arm,cortex-a720", "cortex-a76"),
    CPU_NEAR("arm,cortex-x1", "cortex-a76"),
    CPU_NEAR("arm,cortex-x1c", "cortex-a76"),
    CPU_NEAR("arm,cortex-x2", "cortex-a76"),
    CPU_NEAR("arm,cortex-x3", "cortex-a76"),
    CPU_NEAR("arm,cortex-x4", "cortex-a76"),
    CPU_NEAR("arm,neoverse-e1", "neoverse-n1"),
    CPU_NEAR("arm,neoverse-v2", "neoverse-v1"),
    CPU_NEAR("arm,armv8", "cortex-a57"),
    CPU_NEAR("arm,arm-v8", "cortex-a57"),
    CPU_NEAR("apm,potenza", "cortex-a57"),
    CPU_NEAR("apm,strega", "cortex-a57"),
    CPU_NEAR("brcm,brahma-b53", "cortex-a53"),
    CPU_NEAR("brcm,vulcan", "cortex-a57"),
    CPU_NEAR("cavium,thunder", "neoverse-n1"),
    CPU_NEAR("cavium,thunder2", "neoverse-n1"),
    CPU_NEAR("nvidia,tegra132-denver", "cortex-a57"),
    CPU_NEAR("nvidia,tegra186-denver", "cortex-a57"),
    CPU_NEAR("nvidia,tegra194-carmel", "cortex-a57"),
    CPU_NEAR("qcom,kryo", "cortex-a57"),
    CPU_NEAR("samsung,mongoose-m2", "cortex-a57"),
    CPU_NEAR("samsung,mongoose-m3", "cortex-a57"),

    GIC("arm,gic-400", gicv2, gic_regs),
    GIC("arm,cortex-a15-gic", gicv2, gic_regs),
    GIC("arm,cortex-a7-gic", gicv2, gic_regs),
    GIC("qcom,msm-qgic2", gicv2, gic_regs),
    GIC("qcom,msm-8660-qgic", gicv2, gic_regs),
    GIC("arm,cortex-a9-gic", gicv1, gic_regs),
    GIC("arm,cortex-a5-gic", gicv1, gic_regs),
    GIC("arm,arm11mp-gic", gicv1, gic_regs),
    GIC("arm,eb11mp-gic", gicv1, gic_regs),
    GIC("arm,pl390", gicv1, gic_regs),
    { .compatible = "arm,gic-v3", .type = "arm-gicv3", .rank = FDT_RANK_INTC,
      .regs = gicv3_regs, .num_irqs = -1, .input = gic_input,
      .spare = gic_spare,
      .plan = plan_gicv3, .connect = connect_gicv3, .finish = finish_gic,
      .stub_below = true, .needs_children = true },
    { .compatible = "arm,gic-v3-its", .type = "arm-gicv3-its",
      .rank = FDT_RANK_INTC, .num_irqs = -1, .plan = plan_its },
    { .compatible = "arm,gic-v2m-frame", .type = "arm-gicv2m",
      .rank = FDT_RANK_INTC, .num_irqs = -1, .connect = connect_v2m },

    TIMER("arm,armv8-timer"),
    TIMER("arm,armv7-timer"),
    TIMER("arm,cortex-a15-timer"),

    { .compatible = "arm,sbsa-gwdt", .type = "sbsa_gwdt", .regs = gwdt_regs,
      .plan = plan_gwdt },

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

    PER_CPU("arm,cortex-a9-scu", "a9-scu"),
    PER_CPU("arm,cortex-a5-scu", "a9-scu"),
    PER_CPU("arm,arm11mp-scu", "arm11-scu"),
    MP_TIMER("arm,cortex-a9-global-timer", "arm.cortex-a9-global-timer"),
    MP_TIMER("arm,cortex-a5-global-timer", "arm.cortex-a9-global-timer"),
    TWD("arm,cortex-a9-twd-timer"),
    TWD("arm,cortex-a5-twd-timer"),
    TWD("arm,arm11mp-twd-timer"),
    PER_CPU("arm,cortex-a9-twd-wdt", "arm_mptimer"),
    PER_CPU("arm,cortex-a5-twd-wdt", "arm_mptimer"),
    PER_CPU("arm,arm11mp-twd-wdt", "arm_mptimer"),
    { .compatible = "arm,pl310-cache", .type = "l2x0", .num_irqs = -1 },
    { .compatible = "arm,l220-cache", .type = "l2x0", .num_irqs = -1 },
    { .compatible = "arm,l210-cache", .type = "l2x0", .num_irqs = -1 },
    { }
};

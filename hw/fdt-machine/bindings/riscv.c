/*
 * Bindings: RISC-V harts, their interrupt controllers and timers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/* Local interrupts (RISC-V Privileged Architecture, mcause) */
#define LOCAL_INTERRUPTS    64
#define LOCAL_S_EXTERNAL    9

/* Registers of a PLIC (RISC-V PLIC Specification, memory map) */
#define PLIC_PENDING        0x1000
#define PLIC_ENABLE         0x2000
#define PLIC_ENABLE_STRIDE  0x80
#define PLIC_CONTEXT        0x200000
#define PLIC_CONTEXT_STRIDE 0x1000
#define PLIC_PRIORITIES     7
#define PLIC_MAX_SOURCES    1024

/* Offset of the timer in a CLINT, after the software interrupts */
#define CLINT_TIMER         0x4000

/*
 * Harts
 */

/* reg of a hart is its mhartid (riscv/cpus.yaml) */
static uint64_t hart_id(const FdtNode *node)
{
    uint64_t value = 0;
    uint32_t low = 0;

    if (!fdt_node_u64(node, "reg", &value) &&
        fdt_node_u32(node, "reg", &low)) {
        value = low;
    }
    return value;
}

/*
 * Whether firmware leaves the hart to the kernel: OpenSBI disables those whose
 * node has no mmu-type (fdt_cpu_fixup() in lib/utils/fdt/fdt_fixup.c), as the
 * monitor cores of SiFive's and Microchip's SoCs
 */
static bool has_mmu(const FdtNode *node)
{
    const char *type = fdt_node_string(node, "mmu-type", 0);

    return type && !g_str_equal(type, "riscv,none");
}

static bool plan_hart(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtNode *node = fdt_device_node(device);
    FdtBoot *boot = fdt_planner_boot(planner);
    int index = fdt_planner_cpu_index(planner, node);

    fdt_device_set_uint(device, "mhartid", hart_id(node));
    if (index > 0) {
        fdt_device_after(device, fdt_planner_cpu(planner, index - 1));
    }
    boot->device = "riscv-boot";
    boot->wants_mmu = true;
    if (!boot->cpu && has_mmu(node)) {
        boot->cpu = device;
    }
    boot->secondary = "sbi";
    return true;
}

/* The hart whose local interrupt controller it is; NULL if it is not built */
static FdtDevice *hart_of(FdtPlanner *planner, const FdtNode *controller)
{
    FdtNode *node = controller->parent;

    return node && fdt_planner_cpu_index(planner, node) >= 0
           ? fdt_planner_device(planner, node) : NULL;
}

/*
 * The node of the hart, built or not, to whose local interrupt controller entry
 * @i of the device's interrupts leads; NULL if it leads to no hart
 */
static const FdtNode *served_hart(const FdtDevice *device, unsigned i)
{
    const FdtInterrupt *irq = fdt_device_irq(device, i);
    const FdtNode *hart = irq ? irq->controller->parent : NULL;

    return hart && hart->parent && g_str_equal(hart->parent->path, "/cpus")
           ? hart : NULL;
}

/* A hart has an input for each of its local interrupts */
static bool hart_input(FdtPlanner *planner, FdtDevice *controller,
                       const uint32_t *cells, unsigned num_cells, unsigned cpu,
                       FdtInput *out, Error **errp)
{
    const FdtNode *node = fdt_device_node(controller);

    out->device = hart_of(planner, node);
    if (!out->device) {
        return false;
    }
    if (!num_cells || cells[0] >= LOCAL_INTERRUPTS) {
        error_setg(errp, "%s has no such line: a local interrupt is below %d",
                   node->path, LOCAL_INTERRUPTS);
        return false;
    }
    out->index = cells[0];
    return true;
}

/*
 * PLIC: interrupt-controller/sifive,plic-1.0.0.yaml
 *
 * QEMU's model itself connects its outputs, to the harts and modes that its
 * property hart-config names.
 */

static uint32_t plic_sources(const FdtNode *node)
{
    uint32_t sources = PLIC_MAX_SOURCES - 1;

    fdt_node_u32(node, "riscv,ndev", &sources);
    return MIN(sources, PLIC_MAX_SOURCES - 1);
}

static bool plic_input(FdtPlanner *planner, FdtDevice *plic,
                       const uint32_t *cells, unsigned num_cells, unsigned cpu,
                       FdtInput *out, Error **errp)
{
    const FdtNode *node = fdt_device_node(plic);
    uint32_t sources = plic_sources(node);

    if (!num_cells || !cells[0] || cells[0] > sources) {
        error_setg(errp, "%s has no source %u: it has 1 to %u, as %s",
                   node->path, num_cells ? cells[0] : 0, sources,
                   fdt_node_has(node, "riscv,ndev")
                   ? "its riscv,ndev says"
                   : "a PLIC without riscv,ndev can have");
        return false;
    }
    out->index = cells[0];
    return true;
}

static int plic_line(const FdtDevice *plic, unsigned i, uint32_t *cells)
{
    const FdtNode *node = fdt_device_node(plic);
    uint32_t num_cells;

    if (i >= plic_sources(node) ||
        !fdt_node_u32(node, "#interrupt-cells", &num_cells) || !num_cells ||
        num_cells > FDT_MAX_CELLS) {
        return 0;
    }
    memset(cells, 0, num_cells * sizeof(*cells));
    cells[0] = i + 1;
    return num_cells;
}

/*
 * hart-config: the contexts of a PLIC are numbered in the order of the entries
 * of interrupts-extended.  A context that the kernel may not use has the line
 * 0xffffffff there: it is that of the hart's M-mode.
 */
static bool connect_plic(FdtPlanner *planner, FdtDevice *plic, Error **errp)
{
    g_autoptr(GString) config = g_string_new("");
    const FdtNode *node = fdt_device_node(plic);
    const FdtNode *last = NULL;
    bool built = false;

    for (unsigned i = 0; i < fdt_device_num_irqs(plic); i++) {
        const FdtInterrupt *irq = fdt_device_irq(plic, i);
        const FdtNode *hart = served_hart(plic, i);

        if (!hart) {
            fdt_error(errp, node, "interrupts-extended", "entry %u leads to "
                      "no hart, and QEMU's PLIC has no context without one",
                      i);
            return false;
        }
        built |= hart_of(planner, irq->controller) != NULL;
        if (!last) {
            fdt_device_set_uint(plic, "hartid-base", hart_id(hart));
        } else if (hart != last) {
            if (hart_id(hart) != hart_id(last) + 1) {
                fdt_error(errp, node, "interrupts-extended", "QEMU's PLIC "
                          "serves harts in ascending order, without gaps");
                return false;
            }
            g_string_append_c(config, ',');
        }
        g_string_append_c(config, irq->num_cells &&
                                  irq->cells[0] == LOCAL_S_EXTERNAL ? 'S'
                                                                    : 'M');
        last = hart;
    }
    if (!built) {
        fdt_error(errp, node, "interrupts-extended", "no hart that is built "
                  "is served by this PLIC");
        return false;
    }
    fdt_device_set_string(plic, "hart-config", config->str);
    return true;
}

static void after_harts(FdtPlanner *planner, FdtDevice *device)
{
    for (unsigned i = 0; i < fdt_planner_num_cpus(planner); i++) {
        fdt_device_after(device, fdt_planner_cpu(planner, i));
    }
}

static bool plan_plic(FdtPlanner *planner, FdtDevice *plic, Error **errp)
{
    const FdtNode *node = fdt_device_node(plic);
    FdtReg reg;

    if (!fdt_device_reg(plic, 0, &reg, errp)) {
        return false;
    }
    fdt_device_set_uint(plic, "num-sources", plic_sources(node) + 1);
    fdt_device_set_uint(plic, "num-priorities", PLIC_PRIORITIES);
    fdt_device_set_uint(plic, "pending-base", PLIC_PENDING);
    fdt_device_set_uint(plic, "enable-base", PLIC_ENABLE);
    fdt_device_set_uint(plic, "enable-stride", PLIC_ENABLE_STRIDE);
    fdt_device_set_uint(plic, "context-base", PLIC_CONTEXT);
    fdt_device_set_uint(plic, "context-stride", PLIC_CONTEXT_STRIDE);
    fdt_device_set_uint(plic, "aperture-size", reg.size);
    after_harts(planner, plic);
    return true;
}

/*
 * CLINT: timer/sifive,clint.yaml.  QEMU has two models, one for software
 * interrupts and one for the timer, which connect their outputs themselves.
 */

static bool serves_harts(const FdtDevice *clint)
{
    for (unsigned i = 0; i < fdt_device_num_irqs(clint); i++) {
        if (served_hart(clint, i)) {
            return true;
        }
    }
    return false;
}

/* Registers are numbered by harts, those that are not built among them */
static void set_harts(FdtPlanner *planner, FdtDevice *device,
                      const FdtDevice *clint)
{
    uint64_t first = UINT64_MAX, last = 0;

    for (unsigned i = 0; i < fdt_device_num_irqs(clint); i++) {
        const FdtNode *hart = served_hart(clint, i);
        uint64_t id = hart ? hart_id(hart) : first;

        first = MIN(first, id);
        last = hart ? MAX(last, id) : last;
    }
    fdt_device_set_uint(device, "hartid-base", first);
    fdt_device_set_uint(device, "num-harts", last - first + 1);
    after_harts(planner, device);
}

static bool plan_clint(FdtPlanner *planner, FdtDevice *timer, Error **errp)
{
    FdtNode *node = fdt_device_node(timer);
    const FdtNode *cpu = fdt_device_node(fdt_planner_cpu(planner, 0));
    FdtDevice *software;
    uint32_t rate;
    FdtReg reg;

    if (!fdt_device_reg(timer, 0, &reg, NULL) || reg.size <= CLINT_TIMER ||
        !serves_harts(timer)) {
        fdt_device_leave_out(planner, timer,
                             "it has no registers of a timer, or serves no "
                             "hart");
        return true;
    }
    if (fdt_node_u32(cpu, "timebase-frequency", &rate) ||
        fdt_node_u32(cpu->parent, "timebase-frequency", &rate)) {
        fdt_device_set_uint(timer, "timebase-freq", rate);
    }
    set_harts(planner, timer, timer);
    fdt_device_map(timer, 0, NULL, reg.address + CLINT_TIMER,
                   reg.size - CLINT_TIMER);
    software = fdt_planner_add_device(planner, node, "riscv.aclint.swi",
                                      "software", FDT_RANK_INTC);
    set_harts(planner, software, timer);
    fdt_device_map(software, 0, NULL, reg.address, CLINT_TIMER);
    return true;
}

#define PLIC(compat)                                                    \
    { .compatible = compat, .type = "riscv.sifive.plic",                \
      .irqs = fdt_no_irqs,                                              \
      .intc = FDT_INTC(.input = plic_input, .line = plic_line,          \
                       .number_cell = 1),                               \
      .plan = plan_plic, .connect = connect_plic,                       \
      .cover = FDT_COVER_WHOLE }
#define CLINT(compat)                                                   \
    { .compatible = compat, .type = "riscv.aclint.mtimer",              \
      .intc = FDT_INTC(.no_lines = true), .bus = FDT_BUS_NONE,          \
      .plan = plan_clint, .timer = FDT_TIMER() }

const FdtBinding fdt_bindings_riscv[] = {
    { .compatible = "riscv", .type = "rv64-riscv-cpu", .bus = FDT_BUS_NONE,
      .cpu = FDT_CPU(.arch = FDT_CPU_RISCV), .plan = plan_hart },
    { .compatible = "riscv,cpu-intc", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "part of the CPU", .bus = FDT_BUS_NONE,
      .intc = FDT_INTC(.input = hart_input), .is = FDT_REGISTERS },
    PLIC("riscv,plic0"),
    PLIC("thead,c900-plic"),
    PLIC("sifive,plic-1.0.0"),
    CLINT("riscv,clint0"),
    CLINT("sifive,clint0"),
    CLINT("thead,c900-clint"),
    { .compatible = "sifive,test0", .type = "riscv.sifive.test",
      .irqs = fdt_no_irqs, .is = FDT_POWERS },
    { .compatible = "sifive,uart0", .type = "riscv.sifive.uart",
      .slot = FDT_SLOT_SERIAL },
    { .compatible = "google,goldfish-rtc", .type = "goldfish_rtc" },
    { .compatible = "riscv,pmu", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "part of the CPUs" },
    { }
};

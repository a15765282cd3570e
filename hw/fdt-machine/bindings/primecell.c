/*
 * Bindings: Arm's PrimeCells and what the Versatile Express boards are made of
 *
 * The indexes of regions and outputs are those that the init functions of
 * QEMU's models give them.  The UARTs are in serial.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qnum.h"
#include "shared.h"
#include "tables.h"

/* Number of lines of a PL061 */
#define PL061_LINES     8

/* PL330: the largest numbers that QEMU's model takes */
#define PL330_MAX_CHANNELS  8
#define PL330_MAX_REQUESTS  32
#define PL330_MAX_EVENTS    16
/* Outputs of the model: the abort interrupt, then one for each event */
#define PL330_ABORT         0
#define PL330_EVENT(n)      (1 + (n))

/* Versatile Express: SYS_ID, and SYS_PROCID by kind of core */
#define VEXPRESS_SYS_ID         0x1190f500
#define VEXPRESS_PROC_ID_A9     0x0c000191
#define VEXPRESS_PROC_ID_A15    0x14000237
#define VEXPRESS_BOARD_ID       0x8e0
/* SYS_FLAGS, where secondary CPUs look for their start address */
#define VEXPRESS_SYS_FLAGS      0x30
/* SYS_CFG functions (arm/vexpress-config.yaml) and what they can address */
#define VEXPRESS_CFG_OSC        1
#define VEXPRESS_CFG_VOLT       2
#define VEXPRESS_CFG_MAX        64
/* Specifiers of arm,vexpress-sysreg,sys_mci, and the model's inputs */
#define SYS_MCI_CARDIN          0
#define SYS_MCI_WPROT           1
#define SYSCTL_IN_WPROT         0
#define SYSCTL_IN_CARDIN        1

/* Values of a regulator or clock whose node has none */
#define DEFAULT_MICROVOLT       1000000
#define DEFAULT_OSC_RATE        24000000

/*
 * GPIO: pl061-gpio.yaml
 */

/*
 * Inputs that nothing drives are low: if they were high, as pulled up ones, one
 * with a power key would switch the machine off
 */
static const FdtBindingProp pl061_props[] = {
    { .name = "pullups", .value = 0 },
    { .name = "pulldowns", .value = 0xff },
    FDT_END_PROPS
};

/*
 * Keyboard and mouse: arm,pl050.yaml.  The tree does not say which is which;
 * boards have the keyboard first.
 */

static bool plan_pl050(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const FdtNode *other = NULL;
    bool mouse = false;

    while ((other = fdt_planner_next_compatible(planner, other,
                                                "arm,pl050")) &&
           other != node) {
        mouse = !mouse;
    }
    if (mouse) {
        fdt_device_set_type(device, "pl050_mouse");
    }
    return true;
}

/*
 * Display: arm,pl11x.yaml
 */

static bool in_memory(const GArray *memory, uint64_t address)
{
    for (unsigned i = 0; i < memory->len; i++) {
        const FdtMemory *bank = &g_array_index(memory, FdtMemory, i);

        /* The end of a bank whose size is 0 in the tree is not known yet */
        if (address >= bank->address &&
            (!bank->size || address - bank->address < bank->size)) {
            return true;
        }
    }
    return false;
}

/* Video memory that lies in no memory node is a RAM chip of its own: add it */
static bool plan_video_memory(FdtPlanner *planner, FdtNode *node,
                              Error **errp)
{
    g_autoptr(GArray) memory = fdt_tree_memory(fdt_planner_tree(planner),
                                               NULL, errp);
    FdtDevice *ram;
    FdtReg reg;

    if (!memory) {
        return false;
    }
    if (fdt_planner_device(planner, node) ||
        !fdt_node_reg(node, 0, &reg, NULL) || !reg.size ||
        in_memory(memory, reg.address)) {
        return true;
    }
    ram = fdt_planner_add_device(planner, node, "sysbus-memory", "ram",
                                 FDT_RANK_MEMORY);
    fdt_device_set_uint(ram, "size", reg.size);
    fdt_device_map(ram, 0, NULL, reg.address, reg.size);
    fdt_planner_note(planner, node, "outside the tree's memory: RAM of its "
                     "own");
    return true;
}

/* Several displays may share a video memory: the first of them adds it */
static bool is_first_user(FdtPlanner *planner, const FdtNode *node,
                          uint32_t region)
{
    static const char *const displays[] = { "arm,pl110", "arm,pl111" };
    uint32_t other_region;

    for (int i = 0; i < ARRAY_SIZE(displays); i++) {
        const FdtNode *other = NULL;

        while ((other = fdt_planner_next_compatible(planner, other,
                                                    displays[i])) &&
               other != node) {
            if (fdt_node_u32(other, "memory-region", &other_region) &&
                other_region == region) {
                return false;
            }
        }
        if (other == node) {
            return true;
        }
    }
    return true;
}

static bool plan_pl11x(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    FdtNode *region;
    uint32_t phandle;

    if (!fdt_node_u32(node, "memory-region", &phandle) ||
        !is_first_user(planner, node, phandle)) {
        return true;
    }
    region = fdt_node_target(node, "memory-region", 0);
    if (!region) {
        fdt_error(errp, node, "memory-region", "phandle 0x%x leads nowhere",
                  phandle);
        return false;
    }
    return plan_video_memory(planner, region, errp);
}

static const FdtBindingLink pl11x_memory[] = {
    { "framebuffer-memory" },
    FDT_END_LINKS
};

/*
 * SD cards: arm,pl18x.yaml
 */

/* The slot's switches, where the tree names lines for them */
static bool connect_slot(FdtPlanner *planner, FdtDevice *device,
                         const char *property, const char *line,
                         Error **errp)
{
    ERRP_GUARD();
    FdtInput in;

    if (fdt_device_gpio(planner, fdt_device_node(device), property, 0, &in,
                        NULL, errp)) {
        fdt_device_wire(planner, device, line, 0, in.device, in.line,
                        in.index);
    }
    return !*errp;
}

static bool connect_pl181(FdtPlanner *planner, FdtDevice *device,
                          Error **errp)
{
    return connect_slot(planner, device, "cd-gpios", "card-inserted", errp) &&
           connect_slot(planner, device, "wp-gpios", "card-read-only", errp);
}

/*
 * DMA: arm,pl330.yaml.  The tree lists the interrupts of events and the one of
 * an abort.  Unless they have names, the binding does not say in which order.
 * A tree with fewer interrupts than there are events has events share them.
 */

static unsigned pl330_num_events(unsigned interrupts)
{
    return interrupts > 1 ? MIN(interrupts, PL330_MAX_EVENTS)
                          : PL330_MAX_EVENTS;
}

static bool plan_pl330(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    uint32_t value;

    fdt_device_set_uint(device, "num_events",
                        pl330_num_events(fdt_device_num_irqs(device)));
    if (fdt_node_u32(node, "dma-channels", &value) && value &&
        value <= PL330_MAX_CHANNELS) {
        fdt_device_set_uint(device, "num_chnls", value);
    }
    if (fdt_node_u32(node, "dma-requests", &value) && value &&
        value <= PL330_MAX_REQUESTS) {
        fdt_device_set_uint(device, "num_periph_req", value);
    }
    return true;
}

static bool connect_pl330(FdtPlanner *planner, FdtDevice *device,
                          Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    int abort_index = fdt_node_string_index(node, "interrupt-names", "abort");
    unsigned n = fdt_device_num_irqs(device);

    if (!n) {
        return true;
    }
    if (abort_index < 0 || abort_index >= n) {
        abort_index = n - 1;
    }
    for (unsigned i = 0; i < pl330_num_events(n); i++) {
        if (!fdt_device_interrupt(planner, device, FDT_LINE_IRQ,
                                  PL330_EVENT(i),
                                  fdt_device_irq(device, i % n), 0, errp)) {
            return false;
        }
    }
    return fdt_device_interrupt(planner, device, FDT_LINE_IRQ, PL330_ABORT,
                                fdt_device_irq(device, abort_index), 0, errp);
}

static const FdtBindingLink pl330_memory[] = {
    { "memory" },
    FDT_END_LINKS
};
static const FdtBindingLink pl080_memory[] = {
    { "downstream" },
    FDT_END_LINKS
};

/*
 * Ethernet: smsc,lan9115.yaml.  Registers are 16 bits wide unless the tree
 * says otherwise.
 */

static bool plan_lan9118(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    uint32_t width = 2;

    fdt_node_u32(fdt_device_node(device), "reg-io-width", &width);
    if (width != 2 && width != 4) {
        fdt_error(errp, fdt_device_node(device), "reg-io-width",
                  "%u is neither 2 nor 4", width);
        return false;
    }
    fdt_device_set_uint(device, "mode_16bit", width == 2);
    return true;
}

/*
 * Versatile Express: system registers (arm/arm,vexpress-juno.yaml)
 */

/*
 * The site of a node, arm,vexpress,site, which a node may inherit: 0 is the
 * motherboard, others are daughterboards
 */
static uint32_t vexpress_site(const FdtNode *node)
{
    uint32_t site;

    for (; node; node = node->parent) {
        if (fdt_node_u32(node, "arm,vexpress,site", &site)) {
            return site;
        }
    }
    return 0;
}

/* Values that SYS_CFG reads for a function of the daughterboard, by device */
static QList *vexpress_values(FdtPlanner *planner, const char *compatible,
                              uint32_t function, const char *property,
                              uint64_t fallback)
{
    uint64_t values[VEXPRESS_CFG_MAX] = { 0 };
    QList *list = qlist_new();
    const FdtNode *node = NULL;
    unsigned count = 0;

    while ((node = fdt_planner_next_compatible(planner, node, compatible))) {
        uint32_t func, number, value;

        if (!vexpress_site(node) ||
            !fdt_node_u32_index(node, "arm,vexpress-sysreg,func", 0, &func) ||
            !fdt_node_u32_index(node, "arm,vexpress-sysreg,func", 1,
                                &number) ||
            func != function || number >= VEXPRESS_CFG_MAX) {
            continue;
        }
        values[number] = fdt_node_u32(node, property, &value) ? value
                                                              : fallback;
        count = MAX(count, number + 1);
    }
    for (unsigned i = 0; i < count; i++) {
        qlist_append(list, qnum_from_uint(values[i]));
    }
    return list;
}

/* Address of memory that the kernel does not use, for the holding pen */
static bool vexpress_sram(FdtPlanner *planner, uint64_t *address)
{
    const FdtNode *node = fdt_planner_find_compatible(planner, "mtd-ram");
    FdtReg reg;

    if (!node) {
        node = fdt_planner_find_compatible(planner, "mmio-sram");
    }
    if (!node || !fdt_node_reg(node, 0, &reg, NULL)) {
        return false;
    }
    *address = reg.address;
    return true;
}

/* Address of the GIC's CPU interface; 0 if there is none */
static uint64_t gic_cpu_interface(FdtPlanner *planner)
{
    static const char *const gics[] = {
        "arm,cortex-a9-gic", "arm,cortex-a15-gic", "arm,gic-400",
        "arm,cortex-a7-gic", "arm,cortex-a5-gic", "arm,arm11mp-gic",
    };

    for (int i = 0; i < ARRAY_SIZE(gics); i++) {
        const FdtNode *gic = fdt_planner_find_compatible(planner, gics[i]);
        FdtReg reg;

        if (gic && fdt_node_reg(gic, 1, &reg, NULL)) {
            return reg.address;
        }
    }
    return 0;
}

/*
 * Secondary CPUs whose nodes have no enable-method wait in the holding pen,
 * until the kernel writes its address to SYS_FLAGS and sends them an interrupt
 * (vexpress_smp_dt_prepare_cpus() of Linux)
 */
static void plan_pen(FdtPlanner *planner, uint64_t sysreg)
{
    FdtBoot *boot = fdt_planner_boot(planner);
    unsigned n = fdt_planner_num_cpus(planner);
    uint64_t sram;

    boot->board_id = VEXPRESS_BOARD_ID;
    boot->has_board_id = true;
    if (!fdt_planner_is_32bit(planner)) {
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        const FdtNode *cpu = fdt_device_node(fdt_planner_cpu(planner, i));

        if (fdt_node_has(cpu, "enable-method")) {
            return;
        }
    }
    if (!vexpress_sram(planner, &sram)) {
        return;
    }
    boot->has_pen = true;
    boot->pen_boot_reg = sysreg + VEXPRESS_SYS_FLAGS;
    boot->pen_address = sram;
    boot->gic_cpu_if = gic_cpu_interface(planner);
}

static bool plan_sysreg(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *cpu = fdt_device_node(fdt_planner_cpu(planner, 0));
    bool a9 = fdt_node_is_compatible(cpu, "arm,cortex-a9");
    FdtReg reg;

    fdt_device_set_uint(device, "sys_id", VEXPRESS_SYS_ID);
    fdt_device_set_uint(device, "proc_id", a9 ? VEXPRESS_PROC_ID_A9
                                              : VEXPRESS_PROC_ID_A15);
    fdt_device_set_list(device, "db-voltage",
                        vexpress_values(planner, "arm,vexpress-volt",
                                        VEXPRESS_CFG_VOLT,
                                        "regulator-min-microvolt",
                                        DEFAULT_MICROVOLT));
    fdt_device_set_list(device, "db-clock",
                        vexpress_values(planner, "arm,vexpress-osc",
                                        VEXPRESS_CFG_OSC, "freq-range",
                                        DEFAULT_OSC_RATE));
    if (fdt_device_reg(device, 0, &reg, NULL)) {
        plan_pen(planner, reg.address);
    }
    return true;
}

static bool sysctl_input(const uint32_t *cells, const FdtNode *node,
                         FdtInput *out, Error **errp)
{
    switch (cells[0]) {
    case SYS_MCI_CARDIN:
        out->index = SYSCTL_IN_CARDIN;
        return true;
    case SYS_MCI_WPROT:
        out->index = SYSCTL_IN_WPROT;
        return true;
    default:
        error_setg(errp, "%s has no input %u", node->path, cells[0]);
        return false;
    }
}

/* In older trees, the node of the system registers is the GPIO controller */
static bool sysreg_gpio(FdtPlanner *planner, FdtDevice *sysreg,
                        const uint32_t *cells, unsigned num_cells,
                        unsigned cpu, FdtInput *out, Error **errp)
{
    return sysctl_input(cells, fdt_device_node(sysreg), out, errp);
}

/* In newer trees, SYS_MCI is a child node of it, and a GPIO controller */
static bool sys_mci_gpio(FdtPlanner *planner, FdtDevice *mci,
                         const uint32_t *cells, unsigned num_cells,
                         unsigned cpu, FdtInput *out, Error **errp)
{
    FdtDevice *sysreg = fdt_planner_device(planner,
                                           fdt_device_node(mci)->parent);

    if (!sysreg) {
        error_setg(errp, "%s is no child of system registers",
                   fdt_device_node(mci)->path);
        return false;
    }
    out->device = sysreg;
    return sysctl_input(cells, fdt_device_node(mci), out, errp);
}

/* The register of SYS_MCI is in the parent's region, so it gets no stub */
static bool plan_sys_mci(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    for (unsigned i = 0; i < fdt_device_num_regs(device); i++) {
        FdtReg reg;

        if (fdt_device_reg(device, i, &reg, NULL)) {
            fdt_device_map_priority(device, i, reg.address, reg.size, 0);
        }
    }
    return true;
}

/*
 * Every PrimeCell has "arm,primecell" beside its own compatible string.  A
 * PrimeCell decodes 4 KiB of addresses, so its registers repeat through all of
 * its reg; drivers look for the identification registers at the end of reg
 * (arm/primecell.yaml).
 */

#define PRIMECELL_SIZE 0x1000

static bool map_primecell_end(FdtPlanner *planner, FdtDevice *device,
                              Error **errp)
{
    FdtReg reg;

    if (fdt_device_maps_reg(device, 0, &reg) && reg.size > PRIMECELL_SIZE) {
        fdt_device_map_window(device, 0,
                              reg.address + reg.size - PRIMECELL_SIZE,
                              "end", 0, PRIMECELL_SIZE);
    }
    return true;
}

/* SPI: spi/spi-pl022.yaml; the model selects no chips by itself */
static const FdtSpiRole pl022_chips = { .bus = "ssi" };

#define NO_MODEL(compat, why)                                           \
    { .compatible = compat, .verdict = FDT_VERDICT_STUB,                \
      .reason = why, .bus = FDT_BUS_NONE, .is = FDT_REGISTERS,          \
      .guest = FDT_GUEST(.keeps_providers = true) }

#define SYS_CFG(compat)                                                 \
    { .compatible = compat, .verdict = FDT_VERDICT_STRUCTURE,           \
      .reason = "behind SYS_CFG, which the system registers answer" }

#define LAN91XX(compat)                                                 \
    { .compatible = compat, .type = "lan9118", .slot = FDT_SLOT_NIC,    \
      .plan = plan_lan9118, .cover = FDT_COVER_PART }

const FdtBinding fdt_bindings_primecell[] = {
    { .compatible = "arm,primecell", .is = FDT_TRAIT,
      .reason = "a PrimeCell", .plan = map_primecell_end },
    { .compatible = "arm,pl031", .type = "pl031" },
    { .compatible = "arm,pl061", .type = "pl061", .props = pl061_props,
      .gpio = FDT_GPIO(.count = PL061_LINES) },
    { .compatible = "arm,pl050", .type = "pl050_keyboard",
      .plan = plan_pl050 },
    { .compatible = "arm,pl041", .type = "pl041", .is = FDT_AUDIO },
    { .compatible = "arm,pl110", .type = "pl110", .plan = plan_pl11x,
      .links = pl11x_memory },
    { .compatible = "arm,pl111", .type = "pl111", .plan = plan_pl11x,
      .links = pl11x_memory },
    { .compatible = "arm,pl180", .type = "pl181", .num_irqs = 2,
      .plan = fdt_plan_card_slot, .connect = connect_pl181 },
    { .compatible = "arm,pl181", .type = "pl181", .num_irqs = 2,
      .plan = fdt_plan_card_slot, .connect = connect_pl181 },
    { .compatible = "arm,sp804", .type = "sp804",
      .guest = FDT_GUEST(.clock_rate = 1000000), .timer = FDT_TIMER() },
    { .compatible = "arm,pl330", .type = "pl330", .irqs = fdt_no_irqs,
      .plan = plan_pl330, .connect = connect_pl330, .links = pl330_memory },
    { .compatible = "arm,pl080", .type = "pl080", .links = pl080_memory },
    { .compatible = "arm,pl081", .type = "pl081", .links = pl080_memory },
    { .compatible = "arm,pl022", .type = "pl022", .spi = &pl022_chips },

    NO_MODEL("arm,sp805", "QEMU has no SP805; the CMSDK watchdog has its "
             "registers, but identifies itself otherwise"),
    NO_MODEL("arm,sp810", "QEMU has no SP810; its timers run at 1 MHz"),
    NO_MODEL("arm,pl341", "nothing to control in QEMU's memory"),
    NO_MODEL("arm,pl354", "nothing to control in QEMU's memory"),

    LAN91XX("smsc,lan9115"),
    LAN91XX("smsc,lan9117"),
    LAN91XX("smsc,lan9118"),
    LAN91XX("smsc,lan9220"),
    LAN91XX("smsc,lan9221"),
    { .compatible = "smsc,lan91c111", .type = "smc91c111",
      .slot = FDT_SLOT_NIC, .cover = FDT_COVER_PART },
    { .compatible = "smsc,lan91c94", .type = "smc91c111",
      .substitute = "QEMU has no LAN91C94; the LAN91C111 is near",
      .slot = FDT_SLOT_NIC, .cover = FDT_COVER_PART },

    { .compatible = "arm,vexpress-sysreg", .type = "realview_sysctl",
      .irqs = fdt_no_irqs, .plan = plan_sysreg,
      .gpio = FDT_GPIO(.input = sysreg_gpio) },
    { .compatible = "arm,vexpress-sysreg,sys_mci",
      .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "a register of the device above it", .bus = FDT_BUS_NONE,
      .plan = plan_sys_mci, .gpio = FDT_GPIO(.input = sys_mci_gpio) },
    SYS_CFG("arm,vexpress,config-bus"),
    SYS_CFG("arm,vexpress-osc"),
    SYS_CFG("arm,vexpress-volt"),
    SYS_CFG("arm,vexpress-amp"),
    SYS_CFG("arm,vexpress-temp"),
    SYS_CFG("arm,vexpress-power"),
    SYS_CFG("arm,vexpress-energy"),
    SYS_CFG("arm,vexpress-reset"),
    SYS_CFG("arm,vexpress-muxfpga"),
    SYS_CFG("arm,vexpress-shutdown"),
    SYS_CFG("arm,vexpress-reboot"),
    SYS_CFG("arm,vexpress-dvimode"),

    /* arm,i2c-versatile.yaml */
    { .compatible = "arm,versatile-i2c", .type = "versatile_i2c",
      .irqs = fdt_no_irqs, .i2c = FDT_I2C(.bus = "i2c") },
    { }
};

/*
 * Bindings of Broadcom's SoCs in the Raspberry Pi (BCM2835, 2836, 2837)
 *
 * The indexes of regions and outputs are those that the init functions of
 * QEMU's models give them; how the devices are connected is in the manuals of
 * the SoCs: BCM2835 ARM Peripherals and, for what the BCM2836 has for each
 * core, BCM2836 ARM-local peripherals.  The PL011 is in serial.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qobject/qlist.h"
#include "qobject/qnum.h"
#include "shared.h"
#include "tables.h"

/*
 * Interrupt controllers
 */

#define LOCAL_NUM_CORES 4

/* Specifiers of brcm,bcm2836-l1-intc */
enum {
    LOCAL_MAILBOX0 = 4,
    LOCAL_MAILBOX3 = 7,
    LOCAL_GPU = 8,
    LOCAL_PMU = 9,
};

/* Number of a CPU among the cores: the lowest digit of its reg */
static unsigned core_number(FdtPlanner *planner, unsigned cpu)
{
    FdtDevice *device = fdt_planner_cpu(planner, cpu);
    uint32_t reg = cpu;

    if (device) {
        fdt_node_u32(fdt_device_node(device), "reg", &reg);
    }
    return reg % LOCAL_NUM_CORES;
}

static bool local_input(FdtPlanner *planner, FdtDevice *controller,
                        const uint32_t *cells, unsigned num_cells,
                        unsigned cpu, FdtInput *out, Error **errp)
{
    static const char *const timers[] = {
        "cntpsirq", "cntpnsirq", "cnthpirq", "cntvirq",
    };

    if (num_cells && cells[0] < ARRAY_SIZE(timers)) {
        out->line = timers[cells[0]];
        out->index = core_number(planner, cpu);
        return true;
    }
    if (num_cells && cells[0] == LOCAL_GPU) {
        out->line = "gpu-irq";
        return true;
    }
    if (num_cells && cells[0] == LOCAL_PMU) {
        return false;       /* the model has no such input */
    }
    error_setg(errp, "the controller has no input %u for a device: 0 to 3 are "
               "timers, 8 is the other controller, and 9 counts events",
               num_cells ? cells[0] : 0);
    return false;
}

static bool connect_local(FdtPlanner *planner, FdtDevice *device,
                          Error **errp)
{
    unsigned num_cpus = fdt_planner_num_cpus(planner);

    if (num_cpus > LOCAL_NUM_CORES) {
        fdt_error(errp, fdt_device_node(device), NULL,
                  "%u CPUs, the controller serves %d", num_cpus,
                  LOCAL_NUM_CORES);
        return false;
    }
    for (unsigned i = 0; i < num_cpus; i++) {
        FdtDevice *cpu = fdt_planner_cpu(planner, i);
        unsigned core = core_number(planner, i);

        fdt_device_wire(planner, device, "irq", core, cpu, FDT_LINE_IN, 0);
        fdt_device_wire(planner, device, "fiq", core, cpu, FDT_LINE_IN, 1);
    }
    return true;
}

/*
 * brcm,bcm2835-armctrl-ic.txt: a specifier is a bank and a line.  Bank 0 has
 * the interrupts of the Arm part of the SoC, banks 1 and 2 have those of the
 * GPU
 */
static bool armctrl_input(FdtPlanner *planner, FdtDevice *controller,
                          const uint32_t *cells, unsigned num_cells,
                          unsigned cpu, FdtInput *out, Error **errp)
{
    static const struct {
        const char *line;
        unsigned first;
        unsigned count;
    } banks[] = {
        { "arm-irq", 0, 8 },
        { "gpu-irq", 0, 32 },
        { "gpu-irq", 32, 32 },
    };

    if (num_cells != 2 || cells[0] >= ARRAY_SIZE(banks) ||
        cells[1] >= banks[cells[0]].count) {
        error_setg(errp, "the controller has no input <%u %u>: bank 0 has 8 "
                   "of them, banks 1 and 2 have 32 each",
                   num_cells ? cells[0] : 0, num_cells > 1 ? cells[1] : 0);
        return false;
    }
    out->line = banks[cells[0]].line;
    out->index = banks[cells[0]].first + cells[1];
    return true;
}

/* The lines of banks 1 and 2; their specifiers have no cell for the trigger */
static int armctrl_line(const FdtDevice *controller, unsigned i,
                         uint32_t *cells)
{
    if (i >= 64) {
        return 0;
    }
    cells[0] = 1 + i / 32;
    cells[1] = i % 32;
    return 2;
}

/*
 * Output 0, the IRQ, leads to where the node's `interrupts` lead, if it has
 * any. Output 1, the FIQ, leads to the same controller
 */
static bool connect_armctrl(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    const FdtInterrupt *irq = fdt_device_irq(device, 0);
    FdtDevice *up, *cpu = fdt_planner_cpu(planner, 0);

    if (!irq) {
        fdt_device_wire(planner, device, FDT_LINE_IRQ, 0, cpu, FDT_LINE_IN, 0);
        fdt_device_wire(planner, device, FDT_LINE_IRQ, 1, cpu, FDT_LINE_IN, 1);
        return true;
    }
    up = fdt_planner_device(planner, irq->controller);
    if (up && fdt_device_is(up, "brcm,bcm2836-l1-intc")) {
        fdt_device_wire(planner, device, FDT_LINE_IRQ, 1, up, "gpu-fiq", 0);
    }
    return true;
}

/*
 * Memory as the VideoCore and the other bus masters see it (BCM2835 ARM
 * Peripherals, 1.2)
 */

#define VC_NUM_ALIASES  4       /* of RAM, by the two top address bits */
#define VC_ALIAS_SHIFT  30

static void append_range(QList *list, uint64_t child, uint64_t parent,
                         uint64_t size)
{
    qlist_append(list, qnum_from_uint(child));
    qlist_append(list, qnum_from_uint(parent));
    qlist_append(list, qnum_from_uint(size));
}

/* RAM is seen at four addresses: dma-ranges has the one that Linux uses */
static bool append_ram(QList *list, const FdtNode *bus, Error **errp)
{
    g_autoptr(GArray) ranges = fdt_node_ranges(bus, "dma-ranges", errp);

    if (!ranges) {
        return false;
    }
    for (unsigned i = 0; i < ranges->len; i++) {
        const FdtRange *range = &g_array_index(ranges, FdtRange, i);
        uint64_t mask = (1ULL << VC_ALIAS_SHIFT) - 1;

        for (uint64_t n = 0; n < VC_NUM_ALIASES; n++) {
            append_range(list, (range->child & mask) | n << VC_ALIAS_SHIFT,
                         range->parent, MIN(range->size, mask + 1));
        }
    }
    return true;
}

/* Peripherals: bus addresses are those of `ranges`, as for the CPUs */
static bool append_peripherals(QList *list, const FdtNode *bus, Error **errp)
{
    g_autoptr(GArray) ranges = fdt_node_ranges(bus, "ranges", errp);

    if (!ranges) {
        return false;
    }
    for (unsigned i = 0; i < ranges->len; i++) {
        const FdtRange *range = &g_array_index(ranges, FdtRange, i);

        if (range->mapped && range->child != range->address) {
            append_range(list, range->child, range->address, range->size);
        }
    }
    return true;
}

/*
 * Add a companion that is memory as a bus master sees it, for the link "dma-mr"
 * of the device, and of @other if that is not NULL
 */
static bool add_bus_memory(FdtPlanner *planner, FdtDevice *device,
                           FdtDevice *other, Error **errp)
{
    FdtNode *node = fdt_device_node(device);
    g_autoptr(QList) list = qlist_new();
    g_autofree char *path = NULL;
    FdtDevice *view;

    if (!append_ram(list, node->parent, errp) ||
        !append_peripherals(list, node->parent, errp)) {
        return false;
    }
    view = fdt_planner_add_device(planner, node, "dma-ranges", "memory",
                                  FDT_RANK_OTHER);
    fdt_device_link_memory(view, "memory");
    fdt_device_set_list(view, "ranges", qobject_ref(list));
    path = g_strdup_printf("%s/dma[0]", fdt_device_qom_path(view));
    fdt_device_set_string(device, "dma-mr", path);
    fdt_device_after(device, view);
    if (other) {
        fdt_device_set_string(other, "dma-mr", path);
        fdt_device_after(other, view);
    }
    return true;
}

static bool plan_bus_master(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    return add_bus_memory(planner, device, NULL, errp);
}

/*
 * Mailbox and firmware.  QEMU models the mailbox's channels as devices with 16
 * bytes of registers each, in an address space that only the mailbox sees.
 */

#define MBOX_OFFSET         0x80    /* of the registers in the region */
#define MBOX_CHANNELS_SIZE  (9 * 16)
#define MBOX_CHANNEL_SIZE   16
#define MBOX_CHANNEL_FB         1
#define MBOX_CHANNEL_PROPERTY   8

/* Memory that the firmware reserves for the VideoCore: 64 MiB below 1 GiB */
#define VCRAM_SIZE          (64 * MiB)
#define VCRAM_LIMIT         (1 * GiB)

static FdtDevice *add_channels(FdtPlanner *planner, FdtDevice *mbox)
{
    FdtDevice *channels = fdt_planner_add_device(planner,
                                                 fdt_device_node(mbox),
                                                 "dma-ranges", "channels",
                                                 FDT_RANK_OTHER);
    g_autofree char *path = g_strdup_printf("%s/dma[0]",
                                            fdt_device_qom_path(channels));

    fdt_device_set_uint(channels, "size", MBOX_CHANNELS_SIZE);
    fdt_device_set_string(mbox, "mbox-mr", path);
    fdt_device_after(mbox, channels);
    return channels;
}

/* The firmware's node adds the channels; without that node there are none */
static bool connect_mbox(FdtPlanner *planner, FdtDevice *device,
                         Error **errp)
{
    FdtReg reg;

    if (!fdt_device_reg(device, 0, &reg, errp)) {
        return false;
    }
    fdt_device_map_window(device, 0, reg.address, "registers", MBOX_OFFSET,
                          reg.size);
    if (!fdt_device_has_argument(device, "mbox-mr")) {
        add_channels(planner, device);
    }
    return true;
}

static void add_channel(FdtPlanner *planner, FdtDevice *device,
                        FdtDevice *mbox, FdtDevice *channels, unsigned number)
{
    g_autofree char *path = g_strdup_printf("%s/dma[0]",
                                            fdt_device_qom_path(channels));

    fdt_device_map_into(device, 0, channels, path, number * MBOX_CHANNEL_SIZE,
                        MBOX_CHANNEL_SIZE);
    fdt_device_wire(planner, device, FDT_LINE_IRQ, 0, mbox, FDT_LINE_IN,
                    number);
}

/* Size of the first entry of the memory node's reg, at most 1 GiB */
static bool low_memory(FdtPlanner *planner, uint64_t *size, Error **errp)
{
    uint64_t ram_size = fdt_planner_config(planner)->ram_size;
    g_autoptr(GArray) memory = fdt_tree_memory(fdt_planner_tree(planner),
                                               NULL, errp);

    if (!memory) {
        return false;
    }
    *size = memory->len ? g_array_index(memory, FdtMemory, 0).size : 0;
    if (ram_size && (!*size || ram_size < *size)) {
        *size = ram_size;
    }
    *size = *size ? MIN(*size, VCRAM_LIMIT) : VCRAM_LIMIT;
    return true;
}

/*
 * The board's revision code: what the boards' boot loader has written into the
 * tree (`linux,revision`), or else a code that has only the fields for the size
 * of memory and the SoC
 */
static uint32_t board_revision(FdtPlanner *planner, uint64_t memory)
{
    /* By the code's numbers of SoCs, each of which has another kind of CPU */
    static const char *const cpus[] = {
        "arm,arm1176jzf-s", "arm,cortex-a7", "arm,cortex-a53",
        "arm,cortex-a72",
    };
    const FdtTree *tree = fdt_planner_tree(planner);
    const FdtNode *system = fdt_tree_find(tree, "/system");
    const FdtNode *cpu = fdt_device_node(fdt_planner_cpu(planner, 0));
    uint32_t revision = 1 << 23;

    if (system && fdt_node_u32(system, "linux,revision", &revision)) {
        return revision;
    }
    for (int i = 0; i < ARRAY_SIZE(cpus); i++) {
        if (fdt_node_is_compatible(cpu, cpus[i])) {
            revision |= i << 12;
        }
    }
    while (memory > 256 * MiB) {
        memory /= 2;
        revision += 1 << 20;
    }
    return revision;
}

static FdtDevice *firmware_mbox(FdtPlanner *planner, const FdtNode *node,
                                Error **errp)
{
    g_autoptr(GArray) mboxes = fdt_node_phandle_args(node, "mboxes",
                                                     "#mbox-cells", NULL,
                                                     errp);
    FdtDevice *mbox = NULL;

    if (!mboxes) {
        return NULL;
    }
    if (mboxes->len) {
        mbox = fdt_planner_device(planner, g_array_index(mboxes,
                                                         FdtPhandleArgs,
                                                         0).node);
    }
    if (!mbox || !fdt_device_is(mbox, "brcm,bcm2835-mbox") ||
        fdt_device_has_argument(mbox, "mbox-mr")) {
        fdt_error(errp, node, "mboxes",
                  "leads to no mailbox, or to one that has a user");
        return NULL;
    }
    return mbox;
}

static bool plan_firmware(FdtPlanner *planner, FdtDevice *device,
                          Error **errp)
{
    FdtNode *node = fdt_device_node(device);
    const FdtPlanConfig *config = fdt_planner_config(planner);
    FdtDevice *mbox = firmware_mbox(planner, node, errp);
    FdtDevice *fb, *otp, *channels;
    uint64_t memory;

    if (!mbox || !low_memory(planner, &memory, errp)) {
        return false;
    }
    fb = fdt_planner_add_device(planner, node, "bcm2835-fb", "fb",
                                FDT_RANK_OTHER);
    otp = fdt_planner_add_device(planner, node, "bcm2835-otp", "otp",
                                 FDT_RANK_OTHER);
    channels = add_channels(planner, mbox);
    fdt_device_set_uint(fb, "vcram-base",
                        memory > VCRAM_SIZE ? memory - VCRAM_SIZE : memory);
    fdt_device_set_uint(device, "board-rev", board_revision(planner, memory));
    fdt_device_set_string(device, "command-line", config->append ?: "");
    fdt_device_link(device, "fb", fb);
    fdt_device_link(device, "otp", otp);
    add_channel(planner, fb, mbox, channels, MBOX_CHANNEL_FB);
    add_channel(planner, device, mbox, channels, MBOX_CHANNEL_PROPERTY);
    return add_bus_memory(planner, device, fb, errp);
}

/*
 * SD cards: two controllers may have the card, and the GPIO controller decides
 * which one's bus its pins lead to.  It is different if one of the controllers
 * has a device that is soldered in, such as Wi-Fi, which has pins of its own
 */

static FdtDevice *device_of(FdtPlanner *planner, const char *compatible)
{
    return fdt_planner_device(planner,
                              fdt_planner_find_compatible(planner,
                                                          compatible));
}

static void link_sd_bus(FdtDevice *device, const char *name,
                        FdtDevice *controller)
{
    g_autofree char *path = g_strdup_printf("%s/sd-bus",
                                            fdt_device_qom_path(controller));

    fdt_device_set_string(device, name, path);
    fdt_device_after(device, controller);
}

static bool shares_card(const FdtDevice *sdhci, const FdtDevice *sdhost)
{
    return sdhci && sdhost &&
           !fdt_node_has(fdt_device_node(sdhci), "non-removable") &&
           !fdt_node_has(fdt_device_node(sdhost), "non-removable");
}

static bool plan_gpio(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtDevice *sdhci = device_of(planner, "brcm,bcm2835-sdhci");
    FdtDevice *sdhost = device_of(planner, "brcm,bcm2835-sdhost");

    if (shares_card(sdhci, sdhost)) {
        link_sd_bus(device, "sdbus-sdhci", sdhci);
        link_sd_bus(device, "sdbus-sdhost", sdhost);
    }
    return true;
}

static bool plan_sdhost(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtDevice *sdhci = device_of(planner, "brcm,bcm2835-sdhci");
    FdtDevice *gpio = device_of(planner, "brcm,bcm2835-gpio");

    fdt_device_add_slot(planner, device,
                        gpio && shares_card(sdhci, device) ? gpio : device);
    return true;
}

/* The card that both controllers may have belongs to brcm,bcm2835-sdhost */
static bool plan_sdhci(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    if (!shares_card(device, device_of(planner, "brcm,bcm2835-sdhost"))) {
        fdt_device_add_slot(planner, device, device);
    }
    return true;
}

static const FdtBindingProp sdhci_props[] = {
    { .name = "sd-spec-version", .value = 3 },
    { .name = "capareg", .value = 0x52134b4 },
    { .name = "pending-insert-quirk", .kind = FDT_VALUE_BOOL, .value = true },
    FDT_END_PROPS
};

/* The model selects no chips by itself */
static const FdtSpiRole spi_chips = { .bus = "spi" };

/*
 * Mini UART.  The model has the whole AUX block, for which the tree has several
 * nodes: the UART's node gets the device, the block's node a stub that answers
 * where the UART's registers are not.
 */

static const FdtBindingReg aux_uart_regs[] = {
    { .reg = 0, .region = 0, .offset = -0x40 },
    FDT_END_REGS
};

static bool connect_aux(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtReg reg;

    if (fdt_device_reg(device, 0, &reg, NULL)) {
        fdt_device_map_priority(device, 0, reg.address, reg.size, -1000);
    }
    return true;
}

const FdtBinding fdt_bindings_bcm[] = {
    {
        .compatible = "brcm,bcm2836-l1-intc",
        .type = "bcm2836-control",
        .irqs = fdt_no_irqs,
        .intc = FDT_INTC(.input = local_input),
        .connect = connect_local,
    }, {
        .compatible = "brcm,bcm2835-armctrl-ic",
        .type = "bcm2835-ic",
        .intc = FDT_INTC(.input = armctrl_input, .line = armctrl_line),
        .connect = connect_armctrl,
    }, {
        .compatible = "brcm,bcm2836-armctrl-ic",
        .type = "bcm2835-ic",
        .intc = FDT_INTC(.input = armctrl_input, .line = armctrl_line),
        .connect = connect_armctrl,
    }, {
        .compatible = "brcm,bcm2835-system-timer",
        .type = "bcm2835-sys-timer",
        .num_irqs = 4,
        .timer = FDT_TIMER(),
    }, {
        .compatible = "brcm,bcm2835-cprman",
        .type = "bcm2835-cprman",
        .irqs = fdt_no_irqs,
        .guest = FDT_GUEST(.keeps_providers = true),
    }, {
        .compatible = "brcm,bcm2835-mbox",
        .type = "bcm2835-mbox",
        .regs = fdt_no_regs,
        .connect = connect_mbox,
    }, {
        .compatible = "raspberrypi,bcm2835-firmware",
        .type = "bcm2835-property",
        .bus = FDT_BUS_NONE,
        .plan = plan_firmware,
        /* GPIO lines and resets of child nodes have no model */
        .is = FDT_CONTAINER,
    }, {
        .compatible = "raspberrypi,firmware-clocks",
        .verdict = FDT_VERDICT_STRUCTURE,
        .reason = "the firmware's property channel answers for it",
    }, {
        .compatible = "raspberrypi,bcm2835-power",
        .verdict = FDT_VERDICT_STRUCTURE,
        .reason = "the firmware's property channel answers for it",
    }, {
        .compatible = "brcm,bcm2835-gpio",
        .type = "bcm2835_gpio",
        .irqs = fdt_no_irqs,
        .gpio = FDT_GPIO(),
        .plan = plan_gpio,
    }, {
        .compatible = "brcm,bcm2711-gpio",
        .type = "bcm2838-gpio",
        .irqs = fdt_no_irqs,
        .gpio = FDT_GPIO(),
        .plan = plan_gpio,
    }, {
        .compatible = "brcm,bcm2835-dma",
        .type = "bcm2835-dma",
        .num_irqs = 15,     /* the tree's 16th is shared by all */
        .plan = plan_bus_master,
    }, {
        .compatible = "brcm,bcm2835-usb",
        .type = "dwc2-usb",
        .plan = plan_bus_master,
    }, {
        .compatible = "brcm,bcm2708-usb",
        .type = "dwc2-usb",
        .plan = plan_bus_master,
    }, {
        .compatible = "brcm,bcm2835-sdhost",
        .type = "bcm2835-sdhost",
        .plan = plan_sdhost,
    }, {
        .compatible = "brcm,bcm2835-sdhci",
        .type = "generic-sdhci",
        .props = sdhci_props,
        .plan = plan_sdhci,
    }, {
        .compatible = "brcm,bcm2711-emmc2",
        .type = "generic-sdhci",
        .props = sdhci_props,
        .plan = fdt_plan_card_slot,
    }, {
        .compatible = "brcm,bcm2835-aux-uart",
        .type = "bcm2835-aux",
        .slot = FDT_SLOT_SERIAL,
        .regs = aux_uart_regs,
    }, {
        .compatible = "brcm,bcm2835-aux",
        .type = "unimplemented-device",
        .substitute = "its registers are part of the mini UART's device",
        .bus = FDT_BUS_NONE,
        .plan = fdt_plan_unimplemented,
        .connect = connect_aux,
    }, {
        .compatible = "brcm,bcm2835-i2c",
        .type = "bcm2835-i2c",
        .i2c = FDT_I2C(),
    }, {
        .compatible = "brcm,bcm2835-spi",
        .type = "bcm2835-spi",
        .spi = &spi_chips,
    }, {
        .compatible = "brcm,bcm2835-rng",
        .type = "bcm2835-rng",
        .irqs = fdt_no_irqs,
    }, {
        .compatible = "brcm,bcm2835-thermal",
        .type = "bcm2835-thermal",
        .irqs = fdt_no_irqs,
    }, {
        .compatible = "brcm,bcm2836-thermal",
        .type = "bcm2835-thermal",
        .irqs = fdt_no_irqs,
    }, {
        .compatible = "brcm,bcm2837-thermal",
        .type = "bcm2835-thermal",
        .irqs = fdt_no_irqs,
    }, {
        .compatible = "brcm,bcm2835-pm",
        .type = "bcm2835-powermgt",
        .irqs = fdt_no_irqs,
    }, {
        .compatible = "brcm,bcm2835-pm-wdt",
        .type = "bcm2835-powermgt",
        .irqs = fdt_no_irqs,
    },
    { .compatible = NULL }
};

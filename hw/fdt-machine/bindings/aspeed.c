/*
 * Bindings of Aspeed's BMCs: AST2400, AST2500, AST2600
 *
 * The indexes of regions and outputs are those that the init functions of
 * QEMU's models give them; the constants are those of the SoCs' manuals.  The
 * UARTs are in serial.c, the USB hosts in hci.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "shared.h"
#include "tables.h"

/*
 * Values that the system control unit is given: the revision of a late
 * stepping; straps for booting from SPI, with the usual rates of clocks; and
 * the key that unlocks it, as a boot loader has done on a board
 */
#define AST2400_REV         0x02010303
#define AST2400_STRAP1      0x120ce416
#define AST2500_REV         0x04010303
#define AST2500_STRAP1      0xf100c2c6
#define AST2600_REV         0x05030303
#define AST2600_STRAP1      0x000000c0
#define AST2600_STRAP2      0x00000003
#define PROTECTION_KEY      0x1688a8a8
/* Interrupt controller: lines, outputs, and where its registers begin */
#define VIC_LINES           51
#define VIC_IRQ             0
#define VIC_FIQ             1
#define VIC_OFFSET          0x80
/* Inputs of a CPU that these outputs lead to */
#define CPU_IRQ             0
#define CPU_FIQ             1
/* Number of lines of the GPIO controller of the 1.8 V pins */
#define GPIO_1V8_LINES      36
/* Size of the blocks of which several nodes describe a part each */
#define BLOCK_SIZE          0x1000
/*
 * I2C: offsets of the registers of a bus.  On the AST2400 and AST2500, buffers
 * lie between the registers of the first 7 buses and those of the others
 */
#define I2C_STRIDE          0x40
#define I2C_FIRST_BUSES     7
#define I2C_OTHER_BUSES     0x300
#define I2C_BUSES           14
#define AST2600_I2C_STRIDE  0x80
#define AST2600_I2C_BUSES   16
/* The second ADC's registers follow those of the first */
#define ADC_STRIDE          0x100
/* LPC: output 0 is shared, the four KCS channels have those after it */
#define LPC_IRQ             0
#define LPC_FIRST_KCS_IRQ   1
/* FSI: size of the model's region; the tree has only the registers in it */
#define FSI_REGION_SIZE     0x1000
/*
 * Capabilities of a slot for SD cards: ADMA2 and high speed, and on the AST2600
 * 64-bit addresses and 1.8 V, too
 */
#define SDHCI_CAPABILITIES  0x001e80080
#define SDHCI_64BIT         0x701f80080

static const FdtBindingProp ast2400_scu_props[] = {
    { .name = "silicon-rev", .value = AST2400_REV },
    { .name = "hw-strap1", .value = AST2400_STRAP1 },
    { .name = "hw-prot-key", .value = PROTECTION_KEY },
    FDT_END_PROPS
};

static const FdtBindingProp ast2500_scu_props[] = {
    { .name = "silicon-rev", .value = AST2500_REV },
    { .name = "hw-strap1", .value = AST2500_STRAP1 },
    { .name = "hw-prot-key", .value = PROTECTION_KEY },
    FDT_END_PROPS
};

static const FdtBindingProp ast2600_scu_props[] = {
    { .name = "silicon-rev", .value = AST2600_REV },
    { .name = "hw-strap1", .value = AST2600_STRAP1 },
    { .name = "hw-strap2", .value = AST2600_STRAP2 },
    { .name = "hw-prot-key", .value = PROTECTION_KEY },
    FDT_END_PROPS
};

static FdtDevice *find_scu(FdtPlanner *planner)
{
    static const char *const scus[] = {
        "aspeed,ast2400-scu", "aspeed,ast2500-scu", "aspeed,ast2600-scu",
    };

    for (int i = 0; i < ARRAY_SIZE(scus); i++) {
        const FdtNode *node = fdt_planner_find_compatible(planner, scus[i]);

        if (node) {
            return fdt_planner_device(planner, node);
        }
    }
    return NULL;
}

/* The model has a link to the system control unit, and needs it */
static bool plan_scu_user(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtDevice *scu = find_scu(planner);

    if (!scu) {
        fdt_device_leave_out(planner, device,
                             "not built: there is no system control unit");
        return true;
    }
    fdt_device_link(device, "scu", scu);
    return true;
}

/*
 * One model for several nodes.  The tree has a node for each part of the block,
 * and for the whole block none, or one that is elsewhere: the first part that
 * is available gets the device, the others become parts of it
 */

/*
 * Address of the block that the device is a part of, and offset of the device's
 * registers in it; false if its reg has no address
 */
static bool find_place(const FdtDevice *device, uint64_t *address,
                       unsigned *offset)
{
    FdtReg reg;

    if (!fdt_device_reg(device, 0, &reg, NULL)) {
        return false;
    }
    *address = reg.address & -BLOCK_SIZE;
    *offset = reg.address & (BLOCK_SIZE - 1);
    return true;
}

static FdtDevice *find_block(FdtPlanner *planner, const FdtDevice *part,
                             uint64_t address)
{
    GPtrArray *siblings = fdt_device_node(part)->parent->children;

    for (unsigned i = 0; i < siblings->len; i++) {
        FdtDevice *other = fdt_planner_device(planner,
                                              g_ptr_array_index(siblings, i));
        uint64_t its;
        unsigned offset;

        if (other && fdt_device_owner(other) &&
            find_place(other, &its, &offset) && its == address) {
            return fdt_device_owner(other);
        }
    }
    return NULL;
}

/* The block's device; NULL if it has no model: then the part is left out */
static FdtDevice *join_block(FdtPlanner *planner, FdtDevice *part,
                             const char *type, uint64_t address)
{
    FdtDevice *block = find_block(planner, part, address);

    if (!block && !fdt_planner_has_type(planner, type)) {
        fdt_device_leave_out(planner, part,
                             "not built: this binary has no model of it");
    } else if (!block) {
        block = fdt_planner_add_device(planner, fdt_device_node(part), type,
                                       "controller", FDT_RANK_OTHER);
        fdt_device_map(block, 0, NULL, address, BLOCK_SIZE);
    }
    return block;
}

/*
 * Interrupt controller: interrupt-controller/aspeed,ast2400-vic.yaml.  The
 * tree's reg begins with the newer registers, the model's region with the older
 * ones, which lie before.
 */

static bool connect_vic(FdtPlanner *planner, FdtDevice *vic, Error **errp)
{
    FdtDevice *cpu = fdt_planner_cpu(planner, 0);

    fdt_device_wire(planner, vic, FDT_LINE_IRQ, VIC_IRQ, cpu, FDT_LINE_IN,
                    CPU_IRQ);
    fdt_device_wire(planner, vic, FDT_LINE_IRQ, VIC_FIQ, cpu, FDT_LINE_IN,
                    CPU_FIQ);
    return true;
}

static const FdtBindingReg vic_regs[] = {
    { .reg = 0, .region = 0, .offset = -VIC_OFFSET },
    FDT_END_REGS
};

/*
 * Ethernet: net/faraday,ftgmac100.yaml.  On the AST2600 the management bus is a
 * node of its own; its model passes accesses on to the Ethernet controller
 * whose PHY sits on that bus.  On the other SoCs the bus is in the controller.
 */

static FdtDevice *phy_user(FdtPlanner *planner, const FdtNode *mdio)
{
    static const char compatible[] = "faraday,ftgmac100";
    const FdtNode *mac = fdt_planner_find_compatible(planner, compatible);

    for (; mac; mac = fdt_planner_next_compatible(planner, mac, compatible)) {
        const FdtNode *phy = fdt_node_target(mac, "phy-handle", 0);

        if (phy && phy->parent == mdio) {
            return fdt_planner_device(planner, mac);
        }
    }
    return NULL;
}

static bool plan_mdio(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtNode *node = fdt_device_node(device);
    FdtDevice *mac = phy_user(planner, node);

    if (!mac) {
        fdt_device_leave_out(planner, device,
                             "not built: no Ethernet controller has its PHY "
                             "here");
        return true;
    }
    fdt_device_link(device, "nic", mac);
    return true;
}

static const FdtBindingProp mac_props[] = {
    { .name = "aspeed", .kind = FDT_VALUE_BOOL, .value = true },
    FDT_END_PROPS
};

/*
 * GPIO: gpio/aspeed,ast2400-gpio.yaml
 */

static bool plan_gpio(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    uint32_t lines;

    if (fdt_node_u32(fdt_device_node(device), "ngpios", &lines) &&
        lines <= GPIO_1V8_LINES) {
        fdt_device_set_type(device, "aspeed.gpio-ast2600-1_8v");
    }
    return true;
}

/*
 * SD cards: mmc/aspeed,sdhci.yaml.  The node above the slots has registers for
 * the phases of the slots' clocks.
 */

static const FdtBindingProp sdhci_props[] = {
    { .name = "sd-spec-version", .value = 2 },
    { .name = "capareg", .value = SDHCI_CAPABILITIES },
    FDT_END_PROPS
};

static const FdtBindingProp sdhci_64bit_props[] = {
    { .name = "sd-spec-version", .value = 2 },
    { .name = "capareg", .value = SDHCI_64BIT },
    FDT_END_PROPS
};

/*
 * I2C: i2c/aspeed,i2c.yaml.  One model has all buses.  On the AST2400 and
 * AST2500 the device is that of the node of the interrupt controller which
 * passes the buses' interrupts on.  On the AST2600 each bus has an interrupt of
 * its own, there is no such node, and the first bus gets the device.
 */

static bool set_i2c_bus(FdtDevice *bus, FdtDevice *controller, unsigned n,
                        unsigned num_buses, Error **errp)
{
    g_autofree char *part = g_strdup_printf("bus[%u]", n);
    g_autofree char *name = g_strdup_printf("aspeed.i2c.bus.%u", n);

    if (n >= num_buses) {
        fdt_error(errp, fdt_device_node(bus), "reg",
                  "no bus of the controller has its registers there");
        return false;
    }
    fdt_device_part_of(bus, controller, part);
    fdt_device_name_bus(bus, name);
    return true;
}

static FdtDevice *find_i2c_ic(FdtPlanner *planner, uint64_t address)
{
    static const char *const ics[] = {
        "aspeed,ast2400-i2c-ic", "aspeed,ast2500-i2c-ic",
    };

    for (int i = 0; i < ARRAY_SIZE(ics); i++) {
        const FdtNode *node = fdt_planner_find_compatible(planner, ics[i]);

        for (; node; node = fdt_planner_next_compatible(planner, node,
                                                        ics[i])) {
            FdtDevice *ic = fdt_planner_device(planner, node);
            uint64_t its;
            unsigned offset;

            if (ic && find_place(ic, &its, &offset) && its == address) {
                return ic;
            }
        }
    }
    return NULL;
}

static bool plan_i2c_bus(FdtPlanner *planner, FdtDevice *bus, Error **errp)
{
    FdtDevice *ic;
    uint64_t address;
    unsigned offset, n;

    if (!find_place(bus, &address, &offset)) {
        return true;
    }
    ic = find_i2c_ic(planner, address);
    if (!ic) {
        fdt_device_leave_out(planner, bus,
                             "not built: nothing passes its interrupt on");
        return true;
    }
    n = offset < I2C_OTHER_BUSES
        ? offset / I2C_STRIDE - 1
        : (offset - I2C_OTHER_BUSES) / I2C_STRIDE + I2C_FIRST_BUSES;
    return set_i2c_bus(bus, ic, n, offset < I2C_OTHER_BUSES ? I2C_FIRST_BUSES
                                                            : I2C_BUSES, errp);
}

static bool plan_ast2600_i2c_bus(FdtPlanner *planner, FdtDevice *bus,
                                 Error **errp)
{
    FdtDevice *controller;
    uint64_t address;
    unsigned offset;

    if (!find_place(bus, &address, &offset)) {
        return true;
    }
    controller = join_block(planner, bus, "aspeed.i2c-ast2600", address);
    if (!controller) {
        return true;
    }
    fdt_device_link_ram(controller, "dram");
    return set_i2c_bus(bus, controller, offset / AST2600_I2C_STRIDE - 1,
                       AST2600_I2C_BUSES, errp);
}

/*
 * Flash: spi/aspeed,ast2600-fmc.yaml.  The second entry of reg is the window
 * through which the flash is read.  Each of QEMU's types has its window at one
 * address, so the second SPI controller needs another type than the first.
 */

static const FdtBindingReg flash_regs[] = {
    { .reg = 0, .region = 0 },
    { .reg = 1, .region = 1 },
    FDT_END_REGS
};

static const FdtSpiRole one_chip = { .cs_line = "cs", .num_cs = 1 };
static const FdtSpiRole two_chips = { .cs_line = "cs", .num_cs = 2 };
static const FdtSpiRole three_chips = { .cs_line = "cs", .num_cs = 3 };
static const FdtSpiRole five_chips = { .cs_line = "cs", .num_cs = 5 };

/*
 * Whether another controller of the same compatible, available or not, has a
 * lower address: then the device is the second one of the SoC
 */
static bool is_second(const FdtDevice *device)
{
    const FdtNode *node = fdt_device_node(device);
    const char *compatible = fdt_device_binding(device)->compatible;
    uint32_t address, other;

    for (unsigned i = 0; i < node->parent->children->len; i++) {
        const FdtNode *sibling = g_ptr_array_index(node->parent->children, i);

        if (fdt_node_is_compatible(sibling, compatible) &&
            fdt_node_u32(sibling, "reg", &other) &&
            fdt_node_u32(node, "reg", &address) && other < address) {
            return true;
        }
    }
    return false;
}

static bool plan_ast2500_spi(FdtPlanner *planner, FdtDevice *device,
                             Error **errp)
{
    if (is_second(device)) {
        fdt_device_set_type(device, "aspeed.spi2-ast2500");
    }
    return true;
}

static bool plan_ast2600_spi(FdtPlanner *planner, FdtDevice *device,
                             Error **errp)
{
    if (is_second(device)) {
        fdt_device_set_type(device, "aspeed.spi2-ast2600");
    }
    return true;
}

/*
 * ADC: iio/adc/aspeed,ast2600-adc.yaml.  The AST2600 has two, which share an
 * interrupt and a model.
 */

static bool plan_ast2600_adc(FdtPlanner *planner, FdtDevice *device,
                             Error **errp)
{
    FdtDevice *both;
    uint64_t address;
    unsigned offset;

    if (!find_place(device, &address, &offset)) {
        return true;
    }
    both = join_block(planner, device, "aspeed.adc-ast2600", address);
    if (both) {
        fdt_device_part_of(device, both, offset < ADC_STRIDE ? "engine[0]"
                                                             : "engine[1]");
    }
    return true;
}

static bool connect_ast2600_adc(FdtPlanner *planner, FdtDevice *device,
                                Error **errp)
{
    FdtDevice *both = fdt_device_owner(device);
    const FdtInterrupt *irq = fdt_device_irq(device, 0);

    return !both || !irq ||
           fdt_device_interrupt(planner, both, FDT_LINE_IRQ, 0, irq, 0, errp);
}

/*
 * LPC: mfd/aspeed-lpc.yaml.  The model has the registers of all child nodes,
 * and the interrupts of the KCS channels: on the AST2600 each channel has an
 * output of its own, on the other SoCs all of them share one.
 */

/* Number of the KCS channel whose first register has this offset, or -1 */
static int kcs_channel(unsigned offset)
{
    static const unsigned first[] = { 0x24, 0x28, 0x2c, 0x114 };

    for (int i = 0; i < ARRAY_SIZE(first); i++) {
        if (first[i] == offset) {
            return i;
        }
    }
    return -1;
}

static bool is_lpc(const FdtDevice *device)
{
    return fdt_device_is(device, "aspeed,ast2400-lpc-v2") ||
           fdt_device_is(device, "aspeed,ast2500-lpc-v2") ||
           fdt_device_is(device, "aspeed,ast2600-lpc-v2");
}

static bool connect_kcs(FdtPlanner *planner, FdtDevice *kcs, Error **errp)
{
    const FdtNode *node = fdt_device_node(kcs);
    FdtDevice *lpc = fdt_planner_device(planner, node->parent);
    const FdtInterrupt *in = fdt_device_irq(kcs, 0);
    uint64_t address;
    unsigned offset;
    int n = find_place(kcs, &address, &offset) ? kcs_channel(offset) : -1;

    if (!lpc || n < 0 || !in || !is_lpc(lpc)) {
        return true;
    }
    if (fdt_node_is_compatible(node->parent, "aspeed,ast2600-lpc-v2")) {
        return fdt_device_interrupt(planner, lpc, FDT_LINE_IRQ,
                                    LPC_FIRST_KCS_IRQ + n, in, 0, errp);
    }
    fdt_device_wire(planner, lpc, FDT_LINE_IRQ, LPC_FIRST_KCS_IRQ + n,
                    lpc, FDT_LINE_IN, n);
    return fdt_device_interrupt(planner, lpc, FDT_LINE_IRQ, LPC_IRQ, in, 0,
                                errp);
}

/*
 * Memory controller: edac/aspeed-sdram-edac.txt.  Two bits of its configuration
 * register say which of four sizes the RAM has, each twice the one before.
 */

static bool finish_sdmc(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    uint64_t ram = fdt_planner_ram_size(planner);
    uint64_t size = fdt_device_is(device, "aspeed,ast2400-sdram-edac")
                    ? 64 * MiB
                    : fdt_device_is(device, "aspeed,ast2500-sdram-edac")
                    ? 128 * MiB : 256 * MiB;

    for (int i = 0; i < 3 && size * 2 <= ram; i++) {
        size *= 2;
    }
    fdt_device_set_uint(device, "ram-size", size);
    return true;
}

/* Address 0 of the model's DMA is the first byte of RAM */
static const FdtBindingLink dram[] = {
    { "dram", .ram = true },
    FDT_END_LINKS
};

/* Clocks, resets, pins and a mailbox are child nodes, and parts of the unit */
#define ASPEED_SCU(compat, qom_type, list)                              \
    { .compatible = compat, .type = qom_type, .is = FDT_CLOCKS,         \
      .irqs = fdt_no_irqs, .props = list,                               \
      .guest = FDT_GUEST(.keeps_providers = true) }

#define ASPEED_TIMER(compat, qom_type)                                  \
    { .compatible = compat, .type = qom_type, .num_irqs = 8,            \
      .plan = plan_scu_user, .timer = FDT_TIMER(),                      \
      .cover = FDT_COVER_PART }

#define ASPEED_WATCHDOG(compat, qom_type)                               \
    { .compatible = compat, .type = qom_type, .irqs = fdt_no_irqs,      \
      .plan = plan_scu_user, .cover = FDT_COVER_PART }

#define ASPEED_RTC(compat)                                              \
    { .compatible = compat, .type = "aspeed.rtc",                       \
      .cover = FDT_COVER_PART }

#define ASPEED_GPIO(compat, qom_type, hook)                             \
    { .compatible = compat, .type = qom_type,                           \
      .gpio = FDT_GPIO(), .plan = hook,                                 \
      .cover = FDT_COVER_PART }

#define ASPEED_MAC(compat)                                              \
    { .compatible = compat, .type = "ftgmac100", .slot = FDT_SLOT_NIC,  \
      .props = mac_props, .cover = FDT_COVER_PART }

#define I2C_BUS(compat, outputs, hook)                                  \
    { .compatible = compat, .verdict = FDT_VERDICT_MODELLED,            \
      .reason = "a bus of the I2C controller", .regs = fdt_no_regs,     \
      .irqs = outputs, .plan = hook, .i2c = FDT_I2C(.bus = "i2c") }

#define ASPEED_FLASH(compat, qom_type, chips, hook)                     \
    { .compatible = compat, .type = qom_type, .regs = flash_regs,       \
      .spi = &chips, .links = dram, .plan = hook,                       \
      .cover = FDT_COVER_PART }

#define ASPEED_LPC(compat)                                              \
    { .compatible = compat, .type = "aspeed.lpc",                       \
      .irqs = fdt_no_irqs }

#define PECI(compat)                                                    \
    { .compatible = compat, .type = "aspeed.peci" }

#define SDMC(compat, qom_type)                                          \
    { .compatible = compat, .type = qom_type, .irqs = fdt_no_irqs,      \
      .finish = finish_sdmc }

/* A node for some registers of the node above, whose model has all of them */
#define PART(compat, why)                                               \
    { .compatible = compat, .verdict = FDT_VERDICT_STRUCTURE,           \
      .reason = why }

#define SCU_PART(compat)    PART(compat, "part of the system control unit")
#define LPC_PART(compat)    PART(compat, "part of the LPC controller")

#define SD_CONTROLLER(compat)                                           \
    { .compatible = compat, .verdict = FDT_VERDICT_STRUCTURE,           \
      .reason = "phases of the slots' clocks", .bus = FDT_BUS_NONE,     \
      .is = FDT_REGISTERS | FDT_CONTAINER }

#define ASPEED_SDHCI(compat, list)                                      \
    { .compatible = compat, .type = "generic-sdhci", .props = list,     \
      .plan = fdt_plan_card_slot, .cover = FDT_COVER_PART }

const FdtBinding fdt_bindings_aspeed[] = {
    ASPEED_SCU("aspeed,ast2400-scu", "aspeed.scu-ast2400", ast2400_scu_props),
    ASPEED_SCU("aspeed,ast2500-scu", "aspeed.scu-ast2500", ast2500_scu_props),
    ASPEED_SCU("aspeed,ast2600-scu", "aspeed.scu-ast2600", ast2600_scu_props),
    { .compatible = "aspeed,ast2400-vic", .type = "aspeed.vic",
      .regs = vic_regs, .irqs = fdt_no_irqs,
      .intc = FDT_INTC(.count = VIC_LINES), .connect = connect_vic },
    ASPEED_TIMER("aspeed,ast2400-timer", "aspeed.timer-ast2400"),
    ASPEED_TIMER("aspeed,ast2600-timer", "aspeed.timer-ast2600"),
    ASPEED_WATCHDOG("aspeed,ast2400-wdt", "aspeed.wdt-ast2400"),
    ASPEED_WATCHDOG("aspeed,ast2500-wdt", "aspeed.wdt-ast2500"),
    ASPEED_WATCHDOG("aspeed,ast2600-wdt", "aspeed.wdt-ast2600"),
    ASPEED_RTC("aspeed,ast2400-rtc"),
    ASPEED_RTC("aspeed,ast2500-rtc"),
    ASPEED_RTC("aspeed,ast2600-rtc"),
    ASPEED_GPIO("aspeed,ast2400-gpio", "aspeed.gpio-ast2400", NULL),
    ASPEED_GPIO("aspeed,ast2500-gpio", "aspeed.gpio-ast2500", NULL),
    ASPEED_GPIO("aspeed,ast2600-gpio", "aspeed.gpio-ast2600", plan_gpio),
    { .compatible = "aspeed,ast2500-hace", .type = "aspeed.hace-ast2500",
      .links = dram, .cover = FDT_COVER_PART },
    { .compatible = "aspeed,ast2600-hace", .type = "aspeed.hace-ast2600",
      .links = dram, .cover = FDT_COVER_PART },
    { .compatible = "aspeed,ast2600-sbc", .type = "aspeed.sbc",
      .irqs = fdt_no_irqs, .cover = FDT_COVER_PART },
    ASPEED_MAC("aspeed,ast2400-mac"),
    ASPEED_MAC("aspeed,ast2500-mac"),
    ASPEED_MAC("aspeed,ast2600-mac"),
    { .compatible = "aspeed,ast2600-mdio", .type = "aspeed-mmi",
      .irqs = fdt_no_irqs, .plan = plan_mdio, .cover = FDT_COVER_PART },
    SD_CONTROLLER("aspeed,ast2400-sd-controller"),
    SD_CONTROLLER("aspeed,ast2500-sd-controller"),
    SD_CONTROLLER("aspeed,ast2600-sd-controller"),
    ASPEED_SDHCI("aspeed,ast2400-sdhci", sdhci_props),
    ASPEED_SDHCI("aspeed,ast2500-sdhci", sdhci_props),
    ASPEED_SDHCI("aspeed,ast2600-sdhci", sdhci_64bit_props),
    { .compatible = "aspeed,ast2400-i2c-ic", .type = "aspeed.i2c-ast2400" },
    { .compatible = "aspeed,ast2500-i2c-ic", .type = "aspeed.i2c-ast2500",
      .links = dram },
    I2C_BUS("aspeed,ast2400-i2c-bus", fdt_no_irqs, plan_i2c_bus),
    I2C_BUS("aspeed,ast2500-i2c-bus", fdt_no_irqs, plan_i2c_bus),
    I2C_BUS("aspeed,ast2600-i2c-bus", NULL, plan_ast2600_i2c_bus),
    ASPEED_FLASH("aspeed,ast2400-fmc", "aspeed.fmc-ast2400", five_chips,
                 NULL),
    ASPEED_FLASH("aspeed,ast2400-spi", "aspeed.spi1-ast2400", one_chip,
                 NULL),
    ASPEED_FLASH("aspeed,ast2500-fmc", "aspeed.fmc-ast2500", three_chips,
                 NULL),
    ASPEED_FLASH("aspeed,ast2500-spi", "aspeed.spi1-ast2500", two_chips,
                 plan_ast2500_spi),
    ASPEED_FLASH("aspeed,ast2600-fmc", "aspeed.fmc-ast2600", three_chips,
                 NULL),
    ASPEED_FLASH("aspeed,ast2600-spi", "aspeed.spi1-ast2600", three_chips,
                 plan_ast2600_spi),
    { .compatible = "aspeed,ast2400-adc", .type = "aspeed.adc-ast2400" },
    { .compatible = "aspeed,ast2500-adc", .type = "aspeed.adc-ast2500" },
    { .compatible = "aspeed,ast2600-adc0", .verdict = FDT_VERDICT_MODELLED,
      .reason = "one of two in a block", .bus = FDT_BUS_NONE,
      .plan = plan_ast2600_adc, .connect = connect_ast2600_adc },
    { .compatible = "aspeed,ast2600-adc1", .verdict = FDT_VERDICT_MODELLED,
      .reason = "one of two in a block", .bus = FDT_BUS_NONE,
      .plan = plan_ast2600_adc, .connect = connect_ast2600_adc },
    ASPEED_LPC("aspeed,ast2400-lpc-v2"),
    ASPEED_LPC("aspeed,ast2500-lpc-v2"),
    ASPEED_LPC("aspeed,ast2600-lpc-v2"),
    { .compatible = "aspeed,ast2400-kcs-bmc-v2",
      .verdict = FDT_VERDICT_MODELLED,
      .reason = "a channel of the LPC controller", .bus = FDT_BUS_NONE,
      .connect = connect_kcs },
    { .compatible = "aspeed,ast2500-kcs-bmc-v2",
      .verdict = FDT_VERDICT_MODELLED,
      .reason = "a channel of the LPC controller", .bus = FDT_BUS_NONE,
      .connect = connect_kcs },
    PECI("aspeed,ast2400-peci"),
    PECI("aspeed,ast2500-peci"),
    PECI("aspeed,ast2600-peci"),
    SDMC("aspeed,ast2400-sdram-edac", "aspeed.sdmc-ast2400"),
    SDMC("aspeed,ast2500-sdram-edac", "aspeed.sdmc-ast2500"),
    SDMC("aspeed,ast2600-sdram-edac", "aspeed.sdmc-ast2600"),
    { .compatible = "aspeed,ast2500-xdma", .type = "aspeed.xdma-ast2500" },
    { .compatible = "aspeed,ast2600-xdma", .type = "aspeed.xdma-ast2600" },
    { .compatible = "aspeed,ast2600-fsi-master", .type = "aspeed.apb2opb",
      .region_size = FSI_REGION_SIZE, .cover = FDT_COVER_PART },
    SCU_PART("aspeed,ast2400-pinctrl"),
    SCU_PART("aspeed,ast2500-pinctrl"),
    SCU_PART("aspeed,ast2600-pinctrl"),
    SCU_PART("aspeed,silicon-id"),
    SCU_PART("aspeed,ast2500-scu-ic"),
    SCU_PART("aspeed,ast2600-scu-ic0"),
    SCU_PART("aspeed,ast2600-scu-ic1"),
    SCU_PART("aspeed,ast2400-p2a-ctrl"),
    SCU_PART("aspeed,ast2500-p2a-ctrl"),
    SCU_PART("aspeed,ast2600-smpmem"),
    LPC_PART("aspeed,ast2400-lpc-ctrl"),
    LPC_PART("aspeed,ast2500-lpc-ctrl"),
    LPC_PART("aspeed,ast2600-lpc-ctrl"),
    LPC_PART("aspeed,ast2400-lpc-snoop"),
    LPC_PART("aspeed,ast2500-lpc-snoop"),
    LPC_PART("aspeed,ast2600-lpc-snoop"),
    LPC_PART("aspeed,ast2400-lpc-reset"),
    LPC_PART("aspeed,ast2500-lpc-reset"),
    LPC_PART("aspeed,ast2600-lpc-reset"),
    LPC_PART("aspeed,ast2400-lhc"),
    LPC_PART("aspeed,ast2500-lhc"),
    LPC_PART("aspeed,ast2600-lhc"),
    LPC_PART("aspeed,ast2400-ibt-bmc"),
    LPC_PART("aspeed,ast2500-ibt-bmc"),
    LPC_PART("aspeed,ast2600-ibt-bmc"),
    LPC_PART("aspeed,ast2500-uart-routing"),
    LPC_PART("aspeed,ast2600-uart-routing"),
    { }
};

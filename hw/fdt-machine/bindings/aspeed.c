/*
 * Bindings of Aspeed's BMCs: AST2400, AST2500, AST2600
 *
 * Which region and which output is which is what the models' init functions
 * say; the constants are those of the SoC's manual.  UARTs and USB hosts are
 * with the generic ones.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../binding.h"

/*
 * What the system control unit says: a late stepping; straps for booting from
 * SPI at the usual rates; and no lock, for a boot loader has opened it
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
/* A CPU's inputs */
#define CPU_IRQ             0
#define CPU_FIQ             1
/* The GPIO controller of the 1.8 V pins has no more than that */
#define GPIO_1V8_LINES      36
/* Slot's capabilities: ADMA2, high speed; the AST2600 has 64 bits and 1.8 V */
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

/* Links to the system control unit; without it there is no model */
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
 * Interrupt controller: interrupt-controller/aspeed,ast2400-vic.yaml.  The
 * tree knows the newer registers alone, the model has the older ones before.
 */

static bool vic_input(FdtPlanner *planner, FdtDevice *vic,
                      const uint32_t *cells, unsigned num_cells,
                      unsigned cpu, FdtInput *out, Error **errp)
{
    if (cells[0] >= VIC_LINES) {
        error_setg(errp, "%s has no line %u", fdt_device_node(vic)->path,
                   cells[0]);
        return false;
    }
    out->index = cells[0];
    return true;
}

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
    { .reg = 0, .region = 0, .has_offset = true, .offset = -VIC_OFFSET },
    FDT_END_REGS
};

/*
 * Ethernet: net/faraday,ftgmac100.yaml.  The management bus of the AST2600 is
 * a node of its own, and its model a window to the controller whose PHY sits
 * on it; the others have it in the controller.
 */

static FdtDevice *phy_user(FdtPlanner *planner, const FdtNode *mdio)
{
    static const char compatible[] = "faraday,ftgmac100";
    const FdtNode *mac = fdt_planner_find_compatible(planner, compatible);

    for (; mac; mac = fdt_planner_next_compatible(planner, mac, compatible)) {
        const FdtNode *phy = NULL;
        uint32_t phandle;

        if (fdt_node_u32(mac, "phy-handle", &phandle)) {
            phy = fdt_tree_by_phandle(mac->tree, phandle);
        }
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

/* The model has its lines as properties, and no inputs */
static bool gpio_input(FdtPlanner *planner, FdtDevice *controller,
                       const uint32_t *cells, unsigned num_cells,
                       unsigned cpu, FdtInput *out, Error **errp)
{
    return false;
}

/*
 * SD cards: mmc/aspeed,sdhci.yaml.  The registers above the slots are about
 * phases of their clocks.
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

/* Addresses of DMA begin where RAM does */
static const char *const dram[] = { "dram", NULL };

/* Clocks, resets, pins and a mailbox: nodes below, which are part of it */
#define SCU(compat, qom_type, list)                                     \
    { .compatible = compat, .type = qom_type, .rank = FDT_RANK_CLOCK,   \
      .num_irqs = -1, .props = list, .keeps_providers = true }

#define TIMER(compat, qom_type)                                         \
    { .compatible = compat, .type = qom_type, .num_irqs = 8,            \
      .plan = plan_scu_user, .timer = true, .stub_below = true }

#define WATCHDOG(compat, qom_type)                                      \
    { .compatible = compat, .type = qom_type, .num_irqs = -1,           \
      .plan = plan_scu_user, .stub_below = true }

#define RTC(compat)                                                     \
    { .compatible = compat, .type = "aspeed.rtc", .stub_below = true }

#define GPIO(compat, qom_type, hook)                                    \
    { .compatible = compat, .type = qom_type, .gpio = gpio_input,       \
      .plan = hook, .stub_below = true }

#define HACE(compat, qom_type)                                          \
    { .compatible = compat, .type = qom_type, .ram_links = dram,        \
      .stub_below = true }

#define MAC(compat)                                                     \
    { .compatible = compat, .type = "ftgmac100", .slot = FDT_SLOT_NIC,  \
      .props = mac_props, .stub_below = true }

#define SD_CONTROLLER(compat)                                           \
    { .compatible = compat, .verdict = FDT_VERDICT_STRUCTURE,           \
      .reason = "phases of the slots' clocks", .num_regs = -1,          \
      .num_irqs = -1, .plan = fdt_plan_registers, .needs_children = true }

#define SDHCI(compat, list)                                             \
    { .compatible = compat, .type = "generic-sdhci", .props = list,     \
      .plan = fdt_plan_card_slot, .stub_below = true }

const FdtBinding fdt_bindings_aspeed[] = {
    SCU("aspeed,ast2400-scu", "aspeed.scu-ast2400", ast2400_scu_props),
    SCU("aspeed,ast2500-scu", "aspeed.scu-ast2500", ast2500_scu_props),
    SCU("aspeed,ast2600-scu", "aspeed.scu-ast2600", ast2600_scu_props),
    { .compatible = "aspeed,ast2400-vic", .type = "aspeed.vic",
      .rank = FDT_RANK_INTC, .regs = vic_regs, .num_irqs = -1,
      .input = vic_input, .connect = connect_vic },
    TIMER("aspeed,ast2400-timer", "aspeed.timer-ast2400"),
    TIMER("aspeed,ast2600-timer", "aspeed.timer-ast2600"),
    WATCHDOG("aspeed,ast2400-wdt", "aspeed.wdt-ast2400"),
    WATCHDOG("aspeed,ast2500-wdt", "aspeed.wdt-ast2500"),
    WATCHDOG("aspeed,ast2600-wdt", "aspeed.wdt-ast2600"),
    RTC("aspeed,ast2400-rtc"),
    RTC("aspeed,ast2500-rtc"),
    RTC("aspeed,ast2600-rtc"),
    GPIO("aspeed,ast2400-gpio", "aspeed.gpio-ast2400", NULL),
    GPIO("aspeed,ast2500-gpio", "aspeed.gpio-ast2500", NULL),
    GPIO("aspeed,ast2600-gpio", "aspeed.gpio-ast2600", plan_gpio),
    HACE("aspeed,ast2500-hace", "aspeed.hace-ast2500"),
    HACE("aspeed,ast2600-hace", "aspeed.hace-ast2600"),
    { .compatible = "aspeed,ast2600-sbc", .type = "aspeed.sbc",
      .num_irqs = -1, .stub_below = true },
    MAC("aspeed,ast2400-mac"),
    MAC("aspeed,ast2500-mac"),
    MAC("aspeed,ast2600-mac"),
    { .compatible = "aspeed,ast2600-mdio", .type = "aspeed-mmi",
      .num_irqs = -1, .plan = plan_mdio, .stub_below = true },
    SD_CONTROLLER("aspeed,ast2400-sd-controller"),
    SD_CONTROLLER("aspeed,ast2500-sd-controller"),
    SD_CONTROLLER("aspeed,ast2600-sd-controller"),
    SDHCI("aspeed,ast2400-sdhci", sdhci_props),
    SDHCI("aspeed,ast2500-sdhci", sdhci_props),
    SDHCI("aspeed,ast2600-sdhci", sdhci_64bit_props),
    { }
};

/*
 * Bindings of Aspeed's BMCs, the AST2600
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
 * What the system control unit says: the last stepping; straps for booting
 * from SPI at the usual rates; and no lock, for a boot loader has opened it
 */
#define SILICON_REV         0x05030303
#define STRAP1              0x000000c0
#define STRAP2              0x00000003
#define PROTECTION_KEY      0x1688a8a8
/* The GPIO controller of the 1.8 V pins has no more than that */
#define GPIO_1V8_LINES      36
/* Slot's capabilities: 64 bits, 1.8 V and 3.3 V, ADMA2, high speed */
#define SDHCI_CAPABILITIES  0x701f80080

static const FdtBindingProp scu_props[] = {
    { .name = "silicon-rev", .value = SILICON_REV },
    { .name = "hw-strap1", .value = STRAP1 },
    { .name = "hw-strap2", .value = STRAP2 },
    { .name = "hw-prot-key", .value = PROTECTION_KEY },
    FDT_END_PROPS
};

/* Links to the system control unit; without it there is no model */
static bool plan_scu_user(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_planner_find_compatible(planner,
                                                      "aspeed,ast2600-scu");
    FdtDevice *scu = node ? fdt_planner_device(planner, node) : NULL;

    if (!scu) {
        fdt_device_set_type(device, NULL);
        fdt_planner_note(planner, fdt_device_node(device),
                         "not built: there is no system control unit");
        return true;
    }
    fdt_device_link(device, "scu", scu);
    return true;
}

/*
 * Ethernet: net/faraday,ftgmac100.yaml.  The management bus is a node of its
 * own, and its model a window to the controller whose PHY sits on it.
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
        fdt_device_set_type(device, NULL);
        fdt_planner_note(planner, node,
                         "not built: no Ethernet controller has its PHY here");
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

static bool plan_sdc(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    return true;
}

static const FdtBindingProp sdhci_props[] = {
    { .name = "sd-spec-version", .value = 2 },
    { .name = "capareg", .value = SDHCI_CAPABILITIES },
    FDT_END_PROPS
};

static const char *const dram[] = { "dram", NULL };

const FdtBinding fdt_bindings_aspeed[] = {
    /* Clocks, resets, pins and a mailbox: nodes below, which are part of it */
    { .compatible = "aspeed,ast2600-scu", .type = "aspeed.scu-ast2600",
      .rank = FDT_RANK_CLOCK, .num_irqs = -1, .props = scu_props,
      .keeps_providers = true },
    { .compatible = "aspeed,ast2600-timer", .type = "aspeed.timer-ast2600",
      .num_irqs = 8, .plan = plan_scu_user, .timer = true,
      .stub_below = true },
    { .compatible = "aspeed,ast2600-wdt", .type = "aspeed.wdt-ast2600",
      .num_irqs = -1, .plan = plan_scu_user, .stub_below = true },
    { .compatible = "aspeed,ast2600-rtc", .type = "aspeed.rtc",
      .stub_below = true },
    { .compatible = "aspeed,ast2600-gpio", .type = "aspeed.gpio-ast2600",
      .gpio = gpio_input, .plan = plan_gpio, .stub_below = true },
    { .compatible = "aspeed,ast2600-hace", .type = "aspeed.hace-ast2600",
      .memory_links = dram, .stub_below = true },
    { .compatible = "aspeed,ast2600-sbc", .type = "aspeed.sbc",
      .num_irqs = -1, .stub_below = true },
    { .compatible = "aspeed,ast2600-mac", .type = "ftgmac100",
      .slot = FDT_SLOT_NIC, .props = mac_props, .stub_below = true },
    { .compatible = "aspeed,ast2600-mdio", .type = "aspeed-mmi",
      .num_irqs = -1, .plan = plan_mdio, .stub_below = true },
    { .compatible = "aspeed,ast2600-sd-controller",
      .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "phases of the slots' clocks", .num_regs = -1,
      .num_irqs = -1, .plan = plan_sdc, .needs_children = true },
    { .compatible = "aspeed,ast2600-sdhci", .type = "generic-sdhci",
      .props = sdhci_props, .plan = fdt_plan_card_slot, .stub_below = true },
    { }
};

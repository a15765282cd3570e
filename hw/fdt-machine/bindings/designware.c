/*
 * Bindings of Synopsys' DesignWare cores, which SoCs of many vendors have
 *
 * The indexes of regions and outputs are those that the init functions of
 * QEMU's models give them.  The UARTs are in serial.c.  The USB 3 host is in
 * xilinx.c, as QEMU has it for Xilinx's SoCs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/*
 * USB 2: usb/dwc2.yaml.  Drivers read from the core's registers what it is able
 * to do.  QEMU's model says that it is a host and nothing else, so the tree's
 * dr_mode does not matter.
 */

/* Size of the model's region: the registers, then the FIFOs of the channels */
#define DWC2_SIZE   0x11000

static const FdtBindingLink dwc2_memory[] = {
    { "dma-mr" },
    FDT_END_LINKS
};

/*
 * Ethernet: net/snps,dwmac.yaml, GMACs of the third generation.  The model's
 * PHY answers at address 0 of the management bus, so the guest's tree is made
 * to have it there.  Without a model is a PHY that is part of the SoC, with
 * clocks and registers of its own.
 */

#define PHY_ADDRESS 0

/* The node of the PHY that the controller's node names, or NULL */
static const FdtNode *find_phy(const FdtNode *node)
{
    static const char *const props[] = { "phy-handle", "phy", "phy-device" };

    for (int i = 0; i < ARRAY_SIZE(props); i++) {
        if (fdt_node_has(node, props[i])) {
            return fdt_node_target(node, props[i], 0);
        }
    }
    return NULL;
}

/*
 * The node that has the management bus on which the PHY sits: an Ethernet
 * controller, or a multiplexer
 */
static const FdtNode *mdio_owner(const FdtNode *phy)
{
    const FdtNode *owner = phy->parent;

    if (owner && (!fdt_node_compatible(owner, 0) ||
                  fdt_node_is_compatible(owner, "snps,dwmac-mdio"))) {
        owner = owner->parent;
    }
    return owner;
}

static bool plan_gmac(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const FdtNode *phy = find_phy(node);
    const FdtNode *owner = phy ? mdio_owner(phy) : NULL;
    uint32_t address = PHY_ADDRESS;

    if (!owner) {
        return true;
    }
    fdt_node_u32(phy, "reg", &address);
    if (fdt_node_has(phy, "phy-is-integrated") ||
        (owner != node && (address != PHY_ADDRESS ||
                           !fdt_planner_device(planner, owner)))) {
        fdt_device_leave_out(planner, device,
                             "not built: no model has, or leads to, its PHY");
    } else if (address != PHY_ADDRESS) {
        fdt_planner_tell_guest(phy, "reg", PHY_ADDRESS);
    }
    return true;
}

#define GMAC(compat)                                                    \
    { .compatible = compat, .type = "npcm-gmac",                        \
      .substitute = "the GMAC of the NPCM8xx, with its PHY",            \
      .slot = FDT_SLOT_NIC, .plan = plan_gmac,                          \
      .cover = FDT_COVER_PART,                                          \
      .guest = FDT_GUEST(.clock_rate = 125000000) }

const FdtBinding fdt_bindings_designware[] = {
    { .compatible = "snps,dwc2", .type = "dwc2-usb",
      .substitute = "the core of the BCM2835, as a host alone",
      .plan = fdt_plan_usb_host, .links = dwc2_memory,
      .region_size = DWC2_SIZE, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 60000000) },
    GMAC("allwinner,sun7i-a20-gmac"),
    GMAC("amlogic,meson6-dwmac"),
    GMAC("amlogic,meson8m2-dwmac"),
    GMAC("rockchip,px30-gmac"),
    GMAC("rockchip,rk3228-gmac"),
    GMAC("rockchip,rk3288-gmac"),
    GMAC("rockchip,rk3308-gmac"),
    GMAC("rockchip,rk3328-gmac"),
    GMAC("rockchip,rk3368-gmac"),
    GMAC("rockchip,rk3399-gmac"),
    GMAC("rockchip,rv1108-gmac"),
    GMAC("snps,dwmac-3.50a"),
    GMAC("snps,dwmac-3.70a"),
    GMAC("snps,dwmac-3.72a"),
    { .compatible = "amlogic,g12a-mdio-mux",
      .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "which of two PHYs is on the bus", .bus = FDT_BUS_NONE,
      .is = FDT_REGISTERS },
    { .compatible = "amlogic,gxl-mdio-mux", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "which of two PHYs is on the bus", .bus = FDT_BUS_NONE,
      .is = FDT_REGISTERS },
    { }
};

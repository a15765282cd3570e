/*
 * Bindings: host controllers whose registers are those of a standard: AHCI,
 * OHCI, EHCI, xHCI
 *
 * Registers that vendors add, mostly for PHYs, have no model.  Where a vendor's
 * driver needs them, the guest's tree names the standard's compatible string
 * alone, so that the driver for the standard takes the device.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/* Regions of the models */
#define EHCI_SIZE   0x1000
#define OHCI_SIZE   0x100

/*
 * Disks: ata/ahci-platform.yaml.  Each child node is a port; without child
 * nodes there is one port.
 */

#define MAX_PORTS   32

static unsigned num_ports(const FdtNode *node)
{
    unsigned num = 1;

    for (unsigned i = 0; i < node->children->len; i++) {
        const FdtNode *child = g_ptr_array_index(node->children, i);
        uint32_t port;

        if (g_str_has_prefix(child->name, "sata-port@") &&
            fdt_node_u32(child, "reg", &port) && port < MAX_PORTS) {
            num = MAX(num, port + 1);
        }
    }
    return num;
}

static bool plan_ahci(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    unsigned num = num_ports(fdt_device_node(device));

    fdt_device_set_uint(device, "num-ports", num);
    fdt_device_take_disks(planner, device, num);
    return true;
}

static const FdtGuestProp generic_ahci[] = {
    { .name = "compatible", .string = "generic-ahci" },
    FDT_END_PROPS
};

static const FdtGuestProp generic_xhci[] = {
    { .name = "compatible", .string = "generic-xhci" },
    FDT_END_PROPS
};

/* The model gets one interrupter, as the tree has one interrupt line */
static const FdtBindingProp xhci_props[] = {
    { .name = "intrs", .value = 1 },
    FDT_END_PROPS
};

#define AHCI(compat, why, says)                                         \
    { .compatible = compat, .type = "sysbus-ahci", .substitute = why,   \
      .guest = FDT_GUEST(.clock_rate = 100000000, .props = says),       \
      .plan = plan_ahci, .cover = FDT_COVER_PART }

#define AHCI_NEAR(compat)                                               \
    AHCI(compat, "an AHCI without the vendor's registers", generic_ahci)

#define XHCI(compat, why, says)                                         \
    { .compatible = compat, .type = "sysbus-xhci", .substitute = why,   \
      .guest = FDT_GUEST(.clock_rate = 100000000, .props = says),       \
      .props = xhci_props, .cover = FDT_COVER_PART }

#define XHCI_NEAR(compat)                                               \
    XHCI(compat, "an xHCI without the vendor's registers", generic_xhci)

const FdtBinding fdt_bindings_hci[] = {
    AHCI("generic-ahci", NULL, NULL),
    AHCI_NEAR("snps,dwc-ahci"),
    AHCI_NEAR("fsl,imx53-ahci"),
    AHCI_NEAR("fsl,imx6q-ahci"),
    AHCI_NEAR("fsl,ls1028a-ahci"),
    AHCI_NEAR("fsl,ls1043a-ahci"),
    AHCI_NEAR("fsl,ls1046a-ahci"),
    AHCI_NEAR("fsl,ls1088a-ahci"),
    AHCI_NEAR("fsl,ls2080a-ahci"),
    AHCI_NEAR("fsl,lx2160a-ahci"),
    AHCI_NEAR("marvell,armada-380-ahci"),
    AHCI_NEAR("marvell,armada-3700-ahci"),
    AHCI_NEAR("mediatek,mtk-ahci"),

    { .compatible = "generic-ohci", .type = "sysbus-ohci",
      .region_size = OHCI_SIZE, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 48000000) },
    { .compatible = "samsung,exynos4210-ohci", .type = "sysbus-ohci",
      .region_size = OHCI_SIZE, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 48000000) },
    { .compatible = "generic-ehci", .type = "platform-ehci-usb",
      .region_size = EHCI_SIZE, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 48000000) },

    XHCI("generic-xhci", NULL, NULL),
    XHCI_NEAR("marvell,armada-380-xhci"),
    { }
};

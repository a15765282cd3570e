/*
 * Bindings of Xilinx SoCs and of the blocks that they license
 *
 * The indexes of regions and outputs are those that the init and realize
 * functions of QEMU's models give them; the constants are those of the SoC's
 * manual (UG1085).  The UARTs are in serial.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/* Output 0 of an SPI controller is its interrupt, the chip selects follow */
#define SPI_FIRST_CS    1
/* The QSPI controller has two chip selects on each of two buses */
#define QSPI_NUM_CS     2
#define SPI_NUM_CS      4
/* Offset of the DMA's registers in the page of the QSPI controller */
#define QSPI_DMA_OFFSET 0x800
#define QSPI_DMA_SIZE   0x2c
/* Module identification of the Ethernet controller */
#define GEM_REVISION    0x40070106
/* Capabilities of the SD host controller: no eMMC, 3.3 V, high speed */
#define SDHCI_CAPABILITIES  0x280737ec6481ULL
#define UHS_I           1

/*
 * SPI controllers
 */

static const FdtSpiRole spi_chips = {
    .bus = "spi0", .first_cs = SPI_FIRST_CS, .num_cs = SPI_NUM_CS,
};

static const FdtSpiRole qspi_chips = {
    .bus = "spi0", .first_cs = SPI_FIRST_CS, .num_cs = QSPI_NUM_CS,
};

/*
 * Octal SPI: spi/cdns,qspi-nor.yaml.  Drivers for controllers with a DMA would
 * wait for it, and the model has none, so the guest's node names another one.
 */
static const FdtGuestProp ospi_guest[] = {
    { .name = "compatible", .string = "cdns,qspi-nor" },
    FDT_END_PROPS
};

/* Two regions: the registers, and the window through which flash is read */
static const FdtBindingReg qspi_regs[] = {
    { .reg = 0, .region = 0 },
    { .reg = 1, .region = 1, .optional = true },
    FDT_END_REGS
};

/*
 * The generic QSPI controller of the ZynqMP streams to a DMA of its own, whose
 * registers are in the same page and which shares its interrupt
 */
static bool connect_gqspi(FdtPlanner *planner, FdtDevice *device,
                          Error **errp)
{
    const FdtInterrupt *irq = fdt_device_irq(device, 0);
    FdtDevice *dma;
    FdtReg reg;

    if (!fdt_device_reg(device, 0, &reg, errp)) {
        return false;
    }
    dma = fdt_planner_add_device(planner, fdt_device_node(device),
                                 "xlnx.csu_dma", "dma", FDT_RANK_OTHER);
    fdt_device_link_memory(dma, "dma");
    fdt_device_map(dma, 0, NULL, reg.address + QSPI_DMA_OFFSET, QSPI_DMA_SIZE);
    fdt_device_link(device, "stream-connected-dma", dma);
    return !irq || fdt_device_interrupt(planner, dma, FDT_LINE_IRQ, 0, irq, 0,
                                        errp);
}

/*
 * Ethernet
 */

/* The node of the PHY: that of phy-handle, or a child, maybe of an mdio node */
static const FdtNode *first_phy(const FdtNode *node)
{
    for (unsigned i = 0; i < node->children->len; i++) {
        const FdtNode *child = g_ptr_array_index(node->children, i);
        const FdtNode *phy;

        if (g_str_has_prefix(child->name, "ethernet-phy@") ||
            g_str_has_prefix(child->name, "phy@")) {
            return child;
        }
        phy = g_str_equal(child->name, "mdio") ? first_phy(child) : NULL;
        if (phy) {
            return phy;
        }
    }
    return NULL;
}

static bool plan_gem(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const FdtNode *phy = fdt_node_target(node, "phy-handle", 0);
    uint32_t address;

    if (!phy) {
        phy = first_phy(node);
    }
    if (phy && fdt_node_u32(phy, "reg", &address) && address < 32) {
        fdt_device_set_uint(device, "phy-addr", address);
    }
    return true;
}

static const FdtBindingProp zynqmp_gem_props[] = {
    { .name = "revision", .value = GEM_REVISION },
    { .name = "num-priority-queues", .value = 2 },
    FDT_END_PROPS
};

/*
 * SD cards and disks
 */

static const FdtBindingProp sdhci_props[] = {
    { .name = "sd-spec-version", .value = 3 },
    { .name = "uhs", .value = UHS_I },
    { .name = "capareg", .value = SDHCI_CAPABILITIES },
    FDT_END_PROPS
};

#define AHCI_NUM_PORTS 2

static bool plan_ahci(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    fdt_device_take_disks(planner, device, AHCI_NUM_PORTS);
    return true;
}

static const FdtBindingProp ahci_props[] = {
    { .name = "num-ports", .value = AHCI_NUM_PORTS },
    FDT_END_PROPS
};

/*
 * USB: the node above the controller, with registers of the SoC's, has no
 * model; the controller, its child node, has one
 */

static const FdtBindingProp dwc3_props[] = {
    { .name = "intrs", .value = 4 },
    { .name = "slots", .value = 2 },
    FDT_END_PROPS
};

/* Output 0 is the first interrupter's; trees have several names for it */
static const FdtBindingIrq dwc3_irqs[] = {
    { .irq = 0, .output = 0 },
    FDT_END_IRQS
};

/*
 * Display
 */

/*
 * The model is refused without a DMA from which it takes frames: where the tree
 * has none with a model, one is added
 */
static bool plan_dp(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtNode *node = fdt_device_node(device);
    g_autoptr(GArray) dmas = fdt_node_phandle_args(node, "dmas",
                                                   "#dma-cells", NULL, errp);
    FdtDevice *dpdma = NULL;

    if (!dmas) {
        return false;
    }
    if (dmas->len) {
        dpdma = fdt_planner_device(planner, g_array_index(dmas, FdtPhandleArgs,
                                                          0).node);
    }
    if (!dpdma || !fdt_device_is(dpdma, "xlnx,zynqmp-dpdma")) {
        fdt_planner_note(planner, node, "its DMA has no model: no picture");
        dpdma = fdt_planner_add_device(planner, node, "xlnx.dpdma", "dpdma",
                                       FDT_RANK_OTHER);
    }
    fdt_device_link(device, "dpdma", dpdma);
    return true;
}

/* One region has the registers of the tree's dp, blend, av_buf and aud */
static const FdtBindingReg dp_regs[] = {
    { .reg_name = "dp", .region = 0 },
    FDT_END_REGS
};

/*
 * DMA, timers, CAN
 */

static const FdtBindingProp zdma_props[] = {
    { .name = "bus-width", .from = "xlnx,bus-width", .has_default = true,
      .value = 64 },
    FDT_END_PROPS
};

static const FdtBindingLink dma_link[] = {
    { "dma" },
    FDT_END_LINKS
};

static const FdtBindingProp can_props[] = {
    { .name = "ext_clk_freq", .value = 24000000 },
    FDT_END_PROPS
};

/* The model's second output is an address error, not the tree's "sec" */
static const FdtBindingIrq rtc_irqs[] = {
    { .irq_name = "alarm", .output = 0 },
    FDT_END_IRQS
};

const FdtBinding fdt_bindings_xilinx[] = {
    {
        .compatible = "cdns,zynqmp-gem",
        .type = "cadence_gem",
        .slot = FDT_SLOT_NIC,
        .num_irqs = 2,
        .props = zynqmp_gem_props,
        .plan = plan_gem,
        .guest = FDT_GUEST(.clock_rate = 125000000),
    }, {
        .compatible = "xlnx,zynqmp-gem",
        .type = "cadence_gem",
        .slot = FDT_SLOT_NIC,
        .num_irqs = 2,
        .props = zynqmp_gem_props,
        .plan = plan_gem,
        .guest = FDT_GUEST(.clock_rate = 125000000),
    }, {
        .compatible = "cdns,zynq-gem",
        .type = "cadence_gem",
        .slot = FDT_SLOT_NIC,
        .plan = plan_gem,
        .guest = FDT_GUEST(.clock_rate = 125000000),
    }, {
        .compatible = "xlnx,zynq-gem",
        .type = "cadence_gem",
        .slot = FDT_SLOT_NIC,
        .plan = plan_gem,
        .guest = FDT_GUEST(.clock_rate = 125000000),
    }, {
        .compatible = "xlnx,zynqmp-8.9a",
        .type = "generic-sdhci",
        .props = sdhci_props,
        .plan = fdt_plan_card_slot,
        .guest = FDT_GUEST(.clock_rate = 200000000),
    }, {
        .compatible = "arasan,sdhci-8.9a",
        .type = "generic-sdhci",
        .props = sdhci_props,
        .plan = fdt_plan_card_slot,
        .guest = FDT_GUEST(.clock_rate = 200000000),
    }, {
        .compatible = "xlnx,zynqmp-qspi-1.0",
        .type = "xlnx.usmp-gqspi",
        .regs = qspi_regs,
        .spi = &qspi_chips,
        .connect = connect_gqspi,
        .guest = FDT_GUEST(.clock_rate = 200000000),
    }, {
        .compatible = "xlnx,zynq-qspi-1.0",
        .type = "xlnx.ps7-qspi",
        .regs = qspi_regs,
        .spi = &qspi_chips,
        .guest = FDT_GUEST(.clock_rate = 200000000),
    }, {
        .compatible = "ti,am654-ospi",
        .type = "xlnx.versal-ospi",
        .substitute = "Versal has the Cadence core, with another DMA",
        .regs = qspi_regs,
        .spi = &spi_chips,
        .guest = FDT_GUEST(.clock_rate = 200000000, .props = ospi_guest),
    }, {
        .compatible = "cdns,spi-r1p6",
        .type = "xlnx.ps7-spi",
        .spi = &spi_chips,
        .guest = FDT_GUEST(.clock_rate = 200000000),
    }, {
        .compatible = "xlnx,zynq-spi-r1p6",
        .type = "xlnx.ps7-spi",
        .spi = &spi_chips,
        .guest = FDT_GUEST(.clock_rate = 200000000),
    }, {
        .compatible = "xlnx,zynq-can-1.0",
        .type = "xlnx.zynqmp-can",
        .props = can_props,
        .guest = FDT_GUEST(.clock_rate = 24000000),
    }, {
        .compatible = "cdns,ttc",
        .type = "cadence_ttc",
        .timer = FDT_TIMER(),
        .num_irqs = 3,
        .guest = FDT_GUEST(.clock_rate = 100000000),
    }, {
        .compatible = "xlnx,zynqmp-rtc",
        .type = "xlnx-zynmp.rtc",
        .irqs = rtc_irqs,
        .guest = FDT_GUEST(.clock_rate = 32768),
    }, {
        .compatible = "ceva,ahci-1v84",
        .type = "sysbus-ahci",
        .props = ahci_props,
        .plan = plan_ahci,
        .guest = FDT_GUEST(.clock_rate = 250000000),
    }, {
        .compatible = "xlnx,zynqmp-dma-1.0",
        .type = "xlnx.zdma",
        .props = zdma_props,
        .links = dma_link,
        .guest = FDT_GUEST(.clock_rate = 100000000),
    }, {
        .compatible = "xlnx,zynqmp-dpdma",
        .type = "xlnx.dpdma",
        .guest = FDT_GUEST(.clock_rate = 200000000),
    }, {
        .compatible = "xlnx,zynqmp-dpsub-1.7",
        .type = "xlnx.v-dp",
        .is = FDT_AUDIO,
        .regs = dp_regs,
        .plan = plan_dp,
        .guest = FDT_GUEST(.clock_rate = 100000000),
    }, {
        .compatible = "xlnx,zynqmp-dwc3",
        .type = "unimplemented-device",
        .substitute = "the glue's registers have no effect",
        .irqs = fdt_no_irqs,
        .plan = fdt_plan_unimplemented,
        .is = FDT_CONTAINER,
        .guest = FDT_GUEST(.clock_rate = 100000000),
    }, {
        .compatible = "snps,dwc3",
        .type = "usb_dwc3",
        .irqs = dwc3_irqs,
        .props = dwc3_props,
        .guest = FDT_GUEST(.clock_rate = 100000000),
    },
    { .compatible = NULL }
};

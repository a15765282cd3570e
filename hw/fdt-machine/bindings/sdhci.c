/*
 * Bindings of SD host controllers of many vendors
 *
 * All of them have the registers of the SD Host Controller Standard, which QEMU
 * models, and further ones of the vendor's, for PHYs, delays and power.  Where
 * the vendor's driver works without these, the guest's node keeps its
 * compatible string; where the driver waits for them, the node gets that of a
 * controller that has none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/* Size of the model's region: the standard's registers */
#define SDHCI_SIZE      0x100
/*
 * ADMA2, high speed, 3.3 V and 1.8 V, a clock of 52 MHz.  The version is the
 * standard's second: with the third, drivers leave it to the controller to send
 * CMD23 before the blocks of an eMMC, which the model does not do.
 */
#define SDHCI_VERSION   2
#define CAPABILITIES    0x057834b4
#define CLOCK_RATE      52000000

static const FdtBindingProp sdhci_props[] = {
    { .name = "sd-spec-version", .value = SDHCI_VERSION },
    { .name = "capareg", .value = CAPABILITIES },
    { .name = "wp-inverted", .from = "wp-inverted", .kind = FDT_VALUE_BOOL },
    FDT_END_PROPS
};

/* An Arasan controller whose driver looks for no PHY */
static const FdtGuestProp arasan_guest[] = {
    { .name = "compatible", .string = "arasan,sdhci-8.9a" },
    { }
};

/* A controller with the standard's registers and a clock, and nothing else */
static const FdtGuestProp plain_guest[] = {
    { .name = "compatible", .string = "brcm,bcm2711-emmc2" },
    { }
};

/*
 * The driver of such a plain controller takes the rate from its clock, not from
 * a property that a boot loader has written
 */
static bool plan_plain(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    if (!fdt_node_has(fdt_device_node(device), "clocks")) {
        fdt_device_leave_out(planner, device,
                             "not built: the tree has no clock of it");
        return true;
    }
    return fdt_plan_card_slot(planner, device, errp);
}

#define SDHCI(compat, says, hook)                                       \
    { .compatible = compat, .type = "generic-sdhci",                    \
      .substitute = "what the standard has, nothing of the vendor's",   \
      .props = sdhci_props,                                             \
      .guest = FDT_GUEST(.clock_rate = CLOCK_RATE, .props = says),      \
      .plan = hook, .region_size = SDHCI_SIZE,                          \
      .cover = FDT_COVER_PART }

/* Controllers whose own driver works with the standard's registers alone */
#define NATIVE(compat)  SDHCI(compat, NULL, fdt_plan_card_slot)
#define ARASAN(compat)  SDHCI(compat, arasan_guest, fdt_plan_card_slot)
#define PLAIN(compat)   SDHCI(compat, plain_guest, plan_plain)

const FdtBinding fdt_bindings_sdhci[] = {
    NATIVE("arasan,sdhci-4.9a"),
    ARASAN("arasan,sdhci-5.1"),
    PLAIN("brcm,bcm2712-sdhci"),
    PLAIN("fsl,esdhc"),
    PLAIN("fsl,imx51-esdhc"),
    PLAIN("fsl,imx53-esdhc"),
    NATIVE("marvell,armada-3700-sdhci"),
    NATIVE("marvell,armada-380-sdhci"),
    NATIVE("marvell,armada-ap806-sdhci"),
    NATIVE("marvell,dove-sdhci"),
    PLAIN("nvidia,tegra124-sdhci"),
    PLAIN("nvidia,tegra210-sdhci"),
    PLAIN("qcom,sdhci-msm-v4"),
    PLAIN("qcom,sdhci-msm-v5"),
    NATIVE("rockchip,rk3568-dwcmshc"),
    NATIVE("rockchip,rk3588-dwcmshc"),
    NATIVE("ti,am62-sdhci"),
    NATIVE("ti,am64-sdhci-4bit"),
    NATIVE("ti,am64-sdhci-8bit"),
    NATIVE("ti,am654-sdhci-5.1"),
    NATIVE("ti,j721e-sdhci-4bit"),
    NATIVE("ti,j721e-sdhci-8bit"),
    { }
};

/*
 * Bindings of ChipIdea's USB controllers, which SoCs of many vendors have
 *
 * The indexes of regions and outputs are those that the init function of QEMU's
 * model gives them.  NXP's are in imx.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/* Size of the model's region */
#define REGION_SIZE     0x1000

/*
 * The drivers of these two kinds of controllers wait for a reset line and for a
 * transceiver, neither of which has a model.  Marvell's driver, which knows the
 * controller as host alone, needs neither, so the guest's node says that
 */
static const FdtGuestProp host_guest[] = {
    { .name = "compatible", .string = "marvell,orion-ehci" },
    { }
};

/* The transceiver is a child node; phandle 0 makes the driver look for none */
static const FdtGuestProp ulpi_guest[] = {
    { .name = "compatible", .string = "marvell,orion-ehci" },
    { .name = "phys", .value = 0 },
    { }
};

#define HOST(compat, near, says)                                        \
    { .compatible = compat, .type = "usb-chipidea",                     \
      .substitute = near,                                               \
      .guest = FDT_GUEST(.clock_rate = 60000000, .props = says),        \
      .plan = fdt_plan_usb_host, .region_size = REGION_SIZE,            \
      .cover = FDT_COVER_PART }

#define NEAR(compat, says)                                              \
    HOST(compat, "the core as a host alone, without the vendor's "      \
         "registers", says)

const FdtBinding fdt_bindings_chipidea[] = {
    HOST("marvell,armada-3700-ehci", NULL, NULL),
    HOST("marvell,orion-ehci", NULL, NULL),
    NEAR("nvidia,tegra20-ehci", host_guest),
    NEAR("nvidia,tegra30-ehci", host_guest),
    NEAR("qcom,ci-hdrc", ulpi_guest),
    { }
};

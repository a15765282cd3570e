/*
 * Bindings of ChipIdea's USB controllers, which SoCs of many vendors have
 *
 * Which region and which output is which is what the model's init function
 * says.  Those of NXP are with its other devices.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/* Of the model */
#define REGION_SIZE     0x1000

/*
 * Drivers of both kinds of controllers want a reset, and a transceiver that no
 * model has; the one of Marvell's is for the host alone, and wants neither
 */
static const FdtGuestProp host_guest[] = {
    { .name = "compatible", .string = "marvell,orion-ehci" },
    { }
};

/* Its transceiver is a node below it: phandle 0 leads to none */
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

/*
 * Bindings of Calxeda's ECX-1000 and ECX-2000
 *
 * The indexes of regions and outputs are those that the init functions of
 * QEMU's models give them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/*
 * Interrupts of the tree: the main one, power management, and the state of low
 * power (net/calxeda-xgmac.yaml), in the order of the model's outputs
 */
#define XGMAC_IRQS  3
#define AHCI_PORTS  5

/*
 * Disks: ata/sata_highbank.yaml
 */

static bool plan_ahci(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    fdt_device_take_disks(planner, device, AHCI_PORTS);
    return true;
}

static const FdtBindingProp ahci_props[] = {
    { .name = "num-ports", .value = AHCI_PORTS },
    FDT_END_PROPS
};

const FdtBinding fdt_bindings_calxeda[] = {
    /* The clocks are child nodes; the model says that they are locked */
    { .compatible = "calxeda,hb-sregs", .type = "highbank-regs",
      .is = FDT_CLOCKS, .irqs = fdt_no_irqs,
      .guest = FDT_GUEST(.keeps_providers = true) },
    { .compatible = "calxeda,hb-ahci", .type = "sysbus-ahci",
      .props = ahci_props, .plan = plan_ahci, .cover = FDT_COVER_PART },
    { .compatible = "calxeda,hb-xgmac", .type = "xgmac", .slot = FDT_SLOT_NIC,
      .num_irqs = XGMAC_IRQS },
    { }
};

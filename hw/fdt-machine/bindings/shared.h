/*
 * Hooks, and parts of hooks, that bindings of several families share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BINDINGS_SHARED_H
#define HW_FDT_MACHINE_BINDINGS_SHARED_H

#include "../plan/api.h"

/*
 * fdt_plan_card_slot: as a hook, a controller whose own bus is the slot of a
 * card (fdt_device_add_slot)
 */
FdtHook fdt_plan_card_slot;
/*
 * fdt_plan_unimplemented: as a hook, for the type unimplemented-device: as
 * large as the first entry of reg, for what works without its registers
 */
FdtHook fdt_plan_unimplemented;
/*
 * fdt_plan_usb_host: as a hook, for USB controllers of both kinds: what the
 * tree makes a device of is not built, for QEMU has hosts alone
 */
FdtHook fdt_plan_usb_host;
/*
 * fdt_plan_i2c, fdt_plan_spi: as hooks, devices on the bus of the controller of
 * the node above, at the address or the chip select that is their reg; left out
 * if that controller has no model
 */
FdtHook fdt_plan_i2c;
FdtHook fdt_plan_spi;
/*
 * fdt_node_is_on_i2c, fdt_node_is_on_spi: whether the node above is that of
 * such a controller with a model, or of a channel of it
 */
bool fdt_node_is_on_i2c(FdtPlanner *planner, const FdtNode *node);
bool fdt_node_is_on_spi(FdtPlanner *planner, const FdtNode *node);
/* fdt_device_take_disks: the next -drive if=ide are disks of an AHCI */
void fdt_device_take_disks(FdtPlanner *planner, FdtDevice *device,
                           unsigned num_ports);

#endif /* HW_FDT_MACHINE_BINDINGS_SHARED_H */

/*
 * Hooks, and parts of hooks, that bindings of several families share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BINDINGS_SHARED_H
#define HW_FDT_MACHINE_BINDINGS_SHARED_H

#include "../plan/api.h"

/*
 * fdt_plan_card_slot: a hook @plan for controllers whose own bus is the slot of
 * a card (fdt_device_add_slot)
 */
FdtHook fdt_plan_card_slot;
/*
 * fdt_plan_unimplemented: a hook @plan for rows of the type
 * unimplemented-device: its size is that of the first entry of reg.  It is for
 * devices whose drivers work though all registers read as 0
 */
FdtHook fdt_plan_unimplemented;
/*
 * fdt_plan_usb_host: a hook @plan for controllers that can be a USB host or a
 * USB device.  QEMU models hosts alone: a controller that the tree's dr_mode
 * makes a device of is not built
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

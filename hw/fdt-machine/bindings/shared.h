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
/* fdt_device_take_disks: give the next -drive if=ide to the ports of an AHCI */
void fdt_device_take_disks(FdtPlanner *planner, FdtDevice *device,
                           unsigned num_ports);

#endif /* HW_FDT_MACHINE_BINDINGS_SHARED_H */

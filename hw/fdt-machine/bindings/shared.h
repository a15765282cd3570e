/*
 * Hooks, and parts of hooks, that bindings of several families share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BINDINGS_SHARED_H
#define HW_FDT_MACHINE_BINDINGS_SHARED_H

#include "../plan/api.h"

/*
 * fdt_take_line: the input of the number that a specifier has; an error if the
 * controller has no more than @num_lines
 */
bool fdt_take_line(const FdtDevice *controller, uint32_t line,
                   unsigned num_lines, FdtInput *out, Error **errp);
/*
 * fdt_plan_registers: as a hook, for what has no device: reg is resolved, so
 * that a stub answers there
 */
FdtHook fdt_plan_registers;

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
/* fdt_device_take_disks: the next -drive if=ide are disks of an AHCI */
void fdt_device_take_disks(FdtPlanner *planner, FdtDevice *device,
                           unsigned num_ports);

#endif /* HW_FDT_MACHINE_BINDINGS_SHARED_H */

/*
 * Hooks that bindings of several families share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"

bool fdt_plan_card_slot(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    fdt_device_add_slot(planner, device, device);
    return true;
}

void fdt_device_take_disks(FdtPlanner *planner, FdtDevice *device,
                           unsigned num_ports)
{
    FdtNode *node = fdt_device_node(device);

    for (unsigned port = 0; port < num_ports; port++) {
        const FdtDriveConfig *drive =
            fdt_planner_take_drive(planner, node, "ide") ?:
            fdt_planner_take_drive(planner, node, FDT_DRIVE_ANY);
        g_autofree char *bus = g_strdup_printf("%s.%u",
                                               fdt_device_id(device), port);
        g_autofree char *suffix = g_strdup_printf("disk%u", port);
        FdtDevice *disk;

        if (!drive) {
            break;
        }
        disk = fdt_planner_add_device(planner, node,
                                      drive->cdrom ? "ide-cd" : "ide-hd",
                                      suffix, FDT_RANK_OTHER);
        fdt_device_set_string(disk, "drive", drive->id);
        fdt_device_set_bus(disk, device, bus);
    }
}

bool fdt_plan_unimplemented(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    FdtReg reg = { 0 };

    fdt_device_set_inert(device);
    fdt_device_reg(device, 0, &reg, NULL);
    fdt_device_set_string(device, "name", fdt_device_id(device));
    fdt_device_set_uint(device, "size", reg.size ?: 0x1000);
    return true;
}

bool fdt_plan_usb_host(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const char *mode = fdt_node_string(fdt_device_node(device), "dr_mode", 0);

    if (!g_strcmp0(mode, "peripheral")) {
        fdt_device_leave_out(planner, device,
                             "not built: the tree makes a USB device of it");
    }
    return true;
}

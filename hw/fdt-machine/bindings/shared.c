/*
 * Hooks that bindings of several families share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "../binding.h"

bool fdt_take_line(const FdtDevice *controller, uint32_t line,
                   unsigned num_lines, FdtInput *out, Error **errp)
{
    if (line >= num_lines) {
        error_setg(errp, "%s has no line %u: its kind has 0 to %u",
                   fdt_device_node(controller)->path, line, num_lines - 1);
        return false;
    }
    out->index = line;
    return true;
}

bool fdt_plan_registers(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    return true;
}

bool fdt_plan_card_slot(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    fdt_device_add_slot(planner, device, device);
    return true;
}

void fdt_device_take_disks(FdtPlanner *planner, FdtDevice *device,
                           unsigned num_ports)
{
    for (unsigned port = 0; port < num_ports; port++) {
        const char *drive = fdt_planner_take_drive(planner, "ide");
        g_autofree char *bus = g_strdup_printf("%s.%u",
                                               fdt_device_id(device), port);
        g_autofree char *suffix = g_strdup_printf("disk%u", port);
        FdtDevice *disk;

        if (!drive) {
            break;
        }
        disk = fdt_planner_add_device(planner, fdt_device_node(device),
                                      "ide-hd", suffix, FDT_RANK_OTHER);
        fdt_device_set_string(disk, "drive", drive);
        fdt_device_set_bus(disk, device, bus);
    }
}

bool fdt_plan_unimplemented(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    g_autoptr(GArray) regs = fdt_node_regs(fdt_device_node(device), errp);
    uint64_t size = 0x1000;

    if (!regs) {
        return false;
    }
    if (regs->len && g_array_index(regs, FdtReg, 0).size) {
        size = g_array_index(regs, FdtReg, 0).size;
    }
    fdt_device_set_string(device, "name", fdt_device_id(device));
    fdt_device_set_uint(device, "size", size);
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

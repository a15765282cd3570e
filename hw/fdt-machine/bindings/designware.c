/*
 * Bindings of Synopsys' DesignWare cores, which SoCs of many vendors have
 *
 * Which region and which output is which is what the models' init functions
 * say.  The UARTs are with the other serial ports, the USB 3 host with what
 * has it in QEMU.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../binding.h"

/*
 * USB 2: usb/dwc2.yaml.  Drivers read from the core what it is able to do: the
 * one that QEMU has is a host and nothing else, also where the tree has "otg".
 */

/* Of the model: the registers, then the channels' FIFOs */
#define DWC2_SIZE   0x11000

static bool plan_dwc2(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const char *mode = fdt_node_string(fdt_device_node(device), "dr_mode", 0);

    if (!g_strcmp0(mode, "peripheral")) {
        fdt_device_leave_out(planner, device,
                             "not built: the tree makes a USB device of it");
    }
    return true;
}

static const char *const dwc2_memory[] = { "dma-mr", NULL };

const FdtBinding fdt_bindings_designware[] = {
    { .compatible = "snps,dwc2", .type = "dwc2-usb",
      .substitute = "the core of the BCM2835, as a host alone",
      .plan = plan_dwc2, .memory_links = dwc2_memory,
      .region_size = DWC2_SIZE, .stub_below = true, .clock_rate = 60000000 },
    { }
};

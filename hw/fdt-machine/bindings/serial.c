/*
 * Bindings: serial ports
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../binding.h"

/* enum device_endian: what the model calls little and big endian */
#define ENDIAN_BIG      1
#define ENDIAN_LITTLE   2

/* 8250.yaml: registers are 1 << reg-shift bytes apart, from reg-offset on */
static bool plan_8250(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtNode *node = fdt_device_node(device);
    g_autoptr(GArray) regs = fdt_node_regs(node, errp);
    uint32_t shift = 0, offset = 0;
    FdtReg *reg;

    if (!regs) {
        return false;
    }
    reg = regs->len ? &g_array_index(regs, FdtReg, 0) : NULL;
    if (!reg || !reg->mapped) {
        fdt_error(errp, node, "reg", "a serial port needs an address");
        return false;
    }
    if (fdt_node_is_compatible(node, "snps,dw-apb-uart")) {
        shift = 2;
    }
    fdt_node_u32(node, "reg-shift", &shift);
    fdt_node_u32(node, "reg-offset", &offset);
    if (shift > 8) {
        fdt_error(errp, node, "reg-shift", "%u is more than 8", shift);
        return false;
    }
    fdt_device_set_uint(device, "regshift", shift);
    fdt_device_set_uint(device, "endianness", fdt_node_has(node, "big-endian")
                        ? ENDIAN_BIG : ENDIAN_LITTLE);
    fdt_device_map(device, 0, NULL, reg->address + offset, 8ULL << shift);
    return true;
}

#define UART_8250(compat)                                               \
    { .compatible = compat, .type = "serial-mm", .num_regs = -1,        \
      .slot = FDT_SLOT_SERIAL, .plan = plan_8250, .stub_below = true }

#define UART_CADENCE(compat)                                            \
    { .compatible = compat, .type = "cadence_uart",                     \
      .slot = FDT_SLOT_SERIAL, .clock_rate = 100000000 }

const FdtBinding fdt_bindings_serial[] = {
    { .compatible = "arm,pl011", .type = "pl011", .slot = FDT_SLOT_SERIAL },
    { .compatible = "arm,sbsa-uart", .type = "pl011",
      .slot = FDT_SLOT_SERIAL },
    UART_8250("ns8250"),
    UART_8250("ns16450"),
    UART_8250("ns16550"),
    UART_8250("ns16550a"),
    UART_8250("ns16850"),
    UART_8250("snps,dw-apb-uart"),
    UART_CADENCE("cdns,uart-r1p8"),
    UART_CADENCE("cdns,uart-r1p12"),
    UART_CADENCE("xlnx,xuartps"),
    { }
};

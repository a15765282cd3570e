/*
 * Bindings: serial ports
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../plan/api.h"
#include "tables.h"

/* enum device_endian: what the model calls little and big endian */
#define ENDIAN_BIG      1
#define ENDIAN_LITTLE   2

/*
 * 8250.yaml: registers are 1 << reg-shift bytes apart, and begin at reg-offset;
 * @shift is the shift of this kind of UART if its node has no reg-shift
 */
static bool plan_8250_shift(FdtDevice *device, uint32_t shift, Error **errp)
{
    FdtNode *node = fdt_device_node(device);
    uint32_t offset = 0;
    FdtReg reg;

    if (!fdt_device_reg(device, 0, &reg, errp)) {
        return false;
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
    fdt_device_map(device, 0, NULL, reg.address + offset, 8ULL << shift);
    return true;
}

#define UART_8250(compat)                                               \
    { .compatible = compat, .type = "serial-mm", .regs = fdt_no_regs,   \
      .slot = FDT_SLOT_SERIAL, .plan = plan_8250,                       \
      .cover = FDT_COVER_PART }

static bool plan_8250(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    return plan_8250_shift(device, 0, errp);
}

/* UARTs whose registers are 4 bytes apart if the node does not say otherwise */
static bool plan_8250_words(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    return plan_8250_shift(device, 2, errp);
}

/*
 * samsung_uart.yaml.  The depth of the FIFOs differs from port to port, and the
 * alias serialN says which port it is.
 */
static bool plan_exynos(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    static const uint32_t fifo_sizes[] = { 256, 64, 16, 16 };
    const FdtNode *node = fdt_device_node(device);
    unsigned port = ARRAY_SIZE(fifo_sizes) - 1;
    uint32_t fifo_size;

    if (fdt_node_alias_id(node, "serial", &port)) {
        port = MIN(port, ARRAY_SIZE(fifo_sizes) - 1);
    }
    fifo_size = fifo_sizes[port];
    if (fdt_node_u32(node, "samsung,uart-fifosize", &fifo_size) &&
        (!fifo_size || fifo_size > 256)) {
        fdt_error(errp, node, "samsung,uart-fifosize",
                  "%u is not from 1 to 256", fifo_size);
        return false;
    }
    fdt_device_set_uint(device, "channel", port);
    fdt_device_set_uint(device, "rx-size", fifo_size);
    fdt_device_set_uint(device, "tx-size", fifo_size);
    return true;
}

/* Rate in Hz of the internal oscillator, the STM32 UARTs' clock at reset */
#define STM32_CLOCK 64000000

/*
 * st,stm32-uart.yaml: the model is refused without a clock, from which it
 * computes the speed of the line and nothing else
 */
static bool plan_stm32(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtDevice *clock = fdt_planner_add_device(planner, fdt_device_node(device),
                                              "fixed-clock", "clock",
                                              FDT_RANK_CLOCK);
    g_autofree char *out = g_strdup_printf("%s/out",
                                           fdt_device_qom_path(clock));

    fdt_device_set_uint(clock, "frequency", STM32_CLOCK);
    fdt_device_set_string(device, "clock-clk", out);
    fdt_device_after(device, clock);
    return true;
}

/* An STM32 UART without FIFOs, for whose interrupts the driver would wait */
static const FdtGuestProp stm32_guest[] = {
    { .name = "compatible", .string = "st,stm32f7-uart" },
    FDT_END_PROPS
};

/*
 * A plain 16550: the vendor's own driver needs registers that the model lacks,
 * and the registers of a 16550 are at their place
 */
static const FdtGuestProp words_guest[] = {
    { .name = "compatible", .string = "ns16550a" },
    { .name = "reg-shift", .value = 2 },
    FDT_END_PROPS
};

static const FdtBindingProp uartlite_props[] = {
    { .name = "endianness", .kind = FDT_VALUE_STRING, .string = "little" },
    FDT_END_PROPS
};

/* A relative of the 16550 with registers and bits of its own beside those */
#define UART_8250_NEAR(compat, why, rate)                               \
    { .compatible = compat, .type = "serial-mm", .substitute = why,     \
      .regs = fdt_no_regs, .slot = FDT_SLOT_SERIAL,                     \
      .plan = plan_8250_words, .cover = FDT_COVER_PART,                 \
      .guest = FDT_GUEST(.clock_rate = rate) }

#define UART_OMAP(compat)                                               \
    UART_8250_NEAR(compat, "a 16550 without the OMAP's mode and "       \
                   "system registers", 48000000)

#define UART_IMX(compat)                                                \
    { .compatible = compat, .type = "imx.serial",                       \
      .slot = FDT_SLOT_SERIAL, .cover = FDT_COVER_PART,                 \
      .guest = FDT_GUEST(.clock_rate = 24000000) }

#define UART_CADENCE(compat)                                            \
    { .compatible = compat, .type = "cadence_uart",                     \
      .slot = FDT_SLOT_SERIAL,                                          \
      .guest = FDT_GUEST(.clock_rate = 100000000) }

/* The UART of a BMC whose other end is registers that its host sees */
#define UART_ASPEED_V(compat)                                           \
    UART_8250_NEAR(compat, "a 16550 whose other end is a -serial",      \
                   24000000)

const FdtBinding fdt_bindings_serial[] = {
    { .compatible = "arm,pl011", .type = "pl011", .slot = FDT_SLOT_SERIAL },
    { .compatible = "arm,sbsa-uart", .type = "pl011",
      .slot = FDT_SLOT_SERIAL },
    UART_8250("ns8250"),
    UART_8250("ns16450"),
    UART_8250("ns16550"),
    UART_8250("ns16550a"),
    UART_8250("ns16850"),
    { .compatible = "snps,dw-apb-uart", .type = "serial-mm",
      .regs = fdt_no_regs, .slot = FDT_SLOT_SERIAL, .plan = plan_8250_words,
      .cover = FDT_COVER_PART },
    UART_ASPEED_V("aspeed,ast2400-vuart"),
    UART_ASPEED_V("aspeed,ast2500-vuart"),
    UART_8250("altr,16550-FIFO32"),
    UART_8250("altr,16550-FIFO64"),
    UART_8250("altr,16550-FIFO128"),
    UART_8250("fsl,ns16550"),
    UART_8250("fsl,16550-FIFO64"),
    UART_8250("marvell,armada-38x-uart"),
    { .compatible = "nvidia,tegra20-uart", .type = "serial-mm",
      .regs = fdt_no_regs, .slot = FDT_SLOT_SERIAL, .plan = plan_8250_words,
      .cover = FDT_COVER_PART },
    UART_8250_NEAR("intel,xscale-uart", "a 16550 without the unit enable bit",
                   14745600),
    UART_8250_NEAR("mrvl,mmp-uart", "a 16550 without the unit enable bit",
                   14745600),
    UART_8250_NEAR("mediatek,mt6577-uart", "a 16550 without the high speed "
                   "registers", 26000000),
    UART_8250_NEAR("nxp,lpc3220-uart", "a 16550 with smaller FIFOs", 13000000),
    UART_OMAP("ti,omap2-uart"),
    UART_OMAP("ti,omap3-uart"),
    UART_OMAP("ti,omap4-uart"),
    UART_OMAP("ti,am3352-uart"),
    UART_OMAP("ti,am4372-uart"),
    { .compatible = "ti,dra742-uart", .type = "serial-mm",
      .substitute = "a 16550 without the OMAP's mode and system registers",
      .regs = fdt_no_regs, .slot = FDT_SLOT_SERIAL, .plan = plan_8250_words,
      .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 48000000, .props = words_guest) },
    UART_OMAP("ti,am654-uart"),
    UART_IMX("fsl,imx21-uart"),
    UART_IMX("fsl,imx53-uart"),
    UART_IMX("fsl,imx6q-uart"),
    { .compatible = "samsung,exynos4210-uart", .type = "exynos4210.uart",
      .slot = FDT_SLOT_SERIAL, .plan = plan_exynos, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 24000000) },
    { .compatible = "samsung,s5pv210-uart", .type = "exynos4210.uart",
      .slot = FDT_SLOT_SERIAL, .plan = plan_exynos, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 24000000) },
    { .compatible = "xlnx,xps-uartlite-1.00.a", .type = "xlnx.xps-uartlite",
      .slot = FDT_SLOT_SERIAL, .props = uartlite_props,
      .cover = FDT_COVER_PART },
    { .compatible = "xlnx,opb-uartlite-1.00.b", .type = "xlnx.xps-uartlite",
      .slot = FDT_SLOT_SERIAL, .props = uartlite_props,
      .cover = FDT_COVER_PART },
    UART_CADENCE("cdns,uart-r1p8"),
    UART_CADENCE("cdns,uart-r1p12"),
    UART_CADENCE("xlnx,xuartps"),
    { .compatible = "st,stm32h7-uart", .type = "stm32l4x5-usart",
      .substitute = "a USART without FIFOs", .slot = FDT_SLOT_SERIAL,
      .plan = plan_stm32, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = STM32_CLOCK, .props = stm32_guest) },
    { }
};

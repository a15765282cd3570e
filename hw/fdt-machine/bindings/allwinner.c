/*
 * Bindings of Allwinner's SoCs
 *
 * Which region and which output is which is what the models' init functions
 * say.  UARTs are with the other serial ports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/* Lines of the interrupt controller of the A10, and its outputs */
#define PIC_LINES   95
#define PIC_IRQ     0
#define PIC_FIQ     1
/* A CPU's inputs */
#define CPU_IRQ     0
#define CPU_FIQ     1

/*
 * Interrupt controller of the A10:
 * interrupt-controller/allwinner,sun4i-a10-ic.yaml
 */

static bool pic_input(FdtPlanner *planner, FdtDevice *pic,
                      const uint32_t *cells, unsigned num_cells,
                      unsigned cpu, FdtInput *out, Error **errp)
{
    return fdt_take_line(pic, cells[0], PIC_LINES, out, errp);
}

static bool connect_pic(FdtPlanner *planner, FdtDevice *pic, Error **errp)
{
    FdtDevice *cpu = fdt_planner_cpu(planner, 0);

    fdt_device_wire(planner, pic, FDT_LINE_IRQ, PIC_IRQ, cpu, FDT_LINE_IN,
                    CPU_IRQ);
    fdt_device_wire(planner, pic, FDT_LINE_IRQ, PIC_FIQ, cpu, FDT_LINE_IN,
                    CPU_FIQ);
    return true;
}

/*
 * Timers and watchdog share a page: sizes of the models' regions
 */

#define TIMER_SIZE          0x400
#define WATCHDOG_SUN4I_SIZE 0x14
#define WATCHDOG_SUN6I_SIZE 0x64

static const FdtBindingProp timer_props[] = {
    { .name = "clk0-freq", .value = 32768 },
    { .name = "clk1-freq", .value = 24000000 },
    FDT_END_PROPS
};

/*
 * Ethernet: net/allwinner,sun4i-a10-emac.yaml, sun8i-a83t-emac.yaml
 */

static bool plan_emac(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const FdtNode *phy = NULL;
    uint32_t phandle, address;

    if (fdt_node_u32(node, "phy-handle", &phandle) ||
        fdt_node_u32(node, "phy", &phandle)) {
        phy = fdt_tree_by_phandle(node->tree, phandle);
    }
    if (phy && fdt_node_u32(phy, "reg", &address) && address < 32) {
        fdt_device_set_uint(device, "phy-addr", address);
    }
    return true;
}

/* Chip selects follow the interrupt among the outputs */
static const FdtSpi spi_chips = { .bus = "spi", .first_cs = 1, .num_cs = 4 };

static const char *const dma_memory[] = { "dma-memory", NULL };

/* Of the SRAM controllers' models; trees have another device in that page */
#define SRAMC_SIZE  0x400

/* Of the EHCI model; the tree has OHCI within that */
#define EHCI_SIZE   0x1000

#define CLOCKS(compat, qom_type, why)                                   \
    { .compatible = compat, .type = qom_type, .substitute = why,        \
      .rank = FDT_RANK_CLOCK, .num_irqs = -1, .stub_below = true }

#define TIMER(compat, irqs)                                             \
    { .compatible = compat, .type = "allwinner-A10-timer",              \
      .region_size = TIMER_SIZE, .num_irqs = irqs,                      \
      .props = timer_props, .clock_rate = 24000000, .timer = true }

#define WATCHDOG(compat, qom_type, size)                                \
    { .compatible = compat, .type = qom_type, .num_irqs = -1,           \
      .region_size = size, .clock_rate = 24000000 }

#define MMC(compat, qom_type)                                           \
    { .compatible = compat, .type = qom_type,                           \
      .plan = fdt_plan_card_slot, .memory_links = dma_memory,           \
      .stub_below = true,                                               \
      .clock_rate = 50000000 }

#define EMAC(compat)                                                    \
    { .compatible = compat, .type = "allwinner-sun8i-emac",             \
      .slot = FDT_SLOT_NIC, .plan = plan_emac,                          \
      .memory_links = dma_memory, .stub_below = true }

#define RTC(compat, qom_type)                                           \
    { .compatible = compat, .type = qom_type, .num_irqs = -1,           \
      .stub_below = true }

#define I2C(compat, qom_type)                                           \
    { .compatible = compat, .type = qom_type, .needs_children = true,   \
      .stub_below = true, .clock_rate = 24000000 }

/* sram/allwinner,sun4i-a10-system-control.yaml; the memories are nodes below */
#define SYSTEM(compat, qom_type, size, why)                             \
    { .compatible = compat, .type = qom_type, .substitute = why,        \
      .num_irqs = -1, .region_size = size, .stub_below = true,          \
      .needs_children = true }

/* nvmem/allwinner,sun4i-a10-sid.yaml: those that are read by a window */
#define SID(compat, why)                                                \
    { .compatible = compat, .type = "allwinner-sid", .substitute = why, \
      .num_irqs = -1, .stub_below = true }

const FdtBinding fdt_bindings_allwinner[] = {
    { .compatible = "allwinner,sun4i-a10-ic", .type = "allwinner-a10-pic",
      .rank = FDT_RANK_INTC, .num_irqs = -1, .input = pic_input,
      .connect = connect_pic, .stub_below = true },
    CLOCKS("allwinner,sun4i-a10-ccu", "allwinner-a10-ccm", NULL),
    CLOCKS("allwinner,sun8i-h3-ccu", "allwinner-h3-ccu", NULL),
    CLOCKS("allwinner,sun8i-r40-ccu", "allwinner-r40-ccu", NULL),
    CLOCKS("allwinner,sun50i-h5-ccu", "allwinner-h3-ccu",
           "Linux has one driver for it and for the H3's"),
    SYSTEM("allwinner,sun4i-a10-system-control", "allwinner-sramc",
           SRAMC_SIZE, NULL),
    SYSTEM("allwinner,sun5i-a13-system-control", "allwinner-sramc",
           SRAMC_SIZE, "the A10 has the registers that are used"),
    SYSTEM("allwinner,sun8i-a23-system-control", "allwinner-sramc",
           SRAMC_SIZE, "the A10 has the registers that are used"),
    SYSTEM("allwinner,sun8i-r40-system-control", "allwinner-sramc-sun8i-r40",
           SRAMC_SIZE, NULL),
    SYSTEM("allwinner,sun8i-h3-system-control", "allwinner-h3-sysctrl", 0,
           NULL),
    SYSTEM("allwinner,sun50i-a64-system-control", "allwinner-h3-sysctrl", 0,
           "the H3 has the registers that are used"),
    SYSTEM("allwinner,sun50i-h5-system-control", "allwinner-h3-sysctrl", 0,
           "the H3 has the registers that are used"),
    SYSTEM("allwinner,sun50i-h616-system-control", "allwinner-h3-sysctrl", 0,
           "the H3 has the registers that are used"),
    SID("allwinner,sun8i-h3-sid", NULL),
    SID("allwinner,sun8i-a83t-sid", "read as the H3's is"),
    SID("allwinner,sun50i-a64-sid", "read as the H3's is"),
    SID("allwinner,sun50i-h5-sid", "read as the H3's is"),
    TIMER("allwinner,sun4i-a10-timer", 6),
    TIMER("allwinner,sun8i-a23-timer", 2),
    WATCHDOG("allwinner,sun4i-a10-wdt", "allwinner-wdt-sun4i",
             WATCHDOG_SUN4I_SIZE),
    WATCHDOG("allwinner,sun6i-a31-wdt", "allwinner-wdt-sun6i",
             WATCHDOG_SUN6I_SIZE),
    RTC("allwinner,sun4i-a10-rtc", "allwinner-rtc-sun4i"),
    RTC("allwinner,sun7i-a20-rtc", "allwinner-rtc-sun7i"),
    RTC("allwinner,sun6i-a31-rtc", "allwinner-rtc-sun6i"),
    RTC("allwinner,sun8i-h3-rtc", "allwinner-rtc-sun6i"),
    MMC("allwinner,sun4i-a10-mmc", "allwinner-sdhost-sun4i"),
    MMC("allwinner,sun5i-a13-mmc", "allwinner-sdhost-sun5i"),
    MMC("allwinner,sun7i-a20-mmc", "allwinner-sdhost-sun5i"),
    MMC("allwinner,sun50i-a64-mmc", "allwinner-sdhost-sun50i-a64"),
    MMC("allwinner,sun50i-a64-emmc", "allwinner-sdhost-sun50i-a64-emmc"),
    { .compatible = "allwinner,sun4i-a10-emac", .type = "allwinner-emac",
      .slot = FDT_SLOT_NIC, .plan = plan_emac, .stub_below = true },
    { .compatible = "allwinner,sun4i-a10-mdio",
      .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "part of the Ethernet controller" },
    EMAC("allwinner,sun8i-h3-emac"),
    EMAC("allwinner,sun8i-r40-gmac"),
    EMAC("allwinner,sun50i-a64-emac"),
    I2C("allwinner,sun4i-a10-i2c", "allwinner.i2c"),
    I2C("allwinner,sun6i-a31-i2c", "allwinner.i2c-sun6i"),
    { .compatible = "allwinner,sun4i-a10-spi", .type = "allwinner.spi",
      .stub_below = true, .clock_rate = 24000000, .spi = &spi_chips,
      .needs_children = true },
    { .compatible = "allwinner,sun8i-h3-ehci", .type = "aw-h3-ehci-usb",
      .region_size = EHCI_SIZE, .stub_below = true, .clock_rate = 48000000 },
    { .compatible = "allwinner,sun4i-a10-ahci", .type = "allwinner-ahci",
      .stub_below = true },
    { .compatible = "allwinner,sun8i-r40-ahci", .type = "allwinner-ahci",
      .stub_below = true },
    { }
};

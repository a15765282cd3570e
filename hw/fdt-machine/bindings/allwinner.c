/*
 * Bindings of Allwinner's SoCs
 *
 * The indexes of regions and outputs are those that the init functions of
 * QEMU's models give them.  The UARTs are in serial.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/* Number of lines of the A10's interrupt controller, and its outputs */
#define PIC_LINES   95
#define PIC_IRQ     0
#define PIC_FIQ     1
/* Inputs of a CPU that these outputs lead to */
#define CPU_IRQ     0
#define CPU_FIQ     1

/*
 * Interrupt controller of the A10:
 * interrupt-controller/allwinner,sun4i-a10-ic.yaml
 */

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
 * Timers and watchdog share a page of registers: these are the sizes of the
 * models' regions
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
    const FdtNode *phy = fdt_node_target(node, fdt_node_has(node, "phy-handle")
                                               ? "phy-handle" : "phy", 0);
    uint32_t address;

    if (phy && fdt_node_u32(phy, "reg", &address) && address < 32) {
        fdt_device_set_uint(device, "phy-addr", address);
    }
    return true;
}

/* Output 0 of the model is the interrupt, 1 to 4 are the chip selects */
static const FdtSpiRole spi_chips = {
    .bus = "spi", .first_cs = 1, .num_cs = 4,
};

static const FdtBindingLink dma_memory[] = {
    { "dma-memory" },
    FDT_END_LINKS
};

/*
 * Size of the SRAM controllers' registers.  The models' regions are larger, and
 * trees have another device in the same page
 */
#define SRAMC_SIZE  0x400

/* Size of the EHCI model's region; trees have the OHCI within it */
#define EHCI_SIZE   0x1000

#define ALLWINNER_CLOCKS(compat, qom_type, why)                         \
    { .compatible = compat, .type = qom_type, .substitute = why,        \
      .is = FDT_CLOCKS, .irqs = fdt_no_irqs, .cover = FDT_COVER_PART }

#define ALLWINNER_TIMER(compat, irqs)                                   \
    { .compatible = compat, .type = "allwinner-A10-timer",              \
      .region_size = TIMER_SIZE, .num_irqs = irqs,                      \
      .props = timer_props,                                             \
      .guest = FDT_GUEST(.clock_rate = 24000000),                       \
      .timer = FDT_TIMER() }

#define ALLWINNER_WATCHDOG(compat, qom_type, size)                      \
    { .compatible = compat, .type = qom_type, .irqs = fdt_no_irqs,      \
      .region_size = size,                                              \
      .guest = FDT_GUEST(.clock_rate = 24000000) }

#define ALLWINNER_MMC(compat, qom_type)                                 \
    { .compatible = compat, .type = qom_type,                           \
      .plan = fdt_plan_card_slot, .links = dma_memory,                  \
      .cover = FDT_COVER_PART,                                          \
      .guest = FDT_GUEST(.clock_rate = 50000000) }

#define EMAC(compat)                                                    \
    { .compatible = compat, .type = "allwinner-sun8i-emac",             \
      .slot = FDT_SLOT_NIC, .plan = plan_emac, .links = dma_memory,     \
      .cover = FDT_COVER_PART }

#define ALLWINNER_RTC(compat, qom_type)                                 \
    { .compatible = compat, .type = qom_type, .irqs = fdt_no_irqs,      \
      .cover = FDT_COVER_PART }

#define ALLWINNER_I2C(compat, qom_type)                                 \
    { .compatible = compat, .type = qom_type,                           \
      .i2c = FDT_I2C(.bus = "i2c"), .cover = FDT_COVER_PART,            \
      .guest = FDT_GUEST(.clock_rate = 24000000) }

/*
 * sram/allwinner,sun4i-a10-system-control.yaml: the memories are child nodes,
 * which have rows of their own
 */
#define ALLWINNER_SYSTEM(compat, qom_type, size, why)                   \
    { .compatible = compat, .type = qom_type, .substitute = why,        \
      .irqs = fdt_no_irqs, .region_size = size,                         \
      .cover = FDT_COVER_PART, .is = FDT_CONTAINER }

/*
 * nvmem/allwinner,sun4i-a10-sid.yaml: the SoCs whose fuses are read through a
 * window of registers, as the model has it
 */
#define SID(compat, why)                                                \
    { .compatible = compat, .type = "allwinner-sid",                    \
      .substitute = why, .irqs = fdt_no_irqs,                           \
      .cover = FDT_COVER_PART }

const FdtBinding fdt_bindings_allwinner[] = {
    { .compatible = "allwinner,sun4i-a10-ic", .type = "allwinner-a10-pic",
      .irqs = fdt_no_irqs, .intc = FDT_INTC(.count = PIC_LINES),
      .connect = connect_pic, .cover = FDT_COVER_PART },
    ALLWINNER_CLOCKS("allwinner,sun4i-a10-ccu", "allwinner-a10-ccm", NULL),
    ALLWINNER_CLOCKS("allwinner,sun8i-h3-ccu", "allwinner-h3-ccu", NULL),
    ALLWINNER_CLOCKS("allwinner,sun8i-r40-ccu", "allwinner-r40-ccu", NULL),
    ALLWINNER_CLOCKS("allwinner,sun50i-h5-ccu", "allwinner-h3-ccu",
           "Linux has one driver for it and for the H3's"),
    ALLWINNER_SYSTEM("allwinner,sun4i-a10-system-control",
                     "allwinner-sramc", SRAMC_SIZE,
                     NULL),
    ALLWINNER_SYSTEM("allwinner,sun5i-a13-system-control",
                     "allwinner-sramc", SRAMC_SIZE,
                     "the A10 has the registers that are used"),
    ALLWINNER_SYSTEM("allwinner,sun8i-a23-system-control",
                     "allwinner-sramc", SRAMC_SIZE,
                     "the A10 has the registers that are used"),
    ALLWINNER_SYSTEM("allwinner,sun8i-r40-system-control",
                     "allwinner-sramc-sun8i-r40", SRAMC_SIZE,
                     NULL),
    ALLWINNER_SYSTEM("allwinner,sun8i-h3-system-control",
                     "allwinner-h3-sysctrl", 0,
                     NULL),
    ALLWINNER_SYSTEM("allwinner,sun50i-a64-system-control",
                     "allwinner-h3-sysctrl", 0,
                     "the H3 has the registers that are used"),
    ALLWINNER_SYSTEM("allwinner,sun50i-h5-system-control",
                     "allwinner-h3-sysctrl", 0,
                     "the H3 has the registers that are used"),
    ALLWINNER_SYSTEM("allwinner,sun50i-h616-system-control",
                     "allwinner-h3-sysctrl", 0,
                     "the H3 has the registers that are used"),
    SID("allwinner,sun8i-h3-sid", NULL),
    SID("allwinner,sun8i-a83t-sid", "read as the H3's is"),
    SID("allwinner,sun50i-a64-sid", "read as the H3's is"),
    SID("allwinner,sun50i-h5-sid", "read as the H3's is"),
    ALLWINNER_TIMER("allwinner,sun4i-a10-timer", 6),
    ALLWINNER_TIMER("allwinner,sun8i-a23-timer", 2),
    ALLWINNER_WATCHDOG("allwinner,sun4i-a10-wdt", "allwinner-wdt-sun4i",
             WATCHDOG_SUN4I_SIZE),
    ALLWINNER_WATCHDOG("allwinner,sun6i-a31-wdt", "allwinner-wdt-sun6i",
             WATCHDOG_SUN6I_SIZE),
    ALLWINNER_RTC("allwinner,sun4i-a10-rtc", "allwinner-rtc-sun4i"),
    ALLWINNER_RTC("allwinner,sun7i-a20-rtc", "allwinner-rtc-sun7i"),
    ALLWINNER_RTC("allwinner,sun6i-a31-rtc", "allwinner-rtc-sun6i"),
    ALLWINNER_RTC("allwinner,sun8i-h3-rtc", "allwinner-rtc-sun6i"),
    ALLWINNER_MMC("allwinner,sun4i-a10-mmc", "allwinner-sdhost-sun4i"),
    ALLWINNER_MMC("allwinner,sun5i-a13-mmc", "allwinner-sdhost-sun5i"),
    ALLWINNER_MMC("allwinner,sun7i-a20-mmc", "allwinner-sdhost-sun5i"),
    ALLWINNER_MMC("allwinner,sun50i-a64-mmc", "allwinner-sdhost-sun50i-a64"),
    ALLWINNER_MMC("allwinner,sun50i-a64-emmc",
                  "allwinner-sdhost-sun50i-a64-emmc"),
    { .compatible = "allwinner,sun4i-a10-emac", .type = "allwinner-emac",
      .slot = FDT_SLOT_NIC, .plan = plan_emac, .cover = FDT_COVER_PART },
    { .compatible = "allwinner,sun4i-a10-mdio",
      .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "part of the Ethernet controller" },
    EMAC("allwinner,sun8i-h3-emac"),
    EMAC("allwinner,sun8i-r40-gmac"),
    EMAC("allwinner,sun50i-a64-emac"),
    ALLWINNER_I2C("allwinner,sun4i-a10-i2c", "allwinner.i2c"),
    ALLWINNER_I2C("allwinner,sun6i-a31-i2c", "allwinner.i2c-sun6i"),
    { .compatible = "allwinner,sun4i-a10-spi", .type = "allwinner.spi",
      .cover = FDT_COVER_PART, .guest = FDT_GUEST(.clock_rate = 24000000),
      .spi = &spi_chips },
    { .compatible = "allwinner,sun8i-h3-ehci", .type = "aw-h3-ehci-usb",
      .region_size = EHCI_SIZE, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 48000000) },
    { .compatible = "allwinner,sun4i-a10-ahci", .type = "allwinner-ahci",
      .cover = FDT_COVER_PART },
    { .compatible = "allwinner,sun8i-r40-ahci", .type = "allwinner-ahci",
      .cover = FDT_COVER_PART },
    { }
};

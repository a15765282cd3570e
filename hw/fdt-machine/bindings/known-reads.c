/*
 * Bindings: ready bits of controllers that nothing models
 *
 * Firmware waits for them, and would wait for ever.  A row belongs here if the
 * bit has one value whenever the hardware is ready, so that it can be that from
 * the first read on.  A bit that firmware waits for in both states is none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/host-utils.h"
#include "known-reads.h"

/*
 * Memory controllers, which firmware asks how much RAM there is.  All that they
 * can say is a power of two: what is above it is not used.
 */

static unsigned log2_of(uint64_t ram_size)
{
    return ram_size ? 63 - clz64(ram_size) : 0;
}

/*
 * i.MX6 MMDC, MDCTL: chip select 0 is on, 64 bits are 8 bytes (2 << 16), a
 * row has 10 bits of columns (1 << 20), there are 8 banks; row bits less 11
 */
static uint32_t imx6_mdctl(uint64_t ram_size)
{
    unsigned row_bits = log2_of(ram_size) - 3 - 10 - 3;

    return 1u << 31 | MIN(row_bits - 11, 5u) << 24 | 1 << 20 | 2 << 16;
}

/* OMAP4, OMAP5 DMM, a section: from 0x80000000 on, 16 MiB << n */
static uint32_t omap_lisa_map(uint64_t ram_size)
{
    return 0x80000000 | MIN(log2_of(ram_size) - 24, 7u) << 20 | 3 << 8;
}

/* Tegra MC, EMEM_CFG: MiB */
static uint32_t tegra_emem_cfg(uint64_t ram_size)
{
    return MIN(ram_size >> 20, 0x3fff);
}

/*
 * Bits that say that something is ready
 */

#define PLL_LOCK(compatible, offset, bit) \
    { (compatible), (offset), 1u << (bit), 1u << (bit) }

/* PLL_CON2 of the seven PLLs of an RK3399; those of the PMU are PMUCRU's */
#define RK3399_PLL(n)   PLL_LOCK("rockchip,rk3399-cru", (n) * 0x20 + 8, 31)

/* Allwinner, from the A31 on: of the PLLs of CPU and peripherals */
#define SUNXI_LOCK(soc, offset) \
    PLL_LOCK("allwinner," soc "-ccu", (offset), 28)

const FdtKnownRead fdt_known_reads[] = {
    { "fsl,imx6q-mmdc", 0x0, 0, 0xffffffff, imx6_mdctl },
    { "ti,omap4-dmm", 0x40, 0, 0xffffffff, omap_lisa_map },
    { "ti,omap5-dmm", 0x40, 0, 0xffffffff, omap_lisa_map },
    { "nvidia,tegra20-mc", 0x50, 0, 0xffffffff, tegra_emem_cfg },
    { "nvidia,tegra30-mc", 0x50, 0, 0xffffffff, tegra_emem_cfg },
    { "nvidia,tegra124-mc", 0x50, 0, 0xffffffff, tegra_emem_cfg },
    { "nvidia,tegra210-mc", 0x50, 0, 0xffffffff, tegra_emem_cfg },

    /* TCRR, of timers that run at 24 MHz: a read takes 10 us */
    { "ti,omap3430-timer", 0x28, 240, 0 },
    { "ti,am335x-timer", 0x3c, 240, 0 },
    { "ti,am335x-timer-1ms", 0x28, 240, 0 },
    { "ti,omap4430-timer", 0x3c, 240, 0 },
    { "ti,omap5430-timer", 0x3c, 240, 0 },

    /* SARADC_DATA: keys at these inputs pull them down; none is pressed */
    { "rockchip,saradc", 0x0, 0x3ff, 0x3ff },
    { "rockchip,rk3399-saradc", 0x0, 0x3ff, 0x3ff },
    /* INT_STATUS: reading has finished */
    { "rockchip,rk3328-efuse", 0x18, 0x1, 0x1 },
    RK3399_PLL(0), RK3399_PLL(1), RK3399_PLL(2), RK3399_PLL(3), RK3399_PLL(4),
    RK3399_PLL(5), RK3399_PLL(6),
    PLL_LOCK("rockchip,rk3399-pmucru", 0x8, 31),

    SUNXI_LOCK("sun6i-a31", 0x00), SUNXI_LOCK("sun6i-a31", 0x28),
    SUNXI_LOCK("sun8i-a23", 0x00), SUNXI_LOCK("sun8i-a23", 0x28),
    SUNXI_LOCK("sun8i-a33", 0x00), SUNXI_LOCK("sun8i-a33", 0x28),
    SUNXI_LOCK("sun8i-a83t", 0x00), SUNXI_LOCK("sun8i-a83t", 0x28),
    SUNXI_LOCK("sun8i-h3", 0x00), SUNXI_LOCK("sun8i-h3", 0x28),
    SUNXI_LOCK("sun8i-r40", 0x00), SUNXI_LOCK("sun8i-r40", 0x28),
    SUNXI_LOCK("sun8i-v3s", 0x00), SUNXI_LOCK("sun8i-v3s", 0x28),
    SUNXI_LOCK("sun50i-a64", 0x00), SUNXI_LOCK("sun50i-a64", 0x28),
    SUNXI_LOCK("sun50i-h5", 0x00), SUNXI_LOCK("sun50i-h5", 0x28),
    { }
};

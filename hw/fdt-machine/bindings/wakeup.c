/*
 * Bindings: interrupt controllers that pass lines on
 *
 * They are parts of power controllers, between devices and the GIC, so that an
 * interrupt can wake a sleeping system.  Their specifiers are those of the
 * controller that they pass lines on to, or a table in their driver says which
 * line is which.  While the system runs, they change nothing: the planner
 * connects devices straight to the GIC, and a stub answers for the registers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../plan/api.h"
#include "tables.h"

#define FORWARDS(compat)                                                \
    { .compatible = compat, .verdict = FDT_VERDICT_STRUCTURE,           \
      .reason = "passes interrupts on to the next controller",          \
      .bus = FDT_BUS_NONE, .is = FDT_REGISTERS | FDT_CONTAINER,         \
      .intc = FDT_INTC(.forwards = true) }

/*
 * STM32's EXTI: the specifier, a line and its flags, becomes that of an SPI of
 * the GIC.  The tables below are for older trees: in newer ones, the node
 * itself says by interrupts-extended where its lines lead.
 */

typedef struct ExtiLine {
    uint32_t line;
    uint32_t spi;
} ExtiLine;

static bool forward_exti(FdtInterrupt *interrupt, const ExtiLine *lines,
                         unsigned num_lines)
{
    if (interrupt->num_cells != 2 ||
        fdt_node_has(interrupt->controller, "interrupts-extended")) {
        return false;
    }
    for (unsigned i = 0; i < num_lines; i++) {
        if (lines[i].line == interrupt->cells[0]) {
            interrupt->cells[2] = interrupt->cells[1];
            interrupt->cells[1] = lines[i].spi;
            interrupt->cells[0] = 0;
            interrupt->num_cells = 3;
            return true;
        }
    }
    return false;
}

/* interrupt-controller/st,stm32-exti.yaml; lines: reference manual RM0436 */
static const ExtiLine stm32mp1_exti[] = {
    { 0, 6 }, { 1, 7 }, { 2, 8 }, { 3, 9 }, { 4, 10 }, { 5, 23 }, { 6, 64 },
    { 7, 65 }, { 8, 66 }, { 9, 67 }, { 10, 40 }, { 11, 42 }, { 12, 76 },
    { 13, 77 }, { 14, 121 }, { 15, 127 }, { 16, 1 }, { 19, 3 }, { 21, 31 },
    { 22, 33 }, { 23, 72 }, { 24, 95 }, { 25, 107 }, { 26, 37 }, { 27, 38 },
    { 28, 39 }, { 29, 71 }, { 30, 52 }, { 31, 53 }, { 32, 82 }, { 33, 83 },
    { 46, 151 }, { 47, 93 }, { 48, 138 }, { 50, 139 }, { 52, 140 },
    { 53, 141 }, { 54, 135 }, { 61, 100 }, { 65, 144 }, { 68, 143 },
    { 70, 62 }, { 73, 129 },
};

/* Lines of the STM32MP13: reference manual RM0475 */
static const ExtiLine stm32mp13_exti[] = {
    { 0, 6 }, { 1, 7 }, { 2, 8 }, { 3, 9 }, { 4, 10 }, { 5, 24 }, { 6, 65 },
    { 7, 66 }, { 8, 67 }, { 9, 68 }, { 10, 41 }, { 11, 43 }, { 12, 77 },
    { 13, 78 }, { 14, 106 }, { 15, 109 }, { 16, 1 }, { 19, 3 }, { 21, 32 },
    { 22, 34 }, { 23, 73 }, { 24, 93 }, { 25, 114 }, { 26, 38 }, { 27, 39 },
    { 28, 40 }, { 29, 72 }, { 30, 53 }, { 31, 54 }, { 32, 83 }, { 33, 84 },
    { 44, 96 }, { 47, 92 }, { 48, 116 }, { 50, 117 }, { 52, 118 },
    { 53, 119 }, { 68, 63 }, { 70, 98 },
};

static bool forward_stm32mp1(FdtInterrupt *interrupt)
{
    return forward_exti(interrupt, stm32mp1_exti, ARRAY_SIZE(stm32mp1_exti));
}

static bool forward_stm32mp13(FdtInterrupt *interrupt)
{
    return forward_exti(interrupt, stm32mp13_exti,
                        ARRAY_SIZE(stm32mp13_exti));
}

const FdtBinding fdt_bindings_wakeup[] = {
    /* power/fsl,imx-gpc.yaml, fsl,imx-gpcv2.yaml */
    FORWARDS("fsl,imx6q-gpc"),
    { .compatible = "fsl,imx7d-gpc", .type = "imx-gpcv2", .irqs = fdt_no_irqs,
      .intc = FDT_INTC(.forwards = true), .is = FDT_CONTAINER,
      .cover = FDT_COVER_PART },
    FORWARDS("fsl,imx8mq-gpc"),
    FORWARDS("fsl,imx8mm-gpc"),
    FORWARDS("fsl,imx8mn-gpc"),
    FORWARDS("fsl,imx8mp-gpc"),
    /* interrupt-controller/ti,omap4-wugen-mpu */
    FORWARDS("ti,omap4-wugen-mpu"),
    FORWARDS("ti,omap5-wugen-mpu"),
    /* soc/samsung/exynos-pmu.yaml */
    FORWARDS("samsung,exynos3250-pmu"),
    FORWARDS("samsung,exynos4212-pmu"),
    FORWARDS("samsung,exynos4412-pmu"),
    FORWARDS("samsung,exynos5250-pmu"),
    FORWARDS("samsung,exynos5260-pmu"),
    FORWARDS("samsung,exynos5410-pmu"),
    FORWARDS("samsung,exynos5420-pmu"),
    FORWARDS("samsung,exynos5433-pmu"),
    FORWARDS("samsung,exynos7-pmu"),
    /* interrupt-controller/nvidia,tegra20-ictlr */
    FORWARDS("nvidia,tegra20-ictlr"),
    FORWARDS("nvidia,tegra30-ictlr"),
    FORWARDS("nvidia,tegra114-ictlr"),
    FORWARDS("nvidia,tegra124-ictlr"),
    FORWARDS("nvidia,tegra210-ictlr"),
    /* interrupt-controller/allwinner,sun6i-a31-r-intc.yaml */
    FORWARDS("allwinner,sun6i-a31-r-intc"),
    FORWARDS("allwinner,sun8i-h3-r-intc"),
    FORWARDS("allwinner,sun50i-h6-r-intc"),
    /* interrupt-controller/mediatek,sysirq: only turns the polarity */
    FORWARDS("mediatek,mt6577-sysirq"),
    { .compatible = "st,stm32mp1-exti", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "passes interrupts on to the next controller",
      .bus = FDT_BUS_NONE, .is = FDT_REGISTERS,
      .intc = FDT_INTC(.forwards = true, .forward = forward_stm32mp1) },
    { .compatible = "st,stm32mp13-exti", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "passes interrupts on to the next controller",
      .bus = FDT_BUS_NONE, .is = FDT_REGISTERS,
      .intc = FDT_INTC(.forwards = true, .forward = forward_stm32mp13) },
    { }
};

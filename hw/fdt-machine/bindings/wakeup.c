/*
 * Bindings: interrupt controllers that pass lines on
 *
 * Power controllers that stand between devices and the GIC, so that an
 * interrupt can wake the system.  Their specifiers are those of the controller
 * that they are connected to, or their drivers know which line is which.  A
 * running system does not see them: lines go straight to that controller, a
 * stub answers for the registers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

#define PASSES_ROW(compat, ...)                                         \
    { .compatible = compat, .verdict = FDT_VERDICT_STRUCTURE,           \
      .reason = "passes interrupts on to the next controller",          \
      .num_regs = -1, .num_irqs = -1, .plan = fdt_plan_registers,       \
      .passes_interrupts = true, __VA_ARGS__ }
#define PASSES(compat) PASSES_ROW(compat, .needs_children = true)
#define PASSES_BY(compat, table) PASSES_ROW(compat, .passed = table)

/* interrupt-controller/st,stm32-exti.yaml; lines: reference manual RM0436 */
static const FdtPassedLine stm32mp1_exti[] = {
    { 0, 6 }, { 1, 7 }, { 2, 8 }, { 3, 9 }, { 4, 10 }, { 5, 23 }, { 6, 64 },
    { 7, 65 }, { 8, 66 }, { 9, 67 }, { 10, 40 }, { 11, 42 }, { 12, 76 },
    { 13, 77 }, { 14, 121 }, { 15, 127 }, { 16, 1 }, { 19, 3 }, { 21, 31 },
    { 22, 33 }, { 23, 72 }, { 24, 95 }, { 25, 107 }, { 26, 37 }, { 27, 38 },
    { 28, 39 }, { 29, 71 }, { 30, 52 }, { 31, 53 }, { 32, 82 }, { 33, 83 },
    { 46, 151 }, { 47, 93 }, { 48, 138 }, { 50, 139 }, { 52, 140 },
    { 53, 141 }, { 54, 135 }, { 61, 100 }, { 65, 144 }, { 68, 143 },
    { 70, 62 }, { 73, 129 },
    FDT_END_PASSED
};

/* RM0475 */
static const FdtPassedLine stm32mp13_exti[] = {
    { 0, 6 }, { 1, 7 }, { 2, 8 }, { 3, 9 }, { 4, 10 }, { 5, 24 }, { 6, 65 },
    { 7, 66 }, { 8, 67 }, { 9, 68 }, { 10, 41 }, { 11, 43 }, { 12, 77 },
    { 13, 78 }, { 14, 106 }, { 15, 109 }, { 16, 1 }, { 19, 3 }, { 21, 32 },
    { 22, 34 }, { 23, 73 }, { 24, 93 }, { 25, 114 }, { 26, 38 }, { 27, 39 },
    { 28, 40 }, { 29, 72 }, { 30, 53 }, { 31, 54 }, { 32, 83 }, { 33, 84 },
    { 44, 96 }, { 47, 92 }, { 48, 116 }, { 50, 117 }, { 52, 118 },
    { 53, 119 }, { 68, 63 }, { 70, 98 },
    FDT_END_PASSED
};

const FdtBinding fdt_bindings_wakeup[] = {
    /* power/fsl,imx-gpc.yaml, fsl,imx-gpcv2.yaml */
    PASSES("fsl,imx6q-gpc"),
    { .compatible = "fsl,imx7d-gpc", .type = "imx-gpcv2", .num_irqs = -1,
      .passes_interrupts = true, .needs_children = true, .stub_below = true },
    PASSES("fsl,imx8mq-gpc"),
    PASSES("fsl,imx8mm-gpc"),
    PASSES("fsl,imx8mn-gpc"),
    PASSES("fsl,imx8mp-gpc"),
    /* interrupt-controller/ti,omap4-wugen-mpu */
    PASSES("ti,omap4-wugen-mpu"),
    PASSES("ti,omap5-wugen-mpu"),
    /* soc/samsung/exynos-pmu.yaml */
    PASSES("samsung,exynos3250-pmu"),
    PASSES("samsung,exynos4212-pmu"),
    PASSES("samsung,exynos4412-pmu"),
    PASSES("samsung,exynos5250-pmu"),
    PASSES("samsung,exynos5260-pmu"),
    PASSES("samsung,exynos5410-pmu"),
    PASSES("samsung,exynos5420-pmu"),
    PASSES("samsung,exynos5433-pmu"),
    PASSES("samsung,exynos7-pmu"),
    /* interrupt-controller/nvidia,tegra20-ictlr */
    PASSES("nvidia,tegra20-ictlr"),
    PASSES("nvidia,tegra30-ictlr"),
    PASSES("nvidia,tegra114-ictlr"),
    PASSES("nvidia,tegra124-ictlr"),
    PASSES("nvidia,tegra210-ictlr"),
    /* interrupt-controller/allwinner,sun6i-a31-r-intc.yaml */
    PASSES("allwinner,sun6i-a31-r-intc"),
    PASSES("allwinner,sun8i-h3-r-intc"),
    PASSES("allwinner,sun50i-h6-r-intc"),
    /* interrupt-controller/mediatek,sysirq: only turns the polarity */
    PASSES("mediatek,mt6577-sysirq"),
    PASSES_BY("st,stm32mp1-exti", stm32mp1_exti),
    PASSES_BY("st,stm32mp13-exti", stm32mp13_exti),
    { }
};

/*
 * Bindings: interrupt controllers that pass lines on
 *
 * Power controllers that stand between devices and the GIC, so that an
 * interrupt can wake the system.  Their specifiers are those of the controller
 * that they are connected to.  A running system does not see them: lines go
 * straight to that controller, a stub answers for the registers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../binding.h"

/* Has reg resolved, so that a stub answers there */
static bool plan_registers(FdtPlanner *planner, FdtDevice *device,
                           Error **errp)
{
    return true;
}

#define PASSES(compat)                                                  \
    { .compatible = compat, .verdict = FDT_VERDICT_STRUCTURE,           \
      .reason = "passes interrupts on to the next controller",          \
      .num_regs = -1, .num_irqs = -1, .plan = plan_registers,           \
      .passes_interrupts = true, .needs_children = true }

const FdtBinding fdt_bindings_wakeup[] = {
    /* power/fsl,imx-gpc.yaml, fsl,imx-gpcv2.yaml */
    PASSES("fsl,imx6q-gpc"),
    PASSES("fsl,imx7d-gpc"),
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
    { }
};

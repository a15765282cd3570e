/*
 * The interrupt controllers that lead to the CPUs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "guest.h"

bool fdt_info_is_root_controller(FdtNodeInfo *info)
{
    const FdtNode *node = info->node;
    g_autoptr(GArray) interrupts = NULL;
    GArray *regs;

    if (!fdt_node_has(node, "interrupt-controller") ||
        !fdt_node_available(node) || info->omitted ||
        (fdt_node_has(node, "interrupt-parent") &&
         fdt_node_interrupt_parent(node, NULL))) {
        return false;
    }
    regs = fdt_info_regs(info, NULL);
    if (!regs || !regs->len || !g_array_index(regs, FdtReg, 0).mapped) {
        return false;
    }
    interrupts = fdt_node_interrupts(node, NULL, NULL);
    for (unsigned i = 0; interrupts && i < interrupts->len; i++) {
        const FdtNode *to = g_array_index(interrupts, FdtInterrupt,
                                          i).controller;

        if (to && to != node && !(to->parent && fdt_node_is_cpu(to->parent))) {
            return false;
        }
    }
    return true;
}

static bool is_gic(const FdtNodeInfo *info)
{
    uint32_t cells;

    return (g_str_equal(info->device->type, "arm_gic") ||
            g_str_equal(info->device->type, "arm-gicv3")) &&
           fdt_node_u32(info->node, "#interrupt-cells", &cells) &&
           cells == FDT_GIC_CELLS;
}

/* The first one that has a model and, if @gic, is a GIC; NULL: there is none */
static FdtNodeInfo *find_controller(const FdtPlanner *planner, bool gic)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (fdt_info_is_built(info) && info->device && info->device->type &&
            fdt_info_is_root_controller(info) && (!gic || is_gic(info))) {
            return info;
        }
    }
    return NULL;
}

FdtNodeInfo *fdt_find_root_controller(const FdtPlanner *planner)
{
    return find_controller(planner, false);
}

FdtNodeInfo *fdt_find_gic(const FdtPlanner *planner)
{
    return find_controller(planner, true);
}

unsigned fdt_planner_arm_version(const FdtPlanner *planner)
{
    unsigned v7 = 0, v8 = 0;

    for (unsigned i = 0; i < planner->cpus->len; i++) {
        FdtCpuArch arch = fdt_device_cpu_role(
            g_ptr_array_index(planner->cpus, i))->arch;

        v7 += arch == FDT_CPU_ARMV7;
        v8 += arch == FDT_CPU_ARMV8;
    }
    return v7 == planner->cpus->len ? 7 : v8 == planner->cpus->len ? 8 : 0;
}

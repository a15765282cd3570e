/*
 * What a guest cannot do without, and this machine does not have
 *
 * A kernel that gets no interrupts, or whose time stands still, stops early and
 * often in silence.  Where no rule has found something that stands in, the user
 * is told what is missing before the guest is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "guest.h"

/* FdtLackFunc: warns if the machine lacks what the function is called after */
typedef void FdtLackFunc(FdtPlanner *planner);

/* The first root controller of the tree, with a model or without, or NULL */
static const FdtNode *any_root_controller(const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (fdt_info_is_root_controller(info)) {
            return info->node;
        }
    }
    return NULL;
}

static void check_interrupts(FdtPlanner *planner)
{
    const FdtNode *node = any_root_controller(planner);

    if (fdt_find_root_controller(planner)) {
        return;
    }
    if (node) {
        fdt_planner_warn(planner, node, "no model of this interrupt "
                         "controller, and nothing stands in for it: the guest "
                         "gets no interrupts");
    } else {
        fdt_planner_warn(planner, fdt_tree_root(planner->tree), "no interrupt "
                         "controller leads to the CPUs: the guest gets no "
                         "interrupts");
    }
}

static void check_timer(FdtPlanner *planner)
{
    if (!fdt_planner_has_timer(planner)) {
        fdt_planner_warn(planner, fdt_tree_root(planner->tree), "no timer has "
                         "a model, and none stands in: time stands still for "
                         "the guest, and most kernels stop");
    }
}

/* Whether a device takes -serial, be it that none is left for it */
static bool has_serial(const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->devices->len; i++) {
        const FdtDevice *device = g_ptr_array_index(planner->devices, i);

        if (fdt_device_slot(device) == FDT_SLOT_SERIAL &&
            fdt_device_is_built(device)) {
            return true;
        }
    }
    return false;
}

static void check_console(FdtPlanner *planner)
{
    const FdtNode *console = fdt_tree_stdout(planner->tree, NULL);

    if (fdt_planner_wants_serial(planner) && !has_serial(planner)) {
        fdt_planner_warn(planner, console ?: fdt_tree_root(planner->tree),
                         "no serial port has a model, and none stands in: the "
                         "guest has no console");
    }
}

static void check_memory(FdtPlanner *planner)
{
    const FdtBank *bank = fdt_planner_kernel_bank(planner);

    if (!planner->config->kernel) {
        return;
    }
    if (bank->size < FDT_SMALLEST_KERNEL_BANK) {
        fdt_planner_warn(planner, bank->node, "no bank of memory has the %u "
                         "MiB that a Linux kernel needs at least; this one "
                         "has %" PRIu64 " KiB",
                         (unsigned)(FDT_SMALLEST_KERNEL_BANK / MiB),
                         bank->size / KiB);
    } else if (!fdt_planner_is_in_reach(planner, bank)) {
        fdt_planner_warn(planner, bank->node, "no memory below 4 GiB: the "
                         "kernel, a 32-bit one, cannot start");
    }
}

static void check_cpu(FdtPlanner *planner)
{
    const FdtDevice *cpu = fdt_planner_cpu(planner, 0);

    if (planner->config->aarch64 &&
        (!fdt_device_is_arm_cpu(cpu) ||
         fdt_cpu_arch_is_32bit(fdt_device_cpu_role(cpu)->arch))) {
        fdt_planner_warn(planner, cpu->node, "the kernel is for AArch64, which "
                         "a %s does not have", cpu->type);
    }
    if (planner->config->kernel && planner->boot.wants_mmu &&
        !planner->boot.cpu) {
        fdt_planner_warn(planner, cpu->node, "no hart has an mmu-type: "
                         "firmware disables harts without one, and a kernel "
                         "in S-mode has none to run on");
    }
}

static FdtLackFunc *const checks[] = {
    check_interrupts,
    check_timer,
    check_console,
    check_memory,
    check_cpu,
};

bool fdt_planner_check_mute(FdtPlanner *planner, Error **errp)
{
    for (unsigned i = 0; i < ARRAY_SIZE(checks); i++) {
        checks[i](planner);
    }
    return true;
}

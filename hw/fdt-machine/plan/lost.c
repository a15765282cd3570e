/*
 * Devices that are lost: what the tree says of them does not suffice
 *
 * Linux loses a device whose node is faulty, and goes on without it.  So does
 * the planner: the device is not built, whatever else was planned for its node
 * neither, and nor is what cannot be without it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../bindings/tables.h"
#include "state.h"

/*
 * No machine does without CPUs and without the controller that their interrupts
 * come from; and what a node says in `qemu,` properties, a user has written for
 * this machine
 */
static bool is_vital(const FdtDevice *device)
{
    const FdtBinding *b = device->binding;

    return b->cpu || b == &fdt_binding_qemu ||
           (b->intc && !b->intc->forwards &&
            fdt_node_has(device->node, "interrupt-controller") &&
            !fdt_node_interrupt_parent(device->node, NULL));
}

static void not_built(FdtDevice *device)
{
    device->left_out = true;
    g_clear_pointer(&device->type, g_free);
    g_array_set_size(device->maps, 0);
}

static bool has_mapped_reg(FdtNodeInfo *info)
{
    const GArray *regs = fdt_info_regs(info, NULL);

    for (unsigned i = 0; regs && i < regs->len; i++) {
        if (g_array_index(regs, FdtReg, i).mapped) {
            return true;
        }
    }
    return false;
}

/*
 * A stub where there are registers.  Without any, a node with children may be
 * no more than a wrapper that is called as the device in it is
 */
static FdtVerdict lost_verdict(const FdtPlanner *planner, FdtNodeInfo *info)
{
    if (has_mapped_reg(info)) {
        return planner->config->unmatched == FDT_UNMATCHED_IGNORE
               ? FDT_VERDICT_IGNORED : FDT_VERDICT_STUB;
    }
    return !fdt_node_has(info->node, "reg") && info->node->children->len
           ? FDT_VERDICT_STRUCTURE : FDT_VERDICT_IGNORED;
}

static void lose_node(FdtPlanner *planner, FdtNodeInfo *info, const char *why)
{
    not_built(info->device);
    fdt_info_set_verdict(info, lost_verdict(planner, info), "not built: %s",
                         why);
}

bool fdt_planner_lose_device(FdtPlanner *planner, FdtDevice *device,
                             Error *err, Error **errp)
{
    FdtNodeInfo *info = fdt_node_info(device->node);

    if (is_vital(device)) {
        error_propagate(errp, err);
        return false;
    }
    lose_node(planner, info, fdt_error_text(err, info->node));
    fdt_finding_take(fdt_planner_findings(planner), info->node, err);
    return true;
}

/*
 * One that the device comes after, and cannot be without, or NULL: one that has
 * no type, as another model does its work, is none
 */
static const FdtDevice *missing_need(const FdtDevice *device)
{
    for (unsigned i = 0; i < device->after->len; i++) {
        const FdtDevice *other = g_ptr_array_index(device->after, i);

        if (other->left_out) {
            return other;
        }
    }
    return NULL;
}

/*
 * What was planned for a node goes with its main device.  @dropped: set if
 * others may have to go now
 */
static bool drop_device(FdtPlanner *planner, FdtDevice *device, bool *dropped,
                        Error **errp)
{
    FdtNodeInfo *info = device->node ? fdt_node_info(device->node) : NULL;
    const FdtDevice *need = missing_need(device);
    g_autofree char *why = NULL;

    if (device->left_out || !info || !info->device) {
        return true;
    }
    if (info->device->left_out) {
        not_built(device);
        *dropped = true;
        return true;
    }
    if (!need) {
        return true;
    }
    if (is_vital(info->device)) {
        fdt_error(errp, info->node, NULL, "it needs %s: %s", need->node->path,
                  fdt_node_info(need->node)->reason ?: "not built");
        return false;
    }
    why = g_strdup_printf("it needs %s", need->node->path);
    lose_node(planner, info, why);
    *dropped = true;
    return true;
}

static bool drop_devices(FdtPlanner *planner, bool *dropped, Error **errp)
{
    *dropped = false;
    for (unsigned i = 0; i < planner->devices->len; i++) {
        if (!drop_device(planner, g_ptr_array_index(planner->devices, i),
                         dropped, errp)) {
            return false;
        }
    }
    return true;
}

static void drop_wires(FdtPlanner *planner)
{
    for (unsigned i = planner->wires->len; i-- > 0;) {
        const FdtWire *wire = g_ptr_array_index(planner->wires, i);

        if (wire->source.device->left_out || wire->sink.device->left_out) {
            g_ptr_array_remove_index(planner->wires, i);
        }
    }
}

bool fdt_planner_drop_left_out(FdtPlanner *planner, Error **errp)
{
    bool dropped = true;

    while (dropped) {
        if (!drop_devices(planner, &dropped, errp)) {
            return false;
        }
    }
    drop_wires(planner);
    return true;
}

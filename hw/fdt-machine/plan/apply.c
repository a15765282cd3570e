/*
 * What the rows of the tables say of the devices: properties, regions and
 * interrupts
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

static void set_property(FdtDevice *device, const FdtBindingProp *prop)
{
    const FdtNode *node = device->node;
    const char *string = prop->string;
    uint64_t value = prop->value;
    uint32_t cell;

    if (fdt_device_has_argument(device, prop->name)) {
        return;
    }
    if (prop->kind == FDT_VALUE_BOOL) {
        fdt_device_set_bool(device, prop->name, prop->from
                            ? fdt_node_has(node, prop->from) : value);
        return;
    }
    if (prop->from && !fdt_node_has(node, prop->from) && !prop->has_default) {
        return;
    }
    if (prop->kind == FDT_VALUE_STRING) {
        if (prop->from && fdt_node_string(node, prop->from, 0)) {
            string = fdt_node_string(node, prop->from, 0);
        }
        fdt_device_set_string(device, prop->name, string ?: "");
        return;
    }
    if (prop->from && !fdt_node_u64(node, prop->from, &value) &&
        fdt_node_u32(node, prop->from, &cell)) {
        value = cell;
    }
    fdt_device_set_uint(device, prop->name, value);
}

static void apply_audiodev(FdtDevice *device)
{
    const char *id = device->binding->is & FDT_AUDIO
                     ? fdt_planner_audiodev(device->planner) : "";

    if (*id) {
        fdt_device_set_string(device, "audiodev", id);
    }
}

static void apply_props(FdtDevice *device)
{
    const FdtBindingProp *prop = device->binding->props;
    const FdtBindingLink *link = device->binding->links;

    for (; prop && prop->name; prop++) {
        set_property(device, prop);
    }
    for (; link && link->name; link++) {
        if (link->ram) {
            fdt_device_link_ram(device, link->name);
        } else {
            fdt_device_link_memory(device, link->name);
        }
    }
    apply_audiodev(device);
}

static bool map_entry(FdtDevice *device, const FdtBindingReg *row,
                      const GArray *regs, Error **errp)
{
    const FdtReg *reg = NULL;
    int i = row->reg;

    if (row->reg_name) {
        i = fdt_node_string_index(device->node, "reg-names", row->reg_name);
    }
    if (i >= 0 && i < regs->len) {
        reg = &g_array_index(regs, FdtReg, i);
    }
    if (!reg || !reg->mapped) {
        if (row->optional) {
            return true;
        }
        if (row->reg_name) {
            fdt_error(errp, device->node, "reg-names", "no entry \"%s\"",
                      row->reg_name);
        } else {
            fdt_error(errp, device->node, "reg",
                      "entry %d is missing or has no address", row->reg);
        }
        return false;
    }
    if (row->region == 0 && reg->size < device->binding->region_size) {
        fdt_device_map_window(device, 0, reg->address + row->offset,
                              "registers", 0, reg->size);
        return true;
    }
    fdt_device_map(device, row->region, row->region_name,
                   reg->address + row->offset, reg->size);
    return true;
}

static bool apply_regs(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtBinding *b = device->binding;
    GArray *regs = fdt_info_regs(fdt_node_info(device->node), errp);
    unsigned n = b->num_regs ?: b->bus == FDT_BUS_SYSTEM;

    if (!regs) {
        return false;
    }
    if (b->regs) {
        for (const FdtBindingReg *r = b->regs; r->reg >= 0; r++) {
            if (!map_entry(device, r, regs, errp)) {
                return false;
            }
        }
        return true;
    }
    for (unsigned i = 0; i < n; i++) {
        FdtBindingReg row = { .reg = i, .region = i, .optional = i > 0 };

        if (!map_entry(device, &row, regs, errp)) {
            return false;
        }
    }
    return true;
}

static bool connect_row(FdtPlanner *planner, FdtDevice *device,
                        const FdtBindingIrq *row, const GArray *interrupts,
                        Error **errp)
{
    int i = row->irq;
    unsigned n = row->per_cpu ? fdt_planner_num_cpus(planner) : 1;
    const char *line = row->line ?: FDT_LINE_IRQ;

    if (row->irq_name) {
        i = fdt_node_string_index(device->node, "interrupt-names",
                                  row->irq_name);
    }
    if (i < 0 || i >= interrupts->len ||
        !g_array_index(interrupts, FdtInterrupt, i).controller) {
        return true;
    }
    for (unsigned cpu = 0; cpu < n; cpu++) {
        if (!fdt_device_interrupt(planner, device, line, row->output + cpu,
                                  &g_array_index(interrupts, FdtInterrupt, i),
                                  cpu, errp)) {
            return false;
        }
    }
    return true;
}

static bool apply_interrupts(FdtPlanner *planner, FdtDevice *device,
                             Error **errp)
{
    const FdtBinding *b = device->binding;
    unsigned n = b->num_irqs ?: b->bus == FDT_BUS_SYSTEM;
    GArray *interrupts;

    if (b->cpu) {
        return true;        /* its interrupts are those of its controller */
    }
    interrupts = fdt_info_interrupts(fdt_node_info(device->node), errp);
    if (!interrupts) {
        return false;
    }
    if (b->type && !fdt_device_is_built(device)) {
        return true;        /* a hook has left it out */
    }
    if (b->irqs) {
        for (const FdtBindingIrq *r = b->irqs; r->irq >= 0; r++) {
            if (!connect_row(planner, device, r, interrupts, errp)) {
                return false;
            }
        }
        return true;
    }
    for (unsigned i = 0; i < n; i++) {
        FdtBindingIrq row = { .irq = i, .output = i };

        if (!connect_row(planner, device, &row, interrupts, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * `compatible` may have strings that name no device by themselves, but what
 * devices of that kind have in common, as "arm,primecell" (FDT_TRAIT)
 */
static bool apply_traits(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const char *compatible;

    for (unsigned i = 0; (compatible = fdt_node_compatible(device->node, i));
         i++) {
        const FdtBinding *b = g_hash_table_lookup(planner->bindings,
                                                  compatible);

        if (b && b->is & FDT_TRAIT && !b->plan(planner, device, errp)) {
            return false;
        }
    }
    return true;
}

/* Somebody wants them now: what is wrong with them is a finding */
static bool judge_interrupts(FdtPlanner *planner, FdtDevice *device,
                             Error **errp)
{
    g_autoptr(GArray) interrupts = fdt_node_interrupts(
        device->node, fdt_planner_findings(planner), errp);

    return interrupts;
}

static bool apply_data(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    if (device->binding->cpu) {
        return true;        /* its reg is no address */
    }
    apply_props(device);
    return apply_regs(planner, device, errp) &&
           apply_traits(planner, device, errp) &&
           judge_interrupts(planner, device, errp);
}

bool fdt_planner_plan_node(FdtPlanner *planner, FdtNodeInfo *info,
                           Error **errp)
{
    fdt_planner_match_node(planner, info);
    return !info->device ||
           (apply_data(planner, info->device, errp) &&
            apply_interrupts(planner, info->device, errp));
}

/*
 * Every device that a node is bound to, in document order
 */

typedef bool FdtDeviceFunc(FdtPlanner *planner, FdtDevice *device,
                           Error **errp);

/* A device that cannot be planned is left out, and the others go on */
static bool each_device(FdtPlanner *planner, FdtDeviceFunc *func, Error **errp)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        Error *err = NULL;

        if (info->device && !info->device->left_out &&
            !func(planner, info->device, &err) &&
            !fdt_planner_lose_device(planner, info->device, err, errp)) {
            return false;
        }
    }
    return fdt_planner_drop_left_out(planner, errp);
}

static bool run_hook(FdtPlanner *planner, FdtDevice *device, FdtHook *hook,
                     Error **errp)
{
    return !hook || hook(planner, device, errp);
}

static bool run_plan_hook(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    return run_hook(planner, device, device->binding->plan, errp);
}

static bool run_connect_hook(FdtPlanner *planner, FdtDevice *device,
                             Error **errp)
{
    return run_hook(planner, device, device->binding->connect, errp);
}

static bool run_finish_hook(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    return run_hook(planner, device, device->binding->finish, errp);
}

bool fdt_planner_run_plan_hooks(FdtPlanner *planner, Error **errp)
{
    return each_device(planner, run_plan_hook, errp);
}

bool fdt_planner_apply_data(FdtPlanner *planner, Error **errp)
{
    return each_device(planner, apply_data, errp);
}

bool fdt_planner_connect(FdtPlanner *planner, Error **errp)
{
    return each_device(planner, run_connect_hook, errp) &&
           each_device(planner, apply_interrupts, errp);
}

bool fdt_planner_run_finish_hooks(FdtPlanner *planner, Error **errp)
{
    return each_device(planner, run_finish_hook, errp);
}

/*
 * Bindings: nodes that say themselves what they are in QEMU, by properties
 * that start with "qemu,"
 *
 * docs/qemu-binding.md describes the properties.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../plan/api.h"
#include "../tree/cells.h"
#include "tables.h"

#define PROP_PREFIX     "qemu,prop-"
#define BOOL_PREFIX     "qemu,bool-"
#define STRING_PREFIX   "qemu,string-"
#define LINK_PREFIX     "qemu,link-"

static bool set_number(FdtDevice *device, const FdtProp *prop,
                       const char *name, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    uint64_t value;
    uint32_t cell;

    if (prop->len == sizeof(cell) && fdt_node_u32(node, prop->name, &cell)) {
        fdt_device_set_uint(device, name, cell);
    } else if (fdt_node_u64(node, prop->name, &value)) {
        fdt_device_set_uint(device, name, value);
    } else {
        fdt_error(errp, node, prop->name, "neither one nor two cells; others "
                  "are " BOOL_PREFIX "%s, " STRING_PREFIX "%s", name, name);
        return false;
    }
    return true;
}

/* An empty property, or a cell that is not 0, is true */
static bool set_bool(FdtDevice *device, const FdtProp *prop,
                     const char *name, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    uint32_t cell = 1;

    if (prop->len && (prop->len != sizeof(cell) ||
                      !fdt_node_u32(node, prop->name, &cell))) {
        fdt_error(errp, node, prop->name, "neither empty nor one cell");
        return false;
    }
    fdt_device_set_bool(device, name, cell != 0);
    return true;
}

static bool set_string(FdtDevice *device, const FdtProp *prop,
                       const char *name, Error **errp)
{
    const char *value = fdt_node_string(fdt_device_node(device), prop->name,
                                        0);

    if (!value) {
        fdt_error(errp, fdt_device_node(device), prop->name,
                  "it is no string");
        return false;
    }
    fdt_device_set_string(device, name, value);
    return true;
}

/*
 * qemu,link-NAME: the phandle of the node whose device the link leads to, or of
 * a memory node, whose first bank it leads to; an empty property leads to
 * system memory
 */
static bool set_link(FdtPlanner *planner, FdtDevice *device,
                     const FdtProp *prop, const char *name, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    FdtDevice *target;
    const FdtNode *other;
    uint32_t phandle;

    if (!prop->len) {
        fdt_device_link_memory(device, name);
        return true;
    }
    if (!fdt_node_u32(node, prop->name, &phandle)) {
        fdt_error(errp, node, prop->name, "neither empty nor a phandle");
        return false;
    }
    other = fdt_node_target(node, prop->name, 0);
    if (other && !g_strcmp0(fdt_node_string(other, "device_type", 0),
                            "memory")) {
        fdt_device_link_bank(device, name, other);
        return true;
    }
    target = fdt_planner_device(planner, other);
    if (!target) {
        fdt_error(errp, node, prop->name, "phandle 0x%x leads to %s", phandle,
                  other ? "a node without a device" : "nowhere");
        return false;
    }
    fdt_device_link(device, name, target);
    return true;
}

static bool set_property(FdtPlanner *planner, FdtDevice *device,
                         const FdtProp *prop, Error **errp)
{
    const char *name = prop->name;

    if (g_str_has_prefix(name, PROP_PREFIX)) {
        return set_number(device, prop, name + strlen(PROP_PREFIX), errp);
    }
    if (g_str_has_prefix(name, BOOL_PREFIX)) {
        return set_bool(device, prop, name + strlen(BOOL_PREFIX), errp);
    }
    if (g_str_has_prefix(name, STRING_PREFIX)) {
        return set_string(device, prop, name + strlen(STRING_PREFIX), errp);
    }
    if (g_str_has_prefix(name, LINK_PREFIX)) {
        return set_link(planner, device, prop, name + strlen(LINK_PREFIX),
                        errp);
    }
    return true;
}

/* qemu,bus: name of a bus of the parent node's device; empty: its only bus */
static bool set_bus(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const char *bus = fdt_node_string(node, "qemu,bus", 0);
    FdtDevice *parent = fdt_planner_device(planner, node->parent);

    if (!parent) {
        fdt_error(errp, node, "qemu,bus", "the node above has no device");
        return false;
    }
    fdt_device_set_bus(device, parent, bus && *bus ? bus : NULL);
    return true;
}

/* qemu,region-map and qemu,irq-map are pairs of cells; they may be absent */
static bool check_pairs(const FdtNode *node, const char *name, Error **errp)
{
    const FdtProp *prop = fdt_node_prop(node, name);

    if (prop && prop->len % (2 * sizeof(uint32_t))) {
        fdt_error(errp, node, name, "%u bytes are no pairs of cells",
                  prop->len);
        return false;
    }
    return true;
}

static bool map_regions(FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    bool mapped = fdt_node_has(node, "qemu,region-map");
    unsigned n;

    if (!check_pairs(node, "qemu,region-map", errp)) {
        return false;
    }
    n = mapped ? fdt_node_num_cells(node, "qemu,region-map") / 2
               : fdt_device_num_regs(device);
    for (unsigned i = 0; i < n; i++) {
        uint32_t from = i, to = i;
        FdtReg reg;

        if (mapped) {
            fdt_node_u32_index(node, "qemu,region-map", 2 * i, &from);
            fdt_node_u32_index(node, "qemu,region-map", 2 * i + 1, &to);
        }
        if (fdt_device_reg(device, from, &reg, NULL)) {
            fdt_device_map(device, to, NULL, reg.address, reg.size);
        } else if (mapped) {
            fdt_error(errp, node, "qemu,region-map",
                      "entry %u of reg is missing or has no address", from);
            return false;
        }
    }
    return true;
}

/*
 * A node with qemu,device describes a device that the user has added:
 * properties that would change that device are errors
 */
static bool check_described(const FdtNode *node, Error **errp)
{
    static const char *const prefixes[] = {
        "qemu,type", "qemu,bus", PROP_PREFIX, BOOL_PREFIX, STRING_PREFIX,
        LINK_PREFIX,
    };

    for (unsigned i = 0; i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);

        for (unsigned j = 0; j < ARRAY_SIZE(prefixes); j++) {
            if (g_str_has_prefix(prop->name, prefixes[j])) {
                fdt_error(errp, node, prop->name, "qemu,device names a device "
                          "that is there already");
                return false;
            }
        }
    }
    return true;
}

static bool plan_described(FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const char *id = fdt_node_string(node, "qemu,device", 0);

    if (!id) {
        fdt_error(errp, node, "qemu,device", "it is no string");
        return false;
    }
    return check_described(node, errp) &&
           fdt_device_describe(device, id, errp) && map_regions(device, errp);
}

/* A node with qemu,alias-of is no device: its reg shows what is elsewhere */
static bool plan_alias(FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);

    if (fdt_node_has(node, "qemu,type") || fdt_node_has(node, "qemu,device")) {
        fdt_error(errp, node, "qemu,alias-of", "the node is a device itself");
        return false;
    }
    fdt_device_merge(device, "seen here once more");
    return true;
}

/* qemu,alias-of: an address for every entry of reg */
static bool finish_qemu(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    FdtCells cells = fdt_cells(fdt_node_prop(node, "qemu,alias-of"));

    if (!fdt_node_has(node, "qemu,alias-of")) {
        return true;
    }
    for (unsigned i = 0; i < fdt_device_num_regs(device); i++) {
        uint32_t address[FDT_MAX_ADDRESS_CELLS];
        uint64_t target;
        FdtReg reg;

        if (!fdt_device_reg(device, i, &reg, NULL) ||
            !fdt_cells_take(&cells, reg.num_cells, address)) {
            fdt_error(errp, node, "qemu,alias-of", "entry %u of reg has no "
                      "address, here or there", i);
            return false;
        }
        if (!fdt_node_translate(node->parent, address, reg.num_cells,
                                reg.size, &target, errp) ||
            !fdt_planner_alias(planner, device, i, &reg, target, errp)) {
            return false;
        }
    }
    return true;
}

static bool plan_qemu(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const char *type = fdt_node_string(node, "qemu,type", 0);

    if (fdt_node_has(node, "qemu,alias-of")) {
        return plan_alias(device, errp);
    }
    if (fdt_node_has(node, "qemu,device")) {
        return plan_described(device, errp);
    }
    if (!type || !fdt_planner_has_type(planner, type)) {
        fdt_error(errp, node, "qemu,type", "this binary has no type '%s'",
                  type ?: "");
        return false;
    }
    for (unsigned i = 0; i < node->props->len; i++) {
        if (!set_property(planner, device, g_ptr_array_index(node->props, i),
                          errp)) {
            return false;
        }
    }
    if (fdt_node_has(node, "qemu,bus") && !set_bus(planner, device, errp)) {
        return false;
    }
    return map_regions(device, errp);
}

static bool connect_qemu(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const char *line = fdt_node_string(node, "qemu,irq-line", 0);
    bool mapped = fdt_node_has(node, "qemu,irq-map");
    unsigned n;

    if (!check_pairs(node, "qemu,irq-map", errp)) {
        return false;
    }
    n = mapped ? fdt_node_num_cells(node, "qemu,irq-map") / 2
               : fdt_device_num_irqs(device);
    for (unsigned i = 0; i < n; i++) {
        uint32_t from = i, to = i;
        const FdtInterrupt *irq;

        if (mapped) {
            fdt_node_u32_index(node, "qemu,irq-map", 2 * i, &from);
            fdt_node_u32_index(node, "qemu,irq-map", 2 * i + 1, &to);
        }
        irq = fdt_device_irq(device, from);
        if (!irq) {
            fdt_error(errp, node, "qemu,irq-map", "the node has no interrupt "
                      "%u", from);
            return false;
        }
        if (!fdt_device_interrupt(planner, device, line ?: FDT_LINE_IRQ, to,
                                  irq, 0, errp)) {
            return false;
        }
    }
    return true;
}

/* As interrupt controller and as GPIO provider: the first cell is the line */
static bool input_qemu(FdtPlanner *planner, FdtDevice *device,
                       const uint32_t *cells, unsigned num_cells,
                       unsigned cpu, FdtInput *out, Error **errp)
{
    if (!num_cells) {
        error_setg(errp, "%s wants at least one cell a specifier",
                   fdt_device_node(device)->path);
        return false;
    }
    out->index = cells[0];
    return true;
}

const FdtBinding fdt_binding_qemu = {
    .compatible = "",
    .type = "",
    .bus = FDT_BUS_NONE,
    .is = FDT_CONTAINER,
    .intc = FDT_INTC(.input = input_qemu),
    .gpio = FDT_GPIO(.input = input_qemu),
    .plan = plan_qemu,
    .connect = connect_qemu,
    .finish = finish_qemu,
};

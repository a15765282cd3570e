/*
 * Which cells of a tree are phandles
 *
 * A flattened tree does not mark them; they are known from the bindings that
 * define the properties.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "blob.h"
#include "cells.h"

typedef struct Walk {
    const FdtNode *node;
    const FdtProp *prop;
    FdtCells cells;
    FdtReferenceFunc *func;
    void *opaque;
} Walk;

/* Take the next cell as a phandle; false if there is no cell left */
static bool take_reference(Walk *walk, FdtNode **target)
{
    unsigned at = (walk->cells.next - walk->prop->data) / 4;
    uint32_t phandle;

    if (!fdt_cells_take(&walk->cells, 1, &phandle)) {
        return false;
    }
    *target = fdt_tree_by_phandle(walk->node->tree, phandle);
    if (*target) {
        walk->func(walk->node, walk->prop, at, *target, walk->opaque);
    }
    return true;
}

static uint32_t cells_of(const FdtNode *target, const char *name)
{
    uint32_t n = 0;

    if (target && name) {
        fdt_node_u32(target, name, &n);
    }
    return n;
}

/* Phandles, each with as many arguments as its node's property @cells says */
static void walk_list(Walk *walk, const char *cells)
{
    FdtNode *target;

    while (take_reference(walk, &target) &&
           fdt_cells_take(&walk->cells, cells_of(target, cells), NULL)) {
        continue;
    }
}

static void walk_interrupt_map(Walk *walk, const char *cells)
{
    uint32_t child = cells_of(walk->node, "#address-cells") +
                     cells_of(walk->node, "#interrupt-cells");
    FdtNode *target;

    while (fdt_cells_take(&walk->cells, child, NULL) &&
           take_reference(walk, &target) &&
           fdt_cells_take(&walk->cells, cells_of(target, "#address-cells") +
                          cells_of(target, "#interrupt-cells"), NULL)) {
        continue;
    }
}

/* gpio-map, whose rows are built as those of interrupt-map */
static void walk_gpio_map(Walk *walk, const char *cells)
{
    uint32_t child = cells_of(walk->node, "#gpio-cells");
    FdtNode *target;

    while (fdt_cells_take(&walk->cells, child, NULL) &&
           take_reference(walk, &target) &&
           fdt_cells_take(&walk->cells, cells_of(target, "#gpio-cells"),
                          NULL)) {
        continue;
    }
}

/* iommu-map and msi-map: first ID, phandle, first ID there, number of IDs */
static void walk_id_map(Walk *walk, const char *cells)
{
    FdtNode *target;

    while (fdt_cells_take(&walk->cells, 1, NULL) &&
           take_reference(walk, &target) &&
           fdt_cells_take(&walk->cells, 2, NULL)) {
        continue;
    }
}

/* Only the first cell is a phandle; what follows is up to the binding */
static void walk_first(Walk *walk, const char *cells)
{
    FdtNode *target;

    take_reference(walk, &target);
}

/* gpio-ranges: pin controller, first line here, first pin there, how many */
static void walk_ranges(Walk *walk, const char *cells)
{
    FdtNode *target;

    while (take_reference(walk, &target) &&
           fdt_cells_take(&walk->cells, 3, NULL)) {
        continue;
    }
}

typedef struct Reference {
    const char *name;       /* "*-x" and "x-*" are patterns */
    void (*walk)(Walk *walk, const char *cells);
    const char *cells;      /* NULL: phandles have no arguments */
} Reference;

/* The first row that fits counts */
static const Reference references[] = {
    { "interrupt-parent", walk_list },
    { "interrupts-extended", walk_list, "#interrupt-cells" },
    { "interrupt-map", walk_interrupt_map },
    { "interrupt-affinity", walk_list },
    { "affinity", walk_list },
    { "msi-parent", walk_list, "#msi-cells" },
    { "msi-map", walk_id_map },
    { "iommu-map", walk_id_map },
    { "iommus", walk_list, "#iommu-cells" },
    { "clocks", walk_list, "#clock-cells" },
    { "assigned-clocks", walk_list, "#clock-cells" },
    { "assigned-clock-parents", walk_list, "#clock-cells" },
    { "resets", walk_list, "#reset-cells" },
    { "dmas", walk_list, "#dma-cells" },
    { "power-domains", walk_list, "#power-domain-cells" },
    { "interconnects", walk_list, "#interconnect-cells" },
    { "phys", walk_list, "#phy-cells" },
    { "mboxes", walk_list, "#mbox-cells" },
    { "pwms", walk_list, "#pwm-cells" },
    { "io-channels", walk_list, "#io-channel-cells" },
    { "thermal-sensors", walk_list, "#thermal-sensor-cells" },
    { "cooling-device", walk_list, "#cooling-cells" },
    { "sound-dai", walk_list, "#sound-dai-cells" },
    { "hwlocks", walk_list, "#hwlock-cells" },
    { "nvmem-cells", walk_list, "#nvmem-cell-cells" },
    { "gpio-ranges", walk_ranges },
    { "gpio-map", walk_gpio_map },
    { "gpios", walk_list, "#gpio-cells" },
    { "gpio", walk_list, "#gpio-cells" },
    { "*-gpios", walk_list, "#gpio-cells" },
    { "*-gpio", walk_list, "#gpio-cells" },
    { "*-supply", walk_list },
    { "pinctrl-*", walk_list },
    { "qemu,link-*", walk_list },
    { "memory-region", walk_list },
    { "mmc-pwrseq", walk_list },
    { "next-level-cache", walk_list },
    { "l2-cache", walk_list },
    { "cpu", walk_list },
    { "cpus", walk_list },
    { "cpu-idle-states", walk_list },
    { "operating-points-v2", walk_list },
    { "trip", walk_list },
    { "remote-endpoint", walk_list },
    { "ports", walk_list },
    { "phy-handle", walk_list },
    { "phy", walk_list },
    { "ethernet", walk_list },
    { "i2c-parent", walk_list },
    { "i2c-bus", walk_list },
    { "ddc-i2c-bus", walk_list },
    { "backlight", walk_list },
    { "panel", walk_list },
    { "syscon", walk_first },
    { "regmap", walk_first },
};

/*
 * Whether the value is a text: properties such as pinctrl-names match a pattern
 * for lists of phandles
 */
static bool is_text(const FdtProp *prop)
{
    return g_str_has_suffix(prop->name, "-names") ||
           g_str_has_prefix(prop->name, "#");
}

static bool fits(const Reference *reference, const FdtProp *prop)
{
    const char *name = reference->name;
    const char *star = strchr(name, '*');

    if (!star) {
        return g_str_equal(prop->name, name);
    }
    return star == name ? g_str_has_suffix(prop->name, name + 1)
                        : !strncmp(prop->name, name, star - name);
}

void fdt_node_references(const FdtNode *node, const FdtProp *prop,
                         FdtReferenceFunc *func, void *opaque)
{
    Walk walk = { node, prop, fdt_cells(prop), func, opaque };

    if (prop->len % 4 || is_text(prop)) {
        return;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(references); i++) {
        if (fits(&references[i], prop)) {
            references[i].walk(&walk, references[i].cells);
            return;
        }
    }
}

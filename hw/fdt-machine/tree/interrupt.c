/*
 * Interrupts: from a device through nexus nodes to a controller
 *
 * Devicetree Specification 2.4.  `interrupts` is a special case of
 * `interrupts-extended`; what either says is followed one step at a time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cells.h"
#include "finding.h"

/* The most nexus nodes between a device and its controller */
#define MAX_STEPS 16

/* Where a specifier has got to */
typedef struct Step {
    FdtNode *at;            /* whose specifier it is */
    uint32_t address[FDT_MAX_ADDRESS_CELLS];
    unsigned num_address;   /* unit address, as @at's interrupt-map wants it */
    bool has_address;
    uint32_t cells[FDT_MAX_CELLS];
    unsigned num_cells;
    bool loops;             /* why resolve() has failed: a loop of maps */
} Step;

/*
 * Controllers whose interrupt-map has a meaning of its own and is none of the
 * specification's.  Please do not add to this list: a new binding should use
 * interrupt-map as specified.
 */
static const char *const own_interrupt_map[] = {
    "CBEA,platform-spider-pic",
    "sti,platform-spider-pic",
    "realtek,rtl-intc",
    "fsl,ls1021a-extirq",
    "fsl,ls1043a-extirq",
    "fsl,ls1088a-extirq",
    "renesas,rza1-irqc",
};

static bool is_nexus(const FdtNode *node)
{
    if (!fdt_node_has(node, "interrupt-map")) {
        return false;
    }
    for (int i = 0; i < ARRAY_SIZE(own_interrupt_map); i++) {
        if (fdt_node_is_compatible(node, own_interrupt_map[i])) {
            return false;
        }
    }
    return true;
}

static bool is_controller(const FdtNode *node)
{
    return fdt_node_has(node, "interrupt-controller") || is_nexus(node) ||
           fdt_node_has(node, "#interrupt-cells");
}

/* #interrupt-cells of a controller; errors are about @name of @node */
static bool interrupt_cells(const FdtNode *controller, unsigned *cells,
                            const FdtNode *node, const char *name,
                            Error **errp)
{
    uint32_t value;

    if (!fdt_node_u32(controller, "#interrupt-cells", &value)) {
        fdt_error(errp, node, name, "%s has no #interrupt-cells",
                  controller->path);
        return false;
    }
    if (value > FDT_MAX_CELLS) {
        fdt_error(errp, controller, "#interrupt-cells",
                  "%u cells, more than %d", value, FDT_MAX_CELLS);
        return false;
    }
    *cells = value;
    return true;
}

static FdtNode *controller_by_phandle(const FdtNode *node, const char *name,
                                      uint32_t phandle, Error **errp)
{
    FdtNode *controller = fdt_tree_by_phandle(node->tree, phandle);

    if (!controller) {
        fdt_error(errp, node, name, "phandle 0x%x leads to no node", phandle);
        return NULL;
    }
    if (!is_controller(controller)) {
        fdt_error(errp, node, name,
                  "phandle 0x%x is not an interrupt controller", phandle);
        return NULL;
    }
    return controller;
}

/*
 * interrupt-parent
 */

/**
 * find_parent: from the node up, the first interrupt-parent property or, as
 * the parent in the tree counts where there is none, the first parent that has
 * #interrupt-cells
 *
 * May be @node itself: a controller whose own interrupts are among its inputs.
 */
static bool find_parent(const FdtNode *node, FdtNode **parent, Error **errp)
{
    uint32_t phandle;

    *parent = NULL;
    for (; node; node = node->parent) {
        if (fdt_node_u32(node, "interrupt-parent", &phandle)) {
            *parent = controller_by_phandle(node, "interrupt-parent", phandle,
                                            errp);
            return *parent;
        }
        if (node->parent && fdt_node_has(node->parent, "#interrupt-cells")) {
            *parent = node->parent;
            return true;
        }
    }
    return true;
}

FdtNode *fdt_node_interrupt_parent(const FdtNode *node, Error **errp)
{
    FdtNode *parent;

    return find_parent(node, &parent, errp) && parent != node ? parent : NULL;
}

/*
 * A controller with `interrupts` must not be its parent's parent, and so on.
 * One above that has no proper parent ends the way: it will be said of that one
 */
static bool check_parents(const FdtNode *node, FdtNode *parent, Error **errp)
{
    for (int i = 0; parent && parent != node && i < FDT_MAX_DEPTH; i++) {
        FdtNode *next;

        if (!fdt_node_has(parent, "interrupts") || is_nexus(parent)) {
            return true;
        }
        if (!find_parent(parent, &next, NULL) || next == parent) {
            return true;
        }
        if (next == node) {
            fdt_error(errp, node, "interrupt-parent", "a loop: %s is below "
                      "this node, and above it", parent->path);
            return false;
        }
        parent = next;
    }
    return true;
}

/*
 * interrupt-map
 */

/*
 * Cells that a nexus's rows have for the address of a child: trees exist that
 * leave #address-cells to a node above the nexus
 */
static bool nexus_address_cells(const FdtNode *nexus, unsigned *cells,
                                Error **errp)
{
    const FdtNode *node = nexus;

    while (node->parent && !fdt_node_has(node, "#address-cells")) {
        node = node->parent;
    }
    return fdt_node_address_cells(node, cells, errp);
}

/* A parent without #address-cells has no cells for an address in a row */
static bool map_address_cells(const FdtNode *parent, unsigned *cells,
                              Error **errp)
{
    *cells = 0;
    return !fdt_node_has(parent, "#address-cells") ||
           fdt_node_address_cells(parent, cells, errp);
}

/*
 * interrupt-map-mask is for unit address and specifier together; without the
 * property, all bits of both are compared
 */
static bool read_mask(const FdtNode *nexus, uint32_t *mask, unsigned n,
                      Error **errp)
{
    const FdtProp *prop = fdt_node_prop(nexus, "interrupt-map-mask");
    FdtCells cells = fdt_cells(prop);

    if (!prop) {
        memset(mask, 0xff, n * sizeof(*mask));
        return true;
    }
    if (prop->len != n * 4 || !fdt_cells_take(&cells, n, mask)) {
        fdt_error(errp, nexus, prop->name, "%u bytes, not %u cells", prop->len,
                  n);
        return false;
    }
    return true;
}

static bool cut_short(const FdtNode *nexus, Error **errp)
{
    fdt_error(errp, nexus, "interrupt-map", "the last row is cut short");
    return false;
}

/* The right side of a row: the parent, its unit address and its specifier */
static bool take_target(const FdtNode *nexus, FdtCells *cells, Step *target,
                        Error **errp)
{
    uint32_t phandle;

    if (!fdt_cells_take(cells, 1, &phandle)) {
        return cut_short(nexus, errp);
    }
    target->at = controller_by_phandle(nexus, "interrupt-map", phandle, errp);
    if (!target->at ||
        !map_address_cells(target->at, &target->num_address, errp) ||
        !interrupt_cells(target->at, &target->num_cells, nexus,
                         "interrupt-map", errp)) {
        return false;
    }
    target->has_address = true;
    return (fdt_cells_take(cells, target->num_address, target->address) &&
            fdt_cells_take(cells, target->num_cells, target->cells)) ||
           cut_short(nexus, errp);
}

static bool same(const uint32_t *row, const uint32_t *want, unsigned n)
{
    return !memcmp(row, want, n * sizeof(*row));
}

static bool no_row(const Step *step, const FdtNode *origin, const char *name,
                   Error **errp)
{
    g_autoptr(GString) text = g_string_new("");

    for (unsigned i = 0; i < step->num_address + step->num_cells; i++) {
        g_string_append_printf(text, "%s0x%x", i ? " " : "",
                               i < step->num_address ? step->address[i] :
                               step->cells[i - step->num_address]);
    }
    fdt_error(errp, origin, name, "the interrupt-map of %s has no row for <%s>",
              step->at->path, text->str);
    return false;
}

/* What to look for: unit address and specifier, both masked (2.4.3.1) */
static bool masked_key(const Step *step, uint32_t *key, const FdtNode *origin,
                       const char *name, Error **errp)
{
    uint32_t mask[FDT_MAX_ADDRESS_CELLS + FDT_MAX_CELLS];
    unsigned n = step->num_address + step->num_cells;

    if (!read_mask(step->at, mask, n, errp)) {
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        bool is_address = i < step->num_address;

        if (is_address && !step->has_address && mask[i]) {
            fdt_error(errp, origin, name, "the interrupt-map of %s needs a "
                      "unit address of %u cells", step->at->path,
                      step->num_address);
            return false;
        }
        key[i] = mask[i] & (is_address ? step->address[i]
                                       : step->cells[i - step->num_address]);
    }
    return true;
}

/**
 * follow: one step, from a nexus to what the matching row says
 * @origin, @name: node and property that messages are about
 */
static bool follow(Step *step, const FdtNode *origin, const char *name,
                   Error **errp)
{
    FdtCells cells = fdt_cells(fdt_node_prop(step->at, "interrupt-map"));
    uint32_t key[FDT_MAX_ADDRESS_CELLS + FDT_MAX_CELLS];
    uint32_t row[FDT_MAX_ADDRESS_CELLS + FDT_MAX_CELLS];
    unsigned n = step->num_address + step->num_cells;

    if (!masked_key(step, key, origin, name, errp)) {
        return false;
    }
    while (cells.left) {
        Step target = { .at = NULL };

        if (!fdt_cells_take(&cells, n, row)) {
            return cut_short(step->at, errp);
        }
        if (!take_target(step->at, &cells, &target, errp)) {
            return false;
        }
        if (same(row, key, n)) {
            *step = target;
            return true;
        }
    }
    return no_row(step, origin, name, errp);
}

/* Follow nexus nodes until the controller is reached */
static bool resolve(Step *step, const FdtNode *origin, const char *name,
                    Error **errp)
{
    for (int i = 0; i < MAX_STEPS; i++) {
        const FdtNode *before = step->at;

        if (!is_nexus(before)) {
            return true;
        }
        if (!follow(step, origin, name, errp)) {
            return false;
        }
        /* A row of a controller that leads to the controller itself */
        if (step->at == before &&
            fdt_node_has(before, "interrupt-controller")) {
            return true;
        }
    }
    step->loops = true;
    fdt_error(errp, origin, name, "a loop of interrupt-maps through %s",
              step->at->path);
    return false;
}

/*
 * The device's unit address, the first cells of its reg: as many as the nexus
 * compares
 */
static bool set_address(Step *step, const FdtNode *node, Error **errp)
{
    FdtCells reg = fdt_cells(fdt_node_prop(node, "reg"));

    if (!is_nexus(step->at)) {
        return true;
    }
    if (!nexus_address_cells(step->at, &step->num_address, errp)) {
        return false;
    }
    step->has_address = fdt_cells_take(&reg, step->num_address, step->address);
    return true;
}

static void to_public(const Step *step, FdtInterrupt *out)
{
    *out = (FdtInterrupt) {
        .controller = step->at, .num_cells = step->num_cells,
    };
    memcpy(out->cells, step->cells, step->num_cells * sizeof(*out->cells));
}

bool fdt_node_map_interrupt(const FdtNode *nexus,
                            const uint32_t *address, unsigned num_address,
                            const uint32_t *cells, unsigned num_cells,
                            FdtInterrupt *out, Error **errp)
{
    Step step = {
        .at = (FdtNode *)nexus, .num_address = num_address,
        .has_address = true, .num_cells = num_cells,
    };
    unsigned want_address, want_cells;

    if (!nexus_address_cells(nexus, &want_address, errp) ||
        !interrupt_cells(nexus, &want_cells, nexus, "interrupt-map", errp)) {
        return false;
    }
    if (num_address != want_address || num_cells != want_cells) {
        fdt_error(errp, nexus, "interrupt-map", "a row has %u and %u cells, "
                  "not %u and %u", want_address, want_cells, num_address,
                  num_cells);
        return false;
    }
    memcpy(step.address, address, num_address * sizeof(*address));
    memcpy(step.cells, cells, num_cells * sizeof(*cells));
    if (!resolve(&step, nexus, "interrupt-map", errp)) {
        return false;
    }
    to_public(&step, out);
    return true;
}

static bool append_target(const FdtNode *nexus, FdtCells *cells,
                          unsigned num_left, GArray *out, Error **errp)
{
    uint32_t left[FDT_MAX_ADDRESS_CELLS + FDT_MAX_CELLS];
    FdtInterrupt interrupt;
    Step target = { .at = NULL };

    if (!fdt_cells_take(cells, num_left, left)) {
        return cut_short(nexus, errp);
    }
    if (!take_target(nexus, cells, &target, errp) ||
        (target.at != nexus &&
         !resolve(&target, nexus, "interrupt-map", errp))) {
        return false;
    }
    to_public(&target, &interrupt);
    g_array_append_val(out, interrupt);
    return true;
}

GArray *fdt_node_map_targets(const FdtNode *nexus, Error **errp)
{
    g_autoptr(GArray) out = g_array_new(false, false, sizeof(FdtInterrupt));
    FdtCells cells = fdt_cells(fdt_node_prop(nexus, "interrupt-map"));
    unsigned num_address, num_cells;

    if (!is_nexus(nexus)) {
        return g_steal_pointer(&out);
    }
    if (!nexus_address_cells(nexus, &num_address, errp) ||
        !interrupt_cells(nexus, &num_cells, nexus, "interrupt-map", errp)) {
        return NULL;
    }
    while (cells.left) {
        if (!append_target(nexus, &cells, num_address + num_cells, out,
                           errp)) {
            return NULL;
        }
    }
    return g_steal_pointer(&out);
}

/*
 * interrupts, interrupts-extended
 */

/* What `interrupts` or `interrupts-extended` is read into */
typedef struct Reader {
    const FdtNode *node;
    const FdtProp *prop;
    FdtNode *controller;    /* of all entries; NULL: a phandle is before each */
    FdtCells cells;
    GArray *list;           /* of FdtInterrupt */
    FdtFindings *findings;
} Reader;

/*
 * The controller of the next entry; NULL without an error for an empty one
 * (phandle 0: of_parse_phandle_with_args() of Linux)
 */
static FdtNode *next_controller(Reader *r, Error **errp)
{
    uint32_t phandle;

    if (r->controller) {
        return r->controller;
    }
    return fdt_cells_take(&r->cells, 1, &phandle) && phandle
           ? controller_by_phandle(r->node, r->prop->name, phandle, errp)
           : NULL;
}

/* The next specifier, which is one of @step->at */
static bool take_specifier(Reader *r, Step *step, Error **errp)
{
    const FdtNode *node = r->node;
    const char *name = r->prop->name;

    if (!interrupt_cells(step->at, &step->num_cells, node, name, errp)) {
        return false;
    }
    if (r->controller && !step->num_cells) {
        fdt_error(errp, node, name, "%s has specifiers of 0 cells",
                  step->at->path);
        return false;
    }
    if (!fdt_cells_take(&r->cells, step->num_cells, step->cells)) {
        fdt_error(errp, node, name, "%zu cells left for a specifier "
                  "of %u cells of %s", r->cells.left, step->num_cells,
                  step->at->path);
        return false;
    }
    return true;
}

/* From a specifier to its controller; false with an error for a loop alone */
static bool lead(Reader *r, Step *step, FdtInterrupt *out, Error **errp)
{
    Error *err = NULL;

    if (set_address(step, r->node, &err) &&
        resolve(step, r->node, r->prop->name, &err)) {
        to_public(step, out);
        return true;
    }
    if (step->loops) {
        error_propagate(errp, err);
        return false;
    }
    fdt_finding_take(r->findings, r->node, err);
    return true;
}

/*
 * The next entry.  If it is not known where it ends, nothing is left to read.
 * False with an error for a loop
 */
static bool read_entry(Reader *r, Error **errp)
{
    FdtInterrupt interrupt = {
        .name = fdt_node_string(r->node, "interrupt-names", r->list->len),
    };
    Error *err = NULL;
    Step step = { .at = next_controller(r, &err) };

    if (step.at && take_specifier(r, &step, &err)) {
        const char *name = interrupt.name;

        if (!lead(r, &step, &interrupt, errp)) {
            return false;
        }
        interrupt.name = name;
    } else if (err) {
        fdt_finding_take(r->findings, r->node, err);
        r->cells.left = 0;
        return true;
    }
    g_array_append_val(r->list, interrupt);
    return true;
}

static GArray *read_interrupts(const FdtNode *node, const FdtProp *prop,
                               FdtNode *controller, FdtFindings *findings,
                               Error **errp)
{
    g_autoptr(GArray) list = g_array_new(false, false, sizeof(FdtInterrupt));
    Reader r = { node, prop, controller, fdt_cells(prop), list, findings };

    if (prop->len % 4) {
        fdt_finding_add(findings, node, prop->name,
                        "%u bytes are no whole number of cells", prop->len);
        return g_steal_pointer(&list);
    }
    while (r.cells.left) {
        if (!read_entry(&r, errp)) {
            return NULL;
        }
    }
    return g_steal_pointer(&list);
}

/* The parent of a node with `interrupts`; NULL if it has none to speak of */
static FdtNode *known_parent(const FdtNode *node, FdtFindings *findings)
{
    FdtNode *parent;
    Error *err = NULL;

    if (!find_parent(node, &parent, &err)) {
        fdt_finding_take(findings, node, err);
        return NULL;
    }
    if (!parent) {
        fdt_finding_add(findings, node, "interrupts",
                        "there is no interrupt parent");
    }
    return parent;
}

GArray *fdt_node_interrupts(const FdtNode *node, FdtFindings *findings,
                            Error **errp)
{
    const FdtProp *extended = fdt_node_prop(node, "interrupts-extended");
    const FdtProp *interrupts = fdt_node_prop(node, "interrupts");
    FdtNode *parent;

    if (extended) {
        return read_interrupts(node, extended, NULL, findings, errp);
    }
    parent = interrupts && interrupts->len ? known_parent(node, findings)
                                           : NULL;
    if (!parent) {
        return g_array_new(false, false, sizeof(FdtInterrupt));
    }
    if (is_controller(node) && !check_parents(node, parent, errp)) {
        return NULL;
    }
    return read_interrupts(node, interrupts, parent, findings, errp);
}

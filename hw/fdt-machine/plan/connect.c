/*
 * Connections: from the outputs of devices to the inputs that interrupts and
 * GPIO specifiers mean
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "state.h"

static FdtWire *add_wire(FdtPlanner *planner, FdtDevice *source,
                         const char *source_line, unsigned n, FdtDevice *sink,
                         const char *sink_line, unsigned m)
{
    FdtWire *wire = g_new0(FdtWire, 1);

    wire->source = (FdtWireEnd) {
        source, g_strdup(source_line ? source_line : FDT_LINE_IRQ), n,
    };
    wire->sink = (FdtWireEnd) {
        sink, g_strdup(sink_line ? sink_line : FDT_LINE_IN), m,
    };
    g_ptr_array_add(planner->wires, wire);
    return wire;
}

void fdt_device_wire(FdtPlanner *planner,
                     FdtDevice *source, const char *source_line, unsigned n,
                     FdtDevice *sink, const char *sink_line, unsigned m)
{
    add_wire(planner, source, source_line, n, sink, sink_line, m);
}

void fdt_device_move_inputs(FdtPlanner *planner, FdtDevice *controller,
                            unsigned num_shared)
{
    for (unsigned i = 0; i < planner->wires->len; i++) {
        FdtWire *wire = g_ptr_array_index(planner->wires, i);

        if (wire->sink.device == controller && wire->after_shared) {
            wire->sink.index += num_shared;
            wire->after_shared = false;
        }
    }
}

/*
 * The input that the first cell of a specifier is the number of, if the model
 * is there and has inputs
 */
static bool take_line(FdtDevice *device, unsigned count, const uint32_t *cells,
                      unsigned num_cells, FdtInput *out, Error **errp)
{
    if (!count || !fdt_device_is_built(device)) {
        return false;
    }
    if (!num_cells || cells[0] >= count) {
        error_setg(errp, "%s has no line %u: its kind has 0 to %u",
                   device->node->path, num_cells ? cells[0] : 0, count - 1);
        return false;
    }
    out->index = cells[0];
    return true;
}

static bool takes_lines(const FdtDevice *controller)
{
    const FdtIntcRole *intc = controller->binding->intc;

    return intc && (intc->input || intc->count);
}

bool fdt_controller_input(FdtPlanner *planner, FdtDevice *controller,
                          const FdtInterrupt *interrupt, unsigned cpu,
                          FdtInput *out, Error **errp)
{
    const FdtIntcRole *intc = controller->binding->intc;

    *out = (FdtInput) { .device = controller, .line = FDT_LINE_IN };
    if (intc->input) {
        return intc->input(planner, controller, interrupt->cells,
                           interrupt->num_cells, cpu, out, errp);
    }
    return take_line(controller, intc->count, interrupt->cells,
                     interrupt->num_cells, out, errp);
}

/* The sink of the interrupt; false without an error if it has no model */
static bool find_input(FdtPlanner *planner, const FdtNode *node,
                       const FdtInterrupt *interrupt, unsigned cpu,
                       FdtInput *out, Error **errp)
{
    FdtDevice *controller = fdt_planner_device(planner, interrupt->controller);

    if (!controller || !controller->binding || !takes_lines(controller)) {
        fdt_planner_note(planner, node, "its interrupt goes to %s, which has "
                         "no model", interrupt->controller->path);
        return false;
    }
    return fdt_controller_input(planner, controller, interrupt, cpu, out,
                                errp);
}

/*
 * Lines that no node's `interrupts` names, as those of an interrupt-map, count
 * among the specifiers of their controller
 */
static void count_specifier(FdtPlanner *planner, const FdtInterrupt *interrupt)
{
    GArray *list;

    if (!g_hash_table_size(planner->specifiers)) {
        fdt_planner_max_specifier(planner, interrupt->controller, -1, 0);
    }
    list = g_hash_table_lookup(planner->specifiers, interrupt->controller);
    if (!list) {
        list = g_array_new(false, false, sizeof(FdtInterrupt));
        g_hash_table_insert(planner->specifiers, interrupt->controller, list);
    }
    g_array_append_vals(list, interrupt, 1);
}

bool fdt_device_interrupt(FdtPlanner *planner, FdtDevice *source,
                          const char *source_line, unsigned n,
                          const FdtInterrupt *interrupt, unsigned cpu,
                          Error **errp)
{
    g_autoptr(Error) err = NULL;
    FdtWire *wire;
    FdtInput in;

    if (!interrupt) {
        return true;
    }
    if (!find_input(planner, source->node, interrupt, cpu, &in, &err)) {
        if (err) {
            fdt_finding_add(fdt_planner_findings(planner), source->node,
                            "interrupts", "%s", error_get_pretty(err));
        }
        return true;
    }
    wire = add_wire(planner, source, source_line, n, in.device, in.line,
                    in.index);
    wire->after_shared = in.after_shared;
    wire->interrupt = *interrupt;
    count_specifier(planner, interrupt);
    return true;
}

/*
 * Specifiers that can follow if a user connects the output to another input
 */

/* Index of the cell that has the number of the wire's sink, or -1 */
static int number_cell(const FdtWire *wire)
{
    const FdtInterrupt *interrupt = &wire->interrupt;
    const FdtIntcRole *intc;
    int cell;

    if (!interrupt->controller || !wire->source.device->node ||
        wire->sink.device->node != interrupt->controller ||
        !wire->sink.device->binding) {
        return -1;          /* a gate, or the model of another node */
    }
    intc = wire->sink.device->binding->intc;
    cell = intc->input ? (int)intc->number_cell - 1 : 0;
    return cell >= 0 && cell < interrupt->num_cells &&
           interrupt->cells[cell] == wire->sink.index ? cell : -1;
}

static void note_specifier(FdtPlan *plan, const FdtWire *wire, unsigned cell)
{
    const FdtInterrupt *interrupt = &wire->interrupt;
    FdtSpecifier *specifier = g_new0(FdtSpecifier, 1);

    specifier->path = g_strdup(wire->source.device->node->path);
    specifier->line = g_strdup_printf("%s[%u]", wire->source.line,
                                      wire->source.index);
    specifier->controller = g_strdup(interrupt->controller->path);
    memcpy(specifier->cells, interrupt->cells, sizeof(specifier->cells));
    specifier->num_cells = interrupt->num_cells;
    specifier->number_cell = cell;
    g_ptr_array_add(plan->specifiers, specifier);
}

bool fdt_planner_note_specifiers(FdtPlanner *planner, Error **errp)
{
    for (unsigned i = 0; i < planner->wires->len; i++) {
        const FdtWire *wire = g_ptr_array_index(planner->wires, i);
        int cell = number_cell(wire);

        if (cell >= 0) {
            note_specifier(planner->plan, wire, cell);
        }
    }
    return true;
}

/*
 * GPIOs
 */

/*
 * The provider's device, if it has lines, and the specifier of an entry of a
 * gpios property.  @flags: set to those of the specifier, unless NULL
 */
static FdtDevice *gpio_provider(FdtPlanner *planner, const FdtNode *node,
                                const char *property, unsigned index,
                                FdtPhandleArgs *out, uint32_t *flags)
{
    Error *err = NULL;
    g_autoptr(GArray) gpios = fdt_node_phandle_args(node, property,
                                                    "#gpio-cells", NULL, &err);
    FdtDevice *provider;

    if (!gpios) {
        fdt_finding_take(fdt_planner_findings(planner), node, err);
        return NULL;
    }
    if (index >= gpios->len) {
        return NULL;
    }
    *out = g_array_index(gpios, FdtPhandleArgs, index);
    if (!out->node || !out->num_args) {
        return NULL;
    }
    provider = fdt_planner_device(planner, out->node);
    if (!provider) {
        fdt_planner_note(planner, node, "its GPIO provider %s has no model",
                         out->node->path);
    }
    if (!provider || !provider->binding || !provider->binding->gpio) {
        return NULL;
    }
    if (flags) {
        *flags = out->num_args > 1 ? out->args[out->num_args - 1] : 0;
    }
    return provider;
}

static bool gpio_input(FdtPlanner *planner, FdtDevice *provider,
                       const FdtPhandleArgs *gpio, FdtInput *out, Error **errp)
{
    const FdtGpioRole *role = provider->binding->gpio;

    *out = (FdtInput) { .device = provider, .line = FDT_LINE_IN };
    if (role->input) {
        return role->input(planner, provider, gpio->args, gpio->num_args, 0,
                           out, errp);
    }
    return take_line(provider, role->count, gpio->args, gpio->num_args, out,
                     errp);
}

bool fdt_device_gpio(FdtPlanner *planner, const FdtNode *node,
                     const char *property, unsigned index,
                     FdtInput *out, uint32_t *flags, Error **errp)
{
    g_autoptr(Error) err = NULL;
    FdtPhandleArgs gpio;
    FdtDevice *provider = gpio_provider(planner, node, property, index,
                                        &gpio, flags);

    if (!provider) {
        return false;
    }
    if (!gpio_input(planner, provider, &gpio, out, &err)) {
        if (err) {
            fdt_finding_add(fdt_planner_findings(planner), node, property,
                            "%s", error_get_pretty(err));
        }
        return false;
    }
    return true;
}

bool fdt_device_gpio_output(FdtPlanner *planner, const FdtNode *node,
                            const char *property, unsigned index,
                            FdtInput *out, uint32_t *flags, Error **errp)
{
    FdtPhandleArgs gpio;
    FdtDevice *provider = gpio_provider(planner, node, property, index,
                                        &gpio, flags);

    if (!provider) {
        return false;
    }
    *out = (FdtInput) {
        .device = provider,
        .line = FDT_LINE_OUT,
        .index = gpio.args[0],
    };
    return true;
}

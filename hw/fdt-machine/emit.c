/*
 * Planned devices into an ordered list of QMP commands
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qobject/qjson.h"
#include "qobject/qnum.h"
#include "planner-internal.h"

/* What QEMU's or-irq and split-irq can have (MAX_OR_LINES, MAX_SPLIT_LINES) */
#define MAX_OR_LINES    48
#define MAX_SPLIT_LINES 16

/*
 * Lines that meet
 */

static char *sink_key(const FdtWire *wire)
{
    return g_strdup_printf("%u/%s/%u", wire->sink->serial, wire->sink_line,
                           wire->m);
}

static char *source_key(const FdtWire *wire)
{
    return g_strdup_printf("%u/%s/%u", wire->source->serial,
                           wire->source_line, wire->n);
}

typedef char *FdtWireKey(const FdtWire *wire);

/* Lists of wires that share a key, in the order of their first wire */
static GPtrArray *group_wires(GPtrArray *wires, FdtWireKey *key)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash,
                                                       g_str_equal,
                                                       g_free, NULL);
    GPtrArray *groups = g_ptr_array_new_with_free_func(
        (GDestroyNotify)g_ptr_array_unref);

    for (unsigned i = 0; i < wires->len; i++) {
        FdtWire *wire = g_ptr_array_index(wires, i);
        g_autofree char *k = key(wire);
        GPtrArray *group = g_hash_table_lookup(seen, k);

        if (wire->source->described) {
            continue;       /* the user has connected it, or not */
        }
        if (!group) {
            group = g_ptr_array_new();
            g_ptr_array_add(groups, group);
            g_hash_table_insert(seen, g_steal_pointer(&k), group);
        }
        g_ptr_array_add(group, wire);
    }
    return groups;
}

static bool line_limit(const GPtrArray *group, unsigned limit,
                       const FdtDevice *end, Error **errp)
{
    if (group->len <= limit) {
        return true;
    }
    fdt_error(errp, end->node, "interrupts",
              "%u lines meet here, QEMU can join %u", group->len, limit);
    return false;
}

static bool join_sink(FdtPlanner *planner, const GPtrArray *group,
                      Error **errp)
{
    FdtWire *first = g_ptr_array_index(group, 0);
    FdtDevice *sink = first->sink;
    g_autofree char *suffix = g_strdup_printf("or%u", first->m);
    g_autofree char *line = g_strdup(first->sink_line);
    unsigned m = first->m;
    FdtDevice *gate;

    if (!line_limit(group, MAX_OR_LINES, sink, errp)) {
        return false;
    }
    gate = fdt_device_new(planner, sink->node, "or-irq", suffix,
                          FDT_RANK_OTHER);
    fdt_device_set_uint(gate, "num-lines", group->len);
    for (unsigned i = 0; i < group->len; i++) {
        FdtWire *wire = g_ptr_array_index(group, i);

        wire->sink = gate;
        g_free(wire->sink_line);
        wire->sink_line = g_strdup(FDT_LINE_IN);
        wire->m = i;
    }
    fdt_device_wire(planner, gate, FDT_LINE_OUT, 0, sink, line, m);
    return true;
}

static bool split_source(FdtPlanner *planner, const GPtrArray *group,
                         Error **errp)
{
    FdtWire *first = g_ptr_array_index(group, 0);
    FdtDevice *source = first->source;
    g_autofree char *suffix = g_strdup_printf("split%u", first->n);
    g_autofree char *line = g_strdup(first->source_line);
    unsigned n = first->n;
    FdtDevice *splitter;

    if (!line_limit(group, MAX_SPLIT_LINES, source, errp)) {
        return false;
    }
    splitter = fdt_device_new(planner, source->node, "split-irq", suffix,
                              FDT_RANK_OTHER);
    fdt_device_set_uint(splitter, "num-lines", group->len);
    for (unsigned i = 0; i < group->len; i++) {
        FdtWire *wire = g_ptr_array_index(group, i);

        wire->source = splitter;
        g_free(wire->source_line);
        wire->source_line = g_strdup(FDT_LINE_OUT);
        wire->n = i;
    }
    fdt_device_wire(planner, source, line, n, splitter, FDT_LINE_IN, 0);
    return true;
}

/* Two wires between the same ends are one */
static void drop_repeated_wires(FdtPlanner *planner)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash,
                                                       g_str_equal,
                                                       g_free, NULL);

    for (unsigned i = 0; i < planner->wires->len;) {
        FdtWire *wire = g_ptr_array_index(planner->wires, i);
        g_autofree char *from = source_key(wire);
        g_autofree char *to = sink_key(wire);

        if (g_hash_table_add(seen, g_strconcat(from, ">", to, NULL))) {
            i++;
        } else {
            g_ptr_array_remove_index(planner->wires, i);
        }
    }
}

bool fdt_planner_join_wires(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GPtrArray) sinks = NULL;
    g_autoptr(GPtrArray) sources = NULL;

    drop_repeated_wires(planner);
    sinks = group_wires(planner->wires, sink_key);
    for (unsigned i = 0; i < sinks->len; i++) {
        GPtrArray *group = g_ptr_array_index(sinks, i);

        if (group->len > 1 && !join_sink(planner, group, errp)) {
            return false;
        }
    }
    sources = group_wires(planner->wires, source_key);
    for (unsigned i = 0; i < sources->len; i++) {
        GPtrArray *group = g_ptr_array_index(sources, i);

        if (group->len > 1 && !split_source(planner, group, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * Order
 */

static const int rank_order[] = {
    [FDT_RANK_CLOCK] = 0,
    [FDT_RANK_CPU] = 1,
    [FDT_RANK_MEMORY] = 2,
    [FDT_RANK_INTC] = 3,
    [FDT_RANK_OTHER] = 4,
    [FDT_RANK_STUB] = 5,
    [FDT_RANK_BOOT] = 6,
};

static bool device_precedes(const FdtDevice *a, const FdtDevice *b)
{
    if (a->rank != b->rank) {
        return rank_order[a->rank] < rank_order[b->rank];
    }
    return a->serial < b->serial;
}

static int ready_compare(const void *a, const void *b, void *unused)
{
    return device_precedes(a, b) ? -1 : a != b;
}

static void count_dependencies(FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; j < device->after->len; j++) {
            FdtDevice *other = g_ptr_array_index(device->after, j);

            if (!other->followers) {
                other->followers = g_ptr_array_new();
            }
            g_ptr_array_add(other->followers, device);
            device->pending++;
        }
    }
}

/* A cycle among the devices that are still pending, for the message */
static char *describe_cycle(FdtPlanner *planner)
{
    GString *text = g_string_new(NULL);
    FdtDevice *device = NULL;
    unsigned steps = 0;

    for (unsigned i = 0; !device && i < planner->devices->len; i++) {
        FdtDevice *d = g_ptr_array_index(planner->devices, i);

        device = d->pending ? d : NULL;
    }
    while (device && steps++ < 8) {
        FdtDevice *next = NULL;

        g_string_append_printf(text, "%s%s", text->len ? " -> " : "",
                               device->node ? device->node->path
                                            : device->id);
        for (unsigned j = 0; !next && j < device->after->len; j++) {
            FdtDevice *other = g_ptr_array_index(device->after, j);

            next = other->pending ? other : NULL;
        }
        device = next;
    }
    return g_string_free(text, false);
}

/* Kahn's algorithm; among those that are ready the first by rank and serial */
static GPtrArray *order_devices(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    g_autoptr(GSequence) ready = g_sequence_new(NULL);

    count_dependencies(planner);
    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        if (!device->pending) {
            g_sequence_insert_sorted(ready, device, ready_compare, NULL);
        }
    }
    while (!g_sequence_is_empty(ready)) {
        GSequenceIter *iter = g_sequence_get_begin_iter(ready);
        FdtDevice *device = g_sequence_get(iter);

        g_sequence_remove(iter);
        g_ptr_array_add(order, device);
        for (unsigned j = 0; device->followers &&
             j < device->followers->len; j++) {
            FdtDevice *next = g_ptr_array_index(device->followers, j);

            if (!--next->pending) {
                g_sequence_insert_sorted(ready, next, ready_compare, NULL);
            }
        }
    }
    if (order->len < planner->devices->len) {
        g_autofree char *cycle = describe_cycle(planner);

        fdt_error(errp, fdt_tree_root(planner->tree), NULL,
                  "devices wait for each other: %s", cycle);
        return NULL;
    }
    return g_steal_pointer(&order);
}

/*
 * Commands
 */

static void add_step(FdtPlanner *planner, const char *command, QDict *args,
                     const FdtNode *node)
{
    FdtStep *step = g_new0(FdtStep, 1);

    step->command = qdict_new();
    qdict_put_str(step->command, "execute", command);
    qdict_put(step->command, "arguments", args);
    step->path = g_strdup(node ? node->path : "");
    g_ptr_array_add(planner->plan->steps, step);
}

/* Before the first device, which settles the size of pages */
static void emit_page_bits(FdtPlanner *planner)
{
    QDict *args = qdict_new();

    qdict_put_str(args, "path", "/machine");
    qdict_put_str(args, "property", "minimum-page-bits");
    qdict_put_int(args, "value", planner->page_bits);
    add_step(planner, "qom-set", args, NULL);
}

static void emit_map(FdtPlanner *planner, const FdtDevice *device,
                     const FdtMap *map)
{
    QDict *args = qdict_new();

    qdict_put_str(args, "device", device->id);
    if (map->region_name) {
        qdict_put_str(args, "region", map->region_name);
    } else {
        qdict_put_int(args, "mmio", map->region);
    }
    qdict_put(args, "addr", qnum_from_uint(map->address));
    if (map->parent) {
        qdict_put_str(args, "parent", map->parent);
    }
    if (map->has_priority) {
        qdict_put_int(args, "priority", map->priority);
    }
    if (map->alias) {
        qdict_put_str(args, "alias", map->alias);
        qdict_put(args, "offset", qnum_from_uint(map->offset));
        qdict_put(args, "size", qnum_from_uint(map->size));
    }
    add_step(planner, "sysbus-mmio-map", args, device->node);
}

static void emit_device(FdtPlanner *planner, FdtDevice *device)
{
    QDict *args;

    if (!device->type || device->described) {
        return;             /* the former describes lines of other devices */
    }
    args = qdict_clone_shallow(device->args);
    qdict_put_str(args, "driver", device->type);
    qdict_put_str(args, "id", device->id);
    add_step(planner, "device_add", args, device->node);
    for (unsigned i = 0; i < device->maps->len; i++) {
        emit_map(planner, device, &g_array_index(device->maps, FdtMap, i));
    }
}

static void emit_wire(FdtPlanner *planner, const FdtWire *wire)
{
    g_autofree char *property = g_strdup_printf("%s[%u]", wire->source_line,
                                                wire->n);
    g_autofree char *value = g_strdup_printf("%s/%s[%u]",
                                             wire->sink->qom_path,
                                             wire->sink_line, wire->m);
    QDict *args = qdict_new();

    qdict_put_str(args, "path", wire->source->qom_path);
    qdict_put_str(args, "property", property);
    qdict_put_str(args, "value", value);
    add_step(planner, "qom-set", args, wire->source->node);
}

/*
 * The host sets memory aside for banks up to this size.  Larger ones, of boards
 * with more memory than the host, take what the guest uses, when it uses it
 */
#define RESERVED_BANK   (4 * GiB)

static void emit_backend(FdtPlanner *planner, const FdtBank *bank,
                         const char *id)
{
    const char *file = planner->config->mem_path;
    QDict *args = qdict_new();

    qdict_put_str(args, "qom-type", file ? "memory-backend-file"
                                         : "memory-backend-ram");
    qdict_put_str(args, "id", id);
    qdict_put(args, "size", qnum_from_uint(bank->size));
    if (file) {
        qdict_put_str(args, "mem-path", file);
    }
    if (bank->size > RESERVED_BANK) {
        qdict_put_bool(args, "reserve", false);
    }
    add_step(planner, "object-add", args, bank->node);
}

static void emit_bank(FdtPlanner *planner, FdtBank *bank, FdtDevice *ram)
{
    if (bank->backend) {
        bank->memdev = g_strdup(bank->backend->memdev);
        fdt_planner_note_backend(planner, "memory", bank->memdev, bank->node);
    } else {
        bank->memdev = g_strdup_printf("%s-ram", ram->id);
        emit_backend(planner, bank, bank->memdev);
    }
    fdt_device_set_string(ram, "memdev", bank->memdev);
}

/*
 * The region of a memory backend is a child that is called as it is.  What is
 * linked begins at 0 only if it is mapped through an alias: else QEMU counts
 * from where it is mapped.
 */
static void link_ram(FdtPlanner *planner, FdtDevice *ram)
{
    const char *backend = qdict_get_str(ram->args, "memdev");
    g_autofree char *path = g_strdup_printf("/objects/%s/%s[0]", backend,
                                            backend);

    g_array_index(ram->maps, FdtMap, 0).alias = g_strdup("ram");
    for (unsigned i = 0; i < planner->ram_links->len; i++) {
        const FdtRamLink *link = &g_array_index(planner->ram_links,
                                                FdtRamLink, i);

        fdt_device_set_string(link->device, link->name, path);
        fdt_device_after(link->device, ram);
    }
}

static void emit_banks(FdtPlanner *planner)
{
    FdtDevice *lowest = NULL;
    uint64_t start = UINT64_MAX;

    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);
        bool described = bank->node->parent;
        FdtDevice *ram = fdt_device_new(planner,
                                        described ? bank->node : NULL,
                                        "sysbus-memory",
                                        described ? NULL : "memory",
                                        FDT_RANK_MEMORY);

        fdt_device_map(ram, 0, NULL, bank->address, bank->size);
        emit_bank(planner, bank, ram);
        if (bank->address < start) {
            lowest = ram;
            start = bank->address;
        }
    }
    if (lowest && planner->ram_links->len) {
        link_ram(planner, lowest);
    }
}

static void emit_wires(FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->wires->len; i++) {
        const FdtWire *wire = g_ptr_array_index(planner->wires, i);

        if (!wire->source->described) {
            emit_wire(planner, wire);
        }
    }
}

/* Stubs and the boot device come after the wires */
bool fdt_planner_emit(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GPtrArray) order = NULL;
    bool wired = false;

    emit_page_bits(planner);
    emit_banks(planner);
    order = order_devices(planner, errp);
    if (!order) {
        return false;
    }
    for (unsigned i = 0; i < order->len; i++) {
        FdtDevice *device = g_ptr_array_index(order, i);

        if (!wired &&
            rank_order[device->rank] >= rank_order[FDT_RANK_STUB]) {
            emit_wires(planner);
            wired = true;
        }
        emit_device(planner, device);
    }
    if (!wired) {
        emit_wires(planner);
    }
    return true;
}

unsigned fdt_plan_num_steps(const FdtPlan *plan)
{
    return plan->steps->len;
}

QDict *fdt_plan_command(const FdtPlan *plan, unsigned i)
{
    FdtStep *step = g_ptr_array_index(plan->steps, i);

    return step->command;
}

const char *fdt_plan_path(const FdtPlan *plan, unsigned i)
{
    FdtStep *step = g_ptr_array_index(plan->steps, i);

    return step->path;
}

char *fdt_plan_to_qmp(const FdtPlan *plan)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < plan->steps->len; i++) {
        g_autoptr(GString) json = qobject_to_json(
            QOBJECT(fdt_plan_command(plan, i)));

        g_string_append(text, json->str);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, false);
}

FdtTree *fdt_plan_guest_tree(const FdtPlan *plan)
{
    return plan->guest;
}

bool fdt_plan_nic_used(const FdtPlan *plan, unsigned i)
{
    return i < plan->num_nics && plan->nic_used[i];
}

bool fdt_plan_drive_used(const FdtPlan *plan, unsigned i)
{
    return i < plan->num_drives && plan->drive_used[i];
}

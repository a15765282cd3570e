/*
 * From planned devices to the list of QMP commands
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qobject/qjson.h"
#include "qobject/qnum.h"
#include "state.h"

static FdtStep *add_step(FdtPlanner *planner, FdtStepKind kind,
                         const FdtNode *node, char *subject, QDict *args)
{
    FdtStep *step = fdt_step_new(kind, node ? node->path : "", subject, args);

    g_ptr_array_add(planner->plan->steps, step);
    return step;
}

/* The same for a step that adds a device or an object */
static FdtStep *add_object_step(FdtPlanner *planner, FdtStepKind kind,
                                const FdtNode *node, const char *type,
                                const char *id, QDict *args)
{
    FdtStep *step = add_step(planner, kind, node,
                             g_strdup_printf("%s/%s", type, id), args);

    step->type = g_strdup(type);
    step->id = g_strdup(id);
    return step;
}

/*
 * The size of pages comes first: the first device initialises the board, and
 * then it cannot be changed any more
 */
static void emit_page_bits(FdtPlanner *planner)
{
    QDict *args = qdict_new();

    qdict_put_str(args, "path", "/machine");
    qdict_put_str(args, "property", "minimum-page-bits");
    qdict_put_int(args, "value", planner->page_bits);
    add_step(planner, FDT_STEP_SET, NULL,
             g_strdup("/machine/minimum-page-bits"), args);
}

static gint start_compare(gconstpointer a, gconstpointer b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return left < right ? -1 : left > right;
}

/* Where regions begin that others must not reach into, in order */
static GArray *map_starts(const FdtPlanner *planner)
{
    GArray *starts = g_array_new(false, false, sizeof(uint64_t));

    for (unsigned i = 0; i < planner->devices->len; i++) {
        const FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; j < device->maps->len; j++) {
            const FdtMap *map = &g_array_index(device->maps, FdtMap, j);

            if (!map->parent && !(map->has_priority && map->priority < 0)) {
                g_array_append_val(starts, map->address);
            }
        }
    }
    g_array_sort(starts, start_compare);
    return starts;
}

/* Where the first region begins from @start on, before @end */
static uint64_t next_map(const FdtPlanner *planner, uint64_t start,
                         uint64_t end)
{
    const GArray *starts = planner->map_starts;
    unsigned low = 0, high = starts->len;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (g_array_index(starts, uint64_t, middle) < start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < starts->len ? MIN(g_array_index(starts, uint64_t, low), end)
                             : end;
}

/*
 * No more is mapped than reg says, whatever the model has, but for the rest of
 * a page that no other region is in: trees leave out registers there that
 * drivers of the kernel have no use for, or that a further node describes, as
 * those of the UART behind BCM2835's AUX.  QEMU cannot have a region that
 * begins inside of a page and goes on through whole ones: such a region ends in
 * the page that follows.
 */
static uint64_t map_limit(const FdtPlanner *planner, const FdtMap *map)
{
    uint64_t page = 1ull << planner->page_bits;
    uint64_t head = -map->address & (page - 1);
    uint64_t end = map->address + map->size;

    if (!head && !map->parent && end > map->address) {
        return next_map(planner, end, ROUND_UP(end, page)) - map->address;
    }
    return head && map->size >= head + page ? head + page / 2 : map->size;
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
    } else if (map->size && !map->exact) {
        qdict_put(args, "limit", qnum_from_uint(map_limit(planner, map)));
    }
    add_step(planner, FDT_STEP_MAP, device->node, g_strdup(device->id), args);
}

static void emit_device(FdtPlanner *planner, FdtDevice *device)
{
    FdtStep *step;
    QDict *args;

    if (!device->type || device->described) {
        return;             /* the former describes lines of other devices */
    }
    args = qdict_clone_shallow(device->args);
    qdict_put_str(args, "driver", device->type);
    qdict_put_str(args, "id", device->id);
    step = add_object_step(planner, FDT_STEP_ADD_DEVICE, device->node,
                           device->type, device->id, args);
    step->inert = device->inert;
    step->boots = device->rank == FDT_RANK_BOOT;
    for (unsigned i = 0; i < device->maps->len; i++) {
        emit_map(planner, device, &g_array_index(device->maps, FdtMap, i));
    }
}

static void emit_wire(FdtPlanner *planner, const FdtWire *wire)
{
    g_autofree char *property = g_strdup_printf("%s[%u]", wire->source.line,
                                                wire->source.index);
    g_autofree char *value = g_strdup_printf("%s/%s[%u]",
                                             wire->sink.device->qom_path,
                                             wire->sink.line,
                                             wire->sink.index);
    QDict *args = qdict_new();

    qdict_put_str(args, "path", wire->source.device->qom_path);
    qdict_put_str(args, "property", property);
    qdict_put_str(args, "value", value);
    add_step(planner, FDT_STEP_CONNECT, wire->source.device->node,
             g_strdup_printf("%s/%s", wire->source.device->qom_path, property),
             args);
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
    const char *type = file ? "memory-backend-file" : "memory-backend-ram";
    QDict *args = qdict_new();

    qdict_put_str(args, "qom-type", type);
    qdict_put_str(args, "id", id);
    qdict_put(args, "size", qnum_from_uint(bank->size));
    if (file) {
        qdict_put_str(args, "mem-path", file);
    }
    if (bank->size > RESERVED_BANK) {
        qdict_put_bool(args, "reserve", false);
    }
    add_object_step(planner, FDT_STEP_ADD_OBJECT, bank->node, type, id, args);
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
 * A link to RAM is a link to the memory region of its backend, which QOM has at
 * /objects/ID/ID[0].  A region that is mapped counts addresses from where it is
 * mapped; the device wants them from 0.  So the bank is mapped through an alias
 * of that region.
 */
static void link_ram(FdtPlanner *planner, FdtDevice *ram,
                     const FdtNode *memory)
{
    const char *backend = qdict_get_str(ram->args, "memdev");
    g_autofree char *path = g_strdup_printf("/objects/%s/%s[0]", backend,
                                            backend);
    FdtMap *map = &g_array_index(ram->maps, FdtMap, 0);

    for (unsigned i = 0; i < planner->ram_links->len; i++) {
        const FdtRamLink *link = &g_array_index(planner->ram_links,
                                                FdtRamLink, i);

        if (link->memory != memory) {
            continue;
        }
        g_free(map->alias);
        map->alias = g_strdup("ram");
        fdt_device_set_string(link->device, link->name, path);
        fdt_device_after(link->device, ram);
    }
}

/* Maps windows of the bank where qemu,alias-of wants it seen once more */
static void map_aliases(FdtPlanner *planner, FdtDevice *ram,
                        const FdtBank *bank)
{
    for (unsigned i = 0; i < planner->ram_aliases->len; i++) {
        const FdtRamAlias *alias = &g_array_index(planner->ram_aliases,
                                                  FdtRamAlias, i);

        if (alias->target >= bank->address &&
            alias->target - bank->address < bank->size) {
            fdt_device_map_window(ram, 0, alias->address, alias->name,
                                  alias->target - bank->address, alias->size);
        }
    }
}

static void emit_banks(FdtPlanner *planner)
{
    FdtDevice *lowest = NULL;
    const FdtNode *last = NULL;
    uint64_t start = UINT64_MAX;

    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);
        bool described = bank->node->parent;
        FdtDevice *ram = fdt_device_new(planner,
                                        described ? bank->node : NULL,
                                        "sysbus-memory",
                                        described ? NULL : "memory",
                                        FDT_RANK_MEMORY);

        fdt_device_map_whole(ram, bank->address, bank->size,
                             bank->has_priority ? &bank->priority : NULL);
        emit_bank(planner, bank, ram);
        map_aliases(planner, ram, bank);
        if (described && bank->node != last) {
            link_ram(planner, ram, bank->node);
        }
        last = bank->node;
        if (bank->address < start) {
            lowest = ram;
            start = bank->address;
        }
    }
    if (lowest) {
        link_ram(planner, lowest, NULL);
    }
}

static void emit_wires(FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->wires->len; i++) {
        const FdtWire *wire = g_ptr_array_index(planner->wires, i);

        if (!wire->source.device->described) {
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
    planner->map_starts = map_starts(planner);
    order = fdt_planner_order(planner, errp);
    if (!order) {
        return false;
    }
    for (unsigned i = 0; i < order->len; i++) {
        FdtDevice *device = g_ptr_array_index(order, i);

        if (!wired && fdt_device_follows_wires(device)) {
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

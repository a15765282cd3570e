/*
 * QMP commands that tell what there is to map and to connect
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-fdt-machine.h"
#include "exec/memory.h"
#include "hw/boards.h"
#include "hw/clock.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "monitor/qdev.h"
#include "../fdt-machine.h"
#include "lines.h"

/*
 * Regions
 */

static void set_place(FdtDeviceRegion *region, const MemoryRegion *mr)
{
    region->size = memory_region_size((MemoryRegion *)mr);
    region->name = g_strdup(memory_region_name(mr) ?: "");
    if (mr->container) {
        region->parent = object_get_canonical_path(OBJECT(mr->container));
        region->has_addr = true;
        region->addr = mr->addr;
        region->has_priority = true;
        region->priority = mr->priority;
    }
}

typedef struct WindowSearch {
    const MemoryRegion *mr;
    FdtDeviceRegionList *found;
} WindowSearch;

static int add_window(Object *child, void *opaque)
{
    const MemoryRegion *mr =
        (MemoryRegion *)object_dynamic_cast(child, TYPE_MEMORY_REGION);
    WindowSearch *search = opaque;
    FdtDeviceRegion *window;

    if (mr && mr->alias == search->mr && mr->container) {
        window = g_new0(FdtDeviceRegion, 1);
        set_place(window, mr);
        window->has_offset = true;
        window->offset = mr->alias_offset;
        QAPI_LIST_PREPEND(search->found, window);
    }
    return 0;
}

static FdtDeviceRegion *new_region(DeviceState *dev, const MemoryRegion *mr)
{
    FdtDeviceRegion *region = g_new0(FdtDeviceRegion, 1);
    WindowSearch search = { .mr = mr };

    set_place(region, mr);
    object_child_foreach(OBJECT(dev), add_window, &search);
    region->has_windows = search.found;
    region->windows = search.found;
    return region;
}

static FdtDeviceRegionList *sysbus_regions(SysBusDevice *sbd)
{
    FdtDeviceRegionList *list = NULL;
    FdtDeviceRegionList **tail = &list;

    for (int i = 0; sysbus_has_mmio(sbd, i); i++) {
        FdtDeviceRegion *region = new_region(DEVICE(sbd),
                                             sysbus_mmio_get_region(sbd, i));

        region->has_mmio = true;
        region->mmio = i;
        QAPI_LIST_APPEND(tail, region);
    }
    return list;
}

/*
 * A device that is no sysbus device has its regions among its QOM children; the
 * windows that users have made of them do not count
 */
static int add_child_region(Object *child, void *opaque)
{
    const MemoryRegion *mr =
        (MemoryRegion *)object_dynamic_cast(child, TYPE_MEMORY_REGION);
    FdtDeviceRegionList **list = opaque;
    FdtDeviceRegion *region;

    if (mr && !(mr->alias && mr->alias->owner == child->parent)) {
        region = new_region(DEVICE(child->parent), mr);
        g_free(region->name);
        region->name =
            g_strdup(object_get_canonical_path_component(child));
        QAPI_LIST_PREPEND(*list, region);
    }
    return 0;
}

static FdtDeviceRegionList *device_regions(DeviceState *dev)
{
    SysBusDevice *sbd =
        (SysBusDevice *)object_dynamic_cast(OBJECT(dev), TYPE_SYS_BUS_DEVICE);
    FdtDeviceRegionList *list = NULL;

    if (sbd) {
        return sysbus_regions(sbd);
    }
    object_child_foreach(OBJECT(dev), add_child_region, &list);
    return list;
}

/*
 * Lines
 */

static FdtDeviceLine *new_line(int n, strList *peers)
{
    FdtDeviceLine *line = g_new0(FdtDeviceLine, 1);

    line->index = n;
    line->peers = peers;
    return line;
}

static FdtDeviceLines *new_lines(const NamedGPIOList *gpios, bool output)
{
    FdtDeviceLines *lines = g_new0(FdtDeviceLines, 1);

    lines->name = g_strdup(fdt_line_name(gpios, output));
    lines->count = output ? gpios->num_out : gpios->num_in;
    return lines;
}

static FdtDeviceLines *device_outputs_of(DeviceState *dev,
                                         const NamedGPIOList *gpios)
{
    FdtDeviceLines *lines = new_lines(gpios, true);
    FdtDeviceLineList **tail = &lines->connected;

    for (int i = 0; i < gpios->num_out; i++) {
        Object *input = fdt_line_input(dev, gpios, i, NULL);
        strList *peer = NULL;

        if (input) {
            QAPI_LIST_PREPEND(peer, object_get_canonical_path(input));
            QAPI_LIST_APPEND(tail, new_line(i, peer));
        }
    }
    return lines;
}

/* Add an output to the list of those that lead to the input */
static bool note_peer(DeviceState *dev, const char *property, Object *input,
                      void *opaque)
{
    GHashTable *peers = opaque;
    strList *list;

    if (g_hash_table_lookup_extended(peers, input, NULL, (void **)&list)) {
        g_autofree char *path = object_get_canonical_path(OBJECT(dev));

        QAPI_LIST_PREPEND(list, g_strdup_printf("%s/%s", path, property));
        g_hash_table_replace(peers, input, list);
    }
    return false;
}

static GHashTable *device_peers(DeviceState *dev)
{
    GHashTable *peers = g_hash_table_new(NULL, NULL);
    NamedGPIOList *gpios;

    QLIST_FOREACH(gpios, &dev->gpios, node) {
        for (int i = 0; i < gpios->num_in; i++) {
            g_hash_table_insert(peers, gpios->in[i], NULL);
        }
    }
    fdt_lines_foreach(note_peer, peers);
    return peers;
}

static FdtDeviceLines *device_inputs_of(GHashTable *peers,
                                        const NamedGPIOList *gpios)
{
    FdtDeviceLines *lines = new_lines(gpios, false);
    FdtDeviceLineList **tail = &lines->connected;

    for (int i = 0; i < gpios->num_in; i++) {
        strList *list = g_hash_table_lookup(peers, gpios->in[i]);

        if (list) {
            QAPI_LIST_APPEND(tail, new_line(i, list));
        }
    }
    return lines;
}

static void set_lines(FdtDeviceInfo *info, DeviceState *dev)
{
    g_autoptr(GHashTable) peers = device_peers(dev);
    NamedGPIOList *gpios;

    QLIST_FOREACH(gpios, &dev->gpios, node) {
        if (gpios->num_in) {
            QAPI_LIST_PREPEND(info->inputs, device_inputs_of(peers, gpios));
        }
        if (gpios->num_out) {
            QAPI_LIST_PREPEND(info->outputs, device_outputs_of(dev, gpios));
        }
    }
}

/*
 * Clocks, buses, properties
 */

static void set_clocks(FdtDeviceInfo *info, DeviceState *dev)
{
    NamedClockList *ncl;

    QLIST_FOREACH(ncl, &dev->clocks, node) {
        FdtDeviceClock *clock = g_new0(FdtDeviceClock, 1);

        clock->name = g_strdup(ncl->name);
        clock->output = ncl->output;
        clock->frequency = clock_get_hz(ncl->clock);
        if (!ncl->output && ncl->clock->source) {
            clock->source =
                object_get_canonical_path(OBJECT(ncl->clock->source));
        }
        QAPI_LIST_PREPEND(info->clocks, clock);
    }
}

static void set_buses(FdtDeviceInfo *info, DeviceState *dev)
{
    BusState *bus;

    QLIST_FOREACH(bus, &dev->child_bus, sibling) {
        FdtDeviceBus *entry = g_new0(FdtDeviceBus, 1);

        entry->name = g_strdup(bus->name);
        entry->path = object_get_canonical_path(OBJECT(bus));
        entry->type = g_strdup(object_get_typename(OBJECT(bus)));
        entry->devices = bus->num_children;
        QAPI_LIST_PREPEND(info->buses, entry);
    }
}

/* Whether a property can no longer be set, as most can not after realize */
static bool is_settled(DeviceState *dev, const char *name)
{
    ObjectClass *oc = object_get_class(OBJECT(dev));

    for (; oc && object_class_dynamic_cast(oc, TYPE_DEVICE);
         oc = object_class_get_parent(oc)) {
        DeviceClass *dc = DEVICE_CLASS(oc);

        for (int i = 0; i < dc->props_count_; i++) {
            if (g_str_equal(dc->props_[i].name, name)) {
                return dev->realized &&
                       !dc->props_[i].info->realized_set_allowed;
            }
        }
    }
    return false;
}

static void set_properties(FdtDeviceInfo *info, DeviceState *dev)
{
    FdtDevicePropertyList **tail = &info->properties;
    ObjectPropertyIterator iter;
    ObjectProperty *prop;

    object_property_iter_init(&iter, OBJECT(dev));
    while ((prop = object_property_iter_next(&iter))) {
        FdtDeviceProperty *entry;

        if (!prop->set || g_str_has_prefix(prop->name, "legacy-") ||
            g_str_equal(prop->name, "realized") ||
            is_settled(dev, prop->name)) {
            continue;
        }
        entry = g_new0(FdtDeviceProperty, 1);
        entry->name = g_strdup(prop->name);
        entry->type = g_strdup(prop->type);
        entry->description = g_strdup(prop->description);
        QAPI_LIST_APPEND(tail, entry);
    }
}

FdtDeviceInfo *qmp_query_device(const char *device, Error **errp)
{
    Object *obj = fdt_machine_find_object(device, errp);
    DeviceState *dev = (DeviceState *)object_dynamic_cast(obj, TYPE_DEVICE);
    FdtDeviceInfo *info;

    if (!obj) {
        return NULL;
    }
    if (!dev) {
        error_setg(errp, "'%s' is not a device", device);
        return NULL;
    }
    info = g_new0(FdtDeviceInfo, 1);
    info->qom_path = object_get_canonical_path(obj);
    info->driver = g_strdup(object_get_typename(obj));
    info->regions = device_regions(dev);
    set_lines(info, dev);
    set_clocks(info, dev);
    set_buses(info, dev);
    set_properties(info, dev);
    return info;
}

Object *fdt_machine_find_object(const char *name, Error **errp)
{
    bool ambiguous = false;
    Object *obj = object_resolve_path(name, &ambiguous);

    if (ambiguous) {
        error_setg(errp, "Path '%s' is ambiguous", name);
    } else if (!obj) {
        error_set(errp, ERROR_CLASS_DEVICE_NOT_FOUND, "Device '%s' not found",
                  name);
    }
    return obj;
}

/*
 * Start-up
 */

FdtMachinePhaseInfo *qmp_query_machine_phase(Error **errp)
{
    MachineClass *mc = MACHINE_GET_CLASS(current_machine);
    FdtMachinePhaseInfo *info = g_new0(FdtMachinePhaseInfo, 1);

    info->machine = g_strdup(mc->name);
    info->phase = FDT_MACHINE_PHASE_CREATED;
    if (phase_check(PHASE_MACHINE_READY)) {
        info->phase = FDT_MACHINE_PHASE_COMPLETE;
    } else if (phase_check(PHASE_MACHINE_INITIALIZED)) {
        info->phase = FDT_MACHINE_PHASE_INITIALIZED;
    }
    info->cold_plug = mc->any_device &&
                      info->phase != FDT_MACHINE_PHASE_COMPLETE;
    return info;
}

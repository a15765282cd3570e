/*
 * QMP commands that map regions of devices
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-fdt-machine.h"
#include "exec/memory.h"
#include "hw/sysbus.h"
#include "monitor/qdev.h"
#include "qobject/qbool.h"
#include "qobject/qstring.h"
#include "../fdt-machine.h"

/* A region of a device, as a command names it */
typedef struct Target {
    DeviceState *dev;
    SysBusDevice *sbd;          /* the same, or NULL if it is none */
    int64_t n;                  /* index of the region; -1: it has none */
    MemoryRegion *mr;           /* the region, if it has no index */
} Target;

static bool find_device(Target *target, const char *device, Error **errp)
{
    Object *obj = fdt_machine_find_object(device, errp);

    if (!obj) {
        return false;
    }
    target->dev = (DeviceState *)object_dynamic_cast(obj, TYPE_DEVICE);
    target->sbd = (SysBusDevice *)object_dynamic_cast(obj,
                                                      TYPE_SYS_BUS_DEVICE);
    if (!target->dev) {
        error_setg(errp, "'%s' is a %s, which is not a device", device,
                   object_get_typename(obj));
    }
    return target->dev;
}

static int find_index(SysBusDevice *sbd, const char *region)
{
    for (int n = 0; sbd && sysbus_has_mmio(sbd, n); n++) {
        MemoryRegion *mr = sysbus_mmio_get_region(sbd, n);

        if (g_strcmp0(memory_region_name(mr), region) == 0) {
            return n;
        }
    }
    return -1;
}

/* A region among the device's QOM children: "ram[1]"; "ram" means "ram[0]" */
static MemoryRegion *find_child(DeviceState *dev, const char *region)
{
    g_autofree char *first = g_strdup_printf("%s[0]", region);
    Object *child = object_resolve_path_component(OBJECT(dev), region)
        ?: object_resolve_path_component(OBJECT(dev), first);

    child = object_dynamic_cast(child, TYPE_MEMORY_REGION);
    return child && child->parent == OBJECT(dev) ? (MemoryRegion *)child
                                                 : NULL;
}

static bool find_region(Target *target, bool has_mmio, uint32_t mmio,
                        const char *region, Error **errp)
{
    if (region && has_mmio) {
        error_setg(errp, "'mmio' and 'region' exclude each other");
        return false;
    }
    if (!region && !target->sbd) {
        error_setg(errp, "a '%s' is not a sysbus device, its regions have no "
                   "numbers: give 'region'",
                   object_get_typename(OBJECT(target->dev)));
        return false;
    }
    target->mr = NULL;
    target->n = mmio;
    if (region) {
        target->n = find_index(target->sbd, region);
    }
    if (target->n < 0) {
        target->mr = find_child(target->dev, region);
    }
    if (target->n < 0 && !target->mr) {
        error_setg(errp, "the device has no region '%s'", region);
        return false;
    }
    return true;
}

static bool find_target(Target *target, const char *device, bool has_mmio,
                        uint32_t mmio, const char *region, Error **errp)
{
    return find_device(target, device, errp) &&
           find_region(target, has_mmio, mmio, region, errp);
}

/* The region itself, or NULL if it is not there */
static MemoryRegion *target_region(const Target *target)
{
    if (!target->mr && target->n < target->sbd->num_mmio) {
        return sysbus_mmio_get_region(target->sbd, target->n);
    }
    return target->mr;
}

/*
 * Number of bytes from @offset to the end of the region; 0, which callers
 * refuse, if there is no such region
 */
static uint64_t rest_of_region(const Target *target, uint64_t offset)
{
    MemoryRegion *mr = target_region(target);
    uint64_t whole = mr ? memory_region_size(mr) : 0;

    return offset < whole ? whole - offset : 0;
}

/*
 * The name of the window that 'alias' asks for, or NULL if it asks for none.
 * QAPI has no alternate of a string and a boolean, so the schema lets 'alias'
 * be anything, and its type is checked here.
 */
static bool window_name(char **name, const Target *target, uint64_t addr,
                        QObject *alias, Error **errp)
{
    QString *given = qobject_to(QString, alias);
    QBool *generate = qobject_to(QBool, alias);
    MemoryRegion *mr = target_region(target);

    if (given) {
        *name = g_strdup(qstring_get_str(given));
    } else if (generate && qbool_get_bool(generate)) {
        *name = g_strdup_printf("%s@%" PRIx64,
                                mr ? memory_region_name(mr) : "", addr);
    } else if (alias && !generate) {
        error_setg(errp, "'alias' is the name of a window, or true");
        return false;
    }
    return true;
}

static bool find_parent(const char *path, MemoryRegion **parent, Error **errp)
{
    if (!path) {
        return true;
    }
    *parent = (MemoryRegion *)object_resolve_path_type(path,
                                                       TYPE_MEMORY_REGION,
                                                       NULL);
    if (!*parent) {
        error_setg(errp, "There is no memory region '%s'", path);
    }
    return *parent;
}

/*
 * A region that is larger than @limit is mapped through a window, with the name
 * that alias=true would give it
 */
static bool cut_to_limit(char **name, SysBusMapping *mapping,
                         const Target *target, uint64_t limit, Error **errp)
{
    if (mapping->alias || !limit) {
        error_setg(errp, mapping->alias ? "'limit' and 'alias' exclude each "
                   "other" : "'limit' is at least 1");
        return false;
    }
    if (rest_of_region(target, 0) > limit) {
        *name = g_strdup_printf("%s@%" PRIx64,
                                memory_region_name(target_region(target)),
                                mapping->addr);
        mapping->alias = *name;
        mapping->size = limit;
    }
    return true;
}

void qmp_sysbus_mmio_map(const char *device, bool has_mmio, uint32_t mmio,
                         const char *region, uint64_t addr,
                         bool has_limit, uint64_t limit,
                         bool has_priority, int32_t priority,
                         const char *parent, QObject *alias,
                         bool has_offset, uint64_t offset,
                         bool has_size, uint64_t size, Error **errp)
{
    g_autofree char *name = NULL;
    SysBusMapping mapping = {
        .addr = addr,
        .has_priority = has_priority,
        .priority = priority,
        .offset = offset,
        .size = size,
    };
    Target target;

    if (!qdev_cold_plug_begin("sysbus-mmio-map", errp) ||
        !find_target(&target, device, has_mmio, mmio, region, errp) ||
        !find_parent(parent, &mapping.parent, errp) ||
        !window_name(&name, &target, addr, alias, errp)) {
        return;
    }
    mapping.alias = name;
    if (!name && (has_offset || has_size)) {
        error_setg(errp, "'offset' and 'size' describe a window, which needs "
                   "a name: give 'alias', or alias=true");
        return;
    }
    if (name && !has_size) {
        mapping.size = rest_of_region(&target, offset);
    }
    if (has_limit &&
        !cut_to_limit(&name, &mapping, &target, limit, errp)) {
        return;
    }
    if (target.mr) {
        device_region_map(target.dev, target.mr, &mapping, errp);
    } else {
        sysbus_mmio_map_at(target.sbd, target.n, &mapping, errp);
    }
}

void qmp_sysbus_mmio_unmap(const char *device, bool has_mmio, uint32_t mmio,
                           const char *region, const char *alias,
                           Error **errp)
{
    Target target;

    if (!qdev_cold_plug_begin("sysbus-mmio-unmap", errp) ||
        !find_target(&target, device, has_mmio, mmio, region, errp)) {
        return;
    }
    if (target.mr) {
        device_region_unmap(target.dev, target.mr, alias, errp);
    } else {
        sysbus_mmio_unmap(target.sbd, target.n, alias, errp);
    }
}

/*
 * QMP commands that map regions of sysbus devices
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-fdt-machine.h"
#include "exec/memory.h"
#include "hw/sysbus.h"
#include "monitor/qdev.h"

static SysBusDevice *find_sysbus_device(const char *device, Error **errp)
{
    Object *obj = device[0] == '/'
        ? object_resolve_path(device, NULL)
        : object_resolve_path_component(machine_get_container("peripheral"),
                                        device);
    SysBusDevice *sbd;

    if (!obj) {
        error_setg(errp, "Device '%s' not found", device);
        return NULL;
    }
    sbd = (SysBusDevice *)object_dynamic_cast(obj, TYPE_SYS_BUS_DEVICE);
    if (!sbd) {
        error_setg(errp, "'%s' is a %s, which is not a sysbus device", device,
                   object_get_typename(obj));
    }
    return sbd;
}

/* Index of the region that a command means */
static bool find_region(SysBusDevice *sbd, bool has_mmio, uint32_t mmio,
                        const char *region, unsigned *n, Error **errp)
{
    if (region && has_mmio) {
        error_setg(errp, "'mmio' and 'region' exclude each other");
        return false;
    }
    *n = mmio;
    if (!region) {
        return true;
    }
    for (*n = 0; sysbus_has_mmio(sbd, *n); (*n)++) {
        MemoryRegion *mr = sysbus_mmio_get_region(sbd, *n);

        if (g_strcmp0(memory_region_name(mr), region) == 0) {
            return true;
        }
    }
    error_setg(errp, "the device has no region '%s'", region);
    return false;
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

void qmp_sysbus_mmio_map(const char *device, bool has_mmio, uint32_t mmio,
                         const char *region, uint64_t addr,
                         bool has_priority, int32_t priority,
                         const char *parent, const char *alias,
                         bool has_offset, uint64_t offset,
                         bool has_size, uint64_t size, Error **errp)
{
    SysBusMapping mapping = {
        .addr = addr,
        .has_priority = has_priority,
        .priority = priority,
        .alias = alias,
        .offset = offset,
        .size = size,
    };
    SysBusDevice *sbd;
    unsigned n;

    if (!qdev_cold_plug_begin("sysbus-mmio-map", errp)) {
        return;
    }
    sbd = find_sysbus_device(device, errp);
    if (!sbd || !find_region(sbd, has_mmio, mmio, region, &n, errp) ||
        !find_parent(parent, &mapping.parent, errp)) {
        return;
    }
    if (!alias && (has_offset || has_size)) {
        error_setg(errp, "'offset' and 'size' describe a window, which needs "
                   "a name: give 'alias'");
        return;
    }
    if (alias && !has_size && sysbus_has_mmio(sbd, n)) {
        uint64_t whole = memory_region_size(sysbus_mmio_get_region(sbd, n));

        mapping.size = offset < whole ? whole - offset : 0;
    }
    sysbus_mmio_map_at(sbd, n, &mapping, errp);
}

void qmp_sysbus_mmio_unmap(const char *device, bool has_mmio, uint32_t mmio,
                           const char *region, const char *alias,
                           Error **errp)
{
    SysBusDevice *sbd;
    unsigned n;

    if (!qdev_cold_plug_begin("sysbus-mmio-unmap", errp)) {
        return;
    }
    sbd = find_sysbus_device(device, errp);
    if (sbd && find_region(sbd, has_mmio, mmio, region, &n, errp)) {
        sysbus_mmio_unmap(sbd, n, alias, errp);
    }
}

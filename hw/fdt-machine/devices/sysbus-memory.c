/*
 * RAM or ROM as a sysbus device
 *
 * Region 0 is the memory: a memory backend's, or, with a size alone, the
 * device's own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "hw/qdev-properties.h"
#include "exec/cpu-common.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "system/hostmem.h"

#define TYPE_SYSBUS_MEMORY "sysbus-memory"
OBJECT_DECLARE_SIMPLE_TYPE(SysBusMemory, SYSBUS_MEMORY)

struct SysBusMemory {
    SysBusDevice parent_obj;

    HostMemoryBackend *memdev;
    uint64_t size;
    bool readonly;

    MemoryRegion own;
};

/* Migration knows RAM by its name, which has to be the only one */
static bool check_name(const char *name, Error **errp)
{
    if (qemu_ram_block_by_name(name)) {
        error_setg(errp, "there is RAM called '%s' already", name);
        return false;
    }
    return true;
}

static MemoryRegion *use_backend(SysBusMemory *s, Error **errp)
{
    const char *id = object_get_canonical_path_component(OBJECT(s->memdev));
    MemoryRegion *mr;

    if (s->size) {
        error_setg(errp, "'memdev' and 'size' exclude each other");
        return NULL;
    }
    if (host_memory_backend_is_mapped(s->memdev)) {
        error_setg(errp, "memory backend '%s' is used already", id);
        return NULL;
    }
    mr = host_memory_backend_get_memory(s->memdev);
    if (!check_name(memory_region_name(mr), errp)) {
        return NULL;
    }
    host_memory_backend_set_mapped(s->memdev, true);
    return mr;
}

static MemoryRegion *make_own(SysBusMemory *s, Error **errp)
{
    const char *name = DEVICE(s)->id ?: TYPE_SYSBUS_MEMORY;

    if (!s->size) {
        error_setg(errp, "either 'memdev' or 'size' has to be given");
        return NULL;
    }
    if (!check_name(name, errp) ||
        !memory_region_init_ram(&s->own, OBJECT(s), name, s->size, errp)) {
        return NULL;
    }
    return &s->own;
}

static void sysbus_memory_realize(DeviceState *dev, Error **errp)
{
    SysBusMemory *s = SYSBUS_MEMORY(dev);
    MemoryRegion *mr = s->memdev ? use_backend(s, errp) : make_own(s, errp);

    if (!mr) {
        return;
    }
    if (s->memdev) {
        vmstate_register_ram(mr, dev);
    }
    if (s->readonly) {
        memory_region_set_readonly(mr, true);
    }
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), mr);
}

static void sysbus_memory_unrealize(DeviceState *dev)
{
    SysBusMemory *s = SYSBUS_MEMORY(dev);

    if (s->memdev) {
        vmstate_unregister_ram(host_memory_backend_get_memory(s->memdev),
                               dev);
        host_memory_backend_set_mapped(s->memdev, false);
    }
}

static const Property sysbus_memory_properties[] = {
    DEFINE_PROP_LINK("memdev", SysBusMemory, memdev, TYPE_MEMORY_BACKEND,
                     HostMemoryBackend *),
    DEFINE_PROP_UINT64("size", SysBusMemory, size, 0),
    DEFINE_PROP_BOOL("readonly", SysBusMemory, readonly, false),
};

static void sysbus_memory_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "RAM or ROM";
    dc->realize = sysbus_memory_realize;
    dc->unrealize = sysbus_memory_unrealize;
    device_class_set_props(dc, sysbus_memory_properties);
    set_bit(DEVICE_CATEGORY_STORAGE, dc->categories);
}

static const TypeInfo sysbus_memory_types[] = {
    {
        .name = TYPE_SYSBUS_MEMORY,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(SysBusMemory),
        .class_init = sysbus_memory_class_init,
    },
};

DEFINE_TYPES(sysbus_memory_types)

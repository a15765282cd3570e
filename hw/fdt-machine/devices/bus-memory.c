/*
 * Memory as the devices of a bus see it
 *
 * A bus whose devices do DMA may show them memory at other addresses than the
 * CPUs see it at: dma-ranges (section 2.3.9 of the Devicetree Specification).
 * The device's region is that address space.  Others get it as a link, or map
 * their own regions into it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"

#define TYPE_DMA_RANGES "dma-ranges"
OBJECT_DECLARE_SIMPLE_TYPE(DmaRanges, DMA_RANGES)

/* Numbers of an entry: address on the bus, address in @memory, length */
enum { RANGE_CHILD, RANGE_PARENT, RANGE_LENGTH, RANGE_NUMBERS };

struct DmaRanges {
    SysBusDevice parent_obj;

    MemoryRegion *memory;
    uint64_t size;
    uint32_t num_numbers;
    uint64_t *numbers;

    MemoryRegion container;
    MemoryRegion *windows;
};

static bool range_fits(const char *what, uint64_t address, uint64_t length,
                       Int128 size, Error **errp)
{
    Int128 end = int128_add(int128_make64(address), int128_make64(length));

    if (!length || int128_gt(end, size)) {
        error_setg(errp, "range at %s address 0x%" PRIx64 " of 0x%" PRIx64
                   " bytes is empty or ends outside", what, address, length);
        return false;
    }
    return true;
}

static bool check_ranges(DmaRanges *s, Error **errp)
{
    Int128 size = s->size ? int128_make64(s->size) : int128_2_64();

    if (s->num_numbers % RANGE_NUMBERS) {
        error_setg(errp, "'ranges' has to be a list of bus address, memory "
                   "address and length");
        return false;
    }
    if (s->num_numbers && !s->memory) {
        error_setg(errp, "'memory' link not set");
        return false;
    }
    for (uint32_t i = 0; i < s->num_numbers; i += RANGE_NUMBERS) {
        const uint64_t *range = s->numbers + i;

        if (!range_fits("bus", range[RANGE_CHILD], range[RANGE_LENGTH], size,
                        errp) ||
            !range_fits("memory", range[RANGE_PARENT], range[RANGE_LENGTH],
                        int128_make64(memory_region_size(s->memory)), errp)) {
            return false;
        }
    }
    return true;
}

static void dma_ranges_realize(DeviceState *dev, Error **errp)
{
    DmaRanges *s = DMA_RANGES(dev);
    uint32_t count = s->num_numbers / RANGE_NUMBERS;

    if (!check_ranges(s, errp)) {
        return;
    }
    memory_region_init(&s->container, OBJECT(dev), "dma",
                       s->size ?: UINT64_MAX);
    s->windows = g_new0(MemoryRegion, count);
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t *range = s->numbers + i * RANGE_NUMBERS;

        memory_region_init_alias(&s->windows[i], OBJECT(dev), "range",
                                 s->memory, range[RANGE_PARENT],
                                 range[RANGE_LENGTH]);
        memory_region_add_subregion_overlap(&s->container, range[RANGE_CHILD],
                                            &s->windows[i], i);
    }
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->container);
}

static void dma_ranges_finalize(Object *obj)
{
    g_free(DMA_RANGES(obj)->windows);
}

static const Property dma_ranges_properties[] = {
    DEFINE_PROP_LINK("memory", DmaRanges, memory, TYPE_MEMORY_REGION,
                     MemoryRegion *),
    /* Bytes; 0: all that 64 bits can address */
    DEFINE_PROP_UINT64("size", DmaRanges, size, 0),
    /* Where entries overlap, the later one is what the devices see */
    DEFINE_PROP_ARRAY("ranges", DmaRanges, num_numbers, numbers,
                      qdev_prop_uint64, uint64_t),
};

static void dma_ranges_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "Memory as the devices of a bus see it";
    dc->realize = dma_ranges_realize;
    device_class_set_props(dc, dma_ranges_properties);
}

static const TypeInfo dma_ranges_info = {
    .name = TYPE_DMA_RANGES,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(DmaRanges),
    .instance_finalize = dma_ranges_finalize,
    .class_init = dma_ranges_class_init,
};

static void dma_ranges_register_types(void)
{
    type_register_static(&dma_ranges_info);
}

type_init(dma_ranges_register_types)

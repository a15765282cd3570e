/*
 * Addresses where something of the machine is seen once more
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

static bool covers(uint64_t start, uint64_t room, uint64_t address,
                   uint64_t size)
{
    return address >= start && address - start < room &&
           size <= room - (address - start);
}

/* The device whose region is mapped over all of the target, or NULL */
static FdtDevice *find_device(FdtPlanner *planner, uint64_t target,
                              uint64_t size, FdtMap *map)
{
    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; j < device->maps->len; j++) {
            *map = g_array_index(device->maps, FdtMap, j);
            if (!map->parent && covers(map->address, map->size, target,
                                       size)) {
                return device;
            }
        }
    }
    return NULL;
}

static bool in_bank(FdtPlanner *planner, uint64_t target, uint64_t size)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (covers(bank->address, bank->size, target, size)) {
            return true;
        }
    }
    return false;
}

/*
 * A name for the window of entry @i of reg.  sysbus-mmio-map wants one that no
 * other window of the device has
 */
static char *alias_name(const FdtDevice *alias, unsigned i)
{
    return i ? g_strdup_printf("%s.%u", alias->id, i) : g_strdup(alias->id);
}

bool fdt_planner_alias(FdtPlanner *planner, const FdtDevice *alias, unsigned i,
                       const FdtReg *reg, uint64_t target, Error **errp)
{
    FdtMap map;
    FdtDevice *device = find_device(planner, target, reg->size, &map);

    if (device) {
        map.region_name = g_strdup(map.region_name);
        map.offset += target - map.address;
        map.address = reg->address;
        map.size = reg->size;
        map.alias = alias_name(alias, i);
        g_array_append_val(device->maps, map);
        return true;
    }
    if (in_bank(planner, target, reg->size)) {
        FdtRamAlias ram = {
            .name = alias_name(alias, i),
            .address = reg->address,
            .size = reg->size,
            .target = target,
        };

        g_array_append_val(planner->ram_aliases, ram);
        return true;
    }
    fdt_error(errp, alias->node, "qemu,alias-of", "no memory, and no region "
              "of a device, has the 0x%" PRIx64 " bytes from 0x%" PRIx64,
              reg->size, target);
    return false;
}

void fdt_ram_alias_clear(gpointer data)
{
    FdtRamAlias *alias = data;

    g_free(alias->name);
}

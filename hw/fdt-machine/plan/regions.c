/*
 * What the planned devices cover of system memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

int fdt_region_compare(const void *va, const void *vb)
{
    const FdtRegion *a = va, *b = vb;

    if (a->address != b->address) {
        return a->address < b->address ? -1 : 1;
    }
    return a->size > b->size ? -1 : a->size < b->size;
}

GArray *fdt_planner_regions(const FdtPlanner *planner)
{
    GArray *regions = g_array_new(false, false, sizeof(FdtRegion));

    for (unsigned i = 0; i < planner->devices->len; i++) {
        const FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; j < device->maps->len; j++) {
            const FdtMap *map = &g_array_index(device->maps, FdtMap, j);
            FdtRegion region = { map->address, map->size, NULL };

            if (!map->parent) {
                g_array_append_val(regions, region);
            }
        }
    }
    g_array_sort(regions, fdt_region_compare);
    return regions;
}

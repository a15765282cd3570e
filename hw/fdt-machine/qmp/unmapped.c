/*
 * Devices that users have added and nobody has mapped
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "exec/memory.h"
#include "hw/sysbus.h"
#include "qemu/error-report.h"
#include "../fdt-machine.h"

/* Whether a region of the device, a window of one or an I/O port is mapped */
static bool is_reachable(const SysBusDevice *sbd)
{
    for (int i = 0; i < sbd->num_mmio; i++) {
        if (memory_region_is_mapped(sbd->mmio[i].memory)) {
            return true;
        }
    }
    return !sbd->num_mmio || sbd->num_pio;
}

/*
 * Whether the owner of a link property makes use of what the link leads to.  A
 * line that ends there, or a bus to sit on, is no such use: the guest cannot
 * reach the registers
 */
static bool is_use(const ObjectProperty *prop)
{
    return g_str_has_prefix(prop->type, "link<") &&
           !g_str_equal(prop->type, "link<irq>") &&
           !g_str_equal(prop->type, "link<bus>");
}

/* Whether an object, or NULL, is below another one, or is that one */
static bool is_part_of(const Object *obj, const Object *whole)
{
    while (obj && obj != whole) {
        obj = obj->parent;
    }
    return obj;
}

/*
 * Whether an object has a link to the device @opaque, or to a part of it.  A
 * link of one of the device's own parts does not count.
 */
static int uses(Object *obj, void *opaque)
{
    ObjectPropertyIterator iter;
    ObjectProperty *prop;

    /* Nor does that of a bus, which has links to the devices that sit on it */
    if (object_dynamic_cast(obj, TYPE_BUS) || is_part_of(obj, opaque)) {
        return 0;
    }
    object_property_iter_init(&iter, obj);
    while ((prop = object_property_iter_next(&iter))) {
        if (is_use(prop) &&
            is_part_of(object_property_get_link(obj, prop->name, NULL),
                       opaque)) {
            return 1;
        }
    }
    return 0;
}

static int warn_about(Object *child, void *opaque)
{
    SysBusDevice *sbd =
        (SysBusDevice *)object_dynamic_cast(child, TYPE_SYS_BUS_DEVICE);
    g_autofree char *path = NULL;
    const char *name;

    /* A stub that is not mapped any more has been taken out of use */
    if (!sbd || is_reachable(sbd) ||
        object_dynamic_cast(child, "unimplemented-device") ||
        object_dynamic_cast(child, "polled-registers") ||
        object_child_foreach_recursive(qdev_get_machine(), uses, child)) {
        return 0;
    }
    path = object_get_canonical_path(child);
    name = DEVICE(sbd)->id ?: path;
    warn_report("%s '%s' is mapped nowhere: the guest cannot reach its "
                "registers; map it with sysbus-mmio-map (device=%s, addr=...) "
                "before the machine is complete, for which QEMU is started "
                "with -preconfig", object_get_typename(child), name, name);
    return 0;
}

void fdt_machine_warn_unmapped(void)
{
    object_child_foreach(machine_get_container("peripheral"), warn_about,
                         NULL);
    object_child_foreach(machine_get_container("peripheral-anon"), warn_about,
                         NULL);
}

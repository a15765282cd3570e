/*
 * What the planner asks about QOM types
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/qdev-core.h"
#include "monitor/qdev.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-qdev.h"
#include "qemu/module.h"
#include "types.h"

bool fdt_type_is_there(const char *type, void *opaque)
{
    ObjectClass *class = module_object_class_by_name(type);

    return class && object_class_dynamic_cast(class, TYPE_DEVICE) &&
           !object_class_is_abstract(class);
}

bool fdt_type_is_a(const char *type, const char *base, void *opaque)
{
    ObjectClass *class = module_object_class_by_name(type);

    return class && object_class_dynamic_cast(class, base);
}

/* device_add takes one for the other in the names of properties */
static bool is_same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        if (*a != *b && !(strchr("-_", *a) && strchr("-_", *b))) {
            return false;
        }
    }
    return *a == *b;
}

/*
 * As a user may ask for it: QEMU makes an object of the type, which is not
 * realized, and lets go of it
 */
const char *fdt_type_property(const char *type, const char *name,
                              void *opaque)
{
    g_autoptr(ObjectPropertyInfoList) list = NULL;
    const char *found = NULL;

    if (fdt_type_is_a(type, TYPE_DEPENDENT_PROPERTIES, NULL)) {
        return "";
    }
    list = qmp_device_list_properties(type, NULL);
    for (const ObjectPropertyInfoList *e = list; e; e = e->next) {
        if (g_str_equal(e->value->name, name)) {
            return g_intern_string(e->value->type);
        }
        if (is_same_name(e->value->name, name)) {
            found = g_intern_string(e->value->type);
        }
    }
    return found;
}

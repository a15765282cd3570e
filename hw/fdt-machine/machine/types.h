/*
 * What the planner asks about QOM types
 *
 * Each of these functions is one of FdtPlanConfig's, and makes no use of
 * @opaque.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_TYPES_H
#define HW_FDT_MACHINE_TYPES_H

/* fdt_type_is_there: whether device_add takes the type */
bool fdt_type_is_there(const char *type, void *opaque);
/* fdt_type_is_a: whether it is @base or derived from it */
bool fdt_type_is_a(const char *type, const char *base, void *opaque);
/*
 * fdt_type_property: the type of the property @name as device-list-properties
 * has it; NULL: such devices have none; "": whether they have one is not known
 * before the device is there.  What is returned lives as long as QEMU
 */
const char *fdt_type_property(const char *type, const char *name,
                              void *opaque);

#endif /* HW_FDT_MACHINE_TYPES_H */

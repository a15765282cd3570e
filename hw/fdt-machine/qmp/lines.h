/*
 * Lines between devices: all outputs of a machine, and where they lead
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_LINES_H
#define HW_FDT_MACHINE_LINES_H

#include "hw/qdev-core.h"

/* fdt_line_name: name of outputs (or inputs) in properties; not owned */
const char *fdt_line_name(const NamedGPIOList *lines, bool output);

/**
 * fdt_line_input: the input that output @n of @lines leads to, or NULL
 * @property: if not NULL, set to the property that holds the connection; the
 *            caller frees
 */
Object *fdt_line_input(DeviceState *dev, const NamedGPIOList *lines, int n,
                       char **property);

/* FdtLineFunc: an output that is connected; true ends the walk */
typedef bool FdtLineFunc(DeviceState *dev, const char *property, Object *input,
                         void *opaque);

/* fdt_lines_foreach: call @func for all connected outputs of all devices */
bool fdt_lines_foreach(FdtLineFunc *func, void *opaque);

#endif /* HW_FDT_MACHINE_LINES_H */

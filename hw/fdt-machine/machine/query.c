/*
 * QMP command query-fdt-machine
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-fdt-machine.h"
#include "qapi/qapi-visit-fdt-machine.h"
#include "qapi/qobject-input-visitor.h"
#include "../fdt-machine.h"

FdtMachineInfo *qmp_query_fdt_machine(Error **errp)
{
    g_autoptr(QDict) report = fdt_machine_report();
    FdtMachineInfo *info = NULL;
    Visitor *v;

    if (!report) {
        error_setg(errp, "the machine was not built from a device tree");
        return NULL;
    }

    v = qobject_input_visitor_new(QOBJECT(report));
    visit_type_FdtMachineInfo(v, NULL, &info, errp);
    visit_free(v);
    return info;
}

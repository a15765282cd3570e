/*
 * -dtb-machine in a binary without the device tree library
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/boards.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-fdt-machine.h"
#include "qemu/error-report.h"
#include "monitor/hmp.h"
#include "../fdt-machine.h"

void fdt_machine_option(const char *optarg)
{
    error_report("-dtb-machine is not supported by this binary");
    exit(EXIT_FAILURE);
}

bool fdt_machine_requested(void)
{
    return false;
}

bool fdt_machine_early(QDict *machine_opts, const char *mem_path,
                       Error **errp)
{
    return true;
}

bool fdt_machine_prepare(Error **errp)
{
    return true;
}

bool fdt_machine_load(Error **errp)
{
    return true;
}

bool fdt_machine_check_boot(Error **errp)
{
    if (MACHINE_GET_CLASS(current_machine)->any_device &&
        current_machine->kernel_filename) {
        error_setg(errp, "The -kernel parameter is not supported (use the "
                   "generic 'loader' device instead)");
        return false;
    }
    return true;
}

bool fdt_machine_finish(Error **errp)
{
    return true;
}

void qmp_fdt_machine_load(const char *file, const char *config,
                          bool has_overlays, strList *overlays,
                          bool has_bindings, strList *bindings,
                          bool has_omit, strList *omit,
                          bool has_strict, bool strict,
                          bool has_memory_backends,
                          FdtMachineMemoryBackendList *memory_backends,
                          Error **errp)
{
    error_setg(errp, "this binary reads no device trees");
}

FdtMachineInfo *qmp_query_fdt_machine(Error **errp)
{
    error_setg(errp, "the machine was not built from a device tree");
    return NULL;
}

void hmp_info_fdt_machine(Monitor *mon, const QDict *qdict)
{
    Error *err = NULL;

    qmp_query_fdt_machine(&err);
    hmp_handle_error(mon, err);
}

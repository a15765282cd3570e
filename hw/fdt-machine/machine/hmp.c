/*
 * HMP command info fdt-machine
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "monitor/hmp.h"
#include "monitor/monitor.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-fdt-machine.h"
#include "qapi/qapi-types-fdt-machine.h"
#include "qemu/cutils.h"
#include "../fdt-machine.h"

static void print_memory(Monitor *mon, const FdtMachineInfo *info)
{
    for (FdtMachineMemoryList *l = info->memory; l; l = l->next) {
        g_autofree char *size = size_to_str(l->value->size);

        monitor_printf(mon, "  %s at 0x%" PRIx64 ": %s, %s\n", size,
                       l->value->address, l->value->path, l->value->memdev);
    }
}

static void print_nodes(Monitor *mon, const FdtMachineInfo *info)
{
    size_t width = 0;

    for (FdtMachineNodeList *l = info->nodes; l; l = l->next) {
        width = MAX(width, strlen(l->value->path));
    }
    width = MIN(width, 48);

    for (FdtMachineNodeList *l = info->nodes; l; l = l->next) {
        const FdtMachineNode *node = l->value;

        g_autofree char *device = node->driver
            ? g_strdup_printf("  %s \"%s\"", node->driver, node->id ?: "")
            : g_strdup("");

        monitor_printf(mon, "  %-*s  %-*s%s%s%s\n", (int)width, node->path,
                       node->driver || node->reason ? 11 : 0,
                       FdtMachineVerdict_str(node->verdict), device,
                       node->reason ? node->driver ? ": " : "  " : "",
                       node->reason ?: "");
    }
}

static void print_findings(Monitor *mon, const FdtMachineInfo *info)
{
    if (info->findings) {
        monitor_printf(mon, "findings:\n");
    }
    for (FdtMachineFindingList *l = info->findings; l; l = l->next) {
        const FdtMachineFinding *finding = l->value;

        monitor_printf(mon, "  %s%s%s: %s\n", finding->path,
                       finding->property ? ": " : "", finding->property ?: "",
                       finding->text);
    }
}

static void print_edits(Monitor *mon, const FdtMachineInfo *info)
{
    if (info->edits) {
        monitor_printf(mon, "edits of the guest's tree:\n");
    }
    for (FdtMachineEditList *l = info->edits; l; l = l->next) {
        const FdtMachineEdit *edit = l->value;

        monitor_printf(mon, "  %s: %s%s%s: %s\n", edit->rule, edit->path,
                       edit->property ? ": " : "", edit->property ?: "",
                       edit->text);
    }
}

static void print_backends(Monitor *mon, const FdtMachineInfo *info)
{
    if (info->backends) {
        monitor_printf(mon, "backends:\n");
    }
    for (FdtMachineBackendList *l = info->backends; l; l = l->next) {
        const FdtMachineBackend *backend = l->value;

        monitor_printf(mon, "  %s %s: %s\n", backend->kind, backend->id,
                       backend->path ?: backend->text);
    }
}

static void print_warnings(Monitor *mon, const FdtMachineInfo *info)
{
    const strList *l;

    if (info->warnings) {
        monitor_printf(mon, "warnings:\n");
    }
    for (l = info->warnings; l; l = l->next) {
        monitor_printf(mon, "  %s\n", l->value);
    }
}

static void print_rescues(Monitor *mon, const FdtMachineInfo *info)
{
    if (info->rescues) {
        monitor_printf(mon, "rescues (answers that were made up, as nothing "
                       "models these registers):\n");
    }
    for (FdtMachineRescueList *l = info->rescues; l; l = l->next) {
        const FdtMachineRescue *rescue = l->value;

        monitor_printf(mon, "  %s: 0x%" PRIx64 " (offset 0x%" PRIx64 "), CPU %"
                       PRId64 " at 0x%" PRIx64 ": %" PRIu64 " times, %" PRIu64
                       " answers, 0x%" PRIx64 " -> 0x%" PRIx64 "%s\n",
                       rescue->path, rescue->address, rescue->offset,
                       rescue->cpu, rescue->pc, rescue->count, rescue->answers,
                       rescue->before, rescue->value,
                       rescue->counts ? ", counts" : "");
    }
}

static void print_counts(Monitor *mon, const FdtMachineInfo *info)
{
    unsigned counts[FDT_MACHINE_VERDICT__MAX] = { 0 };
    unsigned total = 0;

    for (FdtMachineNodeList *l = info->nodes; l; l = l->next) {
        counts[l->value->verdict]++;
        total++;
    }
    monitor_printf(mon, "%u nodes:", total);
    for (int i = 0; i < FDT_MACHINE_VERDICT__MAX; i++) {
        monitor_printf(mon, "%s %u %s", i ? "," : "", counts[i],
                       FdtMachineVerdict_str(i));
    }
    monitor_printf(mon, "; %" PRId64 " commands\n", info->commands);
}

void hmp_info_fdt_machine(Monitor *mon, const QDict *qdict)
{
    Error *err = NULL;
    FdtMachineInfo *info = qmp_query_fdt_machine(&err);

    if (hmp_handle_error(mon, err)) {
        return;
    }
    monitor_printf(mon, "%s: %s, %" PRId64 " CPUs\n", info->file,
                   info->model ?: "no model", info->cpus);
    print_memory(mon, info);
    monitor_printf(mon, "nodes:\n");
    print_nodes(mon, info);
    print_findings(mon, info);
    print_edits(mon, info);
    print_backends(mon, info);
    print_warnings(mon, info);
    print_rescues(mon, info);
    print_counts(mon, info);
    qapi_free_FdtMachineInfo(info);
}

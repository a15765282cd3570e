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

/* Which nodes the user wants to see */
typedef struct Choice {
    bool unmatched;             /* those without a model alone */
    const char *path;           /* that node and those below it; NULL: all */
} Choice;

static bool is_below(const char *path, const char *top)
{
    size_t len = strlen(top);

    return !strncmp(path, top, len) &&
           (path[len] == '\0' || path[len] == '/' ||
            (len && top[len - 1] == '/'));
}

static bool is_chosen(const Choice *choice, const FdtMachineNode *node)
{
    return (!choice->unmatched || node->unmatched) &&
           (!choice->path || is_below(node->path, choice->path));
}

/* The node of that path, label or device id; NULL if there is none */
static const FdtMachineNode *find_node(const FdtMachineInfo *info,
                                       const char *name)
{
    for (FdtMachineNodeList *l = info->nodes; l; l = l->next) {
        const FdtMachineNode *node = l->value;

        if (!strcmp(node->path, name) || !g_strcmp0(node->label, name) ||
            !g_strcmp0(node->id, name)) {
            return node;
        }
    }
    return NULL;
}

static size_t path_width(const FdtMachineInfo *info, const Choice *choice)
{
    size_t width = 0;

    for (FdtMachineNodeList *l = info->nodes; l; l = l->next) {
        if (is_chosen(choice, l->value)) {
            width = MAX(width, strlen(l->value->path));
        }
    }
    return MIN(width, 48);
}

static void print_node(Monitor *mon, const FdtMachineNode *node, int width)
{
    g_autofree char *device = node->driver
        ? g_strdup_printf("  %s \"%s\"", node->driver, node->id ?: "")
        : g_strdup("");

    monitor_printf(mon, "  %-*s  %-*s%s%s%s\n", width, node->path,
                   node->driver || node->reason ? 11 : 0,
                   FdtMachineVerdict_str(node->verdict), device,
                   node->reason ? node->driver ? ": " : "  " : "",
                   node->reason ?: "");
}

static void print_nodes(Monitor *mon, const FdtMachineInfo *info,
                        const Choice *choice)
{
    size_t width = path_width(info, choice);

    for (FdtMachineNodeList *l = info->nodes; l; l = l->next) {
        if (is_chosen(choice, l->value)) {
            print_node(mon, l->value, width);
        }
    }
}

static void print_cells(Monitor *mon, const uint32List *cells)
{
    for (; cells; cells = cells->next) {
        monitor_printf(mon, " 0x%x", cells->value);
    }
    monitor_printf(mon, "\n");
}

static void print_compatible(Monitor *mon, const strList *list)
{
    for (; list; list = list->next) {
        monitor_printf(mon, "    compatible: %s\n", list->value);
    }
}

static void print_places(Monitor *mon, const FdtMachineNode *node)
{
    print_compatible(mon, node->compatible);
    for (FdtMachineRegList *l = node->reg; l; l = l->next) {
        monitor_printf(mon, "    reg: 0x%" PRIx64 ", size 0x%" PRIx64 "%s%s\n",
                       l->value->address, l->value->size,
                       l->value->name ? ", " : "", l->value->name ?: "");
    }
    if (node->bus) {
        monitor_printf(mon, "    bus: %s of %s, address %s\n",
                       node->bus->kind, node->bus->controller,
                       node->bus->address);
    }
    for (FdtMachineRegionList *l = node->regions; l; l = l->next) {
        monitor_printf(mon, "    region %" PRId64 ": mapped at 0x%" PRIx64
                       ", size 0x%" PRIx64 "\n", l->value->region,
                       l->value->address, l->value->size);
    }
}

static void print_wiring(Monitor *mon, const FdtMachineNode *node)
{
    for (FdtMachineSpecifierList *l = node->specifiers; l; l = l->next) {
        monitor_printf(mon, "    interrupt: %s", l->value->controller);
        print_cells(mon, l->value->cells);
    }
    for (FdtMachineInterruptList *l = node->interrupts; l; l = l->next) {
        monitor_printf(mon, "    %s: to %s[%" PRId64 "] of \"%s\"\n",
                       l->value->line, l->value->input, l->value->number,
                       l->value->input_device);
    }
    for (FdtMachineLinkList *l = node->links; l; l = l->next) {
        monitor_printf(mon, "    %s: %s", l->value->property,
                       l->value->provider);
        print_cells(mon, l->value->cells);
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

static void print_counts(Monitor *mon, const FdtMachineInfo *info,
                         const Choice *choice)
{
    unsigned counts[FDT_MACHINE_VERDICT__MAX] = { 0 };
    unsigned total = 0;

    for (FdtMachineNodeList *l = info->nodes; l; l = l->next) {
        if (is_chosen(choice, l->value)) {
            counts[l->value->verdict]++;
            total++;
        }
    }
    monitor_printf(mon, "%u nodes:", total);
    for (int i = 0; i < FDT_MACHINE_VERDICT__MAX; i++) {
        monitor_printf(mon, "%s %u %s", i ? "," : "", counts[i],
                       FdtMachineVerdict_str(i));
    }
    monitor_printf(mon, "; %" PRId64 " commands\n", info->commands);
}

static void print_all(Monitor *mon, const FdtMachineInfo *info)
{
    const Choice all = { };

    monitor_printf(mon, "%s: %s, %" PRId64 " CPUs\n", info->file,
                   info->model ?: "no model", info->cpus);
    print_memory(mon, info);
    monitor_printf(mon, "nodes:\n");
    print_nodes(mon, info, &all);
    print_findings(mon, info);
    print_edits(mon, info);
    print_backends(mon, info);
    print_warnings(mon, info);
    print_rescues(mon, info);
    print_counts(mon, info, &all);
}

/* Some nodes, without what is said of the machine as a whole */
static void print_some(Monitor *mon, const FdtMachineInfo *info, Choice choice)
{
    const FdtMachineNode *node = NULL;

    if (choice.path) {
        node = find_node(info, choice.path);
        if (!node) {
            monitor_printf(mon, "%s: no node has this path, label or device "
                           "id\n", choice.path);
            return;
        }
        choice.path = node->path;
    }
    print_nodes(mon, info, &choice);
    if (node && !choice.unmatched) {
        monitor_printf(mon, "%s:\n", node->path);
        print_places(mon, node);
        print_wiring(mon, node);
    }
    print_counts(mon, info, &choice);
}

void hmp_info_fdt_machine(Monitor *mon, const QDict *qdict)
{
    const Choice choice = {
        .unmatched = qdict_get_try_bool(qdict, "unmatched", false),
        .path = qdict_get_try_str(qdict, "path"),
    };
    Error *err = NULL;
    FdtMachineInfo *info = qmp_query_fdt_machine(&err);

    if (hmp_handle_error(mon, err)) {
        return;
    }
    if (choice.unmatched || choice.path) {
        print_some(mon, info, choice);
    } else {
        print_all(mon, info);
    }
    qapi_free_FdtMachineInfo(info);
}

/*
 * The report: what was done with every node, and why
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qnum.h"
#include "qobject/qstring.h"
#include "state.h"

static const char *const verdict_names[] = {
    [FDT_VERDICT_IGNORED] = "ignored",
    [FDT_VERDICT_DISABLED] = "disabled",
    [FDT_VERDICT_STRUCTURE] = "structure",
    [FDT_VERDICT_MEMORY] = "memory",
    [FDT_VERDICT_STUB] = "stub",
    [FDT_VERDICT_SUBSTITUTED] = "substituted",
    [FDT_VERDICT_MODELLED] = "modelled",
};

const char *fdt_verdict_name(FdtVerdict verdict)
{
    return verdict_names[verdict];
}

static QList *regions_of(const FdtDevice *device)
{
    QList *list = qlist_new();

    for (unsigned i = 0; i < device->maps->len; i++) {
        FdtMap *map = &g_array_index(device->maps, FdtMap, i);
        QDict *entry = qdict_new();

        qdict_put_int(entry, "region", map->region);
        if (map->region_name) {
            qdict_put_str(entry, "name", map->region_name);
        }
        qdict_put(entry, "address", qnum_from_uint(map->address));
        qdict_put(entry, "size", qnum_from_uint(map->size));
        qlist_append(list, entry);
    }
    return list;
}

/* Wires by their source; without it, each node would look at all wires */
static GHashTable *wires_by_source(FdtPlanner *planner)
{
    GHashTable *table = g_hash_table_new_full(
        NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);

    for (unsigned i = 0; i < planner->wires->len; i++) {
        FdtWire *wire = g_ptr_array_index(planner->wires, i);
        GPtrArray *list = g_hash_table_lookup(table, wire->source.device);

        if (!list) {
            list = g_ptr_array_new();
            g_hash_table_insert(table, wire->source.device, list);
        }
        g_ptr_array_add(list, wire);
    }
    return table;
}

static QList *interrupts_of(const GPtrArray *wires)
{
    QList *list = qlist_new();

    for (unsigned i = 0; wires && i < wires->len; i++) {
        FdtWire *wire = g_ptr_array_index(wires, i);
        g_autofree char *line = g_strdup_printf("%s[%u]", wire->source.line,
                                                wire->source.index);
        QDict *entry = qdict_new();

        qdict_put_str(entry, "line", line);
        if (wire->interrupt.controller) {
            qdict_put_str(entry, "controller",
                          wire->interrupt.controller->path);
        }
        qdict_put_str(entry, "input-device", wire->sink.device->id);
        qdict_put_str(entry, "input", wire->sink.line);
        qdict_put_int(entry, "number", wire->sink.index);
        qlist_append(list, entry);
    }
    return list;
}

static QDict *node_entry(const FdtNodeInfo *info, GHashTable *wires)
{
    QDict *entry = qdict_new();
    const FdtDevice *device = info->device;

    qdict_put_str(entry, "path", info->node->path);
    fdt_info_describe(info, entry);
    qdict_put_str(entry, "verdict", fdt_verdict_name(info->verdict));
    if (fdt_info_is_unmatched(info)) {
        qdict_put_bool(entry, "unmatched", true);
    }
    if (info->reason && info->reason[0]) {
        qdict_put_str(entry, "reason", info->reason);
    }
    if (device && device->type) {
        qdict_put_str(entry, "driver", device->type);
        qdict_put_str(entry, "id", device->id);
        qdict_put_str(entry, "qom-path", device->qom_path);
        qdict_put(entry, "regions", regions_of(device));
        qdict_put(entry, "interrupts",
                  interrupts_of(g_hash_table_lookup(wires, device)));
    }
    return entry;
}

static QList *report_nodes(FdtPlanner *planner)
{
    g_autoptr(GHashTable) wires = wires_by_source(planner);
    QList *list = qlist_new();

    for (unsigned i = 0; i < planner->infos->len; i++) {
        qlist_append(list, node_entry(g_ptr_array_index(planner->infos, i),
                                      wires));
    }
    return list;
}

static QDict *stub_entry(const FdtDevice *stub)
{
    const FdtMap *map = &g_array_index(stub->maps, FdtMap, 0);
    QDict *entry = qdict_new();

    qdict_put_str(entry, "id", stub->id);
    qdict_put_str(entry, "qom-path", stub->qom_path);
    if (stub->node) {
        qdict_put_str(entry, "path", stub->node->path);
    }
    qdict_put(entry, "address", qnum_from_uint(map->address));
    qdict_put(entry, "size", qnum_from_uint(map->size));
    return entry;
}

static QList *report_stubs(const FdtPlanner *planner)
{
    QList *list = qlist_new();

    for (unsigned i = 0; i < planner->devices->len; i++) {
        const FdtDevice *device = g_ptr_array_index(planner->devices, i);

        if (device->rank == FDT_RANK_STUB) {
            qlist_append(list, stub_entry(device));
        }
    }
    return list;
}

QList *fdt_plan_edits(const FdtPlan *plan)
{
    QList *list = qlist_new();

    for (unsigned i = 0; i < fdt_journal_num_edits(plan->journal); i++) {
        const FdtEdit *edit = fdt_journal_edit(plan->journal, i);
        QDict *entry = qdict_new();

        qdict_put_str(entry, "rule", fdt_edit_rule(edit));
        qdict_put_str(entry, "path", fdt_edit_path(edit));
        if (fdt_edit_property(edit)) {
            qdict_put_str(entry, "property", fdt_edit_property(edit));
        }
        qdict_put_str(entry, "text", fdt_edit_text(edit));
        qlist_append(list, entry);
    }
    return list;
}

static QList *report_findings(const FdtFindings *findings)
{
    QList *list = qlist_new();

    for (unsigned i = 0; i < fdt_findings_num(findings); i++) {
        const FdtFinding *finding = fdt_findings_get(findings, i);
        QDict *entry = qdict_new();

        qdict_put_str(entry, "path", finding->path);
        if (finding->property) {
            qdict_put_str(entry, "property", finding->property);
        }
        qdict_put_str(entry, "text", finding->text);
        qlist_append(list, entry);
    }
    return list;
}

static QList *report_memory(FdtPlanner *planner)
{
    QList *list = qlist_new();

    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);
        QDict *entry = qdict_new();

        qdict_put_str(entry, "path", bank->node->path);
        qdict_put(entry, "address", qnum_from_uint(bank->address));
        qdict_put(entry, "size", qnum_from_uint(bank->size));
        qdict_put_str(entry, "memdev", bank->memdev);
        qlist_append(list, entry);
    }
    return list;
}

static QList *report_backends(FdtPlanner *planner)
{
    QList *list = qlist_new();

    for (unsigned i = 0; i < planner->backends->len; i++) {
        FdtBackend *backend = g_ptr_array_index(planner->backends, i);
        QDict *entry = qdict_new();

        qdict_put_str(entry, "kind", backend->kind);
        qdict_put_str(entry, "id", backend->id);
        if (backend->path) {
            qdict_put_str(entry, "path", backend->path);
        }
        qdict_put_str(entry, "text", backend->path
                      ? "taken by the node" : "no node takes it");
        qlist_append(list, entry);
    }
    return list;
}

static void report_cpus(FdtPlanner *planner, QDict *report)
{
    static const char *const names[] = {
        [FDT_CPU_ARMV5] = "armv5",
        [FDT_CPU_ARMV6] = "armv6",
        [FDT_CPU_ARMV7] = "armv7",
        [FDT_CPU_ARMV8] = "armv8",
        [FDT_CPU_RISCV] = "riscv",
    };
    const char *arch = names[fdt_planner_cpu_arch(planner)];

    qdict_put_int(report, "cpus", fdt_planner_num_cpus(planner));
    if (arch) {
        qdict_put_str(report, "cpu-architecture", arch);
    }
}

static QList *report_warnings(const FdtPlanner *planner)
{
    QList *list = qlist_new();

    for (unsigned i = 0; i < planner->warnings->len; i++) {
        qlist_append_str(list, g_ptr_array_index(planner->warnings, i));
    }
    return list;
}

void fdt_planner_report(FdtPlanner *planner)
{
    const FdtNode *root = fdt_tree_root(planner->tree);
    const char *model = fdt_node_string(root, "model", 0);
    g_autofree char *command_line = g_strdup_printf(
        "-M none -smp %u -preconfig", fdt_planner_num_cpus(planner));
    QDict *report = qdict_new();

    qdict_put_str(report, "file", planner->plan->file);
    if (model) {
        qdict_put_str(report, "model", model);
    }
    qdict_put(report, "compatible", fdt_node_compatible_list(root));
    qdict_put_int(report, "commands", planner->plan->steps->len);
    report_cpus(planner, report);
    qdict_put_int(report, "page-bits", planner->page_bits);
    qdict_put(report, "memory", report_memory(planner));
    qdict_put(report, "nodes", report_nodes(planner));
    qdict_put(report, "stubs", report_stubs(planner));
    qdict_put(report, "findings", report_findings(planner->plan->findings));
    qdict_put(report, "edits", fdt_plan_edits(planner->plan));
    qdict_put(report, "backends", report_backends(planner));
    qdict_put(report, "warnings", report_warnings(planner));
    qdict_put_str(report, "command-line", command_line);
    planner->plan->report = report;
}

QDict *fdt_plan_report(const FdtPlan *plan)
{
    return qobject_ref(plan->report);
}

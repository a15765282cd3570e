/*
 * Files and messages about a load
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/util.h"
#include "qemu/error-report.h"
#include "qobject/qjson.h"
#include "qobject/qlist.h"
#include "qobject/qstring.h"
#include "session.h"
#include "../trace.h"

static bool is_stdout(const char *filename)
{
    return filename && !strcmp(filename, "-");
}

/*
 * The file may be a device or a pipe, so it is written as it is, not written
 * beside and renamed
 */
bool fdt_write_file(const char *key, const char *filename, const char *text,
                    Error **errp)
{
    FILE *file = is_stdout(filename) ? stdout : fopen(filename, "w");
    bool ok;
    int saved_errno;

    if (!file) {
        error_setg_errno(errp, errno, "-dtb-machine: %s: cannot open '%s'",
                         key, filename);
        return false;
    }
    ok = fputs(text, file) >= 0 && fflush(file) == 0;
    saved_errno = errno;
    if (file != stdout && fclose(file) != 0 && ok) {
        ok = false;
        saved_errno = errno;
    }
    if (!ok) {
        error_setg_errno(errp, saved_errno,
                         "-dtb-machine: %s: cannot write '%s'", key, filename);
    }
    return ok;
}

bool fdt_session_write(const FdtSession *session, const FdtPlan *plan,
                       Error **errp)
{
    const FdtMachineOptions *options = session->options;

    if (options->dump_qmp) {
        g_autofree char *commands = fdt_plan_to_qmp(plan);

        if (!fdt_write_file("dump-qmp", options->dump_qmp, commands, errp)) {
            return false;
        }
    }
    if (options->report) {
        g_autoptr(GString) json =
            qobject_to_json_pretty(QOBJECT(session->report), true);

        g_string_append_c(json, '\n');
        if (!fdt_write_file("report", options->report, json->str, errp)) {
            return false;
        }
    }
    return true;
}

/* Of NICs and drives that no node takes, QEMU itself warns */
void fdt_session_warn(const FdtSession *session)
{
    const QListEntry *entry;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(session->report, "backends"), entry) {
        const QDict *backend = qobject_to(QDict, qlist_entry_obj(entry));

        if (!qdict_haskey(backend, "path") &&
            !strcmp(qdict_get_str(backend, "kind"), "serial")) {
            warn_report("%s: no node takes -serial '%s'",
                        session->options->file, qdict_get_str(backend, "id"));
        }
    }
}

/* As many findings as leave the rest of a screen to the others */
#define MAX_WARNINGS    8

static void warn_finding(const char *file, const QDict *finding)
{
    const char *property = qdict_get_try_str(finding, "property");

    warn_report("%s: %s: %s%s%s", file, qdict_get_str(finding, "path"),
                property ?: "", property ? ": " : "",
                qdict_get_str(finding, "text"));
}

void fdt_session_warn_findings(const FdtSession *session)
{
    const QList *findings = qdict_get_qlist(session->report, "findings");
    size_t num = qlist_size(findings), count = 0;
    const char *file = session->options->file;
    const QListEntry *entry;

    QLIST_FOREACH_ENTRY(findings, entry) {
        if (count++ < MAX_WARNINGS) {
            warn_finding(file, qobject_to(QDict, qlist_entry_obj(entry)));
        }
    }
    if (num > MAX_WARNINGS) {
        warn_report("%s: %zu more findings: the report has them, and "
                    "query-fdt-machine", file, num - MAX_WARNINGS);
    }
}

static bool has_string(const QList *list, const char *string)
{
    const QListEntry *entry;

    QLIST_FOREACH_ENTRY(list, entry) {
        QString *other = qobject_to(QString, qlist_entry_obj(entry));

        if (!strcmp(qstring_get_str(other), string)) {
            return true;
        }
    }
    return false;
}

void fdt_session_warn_mute(const FdtSession *session, const QDict *before)
{
    const QListEntry *entry;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(session->report, "warnings"), entry) {
        QString *string = qobject_to(QString, qlist_entry_obj(entry));
        const char *text = qstring_get_str(string);

        if (!before || !has_string(qdict_get_qlist(before, "warnings"), text)) {
            warn_report("%s", text);
        }
    }
}

static void count_verdicts(const QDict *report, unsigned *counts)
{
    const QListEntry *entry;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), entry) {
        const QDict *node = qobject_to(QDict, qlist_entry_obj(entry));
        int verdict = qapi_enum_parse(&FdtMachineVerdict_lookup,
                                      qdict_get_str(node, "verdict"), -1,
                                      NULL);

        if (verdict >= 0) {
            counts[verdict]++;
        }
    }
}

/* How many stubs keep the driver of one compatible from working */
typedef struct Missing {
    const char *compatible;
    unsigned count;
} Missing;

static gint by_count(gconstpointer a, gconstpointer b)
{
    const Missing *left = a, *right = b;

    return left->count != right->count
           ? (left->count < right->count ? 1 : -1)
           : strcmp(left->compatible, right->compatible);
}

/* Compatible strings with the number of stubs, which is their value */
static GHashTable *count_missing(const QDict *report)
{
    GHashTable *counts = g_hash_table_new(g_str_hash, g_str_equal);
    const QListEntry *entry;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), entry) {
        const QDict *node = qobject_to(QDict, qlist_entry_obj(entry));
        const QList *list = qdict_get_qlist(node, "compatible");
        const char *first;

        if (!list || strcmp(qdict_get_str(node, "verdict"), "stub")) {
            continue;
        }
        first = qstring_get_str(qobject_to(QString, qlist_peek(list)));
        g_hash_table_insert(counts, (gpointer)first, GUINT_TO_POINTER(
            GPOINTER_TO_UINT(g_hash_table_lookup(counts, first)) + 1));
    }
    return counts;
}

static GArray *sorted_missing(GHashTable *counts)
{
    GArray *list = g_array_new(false, false, sizeof(Missing));
    GHashTableIter iter;
    gpointer compatible, count;

    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &compatible, &count)) {
        Missing missing = { compatible, GPOINTER_TO_UINT(count) };

        g_array_append_val(list, missing);
    }
    g_array_sort(list, by_count);
    return list;
}

/* The most specific compatible of every stub: it is that driver's hardware */
static void print_missing(const QDict *report)
{
    g_autoptr(GHashTable) counts = count_missing(report);
    g_autoptr(GArray) list = sorted_missing(counts);

    if (list->len) {
        printf("stubs, by the driver that they keep from working:\n");
    }
    for (unsigned i = 0; i < list->len; i++) {
        const Missing *missing = &g_array_index(list, Missing, i);

        printf("  %5u %s\n", missing->count, missing->compatible);
    }
}

void fdt_session_summarize(const FdtSession *session)
{
    unsigned counts[FDT_MACHINE_VERDICT__MAX] = { 0 };
    const FdtMachineOptions *options = session->options;

    if (is_stdout(options->dump_qmp) || is_stdout(options->report)) {
        return;
    }
    count_verdicts(session->report, counts);
    printf("%s: %s\n", options->file,
           qdict_get_try_str(session->report, "model") ?: "no model");
    for (int i = 0; i < FDT_MACHINE_VERDICT__MAX; i++) {
        printf("  %5u %s\n", counts[i], FdtMachineVerdict_str(i));
    }
    printf("  %5" PRId64 " commands\n",
           qdict_get_int(session->report, "commands"));
    print_missing(session->report);
}

void fdt_session_trace(const FdtSession *session)
{
    const QListEntry *entry;

    if (!trace_event_get_state_backends(TRACE_FDT_MACHINE_NODE)) {
        return;
    }
    QLIST_FOREACH_ENTRY(qdict_get_qlist(session->report, "nodes"), entry) {
        const QDict *node = qobject_to(QDict, qlist_entry_obj(entry));

        trace_fdt_machine_node(qdict_get_str(node, "path"),
                               qdict_get_str(node, "verdict"),
                               qdict_get_try_str(node, "driver") ?: "",
                               qdict_get_try_str(node, "reason") ?: "");
    }
}

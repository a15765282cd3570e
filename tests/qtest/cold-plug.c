/*
 * Commands that put a machine together on none, and their answers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qdict.h"
#include "cold-plug.h"

void expect(QTestState *qts, const char *text, const char *line)
{
    g_autoptr(QDict) response = NULL;
    const char *desc = NULL;

    qtest_qmp_send_raw(qts, "%s\n", line);
    response = qtest_qmp_receive(qts);
    if (qdict_haskey(response, "error")) {
        desc = qdict_get_str(qdict_get_qdict(response, "error"), "desc");
    }
    if (text ? !desc || !strstr(desc, text) : desc != NULL) {
        g_test_message("%s", line);
        g_test_message("expected: %s", text ?: "success");
        g_test_message("got: %s", desc ?: "success");
        g_test_fail();
    }
}

char *errors_of(const char *options)
{
    g_autofree char *line = g_strdup_printf(
        "echo quit | %s -display none -monitor stdio %s",
        g_getenv("QTEST_QEMU_BINARY"), options);
    const char *argv[] = { "sh", "-c", line, NULL };
    g_autoptr(GError) err = NULL;
    g_autofree char *out = NULL;
    char *errors = NULL;

    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH,
                               NULL, NULL, &out, &errors, NULL, &err));
    return errors;
}

QTestState *start_none(void)
{
    QTestState *qts = qtest_init("-M none -preconfig");

    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu", ""));
    return qts;
}

void wait_for_migration(QTestState *qts, int64_t passes)
{
    for (;;) {
        g_autoptr(QDict) response = qtest_qmp(
            qts, "{'execute': 'query-migrate'}");
        QDict *result = qdict_get_qdict(response, "return");
        const char *status = qdict_get_try_str(result, "status") ?: "";
        const QDict *ram = qdict_haskey(result, "ram")
            ? qdict_get_qdict(result, "ram") : NULL;

        g_assert_cmpstr(status, !=, "failed");
        if (passes ? ram && qdict_get_int(ram, "dirty-sync-count") >= passes
                   : g_str_equal(status, "completed")) {
            return;
        }
        g_usleep(1000);
    }
}

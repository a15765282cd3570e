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

QTestState *start_none(void)
{
    QTestState *qts = qtest_init("-M none -preconfig");

    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu", ""));
    return qts;
}

/*
 * Text compared with a golden file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "dts.h"
#include "golden.h"

/* Goes to stderr: stdout is for the test's protocol */
static void show_diff(const char *golden, const char *text)
{
    g_autofree char *actual = dts_temp("actual");
    g_autofree char *out = NULL;
    char *argv[] = { (char *)"diff", (char *)"-u", (char *)golden, actual,
                     NULL };

    g_assert_true(g_file_set_contents(actual, text, -1, NULL));
    if (g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                     NULL, NULL, NULL)) {
        fprintf(stderr, "%s", out);
    }
}

void golden_compare(const char *golden, const char *other, const char *text)
{
    g_autofree char *expected = NULL;

    if (g_getenv("FDT_MACHINE_UPDATE")) {
        g_unlink(other);
        g_assert_true(g_file_set_contents(golden, text, -1, NULL));
        return;
    }
    if (g_file_test(other, G_FILE_TEST_EXISTS)) {
        g_test_message("%s expects another outcome; this is: %s", other, text);
        g_test_fail();
    } else if (!g_file_get_contents(golden, &expected, NULL, NULL)) {
        g_test_message("there is no %s; it would have: %s", golden, text);
        g_test_fail();
    } else if (!g_str_equal(expected, text)) {
        show_diff(golden, text);
        g_test_message("not the text of %s", golden);
        g_test_fail();
    }
}

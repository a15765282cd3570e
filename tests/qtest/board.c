/*
 * A board of dts/ in a running QEMU, and what can be seen of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qnum.h"
#include "qobject/qstring.h"
#include "../dts.h"
#include "board.h"

Board *board_new(const char *name)
{
    Board *board = g_new0(Board, 1);
    g_autofree char *dir = dts_dir("../dts");
    g_autofree char *source = g_strconcat(name, ".dts", NULL);
    g_autofree char *overlay = g_strconcat(name, ".dtso", NULL);
    g_autofree char *path = g_build_filename(dir, overlay, NULL);

    board->name = g_strdup(name);
    board->own = true;
    board->blob = dts_compile(dir, source);
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        board->overlay = dts_compile(dir, overlay);
    }
    return board;
}

static char *file_in(const char *dir, const char *name, const char *suffix)
{
    g_autofree char *file = g_strconcat(name, suffix, NULL);

    return g_build_filename(dir, file, NULL);
}

Board *board_new_compiled(const char *dir, const char *name)
{
    Board *board = g_new0(Board, 1);
    g_autofree char *overlay = file_in(dir, name, ".dtbo");

    board->name = g_strdup(name);
    board->blob = file_in(dir, name, ".dtb");
    if (g_file_test(overlay, G_FILE_TEST_EXISTS)) {
        board->overlay = g_steal_pointer(&overlay);
    }
    return board;
}

void board_free(Board *board)
{
    g_free(board->name);
    g_free(board->blob);
    g_free(board->overlay);
    g_free(board);
}

char *board_option(const Board *board, const char *keys)
{
    return g_strconcat("-dtb-machine ", board->blob,
                       board->overlay ? ",overlays.0=" : "",
                       board->overlay ?: "", keys ? "," : "", keys, NULL);
}

QTestState *board_start(const Board *board, const char *keys,
                        const char *options)
{
    g_autofree char *option = board_option(board, keys);

    return qtest_initf("%s %s %s", BOARD_OPTIONS, option, options ?: "");
}

static QDict *command(QTestState *qts, const char *name)
{
    QDict *response = qtest_qmp(qts, "{'execute': %s}", name);

    if (!qdict_haskey(response, "return")) {
        g_error("%s: %s", name, qdict_get_str(qdict_get_qdict(response,
                                                              "error"),
                                              "desc"));
    }
    return response;
}

uint64_t board_uint(const QDict *dict, const char *key)
{
    return qnum_get_uint(qobject_to(QNum, qdict_get(dict, key)));
}

QDict *board_report(QTestState *qts)
{
    g_autoptr(QDict) response = command(qts, "query-fdt-machine");

    return qobject_ref(qdict_get_qdict(response, "return"));
}

/*
 * info mtree -f lists the views in the order of a hash table of addresses
 */

static gint text_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void append_views(GString *state, const char *text)
{
    g_auto(GStrv) views = g_strsplit(text, "FlatView #", -1);
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();

    for (char **view = views + 1; views[0] && *view; view++) {
        char *body = strchr(*view, '\n');

        g_assert_nonnull(body);
        g_ptr_array_add(sorted, body);
    }
    g_assert_cmpuint(sorted->len, >, 0);
    g_ptr_array_sort(sorted, text_compare);
    for (unsigned i = 0; i < sorted->len; i++) {
        g_string_append_printf(state, "view%s",
                               (char *)g_ptr_array_index(sorted, i));
    }
}

/*
 * Links
 */

static QList *object_properties(QTestState *qts, const char *path)
{
    g_autoptr(QDict) response = qtest_qmp(
        qts, "{'execute': 'qom-list', 'arguments': {'path': %s}}", path);

    g_assert_true(qdict_haskey(response, "return"));
    return qobject_ref(qdict_get_qlist(response, "return"));
}

char *board_get(QTestState *qts, const char *path, const char *property)
{
    g_autoptr(QDict) response = qtest_qmp(
        qts, "{'execute': 'qom-get', 'arguments': {'path': %s, "
        "'property': %s}}", path, property);
    const char *value = qdict_get_try_str(response, "return");

    return g_strdup(value ?: "?");
}

static void append_links(GString *state, QTestState *qts, const char *path)
{
    g_autoptr(QList) properties = object_properties(qts, path);
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(properties, e) {
        QDict *property = qobject_to(QDict, qlist_entry_obj(e));
        const char *name = qdict_get_str(property, "name");
        const char *type = qdict_get_str(property, "type");

        if (g_str_has_prefix(type, "link<")) {
            g_autofree char *value = board_get(qts, path, name);

            g_string_append_printf(state, "%s %s = %s\n", path, name, value);
        } else if (g_str_has_prefix(type, "child<") &&
                   !g_str_equal(type, "child<irq>") &&
                   !g_str_equal(type, "child<memory-region>")) {
            g_autofree char *child = g_strdup_printf("%s/%s", path, name);

            append_links(state, qts, child);
        }
    }
}

static void feed_line(QTestState *qts, const char *line)
{
    g_autoptr(QDict) response = NULL;

    qtest_qmp_send_raw(qts, "%s\n", line);
    response = qtest_qmp_receive(qts);
    if (!qdict_haskey(response, "return")) {
        g_error("%s: %s", line, qdict_get_str(qdict_get_qdict(response,
                                                              "error"),
                                              "desc"));
    }
}

unsigned board_feed(QTestState *qts, const char *file)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    unsigned n = 0;

    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (**line) {
            feed_line(qts, *line);
            n++;
        }
    }
    return n;
}

static void append_page_bits(GString *state, QTestState *qts)
{
    g_autoptr(QDict) response = qtest_qmp(
        qts, "{'execute': 'qom-get', 'arguments': {'path': '/machine', "
        "'property': 'minimum-page-bits'}}");

    g_string_append_printf(state, "pages of %" PRIu64 " bits\n",
                           board_uint(response, "return"));
}

char *board_state(QTestState *qts)
{
    g_autofree char *qtree = qtest_hmp(qts, "info qtree");
    g_autofree char *views = qtest_hmp(qts, "info mtree -f");
    GString *state = g_string_new(qtree);

    append_page_bits(state, qts);
    append_views(state, views);
    append_links(state, qts, "/machine");
    return g_string_free(state, false);
}

void board_compare(const char *what, const char *a, const char *b)
{
    g_autofree char *file_a = dts_temp("before");
    g_autofree char *file_b = dts_temp("after");
    char *argv[] = { (char *)"diff", (char *)"-u", file_a, file_b, NULL };

    if (g_str_equal(a, b)) {
        return;
    }
    g_file_set_contents(file_a, a, -1, NULL);
    g_file_set_contents(file_b, b, -1, NULL);
    g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                 NULL, NULL, NULL);
    g_test_message("%s: not the same machine", what);
    g_test_fail();
}

/*
 * RAM of a tree on memory backends of the user, by -dtb-machine and by
 * fdt-machine-load
 *
 * The tree is data/plan/memory-backends.dts, of three banks, or
 * data/plan/memory-path.dts, of one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "qemu/bswap.h"
#include "qobject/qlist.h"
#include "qemu/units.h"
#include "board.h"
#include "cold-plug.h"
#include "../dts.h"

#define PATTERN 0xfeedface
#define BANK 0x40000000             /* the first one of both trees */
#define BANK_SIZE (256 * MiB)

static char *tree(const char *name)
{
    g_autofree char *dir = dts_dir("data/plan");

    return dts_compile(dir, name);
}

/* An empty file, which becomes as large as a backend wants */
static char *make_file(void)
{
    char *path = NULL;
    int fd = g_file_open_tmp("fdt-machine-ram-XXXXXX", &path, NULL);

    g_assert_cmpint(fd, >=, 0);
    close(fd);
    return path;
}

static uint32_t word_of(const char *path, long offset)
{
    FILE *file = fopen(path, "rb");
    uint32_t word;

    g_assert_nonnull(file);
    g_assert_cmpint(fseek(file, offset, SEEK_SET), ==, 0);
    g_assert_cmpint(fread(&word, sizeof(word), 1, file), ==, 1);
    fclose(file);
    return le32_to_cpu(word);
}

/* The report says so of memory and of backends */
static void check_report(QTestState *qts, const char *path,
                         const char *memdev)
{
    g_autoptr(QDict) report = board_report(qts);
    const QListEntry *e;
    unsigned banks = 0, backends = 0;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "memory"), e) {
        const QDict *bank = qobject_to(QDict, qlist_entry_obj(e));

        banks += g_str_equal(qdict_get_str(bank, "path"), path) &&
                 g_str_equal(qdict_get_str(bank, "memdev"), memdev);
    }
    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "backends"), e) {
        const QDict *backend = qobject_to(QDict, qlist_entry_obj(e));

        backends += g_str_equal(qdict_get_str(backend, "kind"), "memory") &&
                    g_str_equal(qdict_get_str(backend, "id"), memdev) &&
                    g_str_equal(qdict_get_str(backend, "path"), path);
    }
    g_assert_cmpuint(banks, ==, 1);
    g_assert_cmpuint(backends, ==, 1);
}

/* What the guest writes to the bank is in the file */
static void check_shared(QTestState *qts, const char *file)
{
    qtest_writel(qts, BANK + 0x1000, PATTERN);
    g_assert_cmphex(word_of(file, 0x1000), ==, PATTERN);
    check_report(qts, "/memory@40000000", "ram0");
    qtest_quit(qts);
}

#define FILE_OBJECT "-object memory-backend-file,id=ram0,size=256M,share=on," \
                    "mem-path=%s "
#define SMALL_OBJECT "-object memory-backend-ram,id=ram1,size=64M "

static void test_keyval(void)
{
    g_autofree char *file = make_file();
    g_autofree char *blob = tree("memory-backends.dts");
    QTestState *qts = qtest_initf(
        BOARD_OPTIONS " " FILE_OBJECT SMALL_OBJECT "-dtb-machine %s,"
        "memory-backends.0.node=/memory@40000000,"
        "memory-backends.0.memdev=ram0,memory-backends.1.node=bank1,"
        "memory-backends.1.memdev=ram1,memory-backends.1.reg=1", file, blob);

    check_report(qts, "/memory@80000000", "ram1");
    check_shared(qts, file);
    g_unlink(file);
}

static void test_json(void)
{
    g_autofree char *file = make_file();
    g_autofree char *blob = tree("memory-backends.dts");
    QTestState *qts = qtest_initf(
        BOARD_OPTIONS " " FILE_OBJECT "-dtb-machine '{\"file\": \"%s\", "
        "\"memory-backends\": [ { \"node\": \"/memory@40000000\", "
        "\"memdev\": \"ram0\" } ] }'", file, blob);

    check_shared(qts, file);
    g_unlink(file);
}

/* The commands name the backend, which has to be there again */
static void test_replay(void)
{
    g_autofree char *file = make_file();
    g_autofree char *plan = dts_temp("plan.qmp");
    g_autofree char *blob = tree("memory-path.dts");
    QTestState *qts = qtest_initf(
        BOARD_OPTIONS " " FILE_OBJECT "-dtb-machine %s,dump-qmp=%s,"
        "memory-backends.0.node=/memory@40000000,"
        "memory-backends.0.memdev=ram0", file, blob, plan);

    check_shared(qts, file);
    qts = qtest_initf("-M none -preconfig " BOARD_OPTIONS " " FILE_OBJECT,
                      file);
    board_feed(qts, plan);
    expect(qts, NULL, EXIT);
    g_assert_cmphex(qtest_readl(qts, BANK + 0x1000), ==, PATTERN);
    qtest_quit(qts);
    g_unlink(file);
}

/* "ram0" for one memory node; the caller frees */
static char *load_line(const char *blob, const char *node, const char *memdev)
{
    return g_strdup_printf(
        "{\"execute\": \"fdt-machine-load\", \"arguments\": {\"file\": "
        "\"%s\", \"memory-backends\": [{\"node\": \"%s\", \"memdev\": "
        "\"%s\"}]}}", blob, node, memdev);
}

/* Backends are made by QMP; what was refused leaves nothing behind */
static void test_load(void)
{
    g_autofree char *file = make_file();
    g_autofree char *blob = tree("memory-backends.dts");
    g_autofree char *good = load_line(blob, "/memory@40000000", "ram0");
    g_autofree char *absent = load_line(blob, "/memory@40000000", "nobody");
    g_autofree char *other = load_line(blob, "/memory@40000000", "rng0");
    g_autofree char *small = load_line(blob, "/memory@40000000", "ram1");
    g_autofree char *object = g_strdup_printf(
        "{\"execute\": \"object-add\", \"arguments\": {\"qom-type\": "
        "\"memory-backend-file\", \"id\": \"ram0\", \"size\": 268435456, "
        "\"share\": true, \"mem-path\": \"%s\"}}", file);
    QTestState *qts = qtest_initf("-M none -preconfig " BOARD_OPTIONS
                                  " -object rng-builtin,id=rng0 "
                                  SMALL_OBJECT);

    expect(qts, "there is no memory backend 'nobody'", absent);
    expect(qts, "'rng0' is a rng-builtin, which is no memory backend", other);
    expect(qts, "/memory@40000000: memory-backends: 'ram1' has a size of 64M, "
           "the bank has 256M", small);
    expect(qts, NULL, object);
    expect(qts, NULL, good);
    expect(qts, NULL, EXIT);
    check_shared(qts, file);
    g_unlink(file);
}

/* One that a device of the user has */
static void test_used(void)
{
    g_autofree char *blob = tree("memory-backends.dts");
    g_autofree char *line = load_line(blob, "bank1", "ram1");
    QTestState *qts = qtest_initf("-M none -preconfig " BOARD_OPTIONS " "
                                  SMALL_OBJECT);

    expect(qts, NULL, ADD("sysbus-memory", "mine", ", \"memdev\": \"ram1\""));
    expect(qts, "bank1: memory-backends: 'ram1' is used already", line);
    qtest_quit(qts);
}

/* A further load cannot give a bank to another backend, and can a new bank */
static void test_further(void)
{
    g_autofree char *blob = tree("memory-path.dts");
    g_autofree char *more = tree("memory-backends.dts");
    g_autofree char *first = load_line(blob, "/memory@40000000", "ram0");
    g_autofree char *other = load_line(more, "/memory@40000000", "ram2");
    g_autofree char *second = g_strdup_printf(
        "{\"execute\": \"fdt-machine-load\", \"arguments\": {\"file\": "
        "\"%s\", \"memory-backends\": [{\"node\": \"/memory@80000000\", "
        "\"memdev\": \"ram1\", \"reg\": 1}]}}", more);
    QTestState *qts = qtest_initf(
        "-M none -preconfig " BOARD_OPTIONS " -object memory-backend-ram,"
        "id=ram0,size=256M -object memory-backend-ram,id=ram2,size=256M "
        SMALL_OBJECT);

    expect(qts, NULL, first);
    expect(qts, "/memory@40000000: memory-backends: 'ram0' is the bank's "
           "memory already", other);
    expect(qts, NULL, second);
    check_report(qts, "/memory@80000000", "ram1");
    expect(qts, NULL, EXIT);
    qtest_writel(qts, 0x90000000, PATTERN);
    g_assert_cmphex(qtest_readl(qts, 0x90000000), ==, PATTERN);
    qtest_quit(qts);
}

static void test_machine_backend(void)
{
    g_autofree char *file = make_file();
    g_autofree char *blob = tree("memory-path.dts");
    QTestState *qts = qtest_initf(
        BOARD_OPTIONS " " FILE_OBJECT "-machine memory-backend=ram0 "
        "-dtb-machine %s", file, blob);

    check_shared(qts, file);
    g_unlink(file);
}

/* -mem-path, and -mem-prealloc, for the backend that the plan makes */
static void test_mem_path(void)
{
    g_autofree char *file = make_file();
    g_autofree char *blob = tree("memory-path.dts");
    QTestState *qts = qtest_initf(BOARD_OPTIONS " -m 2M -mem-path %s "
                                  "-mem-prealloc -dtb-machine %s", file, blob);
    g_autofree char *path = board_get(qts, "/objects/memory-40000000-ram",
                                      "mem-path");
    g_autoptr(QDict) prealloc = qtest_qmp(
        qts, "{'execute': 'qom-get', 'arguments': {'path': "
        "'/objects/memory-40000000-ram', 'property': 'prealloc'}}");

    g_assert_cmpstr(path, ==, file);
    g_assert_true(qdict_get_bool(prealloc, "return"));
    qtest_writel(qts, BANK, PATTERN);
    g_assert_cmphex(qtest_readl(qts, BANK), ==, PATTERN);
    qtest_quit(qts);
    g_unlink(file);
}

/* The same by fdt-machine-load */
static void test_mem_path_load(void)
{
    g_autofree char *file = make_file();
    g_autofree char *blob = tree("memory-path.dts");
    g_autofree char *banks = tree("memory-backends.dts");
    g_autofree char *line = g_strdup_printf(
        "{\"execute\": \"fdt-machine-load\", \"arguments\": {\"file\": "
        "\"%s\"}}", blob);
    g_autofree char *several = g_strdup_printf(
        "{\"execute\": \"fdt-machine-load\", \"arguments\": {\"file\": "
        "\"%s\"}}", banks);
    QTestState *qts = qtest_initf("-M none -preconfig " BOARD_OPTIONS
                                  " -m 2M -mem-path %s", file);
    g_autofree char *path = NULL;

    expect(qts, NULL, line);
    path = board_get(qts, "/objects/memory-40000000-ram", "mem-path");
    g_assert_cmpstr(path, ==, file);
    qtest_quit(qts);

    qts = qtest_initf("-M none -preconfig " BOARD_OPTIONS " -mem-path %s",
                      file);
    expect(qts, "-mem-path is for trees with one bank", several);
    qtest_quit(qts);
    g_unlink(file);
}

/* A bank that is left out is not there: nothing answers */
static void test_omit(void)
{
    g_autofree char *blob = tree("memory-backends.dts");
    QTestState *qts = qtest_initf(BOARD_OPTIONS " -dtb-machine %s,"
                                  "omit.0=bank1", blob);

    qtest_writel(qts, BANK, PATTERN);
    qtest_writel(qts, 0x80000000, PATTERN);
    g_assert_cmphex(qtest_readl(qts, BANK), ==, PATTERN);
    g_assert_cmphex(qtest_readl(qts, 0x80000000), ==, 0);
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    qtest_add_func("fdt-machine/memory-backend/keyval", test_keyval);
    qtest_add_func("fdt-machine/memory-backend/json", test_json);
    qtest_add_func("fdt-machine/memory-backend/replay", test_replay);
    qtest_add_func("fdt-machine/memory-backend/load", test_load);
    qtest_add_func("fdt-machine/memory-backend/used", test_used);
    qtest_add_func("fdt-machine/memory-backend/further", test_further);
    qtest_add_func("fdt-machine/memory-backend/machine", test_machine_backend);
    qtest_add_func("fdt-machine/memory-backend/mem-path", test_mem_path);
    qtest_add_func("fdt-machine/memory-backend/mem-path-load",
                   test_mem_path_load);
    qtest_add_func("fdt-machine/memory-backend/omit", test_omit);
    result = g_test_run();
    dts_clean();
    return result;
}

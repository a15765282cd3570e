/*
 * Migration of a machine whose guest runs and writes to its second bank of RAM
 *
 * What a guest writes while its memory is sent has to be sent again.  TCG
 * notes such writes by the ram_addr_t of the page; that of a second bank does
 * not begin at 0.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "qobject/qdict.h"
#include "cold-plug.h"

#define CODE        0x40000000
#define COUNTERS    0x50000000
#define PAGE        4096
#define NUM_PAGES   64

/* For ever: one more than last time, to the first word of every page */
static const uint32_t guest_code[] = {
    0xd2aa0000,     /*        mov  x0, #0x50000000     COUNTERS */
    0xd2aa0082,     /*        mov  x2, #0x50040000     ... + NUM_PAGES * PAGE */
    0x52800001,     /*        mov  w1, #0 */
    0x11000421,     /* round: add  w1, w1, #1 */
    0xaa0003e3,     /*        mov  x3, x0 */
    0xb9000061,     /* page:  str  w1, [x3] */
    0x91400463,     /*        add  x3, x3, #1, lsl #12 */
    0xeb02007f,     /*        cmp  x3, x2 */
    0x54ffffa1,     /*        b.ne page */
    0x17fffffa,     /*        b    round */
};

typedef struct Banks {
    const char *name;
    const char *first;          /* arguments of sysbus-memory */
    const char *second;
} Banks;

static const Banks banks[] = {
    { "larger", ", \"size\": 2097152", ", \"size\": 4194304" },
    { "equal", ", \"size\": 2097152", ", \"size\": 2097152" },
    { "smaller", ", \"size\": 4194304", ", \"size\": 2097152" },
};

/* "loader" without a file: where the CPU starts */
static QTestState *start_banks(const Banks *b, const char *options)
{
    QTestState *qts = qtest_initf("-M none -accel tcg -preconfig -S %s",
                                  options);
    g_autofree char *first = g_strdup_printf(
        "{\"execute\": \"device_add\", \"arguments\": {\"driver\": "
        "\"sysbus-memory\", \"id\": \"first\"%s}}", b->first);
    g_autofree char *second = g_strdup_printf(
        "{\"execute\": \"device_add\", \"arguments\": {\"driver\": "
        "\"sysbus-memory\", \"id\": \"second\"%s}}", b->second);

    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu", ""));
    expect(qts, NULL, first);
    expect(qts, NULL, second);
    expect(qts, NULL, MAP("first", ", \"addr\": 1073741824"));
    expect(qts, NULL, MAP("second", ", \"addr\": 1342177280"));
    expect(qts, NULL, ADD("loader", "start", ", \"addr\": 1073741824, "
                          "\"cpu-num\": 0"));
    expect(qts, NULL, EXIT);
    return qts;
}

static void run_guest(QTestState *qts)
{
    for (unsigned i = 0; i < ARRAY_SIZE(guest_code); i++) {
        qtest_writel(qts, CODE + i * 4, guest_code[i]);
    }
    qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
    while (!qtest_readl(qts, COUNTERS + (NUM_PAGES - 1) * PAGE)) {
        g_usleep(1000);
    }
}

/* bytes a second, ms: too few of both for a guest that writes all the time */
#define SLOW "{'max-bandwidth': 1000000, 'downtime-limit': 1}"
#define FAST "{'max-bandwidth': 1000000000, 'downtime-limit': 2000}"
#define PASSES 4

#define SET_SPEED(speed) \
    "{'execute': 'migrate-set-parameters', 'arguments': " speed "}"

static void test_banks(const void *opaque)
{
    g_autofree char *dir = g_dir_make_tmp("migrate-ram-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(dir, "state", NULL);
    g_autofree char *uri = g_strconcat("file:", file, NULL);
    QTestState *from = start_banks(opaque, "");
    QTestState *to = start_banks(opaque, "-incoming defer");

    run_guest(from);
    qtest_qmp_assert_success(from, SET_SPEED(SLOW));
    qtest_qmp_assert_success(from, "{'execute': 'migrate', 'arguments': "
                             "{'uri': %s}}", uri);
    wait_for_migration(from, PASSES);
    qtest_qmp_assert_success(from, SET_SPEED(FAST));
    wait_for_migration(from, 0);
    qtest_qmp_assert_success(to, "{'execute': 'migrate-incoming', "
                             "'arguments': {'uri': %s}}", uri);
    wait_for_migration(to, 0);
    for (unsigned i = 0; i < NUM_PAGES; i++) {
        g_assert_cmphex(qtest_readl(to, COUNTERS + i * PAGE), ==,
                        qtest_readl(from, COUNTERS + i * PAGE));
    }
    qtest_quit(from);
    qtest_quit(to);
    g_unlink(file);
    g_rmdir(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < ARRAY_SIZE(banks); i++) {
        g_autofree char *path = g_strconcat("fdt-machine/migrate-ram/",
                                            banks[i].name, NULL);

        qtest_add_data_func(path, &banks[i], test_banks);
    }
    return g_test_run();
}

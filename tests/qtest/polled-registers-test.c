/*
 * The stub that helps programs on: small programs that wait for bits, and what
 * it tells of them; accesses of all sizes; migration
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "cold-plug.h"

#define CODE        0x40000000
#define RESULT      0x40001000
#define REGISTERS   0x50000000
#define PATIENCE    4

/* What all programs begin with: x0 is REGISTERS, x9 is RESULT */
static const uint32_t begin[] = {
    0xd2aa0000,     /*        mov  x0, #0x50000000 */
    0xd2a80009,     /*        mov  x9, #0x40000000 */
    0x91400529,     /*        add  x9, x9, #0x1000 */
};

/* And end with: the last value that was read is stored */
static const uint32_t end[] = {
    0xb9000121,     /*        str  w1, [x9] */
    0x14000000,     /*        b    . */
};

typedef struct Wait {
    const char *name;
    uint32_t code[8];           /* up to a zero; w1 is what is read */
    uint32_t offset;            /* of the register that is waited for */
    uint32_t read_at;           /* index of the instruction in code[] */
    uint32_t mask, value;       /* what is waited for; 0: something else */
} Wait;

static const Wait waits[] = {
    { "set", {
        0xb9401001,     /* wait:  ldr  w1, [x0, #0x10] */
        0x363fffe1,     /*        tbz  w1, #7, wait */
      }, 0x10, 0, 0x80, 0x80 },
    { "cleared", {
        0x52801fe1,     /*        mov  w1, #0xff */
        0xb9002001,     /*        str  w1, [x0, #0x20] */
        0xb9402001,     /* wait:  ldr  w1, [x0, #0x20] */
        0x371fffe1,     /*        tbnz w1, #3, wait */
      }, 0x20, 2, 0x8, 0 },
    { "field", {
        0xb9403001,     /* wait:  ldr  w1, [x0, #0x30] */
        0x53082c22,     /*        ubfx w2, w1, #8, #4 */
        0x7100285f,     /*        cmp  w2, #10 */
        0x54ffffa1,     /*        b.ne wait */
      }, 0x30, 0, 0xf00, 0xa00 },
    { "counter", {
        0x5289c404,     /*        mov  w4, #20000 */
        0xb9404003,     /*        ldr  w3, [x0, #0x40] */
        0xb9404001,     /* wait:  ldr  w1, [x0, #0x40] */
        0x4b030022,     /*        sub  w2, w1, w3 */
        0x6b04005f,     /*        cmp  w2, w4 */
        0x54ffffa3,     /*        b.lo wait */
      }, 0x40, 2, 0, 0 },
    { "copy", {
        0x5280b4a3,     /*        mov  w3, #0x5a5 */
        0xb9005003,     /*        str  w3, [x0, #0x50] */
        0xb9405401,     /* wait:  ldr  w1, [x0, #0x54] */
        0x6b03003f,     /*        cmp  w1, w3 */
        0x54ffffc1,     /*        b.ne wait */
      }, 0x54, 2, UINT32_MAX, 0x5a5 },
};

/* @more: arguments of the stub */
static QTestState *start(const char *options, const char *more)
{
    QTestState *qts = qtest_initf("-M none -preconfig -S %s", options);
    g_autofree char *stub = g_strdup_printf(
        "{\"execute\": \"device_add\", \"arguments\": {\"driver\": "
        "\"polled-registers\", \"id\": \"stub\", \"size\": 4096, \"nodes\": "
        "[\"/soc\", \"/soc/clocks\"], \"ranges\": [0, 4096, 1342177280, 16, "
        "240, 1342177296]%s}}", more);

    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu", ""));
    expect(qts, NULL, ADD("sysbus-memory", "ram", ", \"size\": 1048576"));
    expect(qts, NULL, MAP("ram", ", \"addr\": 1073741824"));
    expect(qts, NULL, stub);
    expect(qts, NULL, MAP("stub", ", \"addr\": 1342177280"));
    expect(qts, NULL, ADD("loader", "start", ", \"addr\": 1073741824, "
                          "\"cpu-num\": 0"));
    expect(qts, NULL, EXIT);
    return qts;
}

static QList *query_rescues(QTestState *qts)
{
    QDict *response = qtest_qmp(qts, "{'execute': 'qom-get', 'arguments': "
                                "{'path': '/machine/peripheral/stub', "
                                "'property': 'rescues'}}");
    QList *rescues = qdict_get_qlist(response, "return");

    g_assert_nonnull(rescues);
    qobject_ref(rescues);
    qobject_unref(response);
    return rescues;
}

static uint64_t write_code(QTestState *qts, uint64_t at, const uint32_t *code,
                           unsigned n)
{
    for (unsigned i = 0; i < n && code[i]; i++, at += 4) {
        qtest_writel(qts, at, code[i]);
    }
    return at;
}

static void write_program(QTestState *qts, const Wait *wait)
{
    uint64_t at = write_code(qts, CODE, begin, ARRAY_SIZE(begin));

    at = write_code(qts, at, wait->code, ARRAY_SIZE(wait->code));
    write_code(qts, at, end, ARRAY_SIZE(end));
}

/* @tries: of 1 ms; 0: the program never ends */
static uint32_t wait_for_result(QTestState *qts, unsigned tries)
{
    uint32_t result = 0;

    for (unsigned i = 0; !result && i < tries; i++) {
        g_usleep(1000);
        result = qtest_readl(qts, RESULT);
    }
    return result;
}

static QDict *only_rescue(QList *rescues)
{
    g_assert_cmpuint(qlist_size(rescues), ==, 1);
    return qobject_to(QDict, qlist_entry_obj(qlist_first(rescues)));
}

static void check_rescue(const Wait *wait, const QDict *rescue, uint32_t result)
{
    g_assert_cmpstr(qdict_get_str(rescue, "path"), ==, "/soc/clocks");
    g_assert_cmphex(qdict_get_int(rescue, "address"), ==,
                    REGISTERS + wait->offset);
    g_assert_cmphex(qdict_get_int(rescue, "offset"), ==, wait->offset - 16);
    g_assert_cmphex(qdict_get_int(rescue, "pc"), ==,
                    CODE + 4 * (ARRAY_SIZE(begin) + wait->read_at));
    g_assert_cmpint(qdict_get_int(rescue, "count"), ==, 1);
    g_assert_cmphex(qdict_get_int(rescue, "value"), ==, result);
    g_assert_cmphex(result & wait->mask, ==, wait->value);
}

/* The same program, twice, is helped on by the same answers */
static void test_wait(const void *opaque)
{
    static const char *const options[] = {
        "-accel tcg", "-accel tcg", "-accel tcg -icount shift=1",
        "-accel tcg,one-insn-per-tb=on",
    };
    const Wait *wait = opaque;
    int64_t answers = 0;

    for (int i = 0; i < ARRAY_SIZE(options); i++) {
        QTestState *qts = start(options[i], "");
        QList *rescues;
        QDict *rescue;
        uint32_t result;

        write_program(qts, wait);
        qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
        result = wait_for_result(qts, 10000);
        g_assert_cmphex(result, !=, 0);
        rescues = query_rescues(qts);
        rescue = only_rescue(rescues);
        check_rescue(wait, rescue, result);
        answers = answers ?: qdict_get_int(rescue, "answers");
        g_assert_cmpint(qdict_get_int(rescue, "answers"), ==, answers);
        qobject_unref(rescues);
        qtest_quit(qts);
    }
}

static void test_no_patience(void)
{
    QTestState *qts = start("-accel tcg", ", \"patience\": 0");
    QList *rescues;

    write_program(qts, &waits[0]);
    qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
    g_assert_cmphex(wait_for_result(qts, 200), ==, 0);
    rescues = query_rescues(qts);
    g_assert_true(qlist_empty(rescues));
    qobject_unref(rescues);
    qtest_quit(qts);
}

/* A register that is known needs no rescue, whatever is written to it */
static void test_known(void)
{
    QTestState *qts = start("-accel tcg", ", \"reads\": [16, 128, 255, "
                            "64, 5, 0]");
    QList *rescues;

    write_program(qts, &waits[0]);
    qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
    g_assert_cmphex(wait_for_result(qts, 10000), ==, 0x80);
    rescues = query_rescues(qts);
    g_assert_true(qlist_empty(rescues));
    qobject_unref(rescues);
    qtest_writel(qts, REGISTERS + 16, 0x12345678);
    g_assert_cmphex(qtest_readl(qts, REGISTERS + 16), ==, 0x12345680);
    g_assert_cmphex(qtest_readb(qts, REGISTERS + 16), ==, 0x80);
    g_assert_cmphex(qtest_readl(qts, REGISTERS + 64), ==, 5);
    g_assert_cmphex(qtest_readl(qts, REGISTERS + 64), ==, 10);
    qtest_quit(qts);
}

static void test_sizes(void)
{
    static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
    uint8_t back[sizeof(bytes)];
    QTestState *qts = start("", "");

    qtest_writeq(qts, REGISTERS, 0x1122334455667788);
    g_assert_cmphex(qtest_readl(qts, REGISTERS + 4), ==, 0x11223344);
    g_assert_cmphex(qtest_readw(qts, REGISTERS + 2), ==, 0x5566);
    qtest_writeb(qts, REGISTERS + 3, 0xee);
    g_assert_cmphex(qtest_readl(qts, REGISTERS), ==, 0xee667788);
    qtest_writel(qts, REGISTERS + 6, 0xaabbccdd);
    g_assert_cmphex(qtest_readq(qts, REGISTERS + 3), ==, 0x0aabbccdd3344ee);
    qtest_memwrite(qts, REGISTERS + 4090 - sizeof(bytes), bytes,
                   sizeof(bytes));
    qtest_memread(qts, REGISTERS + 4090 - sizeof(bytes), back, sizeof(back));
    g_assert_cmpmem(bytes, sizeof(bytes), back, sizeof(back));
    qtest_quit(qts);
}

/* Data of a program that takes the stub for memory are not changed */
static void test_memory(void)
{
    QTestState *qts = start("", ", \"memory\": true");
    bool varied = false;

    qtest_writel(qts, REGISTERS + 8, 0x1234);
    for (int i = 0; i < 100; i++) {
        g_assert_cmphex(qtest_readl(qts, REGISTERS + 8), ==, 0x1234);
    }
    for (int i = 0; i < 100; i++) {
        varied |= qtest_readl(qts, REGISTERS + 12) != 0;
    }
    g_assert_true(varied);
    qtest_quit(qts);
}

/* A reset forgets what was written, not what is told of the run */
static void test_reset(void)
{
    QTestState *qts = start("", "");
    uint32_t first[100];
    QList *rescues;

    qtest_writel(qts, REGISTERS + 8, 0x1234);
    for (int i = 0; i < ARRAY_SIZE(first); i++) {
        first[i] = qtest_readl(qts, REGISTERS);
    }
    qtest_system_reset(qts);
    g_assert_cmphex(qtest_readl(qts, REGISTERS + 8), ==, 0);
    qtest_writel(qts, REGISTERS + 8, 0x1234);
    for (int i = 0; i < ARRAY_SIZE(first); i++) {
        g_assert_cmphex(qtest_readl(qts, REGISTERS), ==, first[i]);
    }
    rescues = query_rescues(qts);
    g_assert_cmpint(qdict_get_int(only_rescue(rescues), "count"), ==, 2);
    qobject_unref(rescues);
    qtest_quit(qts);
}

/* In the middle of a rescue: both give the same answers from there on */
static void test_migration(void)
{
    g_autofree char *dir = g_dir_make_tmp("polled-registers-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(dir, "state", NULL);
    g_autofree char *uri = g_strconcat("file:", file, NULL);
    QTestState *from = start("", ""), *to = start("-incoming defer", "");
    QList *before, *after;

    qtest_writeq(from, REGISTERS + 0x100, 0x1122334455667788);
    for (int i = 0; i < PATIENCE + 7; i++) {
        qtest_readl(from, REGISTERS);
    }
    qtest_writel(to, REGISTERS + 0x200, 0x99);
    qtest_qmp_assert_success(from, "{'execute': 'migrate', 'arguments': "
                             "{'uri': %s}}", uri);
    wait_for_migration(from, 0);
    qtest_qmp_assert_success(to, "{'execute': 'migrate-incoming', "
                             "'arguments': {'uri': %s}}", uri);
    wait_for_migration(to, 0);
    before = query_rescues(from);
    after = query_rescues(to);
    g_assert_true(qobject_is_equal(QOBJECT(before), QOBJECT(after)));
    g_assert_cmphex(qtest_readq(to, REGISTERS + 0x100), ==,
                    qtest_readq(from, REGISTERS + 0x100));
    g_assert_cmphex(qtest_readl(to, REGISTERS + 0x200), ==, 0);
    qtest_readl(from, REGISTERS + 0x200);
    for (int i = 0; i < 2000; i++) {
        g_assert_cmphex(qtest_readl(to, REGISTERS), ==,
                        qtest_readl(from, REGISTERS));
    }
    qobject_unref(before);
    qobject_unref(after);
    qtest_quit(from);
    qtest_quit(to);
    g_unlink(file);
    g_rmdir(dir);
}

static void test_refused(void)
{
    QTestState *qts = start_none();

    expect(qts, "'size' is missing", ADD("polled-registers", "a", ""));
    expect(qts, "no offsets with a value and a mask each",
           ADD("polled-registers", "a", ", \"size\": 16, \"reads\": [1, 2]"));
    expect(qts, "'reads': 0xd is past the end",
           ADD("polled-registers", "a", ", \"size\": 16, "
               "\"reads\": [13, 1, 1]"));
    expect(qts, "'ranges' has 1 numbers for 1 'nodes'",
           ADD("polled-registers", "a", ", \"size\": 16, "
               "\"nodes\": [\"/a\"], \"ranges\": [1]"));
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < ARRAY_SIZE(waits); i++) {
        g_autofree char *path = g_strconcat("fdt-machine/polled/wait/",
                                            waits[i].name, NULL);

        qtest_add_data_func(path, &waits[i], test_wait);
    }
    qtest_add_func("fdt-machine/polled/no-patience", test_no_patience);
    qtest_add_func("fdt-machine/polled/known", test_known);
    qtest_add_func("fdt-machine/polled/sizes", test_sizes);
    qtest_add_func("fdt-machine/polled/memory", test_memory);
    qtest_add_func("fdt-machine/polled/reset", test_reset);
    qtest_add_func("fdt-machine/polled/migration", test_migration);
    qtest_add_func("fdt-machine/polled/refused", test_refused);
    return g_test_run();
}

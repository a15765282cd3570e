/*
 * Further trees and overlays, loaded by QMP into a machine that a tree, and the
 * user, have begun
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qlist.h"
#include "board.h"
#include "cold-plug.h"
#include "../dts.h"

#define LOAD "{\"execute\": \"fdt-machine-load\", \"arguments\": " \
             "{\"file\": \"%s\"}}"

static QTestState *start(void)
{
    g_autofree char *dir = dts_dir("../dts");
    g_autofree char *blob = dts_compile(dir, "a53-gicv2.dts");

    return qtest_initf("-preconfig " BOARD_OPTIONS " -dtb-machine %s", blob);
}

/* Load data/load/@name; @text as in expect() */
static void load(QTestState *qts, const char *text, const char *name)
{
    g_autofree char *dir = dts_dir("data/load");
    g_autofree char *blob = dts_compile(dir, name);
    g_autofree char *line = g_strdup_printf(LOAD, blob);

    expect(qts, text, line);
}

/* PrimeCell's last identification register: 0xb1, or nothing is there */
static uint32_t primecell(QTestState *qts, uint64_t base)
{
    return qtest_readl(qts, base + 0xffc);
}

/* A string of the report's entry for a node; the caller frees */
static char *node_string(QTestState *qts, const char *path, const char *key)
{
    g_autoptr(QDict) report = board_report(qts);
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), e) {
        const QDict *node = qobject_to(QDict, qlist_entry_obj(e));

        if (g_str_equal(qdict_get_str(node, "path"), path)) {
            return g_strdup(qdict_get_try_str(node, key));
        }
    }
    return NULL;
}

/* Whether the guest's tree was changed at a property of a node */
static bool is_edited(const QDict *report, const char *path,
                      const char *property)
{
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "edits"), e) {
        const QDict *edit = qobject_to(QDict, qlist_entry_obj(e));

        if (g_str_equal(qdict_get_str(edit, "path"), path) &&
            g_str_equal(qdict_get_str(edit, "property"), property) &&
            g_str_equal(qdict_get_str(edit, "rule"), "live")) {
            return true;
        }
    }
    return false;
}

static void check_node(QTestState *qts, const char *path, const char *key,
                       const char *value)
{
    g_autofree char *found = node_string(qts, path, key);

    g_assert_cmpstr(found, ==, value);
}

/* Have a PL011 send, and look for its interrupt at the GIC */
static void check_uart(QTestState *qts, uint64_t base, int input)
{
    g_assert_false(qtest_get_irq(qts, input));
    qtest_writel(qts, base + 0x30, 0x301);
    qtest_writel(qts, base + 0x38, 0x20);
    qtest_writel(qts, base, 'x');
    g_assert_true(qtest_get_irq(qts, input));
    qtest_writel(qts, base + 0x38, 0);
    g_assert_false(qtest_get_irq(qts, input));
}

/* A tree of its own, after a tree and after devices that were added by hand */
static void test_further(void)
{
    QTestState *qts = start();

    expect(qts, NULL, ADD("pl031", "rtc", ""));
    expect(qts, NULL, MAP("rtc", ", \"addr\": 167772160"));
    load(qts, NULL, "further.dts");
    check_node(qts, "/rtc@9010000", "verdict", "modelled");
    check_node(qts, "/serial@9000000", "id", "serial0");
    load(qts, "/serial@9000000: reg: ", "differs.dts");
    /* The same once more: nothing new */
    load(qts, NULL, "further.dts");
    expect(qts, NULL, EXIT);
    load(qts, "the machine is complete", "further.dts");
    g_assert_cmphex(primecell(qts, 0x9000000), ==, 0xb1);
    g_assert_cmphex(primecell(qts, 0x9010000), ==, 0xb1);
    g_assert_cmphex(primecell(qts, 0xa000000), ==, 0xb1);
    check_node(qts, "/rtc@9010000", "id", "rtc-9010000");
    qtest_quit(qts);
}

/* A tree after devices alone: the first one is loaded late */
static void test_after_devices(void)
{
    g_autofree char *dir = dts_dir("../dts");
    g_autofree char *blob = dts_compile(dir, "a53-gicv2.dts");
    g_autofree char *line = g_strdup_printf(LOAD, blob);
    QTestState *qts = qtest_init("-M none -preconfig " BOARD_OPTIONS);

    expect(qts, NULL, ADD("pl031", "rtc", ""));
    expect(qts, NULL, MAP("rtc", ", \"addr\": 167772160"));
    expect(qts, NULL, line);
    load(qts, NULL, "further.dts");
    expect(qts, NULL, EXIT);
    g_assert_cmphex(primecell(qts, 0x9000000), ==, 0xb1);
    g_assert_cmphex(primecell(qts, 0x9010000), ==, 0xb1);
    g_assert_cmphex(primecell(qts, 0xa000000), ==, 0xb1);
    qtest_quit(qts);
}

/* What was a stub gets a model; the stub for its neighbour is another one */
static void test_stub(void)
{
    QTestState *qts = start();

    load(qts, NULL, "slots.dtso");
    check_node(qts, "/slot@a000000", "verdict", "stub");
    load(qts, NULL, "slot0.dtso");
    check_node(qts, "/slot@a000000", "verdict", "modelled");
    check_node(qts, "/slot@a001000", "verdict", "stub");
    expect(qts, NULL, EXIT);
    g_assert_cmphex(primecell(qts, 0xa000000), ==, 0xb1);
    g_assert_cmphex(primecell(qts, 0xa001000), ==, 0);
    qtest_quit(qts);
}

/* A line for one, for two, and for three */
static void test_gate(void)
{
    QTestState *qts = start();

    load(qts, NULL, "uart1.dtso");
    load(qts, NULL, "uart2.dtso");
    expect(qts, NULL, EXIT);
    qtest_irq_intercept_in(qts, "/machine/peripheral/gic");
    check_uart(qts, 0x9000000, 1);
    check_uart(qts, 0xa100000, 1);
    check_uart(qts, 0xa101000, 1);
    qtest_quit(qts);
}

/*
 * A line of the controller that the tree did not use; and one that there is
 * not, which is said
 */
static void test_lines(void)
{
    QTestState *qts = start();

    load(qts, NULL, "spi100.dtso");
    expect(qts, "no input unnamed-gpio-in[512]: the last one is "
           "unnamed-gpio-in[511], as its num-irq (512) says",
           SET("serial0", "sysbus-irq[1]", "gic/unnamed-gpio-in[512]"));
    load(qts, "can neither be changed (num-irq: 512, now 544) nor taken out "
         "again: SPI 500 is in use, above 479, the last one of an "
         "arm,gic-400", "spi500.dtso");
    expect(qts, NULL, EXIT);
    qtest_irq_intercept_in(qts, "/machine/peripheral/gic");
    check_uart(qts, 0xa100000, 100);
    qtest_quit(qts);

    qts = start();
    expect(qts, NULL, ADD("pl011", "hand", ""));
    expect(qts, NULL, MAP("hand", ", \"addr\": 168820736"));
    expect(qts, NULL, SET("hand", "sysbus-irq[0]", "gic/unnamed-gpio-in[250]"));
    expect(qts, NULL, EXIT);
    qtest_irq_intercept_in(qts, "/machine/peripheral/gic");
    check_uart(qts, 0xa100000, 250);
    qtest_quit(qts);
}

/* A node for a device that the user has added, which then moves */
static void test_described(void)
{
    QTestState *qts = start();
    g_autoptr(QDict) report = NULL;

    load(qts, "no user has added a device 'hand'", "described.dtso");
    expect(qts, NULL, ADD("pl031", "hand", ""));
    expect(qts, NULL, MAP("hand", ", \"addr\": 169869312"));
    expect(qts, NULL, SET("/machine/peripheral/hand", "sysbus-irq[0]",
                          "/machine/peripheral/gic/unnamed-gpio-in[5]"));
    load(qts, NULL, "described.dtso");
    check_node(qts, "/rtc@a200000", "verdict", "modelled");
    check_node(qts, "/rtc@a200000", "driver", "pl031");
    check_node(qts, "/rtc@a200000", "id", "hand");
    expect(qts, NULL, UNMAP("hand", ""));
    expect(qts, NULL, MAP("hand", ", \"addr\": 170917888"));
    expect(qts, NULL, EXIT);
    g_assert_cmphex(primecell(qts, 0xa200000), ==, 0);
    g_assert_cmphex(primecell(qts, 0xa300000), ==, 0xb1);
    report = board_report(qts);
    g_assert_true(is_edited(report, "/rtc@a200000", "reg"));
    g_assert_false(is_edited(report, "/rtc@a200000", "interrupts"));
    g_assert_false(is_edited(report, "/serial@9000000", "reg"));
    qtest_quit(qts);
}

/* Regions that are mapped whole, and are seen through windows too, stay */
static void test_windows(void)
{
    g_autofree char *dir = dts_dir("data/plan");
    g_autofree char *blob = dts_compile(dir, "exynos.dts");
    QTestState *qts = qtest_initf(BOARD_OPTIONS " -dtb-machine %s", blob);
    g_autoptr(QDict) report = board_report(qts);
    const char *gic = "/interrupt-controller@10490000";

    check_node(qts, gic, "verdict", "modelled");
    g_assert_cmphex(qtest_readl(qts, 0x10490004), !=, 0);
    g_assert_cmphex(qtest_readl(qts, 0x10498004), ==,
                    qtest_readl(qts, 0x10490004));
    g_assert_false(is_edited(report, gic, "reg"));
    g_assert_false(is_edited(report, gic, "status"));
    qtest_quit(qts);
}

/*
 * Loads that are refused when they are half carried out: what was done before
 * is undone, and what cannot be undone is of use to the next load
 */

/* Nothing stays but a device without an effect: the machine is as it was */
static void test_undone(void)
{
    QTestState *qts = start();

    load(qts, "/mute@a200000: qom-set /machine/peripheral/mute-a200000/"
         "sysbus-irq[0]: ", "no-line.dtso");
    load(qts, "; what was done before it was undone", "no-line.dtso");
    check_node(qts, "/mute@a200000", "verdict", NULL);
    expect(qts, NULL, ADD("pl011", "hand", ""));
    expect(qts, NULL, MAP("hand", ", \"addr\": 169869312"));
    expect(qts, NULL, EXIT);
    qtest_irq_intercept_in(qts, "/machine/peripheral/gic");
    check_uart(qts, 0x9000000, 1);
    g_assert_cmphex(primecell(qts, 0xa200000), ==, 0xb1);
    qtest_quit(qts);
}

/* A UART stays: the machine is whole again when a tree has it */
static void test_half(void)
{
    QTestState *qts = start();

    load(qts, "; what was done before it was undone, but this stays: "
         "serial-a100000", "uart1-no-line.dtso");
    expect(qts, "the machine is half built, as a load has failed, of which "
           "this stays: serial-a100000; load a tree that has it", EXIT);
    load(qts, "pl011 'serial-a100000' is there already, and can neither be "
         "changed nor taken out again", "slots.dtso");
    expect(qts, "half built", EXIT);
    load(qts, NULL, "uart1.dtso");
    check_node(qts, "/serial@a100000", "id", "serial-a100000");
    expect(qts, NULL, EXIT);
    qtest_irq_intercept_in(qts, "/machine/peripheral/gic");
    check_uart(qts, 0x9000000, 1);
    check_uart(qts, 0xa100000, 1);
    qtest_quit(qts);
}

/* The first load: what -m said is for the one that is taken */
static void test_first_refused(void)
{
    g_autofree char *dir = dts_dir("../dts");
    g_autofree char *blob = dts_compile(dir, "a53-gicv2.dts");
    g_autofree char *line = g_strdup_printf(LOAD, blob);
    QTestState *qts = qtest_init("-M none -preconfig -m 64M " BOARD_OPTIONS
                                 " -object iothread,id=memory-40000000-ram");

    expect(qts, "object-add memory-backend-ram/memory-40000000-ram: ", line);
    expect(qts, "the machine was not built from a device tree",
           "{\"execute\": \"query-fdt-machine\"}");
    expect(qts, NULL, "{\"execute\": \"object-del\", \"arguments\": "
           "{\"id\": \"memory-40000000-ram\"}}");
    expect(qts, NULL, line);
    expect(qts, NULL, EXIT);
    qtest_writel(qts, 0x43fffffc, 0xfeedface);
    g_assert_cmphex(qtest_readl(qts, 0x43fffffc), ==, 0xfeedface);
    qtest_writel(qts, 0x44000000, 0xfeedface);
    g_assert_cmphex(qtest_readl(qts, 0x44000000), ==, 0);
    qtest_quit(qts);
}

/* Appends the blob of a source to a file in memory */
static void append_blob(GByteArray *bytes, const char *dir, const char *name)
{
    g_autofree char *blob = dts_compile(dir, name);
    g_autofree char *data = NULL;
    size_t len;

    g_assert_true(g_file_get_contents(blob, &data, &len, NULL));
    g_byte_array_append(bytes, (uint8_t *)data, len);
}

/* Of a file with two boards, 'config' takes the second; and only at first */
static void test_config(void)
{
    g_autofree char *dir = dts_dir("../dts");
    g_autofree char *path = dts_temp("two-boards.dtb");
    g_autofree char *none = g_strdup_printf(LOAD, path);
    g_autofree char *second = g_strdup_printf(
        "{\"execute\": \"fdt-machine-load\", \"arguments\": "
        "{\"file\": \"%s\", \"config\": \"1\"}}", path);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    QTestState *qts = qtest_init("-M none -preconfig " BOARD_OPTIONS);

    append_blob(bytes, dir, "overlay-base.dts");
    append_blob(bytes, dir, "a53-gicv2.dts");
    g_assert_true(g_file_set_contents(path, (char *)bytes->data, bytes->len,
                                      NULL));
    expect(qts, "2 trees are in the file", none);
    expect(qts, NULL, second);
    check_node(qts, "/serial@9000000", "id", "serial0");
    expect(qts, "config=1: it says which tree of its file is the board, which "
           "is loaded already; give a file that has no other tree", second);
    expect(qts, "; give no config", "{\"execute\": \"fdt-machine-load\", "
           "\"arguments\": {\"config\": \"1\"}}");
    expect(qts, NULL, EXIT);
    g_assert_cmphex(primecell(qts, 0x9000000), ==, 0xb1);
    qtest_quit(qts);
}

/*
 * The size of pages, and where RAM is: what can be set until there is a device
 */

#define SET_NUMBER(property, value) \
    "{\"execute\": \"qom-set\", \"arguments\": {\"path\": \"/machine\", " \
    "\"property\": \"" property "\", \"value\": " value "}}"

static uint64_t page_bits(QTestState *qts)
{
    g_autoptr(QDict) response = qtest_qmp(
        qts, "{'execute': 'qom-get', 'arguments': {'path': '/machine', "
        "'property': 'minimum-page-bits'}}");

    return board_uint(response, "return");
}

/*
 * What boots: properties of the machine, which the boot device gets in the end
 */

#define SET_BOOT(property, value) \
    "{\"execute\": \"qom-set\", \"arguments\": {\"path\": \"/machine\", " \
    "\"property\": \"" property "\", \"value\": \"" value "\"}}"

/* A kernel that is there, and is none; the caller frees */
static char *set_kernel_line(void)
{
    g_autofree char *file = dts_temp("kernel");
    g_autofree char *text = g_strnfill(4096, 0x5a);

    g_assert_true(g_file_set_contents(file, text, 4096, NULL));
    return g_strdup_printf(SET_BOOT("kernel", "%s"), file);
}

static char *load_line(void)
{
    g_autofree char *dir = dts_dir("../dts");
    g_autofree char *blob = dts_compile(dir, "a53-gicv2.dts");

    return g_strdup_printf(LOAD, blob);
}

/* The boot device is there, and has a file's name in a property */
static void check_boot(QTestState *qts, const char *property,
                       const char *value)
{
    g_autofree char *found = board_get(qts, "/machine/peripheral/boot",
                                       property);

    if (!g_str_has_suffix(found, value)) {
        g_test_message("%s is '%s', not '%s'", property, found, value);
        g_test_fail();
    }
}

/* Up to four commands, then all is there */
static void run_orders(const char *options, const char *a, const char *b,
                       const char *c, const char *d)
{
    const char *lines[] = { a, b, c, d };
    QTestState *qts = qtest_initf("-M none -preconfig " BOARD_OPTIONS " %s",
                                  options);

    for (int i = 0; i < ARRAY_SIZE(lines); i++) {
        if (lines[i]) {
            expect(qts, NULL, lines[i]);
        }
    }
    expect(qts, NULL, EXIT);
    check_boot(qts, "kernel", "kernel");
    check_boot(qts, "append", "a=b");
    qtest_quit(qts);
}

/* Before the tree, after it, on both sides, on the command line */
static void test_boot_orders(void)
{
    g_autofree char *kernel = set_kernel_line();
    g_autofree char *load = load_line();
    g_autofree char *file = dts_temp("kernel");
    g_autofree char *option = g_strdup_printf("-kernel %s -append a=b", file);
    const char *append = SET_BOOT("append", "a=b");
    const char *other = SET_BOOT("kernel", "/nowhere");
    const char *device = ADD("pl031", "rtc", "");

    run_orders("", kernel, append, load, NULL);
    run_orders("", load, append, kernel, NULL);
    run_orders("", append, load, kernel, NULL);
    run_orders("", device, kernel, append, load);
    run_orders("", other, load, append, kernel);
    run_orders(option, load, NULL, NULL, NULL);
    run_orders(option, device, load, NULL, NULL);
}

/* The same after a tree of the command line, which may have named a kernel */
static void test_boot_option(void)
{
    g_autofree char *kernel = set_kernel_line();
    QTestState *qts = start();

    expect(qts, NULL, kernel);
    expect(qts, NULL, SET_BOOT("append", "a=b"));
    expect(qts, NULL, EXIT);
    check_boot(qts, "kernel", "kernel");
    check_boot(qts, "append", "a=b");
    qtest_quit(qts);
}

/* Firmware, and another tree for the guest */
static void test_boot_firmware(void)
{
    g_autofree char *load = load_line();
    g_autofree char *dir = dts_dir("data/load");
    g_autofree char *other = dts_compile(dir, "further.dts");
    g_autofree char *dtb = g_strdup_printf(SET_BOOT("dtb", "%s"), other);
    g_autofree char *kernel = set_kernel_line();
    g_autofree char *file = dts_temp("kernel");
    g_autofree char *firmware = g_strdup_printf(SET_BOOT("firmware", "%s"),
                                                file);
    QTestState *qts = qtest_init("-M none -preconfig " BOARD_OPTIONS);
    g_autofree char *data = NULL;

    expect(qts, NULL, load);
    expect(qts, NULL, firmware);
    expect(qts, NULL, EXIT);
    check_boot(qts, "firmware", "kernel");
    data = board_get(qts, "/machine/peripheral/boot", "dtb-data");
    g_assert_cmpuint(strlen(data), >, 100);
    qtest_quit(qts);

    qts = qtest_init("-M none -preconfig " BOARD_OPTIONS);
    expect(qts, NULL, dtb);
    expect(qts, NULL, load);
    expect(qts, NULL, kernel);
    expect(qts, NULL, EXIT);
    check_boot(qts, "dtb", "further.dtb");
    qtest_quit(qts);
}

/* What has no use is refused, and can be taken back */
static void test_boot_refusals(void)
{
    g_autofree char *kernel = set_kernel_line();
    g_autofree char *load = load_line();
    QTestState *qts = qtest_init("-M none -preconfig " BOARD_OPTIONS);

    expect(qts, NULL, kernel);
    expect(qts, "'kernel' of the machine 'none' is for what a tree describes, "
           "and no tree was loaded", EXIT);
    /* The board is as it was */
    expect(qts, NULL, SET_NUMBER("minimum-page-bits", "10"));
    expect(qts, NULL, SET_NUMBER("minimum-page-bits", "12"));
    expect(qts, NULL, SET_BOOT("kernel", ""));
    expect(qts, NULL, SET_BOOT("shim", "/nowhere"));
    expect(qts, "nothing on the machine 'none' takes a 'shim'", EXIT);
    expect(qts, NULL, SET_BOOT("shim", ""));
    expect(qts, NULL, SET_BOOT("initrd", "/nowhere"));
    expect(qts, NULL, load);
    expect(qts, "'initrd' is set, but neither 'kernel' nor 'firmware'", EXIT);
    expect(qts, NULL, SET_BOOT("initrd", ""));
    expect(qts, NULL, SET_BOOT("kernel", "/nowhere"));
    expect(qts, "kernel '/nowhere': No such file", EXIT);
    expect(qts, NULL, kernel);
    expect(qts, NULL, EXIT);
    expect(qts, "'kernel' cannot be set any more, as the machine is complete",
           kernel);
    expect(qts, "'initrd' cannot be set any more", SET_BOOT("initrd", ""));
    expect(qts, "'append' cannot be set any more", SET_BOOT("append", "x"));
    expect(qts, "'dtb' cannot be set any more", SET_BOOT("dtb", "x"));
    expect(qts, "'firmware' cannot be set any more",
           SET_BOOT("firmware", "x"));
    expect(qts, "'shim' cannot be set any more", SET_BOOT("shim", "x"));
    check_boot(qts, "kernel", "kernel");
    qtest_quit(qts);
}

/* Other machines take these properties as ever */
static void test_boot_virt(void)
{
    QTestState *qts = qtest_init("-M virt " BOARD_OPTIONS);

    expect(qts, NULL, SET_BOOT("kernel", "/nowhere"));
    qtest_quit(qts);
}

/* Without -preconfig nobody can load a tree any more */
static void test_boot_none(void)
{
    const char *qemu = g_getenv("QTEST_QEMU_BINARY");
    g_autofree char *errors = NULL;
    const char *argv[] = {
        qemu, "-M", "none", "-accel", "qtest", "-display", "none", "-kernel",
        "/nowhere", NULL
    };
    int status;

    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, NULL,
                               &errors, &status, NULL));
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    g_assert_nonnull(strstr(errors, "no tree was loaded"));
}

static void test_page_bits(void)
{
    QTestState *qts = qtest_init("-M none -preconfig " BOARD_OPTIONS);

    g_assert_cmpuint(page_bits(qts), ==, 0);
    expect(qts, "no CPU of this target has pages of 13 bits",
           SET_NUMBER("minimum-page-bits", "13"));
    expect(qts, "no CPU of this target has pages of 200 bits",
           SET_NUMBER("minimum-page-bits", "200"));
    expect(qts, NULL, SET_NUMBER("minimum-page-bits", "12"));
    expect(qts, NULL, SET_NUMBER("minimum-page-bits", "10"));
    expect(qts, NULL, SET_NUMBER("minimum-page-bits", "12"));
    expect(qts, "no CPU of this target has pages of 9 bits",
           SET_NUMBER("minimum-page-bits", "9"));
    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu", ""));
    g_assert_cmpuint(page_bits(qts), ==, 12);
    expect(qts, NULL, SET_NUMBER("minimum-page-bits", "12"));
    expect(qts, "the board is initialised, with pages of 12 bits",
           SET_NUMBER("minimum-page-bits", "10"));
    expect(qts, "'ram-addr' cannot be set any more",
           SET_NUMBER("ram-addr", "0"));
    expect(qts, "'memory' cannot be set any more, as the machine is "
           "initialised", SET_NUMBER("memory", "{\"size\": 1048576}"));
    expect(qts, "'smp' cannot be set any more, as the accelerator is set up; "
           "start with -smp", SET_NUMBER("smp", "{\"cpus\": 4}"));
    expect(qts, NULL, EXIT);
    qtest_quit(qts);
}

/* A CPU with small pages, where the user has promised that there is none */
static void test_page_bits_cpu(void)
{
    QTestState *qts = qtest_init("-M none,minimum-page-bits=12 -preconfig "
                                 BOARD_OPTIONS);

    expect(qts, "requires a smaller page size",
           ADD("arm926-arm-cpu", "cpu", ""));
    qtest_quit(qts);

    /* Nothing said: what the smallest CPU needs */
    qts = qtest_init("-M none -preconfig " BOARD_OPTIONS);
    expect(qts, NULL, ADD("arm926-arm-cpu", "cpu", ""));
    g_assert_cmpuint(page_bits(qts), ==, 10);
    qtest_quit(qts);
}

/* The user's word goes before the tree's */
static void test_page_bits_load(void)
{
    g_autofree char *load = load_line();
    QTestState *qts = qtest_init("-M none,minimum-page-bits=10 -preconfig "
                                 BOARD_OPTIONS);
    g_autoptr(QDict) report = NULL;

    expect(qts, NULL, load);
    expect(qts, NULL, EXIT);
    g_assert_cmpuint(page_bits(qts), ==, 10);
    report = board_report(qts);
    g_assert_cmpint(qdict_get_int(report, "page-bits"), ==, 10);
    g_assert_cmpstr(qdict_get_str(report, "cpu-architecture"), ==, "armv8");
    qtest_quit(qts);
}

/* RAM is there when the size of pages changes, and is saved with the others */
static void test_page_bits_ram(void)
{
    QTestState *qts = qtest_init(
        "-M none,minimum-page-bits=12 -preconfig " BOARD_OPTIONS
        " -object memory-backend-ram,id=m,size=64M");

    expect(qts, NULL, SET_NUMBER("minimum-page-bits", "10"));
    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu", ""));
    expect(qts, NULL, ADD("sysbus-memory", "ram", ", \"memdev\": \"m\""));
    expect(qts, NULL, MAP("ram", ", \"addr\": 1073741824"));
    expect(qts, NULL, EXIT);
    qtest_writel(qts, 0x43fffffc, 0xfeedface);
    g_assert_cmphex(qtest_readl(qts, 0x43fffffc), ==, 0xfeedface);
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    qtest_add_func("fdt-machine/load/further", test_further);
    qtest_add_func("fdt-machine/load/after-devices", test_after_devices);
    qtest_add_func("fdt-machine/load/stub", test_stub);
    qtest_add_func("fdt-machine/load/gate", test_gate);
    qtest_add_func("fdt-machine/load/lines", test_lines);
    qtest_add_func("fdt-machine/load/described", test_described);
    qtest_add_func("fdt-machine/load/windows", test_windows);
    qtest_add_func("fdt-machine/load/undone", test_undone);
    qtest_add_func("fdt-machine/load/half", test_half);
    qtest_add_func("fdt-machine/load/first-refused", test_first_refused);
    qtest_add_func("fdt-machine/load/config", test_config);
    qtest_add_func("fdt-machine/load/boot/orders", test_boot_orders);
    qtest_add_func("fdt-machine/load/boot/firmware", test_boot_firmware);
    qtest_add_func("fdt-machine/load/boot/option", test_boot_option);
    qtest_add_func("fdt-machine/load/boot/refusals", test_boot_refusals);
    qtest_add_func("fdt-machine/load/boot/virt", test_boot_virt);
    qtest_add_func("fdt-machine/load/boot/none", test_boot_none);
    qtest_add_func("fdt-machine/load/page-bits", test_page_bits);
    qtest_add_func("fdt-machine/load/page-bits-cpu", test_page_bits_cpu);
    qtest_add_func("fdt-machine/load/page-bits-load", test_page_bits_load);
    qtest_add_func("fdt-machine/load/page-bits-ram", test_page_bits_ram);
    result = g_test_run();
    dts_clean();
    return result;
}

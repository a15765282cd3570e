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
    result = g_test_run();
    dts_clean();
    return result;
}

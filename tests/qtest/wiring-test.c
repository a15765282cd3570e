/*
 * Devices on the machine none: what there is to connect, what is refused, and
 * which commands help
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "qobject/qstring.h"
#include "cold-plug.h"

/* What is connected already is not connected again in silence */
static void test_wire_errors(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, ADD("or-irq", "gate", ", \"num-lines\": 2"));
    expect(qts, NULL, ADD("pl011", "a", ""));
    expect(qts, NULL, ADD("pl011", "b", ""));
    expect(qts, NULL, SET("a", "sysbus-irq[0]", "gate/unnamed-gpio-in[0]"));
    expect(qts, NULL, SET("a", "sysbus-irq[0]", "gate/unnamed-gpio-in[0]"));
    expect(qts, "/machine/peripheral/a/sysbus-irq[0] is connected to "
           "/machine/peripheral/gate/unnamed-gpio-in[0] already; for "
           "/machine/peripheral/gate/unnamed-gpio-in[1] as well, put a "
           "split-irq between",
           SET("a", "sysbus-irq[0]", "gate/unnamed-gpio-in[1]"));
    expect(qts, "/machine/peripheral/gate/unnamed-gpio-in[0] is driven by "
           "/machine/peripheral/a/sysbus-irq[0] already; for "
           "/machine/peripheral/b/sysbus-irq[0] as well, put an or-irq",
           SET("b", "sysbus-irq[0]", "gate/unnamed-gpio-in[0]"));
    expect(qts, NULL, SET("a", "sysbus-irq[0]", ""));
    expect(qts, NULL, SET("b", "sysbus-irq[0]", "gate/unnamed-gpio-in[0]"));
    expect(qts, NULL, SET("a", "sysbus-irq[0]", "gate/unnamed-gpio-in[1]"));
    qtest_quit(qts);
}

/* The answer to a query, which has to be one */
static QDict *query(QTestState *qts, const char *line)
{
    g_autoptr(QDict) response = NULL;

    qtest_qmp_send_raw(qts, "%s\n", line);
    response = qtest_qmp_receive(qts);
    g_assert_true(qdict_haskey(response, "return"));
    return qobject_ref(qdict_get_qdict(response, "return"));
}

#define QUERY(device) \
    "{\"execute\": \"query-device\", \"arguments\": {\"device\": \"" \
    device "\"}}"

static QDict *nth(const QDict *dict, const char *key, unsigned n)
{
    const QListEntry *e = qlist_first(qdict_get_qlist(dict, key));

    while (n--) {
        e = qlist_next(e);
    }
    return qobject_to(QDict, qlist_entry_obj(e));
}

/* The only peer of the only connected line */
static const char *peer(const QDict *lines)
{
    const QDict *line = nth(lines, "connected", 0);
    const QListEntry *e = qlist_first(qdict_get_qlist(line, "peers"));

    return qstring_get_str(qobject_to(QString, qlist_entry_obj(e)));
}

/* Introspect, map, connect, and see it */
static void test_query(void)
{
    QTestState *qts = start_none();
    g_autoptr(QDict) before = NULL, after = NULL, gate = NULL;

    expect(qts, NULL, ADD("or-irq", "gate", ", \"num-lines\": 2"));
    expect(qts, NULL, ADD("pl011", "uart", ""));
    before = query(qts, QUERY("uart"));
    g_assert_cmpstr(qdict_get_str(before, "driver"), ==, "pl011");
    g_assert_cmpstr(qdict_get_str(nth(before, "regions", 0), "name"), ==,
                    "pl011");
    g_assert_cmpint(qdict_get_int(nth(before, "regions", 0), "size"), ==,
                    4096);
    g_assert_false(qdict_haskey(nth(before, "regions", 0), "addr"));
    g_assert_cmpint(qdict_get_int(nth(before, "outputs", 0), "count"), ==, 6);
    g_assert_true(qlist_empty(qdict_get_qlist(nth(before, "outputs", 0),
                                              "connected")));
    g_assert_cmpstr(qdict_get_str(nth(before, "clocks", 0), "name"), ==,
                    "clk");

    expect(qts, NULL, MAP("uart", ", \"addr\": 4096"));
    expect(qts, NULL, MAP("uart", ", \"addr\": 65536, \"alias\": \"w\", "
                          "\"offset\": 16, \"size\": 32"));
    expect(qts, NULL, SET("uart", "sysbus-irq[5]", "gate/unnamed-gpio-in[1]"));
    after = query(qts, QUERY("uart"));
    g_assert_cmpint(qdict_get_int(nth(after, "regions", 0), "addr"), ==, 4096);
    g_assert_cmpint(qdict_get_int(nth(nth(after, "regions", 0), "windows", 0),
                                  "offset"), ==, 16);
    g_assert_cmpstr(peer(nth(after, "outputs", 0)), ==,
                    "/machine/peripheral/gate/unnamed-gpio-in[1]");
    gate = query(qts, QUERY("gate"));
    g_assert_cmpstr(peer(nth(gate, "inputs", 0)), ==,
                    "/machine/peripheral/uart/sysbus-irq[5]");
    expect(qts, "not found", QUERY("nobody"));
    expect(qts, "not a device", QUERY("/machine"));
    qtest_quit(qts);
}

#define GET(path, property) \
    "{\"execute\": \"qom-get\", \"arguments\": {\"path\": \"" path \
    "\", \"property\": \"" property "\"}}"

/*
 * An id means the device, though a character device is called so, too; where a
 * character device is wanted it means that
 */
static void test_names(void)
{
    QTestState *qts = qtest_init("-M none -preconfig -serial null");

    expect(qts, NULL, ADD("or-irq", "gate", ", \"num-lines\": 2"));
    expect(qts, NULL, ADD("pl011", "serial0", ", \"chardev\": \"serial0\""));
    expect(qts, NULL, SET("serial0", "sysbus-irq[0]",
                          "gate/unnamed-gpio-in[0]"));
    expect(qts, NULL, GET("serial0", "sysbus-irq[0]"));
    expect(qts, NULL, GET("/machine/peripheral/serial0", "sysbus-irq[0]"));
    expect(qts, NULL, QUERY("serial0"));
    expect(qts, NULL, MAP("serial0", ", \"addr\": 4096"));
    expect(qts, "'/chardevs/serial0' is not a device",
           QUERY("/chardevs/serial0"));
    /* A part of a device, from its id on */
    expect(qts, NULL, ADD("arm-cpus", "cpus", ", \"num-cpus\": 1, "
                          "\"cpu-type\": \"cortex-a53-arm-cpu\""));
    expect(qts, NULL, QUERY("cpus/cpu[0]"));
    expect(qts, NULL, EXIT);
    expect(qts, NULL, GET("serial0", "sysbus-irq[0]"));
    qtest_quit(qts);

    /* No other machine prefers anything */
    qts = qtest_init("-M virt -nodefaults -chardev null,id=twin "
                     "-device virtio-rng-pci,id=twin");
    expect(qts, "not found", GET("twin", "realized"));
    qtest_quit(qts);
}

/* Two controllers whose buses have one name */
static void test_buses(void)
{
    QTestState *qts = start_none();
    g_autoptr(QDict) second = NULL;
    const QDict *bus;

    expect(qts, NULL, ADD("versatile_i2c", "first", ""));
    expect(qts, NULL, ADD("tmp105", "sole", ", \"bus\": \"i2c\", "
                          "\"address\": 72"));
    expect(qts, NULL, ADD("versatile_i2c", "second", ""));
    expect(qts, "2 buses are called 'i2c': give the path of one of them as "
           "'bus': /machine/peripheral/",
           ADD("tmp105", "a", ", \"bus\": \"i2c\", \"address\": 72"));
    second = query(qts, QUERY("second"));
    bus = nth(second, "buses", 0);
    g_assert_cmpstr(qdict_get_str(bus, "name"), ==, "i2c");
    g_assert_cmpstr(qdict_get_str(bus, "path"), ==,
                    "/machine/peripheral/second/i2c");
    expect(qts, NULL, ADD("tmp105", "a", ", \"bus\": "
                          "\"/machine/peripheral/second/i2c\", "
                          "\"address\": 72"));
    expect(qts, NULL, ADD("tmp105", "b", ", \"bus\": \"second/i2c\", "
                          "\"address\": 73"));
    expect(qts, NULL, ADD("tmp105", "c", ", \"bus\": \"second\", "
                          "\"address\": 74"));
    expect(qts, NULL, ADD("tmp105", "d", ", \"bus\": \"/second/i2c\", "
                          "\"address\": 75"));
    expect(qts, "not found", ADD("tmp105", "e", ", \"bus\": \"third/i2c\""));
    expect(qts, "can't go on",
           ADD("pl011", "e", ", \"bus\": \"second/i2c\""));
    qobject_unref(second);
    second = query(qts, QUERY("second"));
    g_assert_cmpint(qdict_get_int(nth(second, "buses", 0), "devices"), ==, 4);
    qtest_quit(qts);
}

/* One line too many: how many there are, and why */
static void test_inputs(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, ADD("arm_gic", "gic", ", \"num-cpu\": 1, "
                          "\"num-irq\": 96"));
    expect(qts, NULL, ADD("pl190", "vic", ""));
    expect(qts, NULL, ADD("pl011", "uart", ""));
    expect(qts, "/machine/peripheral/gic has no input unnamed-gpio-in[96]: "
           "the last one is unnamed-gpio-in[95], as its num-irq (96) says",
           SET("uart", "sysbus-irq[0]", "gic/unnamed-gpio-in[96]"));
    expect(qts, "/machine/peripheral/vic has no input unnamed-gpio-in[32]: "
           "the last one is unnamed-gpio-in[31], and its type has no more",
           SET("uart", "sysbus-irq[0]",
               "/machine/peripheral/vic/unnamed-gpio-in[32]"));
    expect(qts, "not found",
           SET("uart", "sysbus-irq[0]", "gic/unnamed-gpio-in[x]"));
    expect(qts, "not found", SET("uart", "sysbus-irq[0]", "gic/flux[0]"));
    expect(qts, NULL, SET("uart", "sysbus-irq[0]", "gic/unnamed-gpio-in[63]"));
    qtest_quit(qts);
}

static void expect_phase(QTestState *qts, const char *phase, bool cold_plug)
{
    g_autoptr(QDict) info = query(qts, "{\"execute\": "
                                  "\"query-machine-phase\"}");

    g_assert_cmpstr(qdict_get_str(info, "phase"), ==, phase);
    g_assert_cmpint(qdict_get_bool(info, "cold-plug"), ==, cold_plug);
}

static void test_phase(void)
{
    QTestState *qts = qtest_init("-M none -preconfig");

    expect_phase(qts, "created", true);
    expect(qts, NULL, ADD("pl011", "a", ""));
    expect_phase(qts, "initialized", true);
    expect(qts, NULL, EXIT);
    expect_phase(qts, "complete", false);
    expect(qts, "as the machine is complete", ADD("pl011", "b", ""));
    expect(qts, "the machine is complete", MAP("a", ", \"addr\": 0"));
    qtest_quit(qts);

    qts = qtest_init("-M virt -preconfig");
    expect_phase(qts, "created", false);
    qtest_quit(qts);
}

/* Commands that help to put a machine together, there and nowhere else */
static void test_other_commands(void)
{
    static const char chardev_add[] =
        "{\"execute\": \"chardev-add\", \"arguments\": {\"id\": \"c\", "
        "\"backend\": {\"type\": \"null\", \"data\": {}}}}";
    static const char netdev_add[] =
        "{\"execute\": \"netdev_add\", \"arguments\": {\"id\": \"n\", "
        "\"type\": \"hubport\", \"hubid\": 1}}";
    static const char blockdev_add[] =
        "{\"execute\": \"blockdev-add\", \"arguments\": {\"node-name\": "
        "\"b\", \"driver\": \"null-co\"}}";
    static const char cont[] = "{\"execute\": \"cont\"}";
    QTestState *qts = qtest_init("-M none -preconfig");
    g_autofree char *text = NULL;

    expect(qts, NULL, chardev_add);
    expect(qts, NULL, netdev_add);
    expect(qts, NULL, blockdev_add);
    expect(qts, NULL, ADD("pl011", "a", ", \"chardev\": \"c\""));
    expect(qts, NULL, MAP("a", ", \"addr\": 4096"));
    text = qtest_hmp(qts, "info mtree -f");
    g_assert_nonnull(strstr(text, "pl011"));
    expect(qts, "only after machine initialization", cont);
    expect(qts, NULL, EXIT);
    expect(qts, NULL, cont);
    qtest_quit(qts);

    qts = qtest_init("-M virt -preconfig");
    expect(qts, "only after machine initialization", chardev_add);
    qtest_quit(qts);
}

/* A raw image may be as large as the memory that it goes to */
static void test_loader(void)
{
    QTestState *qts = start_none();
    g_autofree char *file = NULL;
    g_autofree char *line = NULL;
    int fd = g_file_open_tmp("fdt-machine-XXXXXX", &file, NULL);

    g_assert_cmpint(write(fd, "0123456789abcdef", 16), ==, 16);
    close(fd);
    line = g_strdup_printf(
        "{\"execute\": \"device_add\", \"arguments\": {\"driver\": "
        "\"loader\", \"file\": \"%s\", \"addr\": %d, "
        "\"force-raw\": true}}", file, 65536);
    expect(qts, "Cannot load", line);
    expect(qts, NULL, ADD("sysbus-memory", "small", ", \"size\": 4096"));
    expect(qts, NULL, MAP("small", ", \"addr\": 65536"));
    expect(qts, NULL, line);
    expect(qts, NULL, EXIT);
    g_assert_cmphex(qtest_readl(qts, 65536 + 4), ==, 0x37363534);
    unlink(file);
    qtest_quit(qts);
}

/* CPUs in clusters, of two types, and no more than there may be */
static void test_arm_cpus(void)
{
    QTestState *qts = qtest_init("-M none -smp 3 -preconfig");
    g_autoptr(QDict) cpu = NULL;

    expect(qts, "not the type of an Arm CPU", ADD("arm-cpus", "x", ""));
    expect(qts, "-smp leaves 3", ADD("arm-cpus", "x", ", \"num-cpus\": 4, "
           "\"cpu-type\": \"cortex-a53-arm-cpu\""));
    expect(qts, "has to have CPUs", ADD("cpu-cluster", "x", ""));
    expect(qts, NULL, ADD("arm-cpus", "little", ", \"num-cpus\": 2, "
           "\"cpu-type\": \"cortex-a53-arm-cpu\""));
    expect(qts, NULL, ADD("arm-cpus", "big", ", \"num-cpus\": 1, "
           "\"cpu-type\": \"cortex-a57-arm-cpu\""));
    expect(qts, "has all of its CPUs", ADD("cortex-a53-arm-cpu", "y", ""));
    cpu = query(qts, QUERY("/machine/peripheral/big/cpu[0]"));
    g_assert_cmpstr(qdict_get_str(cpu, "driver"), ==, "cortex-a57-arm-cpu");
    expect(qts, NULL, EXIT);
    qtest_system_reset(qts);
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("fdt-machine/wiring/wire-errors", test_wire_errors);
    qtest_add_func("fdt-machine/wiring/query", test_query);
    qtest_add_func("fdt-machine/wiring/names", test_names);
    qtest_add_func("fdt-machine/wiring/buses", test_buses);
    qtest_add_func("fdt-machine/wiring/inputs", test_inputs);
    qtest_add_func("fdt-machine/wiring/phase", test_phase);
    qtest_add_func("fdt-machine/wiring/other-commands", test_other_commands);
    qtest_add_func("fdt-machine/wiring/loader", test_loader);
    qtest_add_func("fdt-machine/wiring/arm-cpus", test_arm_cpus);
    return g_test_run();
}

/*
 * Machines put together by QMP on the machine none, and what is refused there
 * and on all other machines
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cold-plug.h"

/* PrimeCell's last identification register */
static uint32_t primecell(QTestState *qts, uint64_t base)
{
    return qtest_readl(qts, base + 0xffc);
}

static void test_map(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, ADD("pl011", "a", ""));
    expect(qts, NULL, ADD("pl011", "b", ""));
    expect(qts, NULL, MAP("a", ", \"addr\": 4096"));
    expect(qts, NULL, MAP("b", ", \"region\": \"pl011\", \"addr\": 8192"));
    expect(qts, NULL, EXIT);
    g_assert_cmphex(primecell(qts, 4096), ==, 0xb1);
    g_assert_cmphex(primecell(qts, 8192), ==, 0xb1);
    g_assert_cmphex(primecell(qts, 12288), ==, 0);
    qtest_quit(qts);
}

static void test_map_errors(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, ADD("pl011", "a", ""));
    expect(qts, NULL, ADD("pl011", "b", ""));
    expect(qts, NULL, ADD("or-irq", "gate", ", \"num-lines\": 2"));
    expect(qts, "'nobody' not found", MAP("nobody", ", \"addr\": 0"));
    expect(qts, "not a sysbus device", MAP("gate", ", \"addr\": 0"));
    expect(qts, "no region 'flux'",
           MAP("gate", ", \"region\": \"flux\", \"addr\": 0"));
    expect(qts, "is not a device", MAP("/machine", ", \"addr\": 0"));
    expect(qts, "no region 1", MAP("a", ", \"mmio\": 1, \"addr\": 0"));
    expect(qts, "no region 4294967295",
           MAP("a", ", \"mmio\": 4294967295, \"addr\": 0"));
    expect(qts, "no region 4294967295",
           MAP("a", ", \"mmio\": 4294967295, \"addr\": 0, "
               "\"alias\": \"w\""));
    expect(qts, "no region 'flux'",
           MAP("a", ", \"region\": \"flux\", \"addr\": 0"));
    expect(qts, "exclude each other",
           MAP("a", ", \"region\": \"pl011\", \"mmio\": 0, \"addr\": 0"));
    expect(qts, "past the end",
           MAP("a", ", \"addr\": 18446744073709549568"));
    expect(qts, "no memory region '/nowhere'",
           MAP("a", ", \"parent\": \"/nowhere\", \"addr\": 0"));
    expect(qts, "give 'alias'", MAP("a", ", \"addr\": 0, \"size\": 16"));
    expect(qts, "does not fit", MAP("a", ", \"addr\": 0, \"alias\": \"w\", "
                                    "\"offset\": 4080, \"size\": 32"));
    expect(qts, NULL, MAP("a", ", \"addr\": 4096"));
    expect(qts, "mapped already", MAP("a", ", \"addr\": 8192"));
    expect(qts, "overlap", MAP("b", ", \"addr\": 6144"));
    expect(qts, NULL, MAP("b", ", \"addr\": 6144, \"priority\": 1"));
    expect(qts, NULL, EXIT);
    expect(qts, "sysbus-mmio-map", MAP("b", ", \"addr\": 65536"));
    expect(qts, "sysbus-mmio-unmap", UNMAP("b", ""));
    qtest_quit(qts);
}

static void test_window(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, ADD("pl011", "a", ""));
    expect(qts, NULL, MAP("a", ", \"addr\": 4096, \"alias\": \"id\", "
                          "\"offset\": 4064, \"size\": 32"));
    expect(qts, NULL, EXIT);
    g_assert_cmphex(qtest_readl(qts, 4096 + 28), ==, 0xb1);
    g_assert_cmphex(qtest_readl(qts, 4096 + 32), ==, 0);
    qtest_quit(qts);
}

static void test_unmap(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, ADD("pl011", "a", ""));
    expect(qts, "not mapped", UNMAP("a", ""));
    expect(qts, NULL, MAP("a", ", \"addr\": 4096"));
    expect(qts, NULL, UNMAP("a", ""));
    expect(qts, "no region 1", UNMAP("a", ", \"mmio\": 1"));
    expect(qts, "no window 'w'", UNMAP("a", ", \"alias\": \"w\""));
    expect(qts, NULL, MAP("a", ", \"addr\": 8192"));
    expect(qts, NULL, EXIT);
    g_assert_cmphex(primecell(qts, 4096), ==, 0);
    g_assert_cmphex(primecell(qts, 8192), ==, 0xb1);
    qtest_quit(qts);
}

static void expect_hmp(QTestState *qts, const char *command, const char *text)
{
    g_autofree char *answer = qtest_hmp(qts, "%s", command);

    if (text[0] ? !strstr(answer, text) : answer[0]) {
        g_test_message("%s", command);
        g_test_message("expected: %s", text[0] ? text : "nothing");
        g_test_message("got: %s", answer);
        g_test_fail();
    }
}

/* The same by HMP: its commands have the same keys, and give the same errors */
static void test_hmp(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, ADD("pl011", "a", ""));
    expect(qts, NULL, ADD("pl011", "b", ""));
    expect_hmp(qts, "help sysbus_mmio_map", "map a region of a device");
    expect_hmp(qts, "sysbus_mmio_map a", "Parameter 'addr' is missing");
    expect_hmp(qts, "sysbus_mmio_map a,addr=x", "Parameter 'addr' expects");
    expect_hmp(qts, "sysbus_mmio_map a,addr=0,flux=1",
               "Parameter 'flux' is unexpected");
    expect_hmp(qts, "sysbus_mmio_map nobody,addr=0", "'nobody' not found");
    expect_hmp(qts, "sysbus_mmio_map a,addr=0x1000", "");
    expect_hmp(qts, "sysbus_mmio_map device=b,region=pl011,addr=0x1800",
               "overlap");
    expect_hmp(qts, "sysbus_mmio_map b,region=pl011,addr=0x1800,priority=-1",
               "");
    expect_hmp(qts, "sysbus_mmio_map b,addr=0x3000,alias=id,offset=0xfe0,"
               "size=0x20", "");
    expect_hmp(qts, "sysbus_mmio_unmap b,mmio=1", "no region 1");
    expect_hmp(qts, "sysbus_mmio_unmap b", "");
    expect_hmp(qts, "sysbus_mmio_unmap b", "is not mapped");
    expect(qts, NULL, EXIT);
    g_assert_cmphex(primecell(qts, 0x1000), ==, 0xb1);
    g_assert_cmphex(primecell(qts, 0x1800), ==, 0);
    g_assert_cmphex(qtest_readl(qts, 0x301c), ==, 0xb1);
    expect_hmp(qts, "sysbus_mmio_map a,addr=0", "the machine is complete");
    qtest_quit(qts);

    qts = qtest_init("-M virt -nodefaults");
    expect_hmp(qts, "sysbus_mmio_map a,addr=0", "only 'none'");
    qtest_quit(qts);
}

/* Devices that are mapped nowhere: one warning each, and none for others */
static void test_unmapped(void)
{
    g_autofree char *two = errors_of("-M none -device pl031,id=rtc "
                                     "-device or-irq -device pl031");
    g_autofree char *one = errors_of("-M none -device gpex-pcihost,id=p");
    g_autofree char *none = errors_of("-M none -device or-irq");

    g_assert_nonnull(strstr(two, "warning: pl031 'rtc' is mapped nowhere"));
    g_assert_nonnull(strstr(two, "map it with sysbus-mmio-map (device=rtc, "));
    g_assert_nonnull(strstr(two, "warning: pl031 '/machine/peripheral-anon/"
                            "device[1]' is mapped nowhere"));
    g_assert_null(strstr(two, "or-irq"));
    g_assert_nonnull(strstr(one, "gpex-pcihost 'p' is mapped nowhere"));
    g_assert_cmpstr(none, ==, "");
}

/* A device that is no sysbus device: its region is a child of that name */
static void test_child(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, "{\"execute\": \"object-add\", \"arguments\": "
           "{\"qom-type\": \"memory-backend-ram\", \"id\": \"m\", "
           "\"size\": 4194304}}");
    expect(qts, NULL, ADD("nvdimm", "n", ", \"memdev\": \"m\", "
                          "\"label-size\": 131072"));
    expect(qts, "give 'region'", MAP("n", ", \"addr\": 1048576"));
    expect(qts, NULL, MAP("n", ", \"region\": \"nvdimm-memory\", "
                          "\"addr\": 1048576"));
    expect(qts, "region 'nvdimm-memory' is mapped already",
           MAP("n", ", \"region\": \"nvdimm-memory[0]\", \"addr\": 0"));
    expect(qts, NULL, UNMAP("n", ", \"region\": \"nvdimm-memory\""));
    expect(qts, "is not mapped",
           UNMAP("n", ", \"region\": \"nvdimm-memory\""));
    expect(qts, NULL, MAP("n", ", \"region\": \"nvdimm-memory\", "
                          "\"addr\": 65536, \"alias\": \"w\", "
                          "\"size\": 4096"));
    expect(qts, NULL, MAP("n", ", \"region\": \"nvdimm-memory[0]\", "
                          "\"addr\": 8388608"));
    expect(qts, NULL, EXIT);
    qtest_writel(qts, 65536 + 8, 0x600dcafe);
    g_assert_cmphex(qtest_readl(qts, 8388608 + 8), ==, 0x600dcafe);
    g_assert_cmphex(qtest_readl(qts, 1048576 + 8), ==, 0);
    qtest_quit(qts);
}

/* Not the user's to map: a part of itself, what a bus or the device maps */
static void test_refused_regions(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, ADD("sysbus-memory", "ram", ", \"size\": 65536"));
    expect(qts, "is a part of 'ram'",
           MAP("ram", ", \"parent\": \"/machine/peripheral/ram/ram[0]\", "
               "\"addr\": 0, \"priority\": 1"));
    expect(qts, NULL, ADD("gpex-pcihost", "pci", ""));
    expect(qts, NULL, ADD("pci-testdev", "t", ", \"bus\": \"pcie.0\""));
    expect(qts, "which maps its regions",
           MAP("t", ", \"region\": \"pci-testdev-mmio\", \"addr\": 0"));
    expect(qts, "is mapped already",
           MAP("pci", ", \"region\": \"gpex_mmio[0]\", \"addr\": 0"));
    expect(qts, "is a part of the device",
           UNMAP("pci", ", \"region\": \"gpex_mmio[0]\""));
    expect(qts, NULL, EXIT);
    qtest_quit(qts);
}

/* Memory that a backend has, mapped like any device */
static void test_memory(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, "{\"execute\": \"object-add\", \"arguments\": "
           "{\"qom-type\": \"memory-backend-ram\", \"id\": \"m\", "
           "\"size\": 65536}}");
    expect(qts, "memdev", ADD("sysbus-memory", "ram", ""));
    expect(qts, NULL, ADD("sysbus-memory", "ram", ", \"memdev\": \"m\""));
    expect(qts, "used already", ADD("sysbus-memory", "twin",
                                    ", \"memdev\": \"m\""));
    expect(qts, "RAM called 'm' already", ADD("sysbus-memory", "m",
                                              ", \"size\": 4096"));
    expect(qts, NULL, MAP("ram", ", \"addr\": 65536"));
    expect(qts, NULL, EXIT);
    qtest_writel(qts, 65536, 0x600dcafe);
    g_assert_cmphex(qtest_readl(qts, 65536), ==, 0x600dcafe);
    qtest_quit(qts);
}

/* A line from a device through a gate to another one */
static void test_wire(void)
{
    QTestState *qts = start_none();

    expect(qts, NULL, ADD("or-irq", "gate", ", \"num-lines\": 2"));
    expect(qts, NULL, ADD("pl011", "uart", ""));
    expect(qts, NULL, MAP("uart", ", \"addr\": 4096"));
    expect(qts, NULL, SET("/machine/peripheral/uart", "sysbus-irq[0]",
                          "/machine/peripheral/gate/unnamed-gpio-in[1]"));
    expect(qts, NULL, EXIT);
    qtest_irq_intercept_in(qts, "/machine/peripheral/gate");
    qtest_writel(qts, 4096 + 0x30, 0x301);
    qtest_writel(qts, 4096 + 0x38, 0x20);
    g_assert_false(qtest_get_irq(qts, 1));
    qtest_writel(qts, 4096, 'x');
    g_assert_true(qtest_get_irq(qts, 1));
    g_assert_false(qtest_get_irq(qts, 0));
    qtest_quit(qts);
}

static void test_cpus(void)
{
    QTestState *qts = qtest_init("-M none -smp 2 -preconfig");

    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu0",
                          ", \"mp-affinity\": 0"));
    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu1",
                          ", \"mp-affinity\": 1"));
    expect(qts, NULL, EXIT);
    qtest_system_reset(qts);
    qtest_quit(qts);
}

/* Devices that only none takes stay refused elsewhere, as do the commands */
static void test_other_machine(void)
{
    QTestState *qts = qtest_init("-M virt -nodefaults -preconfig");

    expect(qts, "", ADD("pl011", "a", ""));
    expect(qts, "", MAP("a", ", \"addr\": 0"));
    expect(qts, NULL, EXIT);
    expect(qts, "", ADD("pl011", "a", ""));
    expect(qts, "", ADD("or-irq", "gate", ""));
    expect(qts, "", ADD("cortex-a53-arm-cpu", "cpu", ""));
    expect(qts, "", MAP("/machine", ", \"addr\": 0"));
    qtest_quit(qts);
}

/* ... and on none, once the machine is complete */
static void test_complete(void)
{
    QTestState *qts = qtest_init("-M none");

    expect(qts, "", ADD("pl011", "a", ""));
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("fdt-machine/cold-plug/map", test_map);
    qtest_add_func("fdt-machine/cold-plug/map-errors", test_map_errors);
    qtest_add_func("fdt-machine/cold-plug/window", test_window);
    qtest_add_func("fdt-machine/cold-plug/unmap", test_unmap);
    qtest_add_func("fdt-machine/cold-plug/child", test_child);
    qtest_add_func("fdt-machine/cold-plug/hmp", test_hmp);
    qtest_add_func("fdt-machine/cold-plug/unmapped", test_unmapped);
    qtest_add_func("fdt-machine/cold-plug/refused-regions",
                   test_refused_regions);
    qtest_add_func("fdt-machine/cold-plug/memory", test_memory);
    qtest_add_func("fdt-machine/cold-plug/wire", test_wire);
    qtest_add_func("fdt-machine/cold-plug/cpus", test_cpus);
    qtest_add_func("fdt-machine/cold-plug/other-machine", test_other_machine);
    qtest_add_func("fdt-machine/cold-plug/complete", test_complete);
    return g_test_run();
}

/*
 * The order in which firmware is to try devices, as fw_cfg tells it
 *
 * The same disks and network cards, added cold by QMP and given as -device:
 * to none, and, where it has these devices by itself, to the machine virt.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hw/nvram/fw_cfg.h"
#include "cold-plug.h"

/* Where virt has its registers */
#define FW_CFG_DATA     0x9020000
#define FW_CFG_SELECT   0x9020008

static void fw_cfg_select(QTestState *qts, uint16_t key)
{
    qtest_writew(qts, FW_CFG_SELECT, bswap16(key));
}

static void fw_cfg_read(QTestState *qts, void *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        ((uint8_t *)data)[i] = qtest_readb(qts, FW_CFG_DATA);
    }
}

/* A file of fw_cfg as text; NULL if there is none */
static char *fw_cfg_file(QTestState *qts, const char *name)
{
    struct fw_cfg_file file;
    char *text = NULL;
    uint32_t count;

    fw_cfg_select(qts, FW_CFG_FILE_DIR);
    fw_cfg_read(qts, &count, sizeof(count));
    for (count = be32_to_cpu(count); count && !text; count--) {
        fw_cfg_read(qts, &file, sizeof(file));
        if (g_str_equal(file.name, name)) {
            text = g_malloc0(be32_to_cpu(file.size) + 1);
            fw_cfg_select(qts, be16_to_cpu(file.select));
            fw_cfg_read(qts, text, be32_to_cpu(file.size));
        }
    }
    return text;
}

/* What is to be booted, in an order that is not that of the bootindex */
#define DISK        "virtio-blk-device"
#define NET         "virtio-net-device"

#define BACKENDS \
    "-blockdev null-co,node-name=d0,read-zeroes=on,size=1048576 " \
    "-blockdev null-co,node-name=d1,read-zeroes=on,size=1048576 "

/* none with fw_cfg and three transports, where virt has them */
static QTestState *start_transports(const char *options)
{
    g_autofree char *line =
        g_strdup_printf("-M none -preconfig -nic none " BACKENDS "%s",
                        options);
    QTestState *qts = qtest_init(line);

    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu", ""));
    expect(qts, NULL, ADD("fw_cfg_mem", "fw", ", \"data_width\": 8"));
    expect(qts, NULL, MAP("fw", ", \"mmio\": 0, \"addr\": 151126024"));
    expect(qts, NULL, MAP("fw", ", \"mmio\": 1, \"addr\": 151126016"));
    expect(qts, NULL, ADD("virtio-mmio", "slot0", ""));
    expect(qts, NULL, MAP("slot0", ", \"addr\": 167772160"));
    expect(qts, NULL, ADD("virtio-mmio", "slot1", ""));
    expect(qts, NULL, MAP("slot1", ", \"addr\": 167772672"));
    expect(qts, NULL, ADD("virtio-mmio", "slot2", ""));
    expect(qts, NULL, MAP("slot2", ", \"addr\": 167773184"));
    return qts;
}

/* The order when the machine is complete; ends it */
static char *finish(QTestState *qts)
{
    char *order;

    expect(qts, NULL, EXIT);
    order = fw_cfg_file(qts, "bootorder");
    qtest_quit(qts);
    return order;
}

static char *order_by_qmp(void)
{
    QTestState *qts = start_transports("");

    expect(qts, NULL, ADD(DISK, "x", ", \"bus\": \"slot0.0\", "
                          "\"drive\": \"d0\", \"bootindex\": 3"));
    expect(qts, NULL, ADD(NET, "y", ", \"bus\": \"slot1.0\", "
                          "\"bootindex\": 1"));
    expect(qts, "bootindex 3 has already been used",
           ADD(DISK, "z", ", \"bus\": \"slot2.0\", \"drive\": \"d1\", "
               "\"bootindex\": 3"));
    expect(qts, NULL, ADD(DISK, "z", ", \"bus\": \"slot2.0\", "
                          "\"drive\": \"d1\", \"bootindex\": 2"));
    return finish(qts);
}

static char *order_by_option(void)
{
    return finish(start_transports(
        "-device " DISK ",id=x,bus=slot0.0,drive=d0,bootindex=3 "
        "-device " NET ",id=y,bus=slot1.0,bootindex=1 "
        "-device " DISK ",id=z,bus=slot2.0,drive=d1,bootindex=2"));
}

static char *order_of_virt(void)
{
    QTestState *qts = qtest_init(
        "-M virt -nic none " BACKENDS
        "-device " DISK ",id=x,bus=virtio-mmio-bus.0,drive=d0,bootindex=3 "
        "-device " NET ",id=y,bus=virtio-mmio-bus.1,bootindex=1 "
        "-device " DISK ",id=z,bus=virtio-mmio-bus.2,drive=d1,bootindex=2");
    char *order = fw_cfg_file(qts, "bootorder");

    qtest_quit(qts);
    return order;
}

static void test_order(void)
{
    g_autofree char *by_qmp = order_by_qmp();
    g_autofree char *by_option = order_by_option();
    g_autofree char *of_virt = order_of_virt();

    g_assert_cmpstr(by_qmp, ==,
                    "/virtio-mmio@000000000a000200/ethernet-phy@0\n"
                    "/virtio-mmio@000000000a000400/disk@0,0\n"
                    "/virtio-mmio@000000000a000000/disk@0,0");
    g_assert_cmpstr(by_qmp, ==, by_option);
    g_assert_cmpstr(by_qmp, ==, of_virt);
}

/* Without any bootindex there is no order, and qom-set gives one */
static void test_set(void)
{
    g_autofree char *order = NULL;
    QTestState *qts = start_transports("");

    expect(qts, NULL, ADD(DISK, "x", ", \"bus\": \"slot0.0\", "
                          "\"drive\": \"d0\""));
    expect(qts, NULL, ADD(DISK, "z", ", \"bus\": \"slot2.0\", "
                          "\"drive\": \"d1\""));
    expect(qts, NULL, "{\"execute\": \"qom-set\", \"arguments\": {\"path\": "
           "\"/machine/peripheral/z\", \"property\": \"bootindex\", "
           "\"value\": 0}}");
    order = finish(qts);
    g_assert_cmpstr(order, ==, "/virtio-mmio@000000000a000400/disk@0,0");
}

/*
 * Option ROMs of devices that leave them to fw_cfg: before or after fw_cfg is
 * added, and one file for two devices
 */
static void test_option_rom(void)
{
    static const char text[] = "not a ROM, but all of it";
    static const char add_fw[] = ADD("fw_cfg_mem", "fw",
                                     ", \"data_width\": 8");
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("option-rom-XXXXXX", &path, NULL);

    close(fd);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    for (unsigned late = 0; late < 2; late++) {
        QTestState *qts = start_none();
        g_autofree char *base = g_path_get_basename(path);
        g_autofree char *name = g_strconcat("genroms/", base, NULL);
        g_autofree char *found = NULL;
        const char *twins[] = { "a", "b" };

        expect(qts, NULL, ADD("gpex-pcihost", "pci", ""));
        expect(qts, NULL, MAP("pci", ", \"addr\": 1073741824"));
        if (!late) {
            expect(qts, NULL, add_fw);
        }
        for (unsigned i = 0; i < ARRAY_SIZE(twins); i++) {
            g_autofree char *line = g_strdup_printf(
                "{\"execute\": \"device_add\", \"arguments\": {"
                "\"driver\": \"pci-testdev\", \"id\": \"%s\", "
                "\"rombar\": 0, \"romfile\": \"%s\"}}", twins[i], path);

            expect(qts, NULL, line);
        }
        if (late) {
            expect(qts, NULL, add_fw);
        }
        expect(qts, NULL, MAP("fw", ", \"mmio\": 0, \"addr\": 151126024"));
        expect(qts, NULL, MAP("fw", ", \"mmio\": 1, \"addr\": 151126016"));
        expect(qts, NULL, EXIT);
        found = fw_cfg_file(qts, name);
        g_assert_cmpstr(found, ==, text);
        qtest_quit(qts);
    }
    unlink(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("fdt-machine/boot-order/order", test_order);
    qtest_add_func("fdt-machine/boot-order/set", test_set);
    qtest_add_func("fdt-machine/boot-order/option-rom", test_option_rom);
    return g_test_run();
}

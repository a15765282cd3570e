/*
 * Devices of a tree that somebody acts on from outside: keys, an IOMMU, and
 * what is plugged while the machine runs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/pci/pci_regs.h"
#include "board.h"
#include "cold-plug.h"
#include "../dts.h"

/* Of dts/a57x4-gicv3-pcie.dts */
#define GPIO        0x9030000
#define RAM         0x40000000
#define ECAM        0x3f000000
#define PCI_WINDOW  0x10000000

static Board *board;

/* The board with data/load/@overlay */
static QTestState *start_with(const char *overlay, const char *options)
{
    g_autofree char *dir = dts_dir("data/load");
    g_autofree char *blob = dts_compile(dir, overlay);
    g_autofree char *keys = g_strconcat("overlays.0=", blob, NULL);

    return board_start(board, keys, options);
}

/*
 * What is mapped nowhere
 */

/* The trees of this folder have everything mapped; what is added has not */
static void test_mapped(void)
{
    g_autofree char *dir = dts_dir("../dts");
    g_autoptr(GPtrArray) names = dts_list(dir, ".dts");
    g_autofree char *tree = board_option(board, NULL);
    g_autofree char *options = g_strconcat("-S -nodefaults -serial null ", tree,
                                           " -device pl031,id=rtc", NULL);
    g_autofree char *added = errors_of(options);

    g_assert_nonnull(strstr(added, "pl031 'rtc' is mapped nowhere"));
    for (unsigned i = 0; i < names->len; i++) {
        Board *b = board_new(g_ptr_array_index(names, i));
        g_autofree char *option = board_option(b, NULL);
        g_autofree char *all = g_strconcat("-S -nodefaults -serial null ",
                                           option, NULL);
        g_autofree char *errors = errors_of(all);

        g_test_message("%s: %s", b->name, errors);
        g_assert_null(strstr(errors, "is mapped nowhere"));
        board_free(b);
    }
}

/*
 * system_powerdown
 */

/* PL061: the levels of lines 0 to 7, by an address that masks none of them */
static uint32_t gpio_levels(QTestState *qts)
{
    return qtest_readl(qts, GPIO + (0xff << 2));
}

static void check_press(QTestState *qts, uint32_t idle, uint32_t pressed)
{
    g_assert_cmphex(gpio_levels(qts), ==, idle);
    qtest_qmp_assert_success(qts, "{'execute': 'system_powerdown'}");
    g_assert_cmphex(gpio_levels(qts), ==, pressed);
    qtest_clock_step(qts, 99 * 1000 * 1000);
    g_assert_cmphex(gpio_levels(qts), ==, pressed);
    qtest_clock_step(qts, 2 * 1000 * 1000);
    g_assert_cmphex(gpio_levels(qts), ==, idle);
}

/* Its line, and the interrupt that the guest has asked the controller for */
static void test_key(void)
{
    QTestState *qts = board_start(board, NULL, NULL);
    const unsigned gpio_iev = 0x40c, gpio_ie = 0x410, gpio_ic = 0x41c;
    const unsigned spi = 7;

    check_press(qts, 0, 1 << 3);
    qtest_irq_intercept_in(qts, "/machine/peripheral/gic");
    qtest_writel(qts, GPIO + gpio_iev, 1 << 3);
    qtest_writel(qts, GPIO + gpio_ic, 1 << 3);
    qtest_writel(qts, GPIO + gpio_ie, 1 << 3);
    g_assert_false(qtest_get_irq(qts, spi));
    qtest_qmp_assert_success(qts, "{'execute': 'system_powerdown'}");
    g_assert_true(qtest_get_irq(qts, spi));
    qtest_quit(qts);
}

/* Line 3 is high until it is pressed, line 4 low; nobody presses line 6 */
static void test_low_key(void)
{
    QTestState *qts = start_with("key-low.dtso", NULL);

    check_press(qts, 1 << 3, 1 << 4);
    qtest_system_reset(qts);
    check_press(qts, 1 << 3, 1 << 4);
    qtest_quit(qts);
}

/*
 * PCI
 */

#define PCI_DEVFN_OF(slot)  ((slot) << 3)

static uint64_t config(unsigned slot)
{
    return ECAM + (PCI_DEVFN_OF(slot) << 12);
}

/* edu, docs/specs/edu.rst: a device that copies what it is told to */
#define EDU_SLOT    4
#define EDU_SRC     0x80
#define EDU_DST     0x88
#define EDU_COUNT   0x90
#define EDU_COMMAND 0x98
#define EDU_BUFFER  0x40000
#define EDU_READ    1       /* from the bus to its buffer */
#define EDU_WRITE   3

#define PATTERN     0x600dcafe
#define FROM        RAM
#define TO          (RAM + 0x10000)

static void edu_copy(QTestState *qts, uint64_t from, uint64_t to, int command)
{
    qtest_writeq(qts, PCI_WINDOW + EDU_SRC, from);
    qtest_writeq(qts, PCI_WINDOW + EDU_DST, to);
    qtest_writeq(qts, PCI_WINDOW + EDU_COUNT, 4);
    qtest_writeq(qts, PCI_WINDOW + EDU_COMMAND, command);
    qtest_clock_step(qts, 200 * 1000 * 1000);
}

/* What a word of RAM has become, after edu has copied it */
static uint32_t copy_by_edu(QTestState *qts)
{
    qtest_writel(qts, config(EDU_SLOT) + PCI_BASE_ADDRESS_0, PCI_WINDOW);
    qtest_writew(qts, config(EDU_SLOT) + PCI_COMMAND,
                 PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    qtest_writel(qts, FROM, PATTERN);
    edu_copy(qts, FROM, EDU_BUFFER, EDU_READ);
    edu_copy(qts, EDU_BUFFER, TO, EDU_WRITE);
    return qtest_readl(qts, TO);
}

#define EDU "-device edu,addr=4.0,dma_mask=0xffffffff "

/*
 * The IOMMU of the tree is between devices and memory: without a driver it lets
 * all through, or nothing, as its property says
 */
static void test_iommu(void)
{
    QTestState *qts = board_start(board, NULL, EDU);

    g_assert_cmphex(copy_by_edu(qts), ==, PATTERN);
    qtest_quit(qts);

    qts = start_with("virtio-iommu.dtso", EDU);
    g_assert_cmphex(qtest_readw(qts, config(8) + PCI_DEVICE_ID), ==, 0x1057);
    g_assert_cmphex(copy_by_edu(qts), ==, PATTERN);
    qtest_quit(qts);

    qts = start_with("virtio-iommu.dtso", EDU
                     "-global virtio-iommu-device.boot-bypass=off");
    g_assert_cmphex(copy_by_edu(qts), ==, 0);
    qtest_quit(qts);
}

/* The same device by hand */
static void test_iommu_by_option(void)
{
    QTestState *qts = board_start(
        board, NULL, EDU "-device virtio-iommu-pci,addr=8.0 "
        "-global virtio-iommu-device.boot-bypass=off");

    g_assert_cmphex(copy_by_edu(qts), ==, 0);
    qtest_quit(qts);
}

/*
 * Hot plug
 */

#define DEL(id) \
    "{\"execute\": \"device_del\", \"arguments\": {\"id\": \"" id "\"}}"

/* PCI Express slot status of the port in a slot of the root bus */
static uint16_t slot_status(QTestState *qts, unsigned slot)
{
    uint8_t at = qtest_readb(qts, config(slot) + PCI_CAPABILITY_LIST);

    while (at && qtest_readb(qts, config(slot) + at) != PCI_CAP_ID_EXP) {
        at = qtest_readb(qts, config(slot) + at + PCI_CAP_LIST_NEXT);
    }
    g_assert_cmpint(at, !=, 0);
    return qtest_readw(qts, config(slot) + at + PCI_EXP_SLTSTA);
}

static void test_hotplug_pci(void)
{
    QTestState *qts = board_start(
        board, NULL, "-device pcie-root-port,id=rp,addr=5.0,chassis=1");

    expect(qts, "does not support hotplugging",
           ADD("pci-testdev", "root", ", \"bus\": \"pcie.0\""));
    g_assert_false(slot_status(qts, 5) & PCI_EXP_SLTSTA_PDS);
    expect(qts, NULL, ADD("pci-testdev", "hot", ", \"bus\": \"rp\""));
    g_assert_true(slot_status(qts, 5) & PCI_EXP_SLTSTA_PDS);
    expect(qts, NULL, DEL("hot"));
    qtest_qmp_eventwait(qts, "DEVICE_DELETED");
    g_assert_false(slot_status(qts, 5) & PCI_EXP_SLTSTA_PDS);
    qtest_quit(qts);
}

static bool has_usb_tablet(QTestState *qts)
{
    g_autofree char *text = qtest_hmp(qts, "info usb");

    return strstr(text, "QEMU USB Tablet");
}

static void test_hotplug_usb(void)
{
    QTestState *qts = board_start(board, NULL, "-device qemu-xhci,id=usb");

    g_assert_false(has_usb_tablet(qts));
    expect(qts, NULL, ADD("usb-tablet", "hot", ", \"bus\": \"usb.0\""));
    g_assert_true(has_usb_tablet(qts));
    expect(qts, NULL, DEL("hot"));
    qtest_qmp_eventwait(qts, "DEVICE_DELETED");
    g_assert_false(has_usb_tablet(qts));
    qtest_quit(qts);
}

/* What sits on the system bus, or on no bus, is there from the beginning */
static void test_no_hotplug(void)
{
    QTestState *qts = board_start(board, NULL, NULL);

    expect(qts, "as the machine is complete", ADD("pl031", "late", ""));
    expect(qts, "as the machine is complete",
           ADD("or-irq", "late", ", \"num-lines\": 2"));
    expect(qts, "", DEL("serial0"));
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    board = board_new("a57x4-gicv3-pcie");
    qtest_add_func("fdt-machine/devices/mapped", test_mapped);
    qtest_add_func("fdt-machine/devices/key", test_key);
    qtest_add_func("fdt-machine/devices/low-key", test_low_key);
    qtest_add_func("fdt-machine/devices/iommu", test_iommu);
    qtest_add_func("fdt-machine/devices/iommu-by-option",
                   test_iommu_by_option);
    qtest_add_func("fdt-machine/devices/hotplug-pci", test_hotplug_pci);
    qtest_add_func("fdt-machine/devices/hotplug-usb", test_hotplug_usb);
    qtest_add_func("fdt-machine/devices/no-hotplug", test_no_hotplug);
    result = g_test_run();
    board_free(board);
    dts_clean();
    return result;
}

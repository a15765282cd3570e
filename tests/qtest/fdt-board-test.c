/*
 * Every board of dts/: its machine is what its tree says
 *
 * replay      the plan, fed over QMP to the machine none, gives the same
 *             machine
 * load        fdt-machine-load on the machine none does
 * nodes       every node with a model answers at its address
 * interrupts  and its interrupts arrive at the inputs that the tree names
 *
 * What the tree says is read here again with libfdt, not taken from the code
 * under test.
 *
 * FDT_MACHINE_BOARDS names a folder with blobs to test in place of dts/.  Of
 * such a board nobody knows whether it has what a test looks at: a test that
 * finds nothing to look at is skipped, and a device may lack a line
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "qemu/bswap.h"
#include "qobject/qlist.h"
#include "qobject/qstring.h"
#include "../dts.h"
#include "board.h"

/* libqtest follows the levels of so many lines */
#define QTEST_LINES 256

static const char *str(const QDict *dict, const char *key)
{
    return qdict_get_try_str(dict, key) ?: "";
}

static uint64_t num(const QDict *dict, const char *key)
{
    return board_uint(dict, key);
}

static QDict *entry(const QListEntry *e)
{
    return qobject_to(QDict, qlist_entry_obj(e));
}

/*
 * replay
 */

static void test_replay(gconstpointer data)
{
    const Board *board = data;
    g_autofree char *file = dts_temp("plan.qmp");
    g_autofree char *keys = g_strdup_printf("dump-qmp=%s", file);
    QTestState *qts = board_start(board, keys, NULL);
    g_autoptr(QDict) report = board_report(qts);
    g_autofree char *loaded = board_state(qts);
    g_autofree char *replayed = NULL;

    qtest_quit(qts);

    qts = qtest_initf("%s %s", BOARD_OPTIONS, str(report, "command-line"));
    g_assert_cmpuint(board_feed(qts, file), ==,
                     qdict_get_int(report, "commands"));
    qtest_qmp_assert_success(qts, "{'execute': 'x-exit-preconfig'}");
    replayed = board_state(qts);
    qtest_quit(qts);

    board_compare(board->name, loaded, replayed);
}

/*
 * load
 */

static void test_load(gconstpointer data)
{
    const Board *board = data;
    QTestState *qts = board_start(board, NULL, NULL);
    g_autoptr(QDict) report = board_report(qts);
    g_autofree char *option = board_state(qts);
    g_autoptr(QDict) arguments = qdict_new();
    g_autofree char *command = NULL;

    qtest_quit(qts);
    qdict_put_str(arguments, "file", board->blob);
    if (board->overlay) {
        QList *overlays = qlist_new();

        qlist_append_str(overlays, board->overlay);
        qdict_put(arguments, "overlays", overlays);
    }
    qts = qtest_initf("%s %s", BOARD_OPTIONS, str(report, "command-line"));
    qtest_qmp_assert_success(qts, "{'execute': 'fdt-machine-load', "
                             "'arguments': %p}",
                             qobject_ref(QOBJECT(arguments)));
    qtest_qmp_assert_success(qts, "{'execute': 'x-exit-preconfig'}");
    command = board_state(qts);
    qtest_quit(qts);

    board_compare(board->name, option, command);
}

/*
 * The blob, read with libfdt
 */

static void *read_blob(const Board *board)
{
    g_autofree char *blob = NULL;
    g_autofree char *overlay = NULL;
    gsize size, overlay_size;
    void *fdt;

    g_assert_true(g_file_get_contents(board->blob, &blob, &size, NULL));
    fdt = g_malloc0(size + 64 * 1024);
    g_assert_cmpint(fdt_open_into(blob, fdt, size + 64 * 1024), ==, 0);
    if (board->overlay) {
        g_assert_true(g_file_get_contents(board->overlay, &overlay,
                                          &overlay_size, NULL));
        g_assert_cmpint(fdt_overlay_apply(fdt, overlay), ==, 0);
    }
    return fdt;
}

static uint64_t read_cells(const fdt32_t *cells, int n)
{
    uint64_t value = 0;

    for (int i = 0; i < n; i++) {
        value = value << 32 | fdt32_to_cpu(cells[i]);
    }
    return value;
}

/* @address of a child of @bus, on the bus above it; false if it has none */
static bool translate_step(const void *fdt, int bus, uint64_t *address)
{
    int child = fdt_address_cells(fdt, bus), size = fdt_size_cells(fdt, bus);
    int up = fdt_address_cells(fdt, fdt_parent_offset(fdt, bus));
    const fdt32_t *ranges;
    int len;

    ranges = fdt_getprop(fdt, bus, "ranges", &len);
    if (!ranges) {
        return false;
    }
    if (!len) {
        return true;
    }
    for (int i = 0; i + child + up + size <= len / 4;
         i += child + up + size) {
        uint64_t start = read_cells(ranges + i, child);

        if (*address >= start && *address - start <
            read_cells(ranges + i + child + up, size)) {
            *address += read_cells(ranges + i + child, up) - start;
            return true;
        }
    }
    return false;
}

static bool translate(const void *fdt, int node, uint64_t *address)
{
    int bus = fdt_parent_offset(fdt, node);

    for (; fdt_parent_offset(fdt, bus) >= 0;
         bus = fdt_parent_offset(fdt, bus)) {
        if (!translate_step(fdt, bus, address)) {
            return false;
        }
    }
    return true;
}

typedef struct Window {
    uint64_t address;
    uint64_t size;
} Window;

static void add_window(GArray *windows, const void *fdt, int node,
                       uint64_t address, uint64_t size)
{
    Window window = { address, size };

    if (size && translate(fdt, node, &window.address)) {
        g_array_append_val(windows, window);
    }
}

/* Where the tree says that the node answers: reg, and a bridge's ranges */
static GArray *node_windows(const void *fdt, int node)
{
    GArray *windows = g_array_new(false, false, sizeof(Window));
    int parent = fdt_parent_offset(fdt, node);
    int address = fdt_address_cells(fdt, parent);
    int size = fdt_size_cells(fdt, parent);
    int child = fdt_address_cells(fdt, node);
    int len, row;
    const fdt32_t *cells;

    cells = fdt_getprop(fdt, node, "reg", &len);
    for (int i = 0; cells && i + address + size <= len / 4;
         i += address + size) {
        add_window(windows, fdt, node, read_cells(cells + i, address),
                   read_cells(cells + i + address, size));
    }
    row = child + address + fdt_size_cells(fdt, node);
    cells = fdt_getprop(fdt, node, "ranges", &len);
    for (int i = 0; cells && i + row <= len / 4; i += row) {
        add_window(windows, fdt, node, read_cells(cells + i + child, address),
                   read_cells(cells + i + child + address,
                              fdt_size_cells(fdt, node)));
    }
    return windows;
}

/*
 * The view that the CPUs have of memory
 */

typedef struct Range {
    uint64_t start;
    uint64_t last;
    bool inside;        /* begins inside its region */
    char *owner;        /* id or QOM path */
} Range;

static void range_clear(gpointer data)
{
    g_free(((Range *)data)->owner);
}

static char *range_owner(const char *line)
{
    static const char *const marks[] = { " owner:{dev id=", " owner:{dev path=",
                                         " owner:{obj path=" };

    for (int i = 0; i < ARRAY_SIZE(marks); i++) {
        const char *owner = strstr(line, marks[i]);

        if (owner) {
            owner += strlen(marks[i]);
            return g_strndup(owner, strcspn(owner, "}"));
        }
    }
    return g_strdup("");
}

static void parse_range(GArray *ranges, const char *line)
{
    Range range = { .inside = strstr(line, " @") != NULL };

    if (sscanf(line, " %" SCNx64 "-%" SCNx64 " (prio", &range.start,
               &range.last) == 2) {
        range.owner = range_owner(line);
        g_array_append_val(ranges, range);
    }
}

/* Lines of the view of the address space "memory" */
static GArray *memory_view(QTestState *qts)
{
    g_autofree char *text = qtest_hmp(qts, "info mtree -f -o");
    g_auto(GStrv) views = g_strsplit(text, "FlatView #", -1);
    GArray *ranges = g_array_new(false, false, sizeof(Range));

    g_array_set_clear_func(ranges, range_clear);
    for (char **view = views; *view; view++) {
        g_auto(GStrv) lines = NULL;

        if (!strstr(*view, " AS \"memory\", root: system")) {
            continue;
        }
        lines = g_strsplit(*view, "\n", -1);
        for (char **line = lines; *line; line++) {
            parse_range(ranges, *line);
        }
    }
    g_assert_cmpuint(ranges->len, >, 0);
    return ranges;
}

static bool is_owner(const Range *range, const QDict *node)
{
    const char *path = str(node, "qom-path");

    return g_str_equal(range->owner, str(node, "id")) ||
           (g_str_has_prefix(range->owner, path) &&
            (range->owner[strlen(path)] == '\0' ||
             range->owner[strlen(path)] == '/'));
}

static const Range *find_range(const GArray *ranges, uint64_t address)
{
    for (unsigned i = 0; i < ranges->len; i++) {
        const Range *range = &g_array_index(ranges, Range, i);

        if (address >= range->start && address <= range->last) {
            return range;
        }
    }
    return NULL;
}

/*
 * nodes
 */

/* Regions that are windows into something else: empty until it is filled */
static bool may_be_empty(const QDict *node)
{
    static const char *const drivers[] = { "gpex-pcihost",
                                           "unimplemented-device",
                                           "polled-registers" };

    for (int i = 0; i < ARRAY_SIZE(drivers); i++) {
        if (g_str_equal(str(node, "driver"), drivers[i])) {
            return true;
        }
    }
    return false;
}

static void check_view(const GArray *view, const QDict *node,
                       const QDict *region)
{
    uint64_t address = num(region, "address");
    const Range *range = find_range(view, address);

    if (!range && may_be_empty(node)) {
        return;
    }
    if (!range || range->start != address || !is_owner(range, node)) {
        g_test_message("%s: nothing of %s begins at 0x%" PRIx64 " but "
                       "something of '%s'", str(node, "path"),
                       str(node, "id"), address,
                       range ? range->owner : "nobody");
        g_test_fail();
    }
}

static bool in_windows(const GArray *windows, uint64_t address)
{
    for (unsigned i = 0; i < windows->len; i++) {
        const Window *w = &g_array_index(windows, Window, i);

        if (address >= w->address && address - w->address < w->size) {
            return true;
        }
    }
    return false;
}

/* A region has to be where reg or ranges say, and the first of them used */
static void check_tree(const void *fdt, const QDict *node,
                       const QList *regions)
{
    int offset = fdt_path_offset(fdt, str(node, "path"));
    g_autoptr(GArray) windows = NULL;
    const QListEntry *e;

    g_assert_cmpint(offset, >=, 0);
    windows = node_windows(fdt, offset);
    if (windows->len && qlist_empty(regions)) {
        g_test_message("%s: has an address, but no region of %s is mapped",
                       str(node, "path"), str(node, "driver"));
        g_test_fail();
    }
    QLIST_FOREACH_ENTRY(regions, e) {
        uint64_t address = num(entry(e), "address");

        if (!in_windows(windows, address)) {
            g_test_message("%s: 0x%" PRIx64 " is not in its reg",
                           str(node, "path"), address);
            g_test_fail();
        }
    }
}

typedef struct Probe {
    QTestState *qts;
    const QDict *node;
    uint64_t address[8];    /* of regions by index; UINT64_MAX: not mapped */
} Probe;

static bool reads(const Probe *p, uint64_t address, uint32_t expected)
{
    uint32_t value = qtest_readl(p->qts, address);

    if (value != expected) {
        g_test_message("%s: 0x%" PRIx64 " reads 0x%x, not 0x%x",
                       str(p->node, "path"), address, value, expected);
    }
    return value == expected;
}

/* PrimeCell: part number and the cell's id, a byte a word */
static bool probe_primecell(const Probe *p, unsigned part)
{
    uint64_t id = p->address[0] + 0xfe0;

    return reads(p, id, part & 0xff) && reads(p, id + 4, part >> 8) &&
           reads(p, id + 16, 0x0d) && reads(p, id + 20, 0xf0) &&
           reads(p, id + 24, 0x05) && reads(p, id + 28, 0xb1);
}

static bool probe_gicv2(const Probe *p, unsigned part)
{
    return (qtest_readl(p->qts, p->address[0] + 0xfe8) & 0xff) != 0 &&
           reads(p, p->address[0] + 0xff0, 0x0d) &&
           reads(p, p->address[0] + 0xffc, 0xb1);
}

static bool probe_gicv3(const Probe *p, unsigned part)
{
    return reads(p, p->address[0] + 0xffe8, 0x3b) &&
           reads(p, p->address[1] + 0xffe8, 0x3b) &&
           reads(p, p->address[0] + 0xfff0, 0x0d);
}

static bool probe_its(const Probe *p, unsigned part)
{
    return reads(p, p->address[0] + 0xffe8, 0x3b);
}

static bool probe_virtio_mmio(const Probe *p, unsigned part)
{
    return reads(p, p->address[0], 0x74726976);
}

static bool probe_lan9118(const Probe *p, unsigned part)
{
    return reads(p, p->address[0] + 0x64, 0x87654321);
}

/* The scratch register of a 16550, in steps of 1 << regshift bytes */
static bool probe_serial(const Probe *p, unsigned part)
{
    g_autoptr(QDict) response = qtest_qmp(
        p->qts, "{'execute': 'qom-get', 'arguments': {'path': %s, "
        "'property': 'regshift'}}", str(p->node, "qom-path"));
    uint64_t scratch = p->address[0] +
                       (7 << qdict_get_int(response, "return"));

    qtest_writeb(p->qts, scratch, 0x5a);
    return qtest_readb(p->qts, scratch) == 0x5a;
}

static bool probe_fw_cfg(const Probe *p, unsigned part)
{
    char text[5] = "";

    qtest_writew(p->qts, p->address[0], 0);
    for (int i = 0; i < 4; i++) {
        text[i] = qtest_readb(p->qts, p->address[1]);
    }
    return g_str_equal(text, "QEMU");
}

/* CFI's query mode: "QRY" from word 0x10 on, on each chip of the bank */
static bool probe_flash(const Probe *p, unsigned part)
{
    g_autoptr(QDict) response = qtest_qmp(
        p->qts, "{'execute': 'qom-get', 'arguments': {'path': %s, "
        "'property': 'width'}}", str(p->node, "qom-path"));
    unsigned width = qdict_get_int(response, "return");
    bool ok;

    qtest_writel(p->qts, p->address[0] + 0x55 * width, 0x00980098);
    ok = qtest_readb(p->qts, p->address[0] + 0x10 * width) == 'Q' &&
         qtest_readb(p->qts, p->address[0] + 0x11 * width) == 'R';
    qtest_writel(p->qts, p->address[0], 0x00ff00ff);
    return ok;
}

/* The priority of source 1 */
static bool probe_plic(const Probe *p, unsigned part)
{
    uint64_t priority = p->address[0] + 4;
    bool ok;

    qtest_writel(p->qts, priority, 5);
    ok = reads(p, priority, 5);
    qtest_writel(p->qts, priority, 0);
    return ok && reads(p, priority, 0);
}

static bool probe_memory(const Probe *p, unsigned part)
{
    qtest_writel(p->qts, p->address[0], 0x600dcafe);
    return reads(p, p->address[0], 0x600dcafe);
}

static const struct {
    const char *driver;
    bool (*probe)(const Probe *p, unsigned part);
    unsigned part;
} probes[] = {
    { "pl011", probe_primecell, 0x1011 },
    { "pl022", probe_primecell, 0x1022 },
    { "pl031", probe_primecell, 0x1031 },
    { "pl041", probe_primecell, 0x1041 },
    { "pl050_keyboard", probe_primecell, 0x1050 },
    { "pl050_mouse", probe_primecell, 0x1050 },
    { "pl061", probe_primecell, 0x1061 },
    { "pl080", probe_primecell, 0x1080 },
    { "pl081", probe_primecell, 0x1081 },
    { "pl110", probe_primecell, 0x1110 },
    { "pl111", probe_primecell, 0x1111 },
    { "pl181", probe_primecell, 0x1181 },
    { "sp804", probe_primecell, 0x1804 },
    { "luminary-watchdog", probe_primecell, 0x1805 },
    { "arm_gic", probe_gicv2, 0 },
    { "arm-gicv3", probe_gicv3, 0 },
    { "arm-gicv3-its", probe_its, 0 },
    { "virtio-mmio", probe_virtio_mmio, 0 },
    { "lan9118", probe_lan9118, 0 },
    { "serial-mm", probe_serial, 0 },
    { "fw_cfg_mem", probe_fw_cfg, 0 },
    { "cfi.pflash01", probe_flash, 0 },
    { "riscv.sifive.plic", probe_plic, 0 },
    { "sysbus-memory", probe_memory, 0 },
};

/* Whether there is something to ask the device for */
static bool probe_node(QTestState *qts, const QDict *node,
                       const QList *regions)
{
    Probe probe = { .qts = qts, .node = node };
    const QListEntry *e;

    memset(probe.address, 0xff, sizeof(probe.address));
    QLIST_FOREACH_ENTRY(regions, e) {
        uint64_t index = num(entry(e), "region");

        if (index < ARRAY_SIZE(probe.address)) {
            probe.address[index] = num(entry(e), "address");
        }
    }
    for (int i = 0; i < ARRAY_SIZE(probes); i++) {
        if (!g_str_equal(str(node, "driver"), probes[i].driver) ||
            probe.address[0] == UINT64_MAX) {
            continue;
        }
        if (!probes[i].probe(&probe, probes[i].part)) {
            g_test_message("%s: no %s answers at 0x%" PRIx64,
                           str(node, "path"), probes[i].driver,
                           probe.address[0]);
            g_test_fail();
        }
        return true;
    }
    return false;
}

static bool is_built(const QDict *node)
{
    return g_str_equal(str(node, "verdict"), "modelled") ||
           g_str_equal(str(node, "verdict"), "substituted");
}

static void check_banks(QTestState *qts, const QDict *report)
{
    QList *banks = qdict_get_qlist(report, "memory");
    const QListEntry *e;

    g_assert_false(qlist_empty(banks));
    QLIST_FOREACH_ENTRY(banks, e) {
        uint64_t start = num(entry(e), "address");
        uint64_t last = start + num(entry(e), "size") - 8;

        qtest_writeq(qts, start, 0x0123456789abcdef);
        qtest_writeq(qts, last, ~start);
        g_assert_cmphex(qtest_readq(qts, start), ==, 0x0123456789abcdef);
        g_assert_cmphex(qtest_readq(qts, last), ==, ~start);
    }
}

/*
 * Whether a region of another board is the node's own.  Those of a stand-in are
 * not, nor those that a model has in another node's reg, as i.MX6's clock
 * controller in that of its anatop; and a placeholder for registers that are
 * part of another device is not seen
 */
static bool is_own(const void *fdt, const QDict *node, const QDict *region)
{
    int offset = fdt_path_offset(fdt, str(node, "path"));
    g_autoptr(GArray) windows = NULL;

    if (offset < 0 ||
        g_str_equal(str(node, "driver"), "unimplemented-device")) {
        return false;
    }
    windows = node_windows(fdt, offset);
    return in_windows(windows, num(region, "address"));
}

static void test_nodes(gconstpointer data)
{
    const Board *board = data;
    g_autofree void *fdt = read_blob(board);
    QTestState *qts = board_start(board, NULL, NULL);
    g_autoptr(QDict) report = board_report(qts);
    g_autoptr(GArray) view = memory_view(qts);
    unsigned seen = 0, probed = 0;
    const QListEntry *e, *r;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), e) {
        QDict *node = entry(e);
        QList *regions = qdict_get_qlist(node, "regions");

        if (!is_built(node) || !regions) {
            continue;
        }
        if (board->own) {
            check_tree(fdt, node, regions);
        }
        QLIST_FOREACH_ENTRY(regions, r) {
            if (!board->own && !is_own(fdt, node, entry(r))) {
                continue;
            }
            check_view(view, node, entry(r));
            seen++;
        }
        probed += probe_node(qts, node, regions);
    }
    check_banks(qts, report);
    g_test_message("%u regions, %u devices asked for what they are", seen,
                   probed);
    g_assert_cmpuint(seen, >, 0);
    g_assert_true(probed || !board->own);
    qtest_quit(qts);
}

/*
 * interrupts
 */

static int interrupt_parent(const void *fdt, int node)
{
    for (; node >= 0; node = fdt_parent_offset(fdt, node)) {
        int len;
        const fdt32_t *cell = fdt_getprop(fdt, node, "interrupt-parent",
                                          &len);

        if (cell && len == 4) {
            return fdt_node_offset_by_phandle(fdt, fdt32_to_cpu(*cell));
        }
    }
    return -1;
}

static bool is_gic(const void *fdt, int node)
{
    static const char *const names[] = {
        "arm,gic-400", "arm,gic-v3", "arm,cortex-a15-gic",
        "arm,cortex-a9-gic", "arm,cortex-a7-gic",
    };

    for (int i = 0; node >= 0 && i < ARRAY_SIZE(names); i++) {
        if (!fdt_node_check_compatible(fdt, node, names[i])) {
            return true;
        }
    }
    return false;
}

static bool is_plic(const void *fdt, int node)
{
    return node >= 0 &&
           !fdt_node_check_compatible(fdt, node, "sifive,plic-1.0.0");
}

/* "sink line" -> sink, as "/machine/peripheral/gic/unnamed-gpio-in[3]" */
static char *follow(QTestState *qts, const char *path, const char *line)
{
    g_autofree char *sink = board_get(qts, path, line);
    g_autofree char *type = NULL;
    char *gate = g_strdup(sink);

    *strrchr(gate, '/') = '\0';
    type = board_get(qts, gate, "type");
    if (!g_str_equal(type, "or-irq")) {
        g_free(gate);
        return g_steal_pointer(&sink);
    }
    g_free(sink);
    sink = board_get(qts, gate, "unnamed-gpio-out[0]");
    g_free(gate);
    return g_steal_pointer(&sink);
}

typedef struct Wiring {
    const Board *board;
    QTestState *qts;
    const void *fdt;
    const char *controller; /* QOM path of the GIC or PLIC */
    unsigned raised;        /* interrupts that were seen to arrive */
    unsigned linked;        /* and those that lead there */
} Wiring;

/* What makes a device raise its first interrupt, and drop it again */

static void raise_pl011(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x30, 0x301);  /* UARTCR: on */
    qtest_writel(qts, base + 0x38, 0x20);   /* UARTIMSC: transmit */
    qtest_writel(qts, base, 'x');
}

static void lower_pl011(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x38, 0);
}

static void raise_pl031(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x10, 1);      /* RTCIMSC */
    qtest_writel(qts, base + 0x04, qtest_readl(qts, base)); /* RTCMR: now */
}

static void lower_pl031(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x1c, 1);      /* RTCICR */
}

static void raise_pl061(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x404, 0xff);  /* GPIOIS: levels */
    qtest_writel(qts, base + 0x40c, 0xff);  /* GPIOIEV: high */
    qtest_set_irq_in(qts, path, "unnamed-gpio-in", 0, 1);
    qtest_writel(qts, base + 0x410, 0xff);  /* GPIOIE */
}

static void lower_pl061(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x410, 0);
}

static void raise_sp804(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x00, 1);      /* TimerLoad */
    qtest_writel(qts, base + 0x08, 0xa3);   /* on, interrupt, one shot */
    qtest_clock_step(qts, 1000 * 1000 * 1000);
}

static void lower_sp804(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x08, 0);
    qtest_writel(qts, base + 0x0c, 1);      /* TimerIntClr */
}

static unsigned regshift(QTestState *qts, const char *path)
{
    g_autoptr(QDict) response = qtest_qmp(
        qts, "{'execute': 'qom-get', 'arguments': {'path': %s, "
        "'property': 'regshift'}}", path);

    return qdict_get_int(response, "return");
}

static void raise_serial(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writeb(qts, base + (1 << regshift(qts, path)), 0x02); /* IER: THR */
}

static void lower_serial(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writeb(qts, base + (1 << regshift(qts, path)), 0);
}

static void raise_lan9118(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x54, 0x111);  /* IRQ_CFG: on, high, push-pull */
    qtest_writel(qts, base + 0x5c, 1u << 31);   /* INT_EN: by software */
}

static void lower_lan9118(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x5c, 0);
    qtest_writel(qts, base + 0x58, 1u << 31);   /* INT_STS */
}

static void raise_goldfish(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x10, 1);      /* IRQ_ENABLED */
    qtest_writel(qts, base + 0x0c, 0);      /* ALARM_HIGH */
    qtest_writel(qts, base + 0x08, 0);      /* ALARM_LOW: long ago */
}

static void lower_goldfish(QTestState *qts, const char *path, uint64_t base)
{
    qtest_writel(qts, base + 0x1c, 1);      /* CLEAR_INTERRUPT */
}

typedef void Provoke(QTestState *qts, const char *path, uint64_t base);

static const struct {
    const char *driver;
    Provoke *raise;
    Provoke *lower;
} provokers[] = {
    { "pl011", raise_pl011, lower_pl011 },
    { "pl031", raise_pl031, lower_pl031 },
    { "pl061", raise_pl061, lower_pl061 },
    { "sp804", raise_sp804, lower_sp804 },
    { "serial-mm", raise_serial, lower_serial },
    { "lan9118", raise_lan9118, lower_lan9118 },
    { "goldfish_rtc", raise_goldfish, lower_goldfish },
};

static void check_arrival(Wiring *w, const QDict *node, unsigned spi)
{
    QDict *region = entry(qlist_first(qdict_get_qlist(node, "regions")));
    const char *path = str(node, "qom-path");
    uint64_t base = num(region, "address");

    for (int i = 0; i < ARRAY_SIZE(provokers); i++) {
        bool before, during;

        if (!g_str_equal(str(node, "driver"), provokers[i].driver) ||
            spi >= QTEST_LINES) {
            continue;
        }
        before = qtest_get_irq(w->qts, spi);
        provokers[i].raise(w->qts, path, base);
        during = qtest_get_irq(w->qts, spi);
        provokers[i].lower(w->qts, path, base);
        if (before || !during || qtest_get_irq(w->qts, spi)) {
            g_test_message("%s: its interrupt does not arrive at SPI %u "
                           "(before %d, raised %d)", str(node, "path"), spi,
                           before, during);
            g_test_fail();
        }
        w->raised++;
    }
}

/* A device without a line for an interrupt of its node: so be it elsewhere */
static void miss_line(const Wiring *w, const QDict *node, unsigned spi)
{
    g_test_message("%s: no line of %s leads to SPI %u", str(node, "path"),
                   str(node, "driver"), spi);
    if (w->board->own) {
        g_test_fail();
    }
}

/* Inputs that the device's lines lead to, in the order of the report */
static GPtrArray *reached_inputs(const Wiring *w, const QDict *node)
{
    GPtrArray *sinks = g_ptr_array_new_with_free_func(g_free);
    QList *list = qdict_get_qlist(node, "interrupts");
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(list, e) {
        char *sink;

        if (!qdict_haskey(entry(e), "controller")) {
            continue;
        }
        sink = follow(w->qts, str(node, "qom-path"), str(entry(e), "line"));
        g_ptr_array_add(sinks, sink);
    }
    return sinks;
}

/* #interrupt-cells of a controller: a GIC has 3, or 4 with partitions */
static int specifier_cells(const void *fdt, int controller)
{
    int len;
    const fdt32_t *cell = fdt_getprop(fdt, controller, "#interrupt-cells",
                                      &len);

    g_assert_true(cell && len == 4);
    return fdt32_to_cpu(*cell);
}

/*
 * SPIs of a GIC, or sources of a PLIC, that the tree gives the node, in its
 * order; NULL if none goes there
 */
static GArray *tree_spis(const void *fdt, int node)
{
    int len, parent = interrupt_parent(fdt, node);
    const fdt32_t *cells = fdt_getprop(fdt, node, "interrupts", &len);
    bool plic = is_plic(fdt, parent);
    int num_cells;
    GArray *spis;

    if (!cells || fdt_getprop(fdt, node, "interrupts-extended", NULL) ||
        !(plic || is_gic(fdt, parent))) {
        return NULL;
    }
    num_cells = specifier_cells(fdt, parent);
    spis = g_array_new(false, false, sizeof(unsigned));
    for (int i = 0; i + num_cells <= len / 4; i += num_cells) {
        unsigned line = fdt32_to_cpu(cells[plic ? i : i + 1]);

        if (plic || fdt32_to_cpu(cells[i]) == 0) {
            g_array_append_val(spis, line);
        }
    }
    return spis;
}

static bool is_reached(const Wiring *w, GPtrArray *reached, unsigned spi)
{
    g_autofree char *sink = g_strdup_printf("%s/unnamed-gpio-in[%u]",
                                            w->controller, spi);

    return g_ptr_array_find_with_equal_func(reached, sink, g_str_equal, NULL);
}

/* How many lines lead to inputs that no specifier of the node names */
static unsigned count_strays(const Wiring *w, GPtrArray *reached,
                             const GArray *spis)
{
    g_autoptr(GPtrArray) named = g_ptr_array_new_with_free_func(g_free);
    unsigned strays = 0;

    for (unsigned i = 0; i < spis->len; i++) {
        g_ptr_array_add(named, g_strdup_printf(
            "%s/unnamed-gpio-in[%u]", w->controller,
            g_array_index(spis, unsigned, i)));
    }
    for (unsigned i = 0; i < reached->len; i++) {
        strays += !g_ptr_array_find_with_equal_func(
            named, g_ptr_array_index(reached, i), g_str_equal, NULL);
    }
    return strays;
}

static void check_node(Wiring *w, const QDict *node)
{
    int offset = fdt_path_offset(w->fdt, str(node, "path"));
    g_autoptr(GArray) spis = tree_spis(w->fdt, offset);
    g_autoptr(GPtrArray) reached = NULL;
    unsigned strays;

    if (!spis || !spis->len) {
        return;
    }
    reached = reached_inputs(w, node);
    for (unsigned i = 0; i < spis->len; i++) {
        unsigned spi = g_array_index(spis, unsigned, i);

        if (is_reached(w, reached, spi)) {
            w->linked++;
        } else {
            miss_line(w, node, spi);
        }
    }
    strays = count_strays(w, reached, spis);
    if (strays || (w->board->own && reached->len != spis->len)) {
        g_test_message("%s: %u of %u lines of %s lead to inputs that its %u "
                       "interrupts do not name", str(node, "path"), strays,
                       reached->len, str(node, "driver"), spis->len);
        g_test_fail();
    }
    if (is_reached(w, reached, g_array_index(spis, unsigned, 0))) {
        check_arrival(w, node, g_array_index(spis, unsigned, 0));
    }
}

static bool is_arm(const void *fdt)
{
    return fdt_node_offset_by_compatible(fdt, -1, "riscv") < 0;
}

static int find_timer(const void *fdt)
{
    int timer = fdt_node_offset_by_compatible(fdt, -1, "arm,armv8-timer");

    return timer >= 0 ? timer
        : fdt_node_offset_by_compatible(fdt, -1, "arm,armv7-timer");
}

/* Whether the CPUs' own timer is there, and leads to a GIC */
static bool has_timer(const void *fdt)
{
    int timer = find_timer(fdt);

    return timer >= 0 && fdt_getprop(fdt, timer, "interrupts", NULL) &&
           is_gic(fdt, interrupt_parent(fdt, timer));
}

/* Lines of a CPU in the order in which the binding lists the timer's */
static void check_timer(Wiring *w, const QDict *report)
{
    static const unsigned outputs[] = { 3, 0, 1, 2 };
    const QListEntry *e;
    unsigned cpu = 0;
    int len, num_cells, timer = find_timer(w->fdt);
    const fdt32_t *cells;
    g_autoptr(QDict) response = qtest_qmp(
        w->qts, "{'execute': 'qom-get', 'arguments': {'path': %s, "
        "'property': 'num-irq'}}", w->controller);
    unsigned base = qdict_get_int(response, "return") - 32;

    g_assert_cmpint(timer, >=, 0);
    num_cells = specifier_cells(w->fdt, interrupt_parent(w->fdt, timer));
    cells = fdt_getprop(w->fdt, timer, "interrupts", &len);
    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), e) {
        if (!g_str_has_prefix(str(entry(e), "path"), "/cpus/cpu@") ||
            !is_built(entry(e))) {
            continue;
        }
        for (int i = 0; i < ARRAY_SIZE(outputs) &&
                        num_cells * (i + 1) <= len / 4;
             i++) {
            unsigned ppi = fdt32_to_cpu(cells[num_cells * i + 1]);
            g_autofree char *line = g_strdup_printf("unnamed-gpio-out[%u]",
                                                    outputs[i]);
            g_autofree char *sink = follow(w->qts, str(entry(e), "qom-path"),
                                           line);
            g_autofree char *expected = g_strdup_printf(
                "%s/unnamed-gpio-in[%u]", w->controller,
                base + cpu * 32 + 16 + ppi);

            g_assert_cmpstr(sink, ==, expected);
            w->linked++;
        }
        cpu++;
    }
    g_assert_cmpuint(cpu, ==, qdict_get_int(report, "cpus"));
}

static const char *find_controller(const void *fdt, const QDict *report)
{
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), e) {
        int node = fdt_path_offset(fdt, str(entry(e), "path"));

        if (is_gic(fdt, node) || is_plic(fdt, node)) {
            return str(entry(e), "qom-path");
        }
    }
    return NULL;
}

static void test_interrupts(gconstpointer data)
{
    const Board *board = data;
    g_autofree void *fdt = read_blob(board);
    QTestState *qts = board_start(board, NULL, NULL);
    g_autoptr(QDict) report = board_report(qts);
    Wiring w = { .board = board, .qts = qts, .fdt = fdt };
    const QListEntry *e;

    w.controller = find_controller(fdt, report);
    if (!w.controller && !board->own) {
        g_test_skip("the tree has no GIC or PLIC with a model");
        qtest_quit(qts);
        return;
    }
    g_assert_nonnull(w.controller);
    qtest_irq_intercept_in(qts, w.controller);
    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), e) {
        if (is_built(entry(e)) && qdict_haskey(entry(e), "interrupts")) {
            check_node(&w, entry(e));
        }
    }
    if (board->own ? is_arm(fdt) : has_timer(fdt)) {
        check_timer(&w, report);
    }
    g_test_message("%u interrupts lead to their input, %u seen to arrive",
                   w.linked, w.raised);
    g_assert_true(w.raised || !board->own);
    qtest_quit(qts);
}

/*
 * All boards
 */

/* Whether the emulator under test has the board's CPUs */
static bool is_ours(const Board *board)
{
    g_autofree void *fdt = read_blob(board);

    return g_str_equal(qtest_get_arch(), is_arm(fdt) ? "aarch64" : "riscv64");
}

static void add_board(Board *board)
{
    static const struct {
        const char *name;
        GTestDataFunc test;
    } tests[] = {
        { "replay", test_replay },
        { "load", test_load },
        { "nodes", test_nodes },
        { "interrupts", test_interrupts },
    };

    for (int i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path = g_strdup_printf("fdt-machine/%s/%s",
                                                board->name, tests[i].name);

        qtest_add_data_func(path, board, tests[i].test);
    }
}

int main(int argc, char **argv)
{
    const char *blobs = g_getenv("FDT_MACHINE_BOARDS");
    g_autofree char *dir = blobs ? g_strdup(blobs) : dts_dir("../dts");
    g_autoptr(GPtrArray) names = dts_list(dir, blobs ? ".dtb" : ".dts");
    g_autoptr(GPtrArray) boards = g_ptr_array_new_with_free_func(
        (GDestroyNotify)board_free);
    int result;

    g_test_init(&argc, &argv, NULL);
    g_assert_cmpuint(names->len, >, 0);
    for (unsigned i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        Board *board = blobs ? board_new_compiled(dir, name) : board_new(name);

        g_ptr_array_add(boards, board);
        if (is_ours(board)) {
            add_board(board);
        }
    }
    result = g_test_run();
    dts_clean();
    return result;
}

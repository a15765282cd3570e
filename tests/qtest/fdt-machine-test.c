/*
 * The option -dtb-machine: what it refuses, what it writes, and the machine
 * under reset and migration
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "qobject/qjson.h"
#include "qobject/qlist.h"
#include "tests/qtest/libqos/i2c.h"
#include "../dts.h"
#include "board.h"
#include "cold-plug.h"

/* The board that tests without a reason for another one use */
static Board *board;

/*
 * QEMU as a user starts it: run to its end
 */

typedef struct Run {
    int status;             /* as from wait() */
    char *out;
    char *err;
} Run;

static void run_clear(Run *run)
{
    g_free(run->out);
    g_free(run->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static void G_GNUC_PRINTF(2, 3) run_qemu(Run *run, const char *fmt, ...)
{
    g_autofree char *arguments = NULL;
    g_autofree char *script = NULL;
    g_autoptr(GError) error = NULL;
    char *argv[] = { (char *)"sh", (char *)"-c", NULL, NULL };
    va_list ap;

    va_start(ap, fmt);
    arguments = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    /* A QEMU that should have refused must not stay */
    script = argv[2] = g_strdup_printf(
        "exec timeout 60 %s -accel qtest -display none -nodefaults %s "
        "</dev/null", g_getenv("QTEST_QEMU_BINARY"), arguments);
    if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                      &run->out, &run->err, &run->status, &error)) {
        g_error("%s", error->message);
    }
}

static unsigned count_lines(const char *text)
{
    unsigned n = 0;

    for (; *text; text++) {
        n += *text == '\n';
    }
    return n;
}

static bool exited_with(const Run *run, int code)
{
    return WIFEXITED(run->status) && WEXITSTATUS(run->status) == code;
}

/* Exit status 1, one line that has @text, and nothing on standard output */
static void check_refusal(const Run *run, const char *text)
{
    if (!exited_with(run, 1) || count_lines(run->err) != 1 ||
        !strstr(run->err, text) || run->out[0]) {
        g_test_message("status 0x%x, expected '%s'", run->status, text);
        g_test_message("standard output: %s", run->out);
        g_test_message("standard error: %s", run->err);
        g_test_fail();
    }
}

typedef struct Refusal {
    const char *name;
    /*
     * %1$s: the board's blob, %2$s: a text file, %3$s: an unfit overlay, %4$s
     * and %5$s: a kernel and a tree for RISC-V
     */
    const char *arguments;
    const char *message;
} Refusal;

static const Refusal refusals[] = {
    { "missing-file", "-dtb-machine /nowhere/board.dtb",
      "/nowhere/board.dtb: " },
    { "directory", "-dtb-machine /", "/: " },
    { "empty-file", "-dtb-machine /dev/null", "/dev/null: " },
    { "text-file", "-dtb-machine %2$s",
      "%2$s: the source of a device tree, not a flattened device tree; make "
      "one of it: dtc " },
    { "program-file", "-dtb-machine /bin/sh", "/bin/sh: an ELF file, not" },
    { "overlay-file", "-dtb-machine %3$s",
      "%3$s: an overlay, not the tree of a board; give the board's with file= "
      "and this one with overlays.0=" },
    { "config-one", "-dtb-machine %1$s,config=a",
      "%1$s: config=a: the file is one tree" },
    { "unknown-key", "-dtb-machine %1$s,colour=blue",
      "'colour' is unexpected; the keys are file=FILE, config=NAME, " },
    { "no-list", "-dtb-machine %1$s,omit=/x", "omit.N=PATH, " },
    { "unknown-key-json",
      "-dtb-machine '{\"file\": \"%1$s\", \"colour\": \"blue\"}'", "colour" },
    { "bad-json", "-dtb-machine '{\"file\": '", "JSON" },
    { "no-file", "-dtb-machine dry-run=on", "file" },
    { "bad-bool", "-dtb-machine %1$s,dry-run=perhaps", "dry-run" },
    { "bad-unmatched", "-dtb-machine %1$s,unmatched=perhaps",
      "unmatched=stub|poll|error|ignore, " },
    { "require-nothing", "-dtb-machine %1$s,require.0=/nowhere",
      "%1$s: require=/nowhere: the tree has no such node" },
    { "other-machine", "-M virt -dtb-machine %1$s", "-dtb-machine" },
    { "other-machine-after", "-dtb-machine %1$s -M virt", "-dtb-machine" },
    { "twice", "-dtb-machine %1$s -dtb-machine %1$s", "-dtb-machine" },
    { "missing-overlay", "-dtb-machine %1$s,overlays.0=/nowhere/o.dtbo",
      "/nowhere/o.dtbo" },
    { "text-overlay", "-dtb-machine %1$s,overlays.0=%2$s", "%2$s" },
    { "bad-overlay", "-dtb-machine %1$s,overlays.0=%3$s",
      "%3$s: /fragment@0: target: the label nobody_has_this_label is not among "
      "the symbols of %1$s" },
    { "kernel-tree", "-dtb-machine %1$s -kernel %1$s",
      "'kernel': %1$s: a flattened device tree, not a kernel" },
    { "kernel-text", "-dtb-machine %1$s -kernel %2$s",
      "'kernel': %2$s: the source of a device tree, not a kernel" },
    { "kernel-riscv", "-dtb-machine %1$s -kernel %4$s",
      "'kernel': %4$s: a kernel (RISC-V Image), which wants CPUs that this "
      "binary does not have; start it with qemu-system-riscv64" },
    { "riscv-tree", "-dtb-machine %5$s",
      "%5$s: /cpus/cpu@0: compatible: this binary has no rv64-riscv-cpu for "
      "'riscv'; start qemu-system-riscv64 with the tree" },
    { "missing-bindings", "-dtb-machine %1$s,bindings.0=/nowhere/b.dtb",
      "/nowhere/b.dtb" },
    { "text-bindings", "-dtb-machine %1$s,bindings.0=%2$s",
      "%2$s: the source of a device tree" },
    { "tree-as-bindings", "-dtb-machine %1$s,bindings.0=%1$s",
      "%1$s: /aliases: a file of bindings has no node beside "
      "/qemu,bindings" },
    { "omit-nowhere", "-dtb-machine %1$s,omit.0=/nowhere", "/nowhere" },
    { "smp-above", "-dtb-machine %1$s -smp 64", "64 CPUs" },
    { "memory-above", "-dtb-machine %1$s -m 1000G", "-m asks for" },
    { "dump-full", "-dtb-machine %1$s,dump-qmp=/dev/full", "/dev/full" },
    { "dump-full-dry", "-dtb-machine %1$s,dry-run=on,dump-qmp=/dev/full",
      "/dev/full" },
    { "dump-nowhere", "-dtb-machine %1$s,dump-qmp=/nowhere/plan",
      "/nowhere/plan" },
    { "report-full", "-dtb-machine %1$s,report=/dev/full", "/dev/full" },
    { "memdev-unknown", "-dtb-machine %1$s,memory-backends.0.node=/memory@"
      "40000000,memory-backends.0.memdev=nobody",
      "%1$s: /memory@40000000: memory-backends: there is no memory backend "
      "'nobody'" },
    { "memdev-missing", "-dtb-machine %1$s,memory-backends.0.node=/memory@"
      "40000000", "'memory-backends.0.memdev' is missing" },
    { "memdev-node", "-object memory-backend-ram,id=r,size=1M -dtb-machine "
      "%1$s,memory-backends.0.node=/nowhere,memory-backends.0.memdev=r",
      "%1$s: /nowhere: memory-backends: the tree has no such node" },
    { "memdev-size", "-object memory-backend-ram,id=r,size=1M -dtb-machine "
      "%1$s,memory-backends.0.node=/memory@40000000,"
      "memory-backends.0.memdev=r", "make the backend with size=1024M" },
    { "memdev-machine-size", "-object memory-backend-ram,id=r,size=2G "
      "-machine memory-backend=r -dtb-machine %1$s",
      "/memory@40000000: reg: memory backend 'r' has 2048 MiB, the tree has "
      "room for 1024 MiB" },
    { "page-bits", "-machine minimum-page-bits=13 -dtb-machine %1$s",
      "no CPU of this target has pages of 13 bits" },
    { "unknown-cpu", "-dtb-machine %1$s -cpu flux", "flux" },
};

static char *bad_files[4];  /* those from %2$s on */

/* @template with the files' names for %1$s to %5$s */
static char *fill_in(const char *template)
{
    const char *names[] = {
        board->blob, bad_files[0], bad_files[1], bad_files[2], bad_files[3],
    };
    GString *text = g_string_new(NULL);

    for (; *template; template++) {
        if (template[0] == '%') {
            g_string_append(text, names[template[1] - '1']);
            template += strlen("%1$s") - 1;
        } else {
            g_string_append_c(text, *template);
        }
    }
    return g_string_free(text, false);
}

static void test_refusal(gconstpointer data)
{
    const Refusal *refusal = data;
    g_autofree char *arguments = fill_in(refusal->arguments);
    g_autofree char *message = fill_in(refusal->message);
    g_auto(Run) run = { 0 };

    run_qemu(&run, "%s", arguments);
    check_refusal(&run, message);
}

static void make_bad_files(void)
{
    static const char overlay[] =
        "/dts-v1/;\n/plugin/;\n&nobody_has_this_label { colour = <1>; };\n";
    g_autofree char *dir = dts_temp("");
    g_autofree char *source = dts_temp("unfit.dtso");
    static const char riscv[] =
        "/dts-v1/;\n/ { cpus { #address-cells = <1>; #size-cells = <0>; cpu@0 "
        "{ device_type = \"cpu\"; compatible = \"riscv\"; reg = <0>; }; }; };";
    g_autofree char *other = dts_temp("riscv.dts");
    char image[0x40] = { 0 };

    bad_files[0] = dts_temp("text.dts");
    g_assert_true(g_file_set_contents(bad_files[0], "/dts-v1/;\n/ { };\n", -1,
                                      NULL));
    g_assert_true(g_file_set_contents(source, overlay, -1, NULL));
    bad_files[1] = dts_compile(dir, "unfit.dtso");

    memcpy(image + 0x38, "RSC\x05", 4);
    bad_files[2] = dts_temp("Image");
    g_assert_true(g_file_set_contents(bad_files[2], image, sizeof(image),
                                      NULL));
    g_assert_true(g_file_set_contents(other, riscv, -1, NULL));
    bad_files[3] = dts_compile(dir, "riscv.dts");
}

/*
 * What needs no machine
 */

static void test_help(void)
{
    static const char *const keys[] = {
        "overlays", "bindings", "omit", "unmatched", "dump-qmp", "report",
        "dry-run",
    };
    g_auto(Run) run = { 0 };

    run_qemu(&run, "-dtb-machine help");
    g_assert_true(exited_with(&run, 0));
    g_assert_cmpstr(run.err, ==, "");
    for (int i = 0; i < ARRAY_SIZE(keys); i++) {
        g_assert_nonnull(strstr(run.out, keys[i]));
    }
}

/* What the bindings know, and one word of it */
static void test_help_topics(void)
{
    static const struct {
        const char *topic, *has, *has_not;
    } cases[] = {
        { "compatibles", "arm,pl011 ", NULL },
        { "compatibles=16550", "ns16550a", "arm,pl011" },
        /* No tree of Debian's has it; with its type, and what that lacks */
        { "compatibles=FIFO32", "altr,16550-FIFO32 ", "arm,pl011" },
        { "compatibles=arm,cortex-a78ae", "cortex-a76 is near", "arm,pl011" },
        { "types", "\n  pl011\n", "arm,pl011" },
        { "types=gic", "arm_gic", "pl011" },
        { "rules=enable", "enable-method", "reserved" },
        { "keys=overlay", "overlays.N=FILE", "dry-run" },
    };

    for (int i = 0; i < ARRAY_SIZE(cases); i++) {
        g_auto(Run) run = { 0 };

        run_qemu(&run, "-dtb-machine help,%s", cases[i].topic);
        g_assert_true(exited_with(&run, 0));
        g_assert_nonnull(strstr(run.out, cases[i].has));
        if (cases[i].has_not) {
            g_assert_null(strstr(run.out, cases[i].has_not));
        }
    }
}

static void test_help_unknown(void)
{
    g_auto(Run) run = { 0 };

    run_qemu(&run, "-dtb-machine help,nothing");
    g_assert_true(exited_with(&run, 1));
    g_assert_nonnull(strstr(run.err, "help,compatibles"));
}

/*
 * One device with a model, and one without, which is below a bus; another that
 * has no registers
 */
static char *make_unmatched(void)
{
    static const char text[] =
        "/dts-v1/;\n/ { #address-cells = <1>; #size-cells = <1>;\n"
        "cpus { #address-cells = <1>; #size-cells = <0>; cpu@0 {\n"
        "device_type = \"cpu\"; compatible = \"arm,cortex-a53\"; reg = <0>; "
        "}; };\n"
        "memory@0 { device_type = \"memory\"; reg = <0 0x1000000>; };\n"
        "serial@40000000 { compatible = \"arm,pl011\";"
        " reg = <0x40000000 0x1000>; };\n"
        "bus@50000000 { compatible = \"simple-bus\";\n"
        "#address-cells = <1>; #size-cells = <1>;"
        " ranges = <0 0x50000000 0x10000>;\n"
        "cam: camera@0 { compatible = \"acme,camera\", \"acme,any\";"
        " reg = <0 0x20>; };\n"
        "camera@1000 { compatible = \"acme,camera\"; reg = <0x1000 0x20>; };\n"
        "sensor { compatible = \"acme,sensor\"; }; }; };\n";
    g_autofree char *dir = dts_temp("");
    g_autofree char *source = dts_temp("unmatched.dts");

    g_assert_true(g_file_set_contents(source, text, -1, NULL));
    return dts_compile(dir, "unmatched.dts");
}

/* A dry run names what stubs stand for, the most frequent first */
static void test_stubs_by_driver(void)
{
    g_autofree char *blob = make_unmatched();
    g_auto(Run) run = { 0 };

    run_qemu(&run, "-dtb-machine %s,dry-run=on", blob);
    g_assert_true(exited_with(&run, 0));
    g_assert_nonnull(strstr(run.out, "stubs, by the driver that they keep from "
                            "working:\n      2 acme,camera\n"));
    g_assert_null(strstr(run.out, "acme,any"));
    g_assert_null(strstr(run.out, "acme,sensor"));
}

/* info fdt-machine of some nodes: what it has to say, and what not */
static void test_info_of_nodes(void)
{
    static const struct {
        const char *words, *has, *has_not;
    } cases[] = {
        { "-u", "/bus@50000000/sensor", "/serial@40000000" },
        { "-u /serial@40000000", "0 nodes:", "/serial@40000000 " },
        { "-u /bus@50000000", "3 nodes: 0 modelled, 0 substituted, 2 stub",
          "/serial@40000000" },
        { "/bus@50000000", "4 nodes:", "/serial@40000000" },
        { "/bus@5", "no node has this path", "nodes:" },
        { "cam", "compatible: acme,any\r\n    reg: 0x50000000, size 0x20",
          "camera@1000" },
        { "/", "/bus@50000000/sensor", "findings" },
    };
    g_autofree char *blob = make_unmatched();
    QTestState *qts = qtest_initf("%s -dtb-machine %s", BOARD_OPTIONS, blob);

    for (int i = 0; i < ARRAY_SIZE(cases); i++) {
        g_autofree char *text = qtest_hmp(qts, "info fdt-machine %s",
                                          cases[i].words);

        g_assert_nonnull(strstr(text, cases[i].has));
        g_assert_null(strstr(text, cases[i].has_not));
    }
    qtest_quit(qts);
}

/* With a machine built, the -device would be looked at, and refused */
static void test_dry_run(void)
{
    g_auto(Run) run = { 0 };
    g_auto(Run) wet = { 0 };

    run_qemu(&run, "-dtb-machine %s,dry-run=on -device flux-capacitor",
             board->blob);
    g_assert_cmpstr(run.err, ==, "");
    g_assert_true(exited_with(&run, 0));
    g_assert_cmpstr(run.out, !=, "");

    run_qemu(&wet, "-dtb-machine %s -device flux-capacitor", board->blob);
    g_assert_true(exited_with(&wet, 1));
    g_assert_nonnull(strstr(wet.err, "flux-capacitor"));
}

/* Both forms of the option, and the file and the standard output, agree */
static void test_dump(void)
{
    g_autofree char *file = dts_temp("dump.qmp");
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    g_auto(Run) run = { 0 };
    g_auto(Run) json = { 0 };

    run_qemu(&run, "-dtb-machine %s,dry-run=on,dump-qmp=%s", board->blob,
             file);
    g_assert_true(exited_with(&run, 0));
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    run_qemu(&json, "-dtb-machine '{\"file\": \"%s\", \"dry-run\": true, "
             "\"dump-qmp\": \"-\"}'", board->blob);
    g_assert_true(exited_with(&json, 0));
    g_assert_cmpstr(text, ==, json.out);

    lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), >, 1);
    for (char **line = lines; *line; line++) {
        if (**line) {
            g_autoptr(QDict) command = qobject_to(
                QDict, qobject_from_json(*line, NULL));

            g_assert_nonnull(command);
            g_assert_true(qdict_haskey(command, "execute"));
        }
    }
}

static void test_report(void)
{
    g_autofree char *file = dts_temp("report.json");
    g_autofree char *text = NULL;
    g_autoptr(QDict) report = NULL;
    g_auto(Run) run = { 0 };

    run_qemu(&run, "-dtb-machine %s,dry-run=on,report=%s", board->blob, file);
    g_assert_true(exited_with(&run, 0));
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    report = qobject_to(QDict, qobject_from_json(text, NULL));
    g_assert_nonnull(report);
    g_assert_cmpstr(qdict_get_str(report, "file"), ==, board->blob);
    g_assert_false(qlist_empty(qdict_get_qlist(report, "nodes")));
}

/*
 * More regions than QEMU can map
 */

static char *many_uarts(unsigned n)
{
    g_autoptr(GString) text = g_string_new(
        "/dts-v1/;\n/ { #address-cells = <1>; #size-cells = <1>;\n"
        "cpus { #address-cells = <1>; #size-cells = <0>; cpu@0 {\n"
        "device_type = \"cpu\"; compatible = \"arm,cortex-a53\"; reg = <0>; "
        "}; };\n"
        "memory@0 { device_type = \"memory\"; reg = <0 0x1000000>; };\n");
    g_autofree char *dir = dts_temp("");
    g_autofree char *source = dts_temp("many.dts");

    for (unsigned i = 0; i < n; i++) {
        g_string_append_printf(text, "serial@%x { compatible = \"arm,pl011\";"
                               " reg = <0x%x 0x1000>; };\n",
                               0x40000000 + i * 0x10000,
                               0x40000000 + i * 0x10000);
    }
    g_string_append(text, "};\n");
    g_assert_true(g_file_set_contents(source, text->str, -1, NULL));
    return dts_compile(dir, "many.dts");
}

static void test_too_many_regions(void)
{
    g_autofree char *blob = many_uarts(5000);
    g_auto(Run) run = { 0 };

    run_qemu(&run, "-dtb-machine %s", blob);
    check_refusal(&run, "regions");
}

static void test_many_regions(void)
{
    g_autofree char *blob = many_uarts(1000);
    QTestState *qts = qtest_initf("%s -dtb-machine %s", BOARD_OPTIONS, blob);

    /* The last one is there: its PrimeCell id */
    g_assert_cmphex(qtest_readl(qts, 0x40000000 + 999 * 0x10000 + 0xffc), ==,
                    0xb1);
    qtest_quit(qts);
}

/*
 * QMP
 */

static void check_no_report(const char *options)
{
    QTestState *qts = qtest_init(options);
    g_autoptr(QDict) response = qtest_qmp(
        qts, "{'execute': 'query-fdt-machine'}");

    g_assert_true(qdict_haskey(response, "error"));
    qtest_quit(qts);
}

static void test_no_tree(void)
{
    check_no_report("-M none");
    check_no_report("-M none -preconfig");
    check_no_report("-M virt -nodefaults");
}

/* With -preconfig the tree is loaded before the monitor answers */
static void test_preconfig(void)
{
    QTestState *qts = board_start(board, NULL, "-preconfig");
    g_autoptr(QDict) before = board_report(qts);
    g_autoptr(QDict) after = NULL;
    g_autoptr(QDict) plain = NULL;
    g_autofree char *state = NULL, *plain_state = NULL;

    qtest_qmp_assert_success(qts, "{'execute': 'x-exit-preconfig'}");
    after = board_report(qts);
    g_assert_true(qobject_is_equal(QOBJECT(before), QOBJECT(after)));
    state = board_state(qts);
    qtest_quit(qts);

    qts = board_start(board, NULL, NULL);
    plain = board_report(qts);
    g_assert_true(qobject_is_equal(QOBJECT(before), QOBJECT(plain)));
    plain_state = board_state(qts);
    qtest_quit(qts);
    board_compare("-preconfig", plain_state, state);
}

static void test_reset(void)
{
    QTestState *qts = board_start(board, NULL, NULL);
    g_autofree char *before = board_state(qts);
    g_autofree char *after = NULL;

    qtest_system_reset(qts);
    qtest_system_reset(qts);
    after = board_state(qts);
    board_compare("system_reset", before, after);
    qtest_quit(qts);
}

/* Whether writing @value to a register ends or resets the machine */
static void check_power(uint64_t address, uint32_t value, const char *reason)
{
    g_autofree char *dir = dts_dir("data/plan");
    g_autofree char *blob = dts_compile(dir, "syscon-power.dts");
    QTestState *qts = qtest_initf("-nodefaults -no-shutdown -dtb-machine %s",
                                  blob);
    const char *event = g_str_equal(reason, "guest-reset") ? "RESET"
                                                           : "SHUTDOWN";
    g_autoptr(QDict) response = NULL;

    qtest_writel(qts, address, value ^ 0xff00);
    g_assert_cmphex(qtest_readl(qts, address), ==, value ^ 0xff00);
    qtest_writel(qts, address, value);
    response = qtest_qmp_eventwait_ref(qts, event);
    g_assert_cmpstr(qdict_get_str(qdict_get_qdict(response, "data"),
                                  "reason"), ==, reason);
    qtest_quit(qts);
}

static void test_syscon_power(void)
{
    check_power(0x9000010, 0x5a, "guest-reset");
    check_power(0x9000014, 0x6612, "guest-shutdown");
}

/*
 * An EEPROM behind a channel of a multiplexer: its second block is there, has
 * addresses of one byte, and can be written, if the channel is on
 */
static void test_i2c(void)
{
    g_autofree char *dir = dts_dir("data/plan");
    g_autofree char *blob = dts_compile(dir, "i2c-relatives.dts");
    QTestState *qts = qtest_initf(BOARD_OPTIONS " -dtb-machine %s", blob);
    IMXI2C controller = { };
    QI2CDevice mux = { .bus = &controller.parent, .addr = 0x70 };
    QI2CDevice eeprom = { .bus = &controller.parent, .addr = 0x51 };
    uint8_t on = 1 << 1, off = 0;

    imx_i2c_init(&controller, qts, 0x21a0000);
    qi2c_send(&mux, &on, 1);
    i2c_set8(&eeprom, 0x12, 0x34);
    g_assert_cmphex(i2c_get8(&eeprom, 0x12), ==, 0x34);
    g_assert_cmphex(i2c_get8(&eeprom, 0x13), ==, 0);
    qi2c_send(&mux, &off, 1);
    mux.addr++;
    qi2c_send(&mux, &on, 1);
    g_assert_cmphex(i2c_get8(&eeprom, 0x12), ==, 0);
    qtest_quit(qts);
}

/*
 * State from one process to another: a machine of the tree, its replay, and
 * the one that fdt-machine-load builds are the same machine
 */

typedef QTestState *StartMachine(const char *options);

static QTestState *start_tree(const char *options)
{
    return board_start(board, NULL, options);
}

/* The machine none, with as many CPUs as the board has */
static QTestState *start_none_for(const char *options)
{
    g_autofree char *file = dts_temp("report.json");
    g_autofree char *text = NULL;
    g_autoptr(QDict) report = NULL;
    g_auto(Run) run = { 0 };

    run_qemu(&run, "-dtb-machine %s,dry-run=on,report=%s", board->blob, file);
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    report = qobject_to(QDict, qobject_from_json(text, NULL));
    return qtest_initf("%s %s %s", BOARD_OPTIONS,
                       qdict_get_str(report, "command-line"), options);
}

static QTestState *start_replay(const char *options)
{
    g_autofree char *file = dts_temp("plan.qmp");
    QTestState *qts;
    g_auto(Run) run = { 0 };

    run_qemu(&run, "-serial null -m 128M -dtb-machine %s,dry-run=on,"
             "dump-qmp=%s", board->blob, file);
    qts = start_none_for(options);
    board_feed(qts, file);
    qtest_qmp_assert_success(qts, "{'execute': 'x-exit-preconfig'}");
    return qts;
}

static QTestState *start_load(const char *options)
{
    QTestState *qts = start_none_for(options);

    qtest_qmp_assert_success(qts, "{'execute': 'fdt-machine-load', "
                             "'arguments': {'file': %s}}", board->blob);
    qtest_qmp_assert_success(qts, "{'execute': 'x-exit-preconfig'}");
    return qts;
}

typedef struct Route {
    const char *name;
    StartMachine *from;
    StartMachine *to;
} Route;

/* -m of a replay is in its commands */
static const Route routes[] = {
    { "tree-to-tree", start_tree, start_tree },
    { "tree-to-replay", start_tree, start_replay },
    { "replay-to-tree", start_replay, start_tree },
    { "tree-to-load", start_tree, start_load },
    { "load-to-tree", start_load, start_tree },
    { "replay-to-load", start_replay, start_load },
};

static QTestState *start_machine(StartMachine *start, const char *options)
{
    g_autofree char *all = g_strconcat(start == start_replay ? "" : "-m 128M ",
                                       "-S ", options, NULL);

    return start(all);
}

#define MARK 0xfeedface

/* Somewhere in the board's memory; returns where */
static uint64_t set_mark(QTestState *qts)
{
    uint64_t address = 0x40001000;

    qtest_writel(qts, address, MARK);
    return address;
}

static void test_migrate(gconstpointer data)
{
    const Route *route = data;
    g_autofree char *file = dts_temp("state");
    g_autofree char *uri = g_strconcat("file:", file, NULL);
    QTestState *qts = start_machine(route->from, "");
    g_autofree char *before = board_state(qts);
    g_autofree char *after = NULL;
    uint64_t address = set_mark(qts);

    qtest_qmp_assert_success(qts, "{'execute': 'migrate', 'arguments': "
                             "{'uri': %s}}", uri);
    wait_for_migration(qts, 0);
    qtest_quit(qts);

    qts = start_machine(route->to, "-incoming defer");
    qtest_qmp_assert_success(qts, "{'execute': 'migrate-incoming', "
                             "'arguments': {'uri': %s}}", uri);
    wait_for_migration(qts, 0);
    g_assert_cmphex(qtest_readl(qts, address), ==, MARK);
    after = board_state(qts);
    board_compare(route->name, before, after);
    qtest_quit(qts);
}

static void wait_for_job(QTestState *qts)
{
    for (;;) {
        g_autoptr(QDict) response = qtest_qmp(qts,
                                              "{'execute': 'query-jobs'}");
        const QListEntry *e = qlist_first(qdict_get_qlist(response, "return"));
        QDict *job = qobject_to(QDict, qlist_entry_obj(e));

        g_assert_cmpstr(qdict_get_try_str(job, "error") ?: "", ==, "");
        if (g_str_equal(qdict_get_str(job, "status"), "concluded")) {
            return;
        }
        g_usleep(10 * 1000);
    }
}

/* An empty image that can hold snapshots */
static void make_image(const char *file)
{
    QTestState *qts = qtest_init("-M none");

    g_assert_true(g_file_set_contents(file, "", 0, NULL));
    qtest_qmp_assert_success(
        qts, "{'execute': 'blockdev-add', 'arguments': {'driver': 'file', "
        "'node-name': 'f', 'filename': %s}}", file);
    qtest_qmp_assert_success(
        qts, "{'execute': 'blockdev-create', 'arguments': {'job-id': 'j', "
        "'options': {'driver': 'qcow2', 'file': 'f', 'size': 1048576}}}");
    wait_for_job(qts);
    qtest_quit(qts);
}

static void snapshot(QTestState *qts, const char *command)
{
    g_autofree char *answer = qtest_hmp(qts, "%s point", command);

    g_assert_cmpstr(answer, ==, "");
}

static void test_snapshot(gconstpointer data)
{
    const Route *route = data;
    g_autofree char *file = dts_temp("snapshots.qcow2");
    g_autofree char *drive = g_strdup_printf(
        "-drive if=none,id=vm,format=qcow2,file=%s", file);
    uint64_t address;
    QTestState *qts;

    make_image(file);
    qts = start_machine(route->from, drive);
    address = set_mark(qts);
    snapshot(qts, "savevm");
    qtest_quit(qts);

    qts = start_machine(route->to, drive);
    g_assert_cmphex(qtest_readl(qts, address), ==, 0);
    snapshot(qts, "loadvm");
    g_assert_cmphex(qtest_readl(qts, address), ==, MARK);
    qtest_quit(qts);
}

static void add_routes(void)
{
    for (int i = 0; i < ARRAY_SIZE(routes); i++) {
        g_autofree char *migrate = g_strconcat("fdt-machine/migrate/",
                                               routes[i].name, NULL);
        g_autofree char *snapshot = g_strconcat("fdt-machine/snapshot/",
                                                routes[i].name, NULL);

        qtest_add_data_func(migrate, &routes[i], test_migrate);
        qtest_add_data_func(snapshot, &routes[i], test_snapshot);
    }
}

/*
 * All
 */

/* The board with the most parts that does not need an overlay */
static char *choose_board(void)
{
    g_autofree char *dir = dts_dir("../dts");
    g_autoptr(GPtrArray) names = dts_list(dir, ".dts");

    g_assert_cmpuint(names->len, >, 0);
    for (unsigned i = 0; i < names->len; i++) {
        if (g_str_has_prefix(g_ptr_array_index(names, i), "a57x4")) {
            return g_strdup(g_ptr_array_index(names, i));
        }
    }
    return g_strdup(g_ptr_array_index(names, 0));
}

int main(int argc, char **argv)
{
    g_autofree char *name = choose_board();
    int result;

    g_test_init(&argc, &argv, NULL);
    board = board_new(name);
    make_bad_files();
    for (int i = 0; i < ARRAY_SIZE(refusals); i++) {
        g_autofree char *path = g_strconcat("fdt-machine/refuse/",
                                            refusals[i].name, NULL);

        qtest_add_data_func(path, &refusals[i], test_refusal);
    }
    qtest_add_func("fdt-machine/refuse/regions", test_too_many_regions);
    qtest_add_func("fdt-machine/many-regions", test_many_regions);
    qtest_add_func("fdt-machine/help", test_help);
    qtest_add_func("fdt-machine/help-topics", test_help_topics);
    qtest_add_func("fdt-machine/stubs-by-driver", test_stubs_by_driver);
    qtest_add_func("fdt-machine/info-of-nodes", test_info_of_nodes);
    qtest_add_func("fdt-machine/help-unknown", test_help_unknown);
    qtest_add_func("fdt-machine/dry-run", test_dry_run);
    qtest_add_func("fdt-machine/dump-qmp", test_dump);
    qtest_add_func("fdt-machine/report", test_report);
    qtest_add_func("fdt-machine/no-tree", test_no_tree);
    qtest_add_func("fdt-machine/preconfig", test_preconfig);
    qtest_add_func("fdt-machine/reset", test_reset);
    qtest_add_func("fdt-machine/syscon-power", test_syscon_power);
    qtest_add_func("fdt-machine/i2c", test_i2c);
    add_routes();
    result = g_test_run();
    board_free(board);
    g_free(bad_files[0]);
    g_free(bad_files[1]);
    dts_clean();
    return result;
}

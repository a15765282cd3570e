/*
 * The boot device of Arm machines, used without a tree: what it refuses, and
 * a 32-bit kernel on a 64-bit CPU
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "cold-plug.h"

#define RAM             0x40000000
#define ZIMAGE_OFFSET   0x10000

/*
 * A zImage for its header, which stores the CPSR behind itself:
 *      b       start
 *      .org    0x24
 *      .word   magic number
 *      .word   0
 *      .word   length
 *      .word   endianness
 * start: mrs   r1, cpsr
 *      str     r1, result
 *      b       .
 * result: .word 0
 */
static const uint32_t zimage[] = {
    0xea00000b, 0, 0, 0, 0, 0, 0, 0, 0, 0x016f2818, 0, 0x44, 0x04030201,
    0xe10f1000, 0xe58f1000, 0xeafffffe, 0,
};
#define RESULT          (RAM + ZIMAGE_OFFSET + sizeof(zimage) - 4)

typedef struct Files {
    char *dir;
    char *zimage;
    char *empty;
} Files;

static char *write_file(const char *dir, const char *name, const void *data,
                        size_t size)
{
    char *path = g_build_filename(dir, name, NULL);

    g_assert_true(g_file_set_contents(path, data, size, NULL));
    return path;
}

static void make_files(Files *files)
{
    uint32_t words[ARRAY_SIZE(zimage)];

    for (int i = 0; i < ARRAY_SIZE(zimage); i++) {
        words[i] = cpu_to_le32(zimage[i]);
    }
    files->dir = g_dir_make_tmp("fdt-machine-XXXXXX", NULL);
    files->zimage = write_file(files->dir, "zImage", words, sizeof(words));
    files->empty = write_file(files->dir, "empty", "", 0);
}

static void remove_files(Files *files)
{
    unlink(files->zimage);
    unlink(files->empty);
    rmdir(files->dir);
    g_free(files->zimage);
    g_free(files->empty);
    g_free(files->dir);
}

static void add_ram(QTestState *qts)
{
    expect(qts, NULL, ADD("sysbus-memory", "ram", ", \"size\": 1048576"));
    expect(qts, NULL, MAP("ram", ", \"addr\": 1073741824"));
}

static char *boot_line(const char *kernel, const char *more)
{
    return g_strdup_printf(
        "{\"execute\": \"device_add\", \"arguments\": {"
        "\"driver\": \"arm-boot\", \"id\": \"boot\", "
        "\"ram-start\": %u, \"ram-size\": 1048576%s%s%s%s}}", RAM,
        kernel ? ", \"kernel\": \"" : "", kernel ?: "", kernel ? "\"" : "",
        more);
}

/*
 * What is refused
 */

typedef struct Refusal {
    const char *name;
    const char *cpu;            /* the arguments of its device_add */
    const char *kernel;         /* "zImage" and "empty": see Files */
    const char *more;           /* further arguments of the boot device */
    const char *error;          /* a part of the message */
} Refusal;

#define CPU(type, more) \
    "{\"execute\": \"device_add\", \"arguments\": {\"driver\": \"" type \
    "-arm-cpu\", \"id\": \"cpu\"" more "}}"
#define NO_EL2_EL3 ", \"has_el2\": false, \"has_el3\": false"

static const Refusal refusals[] = {
    { "no-cpu", NULL, "zImage", "", "there is no CPU to boot" },
    { "nothing", CPU("cortex-a15", ""), NULL, "", "nothing to boot" },
    { "missing-kernel", CPU("cortex-a15", ""), "/nonexistent", "",
      "kernel '/nonexistent': No such file" },
    { "empty-kernel", CPU("cortex-a15", ""), "empty", "",
      "the file is empty" },
    { "kernel-is-directory", CPU("cortex-a15", ""), "/", "",
      "this is not a file" },
    { "missing-initrd", CPU("cortex-a15", ""), "zImage",
      ", \"initrd\": \"/nonexistent\"", "initrd '/nonexistent': No such" },
    { "missing-tree", CPU("cortex-a15", ""), "zImage",
      ", \"dtb\": \"/nonexistent\"", "/nonexistent" },
    { "two-trees", CPU("cortex-a15", ""), "zImage",
      ", \"dtb\": \"a\", \"dtb-data\": \"b\"", "exclude each other" },
    { "tree-no-base64", CPU("cortex-a15", ""), "zImage",
      ", \"dtb-data\": \"?\"", "'dtb-data' is not base64" },
    { "tree-no-tree", CPU("cortex-a15", ""), "zImage",
      ", \"dtb-data\": \"AAAA\"", "not a flattened tree" },
    { "unknown-psci", CPU("cortex-a15", ""), "zImage",
      ", \"psci\": \"svc\"", "none of the values of 'psci': none, smc, hvc" },
    { "psci-without-conduit", CPU("cortex-a15", ""), "zImage",
      ", \"secondary\": \"psci\"", "needs 'psci=smc' or 'psci=hvc'" },
    { "hvc-at-el2", CPU("cortex-a53", ", \"has_el2\": true"), "zImage",
      ", \"psci\": \"hvc\"", "'psci=hvc' cannot work" },
    { "spin-table-32", CPU("cortex-a15", ""), "zImage",
      ", \"secondary\": \"spin-table\"", "is for 64-bit kernels" },
    { "spin-table-zimage", CPU("cortex-a53", ""), "zImage",
      ", \"secondary\": \"spin-table\"", "is for 64-bit kernels" },
    { "secure-64", CPU("cortex-a53", ""), "zImage", ", \"secure\": true",
      "start in non-secure state" },
    { "zimage-without-el2", CPU("cortex-a53", NO_EL2_EL3), "zImage", "",
      "only below EL2 or EL3" },
    { "zimage-without-aarch32", CPU("a64fx", ""), "zImage", "",
      "which a a64fx-arm-cpu cannot run" },
    { }
};

static void test_refusal(const void *data)
{
    const Refusal *refusal = data;
    const char *kernel = refusal->kernel;
    QTestState *qts = qtest_init("-M none -preconfig");
    g_autofree char *line = NULL;
    Files files;

    make_files(&files);
    if (refusal->cpu) {
        expect(qts, NULL, refusal->cpu);
    }
    add_ram(qts);
    line = boot_line(!g_strcmp0(kernel, "zImage") ? files.zimage :
                     !g_strcmp0(kernel, "empty") ? files.empty : kernel,
                     refusal->more);
    expect(qts, refusal->error, line);
    expect(qts, NULL, EXIT);
    qtest_quit(qts);
    remove_files(&files);
}

/*
 * A 32-bit kernel
 */

typedef struct State {
    const char *name;
    const char *cpu;
    uint32_t mode;              /* of the CPSR, when the kernel starts */
} State;

#define MODE_SVC        0x13
#define MODE_HYP        0x1a

static const State states[] = {
    { "el2", CPU("cortex-a53", ", \"has_el2\": true, \"has_el3\": false"),
      MODE_SVC },
    { "el3", CPU("cortex-a53", ", \"has_el2\": false, \"has_el3\": true"),
      MODE_SVC },
    { "el2-el3", CPU("cortex-a53", ", \"has_el2\": true, \"has_el3\": true"),
      MODE_HYP },
    { "32-bit", CPU("cortex-a15", ", \"has_el2\": true, \"has_el3\": false"),
      MODE_HYP },
    { }
};

static void test_state(const void *data)
{
    const State *state = data;
    QTestState *qts = qtest_init("-M none -preconfig -accel tcg");
    g_autofree char *line = NULL;
    uint32_t cpsr = 0;
    Files files;

    make_files(&files);
    expect(qts, NULL, state->cpu);
    add_ram(qts);
    line = boot_line(files.zimage, "");
    expect(qts, NULL, line);
    expect(qts, NULL, EXIT);
    for (int i = 0; !cpsr && i < 6000; i++) {
        g_usleep(10 * 1000);
        cpsr = qtest_readl(qts, RESULT);
    }
    g_assert_cmphex(cpsr & 0x1f, ==, state->mode);
    qtest_quit(qts);
    remove_files(&files);
}

/*
 * Spin tables: the code of a CPU, and the address that it waits at
 */

/* Its first instruction, ldr x4, release; and where the address is in it */
#define SPIN_FIRST      0x58000144
#define SPIN_RELEASE    40
#define PAGE            (RAM + 0xc0000)

typedef struct Spin {
    const char *name;
    unsigned release;           /* offset of the release address in PAGE */
    unsigned code;              /* offset of the code of CPU 1 */
} Spin;

static const Spin spins[] = {
    { "apart", 0xd8, 0x330 },
    { "in-code", 0x3a0 - 0x60, 0x380 },
    { "at-code", 0x300, 0x340 },
    { "behind-code", 0x3a0, 0x330 },
    { }
};

static void test_spin(const void *data)
{
    const Spin *spin = data;
    QTestState *qts = qtest_init("-M none -smp 2 -preconfig -S");
    uint64_t release = PAGE + spin->release;
    uint8_t zeros[65536] = { 0 };
    g_autofree char *more = g_strdup_printf(
        ", \"secondary\": \"spin-table\", \"release-addr\": [0, %" PRIu64
        "]", release);
    g_autofree char *line = NULL, *image = NULL;
    Files files;

    make_files(&files);
    image = write_file(files.dir, "Image", zeros, sizeof(zeros));
    expect(qts, NULL, CPU("cortex-a53", ""));
    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu1",
                          ", \"mp-affinity\": 1"));
    add_ram(qts);
    line = boot_line(image, more);
    expect(qts, NULL, line);
    expect(qts, NULL, EXIT);
    g_assert_cmphex(qtest_readl(qts, PAGE + spin->code), ==, SPIN_FIRST);
    g_assert_cmphex(qtest_readq(qts, PAGE + spin->code + SPIN_RELEASE), ==,
                    release);
    g_assert_cmphex(qtest_readq(qts, release), ==, 0);
    qtest_quit(qts);
    unlink(image);
    remove_files(&files);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (const Refusal *r = refusals; r->name; r++) {
        g_autofree char *path =
            g_strdup_printf("fdt-machine/arm-boot/refused/%s", r->name);

        qtest_add_data_func(path, r, test_refusal);
    }
    for (const State *s = states; s->name; s++) {
        g_autofree char *path =
            g_strdup_printf("fdt-machine/arm-boot/zimage/%s", s->name);

        qtest_add_data_func(path, s, test_state);
    }
    for (const Spin *s = spins; s->name; s++) {
        g_autofree char *path =
            g_strdup_printf("fdt-machine/arm-boot/spin-table/%s", s->name);

        qtest_add_data_func(path, s, test_spin);
    }
    return g_test_run();
}

/*
 * Files with device trees, and files that are none
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "qemu/bswap.h"
#include "../../hw/fdt-machine/tree/blob.h"
#include "../../hw/fdt-machine/tree/kinds.h"
#include "../dts.h"

#define MUTANTS 2000

/*
 * Helpers
 */

/* A file in the directory of temporary files; the caller frees its path */
static char *write_bytes(const char *name, const void *data, size_t len)
{
    char *path = dts_temp(name);

    g_assert_true(g_file_set_contents(path, data, len, NULL));
    return path;
}

static char *write_source(const char *name, const char *text)
{
    return write_bytes(name, text, strlen(text));
}

/* Compiled from @text; the caller frees the path of the blob */
static char *make_blob(const char *name, const char *text)
{
    g_autofree char *source = write_source(name, text);
    g_autofree char *dir = dts_temp("");

    return dts_compile(dir, name);
}

static char *make_board(const char *name, const char *model)
{
    g_autofree char *text = g_strdup_printf(
        "/dts-v1/;\n/ { model = \"%s\"; uart: serial { }; };\n", model);

    return make_blob(name, text);
}

static GByteArray *read_bytes(const char *path)
{
    char *data;
    size_t len;

    g_assert_true(g_file_get_contents(path, &data, &len, NULL));
    return g_byte_array_new_take((uint8_t *)data, len);
}

/* The same text wherever the temporary files are */
static char *without_temp(const char *text)
{
    g_autofree char *path = dts_temp("x");
    g_autofree char *dir = g_strndup(path, strlen(path) - 1);
    g_auto(GStrv) parts = g_strsplit(text, dir, -1);

    return g_strjoinv("", parts);
}

static void assert_refused(const char *path, const char *config,
                           const char *message)
{
    g_autofree char *text = NULL;
    Error *error = NULL;

    g_assert_null(fdt_tree_load_config(path, config, NULL, &error));
    text = without_temp(error_get_pretty(error));
    g_assert_cmpstr(text, ==, message);
    error_free(error);
}

static void assert_model(const char *path, const char *config,
                         const char *model)
{
    g_autoptr(FdtTree) tree = fdt_tree_load_config(path, config, NULL,
                                                   &error_abort);

    g_assert_cmpstr(fdt_node_string(fdt_tree_root(tree), "model", 0), ==,
                    model);
}

/*
 * Files that are no trees
 */

#define ROW(name, offset, bytes, message) \
    { name, offset, bytes, sizeof(bytes) - 1, message }

static const struct {
    const char *name;
    size_t offset;          /* zeros up to there */
    const char *bytes;
    size_t len;
    const char *message;    /* after the name and ": " */
} files[] = {
    ROW("source.dtb", 0, "/dts-v1/;\n\n/ {\n};\n",
      "the source of a device tree, not a flattened device tree; make one of "
      "it: dtc -@ -O dtb -o OUTPUT INPUT"),
    ROW("text.dtb", 0, "Dear reader\n",
      "a text file, not a flattened device tree; dtc makes one of a source, "
      "which says /dts-v1/"),
    ROW("empty.dtb", 0, "",
      "an empty file, not a flattened device tree; was it written to its "
      "end?"),
    ROW("zeros.dtb", 100, "\0",
      "not a flattened device tree, which begins with the bytes d0 0d fe ed"),
    ROW("long.dtb", 100000, "\0",
      "not a flattened device tree, which begins with the bytes d0 0d fe ed"),
    ROW("magic.dtb", 0, "\xd0\x0d\xfe\xed",
      "a damaged flattened device tree: it is cut short"),
    ROW("swapped.dtb", 0, "\xed\xfe\x0d\xd0",
      "a flattened device tree with its bytes swapped, not a flattened device "
      "tree; swap those of each word of 32 bits"),
    ROW("elf.dtb", 0, "\177ELF\2\1\1\0\0\0\0",
      "an ELF file, not a flattened device tree; a kernel is for -kernel, "
      "firmware for -bios"),
    ROW("Image", 0x38, "ARM\x64",
      "a kernel (arm64 Image), not a flattened device tree; start it with "
      "-kernel"),
    ROW("Image-riscv", 0x38, "RSC\x05",
      "a kernel (RISC-V Image), not a flattened device tree; start it with "
      "-kernel"),
    ROW("zImage", 0x24, "\x18\x28\x6f\x01",
      "a kernel (zImage), not a flattened device tree; start it with "
      "-kernel"),
    ROW("board.dtb.gz", 0, "\x1f\x8b\x08",
      "a gzip file, not a flattened device tree; unpack it with gunzip"),
    ROW("initrd", 0, "070701",
      "an initrd (cpio), not a flattened device tree; give it with -initrd"),
    ROW("uImage", 0, "\x27\x05\x19\x56",
      "an image of U-Boot's (uImage), not a flattened device tree; a kernel "
      "in it is for -kernel; dumpimage -o OUTPUT INPUT takes out what is in "
      "it"),
    ROW("boot.efi", 0, "MZ\0\0",
      "a PE file, as programs of EFI are, not a flattened device tree; a "
      "kernel is for -kernel"),
    ROW("boot.img", 0, "ANDROID!",
      "a boot image of Android's, not a flattened device tree; unpack_bootimg "
      "takes out its kernel and its tree"),
    ROW("dtbo.img", 0, "\xd7\xb7\xab\x1e",
      "a table of trees for Android's boot loader that is empty"),
};

static void test_kinds(void)
{
    for (int i = 0; i < ARRAY_SIZE(files); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_autofree char *message = g_strdup_printf("%s: %s", files[i].name,
                                                   files[i].message);
        g_autofree char *path = NULL;

        g_byte_array_set_size(bytes, files[i].offset);
        for (size_t j = 0; j < files[i].offset; j++) {
            bytes->data[j] = 0;
        }
        g_byte_array_append(bytes, (const uint8_t *)files[i].bytes,
                            files[i].len);
        path = write_bytes(files[i].name, bytes->data, bytes->len);
        assert_refused(path, NULL, message);
    }
}

static void test_no_file(void)
{
    g_autofree char *path = dts_temp("none.dtb");
    g_autofree char *dir = dts_temp("folder");

    assert_refused(path, NULL, "none.dtb: No such file or directory");
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    assert_refused(dir, NULL, "folder: Is a directory; of /proc/device-tree or "
                   "a copy, make a file: dtc -I fs -O dtb -o OUTPUT INPUT");
}

/* What has no end is not read to it */
static void test_endless(void)
{
    assert_refused("/dev/zero", NULL, "/dev/zero: not a flattened device tree, "
                   "which begins with the bytes d0 0d fe ed");
}

/*
 * Several blobs in a file
 */

static void append_file(GByteArray *bytes, const char *path)
{
    g_autoptr(GByteArray) more = read_bytes(path);

    g_byte_array_append(bytes, more->data, more->len);
}

static void test_several(void)
{
    static const uint8_t zeros[5];
    g_autofree char *one = make_board("several-1.dts", "Board 1");
    g_autofree char *two = make_board("several-2.dts", "Board 2");
    g_autoptr(GByteArray) bytes = read_bytes(one);
    g_autofree char *padded = NULL, *path = NULL, *message = NULL;
    size_t size = bytes->len;

    /* What comes after a blob may be anything */
    g_byte_array_append(bytes, zeros, sizeof(zeros));
    padded = write_bytes("padded.dtb", bytes->data, bytes->len);
    assert_model(padded, NULL, "Board 1");
    assert_refused(padded, "0", "padded.dtb: config=0: the file is one tree, "
                   "no FIT image and no list of trees");

    append_file(bytes, two);
    path = write_bytes("several.dtb", bytes->data, bytes->len);
    assert_model(path, "0", "Board 1");
    assert_model(path, "1", "Board 2");
    assert_refused(path, "2", "several.dtb: config=2 is no number of a tree in "
                   "the file (0: Board 1, 1: Board 2)");
    message = g_strdup_printf(
        "several.dtb: 2 trees are in the file; config=N of -dtb-machine takes "
        "one as the board (0: Board 1, 1: Board 2), tail -c +OFFSET "
        "several.dtb | head -c SIZE writes one: number 0 is %zu bytes from 1",
        size);
    assert_refused(path, NULL, message);
}

static void append_u32(GByteArray *bytes, uint32_t value)
{
    uint8_t cell[4];

    stl_be_p(cell, value);
    g_byte_array_append(bytes, cell, sizeof(cell));
}

/* Header and entries of a dtbo.img with the blobs behind them */
static GByteArray *make_table(GByteArray *const *blobs, unsigned n)
{
    const uint32_t header = 32, entry = 32;
    GByteArray *bytes = g_byte_array_new();
    uint32_t at = header + n * entry;

    append_u32(bytes, 0xd7b7ab1e);
    append_u32(bytes, 0);               /* total size, which nobody needs */
    append_u32(bytes, header);
    append_u32(bytes, entry);
    append_u32(bytes, n);
    append_u32(bytes, header);
    append_u32(bytes, 2048);
    append_u32(bytes, 0);
    for (unsigned i = 0; i < n; i++) {
        append_u32(bytes, blobs[i]->len);
        append_u32(bytes, at);
        at += blobs[i]->len;
        for (int j = 0; j < 6; j++) {
            append_u32(bytes, 0);
        }
    }
    for (unsigned i = 0; i < n; i++) {
        g_byte_array_append(bytes, blobs[i]->data, blobs[i]->len);
    }
    return bytes;
}

static void test_table(void)
{
    g_autofree char *one = make_board("table-1.dts", "Board 1");
    g_autofree char *two = make_blob("table-2.dtso", "/dts-v1/;\n/plugin/;\n"
                                     "&uart { };\n");
    g_autoptr(GByteArray) first = read_bytes(one);
    g_autoptr(GByteArray) second = read_bytes(two);
    GByteArray *blobs[] = { first, second };
    g_autoptr(GByteArray) table = make_table(blobs, 2);
    g_autofree char *path = write_bytes("table.img", table->data, table->len);
    g_autofree char *cut = write_bytes("cut.img", table->data, 100);

    assert_model(path, "0", "Board 1");
    assert_refused(path, "1", "table.img: an overlay, not the tree of a board; "
                   "give the board's with file= and this one with "
                   "overlays.0=");
    assert_refused(path, "x", "table.img: config=x is no number of a tree in "
                   "the file (0: Board 1, 1: an overlay)");
    assert_refused(cut, "0", "cut.img: a table of trees for Android's boot "
                   "loader that is cut short");
}

/* Of a table or a list with one overlay, that is taken */
static void test_table_overlay(void)
{
    g_autofree char *board = make_board("table-3.dts", "Board 3");
    g_autofree char *blob = make_blob("table-4.dtso", "/dts-v1/;\n/plugin/;\n"
                                      "&uart { status = \"okay\"; };\n");
    g_autoptr(GByteArray) overlay = read_bytes(blob);
    g_autoptr(GByteArray) table = make_table(&overlay, 1);
    g_autofree char *path = write_bytes("one.img", table->data, table->len);
    char *overlays[] = { path, NULL };
    g_autoptr(FdtTree) tree = fdt_tree_load(board, overlays, &error_abort);

    g_assert_cmpstr(fdt_node_string(fdt_tree_find(tree, "/serial"), "status",
                                    0), ==, "okay");
}

/*
 * FIT images
 */

/* %1: a board, %2: another one, %3: an overlay; paths, and %4: a property */
#define FIT_SOURCE \
    "/dts-v1/;\n/ {\n" \
    "images {\n" \
    "  kernel { data = [00]; };\n" \
    "  fdt-1 { data = /incbin/(\"%1$s\"); compression = \"none\"; };\n" \
    "  fdt-2 { data = /incbin/(\"%2$s\"); };\n" \
    "  fdt-3 { data = /incbin/(\"%3$s\"); };\n" \
    "  packed { data = [1f 8b]; compression = \"gzip\"; };\n" \
    "};\n" \
    "configurations {\n %4$s\n" \
    "  a { description = \"the first\"; fdt = \"fdt-1\"; };\n" \
    "  b { kernel = \"kernel\"; fdt = \"fdt-2\", \"fdt-3\"; };\n" \
    "  c { fdt = \"packed\"; };\n" \
    "  d { fdt = \"fdt-4\"; };\n" \
    "  e { kernel = \"kernel\"; };\n" \
    "};\n};\n"

static char *make_fit(const char *name, const char *prop)
{
    g_autofree char *one = make_board("fit-1.dts", "Board 1");
    g_autofree char *two = make_board("fit-2.dts", "Board 2");
    g_autofree char *three = make_blob(
        "fit-3.dtso", "/dts-v1/;\n/plugin/;\n&{/} { model = \"Board 3\"; "
        "added { }; };\n");
    g_autofree char *text = g_strdup_printf(FIT_SOURCE, one, two, three, prop);

    return make_blob(name, text);
}

static void test_fit(void)
{
    g_autofree char *path = make_fit("fit.dts", "default = \"b\";");
    g_autofree char *none = make_fit("none.dts", "");

    assert_model(path, "a", "Board 1");
    assert_model(path, "b", "Board 3");
    assert_model(path, NULL, "Board 3");
    assert_model(none, "a", "Board 1");
    assert_refused(none, NULL, "none.dtb: /configurations: default: the image "
                   "does not say which configuration it is; config=NAME of "
                   "-dtb-machine does (a (the first), b, c, d, e)");
    assert_refused(path, "x", "fit.dtb: /configurations: the image has no "
                   "configuration x (a (the first), b, c, d, e)");
    assert_refused(path, "c", "fit.dtb: /images/packed: compression: the tree "
                   "is packed with gzip; dumpimage -T flat_dt -p NUMBER -o "
                   "OUTPUT INPUT takes it out");
    assert_refused(path, "d", "fit.dtb: /configurations/d: fdt: there is no "
                   "image fdt-4");
    assert_refused(path, "e", "fit.dtb: /configurations/e: fdt: the "
                   "configuration has no tree");
}

/* mkimage -E puts the images behind the tree */
static void test_fit_external(void)
{
    g_autofree char *board = make_board("outer.dts", "Board 4");
    g_autoptr(GByteArray) blob = read_bytes(board);
    g_autofree char *text = g_strdup_printf(
        "/dts-v1/;\n/ {\n"
        "images { fdt-1 { data-offset = <0>; data-size = <%u>; };\n"
        "         fdt-2 { data-offset = <4>; data-size = <%u>; };\n"
        "         fdt-3 { data-position = <0x1000>; data-size = <%u>; }; };\n"
        "configurations { a { fdt = \"fdt-1\"; }; b { fdt = \"fdt-2\"; };\n"
        "                 c { fdt = \"fdt-3\"; }; };\n};\n",
        blob->len, blob->len, blob->len);
    g_autofree char *fit = make_blob("external.dts", text);
    g_autoptr(GByteArray) bytes = read_bytes(fit);
    g_autofree char *path = NULL;

    g_byte_array_set_size(bytes, ROUND_UP(bytes->len, 4));
    g_byte_array_append(bytes, blob->data, blob->len);
    path = write_bytes("external.itb", bytes->data, bytes->len);
    assert_model(path, "a", "Board 4");
    assert_refused(path, "b", "external.itb: /images/fdt-2: data-size: the "
                   "data is not in the file");
    assert_refused(path, "c", "external.itb: /images/fdt-3: data-size: the "
                   "data is not in the file");
}

/*
 * Damaged files: whatever comes of it, it must not crash
 */

/* Up to 8 bytes changed; the seed makes it the same each time */
static void mutate(GByteArray *bytes, GRand *rand)
{
    int changes = g_rand_int_range(rand, 1, 9);

    for (int i = 0; i < changes; i++) {
        bytes->data[g_rand_int_range(rand, 0, bytes->len)] ^=
            1 << g_rand_int_range(rand, 0, 8);
    }
}

static void check_mutants(const char *path, const char *config)
{
    g_autoptr(GByteArray) whole = read_bytes(path);
    g_autoptr(GRand) rand = g_rand_new_with_seed(whole->len);
    unsigned trees = 0;

    for (int i = 0; i < MUTANTS; i++) {
        g_autoptr(GByteArray) mutant = g_byte_array_new();
        g_autofree char *name = NULL;
        g_autoptr(FdtTree) tree = NULL;

        g_byte_array_append(mutant, whole->data, whole->len);
        mutate(mutant, rand);
        name = write_bytes("mutant", mutant->data, mutant->len);
        tree = fdt_tree_load_config(name, config, NULL, NULL);
        trees += tree != NULL;
    }
    /* Else nothing has come so far */
    g_assert_cmpuint(trees, >, 0);
    g_assert_cmpuint(trees, <, MUTANTS);
}

static void test_file_mutants(void)
{
    g_autofree char *one = make_board("mutant-1.dts", "Board 1");
    g_autoptr(GByteArray) first = read_bytes(one);
    GByteArray *blobs[] = { first, first };
    g_autoptr(GByteArray) table = make_table(blobs, 2);
    g_autofree char *path = write_bytes("mutant.img", table->data, table->len);
    g_autofree char *fit = make_fit("mutant.dts", "");

    check_mutants(path, "1");
    check_mutants(fit, "b");
}

/* Every overlay of data/tree, laid over its tree */
static void mutate_overlay(const char *dir, const char *name)
{
    g_autofree char *board = g_strconcat(name, ".dts", NULL);
    g_autofree char *overlay = g_strconcat(name, ".dtso", NULL);
    g_autofree char *base_path = dts_compile(dir, board);
    g_autofree char *path = dts_compile(dir, overlay);
    g_autoptr(FdtTree) base = fdt_tree_load(base_path, NULL, &error_abort);
    g_autoptr(GByteArray) whole = read_bytes(path);
    g_autoptr(GRand) rand = g_rand_new_with_seed(whole->len);
    unsigned applied = 0;

    for (int i = 0; i < MUTANTS; i++) {
        g_autoptr(GByteArray) mutant = g_byte_array_new();
        g_autoptr(FdtTree) copy = fdt_tree_copy(base);
        g_autoptr(FdtTree) tree = NULL;

        g_byte_array_append(mutant, whole->data, whole->len);
        mutate(mutant, rand);
        tree = fdt_tree_parse(mutant->data, mutant->len, "mutant", NULL);
        applied += tree && fdt_tree_apply(copy, tree, NULL);
    }
    g_assert_cmpuint(applied, >, 0);
}

static void test_overlay_mutants(void)
{
    static const char *const names[] = {
        "overlay", "overlay-names-its-node", "overlay-inner",
    };
    g_autofree char *dir = dts_dir("data/tree");

    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        mutate_overlay(dir, names[i]);
    }
}

/*
 * What can be a kernel
 */

static void test_boots(void)
{
    static const char text[] = "Hello\n", elf[] = "\177ELF";
    static const uint8_t raw[] = { 'Z', 'Z', 'Z', 'Z' };

    g_assert_false(fdt_kind_of((const uint8_t *)text, strlen(text))->boots);
    g_assert_true(fdt_kind_of((const uint8_t *)elf, strlen(elf))->boots);
    g_assert_null(fdt_kind_of(raw, sizeof(raw)));
}

int main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/load/kinds", test_kinds);
    g_test_add_func("/load/no-file", test_no_file);
    g_test_add_func("/load/endless", test_endless);
    g_test_add_func("/load/several", test_several);
    g_test_add_func("/load/table", test_table);
    g_test_add_func("/load/table-overlay", test_table_overlay);
    g_test_add_func("/load/fit", test_fit);
    g_test_add_func("/load/fit-external", test_fit_external);
    g_test_add_func("/load/file-mutants", test_file_mutants);
    g_test_add_func("/load/overlay-mutants", test_overlay_mutants);
    g_test_add_func("/load/boots", test_boots);
    result = g_test_run();
    dts_clean();
    return result;
}

/*
 * The tree reader against golden text
 *
 * Every data/tree/NAME.dts is compiled, loaded (with NAME.dtso as an overlay,
 * if there is one) and printed; the text has to be that of NAME.out.  If
 * anything in it is an error, all messages have to be those of NAME.err.
 * With FDT_MACHINE_UPDATE=1 in the environment the golden files are written
 * instead.
 *
 * A source with the line `// dtc: force` has a fault that dtc refuses, and is
 * compiled all the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "../../hw/fdt-machine/tree/finding.h"
#include "../../hw/fdt-machine/tree/journal.h"
#include "tree-print.h"
#include "../dts.h"
#include "../golden.h"

/* Structure block token of a property (5.4.1) */
#define FDT_PROP_TAG 3
#define MUTANTS 2000

typedef struct Case {
    char *dir;
    char *name;
} Case;

/*
 * Compiling
 */

static bool needs_force(const char *source)
{
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(source, &text, NULL, NULL));
    return strstr(text, "// dtc: force\n");
}

/* The caller frees the path of the blob */
static char *compile(const Case *c, const char *suffix)
{
    g_autofree char *file = g_strconcat(c->name, suffix, NULL);
    g_autofree char *source = g_build_filename(c->dir, file, NULL);
    g_autofree char *blob = g_strdup_printf("%s.dtb%s", c->name,
                                            suffix + strlen(".dts"));
    g_autofree char *out = dts_temp(blob);
    const char *argv[] = {
        g_getenv("DTC") ?: "dtc", "-q", "-q", "-@", "-I", "dts", "-O", "dtb",
        "-o", out, source, needs_force(source) ? "-f" : NULL, NULL,
    };
    g_autoptr(GError) error = NULL;
    int status;

    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                      NULL, NULL, NULL, &status, &error) ||
        !g_spawn_check_exit_status(status, &error)) {
        g_error("%s: %s", source, error->message);
    }
    return g_steal_pointer(&out);
}

static FdtTree *load(const Case *c, Error **errp)
{
    g_autofree char *overlay = g_strdup_printf("%s/%s.dtso", c->dir, c->name);
    g_autofree char *blob = compile(c, ".dts");
    g_autofree char *dtbo = NULL;
    char *overlays[] = { NULL, NULL };

    if (g_file_test(overlay, G_FILE_TEST_EXISTS)) {
        dtbo = overlays[0] = compile(c, ".dtso");
    }
    return fdt_tree_load(blob, overlays, errp);
}

/* The same text wherever the temporary files are */
static char *without_temp(const char *text)
{
    g_autofree char *temp = dts_temp("x");
    g_autofree char *dir = g_strndup(temp, strlen(temp) - 1);
    g_auto(GStrv) parts = g_strsplit(text, dir, -1);

    return g_strjoinv("", parts);
}

/*
 * Cases
 */

static char *golden_name(const Case *c, const char *suffix)
{
    return g_strdup_printf("%s/%s.%s", c->dir, c->name, suffix);
}

/* Text of the tree, or of all messages if there are any */
static char *print_case(const Case *c, bool *good)
{
    Error *error = NULL;
    g_autoptr(FdtTree) tree = load(c, &error);
    g_autoptr(GString) errors = g_string_new("");
    g_autofree char *text = NULL;

    if (tree) {
        g_assert_null(error);
        text = tree_print(tree, errors);
    } else {
        g_assert_nonnull(error);
        g_string_append_printf(errors, "%s\n", error_get_pretty(error));
        error_free(error);
    }
    *good = !errors->len;
    return *good ? g_steal_pointer(&text) : without_temp(errors->str);
}

static void test_case(gconstpointer data)
{
    const Case *c = data;
    g_autofree char *out = golden_name(c, "out");
    g_autofree char *err = golden_name(c, "err");
    bool good;
    g_autofree char *text = print_case(c, &good);

    golden_compare(good ? out : err, good ? err : out, text);
}

static void assert_same_text(const FdtTree *a, const FdtTree *b)
{
    g_autoptr(GString) errors_a = g_string_new("");
    g_autoptr(GString) errors_b = g_string_new("");
    g_autofree char *text_a = tree_print(a, errors_a);
    g_autofree char *text_b = tree_print(b, errors_b);

    g_assert_cmpstr(text_a, ==, text_b);
    g_assert_cmpstr(errors_a->str, ==, errors_b->str);
}

/* Flattened and read again, and copied, it is the same tree */
static void test_round(gconstpointer data)
{
    g_autoptr(FdtTree) tree = load(data, &error_abort);
    g_autoptr(FdtTree) copy = fdt_tree_copy(tree);
    g_autoptr(GByteArray) blob = fdt_tree_flatten(tree, 100, &error_abort);
    g_autoptr(GByteArray) blob2 = fdt_tree_flatten(copy, 100, &error_abort);
    g_autoptr(FdtTree) again = fdt_tree_parse(blob->data, blob->len,
                                              fdt_tree_filename(tree),
                                              &error_abort);

    assert_same_text(tree, copy);
    assert_same_text(tree, again);
    g_assert_cmpmem(blob->data, blob->len, blob2->data, blob2->len);
}

static GByteArray *load_blob(const Case *c)
{
    g_autoptr(FdtTree) tree = load(c, &error_abort);

    return fdt_tree_flatten(tree, 0, &error_abort);
}

/* Versions before 16 are of another layout, and are refused as such */
static void test_version(gconstpointer data)
{
    g_autoptr(GByteArray) blob = load_blob(data);

    for (uint32_t version = 0; version < 16; version++) {
        Error *error = NULL;

        stl_be_p(blob->data + 20, version);
        g_assert_null(fdt_tree_parse(blob->data, blob->len, "old.dtb",
                                     &error));
        g_assert_cmpstr(error_get_pretty(error), ==,
                        "old.dtb: a damaged flattened device tree: it has a "
                        "version that is not supported");
        error_free(error);
    }
}

/*
 * Lengths that lead back: to inside of the property, to where it begins, to
 * before that
 */
static void test_length(gconstpointer data)
{
    static const int32_t lengths[] = { -2, -12, -20 };
    g_autoptr(GByteArray) blob = load_blob(data);
    /* After the root's FDT_BEGIN_NODE and its empty name: FDT_PROP, length */
    uint32_t offset = ldl_be_p(blob->data + 8) + 8;

    g_assert_cmphex(ldl_be_p(blob->data + offset), ==, FDT_PROP_TAG);
    for (int i = 0; i < ARRAY_SIZE(lengths); i++) {
        Error *error = NULL;

        stl_be_p(blob->data + offset + 4, lengths[i]);
        g_assert_null(fdt_tree_parse(blob->data, blob->len, "long.dtb",
                                     &error));
        g_assert_nonnull(strstr(error_get_pretty(error), "long.dtb"));
        error_free(error);
    }
}

/* Whatever comes of it, it must not crash; returns whether it is a tree */
static bool parse_and_walk(const uint8_t *blob, size_t len)
{
    g_autoptr(FdtTree) tree = fdt_tree_parse(blob, len, "blob", NULL);
    g_autoptr(GString) errors = g_string_new("");

    if (tree) {
        g_free(tree_print(tree, errors));
    }
    return tree;
}

/* A blob that is cut short anywhere is refused */
static void test_prefixes(gconstpointer data)
{
    g_autoptr(GByteArray) blob = load_blob(data);

    g_assert_true(parse_and_walk(blob->data, blob->len));
    for (size_t len = 0; len < blob->len; len++) {
        g_autofree uint8_t *prefix = g_memdup2(blob->data, len);

        g_assert_false(parse_and_walk(prefix, len));
    }
}

/* Up to 8 bytes changed; the seed makes it the same each time */
static void test_mutants(gconstpointer data)
{
    g_autoptr(GByteArray) blob = load_blob(data);
    g_autoptr(GRand) rand = g_rand_new_with_seed(blob->len);
    unsigned trees = 0;

    for (int i = 0; i < MUTANTS; i++) {
        g_autofree uint8_t *mutant = g_memdup2(blob->data, blob->len);
        int changes = g_rand_int_range(rand, 1, 9);

        for (int j = 0; j < changes; j++) {
            mutant[g_rand_int_range(rand, 0, blob->len)] ^=
                1 << g_rand_int_range(rand, 0, 8);
        }
        trees += parse_and_walk(mutant, blob->len);
    }
    /* Else the walk has seen nothing */
    g_assert_cmpuint(trees, >, 0);
    g_assert_cmpuint(trees, <, MUTANTS);
}

/*
 * Edits
 */

static FdtTree *empty_tree(void)
{
    /* Header, no reservations, a root without anything */
    static const uint32_t cells[] = {
        0xd00dfeed, 72, 56, 72, 40, 17, 16, 0, 0, 16,
        0, 0, 0, 0,
        1, 0, 2, 9,
    };
    uint32_t blob[ARRAY_SIZE(cells)];

    for (int i = 0; i < ARRAY_SIZE(cells); i++) {
        blob[i] = cpu_to_be32(cells[i]);
    }
    return fdt_tree_parse(blob, sizeof(blob), "made.dtb", &error_abort);
}

static void test_edit_nodes(void)
{
    g_autoptr(FdtTree) tree = empty_tree();
    FdtNode *root = fdt_tree_root(tree);
    FdtNode *soc = fdt_node_add_child(root, "soc");
    FdtNode *a = fdt_node_add_child(soc, "uart@0");
    FdtNode *b = fdt_node_add_child(soc, "uart@1");
    FdtNode *aliases = fdt_node_add_child(root, "aliases");
    unsigned id;

    g_assert_true(fdt_tree_find(tree, "/soc/uart") == a);
    g_assert_true(fdt_tree_find(tree, "/soc/uart@1") == b);
    fdt_node_set_string(aliases, "serial7", "/soc/uart@1");
    g_assert_true(fdt_tree_find(tree, "serial7") == b);
    g_assert_true(fdt_node_alias_id(b, "serial", &id));
    g_assert_cmpuint(id, ==, 7);
    g_assert_false(fdt_node_alias_id(b, "ser", &id));

    g_assert_cmpuint(fdt_node_ensure_phandle(a), ==, 1);
    g_assert_cmpuint(fdt_node_ensure_phandle(b), ==, 2);
    fdt_node_remove(a);
    g_assert_null(fdt_tree_by_phandle(tree, 1));
    g_assert_null(fdt_tree_find(tree, "/soc/uart@0"));
    g_assert_true(fdt_tree_find(tree, "/soc/uart") == b);
    g_assert_cmpuint(b->index, ==, 0);
    g_assert_true(fdt_node_next(soc) == b);
    g_assert_true(fdt_node_next(b) == aliases);

    fdt_node_remove(soc);
    g_assert_null(fdt_tree_find(tree, "serial7"));
    g_assert_null(fdt_tree_by_phandle(tree, 2));
    g_assert_null(fdt_tree_find(tree, "/soc/uart"));
    g_assert_true(fdt_node_next(root) == aliases);
}

static void test_edit_props(void)
{
    g_autoptr(FdtTree) tree = empty_tree();
    FdtNode *root = fdt_tree_root(tree);
    const uint32_t cells[] = { 1, 0x12345678 };
    uint64_t wide;
    uint32_t cell;

    fdt_node_set_cells(root, "cells", cells, 2);
    g_assert_true(fdt_node_u64(root, "cells", &wide));
    g_assert_cmphex(wide, ==, 0x112345678);
    g_assert_true(fdt_node_u32_index(root, "cells", 1, &cell));
    g_assert_cmphex(cell, ==, 0x12345678);
    g_assert_false(fdt_node_u32_index(root, "cells", 2, &cell));
    fdt_node_set_u32(root, "cells", 5);
    g_assert_cmpuint(fdt_node_num_cells(root, "cells"), ==, 1);
    g_assert_cmpuint(root->props->len, ==, 1);

    fdt_node_set(root, "list", "a\0bc\0d", 6);
    g_assert_cmpuint(fdt_node_num_strings(root, "list"), ==, 2);
    g_assert_cmpint(fdt_node_string_index(root, "list", "bc"), ==, 1);
    g_assert_null(fdt_node_string(root, "list", 2));
    g_assert_true(fdt_node_remove_prop(root, "list"));
    g_assert_false(fdt_node_remove_prop(root, "list"));
    fdt_node_set_empty(root, "flag");
    g_assert_true(fdt_node_has(root, "flag"));
    g_assert_false(fdt_node_u32(root, "flag", &cell));
}

/*
 * The journal
 */

/* The records as "RULE PATH PROPERTY TEXT;" one after the other */
static void check_journal(const FdtJournal *journal, const char *expected)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (unsigned i = 0; i < fdt_journal_num_edits(journal); i++) {
        const FdtEdit *edit = fdt_journal_edit(journal, i);

        g_string_append_printf(text, "%s %s %s %s;", fdt_edit_rule(edit),
                               fdt_edit_path(edit),
                               fdt_edit_property(edit) ?: "-",
                               fdt_edit_text(edit));
    }
    g_assert_cmpstr(text->str, ==, expected);
}

static FdtJournal *new_journal(void)
{
    g_autoptr(FdtTree) tree = empty_tree();
    FdtNode *soc = fdt_node_add_child(fdt_tree_root(tree), "soc");

    fdt_node_set_string(soc, "status", "okay");
    fdt_node_add_child(soc, "uart@0");
    return fdt_journal_new(tree);
}

static void test_journal_props(void)
{
    g_autoptr(FdtJournal) journal = new_journal();
    FdtNode *soc = fdt_tree_find(fdt_journal_tree(journal), "/soc");

    g_assert_null(fdt_journal_set_string(journal, "a", soc, "status", "okay"));
    g_assert_null(fdt_journal_remove_prop(journal, "a", soc, "reg"));
    check_journal(journal, "");
    fdt_journal_set_string(journal, "a", soc, "status", "disabled");
    fdt_journal_set_u32(journal, "a", soc, "reg", 5);
    check_journal(journal, "a /soc status set to disabled;"
                  "a /soc reg set to 5;");
    /* The last change counts */
    fdt_edit_explain(fdt_journal_remove_prop(journal, "b", soc, "status"),
                     "gone");
    check_journal(journal, "a /soc reg set to 5;b /soc status gone;");
    /* What is as it was at first was not changed */
    fdt_journal_set_string(journal, "c", soc, "status", "okay");
    fdt_journal_remove_prop(journal, "c", soc, "reg");
    check_journal(journal, "");
    g_assert_cmpuint(fdt_journal_phandle(journal, "d", soc), ==, 1);
    g_assert_cmpuint(fdt_journal_phandle(journal, "e", soc), ==, 1);
    check_journal(journal, "d /soc phandle set to 1;");
}

static void test_journal_nodes(void)
{
    g_autoptr(FdtJournal) journal = new_journal();
    FdtNode *root = fdt_tree_root(fdt_journal_tree(journal));
    FdtNode *soc = fdt_node_child(root, "soc");
    FdtNode *added = fdt_journal_add_node(journal, "a", root, "added");

    /* What is in a node that was added belongs to it */
    g_assert_null(fdt_journal_set_empty(journal, "a", added, "flag"));
    fdt_journal_add_node(journal, "a", added, "below");
    check_journal(journal, "a /added - added;");
    g_assert_null(fdt_journal_remove_node(journal, "a", added));
    check_journal(journal, "");
    /* And so does what was changed in a node that is removed later */
    fdt_journal_set_u32(journal, "b", fdt_node_child(soc, "uart"), "reg", 0);
    fdt_journal_set_empty(journal, "b", soc, "ranges");
    fdt_journal_set_empty(journal, "b", root, "flag");
    fdt_journal_remove_node(journal, "c", soc);
    check_journal(journal, "b / flag set;c /soc - removed;");
    g_assert_null(fdt_journal_remove_node(journal, "c", root));
}

/* The tree that it leaves stays as it is, the records go on */
static void test_journal_branch(void)
{
    g_autoptr(FdtJournal) journal = new_journal();
    FdtNode *root = fdt_tree_root(fdt_journal_tree(journal));
    g_autoptr(FdtTree) before = NULL;

    fdt_journal_add_node(journal, "a", root, "added");
    before = fdt_journal_branch(journal);
    root = fdt_tree_root(fdt_journal_tree(journal));
    g_assert_true(fdt_tree_root(before) != root);
    fdt_journal_set_empty(journal, "b", fdt_node_child(root, "added"), "flag");
    fdt_journal_set_empty(journal, "b", root, "flag");
    check_journal(journal, "a /added - added;b / flag set;");
    g_assert_false(fdt_node_has(fdt_tree_root(before), "flag"));
}

/* Lookups are by hash: with a scan each, this would take minutes */
static void test_many(void)
{
    enum { N = 20000 };
    g_autoptr(FdtTree) tree = empty_tree();
    FdtNode *root = fdt_tree_root(tree);
    gint64 start = g_get_monotonic_time();

    for (unsigned i = 0; i < N; i++) {
        g_autofree char *name = g_strdup_printf("uart@%x", i);

        fdt_node_ensure_phandle(fdt_node_add_child(root, name));
    }
    for (unsigned i = 0; i < N; i++) {
        g_autofree char *name = g_strdup_printf("uart@%x", i);
        FdtNode *node = fdt_node_child(root, name);

        g_assert_true(fdt_tree_by_phandle(tree, i + 1) == node);
        g_assert_cmpuint(node->index, ==, i);
    }
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
}

static void test_map_interrupt(void)
{
    g_autofree char *dir = dts_dir("data/tree");
    const Case c = { .dir = dir, .name = (char *)"pci-interrupt-map" };
    g_autoptr(FdtTree) tree = load(&c, &error_abort);
    FdtNode *nexus = fdt_tree_find(tree, "/pcie@10000000");
    const uint32_t address[] = { 0x00001000, 0, 0 };     /* device 2 */
    const uint32_t pin = 3;
    Error *error = NULL;
    FdtInterrupt irq;

    g_assert_true(fdt_node_map_interrupt(nexus, address, 3, &pin, 1, &irq,
                                         &error_abort));
    g_assert_cmpstr(irq.controller->path, ==, "/interrupt-controller@8000000");
    g_assert_cmpuint(irq.num_cells, ==, 3);
    g_assert_cmpuint(irq.cells[1], ==, 3);

    g_assert_false(fdt_node_map_interrupt(nexus, address, 2, &pin, 1, &irq,
                                          &error));
    g_assert_cmpstr(error_get_pretty(error) + strlen(fdt_tree_filename(tree)),
                    ==, ": /pcie@10000000: interrupt-map: a row has 3 and 1 "
                    "cells, not 2 and 1");
    error_free(error);
}

/*
 * All of them
 */

static void case_free(gpointer data)
{
    Case *c = data;

    g_free(c->dir);
    g_free(c->name);
    g_free(c);
}

static void add_case(const char *kind, const char *dir, const char *name,
                     GTestDataFunc test)
{
    g_autofree char *path = g_strdup_printf("/tree/%s/%s", kind, name);
    Case *c = g_new0(Case, 1);

    c->dir = g_strdup(dir);
    c->name = g_strdup(name);
    g_test_add_data_func_full(path, c, test, case_free);
}

static bool is_good(const char *dir, const char *name)
{
    g_autofree char *out = g_strdup_printf("%s/%s.out", dir, name);

    return g_file_test(out, G_FILE_TEST_EXISTS);
}

static void add_cases(void)
{
    g_autofree char *dir = dts_dir("data/tree");
    g_autoptr(GPtrArray) names = dts_list(dir, ".dts");

    g_assert_cmpuint(names->len, >, 0);
    for (unsigned i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);

        add_case("cases", dir, name, test_case);
        if (is_good(dir, name)) {
            add_case("round", dir, name, test_round);
            add_case("mutants", dir, name, test_mutants);
        }
    }
    add_case("prefixes", dir, "serial", test_prefixes);
    add_case("versions", dir, "serial", test_version);
    add_case("length", dir, "serial", test_length);
}

/* A golden file without its source tests nothing */
static void test_strays(void)
{
    static const char *const suffixes[] = { ".out", ".err", ".dtso" };
    g_autofree char *dir = dts_dir("data/tree");

    for (int s = 0; s < ARRAY_SIZE(suffixes); s++) {
        g_autoptr(GPtrArray) names = dts_list(dir, suffixes[s]);

        for (unsigned i = 0; i < names->len; i++) {
            g_autofree char *source = g_strdup_printf(
                "%s/%s.dts", dir, (char *)g_ptr_array_index(names, i));

            g_assert_true(g_file_test(source, G_FILE_TEST_EXISTS));
        }
    }
}

/*
 * Findings
 */

static void take_finding(FdtFindings *findings, const FdtNode *node,
                         const char *property, const char *text)
{
    Error *err = NULL;

    fdt_error(&err, node, property, "%s", text);
    fdt_finding_take(findings, node, err);
}

/* What fdt_error() was told, whatever the words of the text look like */
static void test_finding(void)
{
    g_autoptr(FdtTree) tree = empty_tree();
    g_autoptr(FdtFindings) findings = fdt_findings_new();
    FdtNode *node = fdt_node_add_child(fdt_tree_root(tree), "serial@0");
    const FdtFinding *finding;
    Error *err = NULL;

    take_finding(findings, node, "reg", "/a: b: it is too short");
    take_finding(findings, node, NULL, "virtio: no line is left");
    finding = fdt_findings_get(findings, 0);
    g_assert_cmpstr(finding->path, ==, "/serial@0");
    g_assert_cmpstr(finding->property, ==, "reg");
    g_assert_cmpstr(finding->text, ==, "/a: b: it is too short");
    finding = fdt_findings_get(findings, 1);
    g_assert_null(finding->property);
    g_assert_cmpstr(finding->text, ==, "virtio: no line is left");

    error_setg(&err, "of nobody's making");
    fdt_finding_take(findings, node, err);
    finding = fdt_findings_get(findings, 2);
    g_assert_cmpstr(finding->path, ==, "/serial@0");
    g_assert_cmpstr(finding->text, ==, "of nobody's making");
}

static FdtTree *tree_with_empty_parent(void)
{
    static const uint32_t specifier[] = { 5 };
    g_autoptr(FdtTree) tree = empty_tree();
    FdtNode *root = fdt_tree_root(tree);
    FdtNode *intc = fdt_node_add_child(root, "intc");
    FdtNode *uart = fdt_node_add_child(root, "serial@0");
    GByteArray *blob;
    FdtTree *parsed;

    fdt_node_set_empty(intc, "interrupt-controller");
    fdt_node_set_u32(intc, "#interrupt-cells", 1);
    fdt_node_set_u32(root, "interrupt-parent", fdt_node_ensure_phandle(intc));
    fdt_node_set_empty(uart, "interrupt-parent");
    fdt_node_set_cells(uart, "interrupts", specifier, 1);
    blob = fdt_tree_flatten(tree, 0, &error_abort);
    parsed = fdt_tree_parse(blob->data, blob->len, "made.dtb", &error_abort);
    g_byte_array_unref(blob);
    return parsed;
}

/*
 * dtc ends on an empty interrupt-parent, so there is no source with one.  It
 * counts as none, as in Linux: the one of the node above holds
 */
static void test_empty_parent(void)
{
    g_autoptr(FdtTree) tree = tree_with_empty_parent();
    const FdtFindings *findings = fdt_tree_findings(tree);
    g_autofree char *text = fdt_findings_text(findings, 0);
    g_autoptr(GArray) interrupts = fdt_node_interrupts(
        fdt_tree_find(tree, "/serial@0"), NULL, &error_abort);

    g_assert_cmpuint(fdt_findings_num(findings), ==, 1);
    g_assert_cmpstr(text, ==, "/serial@0: interrupt-parent: 0 bytes, not a "
                    "single cell");
    g_assert_cmpuint(interrupts->len, ==, 1);
    g_assert_true(g_array_index(interrupts, FdtInterrupt, 0).controller ==
                  fdt_tree_find(tree, "/intc"));
}

int main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    add_cases();
    g_test_add_func("/tree/strays", test_strays);
    g_test_add_func("/tree/edit/nodes", test_edit_nodes);
    g_test_add_func("/tree/edit/props", test_edit_props);
    g_test_add_func("/tree/journal/props", test_journal_props);
    g_test_add_func("/tree/journal/nodes", test_journal_nodes);
    g_test_add_func("/tree/journal/branch", test_journal_branch);
    g_test_add_func("/tree/many", test_many);
    g_test_add_func("/tree/map-interrupt", test_map_interrupt);
    g_test_add_func("/tree/finding", test_finding);
    g_test_add_func("/tree/empty-parent", test_empty_parent);
    result = g_test_run();
    dts_clean();
    return result;
}

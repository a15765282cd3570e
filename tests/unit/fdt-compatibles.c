/*
 * Prints what the binding tables know of the compatible strings of some trees
 *
 *     fdt-compatibles LIST
 *     fdt-compatibles --cpus
 *
 * LIST is a file with the name of a tree on each line.  As Markdown: totals,
 * then a row for each string of an available node, with the number of trees
 * that use it and what it is bound to.  A string without a row of its own is
 * served by a later string of the same nodes, if one of those has a row.
 *
 * With --cpus: every string of a CPU, and Debian's word for the architecture of
 * its kernels, one a line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/fdt-machine/bindings/tables.h"

typedef struct Use {
    const char *compatible;
    const FdtBinding *binding;      /* its own row, or a later string's */
    unsigned trees;
    const FdtTree *last;            /* in which it was seen last */
} Use;

/* In the order of the page; also how a use is counted */
typedef enum Kind {
    KIND_MODEL,
    KIND_NEAR,
    KIND_NO_DEVICE,
    KIND_NONE,
    KIND_MAX
} Kind;

static const char *const titles[KIND_MAX] = {
    [KIND_MODEL] = "Modelled",
    [KIND_NEAR] = "A near relative stands in",
    [KIND_NO_DEVICE] = "Known, and no device of its own",
    [KIND_NONE] = "No model",
};

static const char *const heads[KIND_MAX] = {
    [KIND_MODEL] = "| compatible | trees | QEMU's type | by |\n"
                   "|---|--:|---|---|",
    [KIND_NEAR] = "| compatible | trees | QEMU's type | by | why |\n"
                  "|---|--:|---|---|---|",
    [KIND_NO_DEVICE] = "| compatible | trees | by | what |\n|---|--:|---|---|",
    [KIND_NONE] = "| compatible | trees |\n|---|--:|",
};

static Kind kind_of(const Use *use)
{
    const FdtBinding *b = use->binding;

    if (!b) {
        return KIND_NONE;
    }
    if (!b->type) {
        return b->verdict == FDT_VERDICT_MODELLED ? KIND_MODEL
                                                  : KIND_NO_DEVICE;
    }
    return b->substitute ? KIND_NEAR : KIND_MODEL;
}

/* A row that is no device, as that of "arm,primecell", binds no node */
static const FdtBinding *first_binding(GHashTable *bindings,
                                       const FdtNode *node, unsigned from)
{
    const char *compatible;

    for (unsigned i = from; (compatible = fdt_node_compatible(node, i)); i++) {
        const FdtBinding *b = g_hash_table_lookup(bindings, compatible);

        if (b && !(b->is & FDT_TRAIT)) {
            return b;
        }
    }
    return NULL;
}

static void count_node(GHashTable *uses, GHashTable *bindings,
                       const FdtNode *node)
{
    const char *compatible;

    for (unsigned i = 0; (compatible = fdt_node_compatible(node, i)); i++) {
        Use *use = g_hash_table_lookup(uses, compatible);

        if (!use) {
            use = g_new0(Use, 1);
            use->compatible = g_strdup(compatible);
            g_hash_table_insert(uses, (gpointer)use->compatible, use);
        }
        if (!use->binding) {
            use->binding = first_binding(bindings, node, i);
        }
        use->trees += use->last != node->tree;
        use->last = node->tree;
    }
}

/* The next tree may lie at the same address */
static void forget_tree(GHashTable *uses)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, uses);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        ((Use *)value)->last = NULL;
    }
}

/* Returns false with a message if the file is no tree */
static bool count_file(GHashTable *uses, GHashTable *bindings,
                       const char *filename)
{
    Error *error = NULL;
    FdtTree *tree = fdt_tree_load(filename, NULL, &error);

    if (!tree) {
        error_report_err(error);
        return false;
    }
    /* Without the root, whose strings name the board */
    for (FdtNode *node = fdt_node_next(fdt_tree_root(tree)); node;
         node = fdt_node_next(node)) {
        if (fdt_node_available(node)) {
            count_node(uses, bindings, node);
        }
    }
    forget_tree(uses);
    fdt_tree_free(tree);
    return true;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    const Use *left = *(const Use *const *)a, *right = *(const Use *const *)b;

    return strcmp(left->compatible, right->compatible);
}

static void print_row(const Use *use, Kind kind)
{
    const FdtBinding *b = use->binding;
    const char *by = b && !g_str_equal(b->compatible, use->compatible)
                     ? b->compatible : "";

    printf("| `%s` | %u |", use->compatible, use->trees);
    switch (kind) {
    case KIND_MODEL:
        printf(" %s | %s |\n", b->type ?: b->reason, by);
        break;
    case KIND_NEAR:
        printf(" %s | %s | %s |\n", b->type, by, b->substitute);
        break;
    case KIND_NO_DEVICE:
        printf(" %s | %s |\n", by, b->reason ?: "");
        break;
    default:
        printf("\n");
    }
}

static void print_kind(GPtrArray *list, Kind kind)
{
    printf("\n## %s\n\n%s\n", titles[kind], heads[kind]);
    for (unsigned i = 0; i < list->len; i++) {
        const Use *use = g_ptr_array_index(list, i);

        if (kind_of(use) == kind) {
            print_row(use, kind);
        }
    }
}

static void print_totals(GPtrArray *list)
{
    unsigned strings[KIND_MAX] = { 0 }, trees[KIND_MAX] = { 0 };

    for (unsigned i = 0; i < list->len; i++) {
        const Use *use = g_ptr_array_index(list, i);

        strings[kind_of(use)]++;
        trees[kind_of(use)] += use->trees;
    }
    printf("| | strings | uses |\n|---|--:|--:|\n");
    for (int kind = 0; kind < KIND_MAX; kind++) {
        printf("| %s | %u | %u |\n", titles[kind], strings[kind],
               trees[kind]);
    }
}

static void use_free(gpointer data)
{
    Use *use = data;

    g_free((gpointer)use->compatible);
    g_free(use);
}

/*
 * CPUs
 */

static const char *debian_arch(FdtCpuArch arch)
{
    switch (arch) {
    case FDT_CPU_ARMV5:
    case FDT_CPU_ARMV6:
    case FDT_CPU_ARMV7:
        return "armhf";
    case FDT_CPU_ARMV8:
        return "arm64";
    case FDT_CPU_RISCV:
        return "riscv64";
    default:
        g_assert_not_reached();
    }
}

static void print_cpus(void)
{
    for (int i = 0; fdt_binding_tables[i]; i++) {
        for (const FdtBinding *b = fdt_binding_tables[i]; b->compatible; b++) {
            if (b->cpu) {
                printf("%s %s\n", b->compatible, debian_arch(b->cpu->arch));
            }
        }
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GHashTable) bindings = fdt_binding_index();
    g_autoptr(GHashTable) uses = g_hash_table_new_full(g_str_hash, g_str_equal,
                                                       NULL, use_free);
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    g_autofree char *text = NULL;
    g_auto(GStrv) files = NULL;
    GHashTableIter iter;
    gpointer value;
    bool ok = true;

    if (argc == 2 && g_str_equal(argv[1], "--cpus")) {
        print_cpus();
        return 0;
    }
    if (argc != 2 || !g_file_get_contents(argv[1], &text, NULL, NULL)) {
        fprintf(stderr, "usage: fdt-compatibles LIST | --cpus\n");
        return 1;
    }
    files = g_strsplit(g_strchomp(text), "\n", -1);
    for (unsigned i = 0; files[i]; i++) {
        ok &= count_file(uses, bindings, files[i]);
    }
    g_hash_table_iter_init(&iter, uses);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        g_ptr_array_add(list, value);
    }
    g_ptr_array_sort(list, by_name);
    print_totals(list);
    for (int kind = 0; kind < KIND_MAX; kind++) {
        print_kind(list, kind);
    }
    return !ok;
}

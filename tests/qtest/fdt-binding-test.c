/*
 * The binding tables against the real binary
 *
 * Every QOM type that they name exists, and every property that they name
 * exists on it.  What hooks name, their code says: so a machine is built of
 * every tree of data/plan/ and of dts/, and of a tree with a node for every
 * row.  A property, region, line or bus that the type does not have makes that
 * fail.  What was built is noted: regions, lines and buses in the data of a row
 * have to be among it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "../../hw/fdt-machine/bindings/tables.h"
#include "tests/qtest/libqtest.h"
#include "../dts.h"
#include "binding-names.h"

typedef struct Types {
    QTestState *qts;
    GHashTable *known;      /* type -> set of its properties; NULL: no type */
} Types;

static GHashTable *query_properties(QTestState *qts, const char *type)
{
    g_autoptr(QDict) response = qtest_qmp(
        qts, "{'execute': 'device-list-properties', 'arguments': "
        "{'typename': %s}}", type);
    QList *list = qdict_haskey(response, "return")
                  ? qdict_get_qlist(response, "return") : NULL;
    GHashTable *properties;
    const QListEntry *e;

    if (!list) {
        return NULL;
    }
    properties = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    QLIST_FOREACH_ENTRY(list, e) {
        QDict *property = qobject_to(QDict, qlist_entry_obj(e));

        g_hash_table_add(properties,
                         g_strdup(qdict_get_str(property, "name")));
    }
    return properties;
}

static GHashTable *type_properties(Types *types, const char *type)
{
    gpointer properties;

    if (!g_hash_table_lookup_extended(types->known, type, NULL,
                                      &properties)) {
        properties = query_properties(types->qts, type);
        g_hash_table_insert(types->known, (gpointer)type, properties);
    }
    return properties;
}

static void want(const FdtBinding *b, GHashTable *properties,
                 const char *name)
{
    if (!g_hash_table_contains(properties, name)) {
        g_test_message("%s: %s has no property '%s'", b->compatible, b->type,
                       name);
        g_test_fail();
    }
}

/* device-list-properties knows what device_add can be given */
static void check_row(Types *types, const FdtBinding *b)
{
    GHashTable *properties = type_properties(types, b->type);

    if (!properties) {
        g_test_message("%s: this binary has no type %s", b->compatible,
                       b->type);
        g_test_fail();
        return;
    }
    for (const FdtBindingProp *p = b->props; p && p->name; p++) {
        want(b, properties, p->name);
    }
    for (const FdtBindingLink *link = b->links; link && link->name; link++) {
        want(b, properties, link->name);
    }
    if (b->slot == FDT_SLOT_SERIAL) {
        want(b, properties, "chardev");
    }
    if (b->is & FDT_AUDIO) {
        want(b, properties, "audiodev");
    }
    if (b->slot == FDT_SLOT_NIC) {
        want(b, properties, "netdev");
        want(b, properties, "mac");
    }
}

/*
 * Rows of RISC-V are for one emulator alone, and those of Arm for the other;
 * what both have is in tables for all
 */
static bool is_ours(const FdtBinding *table)
{
    return (table == fdt_bindings_riscv) ==
           g_str_equal(qtest_get_arch(), "riscv64");
}

static void test_tables(void)
{
    Types types = {
        .qts = qtest_init("-M none"),
        .known = g_hash_table_new(g_str_hash, g_str_equal),
    };
    unsigned rows = 0;

    g_assert_null(type_properties(&types, "flux-capacitor"));
    for (int t = 0; fdt_binding_tables[t]; t++) {
        if (!is_ours(fdt_binding_tables[t])) {
            continue;
        }
        for (const FdtBinding *b = fdt_binding_tables[t]; b->compatible; b++) {
            if (b->type) {
                check_row(&types, b);
                rows++;
            }
        }
    }
    g_test_message("%u rows, %u types", rows, g_hash_table_size(types.known));
    g_assert_cmpuint(rows, >, 0);
    qtest_quit(types.qts);
}

/* Types that the planner adds by itself */
static void test_planner_types(void)
{
    const char *const types[] = {
        "or-irq", "split-irq", "unimplemented-device", "sysbus-memory",
        "polled-registers",
        g_str_equal(qtest_get_arch(), "riscv64") ? "riscv-boot" : "arm-boot",
    };
    QTestState *qts = qtest_init("-M none");

    for (int i = 0; i < ARRAY_SIZE(types); i++) {
        g_autoptr(GHashTable) properties = query_properties(qts, types[i]);

        if (!properties) {
            g_test_message("this binary has no type %s", types[i]);
            g_test_fail();
        }
    }
    qtest_quit(qts);
}

/*
 * Machines
 */

/* The commands that were planned, NULL if the tree was refused */
static char *take_dump(const char *dump)
{
    char *text = NULL;

    g_file_get_contents(dump, &text, NULL, NULL);
    unlink(dump);
    return text;
}

/*
 * Build the machine of a tree, in a QEMU that ends then; false if the tree was
 * refused before there was a plan.  A plan that cannot be carried out fails the
 * test
 */
static bool build(GHashTable *names, const char *what, const char *blob)
{
    g_autofree char *dump = dts_temp("dump");
    g_autofree char *script = g_strdup_printf(
        "printf 'info qtree\\nquit\\n' | %s -dtb-machine %s,dump-qmp=%s -S -display none "
        "-serial null -net none -monitor stdio",
        g_getenv("QTEST_QEMU_BINARY"), blob, dump);
    char *argv[] = { (char *)"sh", (char *)"-c", script, NULL };
    g_autofree char *out = NULL, *message = NULL, *commands = NULL;
    int status;

    g_assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                               NULL, &out, &message, &status, NULL));
    commands = take_dump(dump);
    if (commands && status) {
        g_test_message("%s: status 0x%x: %s", what, status, message);
        g_test_fail();
    } else if (commands) {
        names_of_commands(names, commands);
        names_of_buses(names, out);
    }
    return commands != NULL;
}

static unsigned build_folder(GHashTable *names, const char *folder)
{
    g_autofree char *dir = dts_dir(folder);
    g_autoptr(GPtrArray) list = dts_list(dir, ".dts");
    unsigned built = 0;

    for (unsigned i = 0; i < list->len; i++) {
        const char *name = g_ptr_array_index(list, i);
        g_autofree char *file = g_strconcat(name, ".dts", NULL);
        g_autofree char *blob = dts_compile(dir, file);

        built += build(names, name, blob);
        unlink(blob);
    }
    return built;
}

/* Types that need another node than row_tree() gives them */
static const char *const special[] = {
    "aspeed.vic",               /* its reg is not where its region begins */
    "bcm2835-mbox",             /* its region has 1 KiB */
    "riscv.aclint.mtimer",      /* a hart takes one, that of the base tree */
};

static bool is_special(const FdtBinding *b)
{
    for (int i = 0; i < ARRAY_SIZE(special); i++) {
        if (g_strcmp0(b->type, special[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether a row is like another one that was tried, but for its string */
static bool seen_before(GHashTable *seen, const FdtBinding *b)
{
    return !g_hash_table_add(seen, g_strdup_printf(
        "%s %d %d %d %p %u %p %u %p %p %p %p %p", b->type, b->bus, b->is,
        b->slot, b->regs, b->num_regs, b->irqs, b->num_irqs, b->props,
        b->links, b->plan, b->connect, b->finish));
}

static void check_names(GHashTable *names, const FdtBinding *b)
{
    g_autoptr(GPtrArray) wanted = names_of_row(b);

    for (unsigned i = 0; i < wanted->len; i++) {
        const char *name = g_ptr_array_index(wanted, i);

        if (!g_hash_table_contains(names, name)) {
            g_test_message("%s: no machine had '%s'", b->compatible, name);
            g_test_fail();
        }
    }
}

static void write_blob(const FdtTree *tree, const char *path)
{
    g_autoptr(GByteArray) blob = fdt_tree_flatten(tree, 0, &error_abort);

    g_assert_true(g_file_set_contents(path, (char *)blob->data, blob->len,
                                      NULL));
}

static bool build_row(GHashTable *names, const FdtTree *base,
                      const FdtBinding *b)
{
    g_autofree char *path = dts_temp("row.dtb");
    g_autoptr(FdtTree) tree = row_tree(base, b);

    write_blob(tree, path);
    return build(names, b->compatible, path);
}

/* A machine for every kind of row; returns how many kinds there are */
static unsigned build_rows(GHashTable *names, GPtrArray *rows)
{
    bool riscv = g_str_equal(qtest_get_arch(), "riscv64");
    g_autofree char *dir = dts_dir("data/plan");
    g_autofree char *blob = dts_compile(dir, riscv ? "riscv.dts"
                                                   : "ns16550.dts");
    g_autoptr(FdtTree) base = fdt_tree_load(blob, NULL, &error_abort);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal,
                                                       g_free, NULL);

    for (unsigned i = 0; i < rows->len; i++) {
        const FdtBinding *b = g_ptr_array_index(rows, i);

        if (!is_special(b) && !seen_before(seen, b) &&
            !build_row(names, base, b)) {
            g_test_message("%s: refused", b->compatible);
        }
    }
    return g_hash_table_size(seen);
}

static GPtrArray *our_rows(void)
{
    GPtrArray *rows = g_ptr_array_new();

    for (int t = 0; fdt_binding_tables[t]; t++) {
        const FdtBinding *table = fdt_binding_tables[t];

        for (const FdtBinding *b = table; b->compatible && is_ours(table);
             b++) {
            g_ptr_array_add(rows, (gpointer)b);
        }
    }
    return rows;
}

static void test_machines(void)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal,
                                                        g_free, NULL);
    g_autoptr(GPtrArray) rows = our_rows();
    unsigned trees = build_folder(names, "data/plan") +
                     build_folder(names, "../dts");
    unsigned kinds = build_rows(names, rows);

    for (unsigned i = 0; i < rows->len; i++) {
        const FdtBinding *b = g_ptr_array_index(rows, i);

        if (b->type) {
            check_names(names, b);
        }
    }
    g_test_message("%u trees, %u kinds of rows, %u names", trees, kinds,
                   g_hash_table_size(names));
    g_assert_cmpuint(trees, >, 0);
    g_assert_cmpuint(kinds, >, 0);
}

int main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    qtest_add_func("fdt-machine/bindings/tables", test_tables);
    qtest_add_func("fdt-machine/bindings/planner", test_planner_types);
    qtest_add_func("fdt-machine/bindings/machines", test_machines);
    result = g_test_run();
    dts_clean();
    return result;
}

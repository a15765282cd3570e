/*
 * The binding tables against the real binary: every QOM type that they name
 * exists, and every property that they name exists on it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "../../hw/fdt-machine/bindings/tables.h"
#include "tests/qtest/libqtest.h"

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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("fdt-machine/bindings/tables", test_tables);
    qtest_add_func("fdt-machine/bindings/planner", test_planner_types);
    return g_test_run();
}

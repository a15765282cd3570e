/*
 * -dtb-machine help: the keys, the rules, and what the bindings know
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "../bindings/tables.h"
#include "../plan/plan.h"
#include "help.h"
#include "types.h"

static const struct {
    const char *key;
    const char *text;
} option_help[] = {
    { "file=FILE", "flattened device tree (file= may be left out)" },
    { "config=NAME", "which of several trees in the file" },
    { "overlays.N=FILE", "overlay, or further tree, number N (from 0)" },
    { "bindings.N=FILE", "what nodes of a compatible are, number N (from 0)" },
    { "omit.N=PATH", "node to leave out, with all below it" },
    { "memory-backends.N.node=PATH", "memory node whose RAM is" },
    { "memory-backends.N.memdev=ID", "    that of a memory backend" },
    { "memory-backends.N.reg=NUMBER", "    and which entry of its reg" },
    { "unmatched=stub|poll|error|ignore",
      "nodes that no binding knows (stub; with -bios, poll)" },
    { "require.N=PATH", "node that must be modelled, else refuse the tree" },
    { "firmware-addr=NUMBER", "where the file of -bios is loaded to" },
    { "strict=on|off", "refuse a tree that is faulty anywhere (off)" },
    { "guest-rules.N=-RULE", "leave out a rule for the guest's tree" },
    { "virtio=N", "add at least N virtio-mmio transports where there is room" },
    { "dump-qmp=FILE", "write the commands that build the machine" },
    { "report=FILE", "write what was made of every node, as JSON" },
    { "rescues=FILE", "write what programs waited for in vain, as an overlay" },
    { "dry-run=on|off", "exit after planning and writing (off)" },
};

static void print_row(const char *word, const char *name, const char *text)
{
    if (!word || strstr(name, word) || strstr(text, word)) {
        printf("  %-30s  %s\n", name, text);
    }
}

static void print_keys(const char *word)
{
    printf("-dtb-machine keys (with FILE -, standard output):\n");
    for (unsigned i = 0; i < ARRAY_SIZE(option_help); i++) {
        print_row(word, option_help[i].key, option_help[i].text);
    }
}

char *fdt_machine_keys(void)
{
    g_autoptr(GString) keys = g_string_new(NULL);

    for (unsigned i = 0; i < ARRAY_SIZE(option_help); i++) {
        g_string_append_printf(keys, "%s%s", i ? ", " : "",
                               option_help[i].key);
    }
    return g_strdup(keys->str);
}

static void print_rules(const char *word)
{
    const char *rule, *reason;

    printf("Rules for the guest's tree (all: every one of them):\n");
    for (unsigned i = 0; (rule = fdt_guest_rule(i, &reason)); i++) {
        print_row(word, rule, reason);
    }
}

/* What becomes of a node with this row, in words */
static char *outcome(const FdtBinding *row)
{
    if (!row->type) {
        return g_strdup(row->reason ?: "described by other nodes");
    }
    if (!fdt_type_is_there(row->type, NULL)) {
        return g_strdup_printf("%s, which this QEMU does not have", row->type);
    }
    return g_strconcat(row->type, row->substitute ? " (" : "",
                       row->substitute ?: "", row->substitute ? ")" : "",
                       row->cover == FDT_COVER_PART
                       ? "; a stub may answer for a part of its registers"
                       : "", NULL);
}

static gint by_compatible(gconstpointer a, gconstpointer b)
{
    const FdtBinding *const *left = a, *const *right = b;

    return strcmp((*left)->compatible, (*right)->compatible);
}

/* All rows, sorted by what they bind; the caller unrefs */
static GPtrArray *sorted_rows(void)
{
    GPtrArray *rows = g_ptr_array_new();

    for (int t = 0; fdt_binding_tables[t]; t++) {
        for (const FdtBinding *b = fdt_binding_tables[t]; b->compatible; b++) {
            g_ptr_array_add(rows, (gpointer)b);
        }
    }
    g_ptr_array_sort(rows, by_compatible);
    return rows;
}

static void print_compatibles(const char *word)
{
    g_autoptr(GPtrArray) rows = sorted_rows();

    for (unsigned i = 0; i < rows->len; i++) {
        const FdtBinding *row = g_ptr_array_index(rows, i);
        g_autofree char *text = outcome(row);

        print_row(word, row->compatible, text);
    }
}

static gint by_type(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

static void print_types(const char *word)
{
    g_autoptr(GPtrArray) rows = sorted_rows();
    g_autoptr(GHashTable) types = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GList) names = NULL;

    for (unsigned i = 0; i < rows->len; i++) {
        const FdtBinding *row = g_ptr_array_index(rows, i);

        if (row->type && (!word || strstr(row->type, word)) &&
            fdt_type_is_there(row->type, NULL)) {
            g_hash_table_add(types, (gpointer)row->type);
        }
    }
    names = g_list_sort(g_hash_table_get_keys(types), by_type);
    for (GList *l = names; l; l = l->next) {
        printf("  %s\n", (const char *)l->data);
    }
}

typedef struct Topic {
    const char *name, *text;
    void (*print)(const char *word);
} Topic;

static const Topic topics[] = {
    { "keys", "the keys of the option", print_keys },
    { "rules", "the rules for the guest's tree", print_rules },
    { "compatibles", "compatible strings, and what each becomes",
      print_compatibles },
    { "types", "QOM types that compatible strings become", print_types },
};

static void print_all(void)
{
    print_keys(NULL);
    printf("\n");
    print_rules(NULL);
    printf("\nMore help, each of which may end with =WORD, which lines have to"
           " have:\n");
    for (unsigned i = 0; i < ARRAY_SIZE(topics); i++) {
        g_autofree char *how = g_strconcat("help,", topics[i].name, NULL);

        printf("  %-30s  %s\n", how, topics[i].text);
    }
}

bool fdt_machine_wants_help(const char *optarg)
{
    return g_str_equal(optarg, "help") || g_str_equal(optarg, "?") ||
           g_str_has_prefix(optarg, "help,");
}

bool fdt_machine_help(const char *optarg, Error **errp)
{
    g_auto(GStrv) parts = g_strsplit(strchr(optarg, ',') ?: "", "=", 2);
    const char *name = parts[0] ? parts[0] + 1 : NULL;

    if (!name) {
        print_all();
        return true;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(topics); i++) {
        if (g_str_equal(name, topics[i].name)) {
            topics[i].print(parts[1]);
            return true;
        }
    }
    error_setg(errp, "there is no help for %s, but help,keys, help,rules, "
               "help,compatibles and help,types", name);
    return false;
}

/*
 * The journal: a tree that can be changed, and what was changed in it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "blob.h"
#include "edit.h"
#include "journal.h"

struct FdtEdit {
    const char *rule;
    char *path;
    char *property;             /* NULL: the node itself */
    char *text;
    GBytes *before;             /* value in the first tree; NULL: none */
};

struct FdtJournal {
    FdtTree *tree;
    GPtrArray *edits;           /* of FdtEdit *, in the order of the changes */
    GHashTable *by_key;         /* path and property -> FdtEdit * */
    GHashTable *added;          /* paths of nodes that were added */
};

/*
 * Records
 */

static void edit_free(gpointer data)
{
    FdtEdit *edit = data;

    g_free(edit->path);
    g_free(edit->property);
    g_free(edit->text);
    g_clear_pointer(&edit->before, g_bytes_unref);
    g_free(edit);
}

/* A space separates path and property, as neither can contain one (2.2) */
static char *edit_key(const char *path, const char *property)
{
    return g_strdup_printf("%s %s", path, property ?: "");
}

static FdtEdit *find_edit(const FdtJournal *journal, const FdtNode *node,
                          const char *property)
{
    g_autofree char *key = edit_key(node->path, property);

    return g_hash_table_lookup(journal->by_key, key);
}

static FdtEdit *add_edit(FdtJournal *journal, const char *rule,
                         const FdtNode *node, const char *property,
                         GBytes *before)
{
    FdtEdit *edit = g_new0(FdtEdit, 1);

    edit->rule = rule;
    edit->path = g_strdup(node->path);
    edit->property = g_strdup(property);
    edit->before = before;
    g_ptr_array_add(journal->edits, edit);
    g_hash_table_insert(journal->by_key, edit_key(node->path, property), edit);
    return edit;
}

static void drop_edit(FdtJournal *journal, FdtEdit *edit)
{
    g_autofree char *key = edit_key(edit->path, edit->property);

    g_hash_table_remove(journal->by_key, key);
    g_ptr_array_remove(journal->edits, edit);
}

/* Whether @path is that of the node @above or of one below it */
static bool is_within(const char *path, const char *above)
{
    size_t len = strlen(above);

    return !strncmp(path, above, len) && (!path[len] || path[len] == '/');
}

static void drop_edits_within(FdtJournal *journal, const char *path)
{
    for (unsigned i = journal->edits->len; i-- > 0;) {
        FdtEdit *edit = g_ptr_array_index(journal->edits, i);

        if (is_within(edit->path, path)) {
            drop_edit(journal, edit);
        }
    }
}

static bool was_added(const FdtJournal *journal, const FdtNode *node)
{
    for (; node; node = node->parent) {
        if (g_hash_table_contains(journal->added, node->path)) {
            return true;
        }
    }
    return false;
}

/*
 * Life of a journal
 */

FdtJournal *fdt_journal_new(const FdtTree *tree)
{
    FdtJournal *journal = g_new0(FdtJournal, 1);

    journal->tree = fdt_tree_copy(tree);
    journal->edits = g_ptr_array_new_with_free_func(edit_free);
    journal->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                            NULL);
    journal->added = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                           NULL);
    return journal;
}

void fdt_journal_free(FdtJournal *journal)
{
    if (!journal) {
        return;
    }
    fdt_tree_free(journal->tree);
    g_hash_table_unref(journal->by_key);
    g_hash_table_unref(journal->added);
    g_ptr_array_unref(journal->edits);
    g_free(journal);
}

FdtTree *fdt_journal_tree(const FdtJournal *journal)
{
    return journal->tree;
}

FdtTree *fdt_journal_branch(FdtJournal *journal)
{
    FdtTree *tree = journal->tree;

    journal->tree = fdt_tree_copy(tree);
    return tree;
}

/*
 * Changes of a property
 */

static GBytes *value_of(const FdtProp *prop)
{
    return prop ? g_bytes_new(prop->data, prop->len) : NULL;
}

static bool has_value(const FdtProp *prop, GBytes *value)
{
    gsize len;
    const void *data;

    if (!prop || !value) {
        return !prop && !value;
    }
    data = g_bytes_get_data(value, &len);
    return prop->len == len && (!len || !memcmp(prop->data, data, len));
}

/* The value that the property had at first; the caller owns it */
static GBytes *first_value(const FdtJournal *journal, const FdtNode *node,
                           const char *name)
{
    const FdtEdit *edit = find_edit(journal, node, name);

    if (!edit) {
        return value_of(fdt_node_prop(node, name));
    }
    return edit->before ? g_bytes_ref(edit->before) : NULL;
}

/*
 * The property was changed, and had the value @before at first; takes that.
 * The record of an earlier change gives way to the one of this.
 */
static FdtEdit *record(FdtJournal *journal, const char *rule,
                       const FdtNode *node, const char *name, GBytes *before)
{
    FdtEdit *edit = find_edit(journal, node, name);

    if (edit) {
        drop_edit(journal, edit);
    }
    if (was_added(journal, node) ||
        has_value(fdt_node_prop(node, name), before)) {
        g_clear_pointer(&before, g_bytes_unref);
        return NULL;
    }
    return add_edit(journal, rule, node, name, before);
}

FdtEdit *fdt_journal_set(FdtJournal *journal, const char *rule, FdtNode *node,
                         const char *name, const void *data, uint32_t len)
{
    const FdtProp *prop = fdt_node_prop(node, name);
    GBytes *before;
    FdtEdit *edit;

    g_assert(node->tree == journal->tree);
    if (prop && prop->len == len && (!len || !memcmp(prop->data, data, len))) {
        return NULL;
    }
    before = first_value(journal, node, name);
    fdt_node_set(node, name, data, len);
    edit = record(journal, rule, node, name, before);
    fdt_edit_explain(edit, "set");
    return edit;
}

FdtEdit *fdt_journal_set_empty(FdtJournal *journal, const char *rule,
                               FdtNode *node, const char *name)
{
    return fdt_journal_set(journal, rule, node, name, NULL, 0);
}

FdtEdit *fdt_journal_set_u32(FdtJournal *journal, const char *rule,
                             FdtNode *node, const char *name, uint32_t value)
{
    FdtEdit *edit = fdt_journal_set_cells(journal, rule, node, name, &value,
                                          1);

    fdt_edit_explain(edit, "set to %u", value);
    return edit;
}

FdtEdit *fdt_journal_set_cells(FdtJournal *journal, const char *rule,
                               FdtNode *node, const char *name,
                               const uint32_t *cells, unsigned num_cells)
{
    g_autofree uint32_t *data = g_new(uint32_t, num_cells);

    for (unsigned i = 0; i < num_cells; i++) {
        data[i] = cpu_to_be32(cells[i]);
    }
    return fdt_journal_set(journal, rule, node, name, data,
                           num_cells * sizeof(*data));
}

FdtEdit *fdt_journal_set_string(FdtJournal *journal, const char *rule,
                                FdtNode *node, const char *name,
                                const char *value)
{
    FdtEdit *edit = fdt_journal_set(journal, rule, node, name, value,
                                    strlen(value) + 1);

    fdt_edit_explain(edit, "set to %s", value);
    return edit;
}

FdtEdit *fdt_journal_remove_prop(FdtJournal *journal, const char *rule,
                                 FdtNode *node, const char *name)
{
    GBytes *before;
    FdtEdit *edit;

    g_assert(node->tree == journal->tree);
    if (!fdt_node_has(node, name)) {
        return NULL;
    }
    before = first_value(journal, node, name);
    fdt_node_remove_prop(node, name);
    edit = record(journal, rule, node, name, before);
    fdt_edit_explain(edit, "removed");
    return edit;
}

uint32_t fdt_journal_phandle(FdtJournal *journal, const char *rule,
                             FdtNode *node)
{
    static const char name[] = "phandle";
    GBytes *before;

    g_assert(node->tree == journal->tree);
    if (node->phandle) {
        return node->phandle;
    }
    before = first_value(journal, node, name);
    fdt_node_ensure_phandle(node);
    fdt_edit_explain(record(journal, rule, node, name, before), "set to %u",
                     node->phandle);
    return node->phandle;
}

/*
 * Changes of nodes
 */

static bool is_taken(const FdtNode *parent, const char *name)
{
    g_autofree char *path = g_strdup_printf(
        "%s/%s", parent->parent ? parent->path : "", name);

    return fdt_tree_by_path(parent->tree, path);
}

/* With a number before the unit address if another child is called so */
static char *free_name(const FdtNode *parent, const char *name)
{
    char *free = g_strdup(name);
    int base = strcspn(name, "@");

    for (unsigned n = 1; is_taken(parent, free); n++) {
        g_free(free);
        free = g_strdup_printf("%.*s-%u%s", base, name, n, name + base);
    }
    return free;
}

FdtNode *fdt_journal_add_node(FdtJournal *journal, const char *rule,
                              FdtNode *parent, const char *name)
{
    g_autofree char *own_name = free_name(parent, name);
    FdtNode *node;

    g_assert(parent->tree == journal->tree);
    node = fdt_node_add_child(parent, own_name);
    if (!was_added(journal, node)) {
        fdt_edit_explain(add_edit(journal, rule, node, NULL, NULL), "added");
        g_hash_table_add(journal->added, g_strdup(node->path));
    }
    return node;
}

static gboolean is_added_within(gpointer path, gpointer unused, gpointer above)
{
    return is_within(path, above);
}

FdtEdit *fdt_journal_remove_node(FdtJournal *journal, const char *rule,
                                 FdtNode *node)
{
    FdtEdit *edit = NULL;
    bool own;

    g_assert(node->tree == journal->tree);
    if (!node->parent) {
        return NULL;
    }
    own = was_added(journal, node);
    drop_edits_within(journal, node->path);
    g_hash_table_foreach_remove(journal->added, is_added_within, node->path);
    if (!own) {
        edit = add_edit(journal, rule, node, NULL, NULL);
        fdt_edit_explain(edit, "removed");
    }
    fdt_node_remove(node);
    return edit;
}

void fdt_edit_explain(FdtEdit *edit, const char *fmt, ...)
{
    va_list ap;

    if (!edit) {
        return;
    }
    g_free(edit->text);
    va_start(ap, fmt);
    edit->text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
}

/*
 * Reading the records
 */

unsigned fdt_journal_num_edits(const FdtJournal *journal)
{
    return journal->edits->len;
}

const FdtEdit *fdt_journal_edit(const FdtJournal *journal, unsigned i)
{
    return g_ptr_array_index(journal->edits, i);
}

const char *fdt_edit_rule(const FdtEdit *edit)
{
    return edit->rule;
}

const char *fdt_edit_path(const FdtEdit *edit)
{
    return edit->path;
}

const char *fdt_edit_property(const FdtEdit *edit)
{
    return edit->property;
}

const char *fdt_edit_text(const FdtEdit *edit)
{
    return edit->text;
}

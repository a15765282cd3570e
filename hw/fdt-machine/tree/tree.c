/*
 * Nodes and properties of a device tree
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/host-utils.h"
#include "blob.h"
#include "cells.h"
#include "finding.h"

/*
 * Messages
 */

/* What every message about a node begins with */
static char *node_prefix(const FdtNode *node)
{
    return g_strdup_printf("%s: %s: ", node->tree->filename, node->path);
}

void fdt_error(Error **errp, const FdtNode *node, const char *property,
               const char *fmt, ...)
{
    g_autofree char *prefix = node_prefix(node);
    g_autofree char *text = NULL, *message = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    message = g_strdup_printf("%s%s%s%s", prefix, property ?: "",
                              property ? ": " : "", text);
    error_setg(errp, "%s", message);
    if (errp) {
        g_hash_table_replace(node->tree->errors, g_steal_pointer(&message),
                             fdt_finding_new(node, property, text));
    }
}

const char *fdt_error_text(const Error *err, const FdtNode *node)
{
    g_autofree char *prefix = node_prefix(node);
    const char *message = error_get_pretty(err);

    return g_str_has_prefix(message, prefix) ? message + strlen(prefix)
                                             : message;
}

/*
 * Life of a tree
 */

/* The name is part of the property's own memory: it never changes */
static FdtProp *prop_new(const char *name, const void *data, uint32_t len)
{
    size_t size = strlen(name) + 1;
    FdtProp *prop = g_malloc(sizeof(FdtProp) + size);

    prop->name = memcpy(prop + 1, name, size);
    prop->data = len ? g_memdup2(data, len) : NULL;
    prop->len = len;
    return prop;
}

static void prop_free(FdtProp *prop)
{
    g_free(prop->data);
    g_free(prop);
}

/* There is room for as many as the next power of two */
static FdtProps *props_new(unsigned len)
{
    FdtProps *props = g_malloc(sizeof(FdtProps) +
                               (len ? pow2ceil(len) : 0) * sizeof(FdtProp *));

    props->refs = 1;
    props->len = len;
    return props;
}

static FdtProps *props_ref(FdtProps *props)
{
    props->refs++;
    return props;
}

static void props_unref(FdtProps *props)
{
    if (--props->refs) {
        return;
    }
    for (unsigned i = 0; i < props->len; i++) {
        prop_free(props->pdata[i]);
    }
    g_free(props);
}

/* Before the node's properties are changed */
static void own_props(FdtNode *node)
{
    FdtProps *shared = node->props;

    if (shared->refs == 1) {
        return;
    }
    node->props = props_new(shared->len);
    for (unsigned i = 0; i < shared->len; i++) {
        const FdtProp *prop = shared->pdata[i];

        node->props->pdata[i] = prop_new(prop->name, prop->data, prop->len);
    }
    props_unref(shared);
}

static void node_free(gpointer data)
{
    FdtNode *node = data;

    g_ptr_array_unref(node->children);
    props_unref(node->props);
    g_ref_string_release(node->path);
    g_free(node);
}

/* "/parent" and "child" to "/parent/child" */
static char *join_path(const FdtNode *parent, const char *name)
{
    return g_strdup_printf("%s/%s", parent->parent ? parent->path : "", name);
}

/* Takes @path, a GRefString of that hash, and @props */
static FdtNode *node_new(FdtTree *tree, FdtNode *parent, char *path,
                         unsigned path_hash, FdtProps *props)
{
    FdtNode *node = g_new0(FdtNode, 1);

    node->tree = tree;
    node->parent = parent;
    node->path = path;
    node->path_hash = path_hash;
    node->name = strrchr(path, '/') + 1;
    node->children = g_ptr_array_ref(tree->childless);
    node->props = props;
    g_hash_table_add(tree->paths, node);
    return node;
}

static guint hash_path(gconstpointer node)
{
    return ((const FdtNode *)node)->path_hash;
}

static gboolean has_same_path(gconstpointer a, gconstpointer b)
{
    const char *one = ((const FdtNode *)a)->path;
    const char *other = ((const FdtNode *)b)->path;

    return one == other || g_str_equal(one, other);
}

static FdtTree *tree_new(const char *filename, FdtProps *root_props)
{
    FdtTree *tree = g_new0(FdtTree, 1);

    tree->filename = g_strdup(filename);
    tree->reservations = g_array_new(false, false, sizeof(FdtReservation));
    tree->phandles = g_hash_table_new(NULL, NULL);
    tree->findings = fdt_findings_new();
    tree->errors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)fdt_finding_free);
    tree->paths = g_hash_table_new(hash_path, has_same_path);
    tree->childless = g_ptr_array_new();
    tree->root = node_new(tree, NULL, g_ref_string_new("/"), g_str_hash("/"),
                          root_props);
    return tree;
}

FdtTree *fdt_tree_new(const char *filename)
{
    return tree_new(filename, props_new(0));
}

void fdt_tree_free(FdtTree *tree)
{
    if (!tree) {
        return;
    }
    fdt_tree_forget_names(tree);
    g_hash_table_unref(tree->phandles);
    g_hash_table_unref(tree->paths);
    g_clear_pointer(&tree->bases, g_hash_table_unref);
    g_array_unref(tree->reservations);
    fdt_findings_free(tree->findings);
    g_hash_table_unref(tree->errors);
    node_free(tree->root);
    g_ptr_array_unref(tree->childless);
    g_free(tree->filename);
    g_free(tree);
}

/* A node of a unit address can be found without it, if it is the first one */
static void note_base(GHashTable *bases, FdtNode *node)
{
    const char *at = strchr(node->name, '@');
    char *base = at ? g_strndup(node->path, at - node->path) : NULL;

    if (base && !g_hash_table_contains(bases, base)) {
        g_hash_table_insert(bases, base, node);
    } else {
        g_free(base);
    }
}

/* The last of the parent's children */
static FdtNode *add_child(FdtNode *parent, char *path, unsigned path_hash,
                          FdtProps *props)
{
    FdtNode *node = node_new(parent->tree, parent, path, path_hash, props);

    if (parent->children == parent->tree->childless) {
        g_ptr_array_unref(parent->children);
        parent->children = g_ptr_array_new_with_free_func(node_free);
    }
    node->index = parent->children->len;
    g_ptr_array_add(parent->children, node);
    return node;
}

static void copy_phandle(FdtNode *to, const FdtNode *from)
{
    to->phandle = from->phandle;
    if (to->phandle) {
        g_hash_table_insert(to->tree->phandles, GUINT_TO_POINTER(to->phandle),
                            to);
    }
}

static void copy_children(FdtNode *to, const FdtNode *from)
{
    for (unsigned i = 0; i < from->children->len; i++) {
        const FdtNode *child = g_ptr_array_index(from->children, i);
        FdtNode *copy = add_child(to, g_ref_string_acquire(child->path),
                                  child->path_hash, props_ref(child->props));

        copy_phandle(copy, child);
        copy_children(copy, child);
    }
}

FdtTree *fdt_tree_copy(const FdtTree *tree)
{
    FdtTree *copy = tree_new(tree->filename, props_ref(tree->root->props));

    copy->boot_cpu = tree->boot_cpu;
    copy->last_phandle = tree->last_phandle;
    fdt_findings_append(copy->findings, tree->findings);
    g_array_append_vals(copy->reservations, tree->reservations->data,
                        tree->reservations->len);
    copy_phandle(copy->root, tree->root);
    copy_children(copy->root, tree->root);
    return copy;
}

const char *fdt_tree_filename(const FdtTree *tree)
{
    return tree->filename;
}

const FdtFindings *fdt_tree_findings(const FdtTree *tree)
{
    return tree->findings;
}

FdtNode *fdt_tree_root(const FdtTree *tree)
{
    return tree->root;
}

unsigned fdt_tree_num_reservations(const FdtTree *tree)
{
    return tree->reservations->len;
}

void fdt_tree_reservation(const FdtTree *tree, unsigned i,
                          uint64_t *address, uint64_t *size)
{
    const FdtReservation *entry = &g_array_index(tree->reservations,
                                                 FdtReservation, i);

    *address = entry->address;
    *size = entry->size;
}

/*
 * Building
 */

FdtNode *fdt_node_append(FdtNode *parent, const char *name)
{
    g_autofree char *path = join_path(parent, name);
    FdtNode *node = add_child(parent, g_ref_string_new(path),
                              g_str_hash(path), props_new(0));

    if (parent->tree->bases) {
        note_base(parent->tree->bases, node);
    }
    return node;
}

void fdt_node_append_prop(FdtNode *node, const char *name, const void *data,
                          uint32_t len)
{
    unsigned num;

    own_props(node);
    num = node->props->len;
    if (!(num & (num - 1))) {
        node->props = g_realloc(node->props, sizeof(FdtProps) +
                                MAX(2 * num, 1) * sizeof(FdtProp *));
    }
    node->props->pdata[num] = prop_new(name, data, len);
    node->props->len++;
}

FdtProp *fdt_node_own_prop(FdtNode *node, const char *name)
{
    own_props(node);
    return (FdtProp *)fdt_node_prop(node, name);
}

void fdt_node_drop_prop(FdtNode *node, const char *name)
{
    FdtProp *prop = fdt_node_own_prop(node, name);
    FdtProps *props = node->props;
    unsigned i = 0;

    while (props->pdata[i] != prop) {
        i++;
    }
    props->len--;
    memmove(&props->pdata[i], &props->pdata[i + 1],
            (props->len - i) * sizeof(FdtProp *));
    prop_free(prop);
}

/* What the property says, if it can be a phandle; 0 if not */
static uint32_t read_phandle(const FdtNode *node, const char *name,
                             FdtFindings *findings)
{
    const FdtNode *other;
    uint32_t phandle;

    if (fdt_node_prop(node, name)->len != 4 ||
        !fdt_node_u32(node, name, &phandle)) {
        fdt_finding_add(findings, node, name, "not a single cell");
        return 0;
    }
    if (phandle == 0 || phandle == UINT32_MAX) {
        fdt_finding_add(findings, node, name, "0x%x is no phandle", phandle);
        return 0;
    }
    other = fdt_tree_by_phandle(node->tree, phandle);
    if (other) {
        fdt_finding_add(findings, node, name, "0x%x is the phandle of %s, too",
                        phandle, other->path);
        return 0;
    }
    return phandle;
}

void fdt_node_index_phandle(FdtNode *node, FdtFindings *findings)
{
    FdtTree *tree = node->tree;
    const char *name = fdt_node_has(node, "phandle") ? "phandle"
                                                     : "linux,phandle";

    if (!fdt_node_has(node, name)) {
        return;
    }
    node->phandle = read_phandle(node, name, findings);
    if (node->phandle) {
        tree->last_phandle = MAX(tree->last_phandle, node->phandle);
        g_hash_table_insert(tree->phandles, GUINT_TO_POINTER(node->phandle),
                            node);
    }
}

/*
 * Checks of single properties
 */

typedef void PropCheck(const FdtNode *node, const FdtProp *prop,
                       FdtFindings *findings);

static void check_strings(const FdtNode *node, const FdtProp *prop,
                          FdtFindings *findings)
{
    if (!prop->len || prop->data[prop->len - 1]) {
        fdt_finding_add(findings, node, prop->name, "%s",
                        prop->len ? "a string is not terminated"
                                  : "empty, a string is needed");
    }
}

/* A list of names may be empty */
static void check_names(const FdtNode *node, const FdtProp *prop,
                        FdtFindings *findings)
{
    if (prop->len) {
        check_strings(node, prop, findings);
    }
}

static void check_cell(const FdtNode *node, const FdtProp *prop,
                       FdtFindings *findings)
{
    if (prop->len != 4) {
        fdt_finding_add(findings, node, prop->name,
                        "%u bytes, not a single cell", prop->len);
    }
}

/*
 * Whoever takes so many cells, or writes them, need not ask: a count beyond all
 * sense is lowered to one that no address and no specifier has, either.  What
 * counts addresses and sizes has a lower limit where it is used.
 */
static void check_count(const FdtNode *node, const FdtProp *prop,
                        FdtFindings *findings)
{
    uint32_t count;

    check_cell(node, prop, findings);
    if (fdt_node_u32(node, prop->name, &count) && count > FDT_MAX_CELLS) {
        fdt_finding_add(findings, node, prop->name, "%u cells, more than %d",
                        count, FDT_MAX_CELLS);
        stl_be_p(prop->data, FDT_MAX_CELLS);
    }
}

static const struct {
    const char *name;
    PropCheck *check;
} prop_checks[] = {
    { "compatible", check_strings },
    { "model", check_strings },
    { "status", check_strings },
    { "device_type", check_strings },
    { "stdout-path", check_strings },
    { "linux,stdout-path", check_strings },
    { "reg-names", check_names },
    { "interrupt-names", check_names },
    { "clock-names", check_names },
    { "clock-output-names", check_names },
    { "#address-cells", check_count },
    { "#size-cells", check_count },
    { "#interrupt-cells", check_count },
    { "#clock-cells", check_count },
    { "#gpio-cells", check_count },
    { "interrupt-parent", check_cell },
};

/* Nodes such as /aliases, whose properties may have any name */
static bool has_free_names(const FdtNode *node)
{
    static const char *const names[] = {
        "aliases", "__symbols__", "__fixups__", "__local_fixups__",
        "__overrides__", "__exports__",
    };

    while (node->parent && node->parent->parent) {
        node = node->parent;
    }
    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        if (g_str_equal(node->name, names[i])) {
            return true;
        }
    }
    return false;
}

static void check_node(const FdtNode *node, FdtFindings *findings)
{
    for (int i = 0; i < ARRAY_SIZE(prop_checks); i++) {
        const FdtProp *prop = fdt_node_prop(node, prop_checks[i].name);

        if (prop) {
            prop_checks[i].check(node, prop, findings);
        }
    }
}

void fdt_tree_check(FdtTree *tree)
{
    for (FdtNode *node = tree->root; node; node = fdt_node_next(node)) {
        if (!has_free_names(node)) {
            check_node(node, tree->findings);
        }
    }
}

/*
 * Looking up nodes
 */

FdtNode *fdt_tree_by_phandle(const FdtTree *tree, uint32_t phandle)
{
    return g_hash_table_lookup(tree->phandles, GUINT_TO_POINTER(phandle));
}

FdtNode *fdt_tree_by_path(const FdtTree *tree, const char *path)
{
    FdtNode key = { .path = (char *)path, .path_hash = g_str_hash(path) };

    return fdt_tree_twin(tree, &key);
}

FdtNode *fdt_tree_twin(const FdtTree *tree, const FdtNode *node)
{
    return g_hash_table_lookup(tree->paths, node);
}

static GHashTable *read_bases(const FdtTree *tree)
{
    GHashTable *bases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                              NULL);

    for (FdtNode *node = tree->root; node; node = fdt_node_next(node)) {
        note_base(bases, node);
    }
    return bases;
}

/* So many children are looked at one by one */
#define FEW_CHILDREN    32

/* The first child whose name without the unit address it is, as @path says */
static FdtNode *child_by_base(const FdtNode *node, const char *name,
                              const char *path)
{
    FdtTree *tree = node->tree;

    if (node->children->len <= FEW_CHILDREN) {
        for (unsigned i = 0; i < node->children->len; i++) {
            FdtNode *child = g_ptr_array_index(node->children, i);

            if (fdt_node_has_base_name(child, name)) {
                return child;
            }
        }
        return NULL;
    }
    if (!tree->bases) {
        tree->bases = read_bases(tree);
    }
    return g_hash_table_lookup(tree->bases, path);
}

FdtNode *fdt_node_child(const FdtNode *node, const char *name)
{
    g_autofree char *path = join_path(node, name);
    FdtNode *child = fdt_tree_by_path(node->tree, path);

    if (!child && !strchr(name, '@')) {
        child = child_by_base(node, name, path);
    }
    return child;
}

/* @path below @node, "a/b@0"; empty components count for nothing */
static FdtNode *find_below(FdtNode *node, const char *path)
{
    while (node && *path) {
        size_t len = strcspn(path, "/");

        if (len) {
            g_autofree char *name = g_strndup(path, len);

            node = fdt_node_child(node, name);
        }
        path += len + (path[len] == '/');
    }
    return node;
}

static FdtNode *find_absolute(const FdtTree *tree, const char *path)
{
    FdtNode *node = fdt_tree_by_path(tree, path);

    return node || *path != '/' ? node : find_below(tree->root, path);
}

static void names_free(gpointer data)
{
    g_ptr_array_unref(data);
}

static void read_aliases(FdtTree *tree)
{
    const FdtNode *aliases = fdt_node_child(tree->root, "aliases");

    tree->aliases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                          NULL);
    tree->alias_names = g_hash_table_new_full(NULL, NULL, NULL, names_free);
    for (unsigned i = 0; aliases && i < aliases->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(aliases->props, i);
        FdtNode *node = prop->len && !prop->data[prop->len - 1] ?
                        find_absolute(tree, (char *)prop->data) : NULL;
        GPtrArray *names;
        char *name;

        if (!node) {
            continue;
        }
        name = g_strdup(prop->name);
        g_hash_table_insert(tree->aliases, name, node);
        names = g_hash_table_lookup(tree->alias_names, node);
        if (!names) {
            names = g_ptr_array_new();
            g_hash_table_insert(tree->alias_names, node, names);
        }
        g_ptr_array_add(names, name);
    }
}

static void read_labels(FdtTree *tree)
{
    const FdtNode *symbols = fdt_node_child(tree->root, "__symbols__");

    tree->labels = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    for (unsigned i = 0; symbols && i < symbols->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(symbols->props, i);
        FdtNode *node = prop->len && !prop->data[prop->len - 1] ?
                        find_absolute(tree, (char *)prop->data) : NULL;

        if (node && !g_hash_table_contains(tree->labels, node)) {
            g_hash_table_insert(tree->labels, node, g_strdup(prop->name));
        }
    }
}

void fdt_tree_forget_names(FdtTree *tree)
{
    g_clear_pointer(&tree->aliases, g_hash_table_unref);
    g_clear_pointer(&tree->alias_names, g_hash_table_unref);
    g_clear_pointer(&tree->labels, g_hash_table_unref);
}

FdtNode *fdt_tree_find(const FdtTree *tree, const char *path)
{
    size_t len = strcspn(path, "/");
    g_autofree char *alias = NULL;
    FdtNode *node;

    if (*path == '/') {
        return find_absolute(tree, path);
    }
    if (!tree->aliases) {
        read_aliases((FdtTree *)tree);
    }
    alias = g_strndup(path, len);
    node = g_hash_table_lookup(tree->aliases, alias);
    return node ? find_below(node, path + len) : NULL;
}

char *fdt_node_base_name(const FdtNode *node)
{
    return g_strndup(node->name, strcspn(node->name, "@"));
}

bool fdt_node_has_base_name(const FdtNode *node, const char *base)
{
    size_t len = strcspn(node->name, "@");

    return len == strlen(base) && !strncmp(node->name, base, len);
}

FdtNode *fdt_node_next(const FdtNode *node)
{
    if (node->children->len) {
        return g_ptr_array_index(node->children, 0);
    }
    while (node->parent && node->index + 1 == node->parent->children->len) {
        node = node->parent;
    }
    return node->parent ? g_ptr_array_index(node->parent->children,
                                            node->index + 1) : NULL;
}

const char *fdt_node_label(const FdtNode *node)
{
    if (!node->tree->labels) {
        read_labels(node->tree);
    }
    return g_hash_table_lookup(node->tree->labels, node);
}

static const GPtrArray *alias_names(const FdtNode *node)
{
    if (!node->tree->aliases) {
        read_aliases(node->tree);
    }
    return g_hash_table_lookup(node->tree->alias_names, node);
}

const char *fdt_node_alias(const FdtNode *node)
{
    const GPtrArray *names = alias_names(node);

    return names ? g_ptr_array_index(names, 0) : NULL;
}

bool fdt_node_alias_id(const FdtNode *node, const char *stem, unsigned *id)
{
    const GPtrArray *names = alias_names(node);

    for (unsigned i = 0; names && i < names->len; i++) {
        const char *rest;

        if (strstart(g_ptr_array_index(names, i), stem, &rest) &&
            g_ascii_isdigit(*rest) && !qemu_strtoui(rest, NULL, 10, id)) {
            return true;
        }
    }
    return false;
}

bool fdt_node_enabled(const FdtNode *node)
{
    const char *status = fdt_node_string(node, "status", 0);

    return !fdt_node_has(node, "status") ||
           (status && (g_str_equal(status, "okay") ||
                       g_str_equal(status, "ok")));
}

bool fdt_node_available(const FdtNode *node)
{
    for (; node; node = node->parent) {
        if (!fdt_node_enabled(node)) {
            return false;
        }
    }
    return true;
}

const char *fdt_node_compatible(const FdtNode *node, unsigned i)
{
    return fdt_node_string(node, "compatible", i);
}

bool fdt_node_is_compatible(const FdtNode *node, const char *compatible)
{
    return fdt_node_string_index(node, "compatible", compatible) >= 0;
}

/*
 * Properties
 */

const FdtProp *fdt_node_prop(const FdtNode *node, const char *name)
{
    for (unsigned i = 0; i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);

        /* Hundreds of thousands of calls: most names differ at once */
        if (prop->name[0] == name[0] && !strcmp(prop->name, name)) {
            return prop;
        }
    }
    return NULL;
}

bool fdt_node_has(const FdtNode *node, const char *name)
{
    return fdt_node_prop(node, name);
}

bool fdt_node_u32_index(const FdtNode *node, const char *name, unsigned i,
                        uint32_t *value)
{
    FdtCells cells = fdt_cells(fdt_node_prop(node, name));

    return fdt_cells_take(&cells, i, NULL) && fdt_cells_take(&cells, 1, value);
}

bool fdt_node_u32(const FdtNode *node, const char *name, uint32_t *value)
{
    return fdt_node_u32_index(node, name, 0, value);
}

bool fdt_node_u64(const FdtNode *node, const char *name, uint64_t *value)
{
    const FdtProp *prop = fdt_node_prop(node, name);
    FdtCells cells = fdt_cells(prop);
    uint32_t pair[2];
    size_t n = cells.left;

    return prop && prop->len % 4 == 0 && (n == 1 || n == 2) &&
           fdt_cells_take(&cells, n, pair) && fdt_cells_value(pair, n, value);
}

/*
 * The string after @string in @prop, the first for NULL; NULL at the end, or
 * if it is not terminated
 */
static const char *next_string(const FdtProp *prop, const char *string)
{
    const char *end = prop ? (char *)prop->data + prop->len : NULL;

    if (!prop || !prop->len) {
        return NULL;
    }
    string = string ? string + strlen(string) + 1 : (char *)prop->data;
    return string < end && memchr(string, 0, end - string) ? string : NULL;
}

const char *fdt_node_string(const FdtNode *node, const char *name, unsigned i)
{
    const FdtProp *prop = fdt_node_prop(node, name);
    const char *string = next_string(prop, NULL);

    while (string && i--) {
        string = next_string(prop, string);
    }
    return string;
}

unsigned fdt_node_num_strings(const FdtNode *node, const char *name)
{
    const FdtProp *prop = fdt_node_prop(node, name);
    const char *string = NULL;
    unsigned n = 0;

    while ((string = next_string(prop, string))) {
        n++;
    }
    return n;
}

int fdt_node_string_index(const FdtNode *node, const char *name,
                          const char *string)
{
    const FdtProp *prop = fdt_node_prop(node, name);
    const char *s = NULL;

    for (int i = 0; (s = next_string(prop, s)); i++) {
        if (g_str_equal(s, string)) {
            return i;
        }
    }
    return -1;
}

unsigned fdt_node_num_cells(const FdtNode *node, const char *name)
{
    return fdt_cells(fdt_node_prop(node, name)).left;
}

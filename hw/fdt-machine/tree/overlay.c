/*
 * Overlays: trees that say what another tree is to have
 *
 * The form is the one that dtc writes for a /plugin/ (dtc's
 * Documentation/dt-object-internal.txt).  Each fragment is a child of the root:
 * it has a target in the base tree, and a node __overlay__, whose properties
 * and children the target gets.  __fixups__ says which cells are phandles of
 * labels of the base, __local_fixups__ which are phandles of the overlay.
 *
 * libfdt applies overlays as well.  Up to 1.7.0, fdt_overlay_apply() gives a
 * target the phandle of an __overlay__ node that has a label, so that whatever
 * led to the target leads nowhere, and then often fails, as it does not find
 * the target again; and of what it refuses, it tells a number alone.  Here, a
 * node keeps the phandle that it has, and a refusal names what is missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/cutils.h"
#include "blob.h"
#include "cells.h"
#include "edit.h"

/* The most fragments from one whose target is in the base to the innermost */
#define MAX_INNER 64

typedef struct Fragment Fragment;
struct Fragment {
    const FdtNode *node;        /* a child of the overlay's root */
    const FdtNode *content;     /* its __overlay__ */
    char *target;               /* path in the base; NULL: not known yet */
    const FdtNode *inside;      /* the target, if it is one of the overlay */
    GPtrArray *inner;           /* of Fragment *, whose targets are in here */
};

/* A cell of the overlay that is the phandle of @to, in either tree */
typedef struct Reference {
    const FdtProp *prop;
    uint32_t offset;            /* in bytes */
    const FdtNode *to;
} Reference;

typedef struct Overlay {
    FdtTree *base;
    const FdtTree *tree;
    GHashTable *symbols;        /* of the base: label -> FdtProp * */
    GArray *references;         /* of Reference */
    GHashTable *targets;        /* FdtProp * -> FdtNode *, its first cell's */
    GPtrArray *fragments;       /* of Fragment *, in the order of the overlay */
    GHashTable *by_content;     /* Fragment::content -> Fragment * */
    GHashTable *numbers;        /* path in the base -> its phandle there */
    uint32_t last;              /* no phandle above it is in use */
} Overlay;

static void fragment_free(gpointer data)
{
    Fragment *fragment = data;

    g_ptr_array_unref(fragment->inner);
    g_free(fragment->target);
    g_free(fragment);
}

static void overlay_clear(Overlay *o)
{
    g_hash_table_unref(o->symbols);
    g_array_unref(o->references);
    g_hash_table_unref(o->targets);
    g_ptr_array_unref(o->fragments);
    g_hash_table_unref(o->by_content);
    g_hash_table_unref(o->numbers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Overlay, overlay_clear)

static void overlay_init(Overlay *o, FdtTree *base, const FdtTree *tree)
{
    *o = (Overlay) {
        .base = base,
        .tree = tree,
        .symbols = g_hash_table_new(g_str_hash, g_str_equal),
        .references = g_array_new(false, false, sizeof(Reference)),
        .targets = g_hash_table_new(NULL, NULL),
        .fragments = g_ptr_array_new_with_free_func(fragment_free),
        .by_content = g_hash_table_new(NULL, NULL),
        .numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                         NULL),
    };
}

/*
 * What of an overlay takes effect
 */

/* A fragment that a parameter could switch on has __dormant__ instead */
static bool is_fragment(const FdtNode *node)
{
    return fdt_node_child(node, "__overlay__") ||
           fdt_node_child(node, "__dormant__");
}

bool fdt_tree_is_overlay(const FdtTree *tree)
{
    for (unsigned i = 0; i < tree->root->children->len; i++) {
        if (is_fragment(g_ptr_array_index(tree->root->children, i))) {
            return true;
        }
    }
    return fdt_node_child(tree->root, "__fixups__");
}

/* The fragment that the node is a part of the content of, or NULL */
static Fragment *fragment_of(const Overlay *o, const FdtNode *node)
{
    Fragment *found = NULL;

    while (node && !found) {
        found = g_hash_table_lookup(o->by_content, node);
        node = node->parent;
    }
    return found;
}

static bool takes_effect(const Overlay *o, const FdtNode *node,
                         const char *prop)
{
    return fragment_of(o, node) ||
        (g_str_equal(prop, "target") && node->parent == o->tree->root &&
         fdt_node_child(node, "__overlay__"));
}

static void find_fragments(Overlay *o)
{
    for (unsigned i = 0; i < o->tree->root->children->len; i++) {
        const FdtNode *node = g_ptr_array_index(o->tree->root->children, i);
        const FdtNode *content = fdt_node_child(node, "__overlay__");
        Fragment *fragment;

        if (content) {
            fragment = g_new0(Fragment, 1);
            fragment->node = node;
            fragment->content = content;
            fragment->inner = g_ptr_array_new();
            g_ptr_array_add(o->fragments, fragment);
            g_hash_table_insert(o->by_content, (gpointer)content, fragment);
        }
    }
}

/*
 * References
 */

static void add_reference(Overlay *o, const FdtProp *prop, uint32_t offset,
                          const FdtNode *to)
{
    Reference reference = { .prop = prop, .offset = offset, .to = to };

    g_array_append_val(o->references, reference);
    if (!offset) {
        g_hash_table_insert(o->targets, (gpointer)prop, (gpointer)to);
    }
}

/* The property @name of @node, which has a cell at @offset; else NULL */
static const FdtProp *prop_with_cell(const FdtNode *node, const char *name,
                                     uint32_t offset)
{
    const FdtProp *prop = node ? fdt_node_prop(node, name) : NULL;

    return prop && prop->len >= 4 && offset <= prop->len - 4 ? prop : NULL;
}

static void index_symbols(Overlay *o)
{
    const FdtNode *symbols = fdt_node_child(o->base->root, "__symbols__");

    for (unsigned i = 0; symbols && i < symbols->props->len; i++) {
        FdtProp *prop = g_ptr_array_index(symbols->props, i);

        g_hash_table_insert(o->symbols, (gpointer)prop->name, prop);
    }
}

/* The base's node of that label; @node and @prop of the overlay need it */
static FdtNode *labelled(const Overlay *o, const char *label,
                         const FdtNode *node, const char *prop, Error **errp)
{
    const FdtProp *symbol = g_hash_table_lookup(o->symbols, label);
    bool is_string = symbol && symbol->len && !symbol->data[symbol->len - 1];
    FdtNode *found = is_string ? fdt_tree_find(o->base, (char *)symbol->data)
                               : NULL;

    if (found) {
        return found;
    }
    if (is_string) {
        fdt_error(errp, node, prop, "the label %s is %s in %s, where there is "
                  "no such node", label, (char *)symbol->data,
                  o->base->filename);
    } else if (g_hash_table_size(o->symbols)) {
        fdt_error(errp, node, prop, "the label %s is not among the symbols of "
                  "%s", label, o->base->filename);
    } else {
        fdt_error(errp, node, prop, "the label %s is needed, and %s has no "
                  "symbols: compile that with dtc -@, or name the node by "
                  "target-path", label, o->base->filename);
    }
    return NULL;
}

/* One string of __fixups__: PATH:PROPERTY:OFFSET */
static bool read_fixup(Overlay *o, const FdtNode *fixups, const char *label,
                       const char *text, Error **errp)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", -1);
    const FdtNode *node;
    const FdtProp *prop = NULL;
    unsigned offset;
    FdtNode *to;

    if (g_strv_length(parts) == 3 &&
        !qemu_strtoui(parts[2], NULL, 0, &offset)) {
        node = fdt_tree_find(o->tree, parts[0]);
        prop = prop_with_cell(node, parts[1], offset);
    }
    if (!prop) {
        fdt_error(errp, fixups, label, "'%s' is not the PATH:PROPERTY:OFFSET "
                  "of a cell", text);
        return false;
    }
    if (!takes_effect(o, node, prop->name)) {
        return true;
    }
    to = labelled(o, label, node, prop->name, errp);
    if (to) {
        fdt_node_ensure_phandle(to);
        add_reference(o, prop, offset, to);
    }
    return to;
}

static bool read_fixups(Overlay *o, Error **errp)
{
    const FdtNode *fixups = fdt_node_child(o->tree->root, "__fixups__");

    for (unsigned i = 0; fixups && i < fixups->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(fixups->props, i);
        const char *text = (const char *)prop->data;
        const char *end = text + prop->len;

        if (!prop->len || end[-1]) {
            fdt_error(errp, fixups, prop->name, "not a list of strings");
            return false;
        }
        for (; text < end; text += strlen(text) + 1) {
            if (!read_fixup(o, fixups, prop->name, text, errp)) {
                return false;
            }
        }
    }
    return true;
}

/* Cells of __local_fixups__: which offsets in the property are phandles */
static bool read_local_fixup(Overlay *o, const FdtNode *fixups,
                             const FdtNode *node, const FdtProp *offsets,
                             Error **errp)
{
    FdtCells cells = fdt_cells(offsets);
    uint32_t offset, phandle;
    const FdtProp *prop;
    const FdtNode *to;

    while (fdt_cells_take(&cells, 1, &offset)) {
        prop = prop_with_cell(node, offsets->name, offset);
        if (!prop) {
            fdt_error(errp, fixups, offsets->name, "there is no cell at %u",
                      offset);
            return false;
        }
        if (!takes_effect(o, node, prop->name)) {
            continue;
        }
        phandle = ldl_be_p(prop->data + offset);
        to = fdt_tree_by_phandle(o->tree, phandle);
        if (!to) {
            fdt_error(errp, node, prop->name, "phandle 0x%x leads nowhere",
                      phandle);
            return false;
        }
        add_reference(o, prop, offset, to);
    }
    return true;
}

/* The nodes below __local_fixups__ are named as those that they tell of */
static bool read_local_fixups(Overlay *o, Error **errp)
{
    const FdtNode *top = fdt_node_child(o->tree->root, "__local_fixups__");
    size_t skip = top ? strlen(top->path) : 0;

    for (const FdtNode *at = top; at && g_str_has_prefix(at->path, top->path);
         at = fdt_node_next(at)) {
        const char *path = at == top ? "/" : at->path + skip;

        for (unsigned i = 0; i < at->props->len; i++) {
            if (!read_local_fixup(o, at, fdt_tree_find(o->tree, path),
                                  g_ptr_array_index(at->props, i), errp)) {
                return false;
            }
        }
    }
    return true;
}

/*
 * Targets
 */

/* Where @node, a part of @fragment's content, is in the base; caller frees */
static char *path_in_base(const Overlay *o, const Fragment *fragment,
                          const FdtNode *node)
{
    const char *rest = node->path + strlen(fragment->content->path);
    bool is_root = g_str_equal(fragment->target, "/");
    g_autofree char *path = g_strconcat(
        is_root && *rest ? "" : fragment->target, rest, NULL);
    const FdtNode *there = fdt_tree_find(o->base, path);

    return there ? g_strdup(there->path) : g_steal_pointer(&path);
}

/* By phandle: a node of the base, or one that another fragment has */
static bool target_by_phandle(Overlay *o, Fragment *fragment,
                              const FdtProp *prop, Error **errp)
{
    const FdtNode *to = g_hash_table_lookup(o->targets, prop);
    uint32_t phandle;
    Fragment *outer;

    if (!to) {
        if (!fdt_node_u32(fragment->node, "target", &phandle)) {
            fdt_error(errp, fragment->node, "target", "no phandle");
            return false;
        }
        to = fdt_tree_by_phandle(o->base, phandle);
        if (!to) {
            fdt_error(errp, fragment->node, "target", "%s has no node with "
                      "phandle 0x%x", o->base->filename, phandle);
            return false;
        }
    }
    if (to->tree == o->base) {
        fragment->target = g_strdup(to->path);
        return true;
    }
    outer = fragment_of(o, to);
    if (!outer) {
        fdt_error(errp, fragment->node, "target", "%s is not in an "
                  "__overlay__", to->path);
        return false;
    }
    fragment->inside = to;
    g_ptr_array_add(outer->inner, fragment);
    return true;
}

/* A path may be one that another fragment is going to make */
static bool find_target(Overlay *o, Fragment *fragment, Error **errp)
{
    const FdtProp *prop = fdt_node_prop(fragment->node, "target");
    const char *path = fdt_node_string(fragment->node, "target-path", 0);
    const FdtNode *there;

    if (prop) {
        return target_by_phandle(o, fragment, prop, errp);
    }
    if (!path) {
        fdt_error(errp, fragment->node, NULL, "neither target nor target-path "
                  "is a property of the fragment");
        return false;
    }
    there = fdt_tree_find(o->base, path);
    fragment->target = g_strdup(there ? there->path : path);
    return true;
}

static bool find_inner_targets(Overlay *o, Fragment *outer, unsigned depth,
                               Error **errp)
{
    if (depth > MAX_INNER) {
        fdt_error(errp, outer->node, "target", "more than %d fragments within "
                  "each other", MAX_INNER);
        return false;
    }
    for (unsigned i = 0; i < outer->inner->len; i++) {
        Fragment *inner = g_ptr_array_index(outer->inner, i);

        inner->target = path_in_base(o, outer, inner->inside);
        if (!find_inner_targets(o, inner, depth + 1, errp)) {
            return false;
        }
    }
    return true;
}

static bool find_targets(Overlay *o, Error **errp)
{
    for (unsigned i = 0; i < o->fragments->len; i++) {
        if (!find_target(o, g_ptr_array_index(o->fragments, i), errp)) {
            return false;
        }
    }
    for (unsigned i = 0; i < o->fragments->len; i++) {
        Fragment *fragment = g_ptr_array_index(o->fragments, i);

        if (!fragment->inside && !find_inner_targets(o, fragment, 0, errp)) {
            return false;
        }
    }
    for (unsigned i = 0; i < o->fragments->len; i++) {
        const Fragment *fragment = g_ptr_array_index(o->fragments, i);

        if (!fragment->target) {
            fdt_error(errp, fragment->node, "target", "the fragments lead to "
                      "each other, and none to %s", o->base->filename);
            return false;
        }
    }
    return true;
}

/*
 * Phandles: a node of the base keeps its own, all others get new ones
 */

static uint32_t number_of(const Overlay *o, const FdtNode *node)
{
    g_autofree char *path = path_in_base(o, fragment_of(o, node), node);

    return GPOINTER_TO_UINT(g_hash_table_lookup(o->numbers, path));
}

static bool number_node(Overlay *o, const FdtNode *node, Error **errp)
{
    char *path = path_in_base(o, fragment_of(o, node), node);
    const FdtNode *there = fdt_tree_find(o->base, path);
    uint32_t phandle = there ? there->phandle : 0;

    if (g_hash_table_contains(o->numbers, path)) {
        g_free(path);
        return true;
    }
    if (!phandle) {
        if (o->last >= UINT32_MAX - 1) {
            fdt_error(errp, node, "phandle", "there is no phandle left");
            g_free(path);
            return false;
        }
        phandle = ++o->last;
    }
    g_hash_table_insert(o->numbers, path, GUINT_TO_POINTER(phandle));
    return true;
}

static bool number_nodes(Overlay *o, Error **errp)
{
    o->last = o->base->last_phandle;
    for (const FdtNode *node = o->tree->root; node;
         node = fdt_node_next(node)) {
        if (node->phandle && fragment_of(o, node) &&
            !number_node(o, node, errp)) {
            return false;
        }
    }
    return true;
}

static bool put_references(Overlay *o, Error **errp)
{
    for (unsigned i = 0; i < o->references->len; i++) {
        const Reference *r = &g_array_index(o->references, Reference, i);
        uint32_t phandle = r->to->phandle;

        if (r->to->tree != o->base) {
            if (!fragment_of(o, r->to)) {
                fdt_error(errp, r->to, NULL, "the overlay refers to it, and it "
                          "is not in an __overlay__");
                return false;
            }
            phandle = number_of(o, r->to);
        }
        stl_be_p(r->prop->data + r->offset, phandle);
    }
    return true;
}

/*
 * Nodes
 */

static void lay_over(const Overlay *o, FdtNode *to, const FdtNode *from)
{
    for (unsigned i = 0; i < from->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(from->props, i);

        if (!fdt_is_phandle(prop->name)) {
            fdt_node_set(to, prop->name, prop->data, prop->len);
        }
    }
    if (from->phandle && !to->phandle) {
        fdt_node_set_u32(to, "phandle", number_of(o, from));
    }
    for (unsigned i = 0; i < from->children->len; i++) {
        const FdtNode *child = g_ptr_array_index(from->children, i);

        lay_over(o, fdt_node_child(to, child->name) ?:
                    fdt_node_add_child(to, child->name), child);
    }
}

/* A fragment within this one changes it before another one follows */
static bool apply_fragment(const Overlay *o, const Fragment *fragment,
                           Error **errp)
{
    FdtNode *target = fdt_tree_find(o->base, fragment->target);

    if (!target) {
        fdt_error(errp, fragment->node, fragment->inside ? "target"
                  : "target-path", "%s has no node %s", o->base->filename,
                  fragment->target);
        return false;
    }
    lay_over(o, target, fragment->content);
    for (unsigned i = 0; i < fragment->inner->len; i++) {
        if (!apply_fragment(o, g_ptr_array_index(fragment->inner, i), errp)) {
            return false;
        }
    }
    return true;
}

static bool apply_fragments(const Overlay *o, Error **errp)
{
    for (unsigned i = 0; i < o->fragments->len; i++) {
        const Fragment *fragment = g_ptr_array_index(o->fragments, i);

        if (!fragment->inside && !apply_fragment(o, fragment, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * Labels of the overlay become labels of the base, for overlays that follow;
 * one of an __overlay__ node is its target's.  What takes no effect has none.
 */
static void add_symbols(const Overlay *o)
{
    const FdtNode *from = fdt_node_child(o->tree->root, "__symbols__");
    FdtNode *to = fdt_node_child(o->base->root, "__symbols__");

    for (unsigned i = 0; from && i < from->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(from->props, i);
        const char *path = fdt_node_string(from, prop->name, 0);
        const FdtNode *node = path ? fdt_tree_find(o->tree, path) : NULL;
        const Fragment *fragment = node ? fragment_of(o, node) : NULL;

        if (fragment) {
            g_autofree char *there = path_in_base(o, fragment, node);

            to = to ?: fdt_node_add_child(o->base->root, "__symbols__");
            fdt_node_set_string(to, prop->name, there);
        }
    }
}

bool fdt_tree_apply(FdtTree *base, const FdtTree *overlay, Error **errp)
{
    g_auto(Overlay) o = { 0 };

    overlay_init(&o, base, overlay);
    find_fragments(&o);
    index_symbols(&o);
    if (!read_fixups(&o, errp) || !read_local_fixups(&o, errp) ||
        !find_targets(&o, errp) || !number_nodes(&o, errp) ||
        !put_references(&o, errp) || !apply_fragments(&o, errp)) {
        return false;
    }
    add_symbols(&o);
    return true;
}

/*
 * Flattened device trees: from bytes to nodes and back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "blob.h"
#include "kinds.h"
#include <libfdt.h>

/*
 * Checks of a blob as a whole
 */

/* libfdt's errors are names; a user gets a sentence */
static const char *reason(int err)
{
    static const char *const reasons[] = {
        [FDT_ERR_NOTFOUND] = "a node or a symbol that it names is not there",
        [FDT_ERR_EXISTS] = "a node that it adds is there already",
        [FDT_ERR_BADPATH] = "a path in it is none",
        [FDT_ERR_BADPHANDLE] = "a phandle in it is none",
        [FDT_ERR_TRUNCATED] = "it is cut short",
        [FDT_ERR_BADMAGIC] = "it does not begin as one",
        [FDT_ERR_BADVERSION] = "it has a version that is not supported",
        [FDT_ERR_BADSTRUCTURE] = "its structure block is damaged",
        [FDT_ERR_BADLAYOUT] = "its blocks are in a wrong order",
        [FDT_ERR_BADVALUE] = "a property has a value that it must not have",
        [FDT_ERR_BADOVERLAY] = "it is no overlay, or the tree has no symbols "
                               "(compile the tree with dtc -@)",
        [FDT_ERR_NOPHANDLES] = "there is no phandle left",
    };

    err = -err;
    return err > 0 && err < ARRAY_SIZE(reasons) && reasons[err] ? reasons[err]
                                                                : "damaged";
}

/*
 * Versions before 16 have another layout, of which libfdt (1.6.1) reads beyond
 * the end if the blob is damaged; version 17 is compatible with 16
 */
static int check_version(const void *data, size_t size)
{
    const size_t version_end = offsetof(struct fdt_header, version) +
                               sizeof(fdt32_t);

    if (size < version_end) {
        return -FDT_ERR_TRUNCATED;
    }
    return fdt_version(data) < 16 ? -FDT_ERR_BADVERSION : 0;
}

/*
 * Every token has to end after it began: libfdt (1.6.1) follows the length of a
 * property back to where it came from, and goes round for ever
 */
static int check_tokens(const void *data)
{
    int offset, next = 0;
    uint32_t tag;

    do {
        offset = next;
        tag = fdt_next_tag(data, offset, &next);
        if (next < 0) {
            return next;
        }
        if (next <= offset) {
            return -FDT_ERR_BADSTRUCTURE;
        }
    } while (tag != FDT_END);
    return 0;
}

int fdt_blob_check(const void *data, size_t size)
{
    int err = check_version(data, size);

    if (!err && size < sizeof(struct fdt_header)) {
        err = -FDT_ERR_TRUNCATED;
    }
    err = err ?: fdt_check_header(data);
    if (!err && fdt_totalsize(data) > size) {
        err = -FDT_ERR_TRUNCATED;
    }
    return err ?: check_tokens(data) ?: fdt_check_full(data, size);
}

static bool check_blob(const uint8_t *data, size_t size, const char *filename,
                       Error **errp)
{
    int err;

    if (!fdt_blob_has_magic(data, size)) {
        fdt_blob_error(errp, filename, data, size);
        return false;
    }
    err = fdt_blob_check(data, size);
    if (err) {
        error_setg(errp, "%s: a damaged flattened device tree: %s", filename,
                   reason(err));
        return false;
    }
    return true;
}

/*
 * From bytes to nodes
 */

typedef struct Reader {
    const void *fdt;
    FdtTree *tree;
    FdtNode *node;          /* where the structure block has got to */
    unsigned depth;
    bool ended;             /* the root's end has been seen */
    GHashTable *props;      /* names of the properties of @node */
} Reader;

static bool name_is_sane(const char *name, bool is_node)
{
    if (!*name) {
        return false;
    }
    for (const char *p = name; *p; p++) {
        if (!g_ascii_isgraph(*p) || (is_node && *p == '/')) {
            return false;
        }
    }
    return true;
}

static bool begin_child(Reader *r, const char *name, Error **errp)
{
    g_autofree char *path = NULL;

    if (!name_is_sane(name, true)) {
        fdt_error(errp, r->node, NULL, "a child has no proper name");
        return false;
    }
    if (r->depth >= FDT_MAX_DEPTH) {
        fdt_error(errp, r->node, NULL, "more than %d nodes deep",
                  FDT_MAX_DEPTH);
        return false;
    }
    if (strlen(r->node->path) + 1 + strlen(name) > FDT_MAX_PATH) {
        fdt_error(errp, r->node, NULL, "a child's path has more than %d "
                  "characters", FDT_MAX_PATH);
        return false;
    }
    path = g_strdup_printf("%s/%s", r->node->parent ? r->node->path : "", name);
    if (fdt_tree_by_path(r->tree, path)) {
        fdt_error(errp, r->node, NULL, "two children are named %s", name);
        return false;
    }
    r->node = fdt_node_append(r->node, name);
    return true;
}

static bool begin_node(Reader *r, int offset, Error **errp)
{
    const char *name = fdt_get_name(r->fdt, offset, NULL);

    g_hash_table_remove_all(r->props);
    if (r->ended) {
        fdt_error(errp, r->tree->root, NULL, "there is a second root");
        return false;
    }
    if (r->depth && !begin_child(r, name ?: "", errp)) {
        return false;
    }
    r->depth++;
    return true;
}

static void end_node(Reader *r)
{
    fdt_node_index_phandle(r->node, r->tree->findings);
    r->depth--;
    r->ended = !r->depth;
    if (r->depth) {
        r->node = r->node->parent;
    }
}

static bool read_prop(Reader *r, int offset, Error **errp)
{
    const char *name;
    const void *data;
    int len;

    data = fdt_getprop_by_offset(r->fdt, offset, &name, &len);
    /* libfdt (1.6.1) returns a length of nearly 4 GiB as a negative number */
    if (!data || len < 0 || !r->depth) {
        fdt_error(errp, r->node, NULL, "a property is damaged");
        return false;
    }
    if (!name_is_sane(name, false)) {
        fdt_error(errp, r->node, NULL, "a property has no proper name");
        return false;
    }
    if (r->node->children->len) {
        fdt_error(errp, r->node, name, "after a child node");
        return false;
    }
    if (!g_hash_table_add(r->props, (gpointer)name)) {
        fdt_error(errp, r->node, name, "there twice");
        return false;
    }
    fdt_node_append_prop(r->node, name, data, len);
    return true;
}

static bool read_tag(Reader *r, uint32_t tag, int offset, Error **errp)
{
    switch (tag) {
    case FDT_BEGIN_NODE:
        return begin_node(r, offset, errp);
    case FDT_END_NODE:
        end_node(r);
        return true;
    case FDT_PROP:
        return read_prop(r, offset, errp);
    default:
        return true;
    }
}

static bool read_structure(Reader *r, Error **errp)
{
    int offset, next = 0;
    uint32_t tag;

    do {
        offset = next;
        tag = fdt_next_tag(r->fdt, offset, &next);
        if (next < 0) {
            error_setg(errp, "%s: a damaged flattened device tree: %s",
                       r->tree->filename, reason(next));
            return false;
        }
        if (!read_tag(r, tag, offset, errp)) {
            return false;
        }
    } while (tag != FDT_END);

    if (!r->ended) {
        fdt_error(errp, r->tree->root, NULL, "the root node has no end");
    }
    return r->ended;
}

static bool read_reservations(Reader *r, Error **errp)
{
    int n = fdt_num_mem_rsv(r->fdt);

    for (int i = 0; i < n; i++) {
        FdtReservation entry;

        if (fdt_get_mem_rsv(r->fdt, i, &entry.address, &entry.size)) {
            error_setg(errp, "%s: memory reservation %d is damaged",
                       r->tree->filename, i);
            return false;
        }
        g_array_append_val(r->tree->reservations, entry);
    }
    return true;
}

static FdtTree *unflatten(const void *fdt, const char *filename, Error **errp)
{
    g_autoptr(FdtTree) tree = fdt_tree_new(filename);
    g_autoptr(GHashTable) props = g_hash_table_new(g_str_hash, g_str_equal);
    Reader r = {
        .fdt = fdt, .tree = tree, .node = tree->root, .props = props,
    };

    tree->boot_cpu = fdt_boot_cpuid_phys(fdt);
    if (!read_reservations(&r, errp) || !read_structure(&r, errp)) {
        return NULL;
    }
    fdt_tree_check(tree);
    return g_steal_pointer(&tree);
}

FdtTree *fdt_blob_parse(const void *blob, size_t size, const char *filename,
                        Error **errp)
{
    g_autofree void *copy = NULL;

    if (size > FDT_MAX_IMAGE) {
        error_setg(errp, "%s: larger than %d MiB", filename,
                   FDT_MAX_IMAGE / (1024 * 1024));
        return NULL;
    }
    /* libfdt wants it aligned */
    copy = g_malloc(size + 1);
    memcpy(copy, size ? blob : "", size);
    if (!check_blob(copy, size, filename, errp)) {
        return NULL;
    }
    return unflatten(copy, filename, errp);
}

FdtTree *fdt_tree_parse(const void *blob, size_t size, const char *filename,
                        Error **errp)
{
    if (size > FDT_MAX_FILE) {
        error_setg(errp, "%s: larger than %d MiB", filename,
                   FDT_MAX_FILE / (1024 * 1024));
        return NULL;
    }
    return fdt_blob_parse(blob, size, filename, errp);
}

/*
 * From nodes to bytes
 */

typedef struct Writer {
    GByteArray *structure;
    GByteArray *strings;
    GHashTable *offsets;    /* property name -> its offset in @strings */
} Writer;

static void write_u32(GByteArray *out, uint32_t value)
{
    fdt32_t cell = cpu_to_fdt32(value);

    g_byte_array_append(out, (uint8_t *)&cell, sizeof(cell));
}

static void write_u64(GByteArray *out, uint64_t value)
{
    write_u32(out, value >> 32);
    write_u32(out, value);
}

static void write_padded(GByteArray *out, const void *data, uint32_t len)
{
    static const uint8_t zeros[3];

    g_byte_array_append(out, data, len);
    g_byte_array_append(out, zeros, -len & 3);
}

static uint32_t string_offset(Writer *w, const char *name)
{
    gpointer offset;

    if (!g_hash_table_lookup_extended(w->offsets, name, NULL, &offset)) {
        offset = GUINT_TO_POINTER(w->strings->len);
        g_hash_table_insert(w->offsets, (gpointer)name, offset);
        g_byte_array_append(w->strings, (const uint8_t *)name,
                            strlen(name) + 1);
    }
    return GPOINTER_TO_UINT(offset);
}

static void write_node(Writer *w, const FdtNode *node)
{
    write_u32(w->structure, FDT_BEGIN_NODE);
    write_padded(w->structure, node->name, strlen(node->name) + 1);
    for (unsigned i = 0; i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);

        write_u32(w->structure, FDT_PROP);
        write_u32(w->structure, prop->len);
        write_u32(w->structure, string_offset(w, prop->name));
        if (prop->len) {
            write_padded(w->structure, prop->data, prop->len);
        }
    }
    for (unsigned i = 0; i < node->children->len; i++) {
        write_node(w, g_ptr_array_index(node->children, i));
    }
    write_u32(w->structure, FDT_END_NODE);
}

/* Header, reservations, structure, strings: all but the padding */
static void write_blob(GByteArray *out, const FdtTree *tree, const Writer *w,
                       size_t pad)
{
    uint32_t rsvmap = sizeof(struct fdt_header);
    uint32_t structure = rsvmap + (tree->reservations->len + 1) *
                                  sizeof(struct fdt_reserve_entry);
    uint32_t strings = structure + w->structure->len;

    write_u32(out, FDT_MAGIC);
    write_u32(out, strings + w->strings->len + pad);
    write_u32(out, structure);
    write_u32(out, strings);
    write_u32(out, rsvmap);
    write_u32(out, 17);         /* version, and the oldest compatible one */
    write_u32(out, 16);
    write_u32(out, tree->boot_cpu);
    write_u32(out, w->strings->len);
    write_u32(out, w->structure->len);
    for (unsigned i = 0; i < tree->reservations->len; i++) {
        FdtReservation *entry = &g_array_index(tree->reservations,
                                               FdtReservation, i);

        write_u64(out, entry->address);
        write_u64(out, entry->size);
    }
    write_u64(out, 0);
    write_u64(out, 0);
    g_byte_array_append(out, w->structure->data, w->structure->len);
    g_byte_array_append(out, w->strings->data, w->strings->len);
}

GByteArray *fdt_tree_flatten(const FdtTree *tree, size_t pad, Error **errp)
{
    g_autoptr(GByteArray) structure = g_byte_array_new();
    g_autoptr(GByteArray) strings = g_byte_array_new();
    g_autoptr(GHashTable) offsets = g_hash_table_new(g_str_hash, g_str_equal);
    Writer w = {
        .structure = structure, .strings = strings, .offsets = offsets,
    };
    GByteArray *out;
    size_t len;

    write_node(&w, tree->root);
    write_u32(structure, FDT_END);
    if (pad > INT32_MAX || structure->len > INT32_MAX / 2 ||
        strings->len > INT32_MAX / 4 ||
        pad + structure->len + strings->len > INT32_MAX / 4 * 3) {
        error_setg(errp, "%s: too large to be flattened", tree->filename);
        return NULL;
    }
    out = g_byte_array_new();
    write_blob(out, tree, &w, pad);
    len = out->len;
    g_byte_array_set_size(out, len + pad);
    memset(out->data + len, 0, pad);
    return out;
}

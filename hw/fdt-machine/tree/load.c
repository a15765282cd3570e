/*
 * Files with device trees: which tree is taken, and what is laid over it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "blob.h"
#include "kinds.h"

/* The most trees of a file that a message lists */
#define MAX_LISTED 20

/*
 * Files
 */

/* What is no tree is not read to its end: it can be a disk, or have none */
static bool read_on(const GByteArray *bytes, const char *filename,
                    Error **errp)
{
    if (bytes->len < FDT_KIND_BYTES) {
        return true;
    }
    if (bytes->len > FDT_MAX_IMAGE) {
        error_setg(errp, "%s: larger than %d MiB", filename,
                   FDT_MAX_IMAGE / (1024 * 1024));
        return false;
    }
    if (!fdt_has_trees(bytes->data, bytes->len)) {
        fdt_blob_error(errp, filename, bytes->data, bytes->len);
        return false;
    }
    return true;
}

static GByteArray *read_stream(FILE *file, const char *filename, Error **errp)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    uint8_t buffer[65536];
    size_t n;

    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0) {
        g_byte_array_append(bytes, buffer, n);
        if (!read_on(bytes, filename, errp)) {
            return NULL;
        }
    }
    if (ferror(file)) {
        error_setg(errp, "%s: %s%s", filename, strerror(errno),
                   errno == EISDIR ? "; of /proc/device-tree or a copy, make a "
                   "file: dtc -I fs -O dtb -o OUTPUT INPUT" : "");
        return NULL;
    }
    return g_steal_pointer(&bytes);
}

static GByteArray *read_file(const char *filename, Error **errp)
{
    FILE *file = fopen(filename, "rb");
    GByteArray *bytes;

    if (!file) {
        error_setg(errp, "%s: %s", filename, strerror(errno));
        return NULL;
    }
    bytes = read_stream(file, filename, errp);
    fclose(file);
    return bytes;
}

/*
 * A file with several blobs, by number
 */

typedef struct Entry {
    size_t offset;
    size_t size;
} Entry;

/* Of the header of a blob (5.2), and of Android's table */
#define BLOB_TOTALSIZE 4
#define TABLE_ENTRY_SIZE 12
#define TABLE_ENTRY_COUNT 16
#define TABLE_ENTRIES_OFFSET 20
#define TABLE_HEADER_SIZE 32

/* One blob after the other, with zeros between them or without */
static GArray *list_blobs(const GByteArray *file)
{
    GArray *entries = g_array_new(false, false, sizeof(Entry));
    size_t at = 0;

    while (file->len - at >= 8 &&
           fdt_blob_has_magic(file->data + at, file->len - at)) {
        Entry entry = { at, ldl_be_p(file->data + at + BLOB_TOTALSIZE) };

        entry.size = MIN(MAX(entry.size, 8), file->len - at);
        g_array_append_val(entries, entry);
        at += entry.size;
        while (at < file->len && !file->data[at]) {
            at++;
        }
    }
    return entries;
}

/* `mkdtboimg` of Android's libufdt: a header, and an entry for each blob */
static GArray *list_table(const GByteArray *file, const char *filename,
                          Error **errp)
{
    g_autoptr(GArray) entries = g_array_new(false, false, sizeof(Entry));
    bool whole = file->len >= TABLE_HEADER_SIZE;
    uint32_t size = whole ? ldl_be_p(file->data + TABLE_ENTRY_SIZE) : 0;
    uint32_t count = whole ? ldl_be_p(file->data + TABLE_ENTRY_COUNT) : 0;
    uint64_t at = whole ? ldl_be_p(file->data + TABLE_ENTRIES_OFFSET) : 0;

    whole = size >= 8 && at + (uint64_t)size * count <= file->len;
    for (uint32_t i = 0; whole && i < count; i++, at += size) {
        Entry entry = {
            .size = ldl_be_p(file->data + at),
            .offset = ldl_be_p(file->data + at + 4),
        };

        whole = (uint64_t)entry.offset + entry.size <= file->len;
        g_array_append_val(entries, entry);
    }
    if (!whole || !count) {
        error_setg(errp, "%s: a table of trees for Android's boot loader that "
                   "is %s", filename, count ? "cut short" : "empty");
        return NULL;
    }
    return g_steal_pointer(&entries);
}

/* "0: ACME board, 1: an overlay" */
static char *describe_entries(const GByteArray *file, const GArray *entries)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < MIN(entries->len, MAX_LISTED); i++) {
        const Entry *entry = &g_array_index(entries, Entry, i);
        g_autoptr(FdtTree) tree = fdt_tree_parse(file->data + entry->offset,
                                                 entry->size, "", NULL);
        const char *model = tree ? fdt_node_string(tree->root, "model", 0)
                                 : "damaged";

        g_string_append_printf(text, "%s%u: %s", i ? ", " : "", i,
                               model ? model : fdt_tree_is_overlay(tree)
                               ? "an overlay" : "no model");
    }
    g_string_append(text, entries->len > MAX_LISTED ? ", ..." : "");
    return g_string_free(text, false);
}

static const Entry *choose_entry(const GByteArray *file, const GArray *entries,
                                 const char *filename, const char *config,
                                 Error **errp)
{
    g_autofree char *text = NULL;

    for (unsigned i = 0; i < entries->len; i++) {
        g_autofree char *number = g_strdup_printf("%u", i);

        if (config ? g_str_equal(config, number) : entries->len == 1) {
            return &g_array_index(entries, Entry, i);
        }
    }
    text = describe_entries(file, entries);
    if (config) {
        error_setg(errp, "%s: config=%s is no number of a tree in the file "
                   "(%s)", filename, config, text);
    } else {
        error_setg(errp, "%s: %u trees are in the file; config=N of "
                   "-dtb-machine takes one as the board (%s), tail -c "
                   "+OFFSET %s | head -c SIZE writes one: number 0 is %zu "
                   "bytes from %zu", filename, entries->len, text, filename,
                   g_array_index(entries, Entry, 0).size,
                   g_array_index(entries, Entry, 0).offset + 1);
    }
    return NULL;
}

static FdtTree *parse_entry(const GByteArray *file, const GArray *entries,
                            const char *filename, const char *config,
                            Error **errp)
{
    const Entry *entry = choose_entry(file, entries, filename, config, errp);

    return entry ? fdt_tree_parse(file->data + entry->offset, entry->size,
                                  filename, errp) : NULL;
}

/*
 * FIT: images, and configurations that say which go together (the Flat Image
 * Tree Specification)
 */

static bool is_fit(const FdtTree *tree)
{
    return fdt_node_child(tree->root, "images") &&
           fdt_node_child(tree->root, "configurations");
}

/* "conf-1 (ACME board), conf-2" */
static char *describe_configs(const FdtNode *configs)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < MIN(configs->children->len, MAX_LISTED); i++) {
        const FdtNode *config = g_ptr_array_index(configs->children, i);
        const char *about = fdt_node_string(config, "description", 0);

        g_string_append_printf(text, "%s%s", i ? ", " : "", config->name);
        if (about) {
            g_string_append_printf(text, " (%s)", about);
        }
    }
    g_string_append(text, configs->children->len > MAX_LISTED ? ", ..." : "");
    return g_string_free(text, false);
}

static const FdtNode *choose_config(const FdtTree *fit, const char *name,
                                    Error **errp)
{
    const FdtNode *configs = fdt_node_child(fit->root, "configurations");
    const char *wanted = name ?: fdt_node_string(configs, "default", 0);
    const FdtNode *config = wanted ? fdt_node_child(configs, wanted) : NULL;
    g_autofree char *text = describe_configs(configs);

    if (!wanted && configs->children->len == 1) {
        config = g_ptr_array_index(configs->children, 0);
    }
    if (config) {
        return config;
    }
    if (wanted) {
        fdt_error(errp, configs, NULL, "the image has no configuration %s "
                  "(%s)", wanted, text);
    } else {
        fdt_error(errp, configs, "default", "the image does not say which "
                  "configuration it is; config=NAME of -dtb-machine does (%s)",
                  text);
    }
    return NULL;
}

/* Behind the tree, if it is not in it */
static bool external_data(const FdtNode *image, const GByteArray *file,
                          const uint8_t **data, size_t *size, Error **errp)
{
    uint64_t base = ROUND_UP((uint64_t)ldl_be_p(file->data + BLOB_TOTALSIZE),
                             4);
    uint32_t offset, length;

    if (fdt_node_u32(image, "data-position", &offset)) {
        base = 0;
    } else if (!fdt_node_u32(image, "data-offset", &offset)) {
        fdt_error(errp, image, NULL, "the image has no data");
        return false;
    }
    if (!fdt_node_u32(image, "data-size", &length) ||
        base + offset + length > file->len) {
        fdt_error(errp, image, "data-size", "the data is not in the file");
        return false;
    }
    *data = file->data + base + offset;
    *size = length;
    return true;
}

static FdtTree *parse_image(const FdtNode *image, const GByteArray *file,
                            Error **errp)
{
    const char *compression = fdt_node_string(image, "compression", 0);
    const FdtProp *prop = fdt_node_prop(image, "data");
    g_autofree char *name = g_strdup_printf("%s: %s", image->tree->filename,
                                            image->path);
    const uint8_t *data = prop ? prop->data : NULL;
    size_t size = prop ? prop->len : 0;

    if (compression && !g_str_equal(compression, "none")) {
        fdt_error(errp, image, "compression", "the tree is packed with %s; "
                  "dumpimage -T flat_dt -p NUMBER -o OUTPUT INPUT takes it "
                  "out", compression);
        return NULL;
    }
    if (!prop && !external_data(image, file, &data, &size, errp)) {
        return NULL;
    }
    return fdt_tree_parse(data, size, name, errp);
}

static FdtTree *parse_fdt(const FdtNode *config, unsigned i,
                          const GByteArray *file, Error **errp)
{
    const char *name = fdt_node_string(config, "fdt", i);
    const FdtNode *images = fdt_node_child(config->tree->root, "images");
    const FdtNode *image = name ? fdt_node_child(images, name) : NULL;

    if (!image) {
        fdt_error(errp, config, "fdt", name ? "there is no image %s"
                  : "the configuration has no tree", name);
        return NULL;
    }
    return parse_image(image, file, errp);
}

/* The first image of `fdt` is the tree, the others are overlays */
static FdtTree *parse_fit(const FdtTree *fit, const GByteArray *file,
                          const char *name, Error **errp)
{
    const FdtNode *config = choose_config(fit, name, errp);
    g_autoptr(FdtTree) tree = config ? parse_fdt(config, 0, file, errp) : NULL;

    for (unsigned i = 1; tree && i < fdt_node_num_strings(config, "fdt");
         i++) {
        g_autoptr(FdtTree) overlay = parse_fdt(config, i, file, errp);

        if (!overlay || !fdt_tree_apply(tree, overlay, errp)) {
            return NULL;
        }
    }
    return g_steal_pointer(&tree);
}

/*
 * All of them
 */

static bool check_one(const FdtTree *tree, const GByteArray *file,
                      const char *config, Error **errp)
{
    if (config) {
        error_setg(errp, "%s: config=%s: the file is one tree, no FIT image "
                   "and no list of trees", tree->filename, config);
        return false;
    }
    if (ldl_be_p(file->data + BLOB_TOTALSIZE) > FDT_MAX_FILE) {
        error_setg(errp, "%s: larger than %d MiB", tree->filename,
                   FDT_MAX_FILE / (1024 * 1024));
        return false;
    }
    return true;
}

/* What comes behind a FIT image is a part of it, as its trees can be */
static FdtTree *parse_blobs(const GByteArray *file, const char *filename,
                            const char *config, Error **errp)
{
    g_autoptr(GArray) entries = list_blobs(file);
    g_autoptr(FdtTree) tree = fdt_blob_parse(file->data, file->len, filename,
                                             errp);

    if (!tree) {
        return NULL;
    }
    if (is_fit(tree)) {
        return parse_fit(tree, file, config, errp);
    }
    if (entries->len > 1) {
        return parse_entry(file, entries, filename, config, errp);
    }
    return check_one(tree, file, config, errp) ? g_steal_pointer(&tree) : NULL;
}

static FdtTree *parse_table(const GByteArray *file, const char *filename,
                            const char *config, Error **errp)
{
    g_autoptr(GArray) entries = list_table(file, filename, errp);

    return entries ? parse_entry(file, entries, filename, config, errp) : NULL;
}

static FdtTree *parse_file(const char *filename, const char *config,
                           Error **errp)
{
    g_autoptr(GByteArray) file = read_file(filename, errp);

    if (!file) {
        return NULL;
    }
    return (fdt_is_android_table(file->data, file->len)
            ? parse_table : parse_blobs)(file, filename, config, errp);
}

/*
 * Xilinx's QEMU has trees for its option -hw-dtb, in which compatible strings
 * are types of QEMU, down to its regions of memory
 */
static bool check_board(const FdtTree *tree, Error **errp)
{
    if (fdt_tree_is_overlay(tree)) {
        error_setg(errp, "%s: an overlay, not the tree of a board; give the "
                   "board's with file= and this one with overlays.0=",
                   tree->filename);
        return false;
    }
    for (const FdtNode *node = tree->root; node; node = fdt_node_next(node)) {
        const char *compatible = fdt_node_compatible(node, 0);

        if (compatible && g_str_has_prefix(compatible, "qemu:")) {
            fdt_error(errp, node, "compatible", "\"%s\": a tree for the option "
                      "-hw-dtb of Xilinx's QEMU, not of a board; give the tree "
                      "that the board's kernel gets", compatible);
            return false;
        }
    }
    return true;
}

static bool apply_file(FdtTree *tree, const char *filename, Error **errp)
{
    g_autoptr(FdtTree) more = parse_file(filename, NULL, errp);

    if (!more) {
        return false;
    }
    return fdt_tree_is_overlay(more) ? fdt_tree_apply(tree, more, errp)
                                     : fdt_tree_merge(tree, more, errp);
}

/* The limits of a tree hold for what has come of it, too */
static FdtTree *check_again(const FdtTree *tree, Error **errp)
{
    g_autoptr(GByteArray) blob = fdt_tree_flatten(tree, 0, errp);

    return blob ? fdt_tree_parse(blob->data, blob->len, tree->filename, errp)
                : NULL;
}

FdtTree *fdt_tree_load_config(const char *filename, const char *config,
                              char *const *overlays, Error **errp)
{
    g_autoptr(FdtTree) tree = parse_file(filename, config, errp);

    if (!tree || !check_board(tree, errp)) {
        return NULL;
    }
    if (!overlays || !*overlays) {
        return g_steal_pointer(&tree);
    }
    for (; *overlays; overlays++) {
        if (!apply_file(tree, *overlays, errp)) {
            return NULL;
        }
    }
    return check_again(tree, errp);
}

FdtTree *fdt_tree_load(const char *filename, char *const *overlays,
                       Error **errp)
{
    return fdt_tree_load_config(filename, NULL, overlays, errp);
}

/* An overlay refers to what it is laid over by this name in messages */
static FdtTree *apply_alone(const FdtTree *overlay, const char *name,
                            Error **errp)
{
    g_autofree char *what = g_strdup_printf("a tree that has /%s alone", name);
    g_autoptr(FdtTree) base = fdt_tree_new(what);
    g_autoptr(GByteArray) blob = NULL;

    fdt_node_append(fdt_tree_root(base), name);
    if (!fdt_tree_apply(base, overlay, errp)) {
        return NULL;
    }
    blob = fdt_tree_flatten(base, 0, errp);
    return blob ? fdt_tree_parse(blob->data, blob->len, overlay->filename, errp)
                : NULL;
}

FdtTree *fdt_tree_load_alone(const char *filename, const char *name,
                             Error **errp)
{
    g_autoptr(FdtTree) tree = parse_file(filename, NULL, errp);

    if (!tree || !fdt_tree_is_overlay(tree)) {
        return g_steal_pointer(&tree);
    }
    return apply_alone(tree, name, errp);
}

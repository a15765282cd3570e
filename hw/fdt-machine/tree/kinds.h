/*
 * Kinds of files, by their first bytes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_TREE_KINDS_H
#define HW_FDT_MACHINE_TREE_KINDS_H

#include "tree.h"

/* As many bytes of a file as fdt_kind_of() looks at */
#define FDT_KIND_BYTES 4096

typedef struct FdtKind {
    const char *what;       /* "a gzip file" */
    const char *advice;     /* for one who takes it for a tree */
    bool boots;             /* it can be what -kernel names */
    const char *targets;    /* of QEMU, which can start it; NULL: any */
    bool is_tree;           /* a tree, flattened or as source */
} FdtKind;

/**
 * fdt_kind_of: what a file is
 * @data: its first FDT_KIND_BYTES bytes, or all if it has fewer
 *
 * Returns NULL if it is of no kind that is known, as a raw binary.
 */
const FdtKind *fdt_kind_of(const uint8_t *data, size_t size);

/* fdt_blob_has_magic: whether it begins as a flattened tree (5.2) */
bool fdt_blob_has_magic(const uint8_t *data, size_t size);

/* fdt_is_android_table: whether it begins as Android's dtb.img or dtbo.img */
bool fdt_is_android_table(const uint8_t *data, size_t size);
/* fdt_has_trees: whether it begins as a file in which there can be trees */
bool fdt_has_trees(const uint8_t *data, size_t size);

/*
 * fdt_blob_error: set an error that says what a file is that is no flattened
 * tree, and how to get one
 */
void fdt_blob_error(Error **errp, const char *filename, const uint8_t *data,
                    size_t size);

#endif /* HW_FDT_MACHINE_TREE_KINDS_H */

/*
 * Flattened device trees: from bytes to nodes and back
 *
 * blob.c is the only file of the folder that knows the format, and libfdt.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BLOB_H
#define HW_FDT_MACHINE_BLOB_H

#include "finding.h"
#include "tree.h"

typedef struct FdtReservation {
    uint64_t address;
    uint64_t size;
} FdtReservation;

struct FdtTree {
    char *filename;
    FdtNode *root;
    GArray *reservations;       /* of FdtReservation */
    uint32_t boot_cpu;          /* boot_cpuid_phys of the header */
    GHashTable *phandles;       /* phandle -> FdtNode * */
    GHashTable *paths;          /* of FdtNode *, by their path */
    GPtrArray *childless;       /* FdtNode::children of nodes without any */
    uint32_t last_phandle;      /* the highest in use */
    FdtFindings *findings;      /* of the parser */
    GHashTable *errors;         /* message of fdt_error() -> FdtFinding * */
    /* From /aliases and /__symbols__; NULL until asked for, and after edits */
    GHashTable *aliases;        /* name -> FdtNode * */
    GHashTable *alias_names;    /* FdtNode * -> GPtrArray of names */
    GHashTable *labels;         /* FdtNode * -> name */
    /* Path without unit address -> first FdtNode *; NULL until asked for */
    GHashTable *bases;
};

/**
 * fdt_blob_check: whether @size bytes are a flattened tree that libfdt can read
 * without harm (section 5 of the Devicetree Specification)
 *
 * Returns 0, or an error of libfdt's, which is negative.
 */
int fdt_blob_check(const void *data, size_t size);

/* The most bytes of a file that has trees and more in it, as a FIT image has */
#define FDT_MAX_IMAGE (256 * 1024 * 1024)

/*
 * fdt_blob_parse: as fdt_tree_parse(), for up to FDT_MAX_IMAGE bytes: a FIT
 * image is a flattened tree with kernels in it
 */
FdtTree *fdt_blob_parse(const void *blob, size_t size, const char *filename,
                        Error **errp);

/*
 * Building a tree, for the blob reader and the edits
 */

/* fdt_tree_new: a tree of a root alone */
FdtTree *fdt_tree_new(const char *filename);

/* fdt_tree_by_path: the node of that very path, or NULL */
FdtNode *fdt_tree_by_path(const FdtTree *tree, const char *path);

/*
 * fdt_node_append: add a child after the others, and take it into the tree's
 * indices; the caller has made sure that the name is not taken
 */
FdtNode *fdt_node_append(FdtNode *parent, const char *name);

/* fdt_node_append_prop: a property after the others, with a copy of @data */
void fdt_node_append_prop(FdtNode *node, const char *name, const void *data,
                          uint32_t len);

/*
 * fdt_node_own_prop: the property as the node may change it: what FdtProp
 * pointers there are of its properties is that of other trees afterwards.
 * NULL if there is none
 */
FdtProp *fdt_node_own_prop(FdtNode *node, const char *name);

/* fdt_node_drop_prop: be without the property, which has to be there */
void fdt_node_drop_prop(FdtNode *node, const char *name);

/**
 * fdt_node_index_phandle: take `phandle` (2.3.3) of the node, or the older
 * `linux,phandle`, into the index
 *
 * The node has none, and @findings (which may be NULL) tell why, if it is no
 * cell, has a value that no phandle may have, or belongs to another node
 * already.
 */
void fdt_node_index_phandle(FdtNode *node, FdtFindings *findings);

/* fdt_tree_forget_names: aliases and labels have changed */
void fdt_tree_forget_names(FdtTree *tree);

/*
 * fdt_tree_check: properties of the specification that are no string list or
 * no cell, though they have to be, become findings of the tree
 */
void fdt_tree_check(FdtTree *tree);

/**
 * fdt_tree_merge: make one tree of two
 * @tree: gets the nodes and properties of @more that it lacks
 * @more: phandles that @tree uses for other nodes are given new numbers
 *
 * False with an error that names node and property if a property has another
 * value in either, but for the root's names, /chosen, /aliases and
 * /__symbols__, where @tree keeps its own; then @tree is of no more use.
 */
bool fdt_tree_merge(FdtTree *tree, const FdtTree *more, Error **errp);

/* fdt_tree_is_overlay: whether it has fragments to lay over another tree */
bool fdt_tree_is_overlay(const FdtTree *tree);

/**
 * fdt_tree_apply: lay an overlay over a tree
 * @base: gets what the overlay's fragments have; a node that is there keeps its
 *        phandle, new ones get phandles that are free
 * @overlay: the phandles in its properties are those of @base afterwards
 *
 * False with an error that names the fragment, and the label, path or phandle
 * that @base does not have; then @base is of no more use.
 */
bool fdt_tree_apply(FdtTree *base, const FdtTree *overlay, Error **errp);

/* FdtReferenceFunc: cell number @cell of @prop is the phandle of @target */
typedef void FdtReferenceFunc(const FdtNode *node, const FdtProp *prop,
                              unsigned cell, FdtNode *target, void *opaque);

/*
 * fdt_node_references: call @func for every phandle in @prop that leads to a
 * node, as far as standard bindings say where they are
 */
void fdt_node_references(const FdtNode *node, const FdtProp *prop,
                         FdtReferenceFunc *func, void *opaque);

#endif /* HW_FDT_MACHINE_BLOB_H */

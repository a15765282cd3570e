/*
 * Device tree, as the Devicetree Specification defines it
 *
 * A flattened tree is unflattened once into nodes and properties; everything
 * here is pure: same input, same output, no global state and no QEMU device.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_TREE_H
#define HW_FDT_MACHINE_TREE_H

#include "qapi/error.h"

typedef struct FdtTree FdtTree;
typedef struct FdtNode FdtNode;
typedef struct FdtProp FdtProp;
/* What is wrong with a tree, and can be done without: see finding.h */
typedef struct FdtFindings FdtFindings;

/* The most cells of a specifier, and of an address or a size */
#define FDT_MAX_CELLS 16
#define FDT_MAX_ADDRESS_CELLS 4

/* The most nodes from the root to a leaf, and characters of a path */
#define FDT_MAX_DEPTH 64
#define FDT_MAX_PATH 1023

/* The most bytes that a file may have */
#define FDT_MAX_FILE (16 * 1024 * 1024)

struct FdtProp {
    const char *name;
    uint8_t *data;          /* big-endian cells or strings, as in the blob */
    uint32_t len;           /* in bytes */
};

/*
 * The properties of a node, in the order of the blob: as a GPtrArray, but it
 * has no room that it does not need, and belongs to the nodes of all trees that
 * are copies of one another, until one of them changes it
 */
typedef struct FdtProps {
    unsigned refs;
    unsigned len;
    FdtProp *pdata[];
} FdtProps;

struct FdtNode {
    FdtTree *tree;
    FdtNode *parent;        /* NULL for the root */
    const char *name;       /* with the unit address; "" for the root */
    char *path;             /* "/" for the root */
    unsigned path_hash;     /* g_str_hash() of @path */
    uint32_t phandle;       /* 0 if it has none */
    unsigned index;         /* in the parent's @children */
    GPtrArray *children;    /* of FdtNode *, in the order of the blob */
    FdtProps *props;
    void *opaque;           /* for the user of the tree; never freed here */
};

/*
 * Loading and writing (section 5, Flattened Devicetree Format)
 */

/**
 * fdt_tree_load: read a flattened tree from a file and unflatten it
 * @filename: file with a flattened tree
 * @overlays: NULL-terminated list of files, applied in order: overlays by
 *            laying them over the tree, further trees by making one of both;
 *            may be NULL
 *
 * Returns NULL with an error that names the file if it cannot be read, is no
 * flattened tree (the message says what it is, and what can be done), is
 * damaged, or if an overlay or a further tree cannot be applied.  The caller
 * frees with fdt_tree_free().
 */
FdtTree *fdt_tree_load(const char *filename, char *const *overlays,
                       Error **errp);

/**
 * fdt_tree_load_alone: read a file that adds one node to any tree
 * @filename: a flattened tree, or an overlay, which is applied to a tree that
 *            has nothing but the node
 * @name: name of the node below the root, so that an overlay may name it as
 *        its target
 *
 * Returns NULL with an error as fdt_tree_load() does; an overlay that refers to
 * labels of another tree cannot be applied.  The caller frees.
 */
FdtTree *fdt_tree_load_alone(const char *filename, const char *name,
                             Error **errp);

/**
 * fdt_tree_load_config: the same of a file that may have several trees
 * @config: which one; NULL for the only one, or the default of a FIT image
 *
 * Several trees have: a FIT image, where @config is the name of one of its
 * configurations; and, where it is a number from 0, a table of Android's boot
 * loader (dtbo.img) and a file of blobs one after the other.
 */
FdtTree *fdt_tree_load_config(const char *filename, const char *config,
                              char *const *overlays, Error **errp);

/**
 * fdt_tree_parse: unflatten a tree from memory
 * @blob: any bytes; copied
 * @size: their number
 * @filename: what messages call it
 *
 * Accepts any input without crashing.  Checks names, property lengths and depth
 * (64 at most).  What can be done without is no error but a finding: a phandle
 * that another node has, a string that is not terminated, a property that is no
 * single cell and has to be one.
 */
FdtTree *fdt_tree_parse(const void *blob, size_t size, const char *filename,
                        Error **errp);

/* fdt_tree_copy: a deep copy, without the @opaque pointers */
FdtTree *fdt_tree_copy(const FdtTree *tree);
void fdt_tree_free(FdtTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdtTree, fdt_tree_free)

/**
 * fdt_tree_flatten: write the tree as a blob, with its memory reservations
 * and boot CPU, padded by @pad bytes for a boot loader to add to it
 */
GByteArray *fdt_tree_flatten(const FdtTree *tree, size_t pad, Error **errp);

const char *fdt_tree_filename(const FdtTree *tree);
/* fdt_tree_findings: what was found wrong when the tree was parsed; borrowed */
const FdtFindings *fdt_tree_findings(const FdtTree *tree);
FdtNode *fdt_tree_root(const FdtTree *tree);

/* Memory reservation block (5.3): number of entries, and entry @i */
unsigned fdt_tree_num_reservations(const FdtTree *tree);
void fdt_tree_reservation(const FdtTree *tree, unsigned i,
                          uint64_t *address, uint64_t *size);

/*
 * Messages
 */

/**
 * fdt_error: set an error in the one form that all messages have,
 * `FILE: PATH: PROPERTY: TEXT`; @property may be NULL
 *
 * The node's tree keeps the parts of the message, for fdt_finding_take().
 */
void fdt_error(Error **errp, const FdtNode *node, const char *property,
               const char *fmt, ...) G_GNUC_PRINTF(4, 5);
/*
 * fdt_error_text: what such an error says of the node, without the names of
 * file and node, as a report has them anyway; borrowed of @err
 */
const char *fdt_error_text(const Error *err, const FdtNode *node);

/*
 * Nodes
 */

/**
 * fdt_tree_find: node by absolute path, by alias ("serial0") or by alias and
 * rest ("soc0/serial@0"), 2.2.3 and 3.3; NULL if there is none.  A path
 * component without unit address matches the first node of that name.
 */
FdtNode *fdt_tree_find(const FdtTree *tree, const char *path);
FdtNode *fdt_tree_by_phandle(const FdtTree *tree, uint32_t phandle);
/*
 * fdt_tree_twin: the node that has the same path as one of another tree, or
 * NULL.  Hardly any work if one tree is a copy of the other
 */
FdtNode *fdt_tree_twin(const FdtTree *tree, const FdtNode *node);

/*
 * fdt_node_child: the child of that full name, or of that name without its
 * unit address if @name has none; NULL if there is none
 */
FdtNode *fdt_node_child(const FdtNode *node, const char *name);

/* fdt_node_base_name: name without the unit address; the caller frees */
char *fdt_node_base_name(const FdtNode *node);
/* fdt_node_has_base_name: whether its name without the unit address is @base */
bool fdt_node_has_base_name(const FdtNode *node, const char *base);

/*
 * fdt_node_next: the next node in document order, NULL after the last;
 * starting from the root it visits every node once
 */
FdtNode *fdt_node_next(const FdtNode *node);

/* fdt_node_label: label from /__symbols__ for the node, or NULL */
const char *fdt_node_label(const FdtNode *node);
/*
 * fdt_node_alias: first name in /aliases (3.3) that leads to the node, or
 * NULL.  Hash lookups, both
 */
const char *fdt_node_alias(const FdtNode *node);
/*
 * fdt_node_alias_id: number N of an alias "@stem""N" of the node; false if
 * the node has none of that stem
 */
bool fdt_node_alias_id(const FdtNode *node, const char *stem, unsigned *id);

/**
 * fdt_node_available: `status` (2.3.4) of the node and of all its ancestors
 * is absent, "okay" or "ok"
 */
bool fdt_node_available(const FdtNode *node);
/* fdt_node_enabled: whether its own `status` says so, whatever is above it */
bool fdt_node_enabled(const FdtNode *node);

/*
 * fdt_node_compatible: the @i-th string of `compatible` (2.3.1), most specific
 * first; NULL past the last
 */
const char *fdt_node_compatible(const FdtNode *node, unsigned i);
bool fdt_node_is_compatible(const FdtNode *node, const char *compatible);

/*
 * Properties
 */

const FdtProp *fdt_node_prop(const FdtNode *node, const char *name);
bool fdt_node_has(const FdtNode *node, const char *name);
/* First (or @i-th) cell; false if absent or too short */
bool fdt_node_u32(const FdtNode *node, const char *name, uint32_t *value);
bool fdt_node_u32_index(const FdtNode *node, const char *name, unsigned i,
                        uint32_t *value);
/* A value of one or two cells; false if absent or of another length */
bool fdt_node_u64(const FdtNode *node, const char *name, uint64_t *value);
/*
 * @i-th string of a string list; NULL if absent, unterminated or past the
 * last
 */
const char *fdt_node_string(const FdtNode *node, const char *name, unsigned i);
unsigned fdt_node_num_strings(const FdtNode *node, const char *name);
/* Index of @string in the list; -1 if it is not there */
int fdt_node_string_index(const FdtNode *node, const char *name,
                          const char *string);
/* Number of whole cells; 0 if absent */
unsigned fdt_node_num_cells(const FdtNode *node, const char *name);

/*
 * Addresses (2.3.5 - 2.3.9)
 */

/*
 * The cells that the node's children use; default 2 and 1.  Fails if there are
 * more than 4.  Of a property that is no single cell the first one counts, as
 * in Linux
 */
bool fdt_node_address_cells(const FdtNode *bus, unsigned *cells, Error **errp);
bool fdt_node_size_cells(const FdtNode *bus, unsigned *cells, Error **errp);

typedef struct FdtReg {
    uint32_t cells[4];      /* the address as it stands, first cell first */
    unsigned num_cells;
    uint64_t bus_address;   /* last two cells of the above */
    uint64_t size;          /* 0 if #size-cells is 0 */
    const char *name;       /* from reg-names, or NULL */
    bool mapped;            /* has an address on the root's bus */
    uint64_t address;       /* there; valid if @mapped */
} FdtReg;

/**
 * fdt_node_regs: `reg` of the node, each entry translated to the root's
 * address space through the `ranges` of every bus on the way (2.3.8; absent
 * ranges: not mapped, no error; empty: identity; PCI's 3-cell addresses by the
 * space code).  An entry with size 0 under a bus with #size-cells 0 is never
 * mapped.
 *
 * Returns a GArray of FdtReg, empty if the node has no `reg`; NULL with an
 * error for a length that is no multiple of an entry, cells over the limit, an
 * address outside every range of a bus that has them, or an overflow.
 */
GArray *fdt_node_regs(const FdtNode *node, Error **errp);

/*
 * fdt_node_reg: entry @i of `reg`, which has an address on the root's bus;
 * false with an error if there is none
 */
bool fdt_node_reg(const FdtNode *node, unsigned i, FdtReg *out, Error **errp);
/*
 * fdt_regs_take: the same, from the array that fdt_node_regs() has returned for
 * the node
 */
bool fdt_regs_take(const FdtNode *node, const GArray *regs, unsigned i,
                   FdtReg *out, Error **errp);

typedef struct FdtRange {
    uint32_t flags;         /* PCI: phys.hi of the child's address, else 0 */
    uint64_t child;         /* address on the node's own bus */
    uint64_t parent;        /* address on the parent's bus */
    uint64_t address;       /* the same on the root's bus, if @mapped */
    bool mapped;
    uint64_t size;
} FdtRange;

/*
 * fdt_node_ranges: `ranges` (or `dma-ranges`, by name) of a bus node; a GArray
 * of FdtRange, empty if the property is absent or empty; NULL with an error
 */
GArray *fdt_node_ranges(const FdtNode *bus, const char *name, Error **errp);

/*
 * fdt_node_translate: a bus address of @bus (as its children write it)
 * to the root's bus.  False with an error if it has no translation.
 */
bool fdt_node_translate(const FdtNode *bus, const uint32_t *cells,
                        unsigned num_cells, uint64_t size, uint64_t *address,
                        Error **errp);

/* fdt_node_is_pci_bus: whether its children have PCI addresses (IEEE 1275) */
bool fdt_node_is_pci_bus(const FdtNode *bus);

/*
 * Interrupts (2.4)
 */

typedef struct FdtInterrupt {
    FdtNode *controller;    /* after all nexus nodes; NULL: leads nowhere */
    uint32_t cells[FDT_MAX_CELLS];
    unsigned num_cells;
    const char *name;       /* from interrupt-names, or NULL */
} FdtInterrupt;

/**
 * fdt_node_interrupts: what `interrupts-extended`, or `interrupts` with the
 * inherited `interrupt-parent`, says, each followed through `interrupt-map`
 * (with `interrupt-map-mask`) of any number of nexus nodes to its controller.
 *
 * An entry that cannot be resolved (a phandle that leads to no controller, no
 * matching row in a map) leads nowhere, and the others keep their places; so
 * does an empty entry, the phandle 0.  What follows an entry of which it is not
 * known how many cells it has, cannot be read.  All but empty entries are
 * @findings, which may be NULL.
 *
 * Returns a GArray of FdtInterrupt, empty if the node generates none; NULL with
 * an error for a loop.
 */
GArray *fdt_node_interrupts(const FdtNode *node, FdtFindings *findings,
                            Error **errp);

/**
 * fdt_node_map_interrupt: one step for a child of a nexus that the tree does
 * not list, as a PCI function: unit address @address of @num_address cells and
 * specifier @cells of @num_cells, seen from nexus @nexus
 */
bool fdt_node_map_interrupt(const FdtNode *nexus,
                            const uint32_t *address, unsigned num_address,
                            const uint32_t *cells, unsigned num_cells,
                            FdtInterrupt *out, Error **errp);

/**
 * fdt_node_map_targets: where the rows of a nexus's interrupt-map lead
 *
 * Returns a GArray of FdtInterrupt, one a row, empty if there is no
 * interrupt-map; NULL with an error for a row that is malformed.
 */
GArray *fdt_node_map_targets(const FdtNode *nexus, Error **errp);

/*
 * fdt_node_interrupt_parent: interrupt-parent of the node, inherited; the node
 * itself never counts.  NULL without an error if there is none
 */
FdtNode *fdt_node_interrupt_parent(const FdtNode *node, Error **errp);

/*
 * Lists of phandles with arguments: clocks, gpios, resets, ...
 */

typedef struct FdtPhandleArgs {
    FdtNode *node;          /* NULL for an empty entry (phandle 0) */
    uint32_t args[FDT_MAX_CELLS];
    unsigned num_args;
    const char *name;       /* from @names_prop, or NULL */
} FdtPhandleArgs;

/**
 * fdt_node_phandle_args: the property @name as a list of phandles, each with
 * as many cells as @cells_prop of the node that it leads to says
 * @cells_prop: as "#clock-cells"; NULL for plain phandles
 * @names_prop: as "clock-names"; may be NULL
 *
 * Returns a GArray of FdtPhandleArgs, empty if absent; NULL with an error.
 */
GArray *fdt_node_phandle_args(const FdtNode *node, const char *name,
                              const char *cells_prop, const char *names_prop,
                              Error **errp);

/*
 * fdt_node_target: the node to which cell @i of the property @name, a phandle
 * (2.3.3), leads; NULL if there is no such cell or it leads nowhere
 */
FdtNode *fdt_node_target(const FdtNode *node, const char *name, unsigned i);

/*
 * Nodes that the specification names (chapter 3)
 */

typedef struct FdtMemory {
    FdtNode *node;
    uint64_t address;
    uint64_t size;          /* 0: for the boot loader to fill in */
} FdtMemory;

/*
 * fdt_node_is_memory: whether it is a memory node (3.4): a child of the root
 * with device_type "memory" or, without one, named memory@...  The node /cpus
 * is none, whatever it says
 */
bool fdt_node_is_memory(const FdtNode *node);

/**
 * fdt_tree_memory: every entry of `reg` of the available memory nodes (3.4), in
 * document order
 *
 * A node whose `reg` cannot be read is one of the @findings, which may be NULL.
 * Where an address has one cell, a range may end above 4 GiB, as Linux takes it
 * on 64-bit CPUs.  Returns a GArray of FdtMemory; NULL with an error if there
 * are memory nodes, and `reg` of none of them can be read.
 */
GArray *fdt_tree_memory(const FdtTree *tree, FdtFindings *findings,
                        Error **errp);

/*
 * fdt_tree_cpus: nodes of /cpus with device_type "cpu" or named cpu@...,
 * available ones (status "fail" or "disabled" are not), in document order; a
 * GPtrArray of FdtNode * that the caller frees
 */
GPtrArray *fdt_tree_cpus(const FdtTree *tree);

/*
 * fdt_tree_stdout: the node that /chosen's stdout-path (or linux,stdout-path)
 * names, and its options after the colon if @options is not NULL; NULL if
 * there is none
 */
FdtNode *fdt_tree_stdout(const FdtTree *tree, const char **options);

#endif /* HW_FDT_MACHINE_TREE_H */

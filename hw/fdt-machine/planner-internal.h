/*
 * What the planner's files share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_PLANNER_INTERNAL_H
#define HW_FDT_MACHINE_PLANNER_INTERNAL_H

#include "binding.h"

/* What is known of a node; hangs on FdtNode.opaque while a plan is made */
typedef struct FdtNodeInfo {
    const FdtNode *node;
    const FdtBinding *binding;
    FdtDevice *device;
    FdtVerdict verdict;
    char *reason;
    GArray *regs;               /* of FdtReg; NULL until asked for */
    GArray *interrupts;         /* of FdtInterrupt */
    GArray *told;               /* of FdtGuestProp; NULL: none */
    bool omitted;               /* left out by omit= */
    bool below_device;          /* part of an ancestor's device */
} FdtNodeInfo;

typedef struct FdtMap {
    unsigned region;
    char *region_name;
    uint64_t address;
    uint64_t size;
    char *alias;
    uint64_t offset;
    bool has_priority;
    int priority;
    char *parent;               /* QOM path; NULL: system memory */
} FdtMap;

struct FdtDevice {
    FdtPlanner *planner;
    FdtNode *node;              /* NULL for one that no node asks for */
    const FdtBinding *binding;
    char *type;
    char *id;
    char *qom_path;
    bool described;             /* there already, by a user: no commands */
    FdtDevice *owner;           /* whose part it is */
    char *bus;                  /* of the part: name of its bus */
    FdtRank rank;
    QDict *args;
    GPtrArray *after;           /* of FdtDevice * */
    GArray *maps;               /* of FdtMap */
    unsigned serial;            /* order of creation in the planner */
    unsigned pending;           /* while ordering: devices it waits for */
    GPtrArray *followers;       /* while ordering: who waits for it */
};

typedef struct FdtWire {
    FdtDevice *source;
    char *source_line;
    unsigned n;
    FdtDevice *sink;
    char *sink_line;
    unsigned m;
    const FdtNode *controller;  /* for the report; may be NULL */
} FdtWire;

typedef struct FdtBank {
    FdtNode *node;
    unsigned reg;               /* number of the entry of its reg */
    const FdtMemoryConfig *backend;     /* of the user, or NULL */
    char *memdev;               /* id of the backend that it gets */
    uint64_t address;
    uint64_t size;
    uint64_t tree_size;
} FdtBank;

/* A link of a device to RAM, which is planned last */
typedef struct FdtRamLink {
    FdtDevice *device;
    const char *name;
} FdtRamLink;

typedef struct FdtBlock {
    uint64_t address;
    uint64_t size;
} FdtBlock;

typedef struct FdtEdit {
    const char *rule;
    char *path;
    char *property;
    char *text;
} FdtEdit;

typedef struct FdtBackend {
    const char *kind;
    char *id;
    char *path;                 /* NULL: stayed unmatched */
} FdtBackend;

typedef struct FdtStep {
    QDict *command;
    char *path;
} FdtStep;

/* A slot for a card: which device takes it, and where its bus is */
typedef struct FdtCardSlot {
    FdtDevice *device;
    FdtDevice *bus;
} FdtCardSlot;

struct FdtPlanner {
    FdtTree *tree;              /* a copy, to which nodes may be added */
    const FdtPlanConfig *config;
    GHashTable *bindings;       /* compatible -> const FdtBinding * */
    GHashTable *ids;            /* set of ids in use */
    GPtrArray *infos;           /* of FdtNodeInfo *, in document order */
    GPtrArray *devices;         /* of FdtDevice *, in order of planning */
    GPtrArray *cpus;            /* of FdtDevice * */
    GPtrArray *cpu_nodes;       /* of FdtNode *: those that are built */
    unsigned page_bits;         /* address bits of the smallest page */
    GPtrArray *wires;           /* of FdtWire * */
    GArray *banks;              /* of FdtBank */
    GArray *ram_links;          /* of FdtRamLink */
    GArray *slots;              /* of FdtCardSlot */
    GPtrArray *added;           /* of FdtNode *: those that virtio= adds */
    GPtrArray *backends;        /* of FdtBackend * */
    GHashTable *specifiers;     /* controller -> GPtrArray of FdtInterrupt */
    const char *psci;
    bool psci_added;            /* the guest's tree gets it by a rule */
    FdtBoot boot;
    bool *drive_used;
    bool *nic_used;
    unsigned next_nic;
    FdtPlan *plan;
};

struct FdtPlan {
    char *file;
    GPtrArray *steps;           /* of FdtStep * */
    GPtrArray *edits;           /* of FdtEdit * */
    FdtTree *guest;
    QDict *report;
    unsigned num_nics, num_drives;
    bool *nic_used;
    bool *drive_used;
};

/* The info of a node of the planned tree */
FdtNodeInfo *fdt_node_info(const FdtNode *node);

/* fdt_node_is_memory: whether it is a memory node (3.4) */
bool fdt_node_is_memory(const FdtNode *node);

/* fdt_info_set_verdict: @reason may be NULL */
void fdt_info_set_verdict(FdtNodeInfo *info, FdtVerdict verdict,
                          const char *reason, ...) G_GNUC_PRINTF(3, 4);

/* fdt_device_new: @node may be NULL, @suffix too */
FdtDevice *fdt_device_new(FdtPlanner *planner, FdtNode *node,
                          const char *type, const char *suffix, FdtRank rank);
void fdt_device_free(FdtDevice *device);

/* fdt_info_regs, fdt_info_interrupts: resolved once; NULL with an error */
GArray *fdt_info_regs(FdtNodeInfo *info, Error **errp);
GArray *fdt_info_interrupts(FdtNodeInfo *info, Error **errp);

/*
 * fdt_planner_name_backends: to which bank of planner->banks each of the user's
 * memory backends that names a node belongs; a bank without a size has that of
 * its backend.  To be called when the tree was read
 *
 * fdt_planner_check_backends: the same for a backend that names none, and
 * whether all have the size of their bank.  To be called when sizes are settled
 */
bool fdt_planner_name_backends(FdtPlanner *planner, Error **errp);
bool fdt_planner_check_backends(FdtPlanner *planner, Error **errp);
/* Memory banks: from the tree and -m; fills planner->banks */
bool fdt_planner_memory(FdtPlanner *planner, Error **errp);
/*
 * A bank where the tree, which has no memory node, leaves room; adds to
 * planner->banks, with the root as its node
 */
bool fdt_planner_place_memory(FdtPlanner *planner, Error **errp);
/*
 * The transports of virtio=, as nodes at the end of planner->tree; after
 * fdt_planner_memory(), before the interrupt controllers count their lines
 */
bool fdt_planner_virtio(FdtPlanner *planner, Error **errp);
/*
 * Room for nodes that are added: 64 KiB below 4 GiB, as large as the largest
 * page of an Arm kernel, so that no page that the guest maps has anything else
 * on it
 */
#define FDT_BLOCK_SIZE (64 * 1024)
bool fdt_planner_find_block(const FdtPlanner *planner, uint64_t *address);
/* fdt_planner_set_reg: false if the parent has no cells for it */
bool fdt_planner_set_reg(FdtNode *node, const FdtBlock *blocks, unsigned num);
/*
 * What stands in for an interrupt controller and timers without a model; when
 * all nodes are matched
 */
bool fdt_planner_substitute(FdtPlanner *planner, Error **errp);
/*
 * fdt_node_names_timer: by the generic name of such nodes, or by what its
 * binding is called
 */
bool fdt_node_names_timer(const FdtNode *node);
/* fdt_planner_attach: the info of a node that was added to planner->tree */
FdtNodeInfo *fdt_planner_attach(FdtPlanner *planner, FdtNode *node);
/* fdt_planner_match_node: which binding the node has, and its verdict */
void fdt_planner_match_node(FdtPlanner *planner, FdtNodeInfo *info);
/*
 * fdt_planner_change_cpu: another CPU than the tree's, by its compatible; false
 * if this binary does not have it
 */
bool fdt_planner_change_cpu(FdtPlanner *planner, FdtNodeInfo *info,
                            const char *compatible, const char *why);
/* fdt_planner_note_backend: for the report; no @node: nobody takes it */
void fdt_planner_note_backend(FdtPlanner *planner, const char *kind,
                              const char *id, const FdtNode *node);
/* fdt_planner_plan_node: all that its binding's data says, once attached */
bool fdt_planner_plan_node(FdtPlanner *planner, FdtNodeInfo *info,
                           Error **errp);
/* fdt_interrupt_pass_on: skips controllers whose binding passes lines on */
void fdt_interrupt_pass_on(FdtInterrupt *interrupt);
/* Stubs for what has no model; after fdt_planner_memory() */
bool fdt_planner_stubs(FdtPlanner *planner, Error **errp);
/* Whether QEMU can map that many regions; after fdt_planner_stubs() */
bool fdt_planner_check_sections(FdtPlanner *planner, Error **errp);
/* Or-irq and split-irq where lines meet */
bool fdt_planner_join_wires(FdtPlanner *planner, Error **errp);
/* Order the devices and write the commands */
bool fdt_planner_emit(FdtPlanner *planner, Error **errp);
/* Whether guest-rules= leaves the rule on */
bool fdt_planner_has_rule(const FdtPlanner *planner, const char *name);
/* The guest's tree, by the table of rules */
bool fdt_planner_guest_tree(FdtPlanner *planner, Error **errp);
/* The boot device, if there is something to boot */
bool fdt_planner_boot_device(FdtPlanner *planner, Error **errp);
/* The report */
void fdt_planner_report(FdtPlanner *planner);

/*
 * fdt_binding_index: every row of every table by its compatible; the caller
 * unrefs
 */
GHashTable *fdt_binding_index(void);

/* fdt_plan_edit: record an edit of the guest's tree */
void fdt_plan_edit(FdtPlan *plan, const char *rule, const FdtNode *node,
                   const char *property, const char *fmt, ...)
                   G_GNUC_PRINTF(5, 6);

#endif /* HW_FDT_MACHINE_PLANNER_INTERNAL_H */

/*
 * From a device tree to an ordered list of QMP commands
 *
 * The planner is a pure function: tree, configuration and binding tables in;
 * commands, one verdict per node, and the tree that the guest gets out.  It
 * creates no device; the executor hands the commands to the QMP dispatcher.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_PLANNER_H
#define HW_FDT_MACHINE_PLANNER_H

#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "../bindings/binding.h"

typedef struct FdtPlan FdtPlan;

/* What happens to the nodes that no binding knows */
typedef enum FdtUnmatched {
    FDT_UNMATCHED_STUB,     /* an unimplemented-device answers for them */
    FDT_UNMATCHED_ERROR,    /* the load fails, with a list of them */
    FDT_UNMATCHED_IGNORE,   /* nothing answers for them */
} FdtUnmatched;

/* Backends of the command line, in the order in which they were given */
typedef struct FdtNicConfig {
    const char *netdev;     /* id of the netdev */
    const char *mac;        /* "52:54:..." or NULL */
} FdtNicConfig;

typedef struct FdtDriveConfig {
    const char *id;         /* name of the block backend */
    const char *interface;  /* "sd", "pflash", "mtd", "scsi", "ide" ... */
    int bus;
    int unit;
} FdtDriveConfig;

/* RAM that the user has made for a bank of the tree */
typedef struct FdtMemoryConfig {
    const char *node;       /* path or alias; NULL: of the only bank */
    int reg;                /* number of the entry of reg; -1: the only one */
    const char *memdev;     /* id of the memory backend */
    uint64_t size;          /* in bytes */
} FdtMemoryConfig;

typedef struct FdtPlanConfig {
    unsigned cpus;              /* 0: as many as the tree has */
    /* Address bits of the smallest page of a CPU; 0: as the tree's CPUs have */
    unsigned page_bits;
    uint64_t ram_size;          /* in bytes; 0: as the tree says */
    const FdtMemoryConfig *memory;
    unsigned num_memory;
    const char *mem_path;       /* file of the only bank, or NULL */
    const char *cpu_type;       /* QOM type instead of the tree's, or NULL */
    const char *kernel;         /* file names, NULL if not given */
    bool aarch32;               /* the kernel is for AArch32 state */
    const char *initrd;
    const char *append;
    const char *firmware;
    const char *dtb;            /* overrides the tree that the guest gets */
    /*
     * chardev ids, by index, NULL-terminated; an empty string is a `-serial
     * none`
     */
    char *const *serials;
    const FdtNicConfig *nics;
    unsigned num_nics;
    const FdtDriveConfig *drives;
    unsigned num_drives;
    FdtUnmatched unmatched;
    bool strict;                /* refuse a tree with findings */
    char *const *omit;          /* node paths to leave out; NULL-terminated */
    unsigned virtio;            /* virtio-mmio transports to add */
    /*
     * Audio backend: its id, "" for the default one, NULL if there is none; a
     * NULL function: the default one.  Called only if a device needs it
     */
    const char *(*audiodev)(void);
    /*
     * Rules for the guest's tree, NULL-terminated: "-NAME" switches one off,
     * "NAME" on again, the last word about a rule counts; NULL: all are on
     */
    char *const *guest_rules;
    /* Whether this binary has the QOM type; NULL: it has all */
    bool (*has_type)(const char *type);
    /* Whether a user has taken this id; NULL: none is taken */
    bool (*id_taken)(const char *id);
    /*
     * QOM type of the device that a user has added with this id, or NULL; a
     * NULL function: there are none
     */
    const char *(*device_type)(const char *id);
} FdtPlanConfig;

/* fdt_verdict_name: as the schema spells it: "modelled", "stub", ... */
const char *fdt_verdict_name(FdtVerdict verdict);

/**
 * fdt_plan_new: plan the machine that a tree describes
 * @tree: stays the caller's; not changed
 * @config: as the command line gave it
 *
 * What is wrong with the tree and costs no more than a device or an interrupt
 * is one of the plan's findings.  Returns NULL with an error that names file,
 * node and property.  The order of the commands is deterministic; it is part of
 * the migration format.
 */
FdtPlan *fdt_plan_new(FdtTree *tree, const FdtPlanConfig *config,
                      Error **errp);
void fdt_plan_free(FdtPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdtPlan, fdt_plan_free)

/* fdt_plan_num_steps: how many commands there are */
unsigned fdt_plan_num_steps(const FdtPlan *plan);
/* fdt_plan_command: the @i-th, {"execute": ..., "arguments": ...}; borrowed */
QDict *fdt_plan_command(const FdtPlan *plan, unsigned i);
/* fdt_plan_path: path of the node that command @i is for; "" for none */
const char *fdt_plan_path(const FdtPlan *plan, unsigned i);

/*
 * fdt_plan_to_qmp: the commands as text, one JSON object a line, that a QMP
 * client can send from the machine `none`; the caller frees
 */
char *fdt_plan_to_qmp(const FdtPlan *plan);

/*
 * fdt_plan_report: what was done with every node and why, and every edit of
 * the guest's tree, in the form of the schema's FdtMachineInfo; the caller
 * unrefs
 */
QDict *fdt_plan_report(const FdtPlan *plan);

/* Room in the guest's tree for what boot code adds to it, in bytes */
#define FDT_BOOT_PADDING (16 * 1024)

/*
 * fdt_plan_guest_tree: the tree that the guest gets; borrowed.  What is changed
 * later, by fdt_plan_change(), does not show in the commands
 */
const FdtTree *fdt_plan_guest_tree(const FdtPlan *plan);

/* What a user did by QMP to a device of the plan */
typedef enum FdtChangeKind {
    FDT_CHANGE_MOVED,       /* a region is at another address */
    FDT_CHANGE_UNMAPPED,    /* a region is mapped nowhere */
    FDT_CHANGE_REWIRED,     /* an output leads to another input */
} FdtChangeKind;

typedef struct FdtChange {
    FdtChangeKind kind;
    const char *path;       /* of the device's node */
    uint64_t from;          /* address, or number of the input, before */
    uint64_t to;            /* and now; of no meaning for an unmapped region */
    const char *line;       /* the output, as "sysbus-irq[0]" */
    const char *controller; /* path of the node whose input it is, or NULL */
} FdtChange;

/**
 * fdt_plan_change: have the guest's tree say what a user has changed, as far as
 * guest-rules= leaves the rule for it on
 *
 * Returns false if the properties of the node cannot say it.
 */
bool fdt_plan_change(FdtPlan *plan, const FdtChange *change);

/*
 * fdt_plan_edits: how the guest's tree differs from the one that was loaded, as
 * it is now, in the form of a list of the schema's FdtMachineEdit; the caller
 * unrefs
 */
QList *fdt_plan_edits(const FdtPlan *plan);
/* fdt_plan_num_edits: how many these are */
unsigned fdt_plan_num_edits(const FdtPlan *plan);

/*
 * fdt_guest_rule: name of the @i-th rule for the guest tree, its reason in
 * words; NULL after the last one; "all" stands for every rule in
 * FdtPlanConfig.guest_rules
 */
const char *fdt_guest_rule(unsigned i, const char **reason);

/* fdt_plan_nic_used: whether a node took that backend */
bool fdt_plan_nic_used(const FdtPlan *plan, unsigned i);

/*
 * fdt_tree_page_bits: address bits of the smallest page of any CPU of the tree:
 * 10 if there is one of ARMv5 or ARMv6, which have pages of 1 KiB, else 12
 */
unsigned fdt_tree_page_bits(const FdtTree *tree);

#endif /* HW_FDT_MACHINE_PLANNER_H */

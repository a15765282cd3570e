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
    FDT_UNMATCHED_POLL,     /* a polled-registers does, as firmware waits */
    FDT_UNMATCHED_ERROR,    /* the load fails, with a list of them */
    FDT_UNMATCHED_IGNORE,   /* nothing answers for them */
} FdtUnmatched;

/* Backends of the command line, in the order in which they were given */
typedef struct FdtNicConfig {
    const char *netdev;     /* id of the netdev */
    const char *mac;        /* "52:54:..." or NULL */
    bool virtio;            /* its model is virtio's, which no node takes */
    bool implied;           /* nobody has asked for it: QEMU's default */
} FdtNicConfig;

typedef struct FdtDriveConfig {
    const char *id;         /* name of the block backend */
    /*
     * "sd", "pflash", "mtd", "scsi", "ide" ...; FDT_DRIVE_ANY: the user has
     * not said it
     */
    const char *interface;
    int bus;
    int unit;
    bool cdrom;
} FdtDriveConfig;

/* A drive without if=: a disk at whatever takes one, or behind virtio */
#define FDT_DRIVE_ANY "any"

/* A -device that sits on a virtio transport */
typedef struct FdtVirtioConfig {
    const char *driver;     /* as it was typed: "virtio-blk-device" */
    bool pci;               /* on PCI instead, where the tree has a host */
} FdtVirtioConfig;

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
    bool aarch64;               /* the kernel is for AArch64 state */
    const char *initrd;
    const char *append;
    const char *firmware;
    const uint64_t *firmware_addr;  /* where it goes; NULL: the planner says */
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
    const FdtVirtioConfig *virtio_devices;
    unsigned num_virtio_devices;
    /* Nobody adds devices later: a drive that no node takes is an error */
    bool complete;
    FdtUnmatched unmatched;
    bool strict;                /* refuse a tree with findings */
    char *const *omit;          /* node paths to leave out; NULL-terminated */
    /* paths of nodes that have to be modelled; NULL-terminated */
    char *const *require;
    unsigned virtio;            /* virtio-mmio transports to add, at least */
    /*
     * Rules for the guest's tree, NULL-terminated: "-NAME" switches one off,
     * "NAME" on again, the last word about a rule counts; NULL: all are on
     */
    char *const *guest_rules;
    /*
     * Trees whose /qemu,bindings hold in addition to the planned tree's own,
     * NULL-terminated; NULL: there are none
     */
    FdtTree *const *bindings;
    /*
     * What the planner asks QEMU.  Each function gets @opaque, and may be left
     * out: a NULL function stands for the answer that is given with it
     */
    /* Whether this binary has the QOM type; NULL: it has all */
    bool (*has_type)(const char *type, void *opaque);
    /*
     * Whether the QOM type is the type @base or derived from it; a NULL
     * function: that is not known
     */
    bool (*is_a)(const char *type, const char *base, void *opaque);
    /*
     * QOM type of the property @name of a device of that type, as "uint32" or
     * "link<irq>"; NULL: it has none; "": that is not known, as with a NULL
     * function
     */
    const char *(*property_type)(const char *type, const char *name,
                                 void *opaque);
    /* Whether a user has taken this id; NULL: none is taken */
    bool (*id_taken)(const char *id, void *opaque);
    /*
     * QOM type of the device that a user has added with this id, or NULL if
     * there is no such device; NULL: there are none
     */
    const char *(*device_type)(const char *id, void *opaque);
    /*
     * Audio backend: its id, "" for the default one, NULL if there is none;
     * NULL: the default one.  Called only if a device needs it
     */
    const char *(*audiodev)(void *opaque);
    void *opaque;
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

/*
 * Steps: the QMP commands of a plan, and what takes them back
 */

/* What a step does */
typedef enum FdtStepKind {
    FDT_STEP_SET,           /* qom-set: a property of the machine */
    FDT_STEP_ADD_OBJECT,    /* object-add: a memory backend */
    FDT_STEP_ADD_DEVICE,    /* device_add */
    FDT_STEP_MAP,           /* sysbus-mmio-map: a region of a device */
    FDT_STEP_CONNECT,       /* qom-set: an output leads to an input */
    /* What takes back ADD_OBJECT, MAP and CONNECT; no plan has any of them */
    FDT_STEP_DELETE_OBJECT, /* object-del */
    FDT_STEP_UNMAP,         /* sysbus-mmio-unmap */
    FDT_STEP_DISCONNECT,    /* qom-set: the output leads nowhere */
} FdtStepKind;

/* A command; with references to it, as it may outlive its plan */
typedef struct FdtStep {
    unsigned refs;
    FdtStepKind kind;
    char *path;             /* of the node that it is for; "" for none */
    char *subject;          /* what it works on, for messages: "pl011/uart" */
    char *id;               /* of the device or object that it adds, or NULL */
    char *type;             /* QOM type of that, or NULL */
    /*
     * The device that it adds does nothing once it is neither mapped nor
     * connected: to be without one, that is enough
     */
    bool inert;
    bool boots;             /* it adds the boot device, which comes last */
    QDict *command;         /* {"execute": ..., "arguments": ...} */
} FdtStep;

/* fdt_step_ref: takes a reference, and returns @step; unref: drops one */
FdtStep *fdt_step_ref(FdtStep *step);
void fdt_step_unref(FdtStep *step);
/* fdt_step_args: the arguments of its command; borrowed */
QDict *fdt_step_args(const FdtStep *step);
/* fdt_step_summary: "device_add pl011/uart", for messages; the caller frees */
char *fdt_step_summary(const FdtStep *step);
/*
 * fdt_step_hash, fdt_step_equal: for a GHashTable of steps; two of them are
 * equal if they are of one kind and their commands have the same arguments
 */
guint fdt_step_hash(gconstpointer step);
gboolean fdt_step_equal(gconstpointer a, gconstpointer b);
/**
 * fdt_step_inverse: the step that takes back what this one does
 *
 * NULL if there is none.  A device stays: QEMU has no device_del before the
 * machine is complete, and most models cannot be unrealized.  A property of the
 * machine stays until it is set again.  The caller drops the reference.
 */
FdtStep *fdt_step_inverse(const FdtStep *step);

/* fdt_step_takes_back: whether it is the inverse of another one */
bool fdt_step_takes_back(const FdtStep *step);

/* fdt_plan_num_steps: how many steps there are */
unsigned fdt_plan_num_steps(const FdtPlan *plan);
/* fdt_plan_step: the @i-th; borrowed */
FdtStep *fdt_plan_step(const FdtPlan *plan, unsigned i);
/*
 * fdt_plan_boot_step: the one that adds the boot device, or NULL; borrowed.
 * Until it is carried out, its arguments may be changed
 */
FdtStep *fdt_plan_boot_step(const FdtPlan *plan);

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
 * fdt_plan_wants_mmio: whether those of FdtPlanConfig.virtio_devices that could
 * sit on PCI have a transport instead
 */
bool fdt_plan_wants_mmio(const FdtPlan *plan);

/*
 * fdt_tree_page_bits: address bits of the smallest page of any CPU of the tree:
 * 10 if there is one of ARMv5 or ARMv6, which have pages of 1 KiB, else 12
 */
unsigned fdt_tree_page_bits(const FdtTree *tree);

#endif /* HW_FDT_MACHINE_PLANNER_H */

/*
 * What the planner's files share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_PLAN_STATE_H
#define HW_FDT_MACHINE_PLAN_STATE_H

#include "qemu/units.h"
#include "../tree/journal.h"
#include "api.h"

/* What is known of a node; hangs on FdtNode.opaque while a plan is made */
typedef struct FdtNodeInfo {
    const FdtNode *node;
    const FdtBinding *binding;
    const FdtNode *user_binding;    /* below /qemu,bindings, or NULL */
    FdtDevice *device;
    bool matched;               /* with the rows; else @verdict is not set */
    FdtVerdict verdict;
    char *reason;
    GArray *regs;               /* of FdtReg; NULL until asked for */
    GArray *interrupts;         /* of FdtInterrupt */
    GArray *guest_props;        /* of FdtGuestProp, by hooks; NULL: none */
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
    bool exact;                 /* the region has just that size */
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
    bool left_out;              /* it was to be built, and is not */
    bool described;             /* there already, by a user: no commands */
    bool inert;                 /* as FdtStep.inert says */
    FdtSlot slot;               /* which backend it takes */
    bool silent;                /* its model has no output for interrupts */
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

/* What is mapped in system memory, or shall be */
typedef struct FdtRegion {
    uint64_t address;
    uint64_t size;
    FdtNodeInfo *info;          /* whose registers they are, or NULL */
} FdtRegion;

typedef struct FdtWireEnd {
    FdtDevice *device;
    char *line;
    unsigned index;             /* of the line */
} FdtWireEnd;

typedef struct FdtWire {
    FdtWireEnd source;          /* an output */
    FdtWireEnd sink;            /* an input */
    bool after_shared;          /* the sink's as FdtInput.after_shared says */
    FdtInterrupt interrupt;     /* that means the sink; or no controller */
} FdtWire;

/* What a node says of an output: the specifier of the input it leads to */
typedef struct FdtSpecifier {
    char *path;                 /* of the node */
    char *line;                 /* the output, as "sysbus-irq[0]" */
    char *controller;           /* path of the node that has the input */
    uint32_t cells[FDT_MAX_CELLS];
    unsigned num_cells;
    unsigned number_cell;       /* index of the cell that is the input's */
} FdtSpecifier;

typedef struct FdtBank {
    FdtNode *node;
    unsigned reg;               /* number of the entry of its reg */
    const FdtMemoryConfig *backend;     /* of the user, or NULL */
    char *memdev;               /* id of the backend that it gets */
    uint64_t address;
    uint64_t size;
    uint64_t tree_size;
    bool has_priority;          /* it lies in what a device has as well */
    int priority;
} FdtBank;

/* A link of a device to RAM, which is planned last */
typedef struct FdtRamLink {
    FdtDevice *device;
    const char *name;
    const FdtNode *memory;      /* its first bank; NULL: the lowest of all */
} FdtRamLink;

/* Where a part of RAM is seen once more (qemu,alias-of) */
typedef struct FdtRamAlias {
    char *name;
    uint64_t address;
    uint64_t size;
    uint64_t target;            /* where the RAM is */
} FdtRamAlias;

typedef struct FdtBlock {
    uint64_t address;
    uint64_t size;
} FdtBlock;

typedef struct FdtBackend {
    const char *kind;
    char *id;
    char *path;                 /* NULL: stayed unmatched */
} FdtBackend;

/* A slot for a card: which device takes it, and where its bus is */
typedef struct FdtCardSlot {
    FdtDevice *device;
    FdtDevice *bus;
} FdtCardSlot;

struct FdtPlanner {
    /*
     * The planned tree: that of the journal until all is planned, then
     * @planned, while the journal goes on with a copy for the guest
     */
    FdtTree *tree;
    FdtTree *planned;
    const FdtTree *given;       /* as it was loaded */
    FdtJournal *journal;
    uint64_t rules;             /* those that are on */
    const FdtPlanConfig *config;
    GHashTable *bindings;       /* compatible -> const FdtBinding * */
    GHashTable *user_bindings;  /* compatible -> const FdtNode * */
    GHashTable *user_reads;     /* those without a type: likewise */
    GHashTable *addresses;      /* bus and address -> FdtDevice * */
    GHashTable *ids;            /* set of ids in use */
    GPtrArray *infos;           /* of FdtNodeInfo *, in document order */
    GPtrArray *devices;         /* of FdtDevice *, in order of planning */
    GPtrArray *cpus;            /* of FdtDevice * */
    GPtrArray *cpu_nodes;       /* of FdtNode *: those that are built */
    unsigned page_bits;         /* address bits of the smallest page */
    GPtrArray *wires;           /* of FdtWire * */
    GArray *map_starts;         /* of uint64_t, in order; see steps.c */
    GArray *banks;              /* of FdtBank */
    GArray *ram_links;          /* of FdtRamLink */
    GArray *ram_aliases;        /* of FdtRamAlias */
    GArray *slots;              /* of FdtCardSlot */
    GPtrArray *added;           /* of FdtNode *: those that virtio= adds */
    GPtrArray *backends;        /* of FdtBackend * */
    GHashTable *specifiers;     /* controller -> GPtrArray of FdtInterrupt */
    FdtDevice *secure_memory;   /* as the secure world sees it; NULL: none */
    bool psci_added;            /* the guest's tree gets it by a rule */
    FdtBoot boot;
    bool *drive_used;
    bool *nic_used;
    GHashTable *interfaces;     /* set of those that nodes take drives of */
    GPtrArray *warnings;        /* of char *: what the user has to know */
    FdtPlan *plan;
};

struct FdtPlan {
    char *file;
    FdtFindings *findings;
    GPtrArray *steps;           /* of FdtStep * */
    FdtJournal *journal;        /* of the guest's tree */
    GPtrArray *specifiers;      /* of FdtSpecifier *: those that can follow */
    uint64_t rules;             /* those that are on */
    QDict *report;
    unsigned num_nics, num_drives;
    bool wants_mmio;            /* as fdt_plan_wants_mmio() says */
    bool *nic_used;
    bool *drive_used;
};

/*
 * state.c: what is known of a node of the planned tree
 */

FdtNodeInfo *fdt_node_info(const FdtNode *node);
/* fdt_planner_attach: the info of a node that was added to planner->tree */
FdtNodeInfo *fdt_planner_attach(FdtPlanner *planner, FdtNode *node);
/* fdt_info_set_verdict: a NULL @reason leaves the one that is set */
void fdt_info_set_verdict(FdtNodeInfo *info, FdtVerdict verdict,
                          const char *reason, ...) G_GNUC_PRINTF(3, 4);
/*
 * fdt_info_regs, fdt_info_interrupts: resolved once; NULL with an error.  An
 * interrupt that leads nowhere has no controller
 */
GArray *fdt_info_regs(FdtNodeInfo *info, Error **errp);
GArray *fdt_info_interrupts(FdtNodeInfo *info, Error **errp);
/* fdt_interrupt_forward: on to where controllers whose row forwards lead */
void fdt_interrupt_forward(FdtInterrupt *interrupt);
/* fdt_device_cpu_role: what kind of CPU it is; never NULL */
const FdtCpuRole *fdt_device_cpu_role(const FdtDevice *cpu);
/* fdt_cpu_arch_is_32bit: whether it is one of Arm's without a 64-bit state */
bool fdt_cpu_arch_is_32bit(FdtCpuArch arch);
/* fdt_planner_cpu_arch: the architecture of the boot CPU */
FdtCpuArch fdt_planner_cpu_arch(const FdtPlanner *planner);
/* fdt_device_is_arm_cpu: whether it is of the Arm architecture, of any age */
bool fdt_device_is_arm_cpu(const FdtDevice *cpu);
/*
 * fdt_planner_warn: what the user has to know of the machine, once, in the form
 * of all messages, `FILE: PATH: TEXT`
 */
void fdt_planner_warn(FdtPlanner *planner, const FdtNode *node,
                      const char *fmt, ...) G_GNUC_PRINTF(3, 4);
/*
 * fdt_planner_audiodev: the audio backend: its id, "" for the default one,
 * NULL if there is none
 */
const char *fdt_planner_audiodev(const FdtPlanner *planner);

/* fdt_planner_init, fdt_planner_clear: before and after a plan is made */
void fdt_planner_init(FdtPlanner *planner, FdtTree *tree,
                      const FdtPlanConfig *config);
void fdt_planner_clear(FdtPlanner *planner);

/*
 * match.c: which row of the tables a node is bound to
 */

/*
 * fdt_planner_find_binding: the first row, in the order of `compatible`, that
 * this binary can use, or NULL; @unusable: the first that it cannot, or NULL.
 * @user: where the user's bindings come before the rows of the same string: the
 * node of the one that was found, whose row is fdt_binding_qemu, or NULL
 */
const FdtBinding *fdt_planner_find_binding(const FdtPlanner *planner,
                                           const FdtNode *node,
                                           const FdtNode **user,
                                           const FdtBinding **unusable);
/* fdt_planner_bind_node: the row is that of the node, which gets its device */
void fdt_planner_bind_node(FdtPlanner *planner, FdtNodeInfo *info,
                           const FdtBinding *binding);
/* fdt_planner_match_node: which row the node has, and its first verdict */
void fdt_planner_match_node(FdtPlanner *planner, FdtNodeInfo *info);
/*
 * fdt_planner_match_nodes: the same for all nodes but those of CPUs, which
 * fdt_planner_plan_cpus() has bound
 */
bool fdt_planner_match_nodes(FdtPlanner *planner, Error **errp);

/*
 * user-bindings.c: bindings by compatible that no table has
 */

/* The node below the root whose child nodes they are */
#define FDT_USER_BINDINGS "qemu,bindings"

/*
 * Those of the tree that was loaded, and of the configuration's:
 * planner->user_bindings
 */
bool fdt_planner_read_bindings(FdtPlanner *planner, Error **errp);
/* fdt_node_is_user_binding: whether the node is one of them */
bool fdt_node_is_user_binding(const FdtNode *node);

/*
 * cpus.c
 */

/*
 * fdt_planner_choose_cpus: which CPUs are built: those of the tree, or as many
 * of them as -smp says
 */
bool fdt_planner_choose_cpus(FdtPlanner *planner, Error **errp);
/* fdt_planner_plan_cpus: a device for each of them */
bool fdt_planner_plan_cpus(FdtPlanner *planner, Error **errp);
/*
 * fdt_planner_choose_page_bits: set planner->page_bits: as the user said, or as
 * the CPUs need it.  An error if a CPU has smaller pages than the user said
 */
bool fdt_planner_choose_page_bits(FdtPlanner *planner, Error **errp);
/*
 * fdt_planner_change_cpu: another CPU than the tree's, by its compatible; false
 * if this binary does not have it
 */
bool fdt_planner_change_cpu(FdtPlanner *planner, FdtNodeInfo *info,
                            const char *compatible, const char *why);
/*
 * fdt_planner_find_enable_method: set planner->boot.secondary, which says how
 * secondary CPUs wait, by what hooks and the tree say; it stays NULL if neither
 * says it, for the rule enable-method to settle
 */
bool fdt_planner_find_enable_method(FdtPlanner *planner, Error **errp);
/*
 * fdt_planner_settle_enable_method: if it is still NULL then, nothing starts
 * the secondary CPUs
 */
bool fdt_planner_settle_enable_method(FdtPlanner *planner, Error **errp);

/*
 * apply.c: what rows and their hooks say
 */

/* fdt_planner_plan_node: all that its row's data says, once it is attached */
bool fdt_planner_plan_node(FdtPlanner *planner, FdtNodeInfo *info,
                           Error **errp);
/* The same for all devices, and their hooks */
bool fdt_planner_run_plan_hooks(FdtPlanner *planner, Error **errp);
bool fdt_planner_apply_data(FdtPlanner *planner, Error **errp);
bool fdt_planner_connect(FdtPlanner *planner, Error **errp);
bool fdt_planner_run_finish_hooks(FdtPlanner *planner, Error **errp);

/*
 * secure.c: what is there for the secure world alone
 */

/* Whether firmware starts in EL3 and finds something there; CPUs are planned */
bool fdt_planner_find_secure_world(FdtPlanner *planner, Error **errp);
/* fdt_planner_is_secure: whether the node is built for that world alone */
bool fdt_planner_is_secure(const FdtPlanner *planner, const FdtNode *node);
/* What is secure is mapped where that world alone sees it */
bool fdt_planner_map_secure(FdtPlanner *planner, Error **errp);

/*
 * lost.c: what the tree says of a device does not suffice to build it
 */

/*
 * fdt_planner_lose_device: the device, and what else was planned for its node,
 * is not built; @err, which is freed, becomes a finding.  False with that error
 * if no machine can do without the device
 */
bool fdt_planner_lose_device(FdtPlanner *planner, FdtDevice *device,
                             Error *err, Error **errp);
/*
 * fdt_planner_drop_left_out: nothing is left that needs a device that was to be
 * built, and is not.  False with an error if no machine can do without what
 * needs it
 */
bool fdt_planner_drop_left_out(FdtPlanner *planner, Error **errp);

/*
 * device.c, connect.c, wires.c
 */

/*
 * fdt_controller_input: the input of a controller with the role for interrupts
 * that a specifier means (FdtInputFunc)
 */
bool fdt_controller_input(FdtPlanner *planner, FdtDevice *controller,
                          const FdtInterrupt *interrupt, unsigned cpu,
                          FdtInput *out, Error **errp);

/* fdt_device_new: @node may be NULL, @suffix too */
FdtDevice *fdt_device_new(FdtPlanner *planner, FdtNode *node,
                          const char *type, const char *suffix, FdtRank rank);
void fdt_device_free(FdtDevice *device);
/* Or-irq and split-irq where lines meet */
bool fdt_planner_join_wires(FdtPlanner *planner, Error **errp);
/*
 * plan->specifiers: of the wires that lead to the very input that their
 * specifier has the number of; when gates are there
 */
bool fdt_planner_note_specifiers(FdtPlanner *planner, Error **errp);

/*
 * assign-backends.c: serial ports, networks and cards of the command line
 */

bool fdt_planner_assign_backends(FdtPlanner *planner, Error **errp);
/*
 * fdt_planner_wants_serial: whether the user has given a -serial that is to be
 * a port of the machine
 */
bool fdt_planner_wants_serial(const FdtPlanner *planner);
/* fdt_planner_note_backend: for the report; no @node: nobody takes it */
void fdt_planner_note_backend(FdtPlanner *planner, const char *kind,
                              const char *id, const FdtNode *node);
/* The report tells of those that no node takes; when hooks have taken theirs */
bool fdt_planner_note_unmatched(FdtPlanner *planner, Error **errp);

/*
 * memory.c, memory-backends.c
 */

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

/*
 * Memory banks, from the tree and -m, or where the tree, which has no memory
 * node, leaves room; fills planner->banks
 */
bool fdt_planner_memory(FdtPlanner *planner, Error **errp);

/*
 * regions.c, free-addresses.c
 */

/* By address, and the largest first: to sort a GArray of FdtRegion */
int fdt_region_compare(const void *a, const void *b);
/*
 * fdt_planner_regions: what the planned devices have mapped in system memory,
 * sorted; a GArray of FdtRegion
 */
GArray *fdt_planner_regions(const FdtPlanner *planner);
/*
 * fdt_planner_find_block: room below 4 GiB for nodes that are added, @size
 * bytes or, if that is more, FDT_BLOCK_SIZE: as large as the largest page of an
 * Arm kernel, so that no page that the guest maps has anything else on it
 */
#define FDT_BLOCK_SIZE (64 * 1024)
bool fdt_planner_find_block(const FdtPlanner *planner, uint64_t size,
                            uint64_t *address);
/*
 * fdt_planner_find_memory: @size bytes for memory that no node describes, by
 * the reserved memory if there is any, else as low as can be
 */
bool fdt_planner_find_memory(const FdtPlanner *planner, uint64_t size,
                             uint64_t *address);

/*
 * free-lines.c
 */

/* Whether the controller has lines for devices that the tree does not know */
bool fdt_device_has_free_lines(const FdtDevice *device);
/*
 * fdt_planner_controllers_with_room: those that have such lines: the one that
 * the root names, then the others in document order: a GPtrArray of
 * FdtDevice *, which the caller unrefs
 */
GPtrArray *fdt_planner_controllers_with_room(FdtPlanner *planner);
/*
 * fdt_planner_free_lines: the lines of such a controller that no node, disabled
 * or not, no nexus and no planned wire uses: a GArray of FdtInterrupt, which
 * the caller unrefs.  Lines above all that are in use come first, as between
 * them may be some that the tree keeps silent about
 */
GArray *fdt_planner_free_lines(FdtPlanner *planner, FdtDevice *controller);

/*
 * aliases.c
 */

/* fdt_ram_alias_clear: of a GArray of FdtRamAlias */
void fdt_ram_alias_clear(gpointer data);

/*
 * stubs.c, sections.c, checks.c: when all devices are planned
 */

/* Stubs for what has no model; after fdt_planner_memory() */
bool fdt_planner_stubs(FdtPlanner *planner, Error **errp);
/* What answers where the tree has nothing; after fdt_planner_stubs() */
bool fdt_planner_rest(FdtPlanner *planner, Error **errp);
/* Whether QEMU can map that many regions; after fdt_planner_stubs() */
bool fdt_planner_check_sections(FdtPlanner *planner, Error **errp);
/* Whether there are no findings, if strict=on wants that */
bool fdt_planner_check_strict(FdtPlanner *planner, Error **errp);
/* Whether the node has no model that a binding names, and was to have one */
bool fdt_info_is_unmatched(const FdtNodeInfo *info);
/*
 * Whether there is what the nodes of require= describe; an error lists those
 * that have no model, with compatible, verdict and reason
 */
bool fdt_planner_check_required(FdtPlanner *planner, Error **errp);
/*
 * Whether every node has the model that it needs, if unmatched=error wants
 * that; devices that were to be built, and are not, count as missing
 */
bool fdt_planner_check_unmatched(FdtPlanner *planner, Error **errp);
/*
 * What lies in the region of another node, lies above it.  When all is mapped
 * but stubs, and the banks of memory are known
 */
bool fdt_planner_settle_overlaps(FdtPlanner *planner, Error **errp);

/*
 * step.c
 */

/*
 * fdt_step_new: a step with one reference
 * @path: of the node that it is for, or ""
 * @subject: as FdtStep.subject says; takes ownership
 * @args: of the command; takes the reference
 */
FdtStep *fdt_step_new(FdtStepKind kind, const char *path, char *subject,
                      QDict *args);

/*
 * boot.c, order.c, steps.c, report.c
 */

/* A bank that is smaller is no place for a Linux kernel */
#define FDT_SMALLEST_KERNEL_BANK (32 * MiB)
/*
 * fdt_planner_kernel_bank: where the kernel goes: the first bank that is large
 * enough and that the boot CPU reaches, or the next best; never NULL when
 * memory is planned
 */
const FdtBank *fdt_planner_kernel_bank(const FdtPlanner *planner);
/* fdt_planner_is_in_reach: a 32-bit kernel starts below 4 GiB */
bool fdt_planner_is_in_reach(const FdtPlanner *planner, const FdtBank *bank);
/* The boot device, if there is something to boot */
bool fdt_planner_boot_device(FdtPlanner *planner, Error **errp);
/*
 * fdt_planner_order: a GPtrArray of FdtDevice *, each after those that it
 * needs; NULL with an error that names the nodes that wait for each other
 */
GPtrArray *fdt_planner_order(FdtPlanner *planner, Error **errp);
/* fdt_device_follows_wires: it is created when all others are connected */
bool fdt_device_follows_wires(const FdtDevice *device);
/* Order the devices and write the commands */
bool fdt_planner_emit(FdtPlanner *planner, Error **errp);
/* The report */
void fdt_planner_report(FdtPlanner *planner);

/*
 * describe.c: what the report says of a node because the tree says it, whatever
 * was made of the node
 */

/* fdt_node_compatible_list: `compatible` as a list; the caller unrefs */
QList *fdt_node_compatible_list(const FdtNode *node);
/*
 * fdt_info_describe: add to @entry, an FdtMachineNode of the schema, what the
 * tree says: compatible, label, reg, bus, interrupt specifiers, clocks, GPIOs.
 * What cannot be read is left out: where it matters, it is a finding already
 */
void fdt_info_describe(const FdtNodeInfo *info, QDict *entry);

/*
 * guest/rules.c: rules by which the guest's tree is made true of the machine
 */

/* When a rule may change the machine, before nodes are planned */
typedef enum FdtRuleStage {
    FDT_RULE_LOADED,        /* nothing is known of any node yet */
    FDT_RULE_MATCHED,       /* every node has its row, or none */
    FDT_RULE_CPUS_WAIT,     /* how CPUs are started is known, or unknown */
    FDT_RULE_MEMORY_KNOWN,  /* all but the lines of controllers is planned */
} FdtRuleStage;

/* Which rules guest-rules= leaves on: planner->rules */
bool fdt_planner_read_rules(FdtPlanner *planner, Error **errp);
/* What the rules of that stage do to the machine */
bool fdt_planner_prepare_rules(FdtPlanner *planner, FdtRuleStage stage,
                               Error **errp);
/* What all of them do to the guest's tree, which is planner->journal's then */
bool fdt_planner_guest_tree(FdtPlanner *planner, Error **errp);

/*
 * guest/mute.c: warnings about what the guest will lack: interrupts, time, a
 * console, memory, a CPU
 */
bool fdt_planner_check_mute(FdtPlanner *planner, Error **errp);

#endif /* HW_FDT_MACHINE_PLAN_STATE_H */

/*
 * Bindings: what is known about one kind of device
 *
 * A binding is a row of a const table: the compatible string, the QOM type,
 * which entry of reg is which region, which interrupt is which output, which
 * property is which property.  Where data cannot say it, a hook does, with
 * the functions in the second half of this file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BINDING_H
#define HW_FDT_MACHINE_BINDING_H

#include "planner.h"

typedef struct FdtBinding FdtBinding;
typedef struct FdtDevice FdtDevice;
typedef struct FdtPlanner FdtPlanner;

/* Name of the anonymous GPIO lines and of a sysbus device's interrupts */
#define FDT_LINE_IN  "unnamed-gpio-in"
#define FDT_LINE_OUT "unnamed-gpio-out"
#define FDT_LINE_IRQ "sysbus-irq"

/*
 * Order in which devices are created.  Within a rank a device comes after
 * those that it refers to, then in document order.
 */
typedef enum FdtRank {
    FDT_RANK_OTHER,
    FDT_RANK_CLOCK,
    FDT_RANK_CPU,
    FDT_RANK_MEMORY,
    FDT_RANK_INTC,
    FDT_RANK_STUB,
    FDT_RANK_BOOT,
} FdtRank;

/* Which backend of the command line the device takes */
typedef enum FdtSlot {
    FDT_SLOT_NONE,
    FDT_SLOT_SERIAL,    /* property "chardev", aliases serialN, -serial */
    FDT_SLOT_NIC,       /* properties "netdev" and "mac", aliases ethernetN */
} FdtSlot;

/* An entry of reg that is a region of the device */
typedef struct FdtBindingReg {
    int reg;                /* index in reg, if @reg_name is NULL */
    const char *reg_name;   /* or name in reg-names */
    int region;             /* index of the region */
    const char *region_name;/* or its name; NULL: by index */
    bool optional;          /* fine if the tree has no such entry */
    bool has_offset;        /* maps at the entry's address plus @offset */
    uint64_t offset;
} FdtBindingReg;

/* An interrupt that is an output of the device */
typedef struct FdtBindingIrq {
    int irq;                /* index in interrupts, if @irq_name is NULL */
    const char *irq_name;   /* or name in interrupt-names */
    const char *line;       /* NULL: FDT_LINE_IRQ */
    int output;             /* index of the line */
    bool per_cpu;           /* one output per CPU: @output is the first */
} FdtBindingIrq;

typedef enum FdtValueKind {
    FDT_VALUE_UINT,         /* first cell, or two cells if there are two */
    FDT_VALUE_BOOL,         /* property present */
    FDT_VALUE_STRING,       /* first string */
} FdtValueKind;

/* A property of the device, from the tree or constant */
typedef struct FdtBindingProp {
    const char *name;       /* of the QOM property */
    const char *from;       /* of the tree's property; NULL: a constant */
    FdtValueKind kind;
    /*
     * @value or @string counts if the tree is silent; without it the property
     * is then not given
     */
    bool has_default;
    uint64_t value;         /* constant or default */
    const char *string;
} FdtBindingProp;

/* A line of a controller that passes it on: to which SPI of a GIC */
typedef struct FdtPassedLine {
    uint32_t line;
    uint32_t spi;
} FdtPassedLine;

/* A property of the guest's node */
typedef struct FdtGuestProp {
    const char *name;
    const char *string;     /* NULL: a cell */
    uint32_t value;
} FdtGuestProp;

/* Input of an interrupt controller or GPIO provider */
typedef struct FdtInput {
    FdtDevice *device;
    const char *line;       /* FDT_LINE_IN or the line's name */
    unsigned index;
} FdtInput;

/**
 * FdtInputFunc: the input that a specifier means (2.4.1.4 #interrupt-cells)
 * @cpu: for which CPU, for interrupts that every CPU has its own of
 */
typedef bool FdtInputFunc(FdtPlanner *planner, FdtDevice *controller,
                          const uint32_t *cells, unsigned num_cells,
                          unsigned cpu, FdtInput *out, Error **errp);

/**
 * FdtSpareFunc: a line that a device may have which the tree does not know
 * @i: number of the line, from 0 in ascending order
 * @cells: room for FDT_MAX_CELLS; the line is level triggered, active high
 *
 * Returns the number of cells; 0 if there are no more lines; a negative number
 * if this one is not for devices.  Lines that the tree uses are the planner's
 * to avoid.
 */
typedef int FdtSpareFunc(const FdtDevice *controller, unsigned i,
                         uint32_t *cells);

/* What the chips of an SPI controller are connected to */
typedef struct FdtSpi {
    const char *bus;        /* name of its bus; NULL: its only one */
    const char *cs_line;    /* outputs that select a chip; NULL: FDT_LINE_IRQ */
    unsigned first_cs;      /* index of the first */
    unsigned num_cs;        /* how many; 0: chips need cs-gpios */
} FdtSpi;

typedef bool FdtHook(FdtPlanner *planner, FdtDevice *device, Error **errp);

/* Terminators of the lists below */
#define FDT_END_REGS  { .reg = -1 }
#define FDT_END_IRQS  { .irq = -1 }
#define FDT_END_PROPS { .name = NULL }
#define FDT_END_PASSED { .line = UINT32_MAX }

struct FdtBinding {
    const char *compatible;
    /*
     * QOM type; NULL: no device is made for it (with a hook: it describes
     * lines of other devices)
     */
    const char *type;
    const char *substitute; /* the type is a near relative: why, in words */
    const char *reason;     /* without type: why it needs no model */
    FdtVerdict verdict;     /* without type: IGNORED or STRUCTURE */
    FdtRank rank;
    FdtSlot slot;

    /*
     * NULL: the first @num_regs entries of reg are the regions of the same
     * index; 0 counts as 1, a negative number as none
     */
    const FdtBindingReg *regs;
    int num_regs;
    /* The same for interrupts and outputs of FDT_LINE_IRQ */
    const FdtBindingIrq *irqs;
    int num_irqs;
    /*
     * the model has no output for the node's interrupts: the guest's node has
     * none.  A line of a GPIO controller that nobody drives is low, which is
     * active for most devices behind buses.
     */
    bool no_interrupts;
    const FdtBindingProp *props;
    /*
     * it has the property "audiodev", and cannot do without an audio backend
     */
    bool audio;
    /* Link properties that are always system memory, NULL-terminated */
    const char *const *memory_links;
    /* Those that are the lowest bank of RAM, in which it begins at 0 */
    const char *const *ram_links;

    FdtInputFunc *input;    /* as interrupt controller */
    FdtSpareFunc *spare;    /* the same; NULL: no line for added devices */
    /*
     * as interrupt controller: specifiers mean lines of its own interrupt
     * parent
     */
    bool passes_interrupts;
    /*
     * as the same: specifiers are a line of this table, which ends with
     * FDT_END_PASSED, and flags; NULL: they are those of the parent
     */
    const FdtPassedLine *passed;
    FdtInputFunc *gpio;     /* as GPIO provider: gpios' specifier to input */
    /* as GPIO provider: outputs' line, by cell 0; NULL: FDT_LINE_OUT */
    const char *gpio_out;

    /*
     * Called in this order: @plan when every node with a binding has its
     * FdtDevice (set properties, links, companions); @connect when all are
     * planned (outputs that data cannot say, buses); @finish when all is
     * connected (counts of lines)
     */
    FdtHook *plan;
    FdtHook *connect;
    FdtHook *finish;

    /*
     * Rate in Hz that the guest's driver is told if the provider of its
     * clock has no model; 0: 24 MHz
     */
    uint32_t clock_rate;
    /*
     * Properties of the guest's node that lead to providers (clocks, resets,
     * ...) stay although the provider has no model: the guest's driver copes
     */
    bool keeps_providers;
    /*
     * What the guest is told of a relative that its driver would take for what
     * it is not; ends with FDT_END_PROPS
     */
    const FdtGuestProp *guest_props;
    /*
     * the model's regions may be smaller than reg, even if that is no more
     * than 4 KiB: a stub answers for the rest
     */
    bool stub_below;
    /*
     * the model's regions are as large as reg, even if that is more than 4 KiB
     */
    bool fills_reg;
    /*
     * of region 0, if a smaller reg means that other devices follow: then no
     * more than reg is mapped
     */
    uint32_t region_size;
    /* as a syscon: the model acts on values that power off, or reset */
    bool powers;
    /* kernels get their time from it: it counts, and interrupts */
    bool timer;
    /* as a timer: without `clocks`, kernels measure its rate by another one */
    bool wants_clock;
    /* the type serves no more CPUs: with more there is no model; 0: any */
    unsigned max_cpus;
    /*
     * child nodes are planned as devices of their own (buses); otherwise those
     * without a binding belong to this device and get no stub
     */
    bool needs_children;
    /* as an SPI controller: how its chips are selected; it needs_children */
    const FdtSpi *spi;
};

/* A family of bindings: a table that ends with a NULL compatible */
extern const FdtBinding fdt_bindings_arm[];
extern const FdtBinding fdt_bindings_serial[];
extern const FdtBinding fdt_bindings_generic[];
extern const FdtBinding fdt_bindings_primecell[];
extern const FdtBinding fdt_bindings_pci[];
extern const FdtBinding fdt_bindings_xilinx[];
extern const FdtBinding fdt_bindings_bcm[];
extern const FdtBinding fdt_bindings_wakeup[];
extern const FdtBinding fdt_bindings_i2c[];
extern const FdtBinding fdt_bindings_spi[];
extern const FdtBinding fdt_bindings_hci[];
extern const FdtBinding fdt_bindings_imx[];
extern const FdtBinding fdt_bindings_exynos[];
extern const FdtBinding fdt_bindings_allwinner[];
extern const FdtBinding fdt_bindings_calxeda[];
extern const FdtBinding fdt_bindings_chipidea[];
extern const FdtBinding fdt_bindings_designware[];
extern const FdtBinding fdt_bindings_aspeed[];
extern const FdtBinding fdt_bindings_riscv[];
extern const FdtBinding fdt_bindings_sdhci[];

/* All families, NULL-terminated */
extern const FdtBinding *const fdt_binding_tables[];

/* What a node with the property qemu,type, or qemu,device, is bound to */
extern const FdtBinding fdt_binding_qemu;
/* What a CPU is bound to whose type the user gave */
extern const FdtBinding fdt_binding_any_cpu;

/*
 * For hooks: the planner
 */

FdtTree *fdt_planner_tree(const FdtPlanner *planner);
const FdtPlanConfig *fdt_planner_config(const FdtPlanner *planner);
/*
 * fdt_planner_num_cpus: how many CPUs the machine gets; fdt_planner_cpu: the
 * @i-th, the boot CPU first
 */
unsigned fdt_planner_num_cpus(const FdtPlanner *planner);
FdtDevice *fdt_planner_cpu(const FdtPlanner *planner, unsigned i);
/* fdt_planner_cpu_index: number of the CPU that a node describes, or -1 */
int fdt_planner_cpu_index(const FdtPlanner *planner, const FdtNode *cpu);
/*
 * fdt_planner_is_32bit: whether the boot CPU has no 64-bit state, or the kernel
 * wants another one; such kernels have code for each machine
 */
bool fdt_planner_is_32bit(const FdtPlanner *planner);
/* fdt_planner_psci: "smc", "hvc" or NULL: how the CPUs call firmware */
const char *fdt_planner_psci(const FdtPlanner *planner);
/* fdt_planner_device: the main device planned for a node, or NULL */
FdtDevice *fdt_planner_device(const FdtPlanner *planner, const FdtNode *node);
/* fdt_planner_has_type: whether the binary has the QOM type */
bool fdt_planner_has_type(const FdtPlanner *planner, const char *type);
/* fdt_planner_ram_size: all banks together; known to the hook @finish */
uint64_t fdt_planner_ram_size(const FdtPlanner *planner);
/*
 * fdt_planner_find_compatible: first available node of that compatible, or
 * NULL; fdt_planner_next_compatible goes on after @node
 */
FdtNode *fdt_planner_find_compatible(const FdtPlanner *planner,
                                     const char *compatible);
FdtNode *fdt_planner_next_compatible(const FdtPlanner *planner,
                                     const FdtNode *node,
                                     const char *compatible);
/*
 * fdt_planner_take_drive: the next unused drive of an interface ("sd",
 * "pflash", "mtd"), or NULL; its id is borrowed and counts as used
 */
const char *fdt_planner_take_drive(FdtPlanner *planner, const char *interface);
/* fdt_planner_take_nic: the same for network backends */
const FdtNicConfig *fdt_planner_take_nic(FdtPlanner *planner);

/**
 * fdt_planner_add_device: a further device for @node, a companion
 * @suffix: its id is the node's id and the suffix, as "serial0-card"
 */
FdtDevice *fdt_planner_add_device(FdtPlanner *planner, FdtNode *node,
                                  const char *type, const char *suffix,
                                  FdtRank rank);

/*
 * fdt_planner_tell_guest: property @name of the guest's node is the cell
 * @value, as with guest_props, and of any node; the name is not copied
 */
void fdt_planner_tell_guest(const FdtNode *node, const char *name,
                            uint32_t value);
/* fdt_planner_note: a remark that the report gives for the node */
void fdt_planner_note(FdtPlanner *planner, const FdtNode *node,
                      const char *fmt, ...) G_GNUC_PRINTF(3, 4);

/*
 * For hooks: a device
 */

FdtNode *fdt_device_node(const FdtDevice *device);
const char *fdt_device_id(const FdtDevice *device);
const FdtBinding *fdt_device_binding(const FdtDevice *device);
/* fdt_device_regs: GArray of FdtReg; borrowed */
GArray *fdt_device_regs(const FdtDevice *device);
/* fdt_device_interrupts: GArray of FdtInterrupt; borrowed */
GArray *fdt_device_interrupts(const FdtDevice *device);
/* fdt_device_qom_path: "/machine/peripheral/ID"; borrowed */
const char *fdt_device_qom_path(const FdtDevice *device);

/*
 * fdt_device_describe: the device is one that a user has added; its maps and
 * lines are what the node says of it, for the report
 */
bool fdt_device_describe(FdtDevice *device, const char *id, Error **errp);

/*
 * fdt_device_set_type: another QOM type than the binding's; NULL: the device is
 * not built, and its node ignored
 */
void fdt_device_set_type(FdtDevice *device, const char *type);
/*
 * fdt_device_leave_out: the device is not built, and its node ignored; @why is
 * a note in the report
 */
void fdt_device_leave_out(FdtPlanner *planner, FdtDevice *device,
                          const char *why);
/*
 * fdt_device_merge: the device is not built, as another one does its work; @why
 * for the report
 */
void fdt_device_merge(FdtDevice *device, const char *why);
/*
 * fdt_device_part_of: the device is not built, as it is the part of @owner's
 * model that QOM has at @part below it, as "bus[3]"; its lines are that part's
 */
void fdt_device_part_of(FdtDevice *device, FdtDevice *owner, const char *part);
/* fdt_device_owner: of which device it is a part, or NULL */
FdtDevice *fdt_device_owner(const FdtDevice *device);
/*
 * fdt_device_name_bus: devices on the only bus of that part find it by this
 * name, which no other bus of the machine has
 */
void fdt_device_name_bus(FdtDevice *device, const char *bus_name);
/* fdt_device_is_built: whether it has a QOM type */
bool fdt_device_is_built(const FdtDevice *device);
/* fdt_device_has_bus: whether devices can sit on it */
bool fdt_device_has_bus(const FdtDevice *device);
/*
 * fdt_device_substitute: the type is a near relative only; @why for the
 * report
 */
void fdt_device_substitute(FdtDevice *device, const char *why);
/* Arguments of device_add; a second call replaces the first */
void fdt_device_set_uint(FdtDevice *device, const char *name, uint64_t value);
void fdt_device_set_bool(FdtDevice *device, const char *name, bool value);
void fdt_device_set_string(FdtDevice *device, const char *name,
                           const char *value);
/* Takes ownership of @list */
void fdt_device_set_list(FdtDevice *device, const char *name, QList *list);
bool fdt_device_has_argument(const FdtDevice *device, const char *name);
/* fdt_device_link: a link to another device, which is then created first */
void fdt_device_link(FdtDevice *device, const char *name, FdtDevice *target);
/* fdt_device_link_memory: a link to system memory */
void fdt_device_link_memory(FdtDevice *device, const char *name);
/*
 * fdt_device_link_ram: a link to the lowest bank of RAM alone, for models that
 * count addresses from its start
 */
void fdt_device_link_ram(FdtDevice *device, const char *name);
/* fdt_device_link_bank: the same for the first bank of a memory node */
void fdt_device_link_bank(FdtDevice *device, const char *name,
                          const FdtNode *memory);
/*
 * fdt_device_set_bus: sits on @parent's bus of that name, as "i2c-bus.0" for
 * bus= paths "ID/NAME"; NULL: its only bus
 */
void fdt_device_set_bus(FdtDevice *device, FdtDevice *parent,
                        const char *bus_name);
/* fdt_device_after: created after another one */
void fdt_device_after(FdtDevice *device, FdtDevice *other);

/*
 * fdt_device_map: region @region, or of that name if @region_name is not
 * NULL, at @address of system memory
 */
void fdt_device_map(FdtDevice *device, unsigned region,
                    const char *region_name, uint64_t address, uint64_t size);
/*
 * fdt_device_map_window: only @size bytes from @offset of the region, through
 * an alias called @alias
 */
void fdt_device_map_window(FdtDevice *device, unsigned region,
                           uint64_t address, const char *alias,
                           uint64_t offset, uint64_t size);
/*
 * fdt_device_map_into: the last map of the device is into another memory
 * region than system memory, by its QOM path; its owner comes first
 */
void fdt_device_map_into(FdtDevice *device, FdtDevice *owner,
                         const char *path);
/*
 * fdt_planner_alias: what is at the address @target, memory or a device, is
 * seen at @reg, too, which is the @i-th entry of its node's; for the hook
 * @finish of @alias, a device that is not built.  False with an error if
 * nothing that has a model has as many bytes there.
 */
bool fdt_planner_alias(FdtPlanner *planner, const FdtDevice *alias, unsigned i,
                       const FdtReg *reg, uint64_t target, Error **errp);
/* fdt_device_map_priority: the last map of the device gets a priority */
void fdt_device_map_priority(FdtDevice *device, int priority);

/*
 * fdt_device_wire: output to input; any number of wires may end in one input
 * (an or-irq is put before it) or begin at one output (a split-irq)
 */
void fdt_device_wire(FdtPlanner *planner,
                     FdtDevice *source, const char *source_line, unsigned n,
                     FdtDevice *sink, const char *sink_line, unsigned m);
/**
 * fdt_device_move_inputs: an interrupt controller whose CPUs' own inputs follow
 * the shared ones numbers them down from UINT32_MAX while the count of the
 * shared ones is not known; this numbers them up from @base
 */
void fdt_device_move_inputs(FdtPlanner *planner, FdtDevice *controller,
                            unsigned base);
/**
 * fdt_device_interrupt: wire an output to the input that a resolved interrupt
 * names, for CPU @cpu if every CPU has its own of it
 *
 * A controller without a model is noted for the report and is no error; a
 * specifier that the controller does not know, or beyond its lines, is one.
 */
bool fdt_device_interrupt(FdtPlanner *planner, FdtDevice *source,
                          const char *source_line, unsigned n,
                          const FdtInterrupt *interrupt, unsigned cpu,
                          Error **errp);
/*
 * fdt_device_input: the same resolution without a wire; false without an error
 * set if the controller has no model
 */
bool fdt_device_input(FdtPlanner *planner, const FdtNode *node,
                      const FdtInterrupt *interrupt, unsigned cpu,
                      FdtInput *out, Error **errp);
/*
 * fdt_device_gpio: the input of a GPIO provider that the @index-th entry of
 * the property names ("gpios", "cd-gpios"); false without an error if there is
 * none or the provider has no model
 */
bool fdt_device_gpio(FdtPlanner *planner, const FdtNode *node,
                     const char *property, unsigned index,
                     FdtInput *out, uint32_t *flags, Error **errp);
/* fdt_device_gpio_output: the same for a line that the provider drives */
bool fdt_device_gpio_output(FdtPlanner *planner, const FdtNode *node,
                            const char *property, unsigned index,
                            FdtInput *out, uint32_t *flags, Error **errp);

/*
 * fdt_take_line: the input of the number that a specifier has; an error if the
 * controller has no more than @num_lines
 */
bool fdt_take_line(const FdtDevice *controller, uint32_t line,
                   unsigned num_lines, FdtInput *out, Error **errp);
/*
 * fdt_plan_registers: as a hook, for what has no device: reg is resolved, so
 * that a stub answers there
 */
FdtHook fdt_plan_registers;

/*
 * For hooks: what is plugged into the device
 *
 * fdt_device_add_slot: @device, or @bus in its place, has a slot for a card;
 * -drive if=sd are cards in the order of the aliases mmcN, first in slots that
 * are for cards that users change; fdt_plan_card_slot: the same as a hook
 */
void fdt_device_add_slot(FdtPlanner *planner, FdtDevice *device,
                         FdtDevice *bus);
FdtHook fdt_plan_card_slot;
/*
 * fdt_plan_unimplemented: as a hook, for the type unimplemented-device: as
 * large as the first entry of reg, for what works without its registers
 */
FdtHook fdt_plan_unimplemented;
/*
 * fdt_plan_usb_host: as a hook, for USB controllers of both kinds: what the
 * tree makes a device of is not built, for QEMU has hosts alone
 */
FdtHook fdt_plan_usb_host;
/* fdt_device_take_disks: the next -drive if=ide are disks of an AHCI */
void fdt_device_take_disks(FdtPlanner *planner, FdtDevice *device,
                           unsigned num_ports);

/*
 * fdt_planner_max_specifier: the greatest cell @cell of all specifiers in the
 * tree that end at the controller and whose cell 0 is @kind (any if negative);
 * -1 if there is none
 */
int64_t fdt_planner_max_specifier(const FdtPlanner *planner,
                                  const FdtNode *controller,
                                  int kind, unsigned cell);

/*
 * For hooks: the boot device.  The planner adds it; hooks of system
 * controllers and CPUs say how secondary CPUs are held.
 */
typedef struct FdtBoot {
    const char *device;         /* type of the boot device; NULL: Arm's */
    /*
     * "psci", "spin-table", "pen", "none", or, where firmware holds them,
     * "sbi"
     */
    const char *secondary;
    uint64_t pen_boot_reg;      /* address that the pen polls */
    uint64_t pen_address;       /* RAM for the pen's code */
    uint64_t gic_cpu_if;        /* of the GIC's CPU interface; 0: none */
    uint32_t board_id;          /* for r1 */
    bool has_board_id;
    bool secure;                /* the kernel starts in secure state */
} FdtBoot;

FdtBoot *fdt_planner_boot(FdtPlanner *planner);

#endif /* HW_FDT_MACHINE_BINDING_H */

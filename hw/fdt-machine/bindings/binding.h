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

#include "../tree/tree.h"

typedef enum FdtVerdict {
    FDT_VERDICT_IGNORED,
    FDT_VERDICT_DISABLED,
    FDT_VERDICT_STRUCTURE,
    FDT_VERDICT_MEMORY,
    FDT_VERDICT_STUB,
    FDT_VERDICT_SUBSTITUTED,
    FDT_VERDICT_MODELLED,
} FdtVerdict;

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

#endif /* HW_FDT_MACHINE_BINDING_H */

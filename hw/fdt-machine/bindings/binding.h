/*
 * Bindings: what is known about one kind of device
 *
 * A binding is a row of a const table.  It says what the device is: its
 * compatible string, the QOM type that models it, where it sits, which entry of
 * reg is which region, which interrupt is which output, which property is which
 * property.  And it points to what the device does, a role each: it takes
 * interrupts, has GPIO lines, is the host of an I2C bus, counts the time, is a
 * CPU.  The usual case needs no word.  Where data cannot say it, a hook does,
 * by the functions of plan/api.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BINDING_H
#define HW_FDT_MACHINE_BINDING_H

#include "../tree/tree.h"

/* What becomes of a node; the schema's FdtMachineVerdict explains each */
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
 * What the device is
 */

/* Where it sits, and so what reg and interrupts of its node are */
typedef enum FdtBus {
    FDT_BUS_SYSTEM,     /* reg: regions in system memory; interrupts: outputs */
    FDT_BUS_I2C,        /* reg: address on the bus of the node above */
    FDT_BUS_SPI,        /* reg: chip select of the controller above */
    /*
     * Its regions and outputs are what its hooks say, or those of another
     * model: reg and interrupts say nothing by themselves
     */
    FDT_BUS_NONE,
} FdtBus;

/* How much of an entry of reg the model's region answers for */
typedef enum FdtCover {
    /*
     * All of it if that is 4 KiB or less.  A stub answers for what is left of a
     * larger one
     */
    FDT_COVER_PAGE,
    FDT_COVER_PART,     /* maybe less, whatever the size: a stub for the rest */
    FDT_COVER_WHOLE,    /* all of it, whatever the size: no stub */
} FdtCover;

/* What else it is, in a word: bits of FdtBinding.is */
enum {
    /* It has the clocks of others, which come after it */
    FDT_CLOCKS = 1 << 0,
    /* It is memory, which comes before all that may refer to memory */
    FDT_MEMORY = 1 << 1,
    /*
     * Its child nodes are devices of their own.  Otherwise, but for children
     * with a row, they are parts of it, and get no stub.  The host of an I2C or
     * SPI bus is a container without saying so.
     */
    FDT_CONTAINER = 1 << 2,
    /*
     * It has no model, but registers for which a stub answers, and clocks and
     * other providers, which rules for the guest's tree look after
     */
    FDT_REGISTERS = 1 << 3,
    /* As a syscon: the model acts on values that power off, or reset */
    FDT_POWERS = 1 << 4,
    /* It has the property "audiodev", and cannot do without a backend */
    FDT_AUDIO = 1 << 5,
    /*
     * The row is no device.  Its string stands beside those of devices, and its
     * hook @plan is called for each of these once their regions are mapped
     */
    FDT_TRAIT = 1 << 6,
};

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
    uint64_t offset;        /* the region begins there in the entry */
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

/* A link property of the device that always leads to memory */
typedef struct FdtBindingLink {
    const char *name;
    /* The lowest bank of RAM, in which it begins at 0; else system memory */
    bool ram;
} FdtBindingLink;

/*
 * Ends of the lists above, and lists that are empty: no entry of reg is a
 * region by itself, no interrupt is an output by itself
 */
#define FDT_END_REGS  { .reg = -1 }
#define FDT_END_IRQS  { .irq = -1 }
#define FDT_END_PROPS { .name = NULL }
#define FDT_END_LINKS { .name = NULL }
extern const FdtBindingReg fdt_no_regs[];
extern const FdtBindingIrq fdt_no_irqs[];

/*
 * What the device does
 */

/* Input of an interrupt controller or GPIO provider */
typedef struct FdtInput {
    FdtDevice *device;
    const char *line;       /* FDT_LINE_IN or the line's name */
    unsigned index;
    /*
     * @index counts from the end of the inputs that all CPUs share, whose
     * number is known when all is connected (fdt_device_move_inputs)
     */
    bool after_shared;
} FdtInput;

/**
 * FdtInputFunc: the input that a specifier means (2.4.1.4 #interrupt-cells)
 * @cpu: for which CPU, for interrupts that every CPU has its own of
 * @out: has the controller as its device, FDT_LINE_IN and index 0 before
 *
 * Returns false with an error for a specifier that is none of the controller's,
 * and without one for a line that the model does not have.
 */
typedef bool FdtInputFunc(FdtPlanner *planner, FdtDevice *controller,
                          const uint32_t *cells, unsigned num_cells,
                          unsigned cpu, FdtInput *out, Error **errp);

/**
 * FdtLineFunc: enumerates lines that devices may have which the tree does not
 * know: those of virtio=, and of controllers without a model
 * @i: number of the line, from 0 in ascending order
 * @cells: room for FDT_MAX_CELLS: gets the specifier of the line, level
 *         triggered and active high
 *
 * Returns the number of cells; 0 if there are no more lines; a negative number
 * if this one is not for devices.  Lines that the tree uses are left out by the
 * planner.
 */
typedef int FdtLineFunc(const FdtDevice *controller, unsigned i,
                        uint32_t *cells);

/**
 * FdtForwardFunc: the specifier of a line becomes that of the line of the
 * controller's own interrupt parent to which it is connected
 *
 * Returns false if that is not known.
 */
typedef bool FdtForwardFunc(FdtInterrupt *interrupt);

/* It takes interrupts: 2.4.1, interrupt-controller */
typedef struct FdtIntcRole {
    /*
     * The first cell of a specifier is the number of an input of FDT_LINE_IN,
     * of which there are so many; or @input says which one it is, and what
     * @count counts
     */
    unsigned count;
    FdtInputFunc *input;
    FdtLineFunc *line;      /* NULL: it has no line for other devices */
    /*
     * With @input: which cell of a specifier, counted from 1, is the number of
     * the input as it stands, for most of them at least; 0: none.  A user who
     * connects a device to another input finds it there in the guest's tree
     */
    unsigned number_cell;
    /* It has no inputs at all: what it is told it is told by messages */
    bool no_lines;
    /*
     * A running system does not see it: its specifiers are those of its own
     * interrupt parent, or become such by @forward
     */
    bool forwards;
    FdtForwardFunc *forward;
} FdtIntcRole;

/* It has GPIO lines: gpio/gpio.txt, gpio-controller */
typedef struct FdtGpioRole {
    /*
     * As with interrupts; with neither the model has no inputs.  The first cell
     * is the number of an output of FDT_LINE_OUT as well
     */
    unsigned count;
    FdtInputFunc *input;
} FdtGpioRole;

/* Devices sit on its I2C bus: i2c/i2c.txt */
typedef struct FdtI2cRole {
    /* Name of its bus; NULL: QEMU makes it of the device's id, as "ID.0" */
    const char *bus;
    /*
     * It is a multiplexer: its child nodes are channels, whose numbers are
     * their reg, and devices sit on the channels' buses, called "i2c.N"
     */
    bool channels;
} FdtI2cRole;

/* Chips sit on its SPI bus: spi/spi-controller.yaml */
typedef struct FdtSpiRole {
    const char *bus;        /* name of its bus; NULL: its only one */
    const char *cs_line;    /* outputs that select a chip; NULL: FDT_LINE_IRQ */
    unsigned first_cs;      /* index of the first */
    unsigned num_cs;        /* how many; 0: chips need cs-gpios */
} FdtSpiRole;

/* Kernels get their time from it: it counts, and interrupts */
typedef struct FdtTimerRole {
    /*
     * Without `clocks`, kernels do not know its rate: they measure it by
     * another timer, or stop
     */
    bool wants_clock;
    /* The type serves no more CPUs: with more there is no model; 0: any */
    unsigned max_cpus;
} FdtTimerRole;

/*
 * The architecture of a CPU, of which kernels are built for one or another: a
 * kernel for ARMv7-A runs on every CPU of ARMv7-A, and on none of an older
 * architecture.  Arm's architectures with 32-bit registers alone come first,
 * the oldest one before the others.
 */
typedef enum FdtCpuArch {
    FDT_CPU_UNKNOWN,
    FDT_CPU_ARMV5,
    FDT_CPU_ARMV6,
    FDT_CPU_ARMV7,
    FDT_CPU_ARMV8,
    FDT_CPU_RISCV,
} FdtCpuArch;

/* It is a CPU: 3.8, /cpus/cpu* */
typedef struct FdtCpuRole {
    FdtCpuArch arch;
    /*
     * As a CPU without timers of its own: the compatible string of one that has
     * them and may stand in
     */
    const char *stand_in;
} FdtCpuRole;

/* A property of the guest's node */
typedef struct FdtGuestProp {
    const char *name;
    const char *string;     /* NULL: a cell */
    uint32_t value;
} FdtGuestProp;

/* What the guest's tree has to say of it, so that its driver gets along */
typedef struct FdtGuestRole {
    /* Rate in Hz of its clock if the provider has no model; 0: 24 MHz */
    uint32_t clock_rate;
    /*
     * The driver copes with providers (clocks, resets, ...) that are not there:
     * the properties that lead to them stay
     */
    bool keeps_providers;
    /*
     * The model has no output for the node's interrupts: the node has none.  A
     * line of a GPIO controller that nobody drives is low, which is active for
     * most devices behind buses.
     */
    bool no_interrupts;
    /*
     * What a relative says that its driver would take for what it is not; ends
     * with FDT_END_PROPS
     */
    const FdtGuestProp *props;
} FdtGuestRole;

/* Roles, written in the row: .timer = FDT_TIMER(.wants_clock = true) */
#define FDT_INTC(...)  (&(const FdtIntcRole) { __VA_ARGS__ })
#define FDT_GPIO(...)  (&(const FdtGpioRole) { __VA_ARGS__ })
#define FDT_I2C(...)   (&(const FdtI2cRole) { __VA_ARGS__ })
#define FDT_SPI(...)   (&(const FdtSpiRole) { __VA_ARGS__ })
#define FDT_TIMER(...) (&(const FdtTimerRole) { __VA_ARGS__ })
#define FDT_CPU(...)   (&(const FdtCpuRole) { __VA_ARGS__ })
#define FDT_GUEST(...) (&(const FdtGuestRole) { __VA_ARGS__ })

/* FdtHook: what data cannot say; see the members of FdtBinding for when */
typedef bool FdtHook(FdtPlanner *planner, FdtDevice *device, Error **errp);

/*
 * The row
 */

struct FdtBinding {
    const char *compatible;
    /*
     * QOM type; NULL: no device is made for it (with a hook: it describes
     * lines of other devices)
     */
    const char *type;
    const char *substitute; /* the type is a near relative: why, in words */
    const char *reason;     /* without type: why it needs no model */
    FdtVerdict verdict;     /* without type; left out: it is ignored */

    FdtBus bus;
    unsigned is;            /* FDT_CLOCKS, ... */
    FdtSlot slot;
    FdtCover cover;
    /*
     * Entries of reg that are regions.  NULL: on the system bus the first is
     * region 0, and if @num_regs is not 0, so many are the regions of the same
     * index
     */
    const FdtBindingReg *regs;
    unsigned num_regs;
    /*
     * Of region 0, if a smaller reg means that other devices follow: then no
     * more than reg is mapped
     */
    uint32_t region_size;
    /* The same for interrupts and outputs of FDT_LINE_IRQ */
    const FdtBindingIrq *irqs;
    unsigned num_irqs;
    const FdtBindingProp *props;
    const FdtBindingLink *links;

    const FdtIntcRole *intc;
    const FdtGpioRole *gpio;
    const FdtI2cRole *i2c;
    const FdtSpiRole *spi;
    const FdtTimerRole *timer;
    const FdtCpuRole *cpu;
    const FdtGuestRole *guest;

    /*
     * Called in this order: @plan when every node with a row has its FdtDevice
     * (set properties, links, companions); @connect when all are planned
     * (outputs that data cannot say, buses); @finish when all is connected
     * (counts of lines)
     */
    FdtHook *plan;
    FdtHook *connect;
    FdtHook *finish;
};

#endif /* HW_FDT_MACHINE_BINDING_H */

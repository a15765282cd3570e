/*
 * Bindings: what is known about one kind of device
 *
 * A binding is a row of a const table.  It says what the device is: its
 * compatible string, the QOM type that models it, where it sits, which entry of
 * reg is which region, which interrupt is which output, which property is which
 * property.  And it points to what the device does for others, one structure
 * for each role: it takes interrupts, has GPIO lines, is the host of an I2C
 * bus, counts the time, is a CPU.  A member that a row leaves out has the usual
 * value.  Where data cannot describe a device, a hook does, with the functions
 * of plan/api.h.  docs/adding-a-binding.md explains the members by examples.
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
     * `reg` and `interrupts` map and connect nothing by themselves: the row's
     * hooks do, or the model of another node has the regions and outputs
     */
    FDT_BUS_NONE,
} FdtBus;

/* How much of an entry of reg the model's region answers for */
typedef enum FdtCover {
    /*
     * All of an entry of 4 KiB or less.  In a larger entry, a stub lies below
     * the region and answers for what the region leaves
     */
    FDT_COVER_PAGE,
    FDT_COVER_PART,     /* maybe less, whatever the size: a stub lies below */
    FDT_COVER_WHOLE,    /* all of the entry, whatever its size: no stub */
} FdtCover;

/* What else the device is: bits of FdtBinding.is */
enum {
    /* It provides clocks, so it is created before the devices that use them */
    FDT_CLOCKS = 1 << 0,
    /* It is memory, which is created before all that may refer to memory */
    FDT_MEMORY = 1 << 1,
    /*
     * Its child nodes are devices of their own.  Without this bit, child nodes
     * that have no row count as parts of the device, and get no stub.  The host
     * of an I2C or SPI bus is a container without this bit.
     */
    FDT_CONTAINER = 1 << 2,
    /*
     * It has no model, but registers for which a stub answers, and it uses
     * clocks or other providers, which rules for the guest's tree look after
     */
    FDT_REGISTERS = 1 << 3,
    /*
     * It is a syscon whose model acts by itself on the values by which
     * syscon-poweroff and syscon-reboot switch off, or reset
     */
    FDT_POWERS = 1 << 4,
    /* Its type has the property "audiodev", and is refused without a backend */
    FDT_AUDIO = 1 << 5,
    /*
     * The row is no device, as that of "arm,primecell".  Its string stands in
     * `compatible` beside those of devices, and its hook @plan is called for
     * each of these devices once their regions are mapped
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
    bool optional;          /* it is no error if the tree has no such entry */
    uint64_t offset;        /* where in the entry the region begins, in bytes */
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
     * If the node does not have the property @from: with @has_default, the
     * value is @value or @string; without, device_add is not given the property
     */
    bool has_default;
    uint64_t value;         /* constant or default */
    const char *string;
} FdtBindingProp;

/* A link property of the device that always leads to memory */
typedef struct FdtBindingLink {
    const char *name;
    /*
     * It leads to the lowest bank of RAM, whose first byte is the device's
     * address 0; if not set, to system memory
     */
    bool ram;
} FdtBindingLink;

/*
 * What the lists above end with, and empty lists for rows: with fdt_no_regs no
 * entry of `reg` is mapped, with fdt_no_irqs no interrupt is connected, unless
 * a hook does it
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
     * @index counts from the end of the inputs that all CPUs share.  How many
     * these are is known when all is connected: fdt_device_move_inputs() adds
     * their number then
     */
    bool after_shared;
} FdtInput;

/**
 * FdtInputFunc: the input that a specifier means (2.4.2.1, #interrupt-cells)
 * @cpu: number of the CPU whose input is asked for, if every CPU has an
 *       interrupt of this specifier for itself
 * @out: is set by the caller to input 0 of FDT_LINE_IN of the controller; the
 *       function changes what differs
 *
 * Returns false with an error if the controller's binding knows no such
 * specifier, and false without an error if only the model lacks the line.
 */
typedef bool FdtInputFunc(FdtPlanner *planner, FdtDevice *controller,
                          const uint32_t *cells, unsigned num_cells,
                          unsigned cpu, FdtInput *out, Error **errp);

/**
 * FdtLineFunc: enumerates the lines that may be given to devices which the tree
 * does not describe: the transports of virtio=, and devices whose own
 * controller has no model
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
 * FdtForwardFunc: replace the specifier of a line of the controller by that of
 * the line of its interrupt parent to which the controller passes it on
 *
 * Returns false if it is not known which line that is.
 */
typedef bool FdtForwardFunc(FdtInterrupt *interrupt);

/* As interrupt controller: 2.4.2 */
typedef struct FdtIntcRole {
    /*
     * Without @input, the first cell of a specifier is the number of an input
     * of FDT_LINE_IN, and @count is how many of these there are.  With it,
     * @input says which input a specifier means, and what @count counts
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
     * It passes interrupts on, and a running kernel does not notice it: its
     * specifiers are those of its own interrupt parent, or become such by
     * @forward
     */
    bool forwards;
    FdtForwardFunc *forward;
} FdtIntcRole;

/* As GPIO controller: gpio/gpio.txt */
typedef struct FdtGpioRole {
    /*
     * How many inputs there are, and which one a specifier means, as in
     * FdtIntcRole; with neither, the model has no inputs.  An output of
     * FDT_LINE_OUT has the number in the first cell, too
     */
    unsigned count;
    FdtInputFunc *input;
} FdtGpioRole;

/* As host of an I2C bus, on which child nodes sit: i2c/i2c.txt */
typedef struct FdtI2cRole {
    /* Name of its bus; NULL: QEMU makes it of the device's id, as "ID.0" */
    const char *bus;
    /*
     * It is a multiplexer: its child nodes are channels, whose numbers are
     * their reg, and devices sit on the channels' buses, called "i2c.N"
     */
    bool channels;
} FdtI2cRole;

/* As host of an SPI bus, on which child nodes sit: spi/spi-controller.yaml */
typedef struct FdtSpiRole {
    const char *bus;        /* name of its bus; NULL: its only one */
    const char *cs_line;    /* outputs that select a chip; NULL: FDT_LINE_IRQ */
    unsigned first_cs;      /* index of the first */
    unsigned num_cs;        /* how many; 0: chips need cs-gpios */
} FdtSpiRole;

/*
 * As timer by which a kernel can measure time and be woken: the rule `timer`
 * lets another one stand in where there is none
 */
typedef struct FdtTimerRole {
    /*
     * Without `clocks`, kernels do not know its rate: they measure it by
     * another timer, or stop
     */
    bool wants_clock;
    /*
     * How many CPUs the type can serve: with more, the node has no model; 0: as
     * many as there are
     */
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
     * Of a CPU without timers of its own: the compatible string of a CPU that
     * has them, and that the rule `timer` may put in its place
     */
    const char *stand_in;
} FdtCpuRole;

/* A property that the node has in the guest's tree */
typedef struct FdtGuestProp {
    const char *name;
    const char *string;     /* NULL: a cell */
    uint32_t value;
} FdtGuestProp;

/* What the guest's tree has to say of the device, so that its driver works */
typedef struct FdtGuestRole {
    /*
     * Rate in Hz of the fixed clock that takes the place of its clock if the
     * clock's provider has no model; 0: 24 MHz
     */
    uint32_t clock_rate;
    /*
     * The driver works without providers (of clocks, resets, ...) that have no
     * model: the properties that lead to them stay
     */
    bool keeps_providers;
    /*
     * The node loses its interrupts, as the model has no output for them.  Else
     * the driver would get them without end: a line of a GPIO controller that
     * nobody drives is low, and for most devices behind buses low is active.
     */
    bool no_interrupts;
    /*
     * Properties of a near relative, with which another driver takes it, or its
     * own driver does not expect what the model lacks; ends with FDT_END_PROPS
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

/*
 * FdtHook: does what data cannot describe; struct FdtBinding says when each
 * hook is called.  Returns false with an error if the tree does not fit the
 * model
 */
typedef bool FdtHook(FdtPlanner *planner, FdtDevice *device, Error **errp);

/*
 * The row
 */

struct FdtBinding {
    const char *compatible;
    /*
     * QOM type; NULL: no device is made for the node (if there is a hook, the
     * node describes lines of other devices)
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
     * Which entries of `reg` are which regions.  NULL: on the system bus, the
     * first @num_regs entries, or the first one if that is 0, are the regions
     * of the same index
     */
    const FdtBindingReg *regs;
    unsigned num_regs;
    /*
     * Size of region 0 in bytes, if other devices may follow closely: of a
     * region that is larger than its entry of `reg`, only as much as the entry
     * has is mapped
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
     * Called for all devices in this order: @plan when every node with a row
     * has its FdtDevice, to set properties and links and to add companions;
     * @connect when all devices are planned, to connect outputs that data
     * cannot describe and to choose a bus; @finish when all is connected, to
     * count lines
     */
    FdtHook *plan;
    FdtHook *connect;
    FdtHook *finish;
};

#endif /* HW_FDT_MACHINE_BINDING_H */

/*
 * What the hooks of bindings may call
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_PLAN_API_H
#define HW_FDT_MACHINE_PLAN_API_H

#include "../tree/finding.h"
#include "plan.h"

/*
 * Order in which devices are created.  Within a rank a device comes after those
 * that it refers to, then in document order.
 */
typedef enum FdtRank {
    FDT_RANK_CLOCK,
    FDT_RANK_CPU,
    FDT_RANK_MEMORY,
    FDT_RANK_INTC,
    FDT_RANK_OTHER,
    FDT_RANK_STUB,
    FDT_RANK_BOOT,
} FdtRank;

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
/*
 * fdt_planner_psci: "smc" or "hvc": how the CPUs call firmware; NULL: not at
 * all.  Known to the hooks @connect and @finish
 */
const char *fdt_planner_psci(const FdtPlanner *planner);
/*
 * fdt_planner_secure_memory: QOM path of memory as the secure world sees it,
 * for @user, which is created after it; NULL if there is nothing for that world
 * alone, or firmware does not start in EL3.  The caller frees
 */
char *fdt_planner_secure_memory(FdtPlanner *planner, FdtDevice *user);
/* fdt_planner_device: the main device planned for a node, or NULL */
FdtDevice *fdt_planner_device(const FdtPlanner *planner, const FdtNode *node);
/* fdt_planner_has_type: whether the binary has the QOM type */
bool fdt_planner_has_type(const FdtPlanner *planner, const char *type);
/*
 * fdt_planner_is_a: whether the QOM type is @base or derived from it; @unknown
 * where nobody can tell
 */
bool fdt_planner_is_a(const FdtPlanner *planner, const char *type,
                      const char *base, bool unknown);
/*
 * fdt_planner_property_type: QOM type of a property of the device type, as
 * "uint32"; NULL: it has none of that name; "" where nobody can tell
 */
const char *fdt_planner_property_type(const FdtPlanner *planner,
                                      const char *type, const char *name);
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
 * fdt_planner_take_drive: the next drive of an interface ("sd", "pflash",
 * "mtd", "ide") for a place that @node has for one, or NULL; it counts as used,
 * and is the node's in the report.  To be called for a place without a drive as
 * well, as messages tell which interfaces nodes take
 */
const FdtDriveConfig *fdt_planner_take_drive(FdtPlanner *planner,
                                             const FdtNode *node,
                                             const char *interface);
/* fdt_planner_take_nic: the same for network backends */
const FdtNicConfig *fdt_planner_take_nic(FdtPlanner *planner,
                                         const FdtNode *node);

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
/*
 * fdt_planner_findings: for what is wrong with the tree, and can be done
 * without.  A hook that returns an error leaves its device out, which becomes a
 * finding by itself
 */
FdtFindings *fdt_planner_findings(const FdtPlanner *planner);
/* fdt_planner_note: a remark that the report gives for the node */
void fdt_planner_note(FdtPlanner *planner, const FdtNode *node,
                      const char *fmt, ...) G_GNUC_PRINTF(3, 4);

/*
 * For hooks: a device
 */

FdtNode *fdt_device_node(const FdtDevice *device);
const char *fdt_device_id(const FdtDevice *device);
const FdtBinding *fdt_device_binding(const FdtDevice *device);
/*
 * fdt_device_reg: entry @i of `reg` of the device's node, which has an address;
 * false with an error if there is none.  fdt_device_block: it has a size as
 * well.  fdt_device_num_regs: how many entries there are, 0 if reg is malformed
 */
bool fdt_device_reg(const FdtDevice *device, unsigned i, FdtReg *out,
                    Error **errp);
bool fdt_device_block(const FdtDevice *device, unsigned i, FdtReg *out,
                      Error **errp);
unsigned fdt_device_num_regs(const FdtDevice *device);
/*
 * fdt_device_irq: entry @i of the interrupts of the device's node, where it
 * ends after all nexus nodes and controllers that forward; NULL if there is
 * none, or it leads nowhere.  fdt_device_num_irqs: how many entries there are
 */
const FdtInterrupt *fdt_device_irq(const FdtDevice *device, unsigned i);
unsigned fdt_device_num_irqs(const FdtDevice *device);
/*
 * fdt_device_user_binding: the node below /qemu,bindings that the device's node
 * is bound by, which may be of another tree; NULL: none
 */
const FdtNode *fdt_device_user_binding(const FdtDevice *device);
/* fdt_device_type: its QOM type; NULL if it is not built */
const char *fdt_device_type(const FdtDevice *device);
/* fdt_device_is: whether it is bound to the row of this compatible string */
bool fdt_device_is(const FdtDevice *device, const char *compatible);
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
 * a note in the report.  Its hooks that come later are not called
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
 * fdt_device_set_inert: the device does nothing once it is neither mapped nor
 * connected, as an unimplemented-device or an or-irq: a further load that has
 * no use for it can leave it behind
 */
void fdt_device_set_inert(FdtDevice *device);
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
/*
 * fdt_device_take_address: the device has that address on the bus called
 * @bus_name of @controller, or on its only one for NULL; false with an error if
 * another one has it
 */
bool fdt_device_take_address(FdtDevice *device, FdtDevice *controller,
                             const char *bus_name, uint32_t address,
                             Error **errp);
/*
 * fdt_device_set_slot: it takes such a backend, whatever its row says;
 * fdt_device_slot: which one it takes
 */
void fdt_device_set_slot(FdtDevice *device, FdtSlot slot);
FdtSlot fdt_device_slot(const FdtDevice *device);
/*
 * fdt_device_silence: its model has no output for the interrupts of its node,
 * as FdtGuestRole.no_interrupts says of a row
 */
void fdt_device_silence(FdtDevice *device);
/* fdt_device_after: created after another one */
void fdt_device_after(FdtDevice *device, FdtDevice *other);

/*
 * fdt_device_map: region @region, or of that name if @region_name is not
 * NULL, at @address of system memory; not more than @size bytes of it, unless
 * @size is 0
 */
void fdt_device_map(FdtDevice *device, unsigned region,
                    const char *region_name, uint64_t address, uint64_t size);
/*
 * fdt_device_map_whole: region 0 of a stub or of RAM, which has the size of the
 * map, so that nothing has to be cut off
 * @priority: NULL if it is not to lie above or below others
 */
void fdt_device_map_whole(FdtDevice *device, uint64_t address, uint64_t size,
                          const int *priority);
/*
 * fdt_device_map_priority: the same, by index, with a priority: where regions
 * are over each other, the one with the highest answers
 */
void fdt_device_map_priority(FdtDevice *device, unsigned region,
                             uint64_t address, uint64_t size, int priority);
/*
 * fdt_device_map_window: only @size bytes from @offset of the region, through
 * an alias called @alias
 */
void fdt_device_map_window(FdtDevice *device, unsigned region,
                           uint64_t address, const char *alias,
                           uint64_t offset, uint64_t size);
/*
 * fdt_device_map_into: at @offset of another memory region than system memory,
 * which has the QOM path @path; @owner, whose region it is, comes first
 */
void fdt_device_map_into(FdtDevice *device, unsigned region, FdtDevice *owner,
                         const char *path, uint64_t offset, uint64_t size);
/*
 * fdt_planner_alias: what is at the address @target, memory or a device, is
 * seen at @reg, too, which is the @i-th entry of its node's; for the hook
 * @finish of @alias, a device that is not built.  False with an error if
 * nothing that has a model has as many bytes there.
 */
bool fdt_planner_alias(FdtPlanner *planner, const FdtDevice *alias, unsigned i,
                       const FdtReg *reg, uint64_t target, Error **errp);
/*
 * fdt_device_maps_reg: whether region 0 of the device is mapped whole where
 * entry @i of reg is, which is then in @out
 */
bool fdt_device_maps_reg(const FdtDevice *device, unsigned i, FdtReg *out);

/*
 * fdt_device_wire: output to input; any number of wires may end in one input
 * (an or-irq is put before it) or begin at one output (a split-irq)
 */
void fdt_device_wire(FdtPlanner *planner,
                     FdtDevice *source, const char *source_line, unsigned n,
                     FdtDevice *sink, const char *sink_line, unsigned m);
/*
 * fdt_device_move_inputs: the controller has @num_shared inputs that all CPUs
 * share: those that follow them (FdtInput.after_shared) have their numbers now
 */
void fdt_device_move_inputs(FdtPlanner *planner, FdtDevice *controller,
                            unsigned num_shared);
/**
 * fdt_device_interrupt: wire an output to the input that a resolved interrupt
 * names, for CPU @cpu if every CPU has its own of it
 *
 * A controller without a model is noted for the report; a specifier that the
 * controller does not know, or beyond its lines, is a finding.  Nothing is
 * wired then, and neither is it if @interrupt is NULL, which leads nowhere.
 */
bool fdt_device_interrupt(FdtPlanner *planner, FdtDevice *source,
                          const char *source_line, unsigned n,
                          const FdtInterrupt *interrupt, unsigned cpu,
                          Error **errp);
/*
 * fdt_device_gpio: the input of a GPIO provider that the @index-th entry of
 * the property names ("gpios", "cd-gpios"); false without an error if there is
 * none, the provider has no model, or the property is faulty (a finding)
 */
bool fdt_device_gpio(FdtPlanner *planner, const FdtNode *node,
                     const char *property, unsigned index,
                     FdtInput *out, uint32_t *flags, Error **errp);
/* fdt_device_gpio_output: the same for a line that the provider drives */
bool fdt_device_gpio_output(FdtPlanner *planner, const FdtNode *node,
                            const char *property, unsigned index,
                            FdtInput *out, uint32_t *flags, Error **errp);

/*
 * fdt_device_add_slot: @device, or @bus in its place, has a slot for a card;
 * -drive if=sd are cards in the order of the aliases mmcN, first in slots that
 * are for cards that users change
 */
void fdt_device_add_slot(FdtPlanner *planner, FdtDevice *device,
                         FdtDevice *bus);

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
     * The CPU that starts the kernel; NULL: the first.  @wants_mmu: a kernel
     * runs on those alone that say that they have an MMU
     */
    FdtDevice *cpu;
    bool wants_mmu;
    const char *psci;           /* "smc", "hvc"; NULL: the tree has no PSCI */
    /*
     * "psci", "spin-table", "pen", "none", or, where firmware holds them,
     * "sbi"
     */
    const char *secondary;
    bool has_pen;               /* the board has a holding pen, as follows */
    uint64_t pen_boot_reg;      /* address that the pen polls */
    uint64_t pen_address;       /* RAM for the pen's code */
    uint64_t gic_cpu_if;        /* of the GIC's CPU interface; 0: none */
    uint32_t board_id;          /* for r1 */
    bool has_board_id;
    bool secure;                /* the kernel starts in secure state */
} FdtBoot;

FdtBoot *fdt_planner_boot(FdtPlanner *planner);

#endif /* HW_FDT_MACHINE_PLAN_API_H */

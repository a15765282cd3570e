/*
 * Boot device of Arm machines: kernel, initial RAM disk, tree and firmware
 *
 * Does for a machine that is put together from devices what boards do with the
 * options -kernel, -initrd, -append, -dtb and -bios.  It has no registers: when
 * it is added it loads the files, and at every reset the CPUs get the state
 * that a boot loader would leave them in (Documentation/arch/arm64/booting.rst
 * and Documentation/arch/arm/booting.rst of Linux; Devicetree Specification 3.6
 * and 3.8.1).  64-bit CPUs start a 32-bit kernel (a zImage) in AArch32 state.
 * CPUs and interrupt controllers have to be there before it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/module.h"
#include "qemu/range.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include <libfdt.h>
#include "cpu.h"
#include "cpu-features.h"
#include "elf.h"
#include "hw/arm/boot.h"
#include "hw/boards.h"
#include "hw/loader.h"
#include "hw/nvram/fw_cfg.h"
#include "hw/qdev-properties.h"
#include "system/device_tree.h"
#include "system/reset.h"
#include "boot-device.h"
#include "count-cpus.h"
#include "zimage.h"

#define TYPE_ARM_BOOT "arm-boot"
OBJECT_DECLARE_SIMPLE_TYPE(ArmBoot, ARM_BOOT)

/*
 * Spin code lies in the page of the lowest release address, at this offset
 * unless a release address is in the way
 */
#define SPIN_CODE_OFFSET    0x300
#define SPIN_CODE_ALIGN     (4 * KiB)
#define SPIN_CODE_STEP      16
/* Room for the boot code, which is where RAM starts */
#define BOOT_CODE_SIZE      0x100
#define ADDRESS_NONE        UINT64_MAX

typedef enum ArmBootSecondary {
    SECONDARY_PSCI,
    SECONDARY_SPIN_TABLE,
    SECONDARY_PEN,
    SECONDARY_NONE,
} ArmBootSecondary;

struct ArmBoot {
    FdtBootDevice boot;         /* the parent: what all have in common */

    uint64_t firmware_addr;
    ARMCPU *cpu;
    char *psci;
    char *secondary;
    uint32_t num_release;
    uint64_t *release;
    uint64_t secondary_addr;
    uint64_t tree_addr;         /* where it is loaded; ADDRESS_NONE: nowhere */
    uint64_t pen_boot_reg;
    uint64_t pen_addr;
    uint64_t gic_cpu_if;
    uint32_t board_id;
    bool secure;

    /* What arm_boot_check() makes of the properties */
    ARMCPU *boot_cpu;
    int conduit;
    bool aarch64;               /* the state in which the CPUs start */
    ArmBootSecondary how;
    uint64_t firmware_end;      /* after the file, if it is a raw one */

    struct arm_boot_info info;
};

/*
 * Properties that are words
 */

typedef struct ArmBootWord {
    const char *word;
    int value;
} ArmBootWord;

static const ArmBootWord conduits[] = {
    { "none", QEMU_PSCI_CONDUIT_DISABLED },
    { "smc", QEMU_PSCI_CONDUIT_SMC },
    { "hvc", QEMU_PSCI_CONDUIT_HVC },
    { }
};

static const ArmBootWord secondaries[] = {
    { "none", SECONDARY_NONE },
    { "psci", SECONDARY_PSCI },
    { "spin-table", SECONDARY_SPIN_TABLE },
    { "pen", SECONDARY_PEN },
    { }
};

static bool parse_word(const ArmBootWord *words, const char *name,
                       const char *word, int *value, Error **errp)
{
    g_autoptr(GString) known = g_string_new(NULL);

    for (; words->word; words++) {
        if (g_str_equal(words->word, word)) {
            *value = words->value;
            return true;
        }
        g_string_append_printf(known, "%s%s", known->len ? ", " : "",
                               words->word);
    }
    error_setg(errp, "'%s' is none of the values of '%s': %s", word, name,
               known->str);
    return false;
}

/*
 * Spin code (3.8.1)
 */

/* Every CPU has code of its own: no need to find out who runs it */
static const uint32_t spin_code[] = {
    0x58000144,     /*       ldr  x4, release */
    0xd503205f,     /* wait: wfe              */
    0xf9400085,     /*       ldr  x5, [x4]    */
    0xb4ffffc5,     /*       cbz  x5, wait    */
    0xaa1f03e0,     /*       mov  x0, xzr     */
    0xaa1f03e1,     /*       mov  x1, xzr     */
    0xaa1f03e2,     /*       mov  x2, xzr     */
    0xaa1f03e3,     /*       mov  x3, xzr     */
    0xd61f00a0,     /*       br   x5          */
    0xd503201f,     /*       nop              */
    0,              /* release: .quad         */
    0,
};

#define SPIN_RELEASE    10      /* index of the address in spin_code */
#define SPIN_CODE_SIZE  sizeof(spin_code)

/*
 * Checks, before anything is loaded
 */

static bool check_fits(const ArmBoot *s, const char *what, const char *name,
                       uint64_t size, Error **errp)
{
    if (size > s->boot.ram_size) {
        error_setg(errp, "%s '%s': %" PRIu64 " bytes do not fit into the %"
                   PRIu64 " bytes of RAM at 0x%" PRIx64, what, name, size,
                   s->boot.ram_size, s->boot.ram_start);
        return false;
    }
    return true;
}

static bool check_firmware(ArmBoot *s, Error **errp)
{
    uint64_t size;
    bool is_elf;

    if (!s->boot.firmware) {
        return true;
    }
    if (!fdt_boot_check_file("firmware", s->boot.firmware, &size, &is_elf,
                             errp)) {
        return false;
    }
    if (s->boot.kernel && !fw_cfg_find()) {
        error_setg(errp, "'kernel' beside 'firmware' needs a fw_cfg device, "
                   "through which the firmware can get it");
        return false;
    }
    if (!is_elf) {
        if (s->firmware_addr + size < size) {
            error_setg(errp, "firmware '%s' does not fit at 0x%" PRIx64,
                       s->boot.firmware, s->firmware_addr);
            return false;
        }
        s->firmware_end = s->firmware_addr + size;
    }
    return true;
}

/*
 * @linux_boot: whether the kernel will be entered as Linux wants it; as for
 * boards, an ELF file is started at the highest exception level instead
 */
static bool check_files(ArmBoot *s, bool *linux_boot, Error **errp)
{
    bool is_elf = false;
    uint64_t size;

    if (!s->boot.kernel && !s->boot.firmware) {
        error_setg(errp, "nothing to boot: either 'kernel' or 'firmware' has "
                   "to be given");
        return false;
    }
    if (s->boot.kernel &&
        (!fdt_boot_check_file("kernel", s->boot.kernel, &size, &is_elf, errp) ||
         !check_fits(s, "kernel", s->boot.kernel, size, errp))) {
        return false;
    }
    *linux_boot = s->boot.kernel && !s->boot.firmware && !is_elf;
    if (s->boot.initrd &&
        (!fdt_boot_check_file("initrd", s->boot.initrd, &size, &is_elf, errp) ||
         !check_fits(s, "initrd", s->boot.initrd, size, errp))) {
        return false;
    }
    return check_firmware(s, errp);
}

static bool check_cpus(ArmBoot *s, Error **errp)
{
    CPUState *cs;

    if (!first_cpu) {
        error_setg(errp, "there is no CPU to boot; add the CPUs first");
        return false;
    }
    CPU_FOREACH(cs) {
        ARMCPU *cpu = (ARMCPU *)object_dynamic_cast(OBJECT(cs), TYPE_ARM_CPU);

        if (!cpu || arm_feature(&cpu->env, ARM_FEATURE_M)) {
            error_setg(errp, "a %s cannot be booted in this way",
                       object_get_typename(OBJECT(cs)));
            return false;
        }
    }
    s->boot_cpu = ARM_CPU(first_cpu);
    if (s->cpu && s->cpu != s->boot_cpu) {
        error_setg(errp, "'cpu': the boot CPU has to be the one that was "
                   "added first");
        return false;
    }
    return true;
}

/* The highest exception level of a 64-bit CPU is always in AArch64 state */
static bool check_aarch32(const ArmBoot *s, Error **errp)
{
    CPUState *cs;

    CPU_FOREACH(cs) {
        ARMCPU *cpu = ARM_CPU(cs);

        if (!arm_feature(&cpu->env, ARM_FEATURE_AARCH64)) {
            continue;
        }
        if (!cpu_isar_feature(aa64_aa32_el1, cpu)) {
            error_setg(errp, "kernel '%s' is a 32-bit one, which a %s cannot "
                       "run", s->boot.kernel, object_get_typename(OBJECT(cpu)));
            return false;
        }
        if (!arm_feature(&cpu->env, ARM_FEATURE_EL2) &&
            !arm_feature(&cpu->env, ARM_FEATURE_EL3)) {
            error_setg(errp, "kernel '%s' is a 32-bit one: 64-bit CPUs run it "
                       "only below EL2 or EL3, add them with has_el2=on",
                       s->boot.kernel);
            return false;
        }
    }
    return true;
}

/* @linux_boot: see check_files() */
static bool check_state(ArmBoot *s, bool linux_boot, Error **errp)
{
    s->aarch64 = arm_feature(&s->boot_cpu->env, ARM_FEATURE_AARCH64);
    if (s->aarch64 && linux_boot && fdt_kernel_is_zimage(s->boot.kernel)) {
        s->aarch64 = false;
        return check_aarch32(s, errp);
    }
    return true;
}

/* Whether neither a release address nor the boot code is where the code goes */
static bool is_spin_room(const ArmBoot *s, uint64_t start, uint64_t size)
{
    if (ranges_overlap(start, size, s->boot.ram_start, BOOT_CODE_SIZE)) {
        return false;
    }
    for (unsigned i = 1; i < s->num_release; i++) {
        if (ranges_overlap(start, size, s->release[i], sizeof(uint64_t))) {
            return false;
        }
    }
    return true;
}

/* Somewhere in the page; ADDRESS_NONE if nothing is left in it */
static uint64_t find_spin_room(const ArmBoot *s, uint64_t page, uint64_t size)
{
    for (uint64_t n = 0; n < SPIN_CODE_ALIGN; n += SPIN_CODE_STEP) {
        uint64_t offset = (SPIN_CODE_OFFSET + n) % SPIN_CODE_ALIGN;

        if (offset + size <= SPIN_CODE_ALIGN &&
            is_spin_room(s, page + offset, size)) {
            return page + offset;
        }
    }
    return ADDRESS_NONE;
}

/* @low: the lowest release address */
static bool place_spin_code(ArmBoot *s, uint64_t low, Error **errp)
{
    uint64_t page = QEMU_ALIGN_DOWN(low, SPIN_CODE_ALIGN);
    uint64_t size = s->num_release * SPIN_CODE_SIZE;

    if (s->secondary_addr == ADDRESS_NONE) {
        s->secondary_addr = find_spin_room(s, page, size);
    } else if (!is_spin_room(s, s->secondary_addr, size)) {
        error_setg(errp, "'secondary-addr': the %" PRIu64 " bytes of code from "
                   "0x%" PRIx64 " on would be over a release address, or over "
                   "the boot code at 0x%" PRIx64, size, s->secondary_addr,
                   s->boot.ram_start);
        return false;
    }
    if (s->secondary_addr == ADDRESS_NONE) {
        error_setg(errp, "'release-addr': the page at 0x%" PRIx64 " has no "
                   "room for %" PRIu64 " bytes of code beside the release "
                   "addresses; say where it goes with 'secondary-addr'", page,
                   size);
        return false;
    }
    return true;
}

static bool check_spin_table(ArmBoot *s, Error **errp)
{
    uint64_t low = UINT64_MAX;

    if (s->num_release != fdt_count_cpus()) {
        error_setg(errp, "'release-addr' has %u entries for %u CPUs",
                   s->num_release, fdt_count_cpus());
        return false;
    }
    for (unsigned i = 1; i < s->num_release; i++) {
        if (!s->release[i] || s->release[i] % sizeof(uint64_t)) {
            error_setg(errp, "'release-addr': 0x%" PRIx64 " of CPU %u is not "
                       "an address of 8 bytes of RAM", s->release[i], i);
            return false;
        }
        low = MIN(low, s->release[i]);
    }
    return s->num_release < 2 || place_spin_code(s, low, errp);
}

static bool check_secondary(ArmBoot *s, bool linux_boot, Error **errp)
{
    if ((s->how == SECONDARY_SPIN_TABLE && !s->aarch64) ||
        (s->how == SECONDARY_PEN && s->aarch64)) {
        error_setg(errp, "'secondary=%s' is for %d-bit kernels", s->secondary,
                   s->how == SECONDARY_PEN ? 32 : 64);
        return false;
    }
    if (s->how == SECONDARY_PSCI && s->conduit == QEMU_PSCI_CONDUIT_DISABLED) {
        error_setg(errp, "'secondary=psci' needs 'psci=smc' or 'psci=hvc'");
        return false;
    }
    if (linux_boot && s->conduit == QEMU_PSCI_CONDUIT_HVC &&
        arm_feature(&s->boot_cpu->env, ARM_FEATURE_EL2)) {
        error_setg(errp, "'psci=hvc' cannot work for a kernel that starts at "
                   "EL2: add the CPUs with has_el2=off, or use 'psci=smc'");
        return false;
    }
    if (s->how == SECONDARY_PEN && s->pen_addr > UINT32_MAX) {
        error_setg(errp, "'pen-addr' has to be below 4 GiB");
        return false;
    }
    return s->how != SECONDARY_SPIN_TABLE || check_spin_table(s, errp);
}

static bool check_secure(const ArmBoot *s, Error **errp)
{
    if (s->secure && arm_feature(&s->boot_cpu->env, ARM_FEATURE_AARCH64)) {
        error_setg(errp, "'secure': 64-bit CPUs start in non-secure state");
        return false;
    }
    if (s->secure && s->conduit == QEMU_PSCI_CONDUIT_SMC &&
        arm_feature(&s->boot_cpu->env, ARM_FEATURE_EL3)) {
        error_setg(errp, "'secure' and 'psci=smc' exclude each other");
        return false;
    }
    return true;
}

/*
 * The tree
 */

static int edit_memory(ArmBoot *s)
{
    return fdt_boot_edit_memory(&s->boot);
}

static int edit_chosen(ArmBoot *s)
{
    return fdt_boot_edit_chosen(&s->boot, s->info.initrd_start,
                                s->info.initrd_size);
}

/*
 * /psci (binding arm/psci.yaml): the node says which conduit there is.  QEMU
 * answers the functions of PSCI 1.0 and of 0.2; a node for PSCI 0.1, with
 * function IDs of the board's firmware, is replaced.
 */
static int edit_psci(ArmBoot *s)
{
    static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";
    int node;
    int rc;

    if (s->info.psci_conduit == QEMU_PSCI_CONDUIT_DISABLED) {
        return 0;
    }
    node = fdt_node_offset_by_compatible(s->boot.fdt, -1, "arm,psci-1.0");
    if (node < 0) {
        node = fdt_node_offset_by_compatible(s->boot.fdt, -1, "arm,psci-0.2");
    }
    if (node < 0) {
        node = fdt_subnode_offset(s->boot.fdt, 0, "psci");
        if (node >= 0) {
            fdt_del_node(s->boot.fdt, node);
        }
        node = fdt_add_subnode(s->boot.fdt, 0, "psci");
        rc = node < 0 ? node : fdt_setprop(s->boot.fdt, node, "compatible",
                                           compatible, sizeof(compatible));
        if (rc < 0) {
            return rc;
        }
    }
    return fdt_setprop_string(s->boot.fdt, node, "method", s->psci);
}

/* The kernel must leave alone the page in which CPUs spin (3.8.1, 5.3) */
static int edit_reservations(ArmBoot *s)
{
    uint64_t page = QEMU_ALIGN_DOWN(s->secondary_addr, SPIN_CODE_ALIGN);
    int count = fdt_num_mem_rsv(s->boot.fdt);

    if (s->how != SECONDARY_SPIN_TABLE || fdt_count_cpus() == 1) {
        return 0;
    }
    for (int i = 0; i < count; i++) {
        uint64_t address, size;

        if (fdt_get_mem_rsv(s->boot.fdt, i, &address, &size) == 0 &&
            address <= page && page - address + SPIN_CODE_ALIGN <= size) {
            return 0;
        }
    }
    return fdt_add_mem_rsv(s->boot.fdt, page, SPIN_CODE_ALIGN);
}

static bool edit_tree(ArmBoot *s, Error **errp)
{
    static const struct {
        const char *what;
        int (*edit)(ArmBoot *s);
    } edits[] = {
        { "/memory", edit_memory },
        { "/chosen", edit_chosen },
        { "/psci", edit_psci },
        { "memory reservations", edit_reservations },
    };

    for (int i = 0; i < ARRAY_SIZE(edits); i++) {
        int rc;

        if (edits[i].edit == edit_memory && s->boot.keep_memory) {
            continue;
        }
        rc = edits[i].edit(s);
        if (rc < 0) {
            error_setg(errp, "%s: %s: %s", s->boot.dtb ?: "dtb-data",
                       edits[i].what, fdt_strerror(rc));
            return false;
        }
    }
    fdt_pack(s->boot.fdt);
    return true;
}

static void *tree_is_there(const struct arm_boot_info *info, int *size)
{
    /* A tree makes the loader leave room; load_tree() loads it */
    g_assert_not_reached();
}

static bool load_tree(ArmBoot *s, Error **errp)
{
    AddressSpace *as = arm_boot_address_space(s->boot_cpu, &s->info);
    uint64_t start = s->info.dtb_start;
    uint64_t end = s->boot.ram_start + s->boot.ram_size;
    uint32_t size;

    if (!s->boot.fdt) {
        return true;
    }
    if (!edit_tree(s, errp)) {
        return false;
    }
    size = fdt_totalsize(s->boot.fdt);
    if (start == ADDRESS_NONE) {
        /* An ELF file lies where the tree would be, and takes none */
        return true;
    }
    if (s->info.dtb_limit > start) {
        end = MIN(end, s->info.dtb_limit);
    }
    if (s->boot.firmware && start < s->firmware_end &&
        start + size > s->firmware_addr) {
        start = QEMU_ALIGN_UP(s->firmware_end, 2 * MiB);
        s->info.dtb_start = start;
    }
    if (start < s->boot.ram_start || start >= end || size > end - start) {
        error_setg(errp, "the tree (%u bytes) does not fit into the RAM at "
                   "0x%" PRIx64, size, start);
        return false;
    }
    rom_add_blob_fixed_as("dtb", s->boot.fdt, size, start, as);
    s->tree_addr = start;
    return true;
}

/*
 * Secondary CPUs
 */

static hwaddr spin_address(const ArmBoot *s, unsigned cpu)
{
    return s->secondary_addr + cpu * SPIN_CODE_SIZE;
}

static ArmBoot *boot_of(const struct arm_boot_info *info)
{
    return container_of(info, ArmBoot, info);
}

static void write_spin_code(ArmBoot *s, AddressSpace *as, unsigned cpu)
{
    uint32_t code[ARRAY_SIZE(spin_code)];

    for (int i = 0; i < ARRAY_SIZE(spin_code); i++) {
        code[i] = cpu_to_le32(spin_code[i]);
    }
    code[SPIN_RELEASE] = cpu_to_le32(s->release[cpu]);
    code[SPIN_RELEASE + 1] = cpu_to_le32(s->release[cpu] >> 32);
    rom_add_blob_fixed_as("spin-code", code, sizeof(code),
                          spin_address(s, cpu), as);
}

/* Spin tables (3.8.1): all release words are zero after a reset */
static void write_spin_table(ARMCPU *cpu, const struct arm_boot_info *info)
{
    static const uint64_t nobody;
    AddressSpace *as = arm_boot_address_space(cpu, info);
    ArmBoot *s = boot_of(info);

    for (unsigned i = 1; i < s->num_release; i++) {
        bool seen = false;

        for (unsigned j = 1; j < i; j++) {
            seen |= s->release[j] == s->release[i];
        }
        if (!seen) {
            rom_add_blob_fixed_as("release-addr", &nobody, sizeof(nobody),
                                  s->release[i], as);
        }
        write_spin_code(s, as, i);
    }
}

static void reset_spin_table(ARMCPU *cpu, const struct arm_boot_info *info)
{
    cpu_set_pc(CPU(cpu), spin_address(boot_of(info), CPU(cpu)->cpu_index));
}

/* Holding pen without a GIC: as no interrupt would end a wfi, the code polls */
static const ARMInsnFixup polling_pen[] = {
    { 0xe59f0010 },     /*       ldr  r0, reg  */
    { 0xe320f001 },     /* wait: yield         */
    { 0xe5901000 },     /*       ldr  r1, [r0] */
    { 0xe1110001 },     /*       tst  r1, r1   */
    { 0x0afffffb },     /*       beq  wait     */
    { 0xe12fff11 },     /*       bx   r1       */
    { 0, FIXUP_BOOTREG },
    { 0, FIXUP_TERMINATOR }
};

static void write_polling_pen(ARMCPU *cpu, const struct arm_boot_info *info)
{
    uint32_t context[FIXUP_MAX] = { [FIXUP_BOOTREG] = info->smp_bootreg_addr };

    arm_write_bootloader("pen", arm_boot_address_space(cpu, info),
                         info->smp_loader_start, polling_pen, context);
}

/* Nothing to write and no state to set: the CPUs stay powered off */
static void write_nothing(ARMCPU *cpu, const struct arm_boot_info *info)
{
}

static void set_secondary(ArmBoot *s)
{
    struct arm_boot_info *info = &s->info;

    switch (s->how) {
    case SECONDARY_PSCI:
        info->psci_conduit = s->conduit;
        break;
    case SECONDARY_SPIN_TABLE:
        info->write_secondary_boot = write_spin_table;
        info->secondary_cpu_reset_hook = reset_spin_table;
        break;
    case SECONDARY_PEN:
        info->smp_loader_start = s->pen_addr;
        info->smp_bootreg_addr = s->pen_boot_reg;
        info->gic_cpu_if_addr = s->gic_cpu_if;
        if (!s->gic_cpu_if) {
            info->write_secondary_boot = write_polling_pen;
        }
        break;
    case SECONDARY_NONE:
        info->write_secondary_boot = write_nothing;
        info->secondary_cpu_reset_hook = write_nothing;
        break;
    }
}

/*
 * At the reset vector, all CPUs start in the firmware, as the hardware does it.
 * Anywhere else, a boot ROM has loaded it, and holds the others.
 */
static bool holds_others(const ArmBoot *s)
{
    return s->how == SECONDARY_NONE ||
           (s->boot.firmware && s->firmware_addr && s->how != SECONDARY_PSCI);
}

static void set_powered_off(const ArmBoot *s)
{
    CPUState *cs;

    if (!holds_others(s)) {
        return;
    }
    CPU_FOREACH(cs) {
        if (cs != first_cpu) {
            object_property_set_bool(OBJECT(cs), "start-powered-off", true,
                                     &error_abort);
        }
    }
}

/*
 * PSCI for power off and reset, where secondary CPUs are started in another
 * way: QEMU's loader sets the conduit only if PSCI starts them.  If the guest
 * runs at EL3, or at EL2 and the conduit is hvc, the guest itself takes the
 * calls.
 */
static void set_other_conduit(ArmBoot *s)
{
    CPUARMState *env = &s->boot_cpu->env;
    bool own_el3 = arm_feature(env, ARM_FEATURE_EL3) && !s->info.is_linux;
    bool own_el2 = own_el3 || arm_feature(env, ARM_FEATURE_EL2);
    CPUState *cs;

    if (s->how == SECONDARY_PSCI ||
        s->conduit == QEMU_PSCI_CONDUIT_DISABLED ||
        (s->conduit == QEMU_PSCI_CONDUIT_SMC && own_el3) ||
        (s->conduit == QEMU_PSCI_CONDUIT_HVC && own_el2)) {
        return;
    }
    CPU_FOREACH(cs) {
        object_property_set_int(OBJECT(cs), "psci-conduit", s->conduit,
                                &error_abort);
    }
    s->info.psci_conduit = s->conduit;
}

/*
 * Firmware
 */

static bool load_firmware(ArmBoot *s, Error **errp)
{
    AddressSpace *as = arm_boot_address_space(s->boot_cpu, &s->info);
    int machine = s->aarch64 ? EM_AARCH64 : EM_ARM;
    uint64_t entry, low, high;
    ssize_t size;

    if (!s->boot.firmware) {
        return true;
    }
    if (s->firmware_end) {
        s->info.entry = s->firmware_addr;
        size = load_image_targphys_as(s->boot.firmware, s->firmware_addr,
                                      s->firmware_end - s->firmware_addr, as);
    } else {
        size = load_elf_as(s->boot.firmware, NULL, NULL, NULL, &entry, &low,
                           &high, NULL, ELFDATA2LSB, machine, 1, 0, as);
        s->info.entry = entry;
        s->firmware_addr = low;
        s->firmware_end = high;
    }
    if (size <= 0) {
        error_setg(errp, "firmware '%s' cannot be loaded", s->boot.firmware);
        return false;
    }
    return true;
}

/* Where the stack of what would have started the firmware may be: RAM's end */
static uint64_t first_stack(const ArmBoot *s)
{
    uint64_t end = s->boot.ram_start + s->boot.ram_size;

    return QEMU_ALIGN_DOWN(s->aarch64 ? end : MIN(end, UINT32_MAX), 16);
}

/*
 * A boot ROM, or firmware before this one, leaves the boot CPU with a stack,
 * and with a tree where a kernel gets it: in x0 (arm64/booting.rst), or in r2,
 * beside a machine type in r1 that stands for none (arm/booting.rst).
 * Registered after the CPUs' own resets.
 */
static void firmware_reset(void *opaque)
{
    ArmBoot *s = opaque;
    CPUARMState *env = &s->boot_cpu->env;
    bool has_tree = s->tree_addr != ADDRESS_NONE;

    if (s->aarch64) {
        env->xregs[0] = has_tree ? s->tree_addr : 0;
        env->xregs[31] = first_stack(s);
    } else {
        env->regs[1] = has_tree ? UINT32_MAX : 0;
        env->regs[2] = has_tree ? s->tree_addr : 0;
        env->regs[13] = first_stack(s);
    }
}

/* All CPUs start in the firmware, but for those that PSCI holds */
static void start_in_firmware(ArmBoot *s)
{
    CPUState *cs;

    if (s->boot.firmware) {
        CPU_FOREACH(cs) {
            ARM_CPU(cs)->env.boot_info = &s->info;
        }
        qemu_register_reset(firmware_reset, s);
    }
}

static void forget_boot_info(void)
{
    CPUState *cs;

    CPU_FOREACH(cs) {
        ARM_CPU(cs)->env.boot_info = NULL;
    }
}

/*
 * Device
 */

static bool arm_boot_check(ArmBoot *s, Error **errp)
{
    bool linux_boot;
    int how;

    if (!fdt_boot_check_alone(TYPE_ARM_BOOT, errp) ||
        !parse_word(conduits, "psci", s->psci ?: "none", &s->conduit, errp) ||
        !parse_word(secondaries, "secondary",
                    s->secondary ?: s->conduit ? "psci" : "none", &how,
                    errp)) {
        return false;
    }
    s->how = how;
    return fdt_boot_check_ram(&s->boot, errp) &&
           check_files(s, &linux_boot, errp) &&
           check_cpus(s, errp) && check_state(s, linux_boot, errp) &&
           check_secondary(s, linux_boot, errp) &&
           check_secure(s, errp) &&
           fdt_boot_read_tree(&s->boot, errp);
}

static void set_boot_info(ArmBoot *s)
{
    s->info = (struct arm_boot_info) {
        .ram_size = s->boot.ram_size,
        .kernel_filename = s->boot.kernel,
        .kernel_cmdline = s->boot.append,
        .initrd_filename = s->boot.initrd,
        .loader_start = s->boot.ram_start,
        .dtb_start = ADDRESS_NONE,
        .board_id = s->board_id,
        /* Firmware that starts in EL3 is where secure state sees it */
        .secure_boot = s->secure ||
            (s->boot.firmware &&
             arm_feature(&s->boot_cpu->env, ARM_FEATURE_EL3)),
        .aarch32 = !s->aarch64,
        .get_dtb = s->boot.fdt ? tree_is_there : NULL,
        .firmware_loaded = s->boot.firmware != NULL,
        .psci_conduit = QEMU_PSCI_CONDUIT_DISABLED,
    };
}

static bool load_files(ArmBoot *s, Error **errp)
{
    if (!load_firmware(s, errp) ||
        !arm_load_kernel_files(s->boot_cpu, &s->info, errp)) {
        return false;
    }
    set_other_conduit(s);
    return load_tree(s, errp) && rom_check_overlap(errp);
}

static void arm_boot_realize(DeviceState *dev, Error **errp)
{
    ArmBoot *s = ARM_BOOT(dev);
    bool loaded;

    if (!arm_boot_check(s, errp)) {
        return;
    }
    s->tree_addr = ADDRESS_NONE;
    set_boot_info(s);
    set_secondary(s);
    rom_transaction_begin();
    loaded = load_files(s, errp);
    rom_transaction_end(loaded);
    if (!loaded) {
        forget_boot_info();
        return;
    }
    if (s->tree_addr != ADDRESS_NONE) {
        fdt_boot_publish_tree(&s->boot,
                              arm_boot_address_space(s->boot_cpu, &s->info),
                              s->tree_addr);
    }
    set_powered_off(s);
    start_in_firmware(s);
}

static const Property arm_boot_properties[] = {
    DEFINE_PROP_UINT64("firmware-addr", ArmBoot, firmware_addr, 0),
    DEFINE_PROP_LINK("cpu", ArmBoot, cpu, TYPE_ARM_CPU, ARMCPU *),
    DEFINE_PROP_STRING("psci", ArmBoot, psci),
    DEFINE_PROP_STRING("secondary", ArmBoot, secondary),
    DEFINE_PROP_ARRAY("release-addr", ArmBoot, num_release, release,
                      qdev_prop_uint64, uint64_t),
    DEFINE_PROP_UINT64("secondary-addr", ArmBoot, secondary_addr, ADDRESS_NONE),
    DEFINE_PROP_UINT64("pen-boot-reg", ArmBoot, pen_boot_reg, 0),
    DEFINE_PROP_UINT64("pen-addr", ArmBoot, pen_addr, 0),
    DEFINE_PROP_UINT64("gic-cpu-if", ArmBoot, gic_cpu_if, 0),
    DEFINE_PROP_UINT32("board-id", ArmBoot, board_id, UINT32_MAX),
    DEFINE_PROP_BOOL("secure", ArmBoot, secure, false),
};

static void arm_boot_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "Starts a kernel or firmware on Arm CPUs";
    dc->realize = arm_boot_realize;
    device_class_set_props(dc, arm_boot_properties);
}

static const TypeInfo arm_boot_types[] = {
    {
        .name = TYPE_ARM_BOOT,
        .parent = TYPE_FDT_BOOT_DEVICE,
        .instance_size = sizeof(ArmBoot),
        .class_init = arm_boot_class_init,
    },
};

DEFINE_TYPES(arm_boot_types)

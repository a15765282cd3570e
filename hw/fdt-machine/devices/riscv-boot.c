/*
 * Boot device of RISC-V machines: firmware, kernel, initial RAM disk and tree
 *
 * Does for a machine that is put together from devices what boards do with the
 * options -bios, -kernel, -initrd, -append and -dtb.  It has no registers: when
 * it is added it loads the files, and at every reset all harts get the state
 * that firmware, or a kernel without it, expects (RISC-V SBI Specification;
 * OpenSBI, docs/firmware/fw_dynamic.md; Documentation/arch/riscv/boot.rst of
 * Linux): program counter, a0 = hart, a1 = tree, a2 = what firmware is to
 * start.  CPUs and RAM have to be there before it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/datadir.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include <libfdt.h>
#include "cpu.h"
#include "elf.h"
#include "hw/boards.h"
#include "hw/loader.h"
#include "hw/qdev-properties.h"
#include "hw/riscv/boot.h"
#include "hw/riscv/boot_opensbi.h"
#include "system/device_tree.h"
#include "system/reset.h"
#include "boot-device.h"

#define TYPE_RISCV_BOOT "riscv-boot"
OBJECT_DECLARE_SIMPLE_TYPE(RiscvBoot, RISCV_BOOT)

/* Early code of kernels for 32-bit harts reaches no tree above this address */
#define TREE_LIMIT_32       (3 * GiB)
#define ADDRESS_NONE        UINT64_MAX

struct RiscvBoot {
    FdtBootDevice boot;         /* the parent: what all have in common */

    uint64_t firmware_addr;
    uint64_t entry;
    RISCVCPU *cpu;

    /* From the properties */
    RISCVCPU *boot_cpu;
    bool is_32bit;
    uint64_t top;               /* end of the RAM that is still free */
    uint64_t end;               /* end of what is loaded from below */
    uint64_t kernel_entry;
    uint64_t initrd_start;
    uint64_t initrd_size;

    /* State after a reset; firmware may begin at the address 0 */
    bool has_firmware;
    uint64_t pc;
    uint64_t tree_addr;
    uint64_t info_addr;
};

/*
 * Checks, before anything is loaded
 */

static bool check_cpus(RiscvBoot *s, Error **errp)
{
    CPUState *cs;

    if (!first_cpu) {
        error_setg(errp, "there is no CPU to boot; add the CPUs first");
        return false;
    }
    CPU_FOREACH(cs) {
        if (!object_dynamic_cast(OBJECT(cs), TYPE_RISCV_CPU)) {
            error_setg(errp, "a %s cannot be booted in this way",
                       object_get_typename(OBJECT(cs)));
            return false;
        }
    }
    s->boot_cpu = s->cpu ?: RISCV_CPU(first_cpu);
    s->is_32bit = riscv_cpu_mxl(&s->boot_cpu->env) == MXL_RV32;
    return true;
}

static bool check_ram(RiscvBoot *s, Error **errp)
{
    if (!fdt_boot_check_ram(&s->boot, errp)) {
        return false;
    }
    s->top = s->boot.ram_start + s->boot.ram_size;
    s->end = s->boot.ram_start;
    return true;
}

static bool check_file(const char *what, const char *name, Error **errp)
{
    return !name || fdt_boot_check_file(what, name, NULL, NULL, errp);
}

static bool check_files(RiscvBoot *s, Error **errp)
{
    if (s->boot.initrd && !s->boot.kernel) {
        error_setg(errp, "'initrd' goes with a 'kernel'");
        return false;
    }
    return check_file("kernel", s->boot.kernel, errp) &&
           check_file("initrd", s->boot.initrd, errp);
}

/*
 * Firmware
 */

/* QEMU's own copy, if it is installed, or that of Debian's package opensbi */
static char *default_firmware(const RiscvBoot *s)
{
    const char *name = s->is_32bit ? RISCV32_BIOS_BIN : RISCV64_BIOS_BIN;
    static const char *const places[] = {
        "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin",
        "/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin",
    };
    char *file = qemu_find_file(QEMU_FILE_TYPE_BIOS, name);

    for (int i = 0; !file && !s->is_32bit && i < ARRAY_SIZE(places); i++) {
        if (access(places[i], R_OK) == 0) {
            file = g_strdup(places[i]);
        }
    }
    return file;
}

/* If the user names no firmware, a kernel is started by OpenSBI, in S-mode */
static bool find_firmware(RiscvBoot *s, char **file, Error **errp)
{
    bool supervisor = riscv_has_ext(&s->boot_cpu->env, RVS);

    *file = NULL;
    if (s->boot.firmware ? g_str_equal(s->boot.firmware, "none")
                         : !s->boot.kernel || !supervisor) {
        return true;
    }
    if (s->boot.firmware && !g_str_equal(s->boot.firmware, "default")) {
        *file = g_strdup(s->boot.firmware);
        return check_file("firmware", *file, errp);
    }
    *file = default_firmware(s);
    if (!*file) {
        error_setg(errp, "OpenSBI is not installed (Debian: package opensbi); "
                   "give its file as 'firmware', or 'firmware=none' to start "
                   "the kernel in M-mode");
    }
    return *file;
}

/*
 * Load an ELF file where it says, or any other file at @addr; @entry and @end
 * are set to where it begins to run and where it ends
 */
static bool load_file(RiscvBoot *s, const char *what, const char *name,
                      uint64_t addr, uint64_t *entry, uint64_t *end,
                      Error **errp)
{
    uint64_t low, high;
    ssize_t size = load_elf(name, NULL, NULL, NULL, entry, &low, &high, NULL,
                            ELFDATA2LSB, EM_RISCV, 1, 0);

    if (size > 0) {
        *end = s->is_32bit ? (uint32_t)high : high;
        *entry = s->is_32bit ? (uint32_t)*entry : *entry;
        return true;
    }
    if (size != ELF_LOAD_NOT_ELF) {
        error_setg(errp, "%s '%s': %s", what, name, load_elf_strerror(size));
        return false;
    }
    size = addr < s->top ? load_image_targphys(name, addr, s->top - addr) : -1;
    if (size <= 0) {
        error_setg(errp, "%s '%s' does not fit at 0x%" PRIx64 " into the RAM "
                   "that ends at 0x%" PRIx64, what, name, addr, s->top);
        return false;
    }
    *entry = addr;
    *end = addr + size;
    return true;
}

static bool load_firmware(RiscvBoot *s, Error **errp)
{
    g_autofree char *file = NULL;

    if (!find_firmware(s, &file, errp)) {
        return false;
    }
    if (!file) {
        return true;
    }
    if (s->firmware_addr == ADDRESS_NONE) {
        s->firmware_addr = s->boot.ram_start;
    }
    if (!load_file(s, "firmware", file, s->firmware_addr, &s->pc, &s->end,
                   errp)) {
        return false;
    }
    s->has_firmware = true;
    /* Its stacks and heap come after it */
    s->end = MAX(s->end, s->firmware_addr) + 256 * KiB;
    return true;
}

/*
 * Kernel and initial RAM disk
 */

static bool load_kernel(RiscvBoot *s, Error **errp)
{
    uint64_t align = s->is_32bit ? 4 * MiB : 2 * MiB;
    uint64_t start = s->boot.ram_start;

    if (!s->boot.kernel) {
        return true;
    }
    if (s->end > start) {
        start = QEMU_ALIGN_UP(s->end, align);
    }
    if (!load_file(s, "kernel", s->boot.kernel, start, &s->kernel_entry,
                   &s->end, errp)) {
        return false;
    }
    return true;
}

/*
 * The initial RAM disk is loaded halfway into the RAM, but no farther than 512
 * MiB: the kernel needs room behind its own image, for .bss, and if it is
 * compressed
 */
static bool load_initrd(RiscvBoot *s, Error **errp)
{
    uint64_t start = s->boot.ram_start + MIN(s->boot.ram_size / 2, 512 * MiB);
    ssize_t size;

    if (!s->boot.initrd) {
        return true;
    }
    start = MAX(start, QEMU_ALIGN_UP(s->end, 4 * KiB));
    size = start < s->top ? load_image_targphys(s->boot.initrd, start,
                                                s->top - start) : -1;
    if (size <= 0) {
        error_setg(errp, "initrd '%s' does not fit at 0x%" PRIx64 " into the "
                   "RAM that ends at 0x%" PRIx64, s->boot.initrd, start,
                   s->top);
        return false;
    }
    s->initrd_start = start;
    s->initrd_size = size;
    s->end = start + size;
    return true;
}

/*
 * Tree
 */

static bool edit_tree(RiscvBoot *s, Error **errp)
{
    int rc = s->boot.keep_memory ? 0 : fdt_boot_edit_memory(&s->boot);

    if (rc >= 0) {
        rc = fdt_boot_edit_chosen(&s->boot, s->initrd_start, s->initrd_size);
    }
    if (rc < 0) {
        error_setg(errp, "%s: %s", s->boot.dtb ?: "dtb-data", fdt_strerror(rc));
        return false;
    }
    fdt_pack(s->boot.fdt);
    return true;
}

/* Takes @size bytes from the end of the RAM */
static bool take_top(RiscvBoot *s, const char *what, uint64_t size,
                     uint64_t align, uint64_t *addr, Error **errp)
{
    uint64_t top = s->top;

    if (s->is_32bit && s->boot.ram_start < TREE_LIMIT_32) {
        top = MIN(top, TREE_LIMIT_32);
    }
    if (top < size || QEMU_ALIGN_DOWN(top - size, align) < s->end) {
        error_setg(errp, "there is no RAM left for %s (%" PRIu64 " bytes)",
                   what, size);
        return false;
    }
    *addr = s->top = QEMU_ALIGN_DOWN(top - size, align);
    return true;
}

static bool load_tree(RiscvBoot *s, Error **errp)
{
    uint32_t size;

    if (!s->boot.fdt) {
        return true;
    }
    if (!edit_tree(s, errp)) {
        return false;
    }
    size = fdt_totalsize(s->boot.fdt);
    if (!take_top(s, "the tree", size, 2 * MiB, &s->tree_addr, errp)) {
        return false;
    }
    rom_add_blob_fixed("dtb", s->boot.fdt, size, s->tree_addr);
    return true;
}

/*
 * What firmware is to start, in words of its own size
 */
static bool load_info(RiscvBoot *s, Error **errp)
{
    const uint64_t values[] = {
        FW_DYNAMIC_INFO_MAGIC_VALUE,
        FW_DYNAMIC_INFO_VERSION,
        s->kernel_entry,
        FW_DYNAMIC_INFO_NEXT_MODE_S,
        0,
        s->boot_cpu->env.mhartid,
    };
    unsigned word = s->is_32bit ? 4 : 8;
    uint8_t info[sizeof(values)];

    if (!s->has_firmware) {
        return true;
    }
    for (int i = 0; i < ARRAY_SIZE(values); i++) {
        stn_le_p(info + i * word, word, values[i]);
    }
    if (!take_top(s, "the firmware's information", sizeof(info), 4 * KiB,
                  &s->info_addr, errp)) {
        return false;
    }
    rom_add_blob_fixed("fw-dynamic-info", info, ARRAY_SIZE(values) * word,
                       s->info_addr);
    return true;
}

/*
 * Device
 */

/* Registered after the CPUs, so it comes after their own reset */
static void riscv_boot_reset(void *opaque)
{
    RiscvBoot *s = opaque;
    CPUState *cs;

    CPU_FOREACH(cs) {
        CPURISCVState *env = &RISCV_CPU(cs)->env;

        cpu_set_pc(cs, s->pc);
        env->gpr[10] = env->mhartid;
        env->gpr[11] = s->tree_addr;
        env->gpr[12] = s->info_addr;
    }
}

static bool find_entry(RiscvBoot *s, Error **errp)
{
    if (s->entry != ADDRESS_NONE) {
        s->kernel_entry = s->entry;
    }
    if (!s->has_firmware && !s->boot.kernel && s->entry == ADDRESS_NONE) {
        error_setg(errp, "nothing to boot: 'kernel', 'firmware' or 'entry' has "
                   "to be given");
        return false;
    }
    return true;
}

static bool riscv_boot_check(RiscvBoot *s, Error **errp)
{
    return fdt_boot_check_alone(TYPE_RISCV_BOOT, errp) &&
           check_cpus(s, errp) && check_ram(s, errp) &&
           check_files(s, errp) &&
           fdt_boot_read_tree(&s->boot, errp);
}

static bool load_files(RiscvBoot *s, Error **errp)
{
    return load_firmware(s, errp) && load_kernel(s, errp) &&
           load_initrd(s, errp) && find_entry(s, errp) &&
           load_tree(s, errp) && load_info(s, errp) &&
           rom_check_overlap(errp);
}

static void riscv_boot_realize(DeviceState *dev, Error **errp)
{
    RiscvBoot *s = RISCV_BOOT(dev);
    unsigned mark = rom_mark();

    if (!riscv_boot_check(s, errp)) {
        return;
    }
    if (!load_files(s, errp)) {
        rom_undo(mark);
        return;
    }
    if (s->boot.fdt) {
        fdt_boot_publish_tree(&s->boot, &address_space_memory, s->tree_addr);
    }
    if (!s->has_firmware) {
        s->pc = s->kernel_entry;
    }
    qemu_register_reset(riscv_boot_reset, s);
}

static const Property riscv_boot_properties[] = {
    DEFINE_PROP_UINT64("firmware-addr", RiscvBoot, firmware_addr,
                       ADDRESS_NONE),
    DEFINE_PROP_UINT64("entry", RiscvBoot, entry, ADDRESS_NONE),
    DEFINE_PROP_LINK("cpu", RiscvBoot, cpu, TYPE_RISCV_CPU, RISCVCPU *),
};

static void riscv_boot_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "Starts firmware and a kernel on RISC-V harts";
    dc->realize = riscv_boot_realize;
    device_class_set_props(dc, riscv_boot_properties);
}

static const TypeInfo riscv_boot_types[] = {
    {
        .name = TYPE_RISCV_BOOT,
        .parent = TYPE_FDT_BOOT_DEVICE,
        .instance_size = sizeof(RiscvBoot),
        .class_init = riscv_boot_class_init,
    },
};

DEFINE_TYPES(riscv_boot_types)

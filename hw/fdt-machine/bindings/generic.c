/*
 * Bindings that belong to no vendor: buses, clocks, GPIO users, memories,
 * flash, virtio and fw_cfg
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "shared.h"
#include "tables.h"

/* dt-bindings: GPIO_ACTIVE_LOW, KEY_POWER */
#define GPIO_ACTIVE_LOW     1
#define KEY_POWER           116

/* Flash banks of 16 bits and more consist of chips that are 16 bits wide */
#define FLASH_DEVICE_WIDTH  2
#define FLASH_MANUFACTURER  0x89
#define FLASH_DEVICE        0x18
#define FLASH_MAX_BLOCKS    65536

/* Offsets of fw_cfg's registers on Arm: docs/specs/fw_cfg.rst of QEMU */
#define FW_CFG_DATA         0
#define FW_CFG_CTL          8
#define FW_CFG_DMA          16
#define FW_CFG_DATA_WIDTH   8
#define FW_CFG_CTL_WIDTH    2

/*
 * Memories: sram/sram.yaml, mtd/mtd-physmap.yaml
 */

static bool plan_memory(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtReg reg;

    if (!fdt_device_block(device, 0, &reg, errp)) {
        return false;
    }
    fdt_device_set_uint(device, "size", reg.size);
    return true;
}

/*
 * Flash: mtd/mtd-physmap.yaml.  Each entry of reg is a bank, each bank a
 * device; the first is the node's own.
 */

/*
 * Size of the erase blocks: one that divides the bank, into as many blocks as
 * CFI can express; 0 if there is none
 */
static uint64_t flash_sector(uint64_t size)
{
    static const uint64_t sectors[] = {
        256 * KiB, 128 * KiB, 64 * KiB, 4 * KiB,
    };

    for (int i = 0; i < ARRAY_SIZE(sectors); i++) {
        if (size % sectors[i] == 0 &&
            size / sectors[i] <= FLASH_MAX_BLOCKS) {
            return sectors[i];
        }
    }
    return 0;
}

static bool plan_flash_bank(FdtPlanner *planner, FdtDevice *bank,
                            const FdtReg *reg, uint32_t width, Error **errp)
{
    uint64_t sector = flash_sector(reg->size);
    const FdtDriveConfig *drive;

    if (!sector) {
        fdt_error(errp, fdt_device_node(bank), "reg", "flash of 0x%" PRIx64
                  " bytes is no number of sectors from 4 KiB to 256 KiB",
                  reg->size);
        return false;
    }
    fdt_device_set_string(bank, "name", fdt_device_id(bank));
    fdt_device_set_uint(bank, "sector-length", sector);
    fdt_device_set_uint(bank, "num-blocks", reg->size / sector);
    fdt_device_set_uint(bank, "width", width);
    fdt_device_set_uint(bank, "device-width", MIN(width, FLASH_DEVICE_WIDTH));
    fdt_device_set_uint(bank, "id0", FLASH_MANUFACTURER);
    fdt_device_set_uint(bank, "id1", FLASH_DEVICE);
    fdt_device_set_bool(bank, "big-endian",
                        fdt_node_has(fdt_device_node(bank), "big-endian"));
    drive = fdt_planner_take_drive(planner, fdt_device_node(bank), "pflash");
    if (drive) {
        fdt_device_set_string(bank, "drive", drive->id);
    }
    fdt_device_map(bank, 0, NULL, reg->address, reg->size);
    return true;
}

static bool plan_flash(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtNode *node = fdt_device_node(device);
    uint32_t width = 4;
    FdtReg reg;

    if (!fdt_device_block(device, 0, &reg, errp)) {
        return false;
    }
    fdt_node_u32(node, "bank-width", &width);
    if (width != 1 && width != 2 && width != 4) {
        fdt_error(errp, node, "bank-width", "%u is none of 1, 2 and 4",
                  width);
        return false;
    }
    if (!plan_flash_bank(planner, device, &reg, width, errp)) {
        return false;
    }
    for (unsigned i = 1; i < fdt_device_num_regs(device); i++) {
        g_autofree char *suffix = g_strdup_printf("bank%u", i);
        FdtDevice *bank;

        if (!fdt_device_block(device, i, &reg, errp)) {
            return false;
        }
        bank = fdt_planner_add_device(planner, node, "cfi.pflash01", suffix,
                                      FDT_RANK_OTHER);
        if (!plan_flash_bank(planner, bank, &reg, width, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * fw_cfg: firmware/qemu,fw-cfg-mmio.yaml
 */

static bool plan_fw_cfg(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    bool dma;
    FdtReg reg;

    if (!fdt_device_block(device, 0, &reg, errp)) {
        return false;
    }
    if (reg.size < FW_CFG_CTL + FW_CFG_CTL_WIDTH) {
        fdt_error(errp, node, "reg", "0x%" PRIx64 " bytes are too few for "
                  "fw_cfg's registers", reg.size);
        return false;
    }
    dma = reg.size >= FW_CFG_DMA + sizeof(uint64_t);
    fdt_device_set_uint(device, "data_width", FW_CFG_DATA_WIDTH);
    fdt_device_set_bool(device, "dma_enabled", dma);
    fdt_device_map(device, 0, NULL, reg.address + FW_CFG_CTL,
                   FW_CFG_CTL_WIDTH);
    fdt_device_map(device, 1, NULL, reg.address + FW_CFG_DATA,
                   FW_CFG_DATA_WIDTH);
    if (dma) {
        fdt_device_map(device, 2, NULL, reg.address + FW_CFG_DMA,
                       sizeof(uint64_t));
    }
    return true;
}

/*
 * Users of GPIO lines
 */

/*
 * The output that the node's `gpios` names, if the GPIO controller has a model
 * and the line is active high: QEMU's gpio-pwr acts on a high level alone
 */
static bool gpio_output(FdtPlanner *planner, const FdtNode *node,
                        FdtInput *line, Error **errp)
{
    uint32_t flags = 0;

    /* If the provider has no input of that number, it has no such line */
    if (!fdt_device_gpio(planner, node, "gpios", 0, line, &flags, errp)) {
        return false;
    }
    if (flags & GPIO_ACTIVE_LOW) {
        fdt_planner_note(planner, node, "not connected: QEMU models it on "
                         "active-high lines only");
        return false;
    }
    return fdt_device_gpio_output(planner, node, "gpios", 0, line, &flags,
                                  errp);
}

/*
 * input/gpio-keys.yaml: only the power key gets a device, which the command
 * system_powerdown presses; nothing in QEMU would press the other keys
 */
static FdtDevice *add_key(FdtPlanner *planner, FdtNode *key)
{
    FdtDevice *device = fdt_planner_add_device(planner, key, "gpio-key", NULL,
                                               FDT_RANK_OTHER);

    fdt_device_set_bool(device, "press-on-powerdown", true);
    fdt_planner_note(planner, key, "system_powerdown presses the gpio-key %s",
                     fdt_device_id(device));
    return device;
}

/* A key whose node has `interrupts` instead of `gpios`: the line leads there */
static bool connect_key_interrupt(FdtPlanner *planner, FdtNode *key,
                                  Error **errp)
{
    g_autoptr(GArray) interrupts = fdt_node_interrupts(
        key, fdt_planner_findings(planner), errp);

    if (!interrupts) {
        return false;
    }
    return !interrupts->len ||
           !g_array_index(interrupts, FdtInterrupt, 0).controller ||
           fdt_device_interrupt(planner, add_key(planner, key), FDT_LINE_IRQ,
                                0, &g_array_index(interrupts, FdtInterrupt, 0),
                                0, errp);
}

static bool connect_key_gpio(FdtPlanner *planner, FdtNode *key, Error **errp)
{
    ERRP_GUARD();
    uint32_t flags = 0;
    FdtDevice *device;
    FdtInput in;

    if (!fdt_device_gpio(planner, key, "gpios", 0, &in, &flags, errp)) {
        return !*errp;
    }
    device = add_key(planner, key);
    if (flags & GPIO_ACTIVE_LOW) {
        fdt_device_set_bool(device, "active-low", true);
    }
    fdt_device_wire(planner, device, FDT_LINE_IRQ, 0, in.device, in.line,
                    in.index);
    return true;
}

static bool connect_key(FdtPlanner *planner, FdtNode *key, Error **errp)
{
    uint32_t code;

    if (!fdt_node_u32(key, "linux,code", &code) || code != KEY_POWER ||
        !fdt_node_available(key) ||
        !fdt_planner_has_type(planner, "gpio-key")) {
        return true;
    }
    return fdt_node_has(key, "gpios")
           ? connect_key_gpio(planner, key, errp)
           : connect_key_interrupt(planner, key, errp);
}

static bool connect_keys(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtNode *node = fdt_device_node(device);

    for (unsigned i = 0; i < node->children->len; i++) {
        if (!connect_key(planner, g_ptr_array_index(node->children, i),
                         errp)) {
            return false;
        }
    }
    return true;
}

/* leds/leds-gpio.yaml; dt-bindings/leds/common.h has the numbers of colours */
static const char *led_color(const FdtNode *led)
{
    static const char *const colors[] = {
        [1] = "red", [2] = "green", [3] = "blue", [4] = "amber",
        [5] = "violet", [6] = "yellow",
    };
    uint32_t color;

    if (fdt_node_u32(led, "color", &color) && color < ARRAY_SIZE(colors) &&
        colors[color]) {
        return colors[color];
    }
    return "green";
}

static bool connect_led(FdtPlanner *planner, FdtNode *led, Error **errp)
{
    ERRP_GUARD();
    uint32_t flags = 0;
    FdtDevice *device;
    FdtInput out;

    if (!fdt_node_available(led) || !fdt_node_has(led, "gpios") ||
        !fdt_planner_has_type(planner, "led") ||
        !fdt_device_gpio(planner, led, "gpios", 0, &out, &flags, errp) ||
        !fdt_device_gpio_output(planner, led, "gpios", 0, &out, &flags,
                                errp)) {
        return !*errp;
    }
    device = fdt_planner_add_device(planner, led, "led", NULL,
                                    FDT_RANK_OTHER);
    fdt_device_set_string(device, "color", led_color(led));
    fdt_device_set_string(device, "description",
                          fdt_node_string(led, "label", 0) ?: led->name);
    fdt_device_set_bool(device, "gpio-active-high",
                        !(flags & GPIO_ACTIVE_LOW));
    fdt_device_wire(planner, out.device, out.line, out.index,
                    device, FDT_LINE_IN, 0);
    fdt_planner_note(planner, led, "shown by the led %s",
                     fdt_device_id(device));
    return true;
}

static bool connect_leds(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtNode *node = fdt_device_node(device);

    for (unsigned i = 0; i < node->children->len; i++) {
        if (!connect_led(planner, g_ptr_array_index(node->children, i),
                         errp)) {
            return false;
        }
    }
    return true;
}

/* power/reset/gpio-poweroff.yaml, gpio-restart.yaml */
static bool connect_power(FdtPlanner *planner, FdtDevice *device,
                          const char *input, Error **errp)
{
    ERRP_GUARD();
    FdtInput out;

    if (gpio_output(planner, fdt_device_node(device), &out, errp)) {
        fdt_device_wire(planner, out.device, out.line, out.index,
                        device, input, 0);
    }
    return !*errp;
}

static bool connect_poweroff(FdtPlanner *planner, FdtDevice *device,
                             Error **errp)
{
    return connect_power(planner, device, "shutdown", errp);
}

static bool connect_restart(FdtPlanner *planner, FdtDevice *device,
                            Error **errp)
{
    return connect_power(planner, device, "reset", errp);
}

/*
 * power/reset/syscon-poweroff.yaml, syscon-reboot.yaml: a register of the node
 * that `regmap` names, or of the node above
 */

/*
 * The register lies above the region of the syscon's own model, which would not
 * act on the value
 */
#define SYSCON_POWER_PRIORITY 1

static bool syscon_value(FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    uint32_t value = 0, mask = UINT32_MAX;
    bool has_value = fdt_node_u32(node, "value", &value);
    bool has_mask = fdt_node_u32(node, "mask", &mask);

    if (!has_value && !has_mask) {
        fdt_error(errp, node, "value", "the value that the register is written "
                  "with is missing");
        return false;
    }
    /* Without `value`, as in older trees, `mask` is the value */
    fdt_device_set_uint(device, "value", has_value ? value : mask);
    fdt_device_set_uint(device, "mask", has_value ? mask : UINT32_MAX);
    return true;
}

static bool plan_syscon_power(FdtPlanner *planner, FdtDevice *device,
                              Error **errp)
{
    const FdtNode *node = fdt_device_node(device), *syscon = node->parent;
    uint32_t offset;
    FdtDevice *owner;
    FdtReg reg;

    if (fdt_node_has(node, "regmap")) {
        syscon = fdt_node_target(node, "regmap", 0);
    }
    if (!syscon) {
        fdt_error(errp, node, "regmap", "it leads nowhere");
        return false;
    }
    owner = fdt_planner_device(planner, syscon);
    if (owner && fdt_device_binding(owner)->is & FDT_POWERS) {
        fdt_device_merge(device, "the model of its register acts on the value");
        return true;
    }
    if (!fdt_node_u32(node, "offset", &offset) &&
        !fdt_node_u32(node, "reg", &offset)) {
        fdt_error(errp, node, "offset", "the register's offset is missing");
        return false;
    }
    if (!syscon_value(device, errp)) {
        return false;
    }
    if (!fdt_node_reg(syscon, 0, &reg, NULL) || !reg.size) {
        fdt_planner_note(planner, node, "%s has no address", syscon->path);
        return true;
    }
    fdt_device_map_priority(device, 0, reg.address + offset, sizeof(uint32_t),
                            SYSCON_POWER_PRIORITY);
    return true;
}

static const FdtBindingProp virtio_props[] = {
    { .name = "force-legacy", .kind = FDT_VALUE_BOOL, .value = false },
    FDT_END_PROPS
};

#define STRUCTURE(compat, why)                                          \
    { .compatible = compat, .verdict = FDT_VERDICT_STRUCTURE,           \
      .reason = why }

#define CONTAINER(compat, why)                                          \
    { .compatible = compat, .verdict = FDT_VERDICT_STRUCTURE,           \
      .reason = why, .bus = FDT_BUS_NONE,                               \
      .is = FDT_REGISTERS | FDT_CONTAINER }

/* A node without registers of its own: the one that it names is a syscon's */
#define SYSCON_POWER(compat, reset)                                     \
    { .compatible = compat, .type = "syscon-power",                     \
      .bus = FDT_BUS_NONE, .plan = plan_syscon_power,                   \
      .props = (const FdtBindingProp[]) {                               \
          { .name = "reboot", .value = reset, .kind = FDT_VALUE_BOOL }, \
          FDT_END_PROPS } }

const FdtBinding fdt_bindings_generic[] = {
    CONTAINER("simple-bus", "a bus"),
    CONTAINER("simple-pm-bus", "a bus"),
    CONTAINER("simple-mfd", "a container"),
    /*
     * Registers for many purposes, which read as 0; the guest's tree keeps the
     * node, so that its users do not wait for it
     */
    { .compatible = "syscon", .verdict = FDT_VERDICT_STUB,
      .reason = "registers without a model of their own", .bus = FDT_BUS_NONE,
      .is = FDT_REGISTERS | FDT_CONTAINER,
      .guest = FDT_GUEST(.keeps_providers = true) },
    SYSCON_POWER("syscon-poweroff", false),
    SYSCON_POWER("syscon-reboot", true),

    STRUCTURE("numa-distance-map-v1", "NUMA is for the guest alone"),
    STRUCTURE("fixed-clock", "a constant rate"),
    /* The rule `clocks` gives it a fixed clock if its input has no model */
    { .compatible = "fixed-factor-clock", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "a constant rate", .bus = FDT_BUS_NONE, .is = FDT_REGISTERS },
    STRUCTURE("regulator-fixed", "a supply that is always there"),
    STRUCTURE("cache", "QEMU models no caches"),
    STRUCTURE("usb-nop-xceiv", "a transceiver without registers"),
    STRUCTURE("operating-points-v2", "a table"),

    { .compatible = "mmio-sram", .type = "sysbus-memory", .is = FDT_MEMORY,
      .irqs = fdt_no_irqs, .plan = plan_memory, .cover = FDT_COVER_WHOLE },
    { .compatible = "mtd-ram", .type = "sysbus-memory", .is = FDT_MEMORY,
      .irqs = fdt_no_irqs, .plan = plan_memory, .cover = FDT_COVER_WHOLE },
    { .compatible = "cfi-flash", .type = "cfi.pflash01", .bus = FDT_BUS_NONE,
      .plan = plan_flash, .cover = FDT_COVER_WHOLE },
    { .compatible = "virtio,mmio", .type = "virtio-mmio",
      .props = virtio_props },
    { .compatible = "qemu,fw-cfg-mmio", .type = "fw_cfg_mem",
      .bus = FDT_BUS_NONE, .plan = plan_fw_cfg },

    { .compatible = "gpio-keys", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "its keys are lines of GPIO controllers",
      .bus = FDT_BUS_NONE, .connect = connect_keys },
    { .compatible = "gpio-keys-polled", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "its keys are lines of GPIO controllers",
      .bus = FDT_BUS_NONE, .connect = connect_keys },
    { .compatible = "gpio-leds", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "its LEDs are lines of GPIO controllers",
      .bus = FDT_BUS_NONE, .connect = connect_leds },
    { .compatible = "gpio-poweroff", .type = "gpio-pwr", .bus = FDT_BUS_NONE,
      .connect = connect_poweroff },
    { .compatible = "gpio-restart", .type = "gpio-pwr", .bus = FDT_BUS_NONE,
      .connect = connect_restart },
    { }
};

/*
 * Bindings: devices behind I2C controllers
 *
 * A device sits on the bus of the controller, or of the channel of a
 * multiplexer, that is the parent of its node; reg is its address.  If that has
 * no model, the device has none either.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "../binding.h"

#define MAX_ADDRESS             0x7f
#define EEPROM_TYPE             "at24c-eeprom"
/* Up to here the addresses of EEPROMs are of one byte */
#define EEPROM_MAX_KILOBITS_8   16
/* An EEPROM has three pins that tell the blocks' addresses apart */
#define EEPROM_MAX_BLOCKS       8

static bool is_mux(const FdtDevice *device)
{
    return g_str_has_prefix(fdt_device_binding(device)->type ?: "", "pca954");
}

/*
 * Sits on its parent's bus: the controller's only one, or, for a parent without
 * a device, on the bus of the channel that it is of the mux above
 */
static bool set_bus(FdtPlanner *planner, FdtDevice *device)
{
    const FdtNode *parent = fdt_device_node(device)->parent;
    FdtDevice *controller = fdt_planner_device(planner, parent);
    g_autofree char *name = NULL;
    uint32_t channel;

    if (!controller && parent->parent && fdt_node_u32(parent, "reg",
                                                      &channel)) {
        controller = fdt_planner_device(planner, parent->parent);
        if (controller && is_mux(controller)) {
            name = g_strdup_printf("i2c.%u", channel);
            /* The model gives itself an id of its own if it has no name */
            fdt_device_set_string(controller, "name",
                                  fdt_device_id(controller));
        } else {
            controller = NULL;
        }
    }
    if (!controller || !fdt_device_has_bus(controller)) {
        return false;
    }
    fdt_device_set_bus(device, controller, name);
    return true;
}

static bool bus_address(const FdtNode *node, uint32_t *address)
{
    return fdt_node_u32(node, "reg", address) && *address <= MAX_ADDRESS;
}

static void leave_out(FdtPlanner *planner, FdtDevice *device)
{
    fdt_device_leave_out(planner, device, "not built: no I2C bus above it");
}

/* Leaves the device out if there is no bus for it */
static bool plan_i2c(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    uint32_t address;

    if (!bus_address(fdt_device_node(device), &address) ||
        !set_bus(planner, device)) {
        leave_out(planner, device);
        return true;
    }
    fdt_device_set_uint(device, "address", address);
    return true;
}

/*
 * EEPROMs: eeprom/at24.yaml.  The size is in the name, as kilobits, or in
 * `size`.  Those of up to 16 kilobits have addresses of one byte, and take as
 * many addresses of the bus as they have blocks of 256 bytes; the others have
 * two bytes, and blocks of 64 KiB.  Each block is an EEPROM in QEMU.
 */

static unsigned eeprom_address_width(const FdtNode *node, unsigned kilobits)
{
    uint32_t width;

    if (fdt_node_u32(node, "address-width", &width) &&
        (width == 8 || width == 16)) {
        return width;
    }
    return kilobits <= EEPROM_MAX_KILOBITS_8 ? 8 : 16;
}

/* The block at @address, the node's one or the @i-th after it */
static bool plan_eeprom_block(FdtPlanner *planner, FdtDevice *device,
                              uint32_t address, uint32_t size, unsigned width)
{
    if (!set_bus(planner, device)) {
        return false;
    }
    fdt_device_set_uint(device, "address", address);
    fdt_device_set_uint(device, "rom-size", size);
    fdt_device_set_uint(device, "address-size", width / 8);
    return true;
}

static void plan_eeprom_blocks(FdtPlanner *planner, FdtDevice *device,
                               uint32_t address, uint32_t size, unsigned width)
{
    uint32_t block = 1 << width;

    for (unsigned i = 1; i * block < size && address + i <= MAX_ADDRESS; i++) {
        g_autofree char *suffix = g_strdup_printf("%u", i);
        FdtDevice *more = fdt_planner_add_device(planner,
                                                 fdt_device_node(device),
                                                 EEPROM_TYPE, suffix,
                                                 FDT_RANK_OTHER);

        plan_eeprom_block(planner, more, address + i,
                          MIN(size - i * block, block), width);
    }
}

static bool plan_eeprom(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const char *compatible = fdt_device_binding(device)->compatible;
    unsigned int kilobits = 0;
    uint32_t size, address;
    unsigned width;

    qemu_strtoui(strstr(compatible, "24c") + 3, NULL, 10, &kilobits);
    size = kilobits * 128;
    fdt_node_u32(node, "size", &size);
    width = eeprom_address_width(node, kilobits);
    if (!size || size > EEPROM_MAX_BLOCKS << width) {
        fdt_error(errp, node, "size", "%u is not from 1 to %u", size,
                  EEPROM_MAX_BLOCKS << width);
        return false;
    }
    if (!bus_address(node, &address) ||
        !plan_eeprom_block(planner, device, address, MIN(size, 1 << width),
                           width)) {
        leave_out(planner, device);
        return true;
    }
    plan_eeprom_blocks(planner, device, address, size, width);
    return true;
}

static const FdtBindingProp page_props[] = {
    { .name = "rom-size", .value = 32 },
    { .name = "address-size", .value = 2 },
    FDT_END_PROPS
};

static const FdtBindingProp spd_props[] = {
    { .name = "rom-size", .value = 256 },
    { .name = "writable", .kind = FDT_VALUE_BOOL, .value = false },
    FDT_END_PROPS
};

#define I2C(compat, qom_type)                                           \
    { .compatible = compat, .type = qom_type, .num_regs = -1,           \
      .num_irqs = -1, .plan = plan_i2c }

#define I2C_NEAR(compat, qom_type, why)                                 \
    { .compatible = compat, .type = qom_type, .substitute = why,        \
      .num_regs = -1, .num_irqs = -1, .plan = plan_i2c }

#define EEPROM(compat)                                                  \
    { .compatible = compat, .type = EEPROM_TYPE, .num_regs = -1,        \
      .num_irqs = -1, .plan = plan_eeprom }

/* A page of 32 bytes of a larger EEPROM, with an address of its own */
#define EEPROM_PAGE(compat)                                             \
    { .compatible = compat, .type = EEPROM_TYPE, .num_regs = -1,        \
      .num_irqs = -1, .props = page_props, .plan = plan_i2c }

#define MUX(compat, qom_type)                                           \
    { .compatible = compat, .type = qom_type, .num_regs = -1,           \
      .num_irqs = -1, .plan = plan_i2c, .needs_children = true }

const FdtBinding fdt_bindings_i2c[] = {
    /* The names are those of Atmel's, after each vendor's own name */
    EEPROM("atmel,24c01"), EEPROM("atmel,24c02"), EEPROM("atmel,24c04"),
    EEPROM("atmel,24c08"), EEPROM("atmel,24c16"), EEPROM("atmel,24c32"),
    EEPROM("atmel,24c64"), EEPROM("atmel,24c128"), EEPROM("atmel,24c256"),
    EEPROM("atmel,24c512"), EEPROM("atmel,24c1024"), EEPROM("atmel,24c2048"),
    EEPROM("catalyst,24c01"), EEPROM("catalyst,24c02"),
    EEPROM("catalyst,24c04"), EEPROM("catalyst,24c08"),
    EEPROM("catalyst,24c16"), EEPROM("catalyst,24c32"),
    EEPROM("catalyst,24c64"), EEPROM("catalyst,24c128"),
    EEPROM("catalyst,24c256"), EEPROM("catalyst,24c512"),
    EEPROM("catalyst,24c1024"), EEPROM("catalyst,24c2048"),
    EEPROM("microchip,24c01"), EEPROM("microchip,24c02"),
    EEPROM("microchip,24c04"), EEPROM("microchip,24c08"),
    EEPROM("microchip,24c16"), EEPROM("microchip,24c32"),
    EEPROM("microchip,24c64"), EEPROM("microchip,24c128"),
    EEPROM("microchip,24c256"), EEPROM("microchip,24c512"),
    EEPROM("microchip,24c1024"), EEPROM("microchip,24c2048"),
    EEPROM("nxp,24c01"), EEPROM("nxp,24c02"), EEPROM("nxp,24c04"),
    EEPROM("nxp,24c08"), EEPROM("nxp,24c16"), EEPROM("nxp,24c32"),
    EEPROM("nxp,24c64"), EEPROM("nxp,24c128"), EEPROM("nxp,24c256"),
    EEPROM("nxp,24c512"), EEPROM("nxp,24c1024"), EEPROM("nxp,24c2048"),
    EEPROM("onnn,24c01"), EEPROM("onnn,24c02"), EEPROM("onnn,24c04"),
    EEPROM("onnn,24c08"), EEPROM("onnn,24c16"), EEPROM("onnn,24c32"),
    EEPROM("onnn,24c64"), EEPROM("onnn,24c128"), EEPROM("onnn,24c256"),
    EEPROM("onnn,24c512"), EEPROM("onnn,24c1024"), EEPROM("onnn,24c2048"),
    EEPROM("ramtron,24c01"), EEPROM("ramtron,24c02"), EEPROM("ramtron,24c04"),
    EEPROM("ramtron,24c08"), EEPROM("ramtron,24c16"), EEPROM("ramtron,24c32"),
    EEPROM("ramtron,24c64"), EEPROM("ramtron,24c128"), EEPROM("ramtron,24c256"),
    EEPROM("ramtron,24c512"), EEPROM("ramtron,24c1024"),
    EEPROM("ramtron,24c2048"),
    EEPROM("renesas,24c01"), EEPROM("renesas,24c02"), EEPROM("renesas,24c04"),
    EEPROM("renesas,24c08"), EEPROM("renesas,24c16"), EEPROM("renesas,24c32"),
    EEPROM("renesas,24c64"), EEPROM("renesas,24c128"), EEPROM("renesas,24c256"),
    EEPROM("renesas,24c512"), EEPROM("renesas,24c1024"),
    EEPROM("renesas,24c2048"),
    EEPROM("rohm,24c01"), EEPROM("rohm,24c02"), EEPROM("rohm,24c04"),
    EEPROM("rohm,24c08"), EEPROM("rohm,24c16"), EEPROM("rohm,24c32"),
    EEPROM("rohm,24c64"), EEPROM("rohm,24c128"), EEPROM("rohm,24c256"),
    EEPROM("rohm,24c512"), EEPROM("rohm,24c1024"), EEPROM("rohm,24c2048"),
    EEPROM("st,24c01"), EEPROM("st,24c02"), EEPROM("st,24c04"),
    EEPROM("st,24c08"), EEPROM("st,24c16"), EEPROM("st,24c32"),
    EEPROM("st,24c64"), EEPROM("st,24c128"), EEPROM("st,24c256"),
    EEPROM("st,24c512"), EEPROM("st,24c1024"), EEPROM("st,24c2048"),

    EEPROM_PAGE("atmel,24c32d-wl"),
    EEPROM_PAGE("atmel,24c64d-wl"),
    { .compatible = "atmel,spd", .type = EEPROM_TYPE, .num_regs = -1,
      .num_irqs = -1, .props = spd_props, .plan = plan_i2c },

    I2C("ti,tmp105", "tmp105"),
    I2C_NEAR("ti,tmp75", "tmp105", "the TMP105 is a TMP75 with an alert"),
    I2C_NEAR("ti,tmp175", "tmp105", "the TMP105 has its registers"),
    I2C_NEAR("ti,tmp275", "tmp105", "the TMP105 has its registers"),
    I2C_NEAR("national,lm75", "tmp105", "the TMP105 has its registers"),
    I2C_NEAR("national,lm75a", "tmp105", "the TMP105 has its registers"),
    I2C("ti,tmp421", "tmp421"),
    I2C("ti,tmp422", "tmp422"),
    I2C("ti,tmp423", "tmp423"),
    I2C("smsc,emc1413", "emc1413"),
    I2C("smsc,emc1414", "emc1414"),
    I2C("infineon,dps310", "dps310"),

    I2C("dallas,ds1338", "ds1338"),
    I2C_NEAR("dallas,ds1307", "ds1338", "the DS1338 has its registers"),
    I2C("st,m41t80", "m41t80"),
    I2C("ricoh,rs5c372a", "rs5c372"),

    MUX("nxp,pca9546", "pca9546"),
    MUX("nxp,pca9548", "pca9548"),
    I2C("nxp,pca9552", "pca9552"),

    I2C("x-powers,axp209", "axp209_pmu"),
    I2C("x-powers,axp221", "axp221_pmu"),

    I2C("adi,adm1266", "adm1266"),
    I2C("adi,adm1272", "adm1272"),
    I2C("isil,isl69260", "isl69260"),
    I2C("maxim,max31785", "max31785"),
    I2C("maxim,max34451", "max34451"),
    I2C("renesas,raa228000", "raa228000"),
    I2C("wlf,wm8750", "wm8750"),
    { }
};

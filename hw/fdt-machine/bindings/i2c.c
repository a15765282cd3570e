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

#define MAX_ADDRESS     0x7f
#define EEPROM_MAX_SIZE (64 * 1024)

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

/* Leaves the device out if there is no bus for it */
static bool plan_i2c(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    uint32_t address;

    if (!fdt_node_u32(node, "reg", &address) || address > MAX_ADDRESS ||
        !set_bus(planner, device)) {
        fdt_device_leave_out(planner, device, "not built: no I2C bus above it");
        return true;
    }
    fdt_device_set_uint(device, "address", address);
    return true;
}

/* eeprom/at24.yaml: the size is in the name, as kilobits, or in `size` */
static bool plan_eeprom(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const char *compatible = fdt_device_binding(device)->compatible;
    unsigned int kilobits = 0;
    uint32_t size;

    qemu_strtoui(strstr(compatible, "24c") + 3, NULL, 10, &kilobits);
    size = kilobits * 128;
    fdt_node_u32(fdt_device_node(device), "size", &size);
    if (!size || size > EEPROM_MAX_SIZE) {
        fdt_error(errp, fdt_device_node(device), "size",
                  "%u is not from 1 to %u", size, EEPROM_MAX_SIZE);
        return false;
    }
    fdt_device_set_uint(device, "rom-size", size);
    return plan_i2c(planner, device, errp);
}

#define I2C(compat, qom_type)                                           \
    { .compatible = compat, .type = qom_type, .num_regs = -1,           \
      .num_irqs = -1, .plan = plan_i2c }

#define I2C_NEAR(compat, qom_type, why)                                 \
    { .compatible = compat, .type = qom_type, .substitute = why,        \
      .num_regs = -1, .num_irqs = -1, .plan = plan_i2c }

#define EEPROM(compat)                                                  \
    { .compatible = compat, .type = "at24c-eeprom", .num_regs = -1,     \
      .num_irqs = -1, .plan = plan_eeprom }

#define MUX(compat, qom_type)                                           \
    { .compatible = compat, .type = qom_type, .num_regs = -1,           \
      .num_irqs = -1, .plan = plan_i2c, .needs_children = true }

const FdtBinding fdt_bindings_i2c[] = {
    EEPROM("atmel,24c01"),
    EEPROM("atmel,24c02"),
    EEPROM("atmel,24c04"),
    EEPROM("atmel,24c08"),
    EEPROM("atmel,24c16"),
    EEPROM("atmel,24c32"),
    EEPROM("atmel,24c64"),
    EEPROM("atmel,24c128"),
    EEPROM("atmel,24c256"),
    EEPROM("atmel,24c512"),

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

/*
 * Bindings: devices behind I2C controllers
 *
 * The parent of a device's node is a controller, or a channel of a multiplexer,
 * on whose bus the device sits; reg is its address there.  If the controller
 * has no model, the device is not built either.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "shared.h"
#include "tables.h"

#define MAX_ADDRESS             0x7f
/* Ten bits, and an address of the controller's own */
#define ADDRESS_FLAGS           0xc0000000
#define EEPROM_TYPE             "at24c-eeprom"
/* EEPROMs of at most this size have addresses of one byte */
#define EEPROM_MAX_KILOBITS_8   16
/* An EEPROM has three pins that tell the blocks' addresses apart */
#define EEPROM_MAX_BLOCKS       8

/* Whether it is a multiplexer, with channels as its child nodes */
static bool has_channels(const FdtDevice *device)
{
    const FdtI2cRole *i2c = fdt_device_binding(device)->i2c;

    return i2c && i2c->channels;
}

/* The multiplexer of which the node is a channel, or NULL */
static FdtDevice *mux_of(FdtPlanner *planner, const FdtNode *channel)
{
    FdtDevice *mux = fdt_planner_device(planner, channel->parent);

    return mux && has_channels(mux) && fdt_node_has(channel, "reg") ? mux
                                                                    : NULL;
}

bool fdt_node_is_on_i2c(FdtPlanner *planner, const FdtNode *node)
{
    FdtDevice *controller = fdt_planner_device(planner, node->parent);

    if (!controller) {
        return mux_of(planner, node->parent);
    }
    return fdt_device_binding(controller)->i2c;
}

/*
 * The device whose bus the node is on: that of its parent, which has only one,
 * or, for a parent without a device, the multiplexer of which that is a
 * channel; then @name is that of the bus, which the caller frees.  NULL: there
 * is none
 */
static FdtDevice *find_bus(FdtPlanner *planner, const FdtNode *node,
                           char **name)
{
    FdtDevice *controller = fdt_planner_device(planner, node->parent);
    uint32_t channel;

    if (!controller) {
        controller = mux_of(planner, node->parent);
        if (controller && fdt_node_u32(node->parent, "reg", &channel)) {
            *name = g_strdup_printf("i2c.%u", channel);
            /* The model gives itself an id of its own if it has no name */
            fdt_device_set_string(controller, "name",
                                  fdt_device_id(controller));
        }
    }
    return controller && fdt_device_has_bus(controller) ? controller : NULL;
}

/* Sits on that bus, at that address */
static void set_place(FdtDevice *device, FdtDevice *controller,
                      const char *bus, uint32_t address)
{
    fdt_device_set_bus(device, controller, bus);
    fdt_device_set_uint(device, "address", address);
}

static void leave_out(FdtPlanner *planner, FdtDevice *device)
{
    fdt_device_leave_out(planner, device, "not built: no I2C bus above it");
}

/*
 * reg is the address, with two flags that QEMU has no model of (i2c/i2c.txt):
 * false without an error for these, and where there is no reg
 */
static bool bus_address(const FdtNode *node, uint32_t *address, Error **errp)
{
    if (!fdt_node_u32(node, "reg", address) || *address & ADDRESS_FLAGS) {
        return false;
    }
    if (*address > MAX_ADDRESS) {
        fdt_error(errp, node, "reg", "0x%x is no address on an I2C bus, where "
                  "the last one is 0x%x", *address, MAX_ADDRESS);
        return false;
    }
    return true;
}

/* Leaves the device out if there is no bus for it */
bool fdt_plan_i2c(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    ERRP_GUARD();
    const FdtNode *node = fdt_device_node(device);
    g_autofree char *bus = NULL;
    FdtDevice *controller = find_bus(planner, node, &bus);
    uint32_t address;

    if (!controller || !bus_address(node, &address, errp)) {
        leave_out(planner, device);
        return !*errp;
    }
    set_place(device, controller, bus, address);
    return fdt_device_take_address(device, controller, bus, address, errp);
}

/* The name of a controller's bus; NULL: QEMU makes it of the id */
static const char *bus_name(const FdtDevice *controller)
{
    const FdtI2cRole *i2c = fdt_device_binding(controller)->i2c;

    return i2c ? i2c->bus : "i2c";
}

/*
 * In a path to a multiplexer's channel the controller's bus has to have its
 * name; a path that ends with a controller means its only bus
 */
static bool plan_mux(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *parent = fdt_device_node(device)->parent;
    FdtDevice *controller = fdt_planner_device(planner, parent);
    g_autofree char *unnamed = NULL;

    if (!fdt_plan_i2c(planner, device, errp)) {
        return false;
    }
    if (controller && fdt_device_is_built(controller) &&
        fdt_device_is_built(device)) {
        unnamed = g_strdup_printf("%s.0", fdt_device_id(controller));
        fdt_device_set_bus(device, controller,
                           bus_name(controller) ?: unnamed);
    }
    return true;
}

/*
 * EEPROMs: eeprom/at24.yaml.  The size is in the compatible string, in
 * kilobits, or in `size`.  EEPROMs of up to 16 kilobits have addresses of one
 * byte, and take as many addresses of the bus as they have blocks of 256 bytes.
 * Larger ones have addresses of two bytes, and blocks of 64 KiB.  Each block is
 * a device of QEMU's type at24c-eeprom.
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
static void plan_eeprom_block(FdtDevice *device, FdtDevice *controller,
                              const char *bus, uint32_t address, uint32_t size,
                              unsigned width)
{
    set_place(device, controller, bus, address);
    fdt_device_set_uint(device, "rom-size", size);
    fdt_device_set_uint(device, "address-size", width / 8);
}

/* Trees may have an EEPROM larger than it is, and another one behind it */
static bool is_of_sibling(const FdtNode *node, uint32_t address)
{
    for (unsigned i = 0; i < node->parent->children->len; i++) {
        const FdtNode *other = g_ptr_array_index(node->parent->children, i);
        uint32_t reg;

        if (other != node && fdt_node_u32(other, "reg", &reg) &&
            reg == address && fdt_node_available(other)) {
            return true;
        }
    }
    return false;
}

static bool plan_eeprom_blocks(FdtPlanner *planner, FdtDevice *device,
                               uint32_t size, unsigned width, Error **errp)
{
    ERRP_GUARD();
    const FdtNode *node = fdt_device_node(device);
    g_autofree char *bus = NULL;
    FdtDevice *controller = find_bus(planner, node, &bus);
    uint32_t block = 1 << width, address;

    if (!controller || !bus_address(node, &address, errp)) {
        leave_out(planner, device);
        return !*errp;
    }
    plan_eeprom_block(device, controller, bus, address, MIN(size, block),
                      width);
    for (unsigned i = 1; i * block < size && address + i <= MAX_ADDRESS; i++) {
        g_autofree char *suffix = g_strdup_printf("%u", i);
        FdtDevice *part;

        if (is_of_sibling(node, address + i) ||
            !fdt_device_take_address(device, controller, bus, address + i,
                                     NULL)) {
            fdt_planner_note(planner, node, "nothing of it is at 0x%x, where "
                             "the tree has another device", address + i);
            continue;
        }
        part = fdt_planner_add_device(planner, (FdtNode *)node, EEPROM_TYPE,
                                      suffix, FDT_RANK_OTHER);
        plan_eeprom_block(part, controller, bus, address + i,
                          MIN(size - i * block, block), width);
    }
    return fdt_device_take_address(device, controller, bus, address, errp);
}

static bool plan_eeprom(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const char *compatible = fdt_device_binding(device)->compatible;
    unsigned int kilobits = 0;
    uint32_t size;
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
    return plan_eeprom_blocks(planner, device, size, width, errp);
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
    { .compatible = compat, .type = qom_type, .bus = FDT_BUS_I2C,       \
      .guest = FDT_GUEST(.no_interrupts = true), .plan = fdt_plan_i2c }

#define I2C_NEAR(compat, qom_type, why)                                 \
    { .compatible = compat, .type = qom_type, .substitute = why,        \
      .bus = FDT_BUS_I2C, .guest = FDT_GUEST(.no_interrupts = true),    \
      .plan = fdt_plan_i2c }

#define GPIO8(compat, qom_type, why)                                    \
    { .compatible = compat, .type = qom_type, .substitute = why,        \
      .bus = FDT_BUS_I2C, .guest = FDT_GUEST(.no_interrupts = true),    \
      .plan = fdt_plan_i2c, .gpio = FDT_GPIO(.count = 8) }

/* The four registers of the PCA9554, with an interrupt, a reset, or neither */
#define PCA9554(compat)                                                 \
    GPIO8(compat, "pca9554", "the PCA9554 has its registers")

/*
 * The chip has no registers, only a byte that is written and read.  Its output
 * nINT is not connected: QEMU's model has it low, which is active, until the
 * guest has written to the chip.
 */
#define PCF8574(compat)                                                 \
    GPIO8(compat, "pcf8574", "the PCF8574 is one without reset")

#define EEPROM(compat)                                                  \
    { .compatible = compat, .type = EEPROM_TYPE, .bus = FDT_BUS_I2C,    \
      .plan = plan_eeprom }

/*
 * Sensors with the registers of the LM75.  Their interrupt is not connected,
 * nor is that of the TMP105: the model's alert output is low, which is active,
 * until the guest has written the configuration register.
 */
#define LM75(compat, why) I2C_NEAR(compat, "tmp105", why)

#define SAME_REGISTERS "the TMP105 has its registers"
#define HALF_DEGREES                                                    \
    "the TMP105 has its registers; it measures in steps of 0.5 degrees "\
    "unless it is told otherwise"

#define EMC1413_NEAR "the EMC1413 has its registers, and another product ID"
#define EMC1414_NEAR "the EMC1414 has its registers, and another product ID"

/*
 * Clocks that have the time and the date in registers 0 to 6, as the DS1338;
 * their status bits read as 0
 */
#define DS1338_TIME(compat)                                             \
    I2C_NEAR(compat, "ds1338", "the DS1338 has its time and date; there "\
             "are no alarms")

/*
 * Clocks that have hundredths of seconds in register 0, and the time and the
 * date after it; their flags in register 15 read as 0
 */
#define M41T80_TIME(compat)                                             \
    I2C_NEAR(compat, "m41t80", "the M41T80 has its time and date, which "\
             "cannot be set; there are no alarms")

#define MAX31785_NEAR                                                   \
    "the MAX31785 does not tell the speed of a fan's second rotor"

#define MUX(compat, qom_type, why)                                      \
    { .compatible = compat, .type = qom_type, .substitute = why,        \
      .bus = FDT_BUS_I2C, .guest = FDT_GUEST(.no_interrupts = true),    \
      .plan = plan_mux, .i2c = FDT_I2C(.channels = true) }

/*
 * These devices seem to fit a model of QEMU's, and do not:
 * - PCA9540, 9542, 9544 and 9547 are selected by a channel's number, where the
 *   models take a bit for each channel
 * - the TMP102's driver checks a configuration of 16 bits, the TMP103 has
 *   limits of 8 bits; the TMP105 has neither
 * - MCP7940x stand still where bit 7 of the seconds is clear, as the DS1338's
 *   is, and the DS3232's NVRAM is larger than the DS1338's registers
 * - a TPM is refused without a -tpmdev, and plans do not know of any
 * - i2c-gpio lets go of a line by making it an input: the GPIO controllers
 *   that trees have it on do not tell QEMU's gpio_i2c, where it stays low
 */
const FdtBinding fdt_bindings_i2c[] = {
    /* Nodes name Atmel's EEPROM after the string of their own vendor's */
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

    { .compatible = "atmel,24c32d-wl", .type = EEPROM_TYPE,
      .bus = FDT_BUS_I2C, .props = page_props, .plan = fdt_plan_i2c },
    { .compatible = "atmel,24c64d-wl", .type = EEPROM_TYPE,
      .bus = FDT_BUS_I2C, .props = page_props, .plan = fdt_plan_i2c },
    { .compatible = "atmel,spd", .type = EEPROM_TYPE, .bus = FDT_BUS_I2C,
      .props = spd_props, .plan = fdt_plan_i2c },

    I2C("ti,tmp105", "tmp105"),
    LM75("adi,adt75", HALF_DEGREES),
    LM75("dallas,ds1775", SAME_REGISTERS),
    LM75("dallas,ds75", SAME_REGISTERS),
    LM75("dallas,ds7505", SAME_REGISTERS),
    LM75("gmt,g751", SAME_REGISTERS),
    LM75("lm75", SAME_REGISTERS),
    LM75("maxim,max6625", SAME_REGISTERS),
    LM75("maxim,max6626", HALF_DEGREES),
    LM75("microchip,tcn75", SAME_REGISTERS),
    LM75("national,lm75", SAME_REGISTERS),
    LM75("national,lm75a", SAME_REGISTERS),
    LM75("national,lm75b", HALF_DEGREES),
    LM75("st,stds75", SAME_REGISTERS),
    LM75("st,stlm75", SAME_REGISTERS),
    LM75("ti,lm75", SAME_REGISTERS),
    LM75("ti,tmp100", SAME_REGISTERS),
    LM75("ti,tmp101", SAME_REGISTERS),
    LM75("ti,tmp1075", HALF_DEGREES),
    LM75("ti,tmp112", "the TMP105 has its registers but for the second byte "
         "of the configuration"),
    LM75("ti,tmp175", SAME_REGISTERS),
    LM75("ti,tmp275", SAME_REGISTERS),
    LM75("ti,tmp75", "the TMP105 is a TMP75 with an alert"),
    LM75("ti,tmp75b", HALF_DEGREES),
    LM75("ti,tmp75c", HALF_DEGREES),
    LM75("tmp75", "the TMP105 is a TMP75 with an alert"),

    I2C("ti,tmp421", "tmp421"),
    I2C("ti,tmp422", "tmp422"),
    I2C("ti,tmp423", "tmp423"),
    I2C_NEAR("ti,tmp441", "tmp421", "the TMP421 has its temperatures"),
    I2C_NEAR("ti,tmp442", "tmp422", "the TMP422 has its temperatures"),
    I2C("microchip,emc1413", "emc1413"),
    I2C("microchip,emc1414", "emc1414"),
    I2C("smsc,emc1413", "emc1413"),
    I2C("smsc,emc1414", "emc1414"),
    I2C_NEAR("smsc,emc1403", "emc1413", EMC1413_NEAR),
    I2C_NEAR("smsc,emc1404", "emc1414", EMC1414_NEAR),
    I2C_NEAR("smsc,emc1423", "emc1413", EMC1413_NEAR),
    I2C_NEAR("smsc,emc1424", "emc1414", EMC1414_NEAR),
    I2C("infineon,dps310", "dps310"),

    I2C("dallas,ds1338", "ds1338"),
    DS1338_TIME("dallas,ds1307"),
    DS1338_TIME("dallas,ds1308"),
    DS1338_TIME("dallas,ds1337"),
    DS1338_TIME("dallas,ds1339"),
    DS1338_TIME("dallas,ds1340"),
    DS1338_TIME("dallas,ds1341"),
    DS1338_TIME("dallas,ds3231"),
    DS1338_TIME("dallas,m41t00"),
    DS1338_TIME("isil,isl12057"),
    DS1338_TIME("m41t00"),
    DS1338_TIME("maxim,ds3231"),
    DS1338_TIME("pericom,pt7c4338"),
    DS1338_TIME("st,m41t0"),
    DS1338_TIME("st,m41t00"),
    DS1338_TIME("st,m41t11"),
    I2C("st,m41t80", "m41t80"),
    M41T80_TIME("microcrystal,rv4162"),
    M41T80_TIME("rv4162"),
    M41T80_TIME("st,m41t62"),
    M41T80_TIME("st,m41t65"),
    M41T80_TIME("st,m41t81"),
    M41T80_TIME("st,m41t81s"),
    M41T80_TIME("st,m41t82"),
    M41T80_TIME("st,m41t83"),
    M41T80_TIME("st,m41t84"),
    M41T80_TIME("st,m41t85"),
    M41T80_TIME("st,m41t87"),
    M41T80_TIME("st,rv4162"),
    I2C("ricoh,rs5c372a", "rs5c372"),
    I2C_NEAR("ricoh,r2221tl", "rs5c372", "the RS5C372 has its registers, but "
             "for what sets 24 hours"),

    MUX("nxp,pca9546", "pca9546", NULL),
    MUX("nxp,pca9548", "pca9548", NULL),
    MUX("nxp,pca9543", "pca9546", "the PCA9546 has two more channels, and no "
        "interrupts"),
    MUX("nxp,pca9545", "pca9546", "the PCA9546 is one without interrupts"),

    { .compatible = "nxp,pca9552", .type = "pca9552", .bus = FDT_BUS_I2C,
      .guest = FDT_GUEST(.no_interrupts = true), .plan = fdt_plan_i2c,
      .gpio = FDT_GPIO(.count = 16) },
    { .compatible = "ibm,pca9552", .type = "pca9552",
      .substitute = "the PCA9552 has its registers", .bus = FDT_BUS_I2C,
      .guest = FDT_GUEST(.no_interrupts = true), .plan = fdt_plan_i2c,
      .gpio = FDT_GPIO(.count = 16) },
    GPIO8("nxp,pca9554", "pca9554", NULL),
    GPIO8("pca9554", "pca9554", NULL),
    PCA9554("maxim,max7310"),
    PCA9554("nxp,pca9534"),
    PCA9554("nxp,pca9536"),
    PCA9554("nxp,pca9537"),
    PCA9554("nxp,pca9538"),
    PCA9554("nxp,pca9557"),
    PCA9554("onnn,cat9554"),
    PCA9554("onnn,pca9654"),
    PCA9554("ti,pca9536"),
    PCA9554("ti,tca6408"),
    PCA9554("ti,tca9538"),
    PCA9554("ti,tca9554"),
    GPIO8("nxp,pcf8574", "pcf8574", NULL),
    GPIO8("nxp,pcf8574a", "pcf8574", NULL),
    GPIO8("ti,pcf8574", "pcf8574", NULL),
    GPIO8("ti,pcf8574a", "pcf8574", NULL),
    PCF8574("maxim,max7328"),
    PCF8574("maxim,max7329"),
    PCF8574("nxp,pca8574"),
    PCF8574("nxp,pca9670"),
    PCF8574("nxp,pca9672"),
    PCF8574("nxp,pca9674"),

    { .compatible = "x-powers,axp209", .type = "axp209_pmu",
      .bus = FDT_BUS_I2C, .plan = fdt_plan_i2c },
    { .compatible = "x-powers,axp221", .type = "axp221_pmu",
      .bus = FDT_BUS_I2C, .plan = fdt_plan_i2c },

    I2C("adi,adm1266", "adm1266"),
    I2C("adi,adm1272", "adm1272"),
    I2C("adm1272", "adm1272"),
    /* pmbus/adm1275.c of Linux asks the chip what it is, and goes by that */
    I2C_NEAR("adi,adm1278", "adm1272", "the ADM1272 says that it is one"),
    I2C("isil,isl69259", "isl69259"),
    I2C("isil,isl69260", "isl69260"),
    I2C("isil,raa228000", "raa228000"),
    I2C("isil,raa229004", "raa229004"),
    I2C("maxim,max31785", "max31785"),
    I2C_NEAR("maxim,max31785a", "max31785", MAX31785_NEAR),
    I2C_NEAR("maxim,max31785b", "max31785", MAX31785_NEAR),
    I2C("maxim,max34451", "max34451"),
    I2C("renesas,isl69259", "isl69259"),
    I2C("renesas,isl69260", "isl69260"),
    I2C("renesas,raa228000", "raa228000"),
    I2C("renesas,raa229004", "raa229004"),
    /* The video transmitter of the Versatile boards */
    { .compatible = "sil,sii9022-tpi", .type = "sii9022",
      .bus = FDT_BUS_I2C, .plan = fdt_plan_i2c },
    { .compatible = "wlf,wm8750", .type = "wm8750", .bus = FDT_BUS_I2C,
      .guest = FDT_GUEST(.no_interrupts = true), .is = FDT_AUDIO,
      .plan = fdt_plan_i2c },
    { }
};

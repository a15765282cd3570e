/*
 * Bindings: devices behind SPI controllers
 *
 * A device sits on the bus of the controller that is the parent of its node;
 * reg is its chip select (spi/spi-controller.yaml).  The row of the controller
 * says which of its outputs select a chip; `cs-gpios` may name lines of GPIO
 * controllers in their place.  Without a controller that has a model the device
 * has none either.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "shared.h"
#include "tables.h"

#define CHIP_SELECT "ssi-gpio-cs"
/* Chip for nodes that name none: with 64 MiB, all partitions of trees fit in */
#define ANY_FLASH   "n25q512a11"

/*
 * Whether the GPIO controller of every line of cs-gpios has a model; if not,
 * the guest's node loses the property, and the driver selects all chips by the
 * controller's own outputs
 */
static bool selects_by_gpio(FdtPlanner *planner, const GArray *gpios)
{
    for (unsigned i = 0; i < gpios->len; i++) {
        const FdtNode *node = g_array_index(gpios, FdtPhandleArgs, i).node;

        if (node && !fdt_planner_device(planner, node)) {
            return false;
        }
    }
    return true;
}

/*
 * The output that drives a chip select: the line that cs-gpios names, or one of
 * the controller's own
 */
static bool chip_select(FdtPlanner *planner, FdtDevice *controller,
                        uint32_t cs, FdtInput *out, Error **errp)
{
    const FdtSpiRole *spi = fdt_device_binding(controller)->spi;
    const FdtNode *node = fdt_device_node(controller);
    g_autoptr(GArray) gpios = fdt_node_phandle_args(node, "cs-gpios",
                                                    "#gpio-cells", NULL, errp);

    if (!gpios) {
        return false;
    }
    if (cs < gpios->len && g_array_index(gpios, FdtPhandleArgs, cs).node &&
        selects_by_gpio(planner, gpios)) {
        /* If the provider has no input of that number, it has no such line */
        return fdt_device_gpio(planner, node, "cs-gpios", cs, out, NULL,
                               errp) &&
               fdt_device_gpio_output(planner, node, "cs-gpios", cs, out, NULL,
                                      errp);
    }
    *out = (FdtInput) {
        .device = controller,
        .line = spi->cs_line ?: FDT_LINE_IRQ,
        .index = spi->first_cs + cs,
    };
    return cs < spi->num_cs;
}

bool fdt_node_is_on_spi(FdtPlanner *planner, const FdtNode *node)
{
    const FdtDevice *controller = fdt_planner_device(planner, node->parent);

    return controller && fdt_device_binding(controller)->spi;
}

/* On the controller's bus, selected by its line; else it is left out */
bool fdt_plan_spi(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    ERRP_GUARD();
    const FdtNode *node = fdt_device_node(device);
    FdtDevice *controller = fdt_planner_device(planner, node->parent);
    uint32_t cs;
    FdtInput line;

    if (!controller || !fdt_device_is_built(controller) ||
        !fdt_device_binding(controller)->spi || !fdt_node_u32(node, "reg",
                                                              &cs)) {
        fdt_device_leave_out(planner, device, "not built: no SPI bus above it");
        return true;
    }
    if (!chip_select(planner, controller, cs, &line, errp)) {
        fdt_device_leave_out(planner, device, "not built: its chip select has "
                             "no model");
        return !*errp;
    }
    fdt_device_set_bus(device, controller,
                       fdt_device_binding(controller)->spi->bus);
    fdt_device_set_uint(device, "cs", cs);
    fdt_device_wire(planner, line.device, line.line, line.index,
                    device, CHIP_SELECT, 0);
    return true;
}

/*
 * Flash: mtd/jedec,spi-nor.yaml
 */

/*
 * The @i-th compatible string of the chip without the vendor.  "jedec,spi-nor"
 * is any chip that can be asked what it is, and in older trees "m25p80", the
 * name of Linux's driver, means the same.
 */
static const char *chip_name(const FdtNode *node, unsigned i)
{
    const char *compatible = fdt_node_compatible(node, i);
    const char *comma = compatible ? strchr(compatible, ',') : NULL;

    return comma ? comma + 1 : compatible;
}

static bool is_any_chip(const char *name)
{
    return g_str_equal(name, "spi-nor") || g_str_equal(name, "m25p80");
}

/* The chip's type, or what stands in for one that QEMU does not know */
static void set_flash_type(FdtPlanner *planner, FdtDevice *device)
{
    const FdtNode *node = fdt_device_node(device);
    const char *unknown = NULL, *name;

    for (unsigned i = 0; (name = chip_name(node, i)); i++) {
        if (is_any_chip(name)) {
            continue;
        }
        if (fdt_planner_config(planner)->has_type &&
            fdt_planner_has_type(planner, name)) {
            fdt_device_set_type(device, name);
            return;
        }
        unknown = name;
    }
    if (unknown) {
        g_autofree char *why = g_strdup_printf("QEMU has no %s; the driver "
                                               "asks the chip what it is",
                                               unknown);

        fdt_device_substitute(device, why);
    } else {
        fdt_planner_note(planner, node, "the tree does not name the chip: "
                         "a %s", ANY_FLASH);
    }
}

static bool plan_flash(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtDriveConfig *drive;

    if (!fdt_plan_spi(planner, device, errp)) {
        return false;
    }
    if (!fdt_device_is_built(device)) {
        return true;
    }
    set_flash_type(planner, device);
    drive = fdt_planner_take_drive(planner, fdt_device_node(device), "mtd");
    if (drive) {
        fdt_device_set_string(device, "drive", drive->id);
    }
    return true;
}

/*
 * EEPROMs: eeprom/at25.yaml.  A driver cannot ask an EEPROM what it is, so the
 * tree says how large it is.  QEMU has models of two sizes.
 */

static bool plan_eeprom(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    static const struct {
        uint32_t size;
        const char *type;
    } chips[] = {
        { 16 * KiB, "at25128a-nonjedec" },
        { 32 * KiB, "at25256a-nonjedec" },
    };
    uint32_t size = 0;

    fdt_node_u32(fdt_device_node(device), "size", &size);
    for (int i = 0; i < ARRAY_SIZE(chips); i++) {
        if (chips[i].size == size) {
            fdt_device_set_type(device, chips[i].type);
            return fdt_plan_spi(planner, device, errp);
        }
    }
    fdt_device_leave_out(planner, device, "not built: QEMU has SPI EEPROMs of "
                         "16 and 32 KiB");
    return true;
}

#define SPI_FLASH(compat)                                               \
    { .compatible = compat, .type = ANY_FLASH, .bus = FDT_BUS_SPI,      \
      .plan = plan_flash }

const FdtBinding fdt_bindings_spi[] = {
    SPI_FLASH("jedec,spi-nor"),
    /* Trees that name the chip alone */
    SPI_FLASH("m25p80"),
    SPI_FLASH("micron,m25p80"),
    SPI_FLASH("spansion,m25p80"),
    SPI_FLASH("st,m25p80"),
    SPI_FLASH("m25p64"),
    SPI_FLASH("micron,n25q032"),
    SPI_FLASH("microchip,sst25vf016b"),
    SPI_FLASH("mx25l6405d"),
    SPI_FLASH("mxicy,mx25l1606e"),
    SPI_FLASH("s25fl256s1"),
    SPI_FLASH("st,m25p32"),
    SPI_FLASH("st,w25q32"),
    SPI_FLASH("w25x32"),
    SPI_FLASH("w25x80"),
    SPI_FLASH("winbond,w25q80"),

    { .compatible = "atmel,at25", .type = "at25256a-nonjedec",
      .bus = FDT_BUS_SPI, .plan = plan_eeprom },
    { }
};

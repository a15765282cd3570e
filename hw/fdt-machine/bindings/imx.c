/*
 * Bindings of NXP's i.MX family
 *
 * The indexes of regions and outputs are those that the init and realize
 * functions of QEMU's models give them; the constants are those of the SoCs'
 * reference manuals.  The UARTs are in serial.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "shared.h"
#include "tables.h"

/* GPIO controllers have 32 lines */
#define GPIO_LINES          32
/* Offset of the analog block in the region of the clock controller's model */
#define CCM_ANALOG_OFFSET   0x4000
#define CCM_WINDOW          0x4000
#define ANALOG_WINDOW       0x1000
/* Size of a USB controller's region; several controllers may share a page */
#define USB_REGION          0x1000
/* Rate in Hz of timers whose clock has no model: the crystal's, by eight */
#define GPT_RATE            3000000
/* Host controller capabilities: ADMA, high speed, 3.3 V, 200 MHz */
#define USDHC_CAPABILITIES  0x057834b4

/* Map only as much of the model's region as reg has: other devices follow */
static bool map_window(FdtDevice *target, const FdtDevice *device,
                       const char *alias, uint64_t offset, uint64_t room,
                       Error **errp)
{
    FdtReg reg;

    if (!fdt_device_block(device, 0, &reg, errp)) {
        return false;
    }
    fdt_device_map_window(target, 0, reg.address, alias, offset,
                          MIN(reg.size, room));
    return true;
}

/*
 * Clock controllers of i.MX6: one model has the registers of two nodes, the
 * clock controller and the analog block
 */

static bool plan_ccm(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    return map_window(device, device, "ccm", 0, CCM_WINDOW, errp);
}

static bool plan_analog(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    static const char *const ccms[] = { "fsl,imx6q-ccm", "fsl,imx6ul-ccm" };

    for (int i = 0; i < ARRAY_SIZE(ccms); i++) {
        const FdtNode *ccm = fdt_planner_find_compatible(planner, ccms[i]);

        if (ccm && fdt_planner_device(planner, ccm)) {
            return map_window(fdt_planner_device(planner, ccm), device,
                              "analog", CCM_ANALOG_OFFSET, ANALOG_WINDOW, errp);
        }
    }
    fdt_planner_note(planner, fdt_device_node(device),
                     "there is no clock controller");
    return true;
}

/*
 * Timers: timer/fsl,imxgpt.yaml.  The model asks that of the clock controller
 * for the rate of its input clock.
 */

/* The device of the clock controller in the first entry of `clocks`, or NULL */
static FdtDevice *clock_controller(FdtPlanner *planner, const FdtNode *node)
{
    static const char *const ccms[] = {
        "fsl,imx6q-ccm", "fsl,imx6ul-ccm", "fsl,imx7d-ccm", "fsl,imx8mp-ccm",
    };
    g_autoptr(GArray) clocks = fdt_node_phandle_args(node, "clocks",
                                                     "#clock-cells", NULL,
                                                     NULL);
    const FdtNode *provider = NULL;
    FdtDevice *device;

    if (clocks && clocks->len) {
        provider = g_array_index(clocks, FdtPhandleArgs, 0).node;
    }
    device = provider ? fdt_planner_device(planner, provider) : NULL;
    for (int i = 0; device && i < ARRAY_SIZE(ccms); i++) {
        if (fdt_device_is(device, ccms[i])) {
            return device;
        }
    }
    return NULL;
}

static bool plan_timer(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    FdtNode *node = fdt_device_node(device);
    FdtDevice *ccm = clock_controller(planner, node);

    if (!ccm) {
        /* It is mapped nowhere, so it keeps the rates that it has at reset */
        ccm = fdt_planner_add_device(planner, node, "imx6.ccm", "ccm",
                                     FDT_RANK_CLOCK);
    }
    fdt_device_link(device, "ccm", ccm);
    return true;
}

/*
 * GPIO: gpio/fsl-imx-gpio.yaml
 */

static const FdtBindingProp gpio_props[] = {
    { .name = "has-edge-sel", .kind = FDT_VALUE_BOOL, .value = true },
    { .name = "has-upper-pin-irq", .kind = FDT_VALUE_BOOL, .value = true },
    FDT_END_PROPS
};

/*
 * SD cards: mmc/fsl-imx-esdhc.yaml
 */

static const FdtBindingProp usdhc_props[] = {
    { .name = "sd-spec-version", .value = 3 },
    { .name = "capareg", .value = USDHC_CAPABILITIES },
    FDT_END_PROPS
};

/*
 * Ethernet: net/fsl,fec.yaml
 */

/* Outputs: 0 is of the MAC's first queue, 1 of the clock for time stamps */
static const FdtBindingIrq enet_irqs[] = {
    { .irq = 0, .output = 0 },
    { .irq_name = "pps", .output = 1 },
    FDT_END_IRQS
};

/* The device of the Ethernet controller on whose management bus the PHY sits */
static FdtDevice *enet_above(FdtPlanner *planner, const FdtNode *phy)
{
    const FdtNode *mdio = phy->parent;
    FdtDevice *device = mdio && mdio->parent ?
                        fdt_planner_device(planner, mdio->parent) : NULL;

    return device && fdt_device_binding(device)->irqs == enet_irqs ? device
                                                                   : NULL;
}

/* The PHYs of both controllers may sit on the management bus of one of them */
static void share_mdio(FdtPlanner *planner, FdtDevice *device,
                       const FdtNode *phy)
{
    FdtDevice *owner = enet_above(planner, phy);

    if (!owner || owner == device) {
        return;
    }
    fdt_device_set_bool(device, "phy-connected", false);
    if (fdt_device_has_argument(owner, "phy-consumer") ||
        fdt_device_has_argument(device, "phy-consumer")) {
        fdt_planner_note(planner, fdt_device_node(device),
                         "its PHY does not answer: the model of %s serves one "
                         "other controller", fdt_device_node(owner)->path);
        return;
    }
    fdt_device_link(owner, "phy-consumer", device);
}

/* Tell the model at which address of the management bus its PHY answers */
static bool plan_enet(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const FdtNode *phy = fdt_node_target(node, "phy-handle", 0);
    uint32_t address;

    if (phy && fdt_node_u32(phy, "reg", &address) && address < 32) {
        fdt_device_set_uint(device, "phy-num", address);
        share_mdio(planner, device, phy);
    }
    return true;
}

static const FdtBindingProp enet_two_rings[] = {
    { .name = "tx-ring-num", .value = 2 },
    FDT_END_PROPS
};

static const FdtBindingProp enet_three_rings[] = {
    { .name = "tx-ring-num", .value = 3 },
    FDT_END_PROPS
};

/* Output 0 of the model is the interrupt, the chip selects follow */
static const FdtSpiRole ecspi_chips = {
    .bus = "spi", .first_cs = 1, .num_cs = 4,
};

static const FdtBindingProp resets_props[] = {
    { .name = "size", .value = 0x1000 },
    FDT_END_PROPS
};

static const FdtBindingProp wdt_props[] = {
    { .name = "pretimeout-support", .kind = FDT_VALUE_BOOL, .value = true },
    FDT_END_PROPS
};

/* Clock controllers whose model has the analog block, too */
#define CCM_ANALOG(compat, qom_type)                                    \
    { .compatible = compat, .type = qom_type, .is = FDT_CLOCKS,         \
      .bus = FDT_BUS_NONE, .plan = plan_ccm }

/* QEMU's models of these never raise an interrupt */
#define IMX_SYSTEM(compat, qom_type)                                    \
    { .compatible = compat, .type = qom_type, .irqs = fdt_no_irqs,      \
      .cover = FDT_COVER_PART }

#define GPT(compat, qom_type)                                           \
    { .compatible = compat, .type = qom_type, .plan = plan_timer,       \
      .cover = FDT_COVER_PART,                                          \
      .guest = FDT_GUEST(.clock_rate = GPT_RATE),                       \
      .timer = FDT_TIMER() }

#define USDHC(compat)                                                   \
    { .compatible = compat, .type = "imx-usdhc", .props = usdhc_props,  \
      .plan = fdt_plan_card_slot, .cover = FDT_COVER_PART,              \
      .guest = FDT_GUEST(.clock_rate = 198000000) }

#define ENET(compat, list)                                              \
    { .compatible = compat, .type = "imx.enet", .slot = FDT_SLOT_NIC,   \
      .irqs = enet_irqs, .props = list, .plan = plan_enet,              \
      .cover = FDT_COVER_PART,                                          \
      .guest = FDT_GUEST(.clock_rate = 66000000) }

const FdtBinding fdt_bindings_imx[] = {
    CCM_ANALOG("fsl,imx6q-ccm", "imx6.ccm"),
    CCM_ANALOG("fsl,imx6ul-ccm", "imx6ul.ccm"),
    { .compatible = "fsl,imx7d-ccm", .type = "imx7.ccm", .is = FDT_CLOCKS,
      .irqs = fdt_no_irqs, .cover = FDT_COVER_WHOLE },
    { .compatible = "fsl,imx8mp-ccm", .type = "imx8mp.ccm", .is = FDT_CLOCKS,
      .irqs = fdt_no_irqs, .cover = FDT_COVER_WHOLE },
    { .compatible = "fsl,imx6q-anatop", .verdict = FDT_VERDICT_MODELLED,
      .reason = "part of the clock controller", .bus = FDT_BUS_NONE,
      .plan = plan_analog },
    { .compatible = "fsl,imx6ul-anatop", .verdict = FDT_VERDICT_MODELLED,
      .reason = "part of the clock controller", .bus = FDT_BUS_NONE,
      .plan = plan_analog },
    IMX_SYSTEM("fsl,imx7d-anatop", "imx7.analog"),
    IMX_SYSTEM("fsl,imx8mp-anatop", "imx8mp.analog"),
    IMX_SYSTEM("fsl,imx6q-src", "imx6.src"),
    IMX_SYSTEM("fsl,imx6ul-src", "imx6.src"),
    IMX_SYSTEM("fsl,imx7d-src", "imx7.src"),
    { .compatible = "fsl,imx8mq-src", .type = "sysbus-memory",
      .substitute = "its bits stay as they are written", .irqs = fdt_no_irqs,
      .props = resets_props, .cover = FDT_COVER_PART },
    { .compatible = "fsl,imx8mp-src", .type = "sysbus-memory",
      .substitute = "its bits stay as they are written", .irqs = fdt_no_irqs,
      .props = resets_props, .cover = FDT_COVER_PART },
    IMX_SYSTEM("fsl,imx7d-iomuxc-gpr", "imx7.gpr"),
    IMX_SYSTEM("fsl,sec-v4.0-mon", "imx7.snvs"),

    GPT("fsl,imx6q-gpt", "imx6.gpt"),
    GPT("fsl,imx6dl-gpt", "imx6.gpt"),
    GPT("fsl,imx6sl-gpt", "imx6.gpt"),
    GPT("fsl,imx6sx-gpt", "imx6.gpt"),
    GPT("fsl,imx6ul-gpt", "imx6ul.gpt"),
    GPT("fsl,imx7d-gpt", "imx7.gpt"),
    GPT("fsl,imx8mp-gpt", "imx8mp.gpt"),
    { .compatible = "fsl,imx21-wdt", .type = "imx2.wdt", .props = wdt_props,
      .cover = FDT_COVER_PART, .guest = FDT_GUEST(.clock_rate = 32768) },
    { .compatible = "fsl,imx35-gpio", .type = "imx.gpio", .props = gpio_props,
      .num_irqs = 2, .intc = FDT_INTC(.count = GPIO_LINES),
      .gpio = FDT_GPIO(.count = GPIO_LINES), .cover = FDT_COVER_PART },
    { .compatible = "fsl,imx21-i2c", .type = "imx.i2c",
      .i2c = FDT_I2C(), .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 66000000) },
    { .compatible = "fsl,imx51-ecspi", .type = "imx.spi",
      .cover = FDT_COVER_PART, .guest = FDT_GUEST(.clock_rate = 60000000),
      .spi = &ecspi_chips },
    { .compatible = "fsl,imx6ul-ecspi", .type = "imx.spi",
      .cover = FDT_COVER_PART, .guest = FDT_GUEST(.clock_rate = 60000000),
      .spi = &ecspi_chips },
    { .compatible = "fsl,imx25-rngb", .type = "imx.rngc",
      .cover = FDT_COVER_PART, .guest = FDT_GUEST(.clock_rate = 66000000) },

    USDHC("fsl,imx6q-usdhc"),
    USDHC("fsl,imx6sl-usdhc"),
    USDHC("fsl,imx6sx-usdhc"),
    USDHC("fsl,imx6ull-usdhc"),
    USDHC("fsl,imx7d-usdhc"),
    USDHC("fsl,imx8mm-usdhc"),
    { .compatible = "fsl,imx25-fec", .type = "imx.fec", .slot = FDT_SLOT_NIC,
      .plan = plan_enet, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 66000000) },
    { .compatible = "fsl,imx27-fec", .type = "imx.fec", .slot = FDT_SLOT_NIC,
      .plan = plan_enet, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 66000000) },
    ENET("fsl,imx6q-fec", NULL),
    ENET("fsl,imx6ul-fec", enet_two_rings),
    ENET("fsl,imx6sx-fec", enet_three_rings),
    ENET("fsl,imx7d-fec", enet_three_rings),

    { .compatible = "fsl,imx27-usb", .type = "usb-chipidea",
      .region_size = USB_REGION, .cover = FDT_COVER_PART,
      .guest = FDT_GUEST(.clock_rate = 60000000) },
    { .compatible = "fsl,imx23-usbphy", .type = "imx.usbphy",
      .irqs = fdt_no_irqs, .cover = FDT_COVER_PART },
    { .compatible = "fsl,imx8mp-dwc3", .type = "unimplemented-device",
      .substitute = "the glue's registers have no effect",
      .irqs = fdt_no_irqs, .plan = fdt_plan_unimplemented,
      .is = FDT_CONTAINER },
    { .compatible = "fsl,imx6q-usbmisc", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "wake-up and polarity of USB", .bus = FDT_BUS_NONE,
      .is = FDT_REGISTERS },
    { .compatible = "fsl,imx7d-usbmisc", .verdict = FDT_VERDICT_STRUCTURE,
      .reason = "wake-up and polarity of USB", .bus = FDT_BUS_NONE,
      .is = FDT_REGISTERS },
    { }
};

/*
 * Bindings: PCI host bridges, and the IOMMUs that translate for them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "../plan/api.h"
#include "tables.h"

#define GPEX_TYPE   "gpex-pcihost"
#define DW_TYPE     "designware-pcie-host"

/* Regions of the model */
#define GPEX_ECAM   0
#define GPEX_MMIO   1
#define GPEX_PIO    2
#define GPEX_ECAM_SIZE  (256 * MiB)
#define GPEX_PIO_SIZE   (64 * KiB)

/* phys.hi of a PCI address (IEEE 1275 PCI bus binding, 2.2.1.1) */
#define PCI_SPACE(hi)       (((hi) >> 24) & 3)
#define PCI_SPACE_CONFIG    0
#define PCI_SPACE_IO        1
#define PCI_PHYS_HI(slot)   ((uint32_t)(slot) << 11)
#define PCI_PINS            4
#define PCI_SLOTS           32

/*
 * pci/host-generic-pci.yaml: reg is the ECAM, ranges are windows into the
 * bus's memory and I/O spaces
 */

static bool map_ecam(FdtDevice *host, Error **errp)
{
    FdtReg reg;

    if (!fdt_device_block(host, 0, &reg, errp)) {
        return false;
    }
    if (reg.size < GPEX_ECAM_SIZE) {
        fdt_device_map_window(host, GPEX_ECAM, reg.address, "ecam", 0,
                              reg.size);
    } else {
        fdt_device_map(host, GPEX_ECAM, NULL, reg.address, GPEX_ECAM_SIZE);
    }
    return true;
}

static void map_window(FdtDevice *host, const FdtRange *range, unsigned i)
{
    bool io = PCI_SPACE(range->flags) == PCI_SPACE_IO;
    g_autofree char *alias = g_strdup_printf("%s%u", io ? "io" : "memory", i);
    uint64_t size = range->size;

    if (io) {
        if (range->child >= GPEX_PIO_SIZE) {
            return;
        }
        size = MIN(size, GPEX_PIO_SIZE - range->child);
    }
    fdt_device_map_window(host, io ? GPEX_PIO : GPEX_MMIO, range->address,
                          alias, range->child, size);
}

static bool plan_ecam(FdtPlanner *planner, FdtDevice *host, Error **errp);
static bool plan_dw(FdtPlanner *planner, FdtDevice *host, Error **errp);

/* Whether it is a host bridge: whether its row has a hook for these */
static bool is_host_bridge(const FdtDevice *device)
{
    const FdtBinding *binding = fdt_device_binding(device);

    return binding->plan == plan_ecam || binding->plan == plan_dw;
}

/* Counts host bridges in document order; true once it has met @node */
static bool count_hosts(FdtPlanner *planner, const FdtNode *from,
                        const FdtNode *node, unsigned *count)
{
    FdtDevice *device = fdt_planner_device(planner, from);

    if (from == node) {
        return true;
    }
    if (device && is_host_bridge(device)) {
        ++*count;
    }
    for (unsigned i = 0; i < from->children->len; i++) {
        if (count_hosts(planner, g_ptr_array_index(from->children, i), node,
                        count)) {
            return true;
        }
    }
    return false;
}

/* A host bridge's domain is its number among all, in the order of the tree */
static void set_domain(FdtPlanner *planner, FdtDevice *host)
{
    unsigned domain = 0;

    count_hosts(planner, fdt_tree_root(fdt_planner_tree(planner)),
                fdt_device_node(host), &domain);
    if (domain) {
        fdt_device_set_uint(host, "domain", domain);
    }
}

static bool plan_ecam(FdtPlanner *planner, FdtDevice *host, Error **errp)
{
    const FdtNode *node = fdt_device_node(host);
    g_autoptr(GArray) ranges = fdt_node_ranges(node, "ranges", errp);

    if (!ranges || !map_ecam(host, errp)) {
        return false;
    }
    for (unsigned i = 0; i < ranges->len; i++) {
        const FdtRange *range = &g_array_index(ranges, FdtRange, i);

        if (!range->mapped || !range->size ||
            PCI_SPACE(range->flags) == PCI_SPACE_CONFIG) {
            fdt_planner_note(planner, node, "entry %u of ranges has no "
                             "address: no window", i);
            continue;
        }
        map_window(host, range, i);
    }
    fdt_device_set_bool(host, "allow-unmapped-accesses", false);
    set_domain(planner, host);
    return true;
}

static bool same_interrupt(const FdtInterrupt *a, const FdtInterrupt *b)
{
    return a->controller == b->controller && a->num_cells == b->num_cells &&
           !memcmp(a->cells, b->cells, a->num_cells * sizeof(a->cells[0]));
}

/* To which interrupt the tree's interrupt-map leads a pin of a slot */
static bool map_pin(const FdtNode *node, unsigned slot, unsigned pin,
                    FdtInterrupt *out, Error **errp)
{
    const uint32_t address[3] = { PCI_PHYS_HI(slot) };
    const uint32_t specifier = pin + 1;

    return fdt_node_map_interrupt(node, address, ARRAY_SIZE(address),
                                  &specifier, 1, out, errp);
}

/* Which of its four lines the model raises: it adds slot and pin, modulo 4 */
static unsigned line_of(unsigned slot, unsigned pin)
{
    return (slot + pin) % PCI_PINS;
}

/*
 * To which interrupt one of the model's lines leads.  The first slot counts
 * that has a row of the interrupt-map for that line: a tree need not have rows
 * for slots and pins that nothing uses.
 */
static bool map_line(const FdtNode *node, unsigned line, FdtInterrupt *out)
{
    for (unsigned slot = 0; slot < PCI_SLOTS; slot++) {
        for (unsigned pin = 0; pin < PCI_PINS; pin++) {
            if (line_of(slot, pin) == line &&
                map_pin(node, slot, pin, out, NULL)) {
                return true;
            }
        }
    }
    return false;
}

/* Report a slot whose pins the interrupt-map swizzles unlike the model */
static void check_swizzle(FdtPlanner *planner, const FdtNode *node,
                          const FdtInterrupt *lines)
{
    for (unsigned slot = 1; slot < PCI_SLOTS; slot++) {
        for (unsigned pin = 0; pin < PCI_PINS; pin++) {
            const FdtInterrupt *line = &lines[line_of(slot, pin)];
            FdtInterrupt in;

            if (map_pin(node, slot, pin, &in, NULL) && line->controller &&
                !same_interrupt(&in, line)) {
                fdt_planner_note(planner, node, "interrupt-map does not turn "
                                 "pins by slot, the model does: INTx works "
                                 "in slots 4, 8, 12, ... only; MSIs work in "
                                 "all");
                return;
            }
        }
    }
}

/* Connect the four lines; @lines has the interrupts to which they lead */
static bool connect_pins(FdtPlanner *planner, FdtDevice *host,
                         FdtInterrupt *lines, Error **errp)
{
    const FdtNode *node = fdt_device_node(host);
    unsigned found = 0;

    if (!fdt_node_has(node, "interrupt-map")) {
        fdt_planner_note(planner, node, "no interrupt-map: MSIs only");
        return true;
    }
    for (unsigned line = 0; line < PCI_PINS; line++) {
        if (!map_line(node, line, &lines[line])) {
            continue;
        }
        found++;
        if (!fdt_device_interrupt(planner, host, FDT_LINE_IRQ, line,
                                  &lines[line], 0, errp)) {
            return false;
        }
    }
    if (found < PCI_PINS) {
        fdt_planner_note(planner, node, "interrupt-map has usable rows for %u "
                         "of the four lines: INTx of others goes nowhere",
                         found);
    }
    return true;
}

static bool connect_ecam(FdtPlanner *planner, FdtDevice *host, Error **errp)
{
    FdtInterrupt lines[PCI_PINS] = { 0 };

    if (!connect_pins(planner, host, lines, errp)) {
        return false;
    }
    check_swizzle(planner, fdt_device_node(host), lines);
    return true;
}

/*
 * Synopsys DesignWare, as in i.MX: pci/fsl,imx6q-pcie.yaml.  The guest itself
 * opens the windows into the spaces of the bus.  The root bus has the root port
 * and nothing else: devices sit on the bus below it.
 */

static const FdtBindingReg dw_regs[] = {
    { .reg_name = "dbi", .region = 0 },
    FDT_END_REGS
};

static const FdtBindingIrq dw_irqs[] = {
    { .irq_name = "msi", .output = PCI_PINS },
    FDT_END_IRQS
};

static bool plan_dw(FdtPlanner *planner, FdtDevice *host, Error **errp)
{
    set_domain(planner, host);
    fdt_planner_note(planner, fdt_device_node(host), "devices for its slot go "
                     "to bus=dw-pcie");
    return true;
}

static bool connect_dw(FdtPlanner *planner, FdtDevice *host, Error **errp)
{
    FdtInterrupt lines[PCI_PINS] = { 0 };

    return connect_pins(planner, host, lines, errp);
}

#define DW_HOST(compat, why)                                            \
    { .compatible = compat, .type = DW_TYPE, .substitute = why,         \
      .regs = dw_regs, .irqs = dw_irqs, .plan = plan_dw,                \
      .connect = connect_dw, .cover = FDT_COVER_PART,                   \
      .guest = FDT_GUEST(.clock_rate = 100000000) }

/*
 * SMMU: iommu/arm,smmu-v3.yaml.  The model translates for one PCI bus: that of
 * the host bridge whose iommu-map leads to it.
 */

/* The device of the host bridge that the SMMU translates for, or NULL */
static FdtDevice *translated_host(FdtPlanner *planner, const FdtNode *smmu)
{
    static const char ecam[] = "pci-host-ecam-generic";
    const FdtNode *host = fdt_planner_find_compatible(planner, ecam);
    const unsigned phandle_at = 1;
    uint32_t phandle;

    for (; host; host = fdt_planner_next_compatible(planner, host, ecam)) {
        if (smmu->phandle &&
            fdt_node_u32_index(host, "iommu-map", phandle_at, &phandle) &&
            phandle == smmu->phandle) {
            return fdt_planner_device(planner, host);
        }
    }
    return NULL;
}

static bool plan_smmu(FdtPlanner *planner, FdtDevice *smmu, Error **errp)
{
    FdtDevice *host = translated_host(planner, fdt_device_node(smmu));
    g_autofree char *bus = NULL;

    if (!host) {
        fdt_device_leave_out(planner, smmu, "not built: the model translates "
                             "for a PCI bus, and no host bridge leads to it");
        return true;
    }
    bus = g_strdup_printf("%s/pcie.0", fdt_device_qom_path(host));
    fdt_device_set_string(smmu, "primary-bus", bus);
    fdt_device_after(smmu, host);
    return true;
}

static const FdtBindingIrq smmu_irqs[] = {
    { .irq_name = "eventq", .output = 0 },
    { .irq_name = "priq", .output = 1 },
    { .irq_name = "cmdq-sync", .output = 2 },
    { .irq_name = "gerror", .output = 3 },
    FDT_END_IRQS
};

/*
 * virtio/pci-iommu.yaml: the IOMMU is a function of the bus for which it
 * translates, at the slot in its reg.  The iommu-map of the host bridge tells
 * the guest for which functions it translates.
 */

#define PCI_BUS(hi)         (((hi) >> 16) & 0xff)
#define PCI_SLOT(hi)        (((hi) >> 11) & 0x1f)
#define PCI_FUNCTION(hi)    (((hi) >> 8) & 7)

static bool plan_virtio_iommu(FdtPlanner *planner, FdtDevice *iommu,
                              Error **errp)
{
    const FdtNode *node = fdt_device_node(iommu);
    FdtDevice *host = fdt_planner_device(planner, node->parent);
    g_autofree char *place = NULL;
    uint32_t hi;

    if (!host || !fdt_device_is(host, "pci-host-ecam-generic")) {
        fdt_device_leave_out(planner, iommu, "not built: it is not below a "
                             "PCI host bridge that has devices on its bus");
        return true;
    }
    if (!fdt_node_u32(node, "reg", &hi) || PCI_BUS(hi)) {
        fdt_error(errp, node, "reg", "a function of bus 0 is wanted: the model "
                  "translates for the root bus, on which it has to be");
        return false;
    }
    place = g_strdup_printf("%x.%x", PCI_SLOT(hi), PCI_FUNCTION(hi));
    fdt_device_set_bus(iommu, host, "pcie.0");
    fdt_device_set_string(iommu, "addr", place);
    if (!fdt_node_has(node->parent, "iommu-map")) {
        fdt_planner_note(planner, node, "without an iommu-map in %s, the guest "
                         "does not know what it translates for",
                         node->parent->path);
    }
    return true;
}

#define VIRTIO_IOMMU(compat)                                            \
    { .compatible = compat, .type = "virtio-iommu-pci",                 \
      .bus = FDT_BUS_NONE, .plan = plan_virtio_iommu }

const FdtBinding fdt_bindings_pci[] = {
    { .compatible = "pci-host-ecam-generic", .type = GPEX_TYPE,
      .bus = FDT_BUS_NONE, .plan = plan_ecam, .connect = connect_ecam,
      .cover = FDT_COVER_WHOLE },
    DW_HOST("fsl,imx6q-pcie", NULL),
    DW_HOST("fsl,imx6qp-pcie", "the i.MX6Q has the same core"),
    DW_HOST("fsl,imx7d-pcie", NULL),
    DW_HOST("fsl,imx8mq-pcie", "the i.MX8MP has the same core"),
    DW_HOST("fsl,imx8mm-pcie", "the i.MX8MP has the same core"),
    DW_HOST("fsl,imx8mp-pcie", NULL),
    { .compatible = "fsl,imx8mm-pcie-phy", .type = "fsl-imx8m-pcie-phy",
      .substitute = "the i.MX8MP has the same PHY", .irqs = fdt_no_irqs,
      .cover = FDT_COVER_PART },
    { .compatible = "fsl,imx8mp-pcie-phy", .type = "fsl-imx8m-pcie-phy",
      .irqs = fdt_no_irqs, .cover = FDT_COVER_PART },
    { .compatible = "arm,smmu-v3", .type = "arm-smmuv3", .irqs = smmu_irqs,
      .plan = plan_smmu, .cover = FDT_COVER_PART },
    VIRTIO_IOMMU("virtio,pci-iommu"),
    VIRTIO_IOMMU("pci1af4,1057"),
    { }
};

/*
 * Trees with a node that has all that a row of the bindings asks for
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../../hw/fdt-machine/tree/edit.h"
#include "binding-names.h"

/*
 * Where the node is, above the base tree's memory, and how far its entries of
 * reg are apart, with room for windows of 512 MiB behind the last
 */
#define BASE 0x90000000
#define STEP 0x04000000
#define ENTRIES 16

static void set_counts(FdtNode *node, uint32_t address, uint32_t size)
{
    fdt_node_set_u32(node, "#address-cells", address);
    fdt_node_set_u32(node, "#size-cells", size);
}

/* A host of the bus that the row's devices sit on, which has a model */
static FdtNode *add_host(FdtNode *root, const FdtBinding *b)
{
    const uint32_t reg[] = { 0x0b000000, 0x1000 };
    FdtNode *host;

    if (b->bus != FDT_BUS_I2C && b->bus != FDT_BUS_SPI) {
        return root;
    }
    host = fdt_node_add_child(root, "host@b000000");
    fdt_node_set_string(host, "compatible", b->bus == FDT_BUS_I2C
                        ? "arm,versatile-i2c" : "arm,pl022");
    fdt_node_set_cells(host, "reg", reg, ARRAY_SIZE(reg));
    set_counts(host, 1, 0);
    return host;
}

static void set_names(FdtNode *node, const char *prop, const GPtrArray *names)
{
    g_autoptr(GString) value = g_string_new(NULL);

    for (unsigned i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);

        g_string_append_len(value, name, strlen(name) + 1);
    }
    if (names->len) {
        fdt_node_set(node, prop, value->str, value->len);
    }
}

static void set_reg(FdtNode *node, const FdtBinding *b)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    uint32_t reg[2 * ENTRIES];

    for (unsigned i = 0; i < ENTRIES; i++) {
        reg[2 * i] = BASE + i * STEP;
        reg[2 * i + 1] = b->region_size ?: STEP;
    }
    for (const FdtBindingReg *r = b->regs; r && (r->reg >= 0 || r->reg_name);
         r++) {
        if (r->reg_name) {
            g_ptr_array_add(names, (gpointer)r->reg_name);
        }
    }
    fdt_node_set_cells(node, "reg", reg, ARRAY_SIZE(reg));
    set_names(node, "reg-names", names);
}

/* Specifiers of the base tree's controller, for lines that nobody else has */
static void set_interrupts(FdtNode *node, const FdtBinding *b,
                           unsigned num_cells)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    uint32_t cells[3 * ENTRIES];

    for (unsigned i = 0; i < ENTRIES; i++) {
        const uint32_t gic[] = { 0, 64 + i, 4 }, plic[] = { 16 + i };

        memcpy(cells + i * num_cells, num_cells == 3 ? gic : plic,
               num_cells * sizeof(uint32_t));
    }
    for (const FdtBindingIrq *irq = b->irqs;
         irq && (irq->irq >= 0 || irq->irq_name); irq++) {
        if (irq->irq_name) {
            g_ptr_array_add(names, (gpointer)irq->irq_name);
        }
    }
    fdt_node_set_cells(node, "interrupts", cells, ENTRIES * num_cells);
    set_names(node, "interrupt-names", names);
}

static void add_chip(FdtNode *node, const FdtBinding *b)
{
    FdtNode *chip;

    if (!b->i2c && !b->spi) {
        return;
    }
    set_counts(node, 1, 0);
    if (b->i2c && b->i2c->channels) {
        node = fdt_node_add_child(node, "i2c@0");
        fdt_node_set_u32(node, "reg", 0);
        set_counts(node, 1, 0);
    }
    chip = fdt_node_add_child(node, b->i2c ? "chip@50" : "chip@0");
    fdt_node_set_string(chip, "compatible", b->i2c ? "atmel,24c02"
                                                   : "jedec,spi-nor");
    fdt_node_set_u32(chip, "reg", b->i2c ? 0x50 : 0);
}

static void add_device(FdtNode *root, const FdtBinding *b, unsigned num_cells)
{
    FdtNode *host = add_host(root, b);
    FdtNode *node = fdt_node_add_child(host, "device");

    fdt_node_set_string(node, "compatible", b->compatible);
    if (host == root) {
        set_reg(node, b);
    } else {
        fdt_node_set_u32(node, "reg", b->bus == FDT_BUS_I2C ? 0x40 : 0);
    }
    if (b->intc) {
        fdt_node_set_empty(node, "interrupt-controller");
        fdt_node_set_u32(node, "#interrupt-cells", 2);
    }
    if (b->gpio) {
        fdt_node_set_empty(node, "gpio-controller");
        fdt_node_set_u32(node, "#gpio-cells", 2);
    }
    set_interrupts(node, b, num_cells);
    add_chip(node, b);
}

FdtTree *row_tree(const FdtTree *base, const FdtBinding *b)
{
    FdtTree *tree = fdt_tree_copy(base);
    FdtNode *root = fdt_tree_root(tree);
    FdtNode *parent = fdt_node_interrupt_parent(
        fdt_node_child(root, "memory"), NULL);
    uint32_t num_cells = 0;

    fdt_node_u32(parent, "#interrupt-cells", &num_cells);
    g_assert(num_cells == 3 || num_cells == 1);
    if (b->cpu) {
        fdt_node_set_string(fdt_tree_find(tree, "/cpus/cpu"), "compatible",
                            b->compatible);
    } else {
        add_device(root, b, num_cells);
    }
    return tree;
}

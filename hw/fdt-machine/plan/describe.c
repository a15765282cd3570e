/*
 * What the report says of a node because the tree says it
 *
 * A view of the machine shows every node where it belongs, those without a
 * model among them, so all of this is told whatever was made of the node.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qnum.h"
#include "state.h"

QList *fdt_node_compatible_list(const FdtNode *node)
{
    QList *list = qlist_new();
    const char *compatible;

    for (unsigned i = 0; (compatible = fdt_node_compatible(node, i)); i++) {
        qlist_append_str(list, compatible);
    }
    return list;
}

/* A list that is empty is not worth a line of the report */
static void put_list(QDict *entry, const char *key, QList *list)
{
    if (qlist_empty(list)) {
        qobject_unref(list);
    } else {
        qdict_put(entry, key, list);
    }
}

static void put_name(QDict *entry, const char *name)
{
    if (name) {
        qdict_put_str(entry, "name", name);
    }
}

static QList *cell_list(const uint32_t *cells, unsigned n)
{
    QList *list = qlist_new();

    for (unsigned i = 0; i < n; i++) {
        qlist_append(list, qnum_from_uint(cells[i]));
    }
    return list;
}

static QList *reg_list(const FdtNode *node)
{
    g_autoptr(GArray) regs = fdt_node_regs(node, NULL);
    QList *list = qlist_new();

    for (unsigned i = 0; regs && i < regs->len; i++) {
        const FdtReg *reg = &g_array_index(regs, FdtReg, i);
        QDict *entry;

        if (!reg->mapped || !reg->size) {
            continue;
        }
        entry = qdict_new();
        qdict_put(entry, "address", qnum_from_uint(reg->address));
        qdict_put(entry, "size", qnum_from_uint(reg->size));
        put_name(entry, reg->name);
        qlist_append(list, entry);
    }
    return list;
}

/*
 * Names of nodes that have such a bus (Devicetree Specification 2.2.2, and
 * what the bindings of Linux prescribe), alone, with a number, or with more
 * behind a dash, as "i2c-mux"
 */
static const char *const bus_names[] = {
    "i2c", "i3c", "mdio", "mmc", "onewire", "pcie", "qspi", "slim",
    "soundwire", "spi", "spmi", "usb",
};

static bool begins_with_word(const char *name, const char *word)
{
    size_t len = strlen(word);

    return !strncmp(name, word, len) && !g_ascii_isalpha(name[len]);
}

/* By the node's row, which knows best, else by its name; NULL: none */
static const char *bus_kind(const FdtNodeInfo *bus)
{
    const FdtBinding *row = bus->binding;
    unsigned size_cells;

    if (fdt_node_is_pci_bus(bus->node)) {
        return "pci";
    }
    if (row && (row->i2c || row->spi)) {
        return row->i2c ? "i2c" : "spi";
    }
    if (!fdt_node_size_cells(bus->node, &size_cells, NULL) || size_cells) {
        return NULL;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(bus_names); i++) {
        if (begins_with_word(bus->node->name, bus_names[i])) {
            return bus_names[i];
        }
    }
    return NULL;
}

/* PCI Bus Binding to IEEE 1275, 2.2.1.1: phys.hi has device and function */
static char *bus_address(const char *kind, uint32_t cell)
{
    return g_str_equal(kind, "pci")
           ? g_strdup_printf("%02x.%x", (cell >> 11) & 0x1f, (cell >> 8) & 7)
           : g_strdup_printf("0x%x", cell);
}

/* The bus that the node is on, or NULL */
static QDict *bus_entry(const FdtNode *node)
{
    const char *kind = node->parent ? bus_kind(fdt_node_info(node->parent))
                                    : NULL;
    g_autofree char *address = NULL;
    uint32_t cell;
    QDict *entry;

    if (!kind || !fdt_node_u32_index(node, "reg", 0, &cell)) {
        return NULL;
    }
    address = bus_address(kind, cell);
    entry = qdict_new();
    qdict_put_str(entry, "kind", kind);
    qdict_put_str(entry, "controller", node->parent->path);
    qdict_put_str(entry, "address", address);
    return entry;
}

static QList *specifier_list(const FdtNode *node)
{
    g_autoptr(GArray) interrupts = fdt_node_interrupts(node, NULL, NULL);
    QList *list = qlist_new();

    for (unsigned i = 0; interrupts && i < interrupts->len; i++) {
        const FdtInterrupt *interrupt =
            &g_array_index(interrupts, FdtInterrupt, i);
        QDict *entry;

        if (!interrupt->controller) {
            continue;
        }
        entry = qdict_new();
        qdict_put_str(entry, "controller", interrupt->controller->path);
        qdict_put(entry, "cells",
                  cell_list(interrupt->cells, interrupt->num_cells));
        put_name(entry, interrupt->name);
        qlist_append(list, entry);
    }
    return list;
}

/* What properties of that name link to */
typedef struct LinkKind {
    const char *kind;
    const char *cells_prop;
    const char *names_prop;
    bool (*fits)(const char *property);
} LinkKind;

static bool is_clocks(const char *property)
{
    return g_str_equal(property, "clocks");
}

static bool is_gpios(const char *property)
{
    return g_str_equal(property, "gpios") || g_str_equal(property, "gpio") ||
           g_str_has_suffix(property, "-gpios") ||
           g_str_has_suffix(property, "-gpio");
}

static const LinkKind link_kinds[] = {
    { "clock", "#clock-cells", "clock-names", is_clocks },
    { "gpio", "#gpio-cells", NULL, is_gpios },
};

static void add_links(QList *list, const FdtNode *node, const char *property,
                      const LinkKind *kind)
{
    g_autoptr(GArray) links = fdt_node_phandle_args(
        node, property, kind->cells_prop, kind->names_prop, NULL);

    for (unsigned i = 0; links && i < links->len; i++) {
        const FdtPhandleArgs *link = &g_array_index(links, FdtPhandleArgs, i);
        QDict *entry;

        if (!link->node) {
            continue;
        }
        entry = qdict_new();
        qdict_put_str(entry, "kind", kind->kind);
        qdict_put_str(entry, "property", property);
        put_name(entry, link->name);
        qdict_put_str(entry, "provider", link->node->path);
        qdict_put(entry, "cells", cell_list(link->args, link->num_args));
        qlist_append(list, entry);
    }
}

static QList *link_list(const FdtNode *node)
{
    QList *list = qlist_new();

    for (unsigned i = 0; i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);

        for (unsigned k = 0; k < ARRAY_SIZE(link_kinds); k++) {
            if (link_kinds[k].fits(prop->name)) {
                add_links(list, node, prop->name, &link_kinds[k]);
            }
        }
    }
    return list;
}

void fdt_info_describe(const FdtNodeInfo *info, QDict *entry)
{
    const FdtNode *node = info->node;
    const char *label = fdt_node_label(node);
    QDict *bus = bus_entry(node);

    put_list(entry, "compatible", fdt_node_compatible_list(node));
    if (label) {
        qdict_put_str(entry, "label", label);
    }
    put_list(entry, "reg", reg_list(node));
    if (bus) {
        qdict_put(entry, "bus", bus);
    }
    put_list(entry, "specifiers", specifier_list(node));
    put_list(entry, "links", link_list(node));
}

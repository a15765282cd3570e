/*
 * A device tree in words: what the tree reader makes of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../../hw/fdt-machine/tree/finding.h"
#include "tree-print.h"

typedef struct Printer {
    GString *out;
    GString *errors;
} Printer;

/* Puts the error, if there is one, with the others */
static void take_error(Printer *p, Error *error)
{
    if (error) {
        g_string_append_printf(p->errors, "%s\n", error_get_pretty(error));
        error_free(error);
    }
}

static void take_findings(Printer *p, const FdtTree *tree,
                          const FdtFindings *findings)
{
    for (unsigned i = 0; i < fdt_findings_num(findings); i++) {
        g_autofree char *text = fdt_findings_text(findings, i);

        g_string_append_printf(p->errors, "%s: %s\n", fdt_tree_filename(tree),
                               text);
    }
}

static void print_cells(Printer *p, const uint32_t *cells, unsigned n)
{
    g_string_append(p->out, " <");
    for (unsigned i = 0; i < n; i++) {
        g_string_append_printf(p->out, "%s0x%x", i ? " " : "", cells[i]);
    }
    g_string_append_c(p->out, '>');
}

/* "  WHAT:", and the name that an entry of a list may have */
static void begin_entry(Printer *p, const char *what, const char *name)
{
    g_string_append_printf(p->out, "  %s:", what);
    if (name) {
        g_string_append_printf(p->out, " %s", name);
    }
}

static void print_address(Printer *p, bool mapped, uint64_t address)
{
    if (mapped) {
        g_string_append_printf(p->out, " -> 0x%" PRIx64 "\n", address);
    } else {
        g_string_append(p->out, " -> not mapped\n");
    }
}

static void print_regs(Printer *p, const FdtNode *node)
{
    Error *error = NULL;
    g_autoptr(GArray) regs = fdt_node_regs(node, &error);

    for (unsigned i = 0; regs && i < regs->len; i++) {
        const FdtReg *reg = &g_array_index(regs, FdtReg, i);

        begin_entry(p, "reg", reg->name);
        print_cells(p, reg->cells, reg->num_cells);
        g_string_append_printf(p->out, " + 0x%" PRIx64, reg->size);
        print_address(p, reg->mapped, reg->address);
    }
    take_error(p, error);
}

static void print_ranges(Printer *p, const FdtNode *node, const char *name)
{
    Error *error = NULL;
    g_autoptr(GArray) ranges = fdt_node_ranges(node, name, &error);

    for (unsigned i = 0; ranges && i < ranges->len; i++) {
        const FdtRange *range = &g_array_index(ranges, FdtRange, i);

        begin_entry(p, name, NULL);
        if (range->flags) {
            g_string_append_printf(p->out, " [0x%x]", range->flags);
        }
        g_string_append_printf(p->out, " 0x%" PRIx64 " = 0x%" PRIx64
                               " + 0x%" PRIx64, range->child, range->parent,
                               range->size);
        print_address(p, range->mapped, range->address);
    }
    take_error(p, error);
}

static void print_interrupts(Printer *p, const FdtNode *node)
{
    Error *error = NULL;
    g_autoptr(FdtFindings) findings = fdt_findings_new();
    g_autoptr(GArray) list = fdt_node_interrupts(node, findings, &error);

    for (unsigned i = 0; list && i < list->len; i++) {
        const FdtInterrupt *irq = &g_array_index(list, FdtInterrupt, i);

        begin_entry(p, "interrupt", irq->name);
        g_string_append_printf(p->out, " %s", irq->controller
                               ? irq->controller->path : "(none)");
        print_cells(p, irq->cells, irq->num_cells);
        g_string_append_c(p->out, '\n');
    }
    take_findings(p, node->tree, findings);
    take_error(p, error);
}

static const struct {
    const char *name, *cells, *names;
} lists[] = {
    { "clocks", "#clock-cells", "clock-names" },
    { "gpios", "#gpio-cells", NULL },
    { "resets", "#reset-cells", "reset-names" },
    { "power-domains", "#power-domain-cells", "power-domain-names" },
    { "memory-region", NULL, "memory-region-names" },
    { "cpu", NULL, NULL },
};

static void print_list(Printer *p, const FdtNode *node, int l)
{
    Error *error = NULL;
    g_autoptr(GArray) list = NULL;

    /* A hog's gpios are those of its parent, without a phandle */
    if (fdt_node_has(node, "gpio-hog")) {
        return;
    }
    list = fdt_node_phandle_args(node, lists[l].name, lists[l].cells,
                                 lists[l].names, &error);
    for (unsigned i = 0; list && i < list->len; i++) {
        const FdtPhandleArgs *e = &g_array_index(list, FdtPhandleArgs, i);

        begin_entry(p, lists[l].name, e->name);
        g_string_append_printf(p->out, " %s", e->node ? e->node->path
                                                      : "(none)");
        print_cells(p, e->args, e->num_args);
        g_string_append_c(p->out, '\n');
    }
    take_error(p, error);
}

static void print_names(Printer *p, const FdtNode *node)
{
    const char *alias = fdt_node_alias(node);
    const char *label = fdt_node_label(node);
    const char *compatible;

    g_string_append_printf(p->out, "%s%s\n", node->path,
                           fdt_node_available(node) ? "" :
                           fdt_node_enabled(node) ? " (below a disabled node)" :
                           " (disabled)");
    if (label) {
        g_string_append_printf(p->out, "  label: %s\n", label);
    }
    if (alias) {
        g_string_append_printf(p->out, "  alias: %s\n", alias);
    }
    for (int i = 0; (compatible = fdt_node_compatible(node, i)); i++) {
        g_string_append_printf(p->out, "  compatible: %s\n", compatible);
    }
}

static void print_node(Printer *p, const FdtNode *node)
{
    print_names(p, node);
    print_regs(p, node);
    print_ranges(p, node, "ranges");
    print_ranges(p, node, "dma-ranges");
    print_interrupts(p, node);
    for (int l = 0; l < ARRAY_SIZE(lists); l++) {
        print_list(p, node, l);
    }
}

static void print_memory(Printer *p, const FdtTree *tree)
{
    Error *error = NULL;
    g_autoptr(GArray) memory = fdt_tree_memory(tree, NULL, &error);

    for (unsigned i = 0; memory && i < memory->len; i++) {
        const FdtMemory *bank = &g_array_index(memory, FdtMemory, i);

        g_string_append_printf(p->out, "memory: %s 0x%" PRIx64 " + 0x%" PRIx64
                               "\n", bank->node->path, bank->address,
                               bank->size);
    }
    /* The node has reported it already, as an error in its reg */
    error_free(error);
}

static void print_cpus(Printer *p, const FdtTree *tree)
{
    g_autoptr(GPtrArray) cpus = fdt_tree_cpus(tree);

    for (unsigned i = 0; i < cpus->len; i++) {
        const FdtNode *cpu = g_ptr_array_index(cpus, i);

        g_string_append_printf(p->out, "cpu: %s\n", cpu->path);
    }
}

static void print_stdout(Printer *p, const FdtTree *tree)
{
    const char *options;
    const FdtNode *node = fdt_tree_stdout(tree, &options);

    if (node) {
        g_string_append_printf(p->out, "stdout: %s", node->path);
        if (options) {
            g_string_append_printf(p->out, " options %s", options);
        }
        g_string_append_c(p->out, '\n');
    }
}

static void print_reservations(Printer *p, const FdtTree *tree)
{
    for (unsigned i = 0; i < fdt_tree_num_reservations(tree); i++) {
        uint64_t address, size;

        fdt_tree_reservation(tree, i, &address, &size);
        g_string_append_printf(p->out, "reservation: 0x%" PRIx64 " + 0x%" PRIx64
                               "\n", address, size);
    }
}

char *tree_print(const FdtTree *tree, GString *errors)
{
    Printer p = { .out = g_string_new(""), .errors = errors };
    const FdtNode *node;

    for (node = fdt_tree_root(tree); node; node = fdt_node_next(node)) {
        print_node(&p, node);
    }
    print_memory(&p, tree);
    print_cpus(&p, tree);
    print_stdout(&p, tree);
    print_reservations(&p, tree);
    take_findings(&p, tree, fdt_tree_findings(tree));
    return g_string_free(p.out, false);
}

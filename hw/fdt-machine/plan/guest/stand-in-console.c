/*
 * A console where the tree's has no model
 *
 * A guest without a console runs, and nobody sees it.  Where the port that the
 * tree names as console has no model, or it names none and has no port with
 * one, a UART that QEMU has stands in, as a node of the planned tree like any
 * other: with registers and an interrupt that the tree leaves free, and a clock
 * of its own.  stdout-path leads to it, and the first -serial goes there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "guest.h"

typedef struct FdtConsoleKind {
    const char *type;
    const char *name;           /* for people */
    /* Strings, each with its NUL, as the property has them */
    const char *compatible;
    uint32_t compatible_len;
    uint64_t size;              /* of its registers */
    const char *clock_names;    /* each is the one clock; NULL: none */
    uint32_t clock_names_len;
    uint32_t clock_rate;
} FdtConsoleKind;

static const char pl011_compatible[] = "arm,pl011\0arm,primecell";
static const char pl011_clock_names[] = "uartclk\0apb_pclk";
static const char ns16550_compatible[] = "ns16550a";

/* arm/primecell.yaml, serial/pl011.yaml */
static const FdtConsoleKind pl011 = {
    .type = "pl011", .name = "pl011", .size = 0x1000,
    .compatible = pl011_compatible,
    .compatible_len = sizeof(pl011_compatible),
    .clock_names = pl011_clock_names,
    .clock_names_len = sizeof(pl011_clock_names),
    .clock_rate = 24000000,
};
/* serial/8250.yaml: a driver does without an interrupt, and polls */
static const FdtConsoleKind ns16550 = {
    .type = "serial-mm", .name = "16550", .size = 0x100,
    .compatible = ns16550_compatible,
    .compatible_len = sizeof(ns16550_compatible),
    .clock_rate = 3686400,
};

static const FdtConsoleKind *choose_kind(const FdtPlanner *planner,
                                         bool has_line)
{
    const FdtConsoleKind *kind =
        has_line && fdt_device_is_arm_cpu(fdt_planner_cpu(planner, 0)) &&
        fdt_planner_has_type(planner, pl011.type) ? &pl011 : &ns16550;

    return fdt_planner_has_type(planner, kind->type) ? kind : NULL;
}

/* Whether -serial has a port to go to that is in the guest's own tree */
static bool has_port(const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        const FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (fdt_info_is_built(info) && info->binding &&
            info->binding->slot == FDT_SLOT_SERIAL) {
            return true;
        }
    }
    return false;
}

/* A console that is disabled, or left out, is none that the tree names */
static bool lacks_console(const FdtPlanner *planner, const FdtNode *console)
{
    const FdtNodeInfo *info = console ? fdt_node_info(console) : NULL;

    if (fdt_info_is_built(info)) {
        return false;
    }
    return (info && info->verdict != FDT_VERDICT_DISABLED) ||
           !has_port(planner);
}

/* The first line that a controller has left, or one without a controller */
static FdtInterrupt find_line(FdtPlanner *planner)
{
    g_autoptr(GPtrArray) controllers =
        fdt_planner_controllers_with_room(planner);
    const FdtInterrupt none = { };

    for (unsigned i = 0; i < controllers->len; i++) {
        g_autoptr(GArray) lines = fdt_planner_free_lines(
            planner, g_ptr_array_index(controllers, i));

        if (lines->len) {
            return g_array_index(lines, FdtInterrupt, 0);
        }
    }
    return none;
}

static FdtNode *add_node(FdtPlanner *planner, const char *rule,
                         const char *name)
{
    FdtNode *root = fdt_tree_root(planner->tree);

    return fdt_node_child(root, name)
           ? NULL : fdt_journal_add_node(planner->journal, rule, root, name);
}

/* The clock as two properties of the UART need it, or as a number */
static bool add_clock(FdtPlanner *planner, const char *rule, FdtNode *node,
                      const FdtConsoleKind *kind)
{
    FdtJournal *journal = planner->journal;
    uint32_t cells[2];
    FdtNode *clock;

    if (!kind->clock_names) {
        fdt_journal_set_u32(journal, rule, node, "clock-frequency",
                            kind->clock_rate);
        return true;
    }
    clock = add_node(planner, rule, "console-clock");
    if (!clock) {
        return false;
    }
    fdt_journal_set_string(journal, rule, clock, "compatible", "fixed-clock");
    fdt_journal_set_u32(journal, rule, clock, "#clock-cells", 0);
    fdt_journal_set_u32(journal, rule, clock, "clock-frequency",
                        kind->clock_rate);
    fdt_planner_match_node(planner, fdt_planner_attach(planner, clock));
    cells[0] = cells[1] = fdt_journal_phandle(journal, rule, clock);
    fdt_journal_set_cells(journal, rule, node, "clocks", cells,
                          ARRAY_SIZE(cells));
    fdt_journal_set(journal, rule, node, "clock-names", kind->clock_names,
                    kind->clock_names_len);
    return true;
}

static void set_line(FdtPlanner *planner, const char *rule, FdtNode *node,
                     const FdtInterrupt *line)
{
    FdtJournal *journal = planner->journal;

    if (line->controller) {
        fdt_journal_set_u32(journal, rule, node, "interrupt-parent",
                            fdt_journal_phandle(journal, rule,
                                                line->controller));
        fdt_journal_set_cells(journal, rule, node, "interrupts", line->cells,
                              line->num_cells);
    }
}

static FdtNode *add_console(FdtPlanner *planner, const char *rule,
                            const FdtConsoleKind *kind, uint64_t address,
                            const FdtInterrupt *line)
{
    g_autofree char *name = g_strdup_printf("serial@%" PRIx64, address);
    const FdtBlock reg = { address, kind->size };
    FdtNode *node = add_node(planner, rule, name);

    if (!node) {
        return NULL;
    }
    fdt_journal_set(planner->journal, rule, node, "compatible",
                    kind->compatible, kind->compatible_len);
    if (!fdt_guest_set_reg(planner, rule, node, &reg, 1, "set") ||
        !add_clock(planner, rule, node, kind)) {
        fdt_journal_remove_node(planner->journal, rule, node);
        return NULL;
    }
    set_line(planner, rule, node, line);
    fdt_guest_set_alias(planner, rule, node, "serial");
    fdt_planner_match_node(planner, fdt_planner_attach(planner, node));
    return node;
}

/*
 * What the guest is told
 */

static bool is_about_console(const char *word)
{
    return g_str_has_prefix(word, "console=") ||
           g_str_has_prefix(word, "earlycon=") ||
           g_str_has_prefix(word, "earlyprintk");
}

/*
 * Linux does not look at stdout-path where its command line names a console; a
 * command line of the user's takes the place of the tree's
 */
static void edit_bootargs(FdtPlanner *planner, const char *rule,
                          FdtNode *chosen)
{
    const char *bootargs = fdt_node_string(chosen, "bootargs", 0);
    g_auto(GStrv) words = g_strsplit(bootargs ?: "", " ", -1);
    g_autoptr(GString) left = g_string_new(NULL);

    if (!bootargs || planner->config->append) {
        return;
    }
    for (char **word = words; *word; word++) {
        if (**word && !is_about_console(*word)) {
            g_string_append_printf(left, "%s%s", left->len ? " " : "", *word);
        }
    }
    fdt_journal_set_string(planner->journal, rule, chosen, "bootargs",
                           left->str);
}

static void edit_chosen(FdtPlanner *planner, const char *rule,
                        const FdtNode *node)
{
    FdtNode *chosen = fdt_guest_table(planner, rule, "chosen");

    fdt_journal_remove_prop(planner->journal, rule, chosen,
                            "linux,stdout-path");
    fdt_journal_set_string(planner->journal, rule, chosen, "stdout-path",
                           node->path);
    edit_bootargs(planner, rule, chosen);
}

/* For the user, and for the report of the node */
static void tell(FdtPlanner *planner, const FdtNode *console,
                 const FdtConsoleKind *kind, const FdtNode *node)
{
    const char *at = strchr(node->name, '@') + 1;
    bool named = console &&
                 fdt_node_info(console)->verdict != FDT_VERDICT_DISABLED;

    if (named) {
        fdt_planner_warn(planner, console, "the tree's console (%s) has no "
                         "model: a %s at 0x%s stands in",
                         fdt_node_compatible(console, 0) ?: "no compatible",
                         kind->name, at);
    } else {
        fdt_planner_warn(planner, fdt_tree_root(planner->tree), "the tree "
                         "names no console, and no serial port has a model: a "
                         "%s at 0x%s stands in", kind->name, at);
    }
    fdt_info_set_verdict(fdt_node_info(node), FDT_VERDICT_SUBSTITUTED,
                         named ? "added: %s has no model"
                               : "added: no serial port has a model",
                         named ? console->path : "");
}

bool fdt_prepare_console(FdtPlanner *planner, const char *rule, Error **errp)
{
    const FdtNode *console = fdt_tree_stdout(planner->tree, NULL);
    const FdtConsoleKind *kind;
    FdtInterrupt line;
    uint64_t address;
    FdtNode *node;

    if (!fdt_planner_wants_serial(planner) || planner->config->dtb ||
        !lacks_console(planner, console) ||
        !fdt_planner_find_block(planner, FDT_BLOCK_SIZE, &address)) {
        return true;
    }
    line = find_line(planner);
    kind = choose_kind(planner, line.controller);
    node = kind ? add_console(planner, rule, kind, address, &line) : NULL;
    if (node) {
        tell(planner, console, kind, node);
        edit_chosen(planner, rule, node);
    }
    return true;
}

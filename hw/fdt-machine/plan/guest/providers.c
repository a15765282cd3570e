/*
 * Rules about providers without a model, and about those that refer to them:
 * clocks, resets, power domains, pins
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "guest.h"

/* Rate of a clock whose provider has no model, if the binding knows none */
#define DEFAULT_CLOCK_RATE  24000000

/* Whether its row says so, or it is a CPU, which has the rule cpu-power */
static bool keeps_providers(const FdtNodeInfo *info)
{
    const FdtBinding *b = info->binding;

    return b && (b->cpu || (b->guest && b->guest->keeps_providers));
}

static uint32_t fixed_clock(FdtPlanner *planner, const char *rule,
                            uint32_t rate)
{
    FdtJournal *journal = planner->journal;
    g_autofree char *name = g_strdup_printf("clock-%u", rate);
    FdtNode *clock = fdt_node_child(fdt_guest_root(planner), name);

    if (!clock) {
        clock = fdt_journal_add_node(journal, rule, fdt_guest_root(planner),
                                     name);
        fdt_journal_set_string(journal, rule, clock, "compatible",
                               "fixed-clock");
        fdt_journal_set_u32(journal, rule, clock, "#clock-cells", 0);
        fdt_journal_set_u32(journal, rule, clock, "clock-frequency", rate);
    }
    return fdt_journal_phandle(journal, rule, clock);
}

static void replace_clocks(FdtPlanner *planner, const char *rule,
                           const FdtNodeInfo *info, FdtNode *guest)
{
    g_autoptr(GArray) clocks = fdt_node_phandle_args(info->node, "clocks",
                                                     "#clock-cells", NULL,
                                                     NULL);
    g_autoptr(GArray) cells = g_array_new(false, false, sizeof(uint32_t));
    const FdtGuestRole *role = info->binding->guest;
    uint32_t rate = role && role->clock_rate ? role->clock_rate
                                             : DEFAULT_CLOCK_RATE;
    unsigned replaced = 0;
    FdtEdit *edit;

    for (unsigned i = 0; clocks && i < clocks->len; i++) {
        FdtPhandleArgs *clock = &g_array_index(clocks, FdtPhandleArgs, i);
        uint32_t phandle = clock->node ? clock->node->phandle : 0;

        if (clock->node && !fdt_node_provides(clock->node)) {
            phandle = fixed_clock(planner, rule, rate);
            clock->num_args = 0;
            replaced++;
        }
        g_array_append_val(cells, phandle);
        g_array_append_vals(cells, clock->args, clock->num_args);
    }
    if (replaced) {
        edit = fdt_journal_set_cells(planner->journal, rule, guest, "clocks",
                                     (uint32_t *)cells->data, cells->len);
        fdt_edit_explain(edit, "%u replaced by a fixed clock of %u Hz",
                         replaced, rate);
    }
}

void fdt_rule_clocks(FdtPlanner *planner, const char *rule,
                     FdtNodeInfo *info, FdtNode *guest)
{
    if (info->device && !keeps_providers(info)) {
        replace_clocks(planner, rule, info, guest);
    }
}

/* Consumer properties: their provider's cells, and names that go with them */
typedef struct FdtConsumer {
    const char *prop;
    const char *cells;      /* NULL: plain phandles */
    const char *names;
} FdtConsumer;

static const FdtConsumer consumers[] = {
    { "assigned-clocks", "#clock-cells", NULL },
    { "resets", "#reset-cells", "reset-names" },
    { "power-domains", "#power-domain-cells", "power-domain-names" },
    { "dmas", "#dma-cells", "dma-names" },
    { "interconnects", "#interconnect-cells", "interconnect-names" },
    { "iommus", "#iommu-cells", NULL },
    { "phys", "#phy-cells", "phy-names" },
    { "mboxes", "#mbox-cells", "mbox-names" },
    { "nvmem-cells", NULL, "nvmem-cell-names" },
    { "mmc-pwrseq", NULL, NULL },
    { "memory-region", NULL, NULL },
};

/*
 * A power domain is a child node of its controller, and may have clocks: if one
 * has no model, the domain's driver waits for it and never provides the domain
 */
static bool lacks_clock(const FdtNode *domain)
{
    g_autoptr(GArray) clocks = NULL;

    if (!fdt_node_has(domain, "#power-domain-cells") ||
        fdt_node_compatible(domain, 0)) {
        return false;
    }
    clocks = fdt_node_phandle_args(domain, "clocks", "#clock-cells", NULL,
                                   NULL);
    for (unsigned i = 0; clocks && i < clocks->len; i++) {
        const FdtNode *clock = g_array_index(clocks, FdtPhandleArgs, i).node;

        if (clock && !fdt_node_provides(clock)) {
            return true;
        }
    }
    return false;
}

static bool list_works(const FdtNode *node, const char *prop,
                       const char *cells)
{
    g_autoptr(GArray) list = fdt_node_phandle_args(node, prop, cells, NULL,
                                                   NULL);

    if (!list) {
        return false;
    }
    for (unsigned i = 0; i < list->len; i++) {
        FdtPhandleArgs *entry = &g_array_index(list, FdtPhandleArgs, i);

        if (entry->node &&
            (!fdt_node_provides(entry->node) || lacks_clock(entry->node))) {
            return false;
        }
    }
    return true;
}

static void drop_consumer(FdtPlanner *planner, const char *rule,
                          FdtNode *guest, const FdtNode *node,
                          const FdtConsumer *consumer)
{
    if (!fdt_node_has(node, consumer->prop) ||
        list_works(node, consumer->prop, consumer->cells)) {
        return;
    }
    fdt_journal_remove_prop(planner->journal, rule, guest, consumer->prop);
    if (consumer->names) {
        fdt_journal_remove_prop(planner->journal, rule, guest,
                                consumer->names);
    }
    if (g_str_equal(consumer->prop, "assigned-clocks")) {
        fdt_journal_remove_prop(planner->journal, rule, guest,
                                "assigned-clock-rates");
        fdt_journal_remove_prop(planner->journal, rule, guest,
                                "assigned-clock-parents");
    }
}

/*
 * Properties of which a node may have any number: pinctrl-N, *-supply and
 * *-gpios; fixed regulators have `gpio`
 */
static void drop_open_consumers(FdtPlanner *planner, const char *rule,
                                FdtNode *guest, const FdtNode *node)
{
    bool pinctrl = false;

    for (unsigned i = 0; i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);
        const char *cells = NULL;

        if (g_str_has_prefix(prop->name, "pinctrl-") &&
            g_ascii_isdigit(prop->name[strlen("pinctrl-")])) {
            pinctrl |= !list_works(node, prop->name, NULL);
            continue;
        }
        if (g_str_has_suffix(prop->name, "-gpios") ||
            g_str_has_suffix(prop->name, "-gpio") ||
            g_str_equal(prop->name, "gpios") ||
            g_str_equal(prop->name, "gpio")) {
            cells = "#gpio-cells";
        } else if (!g_str_has_suffix(prop->name, "-supply")) {
            continue;
        }
        if (!list_works(node, prop->name, cells)) {
            fdt_journal_remove_prop(planner->journal, rule, guest,
                                    prop->name);
        }
    }
    for (unsigned i = 0; pinctrl && i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);

        if (g_str_has_prefix(prop->name, "pinctrl-")) {
            fdt_journal_remove_prop(planner->journal, rule, guest,
                                    prop->name);
        }
    }
}

/*
 * gpio-ranges (gpio/gpio.txt): which pins of a pin controller the lines of a
 * GPIO controller are; each entry has three cells, whatever the provider says
 */
static void drop_gpio_ranges(FdtPlanner *planner, const char *rule,
                             FdtNode *guest, const FdtNode *node)
{
    static const char name[] = "gpio-ranges";
    const unsigned entry = 4;
    uint32_t phandle;

    for (unsigned i = 0; fdt_node_u32_index(node, name, i, &phandle);
         i += entry) {
        const FdtNode *pins = fdt_tree_by_phandle(planner->tree, phandle);

        if (!pins || !fdt_node_provides(pins)) {
            fdt_journal_remove_prop(planner->journal, rule, guest, name);
            return;
        }
    }
}

/* Whether its properties are names of nodes, and not those of a consumer */
static bool has_names(const FdtNode *node)
{
    return g_str_equal(node->path, "/aliases") ||
           g_str_equal(node->path, "/__symbols__");
}

void fdt_rule_providers(FdtPlanner *planner, const char *rule,
                        FdtNodeInfo *info, FdtNode *guest)
{
    if ((!info->device && info->verdict != FDT_VERDICT_STRUCTURE) ||
        keeps_providers(info) ||
        has_names(info->node) || !info->node->props->len) {
        return;
    }
    for (int i = 0; i < ARRAY_SIZE(consumers); i++) {
        drop_consumer(planner, rule, guest, info->node, &consumers[i]);
    }
    drop_open_consumers(planner, rule, guest, info->node);
    drop_gpio_ranges(planner, rule, guest, info->node);
}

/*
 * Buses
 */

/* Whether the node is a bus and nothing else */
static bool is_bus(const FdtNode *node)
{
    static const char *const more[] = {
        "device_type", "interrupt-controller", "interrupt-map", "#clock-cells",
        "#reset-cells", "#power-domain-cells", "#gpio-cells", "#phy-cells",
    };

    for (int i = 0; i < ARRAY_SIZE(more); i++) {
        if (fdt_node_has(node, more[i])) {
            return false;
        }
    }
    return fdt_node_has(node, "ranges") && fdt_node_compatible(node, 0) &&
           !fdt_node_is_compatible(node, "syscon");
}

/* What the drivers of buses wait for */
static const FdtConsumer bus_consumers[] = {
    { "clocks", "#clock-cells", "clock-names" },
    { "resets", "#reset-cells", "reset-names" },
    { "power-domains", "#power-domain-cells", "power-domain-names" },
};

static void make_plain_bus(FdtPlanner *planner, const char *rule,
                           const FdtNodeInfo *info, FdtNode *guest)
{
    static const char plain[] = "simple-pm-bus\0simple-bus";
    bool waits = false;
    FdtEdit *edit;

    for (int i = 0; i < ARRAY_SIZE(bus_consumers); i++) {
        const FdtConsumer *consumer = &bus_consumers[i];

        waits |= fdt_node_has(info->node, consumer->prop) &&
                 !list_works(info->node, consumer->prop, consumer->cells);
        drop_consumer(planner, rule, guest, info->node, consumer);
    }
    if (waits && !info->binding) {
        /*
         * Kernels look for devices below a bus of the second kind at start,
         * unless it is itself below one of the first, whose driver does
         */
        edit = fdt_journal_set(planner->journal, rule, guest, "compatible",
                               plain, sizeof(plain));
        fdt_edit_explain(edit, "set to %s, %s", plain,
                         plain + strlen(plain) + 1);
    }
}

void fdt_rule_buses(FdtPlanner *planner, const char *rule,
                    FdtNodeInfo *info, FdtNode *guest)
{
    if (!info->device && info->verdict != FDT_VERDICT_DISABLED &&
        is_bus(info->node) && fdt_node_has_built_child(info->node)) {
        make_plain_bus(planner, rule, info, guest);
    }
}

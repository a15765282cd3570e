/*
 * The guest's tree: the same tree with the smallest edits that make it true of
 * the machine.  Every edit comes from a rule of the table at the end and is
 * listed in the report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "planner-internal.h"

/* Rate of a clock whose provider has no model, if the binding knows none */
#define DEFAULT_CLOCK_RATE  24000000

typedef struct FdtGuestRule FdtGuestRule;

struct FdtGuestRule {
    const char *name;
    const char *reason;         /* in words, for the help */
    /* NULL: what the rule says is done before the machine is planned */
    void (*apply)(FdtPlanner *planner, const FdtGuestRule *rule);
};

void fdt_plan_edit(FdtPlan *plan, const char *rule, const FdtNode *node,
                   const char *property, const char *fmt, ...)
{
    FdtEdit *edit = g_new0(FdtEdit, 1);
    va_list ap;

    edit->rule = rule;
    edit->path = g_strdup(node->path);
    edit->property = g_strdup(property);
    va_start(ap, fmt);
    edit->text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    g_ptr_array_add(plan->edits, edit);
}

static FdtNode *guest_root(FdtPlanner *planner)
{
    return fdt_tree_root(planner->plan->guest);
}

/* The guest's node of a node of the planned tree */
static FdtNode *guest_node(FdtPlanner *planner, const FdtNode *node)
{
    return fdt_tree_find(planner->plan->guest, node->path);
}

static void drop_prop(FdtPlanner *planner, const FdtGuestRule *rule,
                      FdtNode *node, const char *name)
{
    if (fdt_node_remove_prop(node, name)) {
        fdt_plan_edit(planner->plan, rule->name, node, name, "removed");
    }
}

static void disable(FdtPlanner *planner, const FdtGuestRule *rule,
                    FdtNode *node)
{
    fdt_node_set_string(node, "status", "disabled");
    fdt_plan_edit(planner->plan, rule->name, node, "status", "disabled");
}

static bool is_built(const FdtNodeInfo *info)
{
    return info && (info->verdict == FDT_VERDICT_MODELLED ||
                    info->verdict == FDT_VERDICT_SUBSTITUTED);
}

/* Whether the guest finds at the end of a phandle something that works */
static bool provider_works(const FdtNode *node)
{
    const FdtNodeInfo *info;

    for (; node; node = node->parent) {
        info = node->opaque;
        if (!info || is_built(info)) {
            return true;
        }
        if (info->verdict != FDT_VERDICT_STRUCTURE) {
            return false;
        }
        if (fdt_node_compatible(node, 0)) {
            return true;
        }
    }
    return true;
}

/*
 * Memory
 */

static void put_cells(GArray *cells, uint64_t value, unsigned num)
{
    for (unsigned i = num; i-- > 0;) {
        uint32_t cell = i > 1 ? 0 : value >> (32 * i);

        g_array_append_val(cells, cell);
    }
}

static void set_memory_reg(FdtPlanner *planner, const FdtGuestRule *rule,
                           FdtNode *node)
{
    FdtNode *root = guest_root(planner);
    g_autoptr(GArray) cells = g_array_new(false, false, sizeof(uint32_t));
    unsigned address_cells, size_cells, old;

    if (!fdt_node_address_cells(root, &address_cells, NULL) ||
        !fdt_node_size_cells(root, &size_cells, NULL)) {
        return;
    }
    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (g_str_equal(bank->node->path, node->path)) {
            put_cells(cells, bank->address, address_cells);
            put_cells(cells, bank->size, size_cells);
        }
    }
    if (!cells->len) {
        fdt_plan_edit(planner->plan, rule->name, node, NULL, "removed");
        fdt_node_remove(node);
        return;
    }
    old = fdt_node_num_cells(node, "reg");
    for (unsigned i = 0; old == cells->len && i < old; i++) {
        uint32_t cell;

        if (!fdt_node_u32_index(node, "reg", i, &cell) ||
            cell != g_array_index(cells, uint32_t, i)) {
            old = 0;
        }
    }
    if (old != cells->len) {
        fdt_node_set_cells(node, "reg", (uint32_t *)cells->data, cells->len);
        fdt_plan_edit(planner->plan, rule->name, node, "reg",
                      "set to the memory that is there");
    }
    if (!fdt_node_has(node, "device_type")) {
        fdt_node_set_string(node, "device_type", "memory");
    }
}

/* Memory that the planner placed because no node describes any */
static void add_memory_node(FdtPlanner *planner, const FdtGuestRule *rule,
                            const FdtBank *bank)
{
    FdtNode *root = guest_root(planner), *node;
    g_autoptr(GArray) cells = g_array_new(false, false, sizeof(uint32_t));
    g_autofree char *name = g_strdup_printf("memory@%" PRIx64, bank->address);
    unsigned address_cells, size_cells;

    if (!fdt_node_address_cells(root, &address_cells, NULL) ||
        !fdt_node_size_cells(root, &size_cells, NULL)) {
        return;
    }
    put_cells(cells, bank->address, address_cells);
    put_cells(cells, bank->size, size_cells);
    node = fdt_node_add_child(root, name);
    fdt_node_set_string(node, "device_type", "memory");
    fdt_node_set_cells(node, "reg", (uint32_t *)cells->data, cells->len);
    fdt_plan_edit(planner->plan, rule->name, node, NULL, "added");
}

/*
 * Such a node goes: to disable it is not enough for kernels without Linux's
 * "of: fdt: Ignore disabled memory nodes"
 */
static bool is_omitted_memory(const FdtNodeInfo *info)
{
    return info->omitted && fdt_node_is_memory(info->node);
}

static void rule_memory(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (!bank->node->parent) {
            add_memory_node(planner, rule, bank);
        }
    }
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (info->verdict == FDT_VERDICT_MEMORY || is_omitted_memory(info)) {
            set_memory_reg(planner, rule, guest_node(planner, info->node));
        }
    }
}

/*
 * CPUs
 */

static bool is_cpu_node(const FdtNode *node)
{
    return node->parent && g_str_equal(node->parent->path, "/cpus") &&
           g_str_has_prefix(node->name, "cpu@");
}

/* A CPU with an interrupt controller stays: others count its lines */
static bool disable_cpu(FdtPlanner *planner, const FdtGuestRule *rule,
                        FdtNode *cpu)
{
    for (unsigned i = 0; i < cpu->children->len; i++) {
        const FdtNode *child = g_ptr_array_index(cpu->children, i);

        if (!fdt_node_has(child, "interrupt-controller")) {
            continue;
        }
        if (fdt_node_available(cpu)) {
            disable(planner, rule, cpu);
        }
        return true;
    }
    return false;
}

static void rule_cpus(FdtPlanner *planner, const FdtGuestRule *rule)
{
    bool removed = false;
    FdtNode *map;

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        FdtNode *node;

        if (is_cpu_node(info->node) && !is_built(info)) {
            node = guest_node(planner, info->node);
            if (disable_cpu(planner, rule, node)) {
                continue;
            }
            fdt_plan_edit(planner->plan, rule->name, node, NULL, "removed");
            fdt_node_remove(node);
            removed = true;
        }
    }
    map = fdt_tree_find(planner->plan->guest, "/cpus/cpu-map");
    if (removed && map) {
        fdt_plan_edit(planner->plan, rule->name, map, NULL,
                      "removed: it names CPUs that are not there");
        fdt_node_remove(map);
    }
}

static void rule_cpu_power(FdtPlanner *planner, const FdtGuestRule *rule)
{
    static const char *const props[] = {
        "cpu-idle-states", "operating-points", "operating-points-v2",
        "clocks", "clock-names", "power-domains", "power-domain-names",
        "cpu-supply", "nvmem-cells", "nvmem-cell-names",
        "interconnects", "qcom,freq-domain", "resets", "cci-control-port",
    };

    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        FdtNode *node = guest_node(planner,
                                   g_ptr_array_index(planner->cpu_nodes, i));

        for (int j = 0; j < ARRAY_SIZE(props); j++) {
            drop_prop(planner, rule, node, props[j]);
        }
    }
}

static void rule_enable_method(FdtPlanner *planner, const FdtGuestRule *rule)
{
    FdtNode *psci;

    if (!planner->psci_added) {
        return;
    }
    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        FdtNode *node = guest_node(planner,
                                   g_ptr_array_index(planner->cpu_nodes, i));

        fdt_node_set_string(node, "enable-method", "psci");
        drop_prop(planner, rule, node, "cpu-release-addr");
        fdt_plan_edit(planner->plan, rule->name, node, "enable-method",
                      "set to psci");
    }
    psci = fdt_node_child(guest_root(planner), "psci");
    if (!psci) {
        psci = fdt_node_add_child(guest_root(planner), "psci");
        fdt_plan_edit(planner->plan, rule->name, psci, NULL, "added");
    }
    fdt_node_remove_prop(psci, "status");
    fdt_node_set(psci, "compatible", "arm,psci-1.0\0arm,psci-0.2", 26);
    fdt_node_set_string(psci, "method", planner->psci);
}

/*
 * Nodes without a model
 */

/* Whether anything below the node is there */
static bool has_built_child(const FdtNode *node)
{
    for (unsigned i = 0; i < node->children->len; i++) {
        const FdtNode *child = g_ptr_array_index(node->children, i);

        if (is_built(fdt_node_info(child)) || has_built_child(child)) {
            return true;
        }
    }
    return false;
}

/* What hangs on a serial port keeps kernels from making a terminal of it */
static bool is_on_serial_port(const FdtNodeInfo *info)
{
    const FdtNodeInfo *parent = info->node->parent ?
                                fdt_node_info(info->node->parent) : NULL;

    return parent && is_built(parent) && parent->binding &&
           parent->binding->slot == FDT_SLOT_SERIAL &&
           info->verdict != FDT_VERDICT_DISABLED && !is_built(info) &&
           fdt_node_compatible(info->node, 0);
}

static bool wants_disabling(const FdtNodeInfo *info)
{
    if (is_on_serial_port(info)) {
        return true;
    }
    if (info->binding && !info->device) {
        return false;       /* the table says that it needs no model */
    }
    return (info->verdict == FDT_VERDICT_STUB ||
            info->verdict == FDT_VERDICT_IGNORED) &&
           fdt_node_compatible(info->node, 0) &&
           !has_built_child(info->node);
}

/*
 * Kernels look for clocks, interrupt controllers and timers by compatible
 * before they have any device: a node above that is disabled does not count
 */
static bool is_found_early(const FdtNode *node)
{
    return fdt_node_has(node, "#clock-cells") ||
           fdt_node_has(node, "interrupt-controller") ||
           fdt_node_names_timer(node);
}

static void rule_unmodelled(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        FdtNode *node;

        if (!wants_disabling(info) ||
            (!is_found_early(info->node) && info->node->parent &&
             wants_disabling(fdt_node_info(info->node->parent)))) {
            continue;
        }
        node = guest_node(planner, info->node);
        disable(planner, rule, node);
    }
}

/*
 * Interrupts that nobody takes
 */

/* Whether the model neither raises an interrupt nor passes one on */
static bool is_silent(const FdtNodeInfo *info)
{
    return is_built(info) && info->binding && info->binding->no_interrupts;
}

/*
 * Whether the controllers of all interrupts of a node are off for the guest,
 * or have no interrupt themselves
 */
static bool lacks_controllers(FdtPlanner *planner, FdtNodeInfo *info)
{
    GArray *interrupts = fdt_info_interrupts(info, NULL);

    for (unsigned i = 0; interrupts && i < interrupts->len; i++) {
        FdtInterrupt *in = &g_array_index(interrupts, FdtInterrupt, i);
        const FdtNode *controller = guest_node(planner, in->controller);

        if (!controller || (fdt_node_available(controller) &&
                            !is_silent(fdt_node_info(in->controller)))) {
            return false;
        }
    }
    return interrupts && interrupts->len;
}

/* Parts of a device have interrupts, too, as the PHY of an Ethernet has */
static bool has_lines(const FdtNodeInfo *info)
{
    return is_built(info) || info->verdict == FDT_VERDICT_STRUCTURE;
}

static void rule_lines(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        FdtNode *node;

        if (!is_silent(info) &&
            (!has_lines(info) || !lacks_controllers(planner, info))) {
            continue;
        }
        node = guest_node(planner, info->node);
        drop_prop(planner, rule, node, "interrupts");
        drop_prop(planner, rule, node, "interrupts-extended");
        drop_prop(planner, rule, node, "interrupt-names");
    }
}

/*
 * Errata
 */

/* A property such as fsl,erratum-a008585 has kernels work around a fault */
static char *erratum_of(const FdtNode *node)
{
    for (unsigned i = 0; i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);

        if (strstr(prop->name, ",erratum-")) {
            return g_strdup(prop->name);
        }
    }
    return NULL;
}

static void drop_errata(FdtPlanner *planner, const FdtGuestRule *rule,
                        FdtNode *node)
{
    char *name;

    while ((name = erratum_of(node))) {
        drop_prop(planner, rule, node, name);
        g_free(name);
    }
}

static void rule_errata(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        FdtNode *node = guest_node(planner, info->node);

        if (node && is_built(info)) {
            drop_errata(planner, rule, node);
        }
    }
}

/*
 * Caches
 */

/* Kernels look for the outer cache by its compatible, whatever its status is */
static void rule_cache(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (fdt_node_has(info->node, "cache-level") &&
            fdt_node_has(info->node, "reg") && !is_built(info) &&
            !is_cpu_node(info->node)) {
            drop_prop(planner, rule, guest_node(planner, info->node),
                      "compatible");
        }
    }
}

/*
 * The machine
 */

/* As a clock chip on the I2C bus of a controller that is there */
static bool is_below_built(const FdtNode *node)
{
    while ((node = node->parent)) {
        if (is_built(fdt_node_info(node))) {
            return true;
        }
    }
    return false;
}

/* Whether there are clock controllers, and none of them has a model */
static bool lacks_clocks(FdtPlanner *planner)
{
    bool found = false;

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (!fdt_node_has(info->node, "#clock-cells") ||
            !fdt_node_has(info->node, "reg")) {
            continue;
        }
        if (is_built(info)) {
            return false;
        }
        found |= info->verdict == FDT_VERDICT_STUB ||
                 (info->verdict == FDT_VERDICT_IGNORED &&
                  !is_below_built(info->node));
    }
    return found;
}

/*
 * A kernel that knows the machine by the root's compatible runs code that
 * drives clocks, power and timers before it looks at any other node.  Where
 * CPUs wait in a pen, a binding knows the machine too, and that code has to
 * call them.
 */
static void rule_machine(FdtPlanner *planner, const FdtGuestRule *rule)
{
    if (fdt_planner_is_32bit(planner) && lacks_clocks(planner) &&
        g_strcmp0(planner->boot.secondary, "pen")) {
        drop_prop(planner, rule, guest_root(planner), "compatible");
    }
}

/* Nodes that omit= left out are not there for the guest either */
static void rule_omitted(FdtPlanner *planner, const FdtGuestRule *rule)
{
    char *const *omit = planner->config->omit;

    for (; omit && *omit; omit++) {
        FdtNode *node = fdt_tree_find(planner->plan->guest, *omit);

        if (node && node->parent) {
            disable(planner, rule, node);
        }
    }
}

/*
 * Providers without a model
 */

static uint32_t fixed_clock(FdtPlanner *planner, const FdtGuestRule *rule,
                            uint32_t rate)
{
    g_autofree char *name = g_strdup_printf("clock-%u", rate);
    FdtNode *clock = fdt_node_child(guest_root(planner), name);

    if (!clock) {
        clock = fdt_node_add_child(guest_root(planner), name);
        fdt_node_set_string(clock, "compatible", "fixed-clock");
        fdt_node_set_u32(clock, "#clock-cells", 0);
        fdt_node_set_u32(clock, "clock-frequency", rate);
        fdt_plan_edit(planner->plan, rule->name, clock, NULL, "added");
    }
    return fdt_node_ensure_phandle(clock);
}

static void replace_clocks(FdtPlanner *planner, const FdtGuestRule *rule,
                           const FdtNodeInfo *info)
{
    g_autoptr(GArray) clocks = fdt_node_phandle_args(info->node, "clocks",
                                                     "#clock-cells", NULL,
                                                     NULL);
    g_autoptr(GArray) cells = g_array_new(false, false, sizeof(uint32_t));
    uint32_t rate = info->binding->clock_rate ?: DEFAULT_CLOCK_RATE;
    unsigned replaced = 0;
    FdtNode *node;

    for (unsigned i = 0; clocks && i < clocks->len; i++) {
        FdtPhandleArgs *clock = &g_array_index(clocks, FdtPhandleArgs, i);
        uint32_t phandle = clock->node ? clock->node->phandle : 0;

        if (clock->node && !provider_works(clock->node)) {
            phandle = fixed_clock(planner, rule, rate);
            clock->num_args = 0;
            replaced++;
        }
        g_array_append_val(cells, phandle);
        g_array_append_vals(cells, clock->args, clock->num_args);
    }
    if (replaced) {
        node = guest_node(planner, info->node);
        fdt_node_set_cells(node, "clocks", (uint32_t *)cells->data,
                           cells->len);
        fdt_plan_edit(planner->plan, rule->name, node, "clocks",
                      "%u replaced by a fixed clock of %u Hz", replaced, rate);
    }
}

static void rule_clocks(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (info->device && !info->binding->keeps_providers &&
            info->binding->rank != FDT_RANK_CPU) {
            replace_clocks(planner, rule, info);
        }
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
 * A power domain is a part of its controller, and may have clocks of its own:
 * without them it never comes
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

        if (clock && !provider_works(clock)) {
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
            (!provider_works(entry->node) || lacks_clock(entry->node))) {
            return false;
        }
    }
    return true;
}

static void drop_consumer(FdtPlanner *planner, const FdtGuestRule *rule,
                          FdtNode *guest, const FdtNode *node,
                          const FdtConsumer *consumer)
{
    if (!fdt_node_has(node, consumer->prop) ||
        list_works(node, consumer->prop, consumer->cells)) {
        return;
    }
    drop_prop(planner, rule, guest, consumer->prop);
    if (consumer->names) {
        drop_prop(planner, rule, guest, consumer->names);
    }
    if (g_str_equal(consumer->prop, "assigned-clocks")) {
        drop_prop(planner, rule, guest, "assigned-clock-rates");
        drop_prop(planner, rule, guest, "assigned-clock-parents");
    }
}

static bool ends_with_list(const char *name, const char *suffix)
{
    return g_str_has_suffix(name, suffix);
}

/*
 * pinctrl-N, *-supply and *-gpios: as many as there are; fixed regulators say
 * gpio
 */
static void drop_open_consumers(FdtPlanner *planner, const FdtGuestRule *rule,
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
        if (ends_with_list(prop->name, "-gpios") ||
            ends_with_list(prop->name, "-gpio") ||
            g_str_equal(prop->name, "gpios") ||
            g_str_equal(prop->name, "gpio")) {
            cells = "#gpio-cells";
        } else if (!ends_with_list(prop->name, "-supply")) {
            continue;
        }
        if (!list_works(node, prop->name, cells)) {
            drop_prop(planner, rule, guest, prop->name);
        }
    }
    for (unsigned i = 0; pinctrl && i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);

        if (g_str_has_prefix(prop->name, "pinctrl-")) {
            drop_prop(planner, rule, guest, prop->name);
        }
    }
}

/*
 * gpio-ranges (gpio/gpio.txt): which pins of a pin controller the lines of a
 * GPIO controller are; each entry has three cells, whatever the provider says
 */
static void drop_gpio_ranges(FdtPlanner *planner, const FdtGuestRule *rule,
                             FdtNode *guest, const FdtNode *node)
{
    static const char name[] = "gpio-ranges";
    const unsigned entry = 4;
    uint32_t phandle;

    for (unsigned i = 0; fdt_node_u32_index(node, name, i, &phandle);
         i += entry) {
        const FdtNode *pins = fdt_tree_by_phandle(planner->tree, phandle);

        if (!pins || !provider_works(pins)) {
            drop_prop(planner, rule, guest, name);
            return;
        }
    }
}

/* Its properties are names of nodes: whatever they are called */
static bool has_names(const FdtNode *node)
{
    return g_str_equal(node->path, "/aliases") ||
           g_str_equal(node->path, "/__symbols__");
}

static void rule_providers(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        FdtNode *guest;

        if ((!info->device && info->verdict != FDT_VERDICT_STRUCTURE) ||
            (info->binding && info->binding->keeps_providers) ||
            (info->binding && info->binding->rank == FDT_RANK_CPU) ||
            has_names(info->node) || !info->node->props->len) {
            continue;
        }
        guest = guest_node(planner, info->node);
        if (!guest) {
            continue;
        }
        for (int j = 0; j < ARRAY_SIZE(consumers); j++) {
            drop_consumer(planner, rule, guest, info->node, &consumers[j]);
        }
        drop_open_consumers(planner, rule, guest, info->node);
        drop_gpio_ranges(planner, rule, guest, info->node);
    }
}

/*
 * Buses
 */

/* Nothing else but a bus */
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

static void make_plain_bus(FdtPlanner *planner, const FdtGuestRule *rule,
                           const FdtNodeInfo *info)
{
    static const char plain[] = "simple-pm-bus\0simple-bus";
    FdtNode *node = guest_node(planner, info->node);
    bool waits = false;

    for (int i = 0; i < ARRAY_SIZE(bus_consumers); i++) {
        const FdtConsumer *consumer = &bus_consumers[i];

        waits |= fdt_node_has(info->node, consumer->prop) &&
                 !list_works(info->node, consumer->prop, consumer->cells);
        drop_consumer(planner, rule, node, info->node, consumer);
    }
    if (waits && !info->binding) {
        /*
         * Kernels look for devices below a bus of the second kind at start,
         * unless it is itself below one of the first, whose driver does
         */
        fdt_node_set(node, "compatible", plain, sizeof(plain));
        fdt_plan_edit(planner->plan, rule->name, node, "compatible",
                      "set to %s, %s", plain, plain + strlen(plain) + 1);
    }
}

static void rule_buses(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        const FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (!info->device && info->verdict != FDT_VERDICT_DISABLED &&
            is_bus(info->node) && has_built_child(info->node)) {
            make_plain_bus(planner, rule, info);
        }
    }
}

/*
 * Relatives
 */

static void set_guest_prop(FdtPlanner *planner, const FdtGuestRule *rule,
                           FdtNode *node, const FdtGuestProp *prop)
{
    if (prop->string) {
        fdt_node_set_string(node, prop->name, prop->string);
        fdt_plan_edit(planner->plan, rule->name, node, prop->name,
                      "set to %s", prop->string);
    } else {
        fdt_node_set_u32(node, prop->name, prop->value);
        fdt_plan_edit(planner->plan, rule->name, node, prop->name,
                      "set to %u", prop->value);
    }
}

static void rule_relatives(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        const FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        const FdtGuestProp *prop = info->binding && is_built(info) ?
                                   info->binding->guest_props : NULL;

        for (; prop && prop->name; prop++) {
            set_guest_prop(planner, rule, guest_node(planner, info->node),
                           prop);
        }
        for (unsigned j = 0; info->told && j < info->told->len; j++) {
            set_guest_prop(planner, rule, guest_node(planner, info->node),
                           &g_array_index(info->told, FdtGuestProp, j));
        }
    }
}

/*
 * Secure state
 */

/* arm/pmu.yaml: a register that is there in secure state alone */
static void rule_secure(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; !planner->boot.secure && i < planner->infos->len;
         i++) {
        const FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        FdtNode *node = fdt_node_has(info->node, "secure-reg-access") ?
                        guest_node(planner, info->node) : NULL;

        if (node) {
            drop_prop(planner, rule, node, "secure-reg-access");
        }
    }
}

/*
 * Console
 */

/*
 * A kernel's earlycon does not look at the node's status, and waits for ever
 * for a UART that never is ready
 */
static void drop_stdout(FdtPlanner *planner, const FdtGuestRule *rule)
{
    FdtNode *chosen = fdt_node_child(guest_root(planner), "chosen");

    if (chosen) {
        drop_prop(planner, rule, chosen, "stdout-path");
        drop_prop(planner, rule, chosen, "linux,stdout-path");
    }
}

static void rule_console(FdtPlanner *planner, const FdtGuestRule *rule)
{
    FdtNode *chosen, *console = fdt_tree_stdout(planner->tree, NULL);

    if (console && is_built(fdt_node_info(console))) {
        return;
    }
    drop_stdout(planner, rule);
    for (unsigned i = 0; i < planner->backends->len; i++) {
        FdtBackend *backend = g_ptr_array_index(planner->backends, i);

        if (!g_str_equal(backend->kind, "serial") || !backend->path) {
            continue;
        }
        chosen = fdt_node_child(guest_root(planner), "chosen");
        if (!chosen) {
            chosen = fdt_node_add_child(guest_root(planner), "chosen");
        }
        fdt_node_set_string(chosen, "stdout-path", backend->path);
        fdt_plan_edit(planner->plan, rule->name, chosen, "stdout-path",
                      "set to %s, which has the first serial port",
                      backend->path);
        return;
    }
}

/*
 * Memory that a boot loader or a firmware has set aside
 */

static bool is_memory(FdtPlanner *planner, const FdtReg *reg)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (reg->address >= bank->address &&
            reg->address - bank->address <= bank->size &&
            reg->size <= bank->size - (reg->address - bank->address)) {
            return true;
        }
    }
    return false;
}

/* Whether the node's reg tells of memory that is not there */
static bool is_beyond_memory(FdtPlanner *planner, const FdtNode *node)
{
    g_autoptr(GArray) regs = fdt_node_regs(node, NULL);

    for (unsigned i = 0; regs && i < regs->len; i++) {
        const FdtReg *reg = &g_array_index(regs, FdtReg, i);

        if (reg->mapped && !is_memory(planner, reg)) {
            return true;
        }
    }
    return false;
}

static bool is_reserved(const FdtNode *node)
{
    return node->parent && g_str_equal(node->parent->path, "/reserved-memory");
}

/* Set up by a boot loader, for a display that is not there */
static bool is_framebuffer(const FdtNode *node)
{
    return fdt_node_is_compatible(node, "simple-framebuffer");
}

static void rule_reserved(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        const FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        FdtNode *node;

        if (info->verdict == FDT_VERDICT_DISABLED || is_built(info) ||
            !(is_framebuffer(info->node) ||
              (is_reserved(info->node) &&
               is_beyond_memory(planner, info->node)))) {
            continue;
        }
        node = guest_node(planner, info->node);
        disable(planner, rule, node);
    }
}

/*
 * Transports
 */

/* They are in the planned tree, of which the guest's is a copy */
static void rule_virtio(FdtPlanner *planner, const FdtGuestRule *rule)
{
    for (unsigned i = 0; i < planner->added->len; i++) {
        const FdtNode *node = g_ptr_array_index(planner->added, i);
        const char *alias = fdt_node_alias(node);

        fdt_plan_edit(planner->plan, rule->name, node, NULL, "added");
        fdt_plan_edit(planner->plan, rule->name,
                      fdt_tree_find(planner->tree, "/aliases"), alias,
                      "set to %s", node->path);
    }
}

static const FdtGuestRule rules[] = {
    { "interrupts", "a GIC stands in for an interrupt controller without a "
      "model" },
    { "cascades", "lines of an interrupt controller without a model become "
      "free ones of the GIC" },
    { "timer", "CPUs have timers of their own where no timer has a model" },
    { "memory", "memory nodes say what memory there is", rule_memory },
    { "cpus", "CPUs that are not built are not there", rule_cpus },
    { "cpu-power", "nothing models the CPUs' clocks, idle states and supplies",
      rule_cpu_power },
    { "enable-method", "an enable-method without a model becomes PSCI",
      rule_enable_method },
    { "omitted", "omit= leaves nodes out", rule_omitted },
    { "clocks", "a clock whose provider has no model is a fixed clock",
      rule_clocks },
    { "providers", "consumers of a provider without a model lose the property",
      rule_providers },
    { "unmodelled", "a node without a model is disabled, so that no driver "
      "waits for it", rule_unmodelled },
    { "buses", "a bus does not wait for a provider without a model where "
      "devices on it have models", rule_buses },
    { "relatives", "a near relative says what it is where its driver would "
      "take it for more", rule_relatives },
    { "secure", "registers of the secure state are not there for a kernel in "
      "the other one", rule_secure },
    { "lines", "a device whose interrupt controllers have no model, or whose "
      "own model has none, has no interrupts, which drivers would wait for",
      rule_lines },
    { "errata", "models have no errata, and some cannot be worked around "
      "where there are none", rule_errata },
    { "cache", "kernels look for cache controllers whatever their status is",
      rule_cache },
    { "machine", "kernel code for a machine whose clock controllers have no "
      "model cannot work", rule_machine },
    { "console", "the first serial port is the console if stdout-path leads "
      "to none that has a model",
      rule_console },
    { "reserved", "no memory is set aside where there is none, nor as a boot "
      "loader's frame buffer", rule_reserved },
    { "virtio", "virtio= adds transports", rule_virtio },
};

const char *fdt_guest_rule(unsigned i, const char **reason)
{
    if (i >= ARRAY_SIZE(rules)) {
        return NULL;
    }
    *reason = rules[i].reason;
    return rules[i].name;
}

static bool switch_rule(const char *word, uint64_t *on, Error **errp)
{
    g_autoptr(GString) known = g_string_new("all");
    const char *name = word + (*word == '-');
    bool found = false;

    for (unsigned i = 0; i < ARRAY_SIZE(rules); i++) {
        g_string_append_printf(known, ", %s", rules[i].name);
        if (g_str_equal(name, "all") || g_str_equal(name, rules[i].name)) {
            *on = deposit64(*on, i, 1, *word != '-');
            found = true;
        }
    }
    if (!found) {
        error_setg(errp, "guest-rules: no rule is called '%s'; there are %s",
                   name, known->str);
    }
    return found;
}

/* Bit i: rule i is on */
static bool chosen_rules(const FdtPlanConfig *config, uint64_t *on,
                         Error **errp)
{
    char *const *word = config->guest_rules;

    QEMU_BUILD_BUG_ON(ARRAY_SIZE(rules) > 64);
    *on = UINT64_MAX;
    for (; word && *word; word++) {
        if (!switch_rule(*word, on, errp)) {
            return false;
        }
    }
    return true;
}

bool fdt_planner_has_rule(const FdtPlanner *planner, const char *name)
{
    uint64_t on;

    for (int i = 0; i < ARRAY_SIZE(rules); i++) {
        if (g_str_equal(rules[i].name, name)) {
            return chosen_rules(planner->config, &on, NULL) &&
                   extract64(on, i, 1);
        }
    }
    return false;
}

/* The copy's nodes get the infos of the nodes that they come from */
static void share_infos(FdtTree *tree, FdtTree *guest)
{
    FdtNode *a = fdt_tree_root(tree), *b = fdt_tree_root(guest);

    for (; a && b; a = fdt_node_next(a), b = fdt_node_next(b)) {
        b->opaque = a->opaque;
    }
}

bool fdt_planner_guest_tree(FdtPlanner *planner, Error **errp)
{
    uint64_t on;

    if (!chosen_rules(planner->config, &on, errp)) {
        return false;
    }
    planner->plan->guest = fdt_tree_copy(planner->tree);
    share_infos(planner->tree, planner->plan->guest);
    for (int i = 0; i < ARRAY_SIZE(rules); i++) {
        if (extract64(on, i, 1) && rules[i].apply) {
            rules[i].apply(planner, &rules[i]);
        }
    }
    for (FdtNode *node = guest_root(planner); node;
         node = fdt_node_next(node)) {
        node->opaque = NULL;
    }
    return true;
}

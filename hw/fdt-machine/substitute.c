/*
 * Interrupt controllers and timers without a model
 *
 * A kernel for ARMv7 runs without clocks, power and pins, but not without an
 * interrupt controller and a timer.  Where the tree's have no model, a GIC
 * stands in for the controller, and CPUs that have timers of their own for
 * those that have none.  The planned tree says so before anything is planned
 * by it: the GIC and the timer are nodes of it, and what was the controller is
 * a nexus (Devicetree Specification 2.4.3) that leads to the GIC.  The nodes of
 * all devices stay as they are.  So it is with a controller without a model
 * below a GIC: if a device with a model has a line there, all its lines become
 * lines of the GIC that the tree leaves free.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "planner-internal.h"

/* Their names in the table of rules for the guest's tree */
#define RULE_INTERRUPTS "interrupts"
#define RULE_CASCADES   "cascades"
#define RULE_TIMER      "timer"

/* Specifiers of a GIC: arm,gic.yaml */
#define GIC_CELLS       3
#define GIC_SPI         0
#define GIC_PPI         1
#define GIC_LEVEL_HIGH  4
#define GIC_MAX_SPIS    988
#define GIC_FIRST_SPI   32
#define GIC_DIST_SIZE   0x1000
#define GIC_CPU_OFFSET  0x8000
#define GIC_CPU_SIZE    0x2000

/* PPIs of the architected timer, in the order of arm,arch_timer.yaml */
static const uint32_t timer_ppis[] = { 13, 14, 11, 10 };

/*
 * ARMv7-A.  Kernels for older CPUs do not run on newer ones, and 64-bit CPUs
 * have timers.
 */
static const struct {
    const char *type;
    const char *stand_in;   /* NULL: it has timers of its own */
} cpus[] = {
    { "cortex-a7-arm-cpu", NULL },
    { "cortex-a8-arm-cpu", "arm,cortex-a15" },
    { "cortex-a9-arm-cpu", "arm,cortex-a15" },
    { "cortex-a15-arm-cpu", NULL },
};

static int find_cpu(const FdtDevice *cpu)
{
    for (int i = 0; i < ARRAY_SIZE(cpus); i++) {
        if (g_str_equal(cpu->type, cpus[i].type)) {
            return i;
        }
    }
    return -1;
}

static bool all_cpus_known(const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->cpus->len; i++) {
        if (find_cpu(g_ptr_array_index(planner->cpus, i)) < 0) {
            return false;
        }
    }
    return true;
}

static bool is_modelled(const FdtNodeInfo *info)
{
    return info->verdict == FDT_VERDICT_MODELLED ||
           info->verdict == FDT_VERDICT_SUBSTITUTED;
}

/*
 * Interrupts
 */

/* Whether it is a controller whose lines go to the CPUs, not to another one */
static bool is_root_controller(FdtNodeInfo *info)
{
    const FdtNode *node = info->node;
    g_autoptr(GArray) interrupts = NULL;
    GArray *regs;

    if (!fdt_node_has(node, "interrupt-controller") ||
        !fdt_node_available(node) || info->omitted ||
        (fdt_node_has(node, "interrupt-parent") &&
         fdt_node_interrupt_parent(node, NULL))) {
        return false;
    }
    regs = fdt_info_regs(info, NULL);
    if (!regs || !regs->len || !g_array_index(regs, FdtReg, 0).mapped) {
        return false;
    }
    interrupts = fdt_node_interrupts(node, NULL);
    for (unsigned i = 0; interrupts && i < interrupts->len; i++) {
        if (g_array_index(interrupts, FdtInterrupt, i).controller != node) {
            return false;
        }
    }
    return true;
}

static bool is_gic(const FdtNodeInfo *info)
{
    uint32_t cells;

    return (g_str_equal(info->device->type, "arm_gic") ||
            g_str_equal(info->device->type, "arm-gicv3")) &&
           fdt_node_u32(info->node, "#interrupt-cells", &cells) &&
           cells == GIC_CELLS;
}

/* One that has a model, or is a GIC if @gic; NULL if there is none */
static FdtNodeInfo *find_controller(FdtPlanner *planner, bool gic)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (is_modelled(info) && info->device && info->device->type &&
            is_root_controller(info) && (!gic || is_gic(info))) {
            return info;
        }
    }
    return NULL;
}

static FdtNode *add_gic(FdtPlanner *planner, Error **errp)
{
    FdtNode *root = fdt_tree_root(planner->tree), *node;
    g_autofree char *name = NULL;
    FdtBlock blocks[] = { { 0, GIC_DIST_SIZE }, { 0, GIC_CPU_SIZE } };

    if (!fdt_planner_find_block(planner, &blocks[0].address)) {
        fdt_error(errp, root, NULL, "no 64 KiB of addresses below 4 GiB are "
                  "free for a GIC; switch it off with guest-rules=-%s",
                  RULE_INTERRUPTS);
        return NULL;
    }
    blocks[1].address = blocks[0].address + GIC_CPU_OFFSET;
    name = g_strdup_printf("interrupt-controller@%" PRIx64,
                           blocks[0].address);
    node = fdt_node_add_child(root, name);
    fdt_node_set_string(node, "compatible", "arm,cortex-a15-gic");
    if (!fdt_planner_set_reg(node, blocks, ARRAY_SIZE(blocks))) {
        fdt_error(errp, root, NULL, "a GIC needs a root with #address-cells "
                  "and #size-cells of at least 1; switch it off with "
                  "guest-rules=-%s", RULE_INTERRUPTS);
        return NULL;
    }
    fdt_node_set_empty(node, "interrupt-controller");
    fdt_node_set_u32(node, "#interrupt-cells", GIC_CELLS);
    /* Not below the controller that the root names */
    fdt_node_set_u32(node, "interrupt-parent", fdt_node_ensure_phandle(node));
    fdt_planner_match_node(planner, fdt_planner_attach(planner, node));
    fdt_plan_edit(planner->plan, RULE_INTERRUPTS, node, NULL, "added");
    return node;
}

static int specifier_compare(const void *va, const void *vb)
{
    const FdtInterrupt *a = va, *b = vb;

    for (unsigned i = 0; i < MIN(a->num_cells, b->num_cells); i++) {
        if (a->cells[i] != b->cells[i]) {
            return a->cells[i] < b->cells[i] ? -1 : 1;
        }
    }
    return 0;
}

static void append_specifiers(FdtPlanner *planner, const FdtNode *controller,
                              const GArray *list, GArray *out)
{
    for (unsigned i = 0; list && i < list->len; i++) {
        FdtInterrupt interrupt = g_array_index(list, FdtInterrupt, i);

        fdt_interrupt_pass_on(&interrupt);
        if (interrupt.controller == controller) {
            g_array_append_val(out, interrupt);
        }
    }
}

/* What the tree has for the controller, also of disabled nodes, sorted */
static GArray *collect_specifiers(FdtPlanner *planner,
                                  const FdtNode *controller)
{
    GArray *list = g_array_new(false, false, sizeof(FdtInterrupt));

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        g_autoptr(GArray) interrupts = fdt_node_interrupts(info->node, NULL);
        g_autoptr(GArray) targets = fdt_node_map_targets(info->node, NULL);

        append_specifiers(planner, controller, interrupts, list);
        append_specifiers(planner, controller, targets, list);
    }
    g_array_sort(list, specifier_compare);
    for (unsigned i = list->len; i-- > 1;) {
        if (!specifier_compare(&g_array_index(list, FdtInterrupt, i - 1),
                               &g_array_index(list, FdtInterrupt, i))) {
            g_array_remove_index(list, i);
        }
    }
    return list;
}

/* Free lines of a GIC, from @next on, and the rule that hands them out */
typedef struct FdtFreeSpis {
    FdtNode *gic;
    uint32_t next;
    const char *rule;
} FdtFreeSpis;

/* An entry of an interrupt-map: the GIC may have a #address-cells of its own */
static void append_target(GArray *map, FdtFreeSpis *spis)
{
    uint32_t spi[GIC_CELLS] = { GIC_SPI, spis->next++, GIC_LEVEL_HIGH };
    uint32_t phandle = fdt_node_ensure_phandle(spis->gic);
    const uint32_t none = 0;
    uint32_t cells = 0;

    fdt_node_u32(spis->gic, "#address-cells", &cells);
    g_array_append_val(map, phandle);
    while (cells--) {
        g_array_append_val(map, none);
    }
    g_array_append_vals(map, spi, ARRAY_SIZE(spi));
}

/* Each line of @list, which is one of @info, leads to the next SPI */
static bool make_nexus(FdtPlanner *planner, FdtNodeInfo *info,
                       const GArray *list, FdtFreeSpis *spis, Error **errp)
{
    FdtNode *node = (FdtNode *)info->node;
    g_autoptr(GArray) map = g_array_new(false, false, sizeof(uint32_t));
    uint32_t left = GIC_MAX_SPIS - MIN(spis->next, GIC_MAX_SPIS);

    if (list->len > left) {
        fdt_error(errp, node, NULL, "%u lines, and the GIC that takes them has "
                  "%u left; switch it off with guest-rules=-%s", list->len,
                  left, spis->rule);
        return false;
    }
    for (unsigned i = 0; i < list->len; i++) {
        FdtInterrupt *line = &g_array_index(list, FdtInterrupt, i);

        g_array_append_vals(map, line->cells, line->num_cells);
        append_target(map, spis);
    }
    fdt_node_remove_prop(node, "interrupt-controller");
    fdt_node_set_u32(node, "#address-cells", 0);
    fdt_node_set_cells(node, "interrupt-map", (uint32_t *)map->data,
                       map->len);
    fdt_planner_note(planner, node, "its lines lead to %s", spis->gic->path);
    fdt_plan_edit(planner->plan, spis->rule, node, "interrupt-map",
                  "%u lines lead to %s", list->len, spis->gic->path);
    return true;
}

static GPtrArray *root_controllers(FdtPlanner *planner)
{
    GPtrArray *list = g_ptr_array_new();

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (is_root_controller(info)) {
            g_ptr_array_add(list, info);
        }
    }
    return list;
}

static bool substitute_controllers(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GPtrArray) roots = root_controllers(planner);
    FdtFreeSpis spis = { .rule = RULE_INTERRUPTS };
    FdtNodeInfo *info;

    if (!roots->len || find_controller(planner, false) ||
        !fdt_planner_has_type(planner, "arm_gic") ||
        !fdt_planner_has_rule(planner, RULE_INTERRUPTS)) {
        return true;
    }
    spis.gic = add_gic(planner, errp);
    if (!spis.gic) {
        return false;
    }
    for (unsigned i = 0; i < roots->len; i++) {
        g_autoptr(GArray) list = NULL;

        info = g_ptr_array_index(roots, i);
        list = collect_specifiers(planner, info->node);
        if (!make_nexus(planner, info, list, &spis, errp)) {
            return false;
        }
    }
    info = g_ptr_array_index(roots, 0);
    fdt_info_set_verdict(fdt_node_info(spis.gic), FDT_VERDICT_SUBSTITUTED,
                         "added: %s has no model", info->node->path);
    return true;
}

/*
 * Controllers below a GIC
 */

/* Whether its binding has outputs for the interrupts of its node */
static bool raises_interrupts(const FdtNodeInfo *info)
{
    const FdtBinding *binding = info->binding;

    return is_modelled(info) && info->device && binding &&
           !binding->no_interrupts &&
           (binding->irqs || binding->num_irqs >= 0 || binding->connect);
}

/* Whether a device with a model has a line there */
static bool is_used(FdtPlanner *planner, const FdtNode *controller)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        g_autoptr(GArray) list = g_array_new(false, false,
                                             sizeof(FdtInterrupt));
        g_autoptr(GArray) interrupts = NULL;

        if (raises_interrupts(info)) {
            interrupts = fdt_node_interrupts(info->node, NULL);
            append_specifiers(planner, controller, interrupts, list);
            if (list->len) {
                return true;
            }
        }
    }
    return false;
}

/* Takes interrupts, has no model, and is not known to pass them on */
static bool is_lost_controller(FdtNodeInfo *info)
{
    const FdtNode *node = info->node;

    return fdt_node_has(node, "interrupt-controller") &&
           fdt_node_has(node, "#interrupt-cells") &&
           fdt_node_available(node) && !info->omitted && !info->device &&
           !is_modelled(info) &&
           !(info->binding && info->binding->passes_interrupts);
}

/* The SPI above those that a node has for MSIs, as interrupt numbers */
static uint32_t above_msis(const FdtNode *node)
{
    static const char ranges[] = "mbi-ranges";
    uint32_t first, num, above = 0;

    if (fdt_node_u32(node, "arm,msi-base-spi", &first) &&
        fdt_node_u32(node, "arm,msi-num-spis", &num)) {
        above = first + num;
    }
    for (unsigned i = 0; fdt_node_u32_index(node, ranges, i, &first) &&
         fdt_node_u32_index(node, ranges, i + 1, &num); i += 2) {
        above = MAX(above, first + num);
    }
    return above > GIC_FIRST_SPI ? above - GIC_FIRST_SPI : 0;
}

/* The SPI above all that the tree has */
static uint32_t first_free_spi(FdtPlanner *planner, const FdtNode *gic)
{
    g_autoptr(GArray) list = collect_specifiers(planner, gic);
    uint32_t next = 0;

    for (unsigned i = 0; i < planner->infos->len; i++) {
        const FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        next = MAX(next, above_msis(info->node));
    }

    for (unsigned i = 0; i < list->len; i++) {
        FdtInterrupt *line = &g_array_index(list, FdtInterrupt, i);

        if (line->num_cells == GIC_CELLS && line->cells[0] == GIC_SPI &&
            line->cells[1] < GIC_MAX_SPIS) {
            next = MAX(next, line->cells[1] + 1);
        }
    }
    return next;
}

static bool substitute_cascades(FdtPlanner *planner, Error **errp)
{
    FdtNodeInfo *gic = find_controller(planner, true);
    FdtFreeSpis spis = { .rule = RULE_CASCADES };

    if (!gic || !fdt_planner_has_rule(planner, RULE_CASCADES)) {
        return true;
    }
    spis.gic = (FdtNode *)gic->node;
    spis.next = first_free_spi(planner, gic->node);
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        g_autoptr(GArray) list = NULL;

        if (!is_lost_controller(info) || !is_used(planner, info->node)) {
            continue;
        }
        list = collect_specifiers(planner, info->node);
        if (!make_nexus(planner, info, list, &spis, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * Timers
 */

bool fdt_node_names_timer(const FdtNode *node)
{
    g_autofree char *base = fdt_node_base_name(node);
    const char *compatible;

    if (g_str_equal(base, "timer")) {
        return true;
    }
    for (unsigned i = 0; (compatible = fdt_node_compatible(node, i)); i++) {
        if (strstr(compatible, "timer")) {
            return true;
        }
    }
    return false;
}

/* Its rate would be measured by another one */
static bool lacks_rate(const FdtNodeInfo *info)
{
    return info->binding->wants_clock && !fdt_node_has(info->node, "clocks");
}

static bool has_model_of_timer(const FdtNodeInfo *info)
{
    return is_modelled(info) && info->binding &&
           ((info->binding->timer && !lacks_rate(info)) ||
            (info->binding == &fdt_binding_qemu &&
             fdt_node_names_timer(info->node)));
}

/* Whether the tree has timers, and none has a model */
static bool lacks_timers(const FdtPlanner *planner)
{
    bool found = false;

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (has_model_of_timer(info)) {
            return false;
        }
        found |= fdt_node_names_timer(info->node);
    }
    return found;
}

/* A tree may have it disabled, as the board's firmware does not set it up */
static FdtNode *disabled_timer(FdtPlanner *planner)
{
    FdtNode *node;

    for (node = fdt_tree_root(planner->tree); node;
         node = fdt_node_next(node)) {
        if (fdt_node_is_compatible(node, "arm,armv7-timer") &&
            node->parent && fdt_node_available(node->parent) &&
            !fdt_node_info(node)->omitted) {
            return node;
        }
    }
    return NULL;
}

static FdtNode *enable_timer(FdtPlanner *planner, FdtNode *node)
{
    fdt_node_remove_prop(node, "status");
    fdt_node_info(node)->verdict = FDT_VERDICT_IGNORED;
    fdt_plan_edit(planner->plan, RULE_TIMER, node, "status", "removed");
    return node;
}

static FdtNode *add_timer(FdtPlanner *planner, const FdtNodeInfo *gic)
{
    FdtNode *root = fdt_tree_root(planner->tree), *node;
    const char *name = fdt_node_child(root, "timer") ? "arch-timer" : "timer";
    uint32_t cells[ARRAY_SIZE(timer_ppis) * GIC_CELLS];
    uint32_t flags = MAKE_64BIT_MASK(8, planner->cpus->len) | GIC_LEVEL_HIGH;

    if (fdt_node_child(root, name)) {
        return NULL;
    }
    node = fdt_node_add_child(root, name);
    fdt_node_set_string(node, "compatible", "arm,armv7-timer");
    fdt_node_set_u32(node, "interrupt-parent",
                     fdt_node_ensure_phandle((FdtNode *)gic->node));
    for (int i = 0; i < ARRAY_SIZE(timer_ppis); i++) {
        cells[i * GIC_CELLS] = GIC_PPI;
        cells[i * GIC_CELLS + 1] = timer_ppis[i];
        cells[i * GIC_CELLS + 2] = flags;
    }
    fdt_node_set_cells(node, "interrupts", cells, ARRAY_SIZE(cells));
    fdt_planner_attach(planner, node);
    fdt_plan_edit(planner->plan, RULE_TIMER, node, NULL, "added");
    return node;
}

/* False if there are none with timers in this binary */
static bool substitute_cpus(FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        FdtNodeInfo *info = fdt_node_info(
            g_ptr_array_index(planner->cpu_nodes, i));
        const char *stand_in = cpus[find_cpu(info->device)].stand_in;
        g_autofree char *why = NULL;

        if (!stand_in) {
            continue;
        }
        why = g_strdup_printf("no timer has a model; %s has its own",
                              stand_in);
        if (planner->config->cpu_type ||
            !fdt_planner_change_cpu(planner, info, stand_in, why)) {
            return false;
        }
    }
    return true;
}

/* Kernels would set those up first, and wait for what comes after them */
static void leave_out_timers(FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (is_modelled(info) && info->device && info->binding &&
            info->binding->timer && lacks_rate(info)) {
            fdt_device_leave_out(planner, info->device, "not built: without a "
                                 "clock, another timer tells its rate");
        }
    }
}

static bool substitute_timers(FdtPlanner *planner)
{
    FdtNodeInfo *gic = find_controller(planner, true);
    FdtNode *timer;

    if (!gic || !lacks_timers(planner) ||
        !fdt_planner_has_rule(planner, RULE_TIMER) ||
        !substitute_cpus(planner)) {
        return true;
    }
    timer = disabled_timer(planner);
    timer = timer ? enable_timer(planner, timer) : add_timer(planner, gic);
    if (timer) {
        fdt_planner_match_node(planner, fdt_node_info(timer));
        fdt_planner_note(planner, timer, "no timer of the tree has a model");
        leave_out_timers(planner);
    }
    return true;
}

bool fdt_planner_substitute(FdtPlanner *planner, Error **errp)
{
    if (all_cpus_known(planner) &&
        !(substitute_controllers(planner, errp) &&
          substitute_timers(planner))) {
        return false;
    }
    return substitute_cascades(planner, errp);
}

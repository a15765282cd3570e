/*
 * Interrupt controllers without a model
 *
 * A kernel for ARMv7 or ARMv8 runs without clocks, power and pins, but not
 * without an interrupt controller.  Where the tree's has no model, a GIC stands
 * in for it.
 * The planned tree says so before anything is planned by it: the GIC is a node
 * of it, and what was the controller is a nexus (Devicetree Specification
 * 2.4.3) that leads to the GIC, so that the nodes of all devices stay as they
 * are.  So it is with a controller without a model below a GIC: if a device
 * with a model has a line there, all its lines become lines of the GIC that the
 * tree leaves free.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "guest.h"

/*
 * The GIC for CPUs of a kind.  Regions are those of the architecture: GICv2 is
 * a distributor and a CPU interface, GICv3 a distributor and two frames of a
 * redistributor for each CPU, which has the interface itself.
 */
typedef struct FdtGicKind {
    const char *compatible;
    const char *type;
    uint64_t dist_size;
    uint64_t other_offset;      /* of the second region */
    uint64_t other_size;
    bool size_per_cpu;          /* @other_size is that of one CPU */
} FdtGicKind;

static const FdtGicKind gicv2 = {
    "arm,cortex-a15-gic", "arm_gic", 0x1000, 0x8000, 0x2000, false,
};
static const FdtGicKind gicv3 = {
    "arm,gic-v3", "arm-gicv3", 0x10000, 0x10000, 0x20000, true,
};

/* NULL: no GIC can stand in for CPUs of that kind */
static const FdtGicKind *gic_kind(const FdtPlanner *planner)
{
    switch (fdt_planner_arm_version(planner)) {
    case 7:
        return &gicv2;
    case 8:
        return &gicv3;
    default:
        return NULL;
    }
}

static bool find_gic_regions(FdtPlanner *planner, const FdtGicKind *kind,
                             FdtBlock *blocks)
{
    blocks[0].size = kind->dist_size;
    blocks[1].size = kind->other_size *
                     (kind->size_per_cpu ? planner->cpus->len : 1);
    if (!fdt_planner_find_block(planner, kind->other_offset + blocks[1].size,
                                &blocks[0].address)) {
        return false;
    }
    blocks[1].address = blocks[0].address + kind->other_offset;
    return true;
}

static FdtNode *add_gic(FdtPlanner *planner, const FdtGicKind *kind,
                        const char *rule, Error **errp)
{
    FdtJournal *journal = planner->journal;
    FdtNode *root = fdt_tree_root(planner->tree), *node;
    g_autofree char *name = NULL;
    FdtBlock blocks[2];

    if (!find_gic_regions(planner, kind, blocks)) {
        fdt_error(errp, root, NULL, "no addresses below 4 GiB are free for a "
                  "GIC; switch it off with guest-rules=-%s", rule);
        return NULL;
    }
    name = g_strdup_printf("interrupt-controller@%" PRIx64,
                           blocks[0].address);
    node = fdt_journal_add_node(journal, rule, root, name);
    fdt_journal_set_string(journal, rule, node, "compatible",
                           kind->compatible);
    if (!fdt_guest_set_reg(planner, rule, node, blocks,
                           ARRAY_SIZE(blocks), "set")) {
        fdt_error(errp, root, NULL, "a GIC needs a root with #address-cells "
                  "and #size-cells of at least 1; switch it off with "
                  "guest-rules=-%s", rule);
        return NULL;
    }
    fdt_journal_set_empty(journal, rule, node, "interrupt-controller");
    fdt_journal_set_u32(journal, rule, node, "#interrupt-cells",
                        FDT_GIC_CELLS);
    /* Not below the controller that the root names */
    fdt_journal_set_u32(journal, rule, node, "interrupt-parent",
                        fdt_journal_phandle(journal, rule, node));
    fdt_planner_match_node(planner, fdt_planner_attach(planner, node));
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

        fdt_interrupt_forward(&interrupt);
        if (interrupt.controller == controller) {
            g_array_append_val(out, interrupt);
        }
    }
}

/* All specifiers for the controller, also those of disabled nodes, sorted */
static GArray *collect_specifiers(FdtPlanner *planner,
                                  const FdtNode *controller)
{
    GArray *list = g_array_new(false, false, sizeof(FdtInterrupt));

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        g_autoptr(GArray) interrupts = fdt_node_interrupts(info->node, NULL,
                                                           NULL);
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
    GArray *lines;              /* of FdtInterrupt */
    unsigned next;
    const char *rule;
} FdtFreeSpis;

/* An entry of an interrupt-map: the GIC may have a #address-cells of its own */
static void free_spis_clear(FdtFreeSpis *spis)
{
    g_clear_pointer(&spis->lines, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FdtFreeSpis, free_spis_clear)

/* Find the GIC's free lines, when the first of them is wanted */
static void find_free_spis(FdtPlanner *planner, FdtFreeSpis *spis)
{
    FdtDevice *gic = fdt_planner_device(planner, spis->gic);

    if (!spis->lines) {
        spis->lines = gic && fdt_device_has_free_lines(gic)
                      ? fdt_planner_free_lines(planner, gic)
                      : g_array_new(false, false, sizeof(FdtInterrupt));
    }
}

static void append_target(FdtPlanner *planner, GArray *map, FdtFreeSpis *spis)
{
    const FdtInterrupt *spi = &g_array_index(spis->lines, FdtInterrupt,
                                             spis->next++);
    uint32_t phandle = fdt_journal_phandle(planner->journal, spis->rule,
                                           spis->gic);
    const uint32_t none = 0;
    uint32_t cells = 0;

    fdt_node_u32(spis->gic, "#address-cells", &cells);
    g_array_append_val(map, phandle);
    while (cells--) {
        g_array_append_val(map, none);
    }
    g_array_append_vals(map, spi->cells, spi->num_cells);
}

/* Make @info a nexus: each of its lines in @list leads to the next free SPI */
static bool make_nexus(FdtPlanner *planner, FdtNodeInfo *info,
                       const GArray *list, FdtFreeSpis *spis, Error **errp)
{
    FdtNode *node = (FdtNode *)info->node;
    g_autoptr(GArray) map = g_array_new(false, false, sizeof(uint32_t));
    FdtJournal *journal = planner->journal;
    unsigned left;
    FdtEdit *edit;

    find_free_spis(planner, spis);
    left = spis->lines->len - spis->next;
    if (list->len > left) {
        fdt_error(errp, node, NULL, "%u lines, and the GIC that takes them has "
                  "%u left; switch it off with guest-rules=-%s", list->len,
                  left, spis->rule);
        return false;
    }
    for (unsigned i = 0; i < list->len; i++) {
        FdtInterrupt *line = &g_array_index(list, FdtInterrupt, i);

        g_array_append_vals(map, line->cells, line->num_cells);
        append_target(planner, map, spis);
    }
    fdt_journal_remove_prop(journal, spis->rule, node, "interrupt-controller");
    fdt_journal_set_u32(journal, spis->rule, node, "#address-cells", 0);
    edit = fdt_journal_set_cells(journal, spis->rule, node, "interrupt-map",
                                 (uint32_t *)map->data, map->len);
    fdt_edit_explain(edit, "%u lines lead to %s", list->len, spis->gic->path);
    fdt_planner_note(planner, node, "its lines lead to %s", spis->gic->path);
    return true;
}

static GPtrArray *root_controllers(FdtPlanner *planner)
{
    GPtrArray *list = g_ptr_array_new();

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (fdt_info_is_root_controller(info)) {
            g_ptr_array_add(list, info);
        }
    }
    return list;
}

bool fdt_prepare_interrupts(FdtPlanner *planner, const char *rule,
                            Error **errp)
{
    g_autoptr(GPtrArray) roots = root_controllers(planner);
    const FdtGicKind *kind = gic_kind(planner);
    g_auto(FdtFreeSpis) spis = { .rule = rule };
    FdtNodeInfo *info;

    if (!kind || !roots->len || fdt_find_root_controller(planner) ||
        !fdt_planner_has_type(planner, kind->type)) {
        return true;
    }
    spis.gic = add_gic(planner, kind, rule, errp);
    if (!spis.gic) {
        return false;
    }
    fdt_move_arch_timers(planner, rule, roots, fdt_node_info(spis.gic));
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
    fdt_planner_warn(planner, info->node, "the tree's interrupt controller "
                     "(%s) has no model: %s at 0x%s stands in",
                     fdt_node_compatible(info->node, 0) ?: "no compatible",
                     kind->type, strchr(spis.gic->name, '@') + 1);
    return true;
}

/*
 * Controllers below a GIC
 */

static bool has_outputs(const FdtBinding *binding)
{
    return binding->irqs ? binding->irqs->irq >= 0
                         : binding->num_irqs || binding->bus == FDT_BUS_SYSTEM;
}

/* Whether its binding has outputs for the interrupts of its node */
static bool raises_interrupts(const FdtNodeInfo *info)
{
    const FdtBinding *binding = info->binding;

    return fdt_info_is_built(info) && info->device && binding &&
           !(binding->guest && binding->guest->no_interrupts) &&
           (has_outputs(binding) || binding->connect);
}

static void add_controllers(GHashTable *used, const FdtNode *node)
{
    g_autoptr(GArray) interrupts = fdt_node_interrupts(node, NULL, NULL);

    for (unsigned i = 0; interrupts && i < interrupts->len; i++) {
        FdtInterrupt interrupt = g_array_index(interrupts, FdtInterrupt, i);

        fdt_interrupt_forward(&interrupt);
        if (interrupt.controller) {
            g_hash_table_add(used, interrupt.controller);
        }
    }
}

/* The controllers that devices with a model are connected to */
static GHashTable *used_controllers(FdtPlanner *planner)
{
    GHashTable *used = g_hash_table_new(NULL, NULL);

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (raises_interrupts(info)) {
            add_controllers(used, info->node);
        }
    }
    return used;
}

/*
 * Whether it is an interrupt controller without a model, and without a row by
 * which the lines of the controller above are known
 */
static bool is_lost_controller(FdtNodeInfo *info)
{
    const FdtNode *node = info->node;

    return fdt_node_has(node, "interrupt-controller") &&
           fdt_node_has(node, "#interrupt-cells") &&
           fdt_node_available(node) && !info->omitted && !info->device &&
           !fdt_info_is_built(info) &&
           !(info->binding && info->binding->intc &&
             info->binding->intc->forwards);
}

bool fdt_prepare_cascades(FdtPlanner *planner, const char *rule, Error **errp)
{
    FdtNodeInfo *gic = fdt_find_gic(planner);
    g_auto(FdtFreeSpis) spis = { .rule = rule };
    g_autoptr(GHashTable) used = NULL;

    if (!gic) {
        return true;
    }
    used = used_controllers(planner);
    spis.gic = (FdtNode *)gic->node;
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        g_autoptr(GArray) list = NULL;

        if (!is_lost_controller(info) ||
            !g_hash_table_contains(used, info->node)) {
            continue;
        }
        list = collect_specifiers(planner, info->node);
        if (!make_nexus(planner, info, list, &spis, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * Rules about single nodes: those that have no model, and what is said of those
 * that have one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "guest.h"

/* Before nodes are looked at: none of them is a device */
bool fdt_prepare_bindings(FdtPlanner *planner, const char *rule, Error **errp)
{
    FdtNode *node = fdt_node_child(fdt_tree_root(planner->tree),
                                   FDT_USER_BINDINGS);

    if (node) {
        fdt_journal_remove_node(planner->journal, rule, node);
    }
    return true;
}

/*
 * Nodes without a model
 */

/* Nodes that omit= left out are not there for the guest either */
void fdt_rule_omitted(FdtPlanner *planner, const char *rule)
{
    char *const *omit = planner->config->omit;

    for (; omit && *omit; omit++) {
        FdtNode *node = fdt_tree_find(fdt_journal_tree(planner->journal),
                                      *omit);

        if (node && node->parent) {
            fdt_guest_disable(planner, rule, node);
        }
    }
}

/* A child node of a serial port keeps Linux from making the port a terminal */
static bool is_on_serial_port(const FdtNodeInfo *info)
{
    const FdtNodeInfo *parent = info->node->parent ?
                                fdt_node_info(info->node->parent) : NULL;

    return parent && fdt_info_is_built(parent) && parent->device &&
           fdt_device_slot(parent->device) == FDT_SLOT_SERIAL &&
           info->verdict != FDT_VERDICT_DISABLED && !fdt_info_is_built(info) &&
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
           !fdt_node_has_built_child(info->node);
}

/*
 * Before they make devices, kernels look for clocks, interrupt controllers and
 * timers by compatible, and do not notice that a node above is disabled
 */
static bool is_found_early(const FdtNode *node)
{
    return fdt_node_has(node, "#clock-cells") ||
           fdt_node_has(node, "interrupt-controller") ||
           fdt_node_names_timer(node);
}

void fdt_rule_unmodelled(FdtPlanner *planner, const char *rule,
                         FdtNodeInfo *info, FdtNode *guest)
{
    if (wants_disabling(info) &&
        (is_found_early(info->node) || !info->node->parent ||
         !wants_disabling(fdt_node_info(info->node->parent)))) {
        fdt_guest_disable(planner, rule, guest);
    }
}

/*
 * Interrupts that nobody takes
 */

/* Whether the model neither raises an interrupt nor passes one on */
static bool is_silent(const FdtNodeInfo *info)
{
    const FdtGuestRole *role = info->binding ? info->binding->guest : NULL;

    return fdt_info_is_built(info) && ((role && role->no_interrupts) ||
                                       (info->device && info->device->silent));
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
        const FdtNode *controller = in->controller
            ? fdt_guest_node(planner, in->controller) : NULL;

        if (!controller || (fdt_node_available(controller) &&
                            !is_silent(fdt_node_info(in->controller)))) {
            return false;
        }
    }
    return interrupts && interrupts->len;
}

/* Whether it may have interrupts: a device, or a part of one, such as a PHY */
static bool has_lines(const FdtNodeInfo *info)
{
    return fdt_info_is_built(info) || info->verdict == FDT_VERDICT_STRUCTURE;
}

void fdt_rule_lines(FdtPlanner *planner, const char *rule,
                    FdtNodeInfo *info, FdtNode *guest)
{
    static const char *const props[] = {
        "interrupts", "interrupts-extended", "interrupt-names",
    };

    if (!is_silent(info) &&
        (!has_lines(info) || !lacks_controllers(planner, info))) {
        return;
    }
    for (int i = 0; i < ARRAY_SIZE(props); i++) {
        fdt_journal_remove_prop(planner->journal, rule, guest, props[i]);
    }
}

/*
 * What the models lack
 */

static void set_guest_prop(FdtPlanner *planner, const char *rule,
                           FdtNode *node, const FdtGuestProp *prop)
{
    if (prop->string) {
        fdt_journal_set_string(planner->journal, rule, node, prop->name,
                               prop->string);
    } else {
        fdt_journal_set_u32(planner->journal, rule, node, prop->name,
                            prop->value);
    }
}

void fdt_rule_relatives(FdtPlanner *planner, const char *rule,
                        FdtNodeInfo *info, FdtNode *guest)
{
    const FdtGuestRole *role = info->binding && fdt_info_is_built(info)
                               ? info->binding->guest : NULL;
    const FdtGuestProp *prop = role ? role->props : NULL;

    for (; prop && prop->name; prop++) {
        set_guest_prop(planner, rule, guest, prop);
    }
    for (unsigned i = 0; info->guest_props && i < info->guest_props->len; i++) {
        set_guest_prop(planner, rule, guest,
                       &g_array_index(info->guest_props, FdtGuestProp, i));
    }
}

/* arm/pmu.yaml: secure-reg-access is about a register of the secure state */
void fdt_rule_secure(FdtPlanner *planner, const char *rule,
                     FdtNodeInfo *info, FdtNode *guest)
{
    if (!planner->boot.secure) {
        fdt_journal_remove_prop(planner->journal, rule, guest,
                                "secure-reg-access");
    }
}

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

void fdt_rule_errata(FdtPlanner *planner, const char *rule,
                     FdtNodeInfo *info, FdtNode *guest)
{
    while (fdt_info_is_built(info)) {
        g_autofree char *name = erratum_of(guest);

        if (!name) {
            return;
        }
        fdt_journal_remove_prop(planner->journal, rule, guest, name);
    }
}

/* Linux looks for the outer cache by compatible, and not at its status */
void fdt_rule_cache(FdtPlanner *planner, const char *rule,
                    FdtNodeInfo *info, FdtNode *guest)
{
    if (fdt_node_has(info->node, "cache-level") &&
        fdt_node_has(info->node, "reg") && !fdt_info_is_built(info) &&
        !fdt_node_is_cpu(info->node)) {
        fdt_journal_remove_prop(planner->journal, rule, guest, "compatible");
    }
}

/*
 * Which row of the tables each node is bound to, and its first verdict
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../bindings/qemu.h"
#include "../bindings/tables.h"
#include "state.h"

/*
 * Containers whose children describe no hardware of their own, but for
 * interrupt controllers within CPUs
 */
static bool is_table(const FdtNode *node)
{
    static const char *const tables[] = {
        "/aliases", "/chosen", "/__symbols__", "/__fixups__",
        "/__local_fixups__", "/reserved-memory", "/cpus", "/thermal-zones",
        "/options", "/binman", "/" FDT_USER_BINDINGS,
    };

    if (fdt_node_has(node, "interrupt-controller")) {
        return false;
    }
    for (int i = 0; i < ARRAY_SIZE(tables); i++) {
        size_t len = strlen(tables[i]);

        if (!strncmp(node->path, tables[i], len) &&
            (node->path[len] == '\0' || node->path[len] == '/')) {
            return true;
        }
    }
    return false;
}

static bool is_omitted(const FdtPlanner *planner, const FdtNode *node)
{
    char *const *omit = planner->config->omit;

    for (; omit && *omit; omit++) {
        size_t len = strlen(*omit);

        if (!strncmp(node->path, *omit, len) &&
            (node->path[len] == '\0' || node->path[len] == '/')) {
            return true;
        }
    }
    return false;
}

static bool serves_cpus(const FdtPlanner *planner, const FdtBinding *b)
{
    return !b->timer || !b->timer->max_cpus ||
           planner->cpu_nodes->len <= b->timer->max_cpus;
}

static bool is_usable(const FdtPlanner *planner, const FdtBinding *b)
{
    return (!b->type || fdt_planner_has_type(planner, b->type)) &&
           (!(b->is & FDT_AUDIO) || fdt_planner_audiodev(planner)) &&
           serves_cpus(planner, b);
}

const FdtBinding *fdt_planner_find_binding(const FdtPlanner *planner,
                                           const FdtNode *node,
                                           const FdtNode **user,
                                           const FdtBinding **unusable)
{
    const char *compatible;

    *unusable = NULL;
    for (unsigned i = 0; (compatible = fdt_node_compatible(node, i)); i++) {
        const FdtBinding *b = g_hash_table_lookup(planner->bindings,
                                                  compatible);

        if (user) {
            *user = g_hash_table_lookup(planner->user_bindings, compatible);
            if (*user) {
                return &fdt_binding_qemu;
            }
        }
        if (!b || b->is & FDT_TRAIT) {
            continue;
        }
        if (is_usable(planner, b)) {
            return b;
        }
        if (!*unusable) {
            *unusable = b;
        }
    }
    return NULL;
}

/*
 * Order of creation, as far as roles decide it.  A row that serves for any node
 * is an interrupt controller where the node is one.
 */
static FdtRank rank_of(const FdtNode *node, const FdtBinding *b)
{
    if (b->cpu) {
        return FDT_RANK_CPU;
    }
    if (b->intc && !b->intc->forwards &&
        (b->intc->no_lines || fdt_node_has(node, "interrupt-controller"))) {
        return FDT_RANK_INTC;
    }
    return b->is & FDT_CLOCKS ? FDT_RANK_CLOCK
         : b->is & FDT_MEMORY ? FDT_RANK_MEMORY : FDT_RANK_OTHER;
}

void fdt_planner_bind_node(FdtPlanner *planner, FdtNodeInfo *info,
                      const FdtBinding *binding)
{
    info->binding = binding;
    if (!binding->type) {
        fdt_info_set_verdict(info, binding->verdict, "%s",
                             binding->reason ?: "");
        if (!binding->plan && !binding->connect && !binding->finish &&
            !(binding->is & FDT_REGISTERS)) {
            return;
        }
    }
    info->device = fdt_device_new(planner, (FdtNode *)info->node,
                                  binding->type, NULL,
                                  rank_of(info->node, binding));
    info->device->binding = binding;
    info->device->slot = binding->slot;
    if (binding->type) {
        fdt_info_set_verdict(info, FDT_VERDICT_MODELLED, NULL);
    }
    if (binding->substitute) {
        fdt_info_set_verdict(info, FDT_VERDICT_SUBSTITUTED, "%s",
                             binding->substitute);
    }
}

static bool has_mapped_reg(const GArray *regs)
{
    for (unsigned i = 0; i < regs->len; i++) {
        if (g_array_index(regs, FdtReg, i).mapped) {
            return true;
        }
    }
    return false;
}

/*
 * Where nothing has a model, nothing depends on a faulty reg either: real trees
 * have some that no bus translates
 */
static void match_unknown(FdtPlanner *planner, FdtNodeInfo *info,
                          const FdtBinding *unusable)
{
    const char *compatible = fdt_node_compatible(info->node, 0);
    Error *err = NULL;
    GArray *regs;

    if (!compatible) {
        fdt_info_set_verdict(info, FDT_VERDICT_STRUCTURE, NULL);
        return;
    }
    regs = fdt_info_regs(info, &err);
    if (unusable && !fdt_planner_has_type(planner, unusable->type)) {
        fdt_info_set_verdict(info, FDT_VERDICT_IGNORED,
                             "this binary has no %s", unusable->type);
    } else if (unusable && !serves_cpus(planner, unusable)) {
        fdt_info_set_verdict(info, FDT_VERDICT_IGNORED, "%s serves no more "
                             "than %u CPUs", unusable->type,
                             unusable->timer->max_cpus);
    } else if (unusable) {
        fdt_info_set_verdict(info, FDT_VERDICT_IGNORED, "no audio backend for "
                             "a %s; give one with -audiodev", unusable->type);
    } else {
        fdt_info_set_verdict(info, FDT_VERDICT_IGNORED, "no model of %s",
                             compatible);
    }
    if (!regs) {
        fdt_planner_note(planner, info->node, "%s",
                         fdt_error_text(err, info->node));
        error_free(err);
    } else if (has_mapped_reg(regs) &&
               planner->config->unmatched != FDT_UNMATCHED_IGNORE) {
        info->verdict = FDT_VERDICT_STUB;
    }
}

/* Whether child nodes are devices of their own, not parts of this one */
static bool has_children(const FdtBinding *b)
{
    return b->i2c || b->spi || b->is & FDT_CONTAINER;
}

static bool below_device(const FdtNode *node)
{
    const FdtNodeInfo *up = node->parent ? fdt_node_info(node->parent) : NULL;

    return up && (up->below_device ||
                  (up->device && !has_children(up->binding)));
}

/* Whether it has registers, and CPUs see none of them, as on an ISA bus */
static bool is_unreachable(FdtNodeInfo *info)
{
    GArray *regs = fdt_info_regs(info, NULL);

    if (!regs || !regs->len || has_mapped_reg(regs)) {
        return false;
    }
    for (unsigned i = 0; i < regs->len; i++) {
        if (!g_array_index(regs, FdtReg, i).size) {
            return false;
        }
    }
    return true;
}

/* Secure memory is a device of its own: it is none of the kernel's banks */
static const FdtBinding *secure_binding(FdtPlanner *planner,
                                        const FdtNode *node)
{
    const FdtBinding *unusable;

    return fdt_node_is_memory(node)
           ? g_hash_table_lookup(planner->bindings, "mmio-sram")
           : fdt_planner_find_binding(planner, node, NULL, &unusable);
}

static bool match_secure(FdtPlanner *planner, FdtNodeInfo *info)
{
    const FdtBinding *binding;

    if (!fdt_planner_is_secure(planner, info->node)) {
        return false;
    }
    binding = secure_binding(planner, info->node);
    if (!binding || is_unreachable(info)) {
        return false;
    }
    fdt_planner_bind_node(planner, info, binding);
    fdt_planner_note(planner, info->node, "for the secure world alone");
    return true;
}

/* By the qemu, properties of the node itself, or of a binding of the user's */
static void bind_by_user(FdtPlanner *planner, FdtNodeInfo *info,
                         const FdtNode *user)
{
    info->user_binding = user;
    fdt_planner_bind_node(planner, info, &fdt_binding_qemu);
    fdt_device_set_type(info->device, fdt_node_string(user ?: info->node,
                                                      "qemu,type", 0) ?: "");
    if (user) {
        fdt_info_set_verdict(info, FDT_VERDICT_MODELLED, "bound by %s: %s",
                             fdt_tree_filename(user->tree), user->path);
    }
}

/* Nodes whose compatible does not count: false if it does */
static bool match_by_place(FdtPlanner *planner, FdtNodeInfo *info)
{
    const FdtNode *node = info->node;

    if (is_table(node) || !node->parent) {
        fdt_info_set_verdict(info, FDT_VERDICT_STRUCTURE, NULL);
    } else if (is_omitted(planner, node)) {
        info->omitted = true;
        fdt_info_set_verdict(info, FDT_VERDICT_DISABLED, "left out by omit=");
    } else if (!fdt_node_available(node)) {
        if (match_secure(planner, info)) {
            return true;
        }
        fdt_info_set_verdict(info, FDT_VERDICT_DISABLED, "status of the node "
                             "or of one above it");
    } else if (fdt_node_is_memory(node)) {
        fdt_info_set_verdict(info, FDT_VERDICT_MEMORY, NULL);
    } else {
        return false;
    }
    return true;
}

void fdt_planner_match_node(FdtPlanner *planner, FdtNodeInfo *info)
{
    const FdtNode *node = info->node;
    const FdtBinding *binding;
    const FdtBinding *unusable;
    const FdtNode *user = NULL;

    if (info->matched) {
        return;    /* a CPU, which has its row */
    }
    info->matched = true;
    if (match_by_place(planner, info)) {
        return;
    }
    if (fdt_qemu_binds(node)) {
        bind_by_user(planner, info, NULL);
        return;
    }
    binding = fdt_planner_find_binding(planner, node, &user, &unusable);
    info->below_device = below_device(node);
    if (binding && is_unreachable(info)) {
        fdt_info_set_verdict(info, FDT_VERDICT_IGNORED, "no bus translates its "
                             "reg to an address of the CPUs");
        return;
    }
    if (user) {
        bind_by_user(planner, info, user);
        return;
    }
    if (binding) {
        fdt_planner_bind_node(planner, info, binding);
        return;
    }
    if (info->below_device) {
        fdt_info_set_verdict(info, FDT_VERDICT_STRUCTURE,
                             "part of the device above it");
        return;
    }
    match_unknown(planner, info, unusable);
}

/* Of CPUs, -cpu says what they are */
static bool check_cpu(const FdtPlanner *planner, const FdtNode *node,
                      Error **errp)
{
    const char *compatible;

    for (unsigned i = 0; (compatible = fdt_node_compatible(node, i)); i++) {
        const FdtNode *user = g_hash_table_lookup(planner->user_bindings,
                                                  compatible);

        if (user) {
            fdt_error(errp, user, "compatible", "%s, which is a '%s', is a "
                      "CPU: -cpu says the type of CPUs", node->path,
                      compatible);
            return false;
        }
    }
    return true;
}

/* What nodes that are left alone say does no harm */
static bool check_words(const FdtPlanner *planner, const FdtNodeInfo *info,
                        Error **errp)
{
    bool is_cpu = info->binding && info->binding->cpu;

    if (is_cpu && !check_cpu(planner, info->node, errp)) {
        return false;
    }
    if (info->verdict == FDT_VERDICT_DISABLED ||
        (!is_cpu && is_table(info->node))) {
        return true;
    }
    return fdt_qemu_check_node(planner, info->node,
                               info->binding == &fdt_binding_qemu,
                               info->user_binding, errp);
}

bool fdt_planner_match_nodes(FdtPlanner *planner, Error **errp)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        fdt_planner_match_node(planner, info);
        if (!check_words(planner, info, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * RAM of the tree on memory backends of the user
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include "state.h"

/* The key of -dtb-machine, in messages */
#define KEY "memory-backends"

/* "256M", or in bytes where that is no whole number; the caller frees */
static char *size_text(uint64_t size)
{
    return size % MiB ? g_strdup_printf("0x%" PRIx64, size)
                      : g_strdup_printf("%" PRIu64 "M", size / MiB);
}

/* Paths of the nodes that have banks, for messages; the caller frees */
static char *bank_nodes(const FdtPlanner *planner)
{
    GString *text = g_string_new(NULL);
    const FdtNode *last = NULL;

    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtNode *node = g_array_index(planner->banks, FdtBank, i).node;

        if (node != last) {
            g_string_append_printf(text, "%s%s", last ? ", " : "",
                                   node->path);
        }
        last = node;
    }
    return g_string_free(text, false);
}

static void no_bank_error(const FdtPlanner *planner, const FdtNode *node,
                          const FdtMemoryConfig *memory, Error **errp)
{
    g_autofree char *nodes = bank_nodes(planner);

    if (!node) {
        error_setg(errp, "%s: %s: " KEY ": the tree has no such node; its "
                   "memory is %s", fdt_tree_filename(planner->tree),
                   memory->node, nodes);
    } else if (fdt_node_info(node)->verdict == FDT_VERDICT_MEMORY) {
        fdt_error(errp, node, KEY, "'%s' is for entry %d of reg, which has "
                  "no such entry", memory->memdev, MAX(memory->reg, 0));
    } else if (fdt_node_info(node)->omitted) {
        fdt_error(errp, node, KEY, "'%s' is for a node that omit= leaves "
                  "out; take one of the two words back", memory->memdev);
    } else {
        fdt_error(errp, node, KEY, "'%s' is for a node that is no memory; the "
                  "tree's memory is %s", memory->memdev, nodes);
    }
}

static FdtBank *named_bank(const FdtPlanner *planner,
                           const FdtMemoryConfig *memory, Error **errp)
{
    const FdtNode *node = fdt_tree_find(planner->tree, memory->node);
    FdtBank *found = NULL;

    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (bank->node != node ||
            (memory->reg >= 0 && bank->reg != memory->reg)) {
            continue;
        }
        if (found) {
            fdt_error(errp, node, KEY, "reg has several entries: say which of "
                      "them '%s' is for with 'reg', from 0", memory->memdev);
            return NULL;
        }
        found = bank;
    }
    if (!found) {
        no_bank_error(planner, node, memory, errp);
    }
    return found;
}

static bool assign(FdtPlanner *planner, FdtBank *bank,
                   const FdtMemoryConfig *memory, Error **errp)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtBank *other = &g_array_index(planner->banks, FdtBank, i);

        if (other->backend &&
            g_str_equal(other->backend->memdev, memory->memdev)) {
            fdt_error(errp, bank->node, KEY, "'%s' is the memory of %s "
                      "already; each bank has a backend of its own",
                      memory->memdev, other->node->path);
            return false;
        }
    }
    if (bank->backend) {
        fdt_error(errp, bank->node, KEY, "'%s' is the bank's memory already, "
                  "'%s' cannot be it as well", bank->backend->memdev,
                  memory->memdev);
        return false;
    }
    bank->backend = memory;
    return true;
}

bool fdt_planner_name_backends(FdtPlanner *planner, Error **errp)
{
    for (unsigned i = 0; i < planner->config->num_memory; i++) {
        const FdtMemoryConfig *memory = &planner->config->memory[i];
        FdtBank *bank;

        if (!memory->node) {
            continue;
        }
        bank = named_bank(planner, memory, errp);
        if (!bank || !assign(planner, bank, memory, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * The only bank that is not empty, and one is not; NULL with an error if there
 * are several
 */
static FdtBank *only_bank(const FdtPlanner *planner, const char *option,
                          Error **errp)
{
    FdtBank *only = NULL;

    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (bank->size && only) {
            fdt_error(errp, bank->node, NULL, "%s is for trees with one bank "
                      "of memory; make a backend for each (-object "
                      "memory-backend-file or the like) and name it with "
                      KEY ".0.node=%s," KEY ".0.memdev=ID, and so on", option,
                      only->node->path);
            return NULL;
        }
        only = bank->size ? bank : only;
    }
    return only;
}

static bool check_sizes(const FdtPlanner *planner, Error **errp)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);
        g_autofree char *size = size_text(bank->size);

        if (bank->backend && !bank->size) {
            fdt_error(errp, bank->node, KEY, "-m leaves nothing for the bank "
                      "of '%s'", bank->backend->memdev);
            return false;
        }
        if (bank->backend && bank->backend->size != bank->size) {
            g_autofree char *other = size_text(bank->backend->size);

            fdt_error(errp, bank->node, KEY, "'%s' has a size of %s, the bank "
                      "has %s; make the backend with size=%s",
                      bank->backend->memdev, other, size, size);
            return false;
        }
    }
    return true;
}

/* -mem-path makes the backend of the only bank a file: no other may be given */
static bool use_file(FdtPlanner *planner, Error **errp)
{
    FdtBank *bank;

    if (!planner->config->mem_path) {
        return true;
    }
    bank = only_bank(planner, "-mem-path", errp);
    if (bank && bank->backend) {
        fdt_error(errp, bank->node, KEY, "'%s' is the bank's memory, so "
                  "-mem-path has no use", bank->backend->memdev);
        return false;
    }
    return bank;
}

bool fdt_planner_check_backends(FdtPlanner *planner, Error **errp)
{
    for (unsigned i = 0; i < planner->config->num_memory; i++) {
        const FdtMemoryConfig *memory = &planner->config->memory[i];
        FdtBank *bank;

        if (memory->node) {
            continue;
        }
        bank = only_bank(planner, "-machine memory-backend", errp);
        if (!bank || !assign(planner, bank, memory, errp)) {
            return false;
        }
    }
    return check_sizes(planner, errp) && use_file(planner, errp);
}

/*
 * Banks of memory, as the tree and -m have them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "state.h"

/* Size of a bank whose size the tree leaves to a boot loader, without -m */
#define DEFAULT_BANK_SIZE   (1 * GiB)
/* Banks end on such a boundary where a device cuts them short */
#define BANK_ALIGN          (1 * MiB)

/* The lowest region that begins in the bank, or NULL */
static const FdtRegion *first_region_in(const GArray *regions,
                                        const FdtBank *bank)
{
    for (unsigned i = 0; i < regions->len; i++) {
        const FdtRegion *region = &g_array_index(regions, FdtRegion, i);

        if (region->address >= bank->address &&
            region->address - bank->address < bank->size) {
            return region;
        }
    }
    return NULL;
}

/*
 * Many trees leave the memory node to a boot loader that reads the size of the
 * memory from the memory controller, and adds the node.  The address is known
 * to that loader alone, so it is taken from what the rest of the tree leaves
 * free; the root is the node of the bank.
 */
static bool place_memory(FdtPlanner *planner, Error **errp)
{
    FdtBank bank = {
        .node = fdt_tree_root(planner->tree),
        .size = planner->config->ram_size ?: DEFAULT_BANK_SIZE,
    };

    if (!fdt_planner_find_memory(planner, bank.size, &bank.address)) {
        fdt_error(errp, bank.node, NULL, "the tree has no memory node, and "
                  "leaves no room for %" PRIu64 " MiB", bank.size / MiB);
        return false;
    }
    bank.tree_size = bank.size;
    fdt_planner_note(planner, bank.node, "no memory node: %" PRIu64 " MiB by "
                     "%s at 0x%" PRIx64 ", which the tree leaves free",
                     bank.size / MiB,
                     planner->config->ram_size ? "-m" : "default",
                     bank.address);
    g_array_append_val(planner->banks, bank);
    return true;
}

/* A 64-bit kernel has all of it, but the tree is at odds with itself */
static void judge_end(FdtPlanner *planner, const FdtBank *bank)
{
    unsigned cells;

    if (fdt_node_address_cells(bank->node->parent, &cells, NULL) &&
        cells == 1 && bank->address + bank->size > 4 * GiB) {
        fdt_finding_add(fdt_planner_findings(planner), bank->node, "reg",
                        "0x%" PRIx64 " with a size of 0x%" PRIx64 " ends past "
                        "32 bits, and an address has one cell", bank->address,
                        bank->size);
    }
}

static bool read_banks(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GArray) memory = fdt_tree_memory(
        planner->tree, fdt_planner_findings(planner), errp);
    const FdtNode *last = NULL;
    unsigned reg = 0;

    if (!memory) {
        return false;
    }
    for (unsigned i = 0; i < memory->len; i++) {
        FdtMemory *entry = &g_array_index(memory, FdtMemory, i);
        FdtBank bank = {
            .node = entry->node,
            .reg = reg = entry->node == last ? reg + 1 : 0,
            .address = entry->address,
            .size = entry->size,
            .tree_size = entry->size,
        };

        last = entry->node;
        if (fdt_node_info(entry->node)->omitted) {
            continue;
        }
        if (entry->address + entry->size < entry->address) {
            fdt_error(errp, entry->node, "reg", "the bank ends past 64 bits");
            return false;
        }
        judge_end(planner, &bank);
        g_array_append_val(planner->banks, bank);
    }
    if (memory->len && !planner->banks->len) {
        fdt_error(errp, last, NULL, "no memory is left, as omit= leaves out "
                  "all of the tree's");
        return false;
    }
    return memory->len || place_memory(planner, errp);
}

/* Trees exist whose entries overlap: what they cover is there once */
static void merge_banks(FdtPlanner *planner)
{
    GArray *banks = planner->banks;

    for (unsigned i = 1; i < banks->len; i++) {
        FdtBank *low = &g_array_index(banks, FdtBank, i - 1);
        FdtBank *high = low + 1;
        uint64_t end = high->address + high->size;

        if (high->node != low->node || high->address < low->address ||
            high->address >= low->address + low->size) {
            continue;
        }
        fdt_planner_note(planner, high->node, "0x%" PRIx64 " is in two "
                         "entries of reg", high->address);
        low->size = MAX(low->size, end - low->address);
        g_array_remove_index(banks, i--);
    }
}

/* Banks of size 0 that have a backend are as large as that */
static void fill_from_backends(FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (!bank->size && bank->backend) {
            bank->size = bank->backend->size;
            fdt_planner_note(planner, bank->node, "the tree leaves the size "
                             "to the boot loader: %" PRIu64 " MiB by memory "
                             "backend '%s'", bank->size / MiB,
                             bank->backend->memdev);
        }
    }
}

/* Banks of size 0: all that -m has left goes to the first of them */
static void fill_banks(FdtPlanner *planner)
{
    uint64_t left = planner->config->ram_size, known = 0;

    fill_from_backends(planner);
    for (unsigned i = 0; i < planner->banks->len; i++) {
        known += g_array_index(planner->banks, FdtBank, i).size;
    }
    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (bank->size) {
            continue;
        }
        if (left > known) {
            bank->size = left - known;
        } else if (!left && !known) {
            bank->size = DEFAULT_BANK_SIZE;
        }
        known += bank->size;
        if (bank->size) {
            fdt_planner_note(planner, bank->node, "the tree leaves the size "
                             "to the boot loader: %" PRIu64 " MiB by %s",
                             bank->size / MiB, left ? "-m" : "default");
        }
    }
}

/* Path of the node whose device has a region there, for a message */
static const char *device_at(const FdtPlanner *planner, uint64_t address)
{
    for (unsigned i = 0; i < planner->devices->len; i++) {
        const FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; device->node && j < device->maps->len; j++) {
            if (g_array_index(device->maps, FdtMap, j).address == address) {
                return device->node->path;
            }
        }
    }
    return "a device";
}

static void cut_bank(FdtPlanner *planner, FdtBank *bank,
                     const FdtRegion *region)
{
    uint64_t end = MAX(QEMU_ALIGN_DOWN(region->address, BANK_ALIGN),
                       bank->address);

    bank->size = end - bank->address;
    fdt_planner_note(planner, bank->node, "cut to %" PRIu64 " MiB: %s lies "
                     "above it", bank->size / MiB,
                     device_at(planner, region->address));
}

static void cut_at_devices(FdtPlanner *planner)
{
    g_autoptr(GArray) regions = fdt_planner_regions(planner);

    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);
        const FdtRegion *region = first_region_in(regions, bank);

        if (region) {
            cut_bank(planner, bank, region);
        }
    }
}

/* What says the size of memory, for messages; the caller frees */
static char *size_source(const FdtPlanConfig *config)
{
    for (unsigned i = 0; i < config->num_memory; i++) {
        if (!config->memory[i].node) {
            return g_strdup_printf("memory backend '%s' has",
                                   config->memory[i].memdev);
        }
    }
    return g_strdup("-m asks for");
}

/* If -m is less than the banks of the tree have: the first are filled first */
static bool cut_to_size(FdtPlanner *planner, Error **errp)
{
    uint64_t left = planner->config->ram_size;

    if (!left) {
        return true;
    }
    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        bank->size = MIN(bank->size, left);
        left -= bank->size;
    }
    if (left) {
        g_autofree char *source = size_source(planner->config);

        fdt_error(errp, g_array_index(planner->banks, FdtBank, 0).node, "reg",
                  "%s %" PRIu64 " MiB, the tree has room for %" PRIu64 " MiB",
                  source, planner->config->ram_size / MiB,
                  (planner->config->ram_size - left) / MiB);
        return false;
    }
    return true;
}

static bool check_banks(FdtPlanner *planner, Error **errp)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *a = &g_array_index(planner->banks, FdtBank, i);

        for (unsigned j = 0; j < i; j++) {
            FdtBank *b = &g_array_index(planner->banks, FdtBank, j);

            if (a->size && b->size && a->address < b->address + b->size &&
                b->address < a->address + a->size) {
                fdt_error(errp, a->node, "reg", "0x%" PRIx64 " lies in the "
                          "memory of %s", MAX(a->address, b->address),
                          b->node->path);
                return false;
            }
        }
    }
    return true;
}

/* There is a bank left that has a size */
static bool check_room(const FdtPlanner *planner, Error **errp)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        if (g_array_index(planner->banks, FdtBank, i).size) {
            return true;
        }
    }
    fdt_error(errp, g_array_index(planner->banks, FdtBank, 0).node, "reg",
              "the tree's memory has no room before its first device; omit= "
              "leaves that device out");
    return false;
}

static void drop_empty_banks(FdtPlanner *planner)
{
    for (unsigned i = planner->banks->len; i-- > 0;) {
        if (!g_array_index(planner->banks, FdtBank, i).size) {
            g_array_remove_index(planner->banks, i);
        }
    }
}

bool fdt_planner_memory(FdtPlanner *planner, Error **errp)
{
    if (!read_banks(planner, errp)) {
        return false;
    }
    merge_banks(planner);
    if (!fdt_planner_name_backends(planner, errp)) {
        return false;
    }
    fill_banks(planner);
    cut_at_devices(planner);
    if (!cut_to_size(planner, errp) || !check_banks(planner, errp) ||
        !check_room(planner, errp) ||
        !fdt_planner_check_backends(planner, errp)) {
        return false;
    }
    drop_empty_banks(planner);
    return true;
}

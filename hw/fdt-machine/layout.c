/*
 * Memory banks, and stubs where nothing has a model
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "planner-internal.h"

/* What a bank gets whose size a boot loader would fill in */
#define DEFAULT_BANK_SIZE   (1 * GiB)
/* Banks end on such a boundary where a device cuts them short */
#define BANK_ALIGN          (1 * MiB)
/* Stubs lie below whatever has a model */
#define STUB_PRIORITY       (-1000)
/* Stubs with a gap smaller than this share one region */
#define STUB_ALIGN          (4 * KiB)

typedef struct FdtRegion {
    uint64_t address;
    uint64_t size;
    FdtNodeInfo *info;
} FdtRegion;

static int region_compare(const void *va, const void *vb)
{
    const FdtRegion *a = va, *b = vb;

    if (a->address != b->address) {
        return a->address < b->address ? -1 : 1;
    }
    return a->size > b->size ? -1 : a->size < b->size;
}

static GArray *device_regions(FdtPlanner *planner)
{
    GArray *regions = g_array_new(false, false, sizeof(FdtRegion));

    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; j < device->maps->len; j++) {
            FdtMap *map = &g_array_index(device->maps, FdtMap, j);
            FdtRegion region = { map->address, map->size, NULL };

            if (!map->parent) {
                g_array_append_val(regions, region);
            }
        }
    }
    g_array_sort(regions, region_compare);
    return regions;
}

/* Lowest device address in [start, end), or end */
static uint64_t first_device(const GArray *regions, uint64_t start,
                             uint64_t end)
{
    for (unsigned i = 0; i < regions->len; i++) {
        uint64_t address = g_array_index(regions, FdtRegion, i).address;

        if (address >= start && address < end) {
            return MAX(QEMU_ALIGN_DOWN(address, BANK_ALIGN), start);
        }
    }
    return end;
}

static bool read_banks(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GArray) memory = fdt_tree_memory(planner->tree, errp);
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
        g_array_append_val(planner->banks, bank);
    }
    if (memory->len && !planner->banks->len) {
        fdt_error(errp, last, NULL, "no memory is left, as omit= leaves out "
                  "all of the tree's");
        return false;
    }
    return memory->len || fdt_planner_place_memory(planner, errp);
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

static void cut_at_devices(FdtPlanner *planner)
{
    g_autoptr(GArray) regions = device_regions(planner);

    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);
        uint64_t end = first_device(regions, bank->address,
                                    bank->address + bank->size);

        if (end < bank->address + bank->size) {
            bank->size = end - bank->address;
            fdt_planner_note(planner, bank->node, "cut to %" PRIu64 " MiB: "
                             "devices lie above it", bank->size / MiB);
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

/* -m below what the tree has: the first banks are filled first */
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
        !fdt_planner_check_backends(planner, errp)) {
        return false;
    }
    for (unsigned i = planner->banks->len; i-- > 0;) {
        if (!g_array_index(planner->banks, FdtBank, i).size) {
            g_array_remove_index(planner->banks, i);
        }
    }
    if (!planner->banks->len) {
        fdt_error(errp, fdt_tree_root(planner->tree), NULL,
                  "the tree's memory has no room before its first device");
        return false;
    }
    return true;
}

/*
 * Stubs
 */

static bool in_memory(const FdtPlanner *planner, uint64_t address)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (address >= bank->address &&
            address - bank->address < bank->size) {
            return true;
        }
    }
    return false;
}

static bool reg_is_mapped(const FdtDevice *device, const FdtReg *reg)
{
    for (unsigned i = 0; i < device->maps->len; i++) {
        FdtMap *map = &g_array_index(device->maps, FdtMap, i);

        if (!map->parent && map->address >= reg->address &&
            map->address < reg->address + MAX(reg->size, 1)) {
            return true;
        }
    }
    return false;
}

/* Whether the device may leave a part of that entry of reg unanswered */
static bool leaves_gap(const FdtNodeInfo *info, const FdtReg *reg)
{
    const FdtBinding *binding = info->binding;

    if (!reg_is_mapped(info->device, reg) || binding->stub_below) {
        return true;
    }
    return reg->size > STUB_ALIGN && !binding->fills_reg;
}

static void collect_stub(FdtPlanner *planner, FdtNodeInfo *info,
                         GArray *stubs)
{
    for (unsigned i = 0; info->regs && i < info->regs->len; i++) {
        FdtReg *reg = &g_array_index(info->regs, FdtReg, i);
        FdtRegion stub = { reg->address, reg->size, info };

        if (!reg->mapped || !reg->size || in_memory(planner, reg->address) ||
            (info->device && !leaves_gap(info, reg))) {
            continue;
        }
        g_array_append_val(stubs, stub);
    }
}

/*
 * Whether a stub answers for the node's registers.  Those of a disabled node
 * are there, too: drivers exist that look for them whatever its status is.
 */
static bool wants_stub(FdtNodeInfo *info)
{
    if (info->verdict == FDT_VERDICT_DISABLED) {
        return !info->omitted && fdt_node_compatible(info->node, 0) &&
               fdt_info_regs(info, NULL);
    }
    return info->verdict == FDT_VERDICT_STUB || info->device ||
           (info->verdict == FDT_VERDICT_IGNORED && info->regs);
}

static GArray *collect_stubs(FdtPlanner *planner)
{
    GArray *stubs = g_array_new(false, false, sizeof(FdtRegion));

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (wants_stub(info)) {
            collect_stub(planner, info, stubs);
        }
    }
    g_array_sort(stubs, region_compare);
    return stubs;
}

/*
 * Whole pages: QEMU cannot have a region that begins inside of a page and goes
 * on through others
 */
static void add_stub(FdtPlanner *planner, const FdtRegion *stub)
{
    uint64_t start = QEMU_ALIGN_DOWN(stub->address, STUB_ALIGN);
    uint64_t last = (stub->address + stub->size - 1) | (STUB_ALIGN - 1);
    FdtNode *node = (FdtNode *)stub->info->node;
    FdtDevice *device = fdt_planner_add_device(planner, node,
                                               "unimplemented-device",
                                               "stub", FDT_RANK_STUB);

    fdt_device_set_string(device, "name", device->id);
    fdt_device_set_uint(device, "size", last - start + 1);
    fdt_device_map(device, 0, NULL, start, last - start + 1);
    fdt_device_map_priority(device, STUB_PRIORITY);
}

bool fdt_planner_stubs(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GArray) stubs = NULL;
    FdtRegion current = { 0 };

    if (planner->config->unmatched == FDT_UNMATCHED_IGNORE) {
        return true;
    }
    stubs = collect_stubs(planner);
    for (unsigned i = 0; i < stubs->len; i++) {
        FdtRegion *stub = &g_array_index(stubs, FdtRegion, i);
        uint64_t last = current.address + current.size - 1;

        if (stub->size > UINT64_MAX - stub->address) {
            fdt_error(errp, stub->info->node, "reg",
                      "the region ends past 64 bits");
            return false;
        }
        if (current.size && stub->address >= current.address &&
            QEMU_ALIGN_DOWN(stub->address, STUB_ALIGN) <=
            QEMU_ALIGN_UP(last, STUB_ALIGN)) {
            last = MAX(last, stub->address + stub->size - 1);
            current.size = last - current.address + 1;
            continue;
        }
        if (current.size) {
            add_stub(planner, &current);
        }
        current = *stub;
    }
    if (current.size) {
        add_stub(planner, &current);
    }
    return true;
}

/*
 * Limit: QEMU keeps the number of a section of its memory map in the bits below
 * a page's address (phys_section_add), and stops if they do not suffice
 */

/* For what maps later: PCI BARs, and subregions of the models */
#define SECTION_RESERVE     128

typedef struct FdtEdge {
    uint64_t address;
    int depth;              /* regions that begin here less those that end */
} FdtEdge;

static int edge_compare(const void *va, const void *vb)
{
    const FdtEdge *a = va, *b = vb;

    return a->address < b->address ? -1 : a->address > b->address;
}

/* Sorted edges of all that is mapped in system memory */
static GArray *region_edges(FdtPlanner *planner)
{
    g_autoptr(GArray) regions = device_regions(planner);
    GArray *edges = g_array_new(false, false, sizeof(FdtEdge));

    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);
        FdtRegion region = { bank->address, bank->size, NULL };

        g_array_append_val(regions, region);
    }
    for (unsigned i = 0; i < regions->len; i++) {
        FdtRegion *region = &g_array_index(regions, FdtRegion, i);
        FdtEdge start = { region->address, 1 };
        FdtEdge end = { region->address + region->size ?: UINT64_MAX, -1 };

        if (region->size) {
            g_array_append_val(edges, start);
            g_array_append_val(edges, end);
        }
    }
    g_array_sort(edges, edge_compare);
    return edges;
}

/*
 * Sections of a piece from @start on: one for its whole pages, one for a part
 * of a page at either end.  A page with parts has a section of its own;
 * @split is the last such page, as pieces come in order.
 */
static unsigned piece_sections(uint64_t start, uint64_t last, uint64_t page,
                               uint64_t *split)
{
    uint64_t first_page = start & -page, last_page = last & -page;
    bool head = start != first_page || last < first_page + (page - 1);
    bool tail = last_page != first_page && last != last_page + (page - 1);
    unsigned n = head + tail;

    if (head && *split != first_page) {
        *split = first_page;
        n++;
    }
    if (tail && *split != last_page) {
        *split = last_page;
        n++;
    }
    /* Whole pages are left if more than the parts' pages are there */
    return n + ((last_page - first_page) / page + 1 > head + tail);
}

static unsigned count_sections(FdtPlanner *planner, uint64_t page)
{
    g_autoptr(GArray) edges = region_edges(planner);
    uint64_t split = UINT64_MAX;
    unsigned n = 0;
    int depth = 0;

    for (unsigned i = 0; i + 1 < edges->len; i++) {
        FdtEdge *edge = &g_array_index(edges, FdtEdge, i);

        depth += edge->depth;
        if (depth > 0 && edge[1].address != edge->address) {
            n += piece_sections(edge->address, edge[1].address - 1, page,
                                &split);
        }
    }
    return n;
}

bool fdt_planner_check_sections(FdtPlanner *planner, Error **errp)
{
    unsigned page = 1 << planner->page_bits;
    unsigned n = count_sections(planner, page);

    if (n + SECTION_RESERVE < page) {
        return true;
    }
    fdt_error(errp, fdt_tree_root(planner->tree), NULL, "its regions make %u "
              "sections of QEMU's memory map, which has room for %u; leave "
              "some of them out with omit= or unmatched=ignore", n,
              page - SECTION_RESERVE - 1);
    return false;
}

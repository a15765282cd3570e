/*
 * Whether QEMU's memory map has room for all regions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

/*
 * QEMU keeps the number of a section of its memory map in the bits below a
 * page's address (phys_section_add), and stops if they do not suffice
 */

/* For what maps later: PCI BARs, and subregions of the models */
#define SECTION_RESERVE     128

typedef struct FdtEdge {
    uint64_t address;
    int more;               /* regions that begin here less those that end */
} FdtEdge;

static int edge_compare(const void *va, const void *vb)
{
    const FdtEdge *a = va, *b = vb;

    return a->address < b->address ? -1 : a->address > b->address;
}

/* Sorted edges of all that is mapped in system memory */
static GArray *region_edges(FdtPlanner *planner)
{
    g_autoptr(GArray) regions = fdt_planner_regions(planner);
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
    int num_regions = 0;    /* that are mapped from this edge to the next */

    for (unsigned i = 0; i + 1 < edges->len; i++) {
        FdtEdge *edge = &g_array_index(edges, FdtEdge, i);

        num_regions += edge->more;
        if (num_regions > 0 && edge[1].address != edge->address) {
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

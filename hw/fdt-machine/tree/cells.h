/*
 * Cells of a property, taken one after the other
 *
 * The one place that reads cells: what is not there cannot be taken, so that
 * no caller computes an offset into a property.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_CELLS_H
#define HW_FDT_MACHINE_CELLS_H

#include "qemu/bswap.h"
#include "tree.h"

typedef struct FdtCells {
    const uint8_t *next;
    size_t left;            /* in whole cells */
} FdtCells;

/* A cursor at the first cell of @prop; an absent one (NULL) has no cells */
static inline FdtCells fdt_cells(const FdtProp *prop)
{
    return (FdtCells) {
        .next = prop ? prop->data : NULL,
        .left = prop ? prop->len / 4 : 0,
    };
}

/*
 * fdt_cells_take: the next @n cells, in host order; @out may be NULL to skip
 * them.  False, and nothing is taken, if there are fewer
 */
static inline bool fdt_cells_take(FdtCells *cells, size_t n, uint32_t *out)
{
    if (cells->left < n) {
        return false;
    }
    for (size_t i = 0; out && i < n; i++) {
        out[i] = ldl_be_p(cells->next + 4 * i);
    }
    if (n) {
        cells->next += 4 * n;
        cells->left -= n;
    }
    return true;
}

/*
 * fdt_cells_value: @n cells, most significant first, as one number of 64 bits;
 * false if it does not fit
 */
static inline bool fdt_cells_value(const uint32_t *cells, unsigned n,
                                   uint64_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < n; i++) {
        if (*value >> 32) {
            return false;
        }
        *value = *value << 32 | cells[i];
    }
    return true;
}

/*
 * fdt_cells_put: append @value to a GArray of uint32_t as @n cells, most
 * significant first; false, and nothing is appended, if @n is 0
 */
static inline bool fdt_cells_put(GArray *cells, uint64_t value, unsigned n)
{
    for (unsigned i = n; i-- > 0;) {
        uint32_t cell = i > 1 ? 0 : value >> (32 * i);

        g_array_append_val(cells, cell);
    }
    return n;
}

#endif /* HW_FDT_MACHINE_CELLS_H */

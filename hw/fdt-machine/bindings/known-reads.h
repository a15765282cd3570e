/*
 * Registers without a model whose bits are known
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BINDINGS_KNOWN_READS_H
#define HW_FDT_MACHINE_BINDINGS_KNOWN_READS_H

/*
 * A register of 4 bytes: bits of @mask read as those of @value, whatever is
 * written; with an empty mask it counts up by @value with each read
 */
typedef struct FdtKnownRead {
    const char *compatible;     /* of the nodes that have it */
    /* From the first entry of reg, signed; of the root, an address */
    uint32_t offset;
    uint32_t value;
    uint32_t mask;
    /* What tells how much RAM there is; NULL: @value does not depend on that */
    uint32_t (*of_ram)(uint64_t ram_size);
} FdtKnownRead;

/*
 * fdt_known_reads: bits that firmware waits for, and that are the same whenever
 * the hardware is ready; ends with a NULL compatible
 */
extern const FdtKnownRead fdt_known_reads[];

#endif /* HW_FDT_MACHINE_BINDINGS_KNOWN_READS_H */

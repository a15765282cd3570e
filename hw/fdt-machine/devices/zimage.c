/*
 * Kernels for 32-bit Arm
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "zimage.h"

/* The word that tells, and where it is */
#define ZIMAGE_MAGIC        0x016f2818
#define ZIMAGE_MAGIC_OFFSET 0x24

bool fdt_kernel_is_zimage(const char *filename)
{
    FILE *file = fopen(filename, "rb");
    uint32_t word = 0;
    bool found;

    found = file && !fseek(file, ZIMAGE_MAGIC_OFFSET, SEEK_SET) &&
            fread(&word, sizeof(word), 1, file) == 1 &&
            le32_to_cpu(word) == ZIMAGE_MAGIC;
    if (file) {
        fclose(file);
    }
    return found;
}

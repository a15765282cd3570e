/*
 * What kind of kernel a file is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "zimage.h"

/* The words that tell, and where they are */
#define ZIMAGE_MAGIC            0x016f2818
#define ZIMAGE_MAGIC_OFFSET     0x24
#define ARM64_MAGIC             0x644d5241      /* "ARM\x64" */
#define ARM64_MAGIC_OFFSET      0x38

static bool has_word(const char *filename, long offset, uint32_t value)
{
    FILE *file = fopen(filename, "rb");
    uint32_t word = 0;
    bool found;

    found = file && !fseek(file, offset, SEEK_SET) &&
            fread(&word, sizeof(word), 1, file) == 1 &&
            le32_to_cpu(word) == value;
    if (file) {
        fclose(file);
    }
    return found;
}

bool fdt_kernel_is_zimage(const char *filename)
{
    return has_word(filename, ZIMAGE_MAGIC_OFFSET, ZIMAGE_MAGIC);
}

bool fdt_kernel_is_arm64_image(const char *filename)
{
    return has_word(filename, ARM64_MAGIC_OFFSET, ARM64_MAGIC);
}

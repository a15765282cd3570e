/*
 * What kind of kernel a file is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_ZIMAGE_H
#define HW_FDT_MACHINE_ZIMAGE_H

/*
 * fdt_kernel_is_zimage: whether a file is a zImage, which CPUs enter in AArch32
 * state (Documentation/arch/arm/booting.rst of Linux); false as well if it
 * cannot be read
 */
bool fdt_kernel_is_zimage(const char *filename);
/*
 * fdt_kernel_is_arm64_image: whether it is an Image for AArch64 state
 * (Documentation/arch/arm64/booting.rst), which is not compressed
 */
bool fdt_kernel_is_arm64_image(const char *filename);

#endif

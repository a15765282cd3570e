/*
 * What a machine of a tree is to boot: files that cannot be it, and nothing
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_MACHINE_BOOT_CHECK_H
#define HW_FDT_MACHINE_MACHINE_BOOT_CHECK_H

#include "qapi/error.h"

/**
 * fdt_check_kernel: whether a file can be what `kernel` of the machine names
 *
 * False with an error that says what the file is, where QEMU would put it into
 * RAM as it is and jump there: a tree, a text, an initrd, a kernel of another
 * architecture.  A file that cannot be read is left to the boot device.
 */
bool fdt_check_kernel(const char *filename, Error **errp);

/**
 * fdt_check_drives: whether every drive without if= can be a disk
 * @file: the tree of the machine
 *
 * False with an error if one of them is a tree, as of somebody who has typed a
 * second one behind the first.
 */
bool fdt_check_drives(const char *file, Error **errp);

/*
 * fdt_warn_if_nothing_boots: when the machine is complete, say it if the CPUs
 * are going to run and nobody has given them a program; @file is the tree's
 */
void fdt_warn_if_nothing_boots(const char *file);

#endif /* HW_FDT_MACHINE_MACHINE_BOOT_CHECK_H */

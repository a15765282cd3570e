/*
 * What the boot devices of all architectures have in common: checks of the
 * files that they load, and the edits of the guest's tree
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BOOT_DEVICE_H
#define HW_FDT_MACHINE_BOOT_DEVICE_H

#include "exec/memory.h"

/**
 * fdt_boot_check_alone: whether a boot device is the only one
 * @type: its type
 *
 * An error if there is another, or if -dtb-machine is going to add one for
 * -kernel or -bios when the machine is complete.
 */
bool fdt_boot_check_alone(const char *type, Error **errp);

/* fdt_boot_check_ram: whether there is RAM, and it ends within 64 bits */
bool fdt_boot_check_ram(uint64_t start, uint64_t size, Error **errp);

/**
 * fdt_boot_check_file: whether a file can be read and is not empty
 *
 * @what: "kernel", for the message
 * @size: set to its length, unless NULL
 * @is_elf: set to whether it is an ELF file, unless NULL
 */
bool fdt_boot_check_file(const char *what, const char *name, uint64_t *size,
                         bool *is_elf, Error **errp);

/**
 * fdt_boot_read_tree: the tree of the properties `dtb`, a file, or `dtb-data`,
 * which is base64; at most one of them is not NULL
 *
 * @append: the command line that it is to have room for, or NULL
 * @fdt: set to the tree, which the caller frees; NULL if there is none
 */
bool fdt_boot_read_tree(const char *dtb, const char *dtb_data,
                        const char *append, void **fdt, Error **errp);

/**
 * fdt_boot_publish_tree: the tree is loaded, and nothing can fail any more
 *
 * @fdt: the tree, which becomes the machine's; NULL afterwards
 * @as, @addr: where a ROM holds it for the guest.  Its seeds of randomness get
 *             other values whenever the machine is reset.
 */
void fdt_boot_publish_tree(void **fdt, AddressSpace *as, uint64_t addr);

/*
 * Edits; they return 0 or an error of libfdt.  Numbers are those of sections of
 * the Devicetree Specification.
 */

/* fdt_boot_edit_memory: one memory node, for this RAM (3.4) */
int fdt_boot_edit_memory(void *fdt, uint64_t start, uint64_t size);

/**
 * fdt_boot_edit_chosen: command line and place of the initial RAM disk (3.6)
 *
 * @append: NULL or empty: it stays as it is
 * @initrd_size: 0: there is none
 */
int fdt_boot_edit_chosen(void *fdt, const char *append, uint64_t initrd_start,
                         uint64_t initrd_size);

#endif /* HW_FDT_MACHINE_BOOT_DEVICE_H */

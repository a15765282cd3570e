/*
 * What the boot devices of all architectures have in common: a parent type with
 * the properties that they share, checks of the files that they load, and the
 * edits of the guest's tree
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BOOT_DEVICE_H
#define HW_FDT_MACHINE_BOOT_DEVICE_H

#include "exec/memory.h"
#include "hw/qdev-core.h"
#include "qom/object.h"

#define TYPE_FDT_BOOT_DEVICE "fdt-boot-device"
OBJECT_DECLARE_SIMPLE_TYPE(FdtBootDevice, FDT_BOOT_DEVICE)

/* The abstract parent type */
struct FdtBootDevice {
    DeviceState parent_obj;

    /* Properties, called alike; strings that are not given are NULL */
    char *kernel;
    char *initrd;
    char *append;
    char *dtb;
    char *dtb_data;
    char *firmware;
    uint64_t ram_start;
    uint64_t ram_size;
    bool keep_memory;           /* the tree's memory nodes stay as they are */

    void *fdt;                  /* owned until the machine gets it */
};

/**
 * fdt_boot_check_alone: whether a boot device is the only one
 * @type: its type
 *
 * An error if there is another, or if -dtb-machine is going to add one for
 * -kernel or -bios when the machine is complete.
 */
bool fdt_boot_check_alone(const char *type, Error **errp);

/* fdt_boot_check_ram: whether there is RAM, and it ends within 64 bits */
bool fdt_boot_check_ram(const FdtBootDevice *s, Error **errp);

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
 * fdt_boot_read_tree: set @s->fdt to the tree of the properties `dtb`, a file,
 * or `dtb-data`, which is base64, with room for the command line; to NULL if
 * neither is given
 *
 * False with an error if both are given, or what is given is no tree.
 */
bool fdt_boot_read_tree(FdtBootDevice *s, Error **errp);

/**
 * fdt_boot_publish_tree: the tree is loaded, and nothing can fail any more
 *
 * @s->fdt becomes the machine's, and is NULL afterwards.
 *
 * @as, @addr: where a ROM holds it for the guest.  Its seeds of randomness get
 *             other values whenever the machine is reset.
 */
void fdt_boot_publish_tree(FdtBootDevice *s, AddressSpace *as, uint64_t addr);

/*
 * Edits of @s->fdt; they return 0 or an error of libfdt.  Numbers are those of
 * sections of the Devicetree Specification.
 */

/* fdt_boot_edit_memory: one memory node, for the RAM of the properties (3.4) */
int fdt_boot_edit_memory(FdtBootDevice *s);

/**
 * fdt_boot_edit_chosen: command line and place of the initial RAM disk (3.6)
 *
 * Without the property `append`, or if it is empty, the tree's command line
 * stays.
 *
 * @initrd_size: 0: there is none
 */
int fdt_boot_edit_chosen(FdtBootDevice *s, uint64_t initrd_start,
                         uint64_t initrd_size);

#endif /* HW_FDT_MACHINE_BOOT_DEVICE_H */

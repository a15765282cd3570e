/*
 * What the boot devices of all architectures have in common
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include <libfdt.h>
#include "elf.h"
#include "hw/boards.h"
#include "hw/loader.h"
#include "qom/object.h"
#include "system/device_tree.h"
#include "system/reset.h"
#include "../tree/blob.h"
#include "boot-device.h"
#include "../fdt-machine.h"

/* Bytes that are reserved in the tree for edits, besides the command line */
#define TREE_ROOM           (4 * KiB)
/* The most bytes that a tree may have */
#define TREE_MAX            (16 * MiB)

/*
 * Checks, before anything is loaded
 */

bool fdt_boot_check_alone(const char *type, Error **errp)
{
    bool ambiguous = false;

    object_resolve_path_type("", type, &ambiguous);
    if (ambiguous) {
        error_setg(errp, "the machine has a boot device already");
        return false;
    }
    if (fdt_machine_will_boot()) {
        error_setg(errp, "the machine gets its boot device when it is "
                   "complete, as -kernel or -bios was given; for one of your "
                   "own, start it without");
        return false;
    }
    return true;
}

bool fdt_boot_check_ram(uint64_t start, uint64_t size, Error **errp)
{
    if (!size || start + size < start) {
        error_setg(errp, "'ram-start' and 'ram-size' have to say where the RAM "
                   "for the kernel is");
        return false;
    }
    return true;
}

bool fdt_boot_check_file(const char *what, const char *name, uint64_t *size,
                         bool *is_elf, Error **errp)
{
    char magic[SELFMAG] = "";
    struct stat st;
    FILE *file = fopen(name, "rb");

    if (!file || fstat(fileno(file), &st) < 0) {
        error_setg_errno(errp, errno, "%s '%s'", what, name);
        if (file) {
            fclose(file);
        }
        return false;
    }
    if (is_elf) {
        *is_elf = fread(magic, 1, SELFMAG, file) == SELFMAG &&
                  !memcmp(magic, ELFMAG, SELFMAG);
    }
    fclose(file);
    if (!S_ISREG(st.st_mode) || !st.st_size) {
        error_setg(errp, "%s '%s': %s", what, name,
                   S_ISREG(st.st_mode) ? "the file is empty"
                                       : "this is not a file");
        return false;
    }
    if (size) {
        *size = st.st_size;
    }
    return true;
}

/*
 * The tree
 */

static bool get_blob(const char *dtb, const char *dtb_data, void **blob,
                     gsize *size, Error **errp)
{
    g_autoptr(GError) err = NULL;

    if (dtb) {
        if (!g_file_get_contents(dtb, (char **)blob, size, &err)) {
            error_setg(errp, "dtb '%s': %s", dtb, err->message);
            return false;
        }
        return true;
    }
    if (dtb_data[strspn(dtb_data, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz"
                                  "0123456789+/=")]) {
        error_setg(errp, "'dtb-data' is not base64");
        return false;
    }
    *blob = g_base64_decode(dtb_data, size);
    return true;
}

bool fdt_boot_read_tree(const char *dtb, const char *dtb_data,
                        const char *append, void **fdt, Error **errp)
{
    const char *name = dtb ?: "dtb-data";
    g_autofree void *blob = NULL;
    gsize size = 0;
    int rc;

    *fdt = NULL;
    if (dtb && dtb_data) {
        error_setg(errp, "'dtb' and 'dtb-data' exclude each other");
        return false;
    }
    if (!dtb && !dtb_data) {
        return true;
    }
    if (!get_blob(dtb, dtb_data, &blob, &size, errp)) {
        return false;
    }
    rc = fdt_blob_check(blob, size);
    if (rc < 0 || size > TREE_MAX) {
        error_setg(errp, "%s: not a flattened tree: %s", name,
                   rc < 0 ? fdt_strerror(rc) : "it is too large");
        return false;
    }
    size = fdt_totalsize(blob) + TREE_ROOM + (append ? strlen(append) : 0);
    *fdt = g_malloc0(size);
    rc = fdt_open_into(blob, *fdt, size);
    if (rc < 0) {
        error_setg(errp, "%s: %s", name, fdt_strerror(rc));
        g_free(g_steal_pointer(fdt));
        return false;
    }
    return true;
}

void fdt_boot_publish_tree(void **fdt, AddressSpace *as, uint64_t addr)
{
    MachineState *ms = MACHINE(qdev_get_machine());

    qemu_register_reset_nosnapshotload(
        qemu_fdt_randomize_seeds,
        rom_ptr_for_as(as, addr, fdt_totalsize(*fdt)));
    g_free(ms->fdt);
    ms->fdt = g_steal_pointer(fdt);
}

static bool is_memory_node(const void *fdt, int node)
{
    const char *name = fdt_get_name(fdt, node, NULL);

    return g_str_equal(name, "memory") || g_str_has_prefix(name, "memory@");
}

static int delete_memory_nodes(void *fdt)
{
    int node = fdt_first_subnode(fdt, 0);

    while (node >= 0) {
        if (is_memory_node(fdt, node)) {
            int rc = fdt_del_node(fdt, node);

            if (rc < 0) {
                return rc;
            }
            node = fdt_first_subnode(fdt, 0);
        } else {
            node = fdt_next_subnode(fdt, node);
        }
    }
    return 0;
}

static int append_cells(void *fdt, int node, const char *prop, int cells,
                        uint64_t value)
{
    switch (cells) {
    case 1:
        return value > UINT32_MAX ? -FDT_ERR_BADVALUE
                                  : fdt_appendprop_u32(fdt, node, prop, value);
    case 2:
        return fdt_appendprop_u64(fdt, node, prop, value);
    default:
        return -FDT_ERR_BADNCELLS;
    }
}

int fdt_boot_edit_memory(void *fdt, uint64_t start, uint64_t size)
{
    g_autofree char *name = g_strdup_printf("memory@%" PRIx64, start);
    int rc = delete_memory_nodes(fdt);
    int node = rc < 0 ? rc : fdt_add_subnode(fdt, 0, name);

    if (node < 0) {
        return node;
    }
    rc = fdt_setprop_string(fdt, node, "device_type", "memory");
    if (rc >= 0) {
        rc = append_cells(fdt, node, "reg", fdt_address_cells(fdt, 0), start);
    }
    if (rc >= 0) {
        rc = append_cells(fdt, node, "reg", fdt_size_cells(fdt, 0), size);
    }
    return rc;
}

static int ensure_node(void *fdt, const char *name)
{
    int node = fdt_subnode_offset(fdt, 0, name);

    return node == -FDT_ERR_NOTFOUND ? fdt_add_subnode(fdt, 0, name) : node;
}

int fdt_boot_edit_chosen(void *fdt, const char *append, uint64_t initrd_start,
                         uint64_t initrd_size)
{
    int node = ensure_node(fdt, "chosen");
    int rc = MIN(node, 0);

    if (rc >= 0 && append && *append) {
        rc = fdt_setprop_string(fdt, node, "bootargs", append);
    }
    if (rc < 0) {
        return rc;
    }
    if (!initrd_size) {
        fdt_delprop(fdt, node, "linux,initrd-start");
        fdt_delprop(fdt, node, "linux,initrd-end");
        return 0;
    }
    rc = fdt_setprop_u64(fdt, node, "linux,initrd-start", initrd_start);
    return rc < 0 ? rc : fdt_setprop_u64(fdt, node, "linux,initrd-end",
                                         initrd_start + initrd_size);
}

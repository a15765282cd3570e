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
#include "hw/qdev-properties.h"
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

bool fdt_boot_check_ram(const FdtBootDevice *s, Error **errp)
{
    if (!s->ram_size || s->ram_start + s->ram_size < s->ram_start) {
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

bool fdt_boot_read_tree(FdtBootDevice *s, Error **errp)
{
    const char *name = s->dtb ?: "dtb-data";
    g_autofree void *blob = NULL;
    gsize size = 0;
    int rc;

    s->fdt = NULL;
    if (s->dtb && s->dtb_data) {
        error_setg(errp, "'dtb' and 'dtb-data' exclude each other");
        return false;
    }
    if (!s->dtb && !s->dtb_data) {
        return true;
    }
    if (!get_blob(s->dtb, s->dtb_data, &blob, &size, errp)) {
        return false;
    }
    rc = fdt_blob_check(blob, size);
    if (rc < 0 || size > TREE_MAX) {
        error_setg(errp, "%s: not a flattened tree: %s", name,
                   rc < 0 ? fdt_strerror(rc) : "it is too large");
        return false;
    }
    size = fdt_totalsize(blob) + TREE_ROOM + strlen(s->append ?: "");
    s->fdt = g_malloc0(size);
    rc = fdt_open_into(blob, s->fdt, size);
    if (rc < 0) {
        error_setg(errp, "%s: %s", name, fdt_strerror(rc));
        g_clear_pointer(&s->fdt, g_free);
        return false;
    }
    return true;
}

void fdt_boot_publish_tree(FdtBootDevice *s, AddressSpace *as, uint64_t addr)
{
    MachineState *ms = MACHINE(qdev_get_machine());

    qemu_register_reset_nosnapshotload(
        qemu_fdt_randomize_seeds,
        rom_ptr_for_as(as, addr, fdt_totalsize(s->fdt)));
    g_free(ms->fdt);
    ms->fdt = g_steal_pointer(&s->fdt);
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

int fdt_boot_edit_memory(FdtBootDevice *s)
{
    g_autofree char *name = g_strdup_printf("memory@%" PRIx64, s->ram_start);
    void *fdt = s->fdt;
    int rc = delete_memory_nodes(fdt);
    int node = rc < 0 ? rc : fdt_add_subnode(fdt, 0, name);

    if (node < 0) {
        return node;
    }
    rc = fdt_setprop_string(fdt, node, "device_type", "memory");
    if (rc >= 0) {
        rc = append_cells(fdt, node, "reg", fdt_address_cells(fdt, 0),
                          s->ram_start);
    }
    if (rc >= 0) {
        rc = append_cells(fdt, node, "reg", fdt_size_cells(fdt, 0),
                          s->ram_size);
    }
    return rc;
}

static int ensure_node(void *fdt, const char *name)
{
    int node = fdt_subnode_offset(fdt, 0, name);

    return node == -FDT_ERR_NOTFOUND ? fdt_add_subnode(fdt, 0, name) : node;
}

int fdt_boot_edit_chosen(FdtBootDevice *s, uint64_t initrd_start,
                         uint64_t initrd_size)
{
    void *fdt = s->fdt;
    int node = ensure_node(fdt, "chosen");
    int rc = MIN(node, 0);

    if (rc >= 0 && s->append && *s->append) {
        rc = fdt_setprop_string(fdt, node, "bootargs", s->append);
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

/*
 * The parent type
 */

static void boot_device_finalize(Object *obj)
{
    g_free(FDT_BOOT_DEVICE(obj)->fdt);
}

static const Property boot_device_properties[] = {
    DEFINE_PROP_STRING("kernel", FdtBootDevice, kernel),
    DEFINE_PROP_STRING("initrd", FdtBootDevice, initrd),
    DEFINE_PROP_STRING("append", FdtBootDevice, append),
    DEFINE_PROP_STRING("dtb", FdtBootDevice, dtb),
    DEFINE_PROP_STRING("dtb-data", FdtBootDevice, dtb_data),
    DEFINE_PROP_STRING("firmware", FdtBootDevice, firmware),
    DEFINE_PROP_UINT64("ram-start", FdtBootDevice, ram_start, 0),
    DEFINE_PROP_UINT64("ram-size", FdtBootDevice, ram_size, 0),
    DEFINE_PROP_BOOL("keep-memory", FdtBootDevice, keep_memory, false),
};

static void boot_device_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->hotpluggable = false;
    /* Boards load what they boot themselves; `none` takes it all the same */
    dc->user_creatable = false;
    device_class_set_props(dc, boot_device_properties);
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
}

static const TypeInfo boot_device_types[] = {
    {
        .name = TYPE_FDT_BOOT_DEVICE,
        .parent = TYPE_DEVICE,
        .abstract = true,
        .instance_size = sizeof(FdtBootDevice),
        .instance_finalize = boot_device_finalize,
        .class_init = boot_device_class_init,
    },
};

DEFINE_TYPES(boot_device_types)

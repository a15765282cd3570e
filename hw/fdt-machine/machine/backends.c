/*
 * Backends of the user that nodes may take: -serial, -nic, -drive, memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "chardev/char.h"
#include "net/net.h"
#include "qapi/error.h"
#include "qemu/config-file.h"
#include "qemu/option.h"
#include "system/block-backend.h"
#include "system/blockdev.h"
#include "system/system.h"
#include "backends.h"
#include "../trace.h"

/* QEMU does not tell how many -serial there are; nobody types more */
#define MAX_SERIALS 256

struct FdtBackends {
    GPtrArray *models;      /* of char *: models of NICs */
    GPtrArray *serials;     /* of char *, NULL-terminated */
    GPtrArray *nic_infos;   /* of NICInfo *; QEMU's */
    GArray *nics;           /* of FdtNicConfig */
    GArray *drives;         /* of FdtDriveConfig */
    GArray *memory;         /* of FdtMemoryConfig */
};

static const char *const interface_names[IF_COUNT] = {
    [IF_IDE] = "ide",
    [IF_SCSI] = "scsi",
    [IF_FLOPPY] = "floppy",
    [IF_PFLASH] = "pflash",
    [IF_MTD] = "mtd",
    [IF_SD] = "sd",
};

static int note_model(void *opaque, QemuOpts *opts, Error **errp)
{
    GPtrArray *models = opaque;
    const char *model = qemu_opt_get(opts, "model");

    if (model) {
        g_ptr_array_add(models, g_strdup(model));
    }
    return 0;
}

static void memory_clear(gpointer data)
{
    FdtMemoryConfig *memory = data;

    g_free((char *)memory->node);
    g_free((char *)memory->memdev);
}

FdtBackends *fdt_backends_note_models(void)
{
    FdtBackends *backends = g_new0(FdtBackends, 1);

    backends->models = g_ptr_array_new_with_free_func(g_free);
    backends->serials = g_ptr_array_new_with_free_func(g_free);
    backends->nic_infos = g_ptr_array_new();
    backends->nics = g_array_new(false, false, sizeof(FdtNicConfig));
    backends->drives = g_array_new(false, false, sizeof(FdtDriveConfig));
    backends->memory = g_array_new(false, false, sizeof(FdtMemoryConfig));
    g_array_set_clear_func(backends->memory, memory_clear);

    qemu_opts_foreach(qemu_find_opts("nic"), note_model, backends->models,
                      NULL);
    qemu_opts_foreach(qemu_find_opts("net"), note_model, backends->models,
                      NULL);
    return backends;
}

static void collect_serials(FdtBackends *backends)
{
    int num = MAX_SERIALS;

    while (num && !serial_hd(num - 1)) {
        num--;
    }
    for (int i = 0; i < num; i++) {
        Chardev *chardev = serial_hd(i);

        if (chardev) {
            trace_fdt_machine_backend("serial", chardev->label);
        }
        g_ptr_array_add(backends->serials,
                        g_strdup(chardev ? chardev->label : ""));
    }
    g_ptr_array_add(backends->serials, NULL);
}

static void collect_nics_of(FdtBackends *backends, const char *model,
                            bool match_default)
{
    NICInfo *info;

    while ((info = qemu_find_nic_info(model, match_default, NULL))) {
        info->instantiated = 1;
        g_ptr_array_add(backends->nic_infos, info);
    }
}

/*
 * QEMU keeps NICs in one array (nd_table of net/net.c), in the order in which
 * they were given
 */
static gint compare_nics(gconstpointer a, gconstpointer b)
{
    const NICInfo *nic_a = *(NICInfo *const *)a;
    const NICInfo *nic_b = *(NICInfo *const *)b;

    return nic_a < nic_b ? -1 : nic_a > nic_b;
}

static void collect_nics(FdtBackends *backends)
{
    collect_nics_of(backends, "", true);
    for (unsigned i = 0; i < backends->models->len; i++) {
        collect_nics_of(backends, g_ptr_array_index(backends->models, i),
                        false);
    }
    g_ptr_array_sort(backends->nic_infos, compare_nics);

    for (unsigned i = 0; i < backends->nic_infos->len; i++) {
        const NICInfo *info = g_ptr_array_index(backends->nic_infos, i);
        const uint8_t *mac = info->macaddr.a;
        FdtNicConfig nic = {
            .netdev = info->netdev ? info->netdev->name : NULL,
            .mac = g_strdup_printf("%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
                                   mac[1], mac[2], mac[3], mac[4], mac[5]),
        };

        trace_fdt_machine_backend("nic", nic.netdev ?: "");
        g_array_append_val(backends->nics, nic);
    }
}

static gint compare_drives(gconstpointer a, gconstpointer b)
{
    const FdtDriveConfig *drive_a = a, *drive_b = b;
    int order = strcmp(drive_a->interface, drive_b->interface);

    if (!order) {
        order = drive_a->bus - drive_b->bus;
    }
    return order ?: drive_a->unit - drive_b->unit;
}

/*
 * -drive if=virtio has become a -device by now, and if=none is for a -device to
 * take, so neither is in the table of names
 */
static void collect_drives(FdtBackends *backends)
{
    for (BlockBackend *blk = blk_next(NULL); blk; blk = blk_next(blk)) {
        const DriveInfo *info = blk_legacy_dinfo(blk);
        FdtDriveConfig drive;

        if (!info || info->is_default || info->type < 0 ||
            !interface_names[info->type]) {
            continue;
        }
        drive = (FdtDriveConfig) {
            .id = blk_name(blk),
            .interface = interface_names[info->type],
            .bus = info->bus,
            .unit = info->unit,
        };
        trace_fdt_machine_backend(drive.interface, drive.id);
        g_array_append_val(backends->drives, drive);
    }
    g_array_sort(backends->drives, compare_drives);
}

static HostMemoryBackend *find_memdev(const char *id, const char *file,
                                      const char *node, Error **errp)
{
    Object *obj = object_resolve_path_component(object_get_objects_root(), id);

    if (!obj) {
        error_setg(errp, "%s: %s: memory-backends: there is no memory backend "
                   "'%s'; make it with -object or object-add first", file,
                   node, id);
        return NULL;
    }
    if (!object_dynamic_cast(obj, TYPE_MEMORY_BACKEND)) {
        error_setg(errp, "%s: %s: memory-backends: '%s' is a %s, which is no "
                   "memory backend", file, node, id, object_get_typename(obj));
        return NULL;
    }
    return MEMORY_BACKEND(obj);
}

static bool add_memory(FdtBackends *backends, const char *file,
                       FdtMemoryConfig memory, HostMemoryBackend *memdev,
                       Error **errp)
{
    const char *id = object_get_canonical_path_component(OBJECT(memdev));

    if (host_memory_backend_is_mapped(memdev)) {
        error_setg(errp, "%s: %s: memory-backends: '%s' is used already; each "
                   "bank of memory has a backend of its own", file,
                   memory.node ?: "/", id);
        return false;
    }
    trace_fdt_machine_backend("memory", id);
    memory.node = g_strdup(memory.node);
    memory.memdev = g_strdup(id);
    memory.size = object_property_get_uint(OBJECT(memdev), "size",
                                           &error_abort);
    g_array_append_val(backends->memory, memory);
    return true;
}

bool fdt_backends_add_memory(FdtBackends *backends, const char *file,
                             const FdtMachineMemoryBackendList *list,
                             Error **errp)
{
    unsigned before = backends->memory->len;

    for (; list; list = list->next) {
        const FdtMachineMemoryBackend *entry = list->value;
        HostMemoryBackend *memdev = find_memdev(entry->memdev, file,
                                                entry->node, errp);
        FdtMemoryConfig memory = {
            .node = entry->node,
            .reg = entry->has_reg ? MIN(entry->reg, INT_MAX) : -1,
        };

        if (!memdev || !add_memory(backends, file, memory, memdev, errp)) {
            fdt_backends_cut_memory(backends, before);
            return false;
        }
    }
    return true;
}

bool fdt_backends_add_memdev(FdtBackends *backends, const char *file,
                             HostMemoryBackend *memdev, Error **errp)
{
    FdtMemoryConfig memory = { .reg = -1 };

    return add_memory(backends, file, memory, memdev, errp);
}

unsigned fdt_backends_num_memory(const FdtBackends *backends)
{
    return backends->memory->len;
}

void fdt_backends_cut_memory(FdtBackends *backends, unsigned num)
{
    g_array_set_size(backends->memory, num);
}

void fdt_backends_collect(FdtBackends *backends, FdtPlanConfig *config)
{
    if (!backends->serials->len) {
        collect_serials(backends);
        collect_nics(backends);
        collect_drives(backends);
    }

    config->serials = (char *const *)backends->serials->pdata;
    config->nics = (const FdtNicConfig *)backends->nics->data;
    config->num_nics = backends->nics->len;
    config->drives = (const FdtDriveConfig *)backends->drives->data;
    config->num_drives = backends->drives->len;
    config->memory = (const FdtMemoryConfig *)backends->memory->data;
    config->num_memory = backends->memory->len;
}

void fdt_backends_release(FdtBackends *backends, const FdtPlan *plan)
{
    for (unsigned i = 0; i < backends->nic_infos->len; i++) {
        NICInfo *info = g_ptr_array_index(backends->nic_infos, i);

        info->instantiated = plan && fdt_plan_nic_used(plan, i);
    }
}

void fdt_backends_free(FdtBackends *backends)
{
    if (!backends) {
        return;
    }
    for (unsigned i = 0; i < backends->nics->len; i++) {
        g_free((char *)g_array_index(backends->nics, FdtNicConfig, i).mac);
    }
    g_ptr_array_unref(backends->models);
    g_ptr_array_unref(backends->serials);
    g_ptr_array_unref(backends->nic_infos);
    g_array_unref(backends->nics);
    g_array_unref(backends->drives);
    g_array_unref(backends->memory);
    g_free(backends);
}

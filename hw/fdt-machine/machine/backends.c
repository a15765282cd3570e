/*
 * Backends of the user that nodes may take: -serial, -nic, -drive, memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "chardev/char.h"
#include "hw/virtio/virtio.h"
#include "monitor/qdev.h"
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
    GArray *virtio;         /* of FdtVirtioConfig */
    bool collected;
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

static void virtio_clear(gpointer data)
{
    g_free((char *)((FdtVirtioConfig *)data)->driver);
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
    backends->virtio = g_array_new(false, false, sizeof(FdtVirtioConfig));
    g_array_set_clear_func(backends->virtio, virtio_clear);

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
            .virtio = info->model && g_str_has_prefix(info->model, "virtio"),
            .implied = qemu_default_network(),
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
 * -device: those that sit on a virtio bus, and drives that one of them names
 */

/* A -device as it was typed, in either of the two forms that there are */
typedef struct FdtDeviceOption {
    QemuOpts *opts;
    QDict *json;                /* where @opts is NULL */
} FdtDeviceOption;

typedef void FdtDeviceOptionFunc(const FdtDeviceOption *option, void *opaque);

typedef struct FdtDeviceVisit {
    FdtDeviceOptionFunc *visit;
    void *opaque;
} FdtDeviceVisit;

static int visit_opts(void *opaque, QemuOpts *opts, Error **errp)
{
    const FdtDeviceVisit *visit = opaque;
    const FdtDeviceOption option = { .opts = opts };

    visit->visit(&option, visit->opaque);
    return 0;
}

static void visit_json(QDict *json, void *opaque)
{
    const FdtDeviceVisit *visit = opaque;
    const FdtDeviceOption option = { .json = json };

    visit->visit(&option, visit->opaque);
}

static void visit_device_options(FdtDeviceOptionFunc *func, void *opaque)
{
    FdtDeviceVisit visit = { func, opaque };

    qemu_opts_foreach(qemu_find_opts("device"), visit_opts, &visit, NULL);
    qdev_foreach_json_option(visit_json, &visit);
}

static const char *option_get(const FdtDeviceOption *option, const char *key)
{
    return option->opts ? qemu_opt_get(option->opts, key)
                        : qdict_get_try_str(option->json, key);
}

static void option_set_driver(const FdtDeviceOption *option, const char *driver)
{
    if (option->opts) {
        qemu_opt_set(option->opts, "driver", driver, &error_abort);
    } else {
        qdict_put_str(option->json, "driver", driver);
    }
}

/* -virtfs has become a -device on PCI, which nobody has typed */
static bool is_of_virtfs(const FdtDeviceOption *option)
{
    QemuOptsList *list = qemu_find_opts_err("virtfs", NULL);
    const char *fsdev = option_get(option, "fsdev");

    return option->opts && !qemu_opts_id(option->opts) && list && fsdev &&
           !QTAILQ_EMPTY(&list->head) &&
           !g_strcmp0(option_get(option, "driver"), "virtio-9p-pci");
}

static bool is_virtio_device(const char *type)
{
    ObjectClass *class = module_object_class_by_name(type);

    return class && object_class_dynamic_cast(class, TYPE_VIRTIO_DEVICE);
}

/*
 * The type that is the device on a virtio bus, or NULL.  "virtio-blk" and its
 * like stand for whatever a target has, and are no types
 * @pci: whether it is a device on PCI as well
 */
static char *type_on_virtio(const FdtDeviceOption *option, bool *pci)
{
    const char *driver = option_get(option, "driver");
    g_autofree char *stem = NULL;
    g_autofree char *type = NULL;

    *pci = false;
    if (!driver || is_virtio_device(driver)) {
        return g_strdup(driver);
    }
    if (!is_of_virtfs(option) && object_class_by_name(driver)) {
        return NULL;
    }
    *pci = true;
    stem = g_str_has_suffix(driver, "-pci")
        ? g_strndup(driver, strlen(driver) - strlen("-pci"))
        : g_strdup(driver);
    type = g_strdup_printf("%s-device", stem);
    return is_virtio_device(type) ? g_steal_pointer(&type) : NULL;
}

static void collect_virtio(const FdtDeviceOption *option, void *opaque)
{
    FdtBackends *backends = opaque;
    FdtVirtioConfig device;
    g_autofree char *type = type_on_virtio(option, &device.pci);

    if (type) {
        device.driver = g_steal_pointer(&type);
        g_array_append_val(backends->virtio, device);
    }
}

static void set_mmio(const FdtDeviceOption *option, void *opaque)
{
    bool pci;
    g_autofree char *type = type_on_virtio(option, &pci);

    if (type && pci) {
        option_set_driver(option, type);
    }
}

void fdt_backends_settle_virtio(const FdtPlan *plan)
{
    if (fdt_plan_wants_mmio(plan)) {
        visit_device_options(set_mmio, NULL);
    }
}

/*
 * Drives
 */

static void note_drive(const FdtDeviceOption *option, void *opaque)
{
    const char *drive = option_get(option, "drive");

    if (drive) {
        g_hash_table_add(opaque, g_strdup(drive));
    }
}

/* Ids of those that a -device names, with which no node has to do */
static GHashTable *drives_of_devices(void)
{
    GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                            NULL);

    visit_device_options(note_drive, ids);
    return ids;
}

/*
 * Of a drive without if=, QEMU thinks that it is for a -device, as the machine
 * `none` has no other use for it.  With an id and -preconfig, it may well be
 * for a device_add to come
 */
static bool is_for_any(const DriveInfo *info)
{
    return info->type == IF_NONE && !qemu_opt_get(info->opts, "if") &&
           !(qemu_opts_id(info->opts) && qemu_waits_for_commands());
}

/*
 * -drive if=virtio has become a -device by now, and if=none is for a -device to
 * take, so neither is in the table of names
 */
static const char *interface_of(const DriveInfo *info)
{
    if (is_for_any(info)) {
        return FDT_DRIVE_ANY;
    }
    return info->type >= 0 ? interface_names[info->type] : NULL;
}

static void collect_drives(FdtBackends *backends)
{
    g_autoptr(GHashTable) taken = drives_of_devices();

    for (BlockBackend *blk = blk_next(NULL); blk; blk = blk_next(blk)) {
        const DriveInfo *info = blk_legacy_dinfo(blk);
        FdtDriveConfig drive;

        if (!info || info->is_default || !interface_of(info) ||
            g_hash_table_contains(taken, blk_name(blk))) {
            continue;
        }
        drive = (FdtDriveConfig) {
            .id = blk_name(blk),
            .interface = interface_of(info),
            .bus = info->bus,
            .unit = info->unit,
            .cdrom = info->media_cd,
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
    if (!backends->collected) {
        collect_serials(backends);
        collect_nics(backends);
        collect_drives(backends);
        visit_device_options(collect_virtio, backends);
        backends->collected = true;
    }

    config->serials = (char *const *)backends->serials->pdata;
    config->nics = (const FdtNicConfig *)backends->nics->data;
    config->num_nics = backends->nics->len;
    config->drives = (const FdtDriveConfig *)backends->drives->data;
    config->num_drives = backends->drives->len;
    config->memory = (const FdtMemoryConfig *)backends->memory->data;
    config->num_memory = backends->memory->len;
    config->virtio_devices = (const FdtVirtioConfig *)backends->virtio->data;
    config->num_virtio_devices = backends->virtio->len;
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
    g_array_unref(backends->virtio);
    g_free(backends);
}

/*
 * Which machine a saved state is of
 *
 * QEMU knows the parts of a state by the types of devices and the order in
 * which they were added.  So the state of a machine that has the same devices
 * at other addresses, or with other wires, would be loaded without a word.
 * What users have put together is written down when the machine is complete,
 * goes first in the state, and is compared before anything is loaded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "exec/memory.h"
#include "hw/boards.h"
#include "hw/core/cpu.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "../fdt-machine.h"
#include "lines.h"

/* The most bytes that the description of a machine may have */
#define MAX_TEXT    (64 * 1024 * 1024)

typedef struct Identity {
    DeviceListener listener;
    GPtrArray *devices;     /* of DeviceState *, in the order of realization */
    char *own;              /* of this machine: a line for each device */
    uint32_t size;          /* of what goes to the state, or comes from it */
    uint8_t *text;
} Identity;

/*
 * The description: "ID TYPE, 0 at 0x9000000, sysbus-irq[0] to PATH"
 */

static void describe_place(GString *text, int n, const MemoryRegion *mr)
{
    g_string_append_printf(text, ", %d at 0x%" HWADDR_PRIx " of '%s'", n,
                           mr->addr, memory_region_name(mr->container));
}

typedef struct Windows {
    GString *text;
    const MemoryRegion *mr;
    int n;
} Windows;

/* sysbus-mmio-map has made it of a part of a region */
static int describe_window(Object *child, void *opaque)
{
    const MemoryRegion *mr =
        (MemoryRegion *)object_dynamic_cast(child, TYPE_MEMORY_REGION);
    const Windows *windows = opaque;

    if (mr && mr->alias == windows->mr && mr->container) {
        describe_place(windows->text, windows->n, mr);
        g_string_append_printf(windows->text, " from 0x%" HWADDR_PRIx,
                               mr->alias_offset);
    }
    return 0;
}

static void describe_regions(GString *text, SysBusDevice *sbd)
{
    for (int i = 0; sysbus_has_mmio(sbd, i); i++) {
        const MemoryRegion *mr = sysbus_mmio_get_region(sbd, i);
        Windows windows = { text, mr, i };

        if (mr->container) {
            describe_place(text, i, mr);
        }
        object_child_foreach(OBJECT(sbd), describe_window, &windows);
    }
}

static void describe_lines(GString *text, DeviceState *dev)
{
    NamedGPIOList *lines;

    QLIST_FOREACH(lines, &dev->gpios, node) {
        for (int i = 0; i < lines->num_out; i++) {
            Object *input = fdt_line_input(dev, lines, i, NULL);
            g_autofree char *path = input ? object_get_canonical_path(input)
                                          : NULL;

            if (path) {
                g_string_append_printf(text, ", %s[%d] to %s",
                                       fdt_line_name(lines, true), i, path);
            }
        }
    }
}

/* What can come and go while the guest runs, QEMU's own sections tell of */
static bool is_fixed(const DeviceState *dev)
{
    return !dev->parent_bus || !qbus_is_hotpluggable(dev->parent_bus);
}

/* Parts of devices come and go with these */
static bool is_of_users(const DeviceState *dev)
{
    const Object *parent = OBJECT(dev)->parent;

    return parent == machine_get_container("peripheral") ||
           parent == machine_get_container("peripheral-anon");
}

/*
 * A device that has neither a place nor state, as one that boots a kernel, may
 * be in one machine alone: the guest does not see it
 */
static void describe_device(GString *text, DeviceState *dev)
{
    g_autoptr(GString) more = g_string_new(NULL);

    if (object_dynamic_cast(OBJECT(dev), TYPE_SYS_BUS_DEVICE)) {
        describe_regions(more, SYS_BUS_DEVICE(dev));
    }
    describe_lines(more, dev);
    if (more->len || DEVICE_GET_CLASS(dev)->vmsd ||
        object_dynamic_cast(OBJECT(dev), TYPE_CPU)) {
        g_string_append_printf(text, "%s %s%s\n", dev->id ?: "-",
                               object_get_typename(OBJECT(dev)), more->str);
    }
}

static char *describe_machine(const GPtrArray *devices)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < devices->len; i++) {
        DeviceState *dev = g_ptr_array_index(devices, i);

        if (is_of_users(dev) && is_fixed(dev)) {
            describe_device(text, dev);
        }
    }
    return g_string_free(text, false);
}

/*
 * Comparing
 */

/* Lines by the device's id; those without an id count by their text alone */
static GHashTable *lines_by_id(char **lines)
{
    GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                              NULL);

    for (char **line = lines; *line && **line; line++) {
        size_t len = strcspn(*line, " ");
        char *id = **line == '-' ? g_strdup(*line) : g_strndup(*line, len);

        g_hash_table_insert(table, id, *line);
    }
    return table;
}

/* The first device of @lines that @others do not have, or have otherwise */
static const char *find_other(char **lines, GHashTable *others,
                              const char **twin)
{
    for (char **line = lines; *line && **line; line++) {
        g_autofree char *id = **line == '-'
            ? g_strdup(*line) : g_strndup(*line, strcspn(*line, " "));

        *twin = g_hash_table_lookup(others, id);
        if (!*twin || strcmp(*twin, *line)) {
            return *line;
        }
    }
    return NULL;
}

/* Why the machine whose description is @theirs is another one */
static char *difference(const char *theirs, const char *own)
{
    g_auto(GStrv) their_lines = g_strsplit(theirs, "\n", -1);
    g_auto(GStrv) own_lines = g_strsplit(own, "\n", -1);
    g_autoptr(GHashTable) they = lines_by_id(their_lines);
    g_autoptr(GHashTable) we = lines_by_id(own_lines);
    const char *line, *twin;

    line = find_other(their_lines, we, &twin);
    if (line) {
        return twin
            ? g_strdup_printf("it has '%s', this machine '%s'", line, twin)
            : g_strdup_printf("it has '%s', which this machine has not", line);
    }
    line = find_other(own_lines, they, &twin);
    return line
        ? g_strdup_printf("it has no '%s', which this machine has", line)
        : g_strdup("its devices were added in another order");
}

/*
 * State
 */

static int identity_pre_save(void *opaque)
{
    Identity *identity = opaque;

    identity->size = strlen(identity->own) + 1;
    identity->text = (uint8_t *)identity->own;
    return 0;
}

static int identity_pre_load(void *opaque)
{
    ((Identity *)opaque)->text = NULL;
    return 0;
}

static bool size_is_sane(void *opaque, int version_id)
{
    uint32_t size = ((Identity *)opaque)->size;

    return size && size <= MAX_TEXT;
}

static int identity_post_load(void *opaque, int version_id)
{
    Identity *identity = opaque;
    g_autofree char *theirs = (char *)g_steal_pointer(&identity->text);
    g_autofree char *text = NULL;

    theirs[identity->size - 1] = '\0';
    if (!strcmp(theirs, identity->own)) {
        return 0;
    }
    text = difference(theirs, identity->own);
    error_report("the state is of another machine: %s; put this machine "
                 "together as that one was, of the same tree, with the same "
                 "options and commands", text);
    return -EINVAL;
}

static const VMStateDescription vmstate_identity = {
    .name = "fdt-machine/identity",
    .version_id = 1,
    .minimum_version_id = 1,
    .priority = MIG_PRI_MAX,
    /* Before RAM, which would be found to be of another size, or elsewhere */
    .early_setup = true,
    .pre_save = identity_pre_save,
    .pre_load = identity_pre_load,
    .post_load = identity_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(size, Identity),
        VMSTATE_VALIDATE("size", size_is_sane),
        VMSTATE_VBUFFER_ALLOC_UINT32(text, Identity, 0, NULL, size),
        VMSTATE_END_OF_LIST()
    },
};

/*
 * Devices of one type are told apart by the order in which they were realized
 */

static void note_realized(DeviceListener *listener, DeviceState *dev)
{
    g_ptr_array_add(container_of(listener, Identity, listener)->devices, dev);
}

static void note_unrealized(DeviceListener *listener, DeviceState *dev)
{
    g_ptr_array_remove(container_of(listener, Identity, listener)->devices,
                       dev);
}

static Identity *identity_get(void)
{
    static Identity identity = {
        .listener = {
            .realize = note_realized,
            .unrealize = note_unrealized,
        },
    };

    return &identity;
}

void fdt_machine_begin_identity(void)
{
    Identity *identity = identity_get();

    if (!identity->devices) {
        identity->devices = g_ptr_array_new();
        device_listener_register(&identity->listener);
    }
}

void fdt_machine_settle_identity(void)
{
    Identity *identity = identity_get();

    device_listener_unregister(&identity->listener);
    identity->own = describe_machine(identity->devices);
    g_clear_pointer(&identity->devices, g_ptr_array_unref);
    if (identity->own[0]) {
        vmstate_register(NULL, 0, &vmstate_identity, identity);
    }
}

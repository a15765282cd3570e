/*
 * What users changed by QMP after a tree was loaded
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "exec/memory.h"
#include "hw/sysbus.h"
#include "qapi/error.h"
#include "qobject/qlist.h"
#include "qobject/qnum.h"
#include "live.h"

typedef struct LiveNode {
    QDict *report;              /* of the machine */
    QDict *entry;               /* of the node, in the report */
    FdtNode *guest;             /* the guest's node, or NULL */
    DeviceState *dev;
} LiveNode;

static uint64_t get_uint(const QDict *dict, const char *key)
{
    return qnum_get_uint(qobject_to(QNum, qdict_get(dict, key)));
}

static void add_edit(LiveNode *live, const char *property, char *text)
{
    QDict *edit = qdict_new();

    qdict_put_str(edit, "rule", "live");
    qdict_put_str(edit, "path", qdict_get_str(live->entry, "path"));
    qdict_put_str(edit, "property", property);
    qdict_put_str(edit, "text", text);
    qlist_append(qdict_get_qlist(live->report, "edits"), edit);
    g_free(text);
}

static void disable(LiveNode *live, char *why)
{
    if (live->guest && fdt_node_enabled(live->guest)) {
        fdt_node_set_string(live->guest, "status", "disabled");
        add_edit(live, "status", why);
    } else {
        g_free(why);
    }
}

/*
 * Regions
 */

static MemoryRegion *find_region(LiveNode *live, const QDict *region)
{
    SysBusDevice *sbd = (SysBusDevice *)
        object_dynamic_cast(OBJECT(live->dev), TYPE_SYS_BUS_DEVICE);
    const char *name = qdict_get_try_str(region, "name");
    int n = qdict_get_int(region, "region");

    for (int i = 0; sbd && sysbus_has_mmio(sbd, i); i++) {
        MemoryRegion *mr = sysbus_mmio_get_region(sbd, i);

        if (name ? !g_strcmp0(memory_region_name(mr), name) : i == n) {
            return mr;
        }
    }
    return NULL;
}

/* Windows of a region are aliases among the device's children */
static int is_window(Object *child, void *opaque)
{
    const MemoryRegion *mr =
        (MemoryRegion *)object_dynamic_cast(child, TYPE_MEMORY_REGION);

    return mr && mr->alias == opaque && mr->container;
}

/* A place where a region may be seen through a window */
typedef struct LivePlace {
    MemoryRegion *mr;
    uint64_t address;
} LivePlace;

static int is_window_at(Object *child, void *opaque)
{
    LivePlace *place = opaque;

    return is_window(child, place->mr) &&
           MEMORY_REGION(child)->addr == place->address;
}

/* The same cells with another address; false if the bus does not reach it */
static bool move_reg(FdtNode *node, uint64_t from, uint64_t to)
{
    g_autoptr(GArray) regs = fdt_node_regs(node, NULL);
    unsigned address_cells, size_cells;

    if (!regs ||
        !fdt_node_address_cells(node->parent, &address_cells, NULL) ||
        !fdt_node_size_cells(node->parent, &size_cells, NULL)) {
        return false;
    }
    for (unsigned i = 0; i < regs->len; i++) {
        FdtReg *reg = &g_array_index(regs, FdtReg, i);
        const FdtProp *prop = fdt_node_prop(node, "reg");
        g_autofree uint8_t *data = g_memdup2(prop->data, prop->len);
        uint8_t *cell = data + i * (address_cells + size_cells) * 4;
        uint64_t bus = reg->bus_address + (to - from);
        uint32_t cells[4] = { 0 };
        uint64_t reached;

        if (!reg->mapped || reg->address != from || address_cells > 2) {
            continue;
        }
        for (unsigned j = 0; j < address_cells; j++) {
            cells[j] = bus >> (address_cells - 1 - j) * 32;
            stl_be_p(cell + j * 4, cells[j]);
        }
        if (!fdt_node_translate(node->parent, cells, address_cells, reg->size,
                                &reached, NULL) || reached != to) {
            return false;
        }
        fdt_node_set(node, "reg", data, prop->len);
        return true;
    }
    return false;
}

static void moved(LiveNode *live, QDict *region, uint64_t to)
{
    uint64_t from = get_uint(region, "address");

    qdict_put(region, "address", qnum_from_uint(to));
    if (!live->guest) {
        return;
    }
    if (move_reg(live->guest, from, to)) {
        add_edit(live, "reg", g_strdup_printf(
            "0x%" PRIx64 " is at 0x%" PRIx64 " now", from, to));
    } else {
        disable(live, g_strdup_printf(
            "the region of 0x%" PRIx64 " is at 0x%" PRIx64 ", which the node "
            "cannot say", from, to));
    }
}

static void update_regions(LiveNode *live)
{
    QList *regions = qdict_get_qlist(live->entry, "regions");
    QList *left = qlist_new();
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(regions, e) {
        QDict *region = qobject_to(QDict, qlist_entry_obj(e));
        MemoryRegion *mr = find_region(live, region);
        uint64_t address = get_uint(region, "address");
        LivePlace place = { mr, address };

        if (mr && !mr->container &&
            !object_child_foreach(OBJECT(live->dev), is_window, mr)) {
            disable(live, g_strdup_printf("the region of 0x%" PRIx64 " is not "
                                          "mapped", address));
            continue;
        }
        /*
         * Those in other containers are the planner's business, and one that
         * is mapped whole may have windows as well
         */
        if (mr && mr->container == get_system_memory() &&
            mr->addr != address &&
            !object_child_foreach(OBJECT(live->dev), is_window_at, &place)) {
            moved(live, region, mr->addr);
        }
        qlist_append(left, qobject_ref(region));
    }
    qdict_put(live->entry, "regions", left);
}

/*
 * Interrupts
 */

/* Where in `interrupts` the number of an input is written; NULL: nowhere */
static uint8_t *find_specifier(FdtNode *node, uint8_t *data, uint32_t len,
                               const char *controller, unsigned number)
{
    g_autoptr(GArray) interrupts = fdt_node_interrupts(node, NULL);
    uint8_t *cell = data;

    for (unsigned i = 0; interrupts && i < interrupts->len; i++) {
        FdtInterrupt *irq = &g_array_index(interrupts, FdtInterrupt, i);
        /* Type, number, flags; or the number first */
        unsigned at = irq->num_cells == 3 ? 1 : 0;

        if (cell + irq->num_cells * 4 > data + len) {
            return NULL;
        }
        if (g_str_equal(irq->controller->path, controller) &&
            irq->cells[at] == number && (!at || irq->cells[0] == 0) &&
            ldl_be_p(cell + at * 4) == number) {
            return cell + at * 4;
        }
        cell += irq->num_cells * 4;
    }
    return NULL;
}

static bool rewrite_interrupt(FdtNode *node, const char *controller,
                              unsigned from, unsigned to)
{
    const FdtProp *prop = fdt_node_prop(node, "interrupts");
    g_autofree uint8_t *data = prop ? g_memdup2(prop->data, prop->len) : NULL;
    uint8_t *cell;

    if (!prop || !controller) {
        return false;
    }
    cell = find_specifier(node, data, prop->len, controller, from);
    if (!cell) {
        return false;
    }
    stl_be_p(cell, to);
    fdt_node_set(node, "interrupts", data, prop->len);
    return true;
}

/* Whether an output leads where the report says; inputs may have aliases */
static bool is_connected_to(const QDict *interrupt, const Object *input)
{
    g_autofree char *name = g_strdup_printf(
        "%s[%d]", qdict_get_str(interrupt, "input"),
        (int)qdict_get_int(interrupt, "number"));
    Object *device = object_resolve_path_component(
        machine_get_container("peripheral"),
        qdict_get_str(interrupt, "input-device"));

    return device && object_resolve_path_component(device, name) == input;
}

/* "DEVICE/NAME[N]"; false if the input is of another form */
static bool split_input(const Object *input, char **device, char **name,
                        int *number)
{
    g_autofree char *path = object_get_canonical_path(input);
    char *slash = strrchr(path, '/');
    char *bracket = slash ? strrchr(slash, '[') : NULL;

    if (!bracket) {
        return false;
    }
    *number = atoi(bracket + 1);
    *bracket = 0;
    *name = g_strdup(slash + 1);
    *slash = 0;
    *device = g_path_get_basename(path);
    return true;
}

static void rewired(LiveNode *live, QDict *interrupt, const char *device,
                    const char *name, int number)
{
    const char *line = qdict_get_str(interrupt, "line");
    int old = qdict_get_int(interrupt, "number");
    bool same = g_str_equal(qdict_get_str(interrupt, "input-device"), device);

    if (live->guest) {
        if (same && rewrite_interrupt(live->guest,
                                      qdict_get_try_str(interrupt,
                                                        "controller"),
                                      old, number)) {
            add_edit(live, "interrupts", g_strdup_printf(
                "%s leads to input %d now, not to %d", line, number, old));
        } else {
            add_edit(live, "interrupts", g_strdup_printf(
                "%s leads to %s/%s[%d], which the node does not say", line,
                device, name, number));
        }
    }
    qdict_put_str(interrupt, "input-device", device);
    qdict_put_str(interrupt, "input", name);
    qdict_put_int(interrupt, "number", number);
    if (!same) {
        qdict_del(interrupt, "controller");
    }
}

static void update_interrupts(LiveNode *live)
{
    QList *interrupts = qdict_get_qlist(live->entry, "interrupts");
    QList *left = qlist_new();
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(interrupts, e) {
        QDict *interrupt = qobject_to(QDict, qlist_entry_obj(e));
        const char *line = qdict_get_str(interrupt, "line");
        Object *input = object_property_get_link(OBJECT(live->dev), line,
                                                 NULL);
        g_autofree char *device = NULL;
        g_autofree char *name = NULL;
        int number;

        if (!input) {
            if (live->guest) {
                add_edit(live, "interrupts", g_strdup_printf(
                    "%s is not connected, though the node says it is", line));
            }
            continue;
        }
        if (!is_connected_to(interrupt, input) &&
            split_input(input, &device, &name, &number)) {
            rewired(live, interrupt, device, name, number);
        }
        qlist_append(left, qobject_ref(interrupt));
    }
    qdict_put(live->entry, "interrupts", left);
}

void fdt_live_update(QDict *report, FdtTree *guest)
{
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), e) {
        LiveNode live = {
            .report = report,
            .entry = qobject_to(QDict, qlist_entry_obj(e)),
        };
        const char *id = qdict_get_try_str(live.entry, "id");

        if (!id) {
            continue;
        }
        live.dev = (DeviceState *)object_dynamic_cast(
            object_resolve_path_component(machine_get_container("peripheral"),
                                          id), TYPE_DEVICE);
        if (!live.dev) {
            continue;
        }
        live.guest = guest ? fdt_tree_find(guest, qdict_get_str(live.entry,
                                                                "path"))
                           : NULL;
        if (qdict_haskey(live.entry, "regions")) {
            update_regions(&live);
        }
        if (qdict_haskey(live.entry, "interrupts")) {
            update_interrupts(&live);
        }
    }
}

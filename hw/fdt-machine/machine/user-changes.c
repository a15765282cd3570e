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
#include "user-changes.h"

typedef struct LiveNode {
    FdtPlan *plan;              /* whose guest's tree follows; NULL: none */
    QDict *entry;               /* of the node, in the report */
    const char *path;
    DeviceState *dev;
} LiveNode;

static uint64_t get_uint(const QDict *dict, const char *key)
{
    return qnum_get_uint(qobject_to(QNum, qdict_get(dict, key)));
}

/* A remark in the report, about what the guest's tree cannot say */
static void note(LiveNode *live, const char *text)
{
    const char *old = qdict_get_try_str(live->entry, "reason");
    g_autofree char *both = old ? g_strdup_printf("%s; %s", old, text)
                                : g_strdup(text);

    qdict_put_str(live->entry, "reason", both);
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

/*
 * sysbus-mmio-map makes a window of a region an alias of it, which is a child
 * of the device
 */
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

static void moved(LiveNode *live, QDict *region, uint64_t to)
{
    FdtChange change = {
        .kind = FDT_CHANGE_MOVED,
        .path = live->path,
        .from = get_uint(region, "address"),
        .to = to,
    };

    qdict_put(region, "address", qnum_from_uint(to));
    if (live->plan) {
        fdt_plan_change(live->plan, &change);
    }
}

static void unmapped(LiveNode *live, uint64_t address)
{
    FdtChange change = {
        .kind = FDT_CHANGE_UNMAPPED, .path = live->path, .from = address,
    };

    if (live->plan) {
        fdt_plan_change(live->plan, &change);
    }
}

/* Whether the region is still mapped */
static bool update_region(LiveNode *live, QDict *region)
{
    MemoryRegion *mr = find_region(live, region);
    uint64_t address = get_uint(region, "address");
    LivePlace place = { mr, address };

    if (mr && !mr->container &&
        !object_child_foreach(OBJECT(live->dev), is_window, mr)) {
        unmapped(live, address);
        return false;
    }
    /*
     * Those in other containers are the planner's business, and one that is
     * mapped whole may have windows as well
     */
    if (mr && mr->container == get_system_memory() && mr->addr != address &&
        !object_child_foreach(OBJECT(live->dev), is_window_at, &place)) {
        moved(live, region, mr->addr);
    }
    return true;
}

/*
 * Interrupts
 */

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
    g_autofree char *text = NULL;
    /* The number says nothing of an input of another name */
    bool same = g_str_equal(qdict_get_str(interrupt, "input-device"), device) &&
                g_str_equal(qdict_get_str(interrupt, "input"), name);
    FdtChange change = {
        .kind = FDT_CHANGE_REWIRED,
        .path = live->path,
        .line = qdict_get_str(interrupt, "line"),
        .controller = same ? qdict_get_try_str(interrupt, "controller") : NULL,
        .from = qdict_get_int(interrupt, "number"),
        .to = number,
    };

    if (live->plan && !fdt_plan_change(live->plan, &change)) {
        text = g_strdup_printf("%s leads to %s/%s[%d], which the guest's node "
                               "does not say", change.line, device, name,
                               number);
        note(live, text);
    }
    qdict_put_str(interrupt, "input-device", device);
    qdict_put_str(interrupt, "input", name);
    qdict_put_int(interrupt, "number", number);
    if (!same) {
        qdict_del(interrupt, "controller");
    }
}

static void disconnected(LiveNode *live, const char *line)
{
    g_autofree char *text = g_strdup_printf(
        "%s is not connected, though the guest's node says it is", line);

    if (live->plan) {
        note(live, text);
    }
}

/* Whether the output is still connected */
static bool update_interrupt(LiveNode *live, QDict *interrupt)
{
    const char *line = qdict_get_str(interrupt, "line");
    Object *input = object_property_get_link(OBJECT(live->dev), line, NULL);
    g_autofree char *device = NULL;
    g_autofree char *name = NULL;
    int number;

    if (!input) {
        disconnected(live, line);
        return false;
    }
    if (!is_connected_to(interrupt, input) &&
        split_input(input, &device, &name, &number)) {
        rewired(live, interrupt, device, name, number);
    }
    return true;
}

/*
 * The report
 */

/* Brings an entry of the report up to date; false: it describes nothing now */
typedef bool LiveFunc(LiveNode *live, QDict *entry);

/* All entries of a list of the node; those that describe nothing are dropped */
static void update_list(LiveNode *live, const char *key, LiveFunc *update)
{
    QList *list = qdict_get_qlist(live->entry, key);
    QList *left = qlist_new();
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(list, e) {
        QDict *entry = qobject_to(QDict, qlist_entry_obj(e));

        if (update(live, entry)) {
            qlist_append(left, qobject_ref(entry));
        }
    }
    qdict_put(live->entry, key, left);
}

void fdt_follow_user_changes(QDict *report, FdtPlan *plan)
{
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "nodes"), e) {
        LiveNode live = {
            .plan = plan,
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
        live.path = qdict_get_str(live.entry, "path");
        update_list(&live, "regions", update_region);
        update_list(&live, "interrupts", update_interrupt);
    }
    if (plan) {
        qdict_put(report, "edits", fdt_plan_edits(plan));
    }
}

/*
 * Planned devices: their arguments and where their regions are mapped
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qbool.h"
#include "qobject/qnum.h"
#include "qobject/qstring.h"
#include "state.h"

#define SYSTEM_MEMORY "/machine/unattached/system[0]"

static void map_clear(gpointer data)
{
    FdtMap *map = data;

    g_free(map->region_name);
    g_free(map->alias);
    g_free(map->parent);
}

/*
 * An id that QEMU takes (id_wellformed): a letter first, then letters, digits
 * and "-._"; anything else becomes a hyphen
 */
static char *well_formed_id(const char *text)
{
    GString *id = g_string_new(NULL);

    for (const char *c = text; *c; c++) {
        if (g_ascii_isalnum(*c) || *c == '-' || *c == '.' || *c == '_') {
            g_string_append_c(id, *c);
        } else if (id->len && id->str[id->len - 1] != '-') {
            g_string_append_c(id, '-');
        }
    }
    if (!id->len || !g_ascii_isalpha(id->str[0])) {
        g_string_prepend(id, "n-");
    }
    return g_string_free(id, false);
}

static bool id_is_free(FdtPlanner *planner, const char *id)
{
    const FdtPlanConfig *config = planner->config;

    if (g_hash_table_contains(planner->ids, id)) {
        return false;
    }
    return !config->id_taken || !config->id_taken(id, config->opaque);
}

/*
 * The first of these that nobody has: the node's alias, its label, its name,
 * its path; each with the suffix, if there is one.  If all are taken, the last
 * one gets a number
 */
static char *choose_id(FdtPlanner *planner, const FdtNode *node,
                       const char *suffix)
{
    const char *candidates[] = {
        node ? fdt_node_alias(node) : NULL,
        node ? fdt_node_label(node) : NULL,
        node && node->parent ? node->name : NULL,
        node && node->parent ? node->path + 1 : NULL,
        node ? NULL : suffix,
    };
    char *id = NULL;

    for (int i = 0; i < ARRAY_SIZE(candidates); i++) {
        g_autofree char *base = NULL;

        if (!candidates[i]) {
            continue;
        }
        base = well_formed_id(candidates[i]);
        g_free(id);
        id = node && suffix ? g_strdup_printf("%s-%s", base, suffix)
                            : g_steal_pointer(&base);
        if (id_is_free(planner, id)) {
            return id;
        }
    }
    for (unsigned n = 2;; n++) {
        g_autofree char *numbered = g_strdup_printf("%s.%u", id ? id : "node",
                                                    n);

        if (id_is_free(planner, numbered)) {
            g_free(id);
            return g_steal_pointer(&numbered);
        }
    }
}

FdtDevice *fdt_device_new(FdtPlanner *planner, FdtNode *node,
                          const char *type, const char *suffix, FdtRank rank)
{
    FdtDevice *device = g_new0(FdtDevice, 1);

    device->planner = planner;
    device->node = node;
    device->type = g_strdup(type);
    device->id = choose_id(planner, node, suffix);
    device->qom_path = g_strdup_printf("/machine/peripheral/%s", device->id);
    device->rank = rank;
    device->args = qdict_new();
    device->after = g_ptr_array_new();
    device->maps = g_array_new(false, true, sizeof(FdtMap));
    g_array_set_clear_func(device->maps, map_clear);
    device->serial = planner->devices->len;
    g_hash_table_add(planner->ids, device->id);
    g_ptr_array_add(planner->devices, device);
    return device;
}

void fdt_device_free(FdtDevice *device)
{
    g_free(device->type);
    g_free(device->id);
    g_free(device->qom_path);
    g_free(device->bus);
    qobject_unref(device->args);
    g_ptr_array_unref(device->after);
    g_array_unref(device->maps);
    if (device->followers) {
        g_ptr_array_unref(device->followers);
    }
    g_free(device);
}

bool fdt_device_describe(FdtDevice *device, const char *id, Error **errp)
{
    FdtPlanner *planner = device->planner;
    const FdtPlanConfig *config = planner->config;
    const char *type = config->device_type
        ? config->device_type(id, config->opaque) : NULL;

    if (!type) {
        fdt_error(errp, device->node, "qemu,device", "no user has added a "
                  "device '%s'", id);
        return false;
    }
    if (g_hash_table_contains(planner->ids, id)) {
        fdt_error(errp, device->node, "qemu,device", "another node describes "
                  "'%s', too", id);
        return false;
    }
    g_hash_table_remove(planner->ids, device->id);
    g_free(device->id);
    g_free(device->qom_path);
    device->id = g_strdup(id);
    device->qom_path = g_strdup_printf("/machine/peripheral/%s", id);
    g_hash_table_add(planner->ids, device->id);
    fdt_device_set_type(device, type);
    device->described = true;
    return true;
}

FdtDevice *fdt_planner_add_device(FdtPlanner *planner, FdtNode *node,
                                  const char *type, const char *suffix,
                                  FdtRank rank)
{
    return fdt_device_new(planner, node, type, suffix, rank);
}

FdtNode *fdt_device_node(const FdtDevice *device)
{
    return device->node;
}

const char *fdt_device_id(const FdtDevice *device)
{
    return device->id;
}

const FdtBinding *fdt_device_binding(const FdtDevice *device)
{
    return device->binding;
}

const FdtNode *fdt_device_user_binding(const FdtDevice *device)
{
    return fdt_node_info(device->node)->user_binding;
}

const char *fdt_device_type(const FdtDevice *device)
{
    return device->type;
}

bool fdt_device_is(const FdtDevice *device, const char *compatible)
{
    return device->binding && g_str_equal(device->binding->compatible,
                                          compatible);
}

bool fdt_device_reg(const FdtDevice *device, unsigned i, FdtReg *out,
                    Error **errp)
{
    GArray *regs = fdt_info_regs(fdt_node_info(device->node), errp);

    return regs && fdt_regs_take(device->node, regs, i, out, errp);
}

bool fdt_device_block(const FdtDevice *device, unsigned i, FdtReg *out,
                      Error **errp)
{
    if (!fdt_device_reg(device, i, out, errp)) {
        return false;
    }
    if (!out->size) {
        fdt_error(errp, device->node, "reg", "entry %u has no size", i);
        return false;
    }
    return true;
}

unsigned fdt_device_num_regs(const FdtDevice *device)
{
    GArray *regs = fdt_info_regs(fdt_node_info(device->node), NULL);

    return regs ? regs->len : 0;
}

const FdtInterrupt *fdt_device_irq(const FdtDevice *device, unsigned i)
{
    GArray *interrupts = fdt_info_interrupts(fdt_node_info(device->node),
                                             NULL);

    return interrupts && i < interrupts->len &&
           g_array_index(interrupts, FdtInterrupt, i).controller
           ? &g_array_index(interrupts, FdtInterrupt, i) : NULL;
}

unsigned fdt_device_num_irqs(const FdtDevice *device)
{
    GArray *interrupts = fdt_info_interrupts(fdt_node_info(device->node),
                                             NULL);

    return interrupts ? interrupts->len : 0;
}

const char *fdt_device_qom_path(const FdtDevice *device)
{
    return device->qom_path;
}

void fdt_device_set_type(FdtDevice *device, const char *type)
{
    g_free(device->type);
    device->type = g_strdup(type);
    if (!type && device->node &&
        fdt_node_info(device->node)->device == device) {
        /* Not built after all: the guest must not look for it */
        fdt_node_info(device->node)->verdict = FDT_VERDICT_IGNORED;
    }
}

void fdt_device_leave_out(FdtPlanner *planner, FdtDevice *device,
                          const char *why)
{
    fdt_device_set_type(device, NULL);
    device->left_out = true;
    fdt_planner_note(planner, device->node, "%s", why);
}

void fdt_device_merge(FdtDevice *device, const char *why)
{
    fdt_device_set_type(device, NULL);
    fdt_info_set_verdict(fdt_node_info(device->node), FDT_VERDICT_STRUCTURE,
                         "%s", why);
}

void fdt_device_part_of(FdtDevice *device, FdtDevice *owner, const char *part)
{
    fdt_device_set_type(device, NULL);
    g_free(device->qom_path);
    device->qom_path = g_strdup_printf("%s/%s", owner->qom_path, part);
    device->owner = owner;
    fdt_info_set_verdict(fdt_node_info(device->node), FDT_VERDICT_MODELLED,
                         "%s of %s", part, owner->id);
}

FdtDevice *fdt_device_owner(const FdtDevice *device)
{
    return device->owner;
}

void fdt_device_name_bus(FdtDevice *device, const char *bus_name)
{
    g_free(device->bus);
    device->bus = g_strdup(bus_name);
}

bool fdt_device_is_built(const FdtDevice *device)
{
    return device->type;
}

bool fdt_device_has_bus(const FdtDevice *device)
{
    return device->type || device->bus;
}

void fdt_device_set_inert(FdtDevice *device)
{
    device->inert = true;
}

void fdt_device_substitute(FdtDevice *device, const char *why)
{
    fdt_info_set_verdict(fdt_node_info(device->node), FDT_VERDICT_SUBSTITUTED,
                         "%s", why);
}

void fdt_device_set_uint(FdtDevice *device, const char *name, uint64_t value)
{
    qdict_put(device->args, name, qnum_from_uint(value));
}

void fdt_device_set_bool(FdtDevice *device, const char *name, bool value)
{
    qdict_put_bool(device->args, name, value);
}

void fdt_device_set_string(FdtDevice *device, const char *name,
                           const char *value)
{
    qdict_put_str(device->args, name, value);
}

void fdt_device_set_list(FdtDevice *device, const char *name, QList *list)
{
    qdict_put(device->args, name, list);
}

bool fdt_device_has_argument(const FdtDevice *device, const char *name)
{
    return qdict_haskey(device->args, name);
}

void fdt_device_link(FdtDevice *device, const char *name, FdtDevice *target)
{
    fdt_device_set_string(device, name, target->qom_path);
    fdt_device_after(device, target);
}

void fdt_device_link_memory(FdtDevice *device, const char *name)
{
    fdt_device_set_string(device, name, SYSTEM_MEMORY);
}

void fdt_device_link_ram(FdtDevice *device, const char *name)
{
    fdt_device_link_bank(device, name, NULL);
}

void fdt_device_link_bank(FdtDevice *device, const char *name,
                          const FdtNode *memory)
{
    FdtRamLink link = {
        .device = device,
        .name = name,
        .memory = memory,
    };

    g_array_append_val(device->planner->ram_links, link);
}

/*
 * "ID/BUS" finds a bus that is a child of the device of that id.  The bus of a
 * part is a child of the part, so it is found by its name alone
 */
static void set_bus_of_part(FdtDevice *device, FdtDevice *part)
{
    fdt_device_set_string(device, "bus", part->bus);
    fdt_device_after(device, part->owner);
}

void fdt_device_set_bus(FdtDevice *device, FdtDevice *parent,
                        const char *bus_name)
{
    /* Without the leading slash, the first name would be that of a bus */
    g_autofree char *bus = g_strdup_printf(
        "%s/%s%s%s", qdict_get_try_str(parent->args, "bus") ?: "", parent->id,
        bus_name ? "/" : "", bus_name ?: "");

    if (parent->bus) {
        set_bus_of_part(device, parent);
        return;
    }
    fdt_device_set_string(device, "bus", bus);
    fdt_device_after(device, parent);
}

bool fdt_device_take_address(FdtDevice *device, FdtDevice *controller,
                             const char *bus_name, uint32_t address,
                             Error **errp)
{
    FdtPlanner *planner = device->planner;
    g_autofree char *key = g_strdup_printf("%s/%s@%x", controller->qom_path,
                                           bus_name ?: "", address);
    FdtDevice *other = g_hash_table_lookup(planner->addresses, key);

    if (other && other->node != device->node) {
        fdt_error(errp, device->node, "reg", "%s has the address 0x%x of the "
                  "same bus; leave one of them out with omit=",
                  other->node->path, address);
        return false;
    }
    g_hash_table_insert(planner->addresses, g_steal_pointer(&key), device);
    return true;
}

void fdt_device_set_slot(FdtDevice *device, FdtSlot slot)
{
    device->slot = slot;
}

FdtSlot fdt_device_slot(const FdtDevice *device)
{
    return device->slot;
}

void fdt_device_silence(FdtDevice *device)
{
    device->silent = true;
}

void fdt_device_after(FdtDevice *device, FdtDevice *other)
{
    if (device != other) {
        g_ptr_array_add(device->after, other);
    }
}

/* A map of the region of that index; what else it is, the caller fills in */
static FdtMap *add_map(FdtDevice *device, unsigned region, uint64_t address,
                       uint64_t size)
{
    FdtMap map = { .region = region, .address = address, .size = size };

    g_array_append_val(device->maps, map);
    return &g_array_index(device->maps, FdtMap, device->maps->len - 1);
}

static void set_priority(FdtMap *map, int priority)
{
    map->has_priority = true;
    map->priority = priority;
}

void fdt_device_map(FdtDevice *device, unsigned region,
                    const char *region_name, uint64_t address, uint64_t size)
{
    FdtMap *map = add_map(device, region, address, size);

    map->region_name = g_strdup(region_name);
}

void fdt_device_map_whole(FdtDevice *device, uint64_t address, uint64_t size,
                          const int *priority)
{
    FdtMap *map = add_map(device, 0, address, size);

    map->exact = true;
    if (priority) {
        set_priority(map, *priority);
    }
}

void fdt_device_map_priority(FdtDevice *device, unsigned region,
                             uint64_t address, uint64_t size, int priority)
{
    set_priority(add_map(device, region, address, size), priority);
}

void fdt_device_map_window(FdtDevice *device, unsigned region,
                           uint64_t address, const char *alias,
                           uint64_t offset, uint64_t size)
{
    FdtMap *map = add_map(device, region, address, size);

    map->alias = g_strdup(alias);
    map->offset = offset;
}

void fdt_device_map_into(FdtDevice *device, unsigned region, FdtDevice *owner,
                         const char *path, uint64_t offset, uint64_t size)
{
    FdtMap *map = add_map(device, region, offset, size);

    map->parent = g_strdup(path);
    fdt_device_after(device, owner);
}

bool fdt_device_maps_reg(const FdtDevice *device, unsigned i, FdtReg *out)
{
    if (!fdt_device_reg(device, i, out, NULL)) {
        return false;
    }
    for (unsigned j = 0; j < device->maps->len; j++) {
        const FdtMap *map = &g_array_index(device->maps, FdtMap, j);

        if (!map->region && !map->region_name && !map->alias &&
            map->address == out->address) {
            return true;
        }
    }
    return false;
}

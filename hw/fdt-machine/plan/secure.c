/*
 * The secure world: what is there for it alone
 *
 * A node whose `status` is not okay, and whose `secure-status` is
 * (arm/secure.txt), describes what the normal world does not have.  It is built
 * where firmware starts in EL3: in memory as the CPUs see it in secure state,
 * which shows all of the system's below.  The guest's node stays as it is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qnum.h"
#include "state.h"

/* Above the window through which the rest of memory is seen */
#define SECURE_PRIORITY 1

static bool is_okay(const char *status)
{
    return status && (g_str_equal(status, "okay") ||
                      g_str_equal(status, "ok"));
}

static bool is_secure_node(const FdtNode *node)
{
    return node->parent && !fdt_node_enabled(node) &&
           fdt_node_available(node->parent) &&
           is_okay(fdt_node_string(node, "secure-status", 0));
}

bool fdt_planner_is_secure(const FdtPlanner *planner, const FdtNode *node)
{
    return planner->secure_memory && is_secure_node(node);
}

static bool has_secure_node(const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        const FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (is_secure_node(info->node)) {
            return true;
        }
    }
    return false;
}

/* All of system memory, for what is secure to be mapped over */
static FdtDevice *add_view(FdtPlanner *planner)
{
    FdtDevice *view = fdt_device_new(planner, NULL, "dma-ranges",
                                     "secure-memory", FDT_RANK_CLOCK);
    QList *ranges = qlist_new();

    qlist_append(ranges, qnum_from_uint(0));
    qlist_append(ranges, qnum_from_uint(0));
    qlist_append(ranges, qnum_from_uint(UINT64_MAX));
    fdt_device_link_memory(view, "memory");
    fdt_device_set_list(view, "ranges", ranges);
    return view;
}

/* Firmware of -bios, or of a flash chip, from which CPUs start without it */
static bool starts_firmware(const FdtPlanConfig *config)
{
    bool has_flash = false;

    for (unsigned i = 0; i < config->num_drives; i++) {
        has_flash |= g_str_equal(config->drives[i].interface, "pflash");
    }
    return config->firmware || (has_flash && !config->kernel);
}

/* Rows with the hook know whether their CPU has an EL3; -cpu may have none */
bool fdt_planner_find_secure_world(FdtPlanner *planner, Error **errp)
{
    const FdtDevice *cpu = fdt_planner_cpu(planner, 0);

    if (starts_firmware(planner->config) && cpu->binding->connect &&
        fdt_planner_has_type(planner, "arm-boot") &&
        has_secure_node(planner)) {
        planner->secure_memory = add_view(planner);
    }
    return true;
}

char *fdt_planner_secure_memory(FdtPlanner *planner, FdtDevice *user)
{
    if (!planner->secure_memory) {
        return NULL;
    }
    fdt_device_after(user, planner->secure_memory);
    return g_strdup_printf("%s/dma[0]", planner->secure_memory->qom_path);
}

static void map_secure(FdtPlanner *planner, FdtDevice *device)
{
    g_autofree char *view = fdt_planner_secure_memory(planner, device);

    for (unsigned i = 0; i < device->maps->len; i++) {
        FdtMap *map = &g_array_index(device->maps, FdtMap, i);

        if (!map->parent) {
            map->parent = g_strdup(view);
            map->has_priority = true;
            map->priority = SECURE_PRIORITY;
        }
    }
}

bool fdt_planner_map_secure(FdtPlanner *planner, Error **errp)
{
    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        if (device->node && fdt_planner_is_secure(planner, device->node)) {
            map_secure(planner, device);
        }
    }
    return true;
}

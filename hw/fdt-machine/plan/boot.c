/*
 * The boot device of the plan
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qobject/qnum.h"
#include "state.h"

bool fdt_planner_is_in_reach(const FdtPlanner *planner, const FdtBank *bank)
{
    return !fdt_planner_is_32bit(planner) ||
           bank->address + FDT_SMALLEST_KERNEL_BANK <= 4 * GiB;
}

const FdtBank *fdt_planner_kernel_bank(const FdtPlanner *planner)
{
    const FdtBank *first = &g_array_index(planner->banks, FdtBank, 0);
    const FdtBank *large = NULL;

    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (bank->size < FDT_SMALLEST_KERNEL_BANK) {
            continue;
        }
        if (fdt_planner_is_in_reach(planner, bank)) {
            return bank;
        }
        large = large ?: bank;
    }
    return large ?: first;
}

/* Whether memory of any kind, RAM, ROM or flash, is mapped at an address */
static bool has_memory_at(FdtPlanner *planner, uint64_t address)
{
    for (unsigned i = 0; i < planner->banks->len; i++) {
        const FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        if (address >= bank->address && address - bank->address < bank->size) {
            return true;
        }
    }
    for (unsigned i = 0; i < planner->devices->len; i++) {
        const FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; device->binding &&
             device->binding->cover == FDT_COVER_WHOLE &&
             j < device->maps->len; j++) {
            const FdtMap *map = &g_array_index(device->maps, FdtMap, j);

            if ((!map->parent ||
                 fdt_planner_is_secure(planner, device->node)) &&
                address >= map->address &&
                address - map->address < map->size) {
                return true;
            }
        }
    }
    return false;
}

/*
 * Arm CPUs start at address 0 after a reset.  Where the machine has no memory
 * there, the board has a boot ROM, which would load firmware to RAM
 */
static void set_firmware(FdtPlanner *planner, FdtDevice *device,
                         const FdtBank *bank)
{
    const char *firmware = planner->config->firmware;
    const uint64_t *said = planner->config->firmware_addr;

    if (firmware) {
        fdt_device_set_string(device, "firmware", firmware);
        fdt_device_set_uint(device, "firmware-addr",
                            said ? *said
                            : has_memory_at(planner, 0) ? 0 : bank->address);
    }
}

static void set_optional(FdtDevice *device, const char *name,
                         const char *value)
{
    if (value) {
        fdt_device_set_string(device, name, value);
    }
}

static bool set_tree(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    g_autoptr(GByteArray) blob = NULL;
    g_autofree char *text = NULL;

    if (planner->config->dtb) {
        fdt_device_set_string(device, "dtb", planner->config->dtb);
        return true;
    }
    blob = fdt_tree_flatten(fdt_journal_tree(planner->journal),
                            FDT_BOOT_PADDING, errp);
    if (!blob) {
        return false;
    }
    text = g_base64_encode(blob->data, blob->len);
    fdt_device_set_string(device, "dtb-data", text);
    return true;
}

/* cpu-release-addr of every CPU (3.8.1), in the order of the CPUs */
static void set_release_addresses(FdtPlanner *planner, FdtDevice *device)
{
    QList *list = qlist_new();

    for (unsigned i = 0; i < planner->cpu_nodes->len; i++) {
        const FdtNode *node = g_ptr_array_index(planner->cpu_nodes, i);
        uint64_t address = 0;

        fdt_node_u64(node, "cpu-release-addr", &address);
        qlist_append(list, qnum_from_uint(address));
    }
    fdt_device_set_list(device, "release-addr", list);
}

static void set_secondary(FdtPlanner *planner, FdtDevice *device)
{
    const FdtBoot *boot = &planner->boot;

    fdt_device_set_string(device, "psci", boot->psci ?: "none");
    fdt_device_set_string(device, "secondary", boot->secondary);
    if (g_str_equal(boot->secondary, "spin-table")) {
        set_release_addresses(planner, device);
    } else if (g_str_equal(boot->secondary, "pen")) {
        fdt_device_set_uint(device, "pen-boot-reg", boot->pen_boot_reg);
        fdt_device_set_uint(device, "pen-addr", boot->pen_address);
        fdt_device_set_uint(device, "gic-cpu-if", boot->gic_cpu_if);
    }
    if (boot->has_board_id) {
        fdt_device_set_uint(device, "board-id", boot->board_id);
    }
    if (boot->secure) {
        fdt_device_set_bool(device, "secure", true);
    }
}

bool fdt_planner_boot_device(FdtPlanner *planner, Error **errp)
{
    const FdtPlanConfig *config = planner->config;
    const FdtBank *bank = fdt_planner_kernel_bank(planner);
    FdtDevice *device;

    if (!config->kernel && !config->firmware) {
        return true;
    }
    device = fdt_device_new(planner, NULL, planner->boot.device ?: "arm-boot",
                            "boot", FDT_RANK_BOOT);
    set_optional(device, "kernel", config->kernel);
    set_optional(device, "initrd", config->initrd);
    set_optional(device, "append", config->append);
    set_firmware(planner, device, bank);
    fdt_device_set_uint(device, "ram-start", bank->address);
    fdt_device_set_uint(device, "ram-size", bank->size);
    fdt_device_set_bool(device, "keep-memory", true);
    if (!planner->boot.device) {
        set_secondary(planner, device);
    }
    if (planner->boot.cpu && planner->boot.cpu != fdt_planner_cpu(planner, 0)) {
        fdt_device_link(device, "cpu", planner->boot.cpu);
    }
    return set_tree(planner, device, errp);
}

/*
 * Properties of the machine `none` that are for a tree: RAM, CPU, what boots
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/boards.h"
#include "qapi/error.h"
#include "qom/object.h"
#include "session.h"
#include "../trace.h"

static const char *const boot_properties[FDT_BOOT__MAX] = {
    [FDT_BOOT_KERNEL] = "kernel",
    [FDT_BOOT_INITRD] = "initrd",
    [FDT_BOOT_APPEND] = "append",
    [FDT_BOOT_DTB] = "dtb",
    [FDT_BOOT_FIRMWARE] = "firmware",
};

const char *fdt_boot_property_name(FdtBootProperty i)
{
    return boot_properties[i];
}

/* The empty string is how a user takes back what was set */
char *fdt_boot_property(FdtBootProperty i)
{
    g_autofree char *value = object_property_get_str(
        OBJECT(current_machine), boot_properties[i], &error_abort);

    return *value ? g_steal_pointer(&value) : NULL;
}

void fdt_settings_note_boot(FdtSettings *settings)
{
    for (int i = 0; i < FDT_BOOT__MAX; i++) {
        settings->boot[i] = fdt_boot_property(i);
    }
}

void fdt_boot_free(char **boot)
{
    for (int i = 0; i < FDT_BOOT__MAX; i++) {
        g_clear_pointer(&boot[i], g_free);
    }
}

static bool note_memory(FdtMachine *m, const FdtMachineOptions *options,
                        Error **errp)
{
    HostMemoryBackend *memdev = current_machine->memdev;

    m->settings.ram_size = current_machine->ram_size;
    if (memdev) {
        m->settings.ram_size = object_property_get_uint(
            OBJECT(memdev), "size", &error_abort);
        if (!fdt_backends_add_memdev(m->backends, options->file, memdev,
                                     errp)) {
            return false;
        }
    }
    return fdt_backends_add_memory(m->backends, options->file,
                                   options->memory_backends, errp);
}

bool fdt_settings_note(FdtMachine *m, const FdtMachineOptions *options,
                       Error **errp)
{
    FdtSettings *s = &m->settings;

    if (!note_memory(m, options, errp)) {
        return false;
    }
    s->cpu_type = g_strdup(current_machine->cpu_type);
    fdt_settings_note_boot(s);
    trace_fdt_machine_taken(s->ram_size, current_machine->smp.cpus,
                            s->cpu_type ?: "(tree)",
                            s->boot[FDT_BOOT_KERNEL] ?: "(none)",
                            s->boot[FDT_BOOT_FIRMWARE] ?: "(none)");
    return true;
}

void fdt_settings_take(FdtSettings *settings)
{
    MachineState *machine = current_machine;

    machine->ram_size = machine->maxram_size = 0;
    machine->cpu_type = NULL;
    object_property_set_link(OBJECT(machine), "memory-backend", NULL,
                             &error_abort);
    settings->taken = true;
}

void fdt_settings_clear(FdtSettings *settings)
{
    g_clear_pointer(&settings->cpu_type, g_free);
    fdt_boot_free(settings->boot);
}

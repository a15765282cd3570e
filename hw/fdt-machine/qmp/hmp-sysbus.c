/*
 * HMP commands sysbus_mmio_map and sysbus_mmio_unmap
 *
 * Their one argument has the keys of the QMP commands, as device_add has in
 * HMP: "DEVICE,addr=ADDRESS,...".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "exec/memory.h"
#include "hw/sysbus.h"
#include "monitor/hmp.h"
#include "monitor/monitor.h"
#include "qapi/dealloc-visitor.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-fdt-machine.h"
#include "qapi/qapi-visit-fdt-machine.h"
#include "qapi/qobject-input-visitor.h"
#include "qemu/keyval.h"
#include "qobject/qdict.h"
#include "../fdt-machine.h"

/*
 * Arguments
 */

/* Reads, or with another visitor frees, the arguments of a command */
typedef bool VisitMembers(Visitor *v, void *args, Error **errp);

static bool visit_map(Visitor *v, void *args, Error **errp)
{
    return visit_type_q_obj_sysbus_mmio_map_arg_members(v, args, errp);
}

static bool visit_unmap(Visitor *v, void *args, Error **errp)
{
    return visit_type_q_obj_sysbus_mmio_unmap_arg_members(v, args, errp);
}

static bool read_args(const QDict *qdict, VisitMembers *members, void *args,
                      Error **errp)
{
    g_autoptr(QDict) keys = keyval_parse(qdict_get_str(qdict, "mapping"),
                                         "device", NULL, errp);
    Visitor *v;
    bool ok;

    if (!keys) {
        return false;
    }
    v = qobject_input_visitor_new_keyval(QOBJECT(keys));
    ok = visit_start_struct(v, NULL, NULL, 0, errp);
    if (ok) {
        ok = members(v, args, errp) && visit_check_struct(v, errp);
        visit_end_struct(v, NULL);
    }
    visit_free(v);
    return ok;
}

static void free_args(VisitMembers *members, void *args)
{
    Visitor *v = qapi_dealloc_visitor_new();

    visit_start_struct(v, NULL, NULL, 0, &error_abort);
    members(v, args, &error_abort);
    visit_end_struct(v, NULL);
    visit_free(v);
}

void hmp_sysbus_mmio_map(Monitor *mon, const QDict *qdict)
{
    q_obj_sysbus_mmio_map_arg a = { 0 };
    Error *err = NULL;

    if (read_args(qdict, visit_map, &a, &err)) {
        qmp_sysbus_mmio_map(a.device, a.has_mmio, a.mmio, a.region, a.addr,
                            a.has_limit, a.limit, a.has_priority, a.priority,
                            a.parent, a.alias, a.has_offset, a.offset,
                            a.has_size, a.size, &err);
    }
    free_args(visit_map, &a);
    hmp_handle_error(mon, err);
}

void hmp_sysbus_mmio_unmap(Monitor *mon, const QDict *qdict)
{
    q_obj_sysbus_mmio_unmap_arg a = { 0 };
    Error *err = NULL;

    if (read_args(qdict, visit_unmap, &a, &err)) {
        qmp_sysbus_mmio_unmap(a.device, a.has_mmio, a.mmio, a.region, a.alias,
                              &err);
    }
    free_args(visit_unmap, &a);
    hmp_handle_error(mon, err);
}

/*
 * Completion: ids of devices that have regions, then keys, then the names of
 * the device's regions
 */

typedef struct Completion {
    ReadLineState *rs;
    const char *typed;
} Completion;

static int complete_id(Object *child, void *opaque)
{
    SysBusDevice *sbd =
        (SysBusDevice *)object_dynamic_cast(child, TYPE_SYS_BUS_DEVICE);
    Completion *completion = opaque;

    if (sbd && sbd->num_mmio && DEVICE(sbd)->id) {
        readline_add_completion_of(completion->rs, completion->typed,
                                   DEVICE(sbd)->id);
    }
    return 0;
}

/* @at: how much of what was typed comes before the word to complete */
static void complete_word(Completion *completion, size_t at, const char *word)
{
    g_autofree char *whole = g_strdup_printf("%.*s%s", (int)at,
                                             completion->typed, word);

    readline_add_completion_of(completion->rs, completion->typed, whole);
}

static void complete_region(Completion *completion, size_t at)
{
    g_autofree char *id = g_strndup(completion->typed,
                                    strcspn(completion->typed, ","));
    SysBusDevice *sbd = (SysBusDevice *)object_dynamic_cast(
        fdt_machine_find_object(id, NULL), TYPE_SYS_BUS_DEVICE);

    for (int i = 0; sbd && i < sbd->num_mmio; i++) {
        const char *name = memory_region_name(sbd->mmio[i].memory);

        if (name) {
            complete_word(completion, at, name);
        }
    }
}

void sysbus_mmio_map_completion(ReadLineState *rs, int nb_args,
                                const char *typed)
{
    static const char *const keys[] = {
        "addr=", "mmio=", "region=", "priority=", "parent=", "alias=",
        "offset=", "size=",
    };
    static const char region[] = "region=";
    Completion completion = { rs, typed };
    const char *comma = strrchr(typed, ',');
    const char *word = comma ? comma + 1 : typed;

    if (nb_args != 2) {
        return;
    }
    readline_set_completion_index(rs, strlen(typed));
    if (!comma) {
        object_child_foreach(machine_get_container("peripheral"), complete_id,
                             &completion);
    } else if (g_str_has_prefix(word, region)) {
        complete_region(&completion, word + strlen(region) - typed);
    } else {
        for (unsigned i = 0; i < ARRAY_SIZE(keys); i++) {
            complete_word(&completion, word - typed, keys[i]);
        }
    }
}

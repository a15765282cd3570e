/*
 * Steps: QMP commands that know what they do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

static const char *const command_names[] = {
    [FDT_STEP_SET] = "qom-set",
    [FDT_STEP_ADD_OBJECT] = "object-add",
    [FDT_STEP_ADD_DEVICE] = "device_add",
    [FDT_STEP_MAP] = "sysbus-mmio-map",
    [FDT_STEP_CONNECT] = "qom-set",
    [FDT_STEP_DELETE_OBJECT] = "object-del",
    [FDT_STEP_UNMAP] = "sysbus-mmio-unmap",
    [FDT_STEP_DISCONNECT] = "qom-set",
};

FdtStep *fdt_step_new(FdtStepKind kind, const char *path, char *subject,
                      QDict *args)
{
    FdtStep *step = g_new0(FdtStep, 1);

    step->refs = 1;
    step->kind = kind;
    step->path = g_strdup(path);
    step->subject = subject;
    step->command = qdict_new();
    qdict_put_str(step->command, "execute", command_names[kind]);
    qdict_put(step->command, "arguments", args);
    return step;
}

FdtStep *fdt_step_ref(FdtStep *step)
{
    step->refs++;
    return step;
}

void fdt_step_unref(FdtStep *step)
{
    if (--step->refs) {
        return;
    }
    qobject_unref(step->command);
    g_free(step->path);
    g_free(step->subject);
    g_free(step->id);
    g_free(step->type);
    g_free(step);
}

QDict *fdt_step_args(const FdtStep *step)
{
    return qdict_get_qdict(step->command, "arguments");
}

char *fdt_step_summary(const FdtStep *step)
{
    return g_strdup_printf("%s %s", command_names[step->kind], step->subject);
}

guint fdt_step_hash(gconstpointer data)
{
    const FdtStep *step = data;

    return g_str_hash(step->subject) ^ step->kind;
}

gboolean fdt_step_equal(gconstpointer va, gconstpointer vb)
{
    const FdtStep *a = va, *b = vb;

    return a->kind == b->kind &&
           qobject_is_equal(QOBJECT(a->command), QOBJECT(b->command));
}

/*
 * Inverses
 */

/* The arguments of the step that name what the inverse takes back */
static QDict *common_args(const FdtStep *step, const char *const *names)
{
    const QDict *args = fdt_step_args(step);
    QDict *common = qdict_new();

    for (; *names; names++) {
        QObject *value = qdict_get(args, *names);

        if (value) {
            qdict_put_obj(common, *names, qobject_ref(value));
        }
    }
    return common;
}

static FdtStep *inverse_new(const FdtStep *step, FdtStepKind kind, QDict *args)
{
    return fdt_step_new(kind, step->path, g_strdup(step->subject), args);
}

static FdtStep *unmap(const FdtStep *step)
{
    static const char *const names[] = {
        "device", "mmio", "region", "alias", NULL
    };

    return inverse_new(step, FDT_STEP_UNMAP, common_args(step, names));
}

/* An output that leads to no input has the empty path */
static FdtStep *disconnect(const FdtStep *step)
{
    static const char *const names[] = { "path", "property", NULL };
    QDict *args = common_args(step, names);

    qdict_put_str(args, "value", "");
    return inverse_new(step, FDT_STEP_DISCONNECT, args);
}

static FdtStep *delete_object(const FdtStep *step)
{
    static const char *const names[] = { "id", NULL };

    return inverse_new(step, FDT_STEP_DELETE_OBJECT, common_args(step, names));
}

bool fdt_step_takes_back(const FdtStep *step)
{
    return step->kind >= FDT_STEP_DELETE_OBJECT;
}

FdtStep *fdt_step_inverse(const FdtStep *step)
{
    switch (step->kind) {
    case FDT_STEP_MAP:
        return unmap(step);
    case FDT_STEP_CONNECT:
        return disconnect(step);
    case FDT_STEP_ADD_OBJECT:
        return delete_object(step);
    default:
        return NULL;
    }
}

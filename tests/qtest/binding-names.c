/*
 * What commands name of the types of devices, and what rows of bindings name
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qobject/qdict.h"
#include "qobject/qjson.h"
#include "qobject/qnum.h"
#include "qobject/qstring.h"
#include "binding-names.h"

#define PERIPHERAL "/machine/peripheral/"

typedef struct Recorder {
    GHashTable *names;
    GHashTable *types;      /* id -> type of the device */
} Recorder;

static void note(Recorder *r, const char *type, const char *kind,
                 const char *name)
{
    g_hash_table_add(r->names, g_strdup_printf("%s %s %s", type, kind, name));
}

/*
 * Type of the device that a QOM path, or an id, leads to or through, and the
 * rest behind the id, "" if there is none; NULL for what is no device of the
 * plan
 */
static const char *type_of(Recorder *r, const char *path, const char **rest)
{
    g_autofree char *id = NULL;
    const char *end;

    if (g_str_has_prefix(path, PERIPHERAL)) {
        path += strlen(PERIPHERAL);
    }
    end = strchrnul(path, '/');
    id = g_strndup(path, end - path);
    *rest = *end ? end + 1 : end;
    return g_hash_table_lookup(r->types, id);
}

static void record_device(Recorder *r, const QDict *args)
{
    const char *type = qdict_get_str(args, "driver");
    const char *id = qdict_get_try_str(args, "id");
    const QDictEntry *e;

    if (id) {
        g_hash_table_insert(r->types, g_strdup(id), g_strdup(type));
    }
    for (e = qdict_first(args); e; e = qdict_next(args, e)) {
        const char *key = qdict_entry_key(e);

        if (!g_str_equal(key, "driver") && !g_str_equal(key, "id") &&
            !g_str_equal(key, "bus")) {
            note(r, type, "property", key);
        }
    }
}

static void record_map(Recorder *r, const QDict *args)
{
    const char *rest;
    const char *type = type_of(r, qdict_get_str(args, "device"), &rest);
    const QObject *region = qdict_get(args, "mmio");
    g_autoptr(GString) index = NULL;

    if (type && qobject_to(QString, region)) {
        note(r, type, "region", qstring_get_str(qobject_to(QString, region)));
    } else if (type && region) {
        index = qobject_to_json(region);
        note(r, type, "region", index->str);
    }
}

/* A wire has a line at either end */
static void record_wire(Recorder *r, const QDict *args)
{
    const char *value = qdict_get_try_str(args, "value"), *rest;
    const char *type = type_of(r, qdict_get_str(args, "path"), &rest);

    if (type) {
        note(r, type, "line", qdict_get_str(args, "property"));
    }
    type = value ? type_of(r, value, &rest) : NULL;
    if (type) {
        note(r, type, "line", rest);
    }
}

static const struct {
    const char *command;
    void (*record)(Recorder *r, const QDict *args);
} recorders[] = {
    { "device_add", record_device },
    { "sysbus-mmio-map", record_map },
    { "qom-set", record_wire },
};

void names_of_commands(GHashTable *names, const char *dump)
{
    g_auto(GStrv) lines = g_strsplit(dump, "\n", -1);
    Recorder r = {
        .names = names,
        .types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
    };

    for (char **line = lines; *line && **line; line++) {
        QObject *object = qobject_from_json(*line, &error_abort);
        QDict *command = qobject_to(QDict, object);

        for (int i = 0; i < ARRAY_SIZE(recorders); i++) {
            if (g_str_equal(qdict_get_str(command, "execute"),
                            recorders[i].command)) {
                recorders[i].record(&r, qdict_get_qdict(command, "arguments"));
            }
        }
        qobject_unref(object);
    }
    g_hash_table_unref(r.types);
}

/*
 * "  dev: TYPE, id "ID"", and below it, further to the right, "    bus: NAME":
 * a device is that of the last line before with less space
 */
void names_of_buses(GHashTable *names, const char *qtree)
{
    g_auto(GStrv) lines = g_strsplit_set(qtree, "\r\n", -1);
    g_autoptr(GPtrArray) devices = g_ptr_array_new_with_free_func(g_free);
    Recorder r = { .names = names };

    for (char **line = lines; *line; line++) {
        const char *text = *line + strspn(*line, " ");
        unsigned depth = text - *line;

        if (g_str_has_prefix(text, "dev: ")) {
            text += strlen("dev: ");
            g_ptr_array_set_size(devices, depth);
            g_ptr_array_add(devices, g_strndup(text, strcspn(text, ",")));
        } else if (g_str_has_prefix(text, "bus: ") && depth >= 2 &&
                   devices->len >= depth - 1) {
            note(&r, g_ptr_array_index(devices, depth - 2), "bus",
                 text + strlen("bus: "));
        }
    }
}

/*
 * What a row names
 */

static void add_name(GPtrArray *names, const FdtBinding *b, const char *kind,
                     const char *fmt, ...) G_GNUC_PRINTF(4, 5);

static void add_name(GPtrArray *names, const FdtBinding *b, const char *kind,
                     const char *fmt, ...)
{
    g_autofree char *name = NULL;
    va_list ap;

    va_start(ap, fmt);
    name = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    g_ptr_array_add(names, g_strdup_printf("%s %s %s", b->type, kind, name));
}

static void add_regions(GPtrArray *names, const FdtBinding *b)
{
    unsigned n = b->regs || b->bus != FDT_BUS_SYSTEM || b->cpu
                 ? 0 : MAX(b->num_regs, 1);

    for (unsigned i = 0; i < n; i++) {
        add_name(names, b, "region", "%u", i);
    }
    for (const FdtBindingReg *reg = b->regs;
         reg && (reg->reg >= 0 || reg->reg_name); reg++) {
        if (reg->region_name) {
            add_name(names, b, "region", "%s", reg->region_name);
        } else {
            add_name(names, b, "region", "%d", reg->region);
        }
    }
}

static void add_lines(GPtrArray *names, const FdtBinding *b)
{
    for (unsigned i = 0; !b->irqs && i < b->num_irqs; i++) {
        add_name(names, b, "line", FDT_LINE_IRQ "[%u]", i);
    }
    for (const FdtBindingIrq *irq = b->irqs;
         irq && (irq->irq >= 0 || irq->irq_name); irq++) {
        add_name(names, b, "line", "%s[%d]", irq->line ?: FDT_LINE_IRQ,
                 irq->output);
    }
}

GPtrArray *names_of_row(const FdtBinding *b)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    add_regions(names, b);
    add_lines(names, b);
    if (b->i2c && b->i2c->bus && !b->i2c->channels) {
        add_name(names, b, "bus", "%s", b->i2c->bus);
    }
    if (b->spi && b->spi->bus) {
        add_name(names, b, "bus", "%s", b->spi->bus);
    }
    return names;
}

/*
 * Lines between devices: all outputs of a machine, and where they lead
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/cutils.h"
#include "hw/irq.h"
#include "../fdt-machine.h"
#include "lines.h"

/* Number of references to an input of a device to which no output leads */
#define INPUT_REFS 2

const char *fdt_line_name(const NamedGPIOList *lines, bool output)
{
    return lines->name ?: output ? "unnamed-gpio-out" : "unnamed-gpio-in";
}

Object *fdt_line_input(DeviceState *dev, const NamedGPIOList *lines, int n,
                       char **property)
{
    g_autofree char *name =
        g_strdup_printf("%s[%d]", fdt_line_name(lines, true), n);
    Object *input = object_property_get_link(OBJECT(dev), name, NULL);

    if (property) {
        *property = g_steal_pointer(&name);
    }
    return input;
}

typedef struct LineWalk {
    FdtLineFunc *func;
    void *opaque;
} LineWalk;

static int walk_device(Object *obj, void *opaque)
{
    DeviceState *dev = (DeviceState *)object_dynamic_cast(obj, TYPE_DEVICE);
    LineWalk *walk = opaque;
    NamedGPIOList *lines;

    if (!dev) {
        return 0;
    }
    QLIST_FOREACH(lines, &dev->gpios, node) {
        for (int i = 0; i < lines->num_out; i++) {
            g_autofree char *property = NULL;
            Object *input = fdt_line_input(dev, lines, i, &property);

            if (input && walk->func(dev, property, input, walk->opaque)) {
                return 1;
            }
        }
    }
    return 0;
}

bool fdt_lines_foreach(FdtLineFunc *func, void *opaque)
{
    LineWalk walk = { func, opaque };

    return object_child_foreach_recursive(qdev_get_machine(), walk_device,
                                          &walk);
}

/*
 * Checks of what users connect
 */

/* Cut "[N]" off "NAME[N]" and return N; false if @line has another form */
static bool take_index(char *line, uint64_t *index)
{
    char *bracket = strrchr(line, '[');
    const char *end;

    if (!bracket || qemu_strtou64(bracket + 1, &end, 10, index) ||
        strcmp(end, "]")) {
        return false;
    }
    *bracket = 0;
    return true;
}

/*
 * Words for a message about the property by which a type counts its lines, as
 * ", as its num-irq (96) says"
 */
static char *reason_of_count(DeviceState *dev)
{
    static const char *const counts[] = {
        "num-irq", "num-sources", "num-lines",
    };

    for (unsigned i = 0; i < ARRAY_SIZE(counts); i++) {
        if (object_property_find(OBJECT(dev), counts[i])) {
            g_autofree char *value =
                object_property_print(OBJECT(dev), counts[i], false, NULL);

            return g_strdup_printf("as its %s (%s) says, which is settled when "
                                   "it is added", counts[i], value ?: "?");
        }
    }
    return g_strdup("and its type has no more");
}

static bool explain_index(DeviceState *dev, const char *name, uint64_t index,
                          Error **errp)
{
    NamedGPIOList *lines;

    QLIST_FOREACH(lines, &dev->gpios, node) {
        if (lines->num_in && index >= lines->num_in &&
            g_str_equal(fdt_line_name(lines, false), name)) {
            g_autofree char *path = object_get_canonical_path(OBJECT(dev));
            g_autofree char *reason = reason_of_count(dev);

            error_setg(errp, "%s has no input %s[%" PRIu64 "]: the last one "
                       "is %s[%d], %s", path, name, index, name,
                       lines->num_in - 1, reason);
            return true;
        }
    }
    return false;
}

bool fdt_machine_explain_input(const char *typename, const char *path,
                               Error **errp)
{
    g_autofree char *parent = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    DeviceState *dev = (DeviceState *)
        object_dynamic_cast(object_resolve_path(parent, NULL), TYPE_DEVICE);
    uint64_t index;

    return dev && g_str_equal(typename, TYPE_IRQ) &&
           take_index(name, &index) && explain_index(dev, name, index, errp);
}

typedef struct Rival {
    const Object *output;
    const char *name;
    const Object *input;
    char *found;
} Rival;

static bool find_rival(DeviceState *dev, const char *property, Object *input,
                       void *opaque)
{
    Rival *rival = opaque;
    g_autofree char *path = NULL;

    if (input != rival->input || (OBJECT(dev) == rival->output &&
                                  g_str_equal(property, rival->name))) {
        return false;
    }
    path = object_get_canonical_path(OBJECT(dev));
    rival->found = g_strdup_printf("%s/%s", path, property);
    return true;
}

static void check_free(const Object *obj, const char *name, Object *input,
                       Error **errp)
{
    Object *old = object_property_get_link((Object *)obj, name, NULL);
    Rival rival = { .output = obj, .name = name, .input = input };
    g_autofree char *from = NULL;
    g_autofree char *to = NULL;
    g_autofree char *other = NULL;

    /* An output that leads to the input holds a reference: few need a search */
    if (!old && (input->ref <= INPUT_REFS ||
                 !fdt_lines_foreach(find_rival, &rival))) {
        return;
    }

    from = object_get_canonical_path(obj);
    to = object_get_canonical_path(input);
    if (old) {
        other = object_get_canonical_path(old);
        error_setg(errp, "%s/%s is connected to %s already; for %s as well, "
                   "put a split-irq between, or disconnect it first by "
                   "setting it to \"\"", from, name, other, to);
        return;
    }
    other = rival.found;
    error_setg(errp, "%s is driven by %s already; for %s/%s as well, put an "
               "or-irq between", to, other, from, name);
}

/*
 * Devices that set their outputs whenever an input is set, without a register
 * of which a guest could make use between
 */
static const char *const gates[] = {
    "or-irq", "split-irq", "stm32f4xx-syscfg", "stm32l4x5-syscfg", "tz-msc",
    "tz-ppc",
};

static bool is_gate(const Object *obj)
{
    for (unsigned i = 0; obj && i < ARRAY_SIZE(gates); i++) {
        if (object_dynamic_cast((Object *)obj, gates[i])) {
            return true;
        }
    }
    return false;
}

/* Note the gates to which the outputs of a gate lead, if they are new */
static void follow_outputs(DeviceState *dev, GHashTable *found, GQueue *todo)
{
    NamedGPIOList *lines;

    QLIST_FOREACH(lines, &dev->gpios, node) {
        for (int i = 0; i < lines->num_out; i++) {
            Object *input = fdt_line_input(dev, lines, i, NULL);
            Object *next = input ? input->parent : NULL;

            if (is_gate(next) && !g_hash_table_contains(found, next)) {
                g_hash_table_insert(found, next, dev);
                g_queue_push_tail(todo, next);
            }
        }
    }
}

/* "/machine/peripheral/a, /machine/peripheral/b", from @first to @last */
static char *names_between(GHashTable *found, const Object *first,
                           const Object *last)
{
    g_autofree char *names = object_get_canonical_path(last);

    while (last != first) {
        g_autofree char *rest = g_steal_pointer(&names);
        g_autofree char *path = NULL;

        last = g_hash_table_lookup(found, last);
        path = object_get_canonical_path(last);
        names = g_strdup_printf("%s, %s", path, rest);
    }
    return g_steal_pointer(&names);
}

/*
 * Error if lines lead from the gate that has the input, through other gates, to
 * the gate that has the output
 */
static void check_loop(const Object *obj, const char *name,
                       const Object *input, Error **errp)
{
    Object *first = input->parent;
    g_autoptr(GHashTable) found = NULL;
    g_autoptr(GQueue) todo = NULL;
    Object *gate;

    if (!is_gate(obj) || !is_gate(first)) {
        return;
    }
    found = g_hash_table_new(NULL, NULL);
    todo = g_queue_new();
    g_hash_table_insert(found, first, NULL);
    g_queue_push_tail(todo, first);
    while ((gate = g_queue_pop_head(todo))) {
        if (gate == obj) {
            g_autofree char *from = object_get_canonical_path(obj);
            g_autofree char *to = object_get_canonical_path(input);
            g_autofree char *names = names_between(found, first, gate);

            error_setg(errp, "%s/%s cannot lead to %s: that closes a loop in "
                       "which a level never comes to rest, through %s",
                       from, name, to, names);
            return;
        }
        follow_outputs(DEVICE(gate), found, todo);
    }
}

void fdt_machine_check_line(const Object *obj, const char *name, Object *input,
                            Error **errp)
{
    ERRP_GUARD();

    if (!input ||
        input == object_property_get_link((Object *)obj, name, NULL)) {
        return;
    }
    check_free(obj, name, input, errp);
    if (!*errp) {
        check_loop(obj, name, input, errp);
    }
}

/*
 * Rescues: registers without a model that programs waited for, as the stubs of
 * the type polled-registers tell them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-visit-fdt-machine.h"
#include "qapi/qobject-input-visitor.h"
#include "qemu/error-report.h"
#include "qobject/qlist.h"
#include "qom/object.h"
#include "qom/qom-qobject.h"
#include "system/system.h"
#include "session.h"

#define TYPE_POLLED_REGISTERS   "polled-registers"
#define RESCUES                 "rescues"
#define WORD_BYTES              4
/* What a register counts up by with each read, where one that counts is it */
#define COUNT_STEP              0x100

static int append_rescues(Object *obj, void *opaque)
{
    QList *all = opaque;
    g_autoptr(QList) told = NULL;
    QListEntry *entry;

    if (!object_dynamic_cast(obj, TYPE_POLLED_REGISTERS)) {
        return 0;
    }
    told = qobject_to(QList, object_property_get_qobject(obj, RESCUES,
                                                         &error_abort));
    QLIST_FOREACH_ENTRY(told, entry) {
        qlist_append_obj(all, qobject_ref(qlist_entry_obj(entry)));
    }
    return 0;
}

/* Of all stubs; the caller unrefs */
static QList *list_rescues(void)
{
    QList *all = qlist_new();

    object_child_foreach_recursive(object_get_root(), append_rescues, all);
    return all;
}

void fdt_report_rescues(QDict *report)
{
    QList *all = list_rescues();

    if (qlist_empty(all)) {
        qobject_unref(all);
    } else {
        qdict_put(report, RESCUES, all);
    }
}

/*
 * The overlay: for each node, the words that its registers have to read
 */

typedef struct FdtRescuedWord {
    uint32_t value;
    uint32_t mask;          /* 0: it counts */
    bool both;              /* a bit was waited for in both states */
} FdtRescuedWord;

static gint compare_strings(gconstpointer a, gconstpointer b, gpointer opaque)
{
    return strcmp(a, b);
}

static gint compare_offsets(gconstpointer a, gconstpointer b, gpointer opaque)
{
    int32_t left = GPOINTER_TO_INT(a), right = GPOINTER_TO_INT(b);

    return left < right ? -1 : left > right;
}

static FdtRescuedWord *need_word(GTree *nodes, const char *path, int offset)
{
    GTree *words = g_tree_lookup(nodes, path);
    FdtRescuedWord *word;

    if (!words) {
        words = g_tree_new_full(compare_offsets, NULL, NULL, g_free);
        g_tree_insert(nodes, g_strdup(path), words);
    }
    word = g_tree_lookup(words, GINT_TO_POINTER(offset));
    if (!word) {
        word = g_new0(FdtRescuedWord, 1);
        g_tree_insert(words, GINT_TO_POINTER(offset), word);
    }
    return word;
}

/* @shift: of the first byte of the word within what was read, in bits */
static void add_bits(FdtRescuedWord *word, const FdtMachineRescue *rescue,
                     int shift)
{
    uint64_t changed = rescue->before ^ rescue->value;
    uint32_t mask = shift < 0 ? changed << -shift : changed >> shift;
    uint32_t value = shift < 0 ? rescue->value << -shift
                               : rescue->value >> shift;

    word->both |= (word->mask & mask & (word->value ^ value)) || !changed;
    word->value = (word->value & ~mask) | (value & mask);
    word->mask |= mask;
}

/* A register that is no node's is the root's: its offset is the address */
static void add_rescue(GTree *nodes, const FdtMachineRescue *rescue)
{
    bool is_node = rescue->path[0] == '/';
    int offset = is_node ? rescue->offset : rescue->address;

    for (int at = ROUND_DOWN(offset, WORD_BYTES); at < offset + rescue->size;
         at += WORD_BYTES) {
        FdtRescuedWord *word = need_word(nodes, is_node ? rescue->path : "/",
                                         at);

        if (rescue->counts) {
            *word = (FdtRescuedWord) { .value = COUNT_STEP };
            return;
        }
        add_bits(word, rescue, (at - offset) * 8);
    }
}

static GTree *sort_rescues(void)
{
    g_autoptr(QDict) report = qdict_new();
    GTree *nodes = g_tree_new_full(compare_strings, NULL, g_free,
                                   (GDestroyNotify)g_tree_unref);
    FdtMachineRescueList *list = NULL;
    Visitor *v;

    fdt_report_rescues(report);
    if (qdict_haskey(report, RESCUES)) {
        v = qobject_input_visitor_new(qdict_get(report, RESCUES));
        visit_type_FdtMachineRescueList(v, NULL, &list, &error_abort);
        visit_free(v);
    }
    for (FdtMachineRescueList *l = list; l; l = l->next) {
        add_rescue(nodes, l->value);
    }
    qapi_free_FdtMachineRescueList(list);
    return nodes;
}

static gboolean print_doubt(gpointer key, gpointer value, gpointer opaque)
{
    const FdtRescuedWord *word = value;

    if (word->both) {
        g_string_append_printf(opaque, "    // 0x%x: a bit was waited for in "
                               "both states\n", GPOINTER_TO_INT(key));
    }
    return false;
}

static gboolean print_cells(gpointer key, gpointer value, gpointer opaque)
{
    const FdtRescuedWord *word = value;
    GString *text = opaque;

    if (!word->both) {
        g_string_append_printf(text, "%s<0x%x 0x%x 0x%x>",
                               text->len ? ",\n                 " : "",
                               GPOINTER_TO_INT(key), word->value, word->mask);
    }
    return false;
}

static gboolean print_node(gpointer path, gpointer words, gpointer opaque)
{
    g_autoptr(GString) cells = g_string_new(NULL);
    GString *text = opaque;

    g_string_append_printf(text, "\n&{%s} {\n", (const char *)path);
    g_tree_foreach(words, print_doubt, text);
    g_tree_foreach(words, print_cells, cells);
    if (cells->len) {
        g_string_append_printf(text, "    qemu,reads = %s;\n", cells->str);
    }
    g_string_append(text, "};\n");
    return false;
}

static char *rescue_overlay(void)
{
    GString *text = g_string_new("// What a program waited for; not what the "
                                 "hardware does\n/dts-v1/;\n/plugin/;\n");
    g_autoptr(GTree) nodes = sort_rescues();

    g_tree_foreach(nodes, print_node, text);
    return g_string_free(text, false);
}

static void write_at_exit(Notifier *notifier, void *data)
{
    const FdtSession *session = fdt_machine_get()->session;
    g_autofree char *text = NULL;
    Error *err = NULL;

    if (session && session->options->rescues) {
        text = rescue_overlay();
        if (!fdt_write_file("rescues", session->options->rescues, text,
                            &err)) {
            error_report_err(err);
        }
    }
}

void fdt_write_rescues_at_exit(void)
{
    static Notifier notifier = { .notify = write_at_exit };

    qemu_add_exit_notifier(&notifier);
}

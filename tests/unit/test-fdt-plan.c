/*
 * Plans against golden text
 *
 * Every data/plan/NAME.dts is planned and compared with NAME.out, or, if it
 * is to be refused, its message with NAME.err; every dts/NAME.dts with
 * data/plan/boards/NAME.out.  With FDT_MACHINE_UPDATE=1 in the environment the
 * golden files are written instead.
 *
 * A line `// config: KEY=VALUE ...` in a source stands for the command line:
 *   smp=N m=N[KMG] cpu=TYPE kernel=FILE initrd=FILE append=TEXT firmware=FILE
 *   dtb=FILE       as the options of these names
 *   serials=N      N times -serial; nics=N and drives=INTERFACE,... likewise
 *   virtio-nics    their model is one of virtio; implied-nics: nobody has asked
 *                  for them; cdroms: the drives are of that kind
 *   devices=TYPE,... pci-devices=TYPE,...
 *                  -device that sits on a virtio bus, and that may be on PCI
 *   complete       nobody adds devices later
 *   unmatched=, firmware-addr=N, omit=PATH,..., require=PATH,...,
 *   guest-rules=-NAME,...
 *                  as the keys of -dtb-machine
 *   memory=NODE:ID:SIZE[:REG],...
 *                  memory backends; an empty NODE: the only bank's
 *   mem-path=FILE, page-bits=N
 *                  as -mem-path and -machine minimum-page-bits
 *   virtio=N       transports to add
 *   bindings=NAME.dts,...
 *                  files of bindings, in data/bindings
 *   strict         a tree with findings is refused
 *   without=TYPE   a QOM type that the binary does not have
 *   is=TYPE:BASE,...
 *                  all pairs of a QOM type and one that it is derived from
 *   has=TYPE:PROPERTY:KIND,...
 *                  all properties of these device types; those of others are
 *                  not known
 *   audiodev=ID    the audio backend; nothing after the sign: there is none
 *   taken=ID       an id that the user has taken, for a pl031
 *   guest          print the guest's tree, too
 *   warnings       print the warnings, too
 *   report         print nodes and stubs as the report has them, too
 *   aarch32, aarch64
 *                  the kernel is for that state
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "qapi/error.h"
#include "qemu/cutils.h"
#include "qobject/qjson.h"
#include "qobject/qnum.h"
#include "qobject/qstring.h"
#include "../../hw/fdt-machine/bindings/tables.h"
#include "../../hw/fdt-machine/plan/plan.h"
#include "../../hw/fdt-machine/tree/edit.h"
#include "../dts.h"
#include "../golden.h"
#include "tree-diff.h"

/*
 * Configuration
 */

typedef struct TestConfig {
    FdtPlanConfig config;
    GPtrArray *strings;     /* whatever @config points to */
    uint64_t firmware_addr;
    FdtNicConfig nics[4];
    FdtDriveConfig drives[4];
    FdtMemoryConfig memory[4];
    FdtVirtioConfig devices[40];
    const char *type_without;   /* the binary does not have it; NULL: all */
    const char *id_taken;       /* of a pl031 of the user, or NULL */
    const char *audio_backend;  /* its id; NULL: there is none */
    char **derived;             /* TYPE:BASE */
    char **properties;          /* TYPE:NAME:TYPE OF THE PROPERTY */
    char **binding_files;
    FdtTree *bindings[4];
    bool print_guest;
    bool print_warnings;
    bool print_report;
} TestConfig;

/* What the planner asks: @opaque is the TestConfig */

static bool has_type(const char *type, void *opaque)
{
    const TestConfig *tc = opaque;

    return g_strcmp0(type, tc->type_without) != 0;
}

static bool id_taken(const char *id, void *opaque)
{
    const TestConfig *tc = opaque;

    return g_strcmp0(id, tc->id_taken) == 0;
}

static const char *device_type(const char *id, void *opaque)
{
    return id_taken(id, opaque) ? "pl031" : NULL;
}

static const char *audiodev(void *opaque)
{
    const TestConfig *tc = opaque;

    return tc->audio_backend;
}

/* What follows @prefix in a string of the list; NULL if none begins so */
static const char *find_prefix(char *const *list, const char *prefix)
{
    for (; *list; list++) {
        if (g_str_has_prefix(*list, prefix)) {
            return *list + strlen(prefix);
        }
    }
    return NULL;
}

static bool is_a(const char *type, const char *base, void *opaque)
{
    const TestConfig *tc = opaque;
    g_autofree char *pair = g_strdup_printf("%s:%s", type, base);

    return g_strv_contains((const char *const *)tc->derived, pair);
}

static const char *property_type(const char *type, const char *name,
                                 void *opaque)
{
    const TestConfig *tc = opaque;
    g_autofree char *any = g_strdup_printf("%s:", type);
    g_autofree char *this = g_strdup_printf("%s:%s:", type, name);

    return find_prefix(tc->properties, any) ? find_prefix(tc->properties, this)
                                            : "";
}

static char *keep(TestConfig *tc, char *string)
{
    g_ptr_array_add(tc->strings, string);
    return string;
}

static char **keep_list(TestConfig *tc, const char *value)
{
    char **list = g_strsplit(value, ",", -1);

    for (char **s = list; *s; s++) {
        keep(tc, *s);
    }
    return (char **)keep(tc, (char *)list);
}

static char **numbered(TestConfig *tc, const char *stem, unsigned n)
{
    char **list = g_new0(char *, n + 1);

    for (unsigned i = 0; i < n; i++) {
        list[i] = keep(tc, g_strdup_printf("%s%u", stem, i));
    }
    return (char **)keep(tc, (char *)list);
}

static void config_nics(TestConfig *tc, unsigned n)
{
    char **ids = numbered(tc, "net", n);

    g_assert_cmpuint(n, <=, ARRAY_SIZE(tc->nics));
    for (unsigned i = 0; i < n; i++) {
        tc->nics[i] = (FdtNicConfig) { .netdev = ids[i] };
    }
    tc->config.nics = tc->nics;
    tc->config.num_nics = n;
}

static void config_drives(TestConfig *tc, const char *value)
{
    char **interfaces = keep_list(tc, value);
    unsigned n = g_strv_length(interfaces);
    char **ids = numbered(tc, "drive", n);

    g_assert_cmpuint(n, <=, ARRAY_SIZE(tc->drives));
    for (unsigned i = 0; i < n; i++) {
        tc->drives[i] = (FdtDriveConfig) {
            .id = ids[i], .interface = interfaces[i], .unit = i,
        };
    }
    tc->config.drives = tc->drives;
    tc->config.num_drives = n;
}

static unsigned number(const char *value)
{
    unsigned n;

    g_assert_cmpint(qemu_strtoui(value, NULL, 10, &n), ==, 0);
    return n;
}

static void config_memory(TestConfig *tc, const char *value)
{
    char **entries = keep_list(tc, value);
    unsigned n = g_strv_length(entries);

    g_assert_cmpuint(n, <=, ARRAY_SIZE(tc->memory));
    for (unsigned i = 0; i < n; i++) {
        g_auto(GStrv) parts = g_strsplit(entries[i], ":", -1);
        FdtMemoryConfig *memory = &tc->memory[i];

        g_assert_cmpuint(g_strv_length(parts), >=, 3);
        memory->node = parts[0][0] ? keep(tc, g_strdup(parts[0])) : NULL;
        memory->memdev = keep(tc, g_strdup(parts[1]));
        memory->reg = parts[3] ? number(parts[3]) : -1;
        g_assert_cmpint(qemu_strtosz(parts[2], NULL, &memory->size), ==, 0);
    }
    tc->config.memory = tc->memory;
    tc->config.num_memory = n;
}

static void config_devices(TestConfig *tc, const char *value, bool pci)
{
    for (char **driver = keep_list(tc, value); *driver; driver++) {
        unsigned i = tc->config.num_virtio_devices++;

        g_assert_cmpuint(i, <, ARRAY_SIZE(tc->devices));
        tc->devices[i] = (FdtVirtioConfig) { .driver = *driver, .pci = pci };
    }
    tc->config.virtio_devices = tc->devices;
}

/* Words that say more of the NICs and drives that are there */
static bool config_backends(TestConfig *tc, const char *word)
{
    for (unsigned i = 0; i < ARRAY_SIZE(tc->nics); i++) {
        tc->nics[i].virtio |= g_str_equal(word, "virtio-nics");
        tc->nics[i].implied |= g_str_equal(word, "implied-nics");
        tc->drives[i].cdrom |= g_str_equal(word, "cdroms");
    }
    return g_str_equal(word, "virtio-nics") ||
           g_str_equal(word, "implied-nics") || g_str_equal(word, "cdroms");
}

static FdtUnmatched unmatched_value(const char *value)
{
    if (g_str_equal(value, "error")) {
        return FDT_UNMATCHED_ERROR;
    }
    if (g_str_equal(value, "poll")) {
        return FDT_UNMATCHED_POLL;
    }
    g_assert_cmpstr(value, ==, "ignore");
    return FDT_UNMATCHED_IGNORE;
}

static void config_size(TestConfig *tc, const char *value)
{
    g_assert_cmpint(qemu_strtosz_MiB(value, NULL, &tc->config.ram_size), ==,
                    0);
}

/* Keys that are a string of the configuration as it stands */
static const struct {
    const char *key;
    size_t offset;
} string_keys[] = {
    { "cpu", offsetof(FdtPlanConfig, cpu_type) },
    { "kernel", offsetof(FdtPlanConfig, kernel) },
    { "initrd", offsetof(FdtPlanConfig, initrd) },
    { "append", offsetof(FdtPlanConfig, append) },
    { "firmware", offsetof(FdtPlanConfig, firmware) },
    { "dtb", offsetof(FdtPlanConfig, dtb) },
    { "mem-path", offsetof(FdtPlanConfig, mem_path) },
};

static bool config_string(TestConfig *tc, const char *key, const char *value)
{
    for (int i = 0; i < ARRAY_SIZE(string_keys); i++) {
        if (g_str_equal(key, string_keys[i].key)) {
            *(const char **)((char *)&tc->config + string_keys[i].offset) =
                keep(tc, g_strdup(value));
            return true;
        }
    }
    return false;
}

static void config_key(TestConfig *tc, const char *key, const char *value)
{
    FdtPlanConfig *config = &tc->config;

    if (config_string(tc, key, value) || config_backends(tc, key)) {
        return;
    }
    if (g_str_equal(key, "smp")) {
        config->cpus = number(value);
    } else if (g_str_equal(key, "m")) {
        config_size(tc, value);
    } else if (g_str_equal(key, "memory")) {
        config_memory(tc, value);
    } else if (g_str_equal(key, "page-bits")) {
        config->page_bits = number(value);
    } else if (g_str_equal(key, "virtio")) {
        config->virtio = number(value);
    } else if (g_str_equal(key, "serials")) {
        config->serials = numbered(tc, "serial", number(value));
    } else if (g_str_equal(key, "nics")) {
        config_nics(tc, number(value));
    } else if (g_str_equal(key, "drives")) {
        config_drives(tc, value);
    } else if (g_str_equal(key, "devices") ||
               g_str_equal(key, "pci-devices")) {
        config_devices(tc, value, *key == 'p');
    } else if (g_str_equal(key, "complete")) {
        config->complete = true;
    } else if (g_str_equal(key, "unmatched")) {
        config->unmatched = unmatched_value(value);
    } else if (g_str_equal(key, "firmware-addr")) {
        tc->firmware_addr = g_ascii_strtoull(value, NULL, 0);
        config->firmware_addr = &tc->firmware_addr;
    } else if (g_str_equal(key, "omit")) {
        config->omit = keep_list(tc, value);
    } else if (g_str_equal(key, "require")) {
        config->require = keep_list(tc, value);
    } else if (g_str_equal(key, "guest-rules")) {
        config->guest_rules = keep_list(tc, value);
    } else if (g_str_equal(key, "bindings")) {
        tc->binding_files = keep_list(tc, value);
    } else if (g_str_equal(key, "is")) {
        tc->derived = keep_list(tc, value);
        config->is_a = is_a;
    } else if (g_str_equal(key, "has")) {
        tc->properties = keep_list(tc, value);
        config->property_type = property_type;
    } else if (g_str_equal(key, "without")) {
        tc->type_without = keep(tc, g_strdup(value));
        config->has_type = has_type;
    } else if (g_str_equal(key, "audiodev")) {
        tc->audio_backend = *value ? keep(tc, g_strdup(value)) : NULL;
        config->audiodev = audiodev;
    } else if (g_str_equal(key, "taken")) {
        tc->id_taken = keep(tc, g_strdup(value));
        config->id_taken = id_taken;
        config->device_type = device_type;
    } else if (g_str_equal(key, "aarch32")) {
        config->aarch32 = true;
    } else if (g_str_equal(key, "aarch64")) {
        config->aarch64 = true;
    } else if (g_str_equal(key, "strict")) {
        config->strict = true;
    } else if (g_str_equal(key, "report")) {
        tc->print_report = true;
    } else if (g_str_equal(key, "guest")) {
        tc->print_guest = true;
    } else if (g_str_equal(key, "warnings")) {
        tc->print_warnings = true;
    } else {
        g_error("config: unknown key '%s'", key);
    }
}

static void config_line(TestConfig *tc, const char *line)
{
    g_auto(GStrv) words = g_strsplit_set(line, " \r", -1);

    for (char **word = words; *word; word++) {
        g_auto(GStrv) pair = g_strsplit(*word, "=", 2);

        if (pair[0] && pair[0][0]) {
            config_key(tc, pair[0], pair[1] ?: "");
        }
    }
}

static void config_init(TestConfig *tc, const char *source)
{
    static const char mark[] = "// config:";
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    *tc = (TestConfig) { .strings = g_ptr_array_new_with_free_func(g_free) };
    tc->config.opaque = tc;
    g_assert_true(g_file_get_contents(source, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (g_str_has_prefix(*line, mark)) {
            config_line(tc, *line + strlen(mark));
        }
    }
}

static bool config_load_bindings(TestConfig *tc, Error **errp)
{
    g_autofree char *dir = dts_dir("data/bindings");
    unsigned n = tc->binding_files ? g_strv_length(tc->binding_files) : 0;

    g_assert_cmpuint(n, <, ARRAY_SIZE(tc->bindings));
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *blob = dts_compile(dir, tc->binding_files[i]);

        tc->bindings[i] = fdt_tree_load_alone(blob, "qemu,bindings", errp);
        if (!tc->bindings[i]) {
            return false;
        }
    }
    tc->config.bindings = tc->bindings;
    return true;
}

static void config_clear(TestConfig *tc)
{
    for (unsigned i = 0; i < ARRAY_SIZE(tc->bindings); i++) {
        fdt_tree_free(tc->bindings[i]);
    }
    g_ptr_array_unref(tc->strings);
}

/*
 * Printing
 */

static gint key_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *sorted_keys(const QDict *dict)
{
    GPtrArray *keys = g_ptr_array_new();
    const QDictEntry *e;

    for (e = qdict_first(dict); e; e = qdict_next(dict, e)) {
        g_ptr_array_add(keys, (gpointer)qdict_entry_key(e));
    }
    g_ptr_array_sort(keys, key_compare);
    return keys;
}

/*
 * A command holds its numbers in decimal, as JSON wants them.  What a reader
 * compares with a tree or a manual (an address, a size, a mask) is printed in
 * hexadecimal; frequencies and small counts are not.
 */
static bool is_hexadecimal(const char *key, const QObject *value,
                           uint64_t *number)
{
    const QNum *num = qobject_to(QNum, value);

    return num && qnum_get_try_uint(num, number) && *number >= 0x1000 &&
           !strstr(key, "freq");
}

static void print_value(GString *out, const char *key, const QObject *value)
{
    g_autoptr(GString) json = NULL;
    uint64_t number;

    if (g_str_equal(key, "dtb-data")) {
        g_string_append(out, "\"...\"");
        return;
    }
    if (is_hexadecimal(key, value, &number)) {
        g_string_append_printf(out, "0x%" PRIx64, number);
        return;
    }
    json = qobject_to_json(value);
    g_string_append(out, json->str);
}

static void print_command(GString *out, const QDict *command)
{
    const QDict *args = qdict_get_qdict(command, "arguments");
    g_autoptr(GPtrArray) keys = sorted_keys(args);

    g_string_append(out, qdict_get_str(command, "execute"));
    g_string_append(out, " {");
    for (unsigned i = 0; i < keys->len; i++) {
        const char *key = g_ptr_array_index(keys, i);

        g_string_append_printf(out, "%s\"%s\": ", i ? ", " : "", key);
        print_value(out, key, qdict_get(args, key));
    }
    g_string_append(out, "}\n");
}

static void print_node(GString *out, const QDict *node)
{
    const char *driver = qdict_get_try_str(node, "driver");
    const char *reason = qdict_get_try_str(node, "reason");

    g_string_append_printf(out, "  %s: %s", qdict_get_str(node, "path"),
                           qdict_get_str(node, "verdict"));
    if (driver) {
        g_string_append_printf(out, " %s/%s", driver,
                               qdict_get_str(node, "id"));
    }
    if (reason) {
        g_string_append_printf(out, " (%s)", reason);
    }
    g_string_append_c(out, '\n');
}

static void print_edit(GString *out, const QDict *edit)
{
    const char *property = qdict_get_try_str(edit, "property");

    g_string_append_printf(out, "  %s: %s: %s%s%s\n",
                           qdict_get_str(edit, "rule"),
                           qdict_get_str(edit, "path"),
                           property ?: "", property ? ": " : "",
                           qdict_get_str(edit, "text"));
}

static void print_finding(GString *out, const QDict *finding)
{
    const char *property = qdict_get_try_str(finding, "property");

    g_string_append_printf(out, "  %s: %s%s%s\n",
                           qdict_get_str(finding, "path"),
                           property ?: "", property ? ": " : "",
                           qdict_get_str(finding, "text"));
}

static void print_backend(GString *out, const QDict *backend)
{
    g_string_append_printf(out, "  %s %s: %s\n",
                           qdict_get_str(backend, "kind"),
                           qdict_get_str(backend, "id"),
                           qdict_get_try_str(backend, "path") ?:
                           qdict_get_str(backend, "text"));
}

typedef void PrintEntry(GString *out, const QDict *entry);

static void print_list(GString *out, const QDict *report, const char *key,
                       PrintEntry *print)
{
    const QListEntry *e;
    QList *list = qdict_get_qlist(report, key);

    if (qlist_empty(list)) {
        return;
    }
    g_string_append_printf(out, "%s:\n", key);
    QLIST_FOREACH_ENTRY(list, e) {
        print(out, qobject_to(QDict, qlist_entry_obj(e)));
    }
}

static void print_prop(GString *out, const FdtProp *prop)
{
    bool text = prop->len && !prop->data[prop->len - 1] && prop->data[0];

    for (unsigned i = 0; text && i + 1 < prop->len; i++) {
        text = g_ascii_isprint(prop->data[i]) ||
               (!prop->data[i] && prop->data[i + 1]);
    }
    g_string_append_printf(out, "    %s =", prop->name);
    for (unsigned i = 0; text && i < prop->len;
         i += strlen((char *)prop->data + i) + 1) {
        g_string_append_printf(out, " \"%s\"", (char *)prop->data + i);
    }
    for (unsigned i = 0; !text && i < prop->len; i++) {
        g_string_append_printf(out, "%s%02x", i % 4 ? "" : " ",
                               prop->data[i]);
    }
    g_string_append_c(out, '\n');
}

static void print_guest(GString *out, const FdtTree *tree)
{
    g_string_append(out, "guest:\n");
    for (const FdtNode *node = fdt_tree_root(tree); node;
         node = fdt_node_next(node)) {
        g_string_append_printf(out, "  %s\n", node->path);
        for (unsigned i = 0; i < node->props->len; i++) {
            print_prop(out, g_ptr_array_index(node->props, i));
        }
    }
}

/* The same text wherever the temporary files are */
static char *without_dir(const char *text)
{
    g_autofree char *temp = dts_temp("x");
    g_autofree char *dir = g_strndup(temp, strlen(temp) - 1);
    g_auto(GStrv) parts = g_strsplit(text, dir, -1);

    return g_strjoinv("", parts);
}

static void print_warnings(GString *out, const QDict *report)
{
    const QListEntry *e;

    g_string_append(out, "warnings:\n");
    QLIST_FOREACH_ENTRY(qdict_get_qlist(report, "warnings"), e) {
        g_autofree char *text = without_dir(qstring_get_str(
            qobject_to(QString, qlist_entry_obj(e))));

        g_string_append_printf(out, "  %s\n", text);
    }
}

/* What no other part of the golden file has: all members of nodes and stubs */
static void print_report(GString *out, const QDict *report)
{
    static const char *const keys[] = { "nodes", "stubs" };

    for (unsigned i = 0; i < ARRAY_SIZE(keys); i++) {
        g_autoptr(GString) json = qobject_to_json_pretty(
            qdict_get(report, keys[i]), true);

        g_string_append_printf(out, "report %s:\n%s\n", keys[i], json->str);
    }
}

static char *print_plan(const FdtPlan *plan, const TestConfig *tc)
{
    g_autoptr(QDict) report = fdt_plan_report(plan);
    GString *out = g_string_new(NULL);

    g_string_append_printf(out, "command line: %s\n",
                           qdict_get_str(report, "command-line"));
    print_list(out, report, "nodes", print_node);
    print_list(out, report, "findings", print_finding);
    print_list(out, report, "backends", print_backend);
    g_string_append(out, "commands:\n");
    for (unsigned i = 0; i < fdt_plan_num_steps(plan); i++) {
        print_command(out, fdt_plan_step(plan, i)->command);
    }
    print_list(out, report, "edits", print_edit);
    if (tc->print_warnings) {
        print_warnings(out, report);
    }
    if (tc->print_report) {
        print_report(out, report);
    }
    if (tc->print_guest) {
        print_guest(out, fdt_plan_guest_tree(plan));
    }
    return g_string_free(out, false);
}

typedef struct Case {
    char *source_dir;
    char *name;
    char *golden_dir;
} Case;

static FdtTree *load_tree(const Case *c, Error **errp)
{
    g_autofree char *file = g_strconcat(c->name, ".dts", NULL);
    g_autofree char *overlay = g_strconcat(c->name, ".dtso", NULL);
    g_autofree char *source = g_build_filename(c->source_dir, overlay, NULL);
    g_autofree char *blob = dts_compile(c->source_dir, file);
    g_autofree char *blob2 = NULL;
    char *overlays[] = { NULL, NULL };

    if (g_file_test(source, G_FILE_TEST_EXISTS)) {
        blob2 = overlays[0] = dts_compile(c->source_dir, overlay);
    }
    return fdt_tree_load(blob, overlays, errp);
}

static void test_case(gconstpointer data)
{
    const Case *c = data;
    g_autofree char *source = g_strdup_printf("%s/%s.dts", c->source_dir,
                                              c->name);
    g_autofree char *out = g_strdup_printf("%s/%s.out", c->golden_dir,
                                           c->name);
    g_autofree char *err = g_strdup_printf("%s/%s.err", c->golden_dir,
                                           c->name);
    g_autofree char *text = NULL, *message = NULL;
    g_autoptr(FdtTree) tree = NULL;
    g_autoptr(FdtPlan) plan = NULL;
    Error *error = NULL;
    TestConfig tc;

    config_init(&tc, source);
    tree = load_tree(c, &error);
    plan = tree && config_load_bindings(&tc, &error)
           ? fdt_plan_new(tree, &tc.config, &error) : NULL;
    if (plan) {
        g_assert_null(error);
        text = print_plan(plan, &tc);
        message = without_dir(text);
        golden_compare(out, err, message);
    } else {
        g_assert_nonnull(error);
        message = without_dir(error_get_pretty(error));
        text = g_strconcat(message, "\n", NULL);
        golden_compare(err, out, text);
        error_free(error);
    }
    config_clear(&tc);
}

/* The same tree gives the same plan, also when it is planned a second time */
static void test_repeat(gconstpointer data)
{
    const Case *c = data;
    g_autoptr(FdtTree) tree = load_tree(c, &error_abort);
    FdtPlanConfig config = { .kernel = "Image" };
    g_autoptr(FdtPlan) first = fdt_plan_new(tree, &config, &error_abort);
    g_autoptr(FdtPlan) second = fdt_plan_new(tree, &config, &error_abort);
    g_autofree char *a = fdt_plan_to_qmp(first);
    g_autofree char *b = fdt_plan_to_qmp(second);

    g_assert_cmpstr(a, ==, b);
    for (unsigned i = 0; i < fdt_plan_num_steps(first); i++) {
        g_assert_cmpstr(fdt_plan_step(first, i)->path, ==,
                        fdt_plan_step(second, i)->path);
    }
}

/*
 * The report lists the differences between the tree that was loaded and the
 * guest's, and nothing else, whatever rule is switched off
 */

static GHashTable *listed_edits(const FdtPlan *plan, const char *off)
{
    GHashTable *edits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                              NULL);
    g_autoptr(QList) list = fdt_plan_edits(plan);
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(list, e) {
        const QDict *edit = qobject_to(QDict, qlist_entry_obj(e));
        const char *property = qdict_get_try_str(edit, "property");
        const char *path = qdict_get_str(edit, "path");

        g_assert_cmpstr(qdict_get_str(edit, "rule"), !=, off);
        g_assert_true(g_hash_table_add(edits, property
                                       ? g_strdup_printf("%s %s", path,
                                                         property)
                                       : g_strdup(path)));
    }
    return edits;
}

/* Says which strings are in one of the sets only */
static void compare_sets(GHashTable *a, GHashTable *b, const char *text,
                         const char *rule)
{
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, a);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        if (!g_hash_table_contains(b, key)) {
            g_test_message("%s %s (rule %s is off)", (char *)key, text, rule);
            g_test_fail();
        }
    }
}

static void check_edits(const FdtTree *tree, const FdtPlan *plan,
                        const char *rule)
{
    g_autoptr(GByteArray) from = fdt_tree_flatten(tree, 0, &error_abort);
    g_autoptr(GByteArray) to = fdt_tree_flatten(fdt_plan_guest_tree(plan), 0,
                                                &error_abort);
    g_autoptr(GHashTable) diff = tree_diff(from->data, to->data);
    g_autoptr(GHashTable) edits = listed_edits(plan, rule);

    compare_sets(diff, edits, "differs, and the report does not say so", rule);
    compare_sets(edits, diff, "is in the report, and does not differ", rule);
}

/* Once with all rules, then with one after the other switched off */
static void test_edits(gconstpointer data)
{
    const Case *c = data;
    g_autofree char *source = g_strdup_printf("%s/%s.dts", c->source_dir,
                                              c->name);
    g_autoptr(FdtTree) tree = load_tree(c, NULL);
    const char *rule = "none", *reason;
    TestConfig tc;

    config_init(&tc, source);
    if (!config_load_bindings(&tc, NULL)) {
        g_clear_pointer(&tree, fdt_tree_free);
    }
    for (unsigned i = 0; tree && rule; rule = fdt_guest_rule(i++, &reason)) {
        g_autofree char *word = g_strdup_printf("-%s", rule);
        char *words[] = { i ? word : NULL, NULL };
        g_autoptr(FdtPlan) plan = NULL;

        if (i) {
            tc.config.guest_rules = words;
        }
        plan = fdt_plan_new(tree, &tc.config, NULL);
        if (plan) {
            check_edits(tree, plan, rule);
        }
    }
    config_clear(&tc);
}

/*
 * What a user has connected to another input, in data/plan/rewired.dts: the
 * guest's node says it if its specifier has the number of the input, and else
 * is left alone
 */

typedef struct Rewired {
    FdtChange change;
    bool said;
    unsigned cell;          /* of `interrupts` of the node, afterwards: */
    uint32_t value;
} Rewired;

#define REWIRED(node, output, gate, before, after) { \
    .kind = FDT_CHANGE_REWIRED, .path = node, .line = output, \
    .controller = gate, .from = before, .to = after }
#define REWIRED_GIC         "/interrupt-controller@10490000"
#define REWIRED_COMBINER    "/interrupt-controller@10440000"

static const Rewired rewired[] = {
    { REWIRED("/serial@10000000", "sysbus-irq[0]", REWIRED_GIC, 40, 50),
      true, 1, 50 },
    /* Once more, and from where it is not any more */
    { REWIRED("/serial@10000000", "sysbus-irq[0]", REWIRED_GIC, 50, 60),
      true, 1, 60 },
    { REWIRED("/serial@10000000", "sysbus-irq[0]", REWIRED_GIC, 40, 61),
      false, 1, 60 },
    { REWIRED("/serial@10000000", "sysbus-irq[0]", NULL, 60, 62),
      false, 1, 60 },
    { REWIRED("/shared@10002000", "sysbus-irq[1]", REWIRED_GIC, 42, 3),
      true, 4, 3 },
    /* The inputs of an or-irq have numbers of their own */
    { REWIRED("/shared@10001000", "sysbus-irq[0]", REWIRED_GIC, 0, 1),
      false, 1, 3 },
    /* <1 2> is input 10 of the combiner, and <10 0> is not */
    { REWIRED("/combined@10003000", "sysbus-irq[1]", REWIRED_COMBINER, 10, 11),
      false, 0, 10 },
};

static void test_rewired(void)
{
    Case c = { .source_dir = dts_dir("data/plan"), .name = (char *)"rewired" };
    g_autoptr(FdtTree) tree = load_tree(&c, &error_abort);
    FdtPlanConfig config = { 0 };
    g_autoptr(FdtPlan) plan = fdt_plan_new(tree, &config, &error_abort);

    for (int i = 0; i < ARRAY_SIZE(rewired); i++) {
        const FdtChange *change = &rewired[i].change;
        bool said = fdt_plan_change(plan, change);
        const FdtNode *node = fdt_tree_find(fdt_plan_guest_tree(plan),
                                            change->path);
        uint32_t value = 0;

        fdt_node_u32_index(node, "interrupts", rewired[i].cell, &value);
        g_test_message("%s: %s to %u", change->path, change->line,
                       (unsigned)change->to);
        g_assert_cmpint(said, ==, rewired[i].said);
        g_assert_cmpuint(value, ==, rewired[i].value);
    }
    g_free(c.source_dir);
}

/*
 * The tables
 */

/* A row without a type may be modelled by lines of other devices */
static bool has_hook(const FdtBinding *b)
{
    return b->plan || b->connect || b->finish || b->is & FDT_REGISTERS;
}

static void check_row(GHashTable *seen, const FdtBinding *b)
{
    if (!g_hash_table_add(seen, (gpointer)b->compatible)) {
        g_test_message("%s is twice in the tables", b->compatible);
        g_test_fail();
    }
    if (!b->compatible[0] || (b->type && !b->type[0])) {
        g_test_message("'%s': an empty compatible or type", b->compatible);
        g_test_fail();
    }
    if (!b->type && !b->reason) {
        g_test_message("%s has neither a type nor a reason", b->compatible);
        g_test_fail();
    }
    if (!b->type && b->verdict != FDT_VERDICT_IGNORED &&
        b->verdict != FDT_VERDICT_STRUCTURE && !has_hook(b)) {
        g_test_message("%s: verdict %s without a type", b->compatible,
                       fdt_verdict_name(b->verdict));
        g_test_fail();
    }
    if (b->type && b->reason) {
        g_test_message("%s: a type and a reason not to have one",
                       b->compatible);
        g_test_fail();
    }
}

static void test_tables(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (int t = 0; fdt_binding_tables[t]; t++) {
        g_assert_nonnull(fdt_binding_tables[t]->compatible);
        for (const FdtBinding *b = fdt_binding_tables[t]; b->compatible; b++) {
            check_row(seen, b);
        }
    }
}

/*
 * Hooks: a node of every row, with what its hooks may rely on missing or wrong.
 * There is nothing to compare with: what counts is that the planner gives a
 * plan or an error, and that the sanitizers have nothing to say.
 */

/* The fault of a node, or of the bus above it */
typedef struct Fault {
    const char *name;
    void (*spoil)(FdtNode *node);
} Fault;

static void set_words(FdtNode *node, const char *name, unsigned num_words,
                      uint32_t first)
{
    uint32_t words[8] = { first, 0x1000, first + 0x1000, 0x1000 };

    fdt_node_set_cells(node, name, words, num_words);
}

static void no_fault(FdtNode *node)
{
}

static void no_reg(FdtNode *node)
{
    fdt_node_remove_prop(node, "reg");
}

static void empty_reg(FdtNode *node)
{
    fdt_node_set_empty(node, "reg");
}

static void one_reg(FdtNode *node)
{
    set_words(node, "reg", 2, 0x20000000);
}

static void reg_without_size(FdtNode *node)
{
    const uint32_t words[] = { 0x20000000, 0 };

    fdt_node_set_cells(node, "reg", words, ARRAY_SIZE(words));
}

static void odd_reg(FdtNode *node)
{
    set_words(node, "reg", 3, 0x20000000);
}

static void reg_of_bytes(FdtNode *node)
{
    fdt_node_set(node, "reg", "\1\2\3", 3);
}

/* No bus translates its reg: absent ranges (2.3.8) */
static void unmapped_reg(FdtNode *node)
{
    fdt_node_remove_prop(node->parent, "ranges");
}

static void no_interrupts(FdtNode *node)
{
    fdt_node_remove_prop(node, "interrupts");
}

static void odd_interrupts(FdtNode *node)
{
    set_words(node, "interrupts", 4, 0);
}

static void interrupts_of_bytes(FdtNode *node)
{
    fdt_node_set(node, "interrupts", "\1", 1);
}

static void many_address_cells(FdtNode *node)
{
    fdt_node_set_u32(node->parent, "#address-cells", 0x80000000);
}

static void no_address_cells(FdtNode *node)
{
    fdt_node_set_u32(node->parent, "#address-cells", 0);
}

/* Phandles that lead nowhere, and to a node that is no provider */
static void lost_phandles(FdtNode *node)
{
    static const char *const props[] = {
        "clocks", "gpios", "cs-gpios", "dmas", "mboxes", "phy-handle", "phy",
        "memory-region", "regmap", "interrupt-affinity", "iommus",
    };
    const uint32_t cells[] = { 0x7fffffff, 1 };

    for (int i = 0; i < ARRAY_SIZE(props); i++) {
        fdt_node_set_cells(node, props[i], cells, ARRAY_SIZE(cells));
    }
}

static const Fault faults[] = {
    { "none", no_fault }, { "no reg", no_reg }, { "an empty reg", empty_reg },
    { "one entry of reg", one_reg }, { "a reg of size 0", reg_without_size },
    { "a reg that is no number of entries", odd_reg },
    { "a reg that is no number of cells", reg_of_bytes },
    { "a reg without address", unmapped_reg },
    { "no interrupts", no_interrupts },
    { "interrupts that are no number of specifiers", odd_interrupts },
    { "interrupts that are no number of cells", interrupts_of_bytes },
    { "too many address cells", many_address_cells },
    { "no address cells", no_address_cells },
    { "phandles that lead nowhere", lost_phandles },
};

/* Below a bus, with registers, interrupts, and the cells of all providers */
static FdtNode *add_faulty_node(FdtTree *tree, const char *compatible,
                                const Fault *fault)
{
    static const char *const cells[] = {
        "#interrupt-cells", "#gpio-cells", "#clock-cells", "#mbox-cells",
    };
    const uint32_t specifiers[] = { 0, 10, 4, 0, 11, 4, 0, 12, 4 };
    FdtNode *bus = fdt_node_add_child(fdt_tree_root(tree), "bus");
    FdtNode *node = fdt_node_add_child(bus, "device@20000000");

    fdt_node_set_string(bus, "compatible", "simple-bus");
    fdt_node_set_u32(bus, "#address-cells", 1);
    fdt_node_set_u32(bus, "#size-cells", 1);
    fdt_node_set_empty(bus, "ranges");
    fdt_node_set_string(node, "compatible", compatible);
    set_words(node, "reg", 4, 0x20000000);
    fdt_node_set_cells(node, "interrupts", specifiers, ARRAY_SIZE(specifiers));
    for (int i = 0; i < ARRAY_SIZE(cells); i++) {
        fdt_node_set_u32(node, cells[i], 2);
    }
    fault->spoil(node);
    return node;
}

static void check_hooks(const FdtTree *base, const FdtBinding *b,
                        const Fault *fault)
{
    g_autoptr(FdtTree) tree = fdt_tree_copy(base);
    FdtPlanConfig config = { .kernel = "Image" };
    g_autoptr(FdtPlan) plan = NULL;
    Error *err = NULL;

    add_faulty_node(tree, b->compatible, fault);
    plan = fdt_plan_new(tree, &config, &err);
    if (!plan == !err) {
        g_test_message("%s with %s: neither a plan nor an error",
                       b->compatible, fault->name);
        g_test_fail();
    }
    error_free(err);
}

/* In a tree of Arm, and in one of RISC-V */
static void test_hooks(gconstpointer name)
{
    g_autofree char *dir = dts_dir("data/plan");
    g_autofree char *blob = dts_compile(dir, name);
    g_autoptr(FdtTree) base = fdt_tree_load(blob, NULL, &error_abort);

    for (int t = 0; fdt_binding_tables[t]; t++) {
        for (const FdtBinding *b = fdt_binding_tables[t]; b->compatible; b++) {
            for (int i = 0; i < ARRAY_SIZE(faults); i++) {
                check_hooks(base, b, &faults[i]);
            }
        }
    }
}

/* The user guide has every rule for the guest's tree */
static void test_rules(void)
{
    g_autofree char *docs = dts_dir("../docs");
    g_autofree char *path = g_build_filename(docs, "user-guide.md", NULL);
    g_autofree char *guide = NULL;
    const char *reason;

    g_assert_true(g_file_get_contents(path, &guide, NULL, NULL));
    for (unsigned i = 0; fdt_guest_rule(i, &reason); i++) {
        g_autofree char *row = g_strdup_printf("| `%s` |",
                                               fdt_guest_rule(i, &reason));

        if (!strstr(guide, row)) {
            g_test_message("%s has no row %s", path, row);
            g_test_fail();
        }
    }
}

/*
 * All cases
 */

static void case_free(gpointer data)
{
    Case *c = data;

    g_free(c->source_dir);
    g_free(c->golden_dir);
    g_free(c->name);
    g_free(c);
}

static unsigned add_cases(const char *prefix, const char *sources,
                          const char *goldens, GTestDataFunc test)
{
    g_autofree char *dir = dts_dir(sources);
    g_autoptr(GPtrArray) names = dts_list(dir, ".dts");

    for (unsigned i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *path = g_strdup_printf("/plan/%s/%s", prefix, name);
        Case *c = g_new0(Case, 1);

        c->source_dir = g_strdup(dir);
        c->golden_dir = dts_dir(goldens);
        c->name = g_strdup(name);
        g_test_add_data_func_full(path, c, test, case_free);
    }
    return names->len;
}

/* A golden file without its source tests nothing */
static void test_strays(gconstpointer sources)
{
    g_autofree char *dir = dts_dir(sources);
    g_autofree char *golden = dts_dir(g_str_equal(sources, "data/plan")
                                      ? sources : "data/plan/boards");
    static const char *const suffixes[] = { ".out", ".err" };

    for (int s = 0; s < ARRAY_SIZE(suffixes); s++) {
        g_autoptr(GPtrArray) names = dts_list(golden, suffixes[s]);

        for (unsigned i = 0; i < names->len; i++) {
            g_autofree char *source = g_strdup_printf(
                "%s/%s.dts", dir, (char *)g_ptr_array_index(names, i));

            if (!g_file_test(source, G_FILE_TEST_EXISTS)) {
                g_test_message("a golden file, but no %s", source);
                g_test_fail();
            }
        }
    }
}

int main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/tables", test_tables);
    g_test_add_func("/plan/rules", test_rules);
    g_test_add_data_func("/plan/hooks/arm", "ns16550.dts", test_hooks);
    g_test_add_data_func("/plan/hooks/riscv", "riscv.dts", test_hooks);
    g_assert_cmpuint(add_cases("cases", "data/plan", "data/plan", test_case),
                     >, 0);
    g_assert_cmpuint(add_cases("boards", "../dts", "data/plan/boards",
                               test_case), >, 0);
    g_test_add_func("/plan/rewired", test_rewired);
    add_cases("repeat", "../dts", "data/plan/boards", test_repeat);
    add_cases("edits", "data/plan", "data/plan", test_edits);
    add_cases("edits-of-boards", "../dts", "data/plan/boards", test_edits);
    g_test_add_data_func("/plan/strays/cases", "data/plan", test_strays);
    g_test_add_data_func("/plan/strays/boards", "../dts", test_strays);
    result = g_test_run();
    dts_clean();
    return result;
}

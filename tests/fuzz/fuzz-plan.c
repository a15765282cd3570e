/*
 * Plans of trees that were made by chance
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/id.h"
#include "qemu/units.h"
#include "fuzz-plan.h"

/* So many of the next bits of what is left to choose */
static unsigned choose(uint32_t *choices, unsigned bits)
{
    unsigned choice = *choices & ((1u << bits) - 1);

    *choices >>= bits;
    return choice;
}

static char *const serials[] = {
    (char *)"serial0", (char *)"", (char *)"serial2", NULL
};
static const FdtNicConfig nics[] = {
    { "net0", NULL }, { "net1", "52:54:00:12:34:56" }, { "net2", NULL },
};
static const FdtDriveConfig drives[] = {
    { "card", "sd" }, { "flash", "pflash" }, { "chip", "mtd" },
};
static const FdtMemoryConfig memory = {
    .reg = -1, .memdev = "mem0", .size = 128 * MiB
};
static char *const omit[] = { (char *)"/soc", NULL };

static void choose_boot(FdtPlanConfig *config, uint32_t *choices)
{
    if (choose(choices, 1)) {
        config->kernel = "Image";
        config->aarch32 = choose(choices, 1);
        config->initrd = choose(choices, 1) ? "initrd" : NULL;
        config->append = choose(choices, 1) ? "quiet" : NULL;
        config->dtb = choose(choices, 2) == 3 ? "other.dtb" : NULL;
    } else if (choose(choices, 1)) {
        config->firmware = "firmware";
    }
}

static void choose_machine(FdtPlanConfig *config, uint32_t *choices)
{
    static const uint64_t sizes[] = { 0, 64 * MiB, 128 * MiB, 5 * GiB };
    static const unsigned transports[] = { 0, 1, 4, 32 };

    config->cpus = choose(choices, 2);
    config->ram_size = sizes[choose(choices, 2)];
    config->unmatched = choose(choices, 2) % (FDT_UNMATCHED_IGNORE + 1);
    config->virtio = transports[choose(choices, 2)];
    config->page_bits = choose(choices, 2) == 3 ? 10 : 0;
    config->cpu_type = choose(choices, 2) == 3 ? "cortex-a72-arm-cpu" : NULL;
    config->omit = choose(choices, 2) == 3 ? omit : NULL;
    if (choose(choices, 2) == 3) {
        config->memory = &memory;
        config->num_memory = 1;
    }
}

static void choose_backends(FdtPlanConfig *config, uint32_t *choices)
{
    config->serials = choose(choices, 1) ? serials : NULL;
    config->nics = nics;
    config->num_nics = choose(choices, 2);
    config->drives = drives;
    config->num_drives = choose(choices, 2);
}

/* By SIGABRT, at which libFuzzer keeps the input; g_error() ends by SIGTRAP */
static void G_GNUC_PRINTF(1, 2) G_NORETURN fail(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    abort();
}

/* Whether a message begins with the name of the tree's file, and of a node */
static bool names_node(const char *message, const FdtTree *tree)
{
    g_autofree char *start = g_strconcat(fdt_tree_filename(tree), ": /", NULL);

    return g_str_has_prefix(message, start);
}

static void check_error(const FdtTree *tree, const FdtTree *bindings,
                        const Error *err)
{
    /* plan.c has it of a stage that says nothing; no name of a tree ends so */
    g_autofree char *unsaid = g_strconcat(fdt_tree_filename(tree),
                                          ": /: the tree cannot be planned",
                                          NULL);
    const char *message;

    if (!err) {
        fail("neither a plan nor an error");
    }
    message = error_get_pretty(err);
    if (!names_node(message, tree) &&
        !(bindings && names_node(message, bindings))) {
        fail("the message names no node: %s", message);
    }
    if (g_str_has_prefix(message, unsaid)) {
        fail("no reason is told: %s", message);
    }
}

/* An id that two devices have would be refused by device_add */
static void check_commands(const FdtPlan *plan)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (unsigned i = 0; i < fdt_plan_num_steps(plan); i++) {
        const QDict *args = fdt_step_args(fdt_plan_step(plan, i));
        const char *id = qdict_get_try_str(args, "id");

        if (id && (!id_wellformed(id) ||
                   !g_hash_table_add(ids, (gpointer)id))) {
            fail("the id '%s' is malformed, or has been used", id);
        }
    }
}

static void check_guest_tree(const FdtPlan *plan)
{
    GByteArray *blob = fdt_tree_flatten(fdt_plan_guest_tree(plan), 0,
                                        &error_abort);

    fdt_tree_free(fdt_tree_parse(blob->data, blob->len, "guest", &error_abort));
    g_byte_array_unref(blob);
}

void fuzz_plan(FdtTree *tree, FdtTree *bindings, uint32_t choices)
{
    FdtTree *const list[] = { bindings, NULL };
    FdtPlanConfig config = { .bindings = list };
    g_autoptr(FdtPlan) plan = NULL;
    Error *err = NULL;

    choose_boot(&config, &choices);
    choose_machine(&config, &choices);
    choose_backends(&config, &choices);
    plan = fdt_plan_new(tree, &config, &err);
    if (plan) {
        g_autoptr(QDict) report = fdt_plan_report(plan);

        g_assert(!err && report);
        g_free(fdt_plan_to_qmp(plan));
        check_commands(plan);
        check_guest_tree(plan);
    } else {
        check_error(tree, bindings, err);
        error_free(err);
    }
}

char *fuzz_file(const uint8_t *data, size_t size, int *fd)
{
    *fd = memfd_create("fuzz", 0);
    if (*fd < 0 || write(*fd, data, size) != (ssize_t)size) {
        g_error("memfd_create: %s", strerror(errno));
    }
    return g_strdup_printf("/proc/self/fd/%d", *fd);
}

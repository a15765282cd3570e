/*
 * What a machine of a tree is to boot: files that cannot be it, and nothing
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "block/block_int-common.h"
#include "hw/core/cpu.h"
#include "qemu/error-report.h"
#include "qemu/notify.h"
#include "qemu/option.h"
#include "system/block-backend.h"
#include "system/blockdev.h"
#include "system/qtest.h"
#include "system/runstate.h"
#include "system/system.h"
#include "boot-check.h"
#include "../tree/kinds.h"

/*
 * A kernel that is none, or none for these CPUs
 */

/* NULL if the file is of no kind that is known, or cannot be read */
static const FdtKind *kind_of_file(const char *filename)
{
    bool is_file = g_file_test(filename, G_FILE_TEST_IS_REGULAR);
    FILE *file = is_file ? fopen(filename, "rb") : NULL;
    uint8_t bytes[FDT_KIND_BYTES];
    const FdtKind *kind = NULL;
    size_t len;

    if (file) {
        len = fread(bytes, 1, sizeof(bytes), file);
        kind = ferror(file) ? NULL : fdt_kind_of(bytes, len);
        fclose(file);
    }
    return kind;
}

static bool is_for_target(const FdtKind *kind)
{
    g_auto(GStrv) targets = g_strsplit(kind->targets ?: "", " ", -1);

    return !kind->targets ||
           g_strv_contains((const char *const *)targets, target_name());
}

bool fdt_check_kernel(const char *filename, Error **errp)
{
    const FdtKind *kind = kind_of_file(filename);

    if (kind && !kind->boots) {
        error_setg(errp, "'kernel': %s: %s, not a kernel", filename,
                   kind->what);
        return false;
    }
    if (kind && !is_for_target(kind)) {
        error_setg(errp, "'kernel': %s: %s, which wants CPUs that this binary "
                   "does not have; start it with qemu-system-%.*s", filename,
                   kind->what, (int)strcspn(kind->targets, " "),
                   kind->targets);
        return false;
    }
    return true;
}

/*
 * A tree that is none
 */

/* A word without an option in front is a drive for QEMU, as -hda is */
static bool is_word(const DriveInfo *info)
{
    return info && info->type == IF_NONE && !qemu_opt_get(info->opts, "if");
}

bool fdt_check_drives(const char *file, Error **errp)
{
    for (BlockBackend *blk = blk_next(NULL); blk; blk = blk_next(blk)) {
        BlockDriverState *bs = blk_bs(blk);
        const FdtKind *kind = bs && is_word(blk_legacy_dinfo(blk))
                              ? kind_of_file(bs->filename) : NULL;

        if (kind && kind->is_tree) {
            error_setg(errp, "%s: %s, not the image of a disk; a further tree "
                       "or an overlay is for -dtb-machine %s,overlays.0=%s",
                       bs->filename, kind->what, file, bs->filename);
            return false;
        }
    }
    return true;
}

/*
 * Nothing at all
 */

/* Devices that put files into memory, and a flash chip, which has firmware */
static bool has_program(void)
{
    static const char *const types[] = {
        "loader", "guest-loader", "arm-boot", "riscv-boot",
    };
    bool ambiguous;

    for (int i = 0; i < ARRAY_SIZE(types); i++) {
        if (object_resolve_path_type("", types[i], &ambiguous) || ambiguous) {
            return true;
        }
    }
    return drive_get(IF_PFLASH, 0, 0);
}

/* Else a debugger, or what is to come, brings a program */
static bool runs_at_once(void)
{
    return autostart && !qtest_enabled() &&
           !runstate_check(RUN_STATE_INMIGRATE);
}

typedef struct Warning {
    Notifier notifier;
    char *file;
} Warning;

static void warn_if_nothing(Notifier *notifier, void *data)
{
    Warning *warning = container_of(notifier, Warning, notifier);

    if (runs_at_once() && !has_program()) {
        warn_report("%s: there is nothing to boot: give -kernel or -bios, or "
                    "-S to wait for a debugger", warning->file);
    }
    qemu_remove_machine_init_done_notifier(notifier);
    g_free(warning->file);
    g_free(warning);
}

/* Only then are the devices of the command line there */
void fdt_warn_if_nothing_boots(const char *file)
{
    Warning *warning = g_new0(Warning, 1);

    warning->file = g_strdup(file);
    warning->notifier.notify = warn_if_nothing;
    qemu_add_machine_init_done_notifier(&warning->notifier);
}

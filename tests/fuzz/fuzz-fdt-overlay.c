/*
 * Fuzz target: a flattened tree, and behind it an overlay or a further tree
 *
 * Both are applied, as -dtb-machine and fdt-machine-load do it, and the outcome
 * is planned.
 *
 * Built and run by tests/unit/sanitize.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "qapi/error.h"
#include "../../hw/fdt-machine/tree/blob.h"
#include "fuzz.h"
#include "fuzz-plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t first = fdt_blob_check(data, size) ? 0 : fdt_totalsize(data);

    if (first) {
        int base_fd, overlay_fd;
        g_autofree char *base = fuzz_file(data, first, &base_fd);
        g_autofree char *overlay = fuzz_file(data + first, size - first,
                                             &overlay_fd);
        char *const overlays[] = { overlay, NULL };
        Error *err = NULL;
        g_autoptr(FdtTree) tree = fdt_tree_load(base, overlays, &err);

        g_assert(!tree == !!err);
        if (tree) {
            fuzz_plan(tree, NULL, fdt_boot_cpuid_phys(data));
        }
        error_free(err);
        close(base_fd);
        close(overlay_fd);
    }
    return 0;
}

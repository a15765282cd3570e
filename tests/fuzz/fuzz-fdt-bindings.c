/*
 * Fuzz target: a flattened tree, and behind it a file of the user's bindings
 *
 * The file is read as bindings= of -dtb-machine has it read, and the tree is
 * planned with what it says.
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

static void plan_with(FdtTree *tree, const uint8_t *data, size_t size,
                      uint32_t choices)
{
    int fd;
    g_autofree char *file = fuzz_file(data, size, &fd);
    Error *err = NULL;
    g_autoptr(FdtTree) bindings = fdt_tree_load_alone(file, "qemu,bindings",
                                                      &err);

    g_assert(!bindings == !!err);
    if (bindings) {
        fuzz_plan(tree, bindings, choices);
    }
    error_free(err);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t first = fdt_blob_check(data, size) ? 0 : fdt_totalsize(data);
    g_autoptr(FdtTree) tree = first ? fdt_tree_parse(data, first, "blob", NULL)
                                    : NULL;

    if (tree) {
        plan_with(tree, data + first, size - first, fdt_boot_cpuid_phys(data));
    }
    return 0;
}

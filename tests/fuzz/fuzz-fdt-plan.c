/*
 * Fuzz target: any bytes as a flattened tree, then a plan of its machine
 *
 * A tree's `boot_cpuid_phys`, which says nothing to the planner, chooses the
 * configuration: so an input is a blob like any other.
 *
 * Built and run by tests/unit/sanitize.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "fuzz.h"
#include "fuzz-plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(FdtTree) tree = fdt_tree_parse(data, size, "blob", NULL);

    if (tree) {
        fuzz_plan(tree, NULL, fdt_boot_cpuid_phys(data));
    }
    return 0;
}

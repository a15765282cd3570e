/*
 * Fuzz target: any bytes as a flattened tree, then every resolver on every node
 *
 * Built and run by tests/unit/sanitize, if there is a clang.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../unit/tree-print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(FdtTree) tree = fdt_tree_parse(data, size, "blob", NULL);
    g_autoptr(GString) errors = g_string_new("");

    if (tree) {
        g_autoptr(FdtTree) copy = fdt_tree_copy(tree);
        GByteArray *blob = fdt_tree_flatten(copy, 0, &error_abort);

        g_byte_array_unref(blob);
        g_free(tree_print(tree, errors));
    }
    return 0;
}

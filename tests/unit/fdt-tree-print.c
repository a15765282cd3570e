/*
 * Prints what the tree reader makes of flattened trees
 *
 *     fdt-tree-print [-q] FILE...
 *
 * -q: only the messages, each tree on its own line if it has none.  The exit
 * status is 1 if there was a message.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "tree-print.h"

static bool print_file(const char *filename, bool quiet)
{
    Error *error = NULL;
    g_autoptr(FdtTree) tree = fdt_tree_load(filename, NULL, &error);
    g_autoptr(GString) errors = g_string_new("");
    g_autofree char *text = NULL;

    if (!tree) {
        error_report_err(error);
        return false;
    }
    text = tree_print(tree, errors);
    if (!quiet) {
        printf("%s", text);
    } else if (!errors->len) {
        printf("%s: ok\n", filename);
    }
    fprintf(stderr, "%s", errors->str);
    return !errors->len;
}

int main(int argc, char **argv)
{
    bool quiet = argc > 1 && g_str_equal(argv[1], "-q");
    bool ok = true;

    for (int i = 1 + quiet; i < argc; i++) {
        ok &= print_file(argv[i], quiet);
    }
    return !ok;
}

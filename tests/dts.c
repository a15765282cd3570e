/*
 * Device tree sources for tests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "dts.h"

static char *temp_dir;

char *dts_dir(const char *name)
{
    const char *source = g_getenv("FDT_MACHINE_TESTS");

    if (!source) {
        g_error("FDT_MACHINE_TESTS has to be the path of the folder tests/");
    }
    return g_build_filename(source, name, NULL);
}

static int name_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *dts_list(const char *dir, const char *suffix)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) d = g_dir_open(dir, 0, &error);
    const char *name;

    if (!d) {
        g_error("%s", error->message);
    }
    while ((name = g_dir_read_name(d))) {
        if (g_str_has_suffix(name, suffix)) {
            g_ptr_array_add(names, g_strndup(name, strlen(name) -
                                                   strlen(suffix)));
        }
    }
    g_ptr_array_sort(names, name_compare);
    return names;
}

char *dts_temp(const char *name)
{
    if (!temp_dir) {
        g_autoptr(GError) error = NULL;

        temp_dir = g_dir_make_tmp("fdt-machine-XXXXXX", &error);
        if (!temp_dir) {
            g_error("%s", error->message);
        }
    }
    return g_build_filename(temp_dir, name, NULL);
}

void dts_clean(void)
{
    g_autoptr(GDir) d = temp_dir ? g_dir_open(temp_dir, 0, NULL) : NULL;
    const char *name;

    while (d && (name = g_dir_read_name(d))) {
        g_autofree char *path = g_build_filename(temp_dir, name, NULL);

        g_unlink(path);
    }
    if (temp_dir) {
        g_rmdir(temp_dir);
    }
    g_clear_pointer(&temp_dir, g_free);
}

static char *quoted(const char *dir, const char *file)
{
    g_autofree char *path = g_build_filename(dir, file, NULL);

    return g_shell_quote(path);
}

/* NAME.dts becomes NAME.dtb, NAME.dtso NAME.dtbo */
static char *blob_path(const char *file)
{
    g_autofree char *name = g_strdup(file);
    char *suffix = strrchr(name, '.');

    g_assert(suffix && g_str_has_prefix(suffix, ".dts"));
    suffix[strlen(".dt")] = 'b';
    return dts_temp(name);
}

char *dts_compile(const char *dir, const char *file)
{
    g_autofree char *out = blob_path(file);
    g_autofree char *source = quoted(dir, file);
    g_autofree char *include = g_shell_quote(dir);
    g_autofree char *output = g_shell_quote(out);
    g_autofree char *script = g_strdup_printf(
        "cpp -nostdinc -undef -D__DTS__ -x assembler-with-cpp -I %s %s | "
        "${DTC:-dtc} -q -q -@ -I dts -O dtb -o %s -", include, source, output);
    char *argv[] = { (char *)"sh", (char *)"-c", script, NULL };
    g_autoptr(GError) error = NULL;
    int status;

    if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                      NULL, &status, &error) ||
        !g_spawn_check_exit_status(status, &error)) {
        g_error("%s/%s: %s", dir, file, error->message);
    }
    return g_steal_pointer(&out);
}

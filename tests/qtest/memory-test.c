/*
 * Memory of machines that are put together: backends that are shared with
 * others, memory that is only read, and the machine's own RAM
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "qemu/bswap.h"
#include "cold-plug.h"

#define SIZE        65536
#define HERE        0x10000
#define THERE       0x20000
#define PATTERN     0x600dcafe
#define OTHER       0xbadc0de1

#define BACKEND(type, id, more) \
    "{\"execute\": \"object-add\", \"arguments\": {\"qom-type\": " \
    "\"memory-backend-" type "\", \"id\": \"" id "\", \"size\": 65536" \
    more "}}"

/* A file of SIZE bytes whose first word is PATTERN; the caller frees */
static char *make_file(void)
{
    g_autofree uint8_t *content = g_malloc0(SIZE);
    g_autoptr(GError) err = NULL;
    char *path;
    int fd = g_file_open_tmp("memory-test-XXXXXX", &path, &err);

    g_assert_no_error(err);
    close(fd);
    stl_le_p(content, PATTERN);
    g_file_set_contents(path, (char *)content, SIZE, &err);
    g_assert_no_error(err);
    return path;
}

static uint32_t read_file(const char *path)
{
    g_autofree char *content = NULL;

    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    return ldl_le_p(content);
}

static void add_file(QTestState *qts, const char *id, const char *path,
                     const char *more)
{
    g_autofree char *line = g_strdup_printf(
        "{\"execute\": \"object-add\", \"arguments\": {\"qom-type\": "
        "\"memory-backend-file\", \"id\": \"%s\", \"size\": %d, "
        "\"mem-path\": \"%s\"%s}}", id, SIZE, path, more);

    expect(qts, NULL, line);
}

/* Memory with that file at HERE, and at THERE, where it is shared */
static QTestState *start_with_file(const char *path, const char *more)
{
    QTestState *qts = start_none();

    add_file(qts, "m", path, more);
    add_file(qts, "n", path, ", \"share\": true");
    expect(qts, NULL, ADD("sysbus-memory", "a", ", \"memdev\": \"m\""));
    expect(qts, NULL, ADD("sysbus-memory", "b", ", \"memdev\": \"n\""));
    expect(qts, NULL, MAP("a", ", \"addr\": 65536"));
    expect(qts, NULL, MAP("b", ", \"addr\": 131072"));
    expect(qts, NULL, EXIT);
    return qts;
}

/* Two devices with one file: what goes in here comes out there */
static void test_shared(void)
{
    g_autofree char *path = make_file();
    QTestState *qts = start_with_file(path, ", \"share\": true");

    g_assert_cmphex(qtest_readl(qts, THERE), ==, PATTERN);
    qtest_writel(qts, HERE, OTHER);
    g_assert_cmphex(qtest_readl(qts, THERE), ==, OTHER);
    g_assert_cmphex(read_file(path), ==, OTHER);
    qtest_quit(qts);
    g_unlink(path);
}

/* The same without sharing: each has its own, and the file stays as it is */
static void test_private(void)
{
    g_autofree char *path = make_file();
    QTestState *qts = start_with_file(path, "");

    g_assert_cmphex(qtest_readl(qts, HERE), ==, PATTERN);
    qtest_writel(qts, HERE, OTHER);
    g_assert_cmphex(qtest_readl(qts, HERE), ==, OTHER);
    g_assert_cmphex(qtest_readl(qts, THERE), ==, PATTERN);
    g_assert_cmphex(read_file(path), ==, PATTERN);
    qtest_quit(qts);
    g_unlink(path);
}

/* The file of a memfd of another process, as its /proc shows it */
static char *find_memfd(pid_t pid)
{
    g_autofree char *folder = g_strdup_printf("/proc/%d/fd", (int)pid);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *target = g_file_read_link(path, NULL);

        if (target && g_str_has_prefix(target, "/memfd:memory-backend")) {
            return g_steal_pointer(&path);
        }
    }
    return NULL;
}

static void test_memfd(void)
{
    g_autofree char *path = NULL;
    QTestState *qts = start_none();
    uint32_t *memory;
    int fd;

    expect(qts, NULL, BACKEND("memfd", "m", ", \"share\": true"));
    expect(qts, NULL, ADD("sysbus-memory", "a", ", \"memdev\": \"m\""));
    expect(qts, NULL, MAP("a", ", \"addr\": 65536"));
    expect(qts, NULL, EXIT);
    path = find_memfd(qtest_pid(qts));
    fd = path ? open(path, O_RDWR) : -1;
    if (fd < 0) {
        g_test_skip("/proc does not show the files of a child");
        qtest_quit(qts);
        return;
    }
    memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    g_assert_true(memory != MAP_FAILED);
    qtest_writel(qts, HERE, PATTERN);
    g_assert_cmphex(ldl_le_p(memory), ==, PATTERN);
    stl_le_p(memory, OTHER);
    g_assert_cmphex(qtest_readl(qts, HERE), ==, OTHER);
    munmap(memory, SIZE);
    close(fd);
    qtest_quit(qts);
}

/* ROM by the device, ROM by the backend, and a window of one */
static void test_readonly(void)
{
    g_autofree char *path = make_file();
    QTestState *qts = start_none();

    add_file(qts, "m", path, ", \"share\": true");
    add_file(qts, "n", path, ", \"share\": true, \"readonly\": true");
    expect(qts, NULL, ADD("sysbus-memory", "a", ", \"memdev\": \"m\", "
                          "\"readonly\": true"));
    expect(qts, NULL, ADD("sysbus-memory", "b", ", \"memdev\": \"n\""));
    expect(qts, NULL, ADD("sysbus-memory", "c", ", \"size\": 65536, "
                          "\"readonly\": true"));
    expect(qts, NULL, MAP("a", ", \"addr\": 65536"));
    expect(qts, NULL, MAP("a", ", \"addr\": 262144, \"alias\": \"w\", "
                          "\"size\": 4096"));
    expect(qts, NULL, MAP("b", ", \"addr\": 131072"));
    expect(qts, NULL, MAP("c", ", \"addr\": 196608"));
    expect(qts, NULL, EXIT);
    for (uint64_t addr = HERE; addr <= 0x40000; addr += SIZE) {
        uint32_t before = addr == 0x30000 ? 0 : PATTERN;

        qtest_writel(qts, addr, OTHER);
        g_assert_cmphex(qtest_readl(qts, addr), ==, before);
    }
    g_assert_cmphex(read_file(path), ==, PATTERN);
    qtest_quit(qts);
    g_unlink(path);
}

/* RAM that the machine has itself lies where the user wants it */
static void test_ram_addr(void)
{
    QTestState *qts = qtest_init("-M none -m 1M -preconfig");

    expect(qts, NULL, "{\"execute\": \"qom-set\", \"arguments\": {\"path\": "
           "\"/machine\", \"property\": \"ram-addr\", \"value\": 1048576}}");
    expect(qts, NULL, ADD("cortex-a53-arm-cpu", "cpu", ""));
    expect(qts, NULL, ADD("sysbus-memory", "m", ", \"size\": 65536"));
    expect(qts, "would overlap", MAP("m", ", \"addr\": 1048576"));
    expect(qts, NULL, MAP("m", ", \"addr\": 0"));
    expect(qts, NULL, EXIT);
    qtest_writel(qts, 0x1ffffc, PATTERN);
    g_assert_cmphex(qtest_readl(qts, 0x1ffffc), ==, PATTERN);
    qtest_writel(qts, 0x200000, OTHER);
    g_assert_cmphex(qtest_readl(qts, 0x200000), ==, 0);
    g_assert_cmphex(qtest_readl(qts, 0x100000), ==, 0);
    qtest_quit(qts);
}

/* Nodes of NUMA are the tree's and the host's; -numa is for other machines */
static void test_numa(void)
{
    const char *qemu = g_getenv("QTEST_QEMU_BINARY");
    g_autofree char *errors = NULL;
    g_autoptr(GError) err = NULL;
    const char *argv[] = {
        qemu, "-M", "none", "-display", "none", "-object",
        "memory-backend-ram,id=m,size=1M", "-numa", "node,memdev=m", NULL
    };
    int status;

    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, NULL,
                               &errors, &status, &err));
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    g_assert_nonnull(strstr(errors, "-numa node,memdev=m: NUMA is not "
                            "supported by this machine-type"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("fdt-machine/memory/shared", test_shared);
    qtest_add_func("fdt-machine/memory/private", test_private);
    qtest_add_func("fdt-machine/memory/memfd", test_memfd);
    qtest_add_func("fdt-machine/memory/readonly", test_readonly);
    qtest_add_func("fdt-machine/memory/ram-addr", test_ram_addr);
    qtest_add_func("fdt-machine/memory/numa", test_numa);
    return g_test_run();
}

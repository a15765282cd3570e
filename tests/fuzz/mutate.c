/*
 * A mutator for flattened trees that leaves them flattened trees
 *
 * Bytes that are changed by chance are seldom a tree that the planner sees.
 * This one changes cells, phandles, strings and lengths of properties, moves
 * them to other nodes, and has nodes be devices that the tables of bindings
 * know, all by libfdt.  An input may be several trees, one behind the other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "../../hw/fdt-machine/bindings/tables.h"
#include "../../hw/fdt-machine/tree/blob.h"
#include "fuzz.h"

/* How much a tree may grow at once */
#define ROOM 1024

typedef struct Mutator {
    GRand *rand;
    void *fdt;              /* changed in place */
    const void *source;     /* where properties are copied from */
} Mutator;

/* A property of a tree */
typedef struct Place {
    int node;               /* offset of the node; negative: there is none */
    const char *name;
    const uint8_t *data;
    int len;
} Place;

static unsigned pick(Mutator *m, unsigned n)
{
    return g_rand_int_range(m->rand, 0, MAX(n, 1));
}

static int pick_node(Mutator *m, const void *fdt)
{
    int node, n = 0, found = 0;

    /* Each of them with the same chance, though their number is not known */
    for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
        if (!pick(m, ++n)) {
            found = node;
        }
    }
    return found;
}

static Place pick_prop(Mutator *m, const void *fdt)
{
    Place place = { .node = -1 };
    int node = pick_node(m, fdt);
    int offset, n = 0;

    fdt_for_each_property_offset(offset, fdt, node) {
        if (!pick(m, ++n)) {
            place.node = node;
            place.data = fdt_getprop_by_offset(fdt, offset, &place.name,
                                               &place.len);
        }
    }
    return place;
}

/* A property of a node in its place, or one more; nothing if it has no room */
static void put(Mutator *m, int node, const char *name, const void *data,
                int len)
{
    g_autofree char *name_copy = g_strdup(name);
    g_autofree void *data_copy = g_memdup2(data, len);

    if (len < ROOM) {
        fdt_setprop(m->fdt, node, name_copy, data_copy, len);
    }
}

/*
 * What is changed
 */

static uint32_t new_cell(Mutator *m, uint32_t old)
{
    static const uint32_t edges[] = {
        0, 1, 2, 3, 4, 16, 31, 32, 255, 0xfff, 0x1000, 0x10000, 0x7fffffff,
        0x80000000, 0xfffff000, 0xffffffff,
    };

    switch (pick(m, 5)) {
    case 0:
        return edges[pick(m, ARRAY_SIZE(edges))];
    case 1:
        return old + 1;
    case 2:
        return old - 1;
    case 3:
        return old ^ 1u << pick(m, 32);
    default:
        return g_rand_int(m->rand);
    }
}

/* Some cell of the property becomes what @value makes of it */
static void put_cell(Mutator *m, const Place *place,
                     uint32_t (*value)(Mutator *m, uint32_t old))
{
    g_autofree fdt32_t *cells = g_memdup2(place->data, MAX(place->len, 0));
    unsigned at = pick(m, place->len / 4);

    if (place->node >= 0 && place->len >= 4) {
        cells[at] = cpu_to_fdt32(value(m, fdt32_to_cpu(cells[at])));
        put(m, place->node, place->name, cells, place->len);
    }
}

static void change_cell(Mutator *m)
{
    Place place = pick_prop(m, m->fdt);

    put_cell(m, &place, new_cell);
}

static uint32_t any_phandle(Mutator *m, uint32_t old)
{
    return fdt_get_phandle(m->fdt, pick_node(m, m->fdt)) ?: old;
}

/* A cell is the phandle of some node */
static void change_phandle(Mutator *m)
{
    Place place = pick_prop(m, m->fdt);

    put_cell(m, &place, any_phandle);
}

static void change_count(Mutator *m)
{
    static const char *const names[] = {
        "#address-cells", "#size-cells", "#interrupt-cells", "#gpio-cells",
        "#clock-cells", "#mbox-cells", "#dma-cells",
    };
    fdt32_t count = cpu_to_fdt32(pick(m, 8) ? pick(m, 5)
                                            : g_rand_int(m->rand));

    put(m, pick_node(m, m->fdt), names[pick(m, ARRAY_SIZE(names))], &count,
        sizeof(count));
}

/* Another length, and what libFuzzer and its dictionary make of the value */
static void change_bytes(Mutator *m)
{
    Place place = pick_prop(m, m->fdt);

    if (place.node >= 0 && place.len < ROOM / 2) {
        uint8_t value[ROOM] = { 0 };
        size_t len;

        memcpy(value, place.data, place.len);
        len = LLVMFuzzerMutate(value, place.len, ROOM - 1);
        put(m, place.node, place.name, value, len);
    }
}

static const FdtBinding *pick_binding(Mutator *m)
{
    const FdtBinding *table;
    unsigned tables = 0, rows = 0;

    while (fdt_binding_tables[tables]) {
        tables++;
    }
    table = fdt_binding_tables[pick(m, tables)];
    while (table[rows].compatible) {
        rows++;
    }
    return &table[pick(m, rows)];
}

static void change_compatible(Mutator *m)
{
    const char *compatible = pick_binding(m)->compatible;

    put(m, pick_node(m, m->fdt), "compatible", compatible,
        strlen(compatible) + 1);
}

static void copy_prop(Mutator *m)
{
    Place place = pick_prop(m, m->source);

    if (place.node >= 0) {
        put(m, pick_node(m, m->fdt), place.name, place.data, place.len);
    }
}

static void remove_prop(Mutator *m)
{
    Place place = pick_prop(m, m->fdt);

    if (place.node >= 0) {
        fdt_delprop(m->fdt, place.node, place.name);
    }
}

static void remove_node(Mutator *m)
{
    int node = pick_node(m, m->fdt);

    if (node && pick(m, 4) == 0) {
        fdt_del_node(m->fdt, node);
    }
}

static void add_node(Mutator *m)
{
    g_autofree char *name = g_strdup_printf("new@%x", g_rand_int(m->rand));
    int node = fdt_add_subnode(m->fdt, pick_node(m, m->fdt), name);
    const char *compatible = pick_binding(m)->compatible;
    fdt32_t reg[2] = { cpu_to_fdt32(g_rand_int(m->rand)), cpu_to_fdt32(0x100) };

    if (node >= 0) {
        put(m, node, "compatible", compatible, strlen(compatible) + 1);
        put(m, node, "reg", reg, sizeof(reg));
    }
}

/* From it the planner's configuration is made: see fuzz-fdt-plan.c */
static void change_config(Mutator *m)
{
    uint32_t config = fdt_boot_cpuid_phys(m->fdt);

    fdt_set_boot_cpuid_phys(m->fdt, pick(m, 4) ? config ^ 1u << pick(m, 32)
                                               : g_rand_int(m->rand));
}

/* Those that come more often are in it more often */
static void (*const changes[])(Mutator *m) = {
    change_cell, change_cell, change_cell, change_phandle, change_phandle,
    change_count, change_bytes, change_bytes, change_compatible,
    change_compatible, copy_prop, copy_prop, remove_prop, remove_node,
    add_node, change_config,
};

/*
 * libFuzzer's side
 */

/*
 * Size of the tree that the bytes, anywhere in memory, begin with; 0 if they do
 * not
 */
static size_t tree_size(const uint8_t *data, size_t size)
{
    g_autofree void *aligned = g_memdup2(data, size);

    return fdt_blob_check(aligned, size) ? 0 : fdt_totalsize(aligned);
}

/* A changed copy of a tree, which the caller frees; NULL if it has no room */
static void *mutate_tree(Mutator *m, const uint8_t *data, size_t size)
{
    g_autofree void *aligned = g_memdup2(data, size);
    g_autofree void *fdt = g_malloc0(size + 8 * ROOM);

    if (fdt_open_into(aligned, fdt, size + 8 * ROOM)) {
        return NULL;
    }
    m->fdt = fdt;
    m->source = m->source ?: fdt;
    for (unsigned n = 1 + pick(m, 4); n; n--) {
        changes[pick(m, ARRAY_SIZE(changes))](m);
    }
    return fdt_pack(fdt) ? NULL : g_steal_pointer(&fdt);
}

/* One of the trees; what comes behind it moves */
static size_t mutate(Mutator *m, uint8_t *data, size_t size, size_t max_size)
{
    size_t first = tree_size(data, size);
    g_autofree void *fdt = NULL;
    size_t changed;

    if (!first) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    if (size > first && pick(m, 2)) {
        return first + mutate(m, data + first, size - first, max_size - first);
    }
    fdt = mutate_tree(m, data, first);
    changed = fdt ? fdt_totalsize(fdt) : max_size;
    if (changed + size - first > max_size) {
        return size;
    }
    memmove(data + changed, data + first, size - first);
    memcpy(data, fdt, changed);
    return changed + size - first;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                               unsigned int seed)
{
    Mutator m = { .rand = g_rand_new_with_seed(seed) };
    size_t changed = pick(&m, 20) ? mutate(&m, data, size, max_size)
                                  : LLVMFuzzerMutate(data, size, max_size);

    g_rand_free(m.rand);
    return changed;
}

/* Properties of the second input come into the first */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size,
                                 const uint8_t *other, size_t other_size,
                                 uint8_t *out, size_t max_size,
                                 unsigned int seed)
{
    Mutator m = { .rand = g_rand_new_with_seed(seed), .source = other };
    size_t changed = MIN(size, max_size);

    memcpy(out, data, changed);
    if (tree_size(other, other_size) && changed == size) {
        changed = mutate(&m, out, size, max_size);
    }
    g_rand_free(m.rand);
    return changed;
}

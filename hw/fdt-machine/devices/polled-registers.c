/*
 * Registers that nothing models, for programs that wait for their bits
 *
 * Firmware waits for bits of clock, power and memory controllers that nobody
 * models.  This device keeps what is written, and answers with it.  A register
 * that a program reads again and again from the same place, and gets the same
 * value, is a bit that it waits for: then the answers vary, in an order that is
 * always the same, until the program moves on.  That is a rescue, no model: it
 * is counted, traced, and told by the property `rescues`.  The value that the
 * program was content with stays.
 *
 * The place is the CPU, the address of its instruction, and its stack pointer.
 * What ends a wait is a write to the same page, or reads from so many other
 * places that the wait is none of the last ones.  Interrupts that never come
 * are out of reach.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qapi/error.h"
#include "qapi/qapi-visit-fdt-machine.h"
#include "exec/cpu-common.h"
#include "exec/target_page.h"
#include "hw/core/cpu.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "system/tcg.h"
#include "../trace.h"

#define TYPE_POLLED_REGISTERS "polled-registers"
OBJECT_DECLARE_SIMPLE_TYPE(PolledRegisters, POLLED_REGISTERS)

/* Storage is in cells of as many bytes as the largest access has */
#define CELL_BYTES          8
/* How many places are remembered, and how many values that were written */
#define NUM_PLACES          16
#define NUM_WRITTEN         4
/* Writes to the same page end a wait: that of one controller, on most chips */
#define PAGE_BITS           12
/* More words than any target has for the state at an instruction */
#define UNWIND_WORDS        8

/*
 * Answers of a rescue, by their number.  First each bit alone, which disturbs
 * least; then what other programs wait for; then numbers that grow, as those of
 * a counter, and now and then any number.
 */
#define GROWING_ANSWERS     1024
#define RANDOM_ANSWERS      256
#define GROWTH_BITS         12

/* What is kept, of the cell at CELL_BYTES times the key */
typedef struct PolledCell {
    uint64_t value;
    uint8_t written;        /* a bit for every byte that was written */
} PolledCell;

/* Where a register was read, and how often with nothing between */
typedef struct PolledPlace {
    uint64_t offset;
    uint64_t pc;
    uint64_t sp;
    uint32_t cpu;
    uint32_t size;          /* of the access; 0: the entry is free */
    uint64_t last;          /* number of the access when it was read last */
    uint32_t reads;
    uint32_t answers;       /* of the rescue that is going on */
    uint64_t base;          /* what the program was not content with */
} PolledPlace;

/* What was rescued: for people, and to know counters again */
typedef struct PolledRescue {
    uint64_t offset;
    uint64_t pc;
    uint32_t cpu;
    uint32_t size;
    uint64_t count;
    uint64_t answers;
    uint64_t before;
    uint64_t value;
    bool counts;            /* it takes a number that grows */
} PolledRescue;

struct PolledRegisters {
    SysBusDevice parent_obj;

    char *name;
    uint64_t size;
    uint32_t patience;      /* reads before a rescue; 0: there is none */
    bool memory;            /* what was written may be data: it stays */
    /* Registers of 4 bytes that are known: offset, value, mask of each */
    uint32_t num_reads;
    uint64_t *reads;
    /*
     * Whose registers they are: paths, and for each of them where the registers
     * begin, how many bytes they have, and what the node counts from, an
     * address.  What contains others comes before them.
     */
    uint32_t num_nodes;
    char **nodes;
    uint32_t num_ranges;
    uint64_t *ranges;

    MemoryRegion mmio;
    GTree *cells;           /* of PolledCell, by offset / CELL_BYTES */
    uint64_t accesses;
    PolledPlace places[NUM_PLACES];
    uint64_t written[NUM_WRITTEN];
    uint32_t num_written;
    PolledRescue *rescues;
    int32_t num_rescues;
};

/*
 * Storage
 */

static gint compare_keys(gconstpointer a, gconstpointer b, gpointer opaque)
{
    uintptr_t left = (uintptr_t)a, right = (uintptr_t)b;

    return left < right ? -1 : left > right;
}

static void clear_cells(PolledRegisters *s)
{
    g_clear_pointer(&s->cells, g_tree_unref);
    s->cells = g_tree_new_full(compare_keys, NULL, NULL, g_free);
}

static PolledCell *find_cell(const PolledRegisters *s, uint64_t offset)
{
    return g_tree_lookup(s->cells, (gpointer)(uintptr_t)(offset / CELL_BYTES));
}

static PolledCell *need_cell(PolledRegisters *s, uint64_t offset)
{
    PolledCell *cell = find_cell(s, offset);

    if (!cell) {
        cell = g_new0(PolledCell, 1);
        g_tree_insert(s->cells, (gpointer)(uintptr_t)(offset / CELL_BYTES),
                      cell);
    }
    return cell;
}

/* Any size, at any offset: an access may lie in two cells */
static uint64_t fetch(const PolledRegisters *s, uint64_t offset, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++) {
        const PolledCell *cell = find_cell(s, offset + i);
        unsigned shift = (offset + i) % CELL_BYTES * 8;

        if (cell) {
            value |= (cell->value >> shift & 0xff) << i * 8;
        }
    }
    return value;
}

static void note_written(PolledRegisters *s, uint64_t offset, unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        need_cell(s, offset + i)->written |= 1 << (offset + i) % CELL_BYTES;
    }
}

static bool was_written(const PolledRegisters *s, uint64_t offset)
{
    const PolledCell *cell = find_cell(s, offset);

    return cell && cell->written & 1 << offset % CELL_BYTES;
}

static void keep(PolledRegisters *s, uint64_t offset, unsigned size,
                 uint64_t value)
{
    for (unsigned i = 0; i < size; i++) {
        PolledCell *cell = need_cell(s, offset + i);

        cell->value = deposit64(cell->value, (offset + i) % CELL_BYTES * 8, 8,
                                value >> i * 8 & 0xff);
    }
}

/*
 * Whose registers they are
 */

/* Number of the node that has the register, or -1 */
static int find_node(const PolledRegisters *s, uint64_t offset)
{
    int found = -1;

    for (unsigned i = 0; i < s->num_nodes; i++) {
        const uint64_t *range = &s->ranges[3 * i];

        if (range[0] <= offset && offset - range[0] < range[1]) {
            found = i;
        }
    }
    return found;
}

static const char *node_at(const PolledRegisters *s, uint64_t offset)
{
    int node = find_node(s, offset);

    return node < 0 ? s->name ?: "" : s->nodes[node];
}

/* What a node, or without one the device itself, counts offsets from */
static uint64_t base_at(const PolledRegisters *s, uint64_t offset)
{
    int node = find_node(s, offset);

    return node < 0 ? s->mmio.addr : s->ranges[3 * node + 2];
}

/*
 * Registers that are known.  A mask says which bits are; with an empty one, the
 * register counts up by the value with each read
 */

static bool is_counter(const uint64_t *known)
{
    return !known[2];
}

static bool covers(const uint64_t *known, uint64_t offset, unsigned size)
{
    return known[0] < offset + size && offset < known[0] + sizeof(uint32_t);
}

static void set_known(PolledRegisters *s, const uint64_t *known)
{
    uint64_t value = fetch(s, known[0], sizeof(uint32_t));

    keep(s, known[0], sizeof(uint32_t),
         (value & ~known[2]) | (known[1] & known[2]));
}

static void store(PolledRegisters *s, uint64_t offset, unsigned size,
                  uint64_t value)
{
    keep(s, offset, size, value);
    for (unsigned i = 0; i < s->num_reads; i += 3) {
        if (covers(&s->reads[i], offset, size)) {
            set_known(s, &s->reads[i]);
        }
    }
}

static bool count_known(PolledRegisters *s, uint64_t offset, unsigned size)
{
    bool counted = false;

    for (unsigned i = 0; i < s->num_reads; i += 3) {
        const uint64_t *known = &s->reads[i];

        if (is_counter(known) && covers(known, offset, size)) {
            keep(s, known[0], sizeof(uint32_t),
                 fetch(s, known[0], sizeof(uint32_t)) + known[1]);
            counted = true;
        }
    }
    return counted;
}

/*
 * Places
 */

/*
 * Address of the instruction that the CPU is at.  TCG keeps it up to date only
 * at the end of a block; what it takes to restore it has the address itself, or
 * its bits within the page.
 */
static uint64_t address_of_instruction(CPUState *cpu)
{
    uint64_t pc = cpu->cc->get_pc(cpu);
#ifdef CONFIG_TCG
    uint64_t page = ~(uint64_t)qemu_target_page_mask();
    uint64_t data[UNWIND_WORDS] = { 0 };

    if (tcg_enabled() && cpu->mem_io_pc &&
        cpu_unwind_state_data(cpu, cpu->mem_io_pc, data)) {
        return data[0] & ~page ? data[0] : (pc & ~page) | data[0];
    }
#endif
    return pc;
}

/*
 * The stack pointer tells one call of a function that reads from another: an
 * identification, say, is read again and again, but by one caller and another.
 * Its number is GDB's.
 */
static uint64_t stack_pointer(CPUState *cpu)
{
    static const struct {
        const char *core;
        int number;
    } stacks[] = {
        { "aarch64-core.xml", 31 },
        { "arm-core.xml", 13 },
        { "riscv-64bit-cpu.xml", 2 },
        { "riscv-32bit-cpu.xml", 2 },
    };
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    const char *core = cpu->cc->gdb_core_xml_file;

    for (int i = 0; core && i < ARRAY_SIZE(stacks); i++) {
        if (g_str_equal(core, stacks[i].core)) {
            cpu->cc->gdb_read_register(cpu, bytes, stacks[i].number);
        }
    }
    return bytes->len == sizeof(uint64_t) ? ldq_le_p(bytes->data)
         : bytes->len == sizeof(uint32_t) ? ldl_le_p(bytes->data) : 0;
}

static bool same_place(const PolledPlace *a, const PolledPlace *b)
{
    return a->size == b->size && a->offset == b->offset && a->pc == b->pc &&
           a->sp == b->sp && a->cpu == b->cpu;
}

/* The entry of the place that reads now; in place of the oldest if it is new */
static PolledPlace *find_place(PolledRegisters *s, uint64_t offset,
                               unsigned size)
{
    CPUState *cpu = current_cpu;
    PolledPlace *oldest = s->places;
    PolledPlace now = { .offset = offset, .size = size };

    if (cpu) {
        now.pc = address_of_instruction(cpu);
        now.sp = stack_pointer(cpu);
        now.cpu = cpu->cpu_index;
    }
    for (int i = 0; i < NUM_PLACES; i++) {
        PolledPlace *place = &s->places[i];

        if (same_place(place, &now)) {
            return place;
        }
        if (place->last < oldest->last) {
            oldest = place;
        }
    }
    *oldest = now;
    return oldest;
}

/* A program that writes there has gone on */
static void end_waits(PolledRegisters *s, uint64_t offset)
{
    for (int i = 0; i < NUM_PLACES; i++) {
        PolledPlace *place = &s->places[i];

        if (place->offset >> PAGE_BITS == offset >> PAGE_BITS) {
            place->reads = 0;
            place->answers = 0;
        }
    }
}

/*
 * Rescues
 */

static PolledRescue *need_rescue(PolledRegisters *s, const PolledPlace *place)
{
    PolledRescue *rescue;

    for (int i = 0; i < s->num_rescues; i++) {
        rescue = &s->rescues[i];
        if (rescue->offset == place->offset && rescue->pc == place->pc &&
            rescue->cpu == place->cpu && rescue->size == place->size) {
            return rescue;
        }
    }
    s->rescues = g_renew(PolledRescue, s->rescues, s->num_rescues + 1);
    rescue = &s->rescues[s->num_rescues++];
    *rescue = (PolledRescue) {
        .offset = place->offset, .pc = place->pc, .cpu = place->cpu,
        .size = place->size, .before = place->base,
    };
    return rescue;
}

/* The same number gives the same bits, and neighbours have nothing in common */
static uint64_t scatter(uint64_t n)
{
    n += 0x9e3779b97f4a7c15;
    n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
    n = (n ^ n >> 27) * 0x94d049bb133111eb;
    return n ^ n >> 31;
}

static unsigned num_guesses(const PolledPlace *place)
{
    return place->size * 8 + 3 + NUM_WRITTEN;
}

/* @n: less than num_guesses() */
static uint64_t guess(const PolledRegisters *s, const PolledPlace *place,
                      unsigned n)
{
    unsigned bits = place->size * 8;

    if (n < bits) {
        return place->base ^ (1ULL << n);
    }
    switch (n - bits) {
    case 0:
        return ~place->base;
    case 1:
        return UINT64_MAX;
    case 2:
        return 0;
    default:
        return s->written[n - bits - 3];
    }
}

static uint64_t next_answer(const PolledRegisters *s, const PolledPlace *place,
                            bool counts, uint64_t value)
{
    unsigned n = place->answers;
    uint64_t more = scatter(n ^ place->offset << 32);

    if (!counts && n < num_guesses(place)) {
        return guess(s, place, n);
    }
    if (n % (GROWING_ANSWERS + RANDOM_ANSWERS) < GROWING_ANSWERS) {
        return value + 1 + extract64(more, 0, GROWTH_BITS);
    }
    return more;
}


static uint64_t answer(PolledRegisters *s, PolledPlace *place, uint64_t value)
{
    PolledRescue *rescue;

    if (!place->answers) {
        place->base = value;
    }
    rescue = need_rescue(s, place);
    if (!place->answers) {
        rescue->count++;
        trace_fdt_machine_rescue(node_at(s, place->offset), place->offset,
                                 place->pc, place->cpu, value);
    }
    value = next_answer(s, place, rescue->counts, value);
    store(s, place->offset, place->size, value);
    place->answers++;
    rescue->answers++;
    rescue->counts |= place->answers > num_guesses(place);
    rescue->value = fetch(s, place->offset, place->size);
    return rescue->value;
}

/*
 * Accesses
 */

static uint64_t polled_read(void *opaque, hwaddr offset, unsigned size)
{
    PolledRegisters *s = opaque;
    bool counted = count_known(s, offset, size);
    uint64_t value = fetch(s, offset, size);
    PolledPlace *place;

    if (s->patience && !counted &&
        !(s->memory && was_written(s, offset))) {
        place = find_place(s, offset, size);
        place->last = ++s->accesses;
        if (place->reads < s->patience) {
            place->reads++;
        } else {
            value = answer(s, place, value);
        }
    }
    qemu_log_mask(LOG_UNIMP, "%s: no model: read  (size %u, offset 0x%"
                  HWADDR_PRIx ", value 0x%" PRIx64 ")\n", node_at(s, offset),
                  size, offset, value);
    return value;
}

static void polled_write(void *opaque, hwaddr offset, uint64_t value,
                         unsigned size)
{
    PolledRegisters *s = opaque;

    qemu_log_mask(LOG_UNIMP, "%s: no model: write (size %u, offset 0x%"
                  HWADDR_PRIx ", value 0x%" PRIx64 ")\n", node_at(s, offset),
                  size, offset, value);
    s->written[s->num_written++ % NUM_WRITTEN] = value;
    end_waits(s, offset);
    note_written(s, offset, size);
    store(s, offset, size, value);
}

static const MemoryRegionOps polled_ops = {
    .read = polled_read,
    .write = polled_write,
    .impl = {
        .min_access_size = 1,
        .max_access_size = CELL_BYTES,
        .unaligned = true,
    },
    .valid = {
        .min_access_size = 1,
        .max_access_size = CELL_BYTES,
        .unaligned = true,
    },
    .endianness = DEVICE_LITTLE_ENDIAN,
};

/*
 * What is told of the rescues
 */

static FdtMachineRescue *tell_rescue(const PolledRegisters *s,
                                     const PolledRescue *rescue)
{
    FdtMachineRescue *told = g_new0(FdtMachineRescue, 1);

    told->path = g_strdup(node_at(s, rescue->offset));
    told->address = s->mmio.addr + rescue->offset;
    told->offset = (int32_t)(told->address - base_at(s, rescue->offset));
    told->size = rescue->size;
    told->cpu = rescue->cpu;
    told->pc = rescue->pc;
    told->count = rescue->count;
    told->answers = rescue->answers;
    told->before = rescue->before;
    told->value = rescue->value;
    told->counts = rescue->counts;
    return told;
}

static void get_rescues(Object *obj, Visitor *v, const char *name,
                        void *opaque, Error **errp)
{
    PolledRegisters *s = POLLED_REGISTERS(obj);
    FdtMachineRescueList *list = NULL, **tail = &list;

    for (int i = 0; i < s->num_rescues; i++) {
        QAPI_LIST_APPEND(tail, tell_rescue(s, &s->rescues[i]));
    }
    visit_type_FdtMachineRescueList(v, name, &list, errp);
    qapi_free_FdtMachineRescueList(list);
}

/*
 * The device
 */

static bool check_reads(const PolledRegisters *s, Error **errp)
{
    if (s->num_reads % 3) {
        error_setg(errp, "'reads': %u numbers are no offsets with a value and "
                   "a mask each", s->num_reads);
        return false;
    }
    for (unsigned i = 0; i < s->num_reads; i += 3) {
        if (s->size < sizeof(uint32_t) ||
            s->reads[i] > s->size - sizeof(uint32_t)) {
            error_setg(errp, "'reads': 0x%" PRIx64 " is past the end",
                       s->reads[i]);
            return false;
        }
    }
    return true;
}

static void polled_registers_realize(DeviceState *dev, Error **errp)
{
    PolledRegisters *s = POLLED_REGISTERS(dev);

    if (!s->size || s->size / CELL_BYTES > UINTPTR_MAX) {
        error_setg(errp, "'size' is missing, or too large");
        return;
    }
    if (s->num_ranges != 3 * s->num_nodes) {
        error_setg(errp, "'ranges' has %u numbers for %u 'nodes', it has to "
                   "have three each", s->num_ranges, s->num_nodes);
        return;
    }
    if (!check_reads(s, errp)) {
        return;
    }
    memory_region_init_io(&s->mmio, OBJECT(dev), &polled_ops, s,
                          s->name ?: TYPE_POLLED_REGISTERS, s->size);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->mmio);
}

static void polled_registers_reset(Object *obj, ResetType type)
{
    PolledRegisters *s = POLLED_REGISTERS(obj);

    clear_cells(s);
    memset(s->places, 0, sizeof(s->places));
    memset(s->written, 0, sizeof(s->written));
    s->num_written = 0;
    s->accesses = 0;
    for (int i = 0; i < s->num_rescues; i++) {
        s->rescues[i].counts = false;
    }
    for (unsigned i = 0; i < s->num_reads; i += 3) {
        set_known(s, &s->reads[i]);
    }
}

static void polled_registers_init(Object *obj)
{
    clear_cells(POLLED_REGISTERS(obj));
}

static void polled_registers_finalize(Object *obj)
{
    PolledRegisters *s = POLLED_REGISTERS(obj);

    g_tree_unref(s->cells);
    g_free(s->rescues);
}

static int polled_registers_pre_load(void *opaque)
{
    PolledRegisters *s = opaque;

    clear_cells(s);
    g_clear_pointer(&s->rescues, g_free);
    return 0;
}

static const VMStateDescription vmstate_cell = {
    .name = "polled-registers/cell",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT64(value, PolledCell),
        VMSTATE_UINT8(written, PolledCell),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_place = {
    .name = "polled-registers/place",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT64(offset, PolledPlace),
        VMSTATE_UINT64(pc, PolledPlace),
        VMSTATE_UINT64(sp, PolledPlace),
        VMSTATE_UINT32(cpu, PolledPlace),
        VMSTATE_UINT32(size, PolledPlace),
        VMSTATE_UINT64(last, PolledPlace),
        VMSTATE_UINT32(reads, PolledPlace),
        VMSTATE_UINT32(answers, PolledPlace),
        VMSTATE_UINT64(base, PolledPlace),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_rescue = {
    .name = "polled-registers/rescue",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT64(offset, PolledRescue),
        VMSTATE_UINT64(pc, PolledRescue),
        VMSTATE_UINT32(cpu, PolledRescue),
        VMSTATE_UINT32(size, PolledRescue),
        VMSTATE_UINT64(count, PolledRescue),
        VMSTATE_UINT64(answers, PolledRescue),
        VMSTATE_UINT64(before, PolledRescue),
        VMSTATE_UINT64(value, PolledRescue),
        VMSTATE_BOOL(counts, PolledRescue),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_polled_registers = {
    .name = TYPE_POLLED_REGISTERS,
    .version_id = 1,
    .minimum_version_id = 1,
    .pre_load = polled_registers_pre_load,
    .fields = (const VMStateField[]) {
        VMSTATE_GTREE_DIRECT_KEY_V(cells, PolledRegisters, 1, &vmstate_cell,
                                   PolledCell),
        VMSTATE_UINT64(accesses, PolledRegisters),
        VMSTATE_STRUCT_ARRAY(places, PolledRegisters, NUM_PLACES, 1,
                             vmstate_place, PolledPlace),
        VMSTATE_UINT64_ARRAY(written, PolledRegisters, NUM_WRITTEN),
        VMSTATE_UINT32(num_written, PolledRegisters),
        VMSTATE_INT32(num_rescues, PolledRegisters),
        VMSTATE_STRUCT_VARRAY_ALLOC(rescues, PolledRegisters, num_rescues, 1,
                                    vmstate_rescue, PolledRescue),
        VMSTATE_END_OF_LIST()
    },
};

static const Property polled_registers_properties[] = {
    DEFINE_PROP_STRING("name", PolledRegisters, name),
    DEFINE_PROP_UINT64("size", PolledRegisters, size, 0),
    DEFINE_PROP_UINT32("patience", PolledRegisters, patience, 4),
    DEFINE_PROP_BOOL("memory", PolledRegisters, memory, false),
    DEFINE_PROP_ARRAY("reads", PolledRegisters, num_reads, reads,
                      qdev_prop_uint64, uint64_t),
    DEFINE_PROP_ARRAY("nodes", PolledRegisters, num_nodes, nodes,
                      qdev_prop_string, char *),
    DEFINE_PROP_ARRAY("ranges", PolledRegisters, num_ranges, ranges,
                      qdev_prop_uint64, uint64_t),
};

static void polled_registers_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->desc = "Registers without a model, for programs that wait for bits";
    dc->realize = polled_registers_realize;
    dc->vmsd = &vmstate_polled_registers;
    rc->phases.hold = polled_registers_reset;
    device_class_set_props(dc, polled_registers_properties);
    object_class_property_add(klass, "rescues", "FdtMachineRescueList",
                              get_rescues, NULL, NULL, NULL);
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
}

static const TypeInfo polled_registers_types[] = {
    {
        .name = TYPE_POLLED_REGISTERS,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(PolledRegisters),
        .instance_init = polled_registers_init,
        .instance_finalize = polled_registers_finalize,
        .class_init = polled_registers_class_init,
    },
};

DEFINE_TYPES(polled_registers_types)

/*
 * virtio=N: transports for disks and networks that the tree does not have
 *
 * They are added to a copy of the tree as nodes of their own before any line
 * is counted.  From there on they are planned, reported and given to the guest
 * as all other nodes are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/units.h"
#include "planner-internal.h"

#define MAX_TRANSPORTS  32
#define TRANSPORT_SIZE  0x200

/*
 * All transports share one block.  It is as large as the largest page of an
 * Arm kernel, and so no page that the guest maps has anything else on it.
 */
#define BLOCK_SIZE      (64 * KiB)
QEMU_BUILD_BUG_ON(MAX_TRANSPORTS * TRANSPORT_SIZE > BLOCK_SIZE);

/*
 * Below 4 GiB, as 32-bit kernels and roots of one address cell reach no
 * further; not on the page at address 0
 */
#define FIRST_ADDRESS   BLOCK_SIZE
#define END_ADDRESS     (4 * GiB)

/*
 * Addresses
 */

typedef struct FdtBusy {
    uint64_t start;
    uint64_t end;
} FdtBusy;

static int busy_compare(const void *va, const void *vb)
{
    const FdtBusy *a = va, *b = vb;

    return a->start < b->start ? -1 : a->start > b->start;
}

static void add_busy(GArray *busy, uint64_t start, uint64_t size)
{
    FdtBusy span = { start, start + MIN(size, UINT64_MAX - start) };

    if (size) {
        g_array_append_val(busy, span);
    }
}

/* Disabled nodes count, too, and a reg that is malformed has no address */
static void add_regs(GArray *busy, const FdtNode *node)
{
    g_autoptr(GArray) regs = fdt_node_regs(node, NULL);

    for (unsigned i = 0; regs && i < regs->len; i++) {
        FdtReg *reg = &g_array_index(regs, FdtReg, i);

        if (reg->mapped) {
            add_busy(busy, reg->address, reg->size);
        }
    }
}

/* What a PCI host's windows lead to is known to the guest alone */
static void add_windows(GArray *busy, const FdtNode *node)
{
    const char *type = fdt_node_string(node, "device_type", 0);
    g_autoptr(GArray) ranges = NULL;

    if (!type || !g_str_equal(type, "pci")) {
        return;
    }
    ranges = fdt_node_ranges(node, "ranges", NULL);
    for (unsigned i = 0; ranges && i < ranges->len; i++) {
        FdtRange *range = &g_array_index(ranges, FdtRange, i);

        if (range->mapped) {
            add_busy(busy, range->address, range->size);
        }
    }
}

static void add_maps(GArray *busy, const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        for (unsigned j = 0; j < device->maps->len; j++) {
            FdtMap *map = &g_array_index(device->maps, FdtMap, j);

            if (!map->parent) {
                add_busy(busy, map->address, map->size);
            }
        }
    }
}

/* Memory as the tree has it, as regs of its nodes, and as -m has it */
static void add_memory(GArray *busy, const FdtPlanner *planner)
{
    uint64_t address, size;

    for (unsigned i = 0; i < planner->banks->len; i++) {
        FdtBank *bank = &g_array_index(planner->banks, FdtBank, i);

        add_busy(busy, bank->address, bank->size);
    }
    for (unsigned i = 0; i < fdt_tree_num_reservations(planner->tree); i++) {
        fdt_tree_reservation(planner->tree, i, &address, &size);
        add_busy(busy, address, size);
    }
}

static GArray *busy_addresses(const FdtPlanner *planner)
{
    GArray *busy = g_array_new(false, false, sizeof(FdtBusy));

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        add_regs(busy, info->node);
        add_windows(busy, info->node);
    }
    add_maps(busy, planner);
    add_memory(busy, planner);
    add_busy(busy, END_ADDRESS, 1);
    g_array_sort(busy, busy_compare);
    return busy;
}

/* In the middle of the gap, at an address that is as round as it may be */
static uint64_t place_block(uint64_t start, uint64_t size)
{
    uint64_t align = MAX(pow2floor(size / 4), BLOCK_SIZE);

    return QEMU_ALIGN_DOWN(start + (size - BLOCK_SIZE) / 2, align);
}

/*
 * The largest gap: hardware that the tree keeps silent about lies near the
 * hardware that it tells of
 */
static bool find_block(const FdtPlanner *planner, uint64_t *address,
                       Error **errp)
{
    g_autoptr(GArray) busy = busy_addresses(planner);
    uint64_t start = FIRST_ADDRESS, best = 0;

    for (unsigned i = 0; i < busy->len && start < END_ADDRESS; i++) {
        FdtBusy *span = &g_array_index(busy, FdtBusy, i);
        uint64_t size = span->start > start ? span->start - start : 0;

        if (size >= BLOCK_SIZE && size > best) {
            best = size;
            *address = place_block(start, size);
        }
        if (span->end > start) {
            start = span->end > END_ADDRESS ? END_ADDRESS
                                            : ROUND_UP(span->end, BLOCK_SIZE);
        }
    }
    if (!best) {
        fdt_error(errp, fdt_tree_root(planner->tree), NULL, "virtio=%u: no "
                  "64 KiB of addresses below 4 GiB are free",
                  planner->config->virtio);
    }
    return best;
}

/*
 * Interrupt lines
 */

static char *input_key(const FdtInput *input)
{
    return g_strdup_printf("%s[%u]@%u", input->line, input->index,
                           input->device->serial);
}

static bool resolve_input(FdtPlanner *planner, FdtDevice *controller,
                          const FdtInterrupt *interrupt, FdtInput *in)
{
    *in = (FdtInput) { .device = controller, .line = FDT_LINE_IN };
    return controller->binding->input(planner, controller, interrupt->cells,
                                      interrupt->num_cells, 0, in, NULL);
}

static void add_specifiers(FdtPlanner *planner, FdtDevice *controller,
                           const GArray *interrupts, GHashTable *busy)
{
    for (unsigned i = 0; interrupts && i < interrupts->len; i++) {
        FdtInterrupt interrupt = g_array_index(interrupts, FdtInterrupt, i);
        FdtInput in;

        fdt_interrupt_pass_on(&interrupt);
        if (interrupt.controller == controller->node &&
            resolve_input(planner, controller, &interrupt, &in)) {
            g_hash_table_add(busy, input_key(&in));
        }
    }
}

/* Inputs that a node, disabled or not, a nexus or a planned wire leads to */
static GHashTable *busy_inputs(FdtPlanner *planner, FdtDevice *controller)
{
    GHashTable *busy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                             NULL);

    for (unsigned i = 0; i < planner->infos->len; i++) {
        FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);
        g_autoptr(GArray) targets = fdt_node_map_targets(info->node, NULL);

        add_specifiers(planner, controller, fdt_info_interrupts(info, NULL),
                       busy);
        add_specifiers(planner, controller, targets, busy);
    }
    for (unsigned i = 0; i < planner->wires->len; i++) {
        FdtWire *wire = g_ptr_array_index(planner->wires, i);
        FdtInput in = { wire->sink, wire->sink_line, wire->m };

        g_hash_table_add(busy, input_key(&in));
    }
    return busy;
}

/*
 * Appends free lines of a controller: those above all that the tree uses come
 * first, as between them may be some that it keeps silent about
 */
static void append_lines(FdtPlanner *planner, FdtDevice *controller,
                         GArray *lines)
{
    g_autoptr(GHashTable) busy = busy_inputs(planner, controller);
    g_autoptr(GArray) below = g_array_new(false, false, sizeof(FdtInterrupt));
    g_autoptr(GArray) above = g_array_new(false, false, sizeof(FdtInterrupt));
    FdtInterrupt line = { .controller = controller->node };
    int num_cells;

    for (unsigned i = 0; (num_cells = controller->binding->spare(
                              controller, i, line.cells)); i++) {
        g_autofree char *key = NULL;
        FdtInput in;

        line.num_cells = MAX(num_cells, 0);
        if (num_cells > 0 && resolve_input(planner, controller, &line, &in)) {
            key = input_key(&in);
        }
        if (key && !g_hash_table_contains(busy, key)) {
            g_array_append_val(above, line);
        } else {
            g_array_append_vals(below, above->data, above->len);
            g_array_set_size(above, 0);
        }
    }
    g_array_append_vals(lines, above->data, above->len);
    g_array_append_vals(lines, below->data, below->len);
}

/* The controller that the root names, then the others in document order */
static GPtrArray *spare_controllers(FdtPlanner *planner)
{
    GPtrArray *list = g_ptr_array_new();
    FdtInterrupt root = {
        .controller = fdt_node_interrupt_parent(fdt_tree_root(planner->tree),
                                                NULL),
    };
    FdtDevice *first = NULL;

    if (root.controller) {
        fdt_interrupt_pass_on(&root);
        first = fdt_planner_device(planner, root.controller);
    }
    if (first && first->binding->spare) {
        g_ptr_array_add(list, first);
    }
    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        if (device != first && device->binding && device->binding->spare) {
            g_ptr_array_add(list, device);
        }
    }
    return list;
}

static GArray *find_lines(FdtPlanner *planner, Error **errp)
{
    g_autoptr(GPtrArray) controllers = spare_controllers(planner);
    g_autoptr(GArray) lines = g_array_new(false, false, sizeof(FdtInterrupt));
    const FdtNode *root = fdt_tree_root(planner->tree);
    unsigned want = planner->config->virtio;

    if (!controllers->len) {
        fdt_error(errp, root, NULL, "virtio=%u: no interrupt controller of "
                  "this tree has a model that takes further devices", want);
        return NULL;
    }
    for (unsigned i = 0; i < controllers->len && lines->len < want; i++) {
        append_lines(planner, g_ptr_array_index(controllers, i), lines);
    }
    if (lines->len < want) {
        fdt_error(errp, root, NULL, "virtio=%u: the interrupt controllers "
                  "have %u free lines", want, lines->len);
        return NULL;
    }
    return g_steal_pointer(&lines);
}

/*
 * Nodes
 */

/* Appends a number in as many cells as the root's children have for it */
static bool put_cells(GArray *cells, uint64_t value, unsigned num)
{
    for (unsigned i = num; i-- > 0;) {
        uint32_t cell = i > 1 ? 0 : value >> (32 * i);

        g_array_append_val(cells, cell);
    }
    return num;
}

static bool set_reg(FdtNode *node, uint64_t address, Error **errp)
{
    g_autoptr(GArray) cells = g_array_new(false, false, sizeof(uint32_t));
    unsigned address_cells, size_cells;

    if (!fdt_node_address_cells(node->parent, &address_cells, errp) ||
        !fdt_node_size_cells(node->parent, &size_cells, errp)) {
        return false;
    }
    if (!put_cells(cells, address, address_cells) ||
        !put_cells(cells, TRANSPORT_SIZE, size_cells)) {
        fdt_error(errp, node->parent, NULL, "virtio= needs a root with "
                  "#address-cells and #size-cells of at least 1");
        return false;
    }
    fdt_node_set_cells(node, "reg", (uint32_t *)cells->data, cells->len);
    return true;
}

static bool ensure_aliases(FdtPlanner *planner, Error **errp)
{
    FdtNode *root = fdt_tree_root(planner->tree);

    if (fdt_node_child(root, "aliases")) {
        return true;
    }
    return fdt_planner_plan_node(
        planner, fdt_planner_attach(planner,
                                    fdt_node_add_child(root, "aliases")),
        errp);
}

/* virtio-mmioN, N counting from 0: it gives the device its id as well */
static void set_alias(FdtNode *node)
{
    FdtNode *aliases = fdt_node_child(node->parent, "aliases");
    g_autofree char *name = NULL;
    unsigned n = 0;

    do {
        g_free(name);
        name = g_strdup_printf("virtio-mmio%u", n++);
    } while (fdt_node_has(aliases, name));
    fdt_node_set_string(aliases, name, node->path);
}

static FdtNode *add_node(FdtPlanner *planner, uint64_t address,
                         const FdtInterrupt *line, Error **errp)
{
    FdtNode *root = fdt_tree_root(planner->tree);
    g_autofree char *name = g_strdup_printf("virtio@%" PRIx64, address);
    FdtNode *node;

    if (fdt_node_child(root, name)) {
        fdt_error(errp, fdt_node_child(root, name), NULL,
                  "virtio= needs this name");
        return NULL;
    }
    node = fdt_node_add_child(root, name);
    fdt_node_set_string(node, "compatible", "virtio,mmio");
    if (!set_reg(node, address, errp)) {
        return NULL;
    }
    fdt_node_set_u32(node, "interrupt-parent",
                     fdt_node_ensure_phandle(line->controller));
    fdt_node_set_cells(node, "interrupts", line->cells, line->num_cells);
    fdt_node_set_empty(node, "dma-coherent");
    set_alias(node);
    return node;
}

static bool add_nodes(FdtPlanner *planner, uint64_t address,
                      const GArray *lines, Error **errp)
{
    for (unsigned i = 0; i < planner->config->virtio; i++) {
        FdtNode *node = add_node(planner, address + i * TRANSPORT_SIZE,
                                 &g_array_index(lines, FdtInterrupt, i),
                                 errp);

        if (!node) {
            return false;
        }
        fdt_planner_attach(planner, node);
        g_ptr_array_add(planner->added, node);
    }
    return true;
}

/*
 * QEMU gives a -device without bus= to the transport that was made last, and a
 * guest numbers disks and networks as the nodes are ordered: made from the
 * last to the first, the first -device is the first for the guest.
 */
static bool plan_nodes(FdtPlanner *planner, Error **errp)
{
    for (unsigned i = planner->added->len; i-- > 0;) {
        FdtNode *node = g_ptr_array_index(planner->added, i);

        if (!fdt_planner_plan_node(planner, fdt_node_info(node), errp)) {
            return false;
        }
        fdt_planner_note(planner, node, "added by virtio=");
    }
    return true;
}

bool fdt_planner_virtio(FdtPlanner *planner, Error **errp)
{
    const FdtNode *root = fdt_tree_root(planner->tree);
    unsigned n = planner->config->virtio;
    g_autoptr(GArray) lines = NULL;
    uint64_t address;

    if (!n) {
        return true;
    }
    if (n > MAX_TRANSPORTS) {
        fdt_error(errp, root, NULL, "virtio=%u: at most %u transports can be "
                  "added", n, MAX_TRANSPORTS);
        return false;
    }
    if (!fdt_planner_has_type(planner, "virtio-mmio")) {
        fdt_error(errp, root, NULL, "virtio=%u: this binary has no "
                  "virtio-mmio", n);
        return false;
    }
    if (!find_block(planner, &address, errp)) {
        return false;
    }
    lines = find_lines(planner, errp);
    return lines && ensure_aliases(planner, errp) &&
           add_nodes(planner, address, lines, errp) &&
           plan_nodes(planner, errp);
}

/*
 * Transports for disks and networks that the tree does not have
 *
 * There are as many as virtio=N says, and as the command line needs: a disk or
 * a network that no node takes, and each -device that sits on a virtio bus,
 * have one each, where the tree has none left.
 *
 * They are added to a copy of the tree as nodes of their own before any line
 * is counted.  From there on they are planned, reported and given to the guest
 * as all other nodes are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "guest.h"

#define MAX_TRANSPORTS  32
#define TRANSPORT_SIZE  0x200

/* All transports share one block */
QEMU_BUILD_BUG_ON(MAX_TRANSPORTS * TRANSPORT_SIZE > FDT_BLOCK_SIZE);

/*
 * What is to sit on transports
 */

typedef struct FdtTenant {
    char *name;                 /* as the user typed it: "-nic 'net0'" */
    /* Which of the three it is; a -device finds its transport by itself */
    const FdtDriveConfig *drive;
    const FdtNicConfig *nic;
    const FdtVirtioConfig *device;
} FdtTenant;

static void tenant_clear(gpointer data)
{
    g_free(((FdtTenant *)data)->name);
}

static void add_drives(FdtPlanner *planner, GArray *tenants)
{
    for (unsigned i = 0; i < planner->config->num_drives; i++) {
        const FdtDriveConfig *drive = &planner->config->drives[i];
        FdtTenant tenant = { .drive = drive };

        if (!planner->drive_used[i] &&
            g_str_equal(drive->interface, FDT_DRIVE_ANY)) {
            planner->drive_used[i] = true;
            tenant.name = g_strdup_printf("-drive '%s'", drive->id);
            g_array_append_val(tenants, tenant);
        }
    }
}

static void add_nics(FdtPlanner *planner, GArray *tenants)
{
    for (unsigned i = 0; i < planner->config->num_nics; i++) {
        const FdtNicConfig *nic = &planner->config->nics[i];
        FdtTenant tenant = { .nic = nic };

        if (!planner->nic_used[i] && !nic->implied) {
            planner->nic_used[i] = true;
            tenant.name = g_strdup_printf("-nic '%s'", nic->netdev ?: "none");
            g_array_append_val(tenants, tenant);
        }
    }
}

static bool has_pci_host(const FdtPlanner *planner)
{
    for (unsigned i = 0; i < planner->infos->len; i++) {
        const FdtNodeInfo *info = g_ptr_array_index(planner->infos, i);

        if (fdt_info_is_built(info) && fdt_node_is_pci_bus(info->node)) {
            return true;
        }
    }
    return false;
}

static void add_virtio_devices(FdtPlanner *planner, GArray *tenants)
{
    bool has_pci = has_pci_host(planner);

    planner->plan->wants_mmio = !has_pci;
    for (unsigned i = 0; i < planner->config->num_virtio_devices; i++) {
        const FdtVirtioConfig *device = &planner->config->virtio_devices[i];
        FdtTenant tenant = { .device = device };

        if (!device->pci || !has_pci) {
            tenant.name = g_strdup_printf("-device %s", device->driver);
            g_array_append_val(tenants, tenant);
        }
    }
}

/* Those that have a transport of the plan's choice come first */
static GArray *find_tenants(FdtPlanner *planner)
{
    GArray *tenants = g_array_new(false, false, sizeof(FdtTenant));

    g_array_set_clear_func(tenants, tenant_clear);
    add_drives(planner, tenants);
    add_nics(planner, tenants);
    add_virtio_devices(planner, tenants);
    return tenants;
}

/* As many names as a line can have */
#define MAX_NAMES   4

static char *names_of(const GArray *tenants)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (unsigned i = 0; i < MIN(tenants->len, MAX_NAMES); i++) {
        g_string_append_printf(text, "%s%s", i ? ", " : "",
                               g_array_index(tenants, FdtTenant, i).name);
    }
    if (tenants->len > MAX_NAMES) {
        g_string_append_printf(text, " and %u more", tenants->len - MAX_NAMES);
    }
    return g_strdup(text->str);
}

/*
 * How many transports are added, and for what
 */

typedef struct FdtNeed {
    GArray *tenants;            /* of FdtTenant */
    GPtrArray *own;             /* of FdtDevice *: transports of the tree */
    unsigned num;               /* transports that are added */
    bool asked;                 /* by virtio=, and no more than those */
    char *why;                  /* for messages */
} FdtNeed;

static GPtrArray *own_transports(const FdtPlanner *planner)
{
    GPtrArray *list = g_ptr_array_new();

    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);

        if (!g_strcmp0(fdt_device_type(device), "virtio-mmio")) {
            g_ptr_array_add(list, device);
        }
    }
    return list;
}

static void need_init(FdtNeed *need, FdtPlanner *planner)
{
    unsigned asked = planner->config->virtio;
    g_autofree char *names = NULL;

    need->tenants = find_tenants(planner);
    need->own = own_transports(planner);
    need->num = need->tenants->len - MIN(need->tenants->len, need->own->len);
    need->asked = need->num <= asked;
    need->num = MAX(need->num, asked);
    names = names_of(need->tenants);
    need->why = need->asked
        ? g_strdup_printf("virtio=%u", asked)
        : g_strdup_printf("a virtio transport for %s", names);
}

static void need_clear(FdtNeed *need)
{
    g_array_unref(need->tenants);
    g_ptr_array_unref(need->own);
    g_free(need->why);
}

/*
 * Interrupt lines
 */

static GArray *find_lines(FdtPlanner *planner, const FdtNeed *need,
                          Error **errp)
{
    g_autoptr(GPtrArray) controllers =
        fdt_planner_controllers_with_room(planner);
    g_autoptr(GArray) lines = g_array_new(false, false, sizeof(FdtInterrupt));
    const FdtNode *root = fdt_tree_root(planner->tree);

    if (!controllers->len) {
        fdt_error(errp, root, NULL, "%s: no interrupt controller of "
                  "this tree has a model that takes further devices",
                  need->why);
        return NULL;
    }
    for (unsigned i = 0; i < controllers->len && lines->len < need->num; i++) {
        g_autoptr(GArray) free_lines = fdt_planner_free_lines(
            planner, g_ptr_array_index(controllers, i));

        g_array_append_vals(lines, free_lines->data, free_lines->len);
    }
    if (lines->len < need->num) {
        fdt_error(errp, root, NULL, "%s: the interrupt controllers "
                  "have %u free lines", need->why, lines->len);
        return NULL;
    }
    return g_steal_pointer(&lines);
}

/*
 * Nodes
 */

static FdtNode *add_node(FdtPlanner *planner, const char *rule,
                         uint64_t address, const FdtInterrupt *line,
                         Error **errp)
{
    FdtJournal *journal = planner->journal;
    FdtNode *root = fdt_tree_root(planner->tree);
    g_autofree char *name = g_strdup_printf("virtio@%" PRIx64, address);
    const FdtBlock reg = { address, TRANSPORT_SIZE };
    FdtNode *node;

    if (fdt_node_child(root, name)) {
        fdt_error(errp, fdt_node_child(root, name), NULL,
                  "a virtio transport needs this name");
        return NULL;
    }
    node = fdt_journal_add_node(journal, rule, root, name);
    fdt_journal_set_string(journal, rule, node, "compatible", "virtio,mmio");
    if (!fdt_guest_set_reg(planner, rule, node, &reg, 1, "set")) {
        fdt_error(errp, root, NULL, "a virtio transport needs a root with "
                  "#address-cells and #size-cells of at least 1");
        return NULL;
    }
    fdt_journal_set_u32(journal, rule, node, "interrupt-parent",
                        fdt_journal_phandle(journal, rule, line->controller));
    fdt_journal_set_cells(journal, rule, node, "interrupts", line->cells,
                          line->num_cells);
    fdt_journal_set_empty(journal, rule, node, "dma-coherent");
    /* It gives the device its id as well */
    fdt_guest_set_alias(planner, rule, node, "virtio-mmio");
    return node;
}

static bool add_nodes(FdtPlanner *planner, const char *rule, uint64_t address,
                      const GArray *lines, unsigned num, Error **errp)
{
    for (unsigned i = 0; i < num; i++) {
        FdtNode *node = add_node(planner, rule, address + i * TRANSPORT_SIZE,
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
static bool plan_nodes(FdtPlanner *planner, const FdtNeed *need, Error **errp)
{
    for (unsigned i = planner->added->len; i-- > 0;) {
        FdtNode *node = g_ptr_array_index(planner->added, i);

        if (!fdt_planner_plan_node(planner, fdt_node_info(node), errp)) {
            return false;
        }
        if (need->asked) {
            fdt_planner_note(planner, node, "added by virtio=");
        } else {
            fdt_planner_note(planner, node, "added for what no node takes");
        }
    }
    return true;
}

static bool add_transports(FdtPlanner *planner, const char *rule,
                           const FdtNeed *need, Error **errp)
{
    const FdtNode *root = fdt_tree_root(planner->tree);
    g_autoptr(GArray) lines = NULL;
    uint64_t address;

    if (need->num > MAX_TRANSPORTS) {
        fdt_error(errp, root, NULL, "%s: at most %u transports can be "
                  "added", need->why, MAX_TRANSPORTS);
        return false;
    }
    if (!fdt_planner_has_type(planner, "virtio-mmio")) {
        fdt_error(errp, root, NULL, "%s: this binary has no "
                  "virtio-mmio", need->why);
        return false;
    }
    if (!fdt_planner_find_block(planner, FDT_BLOCK_SIZE, &address)) {
        fdt_error(errp, root, NULL, "%s: no 64 KiB of addresses below "
                  "4 GiB are free", need->why);
        return false;
    }
    lines = find_lines(planner, need, errp);
    if (!lines) {
        return false;
    }
    fdt_guest_table(planner, rule, "aliases");
    return add_nodes(planner, rule, address, lines, need->num, errp) &&
           plan_nodes(planner, need, errp);
}

/*
 * Disks and networks that no node takes
 */

/* The @i-th transport: the tree's own come first */
static FdtDevice *transport(FdtPlanner *planner, const FdtNeed *need,
                            unsigned i)
{
    if (i < need->own->len) {
        return g_ptr_array_index(need->own, i);
    }
    return fdt_planner_device(planner, g_ptr_array_index(planner->added,
                                                         i - need->own->len));
}

static FdtDevice *seat_device(FdtPlanner *planner, FdtDevice *on,
                              const char *type, const char *suffix)
{
    FdtDevice *device = fdt_planner_add_device(planner, on->node, type, suffix,
                                               FDT_RANK_OTHER);

    fdt_device_set_bus(device, on, NULL);
    return device;
}

static void seat_tenant(FdtPlanner *planner, const FdtTenant *tenant,
                        FdtDevice *on)
{
    const FdtNicConfig *nic = tenant->nic;
    FdtDevice *device;

    if (tenant->drive) {
        device = seat_device(planner, on, "virtio-blk-device", "disk");
        fdt_device_set_string(device, "drive", tenant->drive->id);
        fdt_planner_note_backend(planner, "drive", tenant->drive->id, on->node);
    } else if (nic) {
        device = seat_device(planner, on, "virtio-net-device", "net");
        fdt_device_set_string(device, "netdev", nic->netdev);
        if (nic->mac) {
            fdt_device_set_string(device, "mac", nic->mac);
        }
        fdt_planner_note_backend(planner, "nic", nic->netdev, on->node);
    }
}

static void tell(FdtPlanner *planner, const FdtNeed *need)
{
    const FdtNode *first = g_ptr_array_index(planner->added, 0);
    g_autofree char *names = names_of(need->tenants);
    const char *at = strchr(first->name, '@') + 1;

    if (need->num > 1) {
        fdt_planner_warn(planner, fdt_tree_root(planner->tree), "no node of "
                         "this tree takes %s: %u virtio transports are added, "
                         "from 0x%s on", names, need->num, at);
    } else {
        fdt_planner_warn(planner, fdt_tree_root(planner->tree), "no node of "
                         "this tree takes %s: a virtio transport is added, at "
                         "0x%s", names, at);
    }
}

bool fdt_prepare_virtio(FdtPlanner *planner, const char *rule, Error **errp)
{
    FdtNeed need = { 0 };
    bool ok;

    need_init(&need, planner);
    ok = !need.num || add_transports(planner, rule, &need, errp);
    for (unsigned i = 0; ok && i < need.tenants->len; i++) {
        seat_tenant(planner, &g_array_index(need.tenants, FdtTenant, i),
                    transport(planner, &need, i));
    }
    if (ok && !need.asked) {
        tell(planner, &need);
    }
    need_clear(&need);
    return ok;
}

/*
 * Which device takes which serial port, network and card of the command line
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "state.h"

void fdt_planner_note_backend(FdtPlanner *planner, const char *kind,
                              const char *id, const FdtNode *node)
{
    FdtBackend *backend = g_new0(FdtBackend, 1);

    backend->kind = kind;
    backend->id = g_strdup(id);
    backend->path = node ? g_strdup(node->path) : NULL;
    g_ptr_array_add(planner->backends, backend);
}

typedef struct FdtClaim {
    FdtDevice *device;
    FdtDevice *bus;         /* of a card */
    unsigned rank;          /* lower comes first */
    unsigned number;
} FdtClaim;

static int claim_compare(const void *va, const void *vb)
{
    const FdtClaim *a = va, *b = vb;

    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    if (a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }
    return a->device->serial < b->device->serial ? -1 : 1;
}

/*
 * Devices that take a backend of this kind, in the order in which they get one:
 * the console of stdout-path, then by the numbers of their aliases, then those
 * without an alias, in document order
 */
static GArray *slot_claims(FdtPlanner *planner, FdtSlot slot,
                           const char *stem, const FdtNode *first)
{
    GArray *claims = g_array_new(false, false, sizeof(FdtClaim));

    for (unsigned i = 0; i < planner->devices->len; i++) {
        FdtDevice *device = g_ptr_array_index(planner->devices, i);
        FdtClaim claim = { .device = device, .rank = 2 };

        if (fdt_device_slot(device) != slot || !fdt_device_is_built(device)) {
            continue;
        }
        if (device->node == first) {
            claim.rank = 0;
        } else if (fdt_node_alias_id(device->node, stem, &claim.number)) {
            claim.rank = 1;
        }
        g_array_append_val(claims, claim);
    }
    g_array_sort(claims, claim_compare);
    return claims;
}

bool fdt_planner_wants_serial(const FdtPlanner *planner)
{
    char *const *serial = planner->config->serials;

    while (serial && *serial && !**serial) {
        serial++;
    }
    return serial && *serial;
}

static void assign_serials(FdtPlanner *planner)
{
    char *const *serials = planner->config->serials;
    FdtNode *console = fdt_tree_stdout(planner->tree, NULL);
    g_autoptr(GArray) claims = slot_claims(planner, FDT_SLOT_SERIAL, "serial",
                                           console);
    unsigned i;

    for (i = 0; serials && serials[i]; i++) {
        FdtDevice *device = NULL;

        if (!serials[i][0]) {
            continue;
        }
        if (i < claims->len) {
            device = g_array_index(claims, FdtClaim, i).device;
            fdt_device_set_string(device, "chardev", serials[i]);
        }
        fdt_planner_note_backend(planner, "serial", serials[i],
                                 device ? device->node : NULL);
    }
}

static void assign_nics(FdtPlanner *planner)
{
    g_autoptr(GArray) claims = slot_claims(planner, FDT_SLOT_NIC, "ethernet",
                                           NULL);
    const FdtNicConfig *nic;

    for (unsigned i = 0; i < claims->len; i++) {
        FdtDevice *device = g_array_index(claims, FdtClaim, i).device;

        nic = fdt_planner_take_nic(planner, device->node);
        if (!nic) {
            break;
        }
        fdt_device_set_string(device, "netdev", nic->netdev);
        if (nic->mac) {
            fdt_device_set_string(device, "mac", nic->mac);
        }
    }
}

/*
 * Cards: mmc/mmc-controller.yaml
 */

void fdt_device_add_slot(FdtPlanner *planner, FdtDevice *device,
                         FdtDevice *bus)
{
    FdtCardSlot slot = { .device = device, .bus = bus };

    g_array_append_val(planner->slots, slot);
}

/*
 * Order in which slots get cards: by the numbers of the aliases mmcN, then
 * those without an alias.  A slot that holds what is soldered in comes after
 * all that are for cards that users change
 */
static GArray *card_claims(FdtPlanner *planner)
{
    enum { ALIAS, REST, SOLDERED };
    GArray *claims = g_array_new(false, false, sizeof(FdtClaim));

    for (unsigned i = 0; i < planner->slots->len; i++) {
        FdtCardSlot *slot = &g_array_index(planner->slots, FdtCardSlot, i);
        const FdtNode *node = slot->device->node;
        FdtClaim claim = { .device = slot->device, .bus = slot->bus };

        claim.rank = fdt_node_alias_id(node, "mmc", &claim.number) ? ALIAS
                                                                   : REST;
        if (fdt_node_has(node, "non-removable")) {
            claim.rank += SOLDERED;
        }
        g_array_append_val(claims, claim);
    }
    g_array_sort(claims, claim_compare);
    return claims;
}

static void assign_cards(FdtPlanner *planner)
{
    g_autoptr(GArray) claims = card_claims(planner);

    for (unsigned i = 0; i < claims->len; i++) {
        FdtClaim *claim = &g_array_index(claims, FdtClaim, i);
        FdtNode *node = claim->device->node;
        const FdtDriveConfig *drive = fdt_planner_take_drive(planner, node,
                                                             "sd");
        FdtDevice *card;

        if (!drive) {
            break;
        }
        card = fdt_planner_add_device(planner, node, fdt_node_has(node, "no-sd")
                                      ? "emmc" : "sd-card", "card",
                                      FDT_RANK_OTHER);
        fdt_device_set_string(card, "drive", drive->id);
        fdt_device_set_bus(card, claim->bus, "sd-bus");
    }
}

bool fdt_planner_assign_backends(FdtPlanner *planner, Error **errp)
{
    assign_serials(planner);
    assign_nics(planner);
    assign_cards(planner);
    return true;
}

/*
 * What no node takes
 */

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

/* Interfaces of which nodes take drives, as "if=ide, if=sd"; caller frees */
static char *known_interfaces(const FdtPlanner *planner)
{
    GList *names = g_list_sort(g_hash_table_get_keys(planner->interfaces),
                               by_name);
    g_autoptr(GString) text = g_string_new(NULL);

    for (const GList *l = names; l; l = l->next) {
        if (!g_str_equal(l->data, FDT_DRIVE_ANY)) {
            g_string_append_printf(text, "%sif=%s", text->len ? ", " : "",
                                   (const char *)l->data);
        }
    }
    g_list_free(names);
    return g_strdup(text->str);
}

static void refuse_drive(const FdtPlanner *planner, const FdtDriveConfig *drive,
                         Error **errp)
{
    const FdtNode *root = fdt_tree_root(planner->tree);
    g_autofree char *known = known_interfaces(planner);

    if (g_str_equal(drive->interface, FDT_DRIVE_ANY)) {
        fdt_error(errp, root, NULL, "no node of this tree takes -drive '%s', "
                  "and guest-rules= leaves out the rule virtio, which would "
                  "add a transport for it", drive->id);
    } else if (g_hash_table_contains(planner->interfaces, drive->interface)) {
        fdt_error(errp, root, NULL, "no node of this tree takes -drive if=%s,"
                  "bus=%d,unit=%d: those that take if=%s have drives already",
                  drive->interface, drive->bus, drive->unit,
                  drive->interface);
    } else {
        fdt_error(errp, root, NULL, "no node of this tree takes -drive if=%s,"
                  "bus=%d,unit=%d; %s%s; a -drive without if= is a disk on any "
                  "tree", drive->interface, drive->bus, drive->unit,
                  *known ? "those with a model take "
                         : "its nodes take no drive at all",
                  known);
    }
}

static bool settle_unmatched_drive(FdtPlanner *planner,
                                   const FdtDriveConfig *drive, Error **errp)
{
    fdt_planner_note_backend(planner, "drive", drive->id, NULL);
    if (planner->config->complete) {
        refuse_drive(planner, drive, errp);
        return false;
    }
    return true;
}

bool fdt_planner_note_unmatched(FdtPlanner *planner, Error **errp)
{
    const FdtPlanConfig *config = planner->config;

    for (unsigned i = 0; i < config->num_nics; i++) {
        if (!planner->nic_used[i]) {
            fdt_planner_note_backend(planner, "nic", config->nics[i].netdev,
                                     NULL);
        }
    }
    for (unsigned i = 0; i < config->num_drives; i++) {
        if (!planner->drive_used[i] &&
            !settle_unmatched_drive(planner, &config->drives[i], errp)) {
            return false;
        }
    }
    return true;
}

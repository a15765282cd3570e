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

        nic = fdt_planner_take_nic(planner);
        if (!nic) {
            break;
        }
        fdt_device_set_string(device, "netdev", nic->netdev);
        if (nic->mac) {
            fdt_device_set_string(device, "mac", nic->mac);
        }
        fdt_planner_note_backend(planner, "nic", nic->netdev, device->node);
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
        const char *drive = fdt_planner_take_drive(planner, "sd");
        FdtDevice *card;

        if (!drive) {
            break;
        }
        card = fdt_planner_add_device(planner, node, fdt_node_has(node, "no-sd")
                                      ? "emmc" : "sd-card", "card",
                                      FDT_RANK_OTHER);
        fdt_device_set_string(card, "drive", drive);
        fdt_device_set_bus(card, claim->bus, "sd-bus");
        fdt_planner_note_backend(planner, "drive", drive, node);
    }
}

bool fdt_planner_assign_backends(FdtPlanner *planner, Error **errp)
{
    assign_serials(planner);
    assign_nics(planner);
    assign_cards(planner);
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
        if (!planner->drive_used[i]) {
            fdt_planner_note_backend(planner, "drive", config->drives[i].id,
                                     NULL);
        }
    }
    return true;
}

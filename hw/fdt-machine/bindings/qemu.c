/*
 * Bindings: nodes that say themselves what they are in QEMU, by properties
 * that start with "qemu,", and nodes of a compatible of which the user says it
 *
 * docs/qemu-binding.md describes the properties.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "../tree/cells.h"
#include "qemu.h"
#include "shared.h"
#include "tables.h"

#define WORD_PREFIX     "qemu,"
#define PROP_PREFIX     "qemu,prop-"
#define BOOL_PREFIX     "qemu,bool-"
#define STRING_PREFIX   "qemu,string-"
#define LINK_PREFIX     "qemu,link-"
#define READS           "qemu,reads"

/*
 * The properties: what they are for, and the form of their values
 */

/* What a node is that has such properties: bits of FdtWord.where */
typedef enum FdtWordPlace {
    NOWHERE = 0,            /* none of what follows */
    IN_DEVICE = 1 << 0,     /* qemu,type: a device */
    IN_DESCRIBED = 1 << 1,  /* qemu,device: one that is there already */
    IN_ALIAS = 1 << 2,      /* qemu,alias-of: what is seen once more */
    IN_BINDING = 1 << 3,    /* below /qemu,bindings */
    IN_ANY = 1 << 4,        /* in all nodes, also in those without the above */
} FdtWordPlace;

/* FdtFormCheck: whether the value has its form; @name: what is set at QEMU's */
typedef bool FdtFormCheck(const FdtNode *node, const FdtProp *prop,
                          const char *name, Error **errp);

typedef struct FdtWord {
    const char *name;       /* with a '-' at its end: of all that begin so */
    unsigned where;
    FdtFormCheck *check;
} FdtWord;

static bool check_number(const FdtNode *node, const FdtProp *prop,
                         const char *name, Error **errp)
{
    if (prop->len != sizeof(uint32_t) && prop->len != sizeof(uint64_t)) {
        fdt_error(errp, node, prop->name, "neither one nor two cells; others "
                  "are " BOOL_PREFIX "%s, " STRING_PREFIX "%s", name, name);
        return false;
    }
    return true;
}

static bool check_bool(const FdtNode *node, const FdtProp *prop,
                       const char *name, Error **errp)
{
    if (prop->len && prop->len != sizeof(uint32_t)) {
        fdt_error(errp, node, prop->name, "neither empty nor one cell");
        return false;
    }
    return true;
}

static bool check_string(const FdtNode *node, const FdtProp *prop,
                         const char *name, Error **errp)
{
    const char *value = fdt_node_string(node, prop->name, 0);

    if (!value) {
        fdt_error(errp, node, prop->name, "it is no string");
        return false;
    }
    if (prop->len != strlen(value) + 1) {
        fdt_error(errp, node, prop->name, "%u bytes are more than the string "
                  "'%s'", prop->len, value);
        return false;
    }
    return true;
}

static bool check_bus(const FdtNode *node, const FdtProp *prop,
                      const char *name, Error **errp)
{
    return !prop->len || check_string(node, prop, name, errp);
}

static bool check_link(const FdtNode *node, const FdtProp *prop,
                       const char *name, Error **errp)
{
    if (prop->len && prop->len != sizeof(uint32_t)) {
        fdt_error(errp, node, prop->name, "neither empty nor a phandle");
        return false;
    }
    return true;
}

static bool check_cells(const FdtNode *node, const FdtProp *prop,
                        const char *name, Error **errp)
{
    if (!prop->len || prop->len % sizeof(uint32_t)) {
        fdt_error(errp, node, prop->name, "%u bytes are no cells", prop->len);
        return false;
    }
    return true;
}

static bool check_pairs(const FdtNode *node, const FdtProp *prop,
                        const char *name, Error **errp)
{
    if (prop->len % (2 * sizeof(uint32_t))) {
        fdt_error(errp, node, prop->name, "%u bytes are no pairs of cells",
                  prop->len);
        return false;
    }
    return true;
}

/* Offset and value, or three cells for each of several registers */
static bool check_reads(const FdtNode *node, const FdtProp *prop,
                        const char *name, Error **errp)
{
    if (prop->len != 2 * sizeof(uint32_t) &&
        (!prop->len || prop->len % (3 * sizeof(uint32_t)))) {
        fdt_error(errp, node, prop->name, "%u bytes are neither an offset and "
                  "a value, nor offset, value and mask of registers",
                  prop->len);
        return false;
    }
    return true;
}

static const FdtWord words[] = {
    { "qemu,type", IN_DEVICE | IN_BINDING, check_string },
    { "qemu,device", IN_DESCRIBED, check_string },
    { "qemu,alias-of", IN_ALIAS, check_cells },
    { "qemu,bus", IN_DEVICE | IN_BINDING, check_bus },
    { "qemu,region-map", IN_DEVICE | IN_DESCRIBED | IN_BINDING, check_pairs },
    { "qemu,irq-map", IN_DEVICE | IN_DESCRIBED | IN_BINDING, check_pairs },
    { "qemu,irq-line", IN_DEVICE | IN_DESCRIBED | IN_BINDING, check_string },
    { READS, IN_ANY, check_reads },
    { PROP_PREFIX, IN_DEVICE | IN_BINDING, check_number },
    { BOOL_PREFIX, IN_DEVICE | IN_BINDING, check_bool },
    { STRING_PREFIX, IN_DEVICE | IN_BINDING, check_string },
    { LINK_PREFIX, IN_DEVICE | IN_BINDING, check_link },
};

/* NULL if there is no such property */
static const FdtWord *find_word(const char *name)
{
    for (int i = 0; i < ARRAY_SIZE(words); i++) {
        const char *word = words[i].name;

        if (g_str_has_suffix(word, "-") ? g_str_has_prefix(name, word)
                                        : g_str_equal(name, word)) {
            return &words[i];
        }
    }
    return NULL;
}

/*
 * NAME of qemu,prop-NAME and the like: the property of the device that it sets;
 * NULL if it sets none
 */
static const char *property_name(const char *name)
{
    const FdtWord *word = find_word(name);

    return word && g_str_has_suffix(word->name, "-")
           ? name + strlen(word->name) : NULL;
}

/*
 * What device_add takes
 */

static bool is_number(const char *kind)
{
    return g_str_has_prefix(kind, "uint") || g_str_has_prefix(kind, "int") ||
           g_str_equal(kind, "size");
}

/* What sets a property of that QOM type; NULL: nothing does */
static const char *prefix_for(const char *kind)
{
    if (is_number(kind)) {
        return PROP_PREFIX;
    }
    if (g_str_equal(kind, "bool")) {
        return BOOL_PREFIX;
    }
    if (g_str_has_prefix(kind, "link<")) {
        return LINK_PREFIX;
    }
    return g_str_has_prefix(kind, "child<") || g_str_equal(kind, "list")
           ? NULL : STRING_PREFIX;
}

/* A link is a path, which is a string */
static bool fits_kind(const char *name, const char *kind)
{
    const char *prefix = prefix_for(kind);

    return prefix && (g_str_has_prefix(name, prefix) ||
                      (g_str_equal(prefix, LINK_PREFIX) &&
                       g_str_has_prefix(name, STRING_PREFIX)));
}

/* One cell or two */
static uint64_t number_of(const FdtNode *node, const FdtProp *prop)
{
    uint64_t value = 0;
    uint32_t cell = 0;

    if (prop->len == sizeof(cell) && fdt_node_u32(node, prop->name, &cell)) {
        return cell;
    }
    fdt_node_u64(node, prop->name, &value);
    return value;
}

/* "uint8" has 8 bits, "int32" has 31 for what cells can say, others 64 */
static bool check_range(const FdtNode *node, const FdtProp *prop,
                        const char *kind, Error **errp)
{
    unsigned int bits;
    uint64_t value = number_of(node, prop);

    if (qemu_strtoui(kind + strcspn(kind, "0123456789"), NULL, 10, &bits)) {
        return true;
    }
    bits -= kind[0] == 'i';
    if (bits < 64 && value >> bits) {
        fdt_error(errp, node, prop->name, "0x%" PRIx64 " does not fit into "
                  "%s", value, kind);
        return false;
    }
    return true;
}

/* Whether a device of that type can be given the property */
static bool check_property(const FdtPlanner *planner, const FdtNode *node,
                           const FdtProp *prop, const char *type,
                           Error **errp)
{
    const char *name = property_name(prop->name);
    const char *kind = name ? fdt_planner_property_type(planner, type, name)
                            : "";

    if (!kind) {
        fdt_error(errp, node, prop->name, "a '%s' has no property '%s'", type,
                  name);
        return false;
    }
    if (!*kind) {
        return true;
    }
    if (!fits_kind(prop->name, kind)) {
        const char *prefix = prefix_for(kind);

        fdt_error(errp, node, prop->name, "property '%s' of a '%s' is a %s, "
                  "which %s%s sets", name, type, kind, prefix ?: "nothing",
                  prefix ? name : "");
        return false;
    }
    return !is_number(kind) || check_range(node, prop, kind, errp);
}

static bool check_type(const FdtPlanner *planner, const FdtNode *node,
                       const char *type, Error **errp)
{
    if (!fdt_planner_has_type(planner, type)) {
        fdt_error(errp, node, "qemu,type", "this binary has no type '%s'",
                  type);
        return false;
    }
    return true;
}

/*
 * Checks of a whole node
 */

bool fdt_qemu_binds(const FdtNode *node)
{
    return fdt_node_has(node, "qemu,type") ||
           fdt_node_has(node, "qemu,device") ||
           fdt_node_has(node, "qemu,alias-of");
}

static FdtWordPlace place_of(const FdtNode *node, const FdtNode *user)
{
    return fdt_node_has(node, "qemu,alias-of") ? IN_ALIAS
         : fdt_node_has(node, "qemu,device") ? IN_DESCRIBED
         : user || fdt_node_has(node, "qemu,type") ? IN_DEVICE : NOWHERE;
}

/* The property is not for nodes of that kind */
static void refuse_word(const FdtNode *node, const char *name,
                        FdtWordPlace place, Error **errp)
{
    switch (place) {
    case IN_ALIAS:
        if (find_word(name)->where == IN_DESCRIBED ||
            g_str_equal(name, "qemu,type")) {
            fdt_error(errp, node, "qemu,alias-of", "the node is a device "
                      "itself");
        } else {
            fdt_error(errp, node, name, "qemu,alias-of makes no device");
        }
        break;
    case IN_DESCRIBED:
        fdt_error(errp, node, name, "qemu,device names a device that is there "
                  "already");
        break;
    case IN_BINDING:
        fdt_error(errp, node, name, "it is for a single node, not for all of a "
                  "compatible");
        break;
    default:
        fdt_error(errp, node, name, "it is of no effect: %s",
                  fdt_qemu_binds(node)
                  ? "the node is a CPU, memory or the root, which QEMU's "
                    "options are for"
                  : "no qemu,type, of the node or of a binding, holds for it");
    }
}

static bool check_word(const FdtNode *node, const FdtProp *prop,
                       FdtWordPlace place, Error **errp)
{
    const FdtWord *word = find_word(prop->name);
    const char *name = property_name(prop->name);

    if (!word || (name && !*name)) {
        fdt_error(errp, node, prop->name, "there is no such property; "
                  "docs/qemu-binding.md has all that begin with " WORD_PREFIX);
        return false;
    }
    if (!(word->where & (place | IN_ANY))) {
        refuse_word(node, prop->name, place, errp);
        return false;
    }
    return word->check(node, prop, name, errp);
}

bool fdt_qemu_check_node(const FdtPlanner *planner, const FdtNode *node,
                         bool bound, const FdtNode *user, Error **errp)
{
    FdtWordPlace place = bound ? place_of(node, user) : NOWHERE;
    const char *type = place == IN_DEVICE
                       ? fdt_node_string(user ?: node, "qemu,type", 0) : NULL;

    for (unsigned i = 0; i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);

        if (g_str_has_prefix(prop->name, WORD_PREFIX) &&
            !check_word(node, prop, place, errp)) {
            return false;
        }
    }
    if (type && !user && !check_type(planner, node, type, errp)) {
        return false;
    }
    for (unsigned i = 0; type && i < node->props->len; i++) {
        if (!check_property(planner, node, g_ptr_array_index(node->props, i),
                            type, errp)) {
            return false;
        }
    }
    return true;
}

/* In a file of bindings, a phandle is none of the tree's that is planned */
static bool check_phandle(const FdtNode *binding, const FdtProp *prop,
                          Error **errp)
{
    if (g_str_has_prefix(prop->name, LINK_PREFIX) && prop->len) {
        fdt_error(errp, binding, prop->name, "a file of bindings knows no "
                  "phandle of the tree; an overlay does");
        return false;
    }
    return true;
}

static bool check_binding_prop(const FdtNode *binding, const FdtProp *prop,
                               bool has_phandles, Error **errp)
{
    if (g_str_equal(prop->name, "compatible") ||
        g_str_equal(prop->name, "phandle")) {
        return true;
    }
    if (!g_str_has_prefix(prop->name, WORD_PREFIX)) {
        fdt_error(errp, binding, prop->name, "a binding has compatible, and "
                  "properties that begin with " WORD_PREFIX);
        return false;
    }
    return check_word(binding, prop, IN_BINDING, errp) &&
           (has_phandles || check_phandle(binding, prop, errp));
}

/* Without a type, no device is made that anything else could be said of */
static bool check_reads_alone(const FdtNode *binding, Error **errp)
{
    for (unsigned i = 0; i < binding->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(binding->props, i);
        const FdtWord *word = find_word(prop->name);

        if (word && word->where != IN_ANY) {
            fdt_error(errp, binding, prop->name, "it is of no effect without "
                      "qemu,type");
            return false;
        }
    }
    return true;
}

bool fdt_qemu_check_binding(const FdtPlanner *planner, const FdtNode *binding,
                            bool has_phandles, Error **errp)
{
    const char *type;

    for (unsigned i = 0; i < binding->props->len; i++) {
        if (!check_binding_prop(binding, g_ptr_array_index(binding->props, i),
                                has_phandles, errp)) {
            return false;
        }
    }
    type = fdt_node_string(binding, "qemu,type", 0);
    if (!type && fdt_node_has(binding, READS)) {
        return check_reads_alone(binding, errp);
    }
    if (!type) {
        fdt_error(errp, binding, "qemu,type", "it is missing: which type "
                  "models these nodes?");
        return false;
    }
    if (!check_type(planner, binding, type, errp)) {
        return false;
    }
    for (unsigned i = 0; i < binding->props->len; i++) {
        if (!check_property(planner, binding,
                            g_ptr_array_index(binding->props, i), type, errp)) {
            return false;
        }
    }
    return true;
}

bool fdt_qemu_read(const FdtNode *node, unsigned n, FdtKnownRead *known)
{
    bool alone = fdt_node_num_cells(node, READS) == 2;
    unsigned first = 3 * n;

    *known = (FdtKnownRead) { .mask = UINT32_MAX };
    return (!alone || !n) &&
           fdt_node_u32_index(node, READS, first, &known->offset) &&
           fdt_node_u32_index(node, READS, first + 1, &known->value) &&
           (alone ||
            fdt_node_u32_index(node, READS, first + 2, &known->mask));
}

/*
 * Properties of the device.  What the node says itself comes before what the
 * binding of the user's says.
 */

/* Who says it: the device's node, the binding, or NULL */
static const FdtNode *who_says(const FdtDevice *device, const char *name)
{
    const FdtNode *node = fdt_device_node(device);
    const FdtNode *user = fdt_device_user_binding(device);

    if (fdt_node_has(node, name)) {
        return node;
    }
    return user && fdt_node_has(user, name) ? user : NULL;
}

static const char *string_said(const FdtDevice *device, const char *name)
{
    const FdtNode *who = who_says(device, name);

    return who ? fdt_node_string(who, name, 0) : NULL;
}

/* Empty or any cell but 0: true */
static bool bool_of(const FdtNode *node, const FdtProp *prop)
{
    uint32_t cell = 1;

    fdt_node_u32(node, prop->name, &cell);
    return cell != 0;
}

/*
 * qemu,link-NAME: the phandle of the node whose device the link leads to, or of
 * a memory node, whose first bank it leads to; an empty property leads to
 * system memory
 */
static bool set_link(FdtPlanner *planner, FdtDevice *device,
                     const FdtNode *who, const FdtProp *prop,
                     const char *name, Error **errp)
{
    FdtDevice *target;
    const FdtNode *other;
    uint32_t phandle;

    if (!fdt_node_u32(who, prop->name, &phandle)) {
        fdt_device_link_memory(device, name);
        return true;
    }
    /* A binding is not of the tree that is planned, but has its phandles */
    other = fdt_tree_by_phandle(fdt_planner_tree(planner), phandle);
    if (other && !g_strcmp0(fdt_node_string(other, "device_type", 0),
                            "memory")) {
        fdt_device_link_bank(device, name, other);
        return true;
    }
    target = fdt_planner_device(planner, other);
    if (!target) {
        fdt_error(errp, who, prop->name, "phandle 0x%x leads to %s", phandle,
                  other ? "a node without a device" : "nowhere");
        return false;
    }
    fdt_device_link(device, name, target);
    return true;
}

static bool set_property(FdtPlanner *planner, FdtDevice *device,
                         const FdtNode *who, const FdtProp *prop, Error **errp)
{
    const char *name = property_name(prop->name);

    if (g_str_has_prefix(prop->name, PROP_PREFIX)) {
        fdt_device_set_uint(device, name, number_of(who, prop));
    } else if (g_str_has_prefix(prop->name, BOOL_PREFIX)) {
        fdt_device_set_bool(device, name, bool_of(who, prop));
    } else if (g_str_has_prefix(prop->name, STRING_PREFIX)) {
        fdt_device_set_string(device, name, fdt_node_string(who, prop->name,
                                                            0));
    } else if (g_str_has_prefix(prop->name, LINK_PREFIX)) {
        return set_link(planner, device, who, prop, name, errp);
    }
    return true;
}

/* Whether a node sets the device's property of that name, in whatever way */
static bool sets_property(const FdtNode *node, const char *name)
{
    for (unsigned i = 0; i < node->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(node->props, i);

        if (!g_strcmp0(property_name(prop->name), name)) {
            return true;
        }
    }
    return false;
}

static bool set_properties(FdtPlanner *planner, FdtDevice *device,
                           const FdtNode *who, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);

    for (unsigned i = 0; i < who->props->len; i++) {
        const FdtProp *prop = g_ptr_array_index(who->props, i);
        const char *name = property_name(prop->name);

        if (name && (who == node || !sets_property(node, name)) &&
            !set_property(planner, device, who, prop, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * Where the device sits
 */

/* On a bus of the parent node's device; empty: on its only bus */
static bool set_bus(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const char *bus = string_said(device, "qemu,bus");
    FdtDevice *parent = fdt_planner_device(planner, node->parent);

    if (!parent) {
        fdt_error(errp, node, "qemu,bus", "the node above has no device");
        return false;
    }
    fdt_device_set_bus(device, parent, bus && *bus ? bus : NULL);
    return true;
}

static bool is_on_i2c(FdtPlanner *planner, const FdtDevice *device)
{
    return fdt_planner_is_a(planner, fdt_device_type(device), "i2c-slave",
                            fdt_node_is_on_i2c(planner,
                                               fdt_device_node(device)));
}

static bool is_on_spi(FdtPlanner *planner, const FdtDevice *device)
{
    return fdt_node_is_on_spi(planner, fdt_device_node(device)) &&
           fdt_planner_is_a(planner, fdt_device_type(device),
                            "ssi-peripheral", true);
}

/*
 * A bus that has no model is a fault of who says of this very node that it is
 * built; who says it of all nodes of a compatible does not know all boards
 */
static bool check_built(FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);

    if (!fdt_device_is_built(device) && !fdt_device_user_binding(device)) {
        fdt_error(errp, node, "qemu,type", "a device of this type has to sit "
                  "on a bus, and the node above has none with a model");
        return false;
    }
    return true;
}

/* By the node above and reg, as its bus wants it, and by qemu,bus */
static bool place(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    if (is_on_i2c(planner, device)) {
        if (!fdt_plan_i2c(planner, device, errp)) {
            return false;
        }
    } else if (is_on_spi(planner, device)) {
        if (!fdt_plan_spi(planner, device, errp)) {
            return false;
        }
    }
    if (!check_built(device, errp)) {
        return false;
    }
    return !fdt_device_is_built(device) || !who_says(device, "qemu,bus") ||
           set_bus(planner, device, errp);
}

static bool map_regions(FdtDevice *device, Error **errp)
{
    const FdtNode *map = who_says(device, "qemu,region-map");
    unsigned n = map ? fdt_node_num_cells(map, "qemu,region-map") / 2
                     : fdt_device_num_regs(device);

    for (unsigned i = 0; i < n; i++) {
        uint32_t from = i, to = i;
        FdtReg reg;

        if (map) {
            fdt_node_u32_index(map, "qemu,region-map", 2 * i, &from);
            fdt_node_u32_index(map, "qemu,region-map", 2 * i + 1, &to);
        }
        if (fdt_device_reg(device, from, &reg, NULL)) {
            fdt_device_map(device, to, NULL, reg.address, reg.size);
        } else if (map) {
            fdt_error(errp, fdt_device_node(device), "qemu,region-map",
                      "entry %u of reg is missing or has no address", from);
            return false;
        }
    }
    return true;
}

/*
 * Backends of the command line: those that a row of the type would take
 */

/* Types of which -drive has some by an interface of their own */
static const struct {
    const char *type;
    const char *interface;
} drive_users[] = {
    { "cfi.pflash01", "pflash" },
    { "cfi.pflash02", "pflash" },
    { "m25p80-generic", "mtd" },
};

static bool takes(FdtPlanner *planner, FdtDevice *device, const char *property)
{
    const char *kind = fdt_planner_property_type(planner,
                                                 fdt_device_type(device),
                                                 property);

    return kind && *kind && !fdt_device_has_argument(device, property);
}

static void take_drive(FdtPlanner *planner, FdtDevice *device)
{
    const FdtDriveConfig *drive = NULL;

    for (int i = 0; i < ARRAY_SIZE(drive_users) && !drive; i++) {
        if (fdt_planner_is_a(planner, fdt_device_type(device),
                             drive_users[i].type, false)) {
            drive = fdt_planner_take_drive(planner, fdt_device_node(device),
                                           drive_users[i].interface);
        }
    }
    if (drive) {
        fdt_device_set_string(device, "drive", drive->id);
    }
}

/* Each port of an AHCI is a bus; there is one unless it is said */
static void take_disks(FdtPlanner *planner, FdtDevice *device)
{
    const FdtNode *who = who_says(device, PROP_PREFIX "num-ports");
    uint32_t num_ports = 1;

    if (who) {
        fdt_node_u32(who, PROP_PREFIX "num-ports", &num_ports);
    }
    fdt_device_take_disks(planner, device, num_ports);
}

static void take_backends(FdtPlanner *planner, FdtDevice *device)
{
    if (takes(planner, device, "chardev")) {
        fdt_device_set_slot(device, FDT_SLOT_SERIAL);
    } else if (takes(planner, device, "netdev")) {
        fdt_device_set_slot(device, FDT_SLOT_NIC);
    }
    if (takes(planner, device, "sd-bus")) {
        fdt_device_add_slot(planner, device, device);
    }
    if (takes(planner, device, "drive")) {
        take_drive(planner, device);
    }
    if (fdt_planner_is_a(planner, fdt_device_type(device), "sysbus-ahci",
                         false)) {
        take_disks(planner, device);
    }
}

/*
 * The hooks
 */

static bool plan_described(FdtDevice *device, Error **errp)
{
    return fdt_device_describe(device, fdt_node_string(fdt_device_node(device),
                                                       "qemu,device", 0),
                               errp) &&
           map_regions(device, errp);
}

/* qemu,alias-of: an address for every entry of reg */
static bool finish_qemu(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    FdtCells cells = fdt_cells(fdt_node_prop(node, "qemu,alias-of"));

    if (!fdt_node_has(node, "qemu,alias-of")) {
        return true;
    }
    for (unsigned i = 0; i < fdt_device_num_regs(device); i++) {
        uint32_t address[FDT_MAX_ADDRESS_CELLS];
        uint64_t target;
        FdtReg reg;

        if (!fdt_device_reg(device, i, &reg, NULL) ||
            !fdt_cells_take(&cells, reg.num_cells, address)) {
            fdt_error(errp, node, "qemu,alias-of", "entry %u of reg has no "
                      "address, here or there", i);
            return false;
        }
        if (!fdt_node_translate(node->parent, address, reg.num_cells,
                                reg.size, &target, errp) ||
            !fdt_planner_alias(planner, device, i, &reg, target, errp)) {
            return false;
        }
    }
    return true;
}

/* Types that do nothing without a map or a line, as those of the planner */
static bool is_inert(const char *type)
{
    static const char *const types[] = {
        "unimplemented-device", "polled-registers", "or-irq", "split-irq", NULL
    };

    return g_strv_contains(types, type);
}

static bool plan_qemu(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const FdtNode *node = fdt_device_node(device);
    const FdtNode *user = fdt_device_user_binding(device);

    if (fdt_node_has(node, "qemu,alias-of")) {
        /* No device: what has the addresses of its reg is elsewhere */
        fdt_device_merge(device, "seen here once more");
        return true;
    }
    if (fdt_node_has(node, "qemu,device")) {
        return plan_described(device, errp);
    }
    if ((user && !set_properties(planner, device, user, errp)) ||
        !set_properties(planner, device, node, errp) ||
        !place(planner, device, errp)) {
        return false;
    }
    if (!fdt_device_is_built(device)) {
        return true;
    }
    if (is_inert(fdt_device_type(device))) {
        fdt_device_set_inert(device);
    }
    take_backends(planner, device);
    return map_regions(device, errp);
}

/* The outputs of what sits on a bus have names, which have to be said */
static bool has_nameless_outputs(const FdtDevice *device)
{
    return !fdt_device_has_argument(device, "bus") ||
           who_says(device, "qemu,irq-line") ||
           who_says(device, "qemu,irq-map");
}

static bool connect_qemu(FdtPlanner *planner, FdtDevice *device, Error **errp)
{
    const char *line = string_said(device, "qemu,irq-line");
    const FdtNode *map = who_says(device, "qemu,irq-map");
    unsigned n = map ? fdt_node_num_cells(map, "qemu,irq-map") / 2
                     : fdt_device_num_irqs(device);

    if (!fdt_device_is_built(device)) {
        return true;
    }
    if (!has_nameless_outputs(device)) {
        fdt_device_silence(device);
        return true;
    }
    for (unsigned i = 0; i < n; i++) {
        uint32_t from = i, to = i;
        const FdtInterrupt *irq;

        if (map) {
            fdt_node_u32_index(map, "qemu,irq-map", 2 * i, &from);
            fdt_node_u32_index(map, "qemu,irq-map", 2 * i + 1, &to);
        }
        irq = fdt_device_irq(device, from);
        if (!irq && from < fdt_device_num_irqs(device)) {
            continue;       /* it leads nowhere */
        }
        if (!irq) {
            fdt_error(errp, fdt_device_node(device), "qemu,irq-map",
                      "the node has no interrupt %u", from);
            return false;
        }
        if (!fdt_device_interrupt(planner, device, line ?: FDT_LINE_IRQ, to,
                                  irq, 0, errp)) {
            return false;
        }
    }
    return true;
}

/* As interrupt controller and as GPIO provider: the first cell is the line */
static bool input_qemu(FdtPlanner *planner, FdtDevice *device,
                       const uint32_t *cells, unsigned num_cells,
                       unsigned cpu, FdtInput *out, Error **errp)
{
    if (!num_cells) {
        error_setg(errp, "%s wants at least one cell a specifier",
                   fdt_device_node(device)->path);
        return false;
    }
    out->index = cells[0];
    return true;
}

const FdtBinding fdt_binding_qemu = {
    .compatible = "",
    .type = "",
    .bus = FDT_BUS_NONE,
    .is = FDT_CONTAINER,
    .intc = FDT_INTC(.input = input_qemu, .number_cell = 1),
    .gpio = FDT_GPIO(.input = input_qemu),
    .plan = plan_qemu,
    .connect = connect_qemu,
    .finish = finish_qemu,
};

/*
 * A cluster of Arm CPUs as one device
 *
 * The device has the properties of its CPUs, and each of them gets the values
 * that are set.
 *
 * Its children cpu[0], cpu[1]... are CPUs of one type.  CPU number N of the
 * whole machine has the N-th value of MPIDR's affinity fields, counted from
 * level 0 upwards with clusters of the device's size, so that the CPUs of
 * several such devices have different values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/module.h"
#include "qapi/error.h"
#include "cpu.h"
#include "hw/boards.h"
#include "hw/cpu/cluster.h"
#include "hw/cpu/cpu-properties.h"
#include "hw/qdev-properties.h"
#include "monitor/qdev.h"
#include "qobject/qdict.h"
#include "count-cpus.h"

#define TYPE_ARM_CPUS "arm-cpus"
OBJECT_DECLARE_TYPE(ArmCpus, ArmCpusClass, ARM_CPUS)

struct ArmCpus {
    CPUClusterState parent_obj;

    char *cpu_type;
    uint32_t num_cpus;
    uint32_t cluster_size;
    CPUProperties *cpu_properties;
};

struct ArmCpusClass {
    DeviceClass parent_class;

    DeviceRealize parent_realize;
};

/* The type that 'cpu-type' names, which may be a model as -cpu takes it */
static const char *find_type(const char *name, Error **errp)
{
    const char *type = cpu_type_by_name(TYPE_ARM_CPU, name);

    if (!type) {
        error_setg(errp, "'cpu-type' is not the type of an Arm CPU: %s",
                   name ?: "(none)");
    }
    return type;
}

/*
 * Check the number of CPUs before the first one is made: the machine would
 * refuse one that is too many when others are there already
 */
static bool check_numbers(const ArmCpus *s, unsigned first, Error **errp)
{
    unsigned left = current_machine->smp.max_cpus - first;

    if (!s->num_cpus || s->num_cpus > left) {
        error_setg(errp, "'num-cpus' is %u, but -smp leaves %u CPUs",
                   s->num_cpus, left);
        return false;
    }
    if (!s->cluster_size || s->cluster_size > 256) {
        error_setg(errp, "'cluster-size' has to be from 1 to 256");
        return false;
    }
    return true;
}

static bool add_cpu(ArmCpus *s, const char *type, unsigned n, unsigned number,
                    Error **errp)
{
    g_autofree char *name = g_strdup_printf("cpu[%u]", n);
    Object *cpu = object_new(type);

    object_property_add_child(OBJECT(s), name, cpu);
    object_unref(cpu);
    return cpu_properties_apply(s->cpu_properties, cpu, errp) &&
           object_property_set_uint(
               cpu, "mp-affinity",
               arm_build_mp_affinity(number, s->cluster_size), errp);
}

/* For object_child_foreach: the largest cluster ID of all devices so far */
static int max_cluster_id(Object *obj, void *opaque)
{
    DeviceState *dev = (DeviceState *)object_dynamic_cast(obj,
                                                          TYPE_CPU_CLUSTER);
    uint32_t *next = opaque;

    if (dev && dev->realized) {
        *next = MAX(*next, CPU_CLUSTER(dev)->cluster_id + 1);
    }
    return 0;
}

static void arm_cpus_realize(DeviceState *dev, Error **errp)
{
    ArmCpus *s = ARM_CPUS(dev);
    unsigned first = fdt_count_cpus();
    uint32_t next_cluster = 0;
    const char *type;
    ERRP_GUARD();

    type = find_type(s->cpu_type, errp);
    if (!type || !check_numbers(s, first, errp)) {
        return;
    }
    for (unsigned i = 0; i < s->num_cpus; i++) {
        if (!add_cpu(s, type, i, first + i, errp)) {
            return;
        }
    }
    object_child_foreach_recursive(qdev_get_machine(), max_cluster_id,
                                   &next_cluster);
    s->parent_obj.cluster_id = MAX(s->parent_obj.cluster_id, next_cluster);
    ARM_CPUS_GET_CLASS(s)->parent_realize(dev, errp);
    for (unsigned i = 0; !*errp && i < s->num_cpus; i++) {
        g_autofree char *name = g_strdup_printf("cpu[%u]", i);
        Object *cpu = object_resolve_path_component(OBJECT(s), name);

        qdev_realize(DEVICE(cpu), NULL, errp);
    }
    if (!*errp) {
        cpu_properties_realized(s->cpu_properties);
    }
}

static bool arm_cpus_add_properties(Object *obj, const QDict *given,
                                    Error **errp)
{
    static const char *const chosen[] = { "mp-affinity", NULL };
    ArmCpus *s = ARM_CPUS(obj);
    const char *type = find_type(qdict_get_try_str(given, "cpu-type"), errp);

    if (type) {
        s->cpu_properties = cpu_properties_new(DEVICE(obj), type, "cpu",
                                               chosen);
    }
    return type;
}

static void arm_cpus_missing_property(Object *obj, const char *name,
                                      Error **errp)
{
    cpu_properties_missing(ARM_CPUS(obj)->cpu_properties, name, errp);
}

static void arm_cpus_finalize(Object *obj)
{
    cpu_properties_free(ARM_CPUS(obj)->cpu_properties);
}

static const Property arm_cpus_properties[] = {
    DEFINE_PROP_STRING("cpu-type", ArmCpus, cpu_type),
    DEFINE_PROP_UINT32("num-cpus", ArmCpus, num_cpus, 1),
    DEFINE_PROP_UINT32("cluster-size", ArmCpus, cluster_size, 8),
};

static void arm_cpus_class_init(ObjectClass *oc, void *data)
{
    DependentPropertiesClass *dpc = DEPENDENT_PROPERTIES_CLASS(oc);
    DeviceClass *dc = DEVICE_CLASS(oc);

    dpc->add = arm_cpus_add_properties;
    dpc->missing = arm_cpus_missing_property;
    dc->desc = "Arm CPUs of one type";
    device_class_set_parent_realize(dc, arm_cpus_realize,
                                    &((ArmCpusClass *)oc)->parent_realize);
    dc->hotpluggable = false;
    dc->user_creatable = false;
    device_class_set_props(dc, arm_cpus_properties);
    object_class_property_set_description(
        oc, "cpu-type",
        "type of the CPUs, whose properties are taken, too: "
        "cpu-type=TYPE,help lists them");
    set_bit(DEVICE_CATEGORY_CPU, dc->categories);
}

static const TypeInfo arm_cpus_types[] = {
    {
        .name = TYPE_ARM_CPUS,
        .parent = TYPE_CPU_CLUSTER,
        .instance_size = sizeof(ArmCpus),
        .class_size = sizeof(ArmCpusClass),
        .instance_finalize = arm_cpus_finalize,
        .class_init = arm_cpus_class_init,
        .interfaces = (InterfaceInfo[]) {
            { TYPE_DEPENDENT_PROPERTIES },
            { }
        },
    },
};

DEFINE_TYPES(arm_cpus_types)

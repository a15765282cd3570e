/*
 * A register that powers the machine off or resets it
 *
 * What the bindings power/reset/syscon-poweroff.yaml and syscon-reboot.yaml
 * describe: the machine obeys when the bits of a mask are written with a value.
 * Other writes are kept and read back.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "system/runstate.h"

#define TYPE_SYSCON_POWER "syscon-power"
OBJECT_DECLARE_SIMPLE_TYPE(SysconPower, SYSCON_POWER)

struct SysconPower {
    SysBusDevice parent_obj;

    uint32_t value;
    uint32_t mask;
    bool reboot;

    MemoryRegion mmio;
    uint32_t reg;
};

static uint64_t syscon_power_read(void *opaque, hwaddr addr, unsigned size)
{
    return SYSCON_POWER(opaque)->reg;
}

static void syscon_power_write(void *opaque, hwaddr addr, uint64_t data,
                               unsigned size)
{
    SysconPower *s = opaque;

    s->reg = data;
    if ((s->reg & s->mask) != (s->value & s->mask)) {
        return;
    }
    if (s->reboot) {
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
    } else {
        qemu_system_shutdown_request(SHUTDOWN_CAUSE_GUEST_SHUTDOWN);
    }
}

static const MemoryRegionOps syscon_power_ops = {
    .read = syscon_power_read,
    .write = syscon_power_write,
    .endianness = DEVICE_NATIVE_ENDIAN,
    .impl = {
        .min_access_size = 4,
        .max_access_size = 4,
    },
};

static void syscon_power_realize(DeviceState *dev, Error **errp)
{
    SysconPower *s = SYSCON_POWER(dev);

    if (!s->mask) {
        error_setg(errp, "'mask' has no bit set: any write would count");
        return;
    }
    memory_region_init_io(&s->mmio, OBJECT(dev), &syscon_power_ops, s,
                          TYPE_SYSCON_POWER, sizeof(s->reg));
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->mmio);
}

static void syscon_power_reset(Object *obj, ResetType type)
{
    SYSCON_POWER(obj)->reg = 0;
}

static const VMStateDescription vmstate_syscon_power = {
    .name = TYPE_SYSCON_POWER,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(reg, SysconPower),
        VMSTATE_END_OF_LIST()
    },
};

static const Property syscon_power_properties[] = {
    DEFINE_PROP_UINT32("value", SysconPower, value, 0),
    DEFINE_PROP_UINT32("mask", SysconPower, mask, UINT32_MAX),
    DEFINE_PROP_BOOL("reboot", SysconPower, reboot, false),
};

static void syscon_power_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->desc = "Register that powers the machine off or resets it";
    dc->realize = syscon_power_realize;
    dc->vmsd = &vmstate_syscon_power;
    rc->phases.hold = syscon_power_reset;
    device_class_set_props(dc, syscon_power_properties);
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
}

static const TypeInfo syscon_power_types[] = {
    {
        .name = TYPE_SYSCON_POWER,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(SysconPower),
        .class_init = syscon_power_class_init,
    },
};

DEFINE_TYPES(syscon_power_types)

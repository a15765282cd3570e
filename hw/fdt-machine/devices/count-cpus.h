/*
 * How many CPUs there are
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_DEVICES_COUNT_CPUS_H
#define HW_FDT_MACHINE_DEVICES_COUNT_CPUS_H

#include "hw/core/cpu.h"

/*
 * fdt_count_cpus: the CPUs that were added so far.  What -smp says is no help:
 * on the machine `none`, that is how many there may be
 */
static inline unsigned fdt_count_cpus(void)
{
    unsigned count = 0;
    CPUState *cpu;

    CPU_FOREACH(cpu) {
        count++;
    }
    return count;
}

#endif /* HW_FDT_MACHINE_DEVICES_COUNT_CPUS_H */

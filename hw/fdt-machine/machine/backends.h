/*
 * Backends of the command line that nodes may take: -serial, -nic, -drive
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BACKENDS_H
#define HW_FDT_MACHINE_BACKENDS_H

#include "../plan/plan.h"

typedef struct FdtBackends FdtBackends;

/**
 * fdt_backends_note_models: remember which models -nic and -net nic ask for
 *
 * To be called before the network backends are created, which takes the models
 * off their options.  The caller frees with fdt_backends_free().
 */
FdtBackends *fdt_backends_note_models(void);

/**
 * fdt_backends_collect: find all backends, once they have been created, and put
 * them into @config, which borrows them; the second time, the same ones again
 */
void fdt_backends_collect(FdtBackends *backends, FdtPlanConfig *config);

/**
 * fdt_backends_release: mark network backends that no node took as not
 * instantiated again, so that QEMU complains about them as ever
 * @plan: NULL if no node took any
 */
void fdt_backends_release(FdtBackends *backends, const FdtPlan *plan);

void fdt_backends_free(FdtBackends *backends);

#endif /* HW_FDT_MACHINE_BACKENDS_H */

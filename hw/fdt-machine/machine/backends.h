/*
 * Backends of the user that nodes may take: -serial, -nic, -drive, memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BACKENDS_H
#define HW_FDT_MACHINE_BACKENDS_H

#include "../plan/plan.h"
#include "qapi/qapi-types-fdt-machine.h"
#include "system/hostmem.h"

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
 * fdt_backends_add_memory: memory backends for nodes that they name
 * @file: what messages call the tree
 * @list: one more for each element, or NULL
 *
 * False with an error if there is no such backend, or it is used already; then
 * none is added.
 */
bool fdt_backends_add_memory(FdtBackends *backends, const char *file,
                             const FdtMachineMemoryBackendList *list,
                             Error **errp);

/* fdt_backends_add_memdev: a memory backend for the only bank of the tree */
bool fdt_backends_add_memdev(FdtBackends *backends, const char *file,
                             HostMemoryBackend *memdev, Error **errp);

/*
 * fdt_backends_num_memory, fdt_backends_cut_memory: how many memory backends
 * were added; forget those that were added after the first @num
 */
unsigned fdt_backends_num_memory(const FdtBackends *backends);
void fdt_backends_cut_memory(FdtBackends *backends, unsigned num);

/**
 * fdt_backends_release: mark network backends that no node took as not
 * instantiated again, so that QEMU complains about them as ever
 * @plan: NULL if no node took any
 */
void fdt_backends_release(FdtBackends *backends, const FdtPlan *plan);

/**
 * fdt_backends_settle_virtio: have each -device that could sit on PCI, as
 * "virtio-blk" and that of -virtfs, be the device on a virtio transport, if the
 * plan says that this is where it sits
 *
 * To be called when the plan is carried out, before any -device is made.
 */
void fdt_backends_settle_virtio(const FdtPlan *plan);

void fdt_backends_free(FdtBackends *backends);

#endif /* HW_FDT_MACHINE_BACKENDS_H */
